"""Findings as GitHub-flavoured Markdown: a comment on a pull request, a job's summary.

The verdict with its value is in the first line. Then follow a drawing of the paths on which values fail, and every finding
with a table of its journey. A report that exceeds the length of a comment is cut, and the rest counted. The last line is a
marker that no reader sees: by it the comment of the run before is found and replaced.

No text of an estate or a customer is read as Markdown: everything but plain words is in `<code>`, with each sign as a
character reference. There `@name` notifies no user, `#123` links to nothing, and no address becomes a link.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote as quote_address

from ...checker.messages import brief, count
from ...checker.messages import record as shown_record
from ...checker.verdict.grouped import grouped
from ...documents.duration import duration
from ...documents.names import FieldName
from ...values.show import escape
from ..phrases import cell, fails_words, owner_words, waiver_words
from .answer import steps

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...checker.diff.diff import Diff, Movement, Shift
    from ...checker.finding import Finding, Hop
    from ...checker.verdict.grouped import FindingGroup
    from ...documents.location import Location
    from ...documents.problem import Problem
    from .answer import Answer, UnreadEstate

MOST_COMMENT_BYTES = 32_000
"""Bytes of a document in UTF-8, so that it is a comment on every platform however that counts: Bitbucket takes 32,768
characters ("content … at most 32768", its REST API's answer), GitHub 65,536 ("body is too long (maximum is 65536
characters)", likewise), GitLab 1,000,000 (its administration manual, "Size of comments and descriptions")."""
_LONGEST = 1_000
"""Characters of one message."""
_MOST_DRAWN = 12
"""Findings whose paths are drawn, the worst ones."""
_MOST_NODES = 40
_LONGEST_LABEL = 40
_MOST_CHANGES = 30
_MOST_NAMED = 8
_MOVEMENTS: dict[Movement, str] = {
    "tightened": "accepts less",
    "both": "accepts less of some and more of others",
    "unknown": "not decided",
    "loosened": "accepts more",
    "equal": "accepts the same",
}
_KEPT_FREE = 600
"""Bytes reserved for the counts of omitted items and for the marker."""

_SAFE_IN_ADDRESS = ":/?#[]@!$&'()*+,;=%"
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\S+')
"""A value in quotes, or a run of characters between blanks."""
_PLAIN = re.compile(r"\(?(?!www)[^\W\d_]+(?:['’-][^\W\d_]+)*[),;:.]*|[0-9]+(?:\.[0-9]+)?[,;]?|[–=→]", re.IGNORECASE)
"""A plain word or number, without meaning to Markdown, GitHub or GitLab in any position."""
_NAME = re.compile(r"(\(?)([\w.-]+)([),;:.]*)")
"""A name or number with the punctuation of its sentence."""
_OTHER = re.compile(r"()(.*?)([,;:.]*)")
_SIGNS = re.compile(r"[^\w \"'(),;=/+%.?-]|_|(?<=www)\.", re.ASCII | re.IGNORECASE)
"""The signs that Markdown, GitHub or GitLab interpret even inside `<code>`."""


def markdown(answer: Answer) -> str:
    """The findings of a command."""
    ruling = answer.ruling
    open_ = answer.by_change
    document = _Document()
    worst = f" {_prose(brief(open_[0].finding.message, _LONGEST))}" if open_ else ""
    document.add(f"**{_prose(brief(answer.headline, 400))}**{worst}")
    for note in answer.notes:
        document.add(_prose(f"{note}."))
    if answer.page:
        document.add(_link(answer.page))
    drawing = _drawing(answer, open_)
    if drawing:
        document.add(drawing)
    if ruling.off:
        off = ", ".join(f"{rule} ({number:,})" for rule, number in ruling.off.items())
        document.add(f"Rules that are off, and how much they found: {off}.")
    if answer.change is not None and answer.change.changes:
        document.add(_changes(answer.change))
    document.add_all((_finding(answer, group) for group in open_), len(open_), "more finding")
    if answer.change is not None and answer.change.reviewers:
        document.add(_reviewers(answer.change))
    for state, title in (("waived", "Waived"), ("known", "Known")):
        accepted = [ruled for ruled in ruling.ruled if ruled.state == state]
        groups = grouped(accepted)
        if accepted:
            document.add(f"### {title}: {len(accepted):,}")
            document.add_all((_accepted(answer, group) for group in groups), len(groups), f"more {state} finding")
    rules = list(dict.fromkeys(ruled.finding.rule for ruled in ruling.ruled))
    if rules:
        document.add(f"What a rule means: <code>fieldline explain {_signs(rules[0])}</code>")
    return document.render(marker(answer.command, answer.folder))


def marker(command: str, folder: str) -> str:
    """An invisible line that names the comment: what puts it there finds the earlier one by it, and replaces that.

    One for each command and estate; the estate's folder is written as a digest, for it may hold any sign.
    """
    digest = hashlib.sha256(folder.encode("utf-8", "backslashreplace")).hexdigest()[:12]
    return f"<!-- fieldline:{command}:{digest} -->"


def _link(address: str) -> str:
    """A link to the page of the change; every sign that could end it is percent-encoded."""
    return f"[The change, drawn](<{quote_address(address, safe=_SAFE_IN_ADDRESS)}>)"


def markdown_problems(unread: UnreadEstate) -> str:
    """The problems of the input."""
    document = _Document()
    first = unread.problems[0]
    document.add(f"**{_prose(unread.headline)}** {_prose(brief(first.message, _LONGEST))}")
    document.add_all((_problem(unread, problem) for problem in unread.problems), len(unread.problems), "more problem")
    return document.render(marker(unread.command, unread.folder))


class _Document:
    """Blocks, one below the other, up to a maximum length."""

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._left = MOST_COMMENT_BYTES - _KEPT_FREE

    def add(self, block: str) -> bool:
        """Add a block; False where there is no room for it."""
        size = len(block.encode()) + 2
        if size > self._left:
            return False
        self._blocks.append(block)
        self._left -= size
        return True

    def add_all(self, blocks: Iterator[str], total: int, noun: str) -> None:
        """Add blocks up to the first for which there is no room, and count the rest of the `total`."""
        added = 0
        for block in blocks:
            if not self.add(block):
                break
            added += 1
        if added < total:
            self._blocks.append(f"… and {count(total - added, noun)}.")

    def render(self, marker: str = "") -> str:
        """The document; the marker, for which room is kept, is its last line."""
        return "\n\n".join([*self._blocks, *([marker] if marker else [])]) + "\n"


# ---------------------------------------------------------------------------------------------------------- findings


def _finding(answer: Answer, group: FindingGroup) -> str:
    finding = group.finding
    kind = f"{finding.severity.value}, not decided" if finding.verdict == "unknown" else finding.severity.value
    blocks = [f"#### {kind}: {_signs(finding.rule)}", _prose(brief(finding.message, _LONGEST))]
    if finding.causes:
        cause = f" (cause {_code(group.shown.cause)})"
        places = [f"- changed at {_place(answer, finding.location)}, {_caused(finding)}{cause}"]
    else:
        places = [f"- accepted at {_place(answer, finding.location)}"]
    extent, fails = answer.extent(group), _fails(group)
    places += [f"- concerns {_prose(brief(extent, _LONGEST))}"] if extent else []
    places += [f"- {_prose(brief(fails, _LONGEST))}"] if fails else []
    if finding.binding is not None:
        obligation = f"{_code(brief(str(finding.binding.field), 200))}: {_prose(brief(finding.binding.sentence, 400))}"
        places.append(f"- fails at {_place(answer, finding.binding.location)}, {obligation}")
    owner = answer.owner(group.shown)
    if owner:
        places.append(f"- ask {_prose(brief(owner))}")
    blocks.append("\n".join(places))
    if finding.hops:
        blocks.append(_table(finding.hops))
    return "\n\n".join(blocks)


def _fails(group: FindingGroup) -> str:
    """The range of what fails, and a plain value among it."""
    finding = group.finding
    if not finding.causes or finding.verdict == "proved":
        return ""
    return fails_words(replace(finding, plain=finding.plain or group.plain))


def _caused(finding: Finding) -> str:
    """The changes that cause a finding."""
    names = [_code(f"{each.name} {each.constraint}".strip()) for each in finding.causes[:_MOST_NAMED]]
    more = f" and {len(finding.causes) - _MOST_NAMED:,} more" if len(finding.causes) > _MOST_NAMED else ""
    return ", ".join(names) + more


def _changes(change: Diff) -> str:
    """Changes, and their effect on the values that the field accepts."""
    moved = {shift.field: shift for shift in change.contracts}
    rows = ["| changed | before | now | |", "|---|---|---|---|"]
    for each in change.changes[:_MOST_CHANGES]:
        before, after = (_prose(brief(side.sentence, 200)) if side else "" for side in (each.before, each.after))
        movement = _movement(moved[each.name]) if isinstance(each.name, FieldName) and each.name in moved else ""
        rows.append(f"| {_code(f'{each.name} {each.constraint}'.strip())} | {before} | {after} | {movement} |")
    if len(change.changes) > _MOST_CHANGES:
        rows.append(f"\n… and {count(len(change.changes) - _MOST_CHANGES, 'more change')}.")
    return "\n".join(rows)


def _movement(shift: Shift) -> str:
    words = _MOVEMENTS[shift.movement]
    record = shift.rejected or shift.taken
    return f"{words}, for example {_code(shown_record(record))}" if record else words


def _reviewers(change: Diff) -> str:
    lines = ["#### Owners to ask"]
    for reviewer in change.reviewers[:_MOST_CHANGES]:
        more = f" and {count(len(reviewer.fields) - 1, 'more field')}" if len(reviewer.fields) > 1 else ""
        lines.append(f"- {_prose(owner_words(reviewer.owner) or '')}: {_code(str(reviewer.fields[0]))}{more}")
    return "\n".join(lines)


def _table(hops: Sequence[Hop]) -> str:
    rows = ["| field | value | after | steps applied |", "|---|---|---|---|"]
    for hop in hops:
        after = "" if hop.lag is None else duration(hop.lag)
        where, done = _code(brief(str(hop.field), 200)), _prose(brief(hop.transform, 200))
        rows.append(f"| {where} | {_code(cell(hop.value))} | {after} | {done} |")
    return "\n".join(rows)


def _accepted(answer: Answer, group: FindingGroup) -> str:
    finding, extent, waiver = group.finding, answer.extent(group), group.shown.waiver
    line = f"- {finding.severity.value}, {_signs(finding.rule)}: {_prose(brief(finding.message, _LONGEST))}"
    line += f" ({_prose(brief(extent, _LONGEST))})" if extent else ""
    return f"{line}<br>{_prose(waiver_words(waiver))}" if waiver else line


def _place(answer: Answer, place: Location) -> str:
    return _code(f"{brief(answer.path(place), 200)}:{place.line}")


def _problem(unread: UnreadEstate, problem: Problem) -> str:
    place = f":{problem.location.line}:{problem.location.column}" if problem.location else ""
    item = f"- {_code(f'{brief(unread.path(problem), 200)}{place}')}: {_prose(brief(problem.message, _LONGEST))}"
    if problem.suggestion:
        item += f"<br>try: {_code(brief(problem.suggestion, _LONGEST))}"
    if problem.expected:
        item += f"<br>expected: {_prose(brief(problem.expected, _LONGEST))}"
    return item


# ------------------------------------------------------------------------------------------------------------ drawing


def _drawing(answer: Answer, groups: Sequence[FindingGroup]) -> str:
    """The paths of the worst findings as a Mermaid flow chart, a box a system; empty where there is none."""
    journeys = [group.finding.hops for group in groups if len(group.finding.hops) > 1]
    nodes: dict[FieldName, int] = {}
    edges: dict[tuple[FieldName, FieldName], str] = {}
    failing: set[FieldName] = set()
    drawn = 0
    for hops in journeys[:_MOST_DRAWN]:
        if len(nodes.keys() | {hop.field for hop in hops}) > _MOST_NODES:
            break
        drawn += 1
        failing.add(hops[-1].field)
        for hop in hops:
            nodes.setdefault(hop.field, len(nodes))
        for before, after in steps(answer.estate, hops):
            edges.setdefault((before.field, after.field), after.transform)
    if not drawn:
        return ""
    lines = ["```mermaid", "flowchart LR"]
    systems: dict[str, list[FieldName]] = {}
    for name in nodes:
        systems.setdefault(name.system, []).append(name)
    for number, (system, names) in enumerate(systems.items()):
        lines.append(f'  subgraph s{number}["{_label(system)}"]')
        lines += [f'    n{nodes[name]}["{_label(f"{name.entity}.{name.field}")}"]' for name in names]
        lines.append("  end")
    for (source, target), transform in edges.items():
        label = f'|"{_label(transform)}"|' if transform else ""
        lines.append(f"  n{nodes[source]} -->{label} n{nodes[target]}")
    lines.append("  classDef fails stroke:#c00,stroke-width:3px")
    lines.append(f"  class {','.join(f'n{nodes[name]}' for name in nodes if name in failing)} fails")
    lines.append("```")
    if drawn < len(journeys):
        lines.append(f"\nDrawn: the paths of {drawn} of {len(journeys)} findings, the worst ones.")
    return "\n".join(lines)


def _label(text: str) -> str:
    """A text for a label of Mermaid's, which reads `#35;` as a sign, and many others as its own syntax."""
    shown = escape(brief(text, _LONGEST_LABEL))
    return "".join(c if c.isalnum() or c in " _-." else f"#{ord(c)};" for c in shown)


# ------------------------------------------------------------------------------------------------------------- texts


def _prose(text: str) -> str:
    """A sentence that may contain foreign text: everything but plain words is written as code."""
    parts: list[str] = []
    at = 0
    shown = escape(text).strip(" ")  # four blanks would make it a block of code
    for token in _TOKEN.finditer(shown):
        parts.append(shown[at : token.start()])
        at = token.end()
        word = token[0]
        if _PLAIN.fullmatch(word):
            parts.append(word)
            continue
        named = None if word.startswith('"') else _NAME.fullmatch(word) or _OTHER.fullmatch(word)
        before, core, after = named.groups() if named else ("", word, "")
        parts.append(f"{before}{_code(core)}{after}")
    return "".join([*parts, shown[at:]])


def _code(text: str) -> str:
    """A text as code, on one line, in a table too."""
    return f"<code>{_signs(escape(text))}</code>" if text else ""


def _signs(text: str) -> str:
    """A text as the content of `<code>`."""
    return _SIGNS.sub(_reference, text)


def _reference(sign: re.Match[str]) -> str:
    """A sign as a character reference; after `@` a comment, because plain texts are searched for mail addresses."""
    point = ord(sign[0])
    if point > 127:
        return sign[0]
    return f"&#{point};<!-- -->" if sign[0] == "@" else f"&#{point};"
