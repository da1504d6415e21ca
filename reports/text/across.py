"""Rules over records held against the stores, as text: what is broken, how often, what it means, and an example."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...checker.messages import brief, count
from ..record_words import title_of
from .page import BAD, FAINT, GOOD, STRONG, UNSURE, WARNING, Page

if TYPE_CHECKING:
    from ...rows.across.answer import AcrossAnswer, AcrossRule
    from .page import Look

_MOST_WAYS = 8


def across_text(answer: AcrossAnswer, look: Look) -> str:
    """The whole report."""
    page = Page(look)
    is_broken = any(rule.counts for rule in answer.rules)
    page.line((across_headline(answer), GOOD if answer.is_clean else BAD if is_broken else UNSURE))
    for rule in answer.rules:
        page.blank()
        _put_rule(page, rule, answer)
    return page.render()


def across_headline(answer: AcrossAnswer) -> str:
    """What was found, in a line."""
    broken = [rule for rule in answer.rules if rule.counts]
    unread = sum(rule.unread is not None for rule in answer.rules)
    if not answer.rules:
        return "No rule over records was found, and no rule between fields of an entity with a store."
    if broken:
        critical = sum(rule.impact is not None and rule.impact.is_critical for rule in broken)
        urgent = f", {critical} of them critical" if critical else ""
        rules = f"{len(broken)} of {count(len(answer.rules), 'rule')}"
        records = count(answer.records, "record breaks", "records break")
        return f"{records} {rules}{urgent}."
    if unread:
        return f"No record breaks a rule, but {count(unread, 'rule was', 'rules were')} not judged wholly."
    return f"Every record meets {count(len(answer.rules), 'rule')}."


def _put_rule(page: Page, rule: AcrossRule, answer: AcrossAnswer) -> None:
    entities = answer.estate.contracts.entities
    titles = " and ".join(title_of(answer.estate, entities[name]) for name in rule.entities)
    page.line((brief(rule.rule, 200), STRONG), (f"  {rule.kind}, {rule.location}", FAINT), hang=2)
    if rule.counts:
        words = f"{rule.broken:,} of {count(rule.records, 'record')}"
        page.line((words, BAD), f" in {titles} {'breaks' if rule.broken == 1 else 'break'} it", indent=2, hang=2)
    elif rule.unread is None:
        page.line((f"{count(rule.records, 'record')}", GOOD), f" in {titles}: all meet it", indent=2, hang=2)
    for each in rule.counts[:_MOST_WAYS]:
        example = "" if each.example is None else f", such as {brief(each.example, 60)}"
        page.line((f"{each.records:,}  {each.deviation}", WARNING), (example, FAINT), indent=4, hang=2)
    rest = rule.counts[_MOST_WAYS:]
    if rest:
        page.line(f"{sum(each.records for each in rest):,} in {count(len(rest), 'further way')}", indent=4)
    if rule.counts and rule.impact is not None:
        urgent = ("Critical: ", BAD) if rule.impact.is_critical else ("Meanwhile: ", FAINT)
        page.line(urgent, brief(str(rule.impact.text), 300), indent=2, hang=2)
    if rule.unread is not None:
        page.line(("not judged wholly", UNSURE), f": {rule.unread}", indent=2, hang=2)
