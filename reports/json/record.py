"""A record in every system, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from ...application.record import FindAnswer, RecordAnswer
from ...checker.record.stop import STOP_STATES
from ...sentences.deviations import broken_sentence
from ...sentences.speech import speech
from ..record_words import fault_sentence, find_headline, record_headline, repair_page
from .document import PROBLEMS_MEMBER, AnswerDocument
from .form import BOOLEAN_FORM, PROSE, TEXT_FORM, VALUE, Member, Object, OrNull, Several, Simple, choice
from .parts import CONSTRAINT, OWNER_FORM, REPAIR_FORM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...checker.record.broken import BrokenRule
    from ...checker.record.fault import Fault
    from ...checker.record.find import Hit
    from ...checker.record.stop import HeldField, Stop
    from ...contracts.model import Impact
    from ...sentences.advice import CustomerText
    from ...values.valueset import Value

MOMENT_FORM: Simple[datetime] = Simple({"type": "string", "format": "date-time"}, datetime.isoformat)
_STATE = choice(*STOP_STATES)
_KEY: Simple[Mapping[str, Value]] = Simple(
    {"type": "object", "additionalProperties": dict(VALUE.of)},
    lambda key: {str(name): VALUE.write(value) for name, value in key.items()},
)
"""Values by the names of fields."""

_FIELD: Object[HeldField] = Object(
    "held",
    "A field of the record in one system.",
    (
        Member("field", "Its full name.", TEXT_FORM, lambda field: field.field.full_name),
        Member(
            "state",
            "absent: no flow brings it there; not asked: its store does not hold it, or none is described.",
            _STATE,
            lambda field: field.state,
        ),
        Member("expected", "What it must hold: one of these.", Several(VALUE), lambda field: field.expected),
        Member("held", "What it holds; null also where nothing is.", VALUE, lambda field: field.held),
        Member("is_held", "Whether the store has the record, with this field.", BOOLEAN_FORM, lambda f: f.is_held),
        Member("begins", "Whether the difference begins here.", BOOLEAN_FORM, lambda field: field.begins),
        Member("origins", "The fields that it was made from.", Several(TEXT_FORM), lambda field: field.origins),
        Member("by", "Who carries it there.", OrNull(PROSE), lambda field: field.carrier),
        Member("refused_by", "The constraints that reject it.", Several(CONSTRAINT), lambda f: f.constraints),
        Member("due", "When it must have arrived.", OrNull(MOMENT_FORM), lambda field: field.due),
        Member("reason", "Why its state is what it is.", OrNull(PROSE), lambda field: field.reason),
    ),
)

_STOP: Object[Stop] = Object(
    "stop",
    "The record in one system.",
    (
        Member("entity", "Its full name.", TEXT_FORM, lambda stop: stop.entity.full_name),
        Member("state", "The worst of its fields, or that of the record.", _STATE, lambda stop: stop.state),
        Member("found", "Whether its store has the record.", BOOLEAN_FORM, lambda stop: stop.whether == "found"),
        Member("is_first", "Whether the others are held against it.", BOOLEAN_FORM, lambda stop: stop.is_first),
        Member("key", "Its key there, as far as it is known.", _KEY, lambda stop: stop.key),
        Member("candidates", "Where several records fit: their keys.", Several(_KEY), lambda stop: stop.keys),
        Member("changed", "When it last changed there.", OrNull(MOMENT_FORM), lambda stop: stop.changed),
        Member("reason", "Why it was not read, or is not known.", OrNull(PROSE), lambda stop: stop.reason),
        Member("fields", "The fields that are expected there.", Several(_FIELD), lambda stop: stop.fields),
    ),
)

_IMPACT: Object[Impact] = Object(
    "impact",
    "What a wrong value means until it is repaired.",
    (
        Member("text", "In words.", PROSE, lambda impact: str(impact.text)),
        Member("is_critical", "Whether it cannot wait.", BOOLEAN_FORM, lambda impact: impact.is_critical),
    ),
)

_Told: TypeAlias = "tuple[Fault, RecordAnswer, CustomerText]"


def _sentence(told: _Told) -> str:
    fault, answer, _ = told
    return fault_sentence(fault, answer.where, answer.estate, speech(answer.language))


_FAULT: Object[_Told] = Object(
    "fault",
    "One thing that is wrong with the record.",
    (
        Member("sentence", "What is wrong, in words.", PROSE, _sentence),
        Member("entity", "Where it shows first.", TEXT_FORM, lambda of: of[0].stop.entity.full_name),
        Member(
            "fields", "The fields concerned.", Several(TEXT_FORM), lambda of: [f.field.full_name for f in of[0].fields]
        ),
        Member("state", "Its state there.", _STATE, lambda of: of[0].fields[0].state),
        Member(
            "roots",
            "Where it began: one entity; several where it may have been any of them.",
            Several(TEXT_FORM),
            lambda of: [root.full_name for root in of[0].roots],
        ),
        Member(
            "between",
            "Entities before it that were not read: it may have begun there as well.",
            Several(TEXT_FORM),
            lambda of: [entity.full_name for entity in of[0].between],
        ),
        Member(
            "caught_by",
            "The earliest system that could have caught it; null where it is not known how a refused value came in.",
            OrNull(TEXT_FORM),
            lambda of: of[0].catcher,
        ),
        Member("owner", "Who answers for the root.", OrNull(OWNER_FORM), lambda of: of[0].owner),
        Member("repair", "Who repairs it.", OrNull(REPAIR_FORM), lambda of: of[0].repair),
        Member("repair_page", "Where it is repaired.", OrNull(TEXT_FORM), lambda of: repair_page(of[0], of[1].where)),
        Member("impacts", "What it means until then.", Several(_IMPACT), lambda of: of[0].impacts),
        Member("instead", "What to type instead of a refused value.", OrNull(TEXT_FORM), lambda of: of[0].instead),
        Member("customer_text", "What to say to the customer.", PROSE, lambda of: of[2].text),
        Member(
            "also",
            "What is wrong because of it.",
            Several(TEXT_FORM),
            lambda of: [f.field.full_name for f in of[0].also],
        ),
    ),
)

_BROKEN: Object[tuple[BrokenRule, RecordAnswer]] = Object(
    "broken_rule",
    "A rule over records that what the stores hold breaks.",
    (
        Member("kind", "Its word.", choice("direction", "amount", "check"), lambda of: of[0].kind),
        Member("field", "The field that is wrong.", TEXT_FORM, lambda of: of[0].field.full_name),
        Member(
            "fields", "The others that it reads.", Several(TEXT_FORM), lambda of: [o.full_name for o in of[0].others]
        ),
        Member("sentence", "In words.", PROSE, lambda of: broken_sentence(speech(of[1].language), of[0])),
        Member("rule", "Where it stands.", TEXT_FORM, lambda of: str(of[0].rule.location)),
    ),
)

_OF_ONE: tuple[Member[RecordAnswer], ...] = (
    Member("answer", "What is wrong, in words.", PROSE, record_headline),
    Member("asked", "What it was looked for by.", _KEY, lambda answer: answer.where.asked),
    Member(
        "is_well", "Whether every system answered, and holds what it must.", BOOLEAN_FORM, lambda a: a.where.is_well
    ),
    Member("now", "When the stores were read.", MOMENT_FORM, lambda answer: answer.where.now),
    Member(
        "faults",
        "What is wrong, the earliest first.",
        Several(_FAULT),
        lambda answer: [
            (fault, answer, said) for fault, said in zip(answer.where.faults, answer.customer_texts, strict=True)
        ],
    ),
    Member(
        "broken",
        "The rules over records that it breaks.",
        Several(_BROKEN),
        lambda answer: [(broken, answer) for broken in answer.where.broken],
    ),
    Member("stops", "The systems, the earliest first.", Several(_STOP), lambda answer: answer.where.stops),
)
"""What is said of every record."""

_REFERRING = Object("referring", "A record that refers to it.", _OF_ONE)

_RECORD: Object[RecordAnswer] = Object(
    "record",
    "One record in every system that has it, or must have it.",
    (
        *_OF_ONE,
        Member(
            "referring",
            "The records that refer to it, by the `references` of the estate.",
            Several(_REFERRING),
            lambda answer: answer.referring,
        ),
        Member(
            "unlisted",
            "Entities whose records may refer to it, and could not all be read.",
            Several(TEXT_FORM),
            lambda answer: [entity.full_name for entity, _ in answer.where.unlisted],
        ),
    ),
)

_HIT: Object[Hit] = Object(
    "hit",
    "A record that holds what was looked for.",
    (
        Member("entity", "Its full name.", TEXT_FORM, lambda hit: hit.entity.full_name),
        Member("kind", "What the text is of it: an order number.", PROSE, lambda hit: hit.kind),
        Member("values", "Its key, and what was looked for.", _KEY, lambda hit: hit.seeds),
    ),
)

_FOUND: Object[FindAnswer] = Object(
    "find",
    "What a text leads to, where it is not one record.",
    (
        Member("answer", "How many records fit, in words.", PROSE, find_headline),
        Member("hits", "The records.", Several(_HIT), lambda answer: answer.hits.hits),
        Member(
            "unread",
            "The entities whose stores did not answer.",
            Several(TEXT_FORM),
            lambda answer: list(answer.hits.unread),
        ),
    ),
)

RECORD_DOCUMENT: AnswerDocument[RecordAnswer | FindAnswer] = AnswerDocument(
    "trace --stores",
    (
        Member(
            "record",
            "Null where not one record was found: see `find`.",
            OrNull(_RECORD),
            lambda answered: answered.answer if isinstance(answered.answer, RecordAnswer) else None,
        ),
        Member(
            "find",
            "Null where one record was found: see `record`.",
            OrNull(_FOUND),
            lambda answered: answered.answer if isinstance(answered.answer, FindAnswer) else None,
        ),
        PROBLEMS_MEMBER,
    ),
)
