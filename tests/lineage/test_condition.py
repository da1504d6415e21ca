"""Conditions: true exactly when SQL says so, with its three truth values; an unsupported condition is rejected."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.documents.names import FieldName
from fieldline.lineage.condition_reader import parse_condition
from fieldline.lineage.condition_tokens import ConditionError
from fieldline.values.valueset import Value

from ..names import names
from ..properties.strategies import tries

Record = Mapping[FieldName, Value]
TEXT, OTHER, NUMBER, DAY = names("a.b.text", "a.b.other", "a.b.number", "a-1.select.day")
records = st.fixed_dictionaries(
    {
        TEXT: st.none() | st.sampled_from(["", "a", "b", "ab", "A", "a'b", "a%"]),
        OTHER: st.none() | st.sampled_from(["a", "ab"]),
        NUMBER: st.none() | st.sampled_from([0, 1, -1, 2, Decimal("0.5"), Decimal("1.50")]),
        DAY: st.none() | st.sampled_from([date(2024, 1, 1), date(2024, 5, 1), date(2023, 12, 31)]),
    }
)


@dataclass(frozen=True)
class Sql:
    """A condition as text, and what SQL says of it: true, false, or None for unknown."""

    text: str
    holds: Callable[[Record], bool | None]

    def __repr__(self) -> str:
        return self.text


def _known(name: FieldName, judge: Callable[[Value], bool]) -> Callable[[Record], bool | None]:
    return lambda record: None if record[name] is None else judge(record[name])


def _written(value: Value) -> str:
    match value:
        case str():
            return "'" + value.replace("'", "''") + "'"
        case date():
            return f"DATE '{value.isoformat()}'"
        case _:
            return str(value)


def _compare(name: FieldName, sign: str, value: Value, *, flipped: bool) -> Sql:
    judge: dict[str, Callable[[Value], bool]] = {
        "=": lambda v: v == value,
        "<>": lambda v: v != value,
        "<": lambda v: v < value,  # type: ignore[operator]
        "<=": lambda v: v <= value,  # type: ignore[operator]
        ">": lambda v: v > value,  # type: ignore[operator]
        ">=": lambda v: v >= value,  # type: ignore[operator]
    }
    mirrored = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(sign, sign)
    text = f"{_written(value)} {mirrored} {name}" if flipped else f"{name} {sign} {_written(value)}"
    return Sql(text, _known(name, judge[sign]))


_values = {
    TEXT: st.sampled_from(["", "a", "ab", "a'b"]),
    NUMBER: st.sampled_from([0, 1, -1, Decimal("0.5")]),
    DAY: st.sampled_from([date(2024, 1, 1), date(2024, 5, 1)]),
}
comparisons = st.one_of(
    *(
        st.builds(
            lambda value, sign, flipped, name=name: _compare(name, sign, value, flipped=flipped),
            values,
            st.sampled_from(["=", "<>"] if name == TEXT else ["=", "<>", "<", "<=", ">", ">="]),
            st.booleans(),
        )
        for name, values in _values.items()
    )
)
nulls = st.builds(
    lambda name, negated: Sql(f"{name} IS {'NOT ' * negated}NULL", lambda record: (record[name] is None) != negated),
    st.sampled_from([TEXT, NUMBER, DAY]),
    st.booleans(),
)
lists = st.builds(
    lambda values, negated: Sql(
        f"{TEXT} {'NOT ' * negated}IN ({', '.join(map(_written, values))})",
        _known(TEXT, lambda v: (v in values) != negated),
    ),
    st.lists(_values[TEXT], min_size=1, max_size=3),
    st.booleans(),
)
between = st.builds(
    lambda low, high, negated: Sql(
        f"{NUMBER} {'NOT ' * negated}BETWEEN {low} AND {high}",
        _known(NUMBER, lambda v: (low <= v <= high) != negated),  # type: ignore[operator]
    ),
    st.integers(-1, 1),
    st.integers(-1, 2),
    st.booleans(),
)
likes = st.builds(
    lambda pattern, negated: Sql(
        f"{TEXT} {'NOT ' * negated}LIKE '{pattern}'",
        _known(TEXT, lambda v: bool(re.fullmatch(pattern.replace("%", ".*").replace("_", "."), str(v))) != negated),
    ),
    st.sampled_from(["%", "a%", "%b", "_", "a_", "A", ""]),
    st.booleans(),
)


pairs = st.builds(
    lambda sign: Sql(
        f"{TEXT} {sign} {OTHER}",
        lambda record: (
            None if record[TEXT] is None or record[OTHER] is None else (record[TEXT] == record[OTHER]) == (sign == "=")
        ),
    ),
    st.sampled_from(["=", "<>"]),
)


def _and(a: Sql, b: Sql) -> Sql:
    def holds(record: Record) -> bool | None:
        found = {a.holds(record), b.holds(record)}
        return False if False in found else None if None in found else True

    return Sql(f"({a.text} AND {b.text})", holds)


def _or(a: Sql, b: Sql) -> Sql:
    def holds(record: Record) -> bool | None:
        found = {a.holds(record), b.holds(record)}
        return True if True in found else None if None in found else False

    return Sql(f"({a.text} OR {b.text})", holds)


def _not(a: Sql) -> Sql:
    def holds(record: Record) -> bool | None:
        found = a.holds(record)
        return None if found is None else not found

    return Sql(f"NOT ({a.text})", holds)


conditions = st.recursive(
    st.one_of(comparisons, nulls, lists, between, likes, pairs),
    lambda inner: st.one_of(st.builds(_and, inner, inner), st.builds(_or, inner, inner), st.builds(_not, inner)),
    max_leaves=5,
)


@tries(200)
@given(conditions, st.lists(records, min_size=1, max_size=4))
def test_a_condition_holds_exactly_when_sql_says_it_is_true(condition: Sql, tried: list[Record]) -> None:
    found = parse_condition(condition.text)
    for record in tried:
        assert found.holds(record) == (condition.holds(record) is True)
        present = {name: value for name, value in record.items() if value is not None}
        assert found.holds(present) == found.holds(record)


def test_the_fields_it_looks_at_are_named_once() -> None:
    assert parse_condition("a.b.c = 'x' OR NOT (x.y.z IS NULL AND a.b.c <> 'y')").fields == names("a.b.c", "x.y.z")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b.c =",
        "c = 'x'",
        "b.c = 'x'",
        "a.b.c IN (SELECT 1)",
        "a.b.c = 1 + 1",
        "a.b.c LIKE 5",
        "EXISTS (SELECT 1)",
        "a.b.c = 'x'; DROP TABLE t",
        "(" * 3_000 + "a.b.c = 'x'" + ")" * 3_000,
        " OR ".join(f"a.b.f{i} = 'x'" for i in range(100)),
        "a.b.c = 'x'" + " " * 5_000,
    ],
)
def test_what_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse_condition(text)
    assert caught.value.message


def read_of(text: str) -> tuple[str, str | None, str | None]:
    """Where a condition of a flow out of `a.b` is wrong: the text at fault, what is expected, what is suggested."""
    with pytest.raises(ConditionError) as caught:
        parse_condition(text, A_B)
    error = caught.value
    return text[error.offset : error.offset + error.length], error.expected, error.suggestion


@pytest.mark.parametrize(
    ("text", "at", "suggestion"),
    [
        # PostgreSQL 15 rejects each of these, or never takes it for true; read as "never", a flow would vanish.
        ("a.b.c IN 'FI'", "'FI'", "('FI')"),
        ("a.b.c IN 5", "5", "(5)"),
        ("a.b.c IN ()", "()", None),
        ("a.b.c NOT IN ()", "()", None),
        ("a.b.c IN a.b.d", "a.b.d", None),
        ("a.b.c IN UNNEST(a.b.d)", "UNNEST", None),
        ("a.b.c IN (SELECT 1)", "SELECT", None),
        ("a.b.c IN ('x', NULL)", "NULL", "OR a.b.c IS NULL, behind the list"),
        ("a.b.c NOT IN ('x', NULL)", "NULL", "OR a.b.c IS NULL, behind the list"),
        ("a.b.c IN ('x'", "", None),
        ("a.b.c IN ('x' 'y')", "'y'", None),
        ("a.b.c = NULL", "NULL", "a.b.c IS NULL"),
        ("NULL <> a.b.c", "NULL", "a.b.c IS NOT NULL"),
        ("a.b.c = ANY('x')", "ANY", None),
        ("a.b.c LIKE ANY('x')", "ANY", None),
        ("EXISTS(SELECT 1)", "EXISTS", None),
        ("1 < a.b.n < 5", "<", None),
        ("a.b.c = 'x' = TRUE", "=", None),
        ("a.b.c == 'x'", "==", "="),
        ("a.b.c = 'x' 'y'", "'y'", None),
        ("a.b.c = 'x' y", "y", None),
        ("a.b.c = 'x' AS y", "AS", None),
        ("a.b.c = 'x'; b.c.d = 'y'", ";", None),
        ("a.b.c = ?", "?", None),
        ("a.b.c = :c", ":c", None),
        ("a.b.c = $1", "$1", None),
        ("a.b.c = E'x'", "E", None),
        ("a.b.n = 0x1F", "0x1F", None),
        ("a.b.n = 1e3", "1e3", None),
        ("a.b.n = 1_000", "1_000", None),
        ("a.b.c::int = 3", "::", None),
        ("CAST(a.b.c AS int) = 3", "CAST", None),
        ("a.b.c || 'x' = 'yx'", "||", None),
        ("a.b.n + 1 = 2", "+", None),
        ("OCTET_LENGTH(a.b.c) = 3", "OCTET_LENGTH", None),
        ("LENGTH(a.b.c) = '3'", "'3'", None),
        ("LENGTH(a.b.c) LIKE '3'", "a.b.c", None),
        ("UPPER(a.b.c) = 3", "3", None),
        ("UPPER('x') = 'X'", "'x'", None),
        ("a.b.day = CURRENT_DATE", "CURRENT_DATE", None),
        ("a.b.day = DATE '2024-02-30'", "'2024-02-30'", None),
        ("a.b.c SIMILAR TO 'x'", "SIMILAR", "MATCHES"),
        ("a.b.c ~ 'x'", "~", "MATCHES posix"),
        ("a.b.c REGEXP 'x'", "REGEXP", "MATCHES"),
        ("a.b.c MATCHES perl 'x'", "perl", None),
        ("a.b.c LIKE 'a!b' ESCAPE '!'", "'a!b'", None),
        ("a.b.c LIKE 'a!' ESCAPE '!'", "'a!'", None),
        ("a.b.c LIKE 'a' ESCAPE 'ab'", "'ab'", None),
        ("a.b.c COLLATE \"C\" = 'x'", "COLLATE", None),
        ('a.b.c = "x"', '"x"', "'x', or a.b.x for the field"),
        ("b.c = 'x'", "b.c", "a.b.c"),
        ("x.a.b.c = 'x'", "x.a.b.c", None),
        ("a.b.c ISNULL", "ISNULL", "IS NULL"),
        ("a.b.c IS 'x'", "'x'", None),
        ("a.b.c = 'x", "'", None),
        ("(a.b.c = 'x'", "(", None),
        ("a.b.c = 'x')", ")", None),
        ("'a' = 'a'", "'", None),
        ("TRUE", "", None),
        ("a.b.n BETWEEN 'a' AND 2", "'a'", None),
        ("a.b.n < TRUE", "TRUE", None),
        ("a.b.n BETWEEN 1", "", None),
    ],
)
def test_what_sql_would_not_read_is_a_problem_where_it_stands(text: str, at: str, suggestion: str | None) -> None:
    found, expected, suggested = read_of(text)
    assert found == at[: len(found)]
    assert suggested == suggestion
    assert expected or suggestion or "BETWEEN" in text or "ESCAPE" in text or "(" in text or "MATCHES" in text


def test_a_bare_name_is_a_field_of_the_record_that_the_value_comes_from() -> None:
    assert parse_condition("kind = 'x' AND a.b.c = 'y'", A_B).fields == names("a.b.c", "a.b.kind")
    assert not parse_condition("kind = 'x'", A_B).holds({names("b.b.kind")[0]: "x"})


A_B = TEXT.entity_name
C, N, B = names("a.b.c", "a.b.n", "a.b.flag")


@pytest.mark.parametrize(
    ("text", "true", "untrue"),
    [
        # true and untrue as PostgreSQL 15 answers, collation "C"
        ("LENGTH(a.b.c) > 2", ["abc", "åäö", "   "], ["ab", "", None]),
        ("CHAR_LENGTH(a.b.c) BETWEEN 1 AND 2", ["a", "ab"], ["", "abc", None]),
        ("LENGTH(a.b.c) <> 2", ["a", "abc"], ["ab", None]),
        ("LENGTH(a.b.c) < 1.5", ["", "a"], ["ab", None]),
        ("LENGTH(TRIM(a.b.c)) = 1", ["a", " a "], ["", " ", "ab", None]),
        ("UPPER(a.b.c) = 'AB'", ["ab", "aB", "AB"], ["a", "", None]),
        ("LOWER(TRIM(a.b.c)) IN ('x', 'y')", [" X", "y"], ["z", "", None]),
        ("NOT UPPER(a.b.c) = 'AB'", ["a", ""], ["ab", None]),
        ("RTRIM(a.b.c) = ' a'", [" a", " a  "], ["a", None]),
        ("LTRIM(a.b.c) = 'a '", ["a ", " a "], ["a", None]),
        ("COALESCE(a.b.c, 'x') = 'x'", ["x", None], ["y", ""]),
        ("COALESCE(a.b.c, '') <> ''", ["x"], ["", None]),
        ("a.b.c ILIKE 'a%'", ["a", "Ab"], ["b", "", None]),
        ("a.b.c NOT ILIKE 'A_'", ["b", "abc"], ["ab", "Ab", None]),
        ("a.b.c LIKE '100!%' ESCAPE '!'", ["100%"], ["1000", "100", None]),
        ("a.b.c LIKE 'a!!%' ESCAPE '!'", ["a!", "a!b"], ["a", None]),
        ("a.b.c LIKE 'a\\b%' ESCAPE '!'", ["a\\b", "a\\bc"], ["ab", None]),
        ("a.b.c MATCHES '[a-z]+'", ["ab"], ["", "a1", None]),
        ("a.b.c NOT MATCHES posix '[[:digit:]]+'", ["a", ""], ["12", None]),
        ("a.b.c IS DISTINCT FROM 'x'", ["y", "", None], ["x"]),
        ("a.b.c IS NOT DISTINCT FROM NULL", [None], ["x", ""]),
        ("(a.b.c = 'x') IS TRUE", ["x"], ["y", None]),
        ("(a.b.c = 'x') IS NOT TRUE", ["y", None], ["x"]),
        ("(a.b.c = 'x') IS FALSE", ["y"], ["x", None]),
        ("(a.b.c = 'x') IS UNKNOWN", [None], ["x", "y"]),
        ("(a.b.c = 'x' OR a.b.c = 'y') IS NOT UNKNOWN", ["x", "z"], [None]),
        ("(a.b.c) = ('x')", ["x"], ["y", None]),
        ("a.b.c = 'it''s'", ["it's"], ["it", None]),
        ("a.b.c = 'x' -- and no more", ["x"], ["y"]),
        ('"a"."b"."c" = \'x\'', ["x"], ["y"]),
    ],
)
def test_a_function_or_word_of_sql_means_what_sql_means(text: str, true: list[Value], untrue: list[Value]) -> None:
    condition = parse_condition(text)
    assert [value for value in (*true, *untrue) if condition.holds({C: value})] == true


@pytest.mark.parametrize(
    ("text", "true", "untrue"),
    [
        ("a.b.n BETWEEN SYMMETRIC 5 AND 1", [1, 5], [0, 6, None]),
        ("a.b.n BETWEEN ASYMMETRIC 5 AND 1", [], [1, 5, None]),
        ("a.b.n = -1", [-1], [1, None]),
        ("+1 >= a.b.n", [1, 0], [2, None]),
        ("a.b.n = .5", [Decimal("0.5")], [5, None]),
    ],
)
def test_numbers_are_compared_as_in_sql(text: str, true: list[Value], untrue: list[Value]) -> None:
    condition = parse_condition(text)
    assert [value for value in (*true, *untrue) if condition.holds({N: value})] == true


@pytest.mark.parametrize(
    ("text", "true", "untrue"),
    [
        ("a.b.flag", [True], [False, None]),
        ("NOT a.b.flag", [False], [True, None]),
        ("a.b.flag IS TRUE", [True], [False, None]),
        ("a.b.flag IS NOT TRUE", [False, None], [True]),
        ("a.b.flag IS FALSE", [False], [True, None]),
        ("a.b.flag IS NOT UNKNOWN", [True, False], [None]),
        ("a.b.flag = FALSE", [False], [True, None]),
    ],
)
def test_truth_values_are_tested_as_in_sql(text: str, true: list[Value], untrue: list[Value]) -> None:
    condition = parse_condition(text)
    assert [value for value in (*true, *untrue) if condition.holds({B: value})] == true


def test_a_long_list_of_alternatives_is_no_deep_nesting() -> None:
    text = " AND ".join("a.b.c <> 'x'" for _ in range(200))
    assert parse_condition(text).holds({C: "y"})
    assert parse_condition(f"NOT ({text})").holds({C: "x"})


@pytest.mark.parametrize(
    ("sign", "true"),
    [
        ("=", {(1, 1)}),
        ("<>", {(1, 2), (2, 1)}),
        ("<", {(1, 2)}),
        ("<=", {(1, 2), (1, 1)}),
        (">", {(2, 1)}),
        (">=", {(2, 1), (1, 1)}),
    ],
)
def test_two_fields_are_compared_as_in_sql(sign: str, true: set[tuple[int, int]]) -> None:
    left, right = names("a.b.n", "a.b.m")
    tried = [(1, 1), (1, 2), (2, 1), (None, 1), (1, None), (None, None)]
    condition = parse_condition(f"a.b.n {sign} m", A_B)
    opposite = parse_condition(f"NOT a.b.n {sign} m", A_B)
    assert {pair for pair in tried if condition.holds({left: pair[0], right: pair[1]})} == true
    known = {pair for pair in tried if None not in pair}
    assert {pair for pair in tried if opposite.holds({left: pair[0], right: pair[1]})} == known - true


def test_a_field_equals_itself_where_it_is_not_null() -> None:
    assert [parse_condition("a.b.n = a.b.n").holds({N: value}) for value in (1, None)] == [True, False]
    assert parse_condition("a.b.n <> a.b.n").alternatives == ()
