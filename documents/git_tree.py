"""The files of an estate as a commit holds them, read from git's objects: nothing is checked out.

A submodule is read from its own repository, at the commit that the tree names for it, so that a version of an estate has
the files it would have if it were checked out with its submodules.
"""

from __future__ import annotations

import errno
import os
import stat
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from .git import GitError, Repository
from .listing import Listing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .listing import Parts

_SUBMODULE, _FOLDER = 0o160000, 0o040000


class TreeEntry(NamedTuple):
    """A file, a link, a folder or a submodule in a tree."""

    mode: int
    object_id: bytes
    """In hexadecimal."""

    @property
    def is_submodule(self) -> bool:
        """Whether it is a commit of another repository."""
        return self.mode == _SUBMODULE


class Tree(Listing):
    """The files of a folder in a tree of a repository. Close it after use (`with`); its repository stays open."""

    def __init__(self, root: Path, repository: Repository, tree: str | None) -> None:
        """`tree`: the folder's, by a full name, or as the place of the folder in a commit; None: it is empty."""
        super().__init__(root)
        self._repository = repository
        self._tree = tree
        self._submodules: dict[Parts, TreeEntry] = {}
        self._opened: dict[Parts, Repository] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for repository in self._opened.values():
            repository.close()

    # ----------------------------------------------------------------------------------------------- as a listing

    def kind(self, parts: Parts) -> int:
        if not parts:
            return _FOLDER
        entry = self._listed(parts[:-1]).get(parts[-1])
        if entry is None:
            return 0
        return _FOLDER if entry.is_submodule else entry.mode

    def names(self, parts: Parts) -> list[str]:
        self._open_submodules(parts)
        return list(self._all.get(parts, ()))

    def read(self, parts: Parts) -> bytes:
        entry = self._listed(parts[:-1]).get(parts[-1])
        if entry is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        places = (parts[:end] for end in range(len(parts) - 1, 0, -1))
        repository = next((self._opened[place] for place in places if place in self._opened), self._repository)
        return repository.blob(entry.object_id)

    def files(self, below: Parts = ()) -> Mapping[Parts, TreeEntry]:
        """The files, links and submodules below a folder. Raises OSError: it is a submodule that is not here."""
        waiting = [below]
        files: dict[Parts, TreeEntry] = {}
        while waiting:
            here = waiting.pop()
            self._open_submodules(here)
            for name, entry in self._all.get(here, {}).items():
                if stat.S_ISDIR(entry.mode):
                    waiting.append((*here, name))
                else:
                    files[*here, name] = entry
        return files

    # --------------------------------------------------------------------------------------------------- entries

    @cached_property
    def _all(self) -> dict[Parts, dict[str, TreeEntry]]:
        """The entries of every folder read so far, by its path. Raises GitError."""
        folders: dict[Parts, dict[str, TreeEntry]] = {(): {}}
        if self._tree is not None:
            self._list(self._repository, self._tree, (), folders)
        return folders

    def _listed(self, parts: Parts) -> Mapping[str, TreeEntry]:
        try:
            self._open_submodules(parts)
        except OSError:
            return {}
        return self._all.get(parts, {})

    def _list(
        self, repository: Repository, tree: str, place: Parts, folders: dict[Parts, dict[str, TreeEntry]]
    ) -> None:
        """Add the entries of a tree, whose place is a folder. Raises GitError."""
        listed = repository.ask("ls-tree", "-r", "-t", "-z", "--full-tree", tree)
        for line in listed.split(b"\0")[:-1]:
            about, _, path = line.partition(b"\t")
            mode, _, object_id = about.split(b" ")
            *inner, name = os.fsdecode(path).split("/")
            entry = TreeEntry(int(mode, 8), object_id)
            folders.setdefault((*place, *inner), {})[name] = entry
            if entry.is_submodule:
                self._submodules[*place, *inner, name] = entry

    def _open_submodules(self, parts: Parts) -> None:
        """List the submodules that a path leads through. Raises OSError where one is not here."""
        folders = self._all
        for end in range(1, len(parts) + 1):
            place = parts[:end]
            entry = self._submodules.get(place)
            if entry is not None and place not in folders:
                self._open_submodule(place, entry)

    def _open_submodule(self, place: Parts, entry: TreeEntry) -> None:
        path = "/".join(place)
        commit = entry.object_id.decode("ascii")
        folder = Path(os.path.realpath(self.root), *place)
        try:
            if os.path.realpath(folder) != str(folder) or not (folder / ".git").exists():
                how = f"git submodule update --init {path}"
                raise OSError(errno.ENOENT, f"{path} is a submodule that is not here; {how} brings it")
            repository = Repository(folder, is_other=True)
            self._opened[place] = repository
            self._list(repository, f"{commit}:", place, self._all)
            self._all.setdefault(place, {})
        except GitError as error:
            how = f"git -C {path} fetch --depth=1 origin {commit}"
            message = f"{path} is a submodule, and its commit {commit[:12]} is not here; {how} brings it"
            raise OSError(errno.ENOENT, message) from error


class Commit(Tree):
    """The files that a folder had in one commit of the repository that holds it. Close it after use (`with`)."""

    def __init__(self, root: Path, revision: str) -> None:
        """Look the revision up. Raises GitError."""
        self._own = Repository(Path(os.path.realpath(root)))
        self.name = self._own.commit(revision)
        """The commit's full name, in hexadecimal."""
        super().__init__(root, self._own, f"{self.name}:{self._own.place(root)}")

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        self._own.close()
