"""What each engine takes in a column of a type.

Sources, by engine: PostgreSQL 15 manual, chapter 8; MySQL 8.4 reference, chapter 13; MariaDB KB "Data Types"; SQLite
"Datatypes In SQLite", "STRICT Tables"; DuckDB "Data Types"; Oracle Database 23 SQL Language Reference, "Data Types";
SQL Server "Data types (Transact-SQL)"; Redshift Database Developer Guide, "Data types".

Limits of a gigabyte and more (`LONGTEXT`, `CLOB`, `nvarchar(max)`, PostgreSQL's `text`), of more than 38 digits, and the
years outside 0001 to 9999 are not stated: no entry comes near them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import ecma
from .number_types import take_number
from .text_types import take_text
from .time_types import take_time

if TYPE_CHECKING:
    from .sqltype import Taken


def apply_type(taken: Taken) -> None:
    """Put what a column of the type takes into its rules."""
    made = taken.type
    if made.array:
        taken.rules.say_opaque(made.written, made.at)
        return
    for family in (take_number, take_text, take_time, _other):
        if family(taken):
            return
    taken.rules.say_opaque(made.written, made.at)


_HEX = "[0-9a-fA-F]"
_UUIDS = {
    # PostgreSQL 15, 8.12: braces around, a hyphen after any group of four digits.
    "postgres": rf"(?:{_HEX}{{4}}-?){{7}}{_HEX}{{4}}|\{{(?:{_HEX}{{4}}-?){{7}}{_HEX}{{4}}\}}",
    "duckdb": rf"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}",
    "mariadb": rf"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}",
    "sqlserver": rf"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}",
}
_MOST_MEMBERS = 8
"""A SET of more members has too many values to list."""


def _other(taken: Taken) -> bool:
    made, rules, engine = taken.type, taken.rules, taken.engine
    name = made.name
    if name in {"UUID", "UNIQUEIDENTIFIER"} and engine.name in _UUIDS:
        rules.matches(_UUIDS[engine.name], made.at)
        return True
    if name == "ENUM" and (engine.is_mysql or engine.name == "duckdb"):
        rules.only(made.args, made.at)
        return True
    if name == "SET" and engine.is_mysql:
        if len(made.args) > _MOST_MEMBERS:
            rules.say_opaque(made.written, made.at)
        else:
            rules.only(_subsets(made.args), made.at)
        return True
    if engine.name == "postgres" and name in {"BIT", "BIT VARYING", "VARBIT"}:
        length = made.number() if made.args else 1 if name == "BIT" else None
        rules.matches(ecma.repeated_unit(length or 0 if name == "BIT" else 0, length, "[01]"), made.at)
        return True
    if engine.name == "sqlite":
        _sqlite_affinity(taken)
        return True
    return False


def _subsets(members: tuple[str, ...]) -> list[str]:
    """Every value of a SET: its members in their own order, with commas between."""
    found: list[tuple[str, ...]] = [()]
    for member in members:
        found += [(*chosen, member) for chosen in found]
    return [",".join(chosen) for chosen in found]


def _sqlite_affinity(taken: Taken) -> None:
    """SQLite, "Datatypes", 3.1: any word is a type. A blob or no type at all: everything is taken as it is."""
    made, rules = taken.type, taken.rules
    if made.name in {"", "BLOB", "ANY"}:
        return
    if any(part in made.name for part in ("REAL", "FLOA", "DOUB")):
        rules.type = "decimal"
        rules.say_opaque(f"{made.written} keeps 15 significant digits", made.at)
    else:
        rules.say_opaque(f"{made.written} turns texts that look like numbers into numbers", made.at)
