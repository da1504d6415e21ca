"""`fieldline trace --rejects FILE`: dead letters, grouped by the entry that let them in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..progress import progress_bar

if TYPE_CHECKING:
    from pathlib import Path

    from ...documents.local_text import SpokenLanguage
    from ...estate.load import Estate
    from ...rows.answers import RejectsAnswer
    from ...values.budget import Budget


def grouped_rejects(
    estate: Estate,
    file: Path,
    message: str | None,
    time: str | None,
    *,
    amounts: Budget,
    language: SpokenLanguage,
) -> RejectsAnswer:
    """The groups of a file, or of a folder of files. `message`, `time`: names of columns.

    Raises Unreadable, BudgetExceeded.
    """
    from ...rows.rejects import group_rejects

    with progress_bar() as progress:
        return group_rejects(estate, file, progress, message=message, time=time, budget=amounts, language=language)
