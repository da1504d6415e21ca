"""Diff: the effects of a change to an estate, on every entry upstream of it and on neighbouring systems.

before, after -> changes -> comparison -> findings, shifts, reviewers
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from ...values.budget import STANDARD, BudgetExceeded
from ...values.interning import keeping, without_collection
from .comparison import Comparison
from .rules import DIFF_RULES, resolved, stored_refused
from .stored_rows import StoredRows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from ...contracts.model import Owner
    from ...documents.names import EntityName, FieldName
    from ...estate.load import Estate
    from ...values.budget import Budget
    from ...values.valueset import ValueSet
    from ..change import Change
    from ..finding import FieldValues, Finding
    from .regression import Moved


Movement: TypeAlias = Literal["equal", "tightened", "loosened", "both", "unknown"]
"""The change of a set of accepted values: the same values, fewer, more, some fewer and some more; not decided."""


@dataclass(frozen=True, slots=True)
class Shift:
    """The change of the values that one field accepts, or that everything downstream of an entry's field accepts."""

    field: FieldName
    """Full name."""
    movement: Movement
    rejected: FieldValues | None
    """A record that was accepted and is rejected now, values by full field name; null where none is known."""
    taken: FieldValues | None
    """A record that was rejected and is accepted now."""
    reason: str | None
    """The reason why one of the two is not known."""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """An owner who should review the change."""

    owner: Owner
    fields: tuple[FieldName, ...]
    """The owner's fields, by full name, that findings concern."""


@dataclass(frozen=True, slots=True)
class Diff:
    """A change and its effects."""

    changes: tuple[Change, ...]
    """In the order of the files."""
    contracts: tuple[Shift, ...]
    """Per field with a changed contract, the shift of the values it accepts."""
    requirements: tuple[Shift, ...]
    """Per entry field upstream of a change, the shift of the values that all downstream systems accept unaltered."""
    findings: tuple[Finding, ...]
    """Worst first; each with the changes that cause it."""
    reviewers: tuple[Reviewer, ...]
    """By the name of their team."""
    entry_fields: int
    """The number of entry fields in the version after."""
    entries: frozenset[EntityName] = frozenset()
    """The entries of either version."""
    today: date | None = None
    """The day of the run, where a verdict may depend on it."""


@without_collection()
@keeping()
def diff(before: Estate, after: Estate, stored: StoredRows | None = None, budget: Budget = STANDARD) -> Diff:
    """Compare two versions of an estate, and stored rows with the new contracts. Raises Unreadable."""
    comparison = replace(Comparison.of(before, after, budget), stored=stored or StoredRows({}))
    new, tighter = _decided(comparison, back=False)
    old, looser = _decided(comparison, back=True)
    findings = sorted(
        (*new, *old, *stored_refused.STORED_REFUSED_RULE.check(comparison)), key=lambda finding: finding.order
    )
    return Diff(
        changes=comparison.changes.all,
        contracts=tuple(_contracts(comparison)),
        requirements=tuple(_requirements(tighter, looser)),
        findings=tuple(findings),
        reviewers=reviewers(after, findings),
        entry_fields=sum(len(entity.fields) for entity in comparison.after.graph.entries),
        entries=frozenset(e.full_name for side in (comparison.before, comparison.after) for e in side.graph.entries),
        today=after.counts_from or before.counts_from,
    )


def _contracts(comparison: Comparison) -> Iterator[Shift]:
    """The shifts of changed fields that both versions have."""
    for name in sorted(comparison.changes.by_field):
        if name in comparison.before.graph.fields and name in comparison.after.graph.fields:
            old, new = comparison.before.judge.accepted(name), comparison.after.judge.accepted(name)
            budget = comparison.after.budget
            (rejected, doubt), (taken, other) = _outside(name, old, new, budget), _outside(name, new, old, budget)
            yield _shift(name, rejected, taken, doubt or other or _not_stated(comparison, name, rejected, taken))


def _not_stated(comparison: Comparison, name: FieldName, *moved: FieldValues | None) -> str | None:
    """The reason why a comparison of sets decides nothing: opaque rules that changed, or that apply as well."""
    before, after = (context.graph.storage(name).opaque for context in (comparison.before, comparison.after))
    same = [constraint.restriction for constraint in before] == [constraint.restriction for constraint in after]
    if same and not any(moved):
        return None
    return next((constraint.doubt for constraint in (*after, *before)), None)


def _outside(
    name: FieldName, values: ValueSet, others: ValueSet, budget: Budget
) -> tuple[FieldValues | None, str | None]:
    try:
        witness = values.outside(others, budget)
    except BudgetExceeded as error:
        return None, error.reason
    return (None if witness is None else {name: witness.value}), None


def _decided(comparison: Comparison, *, back: bool) -> tuple[list[Finding], dict[FieldName, Moved]]:
    """The findings, and per entry field whether its requirement is tighter, after the change or (`back`) before it."""
    rules = (
        [resolved.RESOLVED_RULE]
        if back
        else [r for r in DIFF_RULES if r not in (resolved.RESOLVED_RULE, stored_refused.STORED_REFUSED_RULE)]
    )
    findings = [finding for rule in rules for finding in rule.check(comparison)]
    regressions = comparison.mirrored.regressions if back else comparison.regressions
    moved: dict[FieldName, Moved] = {}
    here = comparison.after.composition.within & comparison.before.graph.fields.keys()
    for entity in comparison.entries:
        if comparison.was_entry(entity.full_name):
            required = comparison.before.estate.contracts.entities[entity.full_name] if back else entity
            names = (field.full_name for field in entity.fields.values())
            moved |= {name: regressions.requirement(required, name) for name in names if name in here}
    return findings, moved


def _requirements(tighter: Mapping[FieldName, Moved], looser: Mapping[FieldName, Moved]) -> Iterator[Shift]:
    for name, rejected in tighter.items():
        taken = looser[name]
        yield _shift(name, rejected.record, taken.record, rejected.reason or taken.reason)


def _shift(name: FieldName, rejected: FieldValues | None, taken: FieldValues | None, reason: str | None) -> Shift:
    movement: Movement
    if reason is not None:
        movement = "unknown"
    elif rejected is not None:
        movement = "tightened" if taken is None else "both"
    else:
        movement = "equal" if taken is None else "loosened"
    return Shift(name, movement, rejected, taken, reason)


def reviewers(after: Estate, findings: Iterable[Finding]) -> tuple[Reviewer, ...]:
    """The owners of the fields that findings concern, or that values fail at; without those of resolved findings."""
    fields: dict[Owner, dict[FieldName, None]] = {}
    for finding in findings:
        if finding.verdict == "proved":
            continue
        names = [*finding.fields, *([finding.binding.field] if finding.binding else ())]
        for name in names:
            field = after.contracts.field(name)
            if field is not None and field.owner is not None:
                fields.setdefault(field.owner, {})[name] = None
    named = sorted(fields.items(), key=lambda item: (item[0].team, item[0].contact or ""))
    return tuple(Reviewer(owner, tuple(sorted(names))) for owner, names in named)
