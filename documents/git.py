"""Git, asked about one repository: its commits, its objects, what two of its versions have in common.

The plain `git` reads its own object store: packs, alternates and worktrees are its business. It gets only commits' full
names, which it resolved itself, so no name of anybody's can become an option. No hook, filter or merge driver runs, and
nothing is fetched, so a clone that lacks an object is an error. Nothing is written to the repository: the objects of a
merge go to a folder of their own.
Source: git-rev-parse(1), git-ls-tree(1), git-cat-file(1), git-merge-tree(1), gitrevisions(7), git(1) for the environment.
"""

from __future__ import annotations

import errno
import os
import subprocess
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, NamedTuple, Self

from ..values.error import FieldlineError
from .yaml_events import MOST_BYTES

_MOST_PRINTED = 64 * 1024 * 1024
"""Bytes of an answer of git's, such as a listing, that are read."""
_COMMAND = ("git", "--no-pager", "--no-replace-objects", "-c", "protocol.allow=never", "-c", "core.fsmonitor=false")
QUIET = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "LC_ALL": "C",
}
"""The environment in which git asks nobody anything, and answers in one language."""

LOCAL = frozenset(
    (
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_INDEX_FILE",
        "GIT_NAMESPACE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    )
)
"""The variables that name one repository; a hook has some of them set. Another repository is asked without them."""

_SAME_MERGE = ("merge.renormalize=false", "merge.renames=true", "merge.directoryRenames=conflict")
"""Settings with which a merge is the same on every machine."""
_FAILED, _USAGE = 128, 129
"""Git's least exit code of a failure, and the one where it does not know a command or an option."""


class GitError(FieldlineError):
    """A revision cannot be read: no repository, no such commit, no such folder in it, or an object is missing."""


class MergedTree(NamedTuple):
    """The merge of two commits."""

    tree: str
    """The full name of its tree."""
    conflicts: tuple[str, ...]
    """The paths, in the repository, of the files that git could not merge."""


class Repository:
    """The repository that holds a folder. Close it after use (`with`)."""

    def __init__(self, folder: Path, *, is_other: bool = False) -> None:
        """`is_other`: the environment may name a repository, and this is another. Raises GitError: there is none."""
        self._folder = next(p for p in (folder, *folder.parents) if p.is_dir())
        self._environment = {**os.environ, **QUIET}
        # A hook of another working tree has GIT_DIR alone: the folder that git is asked in would count as the whole tree.
        for name in LOCAL if is_other else () if "GIT_WORK_TREE" in os.environ else ("GIT_DIR", "GIT_INDEX_FILE"):
            self._environment.pop(name, None)
        self._blobs: subprocess.Popen[bytes] | None = None
        self._open = ExitStack()
        self._git = self._path("--absolute-git-dir")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes that read it, and remove the objects of merges."""
        self._stop()
        self._open.close()

    @cached_property
    def top(self) -> Path:
        """The folder of its working tree. Raises GitError: it has none."""
        return Path(os.path.realpath(self._path("--show-toplevel")))

    def place(self, folder: Path) -> str:
        """The path of a folder in the working tree; empty: the folder is the working tree."""
        inside = Path(os.path.realpath(folder)).relative_to(self.top).as_posix()
        return "" if inside == "." else inside

    def tree(self, name: str, place: str) -> str | None:
        """The full name of the tree of a folder in a commit or a tree; None: there is none."""
        code, printed, _ = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}:{place}")
        return None if code else printed.decode("ascii").strip()

    def _path(self, *question: str) -> Path:
        return self._folder / os.fsdecode(self.ask("rev-parse", *question).rstrip(b"\n"))

    # ------------------------------------------------------------------------------------------------ history

    def commit(self, revision: str) -> str:
        """The full name of a commit. Raises GitError."""
        if not revision or revision.startswith("-") or "\0" in revision:
            raise GitError(f"{revision!r} is not a revision")
        try:
            commit = self.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        except GitError as error:
            deepen = (
                f"; this clone is shallow, and git fetch --depth=1 origin {revision} may bring it"
                if self.is_shallow
                else ""
            )
            raise GitError(f"there is no commit {revision!r} in the repository{deepen}") from error
        return commit.decode("ascii").strip()

    def merge_base(self, one: str, other: str) -> str:
        """The commit from which two others went apart. Raises GitError: they have none in common."""
        code, printed, _ = self._run("merge-base", one, other)
        if code:
            deepen = (
                ": this clone is shallow, and git fetch --deepen=100 origin, or --unshallow, brings more of their history"
                if self.is_shallow
                else ""
            )
            raise GitError(f"{one[:12]} and {other[:12]} have no commit in common{deepen}")
        return printed.decode("ascii").strip()

    def count(self, since: str, until: str) -> int:
        """The number of commits that `until` has and `since` has not."""
        return int(self.ask("rev-list", "--count", f"{since}..{until}"))

    @cached_property
    def is_shallow(self) -> bool:
        """Whether the history is cut off somewhere."""
        return self.ask("rev-parse", "--is-shallow-repository").strip() == b"true"

    def merged(self, one: str, other: str) -> MergedTree | None:
        """The merge of two commits; None: this git is older than 2.38 and cannot tell. Raises GitError.

        Its objects are written to a folder that lives as long as this object. It reads no attributes of the working tree:
        they name drivers and filters, which are commands.
        """
        ours = self._merging
        nowhere = {"GIT_DIR": str(self._git), "GIT_WORK_TREE": str(ours), "GIT_INDEX_FILE": str(ours / "index")}
        settings = [word for each in (*_SAME_MERGE, f"core.attributesFile={os.devnull}") for word in ("-c", each)]
        names = ("--write-tree", "-z", "--name-only", "--no-messages")
        code, printed, complaint = self._run(*settings, "merge-tree", *names, one, other, **nowhere)
        if code == _USAGE:
            return None
        if code not in {0, 1}:
            raise GitError(complaint)
        tree, *conflicts = os.fsdecode(printed).split("\0")
        return MergedTree(tree, tuple(filter(None, conflicts)))

    def merged_file(self, one: bytes, base: bytes, other: bytes) -> bytes | None:
        """A file that two versions changed, with both changes; None: they are at the same lines. Raises GitError."""
        with TemporaryDirectory(prefix="fieldline-") as folder:
            paths = [Path(folder, name) for name in ("one", "base", "other")]
            for path, content in zip(paths, (one, base, other), strict=True):
                path.write_bytes(content)
            code, printed, complaint = self._run("merge-file", "-p", *map(str, paths))
        if code >= _FAILED:
            raise GitError(complaint)
        return None if code else printed

    @cached_property
    def _merging(self) -> Path:
        """A folder of ours, to which all objects are written from now on."""
        objects = self._path("--git-path", "objects")
        others = self._environment.get("GIT_ALTERNATE_OBJECT_DIRECTORIES")
        self._stop()
        ours = Path(self._open.enter_context(TemporaryDirectory(prefix="fieldline-")))
        known = [_quoted(os.path.realpath(objects)), *([others] if others else [])]
        self._environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = os.pathsep.join(known)
        self._environment["GIT_OBJECT_DIRECTORY"] = str(ours)
        return ours

    # ------------------------------------------------------------------------------------------------ objects

    def ask(self, *arguments: str) -> bytes:
        """The output of git. Raises GitError with git's own message."""
        code, printed, complaint = self._run(*arguments)
        if code:
            raise GitError(complaint)
        if len(printed) > _MOST_PRINTED:
            raise GitError(f"what git {arguments[0]} lists is too long")
        return printed

    def _run(self, *arguments: str, **environment: str) -> tuple[int, bytes, str]:
        """The exit code, the output and the first line of the complaint."""
        try:
            done = subprocess.run(  # noqa: S603 - arguments of our own; names of others are behind --end-of-options
                [*_COMMAND, *arguments],
                cwd=self._folder,
                env=self._environment | environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )
        except OSError as error:
            raise GitError(f"git cannot be run: {error.strerror}") from error
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        complaint = lines[0].removeprefix("fatal: ") if lines else f"git {arguments[0]} failed"
        return done.returncode, done.stdout, complaint

    def blob(self, object_id: bytes) -> bytes:
        """The content of an object, up to a little more than is ever read. Raises OSError."""
        if self._blobs is None:
            self._blobs = subprocess.Popen(  # noqa: S603 - a command of our own; it gets object ids
                [*_COMMAND, "cat-file", "--batch"],
                cwd=self._folder,
                env=self._environment,
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


def _quoted(path: str) -> str:
    """A path in a list of alternates: one with the list's own separator stands in quotes, as C writes them."""
    if os.pathsep not in path and not path.startswith('"'):
        return path
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise OSError(errno.EPIPE, os.strerror(errno.EPIPE))
    return process.stdin, process.stdout
