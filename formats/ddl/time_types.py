"""Types of dates, times of day and instants."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .engines.engine import Engine
    from .sqltype import SqlType, TypedColumn


def apply_time(column: TypedColumn, engine: Engine) -> bool:
    """Whether the column is of such a type; its values are then in the rules."""
    made, rules = column.type, column.rules
    if made.name == "DATE":
        rules.type = "date"
        return True
    if made.name in engine.times:
        rules.type = "time"
        if made.name != "TIME":
            rules.add_opaque(f"{made.written}: a time of day with a zone", made.at)
    elif made.name in engine.stamps:
        rules.type = "datetime"
        if made.name in engine.stamp_bounds:
            low, high = engine.stamp_bounds[made.name]
            rules.bound("min", low, made.at)
            rules.bound("max", high, made.at)
    else:
        return False
    if engine.rounds_seconds:
        column.round_seconds(_second_decimals(made, engine), "truncate" if engine.cuts_seconds else "round")
    return True


def _second_decimals(made: SqlType, engine: Engine) -> int:
    """The decimals of a second that a type keeps."""
    size = made.number()
    if size is not None:
        return size
    return {"TIMESTAMP_S": 0, "TIMESTAMP_MS": 3}.get(made.name, engine.second_decimals)
