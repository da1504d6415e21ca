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
    TodayOption,
    budget,
    day,
    variables,
)
from .output import Output


def trace_command(
    estate: EstatePath = HERE,
    *,
    at: Annotated[str, typer.Option("--at", metavar="FIELD", help="The field of the value: system.entity.field.")],
    value: Annotated[
        str | None, typer.Option("--value", metavar="VALUE", help="The value, as that field holds it.")
    ] = None,
    null: Annotated[bool, typer.Option("--null", help="There is no value: the field is null.")] = False,
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
    from ..application.trace import trace_value
    from ..estate.load import load_estate

    if (value is None) != null:
        raise typer.BadParameter("give either --value VALUE or --null")
    output = Output("trace", output_format.value, output_file, color)
    with output.reported_problems():
        answer = trace_value(
            load_estate(estate, today=day(today), variables=variables(allow_env)), at, value, budget(effort)
        )
    output.write(answer)
    return ExitCode.CLEAN
