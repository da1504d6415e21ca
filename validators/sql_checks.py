"""SQL CHECK constraints: one for each assertion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..formats.ddl.columns import quoted_name
from .parts import GeneratedValidator
from .sql import comment, conditions

if TYPE_CHECKING:
    from ..application.library import Entry

_ALTERING = {"postgres", "mysql"}


def sql_checks(entry: Entry, dialect: str) -> GeneratedValidator:
    """`ALTER TABLE … ADD CHECK` for each assertion; for engines that cannot alter, constraints for a CREATE TABLE."""
    stated, left = conditions(entry, dialect)
    name = comment(str(entry.entity.full_name))
    lines = [
        f"-- The constraints on {name} of all systems downstream. Made by Fieldline; do not edit: generate it again."
    ]
    alter = f"ALTER TABLE {quoted_name(entry.entity.name, dialect)} ADD " if dialect in _ALTERING else ""
    for assertion, condition in stated:
        lines.append(f"-- {comment(assertion.obligation)}")
        lines.append(f"{alter}CHECK ({condition}){';' if alter else ','}")
    return GeneratedValidator("\n".join(lines) + "\n", left)
