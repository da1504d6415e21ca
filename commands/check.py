"""`fieldline check`."""

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
    FailOnOption,
    FileOption,
    FindingsFormat,
    FindingsOption,
    TodayOption,
    budget,
    day,
    variables,
)
from .output import Output
from .writing import complain, replace_file


def check_command(
    estate: EstatePath = HERE,
    *,
    output_format: FindingsOption = FindingsFormat.TEXT,
    output_file: FileOption = None,
    fail_on: FailOnOption = None,
    write_baseline: Annotated[
        bool,
        typer.Option("--write-baseline", help="Write all findings to the baseline: from now on they are known."),
    ] = False,
    over_tight: Annotated[
        bool,
        typer.Option("--over-tight", help="List each value that an entry rejects without need, not only the fields."),
    ] = False,
    today: TodayOption = None,
    effort: EffortOption = 1,
    allow_env: AllowEnvOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Check every entry against all downstream systems."""
    from dataclasses import replace

    from ..application.check import check_estate, new_baseline
    from ..estate.layout import FILE

    output = Output("check", output_format.value, output_file, color, estate)
    if write_baseline:
        with output.reported_problems():
            known = new_baseline(estate, day(today), budget(effort), variables(allow_env))
        Output("check", "yaml", known.file).write(known)
        if known.naming is not None:
            replace_file(known.file.with_name(FILE), known.naming)
            complain(f"{known.file.with_name(FILE)} names it from now on.")
        return ExitCode.CLEAN
    with output.reported_problems():
        answer = check_estate(
            estate, day(today), fail_on.value if fail_on else None, budget(effort), variables(allow_env)
        )
    output.write(replace(answer, over_tight=over_tight))
    return ExitCode.FINDINGS if answer.ruling.fails else ExitCode.CLEAN
