"""The explanation of a rule: its own docstring, for a terminal and for the handbook."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING, Any

from ...estate.policy import CONFIGURABLE
from .page import BAD, NOTE, STRONG, WARNING, Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...checker.rule import Rule
    from .page import Look

_TITLES = {
    "": "What it finds",
    "Why": "Why it matters",
    "Bad": "Example",
    "Good": "How to fix it",
    "Options": "Options",
}
"""The headings of a rule's page, by the label that begins their paragraphs in the explanation."""
_STYLES = {"error": BAD, "warning": WARNING, "info": NOTE}


def rule_text(rule: Rule[Any], look: Look) -> str:
    """One rule, explained."""
    page = Page(look)
    severity = rule.severity.value
    page.line((rule.name, STRONG), " (", (severity, _STYLES[severity]), ")")
    for paragraph in _paragraphs(rule):
        page.blank()
        if _is_example(paragraph):
            for line in paragraph.split("\n"):
                page.source(line)
        else:
            page.line(" ".join(paragraph.split("\n")))
    return page.render()


def rules_text(rules: Sequence[Rule[Any]], look: Look) -> str:
    """All rules, a line each."""
    page = Page(look)
    rows = [((rule.name, STRONG), (rule.severity.value, _STYLES[rule.severity.value]), rule.summary) for rule in rules]
    page.table(rows, yields=(2,))
    page.blank()
    page.line("fieldline explain RULE says more, with a bad and a good example.")
    return page.render()


def rules_markdown(rules: Sequence[Rule[Any]]) -> str:
    """A page that leads to the page of every rule, `rules/NAME.md`."""
    lines = [
        "# Rules",
        "",
        "A rule looks for one kind of fault. Each finding has the verdict `refuted`, with a concrete value that proves it,",
        "or `unknown`, with the reason; unknown is never safe. Where nothing can go wrong there is no finding.",
        "",
        "| rule | severity | |",
        "|---|---|---|",
        *(f"| [`{rule.name}`](rules/{rule.name}.md) | {rule.severity.value} | {rule.summary} |" for rule in rules),
    ]
    return "\n".join(lines) + "\n"


def rule_page(rule: Rule[Any]) -> str:
    """The page of one rule."""
    return f"# {rule.name}\n\n{rule_markdown(rule)}\n"


def rule_markdown(rule: Rule[Any]) -> str:
    """The explanation of one rule under its fixed headings, without a title."""
    parts = []
    for title, paragraphs in _sections(rule).items():
        parts.append(f"## {title}")
        parts += [
            f"```yaml\n{dedent(paragraph)}\n```" if _is_example(paragraph) else paragraph for paragraph in paragraphs
        ]
    return "\n\n".join(parts)


def _sections(rule: Rule[Any]) -> dict[str, list[str]]:
    """The paragraphs of an explanation by their headings; a label ("Why:") begins those of another heading."""
    sections: dict[str, list[str]] = {title: [] for title in _TITLES.values()}
    title = _TITLES[""]
    for paragraph in _paragraphs(rule):
        label, text = _label(paragraph)
        title = _TITLES[label] if label else title
        if text:
            sections[title].append(text[0].upper() + text[1:] if label else text)
    sections["Options"].insert(0, _severity(rule))
    return sections


def _label(paragraph: str) -> tuple[str, str]:
    label, colon, rest = paragraph.partition(":")
    return (label, rest.lstrip()) if colon and label in _TITLES else ("", paragraph)


def _severity(rule: Rule[Any]) -> str:
    level = rule.severity.value
    if rule.name not in CONFIGURABLE:
        return f"Severity: {level}. A policy cannot change it."
    return (
        f"Severity: {level}. `rules: {{{rule.name}: …}}` in `fieldline.yaml` makes it `error`, `warning`, `info` or `off`; "
        "a waiver or the baseline accepts single findings."
    )


def _paragraphs(rule: Rule[Any]) -> list[str]:
    return rule.explanation.strip("\n").split("\n\n")


def _is_example(paragraph: str) -> bool:
    return paragraph.startswith("    ")
