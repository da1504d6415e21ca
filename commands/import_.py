"""`fieldline import`."""

from typing import Annotated

import typer

from .exits import ExitCode
from .options import AllowEnvOption, FileOption, given_words, pairs, variables
from .output import Output


def import_command(
    source: Annotated[str, typer.Argument(metavar="FORMAT", help="json_schema, openapi, odcs, …: a word of `from:`.")],
    path: Annotated[
        str,
        typer.Argument(
            metavar="PATH",
            help="A file, a folder, a pattern ('schema/*.json'); or the environment variable with a database's URL.",
            callback=given_words,
        ),
    ],
    *,
    system: Annotated[str, typer.Option("--system", metavar="NAME", help="The system's name.")],
    option: Annotated[
        list[str] | None,
        typer.Option("--option", metavar="KEY=VALUE", help="An option of the format; may be repeated."),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="ENTITY", help="Read this entity; may be repeated.")
    ] = None,
    allow_env: AllowEnvOption = None,
    output_file: FileOption = None,
) -> int:
    """Convert a foreign schema to a contract.

    The contract is the same as one that reads the source in place with `from:`. A database needs the extra `database`.
    """
    from ..application.foreign import import_contract

    options = dict(pairs(option, "KEY=VALUE"))
    allowed = variables(allow_env, f"env:{path}" if source == "database" else None)
    with Output("import").reported_problems():
        answer = import_contract(system, source, path, options, only or (), allowed)
    Output("import", "yaml", output_file).write(answer)
    return ExitCode.CLEAN
