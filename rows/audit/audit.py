"""An audit: the rows of every entity that a system stores, against the system's own contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...application.library import Entry
from ...checker.judging.context import alone
from ...checker.requirement.requirement import NotKnown, requirement
from ..judged import Broken
from .audited import Audited
from .suites import constraint_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...checker.requirement.requirement import Clause, Requirement
    from ...contracts.model import Entity, System
    from ..judged import Repeated
    from ..sources import Progress
    from .stores import Store
    from .suites import Suites


def audit(
    system: System, entities: Sequence[Entity], store: Store, suites: Suites, progress: Progress
) -> tuple[Audited, ...]:
    """Audit the rows of these entities. Raises Unreadable."""
    context = alone(system)
    return tuple(
        _audited(Entry(context.estate, requirement(context, entity, lossless=True), "en"), store, suites, progress)
        for entity in entities
    )


def _audited(entry: Entry, store: Store, suites: Suites, progress: Progress) -> Audited:
    entity, requirement = entry.entity, entry.requirement
    obligations = len(requirement.clauses) + len(requirement.unique)
    progress(entity.name, 0, None)
    stored = store(entry)
    if stored is None:
        return Audited(entity, None, obligations)
    doubts = (*requirement.not_known, *(NotKnown((name,), reason, None) for name, reason in stored.unfit.items()))
    own, repeated = stored.count_own(progress), stored.repeated(progress)
    progress(f"{entity.name} by Great Expectations", 0, None)
    rows, counts = suites.run(
        entry, *stored.batch(suites), stored.questions, _in_words(requirement, own, repeated), doubts
    )
    counts |= own
    broken = [Broken(clause, counts[clause]) for clause in requirement.clauses if counts.get(clause)]
    return Audited(
        entity,
        rows,
        obligations,
        tuple(sorted(broken, key=lambda each: -each.rows)),
        repeated,
        tuple(name for name in entity.fields if name not in stored.columns),
        tuple(name for name in stored.columns if name not in entity.fields),
        doubts,
    )


def _in_words(requirement: Requirement, own: Mapping[Clause, int], repeated: Sequence[Repeated]) -> dict[str, int]:
    """The constraints that Fieldline counts itself, in words, and the number of rows that break each."""
    counts: dict[str, int] = {}
    for clause, many in own.items():
        words = constraint_words(clause.fields, clause.bindings[0])
        counts[words] = counts.get(words, 0) + many
    again = {each.unique: each.rows for each in repeated}
    for unique in requirement.unique:
        words = constraint_words((unique.field,), unique.binding)
        counts[words] = counts.get(words, 0) + again.get(unique, 0)
    return counts
