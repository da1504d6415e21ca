"""Problems as text: all of them, each with its place, the expected form, and a suggestion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...checker.messages import count
from .frame import Sources, put_frame
from .page import BAD, FAINT, STRONG, Page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...documents.problem import Problem
    from .page import Look


def problems_text(problems: Sequence[Problem], texts: Mapping[str, str], look: Look) -> str:
    """All problems; `texts` are the files read."""
    page = Page(look)
    page.line((problems_headline(problems), BAD))
    sources = Sources(texts)
    for problem in problems:
        page.blank()
        page.line((problem.message, STRONG), hang=2)
        if problem.location is not None:
            put_frame(page, sources, problem.location, length=problem.length, indent=2)
        if problem.suggestion:
            page.line(("try: ", FAINT), problem.suggestion, indent=2, hang=4)
        if problem.expected:
            page.line(("expected: ", FAINT), problem.expected, indent=2, hang=4)
    return page.render()


def problems_headline(problems: Sequence[Problem]) -> str:
    """The line that says that the check was not run."""
    return f"Check not run: {count(len(problems), 'problem')} to fix."
