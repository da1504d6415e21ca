"""A change makes two accepted records equal where values must be unique; before the change both were accepted.

A column became unique, a step on the way cuts more, or the entry accepts values that it rejected before. Where a field
becomes unique, the values may be the same: an entry that may send one value twice has its second record rejected from
now on.

Verdict `unknown` means that it could not be decided whether the change makes further values equal.

Why: The second record is rejected or, worse, mistaken for the first.

Bad: the login is cut to fewer characters on its way to a unique column.

    - {from: campus.person.login, to: quiz.user.name, via: [{truncate: 10}]}

Good: the entry accepts only values that stay different.

    # contracts/campus.yaml
    login: {type: text, max_length: 10}
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING

from ....lineage.transform import NoValue, chain_apply, chain_preimage
from ....values.budget import BudgetExceeded
from ....values.show import show
from ....values.valueset import ValueSet
from ...finding import Finding, Severity
from ...judging.collide import binding_of, collision_across, collision_on, not_known, place_of
from ...judging.repeat import repeats
from ...judging.ways import Demand, demands
from ...messages import listed
from ...rule import Rule
from ..blame import causes_of_collision
from ..findings import changed_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ....documents.names import FieldName
    from ....values.budget import Budget
    from ....values.valueset import Value
    from ...change import Change
    from ...judging.collide import Collision
    from ...judging.context import Context
    from ...judging.repeat import RepeatedValue
    from ...judging.ways import EntryWay
    from ..comparison import Comparison


def _check(comparison: Comparison) -> Iterator[Finding]:
    for demand in demands(comparison.after.judge):
        entries = _concerned(comparison, demand)
        if not entries:
            continue
        collisions: dict[FieldName, Collision] = {}
        for collision in _at(comparison, demand, entries):
            first = collisions.setdefault(collision.name, collision)
            if first.reason is not None:
                collisions[collision.name] = collision
        for name, collision in collisions.items():
            finding = collision.finding(comparison.after, NEWLY_COLLIDING_RULE)
            causes = _causes(comparison, demand, finding, entries[name])
            yield replace(finding, location=changed_at(causes) or finding.location, causes=causes)
        proved = {each for collision in collisions.values() if collision.reason is None for each in collision.names}
        for repeat in _repeats(comparison, demand, entries):
            if not proved.issuperset(repeat.names):  # one proof for a field is enough
                finding = _sent_twice(demand, repeat, entries)
                causes = _causes(comparison, demand, finding, finding.causes)
                yield replace(finding, location=changed_at(causes) or finding.location, causes=causes)


def _causes(
    comparison: Comparison, demand: Demand, finding: Finding, candidates: tuple[Change, ...]
) -> tuple[Change, ...]:
    """The changes that make the records of a finding equal; all candidates where it has no records."""
    if finding.witness is None or finding.second is None:
        return candidates
    return causes_of_collision(comparison, demand, (finding.witness, finding.second), candidates)


def _concerned(comparison: Comparison, demand: Demand) -> dict[FieldName, tuple[Change, ...]]:
    """The entry fields whose values reach a demand over changes, with these changes."""
    upstream = comparison.after.graph.upstream(list(demand.columns))
    names = (f.full_name for entity in comparison.after.graph.entries for f in entity.fields.values())
    between = {name: _between(comparison, name, demand) for name in names if name in upstream}
    return {name: changes for name, changes in between.items() if changes}


# --------------------------------------------------------------------------------------------------- different values


def _at(comparison: Comparison, demand: Demand, entries: dict[FieldName, tuple[Change, ...]]) -> Iterator[Collision]:
    try:
        before = _ways_before(comparison, demand)
        after = comparison.after.ways(demand)
    except BudgetExceeded as error:
        why = f"more ways lead there than were followed ({error.reason})"
        yield from (not_known(demand, (name,), why) for name in entries)
        return
    doubted = _doubts_before(comparison, demand)
    for name, why in after.doubts.items():
        if name in entries and (name not in doubted or comparison.regressions.touched.brings_more(entries[name])):
            yield not_known(demand, (name,), why)
    for way in after.whole:
        if not entries.keys().isdisjoint(way.names):
            yield from _led_by_change(_on(comparison.after, way, before), entries)
    for first, second in combinations(after.whole, 2):
        if not entries.keys().isdisjoint((*first.names, *second.names)):
            yield from _led_by_change(_across(comparison.after, first, second, before), entries)


def _led_by_change(collision: Collision | None, entries: dict[FieldName, tuple[Change, ...]]) -> Iterator[Collision]:
    """The collision, with a field first whose values reach the demand over a change."""
    if collision is not None:
        names = sorted(collision.names, key=lambda name: name not in entries)
        if names[0] in entries:
            yield replace(collision, names=tuple(names))


def _ways_before(comparison: Comparison, demand: Demand) -> list[EntryWay]:
    """The ways to a demand on the same fields, or on some of them, in the version before."""
    ways: list[EntryWay] = []
    for earlier in _demands_before(comparison, demand):
        ways += comparison.before.ways(earlier).whole
    return ways


def _doubts_before(comparison: Comparison, demand: Demand) -> set[FieldName]:
    """The entry fields of which it was in doubt before whether their values stay different there."""
    earlier = _demands_before(comparison, demand)
    return {name for each in earlier for name in comparison.before.ways(each).doubts}


def _demands_before(comparison: Comparison, demand: Demand) -> list[Demand]:
    entity = comparison.before.graph.contracts.entity(demand.entity.full_name)
    own = set(demand.unique.fields)
    uniques = () if entity is None else entity.unique
    return [Demand(entity, unique) for unique in uniques if entity is not None and own.issuperset(unique.fields)]


def _on(context: Context, way: EntryWay, before: Sequence[EntryWay]) -> Collision | None:
    """Values that become equal on a way and on none of the earlier ways."""
    known = partial(_equal_before, before)
    try:
        if _is_old(way, before, context.budget):
            return None
        collision = None
        if len(way.names) == 1:
            name = way.names[0]
            same_steps = (old for old in before if _is_alike(way, old))
            fresh = next((way.values(name) - old.values(name) for old in same_steps), None)
            collision = collision_on(context, way, known, fresh) if fresh is not None else None
        if collision is None or collision.reason is not None:
            collision = collision_on(context, way, known)
    except BudgetExceeded as error:
        return not_known(way.demand, way.names, error.reason)
    return collision


def _across(context: Context, first: EntryWay, second: EntryWay, before: Sequence[EntryWay]) -> Collision | None:
    """Values that become equal by two ways and by none of the earlier ways."""
    try:
        if all(_is_old(way, before, context.budget) for way in (first, second)):
            return None
        return collision_across(context, first, second, partial(_equal_before, before))
    except BudgetExceeded as error:
        return not_known(first.demand, tuple(dict.fromkeys((*first.names, *second.names))), error.reason)


def _is_old(way: EntryWay, before: Sequence[EntryWay], budget: Budget) -> bool:
    """Whether an earlier way had the same steps, for all values of this way. Raises BudgetExceeded."""
    return any(
        _is_alike(way, old) and all(way.values(name).stray(old.values(name), budget) is None for name in way.names)
        for old in before
    )


def _is_alike(way: EntryWay, old: EntryWay) -> bool:
    """Whether an earlier way brings values of the same fields over the same steps, where they are compared alike."""
    unique, earlier = way.demand.unique, old.demand.unique
    if unique.opaque not in {None, earlier.opaque}:
        return False
    mine, theirs = ([(lane.column, lane.origin.field, lane.steps) for lane in each.lanes] for each in (way, old))
    return mine == theirs and unique.one_null <= earlier.one_null


def _equal_before(before: Sequence[EntryWay], first: FieldName, value: Value, second: FieldName) -> ValueSet:
    """The values of a field that became equal to this one of another before, by any of the ways."""
    equal = ValueSet.nothing()
    for way in before:
        if first not in way.names or value not in way.values(first):
            continue
        for other in before:
            if second in other.names and other.demand.unique is way.demand.unique:
                equal = equal | _equal_by(way, first, value, other, second)
    return equal


def _equal_by(way: EntryWay, first: FieldName, value: Value, other: EntryWay, second: FieldName) -> ValueSet:
    equal = other.values(second)
    for mine, theirs in zip(way.lanes, other.lanes, strict=False):
        if mine.origin.field == first and theirs.origin.field == second:
            end = chain_apply(mine.steps, value)
            if isinstance(end, NoValue) or (end is None and not way.demand.unique.one_null):
                return ValueSet.nothing()
            equal = equal & chain_preimage(theirs.steps, ValueSet.exactly([end]))
    return equal


# ---------------------------------------------------------------------------------------------------- the same values


def _repeats(
    comparison: Comparison, demand: Demand, entries: dict[FieldName, tuple[Change, ...]]
) -> Iterator[RepeatedValue]:
    """The entry fields whose second value was accepted before, and is rejected now.

    Those that reached the fields before: of a flow that is new, `check` has a note.
    """
    known: set[tuple[FieldName, ...]] = set()
    for earlier in _demands_before(comparison, demand):
        known |= {repeat.names for repeat in repeats(comparison.before, earlier)}
    columns = [name for name in demand.columns if name in comparison.before.graph.fields]
    reached = comparison.before.graph.upstream(columns)
    for repeat in repeats(comparison.after, demand):
        concerned = not entries.keys().isdisjoint(repeat.names)
        if concerned and repeat.names not in known and reached.issuperset(repeat.names):
            yield repeat


def _sent_twice(demand: Demand, repeat: RepeatedValue, entries: dict[FieldName, tuple[Change, ...]]) -> Finding:
    name = next(name for name in repeat.names if name in entries)
    place, senders = place_of(demand), listed([str(each) for each in repeat.names])
    sent = ", ".join(show(repeat.first[each]) for each in repeat.names if each in repeat.first)
    doubt = repeat.doubt
    message = (
        f"{senders} may send {sent} twice, and {place} now accepts it once"
        if doubt is None
        else f"{senders}: unknown whether the same value arrives twice in {place}, which now accepts it once: {doubt}"
    )
    return Finding(
        rule=NEWLY_COLLIDING_RULE.name,
        severity=NEWLY_COLLIDING_RULE.severity if doubt is None else Severity.WARNING,
        verdict="refuted" if doubt is None else "unknown",
        message=message,
        location=changed_at(entries[name]) or demand.unique.location,
        entry=name.entity_name,
        field=name,
        fields=(name, *(each for each in repeat.names if each != name)),
        binding=binding_of(demand),
        witness=repeat.first if doubt is None else None,
        second=repeat.second if doubt is None else None,
        reason=doubt,
        causes=entries[name],
    )


def _between(comparison: Comparison, name: FieldName, demand: Demand) -> tuple[Change, ...]:
    """The changes on the ways from an entry field to a demand, in either version."""
    changes: dict[Change, None] = {}
    for context, is_after in ((comparison.before, False), (comparison.after, True)):
        graph = context.graph
        columns = [column for column in demand.columns if column in graph.fields]
        if name not in graph.fields or not columns:
            continue
        downstream, upstream = graph.downstream([name]), graph.upstream(columns)
        for field in sorted(downstream & upstream):
            changes |= dict.fromkeys(comparison.changes.at(field))
        for flow in comparison.changes.of_flows:
            side = flow.after if is_after else flow.before
            if side and side.target in upstream and any(source.field in downstream for source in side.sources):
                changes[flow.change] = None
    return tuple(sorted(changes, key=lambda change: change.order))


NEWLY_COLLIDING_RULE = Rule("newly-colliding", Severity.ERROR, _check, __doc__ or "")
