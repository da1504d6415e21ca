"""Systems whose contracts are kept elsewhere, in a repository or in a snapshot: `systems` in `fieldline.yaml` names them.

What a contract names may come from anybody who can open a pull request, and it is fetched by git or over the network. So an
address is https or ssh and nothing that git would run, read from disk or take for an option; and it holds no credentials.
Source: git-fetch(1), "GIT URLS"; git-check-ref-format(1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ..documents.problem import shorten
from ..documents.scalar import ScalarShape
from ..documents.shape import BOOLEAN, Key, Keyed, Named
from ..documents.snapshot import DIGEST

if TYPE_CHECKING:
    from ..documents.location import Location
    from ..documents.problem import Problems
    from ..documents.scalar import Schema
    from ..documents.shape import ShapedRecord
    from ..documents.yaml_events import ScalarNode

_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?"
_TAIL = r"/[A-Za-z0-9._~%+/-]*[A-Za-z0-9._~%+-]"
_HTTPS = rf"https://{_HOST}(?::[0-9]{{1,5}})?{_TAIL}"
_SSH = rf"ssh://(?:[A-Za-z0-9_][A-Za-z0-9._-]*@)?{_HOST}(?::[0-9]{{1,5}})?{_TAIL}"
_SCP = rf"[A-Za-z0-9_][A-Za-z0-9._-]*@{_HOST}:[A-Za-z0-9._~][A-Za-z0-9._~%+/-]*"
_REF = r"[A-Za-z0-9_](?:[A-Za-z0-9._/+-]*[A-Za-z0-9_+-])?"
_PART = r"(?!\.{1,2}(?:/|$))[^\x00-\x1f\x7f/\\]+"
_PATH = rf"\.|{_PART}(?:/{_PART})*"

COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
"""A commit's full name."""


class _Word(ScalarShape[str]):
    """A text of one form."""

    def __init__(self, pattern: str, expected: str) -> None:
        self._pattern = pattern
        self.expected = expected

    def parse(self, node: ScalarNode, problems: Problems) -> str | None:
        if re.fullmatch(self._pattern, node.value):
            return node.value
        self._reject(node, problems)
        return None

    def schema(self, _: Schema, /) -> Schema:
        return {"type": "string", "pattern": f"^(?:{self._pattern})$"}


_GIT = Key(
    "git",
    _Word(f"{_HTTPS}|{_SSH}|{_SCP}", "the address of a repository, https:// or ssh://, without a password"),
    "The address of the repository that holds the contract.",
)
_REF_KEY = Key(
    "ref",
    _Word(rf"(?!.*(?:\.\.|//|@\{{)){_REF}", "the name of a tag or of a branch, or the full name of a commit"),
    "The tag or the branch whose contract counts, or a commit.",
)
_PATH_KEY = Key(
    "path",
    _Word(_PATH, "a path inside the repository, with / between its parts"),
    "The contract's file in the repository, or the folder of an estate that holds the contract; . when left out.",
)
_SNAPSHOT = Key(
    "snapshot",
    _Word(rf"{_HTTPS}|{_PATH}", "a file inside the estate, relative to fieldline.yaml, or an address, https://"),
    "The snapshot that fieldline publish wrote: a file of the estate, or its address.",
)
_DIGEST = Key(
    "digest",
    _Word(DIGEST.pattern, "sha256: and 64 digits, such as sha256sum prints, in small letters"),
    "The digest that the snapshot must have.",
)
_STORES = Key(
    "stores",
    BOOLEAN,
    "Whether the stores that its contract names are asked: with variables of this estate, and in its folder. No when left "
    "out.",
)
SYSTEMS = Key(
    "systems",
    Named(
        Keyed(
            "system_source",
            "Where the contract of a system is kept.",
            (_GIT, _REF_KEY, _PATH_KEY, _SNAPSHOT, _DIGEST, _STORES),
            exactly_one=(("git", "snapshot"),),
            needs={"git": ("ref",), "ref": ("git",), "path": ("git",), "digest": ("snapshot",)},
        ),
        "system",
    ),
    "Systems whose contracts are kept elsewhere; fieldline lock fetches them.",
)


@dataclass(frozen=True, slots=True)
class SystemSource:
    """Where the contract of a system is kept."""

    git: str | None = None
    """The address of a repository; None: the contract is in a snapshot."""
    ref: str | None = None
    """The tag, the branch or the commit there."""
    path: str | None = None
    """The contract's file there, or an estate's folder."""
    snapshot: str | None = None
    """A file inside the estate, or an address."""

    @property
    def is_fetched(self) -> bool:
        """Whether it is kept outside of the estate's folder."""
        return self.snapshot is None or self.snapshot.startswith("https://")

    @property
    def words(self) -> str:
        """For messages."""
        return f"{shorten(self.git)} at {self.ref}" if self.git else shorten(self.snapshot or "")


@dataclass(frozen=True, slots=True)
class DeclaredSystem:
    """An entry of `systems`."""

    name: str
    source: SystemSource
    digest: str | None
    """The digest that the snapshot must have, where the author says it."""
    location: Location
    """Of its name."""
    where: Location
    """Of the ref, or of the snapshot."""
    has_stores: bool = False
    """Whether the stores that its contract names are asked."""


def declared_systems(record: ShapedRecord) -> dict[str, DeclaredSystem]:
    """The systems that a `fieldline.yaml` names, by name; those with a problem are left out."""
    declared: dict[str, DeclaredSystem] = {}
    for key, inner in record.get(SYSTEMS) or ():
        if not inner.sound:
            continue
        git, snapshot = inner.get(_GIT), inner.get(_SNAPSHOT)
        inside = inner.get(_PATH_KEY) or "."
        path = None if git is None else str(PurePosixPath(inside))
        source = SystemSource(git, inner.get(_REF_KEY), path, snapshot)
        where = inner.nodes["snapshot" if git is None else "ref"][1].location
        has_stores = inner.get(_STORES) is True
        declared[key.value] = DeclaredSystem(key.value, source, inner.get(_DIGEST), key.location, where, has_stores)
    return declared
