"""A rule over records that is broken, in a sentence: what was done is not what was asked for. No value is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .phrase import shown
from .titles import title_within

if TYPE_CHECKING:
    from ..checker.record.broken import BrokenRule
    from .phrase import Phrase
    from .speech import Speech


def broken_sentence(speech: Speech, broken: BrokenRule) -> Phrase:
    """What is wrong with the record."""
    field = shown(title_within(broken.field, speech.language))
    others = speech.listed([shown(title_within(other, speech.language)) for other in broken.others])
    match broken.deviation:
        case "not later":
            return speech.say("{field} is not later than this: {others}.", field=field, others=others)
        case "not earlier":
            return speech.say("{field} is not earlier than this: {others}.", field=field, others=others)
        case "the other way":
            return speech.say("{field} was moved the other way than was asked for.", field=field)
        case "the sign turned":
            return speech.say("{field}: plus and minus are turned round.", field=field)
        case "a day too early":
            return speech.say("{field} is a day too early.", field=field)
        case "a day too late":
            return speech.say("{field} is a day too late.", field=field)
        case "too early":
            return speech.say("{field} is earlier than was asked for.", field=field)
        case "too late":
            return speech.say("{field} is later than was asked for.", field=field)
        case "too little":
            return speech.say("{field} is less than was asked for.", field=field)
        case "too much":
            return speech.say("{field} is more than was asked for.", field=field)
        case "broken":
            return speech.say("{field} does not fit together with this: {others}.", field=field, others=others)
        case _:
            return speech.say("{field} is not what was asked for.", field=field)
