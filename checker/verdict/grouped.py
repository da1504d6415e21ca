"""Findings folded: what one cause does under one rule is one thing to read, at however many entries it does it.

Proved and undecided findings are never folded together, nor are those that count with those that are known or waived.
Findings without a cause, as those of a check, each stand alone.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..messages import count, listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...contracts.model import Contracts
    from ...documents.names import EntityName, FieldName
    from ..finding import FieldValues, Finding
    from .policy import Ruled

_MOST_NAMES = 6
_DIGITS = 32
"""Hexadecimal digits of a fingerprint, as many as a finding's has."""


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """The findings of one cause under one rule, with one verdict and one state."""

    members: tuple[Ruled, ...]
    """The one with the shortest witness first, then in the order of findings."""

    @property
    def shown(self) -> Ruled:
        """The finding that stands for all."""
        return self.members[0]

    @property
    def finding(self) -> Finding:
        """The finding that stands for all, without its state."""
        return self.members[0].finding

    @property
    def plain(self) -> FieldValues | None:
        """A record of letters and digits that fails, at whichever entry; None: none is known."""
        return next((each.finding.plain for each in self.members if each.finding.plain is not None), None)

    @property
    def entries(self) -> tuple[EntityName, ...]:
        """The entities whose records fail, by full name, each once, in alphabetical order."""
        return tuple(sorted({each.finding.entry for each in self.members if each.finding.entry is not None}))

    @property
    def bindings(self) -> tuple[FieldName, ...]:
        """The fields that they fail at, each once; that of the finding that is shown first."""
        return tuple(dict.fromkeys(each.finding.binding.field for each in self.members if each.finding.binding))

    @property
    def fingerprint(self) -> str:
        """Its identity from run to run: the finding's where it stands alone, else that of its cause under its rule."""
        first = self.shown
        if not first.cause:
            return first.fingerprint
        identity = [first.finding.rule, first.finding.verdict, first.cause, *([first.state] * (first.state != "open"))]
        return hashlib.sha256(json.dumps(identity).encode()).hexdigest()[:_DIGITS]

    def teams(self, contracts: Contracts) -> tuple[str, ...]:
        """The teams that own what fails, by name."""
        names = (each.finding.field for each in self.members)
        fields = (contracts.field(name) for name in names if name is not None)
        return tuple(sorted({field.owner.team for field in fields if field is not None and field.owner is not None}))

    def extent(self, contracts: Contracts) -> str:
        """What it covers besides the finding that is shown: "60 entries of 7 teams: web.a, …"; empty where that is all."""
        if len(self.members) < 2:
            return ""
        entries, teams = self.entries, self.teams(contracts)
        kinds = {contracts.entities[name].kind for name in entries if name in contracts.entities}
        noun = ("entry", "entries") if kinds <= {"entry"} else ("entity", "entities")
        of = f" of {count(len(teams), 'team')}" if teams else ""
        fields = len({each.finding.fields for each in self.members})
        more = f" ({count(fields, 'field')})" if fields > len(entries) else ""
        at = f", at {listed([str(name) for name in self.bindings], most=_MOST_NAMES)}" if len(self.bindings) > 1 else ""
        names = listed([str(name) for name in entries], most=_MOST_NAMES)
        return f"{count(len(entries), *noun)}{of}{more}{at}{': ' if names else ''}{names}"


def grouped(ruled: Iterable[Ruled]) -> tuple[FindingGroup, ...]:
    """The findings folded, in the order of the first of each group."""
    groups: dict[object, list[Ruled]] = {}
    for number, each in enumerate(ruled):
        finding = each.finding
        alone = None if each.cause else number
        kind = (finding.severity, finding.verdict, each.state, each.waiver and each.waiver.location)
        groups.setdefault((each.cause, finding.rule, *kind, finding.still is None, alone), []).append(each)
    return tuple(FindingGroup(tuple(sorted(group, key=_length))) for group in groups.values())


def _length(ruled: Ruled) -> tuple[bool, int]:
    """The sort key: proofs first, shortest first."""
    witness = ruled.finding.witness
    return (witness is None, sum(len(value) if isinstance(value, str) else 1 for value in (witness or {}).values()))
