"""One step of a flow: `apply` carries a value forward, `preimage` carries a constraint back.

Every transform obeys one law, tested for each and for random chains:

    v in t.preimage(S)   if and only if   t.apply(v) in S          (REJECTED is in no S)

`unaltered` are values that lose nothing there: of two values that become equal at the step, and that the step may not
treat as one, at least one is outside. Steps forgive what they are for: `trim` blanks, `upper` case, `pad` the filler, a
cast another spelling of the same number. A map, a default, a window or a part of a text forgives nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, Protocol

from ..values.error import FieldlineError
from ..values.valueset import ValueSet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..values.textset import TextSet
    from ..values.transducer import Transducer
    from ..values.valueset import Value


class NoValue(Enum):
    """The outcome of a transform that gives no value."""

    REJECTED = "refused"
    """The step fails on this value: a cast cannot read it, a table does not contain it."""
    UNKNOWN = "unknown"
    """Unknown: the step's effect is not described."""


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


def texts_and_null(texts: TextSet, *, null: bool) -> ValueSet:
    """Texts, and null where `null` is set."""
    values = ValueSet.text(texts)
    return values | ValueSet.null_only() if null else values


def chain_preimage(chain: Sequence[Transform], accepted: ValueSet) -> ValueSet:
    """The values that a chain of transforms maps into the accepted ones."""
    for step in reversed(chain):
        accepted = step.preimage(accepted)
    return accepted


def chain_apply(chain: Sequence[Transform], value: Value) -> Value | NoValue:
    """The value after all steps of a chain, or the first outcome that is not a value."""
    for step in chain:
        outcome = step.apply(value)
        if isinstance(outcome, NoValue):
            return outcome
        value = outcome
    return value
