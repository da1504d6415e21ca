"""Two versions of an estate, each from a folder or from a commit of the repository that holds it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..documents.files import DISK
from ..documents.problem import EstateError, Problem
from ..documents.readings import Readings
from ..documents.variables import NO_VARIABLES, Variables
from .load import FILE, Estate, declared_variables, load_estate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ..documents.files import Files
    from ..documents.location import Location


@dataclass(frozen=True, slots=True)
class Version:
    """The place of one version."""

    name: str
    """Its name: the folder or the revision, as it was given."""
    path: Path
    """The estate's folder on disk, or its place there if it no longer exists."""
    revision: str | None
    """None: as the folder is now."""


def version(given: str, estate: Path) -> Version:
    """The version that a word names: a folder that holds an estate, or else a revision of the estate at `estate`."""
    path = Path(given)
    folder = path.parent if path.name == FILE else path
    is_folder = bool(given) and "\0" not in given and (folder / FILE).exists()
    return Version(given, folder, None) if is_folder else Version(given, estate, given)


def load_versions(
    before: Version, after: Version, today: date | None = None, variables: Variables = NO_VARIABLES
) -> tuple[Estate, Estate]:
    """Both versions on one day; equal files are read once, and their objects shared.

    Of the environment both may read what the version before names, and `variables`: a change cannot name any for itself.
    Raises EstateError with the problems of both; the files of the version before are named as git names them,
    `main:contracts/web.yaml`.
    """
    readings = Readings(today)
    variables = Variables(variables.names, is_closed=True)
    estates: list[Estate] = []
    problems: list[Problem] = []
    texts: dict[str, str] = {}
    for number, each in enumerate((before, after)):
        try:
            with _files(each) as files:
                if not number:
                    declared = declared_variables(each.path, files, readings)
                    variables = Variables(variables.names.union(declared), is_closed=True)
                estates.append(load_estate(each.path, files, readings, variables=variables))
        except EstateError as error:
            names = {name: name if number else f"{each.name}:{name}" for name in error.texts}
            texts |= {names[name]: text for name, text in error.texts.items()}
            problems += (problem if number else _of_before(problem, each.name) for problem in error.problems)
    if problems:
        raise EstateError(problems, texts)
    return estates[0], estates[1]


@contextmanager
def _files(each: Version) -> Iterator[Files]:
    """The files of a version. Raises EstateError, also in the block, where its revision cannot be read."""
    if each.revision is None:
        yield DISK
        return
    from ..documents.git import Commit, GitError

    try:
        with Commit(each.path, each.revision) as files:
            yield files
    except GitError as error:
        raise EstateError([_unread(each, str(error))]) from error


def _unread(each: Version, why: str) -> Problem:
    name = each.name or '""'
    is_folder = bool(each.name) and Path(each.name).is_dir()
    message = (
        f"{name} is a folder, and it cannot be read as a revision: {why}"
        if is_folder
        else f"{name} cannot be read: {why}"
    )
    return Problem(None, message, expected="an estate's folder, or a revision of the repository that holds the estate")


def _of_before(problem: Problem, name: str) -> Problem:
    where: Location | None = problem.location
    if where is not None:
        return replace(problem, location=replace(where, file=f"{name}:{where.file}"))
    return problem if name in problem.message else replace(problem, message=f"{name}: {problem.message}")
