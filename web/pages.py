"""The form that traces a value, for the support agent on the telephone, and the page of an estate that cannot be read.

They carry no script, and name no other host.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from ..application.problems import input_problems
from ..application.trace import trace_value
from ..checker.messages import field_title, system_title
from ..documents.local_text import LANGUAGE_NAMES
from ..reports.text.grounds import constraint_sentence
from ..reports.text.problems import problems_headline
from ..reports.text.trace import customer_heading, fate, onward, way_words
from ..reports.text.trace_sentence import trace_sentence
from ..values.error import FieldlineError
from .answer import WebAnswer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..documents.local_text import SpokenLanguage
    from ..documents.problem import Problem
    from ..estate.load import Estate
    from .answer import WebQuestion
    from .reading import Reading

_MOST_OFFERED = 2_000
"""Names of fields that the form offers."""


@dataclass(frozen=True, slots=True)
class _Form:
    """The content of the submitted form."""

    at: str = ""
    value: str = ""
    null: bool = False
    language: SpokenLanguage = "en"
    """Of the text for the customer."""


def unread_page(reading: Reading, _: WebQuestion) -> WebAnswer:
    """What keeps the estate from being read."""
    return _problems(reading)


def empty_form(reading: Reading, question: WebQuestion) -> WebAnswer:
    """The form, with a field that may be given already."""
    return _trace_page(reading, _Form(question.text))


def traced_form(reading: Reading, question: WebQuestion) -> WebAnswer:
    """The form as it was sent, and the answer; 422 where the value cannot be traced."""
    return _trace_page(reading, _read(question.text), answered=True)


def _read(body: str) -> _Form:
    try:
        fields = parse_qs(body, keep_blank_values=True, max_num_fields=8)
    except ValueError:  # no form of ours has so many
        return _Form()
    asked = fields.get("language", [""])[0]
    language: SpokenLanguage = next((code for code in LANGUAGE_NAMES if code == asked), "en")
    return _Form(fields.get("at", [""])[0].strip(), fields.get("value", [""])[0], "null" in fields, language)


def _problems(reading: Reading) -> WebAnswer:
    about = {"problems": reading.problems, "headline": problems_headline(reading.problems)}
    return WebAnswer(503, reading.frame.page("problems.html", "/", about))


def _trace_page(reading: Reading, question: _Form, *, answered: bool = False) -> WebAnswer:
    estate = reading.estate
    if estate is None:
        return _problems(reading)
    about: dict[str, Any] = {"trace": None, "wrong": ()}
    if answered:
        try:
            about |= _traced(estate, question)
        except FieldlineError as error:
            about["wrong"] = [_sentence(problem) for problem in input_problems(error)]
            if not about["wrong"]:
                raise
    offered: Sequence[object] = list(estate.contracts.fields.values())[:_MOST_OFFERED]
    about |= {
        "at": question.at,
        "value": question.value,
        "null": question.null,
        "language": question.language,
        "languages": LANGUAGE_NAMES,
        "offered": offered,
        "system_title": partial(system_title, estate),
        "field_title": field_title,
        "ground": constraint_sentence,
        "way_words": way_words,
    }
    text = reading.frame.page("trace.html", "/", about, form_action="'self'")
    return WebAnswer(422 if about["wrong"] else 200, text)


def _sentence(problem: Problem) -> str:
    meant = f" Did you mean {problem.suggestion}?" if problem.suggestion else ""
    expected = f"; expected: {problem.expected}" if problem.expected else ""
    return f"{problem.message}{expected}.{meant}"


def _traced(estate: Estate, question: _Form) -> dict[str, Any]:
    told = trace_value(estate, question.at, None if question.null else question.value, language=question.language)
    traced = told.trace
    fates = ((arrival, fate(arrival)) for arrival in onward(traced))
    return {
        "trace": traced,
        "customer_heading": customer_heading(told.customer_text, told.language),
        "customer_text": told.customer_text,
        "plain": told.plain,
        "answer": trace_sentence(told),
        "here": traced.field.full_name.entity_name,
        "onward": [(arrival, words if isinstance(words, str) else words[0]) for arrival, words in fates],
    }
