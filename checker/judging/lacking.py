"""Records that arrive without a field that must be filled in, because no flow brings it and no system fills it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import chain, groupby, islice, product
from math import prod
from typing import TYPE_CHECKING, Any

from ...contracts.constraint import OpaqueRule
from ...lineage.transform import chain_preimage
from ...values.budget import BudgetExceeded, out_of
from ...values.valueset import ValueSet
from ..finding import Binding, Finding, Hop
from ..messages import escaped, listed, record
from .simulate import travel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ...contracts.model import Entity, Field
    from ...documents.names import FieldName
    from ...lineage.filling import Creation
    from ...lineage.graph import Link
    from ...values.valueset import Value
    from ..change import Change
    from ..finding import FieldValues
    from ..rule import Rule
    from .judge import Judge
    from .simulate import Arrival


_NULL, _EMPTY = ValueSet.null_only(), ValueSet.exactly([""])

_SHOWN = 6
"""So many missing fields are named in a message; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Arriving:
    """A record that an entry accepts and that arrives at an entity."""

    entry: Entity
    record: Mapping[FieldName, Value]
    steps: int
    """The number of flows on its way there."""


@dataclass(frozen=True, slots=True)
class LackingEntity:
    """An entity in which flows create records without a field that must be filled in: each of them is rejected."""

    entity: Entity
    creations: tuple[Creation, ...]
    """Per source that creates such records, the fields that they lack (`unwritten`)."""
    arriving: Arriving | None
    """The proof; None: it is not known whether any entry sends such a record."""
    reason: str | None
    """The reason why it is not known."""

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields that are missing, in the order of the contract."""
        missing = {field.name for creation in self.creations for field in creation.unwritten}
        return tuple(field for field in self.entity.fields.values() if field.name in missing)

    @property
    def binding(self) -> Binding:
        """The constraint that rejects null in the first field that is missing."""
        return required_of(self.fields[0])

    def entry_fields(self, judge: Judge) -> tuple[FieldName, ...]:
        """The fields of entries, by full name, whose values arrive in such a record."""
        kinds = judge.graph.contracts.entities
        upstream = _upstream(judge, [link for creation in self.creations for link in creation.links])
        return tuple(sorted(name for name in upstream if kinds[name.entity_name].kind == "entry"))

    def hops(self) -> tuple[Hop, ...]:
        """The record of the proof, and the fields that it lacks where it arrives."""
        if self.arriving is None:
            return ()
        typed = (Hop(name, value, "", None, 0) for name, value in self.arriving.record.items())
        missing = (Hop(field.full_name, None, "nothing is brought", None, self.arriving.steps) for field in self.fields)
        return (*typed, *missing)


def required_of(field: Field) -> Binding:
    """The constraint of a field that rejects null."""
    certain = (c for c in field.constraints if None not in c.accepts)
    doubted = (c for c in field.constraints if isinstance(c.restriction, OpaqueRule) and c.restriction.may_reject_null)
    constraint = next(chain(certain, doubted))
    return Binding(field.full_name, constraint.name, constraint.sentence, constraint.location, field.source)


def lacking_entities(judge: Judge) -> Iterator[LackingEntity]:
    """Every such entity within, in the order of the contracts."""
    within = judge.composition.within
    for _, group in groupby(judge.graph.unfilled, key=lambda creation: creation.entity.full_name):
        first, *more = group
        if first.unwritten[0].full_name in within:
            yield lacking_entity(judge, (first, *more))
    for _, group in groupby(judge.graph.perhaps_unfilled, key=lambda creation: creation.entity.full_name):
        creations = tuple(group)
        fields = creations[0].unwritten
        if fields[0].full_name in within:
            yield LackingEntity(creations[0].entity, creations, None, required_of(fields[0]).sentence)


def lacking_finding(judge: Judge, lacking: LackingEntity, rule: Rule[Any], causes: tuple[Change, ...] = ()) -> Finding:
    """Such an entity as a finding of a rule."""
    arriving = lacking.arriving
    return Finding(
        rule=rule.name,
        severity=rule.severity,
        verdict="unknown" if arriving is None else "refuted",
        message=_message(lacking),
        location=lacking.fields[0].location,
        entry=None if arriving is None else arriving.entry.full_name,
        field=lacking.fields[0].full_name,
        fields=(*lacking.entry_fields(judge), *(field.full_name for field in lacking.fields)),
        binding=lacking.binding,
        witness=None if arriving is None else arriving.record,
        hops=lacking.hops(),
        reason=lacking.reason,
        causes=causes,
    )


def _message(lacking: LackingEntity) -> str:
    entity, arriving = lacking.entity.full_name, lacking.arriving
    names = listed([str(field.full_name) for field in lacking.fields], most=_SHOWN)
    if not any(field.required for field in lacking.fields):
        verb = "has" if len(lacking.fields) == 1 else "have"
        reason = escaped(lacking.reason or "")
        return f"unknown whether {names} {verb} to be filled in, and no flow brings a value: {reason}"
    wanted = f"{names} must be filled in, and no flow brings {'it' if len(lacking.fields) == 1 else 'them'} a value"
    sources = listed([str(name) for name in dict.fromkeys(name for c in lacking.creations for name in c.sources)])
    if arriving is not None:
        return (
            f"{wanted}: {arriving.entry.full_name} accepts {record(arriving.record)}, and {entity} rejects that record"
        )
    every = f"{entity} rejects every record that comes from {sources}"
    return f"{wanted}: {every}; unknown whether there is any: {escaped(lacking.reason or '')}"


def lacking_entity(
    judge: Judge, creations: tuple[Creation, ...], doubt_of: Callable[[FieldValues], str | None] = lambda _: None
) -> LackingEntity:
    """One entity with a record as proof, where one is found.

    `doubt_of`: a further reason why a record is no proof; None: there is none.
    """
    reason: str | None = None
    for creation in creations:
        trigger = _filled_by_trigger(creation)
        if trigger is not None:
            reason = reason or trigger
            continue
        try:
            arriving = _arriving(judge, creation, doubt_of)
        except BudgetExceeded as error:
            arriving = error.reason
        if isinstance(arriving, Arriving):
            return LackingEntity(creation.entity, creations, arriving, None)
        reason = reason or arriving
    return LackingEntity(creations[0].entity, creations, None, reason)


def _filled_by_trigger(creation: Creation) -> str | None:
    """The trigger that may fill in what is missing, for all that is known of it; None where it surely stays empty."""
    may_fill: str | None = None
    for field in creation.unwritten:
        rules = (c.restriction.words for c in field.constraints if isinstance(c.restriction, OpaqueRule))
        trigger = next((rule for rule in rules if rule.startswith("TRIGGER ")), None)
        if trigger is None:
            return None
        may_fill = f"{trigger} may fill it in"
    return may_fill


def _upstream(judge: Judge, links: Sequence[Link]) -> set[FieldName]:
    """Every field whose value, or whose bearing on a condition, decides about these links."""
    graph = judge.graph
    seen: set[FieldName] = set()
    todo = [name for link in links for name in link.reads]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += (read for link in graph.into.get(name, ()) for read in link.reads)
    return seen


def _arriving(judge: Judge, creation: Creation, doubt_of: Callable[[FieldValues], str | None]) -> Arriving | str:
    """A record of an entry that arrives; or the reason why none was found."""
    sources = " and ".join(map(str, creation.sources))
    reason = f"no entry is known to send records to {sources}"
    upstream = cache(lambda link: _upstream(judge, [link]))
    for entry in judge.graph.entries:
        for link in creation.links:
            deciding = upstream(link) & {field.full_name for field in entry.fields.values()}
            if not deciding:
                continue
            reason = f"no record was found that arrives at {creation.entity.full_name}"
            options = [_options(judge, name, link) for name in judge.graph.in_order(deciding)]
            for choice in islice(product(*options), judge.budget.completions):
                sent = dict(choice)
                arrived = _arrived(judge, sent, creation)
                if arrived is not None:
                    doubt = _doubt(judge, sent) or doubt_of(sent)
                    if doubt is None:
                        return Arriving(entry, sent, _depth(arrived))
                    reason = doubt
            if prod(map(len, options)) > judge.budget.completions:
                reason = f"{reason} ({out_of('completions', judge.budget.completions)})"
    return reason


def _options(judge: Judge, name: FieldName, link: Link) -> list[tuple[FieldName, Value]]:
    """Values of an entry's field to try: one that each alternative of the link's condition wants, any other, none."""
    accepted = judge.accepted(name)
    wanted = [accepted]
    if link.when is not None:
        transforms = judge.graph.storage(name).transforms
        of_name = (dict(alternative.values).get(name) for alternative in link.when.alternatives)
        wanted = [accepted & chain_preimage(transforms, values) for values in of_name if values is not None] + wanted
    values: dict[tuple[type, Value], Value] = {}
    for value in _compared(judge, link):
        if value in accepted:
            values[type(value), value] = value
    for some in wanted:
        for part in (some - _EMPTY - _NULL, some - _NULL, some & _NULL):
            witness = part.witness(judge.budget)
            if witness is not None:
                values[type(witness.value), witness.value] = witness.value
    return [(name, value) for value in values.values()]


def _compared(judge: Judge, link: Link) -> Iterator[Value]:
    """The values that conditions on the way to a link, and its own, compare with."""
    passed = {each: None for name in _upstream(judge, [link]) for each in judge.graph.into.get(name, ())}
    for each in (link, *passed):
        yield from (operand.value for operand in each.when.operands) if each.when is not None else ()


def _arrived(judge: Judge, record: Mapping[FieldName, Value], creation: Creation) -> Arrival | None:
    """An arrival of the record over one of the links; None: each is rejected, or nothing is carried."""
    arrivals = travel(judge.graph, record, judge.budget).arrivals
    reached = [a for name in creation.fed for a in arrivals.get(name, ()) if a.link in creation.links]
    return next((arrival for arrival in reached if arrival.goes_on and arrival.sure and not arrival.doubts), None)


def _doubt(judge: Judge, record: Mapping[FieldName, Value]) -> str | None:
    """The reason why it is not known whether the entry accepts the record."""
    opaque = (constraint for name in record for constraint in judge.graph.storage(name).opaque)
    return next((constraint.doubt for constraint in opaque), None)


def _depth(arrival: Arrival) -> int:
    return 0 if arrival.link is None else 1 + max((_depth(source) for source in arrival.sources), default=0)
