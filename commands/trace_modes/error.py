"""`fieldline trace --error TEXT`: a pasted message, traced to the entry that let the value in."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...application.errors import ErrorAnswer
    from ...documents.local_text import SpokenLanguage
    from ...estate.load import Estate
    from ...values.budget import Budget


def traced_errors(
    load: Callable[[], Estate], error: str, at: str | None, amounts: Budget, language: SpokenLanguage
) -> ErrorAnswer:
    """The errors of a text; `-`: of standard input. Raises EstateError, UnknownField, BudgetExceeded."""
    from ...application.errors import trace_errors

    text = _pasted() if error == "-" else error
    return trace_errors(load(), text, at, amounts, language)


def _pasted() -> str:
    """Standard input: no more of it than is read as an error."""
    from ...formats.errors.read import LONGEST_ERROR

    return sys.stdin.buffer.read(4 * (LONGEST_ERROR + 1)).decode("utf-8", "replace")
