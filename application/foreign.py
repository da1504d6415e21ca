"""Contracts from foreign sources: files of another format, or a database."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..contracts.read import read_contracts
from ..documents.folder import Folder
from ..documents.location import Location
from ..documents.problem import EstateError, Problems
from ..documents.variables import NO_VARIABLES
from ..estate.load import declared_variables
from ..formats.registry import FORMATS
from ..formats.sources import CONTRACT, contract_from, with_contract_sources
from ..lineage.read import read_condition
from .answers import ImportAnswer
from .names import chosen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..contracts.model import System
    from ..documents.variables import Variables


def import_contract(
    system: str,
    source: str,
    path: str,
    options: Mapping[str, str],
    only: Sequence[str] = (),
    variables: Variables = NO_VARIABLES,
) -> ImportAnswer:
    """The contract of a system, read from a source in a format; `path` is a file, a folder, a pattern, or a database.

    Files are read inside the current folder, or else inside the source's own. A database's variable is one of `variables`,
    or named by the `fieldline.yaml` of the current folder. Raises UnknownName, EstateError.
    """
    named = chosen(source, FORMATS, "format").shape.short or "files"
    root = Path.cwd()
    if named == "files":
        root = _root_of(path)
        path = os.path.relpath(path, root)
    words: dict[str, str | tuple[str, ...]] = {**options, **({"only": tuple(only)} if only else {}), named: path}
    variables = variables.with_declared(declared_variables(root))
    return ImportAnswer(foreign_contract(system, source, words, root, variables), f"{source}: {path}")


def live_contract(system: str, variable: str, root: Path, variables: Variables) -> System:
    """The contract that a database enforces, whose URL the environment variable holds. Raises EstateError."""
    return foreign_contract(system, "database", {"url_env": variable}, root, variables)


def foreign_contract(
    system: str, source: str, options: Mapping[str, str | tuple[str, ...]], root: Path, variables: Variables
) -> System:
    """The contract read from a source; nothing outside of `root`, and no other variable, is read. Raises EstateError."""
    problems = Problems()
    folder = Folder(root, problems)
    folder.variables = variables
    tree = contract_from(system, source, options, Location("command line", 1, 1))
    whole = with_contract_sources(tree, folder, problems)
    conditions = partial(read_condition, today=folder.readings.today)
    contracts = read_contracts([whole], CONTRACT, problems, folder.readings, conditions)
    if problems:
        raise EstateError(problems.all(), folder.texts)
    return contracts.systems[system]


def _root_of(path: str) -> Path:
    """The only folder that is read: the current one, or else the path's own."""
    here, there = Path.cwd(), Path(os.path.normpath(Path.cwd() / path))
    return here if there.is_relative_to(here) else there if there.is_dir() else there.parent
