"""Two versions of an estate, each from a folder, a snapshot, or a commit of the repository that holds it.

A pull request is judged as what it would be after the merge. So the version after may be a folder *onto* a revision: what
lies there, merged with the revision. What the revision has and the folder has not is then on both sides, and is nobody's
fault; what breaks only because of both is found. Where git cannot merge, the version before is the commit from which the
two went apart, and a note says so.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..documents.files import DISK
from ..documents.problem import EstateError, Problem
from ..documents.readings import Readings
from ..documents.snapshot import is_snapshot
from ..documents.variables import NO_VARIABLES, Variables
from .guests import Replacement, contract_place
from .layout import FILE, estate_root
from .load import Estate, declared_variables, load_estate
from .lock import WithKept

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from ..documents.files import Files
    from ..documents.git import Repository
    from ..documents.location import Location


@dataclass(frozen=True, slots=True)
class Version:
    """The place of one version."""

    name: str
    """Its name: the folder or the revision, as it was given."""
    path: Path
    """The estate's folder on disk, or its place there if it no longer exists; or a snapshot."""
    revision: str | None
    """None: as the folder is now."""
    onto: str | None = None
    """The revision that the folder, as it is now, is merged with; None: it is not merged."""
    replaced: Mapping[str, Version] | None = field(default=None, hash=False)
    """By system, the versions of contracts that stand in place of the estate's; None: none may."""
    prefix: str = ""
    """What the names of its files begin with, where it is one of several versions before."""


class LoadedVersions(NamedTuple):
    """Two versions of an estate."""

    before: Estate
    after: Estate
    notes: tuple[str, ...]
    """What a reader should know about what was compared, sentences without a full stop."""


def version(given: str, estate: Path) -> Version:
    """The version that a word names: an estate's folder, a snapshot, or else a revision of the estate at `estate`."""
    path = Path(given)
    is_place = bool(given) and "\0" not in given and ((estate_root(path) / FILE).exists() or is_snapshot(path))
    return Version(given, estate_root(path), None) if is_place else Version(given, estate, given)


def load_versions(
    before: Version, after: Version, today: date | None = None, variables: Variables = NO_VARIABLES
) -> LoadedVersions:
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
    with ExitStack() as stack:
        before, after, merged, notes = _settled(before, after, stack)
        for number, each in enumerate((before, after)):
            try:
                with _opened(each, merged) as (files, replaced):
                    if not number:
                        declared = declared_variables(each.path, files, readings)
                        variables = Variables(variables.names.union(declared), is_closed=True)
                    estates.append(
                        load_estate(
                            each.path, files, readings, variables=variables, replaced=replaced, prefix=each.prefix
                        )
                    )
            except EstateError as error:
                start = "" if number or each.prefix else f"{each.name}:"
                texts |= {f"{start}{name}": text for name, text in error.texts.items()}
                problems += (problem if number else _of_before(problem, each.name, start) for problem in error.problems)
    if problems:
        raise EstateError(problems, texts)
    return LoadedVersions(estates[0], estates[1], notes)


# ------------------------------------------------------------------------------------------------------------- files


@contextmanager
def _opened(each: Version, merged: Mapping[Version, Files]) -> Iterator[tuple[Files, Mapping[str, Replacement] | None]]:
    """The files of a version, and its replacements. Raises EstateError, also in the block, where one cannot be read."""
    with ExitStack() as stack:
        files = stack.enter_context(_files(each, merged))
        replaced = {
            system: Replacement(one.path, stack.enter_context(_files(one, merged)))
            for system, one in (each.replaced or {}).items()
        }
        yield files, None if each.replaced is None else replaced


@contextmanager
def _files(each: Version, merged: Mapping[Version, Files]) -> Iterator[Files]:
    if each.revision is None:
        yield merged.get(each, DISK)
        return
    from ..documents.git import GitError
    from ..documents.git_tree import Commit

    try:
        root = _root(each)
        with Commit(root, _commit(root, each.revision)) as files:
            yield WithKept(files, root)
    except GitError as error:
        raise EstateError([_unread(each, str(error))]) from error


def _commit(root: Path, revision: str) -> str:
    """A revision that names one commit; of `A...B`, the commit from which the two went apart. Raises GitError."""
    one, dots, other = revision.partition("...")
    if not dots:
        return revision
    with _repository(root) as repository:
        return repository.merge_base(repository.commit(one or "HEAD"), repository.commit(other or "HEAD"))


def _repository(root: Path) -> Repository:
    from ..documents.git import Repository

    return Repository(Path(os.path.realpath(root)))


def _root(each: Version) -> Path:
    """The folder that the files of a version are below."""
    return contract_place(each.path)[0]


# ------------------------------------------------------------------------------------------------------------ merging


def _settled(
    before: Version, after: Version, stack: ExitStack
) -> tuple[Version, Version, Mapping[Version, Files], tuple[str, ...]]:
    """The versions to compare, the files of those that are merged, and what a reader should know of it."""
    parts = (after, *(after.replaced or {}).values())
    subject = next((each for each in parts if each.onto is not None), None)
    if subject is None or subject.onto is None:
        return before, after, {}, _moved(before, after)
    from ..documents.git import GitError
    from ..documents.overlay import NotMerged, merged_with

    root = _root(subject)
    try:
        repository = stack.enter_context(_repository(root))
        files = merged_with(repository, root, repository.commit(subject.onto))
    except GitError as error:
        raise EstateError([_unread(replace(subject, name=subject.onto), str(error))]) from error
    except OSError as error:
        raise EstateError([_unread(replace(subject, name=subject.onto), error.strerror or str(error))]) from error
    if not isinstance(files, NotMerged):
        return before, after, {subject: files}, ()
    note = (
        f"{subject.onto} cannot be merged with what is here: {files.reason}. Compared with {files.base[:12]} instead, "
        "from which the two went apart: what would fail only after the merge is not found"
    )
    return _since(before, subject.onto, files.base), after, {}, (note,)


def _since(before: Version, revision: str, base: str) -> Version:
    """The version before, at another commit than the revision."""
    if before.revision == revision:
        return replace(before, name=base[:12], revision=base)
    others = {system: _since(each, revision, base) for system, each in (before.replaced or {}).items()}
    return replace(before, replaced=others)


def _moved(before: Version, after: Version) -> tuple[str, ...]:
    """Whether the version before has commits that the version after has not: they look as if the change undid them."""
    if before.revision is None or "..." in before.revision or before.path != after.path:
        return ()
    from ..documents.git import GitError

    try:
        with _repository(_root(before)) as repository:
            old, new = repository.commit(before.revision), repository.commit(after.revision or "HEAD")
            base = repository.merge_base(old, new)
            more = repository.count(new, old)
    except GitError:
        return ()  # what cannot be read is reported where it is read; histories without a common commit have no base
    if not more:
        return ()
    commits, count = ("1 commit", "it counts") if more == 1 else (f"{more:,} commits", "they count")
    leaves = f"{before.name}...{after.name}" if after.revision else f"--base {before.name}"
    note = (
        f"{before.name} has moved on by {commits} since {base[:12]}, and {count} as undone here: "
        f"fieldline diff {leaves} leaves them out"
    )
    return (note,)


# ----------------------------------------------------------------------------------------------------------- problems


def _unread(each: Version, why: str) -> Problem:
    name = each.name or '""'
    is_folder = bool(each.name) and Path(each.name).is_dir()
    message = (
        f"{name} is a folder, and it cannot be read as a revision: {why}"
        if is_folder
        else f"{name} cannot be read: {why}"
    )
    return Problem(None, message, expected="an estate's folder, or a revision of the repository that holds the estate")


def _of_before(problem: Problem, name: str, start: str) -> Problem:
    where: Location | None = problem.location
    if where is not None:
        return replace(problem, location=where._replace(file=f"{start}{where.file}"))
    return problem if name in problem.message else replace(problem, message=f"{name}: {problem.message}")
