"""An audit as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .form import INTEGER_FORM, PROSE, TEXT_FORM, Member, Object, OrNull, Several, document, form_schema
from .parts import PROBLEM, PROBLEMS_DOC, VERSION_MEMBER
from .rows import BROKEN, NOT_KNOWN, REPEATED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...documents.problem import Problem
    from ...rows.audit.audited import Audited
    from .form import Json

_ENTITY: Object[Audited] = Object(
    "audited_entity",
    "The rows of one entity against the system's own contract.",
    (
        Member("entity", "Its full name.", TEXT_FORM, lambda each: each.entity.full_name),
        Member(
            "rows", "How many there are; null: the database has no such table.", OrNull(INTEGER_FORM), lambda e: e.rows
        ),
        Member("demands", "The number of constraints checked.", INTEGER_FORM, lambda each: each.obligations),
        Member("broken", "Constraints that some rows break.", Several(BROKEN), lambda each: each.broken),
        Member("repeated", "Values that must be unique and are repeated.", Several(REPEATED), lambda e: e.repeated),
        Member(
            "not_known",
            "Obligations that cannot be decided; if there is one, nothing is proved.",
            Several(NOT_KNOWN),
            lambda e: e.not_known,
        ),
        Member("absent", "Fields without a column: null in every row.", Several(TEXT_FORM), lambda each: each.absent),
        Member("ignored", "Columns that are no field.", Several(PROSE), lambda each: each.ignored),
    ),
)


@dataclass(frozen=True, slots=True)
class _Answer:
    """Either the entities, or problems."""

    entities: Sequence[Audited] | None
    problems: Sequence[Problem]


_DOCUMENT: Object[_Answer] = Object(
    "document",
    "The output of `fieldline audit --output-format json`.",
    (
        VERSION_MEMBER,
        Member("entities", "Null when nothing was audited.", OrNull(Several(_ENTITY)), lambda answer: answer.entities),
        Member("problems", PROBLEMS_DOC, Several(PROBLEM), lambda answer: answer.problems),
    ),
)


def audit_json(audited: Sequence[Audited]) -> str:
    """An audit as a JSON document."""
    return document(_DOCUMENT.write(_Answer(audited, ())))


def audit_problems_json(problems: Sequence[Problem]) -> str:
    """The problems that prevented an audit, as a JSON document."""
    return document(_DOCUMENT.write(_Answer(None, problems)))


def audit_schema() -> Json:
    """The draft-07 JSON Schema of these documents."""
    return form_schema(_DOCUMENT, "The output of fieldline audit")
