"""Small estates, written down in a test and loaded for real."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fieldline.lineage.load import load_estate

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldline.lineage.load import Estate


@pytest.fixture
def estate(tmp_path: Path) -> "Callable[..., Estate]":
    """Load an estate of contracts (by system: the fields of its one entity `e`) and flows.

    A system named `entry…` has an entry, any other a table.
    """

    def load(flows: str = "[]", **systems: str) -> "Estate":
        folder = tmp_path / "estate"
        (folder / "contracts").mkdir(parents=True)
        (folder / "lineage").mkdir()
        (folder / "fieldline.yaml").write_text("estate: test\n")
        (folder / "lineage" / "flows.yaml").write_text(f"flows: {flows}\n")
        for name, fields in systems.items():
            kind = "entry" if name.startswith("entry") else "table"
            text = f"system: {name}\nowner: {{team: T}}\nentities: {{e: {{kind: {kind}, fields: {fields}}}}}\n"
            (folder / "contracts" / f"{name}.yaml").write_text(text)
        return load_estate(folder)

    return load
