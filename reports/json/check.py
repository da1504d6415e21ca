"""A check as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..tally import Tally, tally
from .document import PROBLEMS_MEMBER, TODAY_MEANS, AnswerDocument
from .form import DAY_FORM, INTEGER_FORM, TEXT_FORM, Member, Object, OrNull, Several, choice
from .parts import FINDING

if TYPE_CHECKING:
    from ...checker.verdict.check import EntryField, Report
    from ...checker.verdict.policy import Ruling

_VERDICTS: Object[Tally] = Object(
    "demands",
    "The downstream obligations, counted at every entry field.",
    (
        Member("proved", "Met by every value the field accepts.", INTEGER_FORM, lambda counts: counts.proved),
        Member("refuted", "Violated by some accepted value.", INTEGER_FORM, lambda counts: counts.refuted),
        Member("unknown", "Not decided, never safe.", INTEGER_FORM, lambda counts: counts.unknown),
    ),
)

_SEVERITIES: Object[Tally] = Object(
    "counts",
    "The findings, counted.",
    (
        Member("error", "Open, of severity error.", INTEGER_FORM, lambda counts: counts.errors),
        Member("warning", "Open, of severity warning.", INTEGER_FORM, lambda counts: counts.warnings),
        Member("info", "Open, of severity info.", INTEGER_FORM, lambda counts: counts.infos),
        Member("undecided", "Of any kind, whose verdict is unknown.", INTEGER_FORM, lambda counts: counts.undecided),
        Member("known", "That are in the baseline.", INTEGER_FORM, lambda counts: counts.known),
        Member("waived", "That a waiver accepts.", INTEGER_FORM, lambda counts: counts.waived),
        Member("off", "Of rules that are switched off; they are not listed.", INTEGER_FORM, lambda counts: counts.off),
    ),
)

_ENTRY_FIELD: Object[EntryField] = Object(
    "entry_field",
    "An entry field, against all systems downstream.",
    (
        Member("field", "The field's full name.", TEXT_FORM, lambda entry: entry.field),
        Member(
            "relation",
            "The values it accepts, against those all downstream systems accept unaltered: the same (equal), more (wider), "
            "fewer (tighter), some more and some fewer (both); not decided (unknown); no system downstream (free).",
            choice("equal", "wider", "tighter", "both", "unknown", "free"),
            lambda entry: entry.relation,
        ),
        Member("proved", "Downstream obligations that it meets.", INTEGER_FORM, lambda entry: entry.proved),
        Member("refuted", "Obligations that it does not meet.", INTEGER_FORM, lambda entry: entry.refuted),
        Member("unknown", "Obligations for which this is unknown.", INTEGER_FORM, lambda entry: entry.unknown),
    ),
)


@dataclass(frozen=True, slots=True)
class _Checked:
    """A report with its ruling."""

    report: Report
    ruling: Ruling

    @property
    def tally(self) -> Tally:
        return tally(self.report, self.ruling)


_SUMMARY: Object[_Checked] = Object(
    "summary",
    "The estate in numbers.",
    (
        Member("systems", "How many there are.", INTEGER_FORM, lambda checked: checked.report.summary.systems),
        Member("fields", "How many there are.", INTEGER_FORM, lambda checked: checked.report.summary.fields),
        Member("flows", "How many there are.", INTEGER_FORM, lambda checked: checked.report.summary.flows),
        Member("findings", "How many there are.", _SEVERITIES, lambda checked: checked.tally),
        Member("demands", "How many there are.", _VERDICTS, lambda checked: checked.tally),
        Member(
            "notes",
            "What engines do differently, or in a way of their own, that changes no verdict: each once an estate.",
            Several(TEXT_FORM),
            lambda checked: checked.report.summary.notes,
        ),
        Member("entry_fields", "Each of them.", Several(_ENTRY_FIELD), lambda checked: checked.report.summary.entries),
    ),
)


CHECK_DOCUMENT: AnswerDocument[_Checked] = AnswerDocument(
    "check",
    (
        Member(
            "findings",
            "Worst first, independent of the policy.",
            Several(FINDING),
            lambda answered: answered.answer.ruling.ruled if answered.answer else (),
        ),
        PROBLEMS_MEMBER,
        Member(
            "today",
            TODAY_MEANS,
            OrNull(DAY_FORM),
            lambda answered: answered.answer and answered.answer.report.summary.today,
        ),
        Member("summary", "Null when the check was not run.", OrNull(_SUMMARY), lambda answered: answered.answer),
    ),
)


def check_json(report: Report, ruling: Ruling) -> str:
    """A check as a JSON document."""
    return CHECK_DOCUMENT.write(_Checked(report, ruling))
