"""What lies between an obligation and its origins, over every route."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..preconditions.obligation import FlowStep, OwnConstraint
from ..preconditions.routes import shortest_routes

if TYPE_CHECKING:
    from ...documents.names import FieldName
    from ...lineage.graph import Link
    from ..preconditions.obligation import Obligation, Origin


def passed(obligation: Obligation) -> tuple[set[FieldName], list[Link]]:
    """The fields and the links between an obligation and its origins, over every route."""
    seen: dict[Obligation, None] = {obligation: None}
    todo = [obligation]
    fields: set[FieldName] = set()
    links: dict[Link, None] = {}
    while todo:
        here = todo.pop()
        fields.update((*here.fields, *(name for name, _ in here.guards)))
        for origin in here.origins:
            fields.add(origin.field.full_name)
            if isinstance(origin, FlowStep):
                links[origin.link] = None
        for step in here.continuations:
            links.update((move.link, None) for move in step.moves if move.link is not None)
            if step.obligation not in seen:
                seen[step.obligation] = None
                todo.append(step.obligation)
    return fields, list(links)


def beyond(obligation: Obligation) -> list[Origin]:
    """The origins of an obligation, without the contract of its own field."""
    routes = shortest_routes(obligation)
    return [origin for origin, route in routes.items() if route.steps or not isinstance(origin, OwnConstraint)]


def is_from_beyond(obligation: Obligation) -> bool:
    """Whether an obligation has an origin other than the contract of its own field."""
    if any(isinstance(origin, OwnConstraint) for origin in obligation.origins):
        return bool(beyond(obligation))
    return bool(obligation.origins or obligation.continuations)
