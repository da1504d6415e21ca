"""The rules, one module each. Explicitly listed; none knows another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import collision, conflict, dangling, escape, loss, over_tight, unowned, unreachable

if TYPE_CHECKING:
    from ..rule import Rule

RULES: tuple[Rule, ...] = (
    escape.RULE,
    conflict.RULE,
    loss.RULE,
    collision.RULE,
    dangling.RULE,
    over_tight.RULE,
    unreachable.RULE,
    unowned.RULE,
)
"""In the order they are explained."""
