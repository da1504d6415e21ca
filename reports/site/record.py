"""A record in every system as a part of a page, and as a page of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...checker.messages import brief
from ...sentences.phrase import Phrase
from ...sentences.speech import speech
from ..record_words import (
    course,
    course_head,
    do_words,
    fault_sentence,
    find_headline,
    hit_words,
    key_words,
    moment_words,
    record_headline,
    referring_remarks,
    remarks,
    state_words,
    stop_label,
    title_of,
    title_of_field,
    when_words,
)
from .site import Frame

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...application.record import FindAnswer, RecordAnswer
    from ...checker.record.fault import Fault
    from ...checker.record.stop import StopState
    from ...documents.problem import Problem

_STYLES: Mapping[StopState, str] = {
    "as expected": "proved",
    "not yet due": "unknown",
    "overdue": "refuted",
    "differs": "refuted",
    "refused": "refuted",
    "absent": "unknown",
    "not asked": "muted",
    "not reachable": "unknown",
    "not known": "unknown",
}
"""By the state, the class of its words; the words say it, too."""


def record_page(answer: RecordAnswer) -> str:
    """The record as a page of its own, which links nowhere and runs no script."""
    title = answer.estate.title or answer.estate.name
    return Frame(title).page("record_page.html", "", record_content(answer))


def record_part(answer: RecordAnswer, frame: Frame) -> str:
    """The record as an `article`, for a page that somebody else makes."""
    return frame.part("record.html", record_content(answer))


def find_page(answer: FindAnswer) -> str:
    """What a text leads to, where it is not one record."""
    lines = [(what, text) for what, text, _ in hit_words(answer)]
    return _message(answer.estate.title or answer.estate.name, find_headline(answer), lines)


def problems_page(problems: Sequence[Problem], headline: str) -> str:
    """The problems that prevented an answer."""
    lines = [(f"{each.location}:" if each.location else "", each.message) for each in problems]
    return _message("Fieldline", headline, lines)


def _message(title: str, headline: str, lines: Sequence[tuple[str, str]]) -> str:
    return Frame(title).page("message_page.html", "", {"headline": headline, "lines": lines})


def record_content(answer: RecordAnswer) -> dict[str, Any]:
    """What the template is filled with."""
    where, estate, spoken = answer.where, answer.estate, speech(answer.language)
    every = (answer, *answer.referring)
    return {
        "headline": record_headline(answer),
        "language": answer.language,
        "words": {
            "do": spoken.say("Do"),
            "when": spoken.say("When"),
            "say": spoken.say("Say"),
            "course": course_head(spoken),
            "where": spoken.say("Where it is"),
            "head": [
                spoken.say("System"),
                spoken.say("Key"),
                spoken.say("State"),
                spoken.say("As expected"),
                spoken.say("Changed"),
            ],
            "expert": spoken.say("For the expert"),
        },
        "faults": [
            _fault(fault, each, said.text)
            for each in every
            for fault, said in zip(each.where.faults, each.customer_texts, strict=True)
        ],
        "remarks": [*remarks(where, estate, spoken), *referring_remarks(answer)],
        "systems": [
            {
                "title": title_of(estate, stop.entity, spoken),
                "key": key_words(stop.key),
                "state": stop.state,
                "told": stop_label(stop, spoken),
                "met": state_words(stop, spoken),
                "changed": moment_words(stop.changed, spoken) if stop.changed else "",
            }
            for each in every
            for stop in each.where.stops
        ],
        "expert": [
            (
                str(field.field.full_name),
                field.state,
                "; ".join(f"{brief(rule.sentence, 200)} ({rule.location})" for rule in field.constraints),
                str(field.field.location),
            )
            for each in every
            for fault in each.where.faults
            for field in fault.fields
        ],
        "styles": _STYLES,
    }


def _fault(fault: Fault, answer: RecordAnswer, said: str) -> dict[str, Any]:
    where, estate, spoken = answer.where, answer.estate, speech(answer.language)
    told = [field for field in fault.fields if not (field.reason and fault.is_refused)]
    return {
        "sentence": fault_sentence(fault, where, estate, spoken),
        "do": do_words(fault, where, estate, spoken),
        "when": when_words(fault, where, estate, spoken),
        "say": said,
        "courses": [
            (
                title_of_field(field.field, spoken),
                spoken.say("{field} in every system", field=Phrase(title_of_field(field.field, spoken))),
                list(course(field, fault, where, estate, spoken)),
            )
            for field in told
        ],
    }
