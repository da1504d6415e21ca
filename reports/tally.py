"""A check in numbers: for the line that says it all, and for JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..checker.check import Report


@dataclass(frozen=True, slots=True)
class Tally:
    """Findings by severity, and demands by verdict."""

    errors: int
    warnings: int
    infos: int
    undecided: int
    """Findings of any severity whose verdict is unknown."""
    proved: int
    """Demands from downstream, counted at every entry field that they concern."""
    refuted: int
    unknown: int


def tally(report: Report) -> Tally:
    """Count."""
    severities = [finding.severity.value for finding in report.findings]
    entries = report.summary.entries
    return Tally(
        errors=severities.count("error"),
        warnings=severities.count("warning"),
        infos=severities.count("info"),
        undecided=sum(finding.verdict == "unknown" for finding in report.findings),
        proved=sum(entry.proved for entry in entries),
        refuted=sum(entry.refuted for entry in entries),
        unknown=sum(entry.unknown for entry in entries),
    )
