"""Steps that do not depend on what a text holds: identity, default, constant, or null, an own default, opaque."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from ...values.show import show
from ...values.valueset import ValueSet
from ..transform import UNKNOWN, OneSided, Varying

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...values.valueset import Value
    from ..engines import Runner
    from ..transform import NoValue, Transform


@dataclass(frozen=True)
class Identity:
    """Nothing changes."""

    @property
    def name(self) -> str:
        return "identity"

    @property
    def sentence(self) -> str:
        return "unchanged"

    @property
    def exact(self) -> Literal[True]:
        return True

    def apply(self, value: Value) -> Value | NoValue:
        return value

    def preimage(self, accepted: ValueSet) -> ValueSet:
        return accepted

    @cached_property
    def unaltered(self) -> ValueSet:
        return ValueSet.everything()


@dataclass(frozen=True)
class Default:
    """Null becomes a fixed text; everything else stays."""

    text: str

    @property
    def name(self) -> str:
        return "default"

    @property
    def sentence(self) -> str:
        return f"{self.text!r} where empty"

    @property
    def exact(self) -> Literal[True]:
        return True

    def apply(self, value: Value) -> Value | NoValue:
        return self.text if value is None else value

    def preimage(self, accepted: ValueSet) -> ValueSet:
        return replace(accepted, null=self.text in accepted)

    @cached_property
    def unaltered(self) -> ValueSet:
        """Null becomes a value that may also be typed."""
        return ~ValueSet.null_only()


@dataclass(frozen=True)
class Constant:
    """Every value, null as well, becomes one text, or null."""

    text: str | None
    words: str | None = None
    """What it is, where nobody wrote the step."""

    @property
    def name(self) -> str:
        return "constant"

    @property
    def sentence(self) -> str:
        return self.words or f"always {show(self.text)}"

    @property
    def exact(self) -> Literal[True]:
        return True

    def apply(self, value: Value) -> Value | NoValue:  # noqa: ARG002 - it does not matter
        return self.text

    def preimage(self, accepted: ValueSet) -> ValueSet:
        return ValueSet.everything() if self.text in accepted else ValueSet.nothing()

    @cached_property
    def unaltered(self) -> ValueSet:
        """No value: of any two nothing is left that tells them apart."""
        return ValueSet.nothing()


@dataclass(frozen=True)
class PerhapsNull(Varying):
    """The value, or null: which of the two is not told by the value. An outer join brings null where it finds no record."""

    why: str

    @property
    def name(self) -> str:
        return "or_null"

    @property
    def sentence(self) -> str:
        return f"or null: {self.why}"

    @property
    def exact(self) -> Literal[True]:
        return True

    def run_by(self, runners: Sequence[Runner]) -> PerhapsNull:  # noqa: ARG002 - every engine does it alike
        return self

    @property
    def variants(self) -> tuple[Transform, ...]:
        return (Identity(), Constant(None))

    def apply(self, value: Value) -> Value | NoValue:
        return None if value is None else UNKNOWN

    def preimage(self, accepted: ValueSet) -> ValueSet:
        return accepted if accepted.null else ValueSet.nothing()

    @property
    def agreed(self) -> ValueSet:
        return ValueSet.null_only()

    def difference(self, value: Value) -> str:
        return f"{show(value)} arrives, or null: {self.why}"

    @cached_property
    def unaltered(self) -> ValueSet:
        """Every value: it is not lost, where no record asks for it."""
        return ValueSet.everything()


@dataclass(frozen=True)
class OwnDefault:
    """The system puts its own default there, or null, whatever the record holds. No lineage file names this step."""

    value: Value

    @property
    def name(self) -> str:
        return "default"

    @property
    def sentence(self) -> str:
        return "nothing is brought" if self.value is None else f"{show(self.value)}, the system's own default"

    @property
    def exact(self) -> Literal[True]:
        return True

    def apply(self, value: Value) -> Value | NoValue:  # noqa: ARG002 - no value is sent
        return self.value

    def preimage(self, accepted: ValueSet) -> ValueSet:
        return ValueSet.everything() if self.value in accepted else ValueSet.nothing()

    @cached_property
    def unaltered(self) -> ValueSet:
        return ValueSet.everything()


@dataclass(frozen=True)
class OwnValue(OneSided):
    """The system puts a value of its own there, whatever the record holds: one of these, and which is not told.

    No lineage file names this step.
    """

    values: ValueSet
    words: str

    @property
    def name(self) -> str:
        return "default"

    @property
    def sentence(self) -> str:
        return self.words

    @property
    def exact(self) -> Literal[True]:
        return True

    def apply(self, value: Value) -> Value | NoValue:  # noqa: ARG002 - no value is sent
        return UNKNOWN

    def preimage(self, accepted: ValueSet) -> ValueSet:
        return ValueSet.everything() if self._holds(accepted) else ValueSet.nothing()

    def possible(self, accepted: ValueSet) -> ValueSet:
        return ValueSet.nothing() if (accepted & self.values).is_empty() else ValueSet.everything()

    def _holds(self, accepted: ValueSet) -> bool:
        return self.values.stray(accepted) is None

    @cached_property
    def unaltered(self) -> ValueSet:
        return ValueSet.everything()


@dataclass(frozen=True)
class OpaqueStep:
    """A step whose effect is not described: everything downstream of it is unknown, never safe."""

    what: str

    @property
    def name(self) -> str:
        return "opaque"

    @property
    def sentence(self) -> str:
        return self.what

    @property
    def exact(self) -> Literal[False]:
        return False

    def apply(self, value: Value) -> Value | NoValue:  # noqa: ARG002 - nothing is known
        return UNKNOWN

    def preimage(self, accepted: ValueSet) -> ValueSet:  # noqa: ARG002 - nothing is known
        """Raises TypeError: it is unknown; callers check `exact` first."""
        message = f"the effect of {self.what!r} is unknown"
        raise TypeError(message)

    @cached_property
    def unaltered(self) -> ValueSet:
        return ValueSet.everything()
