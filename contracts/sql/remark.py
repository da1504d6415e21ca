"""What a database says and does not enforce."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from ..source import Location

Force: TypeAlias = Literal["enforced", "declared", "unknown"]
"""Whether a database refuses what does not meet a rule; `declared`: it is written down, and that is all."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One rule, with what becomes of it."""

    entity: str
    field: str | None
    """None where it is on several columns."""
    text: str
    """In the source's own words."""
    force: Force
    location: Location
