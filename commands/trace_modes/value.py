"""`fieldline trace --at FIELD --value VALUE`, `--record ENTITY JSON`: what becomes of a value, and where it began."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from .words import JOINED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ...application.answers import TraceAnswer
    from ...documents.local_text import SpokenLanguage
    from ...estate.load import Estate
    from ...values.budget import Budget


def traced_value(
    load: Callable[[], Estate],
    at: str | None,
    values: Sequence[str],
    *,
    null: bool,
    record: str | None,
    amounts: Budget,
    language: SpokenLanguage,
) -> TraceAnswer:
    """The trace of what was typed. Raises typer.BadParameter, EstateError, UnknownField, BudgetExceeded."""
    from ...application.trace import trace_values

    given, entity = _asked(at, values, null=null, record=record)
    return trace_values(load(), given, amounts, entity, language)


def _asked(
    at: str | None, values: Sequence[str], *, null: bool, record: str | None
) -> tuple[dict[str, str | None], str | None]:
    """The values by the names of their fields, and the entity that they are a record of."""
    if record is not None:
        if at is not None or values or null:
            raise typer.BadParameter("give either --record or a value")
        from ...application.trace import written_record

        entity, _, written = record.partition(JOINED)
        if not written:
            raise typer.BadParameter("--record takes an entity and a JSON object, or with --stores ENTITY/KEY")
        return written_record(written), entity
    if at is not None:
        if len(values) + null != 1:
            raise typer.BadParameter("give either --value VALUE or --null")
        return {at: values[0] if values else None}, None
    named = [each.split("=", 1) for each in values if "=" in each]
    if null or not values or len(named) < len(values):
        raise typer.BadParameter("give --at FIELD with --value VALUE, or --value FIELD=VALUE once for each field")
    given: dict[str, str | None] = {}
    for name, value in named:
        if given.setdefault(name, value) is not value:
            raise typer.BadParameter(f"--value gives {name} more than once")
    return given, None
