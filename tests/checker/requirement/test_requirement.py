"""What is demanded of a record in other words: plain ones that mean the same, and keys of values that count as one."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.application.library import LoadedEstate
from fieldline.rows.engines.polars.expressions import Columns

from ...properties.estates import estate

if TYPE_CHECKING:
    from pathlib import Path

    from fieldline.checker.requirement.requirement import Requirement, Uniqueness

ENTRY = {
    "login": {"type": "text", "required": True, "max_length": 20, "pattern": "[A-Za-z0-9]*"},
    "spaced": {"type": "text", "max_length": 20, "pattern": "[A-Za-z0-9 ]*"},
    "free": {"type": "text", "max_length": 6},
}
LOGIN = {"type": "text", "max_bytes": {"limit": 6, "encoding": "cp037"}, "pattern": "[A-Z0-9]*"}
DB = {
    "login": LOGIN,
    "spaced": LOGIN,
    "ascii": {"type": "text", "max_bytes": {"limit": 30, "encoding": "cp037"}},
    "free": {"type": "text", "max_bytes": {"limit": 6, "encoding": "utf-8"}},
}
CUT = ["trim", {"truncate": 10}, "upper"]
FLOWS = [
    {"from": "in.e.login", "to": "db.e.login", "via": CUT},
    {"from": "in.e.spaced", "to": "db.e.spaced", "via": CUT},
    {"from": "in.e.login", "to": "db.e.ascii", "via": ["trim"]},
    {"from": "in.e.free", "to": "db.e.free", "via": ["lower"]},
]


def asked() -> Requirement:
    return LoadedEstate(estate({"in": ENTRY, "db": DB}, FLOWS)).entry("in.e", lossless=True).requirement


ASKED = asked()
VALUES = st.none() | st.text(st.sampled_from("aB0 ßé😀\n"), max_size=22) | st.text("aB0", max_size=12)


@given(value=VALUES)
def test_a_restated_clause_is_equivalent_for_plainly_admitted_values(value: str | None) -> None:
    assert ASKED.restated
    for clause, restated in ASKED.restated.items():
        if value in ASKED.plain[clause.fields[0]]:
            assert (value in restated) == clause.admits({clause.fields[0]: value})


@given(values=st.lists(VALUES, max_size=8))
def test_polars_judges_all_values_as_we_do(values: list[str | None]) -> None:
    for name in ("login", "spaced", "free"):
        frame = pl.DataFrame({name: values}, schema={name: pl.String})
        columns = Columns(dict(frame.schema), ASKED)
        for clause in ASKED.clauses:
            if clause.fields == (name,):
                found = frame.select(pl.col(name), columns.meets(clause).alias("met"))["met"].to_list()
                assert found == [clause.admits({name: value}) for value in values]


def test_clauses_that_follow_are_dropped_and_the_others_stay() -> None:
    told = {(str(c.bindings[0].field), c.bindings[0].constraint): texts for c, texts in ASKED.restated.items()}
    assert "x" * 500 in told["db.e.ascii", "max_bytes"]  # that it is short is said already
    assert "x" * 500 in told["db.e.login", "pattern"]  # and that it is letters and digits
    assert "x" * 7 not in told["db.e.login", "max_bytes"]
    assert ("db.e.spaced", "max_bytes") not in told  # blanks at the ends do not count
    assert ("db.e.free", "max_bytes") not in told  # ß and é weigh more


def test_twelve_bytes_are_twelve_characters_where_only_letters_and_digits_are_left(examples: Path) -> None:
    from fieldline import load

    signup = load(examples / "nordbank").entry("web.signup").requirement
    (found,) = (s for c, s in signup.restated.items() if c.bindings[0].sentence == "at most 12 bytes in cp037")
    assert "å" * 12 in found
    assert "a" * 13 not in found


# -------------------------------------------------------------------------------------------------------------- keys

UNIQUE = {
    "text": {"type": "text", "unique": True},
    "blind": {"type": "text", "unique": {"case": "insensitive"}},
    "number": {"type": "decimal", "unique": True},
}
FAR = {"key": {"type": "text", "unique": True}}
LONG = [{"from": "in.e.blind", "to": "far.e.key", "via": ["trim", "lower", {"truncate": 4}, "upper"]}]
TEXTS = st.text(st.sampled_from("aAbB \tßéÉİ\u0307\x1f\u00a0"), max_size=6) | st.text("aAbB \t", max_size=8)


def keys() -> tuple[Requirement, list[Uniqueness]]:
    found = LoadedEstate(estate({"in": UNIQUE, "far": FAR}, LONG)).entry("in.e").requirement
    return found, [each for each in found.unique if each.field == "blind"]


KEYS = keys()


@given(texts=st.lists(st.none() | TEXTS, max_size=8))
def test_polars_makes_the_keys_that_we_make(texts: list[str | None]) -> None:
    whole, blind = KEYS
    frame = pl.DataFrame({"blind": texts}, schema={"blind": pl.String})
    columns = Columns(dict(frame.schema), whole)
    assert {len(each.steps) for each in blind} == {1, 4}
    for unique in blind:
        assert frame.select(columns.key(unique)).to_series().to_list() == [unique.key(text) for text in texts]


UTC2 = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (Decimal("1.0"), 1, True),
        (Decimal("-0.00"), 0, True),
        (Decimal("1E+2"), Decimal("100.000"), True),
        (Decimal("1234567890123456789012345678901234567.1"), Decimal("1234567890123456789012345678901234567.2"), False),
        (Decimal("0.10"), Decimal("0.01"), False),
        (Decimal("NaN"), 0, False),
        (Decimal("Infinity"), 0, False),
        (10, 1, False),
        (-1, 1, False),
        (1, "1", False),
        (True, 1, False),
        (datetime(2024, 1, 1, 12, tzinfo=UTC2), datetime(2024, 1, 1, 10, tzinfo=UTC), True),
        (date(2024, 1, 1), "2024-01-01", False),
        (time(10), time(10, 1), False),
        ("a", "A", False),
    ],
)
def test_values_have_one_key_where_they_are_equal(one: Any, other: Any, alike: bool) -> None:  # noqa: ANN401
    (unique,) = (each for each in KEYS[0].unique if each.field == "text")
    assert (unique.key(one) == unique.key(other)) == alike
    assert unique.key(None) is None
