"""Words that reports share: counts, lists, systems by the names people know them by, owners and repairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..checker.messages import duration
from ..lineage.transform import NoValue
from ..values.show import quote, show

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..checker.finding import FieldValues, Hop
    from ..contracts.constraint import Constraint
    from ..contracts.model import Field, Owner, Repair
    from ..estate.load import Estate
    from ..estate.policy import Waiver
    from ..values.valueset import Value
    from .text.page import Page, StyledText

CELL = 40
"""Characters of a text shown in a table's cell."""


def brief(text: str, most: int = 72) -> str:
    """Somebody's text as a part of a sentence: what is longer than anybody reads is cut."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def constraints_words(constraints: Iterable[Constraint]) -> str:
    """All that a field's contract demands."""
    return "; ".join(brief(constraint.sentence, 160) for constraint in constraints)


def count(number: int, noun: str, plural: str | None = None) -> str:
    """So many of something: "1 error", "3 errors", "1,204 entries"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(words: Sequence[str], last: str = "and", most: int | None = None) -> str:
    """Words as people list them: "a, b and c"; those beyond `most` are counted."""
    shown = list(words if most is None or len(words) <= most else words[:most])
    if len(shown) < len(words):
        return f"{', '.join(shown)} and {len(words) - len(shown):,} more"
    return f"{', '.join(shown[:-1])} {last} {shown[-1]}" if len(shown) > 1 else "".join(shown)


def system_title(estate: Estate, name: str) -> str:
    """What people call a system."""
    return brief(estate.contracts.systems[name].title or name)


def field_title(field: Field) -> str:
    """What people call a field."""
    return brief(field.title or field.name)


def cell(value: Value | NoValue) -> str:
    """A value for a table."""
    match value:
        case NoValue.REJECTED:
            return "no value: this step fails"
        case NoValue.UNKNOWN:
            return "nobody knows"
        case str():
            return quote(value, CELL)
        case _:
            return show(value)


def typed_record(record: FieldValues) -> str:
    """What was typed, field by field: `username = "abc" and country = "FI"`."""
    return listed([f"{name.rpartition('.')[2]} = {show(value)}" for name, value in record.items()])


def way(hops: Sequence[Hop]) -> str:
    """A journey in a line: `a.b.c "x" + a.b.d "y" → e.f.g "x y"`."""
    parts: list[str] = []
    for before, hop in zip((None, *hops), hops, strict=False):
        if before is not None:
            parts.append(" + " if hop.step == before.step and hop.field != before.field else " → ")
        parts.append(f"{hop.field} {cell(hop.value)}")
    return "".join(parts)


def put_hops(page: Page, hops: Sequence[Hop], indent: int) -> None:
    """A journey as a table."""
    from .text.page import FAINT

    rows: list[tuple[StyledText, ...]] = [
        (("field", FAINT), ("value", FAINT), ("after", FAINT), ("what was done to it", FAINT))
    ]
    for hop in hops:
        after = "" if hop.lag is None else duration(hop.lag)
        rows.append((hop.field, cell(hop.value), after, brief(hop.transform, 400)))
    page.table(rows, indent=indent, yields=(3, 0, 1))


def owner_words(owner: Owner | None) -> str | None:
    """Who answers for something, and how to reach them."""
    if owner is None:
        return None
    return f"{brief(owner.team)} ({brief(owner.contact)})" if owner.contact else brief(owner.team)


def repair_words(repair: Repair | None) -> str | None:
    """Who may repair it, where to ask, how long it takes."""
    if repair is None:
        return None
    words = listed([brief(who) for who in repair.by], "or", 6)
    if repair.channel:
        channel = brief(repair.channel)
        words = f"{words}, in {channel}" if words else f"ask in {channel}"
    if repair.typically is not None:
        words = f"{words}; this usually takes {duration(repair.typically)}"
    return words or None


def waiver_words(waiver: Waiver) -> str:
    """Who accepts a finding, until when, and why."""
    return f"waived until {waiver.expires.isoformat()} by {brief(waiver.owner)}: {brief(waiver.reason, 200)}"
