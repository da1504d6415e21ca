"""The explanation of a rule: its own docstring, for a terminal and for the handbook."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING, Any

from .page import BAD, NOTE, STRONG, WARNING, Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...checker.rule import Rule
    from .page import Look

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
    """The handbook's page about all rules."""
    lines = [
        "# Rules",
        "",
        "Every rule claims that nothing goes wrong in its way. The verdict is `refuted`, with a concrete value that",
        "proves it, or `unknown`, with the reason; unknown is never safe. Where it is proved there is no finding.",
        "",
        "This page is generated from the output of `fieldline explain`.",
        "",
        "| rule | severity | |",
        "|---|---|---|",
        *(f"| [`{rule.name}`](#{rule.name}) | {rule.severity.value} | {rule.summary} |" for rule in rules),
    ]
    for rule in rules:
        lines += ["", f"## {rule.name}", "", f"Severity: {rule.severity.value}.", "", rule_markdown(rule)]
    return "\n".join(lines) + "\n"


def rule_markdown(rule: Rule[Any]) -> str:
    """The explanation of one rule, without a heading."""
    return "\n\n".join(
        f"```yaml\n{dedent(paragraph)}\n```" if _is_example(paragraph) else paragraph for paragraph in _paragraphs(rule)
    )


def _paragraphs(rule: Rule[Any]) -> list[str]:
    return rule.explanation.strip("\n").split("\n\n")


def _is_example(paragraph: str) -> bool:
    return paragraph.startswith("    ")
