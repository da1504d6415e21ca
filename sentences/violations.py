"""Why a record is not accepted, in words for the person who typed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from ..values.fault import (
    ForbiddenCharacter,
    LeftOut,
    MissingValue,
    OtherForm,
    OtherType,
    TooLarge,
    TooLong,
    TooManyDecimals,
    TooShort,
    TooSmall,
    Unlisted,
)
from .allowed import allowed_words, one_character
from .phrase import Phrase, shown
from .speech import value_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..values.fault import ValueFault
    from ..values.features import Feature
    from ..values.valueset import Value
    from .speech import Speech


@dataclass(frozen=True, slots=True)
class Circumstance:
    """A further field on which it depends."""

    title: str
    values: tuple[Value, ...] | None
    """Its values for which it holds; None: they are many."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """A reason why a record is not accepted, or is altered."""

    titles: tuple[str, ...]
    """Of the fields concerned, which fail together."""
    fault: ValueFault | None
    """The fault of the one value; None: that is not looked at, or there are several fields."""
    allowed: tuple[Feature, ...] | None
    """The features of the accepted values; None: they are not to be said."""
    kind: str
    """The type of the field."""
    system: str | None
    """The title of the system that demands it, where that is another one than the entry's own and has a title."""
    alters: bool
    """Whether the value would be altered, and is not rejected."""
    too_long: bool = False
    """Whether it is the length that several fields have together."""
    circumstances: tuple[Circumstance, ...] = ()
    must_compare: str | None = None
    """How the two values must compare, as a sign of SQL; None: it is no comparison of two values."""
    own_words: str | None = None
    """What the system's contract tells the person; None: nothing."""


def complaint_words(speech: Speech, complaint: Complaint) -> Phrase:
    """The fault, what is allowed, who demands it, and on what it depends, each in a sentence."""
    if complaint.own_words is not None:
        return shown(complaint.own_words)
    sentences = [_first(speech, complaint)]
    if complaint.fault is not None and not isinstance(complaint.fault, MissingValue | OtherType):
        allowed = _allowed(speech, complaint)
        if allowed is not None:
            sentences.append(speech.say("Allowed: {allowed}.", allowed=allowed))
    if complaint.system is not None:
        system = shown(complaint.system)
        sentences.append(
            speech.say("Otherwise {system} changes the value.", system=system)
            if complaint.alters
            else speech.say("This is required by {system}.", system=system)
        )
    elif complaint.alters:
        sentences.append(speech.say("Otherwise the value is changed on its way."))
    for circumstance in complaint.circumstances:
        field = shown(circumstance.title)
        if circumstance.values is None:
            sentences.append(speech.say("This depends on {field}.", field=field))
        else:
            values = speech.listed([value_words(speech, value) for value in circumstance.values], either=True)
            sentences.append(speech.say("This applies where {field} is {values}.", field=field, values=values))
    return Phrase(" ".join(sentences))


def _allowed(speech: Speech, complaint: Complaint) -> Phrase | None:
    return None if complaint.allowed is None else allowed_words(speech, complaint.allowed, complaint.kind)


def _first(speech: Speech, complaint: Complaint) -> Phrase:
    titles = [shown(title) for title in complaint.titles]
    if len(titles) > 1:
        fields = speech.listed(titles)
        if complaint.too_long:
            return speech.say("{fields} are too long together.", fields=fields)
        if complaint.must_compare is not None and len(titles) == 2:
            return _comparison(speech, complaint.must_compare, complaint.kind, *titles)
        return speech.say("{fields} are not accepted together.", fields=fields)
    (field,) = titles
    if complaint.fault is not None:
        return fault_words(speech, field, complaint.fault)
    allowed = _allowed(speech, complaint)
    if allowed is None:
        return speech.say("{field} is not accepted.", field=field)
    return speech.say("{field}: {allowed}.", field=field, allowed=allowed)


def _comparison(speech: Speech, sign: str, kind: str, field: Phrase, other: Phrase) -> Phrase:
    """How two fields must compare, in a sentence."""
    moments = kind in {"date", "time", "datetime"}
    match sign:
        case "=":
            return speech.say("{field} and {other} must be the same.", field=field, other=other)
        case "<>":
            return speech.say("{field} and {other} must not be the same.", field=field, other=other)
        case ">=" if moments:
            return speech.say("{field} must not be earlier than {other}.", field=field, other=other)
        case ">" if moments:
            return speech.say("{field} must be later than {other}.", field=field, other=other)
        case "<=" if moments:
            return speech.say("{field} must not be later than {other}.", field=field, other=other)
        case "<" if moments:
            return speech.say("{field} must be earlier than {other}.", field=field, other=other)
        case ">=":
            return speech.say("{field} must not be less than {other}.", field=field, other=other)
        case ">":
            return speech.say("{field} must be more than {other}.", field=field, other=other)
        case "<=":
            return speech.say("{field} must not be more than {other}.", field=field, other=other)
        case _:
            return speech.say("{field} must be less than {other}.", field=field, other=other)


def fault_words(speech: Speech, field: Phrase, fault: ValueFault) -> Phrase:
    """The fault of a field's value, in a sentence."""
    match fault:
        case MissingValue():
            return speech.say("{field} must be filled in.", field=field)
        case OtherType(kind):
            return _type_sentence(speech, field, kind)
        case ForbiddenCharacter(character):
            named = one_character(speech, character)
            return speech.say("{field} must not contain {character}.", field=field, character=named)
        case TooLong(counted=True):
            return speech.say("{field} is too long: some of its characters take more room than others.", field=field)
        case TooLong(has):
            return speech.count(
                "{field} is too long: it has {number} character.",
                "{field} is too long: it has {number} characters.",
                has,
                field=field,
            )
        case TooShort(has):
            return speech.count(
                "{field} is too short: it has {number} character.",
                "{field} is too short: it has {number} characters.",
                has,
                field=field,
            )
        case TooLarge(date() | datetime() | time()):
            return speech.say("{field} is too late.", field=field)
        case TooLarge():
            return speech.say("{field} is too large.", field=field)
        case TooSmall(date() | datetime() | time()):
            return speech.say("{field} is too early.", field=field)
        case TooSmall():
            return speech.say("{field} is too small.", field=field)
        case TooManyDecimals():
            return speech.say("{field} has too many decimals.", field=field)
        case Unlisted():
            return speech.say("{field} is not one of the allowed values.", field=field)
        case LeftOut():
            return speech.say("{field} has a value that is not allowed.", field=field)
        case OtherForm():
            return speech.say("{field} does not have the right form.", field=field)


def taken_words(speech: Speech, title: str, systems: Sequence[str]) -> Phrase:
    """The value is held by another record, in the systems with these titles; none: it is not said where."""
    field = shown(title)
    if not systems:
        return speech.say("{field} is already taken. Choose another one.", field=field)
    listed = speech.listed([shown(system) for system in systems])
    return speech.say("{field} is already taken in {systems}. Choose another one.", field=field, systems=listed)


def _type_sentence(speech: Speech, field: Phrase, kind: str) -> Phrase:
    match kind:
        case "integer":
            return speech.say("{field} must be a whole number.", field=field)
        case "decimal":
            return speech.say("{field} must be a number.", field=field)
        case "boolean":
            return speech.say("{field} must be yes or no.", field=field)
        case "date":
            return speech.say("{field} must be a date.", field=field)
        case "time":
            return speech.say("{field} must be a time of day.", field=field)
        case "datetime":
            return speech.say("{field} must be a date with a time of day.", field=field)
        case _:
            return speech.say("{field} must be a text.", field=field)
