"""A compiled requirement says what the requirement says, of values of every type."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.checker.judging.context import Context
from fieldline.checker.requirement.compiled import compiled, explaining
from fieldline.checker.requirement.requirement import requirement

from ...properties.estates import estate

if TYPE_CHECKING:
    from fieldline.checker.requirement.requirement import Requirement

FIELDS = {
    "code": {"type": "text", "required": True, "max_length": 4, "pattern": "[A-Z][0-9]*"},
    "name": {"type": "text", "min_length": 1, "max_bytes": {"limit": 5, "encoding": "utf-8"}},
    "kind": {"type": "text", "one_of": ["A", "BB"]},
    "count": {"type": "integer", "min": -3, "max": 7},
    "amount": {"type": "decimal", "min": "0.5", "precision": 4, "scale": 2},
    "some": {"type": "integer", "not_one_of": [2, 3]},
    "born": {"type": "date", "min": "1990-01-01", "max": "1990-12-31"},
    "at": {"type": "time"},
    "seen": {"type": "datetime", "min": "2020-01-01T00:00:00Z"},
    "flag": {"type": "boolean"},
}
FLOW = [
    {"from": "in.e.code", "to": "db.e.code"},
    {"from": ["in.e.code", "in.e.name"], "to": "db.e.both", "via": ["concat"]},
]
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 9),
    st.decimals(-2, 200, allow_nan=False, places=2),
    st.text(st.sampled_from("AB01é😀"), max_size=6),
    st.dates(date(1989, 12, 1), date(1991, 2, 1)),
    st.times(),
    st.datetimes(datetime(2019, 12, 1), datetime(2020, 2, 1), timezones=st.just(UTC)),
)


@pytest.fixture(scope="module")
def asked() -> Requirement:
    context = Context(
        estate(
            {
                "in": FIELDS,
                "db": {"code": {"type": "text", "min_length": 2}, "both": {"type": "text", "max_length": 6}},
            },
            FLOW,
        )
    )
    return requirement(context, context.graph.entries[0])


@given(record=st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, VALUES)))
def test_compiled_is_the_same(asked: Requirement, record: dict[str, object]) -> None:
    assert compiled(asked)(record) == asked.admits(record)
    assert explaining(asked)(record) == [clause for clause in asked.clauses if not clause.admits(record)]


def test_the_bounds_are_in_it(asked: Requirement) -> None:
    good = {
        "code": "A1", "name": "ééa", "kind": "BB", "count": 7, "amount": Decimal("99.25"), "some": 4,
        "born": date(1990, 12, 31), "at": time(23), "seen": datetime(2020, 1, 1, tzinfo=UTC), "flag": False,
    }  # fmt: skip
    admits = compiled(asked)
    assert admits(good)
    for name, value in {
        "code": "A", "name": "éééa", "kind": "C", "count": 8, "amount": Decimal("0.49"), "some": 3,
        "born": date(1991, 1, 1), "at": "23:00", "seen": datetime(2019, 12, 31, tzinfo=UTC), "flag": 0,
    }.items():  # fmt: skip
        assert not admits({**good, name: value}), name


def test_names_of_an_estate_are_never_run() -> None:
    context = Context(estate({"in": {"a": {"type": "text", "one_of": ["');raise SystemExit#"]}}}, []))
    admits = compiled(requirement(context, context.graph.entries[0]))
    assert admits({"a": "');raise SystemExit#"})
    assert not admits({"a": "b"})
