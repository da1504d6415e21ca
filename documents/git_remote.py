"""Git, asked about a repository elsewhere: what a name stands for there, and the commit itself.

Git's own settings and helpers say who asks; nobody is ever prompted. Only https, ssh and, where git's settings lead an
address there, files are spoken: no command that an address could name. What is fetched goes to a folder of ours, in which
no hook and no template of anybody's is.
Source: git-ls-remote(1), git-fetch(1), git-config(1) for `protocol.allow` and `http.lowSpeedLimit`.
"""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from .git import LOCAL, QUIET, GitError, Repository

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_SECONDS = 600
_SETTINGS = (
    "protocol.allow=never",
    "protocol.https.allow=always",
    "protocol.ssh.allow=always",
    "protocol.file.allow=always",
    "http.lowSpeedLimit=1000",
    "http.lowSpeedTime=60",
    "fetch.recurseSubmodules=false",
    "gc.auto=0",
    "maintenance.auto=false",
)
_COMMAND = ("git", "--no-pager", *(word for setting in _SETTINGS for word in ("-c", setting)))


class RemoteCommit(NamedTuple):
    """What a name stands for in a repository elsewhere."""

    commit: str
    """Its full name."""
    is_tag: bool
    """Whether it is a tag, which should stay where it is."""


def remote_commit(address: str, ref: str) -> RemoteCommit:
    """The commit that a tag or a branch is at; the tag, where both have the name. Raises GitError."""
    tag, peeled, branch = f"refs/tags/{ref}", f"refs/tags/{ref}^{{}}", f"refs/heads/{ref}"
    lines = _git(None, "ls-remote", "--", address, tag, peeled, branch).splitlines()
    commits = {name: commit for commit, _, name in (line.partition("\t") for line in lines)}
    for name in (peeled, tag, branch):
        if name in commits:
            return RemoteCommit(commits[name], name != branch)
    raise GitError(f"it has no tag and no branch {ref!r}")


@contextmanager
def fetched_commit(address: str, ref: str, commit: str) -> Iterator[Repository]:
    """A repository that has a commit of one elsewhere, while the block runs. Raises GitError.

    A server that gives out no single commit is asked for the whole history of the ref.
    """
    with TemporaryDirectory(prefix="fieldline-") as name:
        folder = Path(name)
        _git(folder, "init", "--quiet", "--bare", "--template=", "--", ".")
        fetch = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head")
        try:
            _git(folder, *fetch, "--depth=1", "--", address, commit)
        except GitError:
            _git(folder, *fetch, "--", address, ref)
        with Repository(folder, is_other=True) as repository:
            if repository.tree(commit, "") is None:
                raise GitError(f"it no longer has the commit {commit[:12]}")
            yield repository


def _git(folder: Path | None, *arguments: str) -> str:
    """The output of git. Raises GitError."""
    environment = {name: value for name, value in os.environ.items() if name not in LOCAL} | QUIET
    environment["SSH_ASKPASS_REQUIRE"] = "never"
    try:
        with TemporaryDirectory(prefix="fieldline-") as nowhere:
            done = subprocess.run(  # noqa: S603 - arguments of our own; addresses and refs have a form, and are behind --
                [*_COMMAND, *arguments],
                cwd=folder or nowhere,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_MOST_SECONDS,
                start_new_session=True,  # without a terminal that ssh could ask
                check=False,
            )
    except OSError as error:
        raise GitError(f"git cannot be run: {error.strerror}") from error
    except subprocess.TimeoutExpired as error:
        raise GitError(f"git {arguments[0]} did not end within {_MOST_SECONDS} seconds") from error
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GitError(lines[0].removeprefix("fatal: ") if lines else f"git {arguments[0]} failed")
    return os.fsdecode(done.stdout)
