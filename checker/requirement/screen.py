"""Screens: the constraints an entry needs, so that no downstream system rejects or alters a value it accepts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from ...values.budget import STANDARD, BudgetExceeded
from ...values.error import FieldlineError
from ...values.interning import keeping
from ...values.valueset import ValueSet
from ..finding import Binding
from ..judging.context import Context
from ..preconditions.obligation import OwnConstraint
from ..preconditions.routes import shortest_routes

if TYPE_CHECKING:
    from datetime import timedelta

    from ...contracts.model import Entity, Field
    from ...documents.names import EntityName, FieldName
    from ...estate.load import Estate
    from ...values.budget import Budget
    from ..finding import FieldValues, Hop, Verdict
    from ..judging.judge import Judgement
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
    return screen_of(context, entity, budget)


@keeping()
def screen_of(context: Context, entity: Entity, budget: Budget) -> Screen:
    """The screen of an entry, in a context that the caller shares.

    `budget`: for deciding whether an obligation follows from the others.
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
                _screen_obligations(context, entity, single.get(field.full_name, []), budget),
                context.not_known_downstream(field),
            )
            for field in entity.fields.values()
        ),
        _screen_obligations(context, entity, together, budget),
    )


def _screen_obligations(
    context: Context, entity: Entity, obligations: list[Obligation], budget: Budget
) -> tuple[ScreenObligation, ...]:
    obligations_seen: list[ScreenObligation] = []
    routed = {obligation: routes for obligation in obligations if (routes := _beyond(obligation))}
    binding = _binding(list(routed), budget)
    for obligation, routes in routed.items():
        binds = binding.get(obligation)
        for origin, route in routes.items():
            judgement = context.judge.judge(obligation, origin, entity.full_name)
            if origin.name == "type" and judgement.verdict == "proved":
                continue  # of the right type already
            obligations_seen.append(_screen_obligation(obligation, origin, route, judgement, binds=binds))
    return tuple(sorted(obligations_seen, key=_order))


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
        binding=Binding(origin.field.full_name, origin.name, origin.sentence, origin.location),
        effect=obligation.effect,
        transforms=tuple(link.sentence for link in links if link.sentence),
        way=tuple(dict.fromkeys(way)),
        conditions=tuple(link.flow.when.text for link in links if link.flow.when is not None),
        lag=sum(slowest[1:], slowest[0]) if slowest else None,
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
