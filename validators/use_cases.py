"""The use case about validators: one for an entry, which is named as people name it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..application.library import LoadedEstate
from ..application.names import entry_named
from ..values.budget import STANDARD
from .answers import ValidatorAnswer
from .targets import TARGETS

if TYPE_CHECKING:
    from ..estate.load import Estate
    from ..values.budget import Budget


def validator_for(estate: Estate, entry: str, target: str, budget: Budget = STANDARD) -> ValidatorAnswer:
    """The validator of an entry for a target, a key of `TARGETS`. Raises UnknownEntry."""
    name = entry_named(estate, entry)
    return ValidatorAnswer(name, target, TARGETS[target](LoadedEstate(estate, budget=budget).entry(name)))
