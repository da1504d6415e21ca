"""Every engine that validators and rows run on, asked about records of one entry after another.

An engine stays open from one entry to the next: one process of Node, one database.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from datetime import date
from decimal import Decimal
from types import ModuleType
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import polars as pl

from fieldline.formats.ddl.columns import quoted_name
from fieldline.rows.engines.polars.rows import Rows
from fieldline.rows.engines.spark import SparkRows
from fieldline.rows.engines.sql import SqlRows
from fieldline.validators.parts import obligation_words
from fieldline.validators.targets import TARGETS
from fieldline.values.valueset import ValueSet

from .tried import has_surrogates, plainly, wide

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from pyspark.sql import SparkSession

    from fieldline.application.library import Entry
    from fieldline.validators.parts import GeneratedValidator

    Record = dict[str, Any]
    Verdict = tuple[Record, bool]

COLUMNS = {"text": "TEXT", "integer": "BIGINT", "decimal": "DECIMAL(30, 6)", "boolean": "BOOLEAN", "date": "DATE"}
_GREATEST = 2**63


def judged(entry: Entry, generated: GeneratedValidator, verdicts: Iterable[Verdict], counts: Counter[str]) -> None:
    """Hold verdicts against the library's: equal, or a record breaks a constraint that the validator names as left out."""
    named = {left.message for left in generated.left}
    for record, accepted in verdicts:
        right = entry.is_valid(record)
        counts["accepted" if right else "refused"] += 1
        if accepted != right:
            counts["left"] += 1
            broken = [obligation_words(clause) for clause in entry.requirement.clauses if not clause.admits(record)]
            assert accepted, ("rejected without reason", record, generated.text)
            assert named.intersection(broken), (record, broken, generated.text)


def rows_judged(entry: Entry, tried: Sequence[Record], broken_rows: Sequence[set[Any]], counts: Counter[str]) -> None:
    """Hold the clauses that each row breaks against the library's."""
    for record, broken in zip(tried, broken_rows, strict=True):
        right = {clause for clause in entry.requirement.clauses if not clause.admits(record)}
        counts["refused" if right else "accepted"] += 1
        assert broken == right, (record, [entry.words[c] for c in broken ^ right])


def is_typed(entry: Entry, record: Record) -> bool:
    """Whether every value is of its field's type, and a column can hold it."""
    for name, value in record.items():
        kind = entry.entity.fields[name].type
        if value is not None and value not in ValueSet.of_type(kind):
            return False
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            number = Decimal(value)
            if kind == "decimal" and (abs(number) >= 10**20 or number != round(number, 6)):
                return False
            if kind == "integer" and not -_GREATEST <= number < _GREATEST:
                return False
    return not has_surrogates(record)


def in_column(value: object, kind: str) -> object:
    """A value as its column holds it."""
    return int(value) if kind == "integer" and isinstance(value, Decimal) else wide(value, kind)


# ------------------------------------------------------------------------------------------------- in this process


def json_schema(entry: Entry, tried: Sequence[Record], counts: Counter[str]) -> None:
    """Both drafts, in jsonschema-rs."""
    held = [record for record in tried if not has_surrogates(record)]
    for draft in ("json-schema", "json-schema-draft-07"):
        generated = TARGETS[draft](entry)
        validator = jsonschema_rs.validator_for(json.loads(generated.text))
        judged(entry, generated, ((r, validator.is_valid(_plain(r))) for r in held), counts)


def pydantic_model(entry: Entry, tried: Sequence[Record], counts: Counter[str]) -> None:
    """The model, as a module."""
    generated = TARGETS["pydantic"](entry)
    made = sys.modules["made"] = ModuleType("made")
    exec(generated.text, made.__dict__)  # noqa: S102 - it is what is tested
    base = made.__dict__["BaseModel"]
    (model,) = (each for each in made.__dict__.values() if isinstance(each, type) and base in each.__bases__)

    def accepts(record: Record) -> bool:
        with suppress(ValueError):
            model.model_validate({n: wide(v, entry.entity.fields[n].type) for n, v in record.items()})
            return True
        return False

    whole = [{n: int(v) if _is_whole(entry, n, v) else v for n, v in r.items()} for r in tried]
    judged(entry, generated, ((record, accepts(record)) for record in whole), counts)


def _is_whole(entry: Entry, name: str, value: object) -> bool:
    is_number = isinstance(value, Decimal) and value == value.to_integral_value()
    return is_number and entry.entity.fields[name].type == "integer"


def frame_of(entry: Entry, tried: Sequence[Record]) -> pl.DataFrame:
    """Records as a frame of the fields' own types."""
    kinds = {"integer": pl.Int64, "decimal": pl.Decimal(30, 6), "boolean": pl.Boolean, "date": pl.Date}
    types = {field.name: field.type for field in entry.entity.fields.values()}
    schema = {name: kinds.get(kind, pl.String) for name, kind in types.items()}
    return pl.DataFrame([{n: in_column(r.get(n), types[n]) for n in schema} for r in tried], schema=schema)


def pandera_module(entry: Entry, tried: Sequence[Record], counts: Counter[str]) -> None:
    """The schema of the module, on a frame."""
    from pandera.errors import SchemaErrors

    generated = TARGETS["pandera"](entry)
    scope: dict[str, Any] = {}
    exec(generated.text, scope)  # noqa: S102 - it is what is tested
    held = [record for record in tried if is_typed(entry, record)]
    bad: set[Any] = set()
    try:
        scope["schema"].validate(frame_of(entry, held), lazy=True)
    except SchemaErrors as found:
        cases = found.failure_cases.filter(~pl.col("check").cast(pl.String).str.ends_with("unique"))
        bad = set(cases["index"])
    judged(entry, generated, ((record, place not in bad) for place, record in enumerate(held)), counts)


def polars_rows(entry: Entry, tried: Sequence[Record], counts: Counter[str], folder: Path) -> None:
    """The rows of a file."""
    held = [record for record in tried if is_typed(entry, record)]
    file = folder / "rows.parquet"
    frame_of(entry, held).write_parquet(file)
    rows, clauses = Rows([file], entry.requirement), entry.requirement.clauses
    flags = pl.read_parquet(file).select(rows.meets(clause).alias(str(i)) for i, clause in enumerate(clauses))
    flags = pl.read_parquet(file).with_columns(flags) if flags.height == len(held) else pl.concat([flags] * len(held))
    met = flags.select([str(i) for i in range(len(clauses))]).rows()
    broken = [{c for c, is_met in zip(clauses, row, strict=True) if not is_met} for row in met]
    rows_judged(entry, held, broken if clauses else [set()] * len(held), counts)


def spark_rows(
    entry: Entry, tried: Sequence[Record], counts: Counter[str], session: SparkSession, folder: Path
) -> None:
    """The query, and the rows of a file, in Spark."""
    held = [record for record in tried if is_typed(entry, record)]
    file = folder / f"rows{counts['estates']}.parquet"
    frame_of(entry, held).with_row_index("place").write_parquet(file)
    generated = TARGETS["query-spark"](entry)
    session.read.parquet(str(file)).createOrReplaceTempView("e")
    giving = generated.text.split(";\n")[1]
    bad = {row["place"] for row in session.sql(giving).collect()}
    judged(entry, generated, ((record, place not in bad) for place, record in enumerate(held)), counts)
    found = {row[0]: set(broken) for row, broken in SparkRows(session, [str(file)], entry).rejected()}
    rows_judged(entry, held, [found.get(place, set()) for place in range(len(held))], counts)


# ------------------------------------------------------------------------------------------------------- in Node.js

_LOOP = """
import { createInterface } from "node:readline";
import { writeFileSync } from "node:fs";
let number = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const [text, records] = JSON.parse(line);
  const file = `${process.cwd()}/m${number++ % 2}_${number}.mjs`;
  writeFileSync(file, text);
  const { isValid, schema } = await import(file);
  const told = records.map((r) => [isValid(r), schema ? schema.safeParse(r).success : isValid(r)]);
  console.log(JSON.stringify(told));
}
"""


class Node:
    """One process of Node.js; in a folder with Zod, of the Zod schema too."""

    def __init__(self, folder: Path, target: str = "es-module") -> None:
        self._target = target
        run = ["node", "--input-type=module", "-e", _LOOP]
        self._process = subprocess.Popen(
            run, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def __call__(self, entry: Entry, tried: Sequence[Record], counts: Counter[str]) -> None:
        """The module's verdicts."""
        generated = TARGETS[self._target](entry)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([generated.text, [_plain(record) for record in tried]]) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        for answers in zip(*told, strict=True):
            judged(entry, generated, zip(tried, answers, strict=True), counts)

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def _plain(record: Record) -> Record:
    return {name: plainly(value) for name, value in record.items()}


# ------------------------------------------------------------------------------------------------------ in databases


class Database:
    """One database: CHECK constraints, queries, and its rows, for one entry after another."""

    def __init__(
        self,
        dialect: str,
        run: Callable[[str, Sequence[Any]], Sequence[Sequence[Any]]],
        violation: type[Exception],
        mark: str,
    ) -> None:
        self._dialect = dialect
        self._run = run
        self._violation = violation
        self._mark = mark

    def __call__(self, entry: Entry, tried: Sequence[Record], counts: Counter[str]) -> None:
        """The verdicts of the constraints, of the query, and of `validate --engine sql`."""
        held = [r for r in tried if is_typed(entry, r) and self._can_hold(r)]
        self._checked(entry, held, counts)
        self._fill(entry, held)
        if f"query-{self._dialect}" in TARGETS:
            self._queried(entry, held, counts)
        rows = SqlRows(lambda query: self._run(query, ()), self._dialect, "e", entry)
        found = {row[0]: set(broken) for row, broken in rows.rejected()}
        rows_judged(entry, held, [found.get(place, set()) for place in range(len(held))], counts)

    def _checked(self, entry: Entry, held: Sequence[Record], counts: Counter[str]) -> None:
        generated = TARGETS[f"sql-{self._dialect}"](entry)
        statements = [line for line in generated.text.splitlines() if not line.startswith("--")]
        if self._dialect in {"postgres", "mysql"}:
            self._create(entry, "")
            for statement in statements:
                self._run(statement.removesuffix(";"), ())
        else:
            self._create(entry, "".join(f", {line.removesuffix(',')}" for line in statements))

        def is_stored(record: Record) -> bool:
            try:
                self._insert(entry, 0, record)
            except self._violation as error:
                if self._dialect == "mysql" and error.args[0] != 4025:  # CONSTRAINT … failed
                    raise
                return False
            return True

        judged(entry, generated, ((record, is_stored(record)) for record in held), counts)

    def _queried(self, entry: Entry, held: Sequence[Record], counts: Counter[str]) -> None:
        generated = TARGETS[f"query-{self._dialect}"](entry)
        counting, giving = (part for part in generated.text.split(";\n") if part.strip())
        counting = "\n".join(line for line in counting.splitlines() if not line.startswith("--"))
        bad = {row[0] for row in self._run(giving, ())}
        assert tuple(map(int, self._run(counting, ())[0][:2])) == (len(held), len(bad))
        judged(entry, generated, ((record, place not in bad) for place, record in enumerate(held)), counts)

    def _can_hold(self, record: Record) -> bool:
        values = record.values()
        return not any(isinstance(v, str) and "\0" in v for v in values) and not any(
            isinstance(v, date) and v.year < 1000 for v in values
        )

    def _create(self, entry: Entry, constraints: str) -> None:
        table = quoted_name("e", self._dialect)
        self._run(f"DROP TABLE IF EXISTS {table}", ())
        place = quoted_name("place", self._dialect)
        listed = [f"{quoted_name(f.name, self._dialect)} {COLUMNS[f.type]}" for f in entry.entity.fields.values()]
        self._run(f"CREATE TABLE {table} ({place} BIGINT, {', '.join(listed)}{constraints})", ())

    def _fill(self, entry: Entry, held: Sequence[Record]) -> None:
        self._create(entry, "")
        for place, record in enumerate(held):
            self._insert(entry, place, record)

    def _insert(self, entry: Entry, place: int, record: Record) -> None:
        values = [in_column(record.get(f.name), f.type) for f in entry.entity.fields.values()]
        if self._dialect == "sqlite":  # keeps what it is given
            values = [str(v) if isinstance(v, date | Decimal) else v for v in values]
        marks = ", ".join([self._mark] * (1 + len(values)))
        self._run(f"INSERT INTO {quoted_name('e', self._dialect)} VALUES ({marks})", [place, *values])


def sqlite() -> tuple[Database, Callable[[], None]]:
    """SQLite, in memory."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    run = Database("sqlite", lambda q, v: connection.execute(q, v).fetchall(), sqlite3.IntegrityError, "?")
    return run, connection.close


def duckdb() -> tuple[Database, Callable[[], None]]:
    """DuckDB, in memory."""
    import duckdb as engine

    connection = engine.connect()
    run = Database("duckdb", lambda q, v: connection.execute(q, v).fetchall(), engine.ConstraintException, "?")
    return run, connection.close


def postgres(socket: str) -> tuple[Database, Callable[[], None]]:
    """PostgreSQL, in a schema of its own."""
    import psycopg

    connection = psycopg.connect(f"host={socket} user=tester dbname=postgres", autocommit=True)
    connection.prepare_threshold = None  # each table has columns of its own
    connection.execute("CREATE SCHEMA law; SET search_path = law; SET synchronous_commit = off")

    def run(query: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        cursor = connection.execute(query, values or None)  # type: ignore[call-overload]
        return cursor.fetchall() if cursor.description else ()

    def close() -> None:
        connection.execute("DROP SCHEMA law CASCADE")
        connection.close()

    return Database("postgres", run, psycopg.errors.CheckViolation, "%s"), close


def mariadb(socket: str) -> tuple[Database, Callable[[], None]]:
    """MariaDB, in a database of its own."""
    import pymysql

    connection = pymysql.connect(unix_socket=socket, user="root", charset="utf8mb4", autocommit=True)
    with closing(connection.cursor()) as cursor:
        cursor.execute("CREATE DATABASE law CHARACTER SET utf8mb4")
        cursor.execute("USE law")

    def run(query: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        with closing(connection.cursor()) as cursor:
            cursor.execute(query, values or None)
            return cursor.fetchall()

    def close() -> None:
        run("DROP DATABASE law", ())
        connection.close()

    return Database("mysql", run, pymysql.err.OperationalError, "%s"), close
