"""A table of a database, asked for single records by bound parameters, in a session that only reads."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from decimal import Decimal
from time import monotonic
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, column, func, inspect, or_, quoted_name, select, table
from sqlalchemy.exc import SQLAlchemyError

from ...checker.diff.stored_rows import Unreadable
from ...checker.record.asking import MOST_RECORDS, FoundRecords
from ...documents.variables import VariableError
from ...formats.address import DatabaseAddress
from ...formats.database import failing_as, read_only
from ...formats.ddl.columns import ENGINE_DIALECTS, columns_query, named_table
from ..sources import database_address
from .held import fits, held_values, in_small_letters

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnClause, ColumnElement, Connection, Select

    from ...checker.record.asking import StoreQuestion
    from ...contracts.model import Entity
    from ...contracts.store import EntityStore, TableStore
    from ...documents.variables import Variables
    from ...formats.ddl.columns import TablePlace
    from ...values.valueset import Value


_SECONDS_KNOWN = 60
"""So long a table is taken to have the columns that it had: it may be altered."""


class RecordTable:
    """The table that holds an entity's records."""

    def __init__(self, entity: Entity, store: EntityStore, place: TableStore, variables: Variables) -> None:
        self._entity = entity
        self._store = store
        self._place = place
        self._variables = variables
        self._known: tuple[float, TablePlace, Mapping[str, str]] | None = None
        """When it was looked at, and what was seen."""
        self._filled_up: Collection[str] = ()
        _prepare(place.variable, variables)

    def find(self, question: StoreQuestion) -> FoundRecords:
        """The records that a question asks for. Raises Unreadable."""
        with self._connected() as (connection, address):
            place, columns = self._columns(connection, address)
            wanted = question.where
            missing = [name for name in wanted if name not in columns]
            if missing:
                raise Unreadable(f"{self._place} has no column {self._store.column(missing[0])}")
            query = records_query(place, columns, question, address.scheme, self._filled_up)
            with failing_as(address, self._store.seconds):
                rows = [dict(zip(columns.values(), row, strict=True)) for row in connection.execute(query)]
        records = [held_values(self._entity, columns, row) for row in rows]
        fitting = tuple(record for record in records if fits(question, record))
        return FoundRecords(fitting[:MOST_RECORDS], more=len(fitting) > MOST_RECORDS)

    def fields(self) -> Sequence[str]:
        """The fields, by their own names, that have a column. Raises Unreadable."""
        with self._connected() as (connection, address):
            return list(self._columns(connection, address)[1])

    def prepare(self, _names: Sequence[str]) -> None:
        """Its database has what it needs."""

    def indexed(self) -> list[tuple[str, ...]]:
        """The columns that each index begins with, in its order, under the names of fields. Raises Unreadable."""
        with self._connected() as (connection, address):
            place, columns = self._columns(connection, address)
            ours = {of.casefold(): name for name, of in columns.items()}  # SQLAlchemy writes Oracle's small
            with failing_as(address, self._store.seconds):
                found = _indexes(connection, place)
        return [tuple(ours.get(name.casefold(), name) for name in names) for names in found]

    @contextmanager
    def _connected(self) -> Iterator[tuple[Connection, DatabaseAddress]]:
        with (
            database_address(self._place.variable, self._variables) as address,
            read_only(address, self._store.seconds) as connection,
        ):
            yield connection, address

    def _columns(self, connection: Connection, address: DatabaseAddress) -> tuple[TablePlace, Mapping[str, str]]:
        """The table, and the column of each field that has one."""
        if self._known is None or monotonic() - self._known[0] > _SECONDS_KNOWN:
            plain = {"no_parameters": True}

            def ask(query: str) -> Iterator[tuple[object, ...]]:
                with failing_as(address, self._store.seconds):
                    yield from map(tuple, connection.exec_driver_sql(query, execution_options=plain))

            found = named_table(ask, ENGINE_DIALECTS[address.scheme], self._place.table)
            if found is None:
                raise Unreadable(f"{self._place.variable} has no table {self._place.table}")
            place, types = found
            columns = columns_of_fields(self._entity, self._store, types)
            if address.scheme == "oracle":  # it compares CHAR with a bound text as it is, blanks and all
                self._filled_up = {name for name, of in columns.items() if types[of] in {"char", "nchar"}}
            self._known = monotonic(), place, columns
        return self._known[1:]


def records_query(
    place: TablePlace,
    columns: Mapping[str, str],
    question: StoreQuestion,
    scheme: str,
    filled_up: Collection[str] = (),
) -> Select[*tuple[Any, ...]]:
    """The query for the records that a question asks for.

    `columns`: by field. `scheme`: SQLAlchemy's word for the engine. `filled_up`: fields whose texts the engine fills with
    blanks, and does not compare without them.
    """
    source = table(_quoted(place.table), schema=None if place.schema is None else _quoted(place.schema))
    held: dict[str, ColumnClause[Any]] = {name: column(_quoted(of)) for name, of in columns.items()}
    compared = {name: func.rtrim(of) if name in filled_up else of for name, of in held.items()}
    conditions = [
        _holds(compared[name], values, scheme, alike=question.alike) for name, values in question.where.items()
    ]
    return select(*held.values()).select_from(source).where(and_(*conditions)).limit(MOST_RECORDS + 1)


def columns_of_fields(entity: Entity, store: EntityStore, names: Collection[str]) -> dict[str, str]:
    """The column of each field that has one, by the fields' own names: as `columns` says, or by its name or its title."""
    plain_names = {name.casefold(): name for name in names}
    columns: dict[str, str] = {}
    for name, field in entity.fields.items():
        for written in (store.column(name), str(field.title) if field.title else None):
            if written is not None and name not in columns:
                known = written if written in names else plain_names.get(written.casefold())
                columns |= {} if known is None else {name: known}
    return columns


def _prepare(variable: str, variables: Variables) -> None:
    """Import what asking a database needs, before its time begins to run. What is wrong is told when it is asked."""
    with suppress(VariableError, ModuleNotFoundError):
        address = DatabaseAddress(variable, variables)
        columns_query(ENGINE_DIALECTS[address.scheme], "")
        address.url.get_dialect().import_dbapi()


def _quoted(name: str) -> quoted_name:
    return quoted_name(name, quote=True)


def _holds(held: ColumnElement[Any], values: Sequence[Value], scheme: str, *, alike: bool) -> ColumnElement[bool]:
    """That a column holds one of some values."""
    texts = [value for value in values if isinstance(value, str)]
    wanted: list[ColumnElement[bool]] = [held.is_(None)] if None in values else []
    bound = [_bound(value, scheme) for value in values if value is not None]
    if bound:
        wanted.append(held.in_(bound))
    if alike and texts:
        wanted.append(func.lower(func.trim(held)).in_(list(dict.fromkeys(map(in_small_letters, texts)))))
    return or_(*wanted)


_TRUTHS_AS_NUMBERS = frozenset(("oracle", "mssql", "db2"))


def _bound(value: Value, scheme: str) -> object:
    """A value as a driver binds it.

    SQLite has no decimals, and keeps dates and times as texts; Oracle, SQL Server and Db2 keep truth values as numbers.
    """
    if scheme in _TRUTHS_AS_NUMBERS and isinstance(value, bool):
        return int(value)
    if scheme != "sqlite":
        return value
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return value


def _indexes(connection: Connection, place: TablePlace) -> list[list[str]]:
    """The columns of the table's indexes, of its primary key and of its unique constraints."""
    inspector = inspect(connection)
    found: list[list[str]] = []
    try:
        found.append(list(inspector.get_pk_constraint(place.table, place.schema)["constrained_columns"]))
        found += [list(each["column_names"]) for each in inspector.get_unique_constraints(place.table, place.schema)]
        for each in inspector.get_indexes(place.table, place.schema):
            found.append([name or "" for name in each["column_names"]])
    except (NotImplementedError, SQLAlchemyError):
        return found
    return [names for names in found if names]
