"""A check in numbers: for the headline, and for JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..checker.verdict.check import Report
    from ..checker.verdict.policy import Ruling


@dataclass(frozen=True, slots=True)
class Tally:
    """Findings by severity, and obligations by verdict."""

    errors: int
    """Open findings: neither known nor waived. So too the next two."""
    warnings: int
    infos: int
    undecided: int
    """Findings of any severity and state whose verdict is unknown."""
    known: int
    waived: int
    off: int
    """Findings of rules that are switched off."""
    proved: int
    """Downstream obligations, counted at every entry field that they concern. No policy changes them."""
    refuted: int
    unknown: int


def tally(report: Report, ruling: Ruling) -> Tally:
    """Count."""
    severities = [each.finding.severity.value for each in ruling.open]
    states = [each.state for each in ruling.ruled]
    entries = report.summary.entries
    return Tally(
        errors=severities.count("error"),
        warnings=severities.count("warning"),
        infos=severities.count("info"),
        undecided=sum(each.finding.verdict == "unknown" for each in ruling.ruled),
        known=states.count("known"),
        waived=states.count("waived"),
        off=sum(ruling.off.values()),
        proved=sum(entry.proved for entry in entries),
        refuted=sum(entry.refuted for entry in entries),
        unknown=sum(entry.unknown for entry in entries),
    )
