"""`fieldline graph`."""

from enum import StrEnum
from typing import Annotated

import typer

from .exits import ExitCode
from .options import (
    HERE,
    AllowEnvOption,
    EffortOption,
    EstatePath,
    FileOption,
    TodayOption,
    VerdictsOption,
    budget,
    day,
    variables,
)
from .output import Output


class GraphForm(StrEnum):
    """The form of a graph."""

    HTML = "html"
    MERMAID = "mermaid"
    DOT = "dot"
    GRAPHML = "graphml"
    JSON = "json"
    OPENLINEAGE = "openlineage"
    SVG = "svg"


def graph_command(
    estate: EstatePath = HERE,
    *,
    form: Annotated[
        GraphForm | None, typer.Option("--as", help="The form; if left out, by the file's ending, else html.")
    ] = None,
    verdicts: VerdictsOption = True,
    ladders: Annotated[
        bool,
        typer.Option(
            "--ladders", help="State in the page how far each field's bounds can be tightened; takes its time."
        ),
    ] = False,
    today: TodayOption = None,
    effort: EffortOption = 1,
    allow_env: AllowEnvOption = None,
    output_file: FileOption = None,
) -> int:
    """Draw the lineage as an HTML page or in another form.

    The page holds everything and needs no network and no server. --no-verdicts leaves the check out, and is quick on any
    estate.
    """
    from ..application.overview import estate_overview
    from ..estate.load import load_estate
    from ..reports.graph.forms import ENDINGS

    chosen = form.value if form else ENDINGS.get(output_file.suffix.lower() if output_file else "", "html")
    with Output("graph").reported_problems():
        answer = estate_overview(
            load_estate(estate, today=day(today), variables=variables(allow_env)),
            verdicts=verdicts,
            with_ladders=ladders,
            budget=budget(effort),
        )
    Output("graph", chosen, output_file).write(answer)
    return ExitCode.CLEAN
