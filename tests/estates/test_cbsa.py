"""The real bank: what follows from its facts, worked out by hand, and nothing else."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from fieldline.checker.judging.context import Context
from fieldline.checker.judging.simulate import travel
from fieldline.checker.verdict.check import check
from fieldline.documents.names import FieldName
from fieldline.estate.load import load_estate
from fieldline.values.textset import TextSet
from fieldline.values.weight import CODE_POINTS

from ..names import by_name, names

if TYPE_CHECKING:
    from fieldline.checker.finding import FieldValues, Finding
    from fieldline.checker.verdict.check import Report

HERE = Path(__file__).parent
BY_HAND = HERE.parent / "conformance" / "examples"
EXPECTED = yaml.safe_load((BY_HAND / "cbsa_by_hand.yaml").read_text(encoding="utf-8"))

# Every finding, as rule: the fields of the entry -> where, which constraint or step. Short names: crecust is
# cobol_crecust.commarea, creacc cobol_creacc.commarea, zos_… are the request schemas, log is db2_proctran.row.
ALL = """
escape: bms.CUSTTIT bms.CHRISTN bms.CUSTINS bms.CUSTSN -> crecust.COMM-NAME pattern
escape: react.line1 react.city -> crecust.COMM-ADDRESS max_bytes
escape: react.title react.fullName -> crecust.COMM-NAME max_bytes
escape: spring_create.custAddress -> crecust.COMM-ADDRESS max_bytes
escape: spring_create.custAddress -> zos_crecust.CommAddress max_length
escape: spring_create.custDob -> crecust.COMM-BIRTH-YEAR min
escape: spring_create.custDob -> zos_crecust.CommDateOfBirth min
escape: spring_create.custDob -> zos_crecust.CommDateOfBirth type
escape: spring_create.custName -> crecust.COMM-NAME max_bytes
escape: spring_create.custName -> zos_crecust.CommName max_length
escape: spring_create_account.custNumber -> creacc.COMM-CUSTNO min
escape: spring_create_account.custNumber -> creacc.COMM-CUSTNO type
escape: spring_update.custAddress -> zos_updcust.CommAddress max_length
escape: spring_update.custName -> zos_updcust.CommName max_length
loss: bms.CHRISTN -> crecust.COMM-NAME before
loss: bms.CHRISTN -> crecust.COMM-NAME replace
loss: bms.CUSTAD1 -> crecust.COMM-ADDRESS replace
loss: bms.CUSTAD2 -> crecust.COMM-ADDRESS replace
loss: bms.CUSTAD3 -> crecust.COMM-ADDRESS replace
loss: bms.CUSTINS -> crecust.COMM-NAME before
loss: bms.CUSTINS -> crecust.COMM-NAME replace
loss: bms.CUSTSN -> crecust.COMM-NAME replace
loss: bms.CUSTTIT -> crecust.COMM-NAME before
loss: bms.CUSTTIT -> crecust.COMM-NAME replace
loss: bms.CUSTTIT bms.CHRISTN bms.CUSTINS bms.CUSTSN -> log.DESC-CRECUS-NAME substring
loss: react.line1 react.city -> crecust.COMM-ADDRESS max_bytes
loss: react.title react.fullName -> crecust.COMM-NAME max_bytes
loss: react.title react.fullName -> log.DESC-CRECUS-NAME substring
loss: spring_create.custName -> log.DESC-CRECUS-NAME substring
loss: spring_payment.organisation -> log.DESC-PAYMENT substring
"""
SHORT = {
    "bms_3270_create.screen": "bms",
    "react_create.form": "react",
    "spring_create.form": "spring_create",
    "spring_create_account.form": "spring_create_account",
    "spring_update.form": "spring_update",
    "spring_payment.form": "spring_payment",
    "cobol_crecust.commarea": "crecust",
    "cobol_creacc.commarea": "creacc",
    "zosconnect_crecust.request": "zos_crecust",
    "zosconnect_updcust.request": "zos_updcust",
    "db2_proctran.row": "log",
}


@cache
def context() -> Context:
    return Context(load_estate(HERE.parent.parent / "examples" / "cbsa"))


@cache
def report() -> Report:
    return check(context().estate)


def findings() -> tuple[Finding, ...]:
    return report().findings


def listed(names: str | list[str]) -> list[str]:
    return [names] if isinstance(names, str) else names


def told(rule: str, entry: str | list[str], binding: str, constraint: str | None) -> list[Finding]:
    entries = set(names(*listed(entry)))
    return [
        f
        for f in findings()
        if f.rule == rule
        and f.binding is not None
        and entries <= set(f.fields)
        and str(f.binding.field) == binding
        and constraint in {None, f.binding.constraint}
    ]


def size(finding: Finding) -> int:
    return sum(len(value) for value in (finding.witness or {}).values() if isinstance(value, str))


def short(name: FieldName) -> str:
    entity = str(name.entity_name)
    return f"{SHORT.get(entity, entity)}.{name.field}"


def typed(row: dict[str, Any], value: str | dict[str, str]) -> FieldValues:
    """A value of the row's entry, or a record by field name."""
    entry = FieldName.read(listed(row["entry"])[0])
    given = value if isinstance(value, dict) else {entry.field: value}
    return {entry.entity_name.of(name): text for name, text in given.items()}


def rejects(row: dict[str, Any], value: str | dict[str, str]) -> bool:
    """Whether the row's binding rejects a value for the row's constraint (or it cannot become its type)."""
    journey = travel(context().graph, typed(row, value))
    at = [arrival for arrival in journey.rejections() if str(arrival.field) == row["binding"]]
    constraint = row["constraint"]
    return any(constraint in {c.name for c in a.rejections} or (constraint == "type" and not a.rejections) for a in at)


def test_these_are_all_the_escapes_and_losses_and_nothing_else_is_wrong() -> None:
    told = [
        f"{f.rule}: {' '.join(map(short, f.fields))} -> {short(f.binding.field)} {f.binding.constraint}"
        for f in findings()
        if f.rule != "over-tight" and f.binding is not None
    ]
    assert told == ALL.split("\n")[1:-1]
    assert {f.rule for f in findings()} == {"escape", "loss", "over-tight"}
    assert {f.verdict for f in findings()} == {"refuted"}


@pytest.mark.parametrize("row", EXPECTED["escapes"], ids=lambda row: row["id"])
def test_every_escape_is_found_with_its_shortest_length(row: dict[str, Any]) -> None:
    (found,) = told("escape", row["entry"], row["binding"], row["constraint"])
    assert size(found) == row["first_length"]
    assert rejects(row, {name.field: str(value) for name, value in (found.witness or {}).items()})


@pytest.mark.parametrize("row", EXPECTED["escapes"], ids=lambda row: row["id"])
def test_what_must_be_refused_is_and_what_must_not_is_not(row: dict[str, Any]) -> None:
    for value in row.get("refused", ()):
        assert rejects(row, value), value
    for value in row.get("taken", ()):
        assert not rejects(row, value), value


@pytest.mark.parametrize("row", [row for row in EXPECTED["escapes"] if "lengths" in row], ids=lambda row: row["id"])
def test_these_lengths_are_accepted_and_refused_and_no_others(row: dict[str, Any]) -> None:
    low, high = row["lengths"]
    name = row["entry"]
    accepted = context().judge.accepted(FieldName.read(name))
    first = "Mr A B".ljust(high + 2, "b")
    assert [n for n in range(1, high + 3) if first[:n] in accepted and rejects(row, first[:n])] == [
        *range(low, high + 1)
    ]


@pytest.mark.parametrize("row", EXPECTED["safe"], ids=lambda row: row["target"] + "." + row["constraint"])
def test_what_is_safe_is_not_told(row: dict[str, Any]) -> None:
    assert told("escape", row["entry"], row["target"], row["constraint"]) == []


@pytest.mark.parametrize("row", EXPECTED["losses"], ids=lambda row: row["id"])
def test_every_loss_is_found_with_its_shortest_length(row: dict[str, Any]) -> None:
    found = told("loss", row["entry"], row["at"], None)
    by_contract = row["where"] == "contract"
    assert [f for f in found if by_contract == (f.binding is not None and f.binding.constraint == "max_bytes")] == found
    assert row["first_length"] in {size(f) for f in found}


@pytest.mark.parametrize("row", [row for row in EXPECTED["losses"] if "example" in row], ids=lambda row: row["id"])
def test_what_is_typed_arrives_as_expected(row: dict[str, Any]) -> None:
    """A part of a joined name arrives within it; the rest of the name is empty here."""
    entity = context().estate.contracts.entities[FieldName.read(row["entry"]).entity_name]
    record = {field.full_name: "" for field in entity.fields.values()} | by_name(
        {row["entry"]: row["example"]["typed"]}
    )
    arrived = [str(a.stored) for a in travel(context().graph, record).arrivals[FieldName.read(row["at"])]]
    assert row["example"]["arrives"] in {text.strip() for text in arrived}


@pytest.mark.parametrize("row", [row for row in EXPECTED["losses"] if "altered" in row], ids=lambda row: row["id"])
def test_a_record_is_cut_only_where_it_is_too_long(row: dict[str, Any]) -> None:
    for records, expected in ((row["altered"], True), (row["intact"], False)):
        for record in records:
            arrived = travel(context().graph, typed(row, record)).arrivals[FieldName.read(row["at"])]
            assert {a.value != a.stored for a in arrived} == {expected}, record


@pytest.mark.parametrize("row", EXPECTED["over_tight"], ids=lambda row: str(listed(row["entry"])[0]))
def test_what_only_the_entry_refuses_is_told(row: dict[str, Any]) -> None:
    entries = set(names(*listed(row["entry"])))
    tight = {f.field for f in findings() if f.rule == "over-tight"}
    assert entries & tight
    for value in row["values"]:
        record = typed(row, value)
        assert any(text not in context().judge.accepted(name) for name, text in record.items())
        assert travel(context().graph, record).rejections() == ()


def capacity(name: str) -> int:
    """The most characters a field can hold."""
    texts = context().graph.fields[FieldName.read(name)].accepts.texts
    return max(n for n in range(200) if not (texts & TextSet.measure(CODE_POINTS, n, n)).is_empty())


@pytest.mark.parametrize("row", EXPECTED["equal"], ids=lambda row: str(row["of"]))
def test_what_is_equal_holds_the_same_number_of_characters(row: dict[str, Any]) -> None:
    first, second = (sum(map(capacity, listed(side))) for side in row["of"])
    assert first == second


def test_the_account_types_are_the_same_on_the_screen_and_in_the_core() -> None:
    screen, core = (
        context().graph.fields[name].accepts.texts
        for name in names("spring_create_account.form.accountType", "cobol_creacc.commarea.COMM-ACC-TYPE")
    )
    assert screen <= core
    assert core <= screen
    relations = {str(entry.field): entry.relation for entry in report().summary.entries}
    assert relations["spring_create_account.form.accountType"] == "equal"
