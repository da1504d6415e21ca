"""The answer to whether an entry meets an obligation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...documents.names import EntityName
    from ..finding import FieldValues, Hop, Verdict


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer for one obligation and one of its origins."""

    verdict: Verdict
    record: FieldValues | None = None
    """The refuting record, as typed."""
    hops: tuple[Hop, ...] = ()
    reason: str | None = None
    """The reason for `unknown`."""
    twin: FieldValues | None = None
    """Another record, which leaves the same behind where the first is altered."""
    lost_in: EntityName | None = None
    """The entity where it does; None: something is refused, or accepted against a contract."""


PROVED = Judgement("proved")
