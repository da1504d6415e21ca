"""A record in every system, as text for a support agent on the telephone.

What is wrong comes first, with what to do, until when, and what to say; then where its values are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...checker.messages import brief
from ...sentences.speech import speech
from ..record_words import (
    catcher_words,
    changed_words,
    course,
    course_head,
    do_words,
    fault_sentence,
    find_headline,
    hit_words,
    key_words,
    record_headline,
    referring_remarks,
    remarks,
    state_words,
    stop_label,
    title_of,
    title_of_field,
    when_words,
)
from .page import BAD, FAINT, GOOD, STRONG, UNSURE, WARNING, Page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...application.record import FindAnswer, RecordAnswer
    from ...checker.record.fault import Fault
    from ...checker.record.stop import HeldField, Stop, StopState
    from ...checker.record.whereabouts import Whereabouts
    from ...documents.names import FieldName
    from ...estate.load import Estate
    from ...sentences.speech import Speech
    from .page import Look, StyledText

_STYLES: Mapping[StopState, str] = {
    "as expected": GOOD,
    "not yet due": WARNING,
    "overdue": BAD,
    "differs": BAD,
    "refused": BAD,
    "absent": WARNING,
    "not asked": FAINT,
    "not reachable": UNSURE,
    "not known": UNSURE,
}


def record_text(answer: RecordAnswer, look: Look) -> str:
    """The whole report."""
    page, where, estate, spoken = Page(look), answer.where, answer.estate, speech(answer.language)
    style = (
        BAD
        if where.number_wrong
        else UNSURE
        if where.number_open or not where.found
        else GOOD
        if where.is_well
        else WARNING
    )
    page.line((record_headline(answer), style))
    shown: set[frozenset[FieldName]] = set()
    every = (answer, *answer.referring)
    for each in every:
        if each is not answer and each.where.faults:
            page.blank()
            page.line((record_headline(each), BAD))
        for fault, said in zip(each.where.faults, each.customer_texts, strict=True):
            _put_fault(page, fault, said.text, each, shown)
    _put_remarks(page, answer, spoken)
    _put_systems(page, [stop for each in every for stop in each.where.stops], estate, spoken)
    _put_expert(page, [fault for each in every for fault in each.where.faults], spoken)
    return page.render()


# ------------------------------------------------------------------------------------------------------------- faults


def _put_fault(page: Page, fault: Fault, said: str, answer: RecordAnswer, shown: set[frozenset[FieldName]]) -> None:
    """`said`: to the customer. `shown`: the values, by where they come from, whose course was shown already."""
    where, estate, spoken = answer.where, answer.estate, speech(answer.language)
    page.blank()
    page.line(("✗ ", BAD), (fault_sentence(fault, where, estate, spoken), STRONG), hang=2)
    words = (spoken.say("DO"), spoken.say("WHEN"), spoken.say("SAY"))
    width = max(map(len, words)) + 2
    parts = (do_words(fault, where, estate, spoken), when_words(fault, where, estate, spoken), said)
    for word, text in zip(words, parts, strict=True):
        if text is not None:
            page.line((word.ljust(width), FAINT), text, indent=4, hang=width)
    for field in fault.fields:
        course = frozenset(field.origins)
        if course not in shown and not (field.reason and fault.is_refused):
            shown.add(course)
            _put_course(page, field, fault, where, estate, spoken)
    caught = catcher_words(fault, estate, spoken)
    if caught is not None:
        page.line(caught, indent=4, hang=2)


def _put_course(page: Page, field: HeldField, fault: Fault, where: Whereabouts, estate: Estate, spoken: Speech) -> None:
    """One value in every system on its way, the earliest first."""
    wanted, held, _, _ = course_head(spoken)
    head = (title_of_field(field.field, spoken), wanted, held, "", "")
    rows: list[tuple[StyledText, ...]] = [tuple((word, FAINT) for word in head)]
    for row in course(field, fault, where, estate, spoken):
        rows.append((row.system, row.wanted, row.held, (row.told, _STYLES[row.state]), row.carrier))
    page.table(rows, indent=6, yields=(4, 3, 0, 1, 2))


# ----------------------------------------------------------------------------------------------------- what else there is


def _put_remarks(page: Page, answer: RecordAnswer, spoken: Speech) -> None:
    told = [*remarks(answer.where, answer.estate, spoken), *referring_remarks(answer)]
    if told:
        page.blank()
    for what, text in told:
        page.line((f"{what} ", STRONG), text, hang=2)


def _put_systems(page: Page, stops: Sequence[Stop], estate: Estate, spoken: Speech) -> None:
    if not stops:
        return
    page.blank()
    page.line((spoken.say("Where it is"), STRONG))
    rows: list[tuple[StyledText, ...]] = []
    for stop in stops:
        rows.append(
            (
                title_of(estate, stop.entity, spoken),
                key_words(stop.key),
                (stop_label(stop, spoken), _STYLES[stop.state]),
                state_words(stop, spoken),
                changed_words(stop, spoken),
            )
        )
    page.table(rows, indent=2, yields=(4, 0, 1))


def _put_expert(page: Page, faults: Sequence[Fault], spoken: Speech) -> None:
    if not faults:
        return
    page.blank()
    page.line((spoken.say("For the expert"), FAINT))
    for fault in faults:
        for field in fault.fields:
            words = "; ".join(f"{brief(each.sentence, 200)}  {each.location}" for each in field.constraints)
            page.line(
                f"{field.field.full_name}: {field.state}",
                f"  {words}" if words else "",
                (f"  {field.field.location}", FAINT),
                indent=2,
                hang=2,
            )


# --------------------------------------------------------------------------------------------------------- no one record


def find_text(answer: FindAnswer, look: Look) -> str:
    """What a text leads to, where it is not one record."""
    page = Page(look)
    page.line((find_headline(answer), WARNING if answer.hits.hits else UNSURE))
    for what, text, command in hit_words(answer):
        page.line((what, STRONG), f" {text}", indent=2, hang=2)
        if command:
            page.line((command, FAINT), indent=4, hang=2)
    return page.render()
