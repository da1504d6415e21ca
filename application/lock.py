"""Lock the systems of an estate whose contracts are kept elsewhere: fetch each, and pin what was fetched.

A pin never moves by itself: a tag that moved, and a snapshot that changed, are problems until somebody asks for them by
name.
A branch is fetched anew only on request.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..documents.download import DownloadError, download
from ..documents.files import DISK
from ..documents.folder import Folder
from ..documents.git import GitError
from ..documents.git_remote import fetched_commit, remote_commit
from ..documents.git_tree import Commit, Tree
from ..documents.problem import EstateError, Problem, Problems, nearest, shorten
from ..documents.snapshot import Snapshot, digest_of
from ..estate.guests import contract_place
from ..estate.layout import FILE, estate_root, read_estate_file
from ..estate.lock import KEPT, LOCK, LockedSystem, kept_name, lock_text, read_lock
from ..estate.publish import contract_snapshot
from ..estate.systems import COMMIT, declared_systems

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ..documents.files import Files
    from ..estate.systems import DeclaredSystem

LockOutcome: TypeAlias = Literal["locked", "upgraded", "fetched", "unchanged"]
"""Pinned for the first time; pinned anew; as it was pinned, and fetched; as it was pinned, and here already."""


@dataclass(frozen=True, slots=True)
class LockAnswer:
    """The systems of an estate that are kept elsewhere, locked."""

    root: Path
    """The estate's folder."""
    systems: Mapping[str, tuple[LockedSystem, LockOutcome]]
    """By name."""
    files: Mapping[str, str]
    """The texts of the files to write, by their path in the estate's folder."""


def lock_systems(
    estate: Path,
    upgraded: Collection[str],
    revisions: Sequence[str] = (),
    *,
    upgrades_all: bool = False,
    adds: bool = True,
) -> LockAnswer:
    """Fetch the contract of each system that `fieldline.yaml` names. Raises EstateError with all that cannot be had.

    `upgraded`: the systems whose pins move on to what their refs and addresses stand for now, a moved tag included;
    `upgrades_all`: all but moved tags. `adds`: whether a system that is not locked yet is locked now; else it is a problem.
    `revisions`: other versions of the estate, whose contracts are fetched as they are locked there.
    """
    root = estate_root(estate)
    fetcher = _Fetcher(root, frozenset(upgraded), upgrades_all=upgrades_all, adds=adds)
    fetcher.lock()
    for revision in revisions:
        fetcher.fetch_locked(revision)
    if fetcher.problems:
        raise EstateError(fetcher.problems, fetcher.texts)
    return LockAnswer(root, fetcher.systems, fetcher.files())


@dataclass
class _Fetcher:
    root: Path
    upgraded: frozenset[str]
    upgrades_all: bool
    adds: bool
    problems: list[Problem] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    systems: dict[str, tuple[LockedSystem, LockOutcome]] = field(default_factory=dict)
    _kept: dict[str, str] = field(default_factory=dict)

    def lock(self) -> None:
        """The systems of the estate as its folder is now."""
        declared, locked = self._read(DISK)
        self._check_kept()
        for name in sorted(self.upgraded - declared.keys()):
            known = tuple(declared)
            expected = f"one of {', '.join(known)}" if known else f"{FILE} has no systems"
            message = f"{FILE} names no system {shorten(name)} that is kept elsewhere"
            self.problems.append(Problem(None, message, expected, nearest(name, known)))
        for system in declared.values() if not self.problems else ():
            self._lock_one(system, locked.get(system.name))

    def fetch_locked(self, revision: str) -> None:
        """What another version of the estate has locked, as it is locked there."""
        try:
            with Commit(self.root, revision) as files:
                declared, locked = self._read(files, f"{revision}:")
        except GitError as error:
            expected = "a revision of the repository that holds the estate"
            self.problems.append(Problem(None, f"{revision} cannot be read: {error}", expected))
            return
        for system in declared.values():
            pinned = locked.get(system.name)
            if pinned is not None and pinned.source == system.source and system.source.is_fetched:
                self._fetch(system, pinned)

    def files(self) -> dict[str, str]:
        """What is to be written, the lock last."""
        files = (
            {f"{KEPT}/.gitignore": "# Fetched by fieldline lock, which fetches it again.\n*\n"} if self._kept else {}
        )
        files |= self._kept
        if self.systems:
            text = lock_text({name: locked for name, (locked, _) in self.systems.items()})
            path = self.root / LOCK
            if not path.is_file() or path.read_bytes() != text.encode():
                files[LOCK] = text
        return files

    # ------------------------------------------------------------------------------------------------ one system

    def _lock_one(self, system: DeclaredSystem, pinned: LockedSystem | None) -> None:
        if pinned is not None and pinned.source != system.source:
            pinned = None
        if pinned is None and not self.adds:
            message = f"{LOCK} does not hold the contract of {system.name} from {system.source.words}"
            self.problems.append(Problem(system.location, message, suggestion="fieldline lock writes it; commit it"))
            return
        moves = system.name in self.upgraded or (self.upgrades_all and pinned is not None)
        try:
            if not system.source.is_fetched:
                self._lock_file(system, None if moves else pinned)
            elif system.source.git is not None:
                self._lock_commit(system, pinned, moves=moves)
            elif pinned is None or moves:
                data = download(system.source.snapshot or "")
                self._check_snapshot(system, data)
                self._pin(system, data, None, None if pinned is None else pinned.digest)
            else:
                self._fetch(system, pinned)
        except (GitError, DownloadError) as error:
            self._add(system, f"{system.source.words} cannot be fetched: {error}")
        except EstateError as error:
            self._add_all(system, error)

    def _lock_commit(self, system: DeclaredSystem, pinned: LockedSystem | None, *, moves: bool) -> None:
        source = system.source
        address, ref = source.git or "", source.ref or ""
        if COMMIT.fullmatch(ref):
            commit = ref
        else:
            remote = remote_commit(address, ref)
            commit = remote.commit
            if pinned is not None and commit != pinned.commit:
                if remote.is_tag and system.name not in self.upgraded:
                    self._add(
                        system,
                        f"the tag {ref} was moved: it is at {commit[:12]} now, and {LOCK} has {(pinned.commit or '')[:12]}",
                        expected="a tag that stays where it was",
                        suggestion=f"if it was meant: fieldline lock --upgrade {system.name}",
                    )
                    return
                commit = commit if moves else pinned.commit or commit
        if pinned is not None and commit == pinned.commit:
            self._fetch(system, pinned)
            return
        self._pin(system, self._at_commit(system, commit), commit, None if pinned is None else pinned.digest)

    def _lock_file(self, system: DeclaredSystem, pinned: LockedSystem | None) -> None:
        name = system.source.snapshot or ""
        data = _content(self.root, name)
        if data is None:
            self._add(system, f"there is no file {shorten(name)} in the estate", expected="a snapshot")
            return
        self._check_snapshot(system, data)
        digest = digest_of(data)
        if pinned is not None and digest != pinned.digest:
            self._add(
                system,
                f"{name} was changed after it was locked: its digest is {digest}",
                expected=pinned.digest,
                suggestion=f"if it was meant: fieldline lock --upgrade {system.name}",
            )
            return
        outcome: LockOutcome = "unchanged" if pinned else "locked"
        self.systems[system.name] = LockedSystem(system.source, None, digest), outcome

    def _fetch(self, system: DeclaredSystem, pinned: LockedSystem) -> None:
        """What is pinned, if it is not here yet."""
        if self._is_kept(pinned.digest):
            self.systems.setdefault(system.name, (pinned, "unchanged"))
            return
        try:
            if (
                pinned.commit is not None
            ):  # the commit's name is the proof; our own form of it may be newer than the lock
                data = self._at_commit(system, pinned.commit)
            else:
                data = download(system.source.snapshot or "")
                if digest_of(data) != pinned.digest:
                    self._add(
                        system,
                        f"{system.source.words} was changed after it was locked: its digest is {digest_of(data)}",
                        expected=pinned.digest,
                        suggestion=f"if it was meant: fieldline lock --upgrade {system.name}",
                    )
                    return
        except (GitError, DownloadError) as error:
            self._add(system, f"{system.source.words} cannot be fetched: {error}")
            return
        except EstateError as error:
            self._add_all(system, error)
            return
        digest = digest_of(data)
        self._kept[kept_name(digest)] = data.decode("utf-8", "replace")
        self.systems.setdefault(system.name, (LockedSystem(system.source, pinned.commit, digest), "fetched"))

    def _pin(self, system: DeclaredSystem, data: bytes, commit: str | None, before: str | None) -> None:
        digest = digest_of(data)
        if not self._is_kept(digest):
            self._kept[kept_name(digest)] = data.decode("utf-8", "replace")
        self.systems[system.name] = (
            LockedSystem(system.source, commit, digest),
            "locked" if before is None else "upgraded",
        )

    def _at_commit(self, system: DeclaredSystem, commit: str) -> bytes:
        """The snapshot of the contract in a commit. Raises GitError, EstateError."""
        source = system.source
        place, contract = contract_place(Path(source.path or "."))
        folder = "" if place == Path() else place.as_posix()
        with fetched_commit(source.git or "", source.ref or "", commit) as repository:
            if repository.tree(commit, folder) is None:
                raise GitError(f"its commit {commit[:12]} has no folder {folder}")
            root = Path(system.name)
            with Tree(root, repository, f"{commit}:{folder}") as files:
                return contract_snapshot(root, contract, files, commit, system.name)

    # ------------------------------------------------------------------------------------------- reading, problems

    def _read(self, files: Files, prefix: str = "") -> tuple[Mapping[str, DeclaredSystem], Mapping[str, LockedSystem]]:
        problems = Problems()
        folder = Folder(self.root, problems, files, prefix=prefix)
        record = read_estate_file(folder, problems)
        locked = read_lock(folder, problems)
        self.texts |= folder.texts
        self.problems += problems.all()
        return ({} if record is None or problems else declared_systems(record)), locked or {}

    def _check_kept(self) -> None:
        """What was fetched is written below the estate's folder, wherever a link leads."""
        for path in (self.root / KEPT, self.root / KEPT / "snapshots"):
            if path.is_symlink():
                message = f"{path.relative_to(self.root)} is a link, and what is fetched would be written elsewhere"
                self.problems.append(Problem(None, message, suggestion="remove it"))

    def _check_snapshot(self, system: DeclaredSystem, data: bytes) -> None:
        """Raises EstateError: it is none, or not the one that the author meant."""
        problems = Problems()
        snapshot = Snapshot.read_from(data, Path(system.name), system.source.snapshot or "", problems)
        if system.digest is not None and digest_of(data) != system.digest:
            message = f"{system.source.words} has the digest {digest_of(data)}"
            raise EstateError([Problem(system.where, message, system.digest)])
        if snapshot is None:
            raise EstateError(problems.all())
        contract_snapshot(snapshot.root, snapshot.contract, snapshot, snapshot.revision, system.name)

    def _is_kept(self, digest: str) -> bool:
        data = _content(self.root, kept_name(digest))
        return kept_name(digest) in self._kept or (data is not None and digest_of(data) == digest)

    def _add(
        self, system: DeclaredSystem, message: str, expected: str | None = None, suggestion: str | None = None
    ) -> None:
        self.problems.append(Problem(system.where, message, expected, suggestion))

    def _add_all(self, system: DeclaredSystem, error: EstateError) -> None:
        """Problems in what was fetched, at the place that names it."""
        for problem in error.problems:
            at = "" if problem.location is None or problem.location == system.where else f"{problem.location}: "
            self._add(system, f"{at}{problem.message}", problem.expected, problem.suggestion)


def _content(root: Path, name: str) -> bytes | None:
    """The content of a file below the estate's folder; None: there is none."""
    path = root / PurePosixPath(name)
    try:
        if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root)):
            return None
        return DISK.content(path)
    except (OSError, ValueError):
        return None
