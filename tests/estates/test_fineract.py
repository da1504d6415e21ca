"""Apache Fineract at scale: its 2,062 columns behind its API, whose validators let in what some columns do not hold.

A validator's parameter and a column belong together where their names say so: NAME of
`OfficeCommandFromApiJsonDeserializer` is `m_office.name`. What then must be told follows from two numbers: the
validator's limit and the column's length.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Any

import pytest

from fieldline.checker.diff.diff import diff
from fieldline.checker.verdict.check import check
from fieldline.documents.location import Location
from fieldline.formats.ddl.column import column_field
from fieldline.formats.ddl.engines.registry import engine

from ..properties.estates import Written
from .test_evolution import plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.needs_estates

PREFIXES = ("m_", "acc_", "c_", "glim_", "")
VALIDATORS = re.compile(
    r"(Command|Data|Api|Definition|Configuration)*(FromApiJsonDeserializer|JsonDeserializer|Validator)\.java$"
)
Tree = dict[str, Any]


def rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8") as opened:
        yield from csv.DictReader(opened)


@pytest.fixture(scope="module")
def columns(shared: Path) -> dict[str, dict[str, Tree]]:
    """Per table its columns, as PostgreSQL takes them."""
    database = engine("postgres")
    found: dict[str, dict[str, Tree]] = {}
    for row in rows(shared / "estates/bank-fineract/ddl_0001_columns.csv"):
        tree = plain(column_field(row["type"], database, Location("ddl.sql", 1, 1)))
        found.setdefault(row["table"], {})[row["column"]] = tree
    return found


@pytest.fixture(scope="module")
def limits(shared: Path, columns: dict[str, dict[str, Tree]]) -> dict[tuple[str, str], int]:
    """Per column of a limited length, the greatest length that a validator of its table lets in."""
    found: dict[tuple[str, str], int] = {}
    classes = {
        snake(row["file"].rpartition("/")[2].removesuffix(".java")): row["table"]
        for row in rows(shared / "estates/bank-fineract/jpa_column_lengths.csv")
    }
    for row in rows(shared / "estates/bank-fineract/api_length_validators.csv"):
        stem = snake(VALIDATORS.sub("", row["file"].rpartition("/")[2]))
        candidates = [classes.get(stem), *(prefix + word for prefix in PREFIXES for word in (stem, f"{stem}s"))]
        table = next((name for name in candidates if name in columns), None)
        names = {name.replace("_", ""): name for name in columns.get(table or "", {})}
        column = names.get(parameter(row["parameter"]))
        if table is not None and column is not None and "max_length" in columns[table][column]:
            found[table, column] = max(int(row["max"]), found.get((table, column), 0))
    return found


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def parameter(written: str) -> str:
    name = written.removesuffix(".getValue(").rpartition(".")[2].strip('"')
    return re.sub(r"(_?param_?name|_?parameter_?name|_param)$", "", name, flags=re.IGNORECASE).replace("_", "").lower()


def estate(columns: dict[str, dict[str, Tree]], api: dict[tuple[str, str], int]) -> Written:
    """All tables in a database, and before those with validators an entry that lets in so many characters."""
    entries: dict[str, Tree] = {}
    flows = []
    for (table, column), most in api.items():
        fields = entries.setdefault(table, {"kind": "entry", "fields": {}})["fields"]
        fields[column] = {"type": "text", "max_length": most}
        flows.append({"from": f"api.{table}.{column}", "to": f"db.{table}.{column}"})
    store = {table: {"fields": fields} for table, fields in columns.items()}
    return Written({"api": {"system": "api", "entities": entries}, "db": {"system": "db", "entities": store}}, flows)


def test_all_validators_wider_than_their_column_are_told_and_none_is_invented(
    columns: dict[str, dict[str, Tree]], limits: dict[tuple[str, str], int]
) -> None:
    lengths = {(table, column): int(columns[table][column]["max_length"]) for table, column in limits}
    wider = {f"api.{t}.{c}": lengths[t, c] + 1 for (t, c), most in limits.items() if most > lengths[t, c]}
    assert sum(map(len, columns.values())) == 2062
    assert (len(limits), len(wider)) == (56, 4)
    assert wider == {
        "api.m_adhoc.table_fields": 1001,
        "api.m_client.fullname": 101,
        "api.m_hook.name": 46,
        "api.m_office.name": 51,
    }

    fitting = estate(columns, {key: min(most, lengths[key]) for key, most in limits.items()}).load()
    as_it_is = estate(columns, limits).load()
    escapes = {
        str(f.field): len(str(next(iter((f.witness or {}).values()))))
        for f in check(as_it_is).findings
        if f.rule == "escape"
    }
    assert escapes == wider
    regressions = {
        str(f.field): len(str(next(iter((f.witness or {}).values())))) for f in diff(fitting, as_it_is).findings
    }
    assert regressions == wider
    resolved = diff(as_it_is, fitting).findings  # escapes, and blanks at the end that the columns dropped
    assert {(f.rule, str(f.field)) for f in resolved} == {("resolved", name) for name in wider}
