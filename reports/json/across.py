"""Rules over records held against the stores, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from ...rows.across.answer import AcrossKind
from .document import PROBLEMS_MEMBER, AnswerDocument
from .form import BOOLEAN_FORM, INTEGER_FORM, PROSE, TEXT_FORM, Member, Object, OrNull, Several, choice
from .parts import LOCATION

if TYPE_CHECKING:
    from ...rows.across.answer import AcrossAnswer, AcrossRule, DeviationCount

_COUNT: Object[DeviationCount] = Object(
    "deviation",
    "So many records that break a rule in one way.",
    (
        Member("deviation", "In words.", PROSE, lambda each: each.deviation),
        Member("records", "How many.", INTEGER_FORM, lambda each: each.records),
        Member("example", "The key of one of them; null: they have none.", OrNull(PROSE), lambda each: each.example),
    ),
)

_RULE: Object[AcrossRule] = Object(
    "across_rule",
    "One rule, over the records of the stores that it speaks of.",
    (
        Member("kind", "The word of the rule.", choice(*get_args(AcrossKind)), lambda each: each.kind),
        Member("rule", "In words.", PROSE, lambda each: each.rule),
        Member("location", "Where it is written.", LOCATION, lambda each: each.location),
        Member(
            "entities",
            "Whose records were read; the one that was judged comes last.",
            Several(TEXT_FORM),
            lambda each: each.entities,
        ),
        Member("field", "The field that is wrong where it is broken.", TEXT_FORM, lambda each: each.field),
        Member("records", "How many were judged.", INTEGER_FORM, lambda each: each.records),
        Member("broken", "How many break it.", INTEGER_FORM, lambda each: each.broken),
        Member("counts", "In which ways, most first.", Several(_COUNT), lambda each: each.counts),
        Member(
            "impact",
            "What such a value means until it is repaired; null: not stated.",
            OrNull(PROSE),
            lambda each: each.impact and str(each.impact.text),
        ),
        Member(
            "critical",
            "Whether that cannot wait.",
            BOOLEAN_FORM,
            lambda each: each.impact is not None and each.impact.is_critical,
        ),
        Member(
            "unread",
            "Why not all that the rule speaks of was judged; null: it was.",
            OrNull(PROSE),
            lambda each: each.unread,
        ),
    ),
)

ACROSS_DOCUMENT: AnswerDocument[AcrossAnswer] = AnswerDocument(
    "across",
    (
        Member(
            "is_clean",
            "Whether there are rules, and every record was judged and meets them; null when nothing was read.",
            OrNull(BOOLEAN_FORM),
            lambda answered: answered.answer and answered.answer.is_clean,
        ),
        Member(
            "rules",
            "The rules, those that records break first; null when nothing was read.",
            OrNull(Several(_RULE)),
            lambda answered: answered.answer and answered.answer.rules,
        ),
        Member(
            "records",
            "How many records break a rule, each counted once; null when nothing was read.",
            OrNull(INTEGER_FORM),
            lambda answered: answered.answer and answered.answer.records,
        ),
        PROBLEMS_MEMBER,
    ),
)
