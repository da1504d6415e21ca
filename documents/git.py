"""The files of an estate as a commit holds them, read from git's objects: nothing is checked out, no hook or filter runs.

The plain `git` reads its own object store (`ls-tree`, `cat-file`): packs, alternates and worktrees are its business. It
gets only a commit's full name, which it resolved itself, so no name of anybody's can become an option. It may fetch
nothing, so a partial clone that lacks an object is an error.
Source: git-ls-tree(1), git-cat-file(1), gitrevisions(7).
"""

from __future__ import annotations

import errno
import os
import stat
import subprocess
from functools import cached_property
from pathlib import Path
from typing import IO, NamedTuple, Self

from ..values.error import FieldlineError
from .yaml_events import MOST_BYTES

_MOST_LINKS = 40
"""Links followed one after the other, as many as Linux follows."""
_MOST_LISTED = 64 * 1024 * 1024
"""Bytes of a listing that are read."""
_LINK, _SUBMODULE, _FOLDER = 0o120000, 0o160000, 0o040000
_COMMAND = ("git", "--no-pager", "--no-replace-objects", "-c", "protocol.allow=never", "-c", "core.fsmonitor=false")
_QUIET = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "LC_ALL": "C",
}


class GitError(FieldlineError):
    """A revision cannot be read: no repository, no such commit, no such folder in it, or an object is missing."""


class _Entry(NamedTuple):
    mode: int
    object_id: bytes


class Commit:
    """The files that a folder had in one commit of the repository that holds it. Close it after use (`with`)."""

    def __init__(self, root: Path, revision: str) -> None:
        """Look the revision up. Raises GitError."""
        self._root = Path(os.path.realpath(root))
        self._given = root
        self._repository = next(p for p in (self._root, *self._root.parents) if p.is_dir())
        top = self._ask("rev-parse", "--show-toplevel").rstrip(b"\n")
        inside = self._root.relative_to(os.path.realpath(os.fsdecode(top))).as_posix()
        self._folder = "" if inside == "." else inside
        self.name = self._resolved(revision)
        """The commit's full name, in hexadecimal."""
        self._blobs: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    # ------------------------------------------------------------------------------------------- as `Files`

    def exists(self, path: Path) -> bool:
        try:
            parts = self._parts(path)
            return self._entry((*self._followed(parts[:-1]), *parts[-1:])) is not None
        except (OSError, ValueError):
            return False

    def mode(self, path: Path) -> int:
        try:
            entry = self._entry(self._followed(self._parts(path)))
        except (OSError, ValueError):
            return 0
        if entry is None or entry.mode == _SUBMODULE:
            return 0
        return entry.mode

    def real(self, path: Path) -> Path:
        return self._given.joinpath(*self._followed(self._parts(path)))

    def children(self, folder: Path) -> list[Path]:
        parts = self._followed(self._parts(folder))
        names = []
        for name, entry in sorted(self._folders.get(parts, {}).items()):
            if entry.mode == _SUBMODULE:
                raise OSError(errno.ENOENT, f"{'/'.join((*parts, name))} is a submodule, which this repository lacks")
            names.append(folder / name)
        return names

    def content(self, path: Path) -> bytes | None:
        entry = self._entry(self._followed(self._parts(path)))
        if entry is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        return self._blob(entry.object_id) if stat.S_ISREG(entry.mode) else None

    # ------------------------------------------------------------------------------------------ names and links

    @cached_property
    def _folders(self) -> dict[tuple[str, ...], dict[str, _Entry]]:
        """The entries of every folder, by its path inside the root."""
        listed = self._ask("ls-tree", "-r", "-t", "-z", "--full-tree", f"{self.name}:{self._folder}")
        by_path: dict[tuple[str, ...], dict[str, _Entry]] = {(): {}}
        for line in listed.split(b"\0")[:-1]:
            about, _, path = line.partition(b"\t")
            mode, _, object_id = about.split(b" ")
            *folders, name = os.fsdecode(path).split("/")
            by_path.setdefault(tuple(folders), {})[name] = _Entry(int(mode, 8), object_id)
        return by_path

    def _entry(self, parts: tuple[str, ...]) -> _Entry | None:
        return self._folders.get(parts[:-1], {}).get(parts[-1]) if parts else _Entry(_FOLDER, b"")

    def _parts(self, path: Path) -> tuple[str, ...]:
        """The path inside the root. Raises ValueError where it is not inside."""
        if "\0" in str(path):
            raise ValueError("a NUL in a name")
        return Path(os.path.normpath(path)).relative_to(os.path.normpath(self._given)).parts

    def _followed(self, parts: tuple[str, ...]) -> tuple[str, ...]:
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
            entry = self._entry((*done, part))
            if entry is None or entry.mode != _LINK:
                done.append(part)
                continue
            links += 1
            if links > _MOST_LINKS:
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
            target = os.fsdecode(self._blob(entry.object_id))
            if target.startswith("/"):
                raise ValueError("a link that leads out")
            todo = [step for step in target.split("/") if step not in {"", "."}] + todo
        return tuple(done)

    # ------------------------------------------------------------------------------------------------------ git

    def _resolved(self, revision: str) -> str:
        if not revision or revision.startswith("-") or "\0" in revision:
            raise GitError(f"{revision!r} is not a revision")
        try:
            commit = self._ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        except GitError as error:
            raise GitError(f"there is no commit {revision!r} in the repository") from error
        return commit.decode("ascii").strip()

    def _ask(self, *arguments: str) -> bytes:
        """The output of git. Raises GitError with git's own message."""
        try:
            done = subprocess.run(  # noqa: S603 - arguments of our own; names of others are behind --end-of-options
                [*_COMMAND, *arguments],
                cwd=self._repository,
                env={**os.environ, **_QUIET},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )
        except OSError as error:
            raise GitError(f"git cannot be run: {error.strerror}") from error
        if done.returncode:
            complaint = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise GitError(complaint[0].removeprefix("fatal: ") if complaint else f"git {arguments[0]} failed")
        if len(done.stdout) > _MOST_LISTED:
            raise GitError(f"the listing of {self._folder or 'the repository'} is too long")
        return done.stdout

    def _blob(self, object_id: bytes) -> bytes:
        """The content of an object, up to a little more than is ever read. Raises OSError."""
        if self._blobs is None:
            self._blobs = subprocess.Popen(  # noqa: S603 - a command of our own; it gets object ids
                [*_COMMAND, "cat-file", "--batch"],
                cwd=self._repository,
                env={**os.environ, **_QUIET},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        asks, answers = _pipes(self._blobs)
        asks.write(object_id + b"\n")
        asks.flush()
        head = answers.readline().split()
        if len(head) != 3:
            self._stop()
            raise OSError(errno.ENOENT, "the repository lacks this object")
        size = int(head[2])
        data = answers.read(min(size, MOST_BYTES + 1))
        if size > MOST_BYTES:
            self._stop()  # the rest is not worth reading
        else:
            answers.read(1)
        return data

    def _stop(self) -> None:
        if self._blobs is not None:
            asks, answers = _pipes(self._blobs)
            self._blobs.kill()
            asks.close()
            answers.close()
            self._blobs.wait()
            self._blobs = None


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise OSError(errno.EPIPE, os.strerror(errno.EPIPE))
    return process.stdin, process.stdout
