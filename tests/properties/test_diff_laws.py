"""What a diff claims is what happens: every record is sent through both versions, and the two journeys are compared."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from fieldline.checker.diff.diff import Diff, diff
from fieldline.checker.judging.context import Context
from fieldline.checker.judging.simulate import travel

from .estates import (
    Written,
    contract,
    entry_fields,
    every_record,
    meets_conditions,
    text_fields,
    typed_fields,
    written_estates,
)
from .strategies import tries

if TYPE_CHECKING:
    from fieldline.checker.finding import FieldValues, Finding
    from fieldline.contracts.model import Entity
    from fieldline.documents.names import EntityName, FieldName

LONGEST = 2
MOST_RECORDS = 120


@st.composite
def changed(draw: st.DrawFn, written: Written) -> Written:
    """Another version of an estate: one to three fields or flows of it are others, or gone."""
    contracts: dict[str, Any] = copy.deepcopy(dict(written.contracts))
    flows: list[Any] = copy.deepcopy(list(written.flows))
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.integers(0, 5))
        if kind == 0 and flows:
            flows.pop(draw(st.integers(0, len(flows) - 1)))
        elif kind == 1 and flows:
            flow = flows[draw(st.integers(0, len(flows) - 1))]
            if draw(st.booleans()):
                flow.pop("when", None)
            else:
                donor = draw(st.sampled_from(flows))
                if "concat" not in str(flow["via"]) + str(donor["via"]):
                    flow["via"] = donor["via"]
        else:
            name = draw(st.sampled_from(sorted(contracts)))
            fields = contracts[name]["entities"]["e"]["fields"]
            field = draw(st.sampled_from(sorted(fields)))
            fields[field] = draw(_another(name, fields[field]))
    return Written(contracts, flows)


def _another(system: str, field: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Another contract of the same type."""
    options = entry_fields(LONGEST) if system.startswith("in") else st.one_of(text_fields(), typed_fields)
    return options.filter(lambda other: other["type"] == field["type"])


@st.composite
def two_versions(draw: st.DrawFn, *, cycles: bool = False) -> tuple[Written, Written]:
    before = draw(written_estates(cycles=cycles, longest=LONGEST, most=7))
    return before, draw(changed(before))


class Compared:
    """Two versions, their diff, and the records that entries accept in both, or in one."""

    def __init__(self, written: tuple[Written, Written], data: st.DataObject) -> None:
        self.before, self.after = (Context(version.load()) for version in written)
        self.diff = diff(self.before.estate, self.after.estate)
        self.data = data

    def records(self, entity: Entity) -> list[FieldValues]:
        found = every_record(entity, LONGEST)
        if len(found) <= MOST_RECORDS:
            return found
        return self.data.draw(st.randoms(use_true_random=False)).sample(found, MOST_RECORDS)

    def told(self, rule: str, entity: EntityName) -> list[Finding]:
        return [f for f in self.diff.findings if f.rule == rule and f.entry == entity]


def accepts(context: Context, record: FieldValues) -> bool:
    """Whether the entry lets the record in (a field of no entry may hold what its contract allows)."""
    known = all(name in context.graph.fields for name in record)
    fields = [context.graph.fields[name] for name in record] if known else []
    return known and meets_conditions(fields, record) and all(v in context.judge.accepted(n) for n, v in record.items())


def rejected(context: Context, record: FieldValues) -> set[FieldName]:
    """The fields that reject it."""
    journey = travel(context.graph, record)
    missing = {field.full_name for creation in journey.lacking for field in creation.unwritten}
    return missing | {arrival.field for arrival in journey.rejections()}


def is_known(context: Context, record: FieldValues) -> bool:
    journey = travel(context.graph, record)
    return not journey.unknowns() and not journey.endless


# ------------------------------------------------------------------------------ nothing happens that is not told


@tries(15)
@given(two_versions(), st.data())
def test_every_record_that_was_fine_and_is_refused_now_is_told(
    written: tuple[Written, Written], data: st.DataObject
) -> None:
    """The worst defect there is would be a wrong "no change"."""
    compared = Compared(written, data)
    nothing_untold(compared)


@tries(5)
@given(two_versions(cycles=True), st.data())
def test_it_is_told_where_values_go_round(written: tuple[Written, Written], data: st.DataObject) -> None:
    nothing_untold(Compared(written, data))


def nothing_untold(compared: Compared) -> None:
    for entity in compared.after.graph.entries:
        told = compared.told("newly-refused", entity.full_name)
        for record in compared.records(entity):
            at = rejected(compared.after, record)
            if not at or (accepts(compared.before, record) and rejected(compared.before, record)):
                continue
            if not accepts(compared.before, record) and at <= _already(compared, record):
                continue
            assert any(f.verdict == "unknown" or _binding(f) in at for f in told), (record, at)


def _already(compared: Compared, record: FieldValues) -> set[FieldName]:
    """Where the record would have been rejected before, had each of its values come with others that were let in.

    A field that lets in more does not make new what its neighbours failed at already.
    """
    return {
        field
        for name, value in record.items()
        if name in compared.before.graph.fields and accepts(compared.before, {name: value})
        for field in rejected(compared.before, {name: value})
    }


def _binding(finding: Finding) -> FieldName:
    binding = finding.binding
    assert binding is not None
    return binding.field


# --------------------------------------------------------------------------------------------- what is told happens


@tries(15)
@given(two_versions(), st.data())
def test_what_a_diff_tells_happens(written: tuple[Written, Written], data: st.DataObject) -> None:
    compared = Compared(written, data)
    for finding in compared.diff.findings:
        if finding.rule == "newly-refused" and finding.verdict == "refuted":
            assert finding.witness is not None
            assert finding.causes
            assert accepts(compared.after, finding.witness), finding.message
            assert _binding(finding) in rejected(compared.after, finding.witness), finding.message
            if accepts(compared.before, finding.witness) and finding.reason is None:
                assert not rejected(compared.before, finding.witness), finding.message
        if finding.rule == "resolved":
            assert finding.witness is not None
            assert accepts(compared.before, finding.witness)
            if accepts(compared.after, finding.witness) and is_known(compared.after, finding.witness):
                at = rejected(compared.after, finding.witness)
                assert not at, finding.message
    for shift in compared.diff.contracts:
        for witness, now in ((shift.rejected, False), (shift.taken, True)):
            for name, value in (witness or {}).items():
                assert (value in compared.after.judge.accepted(name)) is now
                assert (value in compared.before.judge.accepted(name)) is not now


# --------------------------------------------------------------------------------------------- laws of the whole


@tries(10)
@given(written_estates(longest=LONGEST, most=8))
def test_nothing_follows_from_no_change(written: Written) -> None:
    found = diff(written.load(), written.load())
    assert found.changes == found.contracts == found.requirements == found.findings == found.reviewers == ()


@tries(10)
@given(two_versions())
def test_a_diff_backwards_is_the_diff_mirrored(written: tuple[Written, Written]) -> None:
    before, after = (version.load() for version in written)
    there, back = diff(before, after), diff(after, before)
    assert {change.mirrored() for change in there.changes} == set(back.changes)
    swapped = {"tightened": "loosened", "loosened": "tightened"}
    for mine, theirs in ((there.contracts, back.contracts), (there.requirements, back.requirements)):
        moved = {shift.field: shift.movement for shift in theirs}
        assert {s.field: swapped.get(s.movement, s.movement) for s in mine} == moved
    assert _proven(there, "resolved") <= _told(back, "newly-refused", "newly-lost")


def _proven(found: Diff, *rules: str) -> set[tuple[Any, ...]]:
    return {_what(finding) for finding in found.findings if finding.rule in rules}


_told = _proven


def _what(finding: Finding) -> tuple[Any, ...]:
    return (finding.entry, finding.fields, finding.binding and (finding.binding.field, finding.binding.constraint))


def test_the_order_of_keys_titles_owners_and_comments_are_no_changes() -> None:
    first = Written({"in0": contract("in0", {"f": {"type": "text", "max_length": 3, "title": "A"}})}, [])
    second = Written({"in0": contract("in0", {"f": {"title": "B", "max_length": 3, "type": "text"}})}, [])
    assert diff(first.load(), second.load()).changes == ()
