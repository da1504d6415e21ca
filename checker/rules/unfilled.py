"""A field that must be filled in gets its value on a condition, and its record arrives without it.

A flow with `when` carries a value of the records that meet the condition, and nothing of the others. Where another flow
brings those others to the same place all the same, the field that had to be filled in is empty there.

Where the entry itself sends such a record, that is `refuted`, with the record. Where the records come from a system in
between, it is `unknown` whether some entry can send one.

Bad: who is no company has no number, and billing wants one of everybody.

    - {from: web.signup.name, to: billing.customer.name}
    - {from: web.signup.number, to: billing.customer.number, when: "web.signup.kind = 'COMPANY'"}

Good: the others get one, too.

    - {from: web.signup.name, to: billing.customer.name}
    - {from: web.signup.number, to: billing.customer.number, when: "web.signup.kind = 'COMPANY'"}
    - {from: web.signup.id, to: billing.customer.number, when: "web.signup.kind <> 'COMPANY' OR web.signup.kind IS NULL"}
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from ...contracts.values.search import BudgetExceeded
from ...lineage.transform import pull
from ..finding import Binding, Finding, Hop, Severity
from ..messages import plain, record
from ..rule import Rule, inside_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ...contracts.model import Entity, Field
    from ...contracts.values.valueset import Value, ValueSet
    from ...lineage.graph import Link
    from ..rule import Context

_MOST_WAYS = 256
"""Ways not to meet a condition that are looked at."""

_Guards = dict[str, "ValueSet"]
"""Per field, by full name, the values of a record."""


def _check(context: Context) -> Iterator[Finding]:
    entities = context.estate.contracts.entities
    for field in context.fields:
        entity = entities[field.full_name.rpartition(".")[0]]
        if entity.kind == "entry" or not any(
            None not in r.accepts for r in context.graph.storage(field.full_name).refusals
        ):
            continue
        for source, links in _by_source(context.graph.into.get(field.full_name, ())).items():
            if source != entity.full_name and all(link.flow.when is not None for link in links):
                found = _missed(context, entity, field, entities[source], links)
                if found is not None:
                    yield found


def _by_source(links: Iterable[Link]) -> dict[str, list[Link]]:
    """The links by the full name of the entity they come from."""
    found: dict[str, list[Link]] = {}
    for link in links:
        found.setdefault(link.sources[0].full_name.rpartition(".")[0], []).append(link)
    return found


def _missed(context: Context, entity: Entity, field: Field, source: Entity, links: Sequence[Link]) -> Finding | None:
    """A record that gets there on other flows alone."""
    others = [
        link
        for other in entity.fields.values()
        if other is not field
        for link in _by_source(context.graph.into.get(other.full_name, ())).get(source.full_name, ())
    ]
    try:
        for guards in _unmet(context, links, _met(context, others)):
            values = _record(context, guards)
            if values is not None:
                return _finding(context, field, source, links, values, None)
    except BudgetExceeded as error:
        return _finding(context, field, source, links, None, f"budget: {error}")
    return None


def _met(context: Context, links: Iterable[Link]) -> list[_Guards]:
    """The alternatives on which one of the links carries something."""
    found: list[_Guards] = []
    for link in links:
        if link.flow.when is None:
            return [{}]
        found += (_stored(context, alternative) for alternative in link.flow.when.alternatives)
    return found


def _unmet(context: Context, links: Iterable[Link], within: Iterable[_Guards]) -> Iterator[_Guards]:
    """Of these, the records that meet the condition of no link. Raises BudgetExceeded."""
    met = _met(context, links)
    ways = 1
    for alternative in met:
        ways *= len(alternative)
        if ways > _MOST_WAYS:
            raise BudgetExceeded(ways)
    for guards in within:
        for choice in product(*(alternative.items() for alternative in met)):
            found = dict(guards)
            for name, values in choice:
                found[name] = found[name] - values if name in found else ~values
            yield found


def _stored(context: Context, alternative: Iterable[tuple[str, ValueSet]]) -> _Guards:
    """A condition looks at what a system makes of a value."""
    return {name: pull(context.graph.storage(name).transforms, values) for name, values in alternative}


def _record(context: Context, guards: _Guards) -> dict[str, Value] | None:
    """One that the contracts of the fields allow."""
    found: dict[str, Value] = {}
    for name, values in guards.items():
        witness = (context.judge.accepted(name) & values).witness()
        if witness is None:
            return None
        found[name] = witness.value
    return found


def _finding(
    context: Context,
    field: Field,
    source: Entity,
    links: Sequence[Link],
    values: dict[str, Value] | None,
    doubt: str | None,
) -> Finding:
    constraint = next(r.constraint for r in context.graph.storage(field.full_name).refusals if None not in r.accepts)
    conditions = dict.fromkeys(link.flow.when for link in links if link.flow.when is not None)
    names = list(dict.fromkeys(name for condition in conditions for name in condition.fields))
    filled = f"is filled only where {plain(' or '.join(condition.text for condition in conditions))}"
    is_seen = values is not None and source.kind == "entry"
    reason = doubt or (None if is_seen else f"whether an entry sends {source.full_name} such a record is not followed")
    if is_seen:
        arrives = f"a record with {record(values or {})} arrives at {field.system} without {field.full_name}"
        message = f"{' + '.join(names)}: {arrives}, which {filled}"
    else:
        message = f"{field.full_name}: unknown whether every record brings it; it {filled}: {plain(reason or '')}"
    concerned = names if source.kind == "entry" else _typed_before(context, names)
    hops = [Hop(name, value, "", None, 0) for name, value in (values or {}).items()]
    return Finding(
        rule=RULE.name,
        severity=RULE.severity,
        verdict="refuted" if is_seen else "unknown",
        message=message,
        location=links[0].flow.location,
        entry=source.full_name if source.kind == "entry" else None,
        field=names[0] if source.kind == "entry" else field.full_name,
        fields=(*concerned, field.full_name),
        binding=Binding(field.full_name, constraint.name, constraint.sentence, constraint.location),
        witness=values if is_seen else None,
        hops=(*hops, Hop(field.full_name, None, "nothing is brought", links[0].flow.lag, 1)) if is_seen else (),
        reason=reason,
    )


def _typed_before(context: Context, names: Sequence[str]) -> list[str]:
    """The fields of entries whose values come to one of these."""
    entries = {name for entity in context.graph.entries for name in inside_order(entity)}
    return sorted(entries & context.graph.upstream(names))


RULE = Rule("unfilled", Severity.ERROR, _check, __doc__ or "")
