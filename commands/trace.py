"""`fieldline trace`."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from .exits import ExitCode
from .options import (
    HERE,
    AllowEnvOption,
    Colour,
    ColourOption,
    EffortOption,
    EstatePath,
    FileOption,
    LanguageChoice,
    LanguageOption,
    TodayOption,
    TraceFormat,
    budget,
    day,
    path_word,
    variables,
)
from .output import Output
from .trace_modes.error import traced_errors
from .trace_modes.record import found_record, record_exit_code, record_in_stores
from .trace_modes.rejects import grouped_rejects
from .trace_modes.value import traced_value
from .trace_modes.words import trace_question


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
        str | None,
        typer.Option(
            "--record",
            metavar="ENTITY JSON",
            help="Values of a record; fields left out may hold anything. With --stores, ENTITY/KEY names one that the "
            "stores hold.",
        ),
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
    find: Annotated[
        str | None,
        typer.Option(
            "--find",
            metavar="TEXT",
            help="Look for a record in every store by what the estate's `find` names, and look at it; -: read the text "
            "from standard input.",
        ),
    ] = None,
    stores: Annotated[
        bool, typer.Option("--stores", help="Ask the stores of the systems: what does each hold of this record?")
    ] = False,
    now: Annotated[
        datetime | None,
        typer.Option(
            "--now",
            formats=["%Y-%m-%dT%H:%M:%S%z"],
            help="The moment that the lags of flows are counted to: 2026-05-01T09:30:00Z; with --stores.",
            show_default="the moment it is",
        ),
    ] = None,
    language: LanguageOption = None,
    today: TodayOption = None,
    effort: EffortOption = 1,
    allow_env: AllowEnvOption = None,
    output_format: Annotated[
        TraceFormat,
        typer.Option(
            "--output-format", help="text for people, json for programs; html: the page of a record in the stores."
        ),
    ] = TraceFormat.TEXT,
    output_file: FileOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Trace a failed value or an error to its origin and its repair.

    The answer names the system that rejects the value and the constraint, the entry that accepted it, the value at every
    hop, the team that can repair it and how long that takes, and a text for the customer.

    With --error or --rejects, messages of databases and validators are read for the fields and values that they name.

    With --stores, or --find, the systems themselves are asked: what does each hold of a record, what must it hold, and
    where did the first difference begin? Exit code 1: something is wrong with it, or is not known. Needs the extra
    `database` for tables, `rows` for files.
    """
    from ..estate.load import load_estate

    question = trace_question(
        {
            "--error": error,
            "--rejects": rejects,
            "--find": find,
            "--stores": stores,
            "--value": value,
            "--at": at,
            "--null": null,
            "--record": record,
            "--now": now,
            "--message-column": message_column,
            "--time-column": time_column,
        }
    )
    in_stores = question in {"--find", "--stores"}
    if output_format is TraceFormat.HTML and not in_stores:
        raise typer.BadParameter("html goes with --stores or --find")
    about = "record" if in_stores else "trace" if question == "--value" else f"trace {question}"
    output = Output(about, output_format.value, output_file, color)
    spoken, moment, amounts = language or LanguageChoice.EN, now or datetime.now(UTC), budget(effort)
    with output.reported_problems():
        load = partial(load_estate, estate, today=day(today), variables=variables(allow_env))
        code = ExitCode.CLEAN
        answer: object
        if find is not None or stores:
            looked = (
                record_in_stores(load(), record, moment, amounts, spoken.value)
                if find is None
                else found_record(load(), find, moment, amounts, spoken.value)
            )
            code, answer = record_exit_code(looked), looked
        elif error is not None:
            answer = traced_errors(load, error, at, amounts, spoken.value)
        elif rejects is not None:
            answer = grouped_rejects(
                load(), rejects, message_column, time_column, amounts=amounts, language=spoken.value
            )
        else:
            answer = traced_value(
                load, at, value or [], null=null, record=record, amounts=amounts, language=spoken.value
            )
    output.write(answer)
    return code
