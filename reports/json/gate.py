"""What the gates before an action say, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .document import PROBLEMS_MEMBER, AnswerDocument
from .form import BOOLEAN_FORM, DURATION_FORM, PROSE, TEXT_FORM, VALUE, Member, Object, OrNull, Several, choice
from .parts import LOCATION

if TYPE_CHECKING:
    from ...application.gates import GateAnswer
    from ...checker.record.gate import GateDecision, Passing

_DECISION: Object[GateDecision] = Object(
    "gate",
    "What one gate says.",
    (
        Member("passage", "Whether it lets the action go ahead.", choice("go", "hold"), lambda each: each.passage),
        Member("reason", "Why; without a value.", PROSE, lambda each: each.reason),
        Member(
            "not_known",
            "The fields whose values would have decided it.",
            Several(TEXT_FORM),
            lambda each: each.not_known,
        ),
        Member("tell", "Whom to tell; null: nobody, or it is not known who.", VALUE, lambda each: each.tell),
        Member(
            "hold",
            "How long the action waits before it asks again; null: not stated.",
            OrNull(DURATION_FORM),
            lambda each: each.gate.hold,
        ),
        Member("location", "The place of the gate.", LOCATION, lambda each: each.gate.location),
    ),
)
_PASSING: Object[Passing] = Object(
    "passing",
    "What all gates before an action say to one record.",
    (
        Member("action", "The action.", PROSE, lambda passing: passing.action),
        Member("goes", "Whether it may go ahead: no gate holds it.", BOOLEAN_FORM, lambda passing: passing.goes),
        Member("gates", "In the order of the files.", Several(_DECISION), lambda passing: passing.decisions),
    ),
)

GATE_DOCUMENT: AnswerDocument[GateAnswer] = AnswerDocument(
    "gate",
    (
        Member(
            "passing",
            "Null when nothing was asked.",
            OrNull(_PASSING),
            lambda answered: answered.answer and answered.answer.passing,
        ),
        PROBLEMS_MEMBER,
    ),
)
