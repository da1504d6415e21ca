"""Whether a condition compares fields with values of their types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..documents.problem import shorten
from ..values.show import show
from .condition import NUMERIC, is_of_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..contracts.model import Field
    from ..documents.names import FieldName
    from .condition import Condition, Operand

_COMPARED_WITH = {
    "text": "a text in single quotes",
    "integer": "a number",
    "decimal": "a number",
    "boolean": "true or false",
    "date": "a date, such as DATE '2024-05-01'",
    "time": "IS NULL or IS NOT NULL",
    "datetime": "IS NULL or IS NOT NULL",
}
"""Per type of field, the operand that a condition may compare it with."""


def is_well_typed(condition: Condition, fields: Mapping[FieldName, Field]) -> bool:
    """Whether a condition compares every field of a contract with values of its type."""
    compared = ((operand, fields.get(operand.field)) for operand in condition.operands)
    return all(field is None or mistyped(operand, field, fields) is None for operand, field in compared)


def mistyped(operand: Operand, field: Field, fields: Mapping[FieldName, Field]) -> tuple[str, str] | None:
    """Why an operand never fits the type of its field, and what would; None where it may."""
    name = f"{shorten(str(operand.field))} is of type {field.type}, and "
    if operand.needs is not None:
        return None if field.type == "text" else (f"{name}{operand.needs} is of a text", _COMPARED_WITH[field.type])
    if operand.value is not None and not is_of_type(operand.value, field.type):
        return f"{name}is compared with {show(operand.value)}", _COMPARED_WITH[field.type]
    other = None if operand.other is None else fields.get(operand.other)
    if other is None:
        return None
    if field.type != other.type and not {field.type, other.type} <= set(NUMERIC):
        return (
            f"{name}is compared with {shorten(str(operand.other))} of type {other.type}",
            f"a field of type {field.type}",
        )
    if operand.ordered and field.type in {"text", "boolean"}:
        return f"{name}is compared by < or >", "= or <>, or fields that hold numbers, dates or times"
    return None
