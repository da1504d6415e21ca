"""The desk's database: opened, and brought to the form that this version reads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import text

from ..checker.diff.stored_rows import Unreadable
from ..rows.durable import OwnDatabase

if TYPE_CHECKING:
    from sqlalchemy import Connection

_KEEPS = "cases"
_EXPECTED = "the place that fieldline serve --cases keeps them in"
_LOCK = 0x6669656C  # of PostgreSQL: whoever migrates at the same time waits
_NEWEST = "head"


def open_desk_database(place: str, revision: str = _NEWEST) -> OwnDatabase:
    """The database at a place, which is made where it is not there yet; older ones are migrated.

    `place`: the file of an SQLite database, or `env:VARIABLE` with the URL of a PostgreSQL. `revision`: how far to
    migrate. Raises Unreadable: it cannot be opened, or was made by a newer version.
    """
    database = OwnDatabase(place, keeps=_KEEPS, expected=_EXPECTED, may_create=True)
    with database.transaction() as connection:
        _migrate(connection, database.name, revision)
    return database


def _migrate(connection: Connection, name: str, revision: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError:
        raise Unreadable(
            f"the cases in {name} are of a newer version of Fieldline", "that version, or a later"
        ) from None
