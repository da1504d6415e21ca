"""The ladder of a bound: how far it can be tightened, and which entry's records are rejected from where on.

    64 to 12: nobody notices · 11 to 8: web.signup, partner.applications · 7 and less: branch.onboarding too

Each rung is judged as a change is: records that were fine with the bound as it is, and are rejected (or altered, where the
field alters) with the other. A tighter bound never accepts what a looser one rejects, so that an entry that is hit stays
hit, and one proved safe was safe before: the rungs are found by bisection, one judgement of all entries whose answer is
open at a time, and what lies between two equal judgements needs none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from ...contracts.supposed import with_constraint, with_fields
from ...estate.policy import Policy
from ...values.interning import keeping
from ..change import Change, Changes, Statement
from ..judging.context import Context
from .axis import axes
from .regression import Regressions
from .versions import Versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ...contracts.model import Field, System
    from ...documents.names import EntityName, FieldName
    from ...estate.load import Estate
    from ...lineage.graph import Graph
    from ...values.valueset import Value
    from ..finding import FieldValues, Verdict
    from .axis import Axis

RungOutcome: TypeAlias = Literal["safe", "hit", "unknown"]
"""Of an entry at a bound: proved that no record fails that was fine; refuted by a record; not decided."""


@dataclass(frozen=True, slots=True)
class EntryAtRung:
    """An entry that a bound hits, or is not known to spare."""

    entry: EntityName
    """Full name."""
    witness: FieldValues | None
    """A record that was fine and fails at the first bound of the rung where it was hit; None: not known."""
    reason: str | None
    """The reason why it is not known; None: it is hit."""


@dataclass(frozen=True, slots=True)
class Rung:
    """Bounds with the same effect on every entry."""

    first: Value
    """The loosest."""
    last: Value
    """The tightest."""
    hit: tuple[EntryAtRung, ...]
    """The entries whose records fail, by full name; those that fail from looser bounds on are among them."""
    unknown: tuple[EntryAtRung, ...]
    """The entries of which that is not known."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """What tightening a bound of a field does."""

    field: FieldName
    constraint: str
    """The constraint's key."""
    unit: str | None
    """What the bound counts, in words; None: it is a value."""
    now: Value
    """The bound as it is; None: there is none."""
    alters: bool
    """Whether the field alters what is beyond the bound, and rejects nothing."""
    entries: tuple[EntityName, ...]
    """The entries whose values reach the field."""
    rungs: tuple[Rung, ...]
    """The loosest first; none where no entry reaches the field."""
    judgements: int
    """How many bounds were judged."""


@keeping()
def ladders(context: Context, name: FieldName) -> tuple[Ladder, ...]:
    """The ladders of a field's bounds, in the order of its contract; of a text without any, that of its length."""
    field = context.graph.fields[name]
    upstream = context.graph.upstream([name])
    entries = tuple(
        entity.full_name
        for entity in context.graph.entries
        if any(each.full_name in upstream and each.full_name != name for each in entity.fields.values())
    )
    within = context.restricted(_region(context.graph, entries))
    return tuple(_Climb(within, axis, entries).ladder() for axis in axes(field))


# ------------------------------------------------------------------------------------------------------------ climbing


class _Climb:
    """The search for the rungs of one axis."""

    def __init__(self, before: Context, axis: Axis, entries: tuple[EntityName, ...]) -> None:
        self._before = before
        self._axis = axis
        self._entries = entries
        self._alters = (axis.constraint is not None) and axis.constraint.on_violation != "reject"
        # What is altered may be lost or not: that depends on all that the record leaves anywhere.
        self._names = _deciding(before.graph, axis.field)
        self._slice = before.estate if self._alters else _slice(before, self._names)
        self._states: dict[int, dict[EntityName, RungOutcome]] = {}
        self._witnesses: dict[tuple[int, EntityName], FieldValues | None] = {}
        self._reasons: dict[EntityName, str] = {}
        self._judged = 0

    def ladder(self) -> Ladder:
        axis = self._axis
        if self._entries:
            if axis.constraint is None:
                self._states[0] = self._judge(0, self._entries)
            else:
                self._states[0] = dict.fromkeys(self._entries, "safe")
            if axis.steps:
                self._states[axis.steps] = self._between(axis.steps, self._states[0], None)
                self._explore(0, axis.steps)
        now = axis.bound(0) if axis.constraint is not None else None
        rungs = tuple(self._rungs()) if self._entries else ()
        return Ladder(axis.field.full_name, axis.name, axis.unit, now, self._alters, self._entries, rungs, self._judged)

    def _explore(self, loose: int, tight: int) -> None:
        """Judge bounds between two until neighbours differ, or nothing can differ between."""
        todo = [(loose, tight)]
        while todo:
            loose, tight = todo.pop()
            if tight - loose < 2 or self._states[loose] == self._states[tight]:
                continue
            middle = (loose + tight) // 2
            self._states[middle] = self._between(middle, self._states[loose], self._states[tight])
            todo += [(middle, tight), (loose, middle)]

    def _between(
        self, step: int, loose: Mapping[EntityName, RungOutcome], tight: Mapping[EntityName, RungOutcome] | None
    ) -> dict[EntityName, RungOutcome]:
        """The outcomes at a step; an entry that is hit before it, safe after it, or alike at both needs no judgement."""
        known: dict[EntityName, RungOutcome] = {}
        for entry in self._entries:
            if loose[entry] == "hit" or (tight is not None and tight[entry] == loose[entry]):
                known[entry] = loose[entry]
            elif tight is not None and tight[entry] == "safe":
                known[entry] = "safe"
        return known | self._judge(step, [entry for entry in self._entries if entry not in known])

    def _rungs(self) -> Iterator[Rung]:
        steps = sorted(self._states)
        start = 0
        for step, following in zip(steps, (*steps[1:], None), strict=True):
            if following is not None and self._states[following] == self._states[step]:
                continue
            state = self._states[step]
            hit = [
                EntryAtRung(entry, self._witness(entry, start), None)
                for entry in self._entries
                if state[entry] == "hit"
            ]
            unknown = [
                EntryAtRung(entry, None, self._reasons.get(entry))
                for entry in self._entries
                if state[entry] == "unknown"
            ]
            yield Rung(self._axis.bound(start), self._axis.bound(step), tuple(hit), tuple(unknown))
            start = step + 1

    def _witness(self, entry: EntityName, step: int) -> FieldValues | None:
        """The record found at the loosest bound that hits an entry, at that step or before."""
        loosest = min((at for at, name in self._witnesses if name == entry), default=None)
        return None if loosest is None or loosest > step else self._witnesses[loosest, entry]

    # ---------------------------------------------------------------------------------------------------- judging

    def _judge(self, step: int, entries: Iterable[EntityName]) -> dict[EntityName, RungOutcome]:
        """The outcome for each of some entries with the bound after so many steps."""
        open_entries = list(entries)
        if not open_entries:
            return {}
        self._judged += 1
        versions = self._versions(step)
        regressions = Regressions(versions)
        outcomes: dict[EntityName, RungOutcome] = {}
        for name in open_entries:
            entity = versions.after.graph.contracts.entities[name]
            found: set[Verdict] = set()
            for effect in ("refuse", "alter") if self._alters else ("refuse",):
                for failure in regressions.failures(entity, effect):
                    judgement = failure.judgement
                    is_proof = judgement.verdict == "refuted" and judgement.reason is None
                    found.add("refuted" if is_proof else "unknown")
                    if is_proof:
                        self._witnesses.setdefault((step, name), judgement.record)
                    else:
                        self._reasons.setdefault(name, judgement.reason or "not decided")
            if reason := next((why for f in entity.fields if (why := regressions.unconverged(name.of(f)))), None):
                found.add("unknown")
                self._reasons.setdefault(name, reason)
            outcomes[name] = "hit" if "refuted" in found else "unknown" if found else "safe"
        return outcomes

    def _versions(self, step: int) -> Versions:
        axis, before = self._axis, self._before
        new = axis.at(step)
        field = with_constraint(axis.field, new)
        estate = replace(self._slice, contracts=with_fields(self._slice.contracts, [field]))
        after = Context(estate, budget=before.budget)
        if self._alters:
            after = after.restricted(self._names)
        sides = [None if each is None else Statement(each.sentence, each.location) for each in (axis.constraint, new)]
        change = Change("constraint", field.full_name, axis.name, *sides)
        return Versions(before, after, Changes((change,), ()))


def _region(graph: Graph, entries: Iterable[EntityName]) -> frozenset[FieldName]:
    """Everything that the values of some entries can reach."""
    names = [each.full_name for entry in entries for each in graph.contracts.entities[entry].fields.values()]
    return frozenset(graph.downstream(names))


def _deciding(graph: Graph, field: Field) -> frozenset[FieldName]:
    """What decides about what arrives at a field: all that is upstream of it, and what that reads."""
    names = graph.upstream([field.full_name])
    while True:
        read = {name for link in graph.links_into(names) for name in link.reads}
        read |= {
            name for each in names for _, condition in graph.storage(each).conditional for name in condition.fields
        }
        read = {name for name in read if name in graph.fields}
        if read <= names:
            return frozenset(names)
        names = graph.upstream([*names, *read])


def _slice(context: Context, names: frozenset[FieldName]) -> Estate:
    """The estate with these fields alone, and the flows into them."""
    graph, estate = context.graph, context.estate
    systems: dict[str, System] = {}
    for full_name, entity in graph.contracts.entities.items():
        kept = {each.name: each for each in entity.fields.values() if each.full_name in names}
        if kept:
            system = systems.get(entity.system) or replace(graph.contracts.systems[entity.system], entities={})
            small = replace(entity, fields=kept)
            systems[entity.system] = replace(system, entities={**system.entities, full_name.entity: small})
    contracts = replace(estate.contracts, systems=systems)
    into = {id(link.flow) for link in graph.links_into(names)}
    flows = tuple(flow for flow in estate.flows if id(flow) in into)
    return replace(estate, contracts=contracts, flows=flows, policy=Policy())
