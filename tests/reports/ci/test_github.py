"""Workflow commands: what the runner reads of them is what was meant, ten of a kind, those at changed lines first."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldline.checker.verdict.rulebook import DEFAULT_SEVERITIES
from fieldline.documents.location import Location
from fieldline.documents.names import FieldName
from fieldline.documents.problem import Problem
from fieldline.reports.ci.github import MOST_ANNOTATIONS, github, github_problems

from ..conftest import NASTY

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldline.estate.load import Estate
    from fieldline.reports.ci.answer import Answer, UnreadEstate

FIELDS = [f"f{number:02}" for number in range(25)]


@dataclass(frozen=True)
class Command:
    """One command, as the runner reads a line (actions/runner, ActionCommand.TryParseV2)."""

    name: str
    properties: dict[str, str]
    message: str


def read(line: str) -> Command:
    head, message = re.fullmatch(r"::([^:]*(?:[^:]|:(?!:))*?)::(.*)", line).groups()  # type: ignore[union-attr]
    name, _, rest = head.partition(" ")
    pairs = (pair.split("=", 1) for pair in rest.split(",") if pair)
    properties = {key: unescaped(value, {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","}) for key, value in pairs}
    return Command(name, properties, unescaped(message, {"%0D": "\r", "%0A": "\n"}))


def unescaped(text: str, signs: dict[str, str]) -> str:
    for sign, meaning in signs.items():
        text = text.replace(sign, meaning)
    return text.replace("%25", "%")


def many(estate: "Callable[..., Estate]", limit: int = 3) -> "Estate":
    """An estate with an escape for each of `FIELDS`."""
    flows = ", ".join(f"{{from: entry.e.{name}, to: b.e.{name}}}" for name in FIELDS)
    entry = ", ".join(f"{name}: {{type: text, max_length: 9}}" for name in FIELDS)
    lines = ",\n  ".join(f"{name}: {{type: text, max_length: {limit}}}" for name in FIELDS)
    return estate(f"[{flows}]", entry=f"{{{entry}}}", b=f"{{\n  {lines}}}")


def test_the_whole_of_a_small_escape(estate: "Callable[..., Estate]", answer: "Callable[..., Answer]") -> None:
    loaded = estate(
        "[{from: entry.e.a, to: b.e.a, via: [{suffix: x}]}]",
        entry="{a: {type: text, max_length: 5}}",
        b="{a: {type: text, max_length: 3}}",
    )
    assert github(answer(loaded, "estates/one")) == (
        "::error file=estates/one/contracts/entry.yaml,line=3,col=38,title=escape::"
        'entry.e.a accepts "abc", which arrives as "abcx"; b rejects it (b.e.a: at most 3 characters), 1 hop later'
        '%0APath: entry.e.a "abc" → b.e.a "abcx"'
        "%0AConstraint: b.e.a: at most 3 characters (estates/one/contracts/b.yaml:3)"
        "%0AAsk: T\n"
        "::notice title=fieldline check::test: 1 error.\n"
    )


def test_a_clean_estate_is_told_to_be_so_without_an_annotation(
    estate: "Callable[..., Estate]", answer: "Callable[..., Answer]"
) -> None:
    loaded = estate("[{from: entry.e.a, to: b.e.a}]", entry="{a: {type: text}}", b="{a: {type: text}}")
    (line,) = github(answer(loaded)).splitlines()
    assert line.startswith("::notice title=fieldline check::test: clean.")


def test_of_a_kind_ten_are_shown_and_the_rest_is_counted_and_logged(
    estate: "Callable[..., Estate]", answer: "Callable[..., Answer]"
) -> None:
    lines = github(answer(many(estate))).splitlines()
    errors = [read(line) for line in lines if line.startswith("::error")]
    assert len(errors) == MOST_ANNOTATIONS
    assert errors[-1].message == "16 more errors, in the log of this step and in its summary"
    start, end = lines.index("::group::16 more"), lines.index("::endgroup::")
    logged = lines[start + 1 : end]
    assert len(logged) == 16
    assert len(errors) - 1 + len(logged) == len(FIELDS)
    assert all(line.startswith("- error[escape] contracts/entry.yaml:3: entry.e.f") for line in logged)


def test_annotations_at_changed_lines_come_first_and_stand_at_those_lines(
    estate: "Callable[..., Estate]", answer: "Callable[..., Answer]"
) -> None:
    loaded = many(estate)
    line = loaded.contracts.fields[FieldName.read("b.e.f23")].location.line
    told = github(answer(loaded, changed=frozenset({("contracts/b.yaml", line)}))).splitlines()
    first, second = read(told[0]), read(told[1])
    assert first.message.startswith("entry.e.f23 accepts")
    assert (first.properties["file"], first.properties["line"]) == ("contracts/b.yaml", str(line))
    assert second.message.startswith("entry.e.f00 accepts")


def test_nothing_of_an_estate_becomes_a_command_or_a_property(
    hostile: "Estate", answer: "Callable[..., Answer]"
) -> None:
    told = github(answer(hostile, changed=frozenset()))
    lines = told.splitlines()
    assert all(
        re.match(r"::(error|warning|notice|group|endgroup)[ :]", line) or line.startswith("- ") for line in lines
    )
    for line in lines:
        if line.startswith("- "):
            assert "##[" not in line
            continue
        command = read(line)
        assert set(command.properties) <= {"file", "line", "col", "title"}
        assert command.properties.get("title") in {None, "fieldline check", *DEFAULT_SEVERITIES}
    assert any("##[error]gone %0A http:" in read(line).message for line in lines if line.startswith("::error"))


def test_in_the_log_neither_form_of_a_command_can_be_read(
    estate: "Callable[..., Estate]", answer: "Callable[..., Answer]"
) -> None:
    flows = ", ".join(f"{{from: entry.e.{name}, to: b.e.{name}}}" for name in FIELDS)
    fields = ", ".join(f"{name}: {{type: text, one_of: ['::error::gone ##[error]gone', ok]}}" for name in FIELDS)
    narrow = ", ".join(f"{name}: {{type: text, one_of: [ok]}}" for name in FIELDS)
    told = github(answer(estate(f"[{flows}]", entry=f"{{{fields}}}", b=f"{{{narrow}}}"))).splitlines()
    logged = [line for line in told if not line.startswith("::")]
    assert len(logged) == 16
    assert all("gone" in line and "##[" not in line for line in logged)


def test_what_cannot_be_read_is_an_error_at_its_place(unread: "Callable[..., UnreadEstate]") -> None:
    place = Location("contracts/a,b:c.yaml", 3, 4)
    told = github_problems(
        unread(Problem(place, f"bad\n{NASTY}", "that", "this"), Problem(None, "nowhere"), folder="x")
    )
    lines = [read(line) for line in told.splitlines()]
    assert [line.name for line in lines] == ["error", "error", "error"]
    assert lines[0].message == "Check not run."
    assert lines[1].properties == {
        "file": "x/contracts/a,b:c.yaml",
        "line": "3",
        "col": "4",
        "title": "cannot be read",
    }
    assert lines[1].message.endswith("\ntry: this\nexpected: that")
    assert lines[2].properties["file"] == "x/fieldline.yaml"


def test_of_many_problems_ten_are_shown_and_all_are_told(unread: "Callable[..., UnreadEstate]") -> None:
    problems = [Problem(Location("a.yaml", number, 1), f"problem {number}") for number in range(1, 31)]
    told = github_problems(unread(*problems)).splitlines()
    assert len([line for line in told if line.startswith("::error")]) == MOST_ANNOTATIONS
    assert all(any(line.endswith(f"problem {number}") for line in told) for number in range(1, 31))
