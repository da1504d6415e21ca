"""The effects of a change, as text: the verdict first, every finding with its causes, then all changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...checker.finding import Severity
from ...checker.messages import brief, count, listed, record
from ...checker.verdict.grouped import grouped
from ...documents.names import FieldName
from ..phrases import fails_words, owner_words, waiver_words
from .frame import Sources, put_frame
from .hops import put_hops
from .page import BAD, FAINT, GOOD, NOTE, STRONG, UNSURE, WARNING, Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...checker.change import Change
    from ...checker.diff.diff import Diff, Movement, Shift
    from ...checker.finding import Finding
    from ...checker.verdict.grouped import FindingGroup
    from ...checker.verdict.policy import Ruling
    from ...estate.load import Estate
    from .page import Look, StyledText

_MOST_DETAILED = 100
"""The number of findings shown with places and journeys, the worst ones; the others by their sentence alone."""
_MOST_SHOWN = 1_000
_MOST_CHANGES = 200
_MOST_NAMES = 12
_IN_JSON = "--output-format json holds all of them."

_STYLES = {Severity.ERROR: BAD, Severity.WARNING: WARNING, Severity.INFO: NOTE}
_MOVEMENTS: dict[Movement, tuple[str, str]] = {
    "tightened": ("accepts less", BAD),
    "both": ("accepts less of some and more of others", BAD),
    "unknown": ("not decided", UNSURE),
    "loosened": ("accepts more", GOOD),
    "equal": ("accepts the same", FAINT),
}


def diff_text(diff: Diff, ruling: Ruling, before: Estate, after: Estate, look: Look, notes: Sequence[str] = ()) -> str:
    """The whole report; `notes` tell what was compared, where that is not what was asked for."""
    page = Page(look)
    page.line(*_verdict(diff, ruling, after))
    for note in notes:
        page.line(("note: ", NOTE), f"{note}.", hang=2)
    sources = (Sources(before.texts), Sources(after.texts))
    groups = grouped(ruling.open)
    for number, group in enumerate(groups[:_MOST_SHOWN]):
        page.blank()
        _put_group(page, after, group)
        if number < _MOST_DETAILED:
            _put_details(page, sources, group)
    if len(groups) > _MOST_SHOWN:
        page.line(f"{count(len(groups) - _MOST_SHOWN, 'more finding')} not shown here. {_IN_JSON}")
    _put_accepted(page, ruling, after)
    if diff.changes:
        _put_changes(page, diff)
    if diff.requirements:
        _put_requirements(page, diff)
    if diff.reviewers:
        page.blank()
        page.line(("Owners to ask", STRONG))
        for reviewer in diff.reviewers:
            names = listed([*map(str, reviewer.fields)], most=_MOST_NAMES)
            page.line(owner_words(reviewer.owner) or "", (f"  for {names}", FAINT), indent=2, hang=2)
    rules = list(dict.fromkeys(ruled.finding.rule for ruled in ruling.ruled))
    if rules:
        page.blank()
        others = f" (or {listed(rules[1:], 'or')})" if rules[1:] else ""
        page.line(f"What a rule means: fieldline explain {rules[0]}{others}", hang=2)
    return page.render()


def diff_headline(diff: Diff, ruling: Ruling, after: Estate) -> str:
    """The verdict alone, in a line."""
    return "".join(word if isinstance(word, str) else word[0] for word in _verdict(diff, ruling, after))


def _verdict(diff: Diff, ruling: Ruling, after: Estate) -> list[StyledText]:
    name: StyledText = (after.name, STRONG)
    if not diff.changes:
        return [name, ": ", ("nothing that affects a value was changed", GOOD), "."]
    groups = grouped(ruling.open)
    severities = [group.finding.severity for group in groups]
    errors, warnings = severities.count(Severity.ERROR), severities.count(Severity.WARNING)
    infos = severities.count(Severity.INFO)
    parts = [
        count(errors, "error") if errors else "",
        count(warnings, "warning") if warnings else "",
        f"{infos:,} for information" if infos else "",
    ]
    found = listed([part for part in parts if part])
    changed = f"{count(len(diff.changes), 'change')}, "
    style = BAD if errors else WARNING if warnings else GOOD
    concerned = f"{len(diff.requirements):,} of {count(diff.entry_fields, 'entry field')} upstream"
    folded = f" (of {count(len(ruling.open), 'finding')}, folded by cause)" if len(groups) < len(ruling.open) else ""
    words: list[StyledText] = [name, f": {changed}", (found or "no finding", style), f"{folded}; {concerned}"]
    undecided = sum(ruled.finding.verdict == "unknown" for ruled in ruling.ruled)
    undecided = max(undecided, sum(shift.movement == "unknown" for shift in (*diff.requirements, *diff.contracts)))
    if undecided:
        words.append((f". Not decided, so not safe: {undecided}", UNSURE))
    accepted = len(ruling.ruled) - len(ruling.open) + sum(ruling.off.values())
    if accepted:
        words.append(f". Besides, {accepted:,} known, waived or switched off")
    return [*words, "."]


def _put_group(page: Page, estate: Estate, group: FindingGroup) -> None:
    finding = group.finding
    unsure = finding.verdict == "unknown"
    kind = f"{finding.severity.value}, not decided" if unsure else finding.severity.value
    style = UNSURE if unsure else GOOD if finding.verdict == "proved" else _STYLES[finding.severity]
    page.line((f"{kind}[{finding.rule}]", style), f" {finding.message}", hang=2)
    extent = group.extent(estate.contracts)
    if extent:
        page.line(extent, indent=2, hang=2)


def _put_details(page: Page, sources: tuple[Sources, Sources], group: FindingGroup) -> None:
    """The cause, the journey of the finding that stands for all, and what fails."""
    finding = group.finding
    _put_causes(page, sources, finding)
    if finding.hops:
        put_hops(page, finding.hops, indent=4)
    plain = replace(finding, plain=finding.plain or group.plain)
    extent = "" if finding.verdict == "proved" else fails_words(plain)
    if extent:
        page.line(extent, indent=4, hang=2)
    if group.shown.cause:
        page.line((f"cause {group.shown.cause}", FAINT), indent=4)


def _put_causes(page: Page, sources: tuple[Sources, Sources], finding: Finding) -> None:
    """The causes of a finding, each with its line before and now."""
    before, after = sources
    for change in finding.causes[:_MOST_NAMES]:
        page.line(("because ", FAINT), *_change_words(change), indent=2, hang=4)
        if change.before is not None:
            put_frame(page, before, change.before.location, ("before", FAINT), indent=4)
        if change.after is not None:
            put_frame(page, after, change.after.location, ("now", FAINT), indent=4)
    if len(finding.causes) > _MOST_NAMES:
        page.line(f"and {count(len(finding.causes) - _MOST_NAMES, 'more change')}", indent=2)
    binding = finding.binding
    shown = {side.location for change in finding.causes for side in (change.before, change.after) if side is not None}
    if binding is not None and binding.location not in shown:
        source = before if finding.rule == "resolved" else after
        put_frame(page, source, binding.location, f"{binding.field}: {brief(binding.sentence, 200)}", indent=4)


def _change_words(change: Change) -> list[StyledText]:
    name = f"{change.name} {change.constraint}".strip()
    old = brief(change.before.sentence, 160) if change.before else ""
    new = brief(change.after.sentence, 160) if change.after else ""
    match change.kind:
        case "added":
            return [(name, STRONG), f" was added: {new}"]
        case "removed":
            return [(name, STRONG), f" was removed: {old}"]
        case "changed":
            return [(name, STRONG), f" went from {old} to {new}"]


def _put_accepted(page: Page, ruling: Ruling, estate: Estate) -> None:
    """Findings that do not count because they are waived or known; never shown as safe."""
    accepted = [ruled for ruled in ruling.ruled if ruled.state != "open"]
    if not accepted:
        return
    page.blank()
    page.line(("Waived or known", STRONG), f": {len(accepted):,}")
    for group in grouped(accepted)[:_MOST_DETAILED]:
        _put_group(page, estate, group)
        if group.shown.waiver is not None:
            page.line((waiver_words(group.shown.waiver), FAINT), indent=4, hang=2)


def _put_changes(page: Page, diff: Diff) -> None:
    page.blank()
    page.line(("Changes", STRONG))
    moved = {shift.field: shift for shift in diff.contracts}
    shown: set[FieldName] = set()
    for change in diff.changes[:_MOST_CHANGES]:
        page.line((str(change.location), FAINT), "  ", *_change_words(change), indent=2, hang=4)
        if isinstance(change.name, FieldName) and change.name in moved and change.name not in shown:
            shown.add(change.name)
            page.line(*_shift_words(moved[change.name]), indent=4, hang=4)
    if len(diff.changes) > _MOST_CHANGES:
        page.line(f"and {count(len(diff.changes) - _MOST_CHANGES, 'more change')}. {_IN_JSON}", indent=2)


def _shift_words(shift: Shift) -> list[StyledText]:
    word, style = _MOVEMENTS[shift.movement]
    words: list[StyledText] = [(word, style)]
    if shift.rejected is not None:
        words.append(f"; no longer, for example: {record(shift.rejected)}")
    if shift.taken is not None:
        words.append(f"; now also, for example: {record(shift.taken)}")
    if shift.reason is not None:
        words.append(f"; {brief(shift.reason, 200)}")
    return words


def _put_requirements(page: Page, diff: Diff) -> None:
    """The values that all systems downstream of each entry field accept now, against before."""
    page.blank()
    page.line(("Downstream of the entries", STRONG))
    for movement, (word, style) in _MOVEMENTS.items():
        shifts = [shift for shift in diff.requirements if shift.movement == movement]
        if not shifts:
            continue
        if movement == "equal":
            page.line(
                (word, style), f": {listed([str(shift.field) for shift in shifts], most=_MOST_NAMES)}", indent=2, hang=4
            )
            continue
        alike: dict[tuple[StyledText, ...], list[str]] = {}
        for shift in shifts:
            alike.setdefault(tuple(_shift_words(shift)), []).append(str(shift.field))
        for words, names in list(alike.items())[:_MOST_CHANGES]:
            page.line(listed(names, most=_MOST_NAMES), "  ", *words, indent=2, hang=4)
