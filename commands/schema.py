"""`fieldline schema`."""

from typing import Annotated

import typer

from .exits import ExitCode
from .options import FileOption
from .output import Output


def schema_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The schema's name.")],
    *,
    output_file: FileOption = None,
) -> int:
    """Print a JSON Schema (draft-07).

    Of the files that Fieldline reads, for editors: estate, contract, lineage, rules. Of the JSON that it writes: findings,
    diff, drift, audit, screen, trace, validation, graph.
    """
    from ..reports.schemas import published_schema

    Output("schema", "json", output_file).write(published_schema(name))
    return ExitCode.CLEAN
