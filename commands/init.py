"""`fieldline init`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from .exits import ExitCode
from .options import HERE, path_word
from .output import Output
from .writing import complain, write_files


def init_command(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder to write to.", parser=path_word)] = HERE,
) -> int:
    """Write a small working estate to start from.

    Nothing is ever overwritten.
    """
    from ..reports.answers import StarterAnswer
    from ..reports.starter_estate import not_started, starter_files

    files = starter_files()
    existing = [
        name for name in dict.fromkeys(name.partition("/")[0] for name in files) if os.path.lexists(folder / name)
    ]
    if existing:
        complain(not_started(str(folder), existing))
        return ExitCode.UNUSABLE
    write_files(folder, files, first="fieldline.yaml")
    Output("init").write(StarterAnswer(str(folder), list(files)))
    return ExitCode.CLEAN
