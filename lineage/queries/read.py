"""SQL that moves data, as a source of a lineage file: INSERT … SELECT, UPDATE, MERGE, CREATE … AS SELECT, SELECT INTO.

Every expression of a SELECT list becomes the transforms it is, in the meaning of the engine that runs it; what is not read
exactly is opaque, in its own words at its place. A table that a script makes and no contract has is passed through: the
flows lead from the tables before it to those after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, get_args

from ...documents.names import EntityName, FieldName
from ...documents.problem import shorten
from ...documents.shape import TEXT, Choice, Key, Keyed, TextMap
from ...formats.database import URL_ENV, read_views
from ...formats.ddl.engines.engine import EngineName
from ...formats.source import AS, FILES, UNNAMED_SYSTEM, own_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlglot import exp

    from ...contracts.model import Contracts
    from ...documents.problem import Problems
    from ...documents.yaml_events import Node
    from ...formats.ddl.cursor import Script
    from ...formats.source import ForeignSource

QUERY_DIALECT = Key(
    "dialect",
    Choice(*(name for name in get_args(EngineName) if name != "db2")),
    "The database that runs the statements.",
    required=True,
)
OWN_SYSTEM = Key("system", TEXT, "The system of tables without a schema, and of schemas that `schemas` does not name.")
SCHEMA_SYSTEMS = Key("schemas", TextMap(), "The systems that schemas are: {staging: warehouse_staging}.")
_BY = Key("by", TEXT, "The carrier of the values: the job that runs the statements.")
QUERIES_SHAPE = Keyed(
    "sql",
    "Statements of SQL that move data. In `as`, a table is schema.table or table, and is given as system.entity.",
    (FILES, QUERY_DIALECT, OWN_SYSTEM, SCHEMA_SYSTEMS, AS, _BY),
)
QUERIES_SUFFIXES = (".sql",)
VIEWS_SHAPE = Keyed(
    "database",
    "The views of a live database, each with its query. In `as`, a table is schema.table or table, and is given as "
    "system.entity.",
    (URL_ENV, OWN_SYSTEM, SCHEMA_SYSTEMS, AS, _BY),
    short="url_env",
)


class TableNames:
    """The entities that tables are."""

    def __init__(self, source: ForeignSource, contracts: Contracts) -> None:
        self._names: Mapping[str, str] = {key.lower(): name for key, name in (source.get(AS) or {}).items()}
        self._schemas = {key.lower(): name for key, name in (source.get(SCHEMA_SYSTEMS) or {}).items()}
        self._system = source.get(OWN_SYSTEM)
        self._contracts = contracts

    def entity(self, table: exp.Table) -> EntityName:
        """The entity that a table is; one of no contract, where none is."""
        parts = [part.name for part in table.parts]
        for first in range(len(parts)):
            chosen = self._names.get(".".join(parts[first:]).lower())
            if chosen is not None:
                named = FieldName.read(chosen).entity_name
                return named if named.entity else EntityName(named.system, own_name(parts[-1]))
        schema = parts[-2] if len(parts) > 1 else None
        if parts[-1].startswith("#"):  # SQL Server's temporary tables: of no contract, whatever they are called
            return EntityName(UNNAMED_SYSTEM, f"temporary_{own_name(parts[-1])}")
        system = self._schemas.get(schema.lower()) if schema is not None else None
        system = system or self._system or own_name(schema or UNNAMED_SYSTEM)
        known = self._contracts.systems.get(system)
        name = own_name(parts[-1])
        full = own_name("_".join(parts[-2:]))
        entities = known.entities if known is not None else {}
        for each in (full, name) if schema is not None else (name, full):
            found = next((one for one in entities if one.lower() == each.lower()), None)
            if found is not None:
                return EntityName(system, found)
        return EntityName(system, name)

    def columns(self, entity: EntityName) -> Sequence[str] | None:
        """The columns of a table; None: no contract has it."""
        known = self._contracts.entities.get(entity)
        return None if known is None else list(known.fields)


def read_queries(source: ForeignSource, problems: Problems, contracts: Contracts, today: date) -> tuple[Node, ...]:
    """The flows in the scripts, in their order."""
    from ...formats.ddl.cursor import Script

    name = source.get(QUERY_DIALECT)
    if name is None:
        return ()
    before = len(problems)
    scripts = [Script(text, file) for file, text in source.files.items()]
    flows = _flows_of(scripts, cast("EngineName", name), source, problems, contracts, today)
    if not flows and len(problems) == before:
        problems.add(
            source.location,
            f"no statement in {', '.join(map(shorten, source.files))} brings a value from a table into another",
            expected="INSERT … SELECT, UPDATE, MERGE, or CREATE … AS SELECT",
        )
    return flows


def read_database(source: ForeignSource, problems: Problems, contracts: Contracts, today: date) -> tuple[Node, ...]:
    """The flows of the views of a live database. A view that no contract has is passed through."""
    from ...formats.ddl.cursor import CatalogueScript

    found = read_views(source, problems)
    if found is None:
        return ()
    before = len(problems)
    flows = _flows_of([CatalogueScript(found[1], source.location)], found[0], source, problems, contracts, today)
    if not flows and len(problems) == before:
        message = "no view of this database shows a value of one table of a contract in another"
        problems.add(source.location, message, expected="views that contracts have: see system, schemas and as")
    return flows


def _flows_of(
    scripts: Sequence[Script],
    dialect: EngineName,
    source: ForeignSource,
    problems: Problems,
    contracts: Contracts,
    today: date,
) -> tuple[Node, ...]:
    from ...formats.ddl.engines.registry import engine
    from .arm import Scope
    from .flows import FlowWriter
    from .statements import Statements

    tables = TableNames(source, contracts)
    writer = FlowWriter(contracts, dialect, today, source.get(_BY))
    reader = Statements(engine(dialect), Scope(tables.entity, tables.columns, writer), problems)
    return tuple(flow for script in scripts for write in reader.writes(script) for flow in writer.flows(write))
