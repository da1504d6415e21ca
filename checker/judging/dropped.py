"""Dropped values: a record arrives, and one of its values does not, because a condition keeps it out.

Records that a condition common to all flows between two entities keeps out are routed, not lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...values.budget import BudgetExceeded
from ...values.show import show
from ...values.valueset import ValueSet
from ..finding import Binding, Finding, Hop, Severity
from ..messages import escaped
from .backward import EntryOrigin, trace_back
from .doubts import doubtful_rule
from .unmet import accepted_record, unmet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ...contracts.model import Entity, Field
    from ...documents.names import EntityName, FieldName
    from ...lineage.graph import Link
    from ...values.valueset import Value
    from ..finding import FieldValues
    from .context import Context


@dataclass(frozen=True, slots=True)
class DroppedValue:
    """A value that does not arrive although its record does."""

    field: Field
    """Where it is dropped: the field the flow comes from."""
    link: Link
    """The flow whose condition it does not meet."""
    by_itself: bool
    """Whether the value itself does not meet the condition; False: it depends on other fields of the record."""
    entry: Entity | None
    """The entry that lets in the record; None where it is not known whether one does."""
    record: FieldValues | None
    """As typed at the entry; None where no entry is known to let it in."""
    reason: str | None
    """Why it is not known."""
    values: ValueSet | None = None
    """The values that the record's only field may have so; None: the record has several, or it is not known."""

    @property
    def names(self) -> tuple[FieldName, FieldName]:
        """The field whose value it is, at the entry where that is known; and the one that it does not arrive in."""
        field, record = self.field.full_name, self.record
        return next(iter(record)) if record and field not in record else field, self.link.target.full_name

    def finding(self, rule: str, severity: Severity, now: str = "") -> Finding:
        """It as a finding of a rule; `severity`: where it is the value itself; `now`: a word that says it is new."""
        (name, target), flow = self.names, self.link.flow
        when = self.link.when.text if self.link.when else ""
        condition = escaped(when)
        seen = self.record if self.reason is None else None
        if self.by_itself and seen is not None:
            message = (
                f"{name}: {show(seen[name])}{now} does not arrive in {target}, which is filled only where {condition}; "
                "the record arrives without it, and no system rejects it"
            )
        elif self.reason is not None:
            message = f"{self.field.full_name}: unknown whether {target} gets every value"
            message += f"; it is{now} filled only where {condition}: {escaped(self.reason)}"
        else:
            message = f"{self.field.full_name}{now} reaches {target} only where {condition}"
            message += "; other records arrive there without it"
        hops = [Hop(each, value, "", None, 0) for each, value in (self.record or {}).items() if each == name]
        return Finding(
            rule=rule,
            severity=severity if self.by_itself else Severity.INFO,
            verdict="unknown" if self.reason is not None else "refuted",
            message=message,
            location=flow.location,
            entry=self.entry.full_name if self.entry else None,
            field=name,
            fields=(name, target),
            binding=Binding(target, "when", when, flow.location),
            witness=seen,
            hops=(*hops, Hop(target, None, "nothing is brought", flow.lag, 1)) if seen is not None else (),
            reason=self.reason,
        )


def dropped_values(context: Context) -> Iterator[DroppedValue]:
    """Every such value: where it meets no condition itself once, else once for each flow. `accept_loss` forgives it."""
    conditional = (link for link in context.graph.links_into(context.composition.within) if link.when is not None)
    for source, target in dict.fromkeys(map(_ends, conditional)):
        links = _between(context, source, target)
        if len({link.when for link in links}) == 1:
            continue  # the one condition routes records
        for field in context.fields_of(context.estate.contracts.entities[source]):
            bringing = [link for link in links if field in link.sources]
            meant = all(link.flow.accept_loss for link in bringing)
            if all(link.when is not None for link in bringing) and not meant:
                others = [link for link in links if link not in bringing]
                yield from _dropped(context, field, bringing, others)


def filtered(context: Context) -> Iterator[Link]:
    """The flows that something else than a condition filters, the first one of each filter. `accept_loss` forgives it."""
    seen: set[tuple[EntityName, EntityName, str]] = set()
    for link in context.graph.links_into(context.composition.within):
        if link.flow.filter is not None and not link.flow.accept_loss and (*_ends(link), link.flow.filter) not in seen:
            seen.add((*_ends(link), link.flow.filter))
            yield link


def _ends(link: Link) -> tuple[EntityName, EntityName]:
    """The entities that a flow leads from and to."""
    return link.sources[0].full_name.entity_name, link.target.full_name.entity_name


def _between(context: Context, source: EntityName, target: EntityName) -> list[Link]:
    """The flows from one entity to another, in their order: those of all fields, within or not; none, where it is one."""
    into = context.graph.into
    fields = context.estate.contracts.entities[target].fields.values()
    links = (link for field in fields for link in into.get(field.full_name, ()) if not link.is_default)
    return sorted((x for x in links if _ends(x) == (source, target) and source != target), key=lambda x: x.number)


def _dropped(context: Context, field: Field, bringing: list[Link], others: list[Link]) -> Iterator[DroppedValue]:
    name = field.full_name
    source = context.estate.contracts.entities[name.entity_name]
    is_held = ~ValueSet.null_only()
    depends: FieldValues | None = None
    doubt: str | None = None
    told = [link for link in bringing if not link.flow.accept_loss]
    try:
        for left in unmet(context, bringing, others):
            guards = dict(left.guards)
            by_itself = name in guards and not context.judge.accepted(name) <= guards[name] | ValueSet.null_only()
            guards[name] = guards.get(name, ValueSet.everything()) & is_held
            if not by_itself and depends is not None:
                continue
            record = accepted_record(context, guards)
            if record is None:
                continue
            if not by_itself:
                depends = record if left.doubt is None else None
                doubt = doubt or left.doubt
                continue
            reading = (link for link in told if link.when is not None and name in link.when.fields)
            link = next(reading, told[0])
            if left.doubt is not None:
                yield DroppedValue(field, link, by_itself=True, entry=None, record=None, reason=left.doubt)
            else:
                yield _by_itself(context, field, source, link, record, guards[name], is_plain=len(guards) == 1)
            return
    except BudgetExceeded as error:
        yield DroppedValue(field, told[0], by_itself=False, entry=None, record=None, reason=error.reason)
        return
    if depends is None and doubt is not None:
        yield DroppedValue(field, told[0], by_itself=False, entry=None, record=None, reason=doubt)
    if depends is not None:
        for link in told:
            is_sent = source.kind == "entry" and _doubt(context, depends) is None
            yield DroppedValue(
                field,
                link,
                by_itself=False,
                entry=source if is_sent else None,
                record=depends if is_sent else None,
                reason=None,
            )


def _doubt(context: Context, record: FieldValues) -> str | None:
    """Why it is not known whether an entry lets in a record; None where it does."""
    rules = (doubtful_rule(context.graph, name, record, context.budget) for name in record)
    return next((rule.doubt for rule in rules if rule is not None), None)


def _by_itself(
    context: Context,
    field: Field,
    source: Entity,
    link: Link,
    record: Mapping[FieldName, Value],
    values: ValueSet,
    *,
    is_plain: bool,
) -> DroppedValue:
    entry, sent = source, dict(record)
    held = context.judge.accepted(field.full_name) & values
    reason = _doubt(context, record) if source.kind == "entry" else None
    if source.kind != "entry":
        reason = f"whether an entry sends {source.full_name} such a record is not followed"
        try:
            for origin in trace_back(context.judge, field.full_name, values):
                witness = origin.values.witness(context.budget) if isinstance(origin, EntryOrigin) else None
                if isinstance(origin, EntryOrigin) and witness is not None:
                    entry, sent = (
                        context.estate.contracts.entities[origin.field.entity_name],
                        {origin.field: witness.value},
                    )
                    reason, held = None if is_plain else reason, origin.values
                    break
        except BudgetExceeded as error:
            reason = error.reason
    is_sent = entry.kind == "entry"
    return DroppedValue(
        field,
        link,
        by_itself=True,
        entry=entry if is_sent else None,
        record=sent if is_sent else None,
        reason=reason,
        values=held if is_plain else None,
    )
