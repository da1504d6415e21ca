"""One constraint of a contract in plain words: every kind of restriction, without bytes, code pages and patterns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..contracts.constraint import (
    CheckDigits,
    FieldsCheck,
    FilledAlone,
    NotNull,
    OfType,
    OpaqueRule,
    RequiredWhen,
    SignificantDigits,
    StoredAs,
    accepted,
)
from ..values.budget import STANDARD
from ..values.features import features
from .allowed import allowed_words, type_words
from .phrase import Phrase, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..contracts.constraint import Restriction
    from ..documents.names import FieldName
    from ..values.budget import Budget
    from .speech import Speech


def restriction_words(
    speech: Speech,
    restriction: Restriction,
    kind: str,
    title_of: Callable[[FieldName], str],
    budget: Budget = STANDARD,
) -> Phrase:
    """What a restriction allows in a field of a type; `title_of` gives the title of a field it names."""
    match restriction:
        case NotNull():
            return speech.say("must be filled in")
        case OfType(name):
            return type_words(speech, name)
        case RequiredWhen(condition):
            titles = [shown(title_of(name)) for name in condition.fields]
            if not titles:
                return speech.say("must be filled in in some cases")
            return speech.say("must be filled in, depending on {fields}", fields=speech.listed(titles))
        case FieldsCheck(condition, name):
            if name is not None:
                return shown(name)
            titles = [shown(title_of(each)) for each in condition.fields]
            return speech.say("{fields} must fit together", fields=speech.listed(titles))
        case CheckDigits():
            return speech.say("with right check digits")
        case OpaqueRule():
            return speech.say("a rule of the system's own, which is not known exactly")
        case SignificantDigits(most, whole):
            return speech.count(
                "a number of at most {number} digit", "a number of at most {number} digits", whole or most
            )
        case FilledAlone():
            return speech.say("filled in by the system itself")
        case StoredAs(way):
            return _way_words(speech, way)
        case _:
            found = features(accepted(restriction), kind, budget)
            return allowed_words(speech, found, kind) or speech.say("any text")


def _way_words(speech: Speech, way: str) -> Phrase:
    match way:
        case "fitted" | "fitted_spaces":
            return speech.say("spaces at the end that do not fit are dropped")
        case "padded":
            return speech.say("spaces are added at the end")
        case "stripped":
            return speech.say("spaces at the end are dropped")
        case "empty_as_null":
            return speech.say("an empty text counts as not filled in")
        case _:
            return speech.say("written in one way, with hyphens")
