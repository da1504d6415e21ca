"""Snapshots: the files that make up a contract or an estate in one revision of its repository, in one file.

It holds what is read when they are loaded, and nothing else of the repository. The same revision gives the same bytes on
every machine: JSON with sorted keys, ASCII, a line for each file, no date and no path of the machine.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from .json_text import read_json
from .listing import Listing
from .location import Location
from .problem import shorten
from .shape import TEXT, Choice, Key, Keyed, ListOf, TextMap
from .workbook import is_workbook, workbook_text
from .yaml_events import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Self

    from .files import Files
    from .listing import Parts
    from .problem import Problems

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
"""What identifies the bytes of a snapshot."""

_FORM = "fieldline/1"
_FOLDER, _FILE = stat.S_IFDIR, stat.S_IFREG

_SNAPSHOT = Key("snapshot", Choice(_FORM), "The form of the file.", required=True)
_REVISION = Key("revision", TEXT, "The commit that the files are from.", required=True)
_CONTRACT = Key("contract", TEXT, "The file of the contract; without it, the files are an estate.")
_FOLDERS = Key("folders", ListOf(TEXT), "Folders that hold none of the files.", required=True)
_FILES = Key("files", TextMap(), "The texts of the files, by their paths.", required=True)
_DOCUMENT = Keyed(
    "snapshot", "A contract or an estate in one revision.", (_SNAPSHOT, _REVISION, _CONTRACT, _FOLDERS, _FILES)
)


def digest_of(data: bytes) -> str:
    """What identifies these bytes: their SHA-256, as locks write it."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


class Snapshot(Listing):
    """The files of a snapshot, as if they lay in a folder."""

    def __init__(
        self,
        root: Path,
        revision: str,
        contract: str | None,
        files: Mapping[Parts, bytes],
        folders: Iterable[Parts],
    ) -> None:
        super().__init__(root)
        self.revision = revision
        """The commit that the files are from."""
        self.contract = contract
        """The file of the contract; None: the files are an estate."""
        self._files = files
        self._folders: dict[Parts, set[str]] = {(): set()}
        for parts in (*files, *((*folder, "") for folder in folders)):
            for end in range(1, len(parts)):
                self._folders.setdefault(parts[:end], set())
                self._folders[parts[: end - 1]].add(parts[end - 1])
            if parts[-1]:
                self._folders[parts[:-1]].add(parts[-1])

    @classmethod
    def read_from(cls, data: bytes, root: Path, name: str, problems: Problems) -> Self | None:
        """The snapshot in these bytes, of a file of that name; None after a problem was added."""
        text = decode(data, name, problems)
        tree = None if text is None else read_json(text, name, problems)
        record = None if tree is None else _DOCUMENT.read(tree, problems)
        if record is None or not record.sound:
            return None
        files = {tuple(path.split("/")): text.encode() for path, text in (record.get(_FILES) or {}).items()}
        folders = [tuple(path.split("/")) for path in record.get(_FOLDERS) or ()]
        for parts in (*files, *folders):
            if any(part in {"", ".", ".."} or "\0" in part for part in parts) or any(
                parts[:end] in files for end in range(1, len(parts))
            ):
                expected = "a path inside the snapshot, with / between its parts"
                problems.add(record.where("files"), f"{shorten('/'.join(parts))} is no such path", expected=expected)
                return None
        return cls(root, record.get(_REVISION) or "", record.get(_CONTRACT), files, folders)

    def kind(self, parts: Parts) -> int:
        return _FOLDER if parts in self._folders else _FILE if parts in self._files else 0

    def names(self, parts: Parts) -> list[str]:
        if parts not in self._folders:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        return list(self._folders[parts])

    def read(self, parts: Parts) -> bytes:
        return self._files[parts]


class Recorder:
    """Looks files up in others, and notes which were read."""

    def __init__(self, files: Files, root: Path) -> None:
        self._files = files
        self._root = root
        self._contents: dict[str, bytes] = {}
        self._folders: set[str] = set()

    def exists(self, path: Path) -> bool:
        return self._files.exists(path)

    def mode(self, path: Path) -> int:
        return self._files.mode(path)

    def real(self, path: Path) -> Path:
        return self._files.real(path)

    def children(self, folder: Path) -> list[Path]:
        children = self._files.children(folder)
        self._folders.add(self._name(folder))
        return children

    def content(self, path: Path) -> bytes | None:
        data = self._files.content(path)
        if data is not None:
            self._contents[self._name(path)] = data
        return data

    def snapshot(self, revision: str, contract: str | None = None) -> bytes:
        """A snapshot of what was read. Raises UnicodeDecodeError: a file is no text; WorkbookError."""
        held = {parent for name in self._contents for parent in _parents(name)}
        document = {
            _SNAPSHOT.name: _FORM,
            _REVISION.name: revision,
            **({_CONTRACT.name: contract} if contract else {}),
            _FOLDERS.name: sorted(self._folders - held - {"."}),
            _FILES.name: {
                name: workbook_text(data) if is_workbook(name, data) else data.decode("utf-8")
                for name, data in self._contents.items()
            },
        }
        return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=True).encode("ascii") + b"\n"

    def _name(self, path: Path) -> str:
        return Path(os.path.normpath(path)).relative_to(os.path.normpath(self._root)).as_posix()


def _parents(name: str) -> Iterator[str]:
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name


def is_snapshot(path: Path) -> bool:
    """Whether a path on disk leads to a file that may be a snapshot: an ordinary one in JSON."""
    return path.suffix == ".json" and path.is_file()


def snapshot_on_disk(path: Path, problems: Problems) -> Snapshot | None:
    """The snapshot in a file; None after a problem was added."""
    from .files import DISK

    name = path.name
    try:
        data = DISK.content(path)
    except OSError as error:
        problems.add(Location(name, 1, 1), f"this snapshot cannot be read: {error.strerror}")
        return None
    return None if data is None else Snapshot.read_from(data, path, name, problems)
