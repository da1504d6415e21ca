"""Findings as workflow commands of GitHub Actions: annotations at the lines of a pull request.

GitHub shows ten annotations of a kind per step and drops the rest without a word, so those at changed lines come first,
then the worst, and the tenth says how many more there are. The rest is in the log, in a collapsed group.

    ::error file=contracts/web.yaml,line=12,col=7,title=escape::web.signup.username accepts "abcdefghijklm" …

Source: the runner's own reading of such lines (actions/runner, ActionCommand). It knows an older form, `##[…]`, that it
accepts anywhere in a line; no line of this report contains it outside a command's escaped message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...checker.messages import brief, count
from ...values.show import escape
from ..phrases import way

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...checker.verdict.grouped import FindingGroup
    from ...documents.location import Location
    from ...documents.problem import Problem
    from .answer import Answer, UnreadEstate

MOST_ANNOTATIONS = 10
"""Annotations of a kind that GitHub shows per step."""
_KINDS = {"error": "error", "warning": "warning", "info": "notice"}
"""Per severity, the command."""
_LONGEST = 4_000
"""Characters of a message."""


def github(answer: Answer) -> str:
    """The findings of a command; the last line is the verdict."""
    lines: list[str] = []
    rest: list[FindingGroup] = []
    by_kind: dict[str, list[FindingGroup]] = {kind: [] for kind in _KINDS.values()}
    for group in answer.by_change:
        by_kind[_KINDS[group.finding.severity.value]].append(group)
    for kind, all_of_it in by_kind.items():
        most = MOST_ANNOTATIONS if kind != "notice" else MOST_ANNOTATIONS - 1  # the verdict is a notice too
        shown = all_of_it if len(all_of_it) <= most else all_of_it[: most - 1]
        lines += [_annotation(answer, kind, group) for group in shown]
        if len(shown) < len(all_of_it):
            more = count(len(all_of_it) - len(shown), f"more {kind}")
            lines.append(_command(kind, f"{more}, in the log of this step and in its summary", {"title": "fieldline"}))
            rest += all_of_it[len(shown) :]
    if rest:
        lines.append(_command("group", f"{len(rest):,} more", {}))
        lines += [_logged(answer, group) for group in rest]
        lines.append(_command("endgroup", "", {}))
    lines.append(_command("notice", answer.headline, {"title": f"fieldline {answer.command}"}))
    return "".join(f"{line}\n" for line in lines)


def github_problems(unread: UnreadEstate) -> str:
    """The problems of the input."""
    most = MOST_ANNOTATIONS - 1
    lines = [_command("error", unread.headline, {"title": f"fieldline {unread.command}"})]
    lines += [_problem(unread, problem) for problem in unread.problems[:most]]
    rest = unread.problems[most:]
    if rest:
        lines[-1] = _command("error", f"{count(len(rest) + 1, 'more problem')}, in the log", {"title": "fieldline"})
        lines.append(_command("group", f"{len(rest) + 1:,} more", {}))
        lines += [_plain(f"{unread.path(each)}: {each.message}") for each in unread.problems[most - 1 :]]
        lines.append(_command("endgroup", "", {}))
    return "".join(f"{line}\n" for line in lines)


def _annotation(answer: Answer, kind: str, group: FindingGroup) -> str:
    finding = group.finding
    place = answer.place(finding)
    title = f"{finding.rule} (not decided)" if finding.verdict == "unknown" else finding.rule
    message = [brief(finding.message, _LONGEST)]
    extent = answer.extent(group)
    if extent:
        message.append(f"Concerns: {extent}")
    if finding.hops:
        message.append(f"Path: {way(finding.hops)}")
    if finding.binding is not None:
        obligation = f"{finding.binding.field}: {brief(finding.binding.sentence, 400)}"
        message.append(
            f"Constraint: {obligation} ({answer.path(finding.binding.location)}:{finding.binding.location.line})"
        )
    owner = answer.owner(group.shown)
    if owner:
        message.append(f"Ask: {brief(owner)}")
    if group.shown.cause:
        message.append(f"Cause: {group.shown.cause}")
    return _command(kind, "\n".join(map(escape, message)), _at(answer.path(place), place) | {"title": title})


def _problem(unread: UnreadEstate, problem: Problem) -> str:
    message = [problem.message]
    message += [f"try: {problem.suggestion}"] if problem.suggestion else []
    message += [f"expected: {problem.expected}"] if problem.expected else []
    place = {"file": unread.path(problem)} if problem.location is None else _at(unread.path(problem), problem.location)
    text = "\n".join(escape(brief(line, _LONGEST)) for line in message)
    return _command("error", text, place | {"title": "cannot be read"})


def _at(path: str, place: Location) -> dict[str, str]:
    return {"file": escape(path), "line": str(place.line), "col": str(place.column)}


def _logged(answer: Answer, group: FindingGroup) -> str:
    finding = group.finding
    place, extent = answer.place(finding), answer.extent(group)
    message = f"{finding.message} ({extent})" if extent else finding.message
    return _plain(f"{finding.severity.value}[{finding.rule}] {answer.path(place)}:{place.line}: {message}")


def _plain(text: str) -> str:
    """A line of the log that is no command: none begins with `::`, and none holds the older form."""
    return f"- {escape(text).replace('##[', '# #[')}"


def _command(name: str, message: str, properties: dict[str, str]) -> str:
    written = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name}{' ' if written else ''}{written}::{_data(message)}"


def _data(text: str) -> str:
    return _replaced(text, (("%", "%25"), ("\r", "%0D"), ("\n", "%0A")))


def _property(text: str) -> str:
    return _replaced(_data(text), ((":", "%3A"), (",", "%2C")))


def _replaced(text: str, pairs: Iterable[tuple[str, str]]) -> str:
    for old, new in pairs:
        text = text.replace(old, new)
    return text
