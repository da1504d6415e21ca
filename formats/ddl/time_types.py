"""Types of dates, times of day and instants."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .sqltype import Taken

_STAMPS = frozenset(
    (
        "TIMESTAMP",
        "TIMESTAMPTZ",
        "TIMESTAMP WITH TIME ZONE",
        "TIMESTAMP WITH LOCAL TIME ZONE",
        "DATETIME",
        "DATETIME2",
        "DATETIMEOFFSET",
        "TIMESTAMP_S",
        "TIMESTAMP_MS",
        "TIMESTAMP_US",
    )
)


def take_time(taken: Taken) -> bool:
    """Whether this is such a type; what it takes is then in the rules."""
    made, rules, engine = taken.type, taken.rules, taken.engine
    name = made.name
    if name == "DATE":
        rules.type = "datetime" if engine.name == "oracle" else "date"
        if engine.name == "oracle":
            _coarse(taken, 0)
        return True
    if name in {"TIME", "TIMETZ", "TIME WITH TIME ZONE"} and engine.name != "oracle":
        rules.type = "time"
        if name != "TIME":
            rules.say_opaque(f"{made.written}: a time of day with a zone", made.at)
        _coarse(taken, _fraction(taken))
        return True
    if name == "SMALLDATETIME" and engine.name == "sqlserver":
        rules.type = "datetime"
        rules.bound("min", datetime(1900, 1, 1, tzinfo=UTC), made.at)
        rules.bound("max", datetime(2079, 6, 6, 23, 59, 29, 999000, tzinfo=UTC), made.at)
        rules.say_opaque(f"{made.written} rounds to whole minutes", made.at)
        return True
    if name not in _STAMPS or (name == "TIMESTAMP" and engine.name == "sqlserver"):
        return False
    rules.type = "datetime"
    if engine.is_mysql and name == "TIMESTAMP":
        rules.bound("min", datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC), made.at)
        rules.bound("max", datetime(2038, 1, 19, 3, 14, 7, 499999, tzinfo=UTC), made.at)
    if engine.name == "sqlserver" and name == "DATETIME":
        rules.bound("min", datetime(1753, 1, 1, tzinfo=UTC), made.at)
        rules.say_opaque(f"{made.written} rounds to .000, .003 and .007 seconds", made.at)
    else:
        _coarse(taken, _fraction(taken))
    return True


def _fraction(taken: Taken) -> int:
    """The decimals of a second that a type keeps."""
    made = taken.type
    told = made.number()
    if told is not None:
        return told
    match made.name:
        case "TIMESTAMP_S":
            return 0
        case "TIMESTAMP_MS":
            return 3
        case _:
            return 0 if taken.engine.is_mysql else 6


def _coarse(taken: Taken, decimals: int) -> None:
    """What is finer is rounded away (instants here go to the microsecond)."""
    made = taken.type
    if decimals < 6 and taken.engine.name != "sqlite":
        kept = f"{decimals} decimals of a second" if decimals else "whole seconds"
        taken.rules.say_opaque(f"{made.written} rounds to {kept}", made.at)
