"""The answer of an audit across systems: per rule, how many stored records break it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...contracts.model import Impact
    from ...documents.location import Location
    from ...documents.names import EntityName, FieldName
    from ...estate.load import Estate

AcrossKind: TypeAlias = Literal["complete", "channels", "direction", "amount", "check"]
"""The word of the rule, in a file of rules or in a contract."""


@dataclass(frozen=True, slots=True)
class DeviationCount:
    """So many records that break a rule in one way."""

    deviation: str
    """In words."""
    records: int
    example: str | None
    """The key of one of them; None: they have none."""


@dataclass(frozen=True, slots=True)
class AcrossRule:
    """One rule, over the records of the stores that it speaks of."""

    kind: AcrossKind
    rule: str
    """In words. May hold raw text of the author's."""
    location: Location
    entities: tuple[EntityName, ...]
    """Whose records were read; the one that was judged comes last."""
    field: FieldName
    """The field that is wrong in a record that breaks it."""
    records: int
    """How many were judged."""
    counts: tuple[DeviationCount, ...]
    """Those that break it, most first."""
    impact: Impact | None
    """What such a value means until it is repaired; None: not stated."""
    unread: str | None = None
    """Why not all that the rule speaks of was judged; None: it was."""

    @property
    def broken(self) -> int:
        """The records that break it."""
        return sum(each.records for each in self.counts)


@dataclass(frozen=True, slots=True)
class AcrossAnswer:
    """Every rule over records of an estate, over the records that its stores hold."""

    estate: Estate
    rules: Sequence[AcrossRule]
    """Those that records break first: critical ones, then by their number."""
    records: int
    """Stored records that break a rule, each once, as far as their keys tell them apart."""

    @property
    def is_clean(self) -> bool:
        """Whether there are rules, and every record that they speak of was judged and meets them."""
        return bool(self.rules) and not any(rule.counts or rule.unread is not None for rule in self.rules)
