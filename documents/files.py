"""Where the files of an estate lie: on disk, or in a commit (`git`). One reader works on either."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Protocol

from .yaml_events import MOST_BYTES

if TYPE_CHECKING:
    from pathlib import Path


class Files(Protocol):
    """Looks files up. Paths are those they have, or would have, on disk."""

    def exists(self, path: Path) -> bool:
        """Whether there is anything of that name, be it a link that leads nowhere."""

    def mode(self, path: Path) -> int:
        """The kind of thing a path leads to, as in `stat`; 0 when it leads nowhere or cannot be determined."""

    def real(self, path: Path) -> Path:
        """The path with every link in it followed. Raises OSError or ValueError where it cannot be followed."""

    def children(self, folder: Path) -> list[Path]:
        """The entries of a folder, by name. Raises OSError."""

    def content(self, path: Path) -> bytes | None:
        """The content of a file, up to a little more than is ever read; None when it is not an ordinary one.

        Raises OSError.
        """


class Disk:
    """The files that lie on disk now."""

    @staticmethod
    def exists(path: Path) -> bool:
        return os.path.lexists(path)

    @staticmethod
    def mode(path: Path) -> int:
        try:
            return path.stat().st_mode
        except (OSError, ValueError):
            return 0

    @staticmethod
    def real(path: Path) -> Path:
        return type(path)(os.path.realpath(path))

    @staticmethod
    def children(folder: Path) -> list[Path]:
        return sorted(folder.iterdir())

    @staticmethod
    def content(path: Path) -> bytes | None:
        if not stat.S_ISREG(path.stat().st_mode):
            return None
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)


DISK = Disk()
