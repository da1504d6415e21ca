"""The values that contracts let in at the fields of one graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...documents.names import FieldName
    from ...values.valueset import ValueSet
    from ..preconditions.compose import Composition


class Entered:
    """Works each out once. A judge and its twins both refer to it, and it refers to neither."""

    def __init__(self, composition: Composition) -> None:
        self._graph, self._sets = composition.graph, composition.sets
        self._known: dict[FieldName, ValueSet] = {}

    def at(self, name: FieldName) -> ValueSet:
        """The values that a field's contract lets in."""
        entered = self._known.get(name)
        if entered is None:
            field, store = self._graph.fields[name], self._graph.storage(name)
            entered = store.meets_checks(name)
            for constraint in field.constraints:
                if constraint not in store.ignored:
                    entered = entered & constraint.accepts
            entered = self._known[name] = self._sets.intern(entered)
        return entered
