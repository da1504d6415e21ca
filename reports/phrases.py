"""Words that reports share: counts, lists, systems by their titles, owners and repairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..checker.messages import brief, duration, listed
from ..lineage.transform import NoValue
from ..values.show import quote, show

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..checker.finding import FieldValues, Hop
    from ..contracts.constraint import Constraint
    from ..contracts.model import Owner, Repair
    from ..estate.policy import Waiver
    from ..values.valueset import Value

CELL = 40
"""Characters of a text shown in a table's cell."""


def constraints_words(constraints: Iterable[Constraint]) -> str:
    """All constraints of a field's contract."""
    return "; ".join(brief(constraint.sentence, 160) for constraint in constraints)


def cell(value: Value | NoValue) -> str:
    """A value for a table."""
    match value:
        case NoValue.REJECTED:
            return "no value: this step fails"
        case NoValue.UNKNOWN:
            return "unknown"
        case str():
            return quote(value, CELL)
        case _:
            return show(value)


def typed_record(record: FieldValues) -> str:
    """The typed values, field by field: `username = "abc" and country = "FI"`."""
    return listed([f"{name.field} = {show(value)}" for name, value in record.items()])


def way(hops: Sequence[Hop]) -> str:
    """A journey in a line: `a.b.c "x" + a.b.d "y" → e.f.g "x y"`."""
    parts: list[str] = []
    for before, hop in zip((None, *hops), hops, strict=False):
        if before is not None:
            parts.append(" + " if hop.step == before.step and hop.field != before.field else " → ")
        parts.append(f"{hop.field} {cell(hop.value)}")
    return "".join(parts)


def owner_words(owner: Owner | None) -> str | None:
    """The owner of something, and the contact."""
    if owner is None:
        return None
    return f"{brief(owner.team)} ({brief(owner.contact)})" if owner.contact else brief(owner.team)


def repair_words(repair: Repair | None) -> str | None:
    """The team that repairs it, the channel, and the usual time."""
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
    """The owner of a waiver, its last day, and the reason."""
    return f"waived until {waiver.expires.isoformat()} by {brief(waiver.owner)}: {brief(waiver.reason, 200)}"
