"""Conditions mean what the engines that run here make of them: each is asked about every value.

the engine says true       the condition may hold
the engine does not        the condition does not surely hold
all is described           the condition holds exactly where the engine says true
"""

from __future__ import annotations

import random
import sqlite3
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from fieldline.lineage.collations import collations
from fieldline.lineage.condition_reader import parse_condition
from fieldline.lineage.condition_rules import rules_of
from fieldline.lineage.engines import Runner
from fieldline.values.budget import BudgetExceeded

from ...names import names
from ...postgres import server as postgres
from . import asked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fieldline.documents.names import FieldName
    from fieldline.values.valueset import Value, ValueSet

(FIELD,) = names("a.b.c")

COMMON = (
    "a.b.c = 'FI'",
    "a.b.c <> 'fi'",
    "a.b.c IN ('Straße', 'å', '')",
    "NOT a.b.c IN ('ab', 'AB ')",
    "a.b.c LIKE 'f%'",
    "a.b.c LIKE '%ss_'",
    "a.b.c NOT LIKE 'ab'",
    "a.b.c LIKE '_'",
    "UPPER(a.b.c) = 'FI'",
    "LOWER(a.b.c) = 'straße'",
    "TRIM(a.b.c) = 'ab'",
    "COALESCE(a.b.c, 'fi') = 'fi'",
    "a.b.c IS NULL",
    "a.b.c = 'fi' OR a.b.c IS NULL",
    "CHAR_LENGTH(a.b.c) = 2",
    "LENGTH(a.b.c) > 2",
    "a.b.c < 'b'",
    "a.b.c >= 'Straße'",
    "a.b.c BETWEEN 'a' AND 'fi'",
)
_POOL = "aAbfFiIsSßåÅäöøØł éÉeEıİK1 _-'\t\u00a0ａＦ京"


def values() -> list[str | None]:
    """Values to ask about: some that are known to be read differently, and others by chance."""
    chosen = [
        "",
        " ",
        "fi",
        "FI",
        "Fi",
        "fi ",
        "FI  ",
        " fi",
        "fí",
        "ＦＩ",
        "ab",
        "AB",
        "ab ",
        "áb",
        "a",
        "b",
        "å",
        "Å",
        "a\u030a",
    ]
    chosen += [
        "straße",
        "Straße",
        "STRASSE",
        "Strasse",
        "strase",
        "ss",
        "ssx",
        "ßx",
        "xssy",
        "ſsx",
        "f",
        "æ",
        "ae",
        "😀",
        "😁",
        "fi\t",
        "f%",
    ]
    drawn = random.Random(12)  # noqa: S311 - which texts are drawn is no secret
    return [None, *chosen, *("".join(drawn.choices(_POOL, k=drawn.randint(1, 4))) for _ in range(150))]


@dataclass(frozen=True)
class Undecided:
    """A field of which nothing is known but how it is stored: every difference counts."""

    filled_up: bool = False

    def is_text(self, name: FieldName) -> bool:
        return name == FIELD

    def is_filled_up(self, name: FieldName) -> bool:
        return self.filled_up and name == FIELD

    def one_of(self, name: FieldName, values: ValueSet) -> Value:  # noqa: ARG002
        raise BudgetExceeded("second looks", 0)


def hold(
    runner: Runner,
    text: str,
    said: Sequence[tuple[Value, bool | None]],
    *,
    filled_up: bool = False,
    exact: bool = True,
) -> None:
    """Hold what a condition means to one engine to its answers, null for what it leaves open."""
    condition = parse_condition(text).run_by(rules_of((runner,)), Undecided(filled_up))
    left_out = [collation.left_out for collation in collations(runner.engine, runner.collation).values()]
    for value, answer in said:
        surely, perhaps = condition.holds({FIELD: value}), condition.may_hold({FIELD: value})
        assert perhaps >= bool(answer), (runner, text, value, answer)
        assert surely <= bool(answer), (runner, text, value, answer)
        written = value if isinstance(value, str) else ""
        if exact and not any(ord(c) in some for some in left_out for c in written + text):
            assert surely == perhaps, (runner, text, value, answer)


def truth(answer: object) -> bool | None:
    return None if answer is None else bool(answer)


@pytest.mark.parametrize("collation", ["BINARY", "NOCASE", "RTRIM"])
def test_sqlite_means_the_same(collation: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"create table t (c text collate {collation})")
    connection.executemany("insert into t values (?)", ((value,) for value in values()))
    for text in COMMON:
        written = text.replace("a.b.c", "c").replace("CHAR_LENGTH", "LENGTH")
        said = [(value, truth(answer)) for value, answer in connection.execute(f"select c, {written} from t")]
        hold(
            Runner("sqlite", collation),
            text,
            said,
            exact="<" not in text.replace("<>", "") and "BETWEEN" not in text and ">=" not in text,
        )


@pytest.mark.parametrize("collation", ["BINARY", "NOCASE", "NOACCENT"])
def test_duckdb_means_the_same(collation: str) -> None:
    import duckdb

    connection = duckdb.connect()
    connection.execute(f'create table t (c varchar collate "{collation.lower()}")')
    connection.executemany("insert into t values (?)", [(value,) for value in values()])
    for text in (*COMMON, "a.b.c ILIKE 'FI%'", "a.b.c NOT ILIKE 'STRASSE'"):
        said = connection.execute(f"select c, {text.replace('a.b.c', 'c')} from t").fetchall()
        hold(Runner("duckdb", collation), text, said, exact=collation == "BINARY")


@pytest.mark.needs_postgres
def test_postgresql_means_the_same() -> None:
    import psycopg

    with postgres.running() as socket, psycopg.connect(host=socket, user="tester", dbname="postgres") as connection:
        for collation in ("C", "C.utf8", "und-x-icu"):
            for column, filled_up in (("text", False), ("char(7)", True)):
                connection.execute(f'create temp table t (c {column} collate "{collation}")')  # type: ignore[arg-type]
                with connection.cursor() as cursor:
                    cursor.executemany("insert into t values (%s)", [(value,) for value in values()])
                for text in (*COMMON, "a.b.c ILIKE 'FI%'", "a.b.c NOT ILIKE 'STRASSE'"):
                    written = text.replace("a.b.c", "c").replace("%", "%%")
                    # what is stored, with its blanks: a text in PostgreSQL has none of them
                    stored = f"rpad(c, {7 if filled_up else 'length(c)'})"
                    rows = connection.execute(f"select {stored}, {written} from t").fetchall()  # type: ignore[arg-type]
                    kind = "C" if collation == "C" else collation
                    exact = collation == "C" or not any(sign in text for sign in ("< ", ">=", "BETWEEN", "ILIKE"))
                    hold(Runner("postgres", kind), text, rows, filled_up=filled_up, exact=exact)
                connection.execute("drop table t")


MARIADB = (
    "utf8mb4_bin",
    "utf8mb4_nopad_bin",
    "utf8mb4_general_ci",
    "utf8mb4_unicode_ci",
    "uca1400_ai_ci",
    "utf8mb4_uca1400_nopad_ai_ci",
)


@pytest.mark.needs_mariadb
def test_mariadb_means_the_same() -> None:
    with asked.asking_mariadb() as ask:
        given = values()
        texts = ("null" if v is None else f"convert(x'{v.encode().hex()}' using utf8mb4)" for v in given)
        rows = ", ".join(f"({i}, {text})" for i, text in enumerate(texts))
        for collation in MARIADB:
            column = f"c varchar(20) character set utf8mb4 collate {collation}"
            ask(f"drop table if exists t; create table t (i int, {column}); insert into t values {rows}")
            asked_for = ", ".join(text.replace("a.b.c", "c") for text in COMMON)
            answers = ask(f"select i, {asked_for} from t order by i")
            for place, text in enumerate(COMMON, 1):
                said = [(given[int(row[0])], None if row[place] == "NULL" else row[place] == "1") for row in answers]
                order = any(sign in text for sign in ("< ", ">=", "BETWEEN", "LENGTH(a.b.c) > "))
                hold(Runner("mariadb", collation), text, said, exact=not order)


@pytest.mark.needs_java
@pytest.mark.filterwarnings("ignore")
def test_spark_means_the_same() -> None:
    from fieldline.rows.engines.spark import spark_session

    with spark_session() as session:
        given = values()
        session.createDataFrame(list(enumerate(given)), "i int, c string").createOrReplaceTempView("t")
        for collation in ("UTF8_BINARY", "UTF8_LCASE", "UNICODE", "UNICODE_CI"):
            texts = [
                text for text in COMMON if not (collation.startswith("UNICODE") and "LIKE" in text)
            ]  # not in Spark
            written = [text.replace("a.b.c", f"c collate {collation}") for text in texts]
            asked_for = ", ".join(f"{text} as r{i}" for i, text in enumerate(written))
            answers = session.sql(f"select i, {asked_for} from t").collect()
            for place, text in enumerate(texts, 1):
                said = [(given[row[0]], row[place]) for row in answers]
                hold(Runner("spark", collation), text, said, exact=collation == "UTF8_BINARY")


def random_pairs() -> Iterator[tuple[str, str]]:
    """Texts of characters that are described, most pairs alike but for the case of letters and blanks."""
    drawn = random.Random(7)  # noqa: S311 - which texts are drawn is no secret
    described = [
        chr(p) for p in (*range(0x20, 0x250), *range(0x370, 0x530), *range(0x1E00, 0x2070), *range(0xFF00, 0xFFF0))
    ]
    for _ in range(3_000):
        text = drawn.choices(described, k=drawn.randint(1, 4))
        other = [drawn.choice((c, c.upper(), c.lower(), c + " " * drawn.randint(0, 1))) for c in text]
        yield "".join(text), "".join(other if drawn.random() < 0.8 else drawn.choices(described, k=len(text)))


@pytest.mark.needs_mariadb
def test_texts_of_described_characters_are_equal_exactly_where_mariadb_says_so() -> None:
    pairs = list(random_pairs())
    rows = ", ".join(f"({i}, x'{a.encode().hex()}', x'{b.encode().hex()}')" for i, (a, b) in enumerate(pairs))
    with asked.asking_mariadb() as ask:
        column = "varchar(20) character set utf8mb4"
        ask(f"create table p (i int, a {column}, b {column}); insert into p values {rows}")
        for name in MARIADB:
            (collation,) = collations("mariadb", name).values()
            said = [
                row[1] == "1"
                for row in ask(f"select i, a collate {name.replace('utf8mb4_uca', 'uca')} = b from p order by i")
            ]
            ours = [collation.equal(a, b) for a, b in pairs]
            assert ours.count(None) < len(pairs) // 2
            assert [
                (p, name) for p, one, other in zip(pairs, ours, said, strict=True) if one is not None and one != other
            ] == []
            assert replace(collation, is_asked=False).equal(*pairs[0]) in {None, said[0]}
