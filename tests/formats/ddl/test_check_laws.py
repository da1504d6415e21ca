"""Random conditions, put together with AND, OR and NOT: a value is in the set we read exactly if the engine lets it in.

A CHECK lets in what is not false: true, and unknown. Where a part is opaque, what we reject must still be rejected.
"""

import sqlite3
from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldline.contracts.constraint import OpaqueRule

from .tables import fields, read

TEXTS = [
    "",
    "a",
    "A",
    "ab",
    "abc",
    "b",
    "1",
    "12",
    "a1",
    " a",
    "a ",
    "  ",
    "é",
    "a%",
    "a_b",
    "a\nb",
    "😀",
    "xyz",
    "B",
    None,
]
NUMBERS = [-5, -1, 0, 1, 2, 3, 4, 5, 9, 10, 11, 100, None]

_TEXT_PARTS = [
    "x = 'a'",
    "x <> 'a'",
    "'ab' = x",
    "x in ('a', 'b', '')",
    "x not in ('a', '1')",
    "x in ('a', null)",
    "x not in ('a', null)",
    "x is null",
    "x is not null",
    "length(x) = 1",
    "length(x) <> 2",
    "length(x) > 1",
    "length(x) between 1 and 2",
    "length(x) not between 1 and 2",
    "length(x) <= 0",
    "length(x) >= 0",
    "x like '_b%'",
    "x not like '%1'",
    "x like 'a!_b' escape '!'",
    "trim(x) = ''",
    "trim(x) = x",
    "length(trim(x)) >= 1",
    "x > 'a'",
    "coalesce(x, 'a') = 'a'",
]
_NUMBER_PARTS = [
    "x = 1",
    "x <> 3",
    "x > 0",
    "x >= 2.5",
    "x < 10",
    "10 >= x",
    "x between 2 and 4",
    "x not between 2 and 4",
    "x in (1, 5, 9)",
    "x not in (0, 100)",
    "x in (1, null)",
    "x is null",
    "x is not null",
    "x % 2 = 0",
    "x > -3",
    "x = 1.5",
]


def conditions(parts: list[str]) -> st.SearchStrategy[str]:
    return st.recursive(
        st.sampled_from(parts),
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from(("and", "or")), inner).map(lambda c: f"({c[0]} {c[1]} {c[2]})"),
            inner.map(lambda c: f"not ({c})"),
        ),
        max_leaves=5,
    )


def hold(column: str, condition: str, dialect: str, values: list[object], let_in: list[bool]) -> None:
    """The set of a column with that check has the values that the engine lets in, and no other."""
    found, problems = read(f"create table t (x {column} check ({condition}))", dialect)
    if problems:
        # Bounds the wrong way round: our contracts call that a slip of the pen.
        assert all("contradicts" in problem for problem in problems), problems
        assert not all(let_in)
        return
    field = found["t.x"]
    known = not any(isinstance(constraint.restriction, OpaqueRule) for constraint in field.constraints)
    for value, is_let_in in zip(values, let_in, strict=True):
        told = value in field.accepts
        assert told or not is_let_in, (condition, value)
        assert not told or is_let_in or not known, (condition, value)


@settings(max_examples=300)
@given(conditions([*_TEXT_PARTS, "x glob 'a*'", "x not glob '*[^a-z]*'", "x = upper(x)"]))
def test_sqlite_lets_in_of_texts_what_we_say(condition: str) -> None:
    with sqlite3.connect(":memory:") as connection:
        rows = [
            connection.execute(f"select ({condition}) is not 0 from (select ? as x)", [v]).fetchone() for v in TEXTS
        ]
    hold("text", condition, "sqlite", list(TEXTS), [bool(row[0]) for row in rows])


@settings(max_examples=300)
@given(conditions(_NUMBER_PARTS))
def test_sqlite_lets_in_of_numbers_what_we_say(condition: str) -> None:
    with sqlite3.connect(":memory:") as connection:
        rows = [
            connection.execute(f"select ({condition}) is not 0 from (select ? as x)", [v]).fetchone() for v in NUMBERS
        ]
    hold("integer", condition, "sqlite", list(NUMBERS), [bool(row[0]) for row in rows])


@pytest.fixture(scope="module")
def connection(postgres: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(host=postgres, user="tester", dbname="postgres", autocommit=True) as found:
        yield found


@pytest.mark.needs_postgres
@settings(max_examples=300)
@given(
    condition=conditions(
        [*_TEXT_PARTS, "x ~ '^[a-z]+$'", "x !~ '[0-9]'", "x similar to '(a|b)%'", "octet_length(x) <= 2"]
    )
)
def test_postgres_lets_in_of_texts_what_we_say(connection: psycopg.Connection, condition: str) -> None:
    escaped = condition.replace("%", "%%")
    query = f"select ({escaped}) is not false from unnest(%s::text[]) with ordinality as t(x, n) order by n"
    rows = connection.execute(query, [TEXTS]).fetchall()  # type: ignore[arg-type]
    hold("text", condition, "postgres", list(TEXTS), [row[0] for row in rows])


@pytest.mark.needs_postgres
@settings(max_examples=200)
@given(condition=conditions(_NUMBER_PARTS))
def test_postgres_lets_in_of_numbers_what_we_say(connection: psycopg.Connection, condition: str) -> None:
    escaped = condition.replace("%", "%%")
    query = f"select ({escaped}) is not false from unnest(%s::int[]) with ordinality as t(x, n) order by n"
    rows = connection.execute(query, [NUMBERS]).fetchall()  # type: ignore[arg-type]
    hold("integer", condition, "postgres", list(NUMBERS), [row[0] for row in rows])


def test_most_conditions_are_known() -> None:
    """The laws above would hold of a reader that called everything opaque: so it is counted what is not."""
    plain = [part for part in _TEXT_PARTS if "coalesce" not in part and "> 'a'" not in part and "null)" not in part]
    known = 0
    for first in plain:
        for second in plain:
            found, problems = read(f"create table t (x text check ({first} or not ({second})))", "postgres")
            constraints = found["t.x"].constraints if not problems else ()
            known += not any(isinstance(constraint.restriction, OpaqueRule) for constraint in constraints)
    assert known / len(plain) ** 2 > 0.9
    assert "t.x" in fields("create table t (x text)", "postgres")
