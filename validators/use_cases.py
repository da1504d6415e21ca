"""The use case about validators: one for an entry, which is named as people name it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..application.library import LoadedEstate
from ..application.names import entry_named
from ..lineage.graph import Graph
from ..values.budget import STANDARD
from .answers import ValidatorAnswer
from .parts import Unsupported
from .targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..estate.load import Estate
    from ..values.budget import Budget


def validator_for(estate: Estate, entry: str, target: str, budget: Budget = STANDARD) -> ValidatorAnswer:
    """The validator of an entry for a target, a key of `TARGETS`. Raises UnknownEntry."""
    name = entry_named(estate, entry)
    generated = TARGETS[target](LoadedEstate(estate, budget=budget).entry(name))
    dated = tuple(_dated(estate, name)) if estate.counts_from is not None else ()
    return ValidatorAnswer(name, target, replace(generated, left=(*generated.left, *dated)) if dated else generated)


def _dated(estate: Estate, entry: str) -> Iterator[Unsupported]:
    """The fields whose validator is that of one day, because a constraint downstream counts from the day of the run."""
    graph = Graph(estate.contracts, estate.flows)
    entity = next(each for each in graph.entries if str(each.full_name) == entry)
    for field in entity.fields.values():
        downstream = graph.downstream([field.full_name])
        conditions = (link.flow.when for name in downstream for link in graph.out_of.get(name, ()))
        constraints = (constraint for name in downstream for constraint in graph.fields[name].constraints)
        if any(each is not None and each.counts_from_today for each in (*conditions, *constraints)):
            yield Unsupported(field.name, f"it counts from {estate.counts_from}: generate the validator anew every day")
