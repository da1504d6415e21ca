"""`fieldline validate`."""

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
    FileOption,
    FormatOption,
    LanguageOption,
    TodayOption,
    budget,
    day,
    given_words,
    path_word,
    variables,
)
from .output import Output
from .progress import progress_bar
from .writing import complain, replace_file

if TYPE_CHECKING:
    from ..rows.quarantine import RejectedRows


class RowsChoice(StrEnum):
    """The engine that checks rows."""

    POLARS = "polars"
    SPARK = "spark"
    SQL = "sql"


def validate_command(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="CSV, Parquet, NDJSON, Arrow or Excel, all alike, or folders of them; or one table: env:VARIABLE/TABLE.",
            callback=given_words,
        ),
    ],
    *,
    entry: Annotated[str, typer.Option("--entry", metavar="ENTRY", help="The entry that the rows are records of.")],
    estate: Annotated[
        Path,
        typer.Option(
            "--estate", metavar="FOLDER", help="The estate's folder.", show_default="this folder", parser=path_word
        ),
    ] = HERE,
    lossless: Annotated[
        bool, typer.Option("--lossless", help="Count values that would arrive altered, too, not only rejected ones.")
    ] = False,
    quarantine: Annotated[
        Path | None,
        typer.Option(
            "--quarantine",
            metavar="FILE",
            help="Write the bad rows there: .csv, .parquet or .ndjson.",
            parser=path_word,
        ),
    ] = None,
    engine: Annotated[
        RowsChoice,
        typer.Option(
            "--engine",
            help="The engine. spark: Parquet on Apache Spark, as it is configured, or else on this machine. sql: a table, "
            "in its database.",
        ),
    ] = RowsChoice.POLARS,
    language: LanguageOption = None,
    today: TodayOption = None,
    effort: EffortOption = 1,
    allow_env: AllowEnvOption = None,
    output_format: FormatOption = AnswerFormat.TEXT,
    output_file: FileOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Check stored rows against an entry's obligations.

    Exit code 1: some row would be rejected, or repeats a value that must be unique. Needs the extra `rows`.
    """
    from ..estate.load import load_estate
    from ..rows.quarantine import SINKS, write_rejected
    from ..rows.use_cases import validate_rows

    ending = quarantine.suffix.lower() if quarantine else ".csv"
    if ending not in SINKS:
        raise typer.BadParameter(f"a quarantine file ends in {', '.join(SINKS)}")

    def write_bad(rows: "RejectedRows") -> None:
        if quarantine is not None:
            replace_file(quarantine, lambda path: write_rejected(rows, path, ending))

    output = Output("validate", output_format.value, output_file, color)
    with output.reported_problems(), progress_bar() as progress:
        answer = validate_rows(
            load_estate(estate, today=day(today), variables=variables(allow_env, *map(str, files))),
            entry,
            files,
            engine.value,
            progress,
            lossless=lossless,
            quarantine=None if quarantine is None else write_bad,
            budget=budget(effort),
            language=None if language is None else language.value,
        )
    output.write(answer)
    if quarantine is not None:
        written = f"Bad rows: {answer.judged.rejected:,}. Written to {quarantine}"
        complain(written if answer.judged.rejected else "No row is bad: nothing was written")
    return ExitCode.CLEAN if answer.judged.is_clean else ExitCode.FINDINGS
