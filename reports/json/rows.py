"""The result of checking rows, as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..text.rows import by_system
from .form import INTEGER_FORM, PROSE, TEXT_FORM, Member, Object, OrNull, Several, choice, document, form_schema
from .parts import BINDING, PROBLEM, PROBLEMS_DOC, VERSION_MEMBER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...checker.requirement.requirement import NotKnown
    from ...documents.problem import Problem
    from ...rows.judged import Broken, Judged, Repeated
    from .form import Json

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

_VALIDATION: Object[Judged] = Object(
    "validation",
    "The result of the check.",
    (
        Member("rows", "How many there are.", INTEGER_FORM, lambda j: j.rows),
        Member("refused", "The number of rows that break some constraint.", INTEGER_FORM, lambda j: j.rejected),
        Member("broken", "By constraint, most rows first.", Several(BROKEN), lambda j: j.broken),
        Member("repeated", "Values that must be unique and are repeated.", Several(REPEATED), lambda j: j.repeated),
        Member("systems", "The same by system.", Several(_SYSTEM), lambda j: tuple(by_system(j).items())),
        Member(
            "not_known",
            "Obligations that cannot be decided; if there is one, no row is proved safe.",
            Several(NOT_KNOWN),
            lambda j: j.not_known,
        ),
        Member("absent", "Fields without a column: null in every row.", Several(TEXT_FORM), lambda j: j.absent),
        Member("ignored", "Columns that are no field of the entry.", Several(PROSE), lambda j: j.ignored),
    ),
)


@dataclass(frozen=True, slots=True)
class _Answer:
    """Either the counts, or problems."""

    judged: Judged | None
    problems: Sequence[Problem]


_DOCUMENT: Object[_Answer] = Object(
    "document",
    "The output of `fieldline validate --output-format json`.",
    (
        VERSION_MEMBER,
        Member("validation", "Null when nothing was read.", OrNull(_VALIDATION), lambda answer: answer.judged),
        Member("problems", PROBLEMS_DOC, Several(PROBLEM), lambda answer: answer.problems),
    ),
)


def rows_json(judged: Judged) -> str:
    """A validation as a JSON document."""
    return document(_DOCUMENT.write(_Answer(judged, ())))


def rows_problems_json(problems: Sequence[Problem]) -> str:
    """The problems that prevented validation, as a JSON document."""
    return document(_DOCUMENT.write(_Answer(None, problems)))


def validation_schema() -> Json:
    """The draft-07 JSON Schema of these documents."""
    return form_schema(_DOCUMENT, "The output of fieldline validate")
