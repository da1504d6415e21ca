"""Databases of Fieldline's own, which are written to: SQLite in a file, or PostgreSQL by its URL.

What is committed survives a loss of power. Nothing that a driver says is shown: drivers repeat values, and parts of URLs.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from ..checker.diff.stored_rows import Unreadable
from ..documents.variables import VariableError, Variables
from ..formats.address import DatabaseAddress
from ..values.show import escape

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine

_BUSY_SECONDS = 5
_CONNECT_SECONDS = 5
_READS = "fieldline_reads"
_ENGINES = frozenset({"postgresql", "sqlite"})


class OwnDatabase:
    """A database of Fieldline's own, at a place: a file of SQLite's, or `env:VARIABLE` with the URL of a PostgreSQL."""

    def __init__(self, place: str, *, keeps: str, expected: str, may_create: bool) -> None:
        """`keeps`: what is in it, for messages; `expected`: what is meant by a place. Raises Unreadable."""
        self._keeps = keeps
        self.name, self._engine = _engine(place, keeps, expected, may_create=may_create)

    def transaction(self) -> AbstractContextManager[Connection]:
        """A transaction; whatever the database says is dropped. Raises Unreadable."""
        return self._begun(self._engine)

    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction that only reads: it waits for nobody. Raises Unreadable."""
        return self._begun(self._engine.execution_options(**{_READS: True}))

    @contextmanager
    def _begun(self, engine: Engine) -> Iterator[Connection]:
        try:
            with engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise Unreadable(f"the {self._keeps} in {self.name} cannot be reached ({type(error).__name__})") from None


def _engine(place: str, keeps: str, expected: str, *, may_create: bool) -> tuple[str, Engine]:
    """The database at a place, and what it is called in messages."""
    if place.startswith("env:"):
        variable = place.removeprefix("env:")
        try:
            address = DatabaseAddress(variable, Variables(frozenset({variable})))
        except VariableError as error:
            raise Unreadable(error.message, error.expected) from None
        if address.scheme not in _ENGINES:
            raise Unreadable(f"{address} cannot keep {keeps}", "postgresql://… or sqlite:///…")
        return str(address), _opened(address.url)
    file, name = Path(place), escape(Path(place).name)
    try:
        if may_create:
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        elif not file.is_file():
            raise Unreadable(f"there is no file {name}", expected)
    except OSError as error:
        raise Unreadable(f"{name}: {error.strerror}") from None
    return name, _opened(URL.create("sqlite", database=str(file)))


def _opened(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": _BUSY_SECONDS})
        event.listen(engine, "connect", _durable)
        event.listen(engine, "begin", _begin_at_once)
        return engine
    limits = {"connect_timeout": _CONNECT_SECONDS, "options": f"-c statement_timeout={_BUSY_SECONDS * 1000}"}
    return create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=limits)


def _durable(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's connection
    """What is committed survives a loss of power; the driver begins no transaction of its own."""
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


def _begin_at_once(connection: Connection) -> None:
    """A transaction that reads before it writes waits for its turn, where a plain BEGIN would fail."""
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get(_READS) else "BEGIN IMMEDIATE")
