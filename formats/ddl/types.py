"""The values that a column of a type accepts.

Limits of a gigabyte and more (`LONGTEXT`, `CLOB`, `nvarchar(max)`, PostgreSQL's `text`), of more than 38 digits, and the
years outside 0001 to 9999 are not stated: no entry comes near them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .number_types import apply_number
from .time_types import apply_time

if TYPE_CHECKING:
    from .engines.engine import Engine
    from .sqltype import TypedColumn


def apply_type(column: TypedColumn, engine: Engine) -> None:
    """Put the values that a column of the type accepts into its rules."""
    made = column.type
    if made.array:
        column.rules.add_opaque(made.written, made.at)
    elif engine.apply_own_type(column) or apply_number(column, engine):
        pass
    elif engine.is_text(made):
        column.rules.type = "text"
        engine.apply_text(column)
    elif apply_time(column, engine):
        pass
    elif made.name in {"UUID", "UNIQUEIDENTIFIER"} and engine.uuid is not None:
        column.rules.matches(engine.uuid, made.at)
        column.rules.stored[engine.uuid_form] = made.at
    elif made.name == "ENUM" and engine.enumerations:
        column.rules.only(made.args, made.at)
    else:
        engine.apply_unknown_type(column)
    engine.apply_settings(column)
    column.rules.keep_length()
