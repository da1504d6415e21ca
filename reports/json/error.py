"""The errors of a text as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from ...formats.errors.reported import ErrorEngine, ErrorKind
from ..text.error import error_sentence, origin_words
from ..text.trace_sentence import trace_sentence
from .document import PROBLEMS_MEMBER, TODAY_MEANS, AnswerDocument
from .form import DAY_FORM, INTEGER_FORM, PROSE, TEXT_FORM, Member, Object, OrNull, Several, choice
from .parts import CONSTRAINT
from .trace import ROOT, TRACED, TracedValue

if TYPE_CHECKING:
    from ...application.errors import AnsweredError, ErrorAnswer, TracedError
    from ...estate.load import Estate
    from ...formats.errors.reported import ReportedError


@dataclass(frozen=True, slots=True)
class _Of:
    """A thing with the estate that it is told in."""

    thing: TracedError
    estate: Estate


REPORTED: Object[ReportedError] = Object(
    "reported",
    "What the message says. `value` is personal.",
    (
        Member(
            "engine", "The engine or validator that reported it.", choice(*get_args(ErrorEngine)), lambda e: e.engine
        ),
        Member("kind", "The kind of the failure.", choice(*get_args(ErrorKind)), lambda e: e.kind),
        Member("table", "The table, as the engine names it.", OrNull(TEXT_FORM), lambda e: e.table),
        Member("model", "The program's own name for such a record.", OrNull(TEXT_FORM), lambda e: e.model),
        Member("columns", "The columns; none where the message names none.", Several(TEXT_FORM), lambda e: e.columns),
        Member(
            "value", "The rejected value, as text; null also where it has none.", OrNull(TEXT_FORM), lambda e: e.value
        ),
        Member(
            "constraint", "The name of the constraint, or its expression.", OrNull(TEXT_FORM), lambda e: e.constraint
        ),
        Member("limit", "The limit, as it is written.", OrNull(TEXT_FORM), lambda e: e.limit),
    ),
)

_CANDIDATE: Object[_Of] = Object(
    "candidate",
    "A field that the error may be about, and its trace.",
    (
        Member(
            "fields",
            "By full name; several where only their values together fail.",
            Several(TEXT_FORM),
            lambda of: [field.full_name for field in of.thing.place],
        ),
        Member("answer", "Who let it in, in words.", PROSE, lambda of: origin_words(of.thing, of.estate)),
        Member(
            "trace",
            "The trace of the value; null where the message has none.",
            OrNull(TRACED),
            lambda of: (
                None if of.thing.answer is None else TracedValue(of.thing.answer, trace_sentence(of.thing.answer))
            ),
        ),
        Member(
            "roots",
            "The entries that lead there: refuted, where one accepts a record that fails in this way.",
            Several(ROOT),
            lambda of: of.thing.roots,
        ),
        Member("stated", "What the contract says of it.", Several(CONSTRAINT), lambda of: of.thing.stated),
        Member(
            "disagreement",
            "How contract and message differ; else null.",
            OrNull(PROSE),
            lambda of: of.thing.disagreement,
        ),
        Member("customer_text", "A text for the customer.", PROSE, lambda of: of.thing.customer_text.text),
        Member(
            "customer_language",
            "The language of `customer_text`, by its code in ISO 639-1; null: a contract has one text for every reader.",
            OrNull(TEXT_FORM),
            lambda of: of.thing.customer_text.language,
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class ErrorInEstate:
    """An error with the estate that it is told in."""

    answered: AnsweredError
    estate: Estate


ERROR: Object[ErrorInEstate] = Object(
    "error",
    "One error of the text.",
    (
        Member("reported", "What the message says.", REPORTED, lambda of: of.answered.error),
        Member(
            "answer",
            "What happened and who let it in, in words.",
            PROSE,
            lambda of: error_sentence(of.answered, of.estate),
        ),
        Member(
            "candidates",
            "The field that it is about; several, where any of them may be meant.",
            Several(_CANDIDATE),
            lambda of: [_Of(traced, of.estate) for traced in of.answered.traced],
        ),
        Member("others", "Further fields that may be meant.", INTEGER_FORM, lambda of: of.answered.others),
        Member("reason", "Why no field is known; else null.", OrNull(PROSE), lambda of: of.answered.meant.reason),
        Member(
            "suggestion",
            "The name that was probably meant.",
            OrNull(TEXT_FORM),
            lambda of: of.answered.meant.suggestion,
        ),
    ),
)

ERRORS_DOCUMENT: AnswerDocument[ErrorAnswer] = AnswerDocument(
    "trace --error",
    (
        Member(
            "errors",
            "The errors of the text, in its order; null when nothing was traced.",
            OrNull(Several(ERROR)),
            lambda answered: (
                answered.answer and [ErrorInEstate(error, answered.answer.estate) for error in answered.answer.errors]
            ),
        ),
        PROBLEMS_MEMBER,
        Member("today", TODAY_MEANS, OrNull(DAY_FORM), lambda answered: answered.answer and answered.answer.today),
    ),
)


def error_json(answer: ErrorAnswer) -> str:
    """The errors of a text as a JSON document."""
    return ERRORS_DOCUMENT.write(answer)
