"""Diff: what a change of an estate does, to every entry upstream of it and to the systems beside it.

before, after -> changes -> versions -> findings, shifts, reviewers
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..contracts.values.search import BudgetExceeded
from .diff_rules import DIFF_RULES
from .versions import Versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..contracts.model import Owner
    from ..contracts.values.valueset import ValueSet
    from ..lineage.load import Estate
    from .change import Change
    from .finding import Finding, Record
    from .stored import Stored

Movement: TypeAlias = Literal["equal", "tightened", "loosened", "both", "unknown"]
"""What became of a demand: it takes the same values, fewer, more, some fewer and some more; not decided."""


@dataclass(frozen=True, slots=True)
class Shift:
    """What became of what one field takes, or of what everything behind an entry's field takes."""

    field: str
    """Full name."""
    movement: Movement
    refused: Record | None
    """A record that was taken and is not any more, values by full field name; null where none is known."""
    taken: Record | None
    """One that is taken now and was not."""
    reason: str | None
    """Why one of the two is not known."""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """An owner to ask about the change, and why."""

    owner: Owner
    fields: tuple[str, ...]
    """The fields of theirs, by full name, that something follows for."""


@dataclass(frozen=True, slots=True)
class Diff:
    """What a change does."""

    changes: tuple[Change, ...]
    """In the order of the files."""
    contracts: tuple[Shift, ...]
    """Per field whose own contract was changed, what became of what it takes."""
    requirements: tuple[Shift, ...]
    """Per entry field upstream of a change, what became of what everything behind it takes unaltered."""
    findings: tuple[Finding, ...]
    """What follows, worst first; each with the changes that it is owed to."""
    reviewers: tuple[Reviewer, ...]
    """By the name of their team."""
    entry_fields: int
    """How many the version after has."""


def diff(before: Estate, after: Estate, stored: Stored | None = None) -> Diff:
    """Compare two versions of an estate; and the new rules with rows that are stored. Raises Unreadable."""
    versions = Versions.of(before, after, stored)
    found = sorted((f for rule in DIFF_RULES for f in rule.check(versions)), key=lambda finding: finding.order)
    return Diff(
        changes=versions.changes.all,
        contracts=tuple(_contracts(versions)),
        requirements=tuple(_requirements(versions)),
        findings=tuple(found),
        reviewers=_reviewers(after, found),
        entry_fields=sum(len(entity.fields) for entity in versions.after.graph.entries),
    )


def _contracts(versions: Versions) -> Iterator[Shift]:
    """Fields that are in both versions; of what came or went there is nothing to compare."""
    for name in sorted(versions.changes.by_field):
        if name in versions.before.graph.fields and name in versions.after.graph.fields:
            old, new = versions.before.judge.accepted(name), versions.after.judge.accepted(name)
            (refused, doubt), (taken, other) = _outside(name, old, new), _outside(name, new, old)
            yield _shift(name, refused, taken, doubt or other or _not_stated(versions, name, refused, taken))


def _not_stated(versions: Versions, name: str, *moved: Record | None) -> str | None:
    """Why nothing is known though sets were compared: rules that are not stated exactly, and changed, or apply, too."""
    before, after = (context.graph.storage(name).opaque for context in (versions.before, versions.after))
    same = [constraint.demand for constraint in before] == [constraint.demand for constraint in after]
    if same and not any(moved):
        return None
    return next((constraint.doubt for constraint in (*after, *before)), None)


def _outside(name: str, values: ValueSet, others: ValueSet) -> tuple[Record | None, str | None]:
    try:
        witness = values.outside(others)
    except BudgetExceeded as error:
        return None, f"budget: {error}"
    return (None if witness is None else {name: witness.value}), None


def _requirements(versions: Versions) -> Iterator[Shift]:
    back = versions.mirrored
    for entity in versions.entries:
        if not versions.was_entry(entity.full_name):
            continue
        for field in entity.fields.values():
            name = field.full_name
            if name in versions.after.composition.within and name in versions.before.graph.fields:
                earlier = versions.before.estate.contracts.entities[entity.full_name]
                tighter, looser = versions.newly.requirement(entity, name), back.newly.requirement(earlier, name)
                yield _shift(name, tighter.record, looser.record, tighter.reason or looser.reason)


def _shift(name: str, refused: Record | None, taken: Record | None, reason: str | None) -> Shift:
    movement: Movement
    if reason is not None:
        movement = "unknown"
    elif refused is not None:
        movement = "tightened" if taken is None else "both"
    else:
        movement = "equal" if taken is None else "loosened"
    return Shift(name, movement, refused, taken, reason)


def _reviewers(after: Estate, found: Iterable[Finding]) -> tuple[Reviewer, ...]:
    """Whoever owns a field that something is found for, or that it fails at; not those of what was mended."""
    fields: dict[Owner, dict[str, None]] = {}
    for finding in found:
        if finding.verdict == "proved":
            continue
        names = [*finding.fields, *([finding.binding.field] if finding.binding else ())]
        for name in names:
            field = after.contracts.field(name)
            if field is not None and field.owner is not None:
                fields.setdefault(field.owner, {})[name] = None
    named = sorted(fields.items(), key=lambda item: (item[0].team, item[0].contact or ""))
    return tuple(Reviewer(owner, tuple(sorted(names))) for owner, names in named)
