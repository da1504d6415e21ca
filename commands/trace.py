"""`fieldline trace`."""

from typing import Annotated

import typer

from .exits import ExitCode
from .options import (
    HERE,
    AllowEnvOption,
    AnswerFormat,
    Colour,
    ColourOption,
    EffortOption,
    EstatePath,
    FileOption,
    FormatOption,
    LanguageChoice,
    LanguageOption,
    TodayOption,
    budget,
    day,
    variables,
)
from .output import Output


def trace_command(
    estate: EstatePath = HERE,
    *,
    at: Annotated[
        str | None,
        typer.Option(
            "--at", metavar="FIELD", help="The field of the value: system.entity.field, its name or its title."
        ),
    ] = None,
    value: Annotated[
        list[str] | None,
        typer.Option(
            "--value", metavar="VALUE", help="The value, as that field holds it; or FIELD=VALUE, once for each field."
        ),
    ] = None,
    null: Annotated[bool, typer.Option("--null", help="There is no value: the field is null.")] = False,
    record: Annotated[
        tuple[str, str] | None,
        typer.Option("--record", metavar="ENTITY JSON", help="A whole record; fields left out are null."),
    ] = None,
    language: LanguageOption = None,
    today: TodayOption = None,
    effort: EffortOption = 1,
    allow_env: AllowEnvOption = None,
    output_format: FormatOption = AnswerFormat.TEXT,
    output_file: FileOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Trace a failed value to its origin and its repair.

    The answer names the system that rejects the value and the constraint, the entry that accepted it, the value at every
    hop, the team that can repair it and how long that takes, and a text for the customer.
    """
    from ..application.trace import trace_values
    from ..estate.load import load_estate

    output = Output("trace", output_format.value, output_file, color)
    with output.reported_problems():
        values, entity = _asked(at, value or [], null=null, record=record)
        loaded = load_estate(estate, today=day(today), variables=variables(allow_env))
        answer = trace_values(loaded, values, budget(effort), entity, (language or LanguageChoice.EN).value)
    output.write(answer)
    return ExitCode.CLEAN


def _asked(
    at: str | None, values: list[str], *, null: bool, record: tuple[str, str] | None
) -> tuple[dict[str, str | None], str | None]:
    """The values by the names of their fields, and the entity that they are a whole record of.

    Raises typer.BadParameter, EstateError.
    """
    if record is not None:
        if at is not None or values or null:
            raise typer.BadParameter("give either --record or a value")
        from ..application.trace import written_record

        return written_record(record[1]), record[0]
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
