"""What a step rejects, every validator rejects: a code that no table lists, a text that is no number or date.

The targets that cannot state it name it. Each case is judged record by record as the library judges it.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from fieldline.application.library import LoadedEstate
from fieldline.validators.parts import calendar
from fieldline.validators.targets import TARGETS
from fieldline.values.language import TEXTS
from fieldline.values.matcher import automaton_of
from fieldline.values.regex import parse

from ..properties.estates import estate
from .test_proof import in_node, in_pydantic

if TYPE_CHECKING:
    from pathlib import Path

    from fieldline.application.library import Entry

TEXT = {"type": "text", "max_length": 20}
# per case: the entry's field, the field downstream, the steps, values that arrive, and values that do not
STEPS: dict[str, tuple[dict[str, Any], dict[str, Any], list[Any], list[Any], list[Any]]] = {
    "a code that the table lacks": (
        TEXT,
        {"type": "text"},
        [{"map": {"values": {"M": "1", "F": "2"}}}],
        ["M", "F", None],
        ["m", "", "abc", "1"],
    ),
    "no code at all is accepted": (
        TEXT,
        {"type": "text", "one_of": ["3"]},
        [{"map": {"values": {"M": "1"}}}],
        [None],
        ["M", "", "abc"],
    ),
    "no whole number": (
        TEXT,
        {"type": "integer"},
        [{"cast": "integer"}],
        ["12", "-7", "+5", "007", None],
        ["abc", "1.5", "", "1 ", "1e5", "٣"],
    ),
    "no decimal number": (
        TEXT,
        {"type": "decimal"},
        [{"cast": "decimal"}],
        ["12", "-7.50", "0.1"],
        ["abc", ".5", "1.", "1,5", "NaN"],
    ),
    "no truth value": (TEXT, {"type": "boolean"}, [{"cast": "boolean"}], ["true", "false"], ["TRUE", "yes", "1", ""]),
    "no date": (
        TEXT,
        {"type": "date"},
        [{"cast": "date"}],
        ["2024-02-29", "0001-01-01", "9999-12-31"],
        ["2023-02-29", "2000-04-31", "1900-02-29", "2024-13-01", "0000-01-01", "24-01-01"],
    ),
    "no date of a notation": (
        TEXT,
        {"type": "text"},
        [{"reformat": {"from": "%d.%m.%Y", "to": "%Y-%m-%d"}}],
        ["29.02.2024", "31.12.1999"],
        ["29.02.2023", "2024-02-29", "1.1.2024"],
    ),
    "a text into a date without a cast": (
        TEXT,
        {"type": "date"},
        [],
        ["2024-01-31", None],
        ["2024-02-30", "abc", "31.01.2024", ""],
    ),
    "a text into a whole number without a cast": (TEXT, {"type": "integer"}, [], ["12", "-1"], ["abc", "1.5", ""]),
    "a text into a decimal number without a cast": (TEXT, {"type": "decimal", "max": 9}, [], ["1.5"], ["abc", "10"]),
    "a text into a truth value without a cast": (TEXT, {"type": "boolean"}, [], [None], ["true", "1"]),
    "a fraction into a whole number": (
        {"type": "decimal", "max": 99},
        {"type": "integer"},
        [],
        [3, -1, None],
        [1.5, -0.25],
    ),
    "a number that the table lacks": (
        {"type": "integer", "min": 0, "max": 9},
        {"type": "text"},
        [{"cast": "text"}, {"map": {"values": {"1": "x", "4": "y"}}}],
        [1, 4, None],
        [0, 7, 9],
    ),
    "a fraction that the table lacks": (
        {"type": "decimal"},
        {"type": "text"},
        [{"cast": "text"}, {"map": {"values": {"0.0000001": "x", "1000000000000000000000": "y", "-2.5": "z"}}}],
        [0.0000001, 1e21, -2.5],
        [0, 1, 2.5, 1e-8],
    ),
    "a day that the table lacks": (
        {"type": "date"},
        {"type": "text"},
        [{"cast": "text"}, {"map": {"values": {"2024-02-29": "x", "1999-12-31": "y"}}}],
        ["2024-02-29", "1999-12-31"],
        ["2024-02-28", "2000-01-01"],
    ),
    "no null, where values are joined": (
        TEXT,
        {"type": "text"},
        [{"concat": {"separator": " ", "nulls": "refuse"}}],
        ["a", ""],
        [None],
    ),
}
NEVER_LEFT = {"es-module", "pydantic", "pandera"}


@cache
def entry_with(case: str) -> Entry:
    field, target, steps, _, __ = STEPS[case]
    joined = any("concat" in step for step in steps)
    own = {"c": field, "d": {"type": "text", "required": True, "one_of": ["d"]}}
    flow = {"from": ["in.e.c", "in.e.d"] if joined else "in.e.c", "to": "ledger9.e.c", "via": steps}
    return LoadedEstate(estate({"in": own, "ledger9": {"c": target}}, [flow])).entry("in.e")


def records(case: str) -> tuple[list[dict[str, Any]], list[bool]]:
    good, bad = STEPS[case][3:]
    return [{"c": value, "d": "d"} for value in [*good, *bad]], [True] * len(good) + [False] * len(bad)


@pytest.mark.parametrize("case", STEPS)
def test_the_library_and_the_model_reject_what_a_step_rejects(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = entry_with(case)
    tried, right = records(case)
    typed = [entry.typed(record) for record in tried]
    assert [entry.validate(record).is_valid for record in typed] == right
    held = [{n: Decimal(repr(v)) if isinstance(v, float) else v for n, v in record.items()} for record in typed]
    assert [entry.is_valid(record) for record in held] == right
    generated = TARGETS["pydantic"](entry)
    assert generated.left == ()
    assert in_pydantic(generated.text, held, monkeypatch) == right


@pytest.mark.needs_node
@pytest.mark.parametrize("case", STEPS)
def test_the_module_rejects_what_a_step_rejects(case: str, tmp_path: Path) -> None:
    tried, right = records(case)
    generated = TARGETS["es-module"](entry_with(case))
    assert generated.left == ()
    assert in_node(generated.text, tried, tmp_path) == right


@pytest.mark.parametrize("case", STEPS)
def test_json_schema_rejects_what_a_step_rejects_or_names_it(case: str) -> None:
    entry = entry_with(case)
    tried, right = records(case)
    generated = TARGETS["json-schema"](entry)
    accepted = list(map(jsonschema_rs.validator_for(json.loads(generated.text)).is_valid, tried))
    if generated.left:
        assert any("ledger9" in left.message for left in generated.left)
        assert all(told or not wanted for told, wanted in zip(accepted, right, strict=True))
    else:
        assert accepted == right
        assert "ledger9" in generated.text


@pytest.mark.parametrize("case", STEPS)
def test_who_demands_it_is_stated_or_named(case: str) -> None:
    entry = entry_with(case)
    for target, write in TARGETS.items():
        generated = write(entry)
        assert any("ledger9" in left.message for left in generated.left) or "ledger9" in generated.text, target
        if target in NEVER_LEFT:
            assert generated.left == ()


@pytest.mark.parametrize(
    "target", ["json-schema", "sql-postgres", "sql-mysql", "sql-duckdb", "query-spark", "gx", "html"]
)
def test_a_text_cast_to_a_date_is_stated_wherever_there_are_patterns(target: str) -> None:
    assert TARGETS[target](entry_with("no date")).left == ()


def test_the_pattern_of_the_calendar_is_the_calendar() -> None:
    form = calendar()
    assert form.pattern is not None
    parsed = automaton_of(parse(form.pattern).language & TEXTS, 5_000)
    assert parsed is not None
    assert (parsed.columns, parsed.rows, parsed.accepts) == (
        form.automaton.columns,
        form.automaton.rows,
        form.automaton.accepts,
    )


def test_json_schema_knows_the_days_of_a_date_field() -> None:
    entry = LoadedEstate(estate({"in": {"c": {"type": "date"}}}, [])).entry("in.e")
    generated = TARGETS["json-schema"](entry)
    assert generated.left == ()
    is_valid = jsonschema_rs.validator_for(json.loads(generated.text)).is_valid
    days = ["2024-02-29", "2000-02-29", "0001-01-01", None, "2023-02-29", "1900-02-29", "2024-04-31", "0000-01-01", "x"]
    assert [is_valid({"c": day}) for day in days] == [True] * 4 + [False] * 5


@pytest.mark.parametrize("kind", ["time", "datetime"])
def test_a_type_that_json_schema_and_the_module_cannot_check_is_named(kind: str) -> None:
    entry = LoadedEstate(estate({"in": {"c": {"type": kind}}}, [])).entry("in.e")
    for target in ("json-schema", "json-schema-draft-07", "es-module", "zod", "html"):
        assert [left.message for left in TARGETS[target](entry).left] == [f"c must be of type {kind}"]


def test_sqlite_is_told_the_types_that_its_columns_do_not_have() -> None:
    kinds = {"a": "text", "b": "integer", "c": "decimal", "d": "boolean", "e": "date"}
    entry = LoadedEstate(estate({"in": {n: {"type": k} for n, k in kinds.items()}}, [])).entry("in.e")
    generated = TARGETS["sql-sqlite"](entry)
    assert generated.left == ()
    good: dict[str, list[Any]] = {
        "a": ["", "1", None],
        "b": [1, -5],
        "c": [1, 0.5],
        "d": [0, 1],
        "e": ["2024-02-29", "0001-01-01"],
    }
    bad: dict[str, list[Any]] = {
        "a": [b"x"],
        "b": ["x", 1.5],
        "c": ["x", float("inf")],
        "d": [2, "true"],
        "e": ["2023-02-29", "x", 5, "0000-01-01", "2024-1-1"],
    }
    with closing(sqlite3.connect(":memory:")) as connection:
        columns = "a TEXT, b BIGINT, c DECIMAL(9, 2), d BOOLEAN, e DATE"
        connection.execute(f"CREATE TABLE e ({columns},\n{generated.text.rstrip().removesuffix(',')})")
        for name, values in good.items():
            for value in values:
                connection.execute(f"INSERT INTO e ({name}) VALUES (?)", [value])
        for name, values in bad.items():
            for value in values:
                with pytest.raises(sqlite3.IntegrityError):
                    connection.execute(f"INSERT INTO e ({name}) VALUES (?)", [value])


def test_a_step_that_rejects_nothing_demands_nothing() -> None:
    kept = {"map": {"values": {"M": "1"}, "otherwise": "keep"}}
    flows = [{"from": "in.e.c", "to": "ledger9.e.c", "via": [kept]}]
    entry = LoadedEstate(estate({"in": {"c": TEXT}, "ledger9": {"c": {"type": "text"}}}, flows)).entry("in.e")
    for target, write in TARGETS.items():
        generated = write(entry)
        assert "ledger9" not in generated.text
        assert not any("ledger9" in left.message for left in generated.left), target


def test_the_reason_says_that_a_value_cannot_be_converted_and_gives_no_other_reason_of_that_field() -> None:
    flows = [{"from": "in.e.c", "to": "ledger9.e.c", "via": [{"cast": "integer"}]}]
    systems = {"in": {"c": {"type": "text", "max_length": 3}}, "ledger9": {"c": {"type": "integer", "max": 100}}}
    entry = LoadedEstate(estate(systems, flows)).entry("in.e")
    reasons = [violation.reason for violation in entry.validate({"c": "abcd"}).violations]
    allowed = "Allowed: at most 3 characters (digits, + and hyphens), in a certain form, for instance 0."
    assert reasons == [
        f"c is too long: it has 4 characters. {allowed}",
        f"c must not contain the character a. {allowed}",
    ]
    assert [violation.reason for violation in entry.validate({"c": "500"}).violations] == [
        f"c does not have the right form. {allowed}"
    ]
