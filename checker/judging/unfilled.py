"""Required fields that receive a value only conditionally, and the records that arrive without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...lineage.transform import NoValue, chain_apply
from ...values.budget import BudgetExceeded
from ...values.valueset import ValueSet
from ..finding import Binding, Finding, Hop
from ..messages import escaped, record
from ..preconditions.routes import origins_of
from .context import inside_order
from .unmet import accepted_record, unmet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ...contracts.model import Entity, Field
    from ...documents.names import EntityName, FieldName
    from ...lineage.condition import Condition
    from ...lineage.graph import Link
    from ...values.valueset import Value
    from ..change import Change
    from ..rule import Rule
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
        if all(link.when is None for link in context.graph.into.get(field.full_name, ())):
            continue
        entity = entities[field.full_name.entity_name]
        conditional = {
            source: links
            for source, links in _by_source(_sent(context, field)).items()
            if source != entity.full_name and all(link.when is not None for link in links)
        }
        wanted = _wanted(context, field) if conditional and entity.kind != "entry" else None
        if wanted is not None:
            for source, links in conditional.items():
                unfilled = _missed(context, entity, field, entities[source], links, wanted)
                if unfilled is not None:
                    yield unfilled


def _sent(context: Context, field: Field) -> Iterator[Link]:
    """The links that bring a field a value; none where the system alone fills it."""
    if field.fill is None or field.fill.sent == "accepted":
        yield from (link for link in context.graph.into.get(field.full_name, ()) if not link.is_default)


def unfilled_finding(
    context: Context, each: UnfilledField, rule: Rule[Any], causes: tuple[Change, ...] = ()
) -> Finding:
    """Such a field as a finding of a rule."""
    field, source, names = each.field, each.source, each.names
    filled = f"is filled only where {escaped(' or '.join(condition.text for condition in each.conditions))}"
    is_seen = each.reason is None
    if is_seen:
        arrives = f"a record with {record(each.record or {})} arrives at {field.system} without {field.full_name}"
        further = "" if each.binding.field == field.full_name else f"; {each.binding.field} has to be filled in with it"
        message = f"{' + '.join(map(str, names))}: {arrives}, which {filled}{further}"
    else:
        message = (
            f"{field.full_name}: unknown whether every record brings it; it {filled}: {escaped(each.reason or '')}"
        )
    hops = [Hop(name, value, "", None, 0) for name, value in (each.record or {}).items()]
    return Finding(
        rule=rule.name,
        severity=rule.severity,
        verdict="refuted" if is_seen else "unknown",
        message=message,
        location=each.link.flow.location,
        entry=source.full_name if source.kind == "entry" else None,
        field=names[0] if source.kind == "entry" else field.full_name,
        fields=(*typed_before(context, each), field.full_name),
        binding=each.binding,
        witness=each.record if is_seen else None,
        hops=(*hops, Hop(field.full_name, None, "nothing is brought", each.link.flow.lag, 1)) if is_seen else (),
        reason=each.reason,
        causes=causes,
    )


def was_filled(before: Context, each: UnfilledField) -> bool:
    """Whether a flow filled the field in an earlier version, for the record that leaves it empty now."""
    links = _by_source(before.graph.into.get(each.field.full_name, ())).get(each.source.full_name, ())
    sent = each.record or {}
    if any(name not in before.graph.fields for name in sent):
        return False
    stored = {name: chain_apply(before.graph.storage(name).transforms, value) for name, value in sent.items()}
    held = {name: value for name, value in stored.items() if not isinstance(value, NoValue)}
    return any(link.when is None or link.when.may_hold(held) for link in links)


def _wanted(context: Context, field: Field) -> tuple[Binding, str | None] | None:
    """The constraint that rejects null there or further downstream, and the reason for doubt.

    None: null is accepted everywhere.
    """
    unsure: tuple[Binding, str] | None = None
    for obligation in context.composition.at.get(field.full_name, ()):
        if len(obligation.fields) > 1 or obligation.effect != "refuse" or not isinstance(obligation.accepts, ValueSet):
            continue  # joined and unknown obligations are reported by other rules
        if None not in obligation.accepts:
            origin = origins_of(obligation)[0]
            binding = Binding(
                origin.field.full_name, origin.name, origin.sentence, origin.location, origin.field.source
            )
            if not obligation.guards and obligation.unknown is None:
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
    conditions = tuple(dict.fromkeys(link.when for link in links if link.when is not None))
    binding, unsure = wanted
    if unsure is None and source.kind != "entry":
        unsure = f"whether an entry sends {source.full_name} such a record is not followed"
    try:
        for left in unmet(context, links, others):
            values = accepted_record(context, left.guards)
            if values is not None:
                return UnfilledField(field, source, conditions, binding, links[0], values, unsure or left.doubt)
    except BudgetExceeded as error:
        return UnfilledField(field, source, conditions, binding, links[0], None, error.reason)
    return None


def typed_before(context: Context, each: UnfilledField) -> tuple[FieldName, ...]:
    """The entry fields, by full name, that decide whether it is filled."""
    if each.source.kind == "entry":
        return each.names
    entries = {name for entity in context.graph.entries for name in inside_order(entity)}
    return tuple(sorted(entries & context.graph.upstream(each.names)))
