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
from fieldline.lineage.condition import ConditionError, parse_condition
from fieldline.values.valueset import Value

from ..names import names
from ..properties.strategies import tries

Record = Mapping[FieldName, Value]
TEXT, NUMBER, DAY = names("a.b.text", "a.b.number", "a-1.select.day")
records = st.fixed_dictionaries(
    {
        TEXT: st.none() | st.sampled_from(["", "a", "b", "ab", "A", "a'b", "a%"]),
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
    st.one_of(comparisons, nulls, lists, between, likes),
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
        "a.b.c = x.y.z",
        "a.b.c < 'x'",
        "upper(a.b.c) = 'X'",
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
