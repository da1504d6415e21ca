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

from fieldline.checker.judging.context import Context
from fieldline.checker.judging.simulate import travel
from fieldline.checker.requirement.screen import screen
from fieldline.checker.tracing.trace import trace
from fieldline.checker.verdict.check import check
from fieldline.lineage.transform import REJECTED, NoValue
from fieldline.lineage.transforms.case import Lower
from fieldline.values.record import write_record
from fieldline.values.textset import TextSet
from fieldline.values.valueset import ValueSet

from .estates import Written, every_record, written_estates
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
            if f.rule == rule and f.verdict == "refuted":
                assert f.witness is not None
                assert f.binding is not None
                assert f.entry is not None
                yield Proven(f, f.entry, f.binding.field, f.binding.constraint, f.witness)

    def told(self, entity: EntityName, *rules: str) -> list[Finding]:
        return [f for f in self.report.findings if f.entry == entity and f.rule in rules]

    def accepts(self, record: FieldValues) -> bool:
        """Whether the entry lets the record in (a field of no entry may hold what its contract allows)."""
        return all(value in self.context.judge.accepted(name) for name, value in record.items())


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
    no_change_untold(checked)
    no_flow_loss_untold(checked)
    no_collision_untold(checked)


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
    for finding in checked.report.findings:
        if finding.rule == "unfilled" and finding.verdict == "refuted" and finding.witness is not None:
            lacking = travel(checked.graph, finding.witness).lacking
            named = [finding.binding.field] if finding.binding else []
            missing = {field.full_name for creation in lacking for field in creation.unwritten}
            assert checked.accepts(finding.witness)
            assert missing.issuperset(named) or any(link.flow.when for link in checked.graph.into.get(named[0], ()))


def is_told(finding: Finding, field: FieldName, constraint: str | None) -> bool:
    """Whether a finding is about this field's rejection, or says that what happens is not known."""
    binding = finding.binding
    if finding.verdict == "unknown":
        return True
    return binding is not None and binding.field == field and constraint in {None, binding.constraint}


def no_change_untold(checked: Checked) -> None:
    for entity, tried in checked.records.items():
        told = checked.told(entity, "loss", "escape")
        for record in tried:
            for arrived in travel(checked.graph, record).arrivals.values():
                for arrival in arrived:
                    if arrival.link is None or arrival.is_rejected or not altered(arrival):
                        continue
                    assert any(
                        f.verdict == "unknown" or (f.rule == "loss" and f.binding and f.binding.field == arrival.field)
                        for f in told
                    ), (record, arrival.field, arrival.value, arrival.stored)


def no_flow_loss_untold(checked: Checked) -> None:
    for entity, tried in checked.records.items():
        told = checked.told(entity, "loss", "escape")
        for record in tried:
            for arrived in travel(checked.graph, record).arrivals.values():
                for arrival in arrived:
                    for name in lossy_steps(arrival):
                        assert any(
                            f.verdict == "unknown"
                            or (
                                f.rule == "loss"
                                and f.binding
                                and (f.binding.field, f.binding.constraint) == (arrival.field, name)
                            )
                            for f in told
                        ), (record, arrival.field, name)


def lossy_steps(arrival: Arrival) -> Iterator[str]:
    """The steps of the flow it came by that took something from its values, as far as they can be done."""
    link = arrival.link
    if link is None:
        return
    carried: list[Value] = []
    for chain, source in zip(link.chains, arrival.sources, strict=True):
        names, value = losses(chain, source.stored)
        yield from names
        if isinstance(value, NoValue):
            return
        carried.append(value)
    joined = carried[0] if link.join is None else link.join.apply(carried)
    yield from losses(link.tail, joined)[0]


def losses(chain: Sequence[Transform], value: Value | NoValue) -> tuple[list[str], Value | NoValue]:
    """The names of the steps that lose something, and where the chain leads."""
    names: list[str] = []
    for step in chain:
        if isinstance(value, NoValue):
            break
        if value not in step.unaltered:
            names.append(step.name)
        value = step.apply(value)
    return names, value


def altered(arrival: Arrival) -> bool:
    """Whether a system changed the value it took, more than blanks at the end."""
    value, stored = arrival.value, arrival.stored
    if not isinstance(value, str) or not isinstance(stored, str):
        return False
    return value.rstrip(" ") != stored.rstrip(" ")


def no_collision_untold(checked: Checked) -> None:
    """Over ways of single fields without conditions: all values of one field, everything else null."""
    told = {(f.fields[0], f.binding.field) for f in checked.report.findings if f.rule == "collision" and f.binding}
    for tried in checked.records.values():
        for name in tried[0] if tried else ():
            stored: dict[tuple[FieldName, type, Value], Value] = {}
            for value in {(type(record[name]), record[name]) for record in tried if record[name] is not None}:
                for arrival in unique_ends(checked, name, value[1]):
                    field = arrival.field
                    unique = checked.graph.fields[field].unique
                    key = arrival.stored if unique is not None and unique.case_sensitive else folded(arrival.stored)
                    if key is None or isinstance(key, NoValue):
                        continue
                    other = stored.setdefault((field, type(key), key), value[1])
                    if not same_at_entry(checked, name, other, value[1]):
                        assert (name, field) in told, f"{name}: {other!r} and {value[1]!r} become {key!r} in {field}"


def unique_ends(checked: Checked, name: FieldName, value: Value) -> Iterator[Arrival]:
    """Where the value is taken by a field that must be unique, having come alone and on no condition."""
    for field, arrived in travel(checked.graph, {name: value}).arrivals.items():
        if checked.graph.fields[field].unique is not None:
            yield from (a for a in arrived if a.link is not None and came_alone(a) and not a.is_rejected)


def came_alone(arrival: Arrival) -> bool:
    """Whether only single fields and no conditions were on its way."""
    while arrival.link is not None:
        if len(arrival.sources) != 1 or arrival.link.flow.when is not None:
            return False
        arrival = arrival.sources[0]
    return True


def same_at_entry(checked: Checked, name: FieldName, first: Value, second: Value) -> bool:
    """Whether the entry itself takes two values for one."""
    unique = checked.graph.fields[name].unique
    if unique is not None and not unique.case_sensitive:
        return folded(first) == folded(second)
    return type(first) is type(second) and first == second


def folded(value: Value | NoValue) -> Value | NoValue:
    return Lower().write(value) if isinstance(value, str) else value


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
    every_collision_ends_as_one(checked)
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
        assert checked.accepts(found.witness)
        journey = travel(checked.graph, found.witness)
        obligation = next(
            (c for c in checked.graph.fields[found.field].constraints if c.name == found.constraint), None
        )
        if obligation is None:
            assert is_changed_on_the_way(checked, journey, found), found.message
        else:
            arrived = journey.arrivals.get(found.field, ())
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


def every_collision_ends_as_one(checked: Checked) -> None:
    for found in checked.findings("collision"):
        second = found.finding.second
        assert second is not None
        assert found.witness != second
        insensitive = found.finding.binding is not None and "case" in found.finding.binding.sentence
        ends = []
        for record in (found.witness, second):
            assert checked.accepts(record)
            arrived = travel(checked.graph, record).arrivals[found.field]
            stored = {a.stored for a in arrived if not a.is_rejected}
            ends.append({folded(value) for value in stored} if insensitive else stored)
        assert ends[0] & ends[1], found.message


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
                        root.entry.full_name: root for root in trace(context.estate, str(name), arrival.value).roots
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
            if f.entry == entity.full_name and f.rule in {"escape", "loss"} and f.verdict == "refuted" and f.binding:
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
            rejected = rejected_at(travel(checked.graph, record))
            if all(isinstance(value, str) for value in record.values()):
                assert (found.field, found.constraint) not in rejected, (found.message, record)


def size(record: FieldValues) -> int:
    return sum(len(v) for v in record.values() if isinstance(v, str))
