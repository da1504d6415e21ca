"""Two systems compared, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...checker.record.stop import STOP_STATES
from .document import PROBLEMS_MEMBER, AnswerDocument
from .form import BOOLEAN_FORM, INTEGER_FORM, PROSE, TEXT_FORM, VALUE, Member, Object, OrNull, Several, choice

if TYPE_CHECKING:
    from ...documents.names import EntityName
    from ...rows.reconcile.answer import ReconcileAnswer, ReconciledField, ReconciledPair, StateCount

_COUNT: Object[StateCount] = Object(
    "count",
    "So many records in a state.",
    (
        Member("state", "The state, as of a hop in `trace --stores`.", choice(*STOP_STATES), lambda each: each.state),
        Member("reason", "Why it is refused, or not known.", OrNull(PROSE), lambda each: each.reason),
        Member("records", "How many.", INTEGER_FORM, lambda each: each.records),
    ),
)

_FIELD: Object[ReconciledField] = Object(
    "field",
    "A field of the second entity that the first one feeds.",
    (
        Member("field", "Its full name.", TEXT_FORM, lambda each: each.field.full_name),
        Member(
            "counts",
            "The records that do not hold what they must, most first; the others do.",
            Several(_COUNT),
            lambda each: each.counts,
        ),
        Member(
            "unread",
            "Why nothing is known of it in any record; null: it was compared.",
            OrNull(PROSE),
            lambda each: each.unread,
        ),
        Member("carriers", "Who or what brings it.", Several(PROSE), lambda each: each.carriers),
    ),
)

_PAIR: Object[ReconciledPair] = Object(
    "pair",
    "The records of two entities, held against each other.",
    (
        Member("source", "The entity that feeds the other.", TEXT_FORM, lambda pair: pair.source.full_name),
        Member("target", "The other.", TEXT_FORM, lambda pair: pair.target.full_name),
        Member("key", "The fields of the target that a record is found by.", Several(TEXT_FORM), lambda pair: pair.key),
        Member("source_records", "Records in the store of the source.", INTEGER_FORM, lambda pair: pair.source_records),
        Member("target_records", "Records in that of the target.", INTEGER_FORM, lambda pair: pair.target_records),
        Member(
            "withheld",
            "Records of the source that the flows leave out, or that no cross-reference names.",
            INTEGER_FORM,
            lambda pair: pair.withheld,
        ),
        Member("matched", "Records that were found in both.", INTEGER_FORM, lambda pair: pair.matched),
        Member(
            "agreeing",
            "Those of them that hold what they must by now in every field that was compared.",
            INTEGER_FORM,
            lambda pair: pair.agreeing,
        ),
        Member("missing", "Records of the source that the target lacks.", Several(_COUNT), lambda pair: pair.missing),
        Member("extra", "Records of the target that the source lacks.", INTEGER_FORM, lambda pair: pair.extra),
        Member(
            "elsewhere",
            "Entities that such records may come from, and that were not compared.",
            Several(TEXT_FORM),
            lambda pair: pair.elsewhere,
        ),
        Member(
            "several",
            "Records of both that share a key with another one, of which none was compared.",
            INTEGER_FORM,
            lambda pair: pair.several,
        ),
        Member("fields", "The fields that the source feeds.", Several(_FIELD), lambda pair: pair.fields),
    ),
)

_UNPAIRED: Object[tuple[EntityName, str]] = Object(
    "unpaired",
    "An entity that could not be compared.",
    (
        Member("entity", "Its full name.", TEXT_FORM, lambda each: each[0]),
        Member("reason", "Why.", PROSE, lambda each: each[1]),
    ),
)

RECONCILE_DOCUMENT: AnswerDocument[ReconcileAnswer] = AnswerDocument(
    "reconcile",
    (
        Member(
            "is_well",
            "Whether every record holds what it must by now, and nothing is not known; null when nothing was read.",
            OrNull(BOOLEAN_FORM),
            lambda answered: answered.answer and answered.answer.is_well,
        ),
        Member(
            "now",
            "The moment that the lags of flows were counted to.",
            VALUE,
            lambda answered: answered.answer and answered.answer.now,
        ),
        Member(
            "pairs",
            "The entities that were compared, two by two; null when nothing was read.",
            OrNull(Several(_PAIR)),
            lambda answered: answered.answer and answered.answer.pairs,
        ),
        Member(
            "unpaired",
            "Entities that flows connect with them, and that could not be compared.",
            OrNull(Several(_UNPAIRED)),
            lambda answered: answered.answer and list(answered.answer.unpaired.items()),
        ),
        PROBLEMS_MEMBER,
    ),
)
