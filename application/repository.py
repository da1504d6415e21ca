"""The path of an estate in its repository, from which reviewers and CI systems name files."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from ..estate.guests import contract_place
from ..estate.layout import FILE


def folder_in_repository(path: Path) -> str:
    """The folder of an estate, or of a contract's file, in its repository, with `/`; empty: it is the repository.

    Where there is no repository, in the current folder.
    """
    root = Path(os.path.realpath(contract_place(path)[0]))
    top = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), Path.cwd())
    relative = root.relative_to(top).as_posix() if root.is_relative_to(top) else ""
    return os.fsencode(relative).decode("utf-8", "replace").removeprefix(".")


def repository_top(folder: Path) -> Path:
    """The folder of the repository that holds a folder, without links; the folder itself where there is none."""
    root = Path(os.path.realpath(folder))
    return next((each for each in (root, *root.parents) if (each / ".git").exists()), root)


def holds_no_estate(revision: str, estate: Path) -> bool:
    """Whether a revision certainly holds no estate in a folder: the folder is new in it, or nothing was committed yet.

    False also where that is not known: no repository, no such revision in a repository that has commits, no git.
    """
    folder = estate.parent if estate.name == FILE else estate
    if not folder.is_dir():
        return False
    if _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"):
        return not _git(folder, "cat-file", "-e", f"{revision}:./{FILE}")
    # Of a repository without a commit, HEAD names a branch that does not exist, and no other revision exists either.
    return _git(folder, "symbolic-ref", "--quiet", "HEAD") and not _git(
        folder, "rev-parse", "--verify", "--quiet", "HEAD"
    )


def _git(folder: Path, *arguments: str) -> bool:
    """Whether a question to git is answered with yes; git changes nothing and runs no hook for any of these."""
    command = ["git", "-C", os.fspath(folder), *arguments]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)  # noqa: S603 - no shell
    except OSError:
        return False
    return done.returncode == 0
