"""The project's main oracle: two independent ways to one answer.

(a) statically, a record meets every demand carried back to its entry; (b) concretely, the record is sent through every
flow and no system rejects it. They must agree for every record of every estate; and what a check reports must be what
happens: no rejection without its finding, no finding without its rejection.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from fieldline.checker.finding import Severity
from fieldline.checker.judging.context import Context
from fieldline.checker.judging.simulate import travel
from fieldline.checker.requirement.screen import screen
from fieldline.checker.verdict.check import check
from fieldline.lineage.transform import REJECTED, NoValue
from fieldline.values.record import write_record
from fieldline.values.textset import TextSet
from fieldline.values.valueset import ValueSet

from ..tracing import traced
from .estates import Written, comes_from, every_record, meets_conditions, written_estates
from .strategies import tries

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fieldline.checker.finding import FieldValues, Finding
    from fieldline.checker.judging.simulate import Arrival, Journey
    from fieldline.checker.preconditions.obligation import Obligation
    from fieldline.contracts.constraint import Constraint
    from fieldline.contracts.model import Entity
    from fieldline.documents.names import EntityName, FieldName
    from fieldline.lineage.transform import Transform
    from fieldline.values.valueset import Value

MOST_RECORDS = 150
MOST_TRACED = 12
"""Arrivals at one field that are traced: a text that grows in a cycle comes in hundreds of lengths."""


def records(data: st.DataObject, entity: Entity, longest: int) -> list[FieldValues]:
    """All the records of an entry, or many of them."""
    found = every_record(entity, longest)
    if len(found) <= MOST_RECORDS:
        return found
    return data.draw(st.randoms(use_true_random=False)).sample(found, MOST_RECORDS)


# ---------------------------------------------------------------------------- (a) statically, from the demands themselves


def breaks(obligation: Obligation, entity: Entity, record: FieldValues) -> bool | None:
    """Whether a record of the entity breaks a demand; None: the demand does not say."""
    names = {field.full_name for field in entity.fields.values()}
    unsure = obligation.accepts is None
    for name, values in obligation.guards:
        if name not in names:
            unsure = True  # a field further on, that more than one flow leads to
        elif record.get(name) not in values:
            return False
    if _broken(obligation, record):
        return None if unsure else True
    return False


def _broken(obligation: Obligation, record: FieldValues) -> bool:
    values = [record.get(name) for name in obligation.fields]
    match obligation.accepts:
        case ValueSet():
            return values[0] not in obligation.accepts
        case TextSet():
            texts = [v for v in values if v is None or isinstance(v, str)]
            return len(texts) < len(values) or any(write_record(texts) not in a for a in obligation.accepts.atoms)
        case None:
            return True


def static_answer(context: Context, entity: Entity, record: FieldValues) -> bool | None:
    """Whether some demand is broken: yes, no, or not said."""
    answers = {breaks(d, entity, record) for d in context.obligations(entity) if d.effect == "refuse"}
    return True if True in answers else None if None in answers else False


# --------------------------------------------------------------------------------------------------- (b) and concretely


def rejected_at(journey: Journey) -> dict[tuple[FieldName, str | None], Arrival]:
    """Which field rejected, for which constraint; None: a step on the way there rejected."""
    found: dict[tuple[FieldName, str | None], Arrival] = {}
    for arrival in journey.rejections():
        for constraint in arrival.rejections:
            found[arrival.field, constraint.name] = arrival
        if arrival.value is REJECTED:
            found[arrival.field, None] = arrival
    return found


def agree(written: Written, data: st.DataObject, longest: int) -> None:
    context = Context(written.load())
    if not context.composition.unsettled:
        for entity in context.graph.entries:
            for record in records(data, entity, longest):
                agree_on(context, entity, record)


def agree_on(context: Context, entity: Entity, record: FieldValues) -> None:
    """Both ways give one answer, where both know it; and neither calls safe what the other rejects."""
    journey = travel(context.graph, record)
    said = static_answer(context, entity, record)
    rejected = bool(journey.rejections())
    if journey.unknowns() or journey.doubts():
        assert said is not False
    elif journey.endless:
        pass  # it goes round for ever, and nobody rejects any of what it becomes
    elif said is not None:
        assert said == rejected, (record, rejected_at(journey))
    if rejected:
        assert said is not False


@tries(30)
@given(written_estates(), st.data())
def test_a_record_meets_every_demand_exactly_when_no_system_refuses_it(written: Written, data: st.DataObject) -> None:
    agree(written, data, 2)


@tries(15)
@given(written_estates(cycles=True, most=6), st.data())
def test_it_does_where_values_go_round(written: Written, data: st.DataObject) -> None:
    agree(written, data, 2)


# ---------------------------------------------------------------------------------------------------------- the findings


class Checked:
    """An estate, what a check says of it, and the records to try."""

    def __init__(self, written: Written, data: st.DataObject, longest: int = 2) -> None:
        self.context = Context(written.load())
        self.graph = self.context.graph
        self.report = check(self.context.estate)
        self.records = {entity.full_name: records(data, entity, longest) for entity in self.graph.entries}

    def findings(self, rule: str) -> Iterator[Proven]:
        """What is refuted, with its proof."""
        for f in self.report.findings:
            if f.rule == rule and f.verdict == "refuted" and not (f.entry is None and f.severity is Severity.INFO):
                assert f.witness is not None
                assert f.binding is not None
                assert f.entry is not None
                yield Proven(f, f.entry, f.binding.field, f.binding.constraint, f.witness)

    def told(self, entity: EntityName, *rules: str) -> list[Finding]:
        return [f for f in self.report.findings if f.entry == entity and f.rule in rules]

    def accepts(self, record: FieldValues) -> bool:
        """Whether the entry lets the record in (a field of no entry may hold what its contract allows)."""
        fields = (field for entity in self.graph.entries for field in entity.fields.values())
        return meets_conditions([field for field in fields if field.full_name in record], record) and all(
            value in self.context.judge.accepted(name) for name, value in record.items()
        )


@dataclass(frozen=True)
class Proven:
    """A finding with its proof."""

    finding: Finding
    entry: EntityName
    field: FieldName
    constraint: str
    witness: FieldValues

    @property
    def message(self) -> str:
        return self.finding.message


# ------------------------------------------------------------------------------ nothing happens that is not told


@tries(30)
@given(written_estates(), st.data())
def test_nothing_happens_to_an_accepted_record_that_is_not_told(written: Written, data: st.DataObject) -> None:
    """The worst defect there is would be a wrong "safe"."""
    checked = Checked(written, data)
    no_doubt_untold(checked)
    no_rejection_unreported(checked)
    no_empty_field_unreported(checked)


@tries(15)
@given(written_estates(cycles=True, most=6), st.data())
def test_nothing_happens_untold_where_values_go_round(written: Written, data: st.DataObject) -> None:
    checked = Checked(written, data)
    no_rejection_unreported(checked)
    every_unsettled_cycle_is_named(checked)


def no_doubt_untold(checked: Checked) -> None:
    """Wherever a rule that nobody can state may reject a record, it is said of that rule that it is not known."""
    for entity, tried in checked.records.items():
        told = checked.told(entity, "escape")
        for record in tried:
            for arrival in travel(checked.graph, record).doubts():
                for constraint in arrival.doubts:
                    assert any(is_about(f, arrival.field, constraint) for f in told), (record, arrival.field)


def is_about(finding: Finding, field: FieldName, constraint: Constraint) -> bool:
    binding = finding.binding
    return (
        finding.verdict == "unknown"
        and binding is not None
        and (binding.field, binding.sentence, binding.location) == (field, constraint.sentence, constraint.location)
    )


def nothing_is_proof_that_may_be_refused(checked: Checked) -> None:
    """A witness is let in for certain; what is altered, or becomes equal, is taken for certain on its way there."""
    for rule in ("escape", "loss", "collision"):
        for found in checked.findings(rule):
            assert not any(checked.graph.storage(name).opaque for name in found.witness), found.message
            if rule != "escape":
                hops = {hop.field for hop in found.finding.hops}
                assert not any(checked.graph.storage(name).opaque for name in hops), found.message


def no_field_is_called_equal_past_a_doubt(checked: Checked) -> None:
    for entry in checked.report.summary.entries:
        if any(checked.graph.storage(name).opaque for name in checked.graph.downstream([entry.field])):
            assert entry.relation not in {"equal", "tighter"}, entry


def no_rejection_unreported(checked: Checked) -> None:
    for entity, tried in checked.records.items():
        told = checked.told(entity, "escape")
        for record in tried:
            for (field, constraint), arrival in rejected_at(travel(checked.graph, record)).items():
                assert any(is_told(f, field, constraint) for f in told), (record, field, constraint, arrival.value)


def no_empty_field_unreported(checked: Checked) -> None:
    """Wherever a record arrives without a field that must be filled in, that field is reported, and nowhere else."""
    told = {name for finding in checked.report.findings if finding.rule == "unfilled" for name in finding.fields}
    for tried in checked.records.values():
        for record in tried:
            for creation in travel(checked.graph, record).lacking:
                assert {field.full_name for field in creation.unwritten} <= told, record
    for lacking in checked.context.lacking:
        if lacking.arriving is not None:
            assert checked.accepts(lacking.arriving.record)
            arrived = travel(checked.graph, lacking.arriving.record).lacking
            assert any(creation in arrived for creation in lacking.creations)


def is_told(finding: Finding, field: FieldName, constraint: str | None) -> bool:
    """Whether a finding is about this field's rejection, or says that what happens is not known."""
    binding = finding.binding
    if finding.verdict == "unknown":
        return True
    return binding is not None and binding.field == field and constraint in {None, binding.constraint}


def every_unsettled_cycle_is_named(checked: Checked) -> None:
    for name in checked.context.composition.unsettled:
        for entity in checked.graph.entries:
            for field in entity.fields.values():
                if name in checked.graph.downstream([field.full_name]):
                    assert any(
                        f.verdict == "unknown" and f.field == field.full_name and "cycle" in (f.reason or "")
                        for f in checked.report.findings
                    )


# --------------------------------------------------------------------------------------------- what is told happens


@tries(30)
@given(written_estates(), st.data())
def test_what_is_told_happens(written: Written, data: st.DataObject) -> None:
    checked = Checked(written, data)
    every_escape_is_rejected(checked)
    every_loss_arrives_altered(checked)
    every_tight_value_is_refused_by_the_entry_alone(checked)
    nothing_is_proof_that_may_be_refused(checked)
    no_field_is_called_equal_past_a_doubt(checked)


@tries(15)
@given(written_estates(cycles=True, most=6), st.data())
def test_what_is_told_happens_where_values_go_round(written: Written, data: st.DataObject) -> None:
    checked = Checked(written, data)
    every_escape_is_rejected(checked)
    every_loss_arrives_altered(checked)


def every_escape_is_rejected(checked: Checked) -> None:
    for found in checked.findings("escape"):
        assert checked.accepts(found.witness)
        rejected = rejected_at(travel(checked.graph, found.witness))
        at_type = found.constraint == "type" and (found.field, None) in rejected
        assert at_type or (found.field, found.constraint) in rejected, found.message
        hops = found.finding.hops
        assert hops[0].value == found.witness[hops[0].field]
        assert hops[-1].field == found.field


def every_loss_arrives_altered(checked: Checked) -> None:
    for found in checked.findings("loss"):
        if found.constraint == "when":
            continue
        assert checked.accepts(found.witness)
        both = [found.witness, *([found.finding.second] if found.finding.second else [])]
        journeys = [travel(checked.graph, record) for record in both]
        obligation = next(
            (c for c in checked.graph.fields[found.field].constraints if c.name == found.constraint), None
        )
        if obligation is None:
            assert any(is_changed_on_the_way(checked, journey, found) for journey in journeys), found.message
        else:
            arrived = [a for journey in journeys for a in journey.arrivals.get(found.field, ())]
            taken = [a.value for a in arrived if not a.rejections and not isinstance(a.value, NoValue)]
            assert any(value not in obligation.accepts for value in taken), found.message


def is_changed_on_the_way(checked: Checked, journey: Journey, found: Proven) -> bool:
    """Whether a step of that name, on a flow to the field, changes a value that its sources hold."""
    for link in checked.graph.into[found.field]:
        names = [source.full_name for source in link.sources]
        held = [[a.stored for a in journey.arrivals.get(name, ()) if a.goes_on] or [None] for name in names]
        for values in product(*held):
            ends, changed = zip(
                *(run(chain, value, found.constraint) for chain, value in zip(link.chains, values, strict=True)),
                strict=True,
            )
            if any(changed):
                return True
            whole = [end for end in ends if not isinstance(end, NoValue)]
            joins = link.join is not None and len(whole) == len(ends)
            if joins and run(link.tail, link.join.apply(whole), found.constraint)[1]:
                return True
    return False


def run(chain: Sequence[Transform], value: Value | NoValue, step_name: str) -> tuple[Value | NoValue, bool]:
    """Where a chain leads, and whether a step of that name changed something."""
    changed = False
    for step in chain:
        if isinstance(value, NoValue):
            return value, changed
        before, value = value, step.apply(value)
        changed = changed or (step.name == step_name and value != before)
    return value, changed


def every_tight_value_is_refused_by_the_entry_alone(checked: Checked) -> None:
    for found in checked.findings("over-tight"):
        ((name, value),) = found.witness.items()
        assert value not in checked.graph.fields[name].accepts
        tried = checked.records[found.entry]
        assert not tried or any(is_taken(checked, name, {**record, name: value}) for record in tried), found.message


def is_taken(checked: Checked, name: FieldName, record: FieldValues) -> bool:
    """Whether nobody behind this field of the entry rejects the record."""
    downstream = checked.graph.downstream([name])
    return not any(arrival.field in downstream for arrival in travel(checked.graph, record).rejections())


# ------------------------------------------------------------------------------------------- traces and screens agree


@tries(10)
@given(written_estates(cycles=True, most=6), st.data())
def test_a_trace_never_denies_where_a_value_came_from(written: Written, data: st.DataObject) -> None:
    """Whatever arrives anywhere, the entry it came from let it in, or cannot be excluded; and what it names becomes it."""
    context = Context(written.load())
    graph = context.graph
    for entity in graph.entries:
        for record in records(data, entity, 2)[-2:]:
            for name, arrived in sorted(travel(graph, record).arrivals.items()):
                for arrival in arrived[:MOST_TRACED]:
                    if arrival.link is None or isinstance(arrival.value, NoValue):
                        continue
                    roots = {
                        root.entry.full_name: root for root in traced(context.estate, str(name), arrival.value).roots
                    }
                    root = roots[entity.full_name]
                    assert root.verdict != "proved", (record, name, arrival.value)
                    if root.record is not None:
                        becomes = {a.value for a in travel(graph, root.record).arrivals.get(name, ())}
                        assert arrival.value in becomes, (root.record, name, arrival.value)


@tries(10)
@given(written_estates(most=6))
def test_a_screen_misses_what_a_check_refutes(written: Written) -> None:
    estate = written.load()
    findings = check(estate).findings
    for entity in Context(estate).graph.entries:
        told = screen(estate, str(entity.full_name))
        obligations = [*(o for field in told.fields for o in field.obligations), *told.together]
        missing = {(o.binding.field, o.binding.constraint) for o in obligations if o.verdict == "refuted"}
        for f in findings:
            if f.entry != entity.full_name or f.rule not in {"escape", "loss"} or f.verdict != "refuted":
                continue
            if f.binding and f.binding.constraint != "when":  # a condition asks nothing of a value
                assert (f.binding.field, f.binding.constraint) in missing, f.message


# ------------------------------------------------------------------------------------- and nothing shorter happens


@tries(20)
@given(written_estates(longest=3, most=6), st.data())
def test_no_value_refused_for_the_same_reason_is_shorter_than_the_one_told(
    written: Written, data: st.DataObject
) -> None:
    checked = Checked(written, data, 3)
    for found in checked.findings("escape"):
        name = found.finding.fields[0]
        value = found.witness[name]
        if set(found.witness) != {name} or not isinstance(value, str):
            continue
        for other in {record[name] for record in every_record(checked.graph.contracts.entities[found.entry], 3)}:
            if isinstance(other, str) and len(other) < len(value):
                rejected = rejected_at(travel(checked.graph, {name: other}))
                assert (found.field, found.constraint) not in rejected, (found.message, other)


@tries(20)
@given(written_estates(most=5), st.data())
def test_no_record_refused_for_the_same_reason_is_shorter_than_the_one_told(
    written: Written, data: st.DataObject
) -> None:
    checked = Checked(written, data)
    for found in checked.findings("escape"):
        if not all(isinstance(value, str) for value in found.witness.values()):
            continue
        for record in checked.records[found.entry]:
            if set(record) != set(found.witness) or size(record) >= size(found.witness):
                continue
            beside = set(record) - set(found.finding.fields)  # only met conditions with their values
            if any(record[name] != found.witness[name] for name in beside):
                continue
            arrival = rejected_at(travel(checked.graph, record)).get((found.field, found.constraint))
            if arrival is not None and any(comes_from(arrival, name) for name in beside):
                continue  # over another flow, that joins more fields
            if all(isinstance(value, str) for value in record.values()):
                assert arrival is None, (found.message, record)


def size(record: FieldValues) -> int:
    return sum(len(v) for v in record.values() if isinstance(v, str))
