"""The headline of an overview."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ..checker.verdict.policy import apply_policy
from ..estate.policy import Policy
from ..values.show import escape
from .text.check import check_headline

if TYPE_CHECKING:
    from ..checker.verdict.overview import Overview


def overview_headline(overview: Overview) -> str:
    """The verdict of the check; or the statement that there was none.

    The policy is ignored: a waiver ends on a day, and a page is the same on every day.
    """
    if overview.report is None:
        return escape(f"{overview.estate.name}: not checked. Contracts and lineage only.")
    ruling = apply_policy(Policy(), overview.report.findings, date.min)
    return escape(check_headline(overview.report, ruling, overview.estate))
