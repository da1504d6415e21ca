"""The obligations of an entry: the entry named as people name it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..checker.requirement.screen import screen
from ..values.budget import STANDARD
from .answers import ScreenAnswer
from .names import entry_named

if TYPE_CHECKING:
    from ..estate.load import Estate
    from ..values.budget import Budget


def screen_entry(estate: Estate, name: str, budget: Budget = STANDARD) -> ScreenAnswer:
    """The obligations of the entry that a full or a short name means. Raises UnknownEntry."""
    return ScreenAnswer(estate, screen(estate, entry_named(estate, name), budget))
