"""Every constraint of the language: the sentence it says, the values it admits, the values it does not."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.contracts.constraint import Constraint, OneOf, accepted
from fieldline.contracts.model import Field
from fieldline.contracts.read import read_contracts
from fieldline.documents.names import FieldName
from fieldline.documents.problem import Problems
from fieldline.documents.readings import Readings
from fieldline.documents.yaml_events import read
from fieldline.formats.sources import CONTRACT
from fieldline.values.valueset import Value, ValueSet

EVERY_TYPE: tuple[Value, ...] = (
    "x",
    5,
    Decimal("0.5"),
    True,
    date(2024, 5, 1),
    time(12, 0),
    datetime(2024, 5, 1, tzinfo=UTC),
)


def field(written: str) -> Field:
    problems = Problems()
    source = f"system: s\nentities: {{e: {{fields: {{f: {written}}}}}}}\n"
    tree = read(source, "contracts/s.yaml", problems)
    assert tree is not None
    contracts = read_contracts([tree], CONTRACT, problems, Readings())
    assert problems.all() == ()
    return contracts.fields[FieldName.read("s.e.f")]


def constraint(written: str, name: str) -> Constraint:
    (found,) = (constraint for constraint in field(written).constraints if constraint.name == name)
    return found


CASES: list[tuple[str, str, str, list[Value], list[Value]]] = [
    ("{type: text}", "type", "text", ["", "x", "\0"], [5, True]),
    ("{type: integer}", "type", "integer", [0, -5, Decimal("3.0")], ["3", Decimal("0.5"), True]),
    ("{type: decimal}", "type", "decimal", [0, Decimal("0.5")], ["0.5", False]),
    ("{type: boolean}", "type", "boolean", [True, False], [0, 1, "true"]),
    ("{type: date}", "type", "date", [date(2024, 5, 1)], [datetime(2024, 5, 1, tzinfo=UTC), "2024-05-01"]),
    ("{type: time}", "type", "time", [time(0, 0), time(23, 59, 59, 999_999)], [date(2024, 5, 1)]),
    ("{type: datetime}", "type", "datetime", [datetime(2024, 5, 1, tzinfo=UTC)], [date(2024, 5, 1)]),
    ("{type: text, min_length: 1}", "min_length", "at least 1 character", ["a", "😀"], ["", 5]),
    ("{type: text, min_length: 2}", "min_length", "at least 2 characters", ["ab"], ["😀"]),
    ("{type: text, max_length: 2}", "max_length", "at most 2 characters", ["", "ab", "😀😀"], ["abc", 5]),
    ("{type: text, max_utf16: 2}", "max_utf16", "at most 2 UTF-16 units", ["ab", "😀"], ["abc", "😀a"]),
    ("{type: text, min_utf16: 2}", "min_utf16", "at least 2 UTF-16 units", ["😀"], ["å"]),
    (
        "{type: text, max_bytes: {limit: 3, encoding: utf-8}}",
        "max_bytes",
        "at most 3 bytes in utf-8",
        ["abc", "€", "åa"],
        ["åå", "😀"],
    ),
    (
        "{type: text, max_bytes: {limit: 2, encoding: cp037}}",
        "max_bytes",
        "at most 2 bytes in cp037",
        ["ab", "åÅ"],
        ["abc", "€", "ł"],
    ),
    (
        "{type: text, min_bytes: {limit: 1, encoding: latin-1}}",
        "min_bytes",
        "at least 1 byte in latin-1",
        ["å"],
        ["", "€", "å€"],
    ),
    ("{type: text, encodable: latin-1}", "encodable", "encodable in latin-1", ["", "å" * 500], ["€", "ł", "a😀"]),
    ("{type: text, encodable: utf-8}", "encodable", "encodable in utf-8", ["😀", ""], [5]),
    ('{type: text, pattern: "[A-Z0-9]*"}', "pattern", "matches [A-Z0-9]* (ecma)", ["", "A9"], ["a", "A\n", " A"]),
    (
        "{type: text, pattern: {regex: '[a-z]+', flags: i}}",
        "pattern",
        "matches [a-z]+ (ecma, flags i)",
        ["aB"],
        ["", "1"],
    ),
    (
        "{type: text, pattern: {regex: 'A_%', dialect: sql_like}}",
        "pattern",
        "matches A_% (sql_like)",
        ["Ab", "A%c"],
        ["A"],
    ),
    ("{type: text, one_of: [A, no, 012]}", "one_of", "one of A, no, 012", ["A", "no", "012"], ["B", "", 12, False]),
    ("{type: text, one_of: [A]}", "one_of", "only A", ["A"], ["a"]),
    ("{type: integer, one_of: [1, 2]}", "one_of", "one of 1, 2", [1, Decimal(2)], [3, "1", True]),
    (
        "{type: integer, one_of: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}",
        "one_of",
        "one of 1, 2, 3, 4, 5, 6, 7, 8 and 2 more",
        [10],
        [11],
    ),
    ("{type: boolean, one_of: [true]}", "one_of", "only true", [True], [False, 1]),
    ("{type: date, one_of: [2024-05-01]}", "one_of", "only 2024-05-01", [date(2024, 5, 1)], [date(2024, 5, 2)]),
    ('{type: text, not_one_of: [root, ""]}', "not_one_of", 'not one of root, ""', ["Root", "x"], ["root", "", 5]),
    ("{type: decimal, not_one_of: [0.0]}", "not_one_of", "not 0.0", [1, Decimal("0.1")], [0, Decimal("0.00"), "0"]),
    ("{type: integer, min: 0}", "min", "at least 0", [0, 5], [-1, "0"]),
    ('{type: decimal, max: "99999.99"}', "max", "at most 99999.99", [Decimal("99999.99"), -1], [Decimal("99999.991")]),
    ("{type: decimal, exclusive_min: 0}", "exclusive_min", "more than 0", [Decimal("0.001")], [0, -1]),
    ("{type: decimal, exclusive_max: 1}", "exclusive_max", "less than 1", [Decimal("0.999")], [1]),
    ("{type: date, min: 1601-01-01}", "min", "1601-01-01 or later", [date(1601, 1, 1)], [date(1600, 12, 31)]),
    ("{type: date, max: 2100-12-31}", "max", "2100-12-31 or earlier", [date(2100, 12, 31)], [date(2101, 1, 1)]),
    (
        "{type: date, exclusive_max: 2024-05-01}",
        "exclusive_max",
        "before 2024-05-01",
        [date(2024, 4, 30)],
        [date(2024, 5, 1)],
    ),
    ('{type: time, exclusive_min: "22:15"}', "exclusive_min", "after 22:15:00", [time(22, 15, 1)], [time(22, 15)]),
    (
        "{type: datetime, min: '2024-05-01T02:00:00+02:00'}",
        "min",
        "2024-05-01T02:00:00+02:00 or later",
        [datetime(2024, 5, 1, tzinfo=UTC)],
        [datetime(2024, 4, 30, 23, 59, 59, tzinfo=UTC)],
    ),
    (
        "{type: decimal, scale: 2}",
        "scale",
        "at most 2 decimals",
        [Decimal("0.25"), Decimal("1.500"), 10**9],
        [Decimal("0.255")],
    ),
    ("{type: decimal, scale: 0}", "scale", "no decimals", [5, Decimal("5.0")], [Decimal("0.1")]),
    (
        "{type: text, check_digits: luhn}",
        "check_digits",
        "right check digits (Luhn)",
        ["00", "4539578763621486"],
        ["", "0", "4539578763621487", "4539 578763621486"],
    ),
    (
        "{type: text, check_digits: {scheme: iban}}",
        "check_digits",
        "right check digits (IBAN)",
        ["FI2112345600000785"],
        ["FI2112345600000786", "fi2112345600000785"],
    ),
    (
        "{type: decimal, significant_digits: 3}",
        "significant_digits",
        "at most 3 significant digits",
        [0, 999, Decimal("9.99"), Decimal("-0.00123"), Decimal("1.50")],
        [1234, Decimal("10.25"), Decimal("0.01234")],
    ),
    (
        "{type: decimal, significant_digits: {limit: 1, whole: 3}}",
        "significant_digits",
        "at most 1 significant digit, or 3 of a whole number",
        [-999, Decimal("0.5")],
        [1000, Decimal("1.5")],
    ),
    (
        "{type: decimal, precision: 7, scale: 2}",
        "precision",
        "at most 5 digits before the decimal point",
        [Decimal("99999.999"), -99999],
        [100_000, -100_000],
    ),
    (
        "{type: decimal, precision: 3}",
        "precision",
        "at most 3 digits before the decimal point and no decimals",
        [999, -999],
        [1000, Decimal("9.5")],
    ),
    (
        "{type: integer, precision: 1}",
        "precision",
        "at most 1 digit before the decimal point and no decimals",
        [9],
        [10],
    ),
    (
        "{type: decimal, precision: 2, scale: 2}",
        "precision",
        "less than 1 either side of zero",
        [Decimal("0.99")],
        [1, -1],
    ),
    (
        "{type: decimal, precision: 2, scale: 4}",
        "precision",
        "less than 0.01 either side of zero",
        [Decimal("-0.0099")],
        [Decimal("0.01")],
    ),
    ("{type: text, required: true}", "required", "not null", ["", "x", 5, True], []),
    ('{type: text, opaque: "CHECK (luhn(f))"}', "opaque", "CHECK (luhn(f))", ["", "x"], []),
]


@pytest.mark.parametrize(("written", "name", "sentence", "members", "others"), CASES)
def test_what_a_constraint_says_and_admits(
    written: str, name: str, sentence: str, members: list[Value], others: list[Value]
) -> None:
    found = constraint(written, name)
    assert found.sentence == sentence
    assert [value for value in members if value not in found.accepts] == []
    assert [value for value in others if value in found.accepts] == []


@pytest.mark.parametrize(("written", "name"), [case[:2] for case in CASES])
def test_a_constraint_speaks_for_itself_alone(written: str, name: str) -> None:
    accepts = constraint(written, name).accepts
    assert (None in accepts) == (name != "required")
    of_type = field(written).type
    own = ValueSet.of_type("decimal" if of_type == "integer" else of_type)  # one kind of value: numbers
    foreign = [value for value in EVERY_TYPE if value not in own and value in accepts]
    assert foreign == [value for value in EVERY_TYPE if name in {"required", "opaque"} and value not in own]


def test_every_constraint_of_the_language_is_tried_here() -> None:
    from fieldline.contracts import layout

    assert {key.name for key in layout.CONSTRAINTS} == {name for _, name, *_ in CASES}


def test_required_false_is_no_constraint() -> None:
    found = field("{type: text, required: false}")
    assert [constraint.name for constraint in found.constraints] == ["type"]
    assert (found.required, None in found.accepts) == (False, True)


def test_a_field_accepts_what_all_its_constraints_admit() -> None:
    found = field('{type: text, required: true, max_length: 3, pattern: "[a-z]*", not_one_of: [abc]}')
    values: list[Value] = ["", "ab", "abc", "abcd", "A", None, 5]
    assert [value for value in values if value in found.accepts] == ["", "ab"]


@given(st.text(max_size=6), st.integers(0, 6), st.integers(0, 6))
def test_lengths_are_those_of_the_standard_encoders(text: str, low: int, high: int) -> None:
    low, high = sorted((low, high))
    text = text.encode("utf-8", "replace").decode()
    sizes = {
        "min_length: {0}, max_length: {1}": len(text),
        "min_utf16: {0}, max_utf16: {1}": len(text.encode("utf-16-le")) // 2,
        "min_bytes: {{limit: {0}, encoding: utf-8}}, max_bytes: {{limit: {1}, encoding: utf-8}}": len(text.encode()),
    }
    for written, size in sizes.items():
        accepts = field("{type: text, " + written.format(low, high) + "}").accepts
        assert (text in accepts) == (low <= size <= high)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-2000, max_value=2000))
def test_precision_and_scale_are_those_of_sql(number: Decimal) -> None:
    accepts = field("{type: decimal, precision: 4, scale: 1}").accepts
    assert (number in accepts) == (abs(number) < 1000 and number == round(number, 1))


def test_true_alone_and_one_alone_are_different_demands() -> None:
    """Python holds `True` and `1` to be equal; what is kept of the one must never answer for the other."""
    assert 1 in accepted(OneOf((1,), "integer"))
    assert True in accepted(OneOf((True,), "boolean"))
    assert 1 not in accepted(OneOf((True,), "boolean"))


def test_each_rule_in_words_is_a_constraint_where_it_stands_and_says_why_it_is_not_known() -> None:
    found = field('{type: text, opaque: ["a", "b"]}')
    rules = [c for c in found.constraints if c.name == "opaque"]
    assert [(c.sentence, c.location.column) for c in rules] == [("a", 50), ("b", 55)]
    assert [c.doubt for c in rules] == [
        'the values that "a" rejects are not known',
        'the values that "b" rejects are not known',
    ]
    assert [c.doubt for c in found.constraints if c.name != "opaque"] == [None]
    assert [c.name for c in field("{type: text, opaque: []}").constraints] == ["type"]
