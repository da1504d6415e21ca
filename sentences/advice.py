"""A text for a customer whose value was traced, in her language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..documents.local_text import filled
from ..values.budget import STANDARD
from ..values.features import features
from ..values.show import escape
from .allowed import allowed_words
from .phrase import Phrase, isolated, shown
from .repairs import usual_time, within_time
from .speech import speech
from .titles import title_within

if TYPE_CHECKING:
    from ..checker.tracing.traced import Advice
    from ..documents.local_text import SpokenLanguage
    from ..values.budget import Budget
    from .speech import Speech


@dataclass(frozen=True, slots=True)
class CustomerText:
    """A text that support may send to a customer."""

    text: Phrase
    language: SpokenLanguage | None
    """The language that it is in, which need not be the one that was asked for; None: a contract gives it for all."""


def customer_text(advice: Advice, language: SpokenLanguage, budget: Budget = STANDARD) -> CustomerText:
    """The own text of the system that speaks, where it has one; else a general one. Raises ModuleNotFoundError."""
    own = None if advice.speaker is None else advice.speaker.customer_text
    if own is not None:
        text, spoken = own.within(language)
        said = _filled(text, advice, spoken or language, budget)
        if said is not None:
            return CustomerText(said, spoken)
    return CustomerText(_general(advice, speech(language), budget), language)


def _filled(text: str, advice: Advice, language: SpokenLanguage, budget: Budget) -> Phrase | None:
    """A contract's own text; None where one of its placeholders cannot be filled in."""
    if "{" not in text and "}" not in text:
        return isolated(escape(text))
    try:
        said = speech(language)
    except ModuleNotFoundError:
        return None  # the text is in a language other than the one asked for
    values: dict[str, str] = {"field": _titles(advice, said)}
    allowed = _allowed(advice, said, budget)
    if allowed is not None:
        values["limit"] = allowed
    if advice.repair is not None and advice.repair.typically is not None and advice.repair.hours is None:
        values["by_when"] = within_time(said, advice.repair.typically)
    words = filled(escape(text), values)
    return None if words is None else Phrase(words)


def _titles(advice: Advice, said: Speech) -> Phrase:
    return said.listed([shown(title_within(field, said.language)) for field in advice.fields])


def _allowed(advice: Advice, said: Speech, budget: Budget) -> Phrase | None:
    if advice.allowed is None or len(advice.fields) > 1:
        return None
    kind = advice.fields[0].type
    found = features(advice.allowed, kind, budget)
    return allowed_words(said, found, kind)


def _general(advice: Advice, said: Speech, budget: Budget) -> Phrase:
    field = _titles(advice, said)
    match advice.kind:
        case "rejected":
            first = said.say("Not all of our systems could accept {field} as it was entered.", field=field)
            allowed = _allowed(advice, said, budget)
            middle = [] if allowed is None else [said.say("Allowed: {allowed}.", allowed=allowed)]
            return Phrase(" ".join([first, *middle, *_correcting(advice, said)]))
        case "depends":
            return said.say(
                "Whether all of our systems accept {field} depends on what else was entered. "
                "We don't know for certain yet.",
                field=field,
            )
        case "altered":
            first = said.say("Not all of our systems have {field} as it was entered.", field=field)
            return Phrase(" ".join([first, *_correcting(advice, said)]))
        case "missing":  # the record as a whole: a key says nothing to the customer
            return Phrase(" ".join([said.say("Not all of our systems have your details."), *_correcting(advice, said)]))
        case "not known":
            return said.say("We don't know yet whether all of our systems accept {field}.", field=field)
        case "taken":
            titles = [system.title.within(said.language)[0] for system in advice.unique_in if system.title is not None]
            if not titles:
                return said.say("All of our systems accept {field}, unless it is already taken.", field=field)
            return said.say(
                "All of our systems accept {field}, unless it is already taken in {systems}.",
                field=field,
                systems=said.listed([shown(title) for title in titles], either=True),
            )
        case "accepted":
            return said.say("All of our systems accept {field} as it was entered.", field=field)


def _correcting(advice: Advice, said: Speech) -> list[Phrase]:
    sentences = [said.say("We are correcting it.")]
    if advice.repair is not None and advice.repair.typically is not None:
        sentences.append(usual_time(said, advice.repair.typically, working=advice.repair.hours is not None))
    return sentences
