"""The rules, one module each. Explicitly listed; none knows another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import (
    collision,
    conflict,
    dangling,
    escape,
    expired_waiver,
    loss,
    over_tight,
    stale_baseline,
    unfilled,
    unowned,
    unreachable,
    unused_waiver,
)

if TYPE_CHECKING:
    from ..rule import Bookkeeping, Context, Rule

RULES: tuple[Rule[Context], ...] = (
    escape.RULE,
    conflict.RULE,
    loss.RULE,
    collision.RULE,
    unfilled.RULE,
    dangling.RULE,
    over_tight.RULE,
    unreachable.RULE,
    unowned.RULE,
)
"""About an estate, in the order they are explained."""

POLICY_RULES: tuple[Rule[Bookkeeping], ...] = (expired_waiver.RULE, unused_waiver.RULE, stale_baseline.RULE)
"""About its policy."""
