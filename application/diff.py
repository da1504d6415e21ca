"""Compare two versions of an estate, under the policy of the version after."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..checker.diff.diff import diff
from ..checker.verdict.policy import apply_policy
from ..documents.variables import NO_VARIABLES
from ..estate.load import FILE
from ..estate.versions import Version, load_versions, version
from ..values.budget import STANDARD
from .answers import DiffAnswer
from .entries import require_entry
from .repository import folder_in_repository

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from ..checker.diff.stored_rows import StoredRows
    from ..documents.variables import Variables
    from ..estate.load import Estate
    from ..estate.policy import Threshold
    from ..values.budget import Budget


def compare(
    before: Version,
    after: Version,
    today: date,
    fail_on: Threshold | None = None,
    stored: Callable[[Estate], StoredRows] | None = None,
    budget: Budget = STANDARD,
    variables: Variables = NO_VARIABLES,
) -> DiffAnswer:
    """Compare two versions; `stored` gives the rows to count, for the version after.

    `variables`: the environment variables that may be read besides those that the version before names.

    Raises EstateError, also where the version after has no entry, and Unreadable.
    """
    old, new = load_versions(before, after, today, variables)
    require_entry(new)
    found = diff(old, new, stored(new) if stored else None, budget)
    ruling = apply_policy(new.policy, found.findings, today, fail_on)
    names = (before.name, after.name)
    return DiffAnswer(old, new, found, ruling, folder_in_repository(after.path), budget, names=names, day=today)


def named_versions(base: str, head: str, estate: Path | None) -> tuple[Version, Version]:
    """The versions that two words name: each a folder with an estate, or a revision of the estate at `estate`.

    Without `estate`, revisions are those of the estate whose folder is the other word, or else of the current folder.
    """
    folders = [Path(word) for word in (head, base) if (Path(word) / FILE).exists()]
    here = estate or next(iter(folders), Path())
    return version(base, here), version(head, here)


def versions_since(revision: str, estate: Path) -> tuple[Version, Version]:
    """A revision of an estate, and the estate as its folder is now."""
    return Version(revision, estate, revision), Version(str(estate), estate, None)
