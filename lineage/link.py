"""A link: a flow whose fields exist, ready to be walked either way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .transform import NoValue, chain_apply
from .transforms.fixed import OwnDefault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..contracts.model import Field
    from ..documents.names import FieldName
    from ..values.valueset import Value
    from .flow import Flow
    from .transform import Transform
    from .transforms.join import Concat


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """A flow whose fields exist, ready to be walked either way."""

    number: int
    """Its position among the estate's flows."""
    flow: Flow
    sources: tuple[Field, ...]
    target: Field
    chains: tuple[tuple[Transform, ...], ...]
    """Per source, the transforms of its value before it is joined; the only chain, where nothing is joined."""
    join: Concat | None
    tail: tuple[Transform, ...]
    """The transforms of the joined value."""

    @property
    def exact(self) -> bool:
        """Whether every step on the way is described."""
        return all(step.exact for steps in (*self.chains, self.tail) for step in steps)

    @property
    def is_default(self) -> bool:
        """Whether no flow is written, and the system fills the field with its own default."""
        return any(isinstance(step, OwnDefault) for step in self.chains[0])

    @property
    def reads(self) -> tuple[FieldName, ...]:
        """The full names of the fields it depends on: its sources, and the fields that its condition reads."""
        looked_at = self.flow.when.fields if self.flow.when else ()
        return tuple(dict.fromkeys((*(source.full_name for source in self.sources), *looked_at)))

    def apply(self, values: Sequence[Value]) -> Value | NoValue:
        """The arriving value, given the value of each source as its system stores it."""
        carried: list[Value] = []
        for chain, value in zip(self.chains, values, strict=True):
            outcome = chain_apply(chain, value)
            if isinstance(outcome, NoValue):
                return outcome
            carried.append(outcome)
        joined = carried[0] if self.join is None else self.join.apply(carried)
        return joined if isinstance(joined, NoValue) else chain_apply(self.tail, joined)

    @property
    def sentence(self) -> str:
        """The transforms on the way, in words; empty where there are none."""
        if self.join is None:
            return ", ".join(step.sentence for step in self.chains[0])
        each = [
            f"{source.name}: {', '.join(step.sentence for step in chain)}"
            for source, chain in zip(self.sources, self.chains, strict=True)
            if chain
        ]
        return "; ".join([*each, ", ".join([self.join.sentence, *(step.sentence for step in self.tail)])])
