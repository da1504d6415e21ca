"""An estate as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..checker.verdict.overview import overview_of, overview_unjudged
from ..values.budget import STANDARD
from .answers import OverviewAnswer

if TYPE_CHECKING:
    from ..estate.load import Estate
    from ..values.budget import Budget


def estate_overview(estate: Estate, *, verdicts: bool, budget: Budget = STANDARD) -> OverviewAnswer:
    """The overview of an estate: with its check, or of its contracts and its lineage alone, which is quick."""
    return OverviewAnswer(overview_of(estate, budget) if verdicts else overview_unjudged(estate))
