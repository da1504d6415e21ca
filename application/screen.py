"""The obligations of an entry, or what a downstream field demands of those that feed it, named as people name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..checker.diff.ladder import ladders
from ..checker.judging.context import Context
from ..checker.requirement.feeders import field_screen
from ..checker.requirement.screen import screen
from ..checker.tracing.asked import UnknownField
from ..documents.names import FieldName
from ..values.budget import STANDARD
from .answers import FieldScreenAnswer, ScreenAnswer
from .names import entry_named

if TYPE_CHECKING:
    from ..estate.load import Estate
    from ..values.budget import Budget

_DOTS_OF_A_FIELD = 2


def screen_named(estate: Estate, name: str, budget: Budget = STANDARD) -> ScreenAnswer | FieldScreenAnswer:
    """What a name asks for: an entry's obligations, or those that a downstream field, by its full name, puts on entries.

    Raises UnknownEntry; UnknownField for a name of three parts that no contract has.
    """
    field = estate.contracts.field(FieldName.read(name))
    if field is None and name.count(".") == _DOTS_OF_A_FIELD:
        guess = estate.contracts.suggest(FieldName.read(name))
        raise UnknownField(name, str(guess) if guess else None)
    if field is not None and estate.contracts.entities[field.full_name.entity_name].kind != "entry":
        context = Context(estate, budget=budget)
        return FieldScreenAnswer(estate, field_screen(context, field.full_name), ladders(context, field.full_name))
    return screen_entry(estate, name, budget)


def screen_entry(estate: Estate, name: str, budget: Budget = STANDARD) -> ScreenAnswer:
    """The obligations of the entry that a full or a short name means. Raises UnknownEntry."""
    return ScreenAnswer(estate, screen(estate, entry_named(estate, name), budget))
