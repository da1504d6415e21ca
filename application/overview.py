"""An estate as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..checker.verdict.overview import overview_of, overview_unjudged
from .answers import OverviewAnswer

if TYPE_CHECKING:
    from ..estate.load import Estate


def estate_overview(estate: Estate, *, verdicts: bool) -> OverviewAnswer:
    """The overview of an estate: with its check, or of its contracts and its lineage alone, which is quick."""
    return OverviewAnswer(overview_of(estate) if verdicts else overview_unjudged(estate))
