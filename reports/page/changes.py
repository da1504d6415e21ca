"""A change of an estate, as its page shows it: what was added, removed, tightened or loosened, a line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from ...checker.change import FlowEnds
from ...checker.verdict.grouped import grouped
from ...documents.names import FieldName
from ..text.diff import diff_headline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...application.answers import DiffAnswer
    from ...checker.change import Change
    from ...checker.diff.diff import Diff, Movement
    from ...checker.finding import Finding

ChangeKind: TypeAlias = Literal["added", "removed", "tightened", "loosened", "altered"]
"""`altered`: tightened for some values and loosened for others, or replaced."""


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One change."""

    kind: ChangeKind
    what: str
    """The changed thing, in words; may hold raw text of the author's."""
    field: FieldName | None
    """The field of the change, by full name; of a flow its target; None: in no field."""
    before: str | None
    """The state before, in words; None: it did not exist."""
    after: str | None
    """The state after, in words; None: it was removed."""
    reaches: tuple[FieldName, ...]
    """The entry fields it affects, by full name: its blast radius."""


@dataclass(frozen=True, slots=True)
class ShownEffect:
    """What one cause does under one rule."""

    finding: Finding
    """The one that stands for all."""
    fingerprint: str
    extent: str
    """What it covers besides that one; empty where that is all."""
    cause: str
    state: str
    """"open", "known" or "waived"."""


@dataclass(frozen=True, slots=True)
class ShownComparison:
    """A comparison of two versions, as the page opens on it."""

    before: str
    after: str
    """What the versions are called."""
    day: str | None
    """The day of the comparison, as YYYY-MM-DD; None: not stated."""
    verdict: str
    effects: tuple[ShownEffect, ...]
    """The findings of the comparison, folded by cause, in their order; those that do not count come last."""


_MOST_LADDERED = 12
"""Changed fields whose ladders are worked out for the page."""


def changed_fields(diff: Diff) -> tuple[FieldName, ...]:
    """The first fields with a changed constraint, of whose bounds the page tells how far they can be tightened."""
    names = (
        change.name for change in diff.changes if change.what == "constraint" and isinstance(change.name, FieldName)
    )
    return tuple(dict.fromkeys(names))[:_MOST_LADDERED]


def shown_comparison(answer: DiffAnswer) -> ShownComparison:
    """A comparison with its findings under the policy."""
    ruling, contracts = answer.ruling, answer.after.contracts
    ordered = sorted(ruling.ruled, key=lambda ruled: ruled.state != "open")
    effects = (
        ShownEffect(group.finding, group.fingerprint, group.extent(contracts), group.shown.cause, group.shown.state)
        for group in grouped(ordered)
    )
    day = answer.day.isoformat() if answer.day else None
    return ShownComparison(*answer.names, day, diff_headline(answer.diff, ruling, answer.after), tuple(effects))


def shown_changes(diff: Diff) -> tuple[ShownChange, ...]:
    """The changes between two versions, in the order of the comparison."""
    movements = {shift.field: shift.movement for shift in diff.contracts}
    return tuple(_shown(change, movements, diff) for change in diff.changes)


def _shown(change: Change, movements: Mapping[FieldName, Movement], diff: Diff) -> ShownChange:
    statement = change.after or change.before
    return ShownChange(
        kind=_kind(change, movements),
        what=""
        if statement is None
        else f"{change.constraint}: {statement.sentence}"
        if change.constraint
        else statement.sentence,
        field=_field(change),
        before=None if change.before is None else change.before.sentence,
        after=None if change.after is None else change.after.sentence,
        reaches=_reached(change, diff),
    )


def _reached(change: Change, diff: Diff) -> tuple[FieldName, ...]:
    """The fields of entries among those that its findings concern."""
    concerned = (name for finding in diff.findings if change in finding.causes for name in finding.fields)
    return tuple(sorted({name for name in concerned if name.entity_name in diff.entries}))


def _field(change: Change) -> FieldName | None:
    match change.name:
        case FieldName() as name:
            return name
        case FlowEnds(_, target):
            return target
        case _:
            return None


def _kind(change: Change, movements: Mapping[FieldName, Movement]) -> ChangeKind:
    """For a constraint, the movement of the values that the field accepts; for all else, the kind of change."""
    match movements.get(change.name) if isinstance(change.name, FieldName) else None:
        case "tightened" | "loosened" as movement:
            return movement
        case _:
            return "altered" if change.kind == "changed" else change.kind
