"""The path of an estate in its repository, from which reviewers and CI systems name files."""

from __future__ import annotations

import os
from pathlib import Path

from ..estate.guests import contract_place


def folder_in_repository(path: Path) -> str:
    """The folder of an estate, or of a contract's file, in its repository, with `/`; empty: it is the repository.

    Where there is no repository, in the current folder.
    """
    root = Path(os.path.realpath(contract_place(path)[0]))
    top = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), Path.cwd())
    relative = root.relative_to(top).as_posix() if root.is_relative_to(top) else ""
    return os.fsencode(relative).decode("utf-8", "replace").removeprefix(".")
