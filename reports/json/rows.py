"""The result of checking rows, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..text.rows import by_system
from .document import PROBLEMS_MEMBER, AnswerDocument
from .form import INTEGER_FORM, PROSE, TEXT_FORM, Member, Object, OrNull, Several, choice
from .parts import BINDING

if TYPE_CHECKING:
    from ...checker.requirement.requirement import NotKnown
    from ...rows.answers import ValidateAnswer
    from ...rows.judged import Broken, Repeated

BROKEN: Object[Broken] = Object(
    "broken",
    "A constraint that some rows break.",
    (
        Member(
            "fields",
            "The entry's fields it is about, by their own names.",
            Several(TEXT_FORM),
            lambda b: b.clause.fields,
        ),
        Member("rows", "How many rows break it.", INTEGER_FORM, lambda b: b.rows),
        Member(
            "effect",
            "The effect on them: they are rejected, or arrive altered.",
            choice("refuse", "alter"),
            lambda b: b.clause.effect,
        ),
        Member(
            "bindings",
            "The constraints it comes from, the nearest first.",
            Several(BINDING),
            lambda b: b.clause.bindings,
        ),
    ),
)

REPEATED: Object[Repeated] = Object(
    "repeated",
    "A field whose values must differ, and do not.",
    (
        Member("field", "Its own name.", TEXT_FORM, lambda r: r.unique.field),
        Member("rows", "Rows that repeat an earlier value; null is no duplicate.", INTEGER_FORM, lambda r: r.rows),
        Member("binding", "The constraint it comes from.", BINDING, lambda r: r.unique.binding),
    ),
)

NOT_KNOWN: Object[NotKnown] = Object(
    "not_known",
    "An obligation that cannot be decided.",
    (
        Member("fields", "The entry's fields it is about.", Several(TEXT_FORM), lambda doubt: doubt.fields),
        Member("reason", "The reason why it is not known.", PROSE, lambda doubt: doubt.reason),
        Member(
            "binding",
            "The constraint it may come from; null: none in particular.",
            OrNull(BINDING),
            lambda doubt: doubt.binding,
        ),
    ),
)

_SYSTEM: Object[tuple[str, int]] = Object(
    "refusing_system",
    "A system whose constraints some rows break.",
    (
        Member("system", "Its name.", TEXT_FORM, lambda each: each[0]),
        Member("rows", "How often: a row counts for each constraint it breaks.", INTEGER_FORM, lambda each: each[1]),
    ),
)

_VALIDATION: Object[ValidateAnswer] = Object(
    "validation",
    "The result of the check.",
    (
        Member("rows", "How many there are.", INTEGER_FORM, lambda j: j.judged.rows),
        Member("refused", "The number of rows that break some constraint.", INTEGER_FORM, lambda j: j.judged.rejected),
        Member("broken", "By constraint, most rows first.", Several(BROKEN), lambda j: j.judged.broken),
        Member(
            "plain",
            "Of each constraint in `broken`, in that order, plain words; none where no language was asked for.",
            Several(TEXT_FORM),
            lambda j: [words for _, words in j.plain],
        ),
        Member(
            "language", "The language of `plain`; null: none was asked for.", OrNull(TEXT_FORM), lambda j: j.language
        ),
        Member(
            "repeated", "Values that must be unique and are repeated.", Several(REPEATED), lambda j: j.judged.repeated
        ),
        Member("systems", "The same by system.", Several(_SYSTEM), lambda j: tuple(by_system(j.judged).items())),
        Member(
            "not_known",
            "Obligations that cannot be decided; if there is one, no row is proved safe.",
            Several(NOT_KNOWN),
            lambda j: j.judged.not_known,
        ),
        Member("absent", "Fields without a column: null in every row.", Several(TEXT_FORM), lambda j: j.judged.absent),
        Member("ignored", "Columns that are no field of the entry.", Several(PROSE), lambda j: j.judged.ignored),
    ),
)


VALIDATION_DOCUMENT: AnswerDocument[ValidateAnswer] = AnswerDocument(
    "validate",
    (
        Member("validation", "Null when nothing was read.", OrNull(_VALIDATION), lambda answered: answered.answer),
        PROBLEMS_MEMBER,
    ),
)


def rows_json(answer: ValidateAnswer) -> str:
    """A validation as a JSON document."""
    return VALIDATION_DOCUMENT.write(answer)
