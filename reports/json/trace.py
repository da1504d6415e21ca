"""A trace as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..text.trace_sentence import trace_sentence
from .document import PROBLEMS_MEMBER, TODAY_MEANS, AnswerDocument
from .form import (
    BOOLEAN_FORM,
    DAY_FORM,
    DURATION_FORM,
    PROSE,
    TEXT_FORM,
    VALUE,
    Member,
    Object,
    OrNull,
    Several,
)
from .parts import (
    BINDING,
    CONSTRAINT,
    HOP,
    OUTCOME,
    OUTCOME_DOC,
    OWNER_FORM,
    REPAIR_FORM,
    VERDICT,
    WITNESS,
    outcome,
    present,
)

if TYPE_CHECKING:
    from ...application.answers import TraceAnswer
    from ...checker.finding import Finding
    from ...checker.judging.simulate import Arrival
    from ...checker.tracing.traced import Root, Trace, TracedFailure

_FAILURE: Object[TracedFailure] = Object(
    "failure",
    "A system that rejects the value, or (among `doubts`) that may.",
    (
        Member("system", "Its name.", TEXT_FORM, lambda failure: failure.field.system),
        Member("field", "The rejecting field, by full name.", TEXT_FORM, lambda failure: failure.field.full_name),
        Member("value", "As it arrives there; null also where none could be made.", VALUE, lambda f: f.value),
        Member(
            "constraints",
            "The constraints that reject it; none where a step on the way fails.",
            Several(CONSTRAINT),
            lambda failure: failure.constraints,
        ),
        Member(
            "after", "The time since the traced value, as far as the flows state it.", DURATION_FORM, lambda f: f.after
        ),
        Member(
            "hops", "The fields it passed, the rejecting one last.", Several(TEXT_FORM), lambda failure: failure.hops
        ),
        Member("owner", "The owner of the rejecting system.", OrNull(OWNER_FORM), lambda failure: failure.owner),
        Member("repair", "The team that repairs the value there.", OrNull(REPAIR_FORM), lambda failure: failure.repair),
    ),
)

ROOT: Object[Root] = Object(
    "root",
    "A possible origin of the value, or an excluded one.",
    (
        Member("entry", "Its full name: system.entity.", TEXT_FORM, lambda root: root.entry.full_name),
        Member(
            "verdict",
            "Of the claim that no value accepted there becomes this one: refuted by a record, proved, or unknown (it "
            "cannot be excluded).",
            VERDICT,
            lambda root: root.verdict,
        ),
        Member("record", "A shortest record that becomes it.", OrNull(WITNESS), lambda root: root.record),
        Member("hops", "The record's journey to the traced field.", Several(HOP), lambda root: root.hops),
        Member(
            "passed",
            "The systems that accepted the value and passed it on, in order: each could have rejected it.",
            Several(TEXT_FORM),
            lambda root: root.passed,
        ),
        Member("owner", "The owner of the entry.", OrNull(OWNER_FORM), lambda root: root.owner),
        Member("reason", "The reason why the verdict is unknown; else null.", OrNull(PROSE), lambda root: root.reason),
        Member(
            "repair", "The team that repairs the value at the entry.", OrNull(REPAIR_FORM), lambda root: root.repair
        ),
        Member(
            "another",
            "Another value, typed in the record's only field, that becomes it as well; null also where none is known.",
            VALUE,
            lambda root: root.another,
        ),
        Member(
            "instead",
            "The text nearest to the one typed that every system accepts; null where none is known.",
            OrNull(TEXT_FORM),
            lambda root: root.instead,
        ),
    ),
)

_ARRIVAL: Object[Arrival] = Object(
    "arrival",
    "A value reaching a field.",
    (
        Member("field", "The field's full name.", TEXT_FORM, lambda arrival: arrival.field),
        Member("value", "As it arrives; null also where there is none.", VALUE, lambda arrival: present(arrival.value)),
        Member("outcome", OUTCOME_DOC, OUTCOME, lambda arrival: outcome(arrival.value)),
        Member("stored", "As the system stores it; null also where there is none.", VALUE, lambda a: present(a.stored)),
        Member(
            "refused_by",
            "The constraints that reject it; it goes no further.",
            Several(CONSTRAINT),
            lambda a: a.rejections,
        ),
        Member(
            "doubts",
            "Constraints that may reject it; whether they do is unknown.",
            Several(CONSTRAINT),
            lambda a: a.doubts,
        ),
        Member(
            "transform",
            "The steps applied on the way there; empty: none.",
            PROSE,
            lambda arrival: arrival.link.sentence if arrival.link else "",
        ),
        Member(
            "by",
            "Who or what carries it there; null where the flow does not say.",
            OrNull(PROSE),
            lambda arrival: arrival.link.flow.by if arrival.link else None,
        ),
        Member(
            "elapsed",
            "The time since the traced value, as the flows state it.",
            DURATION_FORM,
            lambda arrival: arrival.elapsed,
        ),
    ),
)


_CONSEQUENCE: Object[Finding] = Object(
    "consequence",
    "What `check` finds about the records with the value.",
    (
        Member("rule", "The rule.", TEXT_FORM, lambda finding: finding.rule),
        Member("verdict", "Refuted by a record, or unknown.", VERDICT, lambda finding: finding.verdict),
        Member("message", "The finding in words.", PROSE, lambda finding: finding.message),
        Member("fields", "Every field concerned.", Several(TEXT_FORM), lambda finding: finding.fields),
        Member("binding", "The constraint or step.", OrNull(BINDING), lambda finding: finding.binding),
        Member("witness", "A record with the value that shows it.", OrNull(WITNESS), lambda finding: finding.witness),
        Member("hops", "Its journey.", Several(HOP), lambda finding: finding.hops),
        Member("reason", "The reason for `unknown`; else null.", OrNull(PROSE), lambda finding: finding.reason),
    ),
)


@dataclass(frozen=True, slots=True)
class TracedValue:
    """A trace, and its answer in a sentence."""

    answer: TraceAnswer
    sentence: str

    @property
    def trace(self) -> Trace:
        """The trace alone."""
        return self.answer.trace


def _arrivals(trace: Trace) -> list[Arrival]:
    return [arrival for arrived in trace.journey.arrivals.values() for arrival in arrived]


TRACED: Object[TracedValue] = Object(
    "trace",
    "A value at a field, followed both ways.",
    (
        Member("field", "The field's full name.", TEXT_FORM, lambda traced: traced.trace.field.full_name),
        Member("value", "The value.", VALUE, lambda traced: traced.trace.value),
        Member("answer", "The failure and its origin, in words.", PROSE, lambda traced: traced.sentence),
        Member(
            "refused_by",
            "The field's own constraints that reject it.",
            Several(CONSTRAINT),
            lambda traced: traced.trace.rejected_by,
        ),
        Member(
            "failures",
            "The systems that reject it, soonest first.",
            Several(_FAILURE),
            lambda traced: traced.trace.failures,
        ),
        Member(
            "doubts",
            "The systems that may reject it, by constraints that are not stated exactly.",
            Several(_FAILURE),
            lambda traced: traced.trace.doubts,
        ),
        Member(
            "is_well",
            "Whether nothing is wrong with it, whatever else the record holds, unless it is taken already (`unique_in`).",
            BOOLEAN_FORM,
            lambda traced: traced.trace.is_well,
        ),
        Member(
            "consequences",
            "What `check` finds about records with this value beyond its rejections: it depends on their other fields, "
            "alters the value, or keeps it out.",
            Several(_CONSEQUENCE),
            lambda traced: traced.trace.consequences,
        ),
        Member(
            "altered",
            "The fields that hold another value than the one that was sent.",
            Several(_ARRIVAL),
            lambda traced: [arrival for arrival, _ in traced.trace.altered],
        ),
        Member(
            "unique_in",
            "The fields that hold no value twice: it is rejected there if another record holds it already.",
            Several(_ARRIVAL),
            lambda traced: traced.trace.unique_in,
        ),
        Member("roots", "The entries that lead there.", Several(ROOT), lambda traced: traced.trace.roots),
        Member(
            "journey",
            "Its journey from the field onward.",
            Several(_ARRIVAL),
            lambda traced: _arrivals(traced.trace),
        ),
        Member(
            "endless",
            "Whether it circulates and keeps changing, so that not every step is listed.",
            BOOLEAN_FORM,
            lambda traced: traced.trace.journey.endless,
        ),
        Member(
            "plain",
            "What the rejecting systems accept, in plain words of the language that was asked for.",
            Several(TEXT_FORM),
            lambda traced: traced.answer.plain,
        ),
        Member("customer_text", "A text for the customer.", TEXT_FORM, lambda traced: traced.answer.customer_text.text),
        Member(
            "customer_language",
            "The language of `customer_text`, by its code in ISO 639-1; null: a contract has one text for every reader.",
            OrNull(TEXT_FORM),
            lambda traced: traced.answer.customer_text.language,
        ),
    ),
)

TRACE_DOCUMENT: AnswerDocument[TracedValue] = AnswerDocument(
    "trace",
    (
        Member("trace", "Null when nothing was traced.", OrNull(TRACED), lambda answered: answered.answer),
        PROBLEMS_MEMBER,
        Member(
            "today", TODAY_MEANS, OrNull(DAY_FORM), lambda answered: answered.answer and answered.answer.trace.today
        ),
    ),
)


def trace_json(traced: TraceAnswer) -> str:
    """A trace as a JSON document."""
    return TRACE_DOCUMENT.write(TracedValue(traced, trace_sentence(traced)))
