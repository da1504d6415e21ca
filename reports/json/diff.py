"""The effects of a change, as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .document import PROBLEMS_MEMBER, TODAY_MEANS, AnswerDocument
from .form import DAY_FORM, INTEGER_FORM, PROSE, TEXT_FORM, Member, Object, OrNull, Several, choice
from .parts import FINDING, LOCATION, OWNER_FORM, WITNESS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...checker.change import Change, Statement
    from ...checker.diff.diff import Diff, Reviewer, Shift
    from ...checker.verdict.policy import Ruled, Ruling

_SAID: Object[Statement] = Object(
    "said",
    "One side of a change.",
    (
        Member("sentence", "The statement of the estate there, in words.", PROSE, lambda said: said.sentence),
        Member("location", "Where; before: in the files of the version before.", LOCATION, lambda said: said.location),
    ),
)

_CHANGE: Object[Change] = Object(
    "change",
    "One thing that was changed.",
    (
        Member("kind", "What happened.", choice("added", "removed", "changed"), lambda change: change.kind),
        Member(
            "what",
            "To what.",
            choice(
                "system", "entity", "field", "constraint", "on_violation", "unique", "fill", "kind", "engine", "flow"
            ),
            lambda change: change.what,
        ),
        Member("name", 'The full name; of a flow, "a.b.c -> d.e.f".', TEXT_FORM, lambda change: change.name),
        Member("constraint", "The key in the contract; empty for a whole thing.", TEXT_FORM, lambda c: c.constraint),
        Member("before", "Null: it was added.", OrNull(_SAID), lambda change: change.before),
        Member("after", "Null: it was removed.", OrNull(_SAID), lambda change: change.after),
    ),
)

_FINDING: Object[Ruled] = Object(
    "change_finding",
    "One thing that follows from the change.",
    (
        *FINDING.members,
        Member(
            "causes",
            "The changes that cause it: the smallest set whose undoing ends it.",
            Several(_CHANGE),
            lambda ruled: ruled.finding.causes,
        ),
        Member(
            "cause",
            "The identity of these changes, each with its state before and after; the reports for people fold findings by "
            "it, and a waiver may name it. Empty: no change is known to cause it.",
            TEXT_FORM,
            lambda ruled: ruled.cause,
        ),
        Member(
            "against",
            "Where several versions before were named: those against which it is found; its causes are those of the first.",
            Several(TEXT_FORM),
            lambda ruled: ruled.finding.against,
        ),
    ),
)

_SHIFT: Object[Shift] = Object(
    "shift",
    "How a set of values changed.",
    (
        Member("field", "The field's full name.", TEXT_FORM, lambda shift: shift.field),
        Member(
            "movement",
            "It holds the same values (equal), fewer (tightened), more (loosened), some fewer and some more (both); "
            "not decided (unknown).",
            choice("equal", "tightened", "loosened", "both", "unknown"),
            lambda shift: shift.movement,
        ),
        Member(
            "refused",
            "A value that was accepted and no longer is; null: none known.",
            OrNull(WITNESS),
            lambda s: s.rejected,
        ),
        Member(
            "taken",
            "A value that is accepted and was not before; null: none known.",
            OrNull(WITNESS),
            lambda s: s.taken,
        ),
        Member("reason", "The reason why it is not decided; else null.", OrNull(PROSE), lambda shift: shift.reason),
    ),
)

_REVIEWER: Object[Reviewer] = Object(
    "reviewer",
    "An owner to ask.",
    (
        Member("owner", "Who.", OWNER_FORM, lambda reviewer: reviewer.owner),
        Member("fields", "Their fields that the change affects.", Several(TEXT_FORM), lambda r: r.fields),
    ),
)


@dataclass(frozen=True, slots=True)
class _Ruled:
    """A diff with the ruling of the policy on its findings."""

    diff: Diff
    ruling: Ruling
    notes: Sequence[str] = ()

    def count(self, severity: str) -> int:
        return sum(ruled.finding.severity.value == severity for ruled in self.ruling.open)


_COUNTS: Object[_Ruled] = Object(
    "change_counts",
    "The findings, counted.",
    (
        Member("error", "Open, of severity error.", INTEGER_FORM, lambda ruled: ruled.count("error")),
        Member("warning", "Open, of severity warning.", INTEGER_FORM, lambda ruled: ruled.count("warning")),
        Member("info", "Open, of severity info.", INTEGER_FORM, lambda ruled: ruled.count("info")),
        Member(
            "undecided",
            "Of any kind, whose verdict is unknown.",
            INTEGER_FORM,
            lambda ruled: sum(each.finding.verdict == "unknown" for each in ruled.ruling.ruled),
        ),
        Member(
            "off",
            "Of rules that are switched off; they are not listed.",
            INTEGER_FORM,
            lambda r: sum(r.ruling.off.values()),
        ),
    ),
)

_SUMMARY: Object[_Ruled] = Object(
    "change_summary",
    "The change in numbers.",
    (
        Member("changes", "How many there are.", INTEGER_FORM, lambda ruled: len(ruled.diff.changes)),
        Member("entry_fields", "How many the version after has.", INTEGER_FORM, lambda ruled: ruled.diff.entry_fields),
        Member(
            "concerned",
            "Of those, how many are upstream of a change.",
            INTEGER_FORM,
            lambda r: len(r.diff.requirements),
        ),
        Member("findings", "How many there are.", _COUNTS, lambda ruled: ruled),
    ),
)


DIFF_DOCUMENT: AnswerDocument[_Ruled] = AnswerDocument(
    "diff",
    (
        Member(
            "findings",
            "Worst first.",
            Several(_FINDING),
            lambda answered: answered.answer.ruling.ruled if answered.answer else (),
        ),
        PROBLEMS_MEMBER,
        Member("today", TODAY_MEANS, OrNull(DAY_FORM), lambda answered: answered.answer and answered.answer.diff.today),
        Member(
            "changes",
            "In the order of the files.",
            Several(_CHANGE),
            lambda answered: answered.answer.diff.changes if answered.answer else (),
        ),
        Member(
            "contracts",
            "Per field whose own contract changed, how the set of accepted values moved.",
            Several(_SHIFT),
            lambda answered: answered.answer.diff.contracts if answered.answer else (),
        ),
        Member(
            "requirements",
            "Per entry field upstream of a change, how the set of values that arrive unaltered everywhere moved.",
            Several(_SHIFT),
            lambda answered: answered.answer.diff.requirements if answered.answer else (),
        ),
        Member(
            "reviewers",
            "The owners to ask.",
            Several(_REVIEWER),
            lambda answered: answered.answer.diff.reviewers if answered.answer else (),
        ),
        Member(
            "notes",
            "What a reader should know about what was compared: that git could not merge, that the base has moved.",
            Several(PROSE),
            lambda answered: answered.answer.notes if answered.answer else (),
        ),
        Member("summary", "Null when the check was not run.", OrNull(_SUMMARY), lambda answered: answered.answer),
    ),
)


def diff_json(diff: Diff, ruling: Ruling, notes: Sequence[str] = ()) -> str:
    """A diff as a JSON document."""
    return DIFF_DOCUMENT.write(_Ruled(diff, ruling, notes))
