"""Whether what a field means arrives everywhere, and in time: the ways that flows give it, and how long each takes.

A flow with a condition counts as a way: a record that arrives without the value is a loss, and is judged as one. A flow
whose lag is not stated takes an unknown time; the stated lags of a way are the least it can take.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from ...documents.duration import duration
from ..finding import Binding
from ..messages import escaped
from .breach import Breach

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ...contracts.model import Field
    from ...documents.names import FieldName
    from ...estate.record_rules import Complete
    from ...lineage.graph import Graph
    from ...lineage.link import Link

_AT_ONCE = timedelta(0)


@dataclass(frozen=True, slots=True)
class _Arrival:
    lag: timedelta
    """The sum of the stated lags on the way."""
    last: Link | None
    """The link that brings it; None: the field is where it begins."""


def incomplete(graph: Graph, demand: Complete) -> Iterator[Breach]:
    """What breaks a demand: entry by entry, the fields that receive nothing from it, or too late."""
    meant = [field for field in graph.fields.values() if field.same == demand.meaning]
    is_entry = {entity.full_name for entity in graph.entries}
    receivers = [field for field in meant if field.full_name.entity_name not in is_entry]
    for entry in meant:
        if entry.full_name.entity_name in is_entry:
            yield from _from_entry(graph, demand, entry, receivers)


def _from_entry(graph: Graph, demand: Complete, entry: Field, receivers: list[Field]) -> Iterator[Breach]:
    earliest = _arrivals(graph, entry.full_name, only_stated=False)
    stated = _arrivals(graph, entry.full_name, only_stated=True)
    for field in receivers:
        name = field.full_name
        arrival = earliest.get(name)
        if arrival is None:
            yield _unfed(demand, entry, field)
        elif demand.within is not None and arrival.lag > demand.within:
            yield _late(demand, demand.within, entry, field, earliest)
        elif demand.within is not None and (name not in stated or stated[name].lag > demand.within):
            yield _perhaps_late(demand, demand.within, entry, field, earliest)


def _arrivals(graph: Graph, start: FieldName, *, only_stated: bool) -> Mapping[FieldName, _Arrival]:
    """By field, the quickest way from a field, by Dijkstra's algorithm.

    `only_stated`: over flows that state their lag alone.
    """
    arrivals: dict[FieldName, _Arrival] = {}
    waiting: list[tuple[timedelta, int, FieldName, Link | None]] = [(_AT_ONCE, 0, start, None)]
    order = 0
    while waiting:
        lag, _, name, last = heappop(waiting)
        if name in arrivals:
            continue
        arrivals[name] = _Arrival(lag, last)
        for link in graph.out_of.get(name, ()):
            own = link.flow.lag
            if link.is_default or (own is None and only_stated) or link.target.full_name in arrivals:
                continue
            order += 1
            heappush(waiting, (lag + (own or _AT_ONCE), order, link.target.full_name, link))
    return arrivals


def _way(arrivals: Mapping[FieldName, _Arrival], start: FieldName, end: FieldName) -> list[Link]:
    """The links of the quickest way, in their order."""
    links: list[Link] = []
    while end != start:
        last = arrivals[end].last
        if last is None:
            break
        links.append(last)
        end = next(s.full_name for s in last.sources if _leads(arrivals, s.full_name, last, end))
    return links[::-1]


def _leads(arrivals: Mapping[FieldName, _Arrival], source: FieldName, link: Link, end: FieldName) -> bool:
    arrival = arrivals.get(source)
    return arrival is not None and arrival.lag + (link.flow.lag or _AT_ONCE) == arrivals[end].lag


def _over(way: list[Link]) -> str:
    between = [str(link.target.full_name) for link in way[:-1]]
    return f", by way of {', '.join(between)}" if between else ""


def _unfed(demand: Complete, entry: Field, field: Field) -> Breach:
    source, target = entry.full_name, field.full_name
    message = (
        f"no flow brings {source} to {target} ({escaped(demand.meaning)}): "
        f"what is entered at {source.system} never arrives at {target.system}"
    )
    return Breach("unfed", message, source, target, _binding(demand, field, "complete"), field.location)


def _late(
    demand: Complete, within: timedelta, entry: Field, field: Field, arrivals: Mapping[FieldName, _Arrival]
) -> Breach:
    source, target = entry.full_name, field.full_name
    way = _way(arrivals, source, target)
    message = (
        f"{source} reaches {target} after {duration(arrivals[target].lag)} at the earliest{_over(way)}; "
        f"{escaped(demand.meaning)} must be everywhere within {duration(within)}"
    )
    slowest = max(way, key=lambda link: link.flow.lag or _AT_ONCE)
    return Breach("late", message, source, target, _binding(demand, field, "within"), slowest.flow.location)


def _perhaps_late(
    demand: Complete, within: timedelta, entry: Field, field: Field, arrivals: Mapping[FieldName, _Arrival]
) -> Breach:
    source, target = entry.full_name, field.full_name
    way = _way(arrivals, source, target)
    silent = next((link for link in way if link.flow.lag is None), way[-1])
    sources = " and ".join(str(each.full_name) for each in silent.sources)
    reason = f"the flow from {sources} to {silent.target.full_name} states no lag"
    message = (
        f"{source}: unknown whether it reaches {target} within {duration(within)}, "
        f"as {escaped(demand.meaning)} must: {reason}"
    )
    binding = _binding(demand, field, "within")
    return Breach("late", message, source, target, binding, silent.flow.location, reason=reason)


def _binding(demand: Complete, field: Field, word: str) -> Binding:
    limit = "" if demand.within is None or word == "complete" else f" within {duration(demand.within)}"
    sentence = f"{demand.meaning} arrives from every entry{limit}"
    return Binding(field.full_name, word, sentence, demand.location)
