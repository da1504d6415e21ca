"""Speech: messages, numbers, dates and lists in one language.

The messages are written in English, where they are used; the catalogues in `catalogues/` translate them. English needs no
package; the other languages need Babel, of the extra `language`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Protocol

from ..values.instants import in_zone
from .phrase import Phrase, filled_in, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..documents.local_text import SpokenLanguage
    from ..values.valueset import Value

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Speech(Protocol):
    """One language."""

    @property
    def language(self) -> SpokenLanguage:
        """Its code."""

    def say(self, message: str, /, **values: Phrase) -> Phrase:
        """A message with its placeholders filled in."""

    def count(self, one: str, many: str, number: int, /, **values: Phrase) -> Phrase:
        """A message about a number of things, in the form for that number; `{number}` is filled in."""

    def number(self, number: int | Decimal, /) -> Phrase:
        """A number, as it is written there."""

    def day(self, day: date, /) -> Phrase:
        """A date with the name of its month."""

    def weekday(self, day: date, /) -> Phrase:
        """A date near today: the day of the week and of the month, both short, without the year."""

    def clock(self, moment: time, /) -> Phrase:
        """A time of day, to the minute, or to the second where it has seconds."""

    def listed(self, words: Sequence[Phrase], /, *, either: bool = False) -> Phrase:
        """Several words: "a, b and c"; `either`: "a, b or c"."""


@cache
def speech(language: SpokenLanguage) -> Speech:
    """Speech in a language. Raises ModuleNotFoundError where that needs an extra that is not installed."""
    if language == "en":
        return _English()
    from .translated import Translated

    return Translated(language)


def value_words(speech: Speech, value: Value) -> Phrase:
    """A value as a part of a sentence."""
    match value:
        case None | "":
            return speech.say("(empty)")
        case bool():
            return speech.say("yes") if value else speech.say("no")
        case str():
            return shown(value)
        case int() | Decimal():
            return speech.number(value)
        case datetime():
            moment = in_zone(value, UTC)
            return speech.say("{day}, {time} UTC", day=speech.day(moment.date()), time=speech.clock(moment.time()))
        case date():
            return speech.day(value)
        case time():
            return speech.clock(value)


def moment_phrase(speech: Speech, moment: datetime) -> Phrase:
    """A moment of these weeks as people say it: "Mon 30 Nov, 08:00 UTC"."""
    at = in_zone(moment, UTC).replace(second=0)
    return speech.say("{day}, {time} UTC", day=speech.weekday(at.date()), time=speech.clock(at.time()))


class _English:
    language: SpokenLanguage = "en"

    def say(self, message: str, /, **values: Phrase) -> Phrase:
        return filled_in(message, values)

    def count(self, one: str, many: str, number: int, /, **values: Phrase) -> Phrase:
        return filled_in(one if number == 1 else many, {"number": self.number(number), **values})

    def number(self, number: int | Decimal, /) -> Phrase:
        written = f"{Decimal(number):,f}"
        return Phrase(written.rstrip("0").rstrip(".") if "." in written else written)

    def day(self, day: date, /) -> Phrase:
        return Phrase(f"{day.day} {_MONTHS[day.month - 1]} {day.year}")

    def weekday(self, day: date, /) -> Phrase:
        return Phrase(f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1][:3]}")

    def clock(self, moment: time, /) -> Phrase:
        return Phrase(f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}")

    def listed(self, words: Sequence[Phrase], /, *, either: bool = False) -> Phrase:
        last = "or" if either else "and"
        return Phrase(f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words))
