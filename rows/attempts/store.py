"""The store of refused attempts: one table, and one that says who opened what and why. SQLite, or PostgreSQL by its URL.

Values are encrypted before they get there. Nothing that a driver says is shown: drivers repeat values, and parts of URLs.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    delete,
    event,
    insert,
    inspect,
    select,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from ...checker.diff.stored_rows import Unreadable
from ...documents.variables import VariableError, Variables
from ...estate.kept_attempts import ATTEMPTS_DAYS, ATTEMPTS_VARIABLE
from ...formats.address import DatabaseAddress
from ...values.show import escape
from ..answers import KeptAttempt
from .cipher import AttemptCipher

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import URL, Connection, Engine

    from ...application.attempts import RefusedAttempt

MOST_ATTEMPTS = 1_000
"""Attempts of one subject that are listed, the latest."""
_BUSY_SECONDS = 5
_CONNECT_SECONDS = 5
_EXPECTED = "the place that fieldline serve --attempts, or an application, keeps them in"
_ENGINES = frozenset({"postgresql", "sqlite"})

_TABLES = MetaData()
_NUMBER = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows of this type alone
_ATTEMPTS = Table(
    "fieldline_attempts",
    _TABLES,
    Column("id", _NUMBER, primary_key=True),
    Column("at", Text, nullable=False),
    Column("expires", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("subject", Text),
    Column("fields", Text, nullable=False),
    Column("obligation", Text, nullable=False),
    Column("system", Text, nullable=False),
    Column("value", Text, nullable=False),
    Index("fieldline_attempts_subject", "subject", "at"),
    Index("fieldline_attempts_expires", "expires"),
)
_OPENINGS = Table(
    "fieldline_attempt_openings",
    _TABLES,
    Column("id", _NUMBER, primary_key=True),
    Column("at", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
)


class AttemptStore:
    """Keeps refused attempts, and finds those of a subject again."""

    def __init__(self, place: str | Path, key: str = ATTEMPTS_VARIABLE, days: int = ATTEMPTS_DAYS) -> None:
        """Open the store, and make it where it is not there yet.

        `place`: the file of an SQLite database, or `env:VARIABLE`, an environment variable with a URL. `key`: the
        environment variable with the key. `days`: how long an attempt is kept.
        Raises Unreadable: no such database, no key, or another one than what is there was kept with.
        """
        self._days = timedelta(days=days)
        self._cipher = AttemptCipher(key)
        self._place, self._engine = _engine(str(place), may_create=True)
        with self._connected() as connection:
            _TABLES.create_all(connection)
            newest = connection.execute(select(_ATTEMPTS.c.value).order_by(_ATTEMPTS.c.id.desc()).limit(1)).scalar()
        if newest is not None:
            self._cipher.decrypted(newest)

    def keep(self, attempts: Sequence[RefusedAttempt]) -> None:
        """Keep some attempts, and forget those whose time is over. Raises Unreadable."""
        if not attempts:
            return
        rows = [
            {
                "at": _written(attempt.when),
                "expires": _written(attempt.when + self._days),
                "channel": attempt.channel,
                "subject": attempt.subject,
                "fields": ",".join(attempt.fields),
                "obligation": attempt.obligation,
                "system": attempt.system,
                "value": self._cipher.encrypted(attempt.values),
            }
            for attempt in attempts
        ]
        with self._connected() as connection:
            connection.execute(delete(_ATTEMPTS).where(_ATTEMPTS.c.expires < rows[0]["at"]))
            connection.execute(insert(_ATTEMPTS), rows)

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        with _transaction(self._engine, self._place) as connection:
            yield connection


def attempts_of(place: str, subject: str, now: datetime) -> tuple[KeptAttempt, ...]:
    """The attempts of a subject that are still kept, the latest first, masked: no key is needed. Raises Unreadable."""
    with _existing(place) as connection:
        return tuple(_kept(row, None) for row in _rows(connection, subject, now))


def opened_attempts(
    place: str, subject: str, now: datetime, *, key: str, reason: str, opened_by: str
) -> tuple[KeptAttempt, ...]:
    """The same with their values. That they were opened, by whom and why, is on the disk before. Raises Unreadable."""
    cipher = AttemptCipher(key)
    with _existing(place) as connection:
        rows = _rows(connection, subject, now)
        if rows:
            opening = {"at": _written(now), "subject": subject, "opened_by": opened_by, "reason": reason}
            connection.execute(insert(_OPENINGS), {**opening, "attempts": len(rows)})
    return tuple(_kept(row, cipher) for row in rows)


@contextmanager
def _existing(place: str) -> Iterator[Connection]:
    """A transaction with what is kept at a place already."""
    name, engine = _engine(place, may_create=False)
    with _transaction(engine, name) as connection:
        if not inspect(connection).has_table(_ATTEMPTS.name):
            raise Unreadable(f"{name} holds no attempts", _EXPECTED)
        yield connection


def _rows(connection: Connection, subject: str, now: datetime) -> Sequence[Any]:
    wanted = (_ATTEMPTS.c.subject == subject) & (_ATTEMPTS.c.expires >= _written(now))
    latest = (_ATTEMPTS.c.at.desc(), _ATTEMPTS.c.id.desc())
    return connection.execute(select(_ATTEMPTS).where(wanted).order_by(*latest).limit(MOST_ATTEMPTS)).all()


def _kept(row: Any, cipher: AttemptCipher | None) -> KeptAttempt:  # noqa: ANN401 - a row of SQLAlchemy's
    values = None if cipher is None else cipher.decrypted(row.value)
    when = datetime.fromisoformat(row.at)
    return KeptAttempt(when, row.channel, tuple(row.fields.split(",")), row.obligation, row.system, values)


def _written(instant: datetime) -> str:
    """An instant as a text of fixed width, which sorts as the instants do."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds")


# ------------------------------------------------------------------------------------------------------------ databases


def _engine(place: str, *, may_create: bool) -> tuple[str, Engine]:
    """The database at a place, and what it is called in messages."""
    if place.startswith("env:"):
        variable = place.removeprefix("env:")
        try:
            address = DatabaseAddress(variable, Variables(frozenset({variable})))
        except VariableError as error:
            raise Unreadable(error.message, error.expected) from None
        if address.scheme not in _ENGINES:
            raise Unreadable(f"{address} cannot keep attempts", "postgresql://… or sqlite:///…")
        return str(address), _opened(address.url)
    from sqlalchemy import URL

    file, name = Path(place), escape(Path(place).name)
    try:
        if may_create:
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        elif not file.is_file():
            raise Unreadable(f"there is no file {name}", _EXPECTED)
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
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def _transaction(engine: Engine, name: str) -> Iterator[Connection]:
    """A transaction; whatever the database says is dropped. Raises Unreadable."""
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise Unreadable(f"the attempts in {name} cannot be reached ({type(error).__name__})") from None
