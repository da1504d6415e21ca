"""What a fault costs until it is repaired: the money at stake, and what is not sent meanwhile."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...documents.local_text import LocalText
    from ...values.valueset import Value
    from .fault import Fault
    from .stop import HeldField, Stop


def money_at_stake(fault: Fault, stops: Sequence[Stop]) -> Mapping[str, Decimal]:
    """The sum of the fields that the fault's impacts name, by currency (ISO 4217).

    A field counts with what it must hold, where that is one value: what is held may be the fault itself. A field that is
    neither known nor held counts nothing.
    """
    places = {(item.field.full_name.system, name): code for item in _wrong(fault) for name, code in _money(item)}
    sums: dict[str, Decimal] = {}
    for stop in stops:
        known: dict[str, Value] = dict(stop.held)
        known |= {item.field.name: item.expected[0] for item in stop.fields if len(item.expected) == 1}
        for name, value in known.items():
            currency = places.get((stop.entity.full_name.system, name))
            if currency is not None and isinstance(value, int | Decimal) and not isinstance(value, bool):
                sums[currency] = sums.get(currency, Decimal(0)) + value
    return dict(sorted(sums.items()))


def missed_meanwhile(fault: Fault) -> Mapping[str, LocalText]:
    """The actions that send nothing until it is repaired, each with its name for people."""
    return {action: title for impact in fault.impacts for action, title in impact.missed}


def _wrong(fault: Fault) -> Sequence[HeldField]:
    return (*fault.fields, *fault.also)


def _money(item: HeldField) -> Sequence[tuple[str, str]]:
    return () if item.field.impact is None else item.field.impact.money
