"""One step of a flow: `apply` carries a value forward, `preimage` carries a constraint back.

Every transform obeys one law, tested for each and for random chains:

    v in t.preimage(S)   if and only if   t.apply(v) in S          (REJECTED is in no S)

Engines do some steps differently: upper case of "ß" is "SS" in one and "ß" in another. Such a step is `Varying`: it has
several exact `ways`, and which of them is taken is not known. What is carried back and forth is then twofold:

    v in chain_preimage(S)   if and only if   every outcome of v is in S         (v surely becomes a member)
    v in chain_possible(S)   if and only if   some outcome of v is in S          (v may become a member)

A requirement is what surely survives; a failure is proved by a value that fails in every way.

`unaltered` are values that lose nothing there: of two values that become equal at the step, and that the step may not
treat as one, at least one is outside. Steps forgive what they are for: `trim` blanks, `upper` case, `pad` the filler, a
cast another spelling of the same number. A map, a default, a window or a part of a text forgives nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, Final, Literal, Protocol

from ..values.budget import STANDARD, BudgetExceeded
from ..values.error import FieldlineError
from ..values.show import show
from ..values.valueset import ValueSet

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..values.budget import Budget
    from ..values.textset import TextSet
    from ..values.transducer import Transducer
    from ..values.valueset import Value
    from .engines import Runner


class NoValue(Enum):
    """The outcome of a transform that gives no value."""

    REJECTED = "refused"
    """The step fails on this value: a cast cannot read it, a table does not contain it."""
    UNKNOWN = "unknown"
    """Unknown: the step's effect is not described, or the engines that may run it differ in it."""


REJECTED: Final = NoValue.REJECTED
UNKNOWN: Final = NoValue.UNKNOWN


class TransformError(FieldlineError, ValueError):
    """Options that describe no transform; `option` names the option at fault, if there is one."""

    def __init__(self, message: str, option: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.option = option


class Transform(Protocol):
    """A step of a flow. Frozen and comparable by content."""

    @property
    def name(self) -> str:
        """The YAML key: "truncate"."""

    @property
    def sentence(self) -> str:
        """The step in words: "cut to 20 characters". May contain user data, unescaped."""

    @property
    def exact(self) -> bool:
        """Whether apply and preimage are known. False only for `opaque`."""

    def apply(self, value: Value) -> Value | NoValue:
        """The value after the step."""

    def preimage(self, accepted: ValueSet) -> ValueSet:
        """The values that the step maps into the accepted ones."""

    @property
    def unaltered(self) -> ValueSet:
        """Values that lose nothing; every value, for a step without loss.

        Two of them never become equal, unless the step treats them as one on purpose.
        """


@dataclass(frozen=True)
class Varying:
    """A transform that engines do in several ways."""

    def run_by(self, runners: Sequence[Runner]) -> Transform:
        """The step as these engines do it, one of which runs it; an engine that the step itself names comes first."""
        raise NotImplementedError

    @property
    def variants(self) -> tuple[Transform, ...]:
        """The exact steps it may be, each once; itself alone where all engines that may run it agree."""
        raise NotImplementedError

    @property
    def agreed(self) -> ValueSet:
        """Values of which all variants make the same; a few more may be. A set of few parts, quick to compute with."""
        raise NotImplementedError

    @property
    def undisputed(self) -> ValueSet:
        """The values of which all variants make the same."""
        return self.agreed

    def difference(self, value: Value) -> str:
        """What the variants make of a value they differ on, in words: the character, and each engine's outcome of it."""
        raise NotImplementedError


@dataclass(frozen=True)
class OneSided:
    """A transform that is worked backward from both sides: its preimage are the values that surely become members.

    Forward it is exact: an outcome is found by running it.
    """

    def possible(self, accepted: ValueSet) -> ValueSet:
        """The values that may become accepted ones."""
        raise NotImplementedError


def _possible_before(step: Transform, accepted: ValueSet) -> ValueSet:
    return step.possible(accepted) if isinstance(step, OneSided) else step.preimage(accepted)


def ways(step: Transform) -> tuple[Transform, ...]:
    """The exact steps that a step may be: one, for most."""
    return step.variants if isinstance(step, Varying) else (step,)


@dataclass(frozen=True)
class TextTransform:
    """A step on text that a finite machine computes. Null stays null; a value that is not text is rejected."""

    @property
    def name(self) -> str:
        raise NotImplementedError

    @property
    def sentence(self) -> str:
        raise NotImplementedError

    @property
    def exact(self) -> Literal[True]:
        return True

    @cached_property
    def machine(self) -> Transducer:
        """The step as a machine, for preimages of sets of texts."""
        raise NotImplementedError

    def write(self, text: str) -> str:
        """The step itself, on one text."""
        raise NotImplementedError

    def apply(self, value: Value) -> Value | NoValue:
        match value:
            case None:
                return None
            case str():
                return self.write(value)
            case _:
                return REJECTED

    def preimage(self, accepted: ValueSet) -> ValueSet:
        return texts_and_null(accepted.texts.back(self.machine), null=accepted.null)

    @cached_property
    def kept(self) -> TextSet | None:
        """The texts that lose nothing; None: no text loses anything."""
        return None

    @cached_property
    def unaltered(self) -> ValueSet:
        return ValueSet.everything() if self.kept is None else texts_and_null(self.kept, null=True)


@dataclass(frozen=True)
class KnownInPart(OneSided, TextTransform):
    """A step on text whose machine is that of some texts, and rejects the others: of them, nothing is stated backward."""

    @property
    def described(self) -> TextSet:
        """The texts that the machine is that of."""
        raise NotImplementedError

    def preimage(self, accepted: ValueSet) -> ValueSet:
        """The values that surely become accepted ones: all texts, where all are accepted; else described ones alone."""
        is_any = accepted.texts is accepted.texts.full()
        return texts_and_null(accepted.texts, null=accepted.null) if is_any else super().preimage(accepted)

    def possible(self, accepted: ValueSet) -> ValueSet:
        """The values that may become accepted ones: of those that are not described all, where any text is accepted."""
        texts = accepted.texts
        is_none = texts is texts.empty()
        return texts_and_null(texts if is_none else texts.back(self.machine) | ~self.described, null=accepted.null)


@dataclass(frozen=True)
class VaryingText(Varying, TextTransform):
    """A step on text that engines do in several ways, each a finite machine."""

    @property
    def variants(self) -> tuple[TextTransform, ...]:
        raise NotImplementedError

    def apply(self, value: Value) -> Value | NoValue:
        variants = self.variants
        if len(variants) == 1:
            return TextTransform.apply(variants[0], value)
        return the_one(distinct(TextTransform.apply(way, value) for way in variants))

    def preimage(self, accepted: ValueSet) -> ValueSet:
        texts = accepted.texts.back_in_all([way.machine for way in self.variants])
        return texts_and_null(texts, null=accepted.null)


def texts_and_null(texts: TextSet, *, null: bool) -> ValueSet:
    """Texts, and null where `null` is set."""
    values = ValueSet.text(texts)
    return values | ValueSet.null_only() if null else values


def chain_preimage(chain: Sequence[Transform], accepted: ValueSet) -> ValueSet:
    """The values that a chain of transforms maps into the accepted ones, in whatever way engines do its steps."""
    for step in reversed(chain):
        accepted = step.preimage(accepted)
    return accepted


def chain_possible(chain: Sequence[Transform], accepted: ValueSet) -> ValueSet:
    """The values that a chain of transforms maps into the accepted ones in some way that engines do its steps."""
    for step in reversed(chain):
        accepted = reduce(or_, [_possible_before(way, accepted) for way in ways(step)])
    return accepted


def chain_agreed(chain: Sequence[Transform]) -> ValueSet:
    """Values of which a chain makes the same in whatever way engines do its steps; there may be more.

    Behind a step that is not described, nothing is known of what arrives at a step that engines do differently.
    """
    agreed = ValueSet.everything()
    for i, step in enumerate(chain):
        if not step.exact and any(len(ways(later)) > 1 for later in chain[i + 1 :]):
            return ValueSet.nothing()
        if len(ways(step)) > 1 and isinstance(step, Varying):
            agreed = agreed & chain_preimage(chain[:i], step.agreed)
    return agreed


def a_disputed(chain: Sequence[Transform], held: ValueSet, budget: Budget) -> str | None:
    """A value of those held that engines do not treat alike in a chain, and how, in words; None: none is found."""
    for i, step in enumerate(chain):
        if len(ways(step)) > 1 and isinstance(step, Varying):
            witness = held.outside(chain_preimage(one_way(chain[:i]), step.undisputed), budget)
            words = None if witness is None else difference(chain, witness.value)
            if witness is not None and words is not None:
                return f"{show(witness.value)}: {words}"
    return None


def one_way(chain: Sequence[Transform]) -> tuple[Transform, ...]:
    """The chain in one of the ways that engines do its steps: the chain itself on the values that all agree on."""
    return tuple([ways(step)[0] for step in chain])


def settle(chain: Sequence[Transform], held: ValueSet, budget: Budget = STANDARD.glance) -> tuple[Transform, ...]:
    """The chain, with one way of each step that engines do alike on all values that arrive of those held."""
    settled: list[Transform] = []
    for step in chain:
        alternatives = ways(step)
        try:
            is_disputed = len(alternatives) > 1 and held.stray(chain_agreed((*settled, step)), budget) is not None
        except BudgetExceeded:
            is_disputed = True
        settled.append(step if is_disputed else alternatives[0])
    return tuple(settled)


def varies(chain: Sequence[Transform]) -> bool:
    """Whether engines do some step of a chain in different ways."""
    return any(len(ways(step)) > 1 for step in chain)


def is_two_sided(chain: Sequence[Transform]) -> bool:
    """Whether what surely, and what perhaps becomes a member of a set before a chain may be different sets."""
    return varies(chain) or any(isinstance(step, OneSided) for step in chain)


def chain_apply(chain: Sequence[Transform], value: Value) -> Value | NoValue:
    """The value after all steps of a chain, or the first outcome that is not a value; UNKNOWN where engines differ."""
    for i, step in enumerate(chain):
        if len(ways(step)) > 1:
            return the_one(chain_outcomes(chain[i:], value))
        outcome = step.apply(value)
        if isinstance(outcome, NoValue):
            return outcome
        value = outcome
    return value


def chain_outcomes(chain: Sequence[Transform], value: Value) -> tuple[Value | NoValue, ...]:
    """Every outcome of a value after all steps of a chain: one, where it does not depend on the engines."""
    values: list[Value] = [value]
    ended: list[NoValue] = []
    for step in chain:
        alternatives = ways(step)
        if len(values) == len(alternatives) == 1:  # nearly always
            outcomes: tuple[Value | NoValue, ...] = (alternatives[0].apply(values[0]),)
        else:
            outcomes = distinct(way.apply(each) for each in values for way in alternatives)
        ended += (outcome for outcome in outcomes if isinstance(outcome, NoValue))
        values = [outcome for outcome in outcomes if not isinstance(outcome, NoValue)]
    return (*values, *dict.fromkeys(ended))


def distinct(outcomes: Iterable[Value | NoValue]) -> tuple[Value | NoValue, ...]:
    """Each outcome once, in order; True is not 1."""
    return tuple({(type(outcome), outcome): outcome for outcome in outcomes}.values())


def the_one(outcomes: Sequence[Value | NoValue]) -> Value | NoValue:
    """The only outcome; UNKNOWN where there are several."""
    return outcomes[0] if len(outcomes) == 1 else UNKNOWN


def difference(chain: Sequence[Transform], value: Value) -> str | None:
    """What engines make of a value at the first step of a chain that they do differently on it; None: they agree."""
    values: tuple[Value | NoValue, ...] = (value,)
    for step in chain:
        for each in values:
            if isinstance(each, NoValue) or not isinstance(step, Varying):
                continue
            if len(distinct(way.apply(each) for way in step.variants)) > 1:
                return step.difference(each)
        values = distinct(way.apply(each) for each in values if not isinstance(each, NoValue) for way in ways(step))
    return None
