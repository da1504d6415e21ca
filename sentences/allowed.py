"""What is allowed, in words: the features of a set of values, "at most 12 characters (A–Z and digits)"."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from ..values.features import (
    ExceptValues,
    ListedValues,
    MostDecimals,
    MostSecondDecimals,
    NoValueAtAll,
    OfForm,
    OnlyCharacters,
    TextLength,
    ValueRange,
    WeighedText,
    is_nameable,
)
from .phrase import Phrase, shown
from .speech import value_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..values.features import CharacterParts, Feature
    from ..values.valueset import Value
    from .speech import Speech

_MOST_LISTED = 12
_FEWER = 5
"""Of a longer list so many are named."""


def allowed_words(speech: Speech, found: Sequence[Feature], kind: str) -> Phrase | None:
    """The values of a type that have these features; None: there is nothing to say, every text is allowed."""
    length = next((feature for feature in found if isinstance(feature, TextLength)), None)
    characters = next((feature for feature in found if isinstance(feature, OnlyCharacters)), None)
    words: list[Phrase] = []
    if length is not None and characters is not None and characters.parts.exact and not characters.parts.without:
        words.append(_length_of(speech, length, characters.parts))
    else:
        words += [_length(speech, length)] if length else []
        words += [character_words(speech, characters.parts)] if characters else []
    for feature in found:
        if not isinstance(feature, TextLength | OnlyCharacters):
            words += _feature_words(speech, feature)
    if not words:
        return type_words(speech, kind) if kind != "text" else None
    return Phrase(", ".join(words))


def type_words(speech: Speech, kind: str) -> Phrase:
    """A type of values (`valueset.TYPES`)."""
    match kind:
        case "integer":
            return speech.say("a whole number")
        case "decimal":
            return speech.say("a number")
        case "boolean":
            return speech.say("yes or no")
        case "date":
            return speech.say("a date")
        case "time":
            return speech.say("a time of day")
        case "datetime":
            return speech.say("a date with a time of day")
        case _:
            return speech.say("a text")


def _feature_words(speech: Speech, feature: Feature) -> Iterator[Phrase]:
    match feature:
        case WeighedText(character):
            yield speech.say("some characters, such as {character}, take more room", character=shown(character))
        case OfForm(()):
            yield speech.say("in a certain form")
        case OfForm(examples):
            example = value_words(speech, examples[0])
            yield speech.say("in a certain form, for instance {example}", example=example)
        case ListedValues((value,)):
            yield speech.say("only {value}", value=value_words(speech, value))
        case ListedValues(values) if len(values) <= _MOST_LISTED:
            yield speech.say("one of {values}", values=_values(speech, values, either=True))
        case ListedValues(values):
            few = _values(speech, values[:_FEWER], either=True)
            yield speech.count(
                "{number} value, for instance {values}",
                "one of {number} values, for instance {values}",
                len(values),
                values=few,
            )
        case ExceptValues(values):
            yield speech.say("not {values}", values=_values(speech, values, either=True))
        case ValueRange():
            yield from _range_words(speech, feature)
        case MostDecimals(0):
            yield speech.say("no decimals")
        case MostDecimals(most):
            yield speech.count("at most {number} decimal", "at most {number} decimals", most)
        case MostSecondDecimals(0):
            yield speech.say("whole seconds")
        case MostSecondDecimals(most):
            yield speech.count("at most {number} decimal of a second", "at most {number} decimals of a second", most)
        case NoValueAtAll():
            yield speech.say("no value")
        case TextLength() | OnlyCharacters():
            pass


def _values(speech: Speech, values: Iterable[Value], *, either: bool = False) -> Phrase:
    return speech.listed([value_words(speech, value) for value in values], either=either)


def _length(speech: Speech, length: TextLength) -> Phrase:
    low, high = length.low, length.high
    if high == 0:
        return speech.say("no characters")
    if high is None:
        return speech.count("at least {number} character", "at least {number} characters", low)
    if low == high:
        return speech.count("exactly {number} character", "exactly {number} characters", high)
    if low <= 1:
        return speech.count("at most {number} character", "at most {number} characters", high)
    return speech.count(
        "{least} to {number} character", "{least} to {number} characters", high, least=speech.number(low)
    )


def _length_of(speech: Speech, length: TextLength, parts: CharacterParts) -> Phrase:
    """A length in characters that are exactly named."""
    if length.high == 0:
        return _length(speech, length)
    if parts.ranges != (("0", "9"),) or parts.singles:
        named = character_words(speech, parts)
        return speech.say("{length} ({characters})", length=_length(speech, length), characters=named)
    low, high = length.low, length.high
    if high is None:
        return speech.count("at least {number} digit", "at least {number} digits", low)
    if low == high:
        return speech.count("exactly {number} digit", "exactly {number} digits", high)
    if low <= 1:
        return speech.count("at most {number} digit", "at most {number} digits", high)
    return speech.count("{least} to {number} digit", "{least} to {number} digits", high, least=speech.number(low))


def _range_words(speech: Speech, bounds: ValueRange) -> Iterator[Phrase]:
    low = None if bounds.low is None else value_words(speech, bounds.low)
    high = None if bounds.high is None else value_words(speech, bounds.high)
    in_time = isinstance(bounds.low if bounds.low is not None else bounds.high, date | time | datetime)
    if low is not None and high is not None and not (bounds.low_open or bounds.high_open):
        yield speech.say("from {low} to {high}", low=low, high=high)
        return
    if low is not None and in_time:
        yield (
            speech.say("after {moment}", moment=low) if bounds.low_open else speech.say("{moment} or later", moment=low)
        )
    elif low is not None:
        yield speech.say("more than {low}", low=low) if bounds.low_open else speech.say("at least {low}", low=low)
    if high is not None and in_time:
        yield (
            speech.say("before {moment}", moment=high)
            if bounds.high_open
            else speech.say("{moment} or earlier", moment=high)
        )
    elif high is not None:
        yield speech.say("less than {high}", high=high) if bounds.high_open else speech.say("at most {high}", high=high)


# -------------------------------------------------------------------------------------------------------- characters


def character_words(speech: Speech, parts: CharacterParts) -> Phrase:
    """A set of characters: "A–Z, digits and hyphens"; where it is not exactly named, by examples."""
    if parts.without:
        lacking = speech.listed([_single(speech, each) for each in parts.without], either=True)
        return speech.say("any characters except {characters}", characters=lacking)
    named = _named(speech, parts)
    if parts.exact:
        return speech.listed(named)
    rejected = [_single(speech, each) for each in parts.rejected]
    if {("A", "Z"), ("a", "z"), ("0", "9")} <= set(parts.ranges):
        if not rejected:
            return speech.say("almost any characters")
        return speech.say("no characters such as {rejected}", rejected=speech.listed(rejected, either=True))
    if not named:
        return speech.say("certain characters alone")
    some = speech.listed(named)
    if not rejected:
        return speech.say("certain characters alone, for instance {characters}", characters=some)
    return speech.say(
        "certain characters alone, for instance {characters}, but not {rejected}",
        characters=some,
        rejected=speech.listed(rejected, either=True),
    )


def _named(speech: Speech, parts: CharacterParts) -> list[Phrase]:
    letters = [f"{low}–{high}" for low, high in parts.ranges if not low.isdigit()]
    # A-Z is said, and not "letters": å, ä, ö, æ, ø are letters, too. Finnish puts "kirjaimia" before it.
    words = [speech.say("{letters}", letters=Phrase(", ".join(letters)))] if letters else []
    for low, high in parts.ranges:
        if (low, high) == ("0", "9"):
            words.append(speech.say("digits"))
        elif low.isdigit():
            words.append(speech.say("digits {first}–{last}", first=Phrase(low), last=Phrase(high)))
    return [*words, *(_single(speech, each) for each in parts.singles)]


def _single(speech: Speech, character: str) -> Phrase:
    """One character: by its name where it could be overlooked, or taken for a part of the sentence."""
    match character:
        case " ":
            return speech.say("spaces")
        case "-":
            return speech.say("hyphens")
        case "'":
            return speech.say("apostrophes")
        case '"':
            return speech.say("quotation marks")
        case ".":
            return speech.say("full stops")
        case ",":
            return speech.say("commas")
        case ":":
            return speech.say("colons")
        case ";":
            return speech.say("semicolons")
        case "_":
            return speech.say("underscores")
        case _:
            return Phrase(character)


def one_character(speech: Speech, character: str) -> Phrase:
    """A character that is not allowed, as the object of a sentence: "the character ł", "spaces"."""
    if character in "\n\r":
        return speech.say("line breaks")
    if character == "\t":
        return speech.say("tabs")
    if not is_nameable(ord(character)):
        point = Phrase(f"U+{ord(character):04X}")
        return speech.say("the character {character}, which cannot be seen", character=point)
    words = _single(speech, character)
    return words if words != character else speech.say("the character {character}", character=shown(character))
