"""The sentence that says it all of a surveyed estate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..contracts.values.show import escape
from .check_text import check_headline

if TYPE_CHECKING:
    from ..checker.survey import Survey


def survey_headline(survey: Survey) -> str:
    """The verdict of its check; or that there is none."""
    if survey.report is None:
        return escape(f"{survey.estate.name}: not judged. These are its contracts and its lineage alone.")
    return escape(check_headline(survey.report, survey.estate))
