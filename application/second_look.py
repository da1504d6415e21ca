"""A fault that was known, looked at again: well, still under way, or still there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection

    from ..checker.record.fault import Fault
    from ..checker.record.whereabouts import Whereabouts

SecondLook: TypeAlias = Literal["well", "arriving", "still", "not known"]
_WORST: tuple[SecondLook, ...] = ("still", "not known", "arriving", "well")


@dataclass(frozen=True, slots=True)
class KnownFault:
    """What is remembered of a fault, without a value."""

    fault: str
    """Its identity."""
    entity: str
    """Where it was seen, by full name."""
    fields: tuple[str, ...]
    """The fields that were wrong there, by full names."""
    was_read: bool
    """Whether the store there had answered: a system without a store is judged by its rules alone."""
    roots: tuple[str, ...] = ()
    """Where it began, by full names of entities."""


def fault_identity(fault: Fault) -> str:
    """What makes the fault of another record the same: the kind, the place, the fields, where it began, what brings it."""
    kind = "refused" if fault.is_refused else fault.fields[0].state
    names = ",".join(sorted(str(field.field.full_name) for field in fault.fields))
    roots = ",".join(sorted(str(root.full_name) for root in fault.roots))
    return " | ".join((kind, names, roots, fault.fields[0].carrier or ""))


def known_fault(fault: Fault) -> KnownFault:
    """What to remember of a fault."""
    return KnownFault(
        fault_identity(fault),
        str(fault.stop.entity.full_name),
        tuple(str(field.field.full_name) for field in fault.fields),
        fault.stop.whether in {"found", "absent", "several"},
        tuple(sorted(str(root.full_name) for root in fault.roots)),
    )


def seen_again(where: Whereabouts, known: KnownFault) -> SecondLook:
    """What a second reading says of a fault. Well only where every field was read, and holds what it must hold.

    Of several records that refer to it and were read again, the worst counts.
    """
    concerned = [
        each
        for each in (where, *where.referring)
        if any(str(stop.entity.full_name) == known.entity for stop in each.stops)
    ]
    seen = {_seen(each, known) for each in concerned or [where]}
    return next(look for look in _WORST if look in seen)


def _seen(where: Whereabouts, known: KnownFault) -> SecondLook:
    if any(fault_identity(fault) == known.fault for fault in where.faults):
        return "still"
    wrong = {str(field.field.full_name) for stop in where.stops for field in stop.fields if field.is_wrong}
    if not wrong.isdisjoint(known.fields):
        return "still"
    stop = next((stop for stop in where.stops if str(stop.entity.full_name) == known.entity), None)
    if not where.found or stop is None:
        return "not known"
    states = {str(field.field.full_name): field.state for field in stop.fields}
    if any(states.get(name) == "not yet due" for name in known.fields):
        return "arriving"
    return "well" if all(states.get(name) in _well(known) for name in known.fields) else "not known"


def _well(known: KnownFault) -> Collection[str]:
    return ("as expected",) if known.was_read else ("as expected", "not asked")
