"""How long a repair takes, and who makes it, in words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

from .phrase import shown

if TYPE_CHECKING:
    from .phrase import Phrase
    from .speech import Speech

TimeUnit: TypeAlias = Literal["minutes", "hours", "days"]

_HOUR, _DAY, _MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)


def rounded_time(length: timedelta) -> tuple[TimeUnit, int]:
    """A length of time in whole units, rounded up: a promise is not broken by its rounding."""
    if length < _HOUR:
        return "minutes", max(1, -(-length // _MINUTE))
    if length < _DAY:
        return "hours", -(-length // _HOUR)
    return "days", -(-length // _DAY)


def usual_time(speech: Speech, length: timedelta, *, working: bool = False) -> Phrase:
    """How long a repair usually takes, in a sentence; `working`: of the hours, or days, at which the team works."""
    unit, number = rounded_time(length)
    match unit:
        case "minutes":
            return speech.count("It usually takes {number} minute.", "It usually takes {number} minutes.", number)
        case "hours" if working:
            return speech.count(
                "It usually takes {number} working hour.", "It usually takes {number} working hours.", number
            )
        case "hours":
            return speech.count("It usually takes {number} hour.", "It usually takes {number} hours.", number)
        case "days" if working:
            return speech.count(
                "It usually takes {number} working day.", "It usually takes {number} working days.", number
            )
        case "days":
            return speech.count("It usually takes {number} day.", "It usually takes {number} days.", number)
        case _:
            assert_never(unit)


def within_time(speech: Speech, length: timedelta) -> Phrase:
    """The time by which something is usually done, as a part of a sentence."""
    unit, number = rounded_time(length)
    match unit:
        case "minutes":
            return speech.count("within {number} minute", "within {number} minutes", number)
        case "hours":
            return speech.count("within {number} hour", "within {number} hours", number)
        case "days":
            return speech.count("within {number} day", "within {number} days", number)
        case _:
            assert_never(unit)


def asked_team(speech: Speech, team: str) -> Phrase:
    """A team was asked for the repair."""
    return speech.say("We've asked {team} to correct it.", team=shown(team))
