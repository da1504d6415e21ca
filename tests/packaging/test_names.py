"""A public name is defined once: whoever searches for a word finds one place."""

from __future__ import annotations

import symtable
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOT_THE_PRODUCT = {"benchmarks", "build", "docs", "examples", "handbook", "tests"}
REVISIONS = "cases/migrations/versions"
"""Alembic asks every revision for the same names."""


def product_modules(root: Path) -> Iterator[Path]:
    """Every module of the package, the tests' and the benchmarks' left out."""
    for path in sorted(root.rglob("*.py")):
        first = path.relative_to(root).parts[0]
        if first not in NOT_THE_PRODUCT and not first.startswith("."):
            yield path


def public_names(source: str, path: Path) -> Iterator[str]:
    """The names a module defines at its top level for others: functions, classes, constants, types."""
    for symbol in symtable.symtable(source, str(path), "exec").get_symbols():
        name = symbol.get_name()
        if symbol.is_assigned() and not symbol.is_imported() and not name.startswith("_"):
            yield name


def test_a_public_name_is_defined_in_one_module_alone(root: Path) -> None:
    homes: dict[str, set[str]] = defaultdict(set)
    for path in product_modules(root):
        if path.is_relative_to(root / REVISIONS):
            continue
        for name in public_names(path.read_text(encoding="utf-8"), path):
            homes[name].add(str(path.relative_to(root)))
    assert len(homes) > 1_000
    assert {name: sorted(places) for name, places in homes.items() if len(places) > 1} == {}
