"""What a system holds of a record, in words: one sentence for each state of a hop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

from .phrase import shown
from .repairs import rounded_time
from .speech import value_words

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from .phrase import Phrase
    from .speech import Speech

HopState: TypeAlias = Literal[
    "as expected",
    "not yet due",
    "overdue",
    "differs",
    "refused",
    "absent",
    "not asked",
    "not reachable",
    "not known",
]
"""Whether a system holds what it should: it does; its time has not come; its time has passed; it holds something else; it
rejected the value; no flow brings it; it has no store that is read; its store did not answer; nobody described a step."""


@dataclass(frozen=True, slots=True)
class HopFact:
    """A state of one system."""

    state: HopState
    system: str
    """Its title."""
    due: datetime | None = None
    """When a change that is not yet due should have arrived; None: not stated."""
    late: timedelta | None = None
    """How long a change is overdue; None: not stated."""


def state_label(speech: Speech, state: HopState) -> Phrase:
    """A state in a word or two, for a table."""
    match state:
        case "as expected":
            return speech.say("as expected")
        case "not yet due":
            return speech.say("not yet due")
        case "overdue":
            return speech.say("overdue")
        case "differs":
            return speech.say("differs")
        case "refused":
            return speech.say("refused")
        case "absent":
            return speech.say("absent")
        case "not asked":
            return speech.say("not asked")
        case "not reachable":
            return speech.say("not reachable")
        case "not known":
            return speech.say("not known")
        case _:
            assert_never(state)


def hop_words(speech: Speech, fact: HopFact) -> Phrase:
    """A state in a sentence or two."""
    system = shown(fact.system)
    match fact.state:
        case "as expected":
            return speech.say("{system}: everything is as it should be.", system=system)
        case "not yet due" if fact.due is not None:
            due = value_words(speech, fact.due)
            return speech.say("{system}: the change has not arrived yet. It is due by {due}.", system=system, due=due)
        case "not yet due":
            return speech.say("{system}: the change has not arrived yet. It is not due yet.", system=system)
        case "overdue" if fact.late is not None:
            return _overdue(speech, system, fact.late)
        case "overdue":
            return speech.say("{system}: the change should have arrived already.", system=system)
        case "differs":
            return speech.say("{system}: another value is stored there than should be.", system=system)
        case "refused":
            return speech.say("{system}: the value was not accepted there.", system=system)
        case "absent":
            return speech.say("{system}: the value is not there, because nothing brings it there.", system=system)
        case "not asked":
            return speech.say("{system}: we did not look there.", system=system)
        case "not reachable":
            return speech.say("{system} isn't responding. We don't yet know if anything's wrong there.", system=system)
        case "not known":
            return speech.say("{system}: we don't know what should be there.", system=system)
        case _:
            assert_never(fact.state)


def _overdue(speech: Speech, system: Phrase, late: timedelta) -> Phrase:
    unit, number = rounded_time(late)
    match unit:
        case "minutes":
            return speech.count(
                "{system}: the change is {number} minute overdue.",
                "{system}: the change is {number} minutes overdue.",
                number,
                system=system,
            )
        case "hours":
            return speech.count(
                "{system}: the change is {number} hour overdue.",
                "{system}: the change is {number} hours overdue.",
                number,
                system=system,
            )
        case "days":
            return speech.count(
                "{system}: the change is {number} day overdue.",
                "{system}: the change is {number} days overdue.",
                number,
                system=system,
            )
        case _:
            assert_never(unit)
