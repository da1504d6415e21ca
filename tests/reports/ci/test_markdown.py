"""Markdown: the verdict first, the ways drawn, and nothing of an estate's read as anything but text by GitHub's parser."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cmarkgfm import github_flavored_markdown_to_html
from cmarkgfm.cmark import Options
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fieldline.documents.location import Location
from fieldline.documents.problem import Problem
from fieldline.estate.load import load_estate
from fieldline.reports.ci.markdown import MOST_COMMENT_BYTES, _code, _label, _prose, markdown, markdown_problems, marker
from fieldline.values.show import escape

from ..conftest import NASTY

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldline.estate.load import Estate
    from fieldline.reports.ci.answer import Answer, UnreadEstate

PRINTED = Path(__file__).with_name("printed") / "nordbank.md"
"""Made by: fieldline check examples/nordbank --output-format markdown > tests/reports/ci/printed/nordbank.md."""
OURS = {"p", "br", "strong", "code", "pre", "h3", "h4", "ul", "li", "table", "thead", "tbody", "tr", "th", "td"}
"""The elements that our Markdown is made of."""
REFERENCE = re.compile(r"[@#]\w|GH-\d|www\.|://|[\w.]+@", re.IGNORECASE)
"""What GitHub and GitLab make links and calls of, outside code."""


class Rendered(HTMLParser):
    """What a document becomes: its elements, the text outside code, the code."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.prose, self.code = "", [""]
        self._depth = 0
        self.feed(github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert attributes in ([], [("lang", "mermaid")]), attributes
        self.tags.add(tag)
        if tag == "code":
            self._depth += 1
            self.code.append("")

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag == "code"

    def handle_data(self, data: str) -> None:
        if self._depth or "mermaid" in data:
            self.code[-1] += data
        else:
            self.prose += data

    def handle_comment(self, data: str) -> None:
        assert data == " " or re.fullmatch(r" fieldline:[a-z]+:[0-9a-f]{12} ", data)


def test_the_bank_is_told_as_it_was_told(examples: Path, answer: "Callable[..., Answer]") -> None:
    told = answer(load_estate(examples / "nordbank"), "examples/nordbank")
    assert markdown(told) == PRINTED.read_text(encoding="utf-8")


def test_verdict_and_value_stand_in_the_first_line(examples: Path, answer: "Callable[..., Answer]") -> None:
    first = Rendered(markdown(answer(load_estate(examples / "nordbank"))).split("\n")[0])
    assert first.prose.startswith("nordbank: 8 errors, 6 warnings and 9 for information.")
    assert first.code[1:3] == ["web.signup.username", '"A"']


def test_a_clean_estate_is_one_line(estate: "Callable[..., Estate]", answer: "Callable[..., Answer]") -> None:
    loaded = estate("[{from: entry.e.a, to: b.e.a}]", entry="{a: {type: text}}", b="{a: {type: text}}")
    first, _, last = markdown(answer(loaded)).splitlines()
    assert first.startswith("**")
    assert last == marker("check", "")


def test_the_last_line_names_the_comment_and_is_the_same_whatever_is_found(
    estate: "Callable[..., Estate]", answer: "Callable[..., Answer]", unread: "Callable[..., UnreadEstate]"
) -> None:
    loaded = estate("[{from: entry.e.a, to: b.e.a}]", entry="{a: {type: text}}", b="{a: {type: text, max_length: 3}}")
    found, none = markdown(answer(loaded, "a -->")), markdown_problems(unread(Problem(None, "x")))
    marks = [text.splitlines()[-1] for text in (found, none)]
    assert all(re.fullmatch(r"<!-- fieldline:check:[0-9a-f]{12} -->", mark) for mark in marks)
    assert marks[0] == marker("check", "a -->") != marker("check", "b") != marker("diff", "b")
    assert Rendered(found).prose.count("fieldline:") == 0


@pytest.mark.parametrize(
    "address", ["https://ci.example/1/change.html?a=b#c", "https://x/>) [a](b) <script> \n ]", "https://é"]
)
def test_the_page_of_the_change_is_linked_whatever_its_address_holds(
    estate: "Callable[..., Estate]", answer: "Callable[..., Answer]", address: str
) -> None:
    loaded = estate("[{from: entry.e.a, to: b.e.a}]", entry="{a: {type: text}}", b="{a: {type: text}}")
    html = github_flavored_markdown_to_html(
        markdown(replace(answer(loaded), page=address)).split("\n\n")[1], Options.CMARK_OPT_UNSAFE
    )
    assert re.fullmatch(r'<p><a href="https://[^"]*">The change, drawn</a></p>\n', html)


def test_the_drawing_leads_along_flows_that_there_are(examples: Path, answer: "Callable[..., Answer]") -> None:
    told = answer(load_estate(examples / "nordbank"))
    text = markdown(told)
    drawing = text[text.index("```mermaid") : text.index("\n```\n")]
    systems = re.findall(r'subgraph s\d+\["(\w+)"\]\n((?:    n.*\n)+)', drawing)
    names = {
        number: f"{system}.{field}"
        for system, block in systems
        for number, field in re.findall(r'(n\d+)\["([\w.]+)"\]', block)
    }
    edges = {(names[a], names[b]) for a, b in re.findall(r"(n\d+) -->(?:\|.*\|)? (n\d+)", drawing)}
    flows = {(str(source.field), str(flow.target)) for flow in told.estate.flows for source in flow.sources}
    assert edges
    assert edges <= flows
    failing = re.search(r"class ([n\d,]+) fails", drawing)
    assert failing
    worst = [str(ruled.finding.hops[-1].field) for ruled in told.ruling.open if ruled.finding.hops]
    assert {names[number] for number in failing[1].split(",")} == set(worst[:12])  # as many as are drawn


def test_nothing_of_an_estate_becomes_markup_a_link_or_a_call(
    hostile: "Estate", answer: "Callable[..., Answer]", unread: "Callable[..., UnreadEstate]"
) -> None:
    problem = Problem(Location(NASTY, 1, 1), NASTY, NASTY, NASTY)
    for text in (markdown(answer(hostile, NASTY)), markdown_problems(unread(problem, folder=NASTY))):
        rendered = Rendered(text)
        assert rendered.tags <= OURS
        assert not REFERENCE.search(rendered.prose)
        assert "script" in "".join(rendered.code)


WORDS = st.sampled_from(
    [
        "@a",
        "#1",
        "GH-1",
        "a@b.cd",
        "www.a.b",
        "http://a.b",
        "<b>",
        "`",
        "``",
        "|",
        "*",
        "**a**",
        "_a_",
        "~~a~~",
        "[a](b)",
        "![a](b)",
        "&amp;",
        "\\",
        "$a$",
        "(a)",
        "(a.b.c:",
        "1.",
        "2)",
        "-",
        "+",
        "=",
        "#",
        ">",
        "---",
        "a|b",
        '"',
        '"a',
        "é",
        "deadbeef1",
        "!",
        "a",
    ]
)
SENTENCE = st.lists(WORDS | st.text(max_size=5), max_size=8).map(" ".join)


@given(SENTENCE)
@example(NASTY)
def test_a_sentence_is_shown_as_it_is_and_does_nothing(text: str) -> None:
    rendered = Rendered(_prose(text))
    assert rendered.tags <= {"p", "code"}
    assert not REFERENCE.search(rendered.prose)
    shown = github_flavored_markdown_to_html(_prose(text), Options.CMARK_OPT_UNSAFE)
    assert Text(shown).text.split() == escape(text).split()


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30) | SENTENCE)
@example("| a `b` |")
def test_a_cell_of_a_table_holds_exactly_its_value(value: str) -> None:
    rendered = Rendered(f"| a | b |\n|---|---|\n| {_code(value)} | c |\n")
    assert rendered.tags <= {"table", "thead", "tbody", "tr", "th", "td", "code"}
    assert "".join(rendered.code) == escape(value)


@given(st.text(max_size=30) | SENTENCE)
def test_a_label_of_a_drawing_holds_no_sign_that_mermaid_reads(text: str) -> None:
    label = _label(text)
    assert re.fullmatch(r"(?:[^\W]|[ _.-]|#\d+;)*", label)
    shown = re.sub(r"#(\d+);", lambda sign: chr(int(sign[1])), label)
    assert shown == escape(text) or (len(text) > 40 and shown == escape(f"{text[:39]}…"))


class Text(HTMLParser):
    """The text of some HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("size", [1, 40, 4_000])
def test_no_document_is_longer_than_a_comment_may_be_and_what_is_left_out_is_counted(
    estate: "Callable[..., Estate]", answer: "Callable[..., Answer]", size: int
) -> None:
    names = [f"f{number:03}" for number in range(150)]
    values = f"one_of: [{quoted_yaml('<' * size)}, ok]"
    flows = ", ".join(f"{{from: entry.e.{name}, to: b.e.{name}}}" for name in names)
    entry = ", ".join(f"{name}: {{type: text, {values}}}" for name in names)
    narrow = ", ".join(f"{name}: {{type: text, one_of: [ok]}}" for name in names)
    text = markdown(answer(estate(f"[{flows}]", entry=f"{{{entry}}}", b=f"{{{narrow}}}")))
    assert len(text.encode()) <= MOST_COMMENT_BYTES
    shown = text.count("\n#### ")
    left = re.search(r"… and (\d+) more findings\.", text)
    assert left
    assert shown + int(left[1]) == 150
    assert shown > 5


def quoted_yaml(text: str) -> str:
    return f"'{text}'"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
@given(st.integers(1, 500), st.sampled_from(["<", "a", "é", "|"]))
def test_of_problems_too_the_rest_is_counted(unread: "Callable[..., UnreadEstate]", number: int, sign: str) -> None:
    text = markdown_problems(unread(*[Problem(Location("a.yaml", 1, 1), sign * 2_000)] * number))
    assert len(text.encode()) <= MOST_COMMENT_BYTES
    left = re.search(r"… and ([\d,]+) more problems?\.", text)
    assert text.count("\n- ") + int(left[1].replace(",", "") if left else 0) == number


def test_what_is_waived_is_told_as_waived(estate: "Callable[..., Estate]", answer: "Callable[..., Answer]") -> None:
    loaded = estate(
        "[{from: entry.e.a, to: b.e.a}]", entry="{a: {type: text, max_length: 5}}", b="{a: {type: text, max_length: 3}}"
    )
    (loaded.root / "fieldline.yaml").write_text(
        "estate: test\nwaivers: [{rule: escape, field: entry.e.a, owner: Web, reason: soon, expires: 2026-07-01}]\n"
    )
    told = (
        '- error, escape: <code>entry.e.a</code> accepts <code>"abcd"</code>; b rejects it (<code>b.e.a</code>: '
        "at most 3 characters), 1 hop later<br>waived until <code>2026-07-01</code> by Web: soon"
    )
    text = markdown(answer(load_estate(loaded.root)))
    assert text.split("\n\n") == [
        "**test: no open finding. Besides, 1 waived.**",
        "### Waived: 1",
        told,
        "What a rule means: <code>fieldline explain escape</code>",
        f"{marker('check', '')}\n",
    ]
