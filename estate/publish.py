"""Snapshots of a contract or of an estate, made from a version of its files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ..contracts.read import read_contracts
from ..documents.folder import Folder
from ..documents.problem import EstateError, Problem, Problems
from ..documents.readings import Readings
from ..documents.snapshot import Recorder, Snapshot
from ..documents.tree import child, text
from ..documents.variables import Variables
from ..formats.sources import CONTRACT, with_contract_sources
from ..lineage.read import read_condition
from .guests import NO_GUEST_VARIABLES, contract_tree
from .load import load_estate
from .lock import WithKept

if TYPE_CHECKING:
    from pathlib import Path

    from ..documents.files import Files

_NO_DATABASE = Variables(is_closed=True, refusal="a snapshot cannot hold what is read from a database")


def estate_snapshot(root: Path, files: Files, revision: str) -> bytes:
    """The snapshot of an estate in one version of its folder, with the contracts that were fetched for it.

    Raises EstateError, also where the snapshot would not give the same estate.
    """
    readings = Readings()
    recorder = Recorder(WithKept(files, root), root)
    estate = load_estate(root, recorder, readings, variables=_NO_DATABASE)
    data = recorder.snapshot(revision)
    problems = Problems()
    snapshot = Snapshot.read_from(data, root, root.name, problems)
    if snapshot is None or load_estate(root, snapshot, readings, variables=_NO_DATABASE) != estate:
        message = "the estate cannot be published: its files are not the same without its links"
        raise EstateError([*problems.all(), Problem(None, message, suggestion="put files in the place of links")])
    return data


def contract_snapshot(root: Path, contract: str | None, files: Files, revision: str, system: str | None) -> bytes:
    """The snapshot of one contract: a file in a folder, or that of a system in an estate's folder. Raises EstateError."""
    problems = Problems()
    recorder = Recorder(files, root)
    readings = Readings()
    folder = Folder(root, problems, recorder, readings)
    folder.variables = NO_GUEST_VARIABLES
    if system is None and contract is not None and folder.holds(contract):
        system = text(child(folder.read(root / contract), "system"))
        folder = Folder(root, problems, recorder, readings)
        folder.variables = NO_GUEST_VARIABLES
    tree = contract_tree(folder, contract, system or "", None, problems)
    if tree is not None:
        whole = with_contract_sources(tree, folder, problems)
        read_contracts([whole], CONTRACT, problems, readings, partial(read_condition, today=readings.today))
    if problems:
        raise EstateError(problems.all(), folder.texts)
    return recorder.snapshot(revision, contract)
