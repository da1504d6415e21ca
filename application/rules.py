"""Rules, to be explained."""

from __future__ import annotations

from ..checker.verdict.rulebook import ALL_RULES
from .answers import RuleAnswer, RulebookAnswer
from .names import chosen


def explained(name: str | None) -> RuleAnswer | RulebookAnswer:
    """The rule of that name; None: all rules. Raises UnknownName."""
    if name is None:
        return RulebookAnswer(ALL_RULES)
    return RuleAnswer(chosen(name, {rule.name: rule for rule in ALL_RULES}, "rule"))
