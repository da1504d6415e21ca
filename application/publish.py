"""Publish a contract or an estate: a snapshot of one revision, for other repositories."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..documents.problem import EstateError, Problem
from ..documents.snapshot import digest_of
from ..estate.guests import contract_place
from ..estate.publish import contract_snapshot, estate_snapshot

if TYPE_CHECKING:
    from ..documents.files import Files


@dataclass(frozen=True, slots=True)
class PublishAnswer:
    """A snapshot."""

    text: str
    """The content of its file."""
    revision: str
    """The full name of the commit."""
    digest: str


def publish(path: Path, revision: str) -> PublishAnswer:
    """The snapshot of an estate's folder, or of a contract's file, in a revision of its repository. Raises EstateError."""
    from ..documents.git import GitError
    from ..documents.git_tree import Commit

    root, contract = contract_place(path)
    root = Path(os.path.normpath(root))
    try:
        with Commit(root, revision) as files:
            data = _snapshot(root, contract, files, files.name)
            return PublishAnswer(data.decode("ascii"), files.name, digest_of(data))
    except GitError as error:
        message = f"{path} cannot be published at {revision}: {error}"
        raise EstateError([Problem(None, message, expected="a revision of the repository that holds it")]) from error


def _snapshot(root: Path, contract: str | None, files: Files, revision: str) -> bytes:
    if contract is None:
        return estate_snapshot(root, files, revision)
    return contract_snapshot(root, contract, files, revision, None)
