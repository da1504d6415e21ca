"""What a change can do, one rule a module. Explicitly listed; none knows another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import (
    entry_narrowed,
    neighbour_refuses,
    newly_colliding,
    newly_dangling,
    newly_lost,
    newly_refused,
    no_longer_delivered,
    resolved,
    stored_refused,
)

if TYPE_CHECKING:
    from ...rule import Rule
    from ..versions import Versions

DIFF_RULES: tuple[Rule[Versions], ...] = (
    newly_refused.RULE,
    newly_lost.RULE,
    newly_colliding.RULE,
    newly_dangling.RULE,
    neighbour_refuses.RULE,
    stored_refused.RULE,
    no_longer_delivered.RULE,
    entry_narrowed.RULE,
    resolved.RULE,
)
"""In the order they are explained."""
