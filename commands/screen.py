"""`fieldline screen`."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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

if TYPE_CHECKING:
    from ..documents.variables import Variables
    from ..values.budget import Budget


class ValidatorForm(StrEnum):
    """The engine that a validator is for."""

    JSON_SCHEMA = "json-schema"
    JSON_SCHEMA_7 = "json-schema-draft-07"
    ES_MODULE = "es-module"
    ZOD = "zod"
    PYDANTIC = "pydantic"
    PANDERA = "pandera"
    GX = "gx"
    HTML = "html"
    SQL_POSTGRES = "sql-postgres"
    SQL_MYSQL = "sql-mysql"
    SQL_DUCKDB = "sql-duckdb"
    SQL_SQLITE = "sql-sqlite"
    QUERY_SPARK = "query-spark"
    QUERY_POSTGRES = "query-postgres"
    QUERY_MYSQL = "query-mysql"
    QUERY_DUCKDB = "query-duckdb"


def screen_command(
    entry: Annotated[
        str,
        typer.Argument(
            metavar="ENTRY",
            help="system.entity, or one of the two if it is unique; or a downstream field: system.entity.field.",
        ),
    ],
    estate: EstatePath = HERE,
    *,
    form: Annotated[
        ValidatorForm | None, typer.Option("--as", help="Write a validator that enforces them, for this engine.")
    ] = None,
    today: TodayOption = None,
    effort: EffortOption = 1,
    allow_env: AllowEnvOption = None,
    output_format: FormatOption = AnswerFormat.TEXT,
    output_file: FileOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """List the obligations of an entry, with the reason for each.

    First the obligations that bind, then those that follow from them. Of a downstream field: the entries that feed it,
    its obligations on each, and how far its bounds can be tightened before an entry notices. With --as, a validator.
    Obligations that the engine cannot express are listed on standard error, and then the exit code is 1.
    """
    if form is not None:
        return _write_validator(entry, estate, form, output_file, budget(effort), day(today), variables(allow_env))
    from ..application.screen import screen_named
    from ..estate.load import load_estate

    output = Output("screen", output_format.value, output_file, color)
    with output.reported_problems():
        answer = screen_named(
            load_estate(estate, today=day(today), variables=variables(allow_env)), entry, budget(effort)
        )
    output.write(answer)
    return ExitCode.CLEAN


def _write_validator(
    entry: str, estate: Path, form: ValidatorForm, file: Path | None, work: "Budget", today: date, allowed: "Variables"
) -> int:
    from ..estate.load import load_estate
    from ..validators.use_cases import validator_for

    with Output("screen").reported_problems():
        answer = validator_for(load_estate(estate, today=today, variables=allowed), entry, form.value, work)
    Output("screen", "document", file).write_with_losses(answer)
    return ExitCode.FINDINGS if answer.generated.left else ExitCode.CLEAN
