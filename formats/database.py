"""A live database: the definitions in its catalogue, read with a time limit and without writing.

The URL comes from an environment variable alone, and only from one that somebody named for the run: so no contract holds
a password, and none connects anybody to a database they did not mean. A driver's messages are never shown, and none of its
exceptions leaves this module: they repeat parts of passwords, and values.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from functools import lru_cache
from logging import WARNING, getLogger
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..documents.shape import TEXT, Key, Keyed
from ..documents.tree import mapping
from ..documents.variables import VariableError
from ..values.error import missing_extra
from .address import DatabaseAddress
from .clock import Clock, keep_alive
from .database_failure import DatabaseFailure, database_failure
from .source import AS, KIND_OPTION, ONLY, Format

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection, Dialect, Engine

    from ..documents.problem import Problems
    from ..documents.yaml_events import MappingNode
    from .ddl.catalogue import Ask
    from .ddl.engines.engine import EngineName
    from .source import ForeignSource

URL_ENV = Key(
    "url_env",
    TEXT,
    "The environment variable that holds the database's URL: postgresql://reader:…@host/shop.",
    required=True,
)

CONNECT_SECONDS = 10
"""A database that does not answer in this time is not reachable."""
QUERY_SECONDS = 30
"""No query about a catalogue may take longer."""
SILENT_SECONDS = 30
"""A machine that confirms nothing for this time is gone, whatever a query may take."""
ROWS_SECONDS = 3600
"""Nor one that looks at all rows of a table."""
_MOST_HELD = 50_000
"""Rows of an answer that a driver may hold at a time."""


def _read(source: ForeignSource, problems: Problems) -> MappingNode:
    from .ddl.catalogue import NotReadHere
    from .ddl.cursor import CatalogueScript
    from .ddl.engines.registry import schema_script
    from .ddl.entities import entities
    from .ddl.replay import replay_script

    nothing = mapping((), source.location)
    address = _address(source, problems)
    if address is None:
        return nothing
    try:
        with _connected(address) as ask:
            engine, script = schema_script(address.scheme, ask)
    except NotReadHere:
        expected = "PostgreSQL, MySQL, MariaDB, SQLite or DuckDB; of others the script of definitions, with sql:"
        problems.add(source.location, f"{address} is of an engine whose catalogue is not read", expected=expected)
        return nothing
    except DatabaseFailure as error:
        problems.add(source.location, error.message, expected=error.expected)
        return nothing
    source.engines.append(engine.name)
    return entities(
        replay_script([CatalogueScript(script, source.location)], engine, problems), source.location, source.wants
    )


def read_views(source: ForeignSource, problems: Problems) -> tuple[EngineName, str] | None:
    """The engine of a live database, and its views as a script; None after a problem."""
    from .ddl.catalogue import NotReadHere
    from .ddl.views import view_script

    address = _address(source, problems)
    if address is None:
        return None
    try:
        with _connected(address) as ask:
            return view_script(address.scheme, ask)
    except NotReadHere:
        expected = "PostgreSQL, MySQL, MariaDB, SQLite or DuckDB; of others the script of definitions, with sql:"
        problems.add(source.location, f"{address} is of an engine whose views are not read", expected=expected)
    except DatabaseFailure as error:
        problems.add(source.location, error.message, expected=error.expected)
    return None


DATABASE_FORMAT = Format(
    Keyed("database", "The tables of a live database.", (URL_ENV, ONLY, AS, KIND_OPTION), short="url_env"),
    (),
    _read,
)


def _address(source: ForeignSource, problems: Problems) -> DatabaseAddress | None:
    variable = source.get(URL_ENV)
    if variable is None:
        return None
    try:
        return DatabaseAddress(variable, source.variables)
    except VariableError as error:
        place = source.options.where(URL_ENV.name)
        problems.add(place, error.message, expected=error.expected, suggestion=error.suggestion)
        return None


@contextmanager
def failing_as(address: DatabaseAddress, seconds: int | None = None) -> Iterator[None]:
    """In the block, whatever a driver raises becomes a DatabaseFailure, and its own words are dropped.

    Only a driver may run in the block: of anything else a bug would be hidden. `seconds`: how long an answer may take.
    """
    seconds = QUERY_SECONDS if seconds is None else seconds
    try:
        yield
    except DatabaseFailure:
        raise
    except ModuleNotFoundError as error:
        if missing_extra(error, "a database"):
            raise
        expected = "a driver that is installed, or none: postgresql://…, mysql://…"
        raise DatabaseFailure(address, f"needs a driver that is not installed ({error.name})", expected) from None
    except Exception as error:  # noqa: BLE001 - a driver raises what it likes: ValueError for a NUL, TypeError for an option
        raise database_failure(address, error, seconds) from None


@contextmanager
def read_only(address: DatabaseAddress, seconds: int | None = None) -> Iterator[Connection]:
    """A connection of SQLAlchemy's to a database, which only reads, and gives up in time. Raises DatabaseFailure.

    What runs on it belongs into `failing_as`. `seconds`: the longest that a query may take; the default is QUERY_SECONDS.
    """
    seconds = QUERY_SECONDS if seconds is None else seconds
    with failing_as(address, CONNECT_SECONDS):
        connection = _database(address, seconds).connect()
        _begin_reading(connection, address, seconds)
    try:
        yield connection
    except BaseException:
        with suppress(Exception):  # why it ends is known already
            connection.close()
        raise
    with failing_as(address, seconds):  # a connection that was lost meanwhile cannot be closed
        connection.close()


@lru_cache(maxsize=64)
def _database(address: DatabaseAddress, seconds: int) -> Engine:
    """What connects to a database, each time anew, and knows what it has compiled."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    # A connection that is closed needs no reset, and the log would hold why one failed.
    database = create_engine(
        address.url,
        poolclass=NullPool,
        pool_reset_on_return=None,
        hide_parameters=True,
        logging_name=_LOG,
        **_limits(address, seconds),
    )
    getLogger(f"sqlalchemy.engine.Engine.{_LOG}").setLevel(WARNING)
    limit_waits(database, seconds)
    return database


@contextmanager
def asking_rows(address: DatabaseAddress) -> Iterator[Ask]:
    """A function that runs a query over all rows of a table, which may take its time, and gives the rows as they come.

    One query is read to its end before the next is sent. Raises DatabaseFailure.
    """
    with _connected(address, ROWS_SECONDS, {"stream_results": True, "max_row_buffer": _MOST_HELD}) as ask:
        yield ask


@contextmanager
def _connected(
    address: DatabaseAddress, seconds: int | None = None, options: Mapping[str, object] = MappingProxyType({})
) -> Iterator[Ask]:
    """A connection that only reads, as a function that runs a query. Raises DatabaseFailure."""
    seconds = QUERY_SECONDS if seconds is None else seconds
    if address.scheme == "duckdb":
        with _duckdb(address, seconds) as ask:
            yield ask
        return
    with read_only(address, seconds) as plain:
        # Without parameters a driver leaves the percent signs of a query alone.
        connection = plain.execution_options(no_parameters=True, **options)

        def ask(query: str) -> Iterator[tuple[object, ...]]:
            with failing_as(address, seconds):
                result = connection.exec_driver_sql(query)
                clock = _clock(connection)
                try:
                    while result.returns_rows:
                        with clock.within(seconds):
                            rows = result.fetchmany(_MOST_HELD)
                        yield from map(tuple, rows)
                        if len(rows) < _MOST_HELD:
                            break
                finally:
                    with clock.within(CONNECT_SECONDS):
                        result.close()

        yield ask


def limit_waits(database: Engine, seconds: int) -> None:
    """Cut the connections of an engine that take longer than these seconds for a query, or CONNECT_SECONDS for the rest."""
    from sqlalchemy import event

    def connect(dialect: Dialect, _: object, words: Any, options: Any) -> Any:  # noqa: ANN401 - a driver's own
        if dialect.driver != "pymysql":
            return None  # the driver connects, within its own connect_timeout
        connection = dialect.loaded_dbapi.connect(*words, **options, defer_connect=True)
        with Clock(connection).within(CONNECT_SECONDS):
            connection.connect()
        keep_alive(connection, SILENT_SECONDS)
        return connection

    def connected(connection: Any, record: Any) -> None:  # noqa: ANN401 - SQLAlchemy asks its first questions now
        record.info[_CLOCK] = Clock(connection)
        start(connection, record)

    def start(_: object, record: Any, *__: object) -> None:  # noqa: ANN401
        if clock := record.info.get(_CLOCK):
            clock.start(CONNECT_SECONDS)

    def stop(_: object, record: Any, *__: object) -> None:  # noqa: ANN401
        if clock := record.info.get(_CLOCK):
            clock.stop()

    def ends(on: Connection) -> None:
        if not on.invalidated:
            _clock(on).start(CONNECT_SECONDS)

    event.listen(database, "do_connect", connect)
    event.listen(database, "connect", connected, insert=True)
    event.listen(database, "checkout", stop)
    event.listen(database, "before_cursor_execute", lambda on, *_: _clock(on).start(seconds))
    event.listen(database, "after_cursor_execute", lambda on, *_: _clock(on).stop())
    event.listen(database, "commit", ends)
    event.listen(database, "rollback", ends)
    event.listen(database, "reset", lambda on, record, _: start(on, record))  # of two arguments: deprecated
    event.listen(database, "checkin", stop)


_LOG = "fieldline"
"""Our own name in SQLAlchemy's log: at the level DEBUG it would hold every row that is read."""
_CLOCK = "clock"


def _clock(connection: Connection) -> Clock:
    """The clock of a connection whose engine has limited waits."""
    clock: Clock = connection.info[_CLOCK]
    return clock


def _limits(address: DatabaseAddress, seconds: int) -> dict[str, Any]:
    """The arguments that make a driver give up in time, and read only."""
    if address.scheme == "sqlite":
        return {"creator": lambda: _open_sqlite(address)}
    return {"connect_args": session_limits(address, seconds)}


def session_limits(address: DatabaseAddress, seconds: int) -> dict[str, str | int]:
    """The settings of a driver's connection: it gives up in time, and only reads where a setting can ensure that.

    `seconds`: the longest that a query may take.
    """
    match address.scheme:
        case "postgresql":
            own = address.url.query.get("options", "")
            options = own if isinstance(own, str) else " ".join(own)
            session = (
                f"{options} -c statement_timeout={seconds * 1000} -c default_transaction_read_only=on -c DateStyle=ISO"
                r" -c default_transaction_isolation=repeatable\ read"  # several queries see the same rows
            )
            alive = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 4}
            waits = {"connect_timeout": CONNECT_SECONDS, "tcp_user_timeout": SILENT_SECONDS * 1000}
            return {**waits, **alive, "options": session}
        case "mysql" | "mariadb":
            limits = {"connect_timeout": CONNECT_SECONDS, "read_timeout": seconds, "write_timeout": seconds}
            return limits | {"init_command": "set session transaction read only"}
        case "oracle":
            return {"tcp_connect_timeout": CONNECT_SECONDS}
        case "mssql":  # the intent to read alone is a word to the server, which may still write
            return {"login_timeout": CONNECT_SECONDS, "timeout": seconds, "read_only": True}
        case _:
            return {}


def _begin_reading(connection: Connection, address: DatabaseAddress, seconds: int) -> None:
    """What makes a session read only, or give up in time, that no setting of its driver's connection can say."""
    if address.scheme == "oracle":  # python-oracledb: of each round trip, in milliseconds; and of this transaction
        driver: Any = connection.connection.driver_connection
        driver.call_timeout = seconds * 1000
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def _open_sqlite(address: DatabaseAddress) -> Any:  # noqa: ANN401 - SQLAlchemy takes any driver's connection
    """SQLite, read only: a file that is not there is not made."""
    import sqlite3
    from pathlib import Path
    from urllib.parse import quote

    path = Path(address.url.database or "").absolute()
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=CONNECT_SECONDS)


@contextmanager
def _duckdb(address: DatabaseAddress, seconds: int) -> Iterator[Ask]:
    """DuckDB by its own module: no SQLAlchemy dialect runs on DuckDB 2. It may read no other file."""
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": "false",
        "lock_configuration": "true",
    }
    with failing_as(address):
        connection = duckdb.connect(address.url.database or "", read_only=True, config=settings)

    def ask(query: str) -> Iterator[tuple[object, ...]]:
        with failing_as(address):
            cursor = connection.cursor()
            clock = Clock(cursor)
            with clock.within(seconds):
                cursor.execute(query)
                rows = cursor.fetchmany(_MOST_HELD)
            while rows:
                yield from rows
                with clock.within(seconds):
                    rows = cursor.fetchmany(_MOST_HELD)

    with connection:
        yield ask
