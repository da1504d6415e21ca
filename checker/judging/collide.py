"""Collisions: two different values of an entry that become equal where values must be unique."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, islice, product
from typing import TYPE_CHECKING, Any, TypeAlias

from ...lineage.transform import (
    NoValue,
    a_disputed,
    chain_agreed,
    chain_apply,
    chain_preimage,
    difference,
    settle,
    varies,
    ways,
)
from ...lineage.transforms.case import Lower
from ...values.budget import BudgetExceeded, out_of
from ...values.show import show
from ...values.valueset import ValueSet
from ..finding import Binding, Finding, Hop, Severity
from ..messages import escaped
from .backward import EntryOrigin, Joined, trace_back
from .injective import injective_on, keeps_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ...contracts.model import Field, Unique
    from ...documents.names import FieldName
    from ...lineage.transform import Transform
    from ...values.budget import Budget
    from ...values.valueset import Value, Witness
    from ..rule import Rule
    from .context import Context

_MOST_CHAINS = 16
"""Combinations of ways in which engines do the steps between an entry and a unique field that are decided one by one."""

KnownEqual: TypeAlias = "Callable[[Value], ValueSet]"
"""Per value, the values that are known to become equal to it and need no finding."""


@dataclass(frozen=True, slots=True)
class EqualPair:
    """Two values of an entry that become one."""

    first: Value
    second: Value


@dataclass(frozen=True, slots=True)
class Collision:
    """Two values of an entry field that become equal in a unique field; or the reason why that is not known."""

    field: Field
    """The unique one."""
    unique: Unique
    name: FieldName
    """The entry field, by full name."""
    pair: EqualPair | None
    hops: tuple[Hop, ...]
    """The journey of the pair's first value; empty without a pair."""
    reason: str | None
    """The reason why it is not known; None with a pair."""

    def finding(self, context: Context, rule: Rule[Any]) -> Finding:
        """The collision as a finding of a rule; a warning where it is unknown."""
        pair = self.pair
        return Finding(
            rule=rule.name,
            severity=rule.severity if pair else Severity.WARNING,
            verdict="refuted" if pair else "unknown",
            message=self._message(),
            location=context.graph.fields[self.name].location,
            entry=self.name.entity_name,
            field=self.name,
            fields=(self.name,),
            binding=Binding(self.field.full_name, "unique", unique_words(self.unique), self.unique.location),
            witness={self.name: pair.first} if pair else None,
            second={self.name: pair.second} if pair else None,
            hops=self.hops,
            reason=self.reason,
        )

    def _message(self) -> str:
        if self.pair is None:
            return (
                f"{self.name}: unknown whether different values stay different in {self.field.full_name}: {self.reason}"
            )
        become = self.hops[-1].value
        arrived = "one" if isinstance(become, NoValue) else show(become)
        return (
            f"{self.name}: {show(self.pair.first)} and {show(self.pair.second)} both become {arrived} in "
            f"{self.field.full_name}, where values must be {unique_words(self.unique)}"
        )


@dataclass(frozen=True, slots=True)
class Way:
    """One path from an entry field to a unique field."""

    field: Field
    """The unique one."""
    unique: Unique
    origin: EntryOrigin
    steps: tuple[Transform, ...]
    """Every transform from the entry to the comparison."""

    @property
    def values(self) -> ValueSet:
        """The values that arrive there, without null, which is equal to nothing."""
        values = self.origin.values
        return values - ValueSet.null_only() if values.null else values


def ways_to(context: Context, field: Field, unique: Unique) -> Iterator[Way | Joined]:
    """The ways to a unique field, and the links at which one ends: they join values, or their effect is unknown.

    Raises BudgetExceeded.
    """
    for origin in trace_back(context.judge, field.full_name, context.composition.sets.accepted(field.full_name)):
        if isinstance(origin, Joined):
            yield origin
        else:
            yield Way(field, unique, origin, _steps(context, field, unique, origin))


def collision_on(context: Context, way: Way, known: KnownEqual, among: ValueSet | None = None) -> Collision | None:
    """Two values that become equal on a way, or a collision that is unknown; None: there is none.

    `known` gives the values that are equal to a value already. With `among`: a collision of one of these values with
    another, of which only a few samples are tried.
    """
    same = _same_at_entry(context, way.origin.field)
    try:
        if among is None:
            outcome = _pair_in_any_way(context, way, same, known)
        else:
            outcome = _tried(way.steps, way.values, among, same, known, context.budget)
        reason = None if isinstance(outcome, EqualPair) else outcome
    except BudgetExceeded as error:
        outcome, reason = None, error.reason
    if outcome is None and reason is None:
        return None
    pair = outcome if isinstance(outcome, EqualPair) else None
    if pair is not None:
        reason = _may_be_rejected(context, way.field, (way.origin,), pair)
        pair = pair if reason is None else None
    hops = _hops(context, way.origin, pair.first) if pair is not None else ()
    return Collision(way.field, way.unique, way.origin.field, pair, hops, reason)


def pairs_of(ways: Sequence[Way]) -> Iterator[tuple[Way, Way]]:
    """The pairs of ways that begin at the same field of an entry."""
    yield from (pair for pair in combinations(ways, 2) if pair[0].origin.field == pair[1].origin.field)


def collision_across(context: Context, first: Way, second: Way, known: KnownEqual) -> Collision | None:
    """Two values that become equal by two different ways, or a collision that is unknown; None: there is none."""
    if first.steps == second.steps:
        return None  # `collision_on` decides this for each way
    name = first.origin.field
    same = _same_at_entry(context, name)
    tried = 0
    try:
        for way, other in ((first, second), (second, first)):
            for candidates in (_altered(way.steps, way.values & chain_preimage(way.steps, other.values)), way.values):
                for number, value in enumerate(_some(candidates, context.budget), 1):
                    tried = max(tried, number)
                    twin = _twin(way.steps, other.steps, other.values, value, same, known, context.budget)
                    if twin is not None:
                        pair = EqualPair(value, twin.value)
                        reason = _may_be_rejected(context, way.field, (way.origin, other.origin), pair)
                        hops = _hops(context, way.origin, value) if reason is None else ()
                        return Collision(way.field, way.unique, name, None if reason else pair, hops, reason)
    except BudgetExceeded as error:
        return not_known(first.field, first.unique, name, error.reason)
    reason = "it arrives by two ways, and no two values were found that become equal"
    if tried == context.budget.tried_values:
        reason = f"{reason} ({out_of('tried values', tried)})"
    return not_known(first.field, first.unique, name, reason)


def not_known(field: Field, unique: Unique, name: FieldName, reason: str) -> Collision:
    """A collision that is not decided, with the reason."""
    return Collision(field, unique, name, None, (), reason)


def unique_words(unique: Unique) -> str:
    """The constraint in words."""
    return "unique" if unique.case_sensitive else "unique whatever their case"


def _may_be_rejected(context: Context, field: Field, origins: Sequence[EntryOrigin], pair: EqualPair) -> str | None:
    """The reason why it is not known whether both values arrive; None where they do."""
    passed = (link.sources[0].full_name for origin in origins for link in origin.links)
    for name in dict.fromkeys((*passed, field.full_name)):
        for constraint in context.graph.storage(name).opaque:
            both = f"{show(pair.first)} and {show(pair.second)}"
            return f"{both} become equal there, if {name} accepts them, and {escaped(constraint.doubt or '')}"
    return None


def _altered(steps: Sequence[Transform], values: ValueSet) -> ValueSet:
    """The values that some step alters."""
    kept = ValueSet.everything()
    for i, step in enumerate(steps):
        kept = kept & chain_preimage(steps[:i], step.unaltered)
    return values - kept


def _some(values: ValueSet, budget: Budget) -> Iterator[Value]:
    """A few of the values, shortest first."""
    for _ in range(budget.tried_values):
        witness = values.witness(budget)
        if witness is None:
            return
        yield witness.value
        values = values - ValueSet.exactly([witness.value])


def _steps(context: Context, field: Field, unique: Unique, origin: EntryOrigin) -> tuple[Transform, ...]:
    """Every transform from the entry to the comparison."""
    steps: list[Transform] = []
    for link in origin.links:
        steps += (*context.graph.storage(link.sources[0].full_name).transforms, *link.chains[0])
    steps += context.graph.storage(field.full_name).transforms
    if not unique.case_sensitive:
        steps.append(Lower())
    return tuple(steps)


def _hops(context: Context, origin: EntryOrigin, value: Value) -> tuple[Hop, ...]:
    hops = [Hop(origin.field, value, "", None, 0)]
    here = value
    for number, link in enumerate(origin.links, 1):
        stored = chain_apply(context.graph.storage(link.sources[0].full_name).transforms, here)
        arrived = stored if isinstance(stored, NoValue) else link.apply([stored])
        hops.append(Hop(link.target.full_name, arrived, link.sentence, link.flow.lag, number))
        if isinstance(arrived, NoValue):
            return tuple(hops)
        here = arrived
    last = origin.links[-1].target.full_name
    changes = context.graph.storage(last).transforms
    stored = chain_apply(changes, here)
    if stored != here:
        hops.append(Hop(last, stored, ", ".join(change.sentence for change in changes), None, len(origin.links)))
    return tuple(hops)


def _same_at_entry(context: Context, name: FieldName) -> tuple[Transform, ...]:
    """The steps under which the entry itself compares values: lower case, where it is unique whatever their case."""
    unique = context.graph.fields[name].unique
    return () if unique is None or unique.case_sensitive else (Lower(),)


def _pair_in_any_way(
    context: Context, way: Way, same: tuple[Transform, ...], known: KnownEqual
) -> EqualPair | str | None:
    """Two values that become equal whatever engines run the steps; None: there are none in any; or why it is not known."""
    budget = context.budget
    entered = context.judge.accepted(way.origin.field)
    steps = settle(way.steps, entered, budget)
    if not varies(steps):
        return _pair(steps, way.values, same, known, budget)
    agreed = chain_agreed(steps)
    chains = list(islice(product(*map(ways, steps)), _MOST_CHAINS + 1))
    outcome = _pair(chains[0], way.values & agreed, same, known, budget)
    if isinstance(outcome, EqualPair):
        return outcome
    if entered.outside(agreed, budget) is None:
        return outcome
    if len(chains) > _MOST_CHAINS:
        return a_disputed(steps, entered, budget) or "the engines that may run a step on the way differ in it"
    for chain in chains:
        outcome = _pair(chain, entered, same, known, budget)
        if isinstance(outcome, EqualPair):
            telling = difference(steps, outcome.first) or difference(steps, outcome.second)
            return f"{show(outcome.first)} and {show(outcome.second)} may become equal: {telling}"
        if outcome is not None:
            return outcome
    return None


def _pair(
    steps: Sequence[Transform], values: ValueSet, same: tuple[Transform, ...], known: KnownEqual, budget: Budget
) -> EqualPair | str | None:
    """Two values that become equal; None: there are none; or the reason why that is not known.

    `same` maps values that the entry itself treats as one to one value; `known` gives the values that are equal to a
    value already.
    """
    reason: str | None = None
    for i, step in enumerate(steps):
        faithful = injective_on(step)
        if faithful is ValueSet.everything():
            continue
        rest = values - chain_preimage(steps[:i], faithful) if faithful is not None else values
        if rest.is_empty(budget):
            continue
        outcome = _tried(steps, values, rest, same, known, budget)
        if isinstance(outcome, EqualPair):
            return outcome
        if outcome is not None and not keeps_apart(step, steps[:i], values, same, budget):
            tried = out_of("tried values", budget.tried_values)
            reason = f"no two such values were found, and {step.sentence!r} may still make some equal ({tried})"
    return reason


def _tried(
    steps: Sequence[Transform],
    values: ValueSet,
    rest: ValueSet,
    same: tuple[Transform, ...],
    known: KnownEqual,
    budget: Budget,
) -> EqualPair | str | None:
    """A value of `rest` that becomes equal to another value; None: there is none; or that not all were tried."""
    tried = 0
    for value in _some(rest, budget):
        other = _twin(steps, steps, values, value, same, known, budget)
        if other is not None:
            return EqualPair(value, other.value)
        tried += 1
    if tried < budget.tried_values:
        return None
    return f"no two such values were found among those tried ({out_of('tried values', tried)})"


def _twin(
    steps: Sequence[Transform],
    others: Sequence[Transform],
    twins: ValueSet,
    value: Value,
    same: tuple[Transform, ...],
    known: KnownEqual,
    budget: Budget,
) -> Witness | None:
    """A twin whose result of the other steps equals this value's result, and that is not equal to it already."""
    end, alike = chain_apply(steps, value), chain_apply(same, value)
    if isinstance(end, NoValue) or isinstance(alike, NoValue):
        return None
    apart = chain_preimage(same, ValueSet.exactly([alike])) | known(value)
    return (twins & chain_preimage(others, ValueSet.exactly([end]))).outside(apart, budget)
