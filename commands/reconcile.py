"""`fieldline reconcile`."""

from contextlib import ExitStack
from datetime import UTC, datetime
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
    NowOption,
    TodayOption,
    budget,
    day,
    path_word,
    variables,
)
from .output import Output
from .progress import progress_bar
from .writing import complain, replace_file

if TYPE_CHECKING:
    from ..rows.quarantine import RejectedRows


class ReconcileEngine(StrEnum):
    """What finds the records that agree."""

    POLARS = "polars"
    SPARK = "spark"


def reconcile_command(
    first: Annotated[str, typer.Argument(metavar="A", help="The name of a system, or system.entity.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Another one, which flows connect with it.")],
    estate: EstatePath = HERE,
    *,
    keys: Annotated[
        Path | None,
        typer.Option(
            "--keys",
            metavar="FILE",
            help="Write the keys of all records with a finding there: .csv, .parquet or .ndjson.",
            parser=path_word,
        ),
    ] = None,
    engine: Annotated[
        ReconcileEngine,
        typer.Option(
            "--engine",
            help="What finds the records that agree. spark: Apache Spark, where both systems keep Parquet, as it is "
            "configured, or else on this machine.",
        ),
    ] = ReconcileEngine.POLARS,
    now: NowOption = None,
    today: TodayOption = None,
    effort: EffortOption = 1,
    allow_env: AllowEnvOption = None,
    output_format: FormatOption = AnswerFormat.TEXT,
    output_file: FileOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Compare all records of two systems through the flows.

    What the second must hold is computed from the stores of the first. Counted are the records that are missing, extra, or
    that differ, field by field, and what is not known.

    Exit code 1: something is wrong, or is not known. Needs the extra `rows`, and `database` for tables.
    """
    from ..estate.load import load_estate
    from ..rows.quarantine import SINKS, write_rejected
    from ..rows.reconcile.compare import reconcile

    ending = keys.suffix.lower() if keys else ".csv"
    if ending not in SINKS:
        raise typer.BadParameter(f"a file of keys ends in {', '.join(SINKS)}")

    def write_keys(rows: "RejectedRows") -> None:
        if keys is not None:
            replace_file(keys, lambda path: write_rejected(rows, path, ending))

    output = Output("reconcile", output_format.value, output_file, color)
    with output.reported_problems(), progress_bar() as progress, ExitStack() as opened:
        spark = None
        if engine is ReconcileEngine.SPARK:
            from ..rows.engines.spark import spark_session

            spark = opened.enter_context(spark_session())
        answer = reconcile(
            load_estate(estate, today=day(today), variables=variables(allow_env)),
            first,
            second,
            now or datetime.now(UTC),
            progress,
            keys=None if keys is None else write_keys,
            spark=spark,
            budget=budget(effort),
        )
    output.write(answer)
    if keys is not None:
        complain(f"Keys written to {keys}")
    return ExitCode.CLEAN if answer.is_well else ExitCode.FINDINGS
