"""The other side of a screen: a downstream field, the entries that feed it, and what it demands of each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...values.interning import keeping
from .screen import screen_of

if TYPE_CHECKING:
    from datetime import date

    from ...contracts.model import Entity, Field
    from ...documents.names import FieldName
    from ..judging.context import Context
    from .screen import ScreenObligation


@dataclass(frozen=True, slots=True)
class Feeder:
    """An entry whose values reach a field."""

    entity: Entity
    fields: tuple[FieldName, ...]
    """Those of its fields whose values do, by full name, in the order of its contract."""
    obligations: tuple[ScreenObligation, ...]
    """What the field demands of them, and whether they meet it; the binding obligations first."""
    not_known: str | None
    """The reason why there may be further obligations; None: these are all."""


@dataclass(frozen=True, slots=True)
class FieldScreen:
    """A downstream field, and what it demands of the entries that feed it."""

    field: Field
    feeders: tuple[Feeder, ...]
    """In the order of the contracts."""
    today: date | None = None
    """The day of the run, where a verdict may depend on it."""


@keeping()
def field_screen(context: Context, name: FieldName) -> FieldScreen:
    """The entries that feed the field of that full name, which is none of an entry."""
    graph = context.graph
    upstream = graph.upstream([name])
    feeding = [
        (entity, names)
        for entity in graph.entries
        if (names := tuple(field.full_name for field in entity.fields.values() if field.full_name in upstream))
    ]
    reached = (field.full_name for entity, _ in feeding for field in entity.fields.values())
    within = context.restricted(frozenset(graph.downstream(list(reached))))
    feeders = tuple(_feeder(within, entity, names, name) for entity, names in feeding)
    return FieldScreen(graph.fields[name], feeders, context.estate.counts_from)


def _feeder(context: Context, entity: Entity, names: tuple[FieldName, ...], of: FieldName) -> Feeder:
    screen = screen_of(context, entity, context.budget, at=of)
    demanded = (*(each for field in screen.fields for each in field.obligations), *screen.together)
    doubts = (context.not_known_downstream(context.graph.fields[name]) for name in names)
    return Feeder(
        entity,
        names,
        demanded,
        next((doubt for doubt in doubts if doubt is not None), None),
    )
