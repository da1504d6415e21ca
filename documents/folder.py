"""The files of an estate: looked up, read and kept, never from outside the estate's folder.

Hidden files and folders (`.git`, an editor's lock files) are passed over, links are followed as long as they stay
inside, and only ordinary files are opened. `Files` determines where they lie: on disk, or in a commit.
"""

from __future__ import annotations

import glob
import os
import stat
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from .files import DISK
from .location import Location
from .problem import shorten
from .readings import Readings
from .variables import NO_VARIABLES
from .workbook import WorkbookError, is_workbook, workbook_text
from .yaml_events import MOST_BYTES, decode, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .files import Files
    from .problem import Problems
    from .yaml_events import Node

_EMPTY = "an empty text is no path"
_SUFFIXES = (".yaml", ".yml")


class Folder:
    """One estate's folder. Keeps the texts it read: nothing is read twice, and reports can show the lines."""

    def __init__(
        self, root: Path, problems: Problems, files: Files = DISK, readings: Readings | None = None, prefix: str = ""
    ) -> None:
        """`prefix`: what the names of its files begin with, where they are not those of the estate itself: `billing:`."""
        self.root = root
        self.files = files
        self.readings = readings or Readings()
        self.texts: dict[str, str] = {}
        """The text of every file read, by its name, with line ends as in `yaml_events`."""
        self.variables = NO_VARIABLES
        """The environment variables that foreign sources may read; known once `fieldline.yaml` is read."""
        self.prefix = prefix
        self._real_root = files.real(root)
        self._problems = problems
        # The real paths of folders and files read, with the paths they were first met by.
        self._seen: dict[Path, Path] = {}

    def yaml_files(self, folder: str, where: Location) -> list[Path]:
        """Every YAML file in a folder and the folders in it, by name; problems are reported at `where`."""
        if not folder:
            self._problems.add(where, _EMPTY, expected="a folder; the estate's own is .")
            return []
        plain = Path(os.path.normpath(folder))
        path = self.root / plain
        if plain.is_absolute() or plain.parts[:1] == (os.pardir,) or not self._is_inside(path):
            message = f"{shorten(folder)} leads out of the estate"
            self._problems.add(where, message, expected="a folder inside the estate, relative to fieldline.yaml")
            return []
        mode = self.files.mode(path)
        if not stat.S_ISDIR(mode):
            missing = "is not a folder" if mode else "does not exist"
            self._problems.add(where, f"the folder {shorten(folder)} {missing}")
            return []
        every: list[Path] = []
        waiting = [path]
        while waiting:
            current = waiting.pop()
            if self._is_new(current, where):
                folders, files = self._entries(current, where)
                every += files
                waiting += folders
        return sorted(every)

    def read(self, path: Path) -> Node | None:
        """The tree of one file; None after a problem was reported."""
        name = self.name(path)
        start = Location(name, 1, 1)
        if not self._is_inside(path):
            message = "this file is a link that leads out of the estate"
            self._problems.add(start, message, expected="a file inside the estate")
            return None
        try:
            data = self.files.content(path)
        except OSError as error:
            self._problems.add(start, f"this file cannot be read: {error.strerror}")
            return None
        if data is None:
            self._problems.add(start, "this is not an ordinary file")
            return None
        if not self._is_new(path, start):
            return None
        text = decode(data, name, self._problems)
        if text is None:
            return None
        self.texts[name] = text
        return self.readings.tree(name, text, self._problems, lambda: read(text, name, self._problems))

    def foreign(self, name: str, suffixes: tuple[str, ...], where: Location) -> dict[str, str]:
        """The texts, by name, of a foreign file, of all that match a pattern, or of those in a folder by suffix.

        In the order of their names. The same file may be read for several contracts; problems are reported at `where`.
        """
        if not name:
            self._problems.add(where, _EMPTY, expected="a file, a folder or a pattern; the estate's own folder is .")
            return {}
        plain = Path(os.path.normpath(name))
        if plain.is_absolute() or plain.parts[:1] == (os.pardir,) or "\0" in name:
            message = f"{shorten(name)} leads out of the estate"
            self._problems.add(where, message, expected="a path inside the estate, relative to fieldline.yaml")
            return {}
        before = len(self._problems)
        texts = {}
        for path in self._foreign_files(plain, suffixes, where):
            text = self._foreign_text(path, where)
            if text is not None:
                texts[self.name(path)] = text
        if not texts and len(self._problems) == before:
            what = f"a file that ends in {' or '.join(suffixes)}" if suffixes else "a file"
            self._problems.add(where, f"there is nothing to read at {shorten(name)}", expected=what)
        return texts

    def other(self, name: str) -> str | None:
        """The text of one more file of the estate, by its name or its path in it; None where it cannot be had."""
        plain = Path(os.path.normpath(name.removeprefix(self.prefix)))
        if plain.is_absolute() or plain.parts[:1] == (os.pardir,) or not self.files.mode(self.root / plain):
            return None
        return self._foreign_text(self.root / plain, Location(self.name(self.root / plain), 1, 1))

    def holds(self, name: str) -> bool:
        """Whether there is anything at a path relative to the root, be it a link that leads nowhere."""
        return self.files.exists(self.root / name)

    def _foreign_files(self, plain: Path, suffixes: tuple[str, ...], where: Location) -> list[Path]:
        if glob.has_magic(str(plain)):
            fixed = plain.parts[: next(i for i, part in enumerate(plain.parts) if glob.has_magic(part))]
            inside = self._files_inside(self.root.joinpath(*fixed), where)
            return [path for path in inside if _matches(path.relative_to(self.root).parts, plain.parts)]
        path = self.root / plain
        mode = self.files.mode(path)
        if not mode:
            self._problems.add(where, f"the file {shorten(str(plain))} does not exist")
        if not stat.S_ISDIR(mode):
            return [path] * bool(mode)
        return [file for file in self._files_inside(path, where) if file.name.lower().endswith(suffixes)]

    def _files_inside(self, folder: Path, where: Location) -> list[Path]:
        """Every ordinary file in a folder and the folders in it that are no links, by name."""
        files: list[Path] = []
        waiting = [folder] if stat.S_ISDIR(self.files.mode(folder)) and self._is_inside(folder) else []
        while waiting:
            current = waiting.pop()
            real = self.files.real(current)
            for path in self._visible(current, where):
                mode = self.files.mode(path)
                if stat.S_ISREG(mode):
                    files.append(path)
                elif stat.S_ISDIR(mode) and self.files.real(path) == real / path.name:
                    waiting.append(path)
        return sorted(files)

    def _foreign_text(self, path: Path, where: Location) -> str | None:
        name = self.name(path)
        if name in self.texts:
            return self.texts[name]
        if not self._is_inside(path):
            self._problems.add(where, f"{shorten(name)} is a link that leads out of the estate")
            return None
        try:
            data = self.files.content(path)
        except OSError as error:
            self._problems.add(where, f"{shorten(name)} cannot be read: {error.strerror}")
            return None
        if data is None:
            self._problems.add(where, f"{shorten(name)} is not an ordinary file")
            return None
        text = self._workbook(data, name) if is_workbook(name, data) else decode(data, name, self._problems)
        if text is not None:
            self.texts[name] = text
        return text

    def _workbook(self, data: bytes, name: str) -> str | None:
        """The rows of a workbook; None and a problem where it cannot be read."""
        start = Location(name, 1, 1)
        if len(data) > MOST_BYTES:
            self._problems.add(start, f"the file is larger than {MOST_BYTES // 1024**2} MiB", suggestion="split it")
            return None
        try:
            return workbook_text(data)
        except WorkbookError as error:
            self._problems.add(start, str(error), suggestion="save the sheet as CSV")
            return None

    def name(self, path: Path) -> str:
        """The path relative to the root, with `/` and the prefix, as text that can be printed."""
        relative = path.relative_to(self.root).as_posix()
        return self.prefix + os.fsencode(relative).decode("utf-8", "replace")

    def _entries(self, folder: Path, where: Location) -> tuple[list[Path], list[Path]]:
        """The folders and the YAML files in a folder."""
        folders: list[Path] = []
        files: list[Path] = []
        for path in self._visible(folder, where):
            if not stat.S_ISDIR(self.files.mode(path)):
                files += [path] * (path.suffix.lower() in _SUFFIXES)
            elif self._is_inside(path):
                folders.append(path)
            else:
                self._problems.add(where, f"{shorten(self.name(path))} is a link that leads out of the estate")
        return folders, files

    def _visible(self, folder: Path, where: Location) -> Iterator[Path]:
        """The entries of a folder that are not hidden."""
        try:
            paths = self.files.children(folder)
        except OSError as error:
            message = f"the folder {shorten(self.name(folder))} cannot be read: {error.strerror}"
            self._problems.add(where, message)
            return
        yield from (path for path in paths if not path.name.startswith("."))

    def _is_inside(self, path: Path) -> bool:
        try:
            return self.files.real(path).is_relative_to(self._real_root)
        except (OSError, ValueError):  # a NUL in the name
            return False

    def _is_new(self, path: Path, where: Location) -> bool:
        first = self._seen.setdefault(self.files.real(path), path)
        if first is path:
            return True
        message = f"{shorten(self.name(path))} is read twice; first as {shorten(self.name(first))}"
        self._problems.add(where, message, suggestion="remove the link, or the second mention")
        return False


def _matches(parts: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    """Whether a path matches a pattern, part by part; `**` stands for any number of folders."""
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return any(_matches(parts[i:], pattern[1:]) for i in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])
