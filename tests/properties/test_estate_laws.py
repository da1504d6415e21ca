"""The project's main oracle: two independent ways to one answer.

(a) statically, a record meets every demand carried back to its entry; (b) concretely, the record is sent through every
flow and no system refuses it. They must agree for every record of every estate; and what a check reports must be what
happens: no refusal without its finding, no finding without its refusal.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hypothesis import given, note
from hypothesis import strategies as st

from fieldline.checker.check import check
from fieldline.checker.journey import travel
from fieldline.checker.rule import Context
from fieldline.contracts.values.record import write_record
from fieldline.contracts.values.textset import TextSet
from fieldline.contracts.values.valueset import ValueSet
from fieldline.lineage.transform import REFUSED, NoValue
from fieldline.lineage.transforms.case import Lower

from .estates import Written, every_record, written_estates
from .strategies import tries

if TYPE_CHECKING:
    from fieldline.checker.demand import Demand
    from fieldline.checker.finding import Finding, Record
    from fieldline.checker.journey import Arrival, Journey
    from fieldline.contracts.model import Entity
    from fieldline.contracts.values.valueset import Value

MOST_RECORDS = 150


def records(data: st.DataObject, entity: Entity, longest: int) -> list[Record]:
    """All the records of an entry, or many of them."""
    found = every_record(entity, longest)
    if len(found) <= MOST_RECORDS:
        return found
    return data.draw(st.randoms(use_true_random=False)).sample(found, MOST_RECORDS)


# ---------------------------------------------------------------------------- (a) statically, from the demands themselves


def breaks(demand: Demand, entity: Entity, record: Record) -> bool | None:
    """Whether a record of the entity breaks a demand; None: the demand does not say."""
    names = {field.full_name for field in entity.fields.values()}
    unsure = demand.accepts is None
    for name, values in demand.guards:
        if name not in names:
            unsure = True  # a field further on, that more than one flow leads to
        elif record.get(name) not in values:
            return False
    if _broken(demand, record):
        return None if unsure else True
    return False


def _broken(demand: Demand, record: Record) -> bool:
    values = [record.get(name) for name in demand.fields]
    match demand.accepts:
        case ValueSet():
            return values[0] not in demand.accepts
        case TextSet():
            texts = [v for v in values if v is None or isinstance(v, str)]
            return len(texts) < len(values) or any(write_record(texts) not in a for a in demand.accepts.atoms)
        case None:
            return True


def static_answer(context: Context, entity: Entity, record: Record) -> bool | None:
    """Whether some demand is broken: yes, no, or not said."""
    answers = {breaks(d, entity, record) for d in context.demands(entity) if d.effect == "refuse"}
    return True if True in answers else None if None in answers else False


# --------------------------------------------------------------------------------------------------- (b) and concretely


def refused_at(journey: Journey) -> dict[tuple[str, str | None], Arrival]:
    """Which field refused, for which constraint; None: a step on the way there refused."""
    found: dict[tuple[str, str | None], Arrival] = {}
    for arrival in journey.refusals():
        for constraint in arrival.refusals:
            found[arrival.field, constraint.name] = arrival
        if arrival.value is REFUSED:
            found[arrival.field, None] = arrival
    return found


def agree(written: Written, data: st.DataObject, longest: int) -> None:
    context = Context(written.load())
    if context.composition.unsettled:
        return
    for entity in context.graph.entries:
        for record in records(data, entity, longest):
            journey = travel(context.graph, record)
            said = static_answer(context, entity, record)
            refused = bool(journey.refusals())
            if journey.unknowns() or journey.endless:
                assert said is not False
            elif said is not None:
                assert said == refused, (record, refused_at(journey))
            if refused:
                assert said is not False


@tries(120)
@given(written_estates(), st.data())
def test_a_record_meets_every_demand_exactly_when_no_system_refuses_it(written: Written, data: st.DataObject) -> None:
    agree(written, data, 2)


@tries(60)
@given(written_estates(cycles=True, most=6), st.data())
def test_it_does_where_values_go_round(written: Written, data: st.DataObject) -> None:
    agree(written, data, 2)


# ---------------------------------------------------------------------------------------------------------- the findings


class Checked:
    """An estate, what a check says of it, and what happens to every record."""

    def __init__(self, written: Written, data: st.DataObject, longest: int = 2) -> None:
        self.context = Context(written.load())
        self.graph = self.context.graph
        self.report = check(self.context.estate)
        self.records = {entity.full_name: records(data, entity, longest) for entity in self.graph.entries}

    def findings(self, rule: str, verdict: str = "refuted") -> list[Finding]:
        return [f for f in self.report.findings if f.rule == rule and f.verdict == verdict]

    def accepts(self, record: Record) -> bool:
        """Whether the entry lets the record in (a field of no entry may hold what its contract allows)."""
        return all(value in self.context.judge.accepted(name) for name, value in record.items())


def is_told(finding: Finding, field: str, constraint: str | None) -> bool:
    """Whether a finding is about this field's refusal, or says that what happens there is not known."""
    binding = finding.binding
    if finding.verdict == "unknown":
        return True
    return binding is not None and binding.field == field and constraint in {None, binding.constraint}


@tries(100)
@given(written_estates(), st.data())
def test_no_accepted_record_is_refused_without_a_finding_that_says_so(written: Written, data: st.DataObject) -> None:
    """The worst defect there is: a wrong "safe"."""
    _nothing_untold(Checked(written, data))


@tries(60)
@given(written_estates(cycles=True, most=6), st.data())
def test_no_accepted_record_is_refused_untold_where_values_go_round(written: Written, data: st.DataObject) -> None:
    _nothing_untold(Checked(written, data))


def _nothing_untold(checked: Checked) -> None:
    for entity in checked.graph.entries:
        told = [f for f in checked.report.findings if f.rule == "escape" and f.entry == entity.full_name]
        for record in checked.records[entity.full_name]:
            for (field, constraint), arrival in refused_at(travel(checked.graph, record)).items():
                assert any(is_told(f, field, constraint) for f in told), (record, field, constraint, arrival.value)


@tries(100)
@given(written_estates(), st.data())
def test_the_record_of_every_escape_is_accepted_and_refused_where_it_says(written: Written, data: st.DataObject) -> None:
    checked = Checked(written, data)
    for finding in checked.findings("escape"):
        assert finding.witness is not None
        assert finding.binding is not None
        assert checked.accepts(finding.witness)
        refused = refused_at(travel(checked.graph, finding.witness))
        at_type = finding.binding.constraint == "type" and (finding.binding.field, None) in refused
        assert at_type or (finding.binding.field, finding.binding.constraint) in refused, finding.message
        assert finding.hops[0].value == finding.witness[finding.hops[0].field]
        assert finding.hops[-1].field == finding.binding.field


def size(record: Record) -> int:
    return sum(len(v) for v in record.values() if isinstance(v, str))


@tries(100)
@given(written_estates(), st.data())
def test_no_record_refused_for_the_same_reason_is_shorter(written: Written, data: st.DataObject) -> None:
    checked = Checked(written, data)
    shortest: dict[tuple[str, str, str | None], Record] = {}
    for entity in checked.graph.entries:
        for record in checked.records[entity.full_name]:
            texts = {n: v for n, v in record.items() if isinstance(v, str)}
            for (field, constraint) in refused_at(travel(checked.graph, record)):
                key = (entity.full_name, field, constraint)
                if key not in shortest or size(texts) < size(shortest[key]):
                    shortest[key] = record
    for finding in checked.findings("escape"):
        fields = set(finding.fields)
        assert finding.witness is not None
        assert finding.entry is not None
        assert finding.binding is not None
        if set(finding.witness) != fields or len(fields) > 1 or not isinstance(finding.witness[finding.fields[0]], str):
            continue
        name = finding.fields[0]
        for record in checked.records[finding.entry]:
            value = record[name]
            if not isinstance(value, str) or len(value) >= size(finding.witness):
                continue
            alone = {n: (v if n == name else None) for n, v in record.items()}
            refused = refused_at(travel(checked.graph, {name: value}))
            assert (finding.binding.field, finding.binding.constraint) not in refused, (finding.message, alone)


def altered(arrival: Arrival) -> bool:
    """Whether a system changed the value it took, more than blanks at the end."""
    value, stored = arrival.value, arrival.stored
    if not isinstance(value, str) or not isinstance(stored, str):
        return False
    return value.rstrip(" ") != stored.rstrip(" ")


@tries(80)
@given(written_estates(), st.data())
def test_no_value_is_changed_by_a_system_untold(written: Written, data: st.DataObject) -> None:
    checked = Checked(written, data)
    for entity in checked.graph.entries:
        told = [f for f in checked.report.findings if f.entry == entity.full_name and f.rule in {"loss", "escape"}]
        for record in checked.records[entity.full_name]:
            for arrived in travel(checked.graph, record).arrivals.values():
                for arrival in arrived:
                    if arrival.link is None or arrival.is_refused or not altered(arrival):
                        continue
                    assert any(
                        f.verdict == "unknown" or (f.rule == "loss" and f.binding and f.binding.field == arrival.field)
                        for f in told
                    ), (record, arrival.field, arrival.value, arrival.stored)


@tries(80)
@given(written_estates(), st.data())
def test_the_record_of_every_loss_arrives_and_is_altered(written: Written, data: st.DataObject) -> None:
    checked = Checked(written, data)
    for finding in checked.findings("loss"):
        assert finding.witness is not None
        assert finding.binding is not None
        assert checked.accepts(finding.witness)
        journey = travel(checked.graph, finding.witness)
        arrived = journey.arrivals.get(finding.binding.field, ())
        assert arrived, finding.message
        constraint = finding.binding.constraint
        field = checked.graph.fields[finding.binding.field]
        if constraint in {c.name for c in field.constraints}:
            demand = next(c for c in field.constraints if c.name == constraint)
            assert any(
                not a.refusals and not isinstance(a.value, NoValue) and (a.value not in demand.accepts) for a in arrived
            ), finding.message
        else:
            assert any(is_changed_on_the_way(a, constraint) for a in arrived), finding.message


def is_changed_on_the_way(arrival: Arrival, step_name: str) -> bool:
    """Whether the named step of the flow it came by changed a value."""
    link = arrival.link
    if link is None:
        return False
    values: list[Value] = []
    for source, chain in zip(arrival.sources, link.chains, strict=True):
        value = source.stored
        for step in chain:
            if isinstance(value, NoValue):
                break
            before, value = value, step.apply(value)
            if step.name == step_name and value != before:
                return True
        if not isinstance(value, NoValue):
            values.append(value)
    if link.join is None or len(values) < len(link.sources):
        return False
    joined = link.join.apply(values)
    for step in link.tail:
        if isinstance(joined, NoValue):
            return False
        before, joined = joined, step.apply(joined)
        if step.name == step_name and joined != before:
            return True
    return False


@tries(100)
@given(written_estates(), st.data())
def test_values_that_collide_are_accepted_different_and_stored_as_one(written: Written, data: st.DataObject) -> None:
    checked = Checked(written, data)
    for finding in checked.findings("collision"):
        assert finding.witness is not None
        assert finding.second is not None
        assert finding.binding is not None
        assert finding.witness != finding.second
        ends = []
        for record in (finding.witness, finding.second):
            assert checked.accepts(record)
            journey = travel(checked.graph, record)
            stored = {a.stored for a in journey.arrivals[finding.binding.field] if not a.is_refused}
            ends.append({folded(value) for value in stored} if "case" in finding.binding.sentence else stored)
        assert ends[0] & ends[1], finding.message


def folded(value: Value | NoValue) -> Value | NoValue:
    return Lower().write(value) if isinstance(value, str) else value


@tries(80)
@given(written_estates(), st.data())
def test_no_two_accepted_values_collide_untold(written: Written, data: st.DataObject) -> None:
    """Over one unconditional way of single fields: such values of one field, everything else null, are tried in pairs."""
    checked = Checked(written, data)
    told = {(f.fields[0], f.binding.field) for f in checked.report.findings if f.rule == "collision" and f.binding}
    for entity in checked.graph.entries:
        for name in (field.full_name for field in entity.fields.values()):
            stored: dict[str, dict[Value, Value]] = defaultdict(dict)
            for value in {record[name] for record in checked.records[entity.full_name]} - {None}:
                for field, arrived in travel(checked.graph, {name: value}).arrivals.items():
                    unique = checked.graph.fields[field].unique
                    if unique is None or any(len(link.sources) > 1 for link in checked.graph.into.get(field, ())):
                        continue
                    for arrival in arrived:
                        if arrival.link is None or not came_alone(arrival) or arrival.is_refused:
                            continue
                        key = arrival.stored if unique.case_sensitive else folded(arrival.stored)
                        if key is None or isinstance(key, NoValue):
                            continue
                        other = stored[field].setdefault((type(key), key), value)
                        if not same_at(checked, name, other, value):
                            note(f"{name}: {other!r} and {value!r} become {key!r} in {field}")
                            assert (name, field) in told


def came_alone(arrival: Arrival) -> bool:
    """Whether only single fields and no conditions were on its way."""
    while arrival.link is not None:
        if len(arrival.sources) != 1 or arrival.link.flow.when is not None:
            return False
        arrival = arrival.sources[0]
    return True


def same_at(checked: Checked, name: str, first: Value, second: Value) -> bool:
    """Whether the entry itself takes two values for one."""
    unique = checked.graph.fields[name].unique
    if unique is not None and not unique.case_sensitive:
        return folded(first) == folded(second)
    return type(first) is type(second) and first == second


@tries(80)
@given(written_estates(), st.data())
def test_what_an_entry_refuses_for_nothing_is_refused_by_it_alone(written: Written, data: st.DataObject) -> None:
    checked = Checked(written, data)
    for finding in checked.findings("over-tight"):
        assert finding.witness is not None
        (name, value), = finding.witness.items()
        assert value not in checked.graph.fields[name].accepts
        assert not refused_at(travel(checked.graph, {name: value})) or len(checked.graph.fields) > 1


@tries(60)
@given(written_estates(cycles=True, most=5))
def test_a_check_of_values_that_go_round_ends_with_answers_or_names_the_cycle(written: Written) -> None:
    context = Context(written.load())
    report = check(context.estate)
    for name in context.composition.unsettled:
        for entity in context.graph.entries:
            for field in entity.fields.values():
                if name in context.graph.downstream([field.full_name]):
                    assert any(
                        f.verdict == "unknown" and f.field == field.full_name and "cycle" in (f.reason or "")
                        for f in report.findings
                    )
