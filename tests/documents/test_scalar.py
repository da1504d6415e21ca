"""Single values: typed by what is expected, never by what they look like; what is rejected says what to write."""

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.documents import shape
from fieldline.documents.location import Location
from fieldline.documents.names import FieldName
from fieldline.documents.problem import Problem, Problems
from fieldline.documents.shape import Choice, Integer, Shape
from fieldline.documents.yaml_events import ScalarNode, read

POINTS = Integer(1, 10)
SHAPES: dict[str, Shape[object]] = {
    "TEXT": shape.TEXT,
    "NAME": shape.NAME,
    "FIELD_NAME": shape.FIELD_NAME,
    "INTEGER": shape.INTEGER,
    "COUNT": shape.COUNT,
    "NUMBER": shape.NUMBER,
    "BOOLEAN": shape.BOOLEAN,
    "DURATION": shape.DURATION,
    "DATE": shape.DATE,
    "TIME": shape.TIME,
    "DATETIME": shape.DATETIME,
    "ENCODING": shape.ENCODING,
    "POINTS": POINTS,
    "CHOICE": Choice("keep", "refuse", "null"),
}


def reading(name: str, source: str) -> tuple[object, tuple[Problem, ...]]:
    problems = Problems()
    node = read(source, "f.yaml", problems)
    assert node is not None
    return SHAPES[name].read(node, problems), problems.all()


@pytest.mark.parametrize(
    ("name", "source", "value"),
    [
        *(("TEXT", word, word) for word in ("no", "012", "2024-01-01", "~", "null", "1_000", "true")),
        ("TEXT", '""', ""),
        ("TEXT", '"a\\tb"', "a\tb"),
        ("TEXT", "|\n  block\n", "block\n"),
        *(("NAME", word, word) for word in ("billing", "_x", "no", "null", "CUST-NO", "kundnr_åäö", "a1")),
        ("FIELD_NAME", "billing.customer.user-name", FieldName("billing", "customer", "user-name")),
        ("INTEGER", "0", 0),
        ("INTEGER", "-12", -12),
        ("INTEGER", '"012"', 12),
        ("INTEGER", "-0", 0),
        ("COUNT", "2147483647", 2147483647),
        ("NUMBER", "0.10", Decimal("0.10")),
        ("NUMBER", '"99999.99"', Decimal("99999.99")),
        ("NUMBER", '"-007.5"', Decimal("-7.5")),
        ("BOOLEAN", "true", True),
        ("BOOLEAN", "false", False),
        ("DURATION", "P3D", timedelta(days=3)),
        ("DATE", "1601-01-01", date(1601, 1, 1)),
        ("DATE", '"2024-02-29"', date(2024, 2, 29)),
        ("TIME", "22:15", time(22, 15)),
        ("TIME", "22:15:30.5", time(22, 15, 30, 500_000)),
        ("DATETIME", "2024-12-31T22:15:30.25Z", datetime(2024, 12, 31, 22, 15, 30, 250_000, UTC)),
        ("DATETIME", "2024-12-31 22:15+02:00", datetime(2024, 12, 31, 22, 15, tzinfo=timezone(timedelta(hours=2)))),
        ("ENCODING", "cp037", "cp037"),
        ("ENCODING", "UTF-8", "UTF-8"),
        ("POINTS", "10", 10),
        ("CHOICE", "null", "null"),
        ("CHOICE", '"keep"', "keep"),
    ],
)
def test_values_are_read(name: str, source: str, value: object) -> None:
    assert reading(name, source) == (value, ())
    assert type(reading(name, source)[0]) is type(value)


@pytest.mark.parametrize(
    ("name", "source", "message", "suggestion"),
    [
        ("NAME", "9lives", '"9lives" is not a name', None),
        ("NAME", "first name", '"first name" is not a name', "first_name"),
        ("NAME", "a.b", '"a.b" is not a name', "a_b"),
        ("NAME", "a\u0308", '"a\u0308" is not a name', "\u00e4"),
        ("FIELD_NAME", "crm.person", '"crm.person" is not a field\'s full name', None),
        ("FIELD_NAME", "crm.person.x.y", '"crm.person.x.y" is not a field\'s full name', None),
        ("FIELD_NAME", "crm..x", '"crm..x" is not a field\'s full name', None),
        ("INTEGER", "012", "012 is ambiguous: some read it as octal", '12, or "012" in quotes'),
        ("INTEGER", "1_000", '"1_000" is not a whole number', "1000"),
        ("INTEGER", '"1,000"', '"1,000" is not a whole number', "1000"),
        ("INTEGER", "+5", '"+5" is not a whole number', "5"),
        ("INTEGER", "1.5", '"1.5" is not a whole number', "1.5"),
        ("INTEGER", "1e3", "1e3 has an exponent; write the number out", None),
        ("INTEGER", "0x1F", '"0x1F" is not a whole number', None),
        ("INTEGER", '"-"', '"-" is not a whole number', None),
        ("INTEGER", "_", '"_" is not a whole number', None),
        ("NUMBER", '"-"', '"-" is not a number', None),
        ("INTEGER", "٣", '"٣" is not a whole number', None),
        ("INTEGER", "9" * 5000, "a number of more than 100 digits", None),
        ("COUNT", "-1", "-1 is out of range", None),
        ("NUMBER", ".5", '".5" is not a number', "0.5"),
        ("NUMBER", "5.", '"5." is not a number', "5"),
        ("NUMBER", ".inf", '".inf" is not a number', None),
        ("NUMBER", "1e999999999", "1e999999999 has an exponent; write the number out", None),
        ("NUMBER", "NaN", '"NaN" is not a number', None),
        ("BOOLEAN", "yes", '"yes" is not true or false', "true"),
        ("BOOLEAN", "No", '"No" is not true or false', "false"),
        ("BOOLEAN", "TRUE", '"TRUE" is not true or false', "true"),
        ("BOOLEAN", '"true"', '"true" is not true or false', "true"),
        ("BOOLEAN", "maybe", '"maybe" is not true or false', None),
        ("DURATION", "3 days", '"3 days" is not an ISO 8601 duration', "P3D"),
        ("DURATION", "P1M", '"P1M" is not an ISO 8601 duration', None),
        ("DATE", "2024-13-01", "2024-13-01 is not in the calendar", None),
        ("DATE", "0000-01-01", "0000-01-01 is not in the calendar", None),
        ("DATE", "20240101", '"20240101" is not a date', None),
        ("DATE", "2024-W01-1", '"2024-W01-1" is not a date', None),
        ("TIME", "24:00", "24:00 is not on the clock", None),
        ("TIME", "9:00", '"9:00" is not a time of day', None),
        ("DATETIME", "2024-01-01T12:00:00", "2024-01-01T12:00:00 has no zone", "2024-01-01T12:00:00Z"),
        ("DATETIME", "2024-01-01T12:00:00+25:00", "2024-01-01T12:00:00+25:00 is not in the calendar", None),
        ("DATETIME", "2024-01-01", '"2024-01-01" is not a date and time with its zone', None),
        ("ENCODING", "latn-1", '"latn-1": no such encoding', "latin-1"),
        ("ENCODING", "base64", '"base64": is not a character encoding', None),
        ("ENCODING", "utf-16", '"utf-16": adds a byte-order mark; name utf-16-le or utf-16-be', "utf-16-le"),
        ("POINTS", "11", "11 is out of range", None),
        ("CHOICE", "Keep", '"Keep" is not known here', "keep"),
    ],
)
def test_what_is_refused_says_what_to_write(name: str, source: str, message: str, suggestion: str | None) -> None:
    value, problems = reading(name, source)
    length = len(source) if source.isprintable() else 1
    expected = SHAPES[name].expected
    assert (value, problems) == (None, (Problem(Location("f.yaml", 1, 1), message, expected, suggestion, length),))


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize(
    ("source", "message", "place"),
    [
        ("k:", "nothing stands here", "f.yaml:1:3"),
        ("k: [a]", "a list cannot stand here", "f.yaml:1:4"),
        ("k: {a: b}", "a mapping cannot stand here", "f.yaml:1:4"),
    ],
)
def test_other_kinds_of_node_are_refused_everywhere(name: str, source: str, message: str, place: str) -> None:
    problems = Problems()
    node = read(source, "f.yaml", problems)
    assert node is not None
    shape.Keyed("k", "", (shape.Key("k", SHAPES[name], ""),)).read(node, problems)
    (problem,) = problems.all()
    assert (problem.message, str(problem.location)) == (message, place)
    assert problem.expected == SHAPES[name].expected


def json_value(source: str) -> object:
    """What a JSON Schema sees of a plain scalar, as YAML 1.2 types it."""
    if source in {"true", "false"}:
        return source == "true"
    try:
        return json.loads(source)
    except ValueError:
        return source


@given(st.sampled_from(sorted(SHAPES)), st.text("0123456789-+.:TZPDMHabenoru_ ", min_size=1, max_size=12))
def test_the_json_schema_admits_what_is_read(name: str, text: str) -> None:
    quoted = f'"{text}"'
    if reading(name, quoted)[1] == ():
        assert jsonschema_rs.is_valid(SHAPES[name].schema({}), text)
    node = read(text, "f.yaml", Problems())
    if isinstance(node, ScalarNode) and node.value == text and text not in {"null", "true"}:
        value, problems = reading(name, text)
        assert problems or value is not None
        assert problems or jsonschema_rs.is_valid(SHAPES[name].schema({}), json_value(text))
