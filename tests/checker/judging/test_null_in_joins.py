"""Null in a join: what each engine makes of it, and what that does to a verdict."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, get_args

import pytest

from fieldline.checker.verdict.check import check
from fieldline.contracts.model import KnownEngine
from fieldline.estate.load import load_estate
from fieldline.lineage.engines import KNOWN_ENGINES, Runner
from fieldline.lineage.graph import Graph
from fieldline.lineage.transforms.join import Concat

from ...lineage.engines.asked import asking_mariadb
from ...postgres import server as postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from fieldline.checker.verdict.check import Report
    from fieldline.lineage.graph import Link

QUERIES = ("select concat('a', {null}, 'b')", "select concat_ws('-', 'a', {null}, 'b')")
PROGRAMS = ("node", "java", "python")


def made(engine: KnownEngine, separator: str, values: list[str | None]) -> str | None:
    """What an engine makes of joined values, by what is known of it."""
    ((way),) = Concat(separator).null_ways((Runner(engine),))
    if way.rule == "null" and None in values:
        return None
    joined = Concat(separator, way.rule).apply(values)
    assert isinstance(joined, str)
    return joined


def known(engine: KnownEngine) -> list[str | None]:
    return [made(engine, separator, ["a", None, "b"]) for separator in ("", "-")]


def test_duckdb_and_sqlite_join_so() -> None:
    import duckdb

    asked = [query.format(null="cast(null as varchar)") for query in QUERIES]
    assert known("duckdb") == [duckdb.connect().execute(query).fetchall()[0][0] for query in asked]
    if sqlite3.sqlite_version_info >= (3, 44):  # before it, there is no such function
        lite = sqlite3.connect(":memory:")
        assert known("sqlite") == [lite.execute(query.format(null="null")).fetchone()[0] for query in QUERIES]


@pytest.mark.needs_postgres
def test_postgresql_joins_so() -> None:
    import psycopg

    with postgres.running() as socket, psycopg.connect(host=socket, user="tester", dbname="postgres") as connection:
        said = [connection.execute(query.format(null="null").encode()).fetchall()[0][0] for query in QUERIES]
    assert known("postgres") == said


@pytest.mark.needs_mariadb
def test_mariadb_joins_so() -> None:
    with asking_mariadb() as ask:
        said = [ask(f"{query.format(null='null')} is null")[0][0] for query in QUERIES]
        ((joined,),) = ask(QUERIES[1].format(null="null"))
    assert [value is None for value in known("mariadb")] == [one == "1" for one in said]
    assert known("mariadb")[1] == joined


@pytest.mark.needs_java
@pytest.mark.slow
def test_spark_joins_so() -> None:
    from fieldline.rows.engines.spark import spark_session

    with spark_session() as session:
        said = [session.sql(query.format(null="null")).collect()[0][0] for query in QUERIES]
    assert known("spark") == said


def test_every_database_has_a_way_and_a_program_leaves_null_out() -> None:
    assert {engine: len(known(engine)) for engine in KNOWN_ENGINES} == dict.fromkeys(get_args(KnownEngine), 2)
    assert [known(engine) for engine in PROGRAMS] == [["ab", "a-b"]] * 3
    assert known("oracle") == ["ab", "a--b"]
    assert known("snowflake") == [None, None]


def _system(name: str, of: Mapping[str, str]) -> str:
    return f"system: {name}\nowner: {{team: {name.upper()}, contact: {name}@x.example}}\n{of.get(name, '')}\n"


def written(
    folder: Path, *, join: str = "concat", last: str = "", full: str = "", second: str = "w.e.last", **of: str
) -> None:
    """An entry's two names, joined. `of`: what the estate and the systems w and t say of their engines."""
    entry = f"first: {{type: text, required: true, max_length: 10}}, last: {{type: text, max_length: 10{last}}}"
    files = {
        "fieldline.yaml": f"estate: bank\n{of.get('rules', '')}\n",
        "contracts/w.yaml": f"{_system('w', of)}entities: {{e: {{kind: entry, fields: {{{entry}}}}}}}\n",
        "contracts/t.yaml": (
            f"{_system('t', of)}entities: {{p: {{fields: {{full: {{type: text, max_length: 21{full}}}}}}}}}\n"
        ),
        "lineage/l.yaml": f"flows:\n- {{from: [w.e.first, {second}], to: t.p.full, via: [{join}]}}\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture
def judged(tmp_path: Path) -> Callable[..., Report]:
    def report(**parts: str) -> Report:
        written(tmp_path, **parts)
        return check(load_estate(tmp_path))

    return report


@pytest.fixture
def links(tmp_path: Path) -> Callable[..., list[Link]]:
    """All links into the joined field."""

    def of(**parts: str) -> list[Link]:
        written(tmp_path, **parts)
        estate = load_estate(tmp_path)
        graph = Graph(estate.contracts, estate.flows)
        return [link for into in graph.into.values() for link in into]

    return of


def rejected(report: Report) -> set[tuple[str, str]]:
    return {(f.rule, f.verdict) for f in report.findings if f.rule == "escape"}


def told(report: Report) -> list[str]:
    """All but what an entry rejects without need."""
    return [finding.rule for finding in report.findings if finding.rule != "over-tight"]


MAKES_NULL = "{concat: {nulls: null}}"


@pytest.mark.parametrize(
    ("join", "rules", "found"),
    [
        (MAKES_NULL, "", {("escape", "refuted")}),
        ("concat", "", set()),
        ("concat", "engine: postgres", set()),
        ("concat", "engine: mariadb", {("escape", "refuted")}),
        ("{concat: {separator: '-'}}", "engine: mariadb", set()),
        ("{concat: {separator: '-'}}", "engine: db2", {("escape", "refuted")}),
        ("{concat: {separator: '-', as: {engine: snowflake}}}", "engine: mariadb", {("escape", "refuted")}),
        ("{concat: {nulls: skip}}", "engine: mariadb", set()),
        ("concat, {default: '-'}", "engine: mariadb", set()),
    ],
)
def test_null_of_null_is_rejected_where_a_value_must_be_there(
    judged: Callable[..., Report], join: str, rules: str, found: set[tuple[str, str]]
) -> None:
    assert rejected(judged(join=join, rules=rules, full=", required: true")) == found


def test_where_every_value_is_there_nothing_is_null(
    judged: Callable[..., Report], links: Callable[..., list[Link]]
) -> None:
    parts = {"join": MAKES_NULL, "last": ", required: true", "full": ", required: true"}
    assert told(judged(**parts)) == []
    assert len(links(**parts)) == 1
    assert judged(join=MAKES_NULL).summary.notes == ()
    assert len(links(join=MAKES_NULL)) == 2


def test_a_value_that_a_step_makes_null_makes_null_of_the_whole(
    judged: Callable[..., Report], links: Callable[..., list[Link]]
) -> None:
    mapped = "{field: w.e.last, via: [{map: {values: {A: B}, otherwise: null}}]}"
    parts = {"join": MAKES_NULL, "last": ", required: true", "second": mapped}
    kept, null = links(**parts)
    assert kept.when is not None
    assert null.when is not None
    first, last = kept.sources
    for value, is_known in (("A", True), ("C", False)):
        record = {first.full_name: "x", last.full_name: value}
        assert kept.when.holds(record) is is_known
        assert null.when.holds(record) is not is_known
    assert (kept.apply(["x", "A"]), null.apply(["C"])) == ("xB", None)
    assert rejected(judged(**parts, full=", required: true")) >= {("escape", "refuted")}


def test_engines_that_differ_leave_what_hangs_on_it_open(judged: Callable[..., Report]) -> None:
    engines = {"w": "engine: postgres", "t": "engine: mariadb"}
    report = judged(full=", required: true", **engines)
    assert rejected(report) == {("escape", "unknown")}
    assert "PostgreSQL leaves it out and MariaDB makes null of it" in str(report.findings)
    assert any("concat" in note for note in report.summary.notes)
    assert told(judged(**engines)) == []
    assert told(judged(full=", required: true", last=", required: true", **engines)) == []


def test_oracle_keeps_the_separator_beside_a_null(links: Callable[..., list[Link]]) -> None:
    (link,) = links(join="{concat: {separator: '-'}}", rules="engine: oracle")
    assert link.apply(["a", None]) == "a-"
    (link,) = links(join="{concat: {separator: '-'}}", rules="engine: postgres")
    assert link.apply(["a", None]) == "a"
    kept, null = links(join="{concat: {separator: '-'}}", w="engine: postgres", t="engine: oracle")
    assert (kept.exact, null.exact) == (True, False)


def test_of_oracle_and_another_engine_nothing_is_said_where_a_value_is_null(judged: Callable[..., Report]) -> None:
    report = judged(join="{concat: {separator: '-'}}", w="engine: db2", t="engine: oracle")
    assert {f.verdict for f in report.findings if f.rule in {"escape", "opaque"}} == {"unknown"}
