"""The store of refused attempts: one table, and one that says who opened what and why. SQLite, or PostgreSQL by its URL.

Values are encrypted before they get there. Nothing that a driver says is shown: drivers repeat values, and parts of URLs.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    delete,
    insert,
    inspect,
    select,
)

from ...checker.diff.stored_rows import Unreadable
from ...estate.kept_attempts import ATTEMPTS_DAYS, ATTEMPTS_VARIABLE
from ..answers import KeptAttempt
from ..durable import OwnDatabase
from .cipher import AttemptCipher

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from ...application.attempts import RefusedAttempt

MOST_ATTEMPTS = 1_000
"""Attempts of one subject that are listed, the latest."""
_EXPECTED = "the place that fieldline serve --attempts, or an application, keeps them in"

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
        self._database = _database(str(place), may_create=True)
        with self._database.transaction() as connection:
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
        with self._database.transaction() as connection:
            connection.execute(delete(_ATTEMPTS).where(_ATTEMPTS.c.expires < rows[0]["at"]))
            connection.execute(insert(_ATTEMPTS), rows)


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
    database = _database(place, may_create=False)
    with database.transaction() as connection:
        if not inspect(connection).has_table(_ATTEMPTS.name):
            raise Unreadable(f"{database.name} holds no attempts", _EXPECTED)
        yield connection


def _database(place: str, *, may_create: bool) -> OwnDatabase:
    return OwnDatabase(place, keeps="attempts", expected=_EXPECTED, may_create=may_create)


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
