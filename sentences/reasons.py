"""Why something is not known, or was not read, in plain words: the reasons that searches and stores give, in English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .phrase import Phrase

if TYPE_CHECKING:
    from .speech import Speech

_LATE = re.compile(r"it did not answer in its time \(([0-9]+) seconds?\)")
_SEVERAL = re.compile(r"(more than )?([0-9]+) records fit")
_REFUSED = re.compile(r"the record was refused for (.+)")
_ELSEWHERE = re.compile(r"(.+) may have brought it, and was not read")
_LACKING = re.compile(r"the record arrives without (.+)")


def reason_sentence(speech: Speech, reason: str) -> Phrase:
    """A reason, without a full stop; one that is not known here stays as it is."""
    if speech.language == "en":
        return Phrase(reason)
    if found := _LATE.fullmatch(reason):
        return speech.count(
            "it did not answer in its time ({number} second)",
            "it did not answer in its time ({number} seconds)",
            int(found[1]),
        )
    if found := _SEVERAL.fullmatch(reason):
        if found[1]:
            return speech.count("more than {number} record fits", "more than {number} records fit", int(found[2]))
        return speech.count("{number} record fits", "{number} records fit", int(found[2]))
    if found := _REFUSED.fullmatch(reason):
        return speech.say("the record was refused for {field}", field=Phrase(found[1]))
    if found := _ELSEWHERE.fullmatch(reason):
        return speech.say("{system} may have brought it, and was not read", system=Phrase(found[1]))
    if found := _LACKING.fullmatch(reason):
        return speech.say("the record arrives without {field}", field=Phrase(found[1]))
    return dict(_plain(speech)).get(reason, Phrase(reason))


def _plain(speech: Speech) -> list[tuple[str, Phrase]]:
    """The reasons without a part of their own."""
    return [
        ("no store is described", speech.say("no store is described")),
        ("its store does not hold this field", speech.say("its store does not hold this field")),
        ("its contract rejects this value", speech.say("its contract rejects this value")),
        ("what must arrive there is not known", speech.say("what must arrive there is not known")),
        (
            "it changed later than the system that feeds it",
            speech.say("it changed later than the system that feeds it"),
        ),
        ("it has no such record", speech.say("it has no such record")),
        ("no flow brings it there", speech.say("no flow brings it there")),
        (
            "no flow of this estate brings anything there",
            speech.say("no flow of this estate brings anything there"),
        ),
        (
            "whether a record must be there is not known",
            speech.say("whether a record must be there is not known"),
        ),
        ("its key is null", speech.say("its key is not filled in")),
        (
            "nothing that is known identifies its record",
            speech.say("nothing that is known identifies its record"),
        ),
        (
            "more spellings of its key are possible than were tried",
            speech.say("more spellings of its key are possible than were tried"),
        ),
        ("it changed while it was read", speech.say("it changed while it was read")),
        ("it did not answer in time", speech.say("it did not answer in time")),
        ("nobody answers at its address", speech.say("nobody answers at its address")),
    ]
