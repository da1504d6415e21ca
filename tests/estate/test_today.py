"""The day of the run: bounds and conditions that count from it, and answers that state it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fieldline
from fieldline.checker.diff.diff import diff
from fieldline.checker.judging.context import Context
from fieldline.checker.judging.simulate import travel
from fieldline.checker.requirement.screen import screen
from fieldline.checker.verdict.check import check
from fieldline.documents.days import DayShift, parse_shift
from fieldline.documents.names import FieldName
from fieldline.documents.problem import EstateError
from fieldline.estate.load import load_estate
from fieldline.reports.export.contract_yaml import contract_yaml
from fieldline.validators.use_cases import validator_for

from ..tracing import traced

if TYPE_CHECKING:
    from pathlib import Path

    from fieldline.estate.load import Estate

TODAY = date(2024, 2, 29)
CHILD = "born > CURRENT_DATE - INTERVAL '18 years' AND born <= CURRENT_DATE - INTERVAL '12 years'"
BANK = {"born": "{type: date, required: true}", "present": f'{{type: boolean, required: {{when: "{CHILD}"}}}}'}


def estate(root: Path, web: dict[str, str], bank: dict[str, str], today: date = TODAY) -> Estate:
    (root / "contracts").mkdir(exist_ok=True)
    (root / "lineage").mkdir(exist_ok=True)
    (root / "fieldline.yaml").write_text("estate: t\n")
    for name, kind, fields in (("web", "entry", web), ("bank", "table", bank)):
        lines = "".join(f"      {key}: {field}\n" for key, field in fields.items())
        text = f"system: {name}\nowner: {{team: a}}\nentities:\n  e:\n    kind: {kind}\n    fields:\n{lines}"
        (root / "contracts" / f"{name}.yaml").write_text(text)
    flows = [{"from": f"web.e.{name}", "to": f"bank.e.{name}"} for name in web if name in bank]
    (root / "lineage" / "l.yaml").write_text(json.dumps({"flows": flows}))
    return load_estate(root, today=today)


def errors(of: Estate) -> list[dict[str, Any]]:
    return [
        {str(name.field): value for name, value in (finding.witness or {}).items()}
        for finding in check(of).findings
        if finding.severity.value == "error"
    ]


def born(of: Estate, value: object) -> bool:
    """Whether the bank accepts this day, or instant."""
    return value in of.contracts.fields[FieldName("bank", "e", "born")].accepts


@pytest.mark.parametrize(
    ("bounds", "accepted", "rejected"),
    [
        ("max: today", ["2024-02-29", "1900-01-01"], ["2024-03-01"]),
        ("min: today", ["2024-02-29"], ["2024-02-28"]),
        ("exclusive_max: today", ["2024-02-28"], ["2024-02-29"]),
        ("exclusive_min: today", ["2024-03-01"], ["2024-02-29"]),
        ("max: {today: -P18Y}", ["2006-02-28"], ["2006-03-01"]),  # there is no 29 February 2006
        ("min: {today: -P120Y}", ["1904-02-29"], ["1904-02-28"]),
        ("max: {today: P30D}", ["2024-03-30"], ["2024-03-31"]),
        ("min: {today: -P1M}", ["2024-01-29"], ["2024-01-28"]),
        ("max: {limit: today}", ["2024-02-29"], ["2024-03-01"]),
    ],
)
def test_a_bound_counts_from_the_day_of_the_run(
    tmp_path: Path, bounds: str, accepted: list[str], rejected: list[str]
) -> None:
    of = estate(tmp_path, {"born": "{type: date}"}, {"born": f"{{type: date, {bounds}}}"})
    assert [born(of, date.fromisoformat(day)) for day in accepted] == [True] * len(accepted)
    assert [born(of, date.fromisoformat(day)) for day in rejected] == [False] * len(rejected)


def test_of_instants_a_day_is_all_of_it_in_utc(tmp_path: Path) -> None:
    last, first = datetime(2024, 2, 29, 23, 59, 59, 999999, UTC), datetime(2024, 2, 29, tzinfo=UTC)
    until = estate(tmp_path, {"born": "{type: datetime}"}, {"born": "{type: datetime, max: today}"})
    assert born(until, last)
    assert not born(until, datetime(2024, 3, 1, tzinfo=UTC))
    before = estate(tmp_path, {"born": "{type: datetime}"}, {"born": "{type: datetime, exclusive_max: today}"})
    assert not born(before, first)
    after = estate(tmp_path, {"born": "{type: datetime}"}, {"born": "{type: datetime, exclusive_min: today}"})
    assert not born(after, last)


def test_a_day_in_the_future_is_rejected_downstream(tmp_path: Path) -> None:
    of = estate(tmp_path, {"born": "{type: date, required: true}"}, {"born": "{type: date, max: today}"})
    (finding,) = [finding for finding in check(of).findings if finding.rule == "escape"]
    assert finding.binding is not None
    assert finding.binding.sentence == "2024-02-29 (today) or earlier"
    value = finding.witness and finding.witness[FieldName("web", "e", "born")]
    assert isinstance(value, date)
    assert value > TODAY


def test_the_account_of_a_child_over_12_needs_the_child_present(tmp_path: Path) -> None:
    web = {"born": "{type: date, required: true, max: today}", "present": "{type: boolean}"}
    (record,) = errors(estate(tmp_path, web, BANK))
    assert record["present"] is None
    assert date(2006, 2, 28) < record["born"] <= date(2012, 2, 29)
    assert errors(estate(tmp_path, web | {"present": BANK["present"]}, BANK)) == []
    grown = web | {"born": '{type: date, required: true, max: {today: "-P18Y"}}'}
    assert errors(estate(tmp_path, grown, BANK)) == []


def test_the_same_estate_is_judged_anew_on_another_day(tmp_path: Path) -> None:
    web = {"born": "{type: date, one_of: [2024-03-01]}"}
    bank = {"born": "{type: date, max: today}"}
    assert {"born": date(2024, 3, 1)} in errors(estate(tmp_path, web, bank, date(2024, 2, 29)))
    assert errors(estate(tmp_path, web, bank, date(2024, 3, 1))) == []


@given(st.dates(date(2003, 1, 1), date(2025, 1, 1)), st.sampled_from([None, True, False]))
def test_the_requirement_and_the_simulation_agree_about_children(
    tmp_path_factory: pytest.TempPathFactory, day: date, present: bool | None
) -> None:
    web = {"born": "{type: date, required: true}", "present": "{type: boolean}"}
    of = estate(tmp_path_factory.mktemp("estate"), web, BANK)
    entry = fieldline.load(of.root, today=TODAY).entry("web.e")
    record = {FieldName("web", "e", "born"): day, FieldName("web", "e", "present"): present}
    rejected = travel(Context(of).graph, record).fails
    assert bool(entry.validate({"born": day, "present": present}).violations) == rejected
    assert rejected == (present is None and date(2006, 2, 28) < day <= date(2012, 2, 29))


def test_answers_state_the_day_where_it_matters(tmp_path: Path) -> None:
    counting = estate(tmp_path, {"born": "{type: date}"}, {"born": "{type: date, max: today}"})
    assert check(counting).summary.today == TODAY
    assert screen(counting, "web.e").today == TODAY
    assert traced(counting, "web.e.born", TODAY).today == TODAY
    assert diff(counting, counting).today == TODAY
    plain = estate(tmp_path, {"born": "{type: date}"}, {"born": "{type: date}"})
    assert check(plain).summary.today is None
    assert diff(counting, plain).today == TODAY


def test_a_validator_that_is_right_on_one_day_says_so(tmp_path: Path) -> None:
    web = {"born": "{type: date}", "name": "{type: text, max_length: 3}"}
    of = estate(tmp_path, web, {"born": "{type: date, max: today}", "name": "{type: text, max_length: 3}"})
    left = validator_for(of, "web.e", "es-module").generated.left
    assert [each.why for each in left if "2024-02-29" in each.why] == [
        "it counts from 2024-02-29: generate the validator anew every day"
    ]


def test_what_counts_from_the_day_is_written_out_as_it_was(tmp_path: Path) -> None:
    fields = {
        "born": "{type: date, min: {today: -P120Y}, max: today}",
        "due": "{type: date, max: {today: P1Y2M3D}}",
        "present": '{type: boolean, required: {when: "born > CURRENT_DATE"}}',
    }
    of = estate(tmp_path, {"born": "{type: date}"}, fields)
    (tmp_path / "contracts" / "bank.yaml").write_text(contract_yaml(of.contracts.systems["bank"], "x"))
    again = load_estate(tmp_path, today=TODAY)
    for name, field in of.contracts.fields.items():
        sentences = [constraint.sentence for constraint in again.contracts.fields[name].constraints]
        assert sentences == [constraint.sentence for constraint in field.constraints]


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        ("{type: integer, max: today}", '"today" is not a whole number'),
        ("{type: integer, max: {today: -P1Y}}", "max of a field of type integer is no day"),
        ("{type: date, max: {today: 12 years}}", '"12 years" is not a distance from today'),
        ("{type: date, max: {today: -P9999Y}}", "max is outside the years 1 to 9999"),
        ("{type: date, max: {limit: today, today: P1D}}", 'the key "today" cannot stand beside "limit"'),
        ('{type: text, required: {when: ""}}', "nothing stands here"),
        ("{type: text, required: {when: other = 'x'}}", '"bank.e.other" is no field of bank.e'),
        ("{type: text, required: {when: f = 3}}", '"bank.e.f" is of type text, and is compared with 3'),
        ("{type: text, required: {when: web.e.f = 'x'}}", '"web.e.f" is no field of bank.e'),
        ("{type: date, required: {when: f < CURRENT_DATE - INTERVAL '12 moons'}}", "this is no interval"),
    ],
)
def test_what_makes_no_sense_is_a_problem_at_its_place(tmp_path: Path, field: str, problem: str) -> None:
    with pytest.raises(EstateError) as raised:
        estate(tmp_path, {"f": "{type: text}"}, {"f": field})
    assert [each.message for each in raised.value.problems] == [problem]
    assert raised.value.problems[0].location is not None
    assert raised.value.problems[0].location.file == "contracts/bank.yaml"


@pytest.mark.parametrize(
    ("written", "day", "expected"),
    [
        ("P0D", date(2024, 2, 29), date(2024, 2, 29)),
        ("-P1Y", date(2024, 2, 29), date(2023, 2, 28)),
        ("P1M", date(2024, 1, 31), date(2024, 2, 29)),
        ("-P1M", date(2024, 3, 31), date(2024, 2, 29)),
        ("P1Y2M3W4D", date(2024, 1, 1), date(2025, 3, 26)),
        ("-P2W", date(2024, 1, 1), date(2023, 12, 18)),
    ],
)
def test_days_are_counted_as_postgresql_counts_them(written: str, day: date, expected: date) -> None:
    """PostgreSQL 15: SELECT date '2024-03-31' - interval '1 month' is 2024-02-29."""
    shift = parse_shift(written)
    assert shift is not None
    assert shift.from_day(day) == expected


@given(
    st.builds(DayShift, st.integers(-50_000, 50_000), st.just(0)) | st.builds(DayShift, st.just(0), st.integers(-9, 9))
)
def test_a_distance_is_read_as_it_is_written(shift: DayShift) -> None:
    assert parse_shift(shift.written) == shift
