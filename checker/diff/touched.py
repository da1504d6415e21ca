"""Whether a change may have an effect on what is unknown: it brings other values, more of them, or rejects more.

Where nothing is known of a step, a change beside it is a doubt of its own only where it can make anything worse.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ...documents.names import FieldName
from ...values.budget import BudgetExceeded
from ..preconditions.obligation import FlowStep, OwnConstraint
from ..preconditions.routes import origins_of
from .ways_on import passed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ...lineage.flow import Flow
    from ..change import Change
    from ..judging.context import Context
    from ..preconditions.obligation import Obligation, Origin
    from .versions import Versions


class Touched:
    """The flows and fields between two versions that do something else with values than before."""

    def __init__(self, versions: Versions) -> None:
        self._before, self._after = versions.before, versions.after
        self._by_field = versions.changes.by_field
        self._budget = versions.after.budget
        changed = [
            flow
            for flow in versions.changes.of_flows
            if flow.before is None or flow.after is None or _carried(flow.before) != _carried(flow.after)
        ]
        self._runs_otherwise = any(change.what == "engine" for change in versions.changes.of_contracts)
        self._targets = {side.target for flow in changed for side in (flow.before, flow.after) if side is not None}
        self._flows = {id(flow.after) for flow in changed if flow.after is not None}
        self._of_flows = {flow.change for flow in changed}
        self._like_before = {flow.change for flow in versions.changes.of_flows} - self._of_flows

    def is_touched(self, obligation: Obligation) -> bool:
        """Whether the unknown part of an obligation may have changed: on the way to its origins, there, or downstream.

        Other constraints on the way do not count: their rejections change nothing about it.
        """
        fields, links = passed(obligation)
        if any(id(link.flow) in self._flows for link in links):
            return True
        if any(self._is_stored_otherwise(name) for name in fields if name in self._by_field):
            return True
        return any(self._is_changed(origin) for origin in origins_of(obligation))

    @cached_property
    def held_otherwise(self) -> Collection[FieldName]:
        """The fields that may hold something else of a record than before: of both versions."""
        if self._runs_otherwise:
            return {*self._before.graph.fields, *self._after.graph.fields}
        begun = self._targets | {name for name in self._by_field if self._is_stored_otherwise(name)}
        sides = (self._before.graph, self._after.graph)
        return begun.union(*(graph.downstream([name for name in begun if name in graph.fields]) for graph in sides))

    def brings_more(self, changes: Iterable[Change]) -> bool:
        """Whether one of these changes may bring a field downstream of it more values than before, or others."""
        return any(
            change not in self._like_before and not (isinstance(change.name, FieldName) and self._narrows(change.name))
            for change in changes
        )

    def _narrows(self, name: FieldName) -> bool:
        """Whether all that has changed of a field is that it accepts less."""
        return self._is_of_sets(name) and self._is_within(name, self._after, self._before)

    def _widens(self, name: FieldName) -> bool:
        """Whether all that has changed of a field is that it accepts more."""
        return self._is_of_sets(name) and self._is_within(name, self._before, self._after)

    def _is_of_sets(self, name: FieldName) -> bool:
        """Whether all that has changed of a field is the set of values that it accepts."""
        fields = [side.graph.fields.get(name) for side in (self._before, self._after)]
        return (
            all(field is not None and not field.is_conditional for field in fields)
            and all(change.what == "constraint" for change in self._by_field.get(name, ()))
            and not any(side.graph.storage(name).opaque for side in (self._before, self._after))
            and not self._is_stored_otherwise(name)
        )

    def _is_within(self, name: FieldName, inner: Context, outer: Context) -> bool:
        try:
            return inner.judge.accepted(name).stray(outer.judge.accepted(name), self._budget.glance) is None
        except BudgetExceeded:
            return False

    def _is_stored_otherwise(self, name: FieldName) -> bool:
        before, after = self._before.graph, self._after.graph
        if name not in before.fields or name not in after.fields:
            return True
        return before.storage(name).transforms != after.storage(name).transforms

    def _is_changed(self, origin: Origin) -> bool:
        """Whether a constraint has changed; for a step without a description, whether anything downstream has."""
        if isinstance(origin, OwnConstraint):
            earlier = self._before.graph.fields.get(origin.field.full_name)
            return earlier is None or all(
                known.restriction != origin.constraint.restriction for known in (*earlier.constraints, *earlier.stored)
            )
        if not isinstance(origin, FlowStep) or origin.step.exact:
            return False
        downstream = self._after.graph.downstream([origin.link.target.full_name])
        links = (link for name in sorted(downstream) for link in self._after.graph.out_of.get(name, ()))
        fields = (name for name in sorted(downstream) if name in self._by_field)
        return any(not self._widens(name) for name in fields) or any(id(link.flow) in self._flows for link in links)


def _carried(flow: Flow) -> tuple[object, ...]:
    """What decides which values a flow brings, and of which records."""
    when = None if flow.when is None else flow.when.text
    return flow.sources, flow.target, flow.via, when, flow.engine, flow.collation, flow.writes, flow.filter
