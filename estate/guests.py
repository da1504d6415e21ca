"""Contracts from elsewhere, in the place that an estate gives them: as they are locked, or replaced for a comparison.

Each is read in a folder of its own, from which nothing else is read, and without any variable of the environment.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from ..documents.folder import Folder
from ..documents.problem import nearest, shorten
from ..documents.snapshot import Snapshot, digest_of
from ..documents.tree import child, text
from ..documents.variables import Variables
from .layout import CONTRACTS, FILE, estate_trees, read_estate_file
from .lock import LOCK, kept_name, read_lock

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ..contracts.model import Contracts
    from ..documents.files import Files
    from ..documents.location import Location
    from ..documents.names import EntityName
    from ..documents.problem import Problems
    from ..documents.yaml_events import Node
    from .lock import LockedSystem
    from .systems import DeclaredSystem

NO_GUEST_VARIABLES = Variables(is_closed=True, refusal="a contract from elsewhere reads no database of this estate")
"""What a contract from elsewhere may read of the environment: nothing."""

_CONTRACT_ENDINGS = (".yaml", ".yml")
_AGAIN = "fieldline lock fetches it"


@dataclass(frozen=True, slots=True)
class Replacement:
    """A contract that stands in the place of a system's own."""

    path: Path
    """The contract's file, an estate's folder, or the folder of the repository that the estate names for the system."""
    files: Files
    """The files of that version, at least those below the path."""


def contract_place(path: Path) -> tuple[Path, str | None]:
    """The folder that a contract is read in, and its file there; None: the folder is an estate, and holds it."""
    if path.name == FILE:
        return path.parent, None
    return (path.parent, path.name) if path.suffix in _CONTRACT_ENDINGS else (path, None)


def contract_tree(
    guest: Folder, contract: str | None, system: str, where: Location | None, problems: Problems
) -> Node | None:
    """The tree of a system's contract in a folder; None after a problem was added, at `where` if there is no such one."""
    before = len(problems)
    if contract is not None:
        if not guest.holds(contract):
            problems.add(where, f"there is no file {guest.name(guest.root / contract)}", expected="a contract's file")
            return None
        tree = guest.read(guest.root / contract)
        trees = [] if tree is None else [tree]
    elif guest.holds(FILE):
        record = read_estate_file(guest, problems)
        trees = [] if record is None else estate_trees(guest, record, CONTRACTS, problems)
    else:
        problems.add(
            where,
            f"there is no {FILE} in {guest.name(guest.root)}",
            expected="an estate's folder, or a contract's file",
        )
        return None
    names = [text(child(tree, "system")) or "" for tree in trees]
    chosen = next((tree for tree, name in zip(trees, names, strict=True) if name == system), None)
    if chosen is None and len(problems) == before:
        held = ", ".join(filter(None, names)) or "none"
        message = f"there is no contract of {system} at {guest.name(guest.root)}"
        problems.add(
            where, message, expected=f"one of the systems there: {held}", suggestion=nearest(system, tuple(names))
        )
    return chosen if len(problems) == before else None


def without_stores(contracts: Contracts, systems: Collection[str]) -> tuple[Contracts, frozenset[EntityName]]:
    """The contracts, of which those of some systems name no stores; and the entities that had one.

    A store is read with this estate's variables and in its folder: a contract that somebody else writes must not choose
    what is read there.
    """
    withheld: set[EntityName] = set()
    changed = dict(contracts.systems)
    for name in systems:
        system = contracts.systems.get(name)
        stored = {} if system is None else {n: e for n, e in system.entities.items() if e.store is not None}
        if system is not None and stored:
            withheld |= {entity.full_name for entity in stored.values()}
            bare = {n: replace(entity, store=None) for n, entity in stored.items()}
            changed[name] = replace(system, entities={**system.entities, **bare})
    return (replace(contracts, systems=changed) if withheld else contracts), frozenset(withheld)


class Guests:
    """Reads the contracts that an estate has from elsewhere."""

    def __init__(
        self,
        folder: Folder,
        declared: Mapping[str, DeclaredSystem],
        replaced: Mapping[str, Replacement],
        problems: Problems,
        prefix: str,
    ) -> None:
        """`folder`: the estate's; what the guests read is added to its texts, under names that begin with `prefix`."""
        self._folder = folder
        self._prefix = prefix
        self._declared = declared
        self.replaced = replaced
        self._problems = problems

    def trees(self, own: Collection[str]) -> list[tuple[Node, Folder]]:
        """The trees of the contracts, each with its folder; `own`: the systems that the estate's own files are about."""
        guests = [self._replacement(name, own) for name in self.replaced]
        locked = self._lock()
        if locked is not None:
            guests += [self._locked(each, locked) for each in self._declared.values() if each.name not in self.replaced]
        return [guest for guest in guests if guest is not None]

    # ---------------------------------------------------------------------------------------------------- replaced

    def _replacement(self, name: str, own: Collection[str]) -> tuple[Node, Folder] | None:
        known = (*own, *self._declared)
        if name not in known:
            message = f"the estate has no system {shorten(name)}, whose contract could be replaced"
            self._problems.add(
                None, message, expected=f"one of {', '.join(sorted(known))}", suggestion=nearest(name, known)
            )
            return None
        given = self.replaced[name]
        path, within = given.path, ""
        source = self._declared[name].source if name in self._declared else None
        if source is not None and source.path is not None and contract_place(path) == (path, None):
            path, within = path / source.path, source.path
        root, contract = contract_place(path)
        prefix = "" if len(self.replaced) == 1 else f"{name}:"
        return self._read(name, root, contract, given.files, prefix + _folder_of(within, contract), None)

    # ------------------------------------------------------------------------------------------------------ locked

    def _lock(self) -> Mapping[str, LockedSystem] | None:
        """The lock; None after a problem was added, or where nothing needs it."""
        needed = [each for each in self._declared.values() if each.name not in self.replaced]
        if not needed:
            return None
        before = len(self._problems)
        locked = read_lock(self._folder, self._problems)
        if locked is None and len(self._problems) == before:
            names = ", ".join(each.name for each in needed)
            self._problems.add(
                needed[0].location,
                f"there is no {LOCK} that says which revision of {names} counts",
                expected=f"{LOCK} beside {FILE}, committed",
                suggestion="fieldline lock writes it",
                length=len(needed[0].name),
            )
        return locked

    def _locked(self, system: DeclaredSystem, locked: Mapping[str, LockedSystem]) -> tuple[Node, Folder] | None:
        pinned = locked.get(system.name)
        if pinned is None or pinned.source != system.source:
            held = "does not hold it" if pinned is None else f"holds it from {pinned.source.words}"
            self._problems.add(
                system.location,
                f"the contract of {system.name} is from {system.source.words}, and {LOCK} {held}",
                suggestion="fieldline lock writes it",
                length=len(system.name),
            )
            return None
        snapshot = self._snapshot(system, pinned)
        if snapshot is None:
            return None
        contract = snapshot.contract
        prefix = f"{system.name}:{_folder_of(system.source.path or '', contract)}"
        return self._read(system.name, snapshot.root, contract, snapshot, prefix, system.location)

    def _snapshot(self, system: DeclaredSystem, pinned: LockedSystem) -> Snapshot | None:
        """The snapshot of a system, if it is the one that is locked."""
        name = kept_name(pinned.digest) if system.source.is_fetched else system.source.snapshot or ""
        place = pinned.location if system.source.is_fetched else system.where
        data = self._content(name)
        if data is None:
            message = f"the contract of {system.name} is not here: there is no file {name}"
            suggestion = _AGAIN if system.source.is_fetched else None
            self._problems.add(place, message, suggestion=suggestion)
            return None
        digest = digest_of(data)
        if digest != pinned.digest or (system.digest is not None and digest != system.digest):
            suggestion = f"remove it, and {_AGAIN} again" if system.source.is_fetched else None
            self._problems.add(
                pinned.location,
                f"the contract of {system.name} was changed after it was locked: {name} has the digest {digest}",
                expected=system.digest or pinned.digest,
                suggestion=suggestion or f"if it was meant: fieldline lock --upgrade {system.name}",
            )
            return None
        return Snapshot.read_from(data, Path(system.name), f"{system.name}:{name}", self._problems)

    def _content(self, name: str) -> bytes | None:
        """The content of a file of the estate, never of one outside of it."""
        path = self._folder.root / PurePosixPath(name)
        try:
            if not self._folder.files.real(path).is_relative_to(self._folder.files.real(self._folder.root)):
                return None
            return self._folder.files.content(path)
        except (OSError, ValueError):
            return None

    # ------------------------------------------------------------------------------------------------------- both

    def _read(
        self, name: str, root: Path, contract: str | None, files: Files, prefix: str, where: Location | None
    ) -> tuple[Node, Folder] | None:
        guest = Folder(root, self._problems, files, self._folder.readings, self._prefix + prefix)
        guest.variables = NO_GUEST_VARIABLES
        guest.texts = self._folder.texts
        tree = contract_tree(guest, contract, name, where, self._problems)
        return None if tree is None else (tree, guest)


def _folder_of(path: str, contract: str | None) -> str:
    """The beginning of the names of a contract's files in its repository, from the path of its file or its folder."""
    folder = PurePosixPath(path).parent if contract is not None else PurePosixPath(path)
    return "" if str(folder) == "." else f"{folder}/"
