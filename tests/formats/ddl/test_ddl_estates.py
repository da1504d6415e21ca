"""The column types of the published estates: every one is read, to the limit that it states."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from fieldline.contracts import layout
from fieldline.contracts.constraint import Constraint, Digits, Length, SecondDecimals
from fieldline.contracts.field_keys import read_constraints
from fieldline.documents.location import Location
from fieldline.documents.problem import Problems
from fieldline.formats.ddl.column import column_field
from fieldline.formats.ddl.engines.engine import EngineName
from fieldline.formats.ddl.engines.registry import engine

_INTEGERS = {"tinyint": 7, "smallint": 15, "int": 31, "integer": 31, "bigint": 63}
_BYTES = {"tinytext": 255, "text": 65_535, "mediumtext": 16_777_215}


def constraints(written: str, name: EngineName) -> dict[str, Constraint]:
    problems = Problems()
    record = layout.FIELD.read(column_field(written, engine(name), Location("ddl.sql", 1, 1)), problems)
    assert record is not None
    of_type = record.get(layout.TYPE)
    found = read_constraints(record, of_type, problems, date.min)  # type: ignore[arg-type]
    assert not problems.all(), (written, problems.all())
    return {constraint.name: constraint for constraint in found}


def expected(written: str, name: EngineName) -> dict[str, object]:
    """What a type states, read off its text by a second, simpler reader: the keys that must stand, with their values."""
    base, _, rest = written.lower().partition("(")
    base, numbers = base.strip(), [int(number) for number in re.findall(r"\d+", rest)]
    if base in {"varchar", "char", "character varying"}:
        return {"max_length": numbers[0]} if numbers else {}
    if base in _INTEGERS:
        return {"min": -(2 ** _INTEGERS[base]), "max": 2 ** _INTEGERS[base] - 1}
    if base in {"decimal", "numeric"}:
        scale = numbers[1] if len(numbers) > 1 else 0
        return {"precision": numbers[0] - scale, **({"scale": scale} if scale else {})}
    if base in _BYTES and name == "mysql":
        return {"max_bytes": _BYTES[base]}
    if base in {"longtext", "text", "boolean", "date"}:
        return {}
    if base in {"datetime", "timestamp"}:
        return {"scale": 0} if name == "mysql" else {}
    if base == "time":
        return {"opaque": True} if name == "mysql" else {}
    assert base == "blob", written
    return {"opaque": True}


def stated(found: dict[str, Constraint]) -> dict[str, object]:
    shown: dict[str, object] = {}
    for name, constraint in found.items():
        match constraint.restriction:
            case Length(_, high):
                shown[name] = high
            case Digits(whole, decimals):
                shown[name] = whole if name == "precision" else decimals
            case SecondDecimals(most):
                shown[name] = most
            case _ if name in {"min", "max"}:
                shown[name] = constraint.restriction.low if name == "min" else constraint.restriction.high  # type: ignore[union-attr]
            case _ if name == "opaque":
                shown[name] = True
    return shown


def written_types(shared: Path) -> set[tuple[str, EngineName]]:
    found: set[tuple[str, EngineName]] = set()
    with (shared / "estates/bank-fineract/ddl_0001_columns.csv").open(encoding="utf-8") as file:
        found |= {(row["type"], "mysql") for row in csv.DictReader(file)}
    with (shared / "estates/evolution/ddl_history_changes.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            name: EngineName = "postgres" if "postgres" in row["file"] or "openstreetmap" in row["repo"] else "mysql"
            found |= {(row[key], name) for key in ("before", "after") if row[key] not in {"NULL", "NOT NULL"}}
    return found


@pytest.mark.needs_estates
def test_every_type_of_the_estates_gives_the_limit_it_states(shared: Path) -> None:
    types = written_types(shared)
    assert len(types) > 80
    for written, name in sorted(types):
        found = stated(constraints(written, name))
        if written.lower() == "timestamp":
            del found["min"], found["max"]  # MySQL's ends in 2038
        assert found == expected(written, name), (written, name)


@pytest.mark.parametrize(
    ("name", "written", "says"),
    [
        ("postgres", "varchar(20)", "at most 20 characters"),
        ("mysql", "varchar(20)", "at most 20 characters"),
        ("oracle", "varchar2(20)", "at most 20 bytes in utf-8"),
        ("oracle", "varchar2(20 byte)", "at most 20 bytes in utf-8"),
        ("oracle", "varchar2(20 char)", "at most 20 characters; at most 4000 bytes in utf-8"),
        ("oracle", "nvarchar2(20)", "at most 20 UTF-16 units"),
        ("sqlserver", "nvarchar(20)", "at most 20 UTF-16 units"),
        ("sqlserver", "[nvarchar](20)", "at most 20 UTF-16 units"),
        ("sqlserver", "varchar(20)", "at most 20 bytes in cp1252; encodable in cp1252"),
        ("sqlserver", "nvarchar(max)", ""),
        ("redshift", "varchar(20)", "at most 20 bytes in utf-8"),
        ("redshift", "varchar", "at most 256 bytes in utf-8"),
        ("redshift", "char(3)", "at most 3 bytes in ascii; encodable in ascii"),
        ("snowflake", "varchar(20)", "at most 20 characters"),
        ("snowflake", "varchar", "at most 16777216 characters"),
        ("snowflake", "char", "at most 1 character"),
        ("snowflake", "bigint", "at most 38 digits before the decimal point and no decimals"),
        ("snowflake", "number(10,2)", "at most 8 digits before the decimal point; at most 2 decimals"),
        ("snowflake", "variant", "variant"),
        ("bigquery", "string(20)", "at most 20 characters"),
        ("bigquery", "string", ""),
        ("bigquery", "int64", "at least -9223372036854775808; at most 9223372036854775807"),
        ("bigquery", "numeric", "at most 29 digits before the decimal point; at most 9 decimals"),
        ("bigquery", "array<string>", "array<string>"),
        ("bigquery", "struct<a string(3), b int64>", "struct<a string(3), b int64>"),
        ("spark", "string", ""),
        ("spark", "varchar(20)", "at most 20 characters"),
        ("spark", "map<string, int>", "map<string, int>"),
        ("databricks", "decimal", "at most 10 digits before the decimal point and no decimals"),
        ("db2", "varchar(20)", "at most 20 bytes in utf-8"),
        ("db2", "varchar(20 codeunits32)", "at most 20 characters"),
        ("db2", "vargraphic(20)", "at most 20 UTF-16 units"),
        ("db2", "decimal", "at most 5 digits before the decimal point and no decimals"),
        ("sqlite", "varchar(20)", ""),
        ("duckdb", "varchar(20)", ""),
        ("mariadb", "text", "at most 65535 bytes in utf-8"),
        ("mysql", "text(50)", "at most 255 bytes in utf-8"),
        ("mysql", "int unsigned", "at least 0; at most 4294967295"),
        # the texts that may stand for a member, by their numbers, too; of the others nothing is known
        (
            "mysql",
            "enum('a','b')",
            r"matches (?:[aA]|[bB]|[0-9]+)[ ]*|[^]*[^\x01-\x7f][^]* (ecma); one of a, b",
        ),
        ("oracle", "number(7,2)", "at most 5 digits before the decimal point; at most 2 decimals"),
        ("postgres", "double precision", "at most 15 significant digits"),
        ("mysql", "float", "at most 6 significant digits"),
        ("sqlite", "decimal(10,2)", "at most 15 significant digits, or 18 of a whole number"),
        ("sqlite", "real", "at most 15 significant digits"),
        ("postgres", "int[]", "int[]"),
        ("postgres", "geometry(Point,4326)", "geometry(Point,4326)"),
        ("postgres", "not a type", "not a type"),
    ],
)
def test_every_engine_counts_in_its_own_unit(name: EngineName, written: str, says: str) -> None:
    problems = Problems()
    charset = "utf8mb4" if name in {"mysql", "mariadb"} else None  # without one they are sure of ASCII alone
    node = column_field(written, engine(name, charset=charset), Location("ddl.sql", 1, 1))
    record = layout.FIELD.read(node, problems)
    assert record is not None
    found = read_constraints(record, record.get(layout.TYPE), problems, date.min)  # type: ignore[arg-type]
    assert "; ".join(c.sentence for c in found if c.name != "type") == says
