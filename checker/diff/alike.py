"""Alterations on which a change has no effect: whether they are given back need not be judged in both versions.

Of an alteration that both versions have, only one thing is asked: whether it is given back in the one and not in the other.
That cannot be so where the change is one of fields' own constraints, and touches neither the entry nor a field that the
value passes on its way: then every record and every twin is treated alike.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...documents.names import EntityName, FieldName
    from ..judging.context import Context
    from ..preconditions.obligation import Obligation
    from .versions import Versions


class Alikeness:
    """Sees without judging that two versions treat an alteration alike."""

    def __init__(self, versions: Versions) -> None:
        self._versions = versions
        self._before, self._after = versions.before, versions.after
        self._untouched: dict[FieldName, bool] = {}

    def are_alike(self, earlier: Obligation, obligation: Obligation, entity: EntityName) -> bool:
        """Whether an alteration with the same content is surely given back in both versions or in neither."""
        if not self._is_of_constraints or len(obligation.fields) > 1 or obligation.guards:
            return False
        entities = [side.graph.contracts.entity(entity) for side in (self._before, self._after)]
        if entities[0] is not entities[1]:
            return False
        return self._is_apart(obligation) and self._are_untouched(self._way(earlier))

    @cached_property
    def _is_of_constraints(self) -> bool:
        """Whether the versions differ in constraints of fields alone, none of which depends on other fields."""
        changes = self._versions.changes
        before, after = self._before.estate, self._after.estate
        if changes.of_flows or len(before.flows) != len(after.flows):
            return False
        if any(one is not other for one, other in zip(before.flows, after.flows, strict=True)):
            return False
        if any(change.what != "constraint" for change in changes.of_contracts):
            return False
        if any(side.contracts.fields[name].is_conditional for name in changes.by_field for side in (before, after)):
            return False
        return _engines(self._before) == _engines(self._after)

    def _is_apart(self, obligation: Obligation) -> bool:
        """Whether an alteration's way has no changed field, no condition and no doubt, and no other way beside it."""
        name, twins, way = obligation.fields[0], self._after.judge.twins, self._way(obligation)
        targets = {origin.field.full_name for here in way for origin in here.origins}
        return self._are_untouched(way) and not any(
            twins.conditional(name, target) or not twins.is_alone(name, target) for target in targets
        )

    @staticmethod
    def _way(obligation: Obligation) -> list[Obligation]:
        """An obligation and all that it leads to."""
        passed = {obligation: None}
        way = [obligation]
        for here in way:
            for step in here.continuations:
                if step.obligation not in passed:
                    passed[step.obligation] = None
                    way.append(step.obligation)
        return way

    def _are_untouched(self, way: Iterable[Obligation]) -> bool:
        return all(
            len(here.fields) == 1
            and not here.guards
            and self._is_untouched(here.fields[0])
            and all(self._is_untouched(origin.field.full_name) for origin in here.origins)
            for here in way
        )

    def _is_untouched(self, name: FieldName) -> bool:
        """Whether a field is the same in both versions, and all that it demands is decided by its own value."""
        known = self._untouched.get(name)
        if known is None:
            store = self._after.graph.storage(name)
            is_same = self._before.graph.fields.get(name) is self._after.graph.fields.get(name)
            known = is_same and not (store.doubts or store.conditional or store.checks)
            self._untouched[name] = known
        return known


def _engines(context: Context) -> list[tuple[object, ...]]:
    contracts = context.estate.contracts
    own = ((name, system.engine, system.collation) for name, system in contracts.systems.items())
    return [(contracts.engine, contracts.collation), *own]
