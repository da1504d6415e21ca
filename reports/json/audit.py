"""An audit as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .document import PROBLEMS_MEMBER, AnswerDocument
from .form import INTEGER_FORM, PROSE, TEXT_FORM, Member, Object, OrNull, Several
from .rows import BROKEN, NOT_KNOWN, REPEATED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...rows.audit.audited import Audited

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


AUDIT_DOCUMENT: AnswerDocument[Sequence[Audited]] = AnswerDocument(
    "audit",
    (
        Member(
            "entities", "Null when nothing was audited.", OrNull(Several(_ENTITY)), lambda answered: answered.answer
        ),
        PROBLEMS_MEMBER,
    ),
)


def audit_json(audited: Sequence[Audited]) -> str:
    """An audit as a JSON document."""
    return AUDIT_DOCUMENT.write(audited)
