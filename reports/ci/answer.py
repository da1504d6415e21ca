"""The findings of a command, or the problems that kept it from running: the input of every format for findings.

It belongs to no single command: `check` fills it, and so does any other command with findings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...checker.verdict.grouped import grouped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...checker.diff.diff import Diff
    from ...checker.finding import Finding, Hop
    from ...checker.verdict.grouped import FindingGroup
    from ...checker.verdict.policy import Ruled, Ruling
    from ...documents.location import Location
    from ...documents.names import FieldName
    from ...documents.problem import Problem
    from ...estate.load import Estate


@dataclass(frozen=True, slots=True)
class Answer:
    """The findings of a command."""

    command: str
    """The command's name: "check"."""
    headline: str
    """The verdict, in a line."""
    ruling: Ruling
    estate: Estate
    """The estate of the findings' fields and owners."""
    folder: str
    """The estate's folder in its repository, with `/`; empty: the estate is the repository."""
    passed: tuple[FieldName, ...] = ()
    """Full names of the fields that passed the check."""
    changed: frozenset[tuple[str, int]] = frozenset()
    """The lines, by file and number, that the change touched; empty where there is no change."""
    change: Diff | None = None
    """The comparison, where two versions were compared."""
    notes: tuple[str, ...] = ()
    """What a reader should know about what was compared, sentences without a full stop."""
    page: str | None = None
    """The address of a page that draws the change; None: there is none."""

    def path(self, place: Location) -> str:
        """The file of a place, in the repository."""
        return in_repository(self.folder, place.file)

    def place(self, finding: Finding) -> Location:
        """The place to show: a changed line where the finding concerns one."""
        binding = finding.binding
        if binding and self.is_changed(binding.location) and not self.is_changed(finding.location):
            return binding.location
        return finding.location

    def is_changed(self, place: Location) -> bool:
        """Whether the change touched the line of a place."""
        return (place.file, place.line) in self.changed

    @property
    def by_change(self) -> list[FindingGroup]:
        """The open findings, folded: first those at changed lines, in both parts the worst first."""
        groups = grouped(self.ruling.open)
        return sorted(groups, key=lambda group: not self.is_changed(self.place(group.finding)))

    def extent(self, group: FindingGroup) -> str:
        """What a group covers besides the finding that is shown; empty where that is all."""
        return group.extent(self.estate.contracts)

    def owner(self, ruled: Ruled) -> str | None:
        """The owner of the constraint that a finding fails at, or else of the finding's field."""
        finding = ruled.finding
        names = [finding.binding.field if finding.binding else None, finding.field]
        fields = [self.estate.contracts.fields.get(name) for name in names if name]
        return next((field.owner.team for field in fields if field is not None and field.owner), None)


@dataclass(frozen=True, slots=True)
class UnreadEstate:
    """The problems that kept a command from running. That is never clean."""

    command: str
    headline: str
    """The line that says that the check was not run."""
    problems: Sequence[Problem]
    folder: str

    def path(self, problem: Problem) -> str:
        """The file of a problem, in the repository; `fieldline.yaml` where it is in none."""
        return in_repository(self.folder, problem.location.file if problem.location else "fieldline.yaml")


def in_repository(folder: str, file: str) -> str:
    """A file of an estate by its name in the repository; of another repository (`billing:contracts/…`), as it is named."""
    is_elsewhere = ":" in file.partition("/")[0]
    return file if is_elsewhere or not folder else f"{folder}/{file}"


def steps(estate: Estate, hops: Sequence[Hop]) -> list[tuple[Hop, Hop]]:
    """The pairs of hops of a journey that a flow connects, in the order of the journey."""
    names = {hop.field for hop in hops}
    leads = {
        (source.field, flow.target)
        for flow in estate.flows
        if flow.target in names
        for source in flow.sources
        if source.field in names
    }
    last: dict[FieldName, Hop] = {}
    pairs: list[tuple[Hop, Hop]] = []
    for hop in hops:
        if hop.field not in last:
            pairs += [(before, hop) for before in last.values() if (before.field, hop.field) in leads]
        last[hop.field] = hop
    return pairs
