"""The overview: a whole estate in one answer, for an architect: its systems, its flows, its narrowest constraints.

Everything that drawings, tables and sites of an estate show is decided here; they only lay it out. An overview can be
made without a check; then it has no report and no verdicts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...lineage.graph import Graph
from ...values.budget import STANDARD
from ..change import changes
from ..diff.ladder import ladders
from ..judging.context import Context
from ..requirement.screen import screen_of
from .check import report_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from ...contracts.model import Contracts, Entity, Field, System
    from ...documents.names import EntityName, FieldName
    from ...estate.load import Estate
    from ...lineage.graph import Dangling, Link
    from ...values.budget import Budget
    from ..diff.ladder import Ladder
    from ..finding import Binding, Finding, Verdict
    from ..requirement.screen import ScreenObligation
    from .check import Relation, Report


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Obligations, counted by whether their entry ensures them."""

    proved: int = 0
    refuted: int = 0
    unknown: int = 0

    @property
    def worst(self) -> Verdict | None:
        """The worst verdict; None: there are no obligations."""
        if self.refuted:
            return "refuted"
        if self.unknown:
            return "unknown"
        return "proved" if self.proved else None


@dataclass(frozen=True, slots=True)
class SystemOverview:
    """A system, and its relations to the others."""

    system: System
    meets: Verdicts
    """The obligations from downstream that its entries have to ensure."""
    makes: Verdicts
    """The obligations that its constraints put on entries of other systems."""
    fed_by: tuple[str, ...]
    """The systems whose values it receives, in alphabetical order."""
    feeds: tuple[str, ...]
    """The systems that receive its values, in alphabetical order."""
    unowned: bool
    """Whether a field of it that takes part in a flow has no owner."""

    @property
    def is_entry(self) -> bool:
        """Whether it has an entry."""
        return any(entity.kind == "entry" for entity in self.system.entities.values())


@dataclass(frozen=True, slots=True)
class EntryObligation:
    """An obligation from downstream on an entry."""

    entry: EntityName
    """The entry's full name."""
    obligation: ScreenObligation


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """One constraint and the entry fields it narrows: where a looser constraint or tighter entries help most."""

    binding: Binding
    fields: tuple[FieldName, ...]
    """The entry fields whose requirement it belongs to."""
    not_met_by: tuple[FieldName, ...]
    """Those whose own contract does not ensure it, or is not known to ensure it."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The binding obligations of one system on one entry."""

    entry: EntityName
    """The entry's full name."""
    system: str
    verdicts: Verdicts


@dataclass(frozen=True, slots=True)
class Removed:
    """The parts of an estate that a change removed: drawn at their former place, and not checked."""

    fields: frozenset[FieldName] = frozenset()
    """By full name."""
    systems: frozenset[str] = frozenset()
    links: frozenset[int] = frozenset()
    """By their position among the links."""


@dataclass(frozen=True, slots=True)
class Overview:
    """An estate as a whole."""

    estate: Estate
    report: Report | None
    """The result of a check; None: it was not checked, and nothing in it is known to be right."""
    systems: tuple[SystemOverview, ...]
    """In alphabetical order."""
    entries: tuple[Entity, ...]
    """In the order of the contracts."""
    links: tuple[Link, ...]
    """In the order of the flows."""
    dangling: tuple[Dangling, ...]
    """Ends of flows that no contract has: these flows are not drawn."""
    obligations: tuple[EntryObligation, ...]
    """By entry; within one in the order of its screen."""
    narrowings: tuple[Narrowing, ...]
    """By entry, then by system."""
    bottlenecks: tuple[Bottleneck, ...]
    """Those that narrow the most entry fields first."""
    unreached: tuple[FieldName, ...]
    """Fields that take part in flows and that no entry's value reaches, by full name."""
    cycles: tuple[tuple[FieldName, ...], ...]
    """Groups of fields whose flows form a cycle, largest first."""
    removed: Removed = Removed()
    ladders: tuple[Ladder, ...] = ()
    """How far the bounds of some fields can be tightened, where that was asked for."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Worst first; none where the estate was not checked."""
        return self.report.findings if self.report else ()

    @property
    def relations(self) -> Mapping[FieldName, Relation]:
        """Per entry field, by full name, the relation of the values it accepts to those accepted downstream."""
        return {entry.field: entry.relation for entry in self.report.summary.entries} if self.report else {}

    @property
    def fields(self) -> Mapping[FieldName, Field]:
        """Every field by its full name."""
        return self.estate.contracts.fields


def overview_of(estate: Estate, budget: Budget = STANDARD, laddered: Collection[FieldName] | None = ()) -> Overview:
    """The overview of an estate, with a check; and with the ladders of some fields, of all for None."""
    context = Context(estate, budget=budget)
    report = report_of(context)
    obligations = tuple(
        entry_obligation for entity in context.graph.entries for entry_obligation in _obligations(context, entity)
    )
    overview = _overview(estate, context.graph, obligations, report)
    return replace(overview, ladders=tuple(_ladders(context, laddered)))


def _ladders(context: Context, names: Collection[FieldName] | None) -> Iterator[Ladder]:
    """The ladders of downstream fields, by name."""
    for name in sorted(context.graph.into if names is None else names):
        field = context.graph.fields.get(name)
        if field is not None and context.graph.contracts.entities[name.entity_name].kind != "entry":
            yield from (ladder for ladder in ladders(context, name) if ladder.rungs)


def overview_of_change(
    before: Estate, after: Estate, budget: Budget = STANDARD, laddered: Collection[FieldName] = ()
) -> Overview:
    """The overview of the version after, with a check, and with the parts that the change removed at their place."""
    checked = overview_of(after, budget, laddered)
    removed_flows = [
        flow.before for flow in changes(before, after).of_flows if flow.after is None and flow.before is not None
    ]
    estate = replace(
        after, contracts=_with_removed(before.contracts, after.contracts), flows=(*after.flows, *removed_flows)
    )
    graph = Graph(estate.contracts, estate.flows)
    removed = Removed(
        frozenset(before.contracts.fields.keys() - after.contracts.fields.keys()),
        frozenset(before.contracts.systems.keys() - after.contracts.systems.keys()),
        frozenset(i for i, link in enumerate(graph.links) if any(link.flow is flow for flow in removed_flows)),
    )
    drawn = _overview(estate, graph, checked.obligations, checked.report)
    return replace(
        checked, estate=estate, systems=drawn.systems, links=drawn.links, entries=drawn.entries, removed=removed
    )


def _with_removed(before: Contracts, after: Contracts) -> Contracts:
    systems = dict(after.systems)
    for name, old in before.systems.items():
        new = after.systems.get(name)
        entities = {**old.entities, **(new.entities if new else {})}
        for entity_name, entity in entities.items():
            earlier = old.entities.get(entity_name)
            if earlier is not None and earlier is not entity:
                entities[entity_name] = replace(entity, fields={**earlier.fields, **entity.fields})
        systems[name] = replace(new or old, entities=entities)
    return replace(after, systems=dict(sorted(systems.items())))


def overview_unjudged(estate: Estate) -> Overview:
    """The overview of an estate's contracts and lineage, without a check."""
    return _overview(estate, Context(estate).graph, (), None)


def _overview(
    estate: Estate, graph: Graph, obligations: tuple[EntryObligation, ...], report: Report | None
) -> Overview:
    return Overview(
        estate=estate,
        report=report,
        systems=_systems(graph, obligations),
        entries=graph.entries,
        links=tuple(graph.links),
        dangling=tuple(graph.dangling),
        obligations=obligations,
        narrowings=_narrowings(obligations),
        bottlenecks=_bottlenecks(obligations),
        unreached=_unreached(graph),
        cycles=tuple(tuple(sorted(cycle)) for cycle in graph.cycles),
    )


def _obligations(context: Context, entity: Entity) -> Iterable[EntryObligation]:
    screen = screen_of(context, entity, context.budget.limited(context.budget.binding_states))
    for field in screen.fields:
        for obligation in field.obligations:
            yield EntryObligation(entity.full_name, obligation)
    for obligation in screen.together:
        yield EntryObligation(entity.full_name, obligation)


def _systems(graph: Graph, obligations: Sequence[EntryObligation]) -> tuple[SystemOverview, ...]:
    feeds: dict[str, set[str]] = {}
    fed_by: dict[str, set[str]] = {}
    unowned: set[str] = set()
    for link in graph.links:
        for source in link.sources:
            if source.system != link.target.system:
                feeds.setdefault(source.system, set()).add(link.target.system)
                fed_by.setdefault(link.target.system, set()).add(source.system)
        unowned |= {field.system for field in (*link.sources, link.target) if field.owner is None}
    meets: dict[str, list[Verdict]] = {}
    makes: dict[str, list[Verdict]] = {}
    for entry_obligation in obligations:
        verdict = entry_obligation.obligation.verdict
        meets.setdefault(entry_obligation.entry.system, []).append(verdict)
        makes.setdefault(entry_obligation.obligation.binding.system, []).append(verdict)
    return tuple(
        SystemOverview(
            system=system,
            meets=_counted(meets.get(name, [])),
            makes=_counted(makes.get(name, [])),
            fed_by=tuple(sorted(fed_by.get(name, ()))),
            feeds=tuple(sorted(feeds.get(name, ()))),
            unowned=name in unowned,
        )
        for name, system in graph.contracts.systems.items()
    )


def _counted(verdicts: Sequence[Verdict]) -> Verdicts:
    return Verdicts(verdicts.count("proved"), verdicts.count("refuted"), verdicts.count("unknown"))


def _narrows(obligation: ScreenObligation) -> bool:
    """Whether it is part of a requirement, or may be."""
    return obligation.binds is not False


def _narrowings(obligations: Sequence[EntryObligation]) -> tuple[Narrowing, ...]:
    cells: dict[tuple[EntityName, str], list[Verdict]] = {}
    for entry_obligation in obligations:
        if _narrows(entry_obligation.obligation):
            key = (entry_obligation.entry, entry_obligation.obligation.binding.system)
            cells.setdefault(key, []).append(entry_obligation.obligation.verdict)
    return tuple(Narrowing(entry, system, _counted(cells[entry, system])) for entry, system in sorted(cells))


def _bottlenecks(obligations: Sequence[EntryObligation]) -> tuple[Bottleneck, ...]:
    narrowed: dict[Binding, dict[FieldName, bool]] = {}
    for entry_obligation in obligations:
        obligation = entry_obligation.obligation
        if _narrows(obligation):
            fields = narrowed.setdefault(obligation.binding, {})
            for name in obligation.fields:
                fields[name] = fields.get(name, True) and obligation.verdict == "proved"
    bottlenecks = [
        Bottleneck(binding, tuple(sorted(fields)), tuple(sorted(name for name, met in fields.items() if not met)))
        for binding, fields in narrowed.items()
    ]
    return tuple(sorted(bottlenecks, key=_rank))


def _rank(bottleneck: Bottleneck) -> tuple[int, int, FieldName, str, str]:
    binding = bottleneck.binding
    return (
        -len(bottleneck.fields),
        -len(bottleneck.not_met_by),
        binding.field,
        binding.constraint,
        str(binding.location),
    )


def _unreached(graph: Graph) -> tuple[FieldName, ...]:
    taking_part = {field.full_name for link in graph.links for field in (*link.sources, link.target)}
    return tuple(sorted(taking_part - graph.reached))
