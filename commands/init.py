"""`fieldline init`."""

import os
from collections.abc import Mapping
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
    if existing and not _is_half(folder, existing, files):
        complain(not_started(str(folder), existing))
        return ExitCode.UNUSABLE
    write_files(folder, dict(sorted(files.items(), key=lambda file: file[0] == _LAST)))
    Output("init").write(StarterAnswer(str(folder), list(files)))
    return ExitCode.CLEAN


_LAST = "fieldline.yaml"
"""The file without which a folder is no estate."""


def _is_half(folder: Path, names: list[str], files: Mapping[str, str]) -> bool:
    """Whether these names are what a run left that was ended: files of ours, as we write them, without the last one."""
    there = [path for name in names for path in (folder / name, *(folder / name).rglob("*"))]
    return _LAST not in names and all(
        path.is_dir() or (path.is_file() and path.read_bytes() == _content(path.relative_to(folder), files))
        for path in there
    )


def _content(name: Path, files: Mapping[str, str]) -> bytes | None:
    text = files.get(name.as_posix())
    return None if text is None else text.encode()
