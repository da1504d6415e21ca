"""Dead letters by root as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from ...formats.errors.reported import ErrorEngine
from .document import PROBLEMS_MEMBER, TODAY_MEANS, AnswerDocument
from .error import ERROR, ErrorInEstate
from .form import BOOLEAN_FORM, DAY_FORM, INTEGER_FORM, PROSE, VALUE, Member, Object, OrNull, Several, choice

if TYPE_CHECKING:
    from ...estate.load import Estate
    from ...rows.answers import RejectsAnswer, RejectsGroup


@dataclass(frozen=True, slots=True)
class _Group:
    group: RejectsGroup
    estate: Estate


_GROUP: Object[_Group] = Object(
    "group",
    "Dead letters of one root: refused at the same field, in the same way, and let in by the same entries.",
    (
        Member("records", "How many.", INTEGER_FORM, lambda of: of.group.records),
        Member("values", "Distinct values among them, where they are known.", INTEGER_FORM, lambda of: of.group.values),
        Member("since", "The first of them, in UTC; null: the file has no times.", VALUE, lambda of: of.group.since),
        Member("until", "The last of them.", VALUE, lambda of: of.group.until),
        Member(
            "engines",
            "What reported them, most records first.",
            Several(choice(*get_args(ErrorEngine))),
            lambda of: of.group.engines,
        ),
        Member(
            "impact",
            "What it means until it is repaired, as the contract of the refusing field says; null: it does not.",
            OrNull(PROSE),
            lambda of: of.group.impact and str(of.group.impact.text),
        ),
        Member(
            "critical",
            "Whether that cannot wait.",
            BOOLEAN_FORM,
            lambda of: of.group.impact is not None and of.group.impact.is_critical,
        ),
        Member(
            "example",
            "One of them. It is traced (`candidates`) in the largest groups alone.",
            ERROR,
            lambda of: ErrorInEstate(of.group.example, of.estate),
        ),
    ),
)

REJECTS_DOCUMENT: AnswerDocument[RejectsAnswer] = AnswerDocument(
    "trace --rejects",
    (
        Member(
            "records",
            "Dead letters in the file; null when it was not read.",
            OrNull(INTEGER_FORM),
            lambda answered: answered.answer and answered.answer.records,
        ),
        Member(
            "unread",
            "Those whose message could not be read as an error.",
            OrNull(INTEGER_FORM),
            lambda answered: answered.answer and answered.answer.unread,
        ),
        Member(
            "groups",
            "By root, most records first; a record with several errors is in several.",
            OrNull(Several(_GROUP)),
            lambda answered: (
                answered.answer and [_Group(group, answered.answer.estate) for group in answered.answer.groups]
            ),
        ),
        PROBLEMS_MEMBER,
        Member("today", TODAY_MEANS, OrNull(DAY_FORM), lambda answered: answered.answer and answered.answer.today),
    ),
)


def rejects_json(answer: RejectsAnswer) -> str:
    """Dead letters by root as a JSON document."""
    return REJECTS_DOCUMENT.write(answer)
