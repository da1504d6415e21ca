"""The rules, one module each, listed explicitly. No rule imports another.

Imports `checker.judging`, `checker.preconditions`, `checker.requirement` and the rooms below `checker`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import (
    channels_differ,
    collision,
    conflict,
    dangling,
    escape,
    expired_waiver,
    late,
    loss,
    over_tight,
    repeat,
    stale,
    stale_baseline,
    unfed,
    unfilled,
    unowned,
    unreachable,
    unused_waiver,
    wrong_amount,
    wrong_direction,
)

if TYPE_CHECKING:
    from ..judging.context import Context
    from ..rule import Bookkeeping, Rule

RULES: tuple[Rule[Context], ...] = (
    escape.ESCAPE_RULE,
    conflict.CONFLICT_RULE,
    loss.LOSS_RULE,
    collision.COLLISION_RULE,
    repeat.REPEAT_RULE,
    unfilled.UNFILLED_RULE,
    dangling.DANGLING_RULE,
    over_tight.OVER_TIGHT_RULE,
    unreachable.UNREACHABLE_RULE,
    unowned.UNOWNED_RULE,
    unfed.UNFED_RULE,
    late.LATE_RULE,
    channels_differ.CHANNELS_DIFFER_RULE,
    stale.STALE_RULE,
    wrong_direction.WRONG_DIRECTION_RULE,
    wrong_amount.WRONG_AMOUNT_RULE,
)
"""About an estate, in the order they are explained."""

POLICY_RULES: tuple[Rule[Bookkeeping], ...] = (
    expired_waiver.EXPIRED_WAIVER_RULE,
    unused_waiver.UNUSED_WAIVER_RULE,
    stale_baseline.STALE_BASELINE_RULE,
)
"""About its policy."""
