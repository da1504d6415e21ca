"""`fieldline export`."""

from enum import StrEnum
from typing import Annotated

import typer

from .exits import ExitCode
from .options import HERE, AllowEnvOption, EstatePath, FileOption, variables
from .output import Output


class ExportForm(StrEnum):
    """The format that a contract is exported to."""

    ODCS = "odcs"
    JSON_SCHEMA = "json-schema"


def export_command(
    estate: EstatePath = HERE,
    *,
    system: Annotated[str, typer.Option("--system", metavar="NAME", help="The name of the system.")],
    target: Annotated[ExportForm, typer.Option("--as", help="The format.")],
    allow_env: AllowEnvOption = None,
    output_file: FileOption = None,
) -> int:
    """Convert a system's contract to another format.

    Keys that the format cannot express are listed on standard error; if the document leaves them out, the exit
    code is 1.
    """
    from ..estate.load import load_estate
    from ..reports.export.targets import export_contract

    with Output("export").reported_problems():
        answer = export_contract(load_estate(estate, variables=variables(allow_env)), system, target.value)
    Output("export", "document", output_file).write_with_losses(answer)
    return ExitCode.FINDINGS if answer.export.loses else ExitCode.CLEAN
