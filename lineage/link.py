"""A link: a flow whose fields exist, ready to be walked either way."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

from .transform import NoValue, chain_outcomes, difference, distinct, the_one
from .transforms.fixed import OwnDefault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..contracts.model import Field
    from ..documents.names import FieldName
    from ..values.valueset import Value
    from .condition import Condition
    from .flow import Flow
    from .transform import Transform
    from .transforms.join import Concat

_MOST_KNOWN = 64


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
    when: Condition | None
    """The flow's condition, as the engines read it that run the flow."""
    _known: dict[tuple[Value, ...], tuple[Value | NoValue, ...]] = field(default_factory=dict, repr=False)
    """The outcomes of the last texts: one text is carried over many routes."""

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
        looked_at = self.when.fields if self.when else ()
        return tuple(dict.fromkeys((*(source.full_name for source in self.sources), *looked_at)))

    def apply(self, values: Sequence[Value]) -> Value | NoValue:
        """The arriving value, given each source's as its system stores it; UNKNOWN where it depends on the engine."""
        return the_one(self.outcomes(values))

    def outcomes(self, values: Sequence[Value]) -> tuple[Value | NoValue, ...]:
        """Every value that may arrive, given the value of each source as its system stores it."""
        texts = tuple(values)
        known = self._known.get(texts)
        if known is None:
            known = self._outcomes(values)
            if all(isinstance(value, str) for value in texts):  # equal numbers may be written differently
                if len(self._known) >= _MOST_KNOWN:
                    self._known.clear()
                self._known[texts] = known
        return known

    def _outcomes(self, values: Sequence[Value]) -> tuple[Value | NoValue, ...]:
        if self.join is None:
            return chain_outcomes((*self.chains[0], *self.tail), values[0])
        carried = [chain_outcomes(chain, value) for chain, value in zip(self.chains, values, strict=True)]
        return distinct(outcome for each in product(*carried) for outcome in self._joined(self.join, each))

    def _joined(self, join: Concat, carried: Sequence[Value | NoValue]) -> tuple[Value | NoValue, ...]:
        values: list[Value] = []
        for value in carried:
            if isinstance(value, NoValue):
                return (value,)
            values.append(value)
        joined = join.apply(values)
        return (joined,) if isinstance(joined, NoValue) else chain_outcomes(self.tail, joined)

    def difference(self, values: Sequence[Value]) -> str | None:
        """What engines make of these values differently, in words; None where they agree."""
        words = (difference(chain, value) for chain, value in zip(self.chains, values, strict=True))
        known = next((each for each in words if each), None)
        if known is not None or self.join is None:
            return known
        carried = [chain_outcomes(chain, value)[0] for chain, value in zip(self.chains, values, strict=True)]
        joined = self.join.apply([value for value in carried if not isinstance(value, NoValue)])
        return None if isinstance(joined, NoValue) else difference(self.tail, joined)

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
