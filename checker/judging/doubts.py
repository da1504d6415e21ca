"""Rules that nobody can decide: whether one of them may reject a record that is a proof otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...contracts.record_rules import rejecting_rule
from ...lineage.transform import NoValue, chain_apply
from ..messages import escaped
from ..messages import record as in_words
from ..preconditions.obligation import FlowStep, Sought
from .simulate import travel

if TYPE_CHECKING:
    from ...contracts.constraint import Constraint
    from ...documents.names import FieldName
    from ...lineage.graph import Graph
    from ...values.budget import Budget
    from ...values.valueset import ValueSet
    from ..finding import FieldValues
    from ..preconditions.routes import Route


def may_be_rejected_by(graph: Graph, route: Route, record: FieldValues, budget: Budget) -> str | None:
    """The reason why it is not known whether every field that must accept the record does; None where they do.

    Of a record that is rejected at the origin, only the entry's own fields count: an earlier rejection would prove
    as much.
    """
    names = list(record)
    if route.start.effect == "alter" or isinstance(route.origin, Sought):
        names += (
            name for obligation in (route.start, *(s.obligation for s in route.steps)) for name in obligation.fields
        )
    if isinstance(route.origin, FlowStep):
        names.append(route.origin.field.full_name)
    for name in dict.fromkeys(names):
        constraint = doubtful_rule(graph, name, record, budget)
        doubt = constraint.doubt if constraint is not None else _condition_in_doubt(graph, name, record)
        doubt = doubt or _own_rule(graph, name, record)
        if doubt is not None:
            return f"{in_words(record)} would be a proof, if {name} accepts it, and {doubt}"
    filters = next((link.filter_on_itself for link in route.links if link.filter_on_itself is not None), None)
    if filters is not None:
        return f"{in_words(record)} would be a proof, if the flow carries it, which is filtered by {escaped(filters)}"
    return None


def _condition_in_doubt(graph: Graph, name: FieldName, record: FieldValues) -> str | None:
    """Why it is not known whether an entry's field may be empty, by its own constraints under a condition."""
    if name not in record or record[name] is not None:
        return None
    for _, condition in graph.storage(name).conditional:
        known = [each for each in condition.fields if each in record]
        read = {each: chain_apply(graph.storage(each).transforms, record[each]) for each in known}
        stored = {each: value for each, value in read.items() if not isinstance(value, NoValue)}
        if condition.may_hold(stored) and not condition.holds(stored):
            return next(each.doubt for each in condition.perhaps)
    return None


def _own_rule(graph: Graph, name: FieldName, record: FieldValues) -> str | None:
    """The rule between fields of an entry that may reject a record whose fields it names are all given."""
    for constraint, denied in graph.storage(name).checks if name in record else ():
        read = {
            each: chain_apply(graph.storage(each).transforms, record[each]) for each in denied.fields if each in record
        }
        stored = {each: value for each, value in read.items() if not isinstance(value, NoValue)}
        if len(stored) == len(denied.fields) and denied.may_hold(stored):
            return f"its rule {constraint.sentence} may reject it"
    return None


def doubtful_rule(graph: Graph, name: FieldName, record: FieldValues, budget: Budget) -> Constraint | None:
    """A rule of a field that may reject every record with these values; None: none of them does.

    Rules about a record as a whole are met where the record is one of an entry, which people complete.
    """
    doubts = graph.storage(name).doubts
    unsure = [each for each in doubts if each.sure is None or not _is_sure(graph, name, each.sure, record, budget)]
    if not unsure:
        return None
    entity = graph.contracts.entities[name.entity_name]
    if entity.kind != "entry" or name not in record:
        return unsure[0].constraint
    values = {each.field: value for each, value in record.items() if each.entity_name == entity.full_name}
    rule = rejecting_rule(entity, graph.fields[name], values)
    return next((d.constraint for d in unsure if d.sure is not None or d.constraint.sentence == rule), None)


def _is_sure(graph: Graph, name: FieldName, sure: ValueSet, record: FieldValues, budget: Budget) -> bool:
    """Whether every value that arrives at a field is accepted there for certain."""
    if name in record:
        return record[name] in sure
    arrived = travel(graph, record, budget).arrivals.get(name, ())
    return bool(arrived) and all(
        not isinstance(arrival.value, NoValue) and arrival.value in sure for arrival in arrived
    )
