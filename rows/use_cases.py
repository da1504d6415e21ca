"""The use cases about rows. Each imports its own engine: an engine may not be installed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..application.foreign import live_contract
from ..application.library import LoadedEstate
from ..application.names import chosen, entry_named
from ..checker.diff.stored_rows import StoredRows, Unreadable
from ..documents.problem import nearest
from ..documents.temporary import temporary_folder
from ..documents.variables import NO_VARIABLES
from ..estate.load import declared_variables
from ..values.budget import STANDARD
from ..values.error import require
from .answers import AuditAnswer, DriftAnswer, ProfileAnswer, ValidateAnswer
from .sources import DatabaseTable, FileTable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import polars as pl

    from ..checker.diff.stored_rows import StoredTable
    from ..contracts.model import System
    from ..documents.local_text import SpokenLanguage
    from ..documents.names import EntityName
    from ..documents.variables import Variables
    from ..estate.load import Estate
    from ..values.budget import Budget
    from .sources import Progress


def validate_rows(
    estate: Estate,
    entry: str,
    where: Sequence[str],
    engine: str,
    progress: Progress,
    *,
    lossless: bool = False,
    quarantine: Callable[[pl.LazyFrame], None] | None = None,
    budget: Budget = STANDARD,
    language: SpokenLanguage | None = None,
) -> ValidateAnswer:
    """Check the rows of files, or of one table (`env:VARIABLE/TABLE`), against an entry's obligations.

    With `lossless`, a value that would arrive altered counts, too. `quarantine` receives the rejected rows, if there are
    any, each with its reasons. `language`: the broken constraints, and the reasons, are put into plain words of it.
    Raises UnknownEntry, Unreadable.
    """
    if engine == "spark":
        require("pyspark")
    from .engines.registry import ENGINES

    compiled = LoadedEstate(estate, language=language or "en", budget=budget).entry(
        entry_named(estate, entry), lossless=lossless
    )
    with ENGINES[engine](where, compiled, progress, estate.variables) as rows:
        judged = rows.judge(progress)
        if quarantine is not None and judged.rejected:
            quarantine(rows.quarantine(lambda clause: compiled.words[clause], progress))
    words = () if language is None else tuple((each.rows, compiled.words[each.clause]) for each in judged.broken)
    return ValidateAnswer(estate, judged, language, words)


def stored_rows(places: Sequence[tuple[str, str]], estate: Estate, *, shown: bool) -> StoredRows:
    """The rows of entities: an entity's full name, then a file or `env:VARIABLE/TABLE`. Raises Unreadable.

    Where TABLE is left out, the table has the entity's own name.
    """
    tables: dict[EntityName, StoredTable] = {}
    known = {str(name): name for name in estate.contracts.entities}
    for text, where in places:
        if text not in known:
            guess = nearest(text, tuple(known))
            raise Unreadable(f"no contract has the entity {text}", f"a name such as {guess}" if guess else None)
        entity = known[text]
        if entity in tables:
            raise Unreadable(f"{entity} is named twice", "one file or table for each entity")
        variable, _, table = where.removeprefix("env:").partition("/")
        of_file = not where.startswith("env:")
        tables[entity] = (
            FileTable(Path(where)) if of_file else DatabaseTable(variable, table or entity.entity, estate.variables)
        )
    return StoredRows(tables, shown)


def drift_from_database(
    estate: Estate, system: str, variable: str, root: Path, budget: Budget = STANDARD
) -> DriftAnswer:
    """Compare a system's contract with the database whose URL the environment variable holds.

    Raises UnknownName, EstateError.
    """
    from .drift import drift

    contract = chosen(system, estate.contracts.systems, "system")
    return DriftAnswer(system, drift(contract, live_contract(system, variable, root, estate.variables), budget))


def audit_database(
    estate: Estate, system: str, variable: str, data_docs: Path | None, progress: Progress
) -> AuditAnswer:
    """Check the rows that a database stores against the system's own contract. Raises UnknownName, Unreadable."""
    require("great_expectations")
    from .audit import stores
    from .audit.audit import audit
    from .audit.suites import suites

    contract = _audited_contract(estate, system)
    entities = list(contract.entities.values())
    with stores.database(variable, estate.variables) as store, suites(data_docs) as run:
        return AuditAnswer(estate, system, audit(contract, entities, store, run, progress), ())


def audit_files(
    estate: Estate,
    system: str,
    places: Sequence[tuple[str, str]],
    engine: str,
    data_docs: Path | None,
    progress: Progress,
) -> AuditAnswer:
    """Check the rows of files against the system's own contract: an entity's own or full name, then a file of its rows.

    Raises UnknownName, Unreadable.
    """
    require("great_expectations")
    from .audit import stores
    from .audit.audit import audit
    from .audit.suites import suites

    contract = _audited_contract(estate, system)
    files = _files(places, contract)
    entities = [entity for entity in contract.entities.values() if entity.full_name in files]
    skipped = tuple(str(entity.full_name) for entity in contract.entities.values() if entity.full_name not in files)
    with stores.FILE_STORES[engine](files) as store, suites(data_docs) as run:
        return AuditAnswer(estate, system, audit(contract, entities, store, run, progress), skipped)


def profile_database(
    system: str, variable: str, root: Path, progress: Progress, variables: Variables = NO_VARIABLES
) -> ProfileAnswer:
    """Propose a contract from the constraints and the rows of a database. Raises EstateError, Unreadable.

    Read are `variables`, and those that a `fieldline.yaml` in `root` names.
    """
    from .profile import profile

    variables = variables.with_declared(declared_variables(root))
    live = live_contract(system, variable, root, variables)
    profiles = {}
    for entity in live.entities.values():
        with temporary_folder() as folder:
            parts = DatabaseTable(variable, entity.name, variables).write_parts(folder, progress, entity)
            profiles[entity.name] = profile(parts, entity)
    return ProfileAnswer(live, profiles)


def _audited_contract(estate: Estate, system: str) -> System:
    contract = chosen(system, estate.contracts.systems, "system")
    if not contract.entities:
        raise Unreadable(f"the contract of {system} has no entities: nothing can be audited")
    return contract


def _files(places: Sequence[tuple[str, str]], system: System) -> Mapping[EntityName, list[str]]:
    """Files by the full names of a system's entities."""
    known = {
        name: entity.full_name for entity in system.entities.values() for name in (entity.name, str(entity.full_name))
    }
    files: dict[EntityName, list[str]] = {}
    for text, where in places:
        files.setdefault(chosen(text, known, f"entity of {system.name}"), []).append(where)
    return files
