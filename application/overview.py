"""An estate as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..checker.verdict.overview import overview_of, overview_unjudged
from ..values.budget import STANDARD
from .answers import OverviewAnswer

if TYPE_CHECKING:
    from ..estate.load import Estate
    from ..values.budget import Budget


def estate_overview(
    estate: Estate, *, verdicts: bool, with_ladders: bool = False, budget: Budget = STANDARD
) -> OverviewAnswer:
    """The overview of an estate: with its check, or of its contracts and its lineage alone, which is quick.

    `with_ladders`: with the ladders of all downstream fields.
    """
    if not verdicts:
        return OverviewAnswer(overview_unjudged(estate))
    return OverviewAnswer(overview_of(estate, budget, None if with_ladders else ()))
