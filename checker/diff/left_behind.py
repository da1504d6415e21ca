"""What a condition keeps out of an entity now and did not before: values whose records arrive there, and whole records."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...lineage.transform import NoValue
from ...values.budget import BudgetExceeded
from ..judging.dropped import dropped_values
from ..judging.simulate import travel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...documents.names import EntityName, FieldName
    from ...lineage.graph import Link
    from ..change import Change
    from ..judging.context import Context
    from ..judging.dropped import DroppedValue
    from .versions import Versions


def newly_dropped(versions: Versions) -> Iterator[tuple[DroppedValue, tuple[Change, ...]]]:
    """Each with the changes that cause it."""
    before: dict[tuple[FieldName, EntityName, bool], list[DroppedValue]] = {}
    for each in _left_behind(versions, versions.before):
        before.setdefault(_place(each), []).append(each)
    for each in _left_behind(versions, versions.after):
        new = _new(versions, before.get(_place(each), []), each)
        if new is not None:
            yield new, _causes(versions, new)


def newly_routed(versions: Versions) -> Iterator[tuple[EntityName, Link, tuple[Change, ...]]]:
    """The entities whose records one condition keeps from another entity now, where none or another one did before.

    With the first flow that has it, and the changes of the flows between the two.
    """
    before, after = (_between(versions, context) for context in (versions.before, versions.after))
    for (source, target), links in after.items():
        earlier = {link.when.text if link.when else "" for link in before.get((source, target), ())}
        now = {link.when.text if link.when else "" for link in links}
        if earlier and len(now) == 1 and links[0].when is not None and earlier != now:
            yield source, links[0], _of_flows(versions, source, target)


def _between(versions: Versions, context: Context) -> dict[tuple[EntityName, EntityName], list[Link]]:
    """The flows from one entity to another, in their order."""
    between: dict[tuple[EntityName, EntityName], list[Link]] = {}
    for link in context.graph.links_into(context.composition.within | _beside(versions, context)):
        if not link.is_default:
            ends = link.sources[0].full_name.entity_name, link.target.full_name.entity_name
            between.setdefault(ends, []).append(link)
    return between


def _of_flows(versions: Versions, source: EntityName, target: EntityName) -> tuple[Change, ...]:
    """The changes of flows from one entity to another."""
    return tuple(
        dict.fromkeys(
            flow.change
            for flow in versions.changes.of_flows
            for side in (flow.before, flow.after)
            if side and side.target.entity_name == target and any(x.field.entity_name == source for x in side.sources)
        )
    )


def _left_behind(versions: Versions, context: Context) -> Iterator[DroppedValue]:
    """What a version leaves behind, in the part that the changes affect and beside each flow that changed."""
    told = list(dropped_values(context))
    yield from told
    beside = _beside(versions, context)
    if not context.composition.within.issuperset(beside):
        known = {(_place(each), each.link.number) for each in told}
        more = dropped_values(context.restricted(beside))
        yield from (each for each in more if (_place(each), each.link.number) not in known)


def _beside(versions: Versions, context: Context) -> frozenset[FieldName]:
    """The ends of the flows between two entities of which one changed: a record that arrives now lacks others."""
    touched = {
        (source.field.entity_name, side.target.entity_name)
        for flow in versions.changes.of_flows
        for side in (flow.before, flow.after)
        if side is not None
        for source in side.sources
    }
    beside: set[FieldName] = set()
    for link in context.graph.links if touched else ():
        names = [source.full_name for source in link.sources]
        if any((name.entity_name, link.target.full_name.entity_name) in touched for name in names):
            beside.update((*names, link.target.full_name))
    return frozenset(beside)


def _place(dropped: DroppedValue) -> tuple[FieldName, EntityName, bool]:
    return dropped.field.full_name, dropped.link.target.full_name.entity_name, dropped.by_itself


def _new(versions: Versions, before: list[DroppedValue], after: DroppedValue) -> DroppedValue | None:
    """What is left behind now and was not before; None: nothing is."""
    if not before:
        return after
    if not after.by_itself:
        return None if _condition(after) in map(_condition, before) else after
    earlier = before[0]  # of a field, what does not meet its condition is told once
    if after.reason is not None:
        return None if earlier.reason == after.reason else after
    if earlier.values is not None and after.values is not None and after.names[0] == earlier.names[0]:
        try:
            witness = after.values.outside(earlier.values, versions.after.budget)
        except BudgetExceeded as error:
            return replace(after, reason=error.reason)
        return None if witness is None else replace(after, record={after.names[0]: witness.value})
    if _condition(after) == _condition(earlier) and not _is_let_in_anew(versions, after):
        return after if _arrived(versions, after) else None  # a flow before it may make another value of the record
    if _arrived(versions, after) or _is_let_in_anew(versions, after):
        return after
    return replace(after, reason="its condition changed, and the value that was tried did not arrive before, either")


def _condition(dropped: DroppedValue) -> str:
    return dropped.link.when.text if dropped.link.when else ""


def _is_let_in_anew(versions: Versions, after: DroppedValue) -> bool:
    """Whether the entry rejected the record before."""
    judge, known = versions.before.judge, versions.before.graph.fields
    return any(name not in known or value not in judge.accepted(name) for name, value in (after.record or {}).items())


def _arrived(versions: Versions, after: DroppedValue) -> bool:
    """Whether the value arrived in the entity before."""
    graph, target = versions.before.graph, after.link.target.full_name
    record = {name: value for name, value in (after.record or {}).items() if name in graph.fields}
    arrivals = travel(graph, record, versions.before.budget).arrivals.get(target, ()) if record else ()
    return any(not isinstance(arrival.stored, NoValue) and arrival.stored is not None for arrival in arrivals)


def _causes(versions: Versions, dropped: DroppedValue) -> tuple[Change, ...]:
    """The changes of the flows into the field; or else of those from its entity to that one, or of the field entered."""
    (name, target), source = dropped.names, dropped.field.full_name.entity_name
    changes = versions.changes
    flows = [(side, flow.change) for flow in changes.of_flows for side in (flow.before, flow.after) if side]
    into = [change for side, change in flows if side.target == target]
    beside = _of_flows(versions, source, target.entity_name)
    causes = into or beside or changes.at(name) or changes.all
    return tuple(sorted(dict.fromkeys(causes), key=lambda change: change.order))
