"""Required fields that receive a value only conditionally, and the records that arrive without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...values.budget import BudgetExceeded
from ...values.valueset import ValueSet
from ..finding import Binding
from ..preconditions.routes import shortest_routes
from .context import inside_order
from .unmet import accepted_record, met_by, unmet_within

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ...contracts.model import Entity, Field
    from ...documents.names import EntityName, FieldName
    from ...lineage.condition import Condition
    from ...lineage.graph import Link
    from ...values.valueset import Value
    from .context import Context


@dataclass(frozen=True, slots=True)
class UnfilledField:
    """A field that may stay empty although it, or a field downstream, is required."""

    field: Field
    source: Entity
    """The entity the records come from."""
    conditions: tuple[Condition, ...]
    """It is filled only where one of these is true."""
    binding: Binding
    """The constraint that rejects null."""
    link: Link
    record: dict[FieldName, Value] | None
    """Values of the source's fields with which it stays empty; None: it is not known whether there are any."""
    reason: str | None
    """The reason why it is not known whether an entry sends such a record; None: the source is an entry that accepts
    it."""

    @property
    def names(self) -> tuple[FieldName, ...]:
        """The fields of the conditions."""
        return tuple(dict.fromkeys(name for condition in self.conditions for name in condition.fields))


def unfilled_fields(context: Context) -> Iterator[UnfilledField]:
    """Every such field, once for each entity that its records come from."""
    entities = context.estate.contracts.entities
    for field in context.fields:
        entity = entities[field.full_name.entity_name]
        conditional = {
            source: links
            for source, links in _by_source(context.graph.into.get(field.full_name, ())).items()
            if source != entity.full_name and all(link.flow.when is not None for link in links)
        }
        wanted = _wanted(context, field) if conditional and entity.kind != "entry" else None
        if wanted is not None:
            for source, links in conditional.items():
                unfilled = _missed(context, entity, field, entities[source], links, wanted)
                if unfilled is not None:
                    yield unfilled


def _wanted(context: Context, field: Field) -> tuple[Binding, str | None] | None:
    """The constraint that rejects null there or further downstream, and the reason for doubt.

    None: null is accepted everywhere.
    """
    unsure: tuple[Binding, str] | None = None
    for obligation in context.composition.at.get(field.full_name, ()):
        if len(obligation.fields) > 1 or obligation.effect != "refuse" or not isinstance(obligation.accepts, ValueSet):
            continue  # joined and unknown obligations are reported by other rules
        if None not in obligation.accepts:
            origin = next(iter(shortest_routes(obligation)))
            binding = Binding(origin.field.full_name, origin.name, origin.sentence, origin.location)
            if not obligation.guards:
                return binding, None
            unsure = unsure or (binding, "it applies only under a further condition on the way")
    return unsure


def _by_source(links: Iterable[Link]) -> dict[EntityName, list[Link]]:
    """The links by the full name of the entity they come from."""
    by_source: dict[EntityName, list[Link]] = {}
    for link in links:
        by_source.setdefault(link.sources[0].full_name.entity_name, []).append(link)
    return by_source


def _missed(
    context: Context,
    entity: Entity,
    field: Field,
    source: Entity,
    links: Sequence[Link],
    wanted: tuple[Binding, str | None],
) -> UnfilledField | None:
    """The field, where a record arrives over other flows alone."""
    others = [
        link
        for other in entity.fields.values()
        if other is not field
        for link in _by_source(context.graph.into.get(other.full_name, ())).get(source.full_name, ())
    ]
    conditions = tuple(dict.fromkeys(link.flow.when for link in links if link.flow.when is not None))
    binding, unsure = wanted
    if unsure is None and source.kind != "entry":
        unsure = f"whether an entry sends {source.full_name} such a record is not followed"
    try:
        for guards in unmet_within(context, links, met_by(context, others)):
            values = accepted_record(context, guards)
            if values is not None:
                return UnfilledField(field, source, conditions, binding, links[0], values, unsure)
    except BudgetExceeded as error:
        return UnfilledField(field, source, conditions, binding, links[0], None, error.reason)
    return None


def typed_before(context: Context, each: UnfilledField) -> tuple[FieldName, ...]:
    """The entry fields, by full name, that decide whether it is filled."""
    if each.source.kind == "entry":
        return each.names
    entries = {name for entity in context.graph.entries for name in inside_order(entity)}
    return tuple(sorted(entries & context.graph.upstream(each.names)))
