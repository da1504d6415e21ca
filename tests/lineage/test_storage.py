"""What a field does with a value that arrives: it rejects, cuts, replaces, or takes it although it should not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.documents.names import FieldName
from fieldline.lineage.storage import storage
from fieldline.lineage.transform import chain_apply

from ..properties import strategies as our
from ..properties.estates import estate, text_fields
from ..properties.strategies import tries

if TYPE_CHECKING:
    from fieldline.contracts.model import Field
    from fieldline.values.valueset import Value


def field(**written: object) -> Field:
    return estate({"s": {"f": {"type": "text", **written}}}, []).contracts.fields[FieldName.read("s.e.f")]


def rejected(made: Field, value: Value) -> set[str]:
    return {rejection.constraint.name for rejection in storage(made).rejections if value not in rejection.accepts}


def stored(made: Field, value: Value) -> object:
    return chain_apply(storage(made).transforms, value)


def test_a_rejecting_field_refuses_and_changes_nothing() -> None:
    made = field(max_length=3, pattern="[a-z]*")
    assert storage(made).transforms == ()
    assert rejected(made, "abcd") == {"max_length"}
    assert rejected(made, "AAAA") == {"max_length", "pattern"}
    assert "type" in rejected(made, 5)
    assert rejected(made, None) == set()


@pytest.mark.parametrize(
    ("limit", "typed", "kept"),
    [
        ({"max_length": 3}, "abcd", "abc"),
        ({"max_utf16": 3}, "a😀😀", "a😀"),
        ({"max_bytes": {"limit": 5, "encoding": "utf-8"}}, "äää", "ää"),
        ({"max_length": 3, "max_bytes": {"limit": 2, "encoding": "latin-1"}}, "abcd", "ab"),
    ],
)
def test_a_truncating_field_cuts_between_characters(limit: dict[str, object], typed: str, kept: str) -> None:
    made = field(**limit, on_violation="truncate")
    assert rejected(made, typed) == set()
    assert stored(made, typed) == kept


def test_a_truncating_field_refuses_what_cutting_does_not_mend() -> None:
    made = field(max_length=3, min_length=2, pattern="[a-z]*", required=True, on_violation="truncate")
    assert rejected(made, "abcdefg") == set()
    assert rejected(made, "a") == {"min_length"}
    assert rejected(made, "ABCD") == {"pattern"}
    assert rejected(made, "abcD") == set(), "the part that is cut off is not looked at"
    assert rejected(made, None) == {"required"}


def test_a_field_of_bytes_refuses_what_its_encoding_does_not_hold_even_if_it_cuts() -> None:
    made = field(max_bytes={"limit": 3, "encoding": "latin-1"}, on_violation="truncate")
    assert rejected(made, "abcŁ") == {"max_bytes"}


def test_a_replacing_field_writes_question_marks() -> None:
    made = field(encodable="ascii", on_violation="replace")
    assert rejected(made, "größe😀") == set()
    assert stored(made, "größe😀") == "gr??e?"


def test_an_accepting_field_takes_everything_of_its_type() -> None:
    made = field(max_length=1, required=True, on_violation="accept")
    assert rejected(made, "abc") == set()
    assert rejected(made, None) == set()
    assert rejected(made, 5) == {"type"}
    assert {c.name for c in storage(made).ignored} == {"max_length", "required"}


def test_each_constraint_has_an_action_of_its_own() -> None:
    made = field(max_length={"limit": 3, "on_violation": "truncate"}, pattern="[a-z]*")
    assert rejected(made, "abcd") == set()
    assert stored(made, "abcd") == "abc"
    assert rejected(made, "ABCD") == {"pattern"}
    other = field(max_length=3, encodable={"encoding": "ascii", "on_violation": "reject"}, on_violation="replace")
    assert rejected(other, "é") == {"encodable"}


@pytest.mark.parametrize(
    ("written", "arriving", "kept"),
    [
        ({"type": "decimal", "scale": {"limit": 2, "on_violation": "round"}}, Decimal("1.239"), Decimal("1.24")),
        ({"type": "decimal", "scale": {"limit": 2, "on_violation": "round"}}, Decimal("-1.235"), Decimal("-1.24")),
        ({"type": "decimal", "scale": {"limit": 2, "on_violation": "truncate"}}, Decimal("1.239"), Decimal("1.23")),
        ({"type": "decimal", "precision": {"limit": 3, "on_violation": "round"}}, Decimal("1.5"), 2),
        ({"type": "integer", "on_violation": "round"}, Decimal("-0.5"), -1),
        ({"type": "integer", "max": {"limit": 9, "on_violation": "clamp"}}, 12, 9),
        ({"type": "decimal", "precision": {"limit": 3, "on_violation": "clamp"}, "scale": 1}, -500, Decimal("-99.9")),
        ({"type": "date", "min": {"limit": "2000-01-01", "on_violation": "empty"}}, date(1999, 1, 1), None),
        ({"type": "text", "one_of": {"values": ["a"], "on_violation": "empty"}}, "b", ""),
        ({"type": "text", "max_length": 4, "stored": "padded"}, "ab", "ab  "),
        ({"type": "text", "max_bytes": {"limit": 4, "encoding": "utf-8"}, "stored": "padded"}, "é", "é  "),
        ({"type": "text", "max_length": 4, "stored": ["fitted", "stripped"]}, "ab    ", "ab"),
        ({"type": "text", "max_length": 4, "stored": "fitted"}, "ab    ", "ab  "),
        ({"type": "text", "stored": "empty_as_null"}, "", None),
        (
            {"type": "text", "stored": "uuid"},
            "{A0EEBC99-9C0B4EF8-BB6D6BB9-BD380A11}",
            "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        ),
    ],
)
def test_what_an_action_makes_of_a_value(written: dict[str, object], arriving: Value, kept: object) -> None:
    made = field(**written)
    assert rejected(made, arriving) == set()
    assert stored(made, arriving) == kept


def test_constraints_are_judged_before_a_text_is_filled_up_and_after_it_is_rounded() -> None:
    letters = field(max_length=4, pattern="[a-z]*", stored=["fitted", "padded"])
    assert rejected(letters, "ab") == set()
    assert rejected(letters, "ab  ") == {"pattern"}
    assert rejected(field(max_length=4, stored="fitted"), "ab   c") == {"max_length"}
    number = field(type="decimal", precision=3, scale={"limit": 1, "on_violation": "round"})
    assert rejected(number, Decimal("99.94")) == set()
    assert rejected(number, Decimal("99.95")) == {"precision"}


def test_the_empty_text_that_is_null_is_no_value_where_one_is_required() -> None:
    assert rejected(field(required=True, stored="empty_as_null"), "") == {"required"}


def test_of_an_action_that_is_not_known_the_values_within_are_sure() -> None:
    made = field(encodable={"encoding": "ascii", "on_violation": "unknown"})
    assert rejected(made, "é") == set()
    assert [c.name for c in storage(made).doubtful("é")] == ["encodable"]
    assert storage(made).doubtful("e") == ()


@tries(150)
@given(text_fields(), our.texts | st.text("aB é0", max_size=6))
def test_what_is_stored_meets_the_contract_unless_nothing_is_enforced(written: dict[str, object], text: str) -> None:
    made = estate({"s": {"f": written}}, []).contracts.fields[FieldName.read("s.e.f")]
    if rejected(made, text) or made.on_violation == "accept":
        return
    kept = stored(made, text)
    assert isinstance(kept, str)
    broken = {c.name for c in made.constraints if kept not in c.accepts}
    assert broken == set(), (text, kept)


@tries(100)
@given(text_fields(), our.texts | st.text("aB é0", max_size=6))
def test_a_value_within_the_contract_is_stored_as_it_is(written: dict[str, object], text: str) -> None:
    made = estate({"s": {"f": written}}, []).contracts.fields[FieldName.read("s.e.f")]
    if text in made.accepts:
        assert rejected(made, text) == set()
        assert stored(made, text) == text
