"""SQL CHECK constraints: one for each demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..formats.ddl.columns import quoted
from .parts import Generated
from .sql import comment, conditions

if TYPE_CHECKING:
    from ..application.library import Entry

_ALTERING = {"postgres", "mysql"}


def sql_checks(entry: Entry, dialect: str) -> Generated:
    """`ALTER TABLE … ADD CHECK` for each demand; for engines that cannot alter, constraints to stand in a CREATE TABLE."""
    found, left = conditions(entry, dialect)
    name = comment(entry.entity.full_name)
    lines = [f"-- What everything behind {name} demands. Made by Fieldline; do not edit it, make it again."]
    alter = f"ALTER TABLE {quoted(entry.entity.name, dialect)} ADD " if dialect in _ALTERING else ""
    for demand, condition in found:
        lines.append(f"-- {comment(demand.message)}")
        lines.append(f"{alter}CHECK ({condition}){';' if alter else ','}")
    return Generated("\n".join(lines) + "\n", left)
