"""From an estate's folder to an `Estate`: every file read, every problem of every file reported together.

fieldline.yaml -> contracts -> flows
"""

from __future__ import annotations

import gc
import stat
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ..contracts import layout
from ..contracts.read import read_contracts
from ..documents.files import DISK
from ..documents.folder import Folder
from ..documents.problem import EstateError, Problem, Problems
from ..documents.readings import Readings
from ..documents.shape import NAME, TEXT, Key, Keyed, ListOf, shape_schema
from ..documents.variables import NO_VARIABLES, Variables
from ..formats.sources import CONTRACT, with_contract_sources
from ..lineage.read import check_conditions, read_condition, read_flows
from ..lineage.sources import with_flow_sources
from .policy import KEYS, Policy, read_policy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from ..contracts.model import Contracts, KnownEngine
    from ..documents.files import Files
    from ..documents.shape import Schema, ShapedRecord
    from ..documents.yaml_events import Node
    from ..lineage.flow import Flow

FILE = "fieldline.yaml"
"""The file that makes a folder an estate."""

_NAME = Key("estate", NAME, "The estate's name.", required=True)
_TITLE = Key("title", TEXT, "Its title, for people.")
_CONTRACTS = Key(
    "contracts",
    ListOf(TEXT, least=1, single=True),
    "The folders that hold the contracts, one file a system; contracts when left out.",
)
_LINEAGE = Key(
    "lineage", ListOf(TEXT, single=True), "The folders that hold the flows; lineage when left out, [] for none."
)
_ENGINE = Key(
    "engine",
    layout.ENGINE.shape,
    "What runs the steps of flows where neither the flow nor its systems name an engine.",
)
_COLLATION = Key("collation", layout.COLLATION.shape, layout.COLLATION.doc)
_ENV: Key[tuple[str, ...]] = Key(
    "env",
    ListOf(TEXT),
    "The environment variables that may be read, each of which holds the URL of a database; none when left out.",
)
_ESTATE = Keyed(
    "estate",
    "An organisation's contracts and lineage, and how findings are treated.",
    (_NAME, _TITLE, _CONTRACTS, _LINEAGE, _ENGINE, _COLLATION, _ENV, *KEYS),
)


@dataclass(frozen=True)
class Estate:
    """All contracts and all lineage of an organisation, as they were written."""

    root: Path
    """The folder that holds `fieldline.yaml`."""
    name: str
    title: str | None
    contracts: Contracts
    flows: tuple[Flow, ...]
    """In the order of the files' names, then of the lines."""
    texts: Mapping[str, str]
    """The text of every file read, by its name relative to the root; locations point into it. Lines end in `\\n`."""
    policy: Policy = field(default_factory=Policy)
    """How findings are to be treated."""
    today: date | None = None
    """The day of the run; None: no run's."""
    variables: Variables = NO_VARIABLES
    """The environment variables that may be read."""

    @cached_property
    def counts_from(self) -> date | None:
        """The day of the run, where a constraint or a condition counts from it; None: nothing depends on the day."""
        constraints = (constraint for each in self.contracts.fields.values() for constraint in each.constraints)
        counting = any(constraint.counts_from_today for constraint in constraints) or any(
            flow.when is not None and flow.when.counts_from_today for flow in self.flows
        )
        return self.today if counting else None


def load_estate(
    path: Path | str,
    files: Files = DISK,
    readings: Readings | None = None,
    *,
    with_baseline: bool = True,
    today: date | None = None,
    variables: Variables = NO_VARIABLES,
) -> Estate:
    """The estate in a folder (or of a `fieldline.yaml`). Raises EstateError with every problem of every file.

    `readings` are shared by versions of one estate, so that unchanged files are read once. The baseline is not read where
    a new one is about to be written: the old one may be absent, or broken. `today`: the day of the run, where no
    `readings` give it; None: the day it is, in UTC. `variables`: the environment variables that may be read besides those
    that `fieldline.yaml` names.
    """
    if path == "":
        raise EstateError([Problem(None, "an empty word is no path", "an estate's folder; the current one is .")])
    with _no_collection():
        return _load(Path(path), files, readings or Readings(today), variables, with_baseline=with_baseline)


def declared_variables(path: Path | str, files: Files = DISK, readings: Readings | None = None) -> tuple[str, ...]:
    """The environment variables that the `fieldline.yaml` of a folder names; none where it cannot be read."""
    root = _root(Path(path))
    if not files.exists(root / FILE):
        return ()
    problems = Problems()
    tree = Folder(root, problems, files, readings).read(root / FILE)
    record = None if tree is None else _ESTATE.read(tree, problems)
    names = None if record is None else record.get(_ENV)
    return names or ()


def estate_schema() -> Schema:
    """The draft-07 JSON Schema of `fieldline.yaml`, for editors."""
    return shape_schema(_ESTATE, "A Fieldline estate")


def _root(given: Path) -> Path:
    return given.parent if given.name == FILE else given


def _load(given: Path, files: Files, readings: Readings, variables: Variables, *, with_baseline: bool) -> Estate:
    root = _root(given)
    problems = Problems()
    if not files.exists(root / FILE):
        problems.add(
            None,
            f"there is no {FILE} in {root}" if stat.S_ISDIR(files.mode(root)) else f"there is no folder {root}",
            expected="an estate's folder",
            suggestion="fieldline init makes one",
        )
        raise EstateError(problems.all())
    folder = Folder(root, problems, files, readings)
    tree = folder.read(root / FILE)
    record = None if tree is None else _ESTATE.read(tree, problems)
    if record is None:
        raise EstateError(problems.all(), folder.texts)
    named = record.get(_ENV)
    folder.variables = variables.with_declared(named or ())
    trees = _trees(folder, record, _CONTRACTS, problems)
    whole = (with_contract_sources(tree, folder, problems) for tree in trees)
    conditions = partial(read_condition, today=readings.today)
    contracts = read_contracts(whole, CONTRACT, problems, readings, conditions)
    engine = cast("KnownEngine | None", record.get(_ENGINE))
    contracts = replace(contracts, engine=engine, collation=record.get(_COLLATION))
    trees = _trees(folder, record, _LINEAGE, problems)
    flows = read_flows([with_flow_sources(tree, folder, problems) for tree in trees], problems, readings)
    check_conditions(flows, contracts.fields, problems)
    policy = read_policy(record, folder, problems, with_baseline=with_baseline)
    if problems:
        raise EstateError(problems.all(), folder.texts)
    name, title = cast("str", record.get(_NAME)), record.get(_TITLE)
    return Estate(root, name, title, contracts, flows, folder.texts, policy, readings.today, folder.variables)


def _trees(folder: Folder, record: ShapedRecord, key: Key[tuple[str, ...]], problems: Problems) -> list[Node]:
    """The trees of all files in the folders that a key of `fieldline.yaml` names."""
    names = record.get(key) if record.has(key.name) else (key.name,)
    trees: list[Node] = []
    for name in names or ():
        before = len(problems)
        files = folder.yaml_files(name, record.where(key.name))
        if not files and len(problems) == before and key is _CONTRACTS:
            problems.add(
                record.where(key.name), f"the folder {name} holds no contract", expected="*.yaml, one a system"
            )
        trees += [tree for file in files if (tree := folder.read(file)) is not None]
    return trees


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without garbage collection: reading makes half a million objects and no cycles, and collection doubles the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
