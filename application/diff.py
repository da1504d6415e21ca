"""Compare two versions of an estate, under the policy of the version after."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from ..checker.diff.diff import diff, reviewers
from ..checker.messages import listed
from ..checker.verdict.fingerprint import fingerprints
from ..checker.verdict.policy import apply_policy
from ..documents.names import EntityName
from ..documents.variables import NO_VARIABLES
from ..estate.layout import FILE, estate_root
from ..estate.versions import Version, load_versions, version
from ..values.budget import STANDARD
from ..values.show import escape
from .answers import DiffAnswer
from .entries import require_entry
from .repository import folder_in_repository

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from ..checker.diff.stored_rows import StoredRows
    from ..checker.finding import Finding
    from ..documents.variables import Variables
    from ..estate.load import Estate
    from ..estate.policy import Threshold
    from ..values.budget import Budget

_T = TypeVar("_T")

Replaced: TypeAlias = "Mapping[str, Path]"
"""By system, the place of the contract that stands for the estate's own: a file, an estate's folder, or a repository."""

_NOTHING: Replaced = MappingProxyType({})


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
    old, new, notes = load_versions(before, after, today, variables)
    require_entry(new)
    found = diff(old, new, stored(new) if stored else None, budget)
    ruling = apply_policy(new.policy, found.findings, today, fail_on)
    return DiffAnswer(old, new, found, ruling, folder_in_repository(reviewed_folder(after)), budget, notes)


def compare_releases(
    releases: Sequence[Version],
    after: Version,
    today: date,
    fail_on: Threshold | None = None,
    stored: Callable[[Estate], StoredRows] | None = None,
    budget: Budget = STANDARD,
    variables: Variables = NO_VARIABLES,
) -> DiffAnswer:
    """Compare a version with each of several before it, and join the answers: what is found against several is one finding.

    A change must be harmless to every release that is still in use, not only to the last one. The files of each release
    have names that begin with its own. Raises EstateError, Unreadable.
    """
    answers = [compare(each, after, today, fail_on, stored, budget, variables) for each in releases]
    first = answers[0]
    if len(answers) == 1:
        return first
    joined: dict[str, tuple[Finding, list[str]]] = {}
    for release, answer in zip(releases, answers, strict=True):
        for fingerprint, finding in zip(fingerprints(answer.diff.findings), answer.diff.findings, strict=True):
            joined.setdefault(fingerprint, (finding, []))[1].append(release.name)
    findings = tuple(
        sorted((_against(finding, names) for finding, names in joined.values()), key=lambda finding: finding.order)
    )
    diffs = [answer.diff for answer in answers]
    whole = replace(
        first.diff,
        changes=_distinct(change for each in diffs for change in each.changes),
        contracts=_distinct(shift for each in diffs for shift in each.contracts),
        requirements=_distinct(shift for each in diffs for shift in each.requirements),
        findings=findings,
        reviewers=reviewers(first.after, findings),
        entries=frozenset[EntityName]().union(*(each.entries for each in diffs)),
    )
    texts = {name: text for answer in answers for name, text in answer.before.texts.items()}
    ruling = apply_policy(first.after.policy, findings, today, fail_on)
    return replace(first, before=replace(first.before, texts=texts), diff=whole, ruling=ruling, notes=())


def _against(finding: Finding, releases: Sequence[str]) -> Finding:
    message = f"{finding.message} (against {escape(listed(releases))})"
    return replace(finding, message=message, against=tuple(releases))


def _distinct(items: Iterable[_T]) -> tuple[_T, ...]:
    """The items without those that are equal to an earlier one."""
    distinct: list[_T] = []
    for item in items:
        if item not in distinct:
            distinct.append(item)
    return tuple(distinct)


def named_versions(
    base: str, head: str | None, estate: Path | None, replaced: Replaced = _NOTHING
) -> tuple[Version, Version]:
    """The versions that two words name: each a folder with an estate, a snapshot, or a revision of the estate at `estate`.

    Without `estate`, revisions are those of the estate whose folder is the other word, or else of the current folder.
    Without `head`, the word is `A...B`: the commit from which the two went apart, and B. With a replaced contract the
    words are revisions of its repository.
    """
    last = base.rpartition("...")[2] or "HEAD" if head is None else head
    if replaced:
        one, other = (_replacing(estate, replaced, word) for word in (base, last))
        return one, other
    folders = [Path(word) for word in (last, base) if (Path(word) / FILE).exists()]
    here = estate or next(iter(folders), Path())
    return version(base, here), version(last, here)


def versions_since(revision: str, estate: Path | None, replaced: Replaced = _NOTHING) -> tuple[Version, Version]:
    """A revision of an estate, or of a replaced contract, and that revision merged with what its folder holds now."""
    if replaced:
        return _replacing(estate, replaced, revision), _replacing(estate, replaced, None, revision)
    here = estate_root(estate or Path())
    return Version(revision, here, revision), Version(str(here), here, None, onto=revision)


def versions_of_releases(
    releases: Sequence[str], estate: Path | None, replaced: Replaced
) -> tuple[list[Version], Version]:
    """Several versions before, each a revision or another place, and what the folder holds now."""
    here = estate_root(estate or Path())
    if replaced:
        befores = [_replacing(estate, replaced, release) for release in releases]
        after = _replacing(estate, replaced, None)
    else:
        befores = [version(release, here) for release in releases]
        after = Version(str(here), here, None)
    return [replace(each, prefix=f"{each.name}:") if releases[1:] else each for each in befores], after


def versions_replaced(estate: Path | None, replaced: Replaced) -> tuple[Version, Version]:
    """The estate as it is, and with the contracts that stand in the folders."""
    return _replacing(estate, {}, None), _replacing(estate, replaced, None)


def _replacing(estate: Path | None, replaced: Replaced, revision: str | None, onto: str | None = None) -> Version:
    here = estate_root(estate or Path())
    versions = {system: Version(revision or str(path), path, revision, onto) for system, path in replaced.items()}
    return Version(revision or str(here), here, None, replaced=versions)


def reviewed_folder(after: Version) -> Path:
    """The folder whose repository a reviewer looks at: that of the replaced contract, or of the estate."""
    replaced = [*(after.replaced or {}).values()]
    return replaced[0].path if len(replaced) == 1 else after.path
