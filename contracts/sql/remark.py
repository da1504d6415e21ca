"""What a database writes down and does not enforce."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..source import Location


@dataclass(frozen=True, slots=True)
class Remark:
    """One rule that is only declared: nothing refuses what breaks it, so that the contract does not demand it."""

    entity: str
    field: str
    text: str
    """In the source's own words."""
    location: Location
