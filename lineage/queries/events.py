"""The SQL that OpenLineage events carry, as flows: with the steps on the way, which column lineage does not tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from ...documents.names import EntityName, FieldName
from ...documents.problem import Problems
from ...documents.tree import child, text
from ...formats.openlineage import EVENT_DIALECT, read_openlineage
from ...formats.source import UNNAMED_SYSTEM, own_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlglot import exp

    from ...contracts.model import Contracts
    from ...documents.yaml_events import Node, ScalarNode
    from ...formats.ddl.engines.engine import EngineName
    from ...formats.openlineage import EventTable
    from ...formats.source import ForeignSource


def read_events(source: ForeignSource, problems: Problems, contracts: Contracts, today: date) -> tuple[Node, ...]:
    """The flows of events; where the dialect of their SQL is named, with the steps that it has."""
    dialect = source.get(EVENT_DIALECT)
    if dialect is None:
        return read_openlineage(source, problems)
    reader = _EventQueries(contracts, cast("EngineName", dialect), today)
    return read_openlineage(source, problems, reader.flows)


class _EventQueries:
    """Reads the SQL of events, in the tables that the event names."""

    def __init__(self, contracts: Contracts, dialect: EngineName, today: date) -> None:
        self._contracts = contracts
        self._dialect = dialect
        self._today = today

    def flows(self, query: ScalarNode, tables: Sequence[EventTable], job: str | None) -> Mapping[str, Sequence[Node]]:
        """The flows of a query, by the field they lead to; none where it cannot be read: the event itself tells then."""
        from ...formats.ddl.cursor import CatalogueScript
        from ...formats.ddl.engines.registry import engine
        from .arm import Scope
        from .flows import FlowWriter
        from .statements import Statements

        problems = Problems()
        names = _Tables(tables, self._contracts)
        writer = FlowWriter(self._contracts, self._dialect, self._today, job)
        reader = Statements(engine(self._dialect), Scope(names.entity, names.columns, writer), problems)
        script = CatalogueScript(query.value, query.location)
        flows = [flow for write in reader.writes(script) for flow in writer.flows(write)]
        found: dict[str, list[Node]] = {}
        for flow in flows if not problems else ():
            target = text(child(flow, "to"))
            if target is not None:
                found.setdefault(target, []).append(flow)
        return found


_PARTS = re.compile(r"[^./]+")
"""The parts of a dataset's name."""


class _Tables:
    """The entities that tables of a query are: by the end of the names of the event's datasets."""

    def __init__(self, tables: Sequence[EventTable], contracts: Contracts) -> None:
        self._contracts = contracts
        self._by_name: dict[str, EntityName] = {}
        self._columns: dict[EntityName, tuple[str, ...]] = {}
        for table in tables:
            entity = FieldName.read(f"{table.entity}._").entity_name
            parts = _PARTS.findall(table.name.lower())
            for first in range(len(parts)):
                self._by_name.setdefault(".".join(parts[first:]), entity)
            self._columns.setdefault(entity, table.columns)

    def entity(self, table: exp.Table) -> EntityName:
        """The entity that a table is; one of no contract, where none is."""
        parts = [part.name.lower() for part in table.parts]
        known = (self._by_name.get(".".join(parts[first:])) for first in range(len(parts)))
        return next((each for each in known if each is not None), EntityName(UNNAMED_SYSTEM, own_name(parts[-1])))

    def columns(self, entity: EntityName) -> Sequence[str] | None:
        """The columns of a table: of its contract, or as the event has them; None: they are not known."""
        contract = self._contracts.entities.get(entity)
        return list(contract.fields) if contract is not None else self._columns.get(entity) or None
