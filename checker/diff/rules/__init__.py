"""The rules about a change, one module each, listed explicitly. No rule imports another.

Imports `checker.diff`, `checker.judging`, `checker.preconditions` and the rooms below `checker`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import (
    entry_narrowed,
    neighbour_refuses,
    newly_broken,
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
    from ..comparison import Comparison

DIFF_RULES: tuple[Rule[Comparison], ...] = (
    newly_refused.NEWLY_REFUSED_RULE,
    newly_lost.NEWLY_LOST_RULE,
    newly_colliding.NEWLY_COLLIDING_RULE,
    newly_dangling.NEWLY_DANGLING_RULE,
    newly_broken.NEWLY_BROKEN_RULE,
    neighbour_refuses.NEIGHBOUR_REFUSES_RULE,
    stored_refused.STORED_REFUSED_RULE,
    no_longer_delivered.NO_LONGER_DELIVERED_RULE,
    entry_narrowed.ENTRY_NARROWED_RULE,
    resolved.RESOLVED_RULE,
)
"""In the order they are explained."""
