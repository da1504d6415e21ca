"""`fieldline.lock`: which revision of each system's contract counts, whatever its tag or branch has become since.

`fieldline lock` writes it; it is committed. What was fetched is kept in `.fieldline/` beside it, by digest, and is checked
against the digest whenever it is read. That folder may be removed at any time: `fieldline lock` fetches it again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..documents.files import DISK
from ..documents.shape import TEXT, Key, Keyed, Named
from ..documents.snapshot import DIGEST
from .systems import COMMIT, SystemSource

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ..documents.files import Files
    from ..documents.folder import Folder
    from ..documents.location import Location
    from ..documents.problem import Problems

LOCK = "fieldline.lock"
"""The file's name, beside `fieldline.yaml`."""

KEPT = ".fieldline"
"""The folder of what was fetched, beside `fieldline.yaml`."""

_GIT = Key("git", TEXT, "The repository.")
_REF = Key("ref", TEXT, "The tag, the branch or the commit that was asked for.")
_PATH = Key("path", TEXT, "The contract's file in it, or an estate's folder.")
_COMMIT = Key("commit", TEXT, "The commit that it was.")
_SNAPSHOT = Key("snapshot", TEXT, "The snapshot.")
_DIGEST = Key("digest", TEXT, "The digest of the contract's snapshot.", required=True)
_SYSTEMS = Key(
    "systems",
    Named(
        Keyed("locked_system", "One system.", (_GIT, _REF, _PATH, _COMMIT, _SNAPSHOT, _DIGEST)),
        "system",
    ),
    "By the system's name.",
    required=True,
)
_LOCK_FILE = Keyed("lock", "The revisions of the systems that are kept elsewhere.", (_SYSTEMS,))
_HEAD = "# Which revision of each system's contract counts. Written by fieldline lock; commit it, and do not edit it.\n"


@dataclass(frozen=True, slots=True)
class LockedSystem:
    """What was fetched for a system."""

    source: SystemSource
    commit: str | None
    """The full name of the commit; None: it is a snapshot."""
    digest: str
    """Of the snapshot."""
    location: Location | None = None
    """Of the digest in the file; None: it is not written yet."""


def read_lock(folder: Folder, problems: Problems) -> Mapping[str, LockedSystem] | None:
    """What `fieldline.lock` says, by system; None: there is none, or a problem was added."""
    path = folder.root / LOCK
    if not folder.holds(LOCK):
        return None
    tree = folder.read(path)
    record = None if tree is None else _LOCK_FILE.read(tree, problems)
    if record is None or not record.sound:
        return None
    locked: dict[str, LockedSystem] = {}
    for key, inner in record.get(_SYSTEMS) or ():
        source = SystemSource(inner.get(_GIT), inner.get(_REF), inner.get(_PATH), inner.get(_SNAPSHOT))
        commit, digest = inner.get(_COMMIT), inner.get(_DIGEST) or ""
        where = inner.nodes[_DIGEST.name][1].location
        if not DIGEST.fullmatch(digest) or (commit is not None and not COMMIT.fullmatch(commit)):
            message = "this is not as fieldline lock writes it"
            problems.add(where, message, suggestion="restore the file; or remove it, and fieldline lock writes it anew")
            return None
        locked[key.value] = LockedSystem(source, commit, digest, where)
    return locked


def lock_text(locked: Mapping[str, LockedSystem]) -> str:
    """The content of the file."""
    lines = [_HEAD, "systems:\n"]
    for name in sorted(locked):
        each = locked[name]
        keys = {
            _GIT: each.source.git,
            _REF: each.source.ref,
            _PATH: each.source.path,
            _COMMIT: each.commit,
            _SNAPSHOT: each.source.snapshot,
            _DIGEST: each.digest,
        }
        lines.append(f"  {name}:\n")
        lines += [f"    {key.name}: {json.dumps(value)}\n" for key, value in keys.items() if value is not None]
    return "".join(lines)


def kept_name(digest: str) -> str:
    """The path of a snapshot that was fetched, relative to the estate's folder."""
    return f"{KEPT}/snapshots/{digest.removeprefix('sha256:')}.json"


class WithKept:
    """The files of a version, and beside them what was fetched: it lies on disk alone, and serves every version."""

    def __init__(self, files: Files, root: Path) -> None:
        self._files = files
        self._kept = root / KEPT

    def exists(self, path: Path) -> bool:
        return self._of(path).exists(path)

    def mode(self, path: Path) -> int:
        return self._of(path).mode(path)

    def real(self, path: Path) -> Path:
        return self._files.real(path)

    def children(self, folder: Path) -> list[Path]:
        return self._files.children(folder)

    def content(self, path: Path) -> bytes | None:
        return self._of(path).content(path)

    def _of(self, path: Path) -> Files:
        return DISK if path.is_relative_to(self._kept) and not self._files.exists(path) else self._files
