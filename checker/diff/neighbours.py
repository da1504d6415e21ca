"""Direct neighbours: each pair of systems with a changed flow, or a changed field at its end, as an estate of its own.

The values that the first system of a pair may hold are treated as values typed at an entry. So the question "does the
neighbour still accept the values it is sent?" is the question of the entries, over one flow.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...estate.load import Estate
from .comparison import Comparison
from .together import with_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...contracts.model import Field, System
    from ...documents.names import EntityName, FieldName
    from ...lineage.graph import Graph, Link
    from ..judging.context import Context


def neighbours(versions: Comparison) -> Iterator[Comparison]:
    """The pairs that a change concerns, the sending entity first; pairs whose sender is an entry are left out."""
    before, after = versions.before.graph, versions.after.graph
    touched = set(versions.changes.by_field)
    flows = {id(flow.after) for flow in versions.changes.of_flows if flow.after is not None}
    pairs: dict[tuple[EntityName, EntityName], list[Link]] = {}
    for link in _links(after, touched, flows):
        sender, receiver = link.sources[0].full_name.entity_name, link.target.full_name.entity_name
        if after.contracts.entities[sender].kind != "entry" and sender != receiver:
            pairs.setdefault((sender, receiver), []).append(link)
    for (sender, _), links in sorted(pairs.items()):
        ends = {link.target.full_name for link in links}
        targets = frozenset(name for name in ends if name in before.fields)
        earlier = [link for name in sorted(targets) for link in before.into.get(name, ()) if _from(link, sender)]
        both = (before.contracts, after.contracts)
        held = with_rules({name for link in (*earlier, *links) for name in link.reads}, both)
        yield Comparison.of(
            _pair(versions.before, sender, held, earlier, with_rules(targets, both)),
            _pair(versions.after, sender, held, links, with_rules(ends, both)),
            versions.after.budget,
        )


def _links(graph: Graph, touched: set[FieldName], flows: set[int]) -> Iterator[Link]:
    """The links that changed, and those at changed fields."""
    links: dict[int, Link] = {}
    for name in touched:
        for link in (*graph.into.get(name, ()), *graph.out_of.get(name, ())):
            links[link.number] = link
    if flows:
        links |= {link.number: link for link in graph.links if id(link.flow) in flows}
    for number in sorted(links):
        link = links[number]
        if len({source.full_name.entity_name for source in link.sources}) == 1:
            yield link


def _from(link: Link, sender: EntityName) -> bool:
    return all(source.full_name.entity_name == sender for source in link.sources)


def _pair(
    context: Context, sender: EntityName, held: set[FieldName], links: list[Link], ends: set[FieldName]
) -> Estate:
    """The sending entity as an entry, with the fields that these links read, and the fields it sends to."""
    estate, graph, contracts = context.estate, context.graph, context.graph.contracts
    systems: dict[str, System] = {}
    entity = contracts.entity(sender)
    if entity is not None:
        kept = {field.name: field for field in entity.fields.values() if field.full_name in held}
        small = replace(entity, kind="entry", fields=kept)
        systems[entity.system] = replace(contracts.systems[entity.system], entities={entity.name: small})
    for name in sorted(ends):
        if name in graph.fields:
            _add(systems, graph, graph.fields[name])
    flows = tuple(link.flow for link in links)
    return Estate(estate.root, estate.name, None, replace(contracts, systems=dict(sorted(systems.items()))), flows, {})


def _add(systems: dict[str, System], graph: Graph, field: Field) -> None:
    """Put a field into its system."""
    contracts = graph.contracts
    system = systems.get(field.system) or replace(contracts.systems[field.system], entities={})
    whole = contracts.entities[field.full_name.entity_name]
    known = system.entities.get(field.entity) or replace(whole, fields={})
    entity = replace(known, fields={**known.fields, field.name: field})
    systems[field.system] = replace(system, entities={**system.entities, field.entity: entity})
