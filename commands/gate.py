"""`fieldline gate`."""

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
    pairs,
    variables,
)
from .output import Output


def gate_command(
    action: Annotated[str, typer.Argument(metavar="ACTION", help="The action, as `before` of its gates names it.")],
    estate: EstatePath = HERE,
    *,
    record: Annotated[
        str | None,
        typer.Option("--record", metavar="ENTITY/KEY", help="The record, by its key in one system; stores are asked."),
    ] = None,
    value: Annotated[
        list[str] | None,
        typer.Option("--value", metavar="FIELD=VALUE", help="A value that is known; may be repeated."),
    ] = None,
    language: LanguageOption = None,
    today: TodayOption = None,
    effort: EffortOption = 1,
    allow_env: AllowEnvOption = None,
    output_format: FormatOption = AnswerFormat.TEXT,
    output_file: FileOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Ask whether an automated action may go ahead with a record.

    The gates before the action are judged on the values that are given, and with --record on what the stores hold. Exit
    code 0: it may; 1: it is held, also where it is not known. Needs the extra `database` for tables, `rows` for files.
    """
    from ..application.gates import gate_answer
    from ..estate.load import load_estate

    if record is None and not value:
        raise typer.BadParameter("give a record, --record ENTITY/KEY, or its values, --value FIELD=VALUE")
    output = Output("gate", output_format.value, output_file, color)
    with output.reported_problems():
        loaded = load_estate(estate, today=day(today), variables=variables(allow_env))
        ask = None
        if record is not None:
            from ..rows.stores.stores import Stores

            ask = Stores(loaded).ask
        answer = gate_answer(
            loaded,
            action,
            record,
            pairs(value, "FIELD=VALUE"),
            ask,
            budget(effort),
            (language or LanguageChoice.EN).value,
        )
    output.write(answer)
    return ExitCode.CLEAN if answer.passing.goes else ExitCode.FINDINGS
