"""Drift as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .document import PROBLEMS_MEMBER, AnswerDocument
from .form import BOOLEAN_FORM, PROSE, TEXT_FORM, VALUE, Member, Object, OrNull, Several, choice
from .parts import CONSTRAINT, LOCATION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...rows.drift import Apart, Drifted

_APART: Object[Apart] = Object(
    "apart",
    "Something that the contract and the database say differently, beside the values that are accepted.",
    (
        Member(
            "what", "What it is.", choice("uniqueness", "default", "generated", "foreign key"), lambda each: each.what
        ),
        Member("contract", "In the contract; null: nothing.", OrNull(PROSE), lambda each: each.written),
        Member("database", "In the database; null: nothing.", OrNull(PROSE), lambda each: each.enforced),
        Member(
            "wrong",
            "Whether records that the contract accepts are rejected, or stored otherwise.",
            BOOLEAN_FORM,
            lambda each: each.is_wrong,
        ),
    ),
)

_FIELD: Object[Drifted] = Object(
    "drifted_field",
    "A field of the contract, and its column.",
    (
        Member("field", "Its full name.", TEXT_FORM, lambda each: each.name),
        Member(
            "standing",
            "refused there: the database rejects a value the contract accepts. not there: no such column. not enforced: "
            "the database accepts a value the contract rejects. not written: the contract has no such field.",
            choice("refused there", "not there", "unknown", "not enforced", "not written", "the same"),
            lambda each: each.standing,
        ),
        Member(
            "location",
            "Where the contract has it; null: nowhere.",
            OrNull(LOCATION),
            lambda each: each.written.location if each.written else None,
        ),
        Member(
            "contract",
            "The constraints of the contract.",
            Several(CONSTRAINT),
            lambda each: each.written.constraints if each.written else (),
        ),
        Member(
            "database",
            "The constraints that the database enforces.",
            Several(CONSTRAINT),
            lambda each: each.column.constraints if each.column else (),
        ),
        Member(
            "declared",
            "Constraints of the database that it does not enforce.",
            Several(PROSE),
            lambda each: each.column.declared if each.column else (),
        ),
        Member(
            "refused",
            "A value that the contract accepts and the database rejects.",
            Several(VALUE),
            lambda e: e.rejected,
        ),
        Member(
            "taken", "A value that the database accepts and the contract rejects.", Several(VALUE), lambda e: e.taken
        ),
        Member(
            "apart",
            "What else they say differently of it.",
            Several(_APART),
            lambda each: each.apart,
        ),
        Member("reason", "The reason why it is not known; null: it is known.", OrNull(PROSE), lambda each: each.reason),
    ),
)


DRIFT_DOCUMENT: AnswerDocument[Sequence[Drifted]] = AnswerDocument(
    "drift",
    (
        Member("fields", "Null when nothing was compared.", OrNull(Several(_FIELD)), lambda answered: answered.answer),
        PROBLEMS_MEMBER,
    ),
)


def drift_json(drifted: Sequence[Drifted]) -> str:
    """Drift as a JSON document."""
    return DRIFT_DOCUMENT.write(drifted)
