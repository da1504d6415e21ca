"""Files that are listed and not walked: a commit's, a snapshot's, a folder's with other content in places.

A listing knows its things by their path inside the root, part by part; links are followed here, and never out of it.
"""

from __future__ import annotations

import errno
import os
import stat
from abc import ABC, abstractmethod
from pathlib import Path
from typing import TypeAlias

Parts: TypeAlias = tuple[str, ...]
"""A path inside the root; empty: the root itself."""

_MOST_LINKS = 40
"""Links followed one after the other, as many as Linux follows."""


class Listing(ABC):
    """The files below one folder, as `Files`."""

    def __init__(self, root: Path) -> None:
        """`root`: the path that the folder has, or would have, on disk."""
        self.root = root

    @abstractmethod
    def kind(self, parts: Parts) -> int:
        """The kind of thing that has a path, as in `stat`, links not followed; 0: there is none."""

    @abstractmethod
    def names(self, parts: Parts) -> list[str]:
        """The names in a folder. Raises OSError."""

    @abstractmethod
    def read(self, parts: Parts) -> bytes:
        """The content of a file, up to a little more than is ever read, or the target of a link. Raises OSError."""

    # ------------------------------------------------------------------------------------------- as `Files`

    def exists(self, path: Path) -> bool:
        try:
            parts = self.parts(path)
            return self.kind((*self._followed(parts[:-1]), *parts[-1:])) != 0
        except (OSError, ValueError):
            return False

    def mode(self, path: Path) -> int:
        try:
            return self.kind(self._followed(self.parts(path)))
        except (OSError, ValueError):
            return 0

    def real(self, path: Path) -> Path:
        return self.root.joinpath(*self._followed(self.parts(path)))

    def children(self, folder: Path) -> list[Path]:
        return [folder / name for name in sorted(self.names(self._followed(self.parts(folder))))]

    def content(self, path: Path) -> bytes | None:
        parts = self._followed(self.parts(path))
        kind = self.kind(parts)
        if not kind:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        return self.read(parts) if stat.S_ISREG(kind) else None

    # ------------------------------------------------------------------------------------------------- paths

    def parts(self, path: Path) -> Parts:
        """The path inside the root. Raises ValueError where it is not inside."""
        if "\0" in str(path):
            raise ValueError("a NUL in a name")
        return Path(os.path.normpath(path)).relative_to(os.path.normpath(self.root)).parts

    def _followed(self, parts: Parts) -> Parts:
        """The path with its links followed. Raises ValueError where one leads out, OSError where they go round."""
        done: list[str] = []
        todo = list(parts)
        links = 0
        while todo:
            part = todo.pop(0)
            if part == "..":
                if not done:
                    raise ValueError("a link that leads out")
                done.pop()
                continue
            here = (*done, part)
            if not stat.S_ISLNK(self.kind(here)):
                done.append(part)
                continue
            links += 1
            if links > _MOST_LINKS:
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
            target = os.fsdecode(self.read(here))
            if target.startswith("/"):
                raise ValueError("a link that leads out")
            todo = [step for step in target.split("/") if step not in {"", "."}] + todo
        return tuple(done)
