"""Every rule: about an estate, about its policy, about a change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..diff.rules import DIFF_RULES
from ..rules import POLICY_RULES, RULES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..finding import Severity
    from ..rule import Rule

ALL_RULES: tuple[Rule[Any], ...] = (*RULES, *DIFF_RULES, *POLICY_RULES)
"""All rules with an explanation."""

DEFAULT_SEVERITIES: Mapping[str, Severity] = {rule.name: rule.severity for rule in ALL_RULES}
