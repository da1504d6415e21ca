"""The rules over records that one record breaks: what was done is not what was asked for, values do not fit together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from ...estate.movements import Directed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...contracts.constraint import Constraint
    from ...contracts.model import Field
    from ...documents.names import FieldName
    from ...estate.load import Estate
    from ...estate.movements import RecordMovement
    from ...lineage.graph import Graph
    from ...values.valueset import Value
    from .stop import Stop

BrokenKind: TypeAlias = Literal["direction", "amount", "check"]


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A rule that the values of a record break, as the stores hold them."""

    kind: BrokenKind
    rule: RecordMovement | Constraint
    field: Field
    """The field that is wrong; of a check, one of those that it compares."""
    others: tuple[Field, ...]
    """The other fields that the rule reads."""
    deviation: str
    """In which way it is broken: a `Deviation`; of a check, `broken`."""


def broken_rules(estate: Estate, graph: Graph, stops: Sequence[Stop]) -> tuple[BrokenRule, ...]:
    """The rules that what the stores hold breaks. A value that was not read breaks none."""
    values = {stop.entity.full_name.of(name): value for stop in stops for name, value in stop.held.items()}
    return (*_movements(estate, graph, values), *_checks(graph, stops, values))


def _movements(estate: Estate, graph: Graph, values: dict[FieldName, Value]) -> Iterator[BrokenRule]:
    for rule in estate.record_rules.movements:
        if rule.when is not None and not (set(rule.when.fields) <= values.keys() and rule.when.holds(values)):
            continue
        deviation = rule.deviation(values)
        if deviation is not None:
            others = tuple(graph.fields[name] for name in rule.reads if name != rule.field)
            kind: BrokenKind = "direction" if isinstance(rule, Directed) else "amount"
            yield BrokenRule(kind, rule, graph.fields[rule.field], others, deviation)


def _checks(graph: Graph, stops: Sequence[Stop], values: dict[FieldName, Value]) -> Iterator[BrokenRule]:
    seen: set[Constraint] = set()
    for stop in stops:
        for field in stop.entity.fields.values() if stop.held else ():
            for constraint, denied in graph.storage(field.full_name).checks:
                if constraint in seen or not set(denied.fields) <= values.keys():
                    continue
                seen.add(constraint)
                if denied.holds(values):
                    others = tuple(graph.fields[name] for name in denied.fields if name != field.full_name)
                    yield BrokenRule("check", constraint, field, others, "broken")
