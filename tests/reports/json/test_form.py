"""Forms: the JSON and its schema come from one description, so what is written is what the schema says."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.reports.json.form import (
    DURATION_FORM,
    INTEGER_FORM,
    PROSE,
    VALUE,
    Member,
    Object,
    OrNull,
    Several,
    document,
    form_schema,
)
from fieldline.values.valueset import Value

TREE: Object[dict[str, int]] = Object(
    "node",
    "A thing.",
    (
        Member("number", "How many.", INTEGER_FORM, lambda thing: thing["n"]),
        Member("more", "None or another.", OrNull(INTEGER_FORM), lambda thing: thing.get("m")),
        Member("all", "Several.", Several(INTEGER_FORM), lambda thing: thing.values()),
    ),
)


def test_an_object_has_all_its_members_always() -> None:
    assert TREE.write({"n": 1}) == {"number": 1, "more": None, "all": [1]}


def test_its_schema_is_a_draft_7_schema_that_admits_what_is_written() -> None:
    schema = form_schema(TREE, "A tree")
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    jsonschema_rs.meta.validate(schema)
    jsonschema_rs.validate(schema, TREE.write({"n": 1, "m": 2}))
    assert not jsonschema_rs.is_valid(schema, {"number": 1, "more": None})
    assert not jsonschema_rs.is_valid(schema, {"number": "1", "more": None, "all": []})


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, None),
        ("12", "12"),
        (True, True),
        (10**30, 10**30),
        (Decimal("12.50"), "12.50"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-8"), "0.00000001"),
        (date(2024, 2, 29), "2024-02-29"),
        (time(22, 15), "22:15:00"),
        (datetime(2024, 2, 29, 22, 15, tzinfo=UTC), "2024-02-29T22:15:00+00:00"),
    ],
)
def test_a_value_as_json(value: Value, written: object) -> None:
    assert VALUE.write(value) == written
    jsonschema_rs.validate(VALUE.schema({}), written)


@pytest.mark.parametrize(
    ("length", "written"),
    [
        (timedelta(hours=24), "P1D"),
        (timedelta(minutes=90), "PT1H30M"),
        (timedelta(0), "P0D"),
        (timedelta(days=7), "P7D"),
    ],
)
def test_a_duration_is_written_as_iso_8601_writes_it(length: timedelta, written: str) -> None:
    assert DURATION_FORM.write(length) == written
    jsonschema_rs.validate(DURATION_FORM.schema({}), written)


@given(st.text())
def test_prose_holds_no_control_character_and_a_document_is_printable_ascii(text: str) -> None:
    prose = PROSE.write(text)
    assert all(character >= " " and character != "\x7f" for character in prose)
    written = document({"text": text, "prose": prose})
    assert json.loads(written) == {"text": text, "prose": prose}
    assert all(character == "\n" or " " <= character <= "~" for character in written)
