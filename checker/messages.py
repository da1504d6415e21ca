"""Phrases that findings share: records, distances."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ..documents.duration import duration
from ..documents.local_text import worded
from ..values.show import escape, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..contracts.model import Field
    from ..estate.load import Estate
    from ..estate.policy import Waiver
    from .finding import FieldValues, Hop


def record(values: FieldValues) -> str:
    """A record: the value alone where there is one field, else `name = value` pairs."""
    if len(values) == 1:
        return show(next(iter(values.values())))
    return ", ".join(f"{name.field} = {show(value)}" for name, value in values.items())


def distance(hops: Sequence[Hop]) -> str:
    """The distance in hops and in time: "2 hops and about 1 day later"."""
    count = max(hop.step for hop in hops)
    slowest: dict[int, timedelta] = {}
    for hop in hops:
        if hop.lag is not None:
            slowest[hop.step] = max(hop.lag, slowest.get(hop.step, hop.lag))
    lag = sum(slowest.values(), timedelta(0))
    far = f"{count} hop{'' if count == 1 else 's'}"
    return f"{far} and about {duration(lag)} later" if lag else f"{far} later"


def escaped(text: str) -> str:
    """An author's text, escaped."""
    return escape(text)


def waived(waiver: Waiver) -> str:
    """The subject of a waiver: "loss of web.signup.city at billing"."""
    about = waiver.field or waiver.entry or waiver.system
    of = f" of {escaped(str(about))}" if about else ""
    at = f" at {escaped(waiver.binding)}" if waiver.binding else ""
    by = f" by the change {escaped(waiver.cause)}" if waiver.cause else ""
    trigger = f" in doubt because of the trigger {escaped(waiver.harmless)}" if waiver.harmless else ""
    return f"{waiver.rule}{of}{at}{by}{trigger}"


def brief(text: str, most: int = 72) -> str:
    """A text as a part of a sentence, cut to `most` characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: "1 error", "3 errors", "1,204 entries"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(words: Sequence[str], last: str = "and", most: int | None = None) -> str:
    """Words as people list them: "a, b and c"; those beyond `most` are counted."""
    shown = list(words if most is None or len(words) <= most else words[:most])
    if len(shown) < len(words):
        return f"{', '.join(shown)} and {len(words) - len(shown):,} more"
    return f"{', '.join(shown[:-1])} {last} {shown[-1]}" if len(shown) > 1 else "".join(shown)


def system_title(estate: Estate, name: str) -> str:
    """A system's title, or its name where it has none."""
    return brief(worded(estate.contracts.systems[name].title) or name)


def field_title(field: Field) -> str:
    """A field's title, or its name where it has none."""
    return brief(worded(field.title) or field.name)
