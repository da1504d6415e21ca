"""Why a constraint rejects a value, measured on the value itself: "this has 13 bytes", "there is no Ā in cp037"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...checker.messages import brief, listed
from ...contracts.constraint import (
    CheckDigits,
    Encodable,
    FieldsCheck,
    Length,
    Matches,
    NoneOf,
    NotNull,
    OfType,
    OpaqueRule,
    Range,
    RequiredWhen,
)
from ...values.budget import BudgetExceeded
from ...values.show import quote
from ...values.textset import alphabet
from ...values.weight import CODE_POINTS, UTF16, codec_weight, encodable_charset

if TYPE_CHECKING:
    from ...contracts.constraint import Constraint
    from ...values.charset import Charset
    from ...values.valueset import Value, ValueSet

_MOST_CHARACTERS = 5


def ground(constraint: Constraint, value: Value) -> str | None:
    """The property of the value that the constraint rejects; None where the constraint itself says it."""
    match constraint.restriction, value:
        case NotNull(), _:
            return "this is empty"
        case OfType(name), _:
            return f"this is no {name}"
        case Length(_, _, "bytes", str(encoding)), str():
            return _unheld(value, encoding) or f"this has {codec_weight(encoding).of(value):,}"
        case Length(_, _, "utf16"), str():
            return f"this has {UTF16.of(value):,}"
        case Length(), str():
            return f"this has {CODE_POINTS.of(value):,}"
        case Encodable(encoding), str():
            return _unheld(value, encoding)
        case Matches(), str():
            return _never_allowed(value, constraint.accepts)
        case _:
            return None


def _never_allowed(text: str, accepts: ValueSet) -> str | None:
    try:
        odd = _outside(text, alphabet(accepts.texts))
    except BudgetExceeded:
        return None
    return f"this has {odd}, which that never has" if odd else None


def _unheld(text: str, encoding: str) -> str | None:
    odd = _outside(text, encodable_charset(encoding))
    return f"{encoding} has no {odd}" if odd else None


def _outside(text: str, held: Charset) -> str | None:
    """The characters of a text that are not among those held, in words; None when there are none."""
    odd = [quote(character) for character in dict.fromkeys(text) if ord(character) not in held]
    return listed(odd, "and", _MOST_CHARACTERS) if odd else None


def constraint_sentence(constraint: Constraint, value: Value) -> str:
    """A constraint in words for people who are no developers, with the property of the value that it rejects."""
    words = _plain(constraint)
    grounds = ground(constraint, value)
    return f"{words} ({grounds})" if grounds else words


def _plain(constraint: Constraint) -> str:
    sentence = brief(constraint.sentence, 200)
    match constraint.restriction:
        case NotNull():
            return "it must be filled in"
        case RequiredWhen(condition):
            return f"it must be filled in where {brief(condition.text, 200)}"
        case FieldsCheck():
            return f"it must fit the other fields: {sentence}"
        case OfType(name):
            return f"it must be of type {name}"
        case Matches(pattern):
            return f"it must have the form {brief(pattern, 200)}"
        case Range() | NoneOf():
            return f"it must be {sentence}"
        case OpaqueRule():
            return f"it must meet: {sentence}"
        case CheckDigits():
            return f"its check digits must be right: {sentence}"
        case Encodable(encoding):
            return f"it holds only the characters of {encoding}"
        case _:
            return f"it accepts {sentence}"
