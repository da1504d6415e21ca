"""What entries refused of a subject, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .document import PROBLEMS_MEMBER, AnswerDocument
from .form import BOOLEAN_FORM, PROSE, TEXT_FORM, VALUE, Member, Object, OrNull, Several

if TYPE_CHECKING:
    from ...rows.answers import AttemptsAnswer, KeptAttempt

_FIELD: Object[tuple[str, str | None]] = Object(
    "typed",
    "A field of an attempt. `value` is personal.",
    (
        Member("name", "Its own name.", TEXT_FORM, lambda typed: typed[0]),
        Member("value", "What was typed, as text; null also where it is masked.", OrNull(TEXT_FORM), lambda t: t[1]),
    ),
)

_ATTEMPT: Object[KeptAttempt] = Object(
    "attempt",
    "One constraint that a record broke.",
    (
        Member("at", "When, in UTC.", VALUE, lambda attempt: attempt.when),
        Member("channel", "The full name of the entry.", TEXT_FORM, lambda attempt: attempt.channel),
        Member(
            "fields",
            "Its fields.",
            Several(_FIELD),
            lambda attempt: [(name, (attempt.values or {}).get(name)) for name in attempt.fields],
        ),
        Member("obligation", "What was demanded, in words.", PROSE, lambda attempt: attempt.obligation),
        Member("system", "The system that demands it.", TEXT_FORM, lambda attempt: attempt.system),
    ),
)

ATTEMPTS_DOCUMENT: AnswerDocument[AttemptsAnswer] = AnswerDocument(
    "attempts",
    (
        Member(
            "subject",
            "The subject; null when nothing was looked up.",
            OrNull(TEXT_FORM),
            lambda answered: answered.answer and answered.answer.subject,
        ),
        Member(
            "opened",
            "Whether what was typed is shown.",
            BOOLEAN_FORM,
            lambda answered: answered.answer is not None and answered.answer.is_opened,
        ),
        Member(
            "attempts",
            "What was refused, the latest first.",
            OrNull(Several(_ATTEMPT)),
            lambda answered: answered.answer and answered.answer.attempts,
        ),
        PROBLEMS_MEMBER,
    ),
)


def attempts_json(answer: AttemptsAnswer) -> str:
    """Attempts as a JSON document."""
    return ATTEMPTS_DOCUMENT.write(answer)
