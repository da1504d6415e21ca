"""Screens: the constraints an entry needs, so that no downstream system rejects or alters a value it accepts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from ...values.budget import STANDARD, BudgetExceeded
from ...values.error import FieldlineError
from ...values.interning import keeping
from ...values.projection import project
from ...values.textset import TextSet
from ...values.valueset import ValueSet
from ..finding import Binding
from ..judging.context import Context
from ..preconditions.obligation import OwnConstraint
from ..preconditions.routes import shortest_routes

if TYPE_CHECKING:
    from datetime import date, timedelta

    from ...contracts.model import Entity, Field
    from ...documents.names import EntityName, FieldName
    from ...estate.load import Estate
    from ...values.budget import Budget
    from ...values.projection import Projection
    from ..finding import FieldValues, Hop, Verdict
    from ..judging.judgement import Judgement
    from ..preconditions.obligation import Effect, Obligation, Origin
    from ..preconditions.routes import Route


@dataclass(frozen=True, slots=True)
class ScreenObligation:
    """One downstream constraint, carried to the entry."""

    fields: tuple[FieldName, ...]
    """The fields of the entry it concerns, by full name; several where they are joined on the way."""
    binding: Binding
    effect: Effect
    """The outcome for a value that does not meet it."""
    transforms: tuple[str, ...]
    """The transforms of the value on the way there, in words, in order."""
    way: tuple[FieldName, ...]
    """The fields on the way there, the constrained one last."""
    conditions: tuple[str, ...]
    """The conditions of the flows on the way, as written; the obligation applies only where they are true."""
    lag: timedelta | None
    """The time a value takes to arrive there; None: not stated."""
    carriers: tuple[str, ...]
    """The carriers of the flows on the way (a job, an interface, a person), in order, where they are stated."""
    notes: tuple[str, ...]
    """The notes on those flows."""
    binds: bool | None
    """Whether it belongs to the obligations that make up the requirement, from which the others follow; None: not
    decided, or it concerns several fields."""
    verdict: Verdict
    """Whether the entry's own contract already ensures it."""
    witness: FieldValues | None
    """A record that the entry accepts and that does not meet it."""
    hops: tuple[Hop, ...]
    """The witness's journey to the place where it fails."""
    reason: str | None
    """The reason for verdict `unknown`."""
    projections: tuple[ProjectedField, ...] = ()
    """Where it concerns several fields, and it was asked for: what it leaves for each of those of the entry."""


@dataclass(frozen=True, slots=True)
class ProjectedField:
    """What an obligation on several fields leaves for one of them."""

    name: FieldName
    """Full name."""
    transforms: tuple[str, ...]
    """The transforms of this field's value before it is joined, in words: a length is counted after them."""
    projection: Projection | None
    """None: not known."""
    reason: str | None
    """The reason why it is not known."""


@dataclass(frozen=True, slots=True)
class ScreenField:
    """A field of the screen and the obligations on it."""

    field: Field
    obligations: tuple[ScreenObligation, ...]
    """Binding obligations first, then those with slack."""
    not_known: str | None
    """The reason why there may be further obligations; None: these are all."""


@dataclass(frozen=True, slots=True)
class Screen:
    """An entry and the obligations on it."""

    entity: Entity
    fields: tuple[ScreenField, ...]
    together: tuple[ScreenObligation, ...]
    """Obligations on several fields at once."""
    today: date | None = None
    """The day of the run, where a verdict may depend on it."""


class UnknownEntry(FieldlineError, LookupError):
    """No entry has this name; `entries` lists the existing ones."""

    def __init__(self, name: str, entries: tuple[EntityName, ...]) -> None:
        super().__init__(name)
        self.name = name
        self.entries = entries


def screen(estate: Estate, name: str, budget: Budget = STANDARD) -> Screen:
    """The screen of the entry of that full name (`system.entity`). Raises UnknownEntry."""
    context = Context(estate, budget=budget)
    entity = next((entry for entry in context.graph.entries if str(entry.full_name) == name), None)
    if entity is None:
        raise UnknownEntry(name, tuple(entry.full_name for entry in context.graph.entries))
    return screen_of(context, entity, budget, projected=True)


@keeping()
def screen_of(
    context: Context, entity: Entity, budget: Budget, *, projected: bool = False, at: FieldName | None = None
) -> Screen:
    """The screen of an entry, in a context that the caller shares.

    `budget`: for deciding whether an obligation follows from the others. `projected`: what obligations on several fields
    leave for each of them is stated, too. `at`: only what this field demands.
    """
    single: dict[FieldName, list[Obligation]] = {}
    together: list[Obligation] = []
    for obligation in context.obligations(entity):
        if len(obligation.fields) == 1:
            single.setdefault(obligation.fields[0], []).append(obligation)
        else:
            together.append(obligation)
    return Screen(
        entity,
        tuple(
            ScreenField(
                field,
                _screen_obligations(context, entity, single.get(field.full_name, []), budget, projected=False, at=at),
                context.not_known_downstream(field),
            )
            for field in entity.fields.values()
        ),
        _screen_obligations(context, entity, together, budget, projected=projected, at=at),
        context.estate.counts_from,
    )


def _screen_obligations(
    context: Context,
    entity: Entity,
    obligations: list[Obligation],
    budget: Budget,
    *,
    projected: bool,
    at: FieldName | None,
) -> tuple[ScreenObligation, ...]:
    obligations_seen: list[ScreenObligation] = []
    projections: dict[Obligation, dict[FieldName, Projection | str]] = {}
    routed = {obligation: routes for obligation in obligations if (routes := _beyond(obligation))}
    binding = _binding(list(routed), budget)
    for obligation, routes in routed.items():
        binds = binding.get(obligation)
        for origin, route in routes.items():
            if at is not None and origin.field.full_name != at:
                continue
            judgement = context.judge.judge(obligation, origin, entity.full_name)
            if origin.name == "type" and judgement.verdict == "proved":
                continue  # of the right type already
            screened = _screen_obligation(obligation, origin, route, judgement, binds=binds)
            if projected:
                if obligation not in projections:
                    projections[obligation] = _projections(context, entity, obligation)
                screened = replace(screened, projections=_projected_fields(projections[obligation], obligation, route))
            obligations_seen.append(screened)
    return tuple(sorted(obligations_seen, key=_order))


def _projections(context: Context, entity: Entity, obligation: Obligation) -> dict[FieldName, Projection | str]:
    """What an obligation on several fields leaves for each of those of the entry, or the reason why it is not known."""
    names = [name for name in dict.fromkeys(obligation.fields) if name.entity_name == entity.full_name]
    if not isinstance(obligation.accepts, TextSet):
        return dict.fromkeys(names, obligation.unknown or _NOT_STATED)
    records = context.judge.records(obligation, entity.full_name)
    if records is None:
        return dict.fromkeys(names, "a field arrives by two ways that are joined again")
    projections: dict[FieldName, Projection | str] = {}
    for name in names:
        try:
            known = project(records, obligation.accepts, obligation.fields.index(name), context.budget)
        except BudgetExceeded as error:
            projections[name] = error.reason
        else:
            projections[name] = known or _NOT_STATED
    return projections


_NOT_STATED = "what it leaves for one field alone cannot be stated"


def _projected_fields(
    projections: dict[FieldName, Projection | str], obligation: Obligation, route: Route
) -> tuple[ProjectedField, ...]:
    return tuple(
        ProjectedField(
            name,
            _alone(route, obligation.fields.index(name)),
            None if isinstance(known, str) else known,
            known if isinstance(known, str) else None,
        )
        for name, known in projections.items()
    )


def _alone(route: Route, position: int) -> tuple[str, ...]:
    """The transforms of one of the fields of an obligation, on the way to where it is joined with the others."""
    sentences: list[str] = []
    for step in route.steps:
        following = position
        for number, move in enumerate(step.moves):
            if position in move.positions and move.link is not None:
                sentences += (done.sentence for done in move.link.chains[move.positions.index(position)])
                if move.link.join is not None:
                    return tuple(sentences)
            if position in move.positions:
                following = number
        position = following
    return tuple(sentences)


def _beyond(obligation: Obligation) -> dict[Origin, Route]:
    """The origins of an obligation, without the entry's own contract."""
    routes = shortest_routes(obligation)
    return {origin: route for origin, route in routes.items() if route.steps or not isinstance(origin, OwnConstraint)}


def _binding(obligations: list[Obligation], budget: Budget) -> dict[Obligation, bool]:
    """Whether each obligation on one field is needed in the requirement: those that follow from the rest are dropped.

    Types are dropped first, then "not null", then the most distant obligations, so that the most informative ones stay.
    """
    values = {d: d.accepts for d in obligations if isinstance(d.accepts, ValueSet) and not d.guards}
    left = list(values)
    binding: dict[Obligation, bool] = {}
    for obligation in sorted(values, key=_informativeness):
        others = dict.fromkeys(values[other] for other in left if other is not obligation)
        if values[obligation] in others:  # another obligation accepts the same values
            binding[obligation] = False
            left.remove(obligation)
            continue
        rest = reduce(and_, others, ValueSet.everything())
        try:
            binding[obligation] = rest.outside(values[obligation], budget) is not None
        except BudgetExceeded:
            continue
        if not binding[obligation]:
            left.remove(obligation)
    return binding


def _informativeness(obligation: Obligation) -> tuple[int, int]:
    """A sort key: the least informative obligation first."""
    routes = shortest_routes(obligation)
    names = {origin.name for origin in routes}
    plainness = 2 if names == {"type"} else 1 if names <= {"type", "required"} else 0
    nearest = min((len(route.steps) for route in routes.values()), default=0)
    return (-plainness, -nearest)


def _screen_obligation(
    obligation: Obligation, origin: Origin, route: Route, judgement: Judgement, *, binds: bool | None
) -> ScreenObligation:
    links = [move.link for step in route.steps for move in step.moves if move.link is not None]
    if not isinstance(origin, OwnConstraint):
        way = [link.target.full_name for link in links] + [origin.field.full_name]
    else:
        way = [link.target.full_name for link in links]
    slowest = [
        max(lags)
        for step in route.steps
        if (lags := [m.link.flow.lag for m in step.moves if m.link is not None and m.link.flow.lag is not None])
    ]
    return ScreenObligation(
        fields=obligation.fields,
        binding=Binding(origin.field.full_name, origin.name, origin.sentence, origin.location, origin.field.source),
        effect=obligation.effect,
        transforms=tuple(link.sentence for link in links if link.sentence),
        way=tuple(dict.fromkeys(way)),
        conditions=tuple(link.when.text for link in links if link.when is not None),
        lag=sum(slowest[1:], slowest[0]) if slowest else None,
        carriers=tuple(dict.fromkeys(link.flow.by for link in links if link.flow.by)),
        notes=tuple(dict.fromkeys(link.flow.note for link in links if link.flow.note)),
        binds=binds,
        verdict=judgement.verdict,
        witness=judgement.record,
        hops=judgement.hops,
        reason=judgement.reason,
    )


def _order(obligation: ScreenObligation) -> tuple[int, bool, FieldName, str]:
    """Binding obligations first; among them those that the entry does not ensure yet; then by name."""
    rank = 0 if obligation.binds else 1 if obligation.binds is None else 2
    return (rank, obligation.verdict == "proved", obligation.binding.field, obligation.binding.constraint)
