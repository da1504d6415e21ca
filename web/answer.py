"""What a worker is asked, and what it answers."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..documents.local_text import SpokenLanguage

HTML, JSON = "text/html; charset=utf-8", "application/json"
QuestionKind: TypeAlias = Literal[
    "pages", "problems", "form", "trace", "record", "found", "named", "sheet", "teams", "gate"
]


@dataclass(frozen=True, slots=True)
class WebQuestion:
    """One question of a client."""

    kind: QuestionKind
    """All pages, what keeps the estate from being read, the empty form with a field, the form as it was sent, a record to
    validate; for the desk the records that hold a text, the key of a record
    that is named by it, a record as it is now, the teams that repair something, whether
    an action may go ahead."""
    text: str
    """The field, or the body of the request."""
    language: SpokenLanguage = "en"
    """Of the sentences for people in the answer."""


@dataclass(frozen=True, slots=True)
class WebAnswer:
    """A response."""

    status: int
    text: str
    media_type: str = HTML
    language: SpokenLanguage | None = None
    """The language that its sentences for people are in; None: it has none."""
    last: bool = False
    """Whether the worker that gives it has ended: it has no memory left."""
    retry_after: int | None = None
    """Seconds after which to ask again; None: there is no reason to."""


def json_answer(document: Mapping[str, Any], status: int = 200, *, language: SpokenLanguage | None = None) -> WebAnswer:
    """A document as JSON, in ASCII."""
    return WebAnswer(status, json.dumps(document), JSON, language)


def problem_answer(message: str, status: int = 422) -> WebAnswer:
    """What is wrong with a request, or why it is not answered."""
    return json_answer({"problem": message}, status)


def later_answer(message: str, seconds: int = 1) -> WebAnswer:
    """Why a request is not answered now: 503, with the seconds after which to ask again (RFC 9110, 10.2.3)."""
    return replace(problem_answer(message, 503), retry_after=seconds)
