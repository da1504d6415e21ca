"""Contracts read from foreign files: the estate around them, as tests write it."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fieldline.documents.names import FieldName
from fieldline.documents.problem import EstateError
from fieldline.estate.load import load_estate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fieldline.contracts.model import Field
    from fieldline.estate.load import Estate


@dataclass(frozen=True)
class Loaded:
    """What came of it."""

    estate: Estate | None
    problems: list[str]

    def field(self, name: str) -> Field:
        assert self.estate is not None, self.problems
        return self.estate.contracts.fields[FieldName.read(name)]

    def told(self) -> dict[str, str]:
        """Every field (without its system) with its demands, in words."""
        assert self.estate is not None, self.problems
        fields = self.estate.contracts.fields.items()
        return {
            f"{name.entity}.{name.field}": "; ".join(c.sentence for c in field.constraints) for name, field in fields
        }


def load(contract: str, files: Mapping[str, str]) -> Loaded:
    """The estate of one contract and the foreign files it reads."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "fieldline.yaml").write_text("estate: test\nlineage: []\n", encoding="utf-8")
        for name, text in {"contracts/it.yaml": contract, **files}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        try:
            return Loaded(load_estate(root), [])
        except EstateError as error:
            lines = []
            for problem in error.problems:
                line = f"{problem.location}: {problem.message}"
                line += f" | {problem.expected}" if problem.expected else ""
                lines.append(line + (f" | {problem.suggestion}?" if problem.suggestion else ""))
            return Loaded(None, lines)


def from_schema(schema: object, options: str = "", overlay: str = "") -> Loaded:
    """The estate of one contract, `s`, that reads one JSON Schema, `e`."""
    contract = f"system: s\nfrom: {{json_schema: {{files: e.json{options}}}}}\n{overlay}"
    return load(contract, {"e.json": schema if isinstance(schema, str) else json.dumps(schema, indent=2)})
