"""A change makes two accepted values become equal where values must be unique; before the change they stayed different.

A column became unique, a step on the way cuts more, or the entry accepts values that it rejected before. The second record
is rejected or, worse, mistaken for the first.

Verdict `unknown`: it could not be decided whether the change makes further values equal.

Bad: the login is cut to fewer characters on its way to a unique column.

    - {from: campus.person.login, to: quiz.user.name, via: [{truncate: 10}]}

Good: the entry accepts only values that stay different.

    # contracts/campus.yaml
    login: {type: text, max_length: 10}
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ....lineage.transform import NoValue, chain_apply, chain_preimage
from ....values.budget import BudgetExceeded
from ....values.valueset import ValueSet
from ...finding import Severity
from ...judging.backward import Joined
from ...judging.collide import Collision, Way, collision_across, collision_on, not_known, pairs_of, ways_to
from ...rule import Rule
from ..findings import changed_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ....contracts.model import Field, Unique
    from ....documents.names import FieldName
    from ....values.budget import Budget
    from ....values.valueset import Value
    from ...change import Change
    from ...finding import Finding
    from ...judging.context import Context
    from ..comparison import Comparison


def _check(comparison: Comparison) -> Iterator[Finding]:
    for field in comparison.after.fields:
        if field.unique is not None and comparison.after.graph.into.get(field.full_name):
            entries = _concerned(comparison, field)
            collisions: dict[FieldName, Collision] = {}
            for collision in _at(comparison, field, field.unique, entries) if entries else ():
                first = collisions.setdefault(collision.name, collision)
                if first.pair is None:
                    collisions[collision.name] = collision
            for name, collision in collisions.items():
                finding = collision.finding(comparison.after, NEWLY_COLLIDING_RULE)
                yield replace(finding, location=changed_at(entries[name]) or finding.location, causes=entries[name])


def _concerned(comparison: Comparison, field: Field) -> dict[FieldName, tuple[Change, ...]]:
    """The entry fields whose values reach a unique field over changes, with these changes."""
    upstream = comparison.after.graph.upstream([field.full_name])
    names = (f.full_name for entity in comparison.after.graph.entries for f in entity.fields.values())
    between = {name: _between(comparison, name, field.full_name) for name in names if name in upstream}
    return {name: changes for name, changes in between.items() if changes}


def _at(
    comparison: Comparison, field: Field, unique: Unique, entries: dict[FieldName, tuple[Change, ...]]
) -> Iterator[Collision]:
    try:
        before = _ways_before(comparison, field)
        after = list(ways_to(comparison.after, field, unique))
    except BudgetExceeded as error:
        why = f"more ways lead there than were followed ({error.reason})"
        yield from (not_known(field, unique, name, why) for name in entries)
        return
    whole: list[Way] = []
    for way in after:
        if isinstance(way, Joined):
            why = "values are joined on the way" if way.link.exact else "a step on the way is not described"
            reached = comparison.after.graph.upstream([source.full_name for source in way.link.sources])
            yield from (not_known(field, unique, name, why) for name in entries if name in reached)
        elif way.origin.field in entries:
            whole.append(way)
    for way in whole:
        yield from _on(comparison.after, way, _same_origin(before, way))
    for first, second in pairs_of(whole):
        yield from _across(comparison.after, first, second, _same_origin(before, first))


def _ways_before(comparison: Comparison, field: Field) -> list[Way]:
    earlier = comparison.before.graph.fields.get(field.full_name)
    if earlier is None or earlier.unique is None:
        return []
    return [way for way in ways_to(comparison.before, earlier, earlier.unique) if isinstance(way, Way)]


def _same_origin(ways: Sequence[Way], way: Way) -> list[Way]:
    return [known for known in ways if known.origin.field == way.origin.field]


def _on(context: Context, way: Way, before: Sequence[Way]) -> Iterator[Collision]:
    """Values that become equal on a way and on none of the earlier ways."""
    known = partial(_equal_before, before)
    try:
        if _is_old(way, before, context.budget):
            return
        fresh = next((way.values - earlier.values for earlier in before if earlier.steps == way.steps), None)
        collision = collision_on(context, way, known, fresh) if fresh is not None else None
        if collision is None or collision.pair is None:
            collision = collision_on(context, way, known)
    except BudgetExceeded as error:
        collision = not_known(way.field, way.unique, way.origin.field, error.reason)
    if collision is not None:
        yield collision


def _across(context: Context, first: Way, second: Way, before: Sequence[Way]) -> Iterator[Collision]:
    """Values that become equal by two ways and by none of the earlier ways."""
    try:
        is_old = all(_is_old(way, before, context.budget) for way in (first, second))
        collision = None if is_old else collision_across(context, first, second, partial(_equal_before, before))
    except BudgetExceeded as error:
        collision = not_known(first.field, first.unique, first.origin.field, error.reason)
    if collision is not None:
        yield collision


def _is_old(way: Way, before: Sequence[Way], budget: Budget) -> bool:
    """Whether an earlier way had the same steps, for all values of this way. Raises BudgetExceeded."""
    return any(earlier.steps == way.steps and way.values.stray(earlier.values, budget) is None for earlier in before)


def _equal_before(before: Sequence[Way], value: Value) -> ValueSet:
    """The values that became equal to this one before, by any of the ways."""
    equal = ValueSet.nothing()
    for way in before:
        end = chain_apply(way.steps, value)
        if value in way.values and not isinstance(end, NoValue):
            for other in before:
                equal = equal | (other.values & chain_preimage(other.steps, ValueSet.exactly([end])))
    return equal


def _between(comparison: Comparison, name: FieldName, unique: FieldName) -> tuple[Change, ...]:
    """The changes on the ways from an entry field to a unique one, in either version."""
    changes: dict[Change, None] = {}
    for context, is_after in ((comparison.before, False), (comparison.after, True)):
        graph = context.graph
        if name not in graph.fields or unique not in graph.fields:
            continue
        downstream, upstream = graph.downstream([name]), graph.upstream([unique])
        for field in sorted(downstream & upstream):
            changes |= dict.fromkeys(comparison.changes.at(field))
        for flow in comparison.changes.of_flows:
            side = flow.after if is_after else flow.before
            if side and side.target in upstream and any(source.field in downstream for source in side.sources):
                changes[flow.change] = None
    return tuple(sorted(changes, key=lambda change: change.order))


NEWLY_COLLIDING_RULE = Rule("newly-colliding", Severity.ERROR, _check, __doc__ or "")
