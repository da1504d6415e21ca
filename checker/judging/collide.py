"""Collisions: records of entries that differ and become equal where records must differ."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from itertools import islice, product
from math import prod
from typing import TYPE_CHECKING, Any, TypeAlias

from ...lineage.transform import NoValue, a_disputed, chain_agreed, chain_apply, chain_preimage, one_way, settle, varies
from ...values import language
from ...values.budget import BudgetExceeded, out_of
from ...values.charset import Charset
from ...values.show import show
from ...values.textset import TextSet
from ...values.valueset import ValueSet
from ..finding import Binding, Finding, Hop, Severity
from ..messages import brief, escaped, listed
from .pairs import Chain, EqualPair, Typed, meeting, pair_across, pair_on
from .sampling import samples
from .simulate import travel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ...documents.names import FieldName
    from ...values.budget import Budget
    from ...values.valueset import Value
    from ..finding import FieldValues
    from ..rule import Rule
    from .context import Context
    from .ways import Demand, EntryWay, Lane

KnownEqual: TypeAlias = "Callable[[FieldName, Value, FieldName], ValueSet]"
"""Per value of one entry field, the values of another (or the same) that are known to become equal to it."""

_PLAIN = ~ValueSet.of_type("text") | ValueSet.text(
    TextSet.language(language.repeat(language.chars(Charset.of((" ", "~"))), 0))
)
"""Every value but texts with other characters than printable ASCII ones."""


@dataclass(frozen=True, slots=True)
class Collision:
    """Two records of entries that become equal where records must differ; or the reason why that is not known."""

    demand: Demand
    names: tuple[FieldName, ...]
    """The entry fields concerned, by full name; the first one is at fault."""
    first: FieldValues | None
    second: FieldValues | None
    become: tuple[Value, ...]
    """What the first record becomes in each field of the demand; empty without a pair."""
    hops: tuple[Hop, ...]
    """The journey of the first record's value; empty without a pair."""
    reason: str | None
    """The reason why it is not known; None with a pair."""

    @property
    def name(self) -> FieldName:
        """The entry field at fault."""
        return self.names[0]

    def finding(self, context: Context, rule: Rule[Any]) -> Finding:
        """The collision as a finding of a rule; a warning where it is unknown."""
        return Finding(
            rule=rule.name,
            severity=rule.severity if self.reason is None else Severity.WARNING,
            verdict="refuted" if self.reason is None else "unknown",
            message=self._message(),
            location=context.graph.fields[self.name].location,
            entry=self.name.entity_name,
            field=self.name,
            fields=self.names,
            binding=binding_of(self.demand),
            witness=self.first,
            second=self.second,
            hops=self.hops,
            reason=self.reason,
        )

    def _message(self) -> str:
        place = place_of(self.demand)
        if self.first is None or self.second is None:
            return f"{self.name}: unknown whether different values stay different in {place}: {self.reason}"
        must = f"in {place}, where values must be {escaped(self.demand.unique.sentence)}"
        first = [self.first[name] for name in self.names if name in self.first]
        second = [self.second[name] for name in self.names if name in self.second]
        if not any(value is not None for value in (*first, *second)):
            return f"{self.name}: every record without a value is null in {place}, where one record at most may be null"
        arrived = ", ".join(map(show, self.become))
        if len(self.names) == 1:
            return f"{self.name}: {show(first[0])} and {show(second[0])} both become {arrived} {must}"
        return f"{self._typed(self.first)} and {self._typed(self.second)} both become {arrived} {must}"

    def _typed(self, record: FieldValues) -> str:
        """A record in a message: `web.e.login "AB"`."""
        return listed([f"{name} {show(record[name])}" for name in self.names if name in record])


def place_of(demand: Demand) -> str:
    """The place where values must differ: a field, or several fields of an entity."""
    if len(demand.columns) == 1:
        return str(demand.columns[0])
    return f"{demand.entity.full_name} ({', '.join(demand.unique.fields)})"


def binding_of(demand: Demand) -> Binding:
    """The demand as a binding constraint, at its first field."""
    unique = demand.unique
    together = f": {', '.join(unique.fields)}" if len(unique.fields) > 1 else ""
    return Binding(demand.columns[0], unique.word, f"{unique.sentence}{together}", unique.location)


def none_known(first: FieldName, value: Value, second: FieldName) -> ValueSet:  # noqa: ARG001 - of no value
    """No values are known to become equal."""
    return ValueSet.nothing()


def not_known(demand: Demand, names: tuple[FieldName, ...], reason: str) -> Collision:
    """A collision that is not decided, with the reason."""
    return Collision(demand, names, None, None, (), (), reason)


def collision_on(context: Context, way: EntryWay, known: KnownEqual, among: ValueSet | None = None) -> Collision | None:
    """Two records that become equal on a way, or a collision that is unknown; None: there is none.

    `known` gives the values that are equal to a value already. With `among`, on a way of one entry field: a collision of
    one of these values with another, of which only a few samples are tried.
    """
    try:
        return _collision_on(context, way, known, among)
    except BudgetExceeded as error:
        return not_known(way.demand, way.names, error.reason)


def _collision_on(context: Context, way: EntryWay, known: KnownEqual, among: ValueSet | None) -> Collision | None:
    budget = context.budget
    typed = {name: typed_values(way, name) for name in way.names}
    fixed: dict[FieldName, Value] = {}
    for name, each in typed.items():
        witness = each.values.witness(budget)
        if witness is None:
            return None
        fixed[name] = witness.value
    reason: str | None = None
    for name, each in typed.items():
        agreed, disputed = _where_engines_agree(context, name, each)
        outcome = pair_on(agreed, partial(_known_at, known, name, name), budget, among)
        if isinstance(outcome, EqualPair):
            first, second = fixed | {name: outcome.first}, fixed | {name: outcome.second}
            return _confirmed(context, (way, way), name, first, second)
        reason = reason or outcome or disputed
    if reason is None and among is None and _takes_null_twice(context, way, typed):
        nulls: dict[FieldName, Value] = dict.fromkeys(way.names)
        return _confirmed(context, (way, way), way.names[0], nulls, nulls)
    reason = reason or _doubt(context, way)
    return None if reason is None else not_known(way.demand, way.names, reason)


def _known_at(known: KnownEqual, name: FieldName, twin: FieldName, value: Value) -> ValueSet:
    return known(name, value, twin)


def typed_values(way: EntryWay, name: FieldName) -> Typed:
    """The values of an entry field that arrive on a way as values that may be equal to others."""
    chains = tuple(Chain(lane.steps, lane.passed) for lane in way.lanes_of(name))
    return Typed(way.values(name), chains, way.demand.unique.one_null).arriving()


def _where_engines_agree(context: Context, name: FieldName, typed: Typed) -> tuple[Typed, str | None]:
    """The values of an entry field that engines treat alike, over the steps as they all do them then.

    And a value that they do not treat alike, in words, where there are some.
    """
    entered, budget = context.judge.accepted(name), context.budget
    values, chains, words = typed.values, [], None
    for chain in typed.chains:
        steps = settle(chain.steps, entered, budget)
        if varies(steps):
            values = values & chain_agreed(steps)
            words = words or a_disputed(steps, entered, budget) or "the engines that may run a step differ in it"
        chains.append(replace(chain, steps=one_way(steps)))
    return replace(typed, values=values, chains=tuple(chains)), words


def _takes_null_twice(context: Context, way: EntryWay, typed: Mapping[FieldName, Typed]) -> bool:
    """Whether two records without a value arrive as null, where null is equal to null."""
    if not way.demand.unique.one_null or any(None not in each.values for each in typed.values()):
        return False
    own = (context.graph.fields[name].unique for name in way.names)
    if any(unique is not None and unique.one_null for unique in own):
        return False
    return all(chain_apply(chain.steps, None) is None for each in typed.values() for chain in each.chains)


def _doubt(context: Context, way: EntryWay) -> str | None:
    """The reason why further values may be equal under a comparison that cannot be stated; None: none may be."""
    compared = (_compared(way, name) for name in way.names)
    reasons = (_doubt_between(context, way.demand, each, each) for each in compared)
    return next((reason for reason in reasons if reason is not None), None)


def _compared(way: EntryWay, name: FieldName) -> Typed:
    """The values of an entry field that a comparison which cannot be stated may find equal to others.

    It may be one of what an expression makes of null.
    """
    typed = typed_values(way, name)
    unique = way.demand.unique
    if unique.opaque is None or unique.only_beyond_ascii:
        return typed
    return Typed(way.values(name), typed.chains, one_null=True).arriving()


def _doubt_between(context: Context, demand: Demand, one: Typed, other: Typed) -> str | None:
    """The reason why a value of the one may be equal to a different value of the other; None: none may be."""
    unique, budget = demand.unique, context.budget
    if unique.opaque is None or one.values.is_empty(budget) or other.values.is_empty(budget):
        return None
    if unique.only_beyond_ascii and _is_plain(one, budget) and _is_plain(other, budget):
        return None
    values = one.values | other.values
    witness = values.witness(budget)
    if witness is None or (values - ValueSet.exactly([witness.value])).is_empty(budget):
        return None
    return f"values may be equal under {escaped(brief(unique.opaque))}, which cannot be stated exactly"


def _is_plain(typed: Typed, budget: Budget) -> bool:
    """Whether some of the fields it leads to get printable ASCII alone."""
    stored = (chain_preimage(chain.steps, _PLAIN) for chain in typed.chains)
    return any((typed.values - plain).is_empty(budget) for plain in stored)


def collision_across(context: Context, first: EntryWay, second: EntryWay, known: KnownEqual) -> Collision | None:
    """Two records that become equal by two different ways, or a collision that is unknown; None: there is none."""
    try:
        return _collision_across(context, first, second, known)
    except BudgetExceeded as error:
        return not_known(first.demand, _both_names(first, second), error.reason)


def _both_names(first: EntryWay, second: EntryWay) -> tuple[FieldName, ...]:
    return tuple(dict.fromkeys((*first.names, *second.names)))


def _collision_across(context: Context, first: EntryWay, second: EntryWay, known: KnownEqual) -> Collision | None:
    budget, names = context.budget, _both_names(first, second)
    columns = first.demand.columns
    if any(len(way.names) < len(way.lanes) for way in (first, second)):
        return not_known(first.demand, names, "one field of the entry fills several of the fields, by two ways")
    pairs: list[EqualPair] = []
    differing: int | None = None
    unsure: str | None = None
    for i, (one, other) in enumerate(zip(first.lanes, second.lanes, strict=True)):
        name, twin = one.origin.field, other.origin.field
        mine, mine_disputed = _where_engines_agree(context, name, typed_values(first, name))
        theirs, theirs_disputed = _where_engines_agree(context, twin, typed_values(second, twin))
        disputed = mine_disputed or theirs_disputed
        outcome: EqualPair | str | None = None
        if differing is None:
            there, back = partial(_known_at, known, name, twin), partial(_known_at, known, twin, name)
            if name == twin and one.steps == other.steps and mine.values == theirs.values:
                outcome = None  # `collision_on` decides this for each way
            else:
                outcome = pair_across(mine, theirs, there, back, budget) or disputed
            if isinstance(outcome, EqualPair):
                differing = i
            elif isinstance(outcome, str):
                unsure = unsure or outcome
        if not isinstance(outcome, EqualPair):
            vague = _doubt_between(context, first.demand, _compared(first, name), _compared(second, twin))
            unsure = unsure or vague
            met = (meeting(mine, theirs, budget) or disputed or vague) if len(columns) > 1 else outcome or vague
            if met is None:
                return None
            if isinstance(met, str):
                unsure = unsure or met
                continue
            outcome = met
        pairs.append(outcome)
    if differing is not None and len(pairs) == len(columns):
        records: list[dict[FieldName, Value]] = [
            {lane.origin.field: pair.first for lane, pair in zip(first.lanes, pairs, strict=True)},
            {lane.origin.field: pair.second for lane, pair in zip(second.lanes, pairs, strict=True)},
        ]
        return _confirmed(context, (first, second), first.lanes[differing].origin.field, *records)
    if unsure is not None:
        return not_known(first.demand, names, f"they arrive by two ways, and {unsure}")
    return None


# ---------------------------------------------------------------------------------------------------------- concretely


def _confirmed(
    context: Context, ways: tuple[EntryWay, EntryWay], name: FieldName, first: FieldValues, second: FieldValues
) -> Collision:
    """The collision, when both records are sent and become equal; or the reason why that is not known."""
    demand = ways[0].demand
    names = tuple(dict.fromkeys((name, *_both_names(*ways))))
    reason = may_be_rejected(context, ways, first, second)
    if reason is not None:
        return not_known(demand, names, reason)
    sent: list[FieldValues] = []
    for way, record in zip(ways, (first, second), strict=True):
        whole = completed(context, way, record)
        if isinstance(whole, str):
            return not_known(demand, names, whole)
        sent.append(whole)
    keys = [
        [chain_apply(lane.steps, record[lane.origin.field]) for lane in way.lanes]
        for way, record in zip(ways, sent, strict=True)
    ]
    if keys[0] != keys[1]:
        return not_known(demand, names, "the two records found do not become equal when they are run forward")
    lane = next(lane for lane in ways[0].lanes if lane.origin.field == name)
    hops = _hops(context, lane, first[name])
    become = [chain_apply(each.stored, first[each.origin.field]) for each in ways[0].lanes]
    arrived = tuple(value for value in become if not isinstance(value, NoValue))
    return Collision(demand, names, sent[0], sent[1], arrived, hops, None)


def may_be_rejected(
    context: Context, ways: tuple[EntryWay, EntryWay], first: FieldValues, second: FieldValues
) -> str | None:
    """The reason why it is not known whether both records arrive; None where they do."""
    for way, record in zip(ways, (first, second), strict=True):
        for lane in way.lanes:
            here: Value | NoValue = record[lane.origin.field]
            names = [link.sources[0].full_name for link in lane.origin.links]
            for name, link in zip((*names, lane.column), (*lane.origin.links, None), strict=True):
                for each in context.graph.storage(name).doubts:
                    if each.sure is None or isinstance(here, NoValue) or here not in each.sure:
                        both = " and ".join(", ".join(map(show, values.values())) for values in (first, second))
                        why = escaped(each.constraint.doubt or "")
                        return f"{both} become equal there, if {name} accepts them, and {why}"
                if link is not None and not isinstance(here, NoValue):
                    stored = chain_apply(context.graph.storage(name).transforms, here)
                    here = stored if isinstance(stored, NoValue) else link.apply([stored])
    return None


def completed(context: Context, way: EntryWay, record: FieldValues) -> FieldValues | str:
    """The record with values that meet the conditions on the way, so that it arrives; or the reason why none were found.

    Where null arrives, a field on the way may require a value under a condition, which is not to be met.
    """
    graph, budget = context.graph, context.budget
    met = [link.when for lane in way.lanes for link in lane.origin.links if link.when is not None]
    passed = {name for lane in way.lanes for link in lane.origin.links for name in (link.target.full_name, lane.column)}
    unmet = [condition for name in sorted(passed) for _, condition in graph.storage(name).conditional]
    conditions = (*met, *unmet)
    if not conditions:
        return (
            "another field rejects, or may reject, one of the two records"
            if _is_rejected_beside(context, way, record)
            else record
        )
    read = dict.fromkeys(name for condition in conditions for name in condition.fields)
    entities = graph.contracts.entities
    deciding = [
        name
        for name in graph.in_order(graph.upstream(list(read)))
        if name not in record
        and (entities[name.entity_name].kind == "entry" or not graph.into.get(name))
        and (name in read or name.entity_name == way.entry)
    ]
    options: list[list[tuple[FieldName, Value]]] = []
    for name in deciding:
        accepted = context.judge.accepted(name)
        try:
            likely = [
                witness.value
                for condition in conditions
                for alternative in condition.alternatives
                if (values := dict(alternative.values).get(name)) is not None
                and (witness := (accepted & values if condition in met else accepted - values).witness(budget))
            ]
        except BudgetExceeded as error:
            return error.reason
        options.append([(name, value) for value in (*likely, *samples(accepted, budget))])
    for choice in islice(product(*options), budget.completions):
        whole = {**record, **dict(choice)}
        if _arrives(context, way, whole):
            return whole
    doubt = "no two records were found that arrive when they are run forward"
    spent = out_of("completions", budget.completions)
    return f"{doubt} ({spent})" if prod(map(len, options)) > budget.completions else doubt


def _arrives(context: Context, way: EntryWay, record: FieldValues) -> bool:
    """Whether the record, sent over every flow whose condition it meets, arrives over every lane of the way."""
    arrivals = travel(context.graph, record, context.budget).arrivals
    for lane in way.lanes:
        expected = chain_apply(lane.stored, record[lane.origin.field])
        arrived = [arrival for arrival in arrivals.get(lane.column, ()) if not arrival.is_rejected]
        if not any(a.sure and a.stored == expected and type(a.stored) is type(expected) for a in arrived):
            return False
    return not _is_rejected_beside(context, way, record)


def _is_rejected_beside(context: Context, way: EntryWay, record: FieldValues) -> bool:
    """Whether another field there, or a rule of the entry, rejects, or may reject, what the record's values become."""
    for name in record:
        for _, denied in context.graph.storage(name).checks:
            if set(denied.fields) <= record.keys() and denied.may_hold(record):
                return True
    arrivals = travel(context.graph, record, context.budget).arrivals
    beside = (arrival for field in way.demand.entity.fields.values() for arrival in arrivals.get(field.full_name, ()))
    rejected = (arrival for arrival in beside if arrival.is_rejected or arrival.doubts)
    return any(record.keys() >= {*arrival.leaves} for arrival in rejected)


def _hops(context: Context, lane: Lane, value: Value) -> tuple[Hop, ...]:
    origin = lane.origin
    hops = [Hop(origin.field, value, "", None, 0)]
    here = value
    for number, link in enumerate(origin.links, 1):
        stored = chain_apply(context.graph.storage(link.sources[0].full_name).transforms, here)
        arrived = stored if isinstance(stored, NoValue) else link.apply([stored])
        hops.append(Hop(link.target.full_name, arrived, link.sentence, link.flow.lag, number, link.flow.by))
        if isinstance(arrived, NoValue):
            return tuple(hops)
        here = arrived
    changes = context.graph.storage(lane.column).transforms
    stored = chain_apply(changes, here)
    if stored != here:
        words = ", ".join(change.sentence for change in changes)
        hops.append(Hop(lane.column, stored, words, None, len(origin.links)))
    return tuple(hops)
