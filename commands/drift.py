"""`fieldline drift`."""

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
    SystemArgument,
    TodayOption,
    budget,
    day,
    variables,
)
from .output import Output


def drift_command(
    system: SystemArgument,
    estate: EstatePath = HERE,
    *,
    database: Annotated[
        str, typer.Option("--database", metavar="VARIABLE", help="The environment variable with the database's URL.")
    ],
    today: TodayOption = None,
    effort: EffortOption = 1,
    allow_env: AllowEnvOption = None,
    output_format: FormatOption = AnswerFormat.TEXT,
    output_file: FileOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Compare a system's contract with its database's constraints.

    Exit code 1: the contract accepts a value that the database rejects, or that is not known. Needs the extra `database`.
    """
    from ..estate.load import load_estate
    from ..rows.use_cases import drift_from_database

    output = Output("drift", output_format.value, output_file, color)
    with output.reported_problems():
        answer = drift_from_database(
            load_estate(estate, today=day(today), variables=variables(allow_env, f"env:{database}")),
            system,
            database,
            estate,
            budget(effort),
        )
    output.write(answer)
    return ExitCode.FINDINGS if answer.is_wrong else ExitCode.CLEAN
