"""`fieldline trace`."""

import sys
from pathlib import Path
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
    path_word,
    variables,
)
from .output import Output
from .progress import progress_bar


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
    error: Annotated[
        str | None,
        typer.Option(
            "--error",
            metavar="TEXT",
            help="The message of a database or a validator, as it was copied; - reads it from standard input.",
        ),
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option(
            "--rejects",
            metavar="FILE",
            help="Dead letters, to be grouped by their root: CSV, NDJSON or Parquet, or a folder of them.",
            parser=path_word,
        ),
    ] = None,
    message_column: Annotated[
        str | None,
        typer.Option("--message-column", metavar="NAME", help="The column with the messages of dead letters."),
    ] = None,
    time_column: Annotated[
        str | None, typer.Option("--time-column", metavar="NAME", help="The column with the times of dead letters.")
    ] = None,
    today: TodayOption = None,
    effort: EffortOption = 1,
    allow_env: AllowEnvOption = None,
    output_format: FormatOption = AnswerFormat.TEXT,
    output_file: FileOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Trace a failed value or an error to its origin and its repair.

    The answer names the system that rejects the value and the constraint, the entry that accepted it, the value at every
    hop, the team that can repair it and how long that takes, and a text for the customer.
    """
    from ..estate.load import load_estate

    about = "" if error is None and rejects is None else " --error" if rejects is None else " --rejects"
    if about and (value or null or record is not None or (error is not None and rejects is not None)):
        raise typer.BadParameter(f"give either{about} or a value")
    output = Output(f"trace{about}", output_format.value, output_file, color)
    with output.reported_problems():
        asked = _asked(at, value or [], null=null, record=record) if not about else ({}, None)
        text = "" if error is None else _pasted(error)
        loaded = load_estate(estate, today=day(today), variables=variables(allow_env))
        if rejects is not None:
            from ..rows.rejects import group_rejects

            with progress_bar() as progress:
                columns = {"message": message_column, "time": time_column}
                answer: object = group_rejects(loaded, rejects, progress, **columns, budget=budget(effort))
        elif error is not None:
            from ..application.errors import trace_errors

            answer = trace_errors(loaded, text, at, budget(effort))
        else:
            from ..application.trace import trace_values

            answer = trace_values(loaded, asked[0], budget(effort), asked[1])
    output.write(answer)
    return ExitCode.CLEAN


def _pasted(error: str) -> str:
    """The text of an error, from standard input where it is `-`: no more of it than is read as an error."""
    if error != "-":
        return error
    from ..formats.errors.read import LONGEST_ERROR

    return sys.stdin.buffer.read(4 * (LONGEST_ERROR + 1)).decode("utf-8", "replace")


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
