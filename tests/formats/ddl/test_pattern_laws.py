"""Random patterns: what is carried over matches what the engine itself matches."""

from itertools import product

import duckdb
import psycopg
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fieldline.formats.ddl.engines.duckdb import DuckDb
from fieldline.formats.ddl.engines.postgres import Postgres
from fieldline.formats.ddl.patterns import NotCarriedOver, from_like, from_regex
from fieldline.values.regex import parse
from fieldline.values.textset import TextSet

TEXTS = [
    *("".join(chars) for length in range(4) for chars in product("ab1", repeat=length)),
    *(
        "\n",
        "a\n",
        "\na",
        "a\nb",
        "-",
        ".",
        "a.b",
        "a-",
        "$",
        "^a",
        "a$",
        "é",
        "aé",
        "٣",
        "12345",
        "]",
        "[a]",
        "a|b",
        "\\",
        "a\\",
        "%",
        "a%",
        "_",
    ),
]

_ATOMS = [
    "a",
    "b",
    "1",
    ".",
    "-",
    "é",
    r"\.",
    r"\d",
    r"\$",
    r"\\",
    "[ab]",
    "[^a]",
    "[a-b1]",
    "[-a]",
    "[a-]",
    "[]a]",
    "[^]a]",
]
_ATOMS += ["[.]", r"[\d.]", "[[:digit:]]", "^", "$", "%", "_", r"\w", r"[^\n]", "[a^]"]
_COUNTS = ["", "", "", "*", "+", "?", "{2}", "{1,2}", "{0,}", "*?", "{,2}", "**"]

regexes = st.recursive(
    st.tuples(st.sampled_from(_ATOMS), st.sampled_from(_COUNTS)).map("".join),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map("|".join),
        st.tuples(st.sampled_from(("(", "(?:")), inner, st.just(")"), st.sampled_from(_COUNTS)).map("".join),
        inner.map(lambda regex: f"^{regex}$"),
    ),
    max_leaves=6,
)


def matching(regex: str) -> TextSet:
    return TextSet.language(parse(regex, "ecma", "").language)


@pytest.fixture(scope="module")
def connection(postgres: str):  # noqa: ANN201 - a generator of a connection
    with psycopg.connect(host=postgres, user="tester", dbname="postgres", autocommit=True) as found:
        yield found


def asked(connection: psycopg.Connection, operator: str, pattern: str) -> list[bool] | None:
    """What PostgreSQL says of every text; None where it rejects the pattern."""
    query = f"select x {operator} %s from unnest(%s::text[]) with ordinality as t(x, n) order by n"
    try:
        return [row[0] for row in connection.execute(query, [pattern, TEXTS])]  # type: ignore[arg-type]
    except psycopg.Error:
        return None


@pytest.mark.needs_postgres
@settings(max_examples=500)
@given(pattern=regexes)
def test_regular_expressions_of_postgres(connection: psycopg.Connection, pattern: str) -> None:
    try:
        texts = matching(from_regex(pattern, Postgres.regex, whole=False))
    except NotCarriedOver:
        assume(False)
    answers = asked(connection, "~", pattern)
    assert answers is not None, pattern
    assert [text in texts for text in TEXTS] == answers, pattern


@pytest.mark.needs_postgres
@settings(max_examples=300)
@given(pattern=regexes)
def test_similar_to_of_postgres(connection: psycopg.Connection, pattern: str) -> None:
    try:
        texts = matching(from_regex(pattern, Postgres.whole_patterns["SimilarTo"], whole=True))
    except NotCarriedOver:
        assume(False)
    answers = asked(connection, "similar to", pattern)
    assert answers is not None, pattern
    assert [text in texts for text in TEXTS] == answers, pattern


@pytest.mark.needs_postgres
@settings(max_examples=300)
@given(pattern=st.text("ab%_\\.1\n", max_size=6))
def test_like_of_postgres(connection: psycopg.Connection, pattern: str) -> None:
    try:
        texts = matching(from_like(pattern, None, Postgres.like))
    except NotCarriedOver:
        assume(False)
    answers = asked(connection, "like", pattern)
    assert answers is not None, pattern
    assert [text in texts for text in TEXTS] == answers, pattern


@settings(max_examples=200)
@given(pattern=regexes)
def test_regular_expressions_of_duckdb(pattern: str) -> None:
    try:
        texts = matching(from_regex(pattern, DuckDb.regex, whole=False))
    except NotCarriedOver:
        assume(False)
    query = "select regexp_matches(x, ?) from (select unnest(?) as x, generate_subscripts(?, 1) as n) order by n"
    answers = duckdb.execute(query, [pattern, TEXTS, TEXTS]).fetchall()
    assert [text in texts for text in TEXTS] == [row[0] for row in answers], pattern


def test_most_patterns_are_carried_over() -> None:
    carried = 0
    plain = [atom for atom in _ATOMS if atom not in {r"\w", r"[^\n]"}]
    for atom, count in product(plain, ("", "*", "+", "?", "{2}", "{1,2}")):
        try:
            from_regex(f"^({atom}{count}|b)$", Postgres.regex, whole=False)
        except NotCarriedOver:
            continue
        carried += 1
    assert carried / (len(plain) * 6) > 0.85
