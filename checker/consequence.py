"""What follows from a change: findings with the changes they are owed to, and the rules that find them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .cause import causes
from .finding import Binding, Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .change import Change
    from .finding import Severity
    from .newly import NewFailure
    from .versions import Versions


@dataclass(frozen=True, slots=True)
class Consequence:
    """One thing that follows from a change."""

    finding: Finding
    """Its places are in the version after; but what is `resolved` failed at a demand of the version before."""
    causes: tuple[Change, ...]
    """The changes it is owed to: each of them matters."""

    @property
    def order(self) -> tuple[str | int, ...]:
        """Worst first, proof before doubt."""
        finding = self.finding
        return (-finding.severity.rank, finding.rule, finding.verdict != "refuted", *finding.order[2:])


@dataclass(frozen=True, slots=True)
class DiffRule:
    """One thing that a change can do. The rule's module docstring is its published explanation."""

    name: str
    """Stable, in kebab-case."""
    severity: Severity
    check: Callable[[Versions], Iterator[Consequence]]
    explanation: str
    """What, why, a bad and a good example; printed by `fieldline explain`."""

    @property
    def summary(self) -> str:
        """The first line of the explanation."""
        return self.explanation.strip().splitlines()[0]

    def consequence(self, versions: Versions, failure: NewFailure, message: str) -> Consequence:
        """A new failure as a consequence, first to be looked at where the change was made."""
        found = causes(versions, failure)
        judgement = failure.judgement
        names = [*failure.demand.fields, *(judgement.record or ())]
        inside = [name for name in names if name.rpartition(".")[0] == failure.entity.full_name]
        finding = Finding(
            rule=self.name,
            severity=self.severity,
            verdict=judgement.verdict,
            message=message,
            location=next(
                (change.after.location for change in found if change.after is not None),
                versions.after.graph.fields[inside[0]].location,
            ),
            entry=failure.entity.full_name,
            field=inside[0],
            fields=tuple(dict.fromkeys(failure.demand.fields)),
            binding=failed_at(failure),
            witness=judgement.record,
            hops=judgement.hops,
            reason=judgement.reason,
        )
        return Consequence(finding, found)


def failed_at(failure: NewFailure) -> Binding:
    """The demand that a new failure is about."""
    origin = failure.origin
    return Binding(origin.field.full_name, origin.name, origin.sentence, origin.location)
