"""Pairs of values that become one: on one way, or on two.

    typed      v         w
               | steps   | other steps
    compared   u    =    u          with v and w different

A value is tried only where some step may make it equal to another; where none is left untried, there is no such pair.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import zip_longest
from operator import and_, or_
from typing import TYPE_CHECKING, TypeAlias

from ...lineage.transform import NoValue, chain_apply, chain_preimage
from ...lineage.transforms.affix import Prefix, Suffix
from ...lineage.transforms.convert import Cast, Reformat
from ...lineage.transforms.fixed import Identity
from ...values.budget import out_of
from ...values.valueset import ValueSet
from .injective import alike, apart_in, image_texts, keeps_apart, moved_images, unchanged_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ...contracts.model import Unique
    from ...lineage.transform import Transform
    from ...values.budget import Budget
    from ...values.valueset import Value, Witness

Steps: TypeAlias = "tuple[Transform, ...]"

Alike: TypeAlias = "Callable[[Value], ValueSet]"
"""Per value, the values that are no different from it, or are known to become equal to it."""

_NOT_NULL = ~ValueSet.null_only()


@dataclass(frozen=True, slots=True)
class EqualPair:
    """Two typed values that become one."""

    first: Value
    second: Value


@dataclass(frozen=True, slots=True)
class Passed:
    """A unique field on the way. Values that are equal there go no further as two, and are reported there."""

    unique: Unique
    position: int
    """The number of steps before it."""
    steps: Steps
    """These steps, and those to its comparison."""

    def equal(self, value: Value, other: Steps) -> ValueSet:
        """The values that become equal to this one there, over other steps."""
        end = chain_apply(self.steps, value)
        if isinstance(end, NoValue) or (end is None and not self.unique.one_null):
            return ValueSet.nothing()
        return chain_preimage(other, ValueSet.exactly([end]))


@dataclass(frozen=True, slots=True)
class Chain:
    """The way of an entry field's values to one field where they must differ."""

    steps: Steps
    passed: tuple[Passed, ...]

    @property
    def begin(self) -> int:
        """The number of steps after which values that are equal were equal in a unique field on the way."""
        return max((each.position for each in self.passed), default=0)


@dataclass(frozen=True, slots=True)
class Typed:
    """The values of an entry field, with the chains to each field that they lead to."""

    values: ValueSet
    chains: tuple[Chain, ...]
    one_null: bool
    """Whether null is equal to null."""

    def arriving(self) -> Typed:
        """Those that arrive everywhere as a value that may be equal to another."""
        wanted = ValueSet.everything() if self.one_null else _NOT_NULL
        sets = (chain_preimage(chain.steps, wanted) for chain in self.chains)
        return Typed(reduce(and_, sets, self.values), self.chains, self.one_null)

    def twin(self, value: Value, of: Typed, apart: ValueSet, budget: Budget) -> Witness | None:
        """A value of these that becomes equal to a value of others, and is not among those `apart`."""
        twins = self.values
        for chain, own in zip(of.chains, self.chains, strict=True):
            end = chain_apply(chain.steps, value)
            if isinstance(end, NoValue):
                return None
            twins = twins & chain_preimage(own.steps, ValueSet.exactly([end]))
        return twins.outside(apart, budget)


def pair_on(typed: Typed, known: Alike, budget: Budget, among: ValueSet | None = None) -> EqualPair | str | None:
    """Two values that become equal; None: there are none; or the reason why that is not known.

    With `among`: one of the two is of these, of which only a few samples are tried. Raises BudgetExceeded.
    """

    def apart(value: Value) -> ValueSet:
        passed = (each.equal(value, each.steps) for chain in typed.chains for each in chain.passed)
        return reduce(or_, passed, alike(value) | known(value))

    if among is not None:
        return _tried(typed, typed, typed.values & among, apart, budget)
    reason: str | None = None
    for chain in typed.chains:  # a pair has to become equal in every one of them
        outcome = _in_chain(typed, chain, apart, budget)
        if not isinstance(outcome, str):
            return outcome
        reason = reason or outcome
    return reason


def _in_chain(typed: Typed, chain: Chain, apart: Alike, budget: Budget) -> EqualPair | str | None:
    reason: str | None = None
    at_entry = next((each.steps for each in chain.passed if each.position == 0), ())
    for i in range(chain.begin, len(chain.steps)):
        step, before = chain.steps[i], chain.steps[:i]
        rest = typed.values - chain_preimage(before, apart_in(step, ((typed.values, before),), budget))
        if rest.is_empty(budget):
            continue
        outcome = _tried(typed, typed, rest, apart, budget)
        if isinstance(outcome, EqualPair):
            return outcome
        if outcome is not None and not keeps_apart(step, ((typed.values, before),), at_entry, budget):
            tried = out_of("tried values", budget.tried_values)
            reason = f"no two such values were found, and {step.sentence!r} may still make some equal ({tried})"
    return reason


def pair_across(first: Typed, second: Typed, known: Alike, back: Alike, budget: Budget) -> EqualPair | str | None:
    """A value of the first and one of the second that differ and become equal; None: there are none; or why unknown.

    `known` gives the values of the second that are known to become equal to one of the first; `back`, the other way
    round. Both have one chain. Raises BudgetExceeded.
    """
    (one,), (other,) = first.chains, second.chains
    sides = (
        (first, second, _apart(one, other, known), True),
        (second, first, _apart(other, one, back), False),
    )
    unsure: str | None = None
    for candidates in _candidates(first, second, one, other, budget):
        for rest, (of, twins, apart, forward) in zip(candidates, sides, strict=True):
            outcome = _tried(of, twins, rest, apart, budget)
            if isinstance(outcome, EqualPair):
                return outcome if forward else EqualPair(outcome.second, outcome.first)
            unsure = unsure or outcome
    if unsure is None:
        return None
    for of, twins, apart, forward in sides:
        outcome = _tried(of, twins, of.values, apart, budget)
        if isinstance(outcome, EqualPair):
            return outcome if forward else EqualPair(outcome.second, outcome.first)
        if outcome is None:
            return None  # every value of one side was tried
    return unsure


def _apart(one: Chain, other: Chain, known: Alike) -> Alike:
    """The values of the other that are no different from a value, or become equal to it in a unique field on the way."""
    both = [(mine, theirs) for mine in one.passed for theirs in other.passed if mine.unique is theirs.unique]

    def apart(value: Value) -> ValueSet:
        return reduce(or_, (mine.equal(value, theirs.steps) for mine, theirs in both), alike(value) | known(value))

    return apart


def meeting(first: Typed, second: Typed, budget: Budget) -> EqualPair | str | None:
    """A value of the first and one of the second, different or not, that become equal; None: none; or why unknown.

    Raises BudgetExceeded.
    """
    both = same_value(first, second, budget)
    if both is not None:
        return EqualPair(both.value, both.value)
    return pair_across(first, second, _nothing, _nothing, budget)


def _nothing(value: Value) -> ValueSet:  # noqa: ARG001 - of no value
    return ValueSet.nothing()


def same_value(first: Typed, second: Typed, budget: Budget, among: ValueSet | None = None) -> Witness | None:
    """A value of both that becomes equal to itself, whichever of them sends it. Raises BudgetExceeded.

    Where one of them goes to more fields than the other, only a value that no step changes is seen.
    """
    common = first.values & second.values & (ValueSet.everything() if among is None else among)
    is_alike = len(first.chains) == len(second.chains)
    for one, other in zip_longest(first.chains, second.chains):
        if not is_alike or one.steps != other.steps:
            for chain in (each for each in (one, other) if each is not None):
                common = common & unchanged_by(chain.steps)
    return common.witness(budget)


def _candidates(
    first: Typed, second: Typed, one: Chain, other: Chain, budget: Budget
) -> Iterator[tuple[ValueSet, ValueSet]]:
    """Sets of which one holds a value of each pair that differs and becomes equal: of the first, and of the second."""
    met = _met(one, other)
    if met is not None:
        for i in range(len(one.steps) - met[0]):
            step, before, also_before = one.steps[met[0] + i], one.steps[: met[0] + i], other.steps[: met[1] + i]
            typed = ((first.values, before), (second.values, also_before))
            if not keeps_apart(step, typed, (), budget):
                yield _merged_in(step, typed, budget)
        return
    mine, theirs = _without_common_end(one.steps, other.steps)
    moved, also = first.values - unchanged_by(mine), second.values - unchanged_by(theirs)
    there, here = _results(second, theirs, also, budget), _results(first, mine, moved, budget)
    yield moved & chain_preimage(mine, there), also & chain_preimage(theirs, here)


def _merged_in(
    step: Transform, typed: tuple[tuple[ValueSet, Steps], tuple[ValueSet, Steps]], budget: Budget
) -> tuple[ValueSet, ValueSet]:
    """The values of either side that a step may make equal to one of the other.

    One of such a pair is not kept apart; the other one becomes what the step makes of those that it alters.
    """
    kept = apart_in(step, typed, budget)
    rests = [values - chain_preimage(before, kept) for values, before in typed]
    altered = moved_images(step)
    for i, (values, before) in enumerate(reversed(typed)):
        if (values & chain_preimage((*before, step), altered)).is_empty(budget):
            rests[i] = ValueSet.nothing()
    return rests[0], rests[1]


def _met(one: Chain, other: Chain) -> tuple[int, int] | None:
    """The numbers of steps after which both have the same steps left, and equal values are equal already.

    They are so in a unique field that both pass; and at the beginning, where equal values are the same value.
    """
    common = [
        (mine.position, theirs.position)
        for mine in one.passed
        for theirs in other.passed
        if mine.unique is theirs.unique and one.steps[mine.position :] == other.steps[theirs.position :]
    ]
    if common:
        return max(common)
    return (0, 0) if one.steps == other.steps else None


def _results(typed: Typed, steps: Steps, moved: ValueSet, budget: Budget) -> ValueSet:
    """A set that holds every value that becomes of them."""
    bound = image_texts(steps)
    if not any(isinstance(step, Cast) for step in steps) and moved.is_empty(budget):
        bound = bound & typed.values
    return bound


def _without_common_end(one: Steps, other: Steps) -> tuple[Steps, Steps]:
    """The steps before a common end that keeps all values different."""
    while one and other and one[-1] == other[-1] and _keeps_all_apart(one[-1]):
        one, other = one[:-1], other[:-1]
    return one, other


def _keeps_all_apart(step: Transform) -> bool:
    return isinstance(step, Identity | Prefix | Suffix) or (isinstance(step, Reformat) and not step.forgets_century)


def _tried(of: Typed, twins: Typed, candidates: ValueSet, apart: Alike, budget: Budget) -> EqualPair | str | None:
    """A candidate that becomes equal to a twin; None: there is none; or that not all were tried."""
    tried = 0
    for value in some(candidates, budget):
        twin = twins.twin(value, of, apart(value), budget)
        if twin is not None:
            return EqualPair(value, twin.value)
        tried += 1
    if tried < budget.tried_values:
        return None
    return f"no two such values were found among those tried ({out_of('tried values', tried)})"


def some(values: ValueSet, budget: Budget) -> Iterator[Value]:
    """A few of the values, shortest first."""
    for _ in range(budget.tried_values):
        witness = values.witness(budget)
        if witness is None:
            return
        yield witness.value
        values = values - ValueSet.exactly([witness.value])
