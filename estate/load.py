"""From an estate's folder to an `Estate`: every file read, every problem of every file reported together.

fieldline.yaml -> contracts -> flows -> rules over records
"""

from __future__ import annotations

import stat
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ..contracts.read import read_contracts
from ..documents.files import DISK
from ..documents.folder import Folder
from ..documents.location import Location
from ..documents.problem import EstateError, Problem, Problems
from ..documents.readings import Readings
from ..documents.snapshot import is_snapshot, snapshot_on_disk
from ..documents.tree import child, text
from ..documents.variables import NO_VARIABLES, Variables
from ..formats.sources import CONTRACT, with_contract_sources
from ..lineage.read import check_conditions, read_condition, read_flows
from ..lineage.sources import with_flow_sources
from ..lineage.wildcards import with_every_field
from ..values.interning import without_collection
from .calendars import read_calendars
from .directory import EMPTY_DIRECTORY, Directory, read_directory
from .guests import Guests, without_stores
from .kept_attempts import KeptAttempts, read_kept_attempts
from .layout import (
    CONTRACTS,
    DEFAULT_COLLATION,
    DEFAULT_ENGINE,
    ESTATE_NAME,
    ESTATE_TITLE,
    FILE,
    LINEAGE,
    NAMED_TYPES,
    VARIABLES,
    estate_root,
    estate_trees,
    read_estate_file,
)
from .policy import Policy, read_policy
from .record_rules import NO_RECORD_RULES, RECORD_RULES, RecordRules, read_record_rules
from .shorthand import Shorthand, systems_in
from .systems import declared_systems

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ..contracts.model import Contracts, KnownEngine
    from ..documents.files import Files
    from ..documents.names import EntityName
    from ..documents.shape import ShapedRecord
    from ..documents.yaml_events import Node
    from ..lineage.flow import Flow
    from ..lineage.graph import Graph
    from .calendars import WorkCalendar
    from .guests import Replacement


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
    directory: Directory = EMPTY_DIRECTORY
    """How a record is looked for."""
    record_rules: RecordRules = NO_RECORD_RULES
    """What must hold across systems."""
    withheld_stores: frozenset[EntityName] = frozenset()
    """Entities whose contracts, from elsewhere, name stores that this estate does not allow them to name."""
    kept_attempts: KeptAttempts | None = None
    """Where a server keeps the records that it refuses; None: nowhere."""
    calendars: Mapping[str, WorkCalendar] = field(default_factory=dict)
    """When teams work, by the names that `repair: {hours: …}` gives."""

    @cached_property
    def graph(self) -> Graph:
        """The flows between the fields, made once for all records that are looked at."""
        from ..lineage.graph import Graph

        return Graph(self.contracts, self.flows)

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
    replaced: Mapping[str, Replacement] | None = None,
    prefix: str = "",
) -> Estate:
    """The estate in a folder, of a `fieldline.yaml`, or in a snapshot. Raises EstateError with every problem of every file.

    `readings` are shared by versions of one estate, so that unchanged files are read once. The baseline is not read where
    a new one is about to be written: the old one may be absent, or broken. `today`: the day of the run, where no
    `readings` give it; None: the day it is, in UTC. `variables`: the environment variables that may be read besides those
    that `fieldline.yaml` names. `replaced`: contracts in the place of systems' own; the names of the estate's files then
    begin with `estate:`, and those of one replaced contract are as they are in its folder. `prefix`: what the names of all
    files begin with, where several versions are told of together.
    """
    if path == "":
        raise EstateError([Problem(None, "an empty word is no path", "an estate's folder; the current one is .")])
    readings = readings or Readings(today)
    with without_collection():
        return _load(Path(path), files, readings, variables, replaced, prefix, with_baseline=with_baseline)


def declared_variables(path: Path | str, files: Files = DISK, readings: Readings | None = None) -> tuple[str, ...]:
    """The environment variables that the `fieldline.yaml` of a folder names; none where it cannot be read."""
    problems = Problems()
    root, files = _opened(Path(path), files, problems)
    if not files.exists(root / FILE):
        return ()
    record = read_estate_file(Folder(root, problems, files, readings), problems)
    names = None if record is None else record.get(VARIABLES)
    return names or ()


def _opened(given: Path, files: Files, problems: Problems) -> tuple[Path, Files]:
    """The folder of an estate, and its files: those of a snapshot, where a snapshot is given."""
    root = estate_root(given)
    if files is not DISK or not is_snapshot(root):
        return root, files
    snapshot = snapshot_on_disk(root, problems)
    if snapshot is None:
        return root, files
    if snapshot.contract is not None:
        problems.add(
            Location(root.name, 1, 1), "this is the snapshot of a contract", expected="the snapshot of an estate"
        )
    return root, snapshot


def _load(
    given: Path,
    files: Files,
    readings: Readings,
    variables: Variables,
    replaced: Mapping[str, Replacement] | None,
    prefix: str,
    *,
    with_baseline: bool,
) -> Estate:
    problems = Problems()
    root, files = _opened(given, files, problems)
    if not problems and not files.exists(root / FILE):
        problems.add(
            None,
            f"there is no {FILE} in {root}" if stat.S_ISDIR(files.mode(root)) else f"there is no folder {root}",
            expected="an estate's folder",
            suggestion="fieldline init makes one",
        )
    if problems:
        raise EstateError(problems.all())
    folder = Folder(root, problems, files, readings, prefix if replaced is None else f"{prefix}estate:")
    record = read_estate_file(folder, problems)
    if record is None:
        raise EstateError(problems.all(), folder.texts)
    named = record.get(VARIABLES)
    folder.variables = variables.with_declared(named or ())
    conditions = partial(read_condition, today=readings.today)
    declared = declared_systems(record)
    guests = Guests(folder, declared, replaced or {}, problems, prefix)
    whole = _contract_trees(folder, record, guests, problems)
    contracts = read_contracts(whole, CONTRACT, problems, readings, conditions)
    engine = cast("KnownEngine | None", record.get(DEFAULT_ENGINE))
    contracts = replace(contracts, engine=engine, collation=record.get(DEFAULT_COLLATION))
    foreign = {*declared, *(replaced or ())} - {each.name for each in declared.values() if each.has_stores}
    contracts, withheld = without_stores(contracts, foreign)
    trees = estate_trees(folder, record, LINEAGE, problems)
    trees = [with_every_field(tree, contracts, problems) for tree in trees]
    tables = Shorthand(None, folder.other, problems)
    trees = [tables.with_tables(tree) for tree in trees]
    flow_trees = [with_flow_sources(tree, folder, problems, contracts, readings.today) for tree in trees]
    flows = read_flows(flow_trees, problems, readings)
    check_conditions(flows, contracts.fields, problems)
    policy = read_policy(record, folder, problems, with_baseline=with_baseline)
    directory = read_directory(record, contracts, problems)
    calendars = read_calendars(record, contracts, problems)
    rule_trees = estate_trees(folder, record, RECORD_RULES, problems)
    rules = read_record_rules(rule_trees, contracts, problems, readings.today)
    kept_attempts = read_kept_attempts(record, named or (), problems)
    if problems:
        raise EstateError(problems.all(), folder.texts)
    name, title = cast("str", record.get(ESTATE_NAME)), record.get(ESTATE_TITLE)
    today = readings.today
    return Estate(
        root,
        name,
        title,
        contracts,
        flows,
        folder.texts,
        policy,
        today,
        folder.variables,
        directory,
        rules,
        withheld,
        kept_attempts,
        calendars,
    )


def _contract_trees(folder: Folder, record: ShapedRecord, guests: Guests, problems: Problems) -> list[Node]:
    """The trees of all contracts, the estate's own and those from elsewhere, with what their sources bring."""
    named = record.nodes.get(NAMED_TYPES.name)
    shorthand = Shorthand(named[1] if named else None, folder.other, problems)
    trees = [each for tree in estate_trees(folder, record, CONTRACTS, problems) for each in systems_in(tree, problems)]
    own = [(text(child(tree, "system")), shorthand.in_full(tree)) for tree in trees]
    placed = [(tree, folder) for name, tree in own if name not in guests.replaced]
    placed += guests.trees([name for name, _ in own if name])
    return [with_contract_sources(tree, place, problems) for tree, place in placed]
