"""Dead letters by root as text, for a support agent: how many, since when, who let them in, what to do and to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...checker.messages import brief, count, listed, system_title
from ...formats.errors.reported import ERROR_ENGINE_TITLES
from ...values.show import show
from ..phrases import repair_words
from .error import error_sentence, origin_words, shape_words
from .page import BAD, FAINT, GOOD, STRONG, UNSURE, Page

if TYPE_CHECKING:
    from datetime import datetime

    from ...estate.load import Estate
    from ...rows.answers import RejectsAnswer, RejectsGroup
    from .page import Look


def rejects_text(answer: RejectsAnswer, look: Look) -> str:
    """The whole report."""
    page = Page(look)
    page.line((rejects_headline(answer), BAD if answer.groups else UNSURE if answer.records else GOOD))
    for group in answer.groups:
        if group.example.traced or not group.example.meant.places:
            _put_group(page, group, answer.estate)
    rest = [group for group in answer.groups if not group.example.traced and group.example.meant.places]
    if rest:
        page.blank()
        page.line(
            f"{count(sum(group.records for group in rest), 'further error')} of {count(len(rest), 'smaller cause')}."
        )
    if answer.unread:
        page.blank()
        page.line(
            (f"{answer.unread:,}", STRONG), " could not be read as an error: no engine is known to say this.", hang=2
        )
    return page.render()


def rejects_headline(answer: RejectsAnswer) -> str:
    """How many there are, and of how many causes."""
    if not answer.records:
        return f"{answer.file} holds no dead letter."
    found = count(answer.records, "dead letter")
    since = min((group.since for group in answer.groups if group.since is not None), default=None)
    until = max((group.until for group in answer.groups if group.until is not None), default=None)
    when = "" if since is None or until is None else f", from {_moment(since)} to {_moment(until)}"
    return f"{found} of {count(len(answer.groups), 'cause')}{when}."


def _moment(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"


def _put_group(page: Page, group: RejectsGroup, estate: Estate) -> None:
    page.blank()
    example = group.example
    if len(example.meant.places) != 1:
        page.line((f"{group.records:,}", STRONG), "  ", (error_sentence(example, estate), UNSURE), hang=2)
        for traced in example.traced:
            page.line(
                f"{listed([str(each.full_name) for each in traced.place])}: {origin_words(traced, estate)}",
                indent=4,
                hang=2,
            )
        _put_times(page, group)
        return
    (traced,) = example.traced
    page.line(
        (f"{group.records:,}", STRONG),
        f"  {shape_words(example.error, traced, estate)} {origin_words(traced, estate)}",
        hang=2,
    )
    _put_times(page, group)
    cause = traced.cause
    at = traced.field if cause is None else cause
    system = traced.field.system if cause is None else cause.entry.system
    page.line(
        ("DO   ", FAINT),
        f"{system_title(estate, system)}: ",
        repair_words(at.repair) or "the contract names no one",
        indent=4,
        hang=5,
    )
    if cause is not None and cause.instead is not None:
        page.line(f"every system accepts {show(cause.instead)}", indent=9, hang=2)
    if group.impact is not None:
        urgent = "Urgent: " if group.impact.is_critical else ""
        page.line(("WHEN ", FAINT), f"{urgent}{brief(str(group.impact.text), 200)}", indent=4, hang=5)
    page.line(("SAY  ", FAINT), traced.customer_text.text, indent=4, hang=5)
    if traced.disagreement is not None:
        page.line(("NOTE ", FAINT), f"the contract and the system differ: {traced.disagreement}", indent=4, hang=5)
    places = [str(constraint.location) for constraint in traced.stated]
    engines = listed([ERROR_ENGINE_TITLES[engine] for engine in group.engines])
    expert = [listed([str(each.full_name) for each in traced.place]), engines, *places]
    page.line(("for the expert: ", FAINT), ("; ".join(expert), FAINT), indent=4, hang=2)


def _put_times(page: Page, group: RejectsGroup) -> None:
    parts = []
    if group.since is not None and group.until is not None:
        parts.append(f"since {_moment(group.since)}, last {_moment(group.until)}")
    if group.values > 1:
        parts.append(f"{group.values:,} different values")
    if group.example.error.value is not None:
        parts.append(f"for example {show(group.example.error.value)}")
    if parts:
        page.line("; ".join(parts), indent=4, hang=2)
