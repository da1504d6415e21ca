"""Steps that do not depend on the content of a text: identity, default, constant, a system's own default, opaque."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from ...values.show import show
from ...values.valueset import ValueSet
from ..transform import UNKNOWN

if TYPE_CHECKING:
    from ...values.valueset import Value
    from ..transform import NoValue


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

    @property
    def name(self) -> str:
        return "constant"

    @property
    def sentence(self) -> str:
        return f"always {show(self.text)}"

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
