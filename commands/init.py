"""`fieldline init`."""

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from .exits import ExitCode
from .options import HERE, path_word
from .output import Output
from .writing import complain, print_text, replace_file, write_files


class CiName(StrEnum):
    """A CI system that a few lines are written for."""

    GITHUB = "github"
    GITLAB = "gitlab"
    PRE_COMMIT = "pre-commit"


def init_command(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder to write to.", parser=path_word)] = HERE,
    *,
    ci: Annotated[
        CiName | None,
        typer.Option(
            "--ci", help="Write the few lines that judge each change, for this CI system, into the repository."
        ),
    ] = None,
    from_: Annotated[
        list[Path] | None,
        typer.Option(
            "--from",
            metavar="SOURCE",
            help="Propose an estate from a file or a folder in FOLDER (SQL, OpenAPI, JSON Schema, dbt); may be repeated.",
            parser=path_word,
        ),
    ] = None,
) -> int:
    """Write a small working estate to start from.

    With --from, one that reads what is there, with flows where names agree. With --ci, the lines for a CI system; and an
    estate where the folder has none. Nothing is ever overwritten.
    """
    from ..estate.layout import FILE

    if from_:
        code = _write_proposal(folder, from_)
        if code is not ExitCode.CLEAN:
            return code
    elif ci is None or not (folder / FILE).exists():
        code = _write_starter(folder)
        if code is not ExitCode.CLEAN:
            return code
    return ExitCode.CLEAN if ci is None else _write_ci(folder, ci)


def _write_starter(folder: Path) -> ExitCode:
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


def _write_proposal(folder: Path, places: list[Path]) -> ExitCode:
    """Write an estate that reads the sources at these places.

    Its contracts and lineage are in a folder of their own where there are others already.
    """
    from ..application.proposal import propose
    from ..reports.answers import ProposalAnswer
    from ..reports.proposed_estate import proposed_files

    if os.path.lexists(folder / _LAST):
        complain(f"nothing was written: {folder / _LAST} is there already")
        return ExitCode.UNUSABLE
    output = Output("init")
    with output.reported_problems():
        proposal = propose(folder, _inside(folder, places))
    taken = any(os.path.lexists(folder / name) for name in ("contracts", "lineage"))
    files = proposed_files(proposal, "fieldline" if taken else "")
    there = [name for name in files if os.path.lexists(folder / name)]
    if there:
        complain(f"nothing was written: {folder / there[0]} is there already")
        return ExitCode.UNUSABLE
    write_files(folder, dict(sorted(files.items(), key=lambda file: file[0] == _LAST)))
    output.write(ProposalAnswer(str(folder), list(files), proposal))
    return ExitCode.CLEAN


def _inside(folder: Path, places: list[Path]) -> list[Path]:
    """The places, as paths in the folder. Raises EstateError for one that is not there, or outside."""
    from ..documents.problem import EstateError, Problem

    root = Path(os.path.realpath(folder))
    problems = []
    inside = []
    for place in places:
        real = Path(os.path.realpath(place))
        if not real.exists():
            problems.append(Problem(None, f"there is no {place}", "a file or a folder with sources"))
        elif not real.is_relative_to(root):
            outside = f"{place} is not inside the estate's folder, {folder}"
            problems.append(
                Problem(None, outside, "a folder that holds the sources: an estate reads nothing outside of its own")
            )
        else:
            inside.append(folder / real.relative_to(root))
    if problems:
        raise EstateError(problems)
    return inside


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


def _write_ci(folder: Path, ci: CiName) -> ExitCode:
    """Write the lines at the top of the repository, or of the folder where there is none; print them where a file is."""
    from ..application.repository import repository_top
    from ..reports.answers import CiAnswer
    from ..reports.starter_ci import ci_file, ci_not_written

    top = repository_top(folder)
    estate = Path(os.path.realpath(folder)).relative_to(top).as_posix()
    name, text = ci_file(ci.value, estate)
    file = top / name
    if os.path.lexists(file):
        print_text(ci_not_written(name, text))
        return ExitCode.UNUSABLE
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_file(file, text.encode())
    Output("init").write(CiAnswer(name))
    return ExitCode.CLEAN
