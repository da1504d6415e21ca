"""A check as text: the verdict first, then every finding with its places and journey, then the estate in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...checker.finding import Severity
from ...checker.messages import brief, count, listed
from ..phrases import constraints_words, fails_words, known_words, waiver_words
from ..tally import tally
from .frame import Sources, put_frame
from .hops import put_hops
from .page import BAD, FAINT, GOOD, NOTE, STRONG, UNSURE, WARNING, Page

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from ...checker.finding import Finding
    from ...checker.verdict.check import Relation, Report
    from ...checker.verdict.policy import Ruled, Ruling
    from ...documents.names import FieldName
    from ...estate.load import Estate
    from ...estate.policy import Known
    from ..tally import Tally
    from .page import Look, StyledText

_MOST_DETAILED = 200
"""The number of findings shown with places and journeys, the worst ones; the others by their sentence alone."""
_MOST_SHOWN = 2_000
"""The number of findings shown at all; the others are counted. The JSON holds every one."""
_MOST_NAMES = 12
_IN_JSON = "--output-format json holds all of them."

_STYLES = {Severity.ERROR: BAD, Severity.WARNING: WARNING, Severity.INFO: NOTE}
_RELATIONS: dict[Relation, tuple[str, str, str]] = {
    "equal": ("equal", "accepts exactly the values that all downstream systems accept", GOOD),
    "wider": ("wider", "accepts values that a downstream system rejects or alters", BAD),
    "tighter": ("tighter", "rejects values that every downstream system accepts", NOTE),
    "both": (
        "wider and tighter",
        "accepts values that a downstream system rejects or alters, and rejects values that all accept",
        BAD,
    ),
    "unknown": ("unknown", "not decided", UNSURE),
    "free": ("free", "no system is downstream", FAINT),
}
"""Per relation a word, a phrase and a style."""


def check_text(report: Report, ruling: Ruling, estate: Estate, look: Look, *, over_tight: bool = False) -> str:
    """The whole report; `over_tight`: with each value that an entry rejects without need, not only the fields that do."""
    page = Page(look)
    page.line(*_verdict(report, ruling, estate))
    sources = Sources(estate.texts)
    aside = [] if over_tight else [ruled.finding for ruled in ruling.open if _is_aside(ruled.finding)]
    findings = [ruled.finding for ruled in ruling.open if over_tight or not _is_aside(ruled.finding)]
    outgrown = {id(ruled.finding): ruled.outgrown for ruled in ruling.open if ruled.outgrown is not None}
    for group in _groups(findings[:_MOST_SHOWN]):
        page.blank()
        _put_group(
            page,
            sources,
            report,
            estate,
            group,
            detailed={id(finding) for finding in findings[:_MOST_DETAILED]},
            outgrown=outgrown,
        )
    for state in ("waived", "known"):
        accepted = [ruled for ruled in ruling.ruled if ruled.state == state]
        if accepted:
            page.blank()
            _put_accepted(page, estate, accepted)
    if len(findings) > _MOST_SHOWN:
        page.blank()
        page.line(f"{count(len(findings) - _MOST_SHOWN, 'more finding')} not shown here. {_IN_JSON}")
    page.blank()
    _put_summary(page, report, ruling, aside)
    if ruling.fails and estate.policy.baseline is None:
        page.line("To know all of this from now on, and fail on what is new: fieldline check --write-baseline", hang=2)
    return page.render()


def _is_aside(finding: Finding) -> bool:
    """Whether a finding is told in the table at the end alone: room that an entry does not use, and nobody asked for."""
    return finding.rule == "over-tight" and finding.severity is Severity.INFO


def check_headline(report: Report, ruling: Ruling, estate: Estate) -> str:
    """The verdict alone, in a line."""
    return "".join(word if isinstance(word, str) else word[0] for word in _verdict(report, ruling, estate))


def _verdict(report: Report, ruling: Ruling, estate: Estate) -> list[StyledText]:
    counts = tally(report, ruling)
    name: StyledText = (estate.name, STRONG)
    accepted = _accepted(counts)
    if not report.summary.entries:
        found = f". {_found(counts)}." if ruling.open else "."
        return [name, ": ", ("no entity is an entry, so nothing was checked", UNSURE), found, *accepted]
    if not ruling.ruled and not counts.unknown and not counts.off:
        met = count(counts.proved, "obligation")
        noted = ", but for what the notes say" if report.summary.notes else ""
        unaltered = f". Every value that the entries accept arrives unaltered{noted} ({met} proved)."
        return [name, ": ", ("clean", GOOD), unaltered]
    found = _found(counts) or "no open finding"
    words: list[StyledText] = [name, ": ", (found, BAD if counts.errors else WARNING)]
    undecided = max(counts.undecided, counts.unknown)
    if undecided:
        words.append((f". Not decided, so not safe: {undecided}", UNSURE))
    return [*words, ".", *accepted]


def _found(counts: Tally) -> str:
    parts = [
        count(counts.errors, "error") if counts.errors else "",
        count(counts.warnings, "warning") if counts.warnings else "",
        f"{counts.infos:,} for information" if counts.infos else "",
    ]
    return listed([part for part in parts if part])


def _accepted(counts: Tally) -> list[StyledText]:
    """The findings that the policy excludes from the count."""
    parts = [
        f"{counts.waived:,} waived" if counts.waived else "",
        f"{counts.known:,} known" if counts.known else "",
        f"{counts.off:,} of rules that are off" if counts.off else "",
    ]
    parts_in_words = listed([part for part in parts if part])
    return [f" Besides, {parts_in_words}."] if parts_in_words else []


# ---------------------------------------------------------------------------------------------------------- findings


def _groups(findings: Sequence[Finding]) -> list[list[Finding]]:
    """The findings by entry field, in the order of the worst of each; last those that concern no entry."""
    groups: dict[tuple[FieldName, ...], list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.fields if finding.entry else (), []).append(finding)
    elsewhere = groups.pop((), [])
    return [*groups.values(), *([elsewhere] if elsewhere else [])]


def _put_group(
    page: Page,
    sources: Sources,
    report: Report,
    estate: Estate,
    findings: Sequence[Finding],
    *,
    detailed: Container[int],
    outgrown: Mapping[int, Known],
) -> None:
    """A group; those whose ids are `detailed` with their places and journeys."""
    first = findings[0]
    if first.entry is None:
        page.line(("Without an entry", STRONG))
    else:
        _put_entry(page, sources, report, estate, first)
    for finding in findings:
        if id(finding) in detailed:
            page.blank()
        _put_finding(page, finding)
        if id(finding) in outgrown:
            was = known_words(outgrown[id(finding)])
            page.line((f"worse than the baseline knows it: {was}", WARNING), indent=4, hang=2)
        if id(finding) in detailed:
            _put_details(page, sources, finding)


def _put_entry(page: Page, sources: Sources, report: Report, estate: Estate, finding: Finding) -> None:
    """The entry's fields that a group of findings concerns: the values each accepts, and the place of its contract."""
    title: list[StyledText] = [(" + ".join(map(str, finding.fields)), STRONG)]
    if len(finding.fields) == 1:
        relations = {entry.field: entry.relation for entry in report.summary.entries}
        if finding.fields[0] in relations:
            title.append((f"  {_RELATIONS[relations[finding.fields[0]]][1]}", FAINT))
    page.line(*title, hang=2)
    for name in finding.fields:
        field = estate.contracts.fields[name]
        put_frame(page, sources, field.location, f"accepts: {constraints_words(field.constraints)}", indent=2)


def _put_finding(page: Page, finding: Finding) -> None:
    style = UNSURE if finding.verdict == "unknown" else _STYLES[finding.severity]
    kind = f"{finding.severity.value}, not decided" if finding.verdict == "unknown" else finding.severity.value
    page.line((f"{kind}[{finding.rule}]", style), f" {finding.message}", indent=2, hang=2)


def _put_details(page: Page, sources: Sources, finding: Finding) -> None:
    """The constraint it fails at, its place, and the path there."""
    binding = finding.binding
    if binding is not None:
        put_frame(page, sources, binding.location, f"{binding.field}: {brief(binding.sentence, 200)}", indent=4)
        if binding.source:
            page.line(f"documented: {brief(binding.source, 200)}", indent=4, hang=2)
    else:
        put_frame(page, sources, finding.location, indent=4)
    if finding.hops:
        put_hops(page, finding.hops, indent=4)
    extent = fails_words(finding)
    if extent:
        page.line(extent, indent=4, hang=2)


def _put_accepted(page: Page, estate: Estate, accepted: Sequence[Ruled]) -> None:
    """Findings that do not count because they are waived or known; never shown as safe."""
    number = f"{len(accepted):,}"
    if accepted[0].state == "known":
        page.line(("Known", STRONG), f": {number} in {brief(estate.policy.baseline or '')}")
    else:
        page.line(("Waived", STRONG), f": {number}, each until its day")
    for ruled in accepted[:_MOST_DETAILED]:
        _put_finding(page, ruled.finding)
        if ruled.waiver is not None:
            page.line((waiver_words(ruled.waiver), FAINT), indent=4, hang=2)
    if len(accepted) > _MOST_DETAILED:
        page.line(f"{len(accepted) - _MOST_DETAILED:,} more. {_IN_JSON}", indent=2)


# ----------------------------------------------------------------------------------------------------------- summary


def _put_summary(page: Page, report: Report, ruling: Ruling, aside: Sequence[Finding]) -> None:
    summary, counts = report.summary, tally(report, ruling)
    size = [count(summary.systems, "system"), count(summary.fields, "field"), count(summary.flows, "flow")]
    page.line(("Entry fields", STRONG), f", against all systems downstream ({', '.join(size)}):")
    rows: list[list[StyledText]] = []
    unused = {str(finding.field): f" ({finding.span.sentence})" for finding in aside if finding.span is not None}
    for relation, (word, _, style) in _RELATIONS.items():
        names = [str(entry.field) for entry in summary.entries if entry.relation == relation]
        if names or relation in {"equal", "wider", "tighter", "unknown"}:
            more = f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
            shown = ", ".join(f"{name}{unused.get(name, '')}" for name in names[:_MOST_NAMES]) + more
            rows.append([(word, style if names else FAINT), f"{len(names):,}", shown])
    page.table(rows, indent=2, yields=(2,))
    if aside:
        fields = count(len({finding.field for finding in aside}), "field")
        page.line(f"What {fields} reject without need, value by value: fieldline check --over-tight", indent=2, hang=2)
    unknown: StyledText = (f"{counts.unknown:,} unknown", UNSURE) if counts.unknown else "0 unknown"
    page.line(f"Obligations on them: {counts.proved:,} proved, {counts.refuted:,} refuted, ", unknown, ".")
    page.line(f"Findings: {_found(counts) or 'none'}.", *_accepted(counts))
    if ruling.off:
        page.line(f"Off: {listed([f'{rule} ({number:,})' for rule, number in ruling.off.items()])}.", hang=2)
    for note in summary.notes:
        page.line(f"Note: {note}.", hang=2)
    rules = list(dict.fromkeys(ruled.finding.rule for ruled in ruling.ruled))
    if rules:
        others = f" (or {listed(rules[1:], 'or')})" if rules[1:] else ""
        page.line(f"What a rule means: fieldline explain {rules[0]}{others}", hang=2)
