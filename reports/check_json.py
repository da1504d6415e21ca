"""A check as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .form import INTEGER, PROSE, TEXT, Member, Object, OrNull, Several, choice, document, json_schema
from .json_parts import (
    BINDING,
    HOP,
    LOCATION,
    PROBLEM,
    PROBLEMS_DOC,
    SEVERITY,
    VERDICT,
    VERSION_MEMBER,
    WITNESS,
)
from .tally import Tally, tally

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..checker.check import EntryField, Report
    from ..checker.finding import Finding
    from ..contracts.problem import Problem
    from .form import Json

_FINDING: Object[Finding] = Object(
    "finding",
    "One thing that is wrong, or not known to be right.",
    (
        Member("rule", "The rule's stable name: `fieldline explain RULE`.", TEXT, lambda finding: finding.rule),
        Member("severity", "How much it matters.", SEVERITY, lambda finding: finding.severity.value),
        Member(
            "verdict",
            "Of the claim that nothing goes wrong: refuted by a witness, or unknown (never safe).",
            VERDICT,
            lambda finding: finding.verdict,
        ),
        Member("entry", "The entry's full name; null where none is concerned.", OrNull(TEXT), lambda f: f.entry),
        Member("field", "The field's full name: system.entity.field.", OrNull(TEXT), lambda finding: finding.field),
        Member("fields", "Every field concerned, where several fail together.", Several(TEXT), lambda f: f.fields),
        Member("binding", "The demand it fails at.", OrNull(BINDING), lambda finding: finding.binding),
        Member("witness", "What proves it, as typed at the entry; null: none.", OrNull(WITNESS), lambda f: f.witness),
        Member("second", "What becomes equal to it (collision); null: none.", OrNull(WITNESS), lambda f: f.second),
        Member("hops", "The witness's journey to where it fails.", Several(HOP), lambda finding: finding.hops),
        Member("message", "One sentence, the verdict first.", PROSE, lambda finding: finding.message),
        Member("reason", "Why the verdict is unknown; else null.", OrNull(PROSE), lambda finding: finding.reason),
        Member("location", "Where to look first.", LOCATION, lambda finding: finding.location),
    ),
)

_VERDICTS: Object[Tally] = Object(
    "demands",
    "The demands from downstream, counted at every entry field.",
    (
        Member("proved", "Met by everything the field lets in.", INTEGER, lambda counts: counts.proved),
        Member("refuted", "Not met by all of it.", INTEGER, lambda counts: counts.refuted),
        Member("unknown", "Not decided, never safe.", INTEGER, lambda counts: counts.unknown),
    ),
)

_SEVERITIES: Object[Tally] = Object(
    "counts",
    "The findings, counted.",
    (
        Member("error", "Of severity error.", INTEGER, lambda counts: counts.errors),
        Member("warning", "Of severity warning.", INTEGER, lambda counts: counts.warnings),
        Member("info", "Of severity info.", INTEGER, lambda counts: counts.infos),
        Member("undecided", "Of any severity, whose verdict is unknown.", INTEGER, lambda counts: counts.undecided),
    ),
)

_ENTRY_FIELD: Object[EntryField] = Object(
    "entry_field",
    "An entry field, against everything behind it.",
    (
        Member("field", "The field's full name.", TEXT, lambda entry: entry.field),
        Member(
            "relation",
            "What it lets in, against what everything behind it takes unaltered: the same (equal), more (wider), less "
            "(tighter), more of some and less of other values (both); not decided (unknown); nothing behind it (free).",
            choice("equal", "wider", "tighter", "both", "unknown", "free"),
            lambda entry: entry.relation,
        ),
        Member("proved", "Demands from downstream that it meets.", INTEGER, lambda entry: entry.proved),
        Member("refuted", "Demands that it does not meet.", INTEGER, lambda entry: entry.refuted),
        Member("unknown", "Demands of which that is not known.", INTEGER, lambda entry: entry.unknown),
    ),
)

_SUMMARY: Object[Report] = Object(
    "summary",
    "The estate in numbers.",
    (
        Member("systems", "How many there are.", INTEGER, lambda report: report.summary.systems),
        Member("fields", "How many there are.", INTEGER, lambda report: report.summary.fields),
        Member("flows", "How many there are.", INTEGER, lambda report: report.summary.flows),
        Member("findings", "How many there are.", _SEVERITIES, tally),
        Member("demands", "How many there are.", _VERDICTS, tally),
        Member("entry_fields", "Each of them.", Several(_ENTRY_FIELD), lambda report: report.summary.entries),
    ),
)


@dataclass(frozen=True, slots=True)
class _Answer:
    """Either a report, or problems."""

    report: Report | None
    problems: Sequence[Problem]


_DOCUMENT: Object[_Answer] = Object(
    "document",
    "What `fieldline check --output-format json` prints.",
    (
        VERSION_MEMBER,
        Member(
            "findings",
            "Worst first.",
            Several(_FINDING),
            lambda answer: answer.report.findings if answer.report else (),
        ),
        Member("problems", PROBLEMS_DOC, Several(PROBLEM), lambda answer: answer.problems),
        Member("summary", "Null when nothing was judged.", OrNull(_SUMMARY), lambda answer: answer.report),
    ),
)


def check_json(report: Report) -> str:
    """A check as a JSON document."""
    return document(_DOCUMENT.write(_Answer(report, ())))


def check_problems_json(problems: Sequence[Problem]) -> str:
    """Why there is no check, as a JSON document."""
    return document(_DOCUMENT.write(_Answer(None, problems)))


def findings_schema() -> Json:
    """The draft-07 JSON Schema of these documents."""
    return json_schema(_DOCUMENT, "What fieldline check finds")
