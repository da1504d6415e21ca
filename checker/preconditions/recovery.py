"""Recovery: the values of which an alteration loses nothing, since other views of the value give them back.

Asked per entity that receives the value: of a step of a flow, and of what the storage behind a flow does. Of a step the
storages at the ends of the other views do not matter: each of them has an obligation of its own. Of a storage they do, or
two storages that each leave something out would excuse each other.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...lineage.transform import chain_preimage
from ...values.budget import BudgetExceeded
from ...values.valueset import ValueSet
from .views import given_back, views_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ...documents.names import EntityName, FieldName
    from ...lineage.graph import Graph, Link
    from ...values.budget import Budget
    from .field_view import FieldView


class Recovery:
    """What the entities of one graph give back."""

    def __init__(self, graph: Graph, budget: Budget) -> None:
        self._graph = graph
        self._budget = budget
        self._views: dict[FieldName, Mapping[EntityName, list[FieldView]]] = {}
        self._stored: dict[FieldName, Mapping[EntityName, list[FieldView]]] = {}

    def views(self, name: FieldName) -> Mapping[EntityName, list[FieldView]]:
        """What entities receive of a field's value."""
        views = self._views.get(name)
        if views is None:
            views = self._views[name] = views_of(self._graph, name, self._budget)
        return views

    def stored_views(self, name: FieldName) -> Mapping[EntityName, list[FieldView]]:
        """What entities hold of a field's value: each view, with what the storage at its end makes of it."""
        stored = self._stored.get(name)
        if stored is None:
            ends = self._graph.storage
            stored = self._stored[name] = {
                entity: [replace(view, chain=(*view.chain, *ends(view.target).transforms)) for view in views]
                for entity, views in self.views(name).items()
            }
        return stored

    def of_step(self, name: FieldName, link: Link, place: int) -> Iterator[ValueSet]:
        """The values of a field of which the step at a place of a link's chain loses nothing, per entity.

        Views that leave out the same have one obligation together, at the last of them. Raises BudgetExceeded.
        """
        chain = link.chains[[source.full_name for source in link.sources].index(name)]
        before, step = chain[:place], chain[place]
        kept = chain_preimage(before, step.unaltered)
        if len(self._graph.out_of[name]) == 1:
            return iter([self._arriving(name, kept)])
        return self._per_entity(name, link, place, kept, self.views(name), self._is_said_later)

    def of_storage(self, name: FieldName, link: Link, place: int) -> Iterator[ValueSet]:
        """The values of a field of which the storage at the end of a link that joins nothing loses nothing, per entity.

        `place`: that of what it does, among the transforms of the storage. Raises BudgetExceeded.
        """
        chain = (*link.chains[0], *self._graph.storage(link.target.full_name).transforms)
        place += len(link.chains[0])
        kept = chain_preimage(chain[:place], chain[place].unaltered)
        return self._per_entity(name, link, place, kept, self.stored_views(name), None)

    def _per_entity(
        self,
        name: FieldName,
        link: Link,
        place: int,
        kept: ValueSet,
        views: Mapping[EntityName, list[FieldView]],
        is_said: Callable[[FieldView, Sequence[FieldView], int, ValueSet], bool] | None,
    ) -> Iterator[ValueSet]:
        """Those that are kept, and those that other views give back, in each entity that the value reaches over a link.

        Entities further on count only where something is given back: elsewhere all is lost already.
        """
        todo = [link.target.full_name.entity_name]
        for entity in todo:
            here = views.get(entity, [])
            mine = next((view for view in here if view.links[0] is link), None)
            if mine is None:
                continue
            accepts = kept | given_back(mine, here, place, self._budget)
            if accepts is not ValueSet.everything() and not (is_said and is_said(mine, here, place, accepts)):
                yield self._arriving(name, accepts)
            if accepts != kept:
                todo += (
                    entity
                    for entity, further in views.items()
                    if entity not in todo and any(view.begins_with(mine) for view in further)
                )

    def _arriving(self, name: FieldName, sent: ValueSet) -> ValueSet:
        """The values that arrive at a field for which it sends one of these."""
        return chain_preimage(self._graph.storage(name).transforms, sent)

    def _is_said_later(self, mine: FieldView, views: Sequence[FieldView], place: int, accepts: ValueSet) -> bool:
        """Whether an obligation of a later flow, whose view leaves out something else, says exactly as much."""
        for other in views:
            link = other.links[0]
            says = link.number > mine.links[0].number and not link.flow.accept_loss
            if says and link.when in {None, mine.links[0].when} and place < _steps_before_join(other):
                step = other.chain[place]
                if step.unaltered is not ValueSet.everything() and other.chain[:place] == mine.chain[:place]:
                    kept = chain_preimage(other.chain[:place], step.unaltered)
                    if self._are_same(kept | given_back(other, views, place, self._budget), accepts):
                        return True
        return False

    def _are_same(self, first: ValueSet, second: ValueSet) -> bool:
        """Whether two sets have the same members, as far as that is quickly decided."""
        budget = self._budget.second_look
        try:
            return first.stray(second, budget) is None and second.stray(first, budget) is None
        except BudgetExceeded:
            return False


def _steps_before_join(view: FieldView) -> int:
    """The number of steps on a view's first flow that work on the value alone."""
    first = view.links[0]
    own = len(first.chains[0]) if first.join is None else view.joined_at
    return own or 0
