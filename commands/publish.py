"""`fieldline publish`."""

from pathlib import Path
from typing import Annotated

import typer

from .exits import ExitCode
from .options import HERE, FileOption, given_words, path_word
from .output import Output


def publish_command(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="PATH",
            help="A contract's file, or the folder of an estate.",
            show_default=False,
            parser=path_word,
        ),
    ] = HERE,
    *,
    revision: Annotated[
        str,
        typer.Option(
            "--revision", metavar="REVISION", help="The revision to publish.  [default: HEAD]", callback=given_words
        ),
    ] = "HEAD",
    output_file: FileOption = None,
) -> int:
    """Write a snapshot of a contract or an estate to one file.

    The same revision gives the same bytes on every machine. What is not committed is not in it.
    """
    from ..application.publish import publish

    output = Output("publish", "document", output_file, estate=path)
    with Output("publish", estate=path).reported_problems():
        answer = publish(path, revision)
    output.write(answer)
    return ExitCode.CLEAN
