"""A folder as it would be if a commit were merged into it: what is committed here, and what is not yet, on top.

The merge is git's. A file that the merge changes is taken from it where it lies here as it was committed; where it was
changed since, the two changes are merged as git merges files. Every other file is the one that lies here.
Source: git-merge-tree(1), git-merge-file(1).
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .files import DISK
from .git_tree import Tree
from .listing import Listing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .files import Files
    from .git import Repository
    from .listing import Parts


class _Thing(NamedTuple):
    """A file, a link or a folder."""

    kind: int
    """As in `stat`, without rights."""
    content: bytes
    """Of a file; of a link its target."""


class Overlay(Listing):
    """A folder on disk in which some files have other content, are there besides, or are absent."""

    def __init__(self, root: Path, changes: Mapping[Parts, _Thing | None]) -> None:
        """`changes`: by path; None: absent."""
        super().__init__(root)
        self._changes = changes
        self._real = Path(os.path.realpath(root))
        self._added: dict[Parts, set[str]] = {}
        self._removed: dict[Parts, set[str]] = {}
        for parts, thing in changes.items():
            if thing is None:
                self._removed.setdefault(parts[:-1], set()).add(parts[-1])
            else:
                for end in range(len(parts)):
                    self._added.setdefault(parts[:end], set()).add(parts[end])

    def kind(self, parts: Parts) -> int:
        thing = self._changes.get(parts)
        if thing is not None:
            return thing.kind
        if parts in self._added:
            return stat.S_IFDIR
        if any(parts[:end] in self._changes for end in range(1, len(parts) + 1)):
            return 0
        there = _on_disk(self._real.joinpath(*parts))
        if there is None or (stat.S_ISDIR(there.kind) and self._is_emptied(parts)):
            return 0
        return there.kind

    def names(self, parts: Parts) -> list[str]:
        names = set(self._added.get(parts, ()))
        folder = self._real.joinpath(*parts)
        if folder.is_dir() or not names:
            names.update(set(os.listdir(folder)) - self._removed.get(parts, set()))  # noqa: PTH208 - names alone
        return sorted(name for name in names if self.kind((*parts, name)))

    def read(self, parts: Parts) -> bytes:
        thing = self._changes.get(parts)
        if thing is not None:
            return thing.content
        path = self._real.joinpath(*parts)
        return _target(path, self._real) if path.is_symlink() else DISK.content(path) or b""

    def _is_emptied(self, parts: Parts) -> bool:
        """Whether a folder on disk has lost all that was in it."""
        return any(place[: len(parts)] == parts for place in self._removed) and not self.names(parts)


def _on_disk(path: Path, root: Path | None = None) -> _Thing | None:
    """What lies at a path; its content only where the root is given. Raises OSError."""
    try:
        kind = stat.S_IFMT(path.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return None
    if root is None:
        return _Thing(kind, b"")
    if stat.S_ISLNK(kind):
        return _Thing(kind, _target(path, root))
    return _Thing(kind, (DISK.content(path) or b"") if stat.S_ISREG(kind) else b"")


def _target(link: Path, root: Path) -> bytes:
    """The target of a link, relative to its folder where it is inside the root."""
    target = link.readlink()
    if target.is_absolute() and Path(os.path.realpath(target)).is_relative_to(root):
        return os.fsencode(os.path.relpath(os.path.realpath(target), link.parent))
    return os.fsencode(target)


@dataclass(frozen=True, slots=True)
class NotMerged:
    """Two versions that git cannot merge by itself."""

    base: str
    """The full name of the commit from which they went apart."""
    reason: str
    """In words, without a full stop."""


def merged_with(repository: Repository, root: Path, commit: str) -> Files | NotMerged:
    """The folder as it is, changes that are not committed included, merged with a commit of its repository.

    Raises GitError where there is nothing to merge with: no commit yet, or none in common.
    """
    head = repository.commit("HEAD")
    base = repository.merge_base(commit, head)
    if base == commit:
        return DISK
    merge = repository.merged(commit, head)
    if merge is None:
        return NotMerged(base, "git merges without a working tree from version 2.38 on, and this one is older")
    place = repository.place(root)
    inside = Path(place).parts
    conflicts = [path for path in merge.conflicts if Path(path).parts[: len(inside)] == inside]
    if conflicts:
        return NotMerged(base, _conflict(conflicts))
    old, new = repository.tree(head, place), repository.tree(merge.tree, place)
    if old == new:
        return DISK
    with Tree(root, repository, old) as before, Tree(root, repository, new) as after:
        try:
            return _overlaid(repository, root, before, after)
        except _Conflict as conflict:
            return NotMerged(base, _conflict(["/".join((*inside, *conflict.parts))]))


class _Conflict(Exception):
    """A file that was changed on both sides."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self.parts = parts


def _conflict(paths: list[str]) -> str:
    more = f" and {len(paths) - 1} more" if paths[1:] else ""
    return f"there is a conflict in {paths[0]}{more}"


def _overlaid(repository: Repository, root: Path, before: Tree, after: Tree) -> Files:
    real = Path(os.path.realpath(root))
    changes: dict[Parts, _Thing | None] = {}
    for parts in _changed(before, after):
        here = _on_disk(real.joinpath(*parts), real)
        old, new = _in_tree(before, parts), _in_tree(after, parts)
        if _same(here, old):
            changes[parts] = new
        elif not _same(here, new):
            changes[parts] = _merged_file(repository, parts, here, old, new)
    return Overlay(root, changes) if changes else DISK


def _changed(before: Tree, after: Tree) -> Iterator[Parts]:
    """The files in which two trees differ, in submodules too."""
    waiting: list[Parts] = [()]
    while waiting:
        place = waiting.pop()
        old, new = before.files(place), after.files(place)
        for parts in sorted(old.keys() | new.keys()):
            sides = old.get(parts), new.get(parts)
            if sides[0] == sides[1]:
                continue
            if any(side is not None and side.is_submodule for side in sides):
                waiting.append(parts)
            if any(side is not None and not side.is_submodule for side in sides):
                yield parts


def _in_tree(tree: Tree, parts: Parts) -> _Thing | None:
    kind = stat.S_IFMT(tree.kind(parts))
    return _Thing(kind, tree.read(parts)) if stat.S_ISREG(kind) or stat.S_ISLNK(kind) else None


def _same(one: _Thing | None, other: _Thing | None) -> bool:
    """Whether two are the same but for the form of their line ends, which a checkout may change."""
    if one is None or other is None:
        return one is other
    return one.kind == other.kind and _lines(one) == _lines(other)


def _lines(thing: _Thing) -> bytes:
    return thing.content.replace(b"\r\n", b"\n")


def _merged_file(
    repository: Repository, parts: Parts, here: _Thing | None, old: _Thing | None, new: _Thing | None
) -> _Thing:
    if here is None or new is None or not (stat.S_ISREG(here.kind) and stat.S_ISREG(new.kind)):
        raise _Conflict(parts)
    base = _lines(old) if old is not None and stat.S_ISREG(old.kind) else b""
    merged = repository.merged_file(_lines(here), base, _lines(new))
    if merged is None:
        raise _Conflict(parts)
    return _Thing(stat.S_IFREG, merged)
