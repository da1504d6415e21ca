"""A link: a flow whose fields exist, ready to be walked either way."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from ..documents.names import FieldName
from .transform import NoValue, chain_outcomes, difference, distinct, the_one
from .transforms.fixed import OwnDefault, OwnValue
from .transforms.join import Concat

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..contracts.model import Field
    from ..values.valueset import Value
    from .condition import Condition
    from .flow import Flow
    from .transform import Transform

_MOST_KNOWN = 64
_NAMES = re.compile(r"(?<![^\s.()',=<>])[^\s.()',=<>]++\.[^\s.()',=<>]++\.[^\s.()',=<>]++")
_OTHER_RECORDS = re.compile(r"\b(JOIN|SELECT)\b", re.IGNORECASE)


class Carried(NamedTuple):
    """The transforms of a link, as its engines do them."""

    chains: tuple[tuple[Transform, ...], ...]
    """Per source, the transforms of its value before it is joined; the only chain, where nothing is joined."""
    tail: tuple[Transform, ...] = ()
    """The transforms of the joined value."""


class Link:
    """A flow whose fields exist, ready to be walked either way.

    Its transforms are worked out on first use: of many flows few are walked.
    """

    def __init__(
        self,
        number: int,
        flow: Flow,
        ends: tuple[tuple[Field, ...], Field],
        when: Condition | None,
        carried: Callable[[Link], Carried],
        join: Concat | None = None,
    ) -> None:
        """`ends`: the sources, and the target. `carried`: works out its transforms.

        `join`: how the values of several sources are joined, as its engine does it; None: as it is written.
        """
        self.number = number
        """Its position among the estate's flows."""
        self.flow = flow
        self.sources, self.target = ends
        first = flow.via[0] if flow.via and len(self.sources) > 1 else None
        self.join = join or (first if isinstance(first, Concat) else None)
        self.when = when
        """The flow's condition, as the engines read it that run the flow."""
        self._work_out = carried
        self._carried: Carried | None = None
        self._known: dict[tuple[Value, ...], tuple[Value | NoValue, ...]] = {}
        """The outcomes of the last texts: one text is carried over many routes."""

    @property
    def carried(self) -> Carried:
        """Its transforms."""
        carried = self._carried
        if carried is None:
            carried = self._carried = self._work_out(self)
        return carried

    def under(self, condition: Condition | None) -> Link:
        """The same link with its condition read in another way."""
        return Link(self.number, self.flow, (self.sources, self.target), condition, lambda _: self.carried, self.join)

    def joined_by(self, join: Concat) -> Link:
        """The same link, its values joined in another way."""
        return Link(self.number, self.flow, (self.sources, self.target), self.when, lambda _: self.carried, join)

    @property
    def chains(self) -> tuple[tuple[Transform, ...], ...]:
        """Per source, the transforms of its value before it is joined; the only chain, where nothing is joined."""
        return self.carried.chains

    @property
    def tail(self) -> tuple[Transform, ...]:
        """The transforms of the joined value."""
        return self.carried.tail

    @cached_property
    def exact(self) -> bool:
        """Whether every step on the way is described."""
        return all(step.exact for steps in (*self.chains, self.tail) for step in steps)

    @cached_property
    def is_default(self) -> bool:
        """Whether no flow is written, and the system fills the field by itself."""
        return any(isinstance(step, OwnDefault | OwnValue) for step in self.flow.via)

    @cached_property
    def own_value(self) -> str | None:
        """The value that the system fills in itself, in words, where it is not known which it is."""
        return next((step.words for step in self.flow.via if isinstance(step, OwnValue)), None)

    @cached_property
    def filter_on_itself(self) -> str | None:
        """What filters the records, in words that name a field whose value is carried; None: nothing, or something else.

        Or a field that the flow's condition reads, if they name fields of the same record alone: the values that the one
        asks for may be those that the other keeps out.
        """
        words = self.flow.filter
        if not words:
            return None
        entities = {source.full_name.entity_name for source in self.sources}
        decisive = {str(source.full_name) for source in self.sources}
        is_of_record = all(FieldName.read(each).entity_name in entities for each in _NAMES.findall(words))
        if self.when is not None and is_of_record and not _OTHER_RECORDS.search(words):
            decisive.update(map(str, self.when.fields))
        return words if any(re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.])", words) for name in decisive) else None

    @cached_property
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
