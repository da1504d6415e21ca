"""Why a database cannot be read, in sentences of our own: what drivers say repeats parts of passwords, and values.

What went wrong is told by SQLSTATE, or else by the driver's own number, never by the words of a message, which are in the
server's language. Sources: PostgreSQL 15, appendix A; MySQL 8.4 error reference; SQLite, result codes.
"""

from __future__ import annotations

import os
import re
import select
import socket
import ssl
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from ..values.error import FieldlineError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .address import DatabaseAddress

LOGIN = "rejects the user or the password"
NO_PASSWORD = "asks for a password, and the URL holds none"  # noqa: S105 - a sentence
NO_DATABASE = "has no database of the name in the URL"
FORBIDDEN = "does not permit the user to read this"
CLOSED = "cannot be reached: nothing listens at the host and port of the URL"
NO_HOST = "cannot be reached: the name of the host in the URL is not known"
TLS = "cannot be reached: no TLS connection of the kind that the URL asks for comes about"
SILENT = "gives no answer in time"
LOST = "ended the connection before the answer was complete"
BUSY = "takes no more connections at present"
LOCKED = "is locked by another process, which writes to it"
STARTING = "is starting or stopping"
NO_TABLE = "lacks a table or a column that was asked for"
NO_FILE = "cannot be opened: there is no such file, or it may not be read"
NOT_ITS_FILE = "is a file of another kind, or a damaged one"
OTHER = "cannot be read"

_STATES: Mapping[str, str] = {
    "28P01": LOGIN,
    "28000": LOGIN,
    "3D000": NO_DATABASE,
    "42501": FORBIDDEN,
    "42P01": NO_TABLE,
    "42703": NO_TABLE,
    "57014": SILENT,
    "53300": BUSY,
    "57P01": LOST,
    "57P02": LOST,
    "57P03": STARTING,
}
"""By SQLSTATE; of one that is not here, by its first two characters."""
_CLASSES: Mapping[str, str] = {"08": LOST, "28": LOGIN, "57": LOST}
_MYSQL: Mapping[int, str] = {
    1044: FORBIDDEN,
    1045: LOGIN,
    1698: LOGIN,
    1049: NO_DATABASE,
    1142: FORBIDDEN,
    1143: FORBIDDEN,
    1146: NO_TABLE,
    1054: NO_TABLE,
    1040: BUSY,
    1203: BUSY,
    1053: STARTING,
    1317: SILENT,
    1969: SILENT,
    3024: SILENT,
    2006: LOST,
    2013: LOST,
    2026: TLS,
}
_ORACLE: Mapping[int, str] = {
    1017: LOGIN,
    1005: LOGIN,
    28000: LOGIN,
    942: NO_TABLE,
    904: NO_TABLE,
    1031: FORBIDDEN,
    12505: NO_DATABASE,
    12514: NO_DATABASE,
    12541: CLOSED,
    12170: SILENT,
    1013: SILENT,
    3113: LOST,
    3135: LOST,
    1033: STARTING,
    1034: STARTING,
}
"""Oracle Database 19c, error messages (ORA)."""
_SQLSERVER: Mapping[int, str] = {
    18456: LOGIN,
    4060: NO_DATABASE,
    208: NO_TABLE,
    207: NO_TABLE,
    229: FORBIDDEN,
    230: FORBIDDEN,
    20003: SILENT,
    20009: CLOSED,
    20006: LOST,
    20047: LOST,
}
"""SQL Server 2022, database engine events and errors; from 20000 on, FreeTDS (sybdb.h)."""
_SQLITE: Mapping[int, str] = {
    1: NO_TABLE,
    3: FORBIDDEN,
    5: LOCKED,
    6: LOCKED,
    11: NOT_ITS_FILE,
    14: NO_FILE,
    26: NOT_ITS_FILE,
}
_DUCKDB_MAGIC = slice(8, 12), b"DUCK"
"""Where it stands in a file, and what it is (DuckDB, "Storage Versions and Format")."""
_REFUSED = re.compile(r'\tErrorResponse\t S "[^"]*" V "[^"]*" C "([0-9A-Z]{5})"')
"""An answer of a server's, in a trace of libpq's (PostgreSQL 15, 34.12)."""


class DatabaseFailure(FieldlineError):
    """A database cannot be read. The message names its variable and scheme, and nothing else of it."""

    def __init__(self, address: DatabaseAddress, sentence: str, expected: str | None = None) -> None:
        super().__init__(f"{address} {sentence}")
        self.message = f"{address} {sentence}"
        self.expected = expected


def database_failure(address: DatabaseAddress, error: Exception, seconds: int) -> DatabaseFailure:
    """The failure that a driver's exception stands for; `seconds`: how long an answer may take."""
    sentence = _sentence(address, error, seconds)
    return DatabaseFailure(address, sentence, f"an answer within {seconds} seconds" if sentence == SILENT else None)


def _sentence(address: DatabaseAddress, error: Exception, seconds: int) -> str:
    own: Any = getattr(error, "orig", None) or error
    state = getattr(own, "sqlstate", None)
    if isinstance(state, str) and address.scheme == "postgresql":  # of MySQL the number says more
        return _by_state(state)
    if isinstance(own, OSError):
        return _by_system(own)
    number = getattr(own, "sqlite_errorcode", None)
    if isinstance(number, int):
        return _SQLITE.get(number & 0xFF, OTHER)
    match address.scheme:
        case "postgresql" if type(own).__name__ == "ConnectionTimeout":
            return SILENT
        case "postgresql" if type(own).__name__ == "OperationalError" and getattr(own, "pgconn", None) is not None:
            return _asked_again(address, seconds)
        case "postgresql" if type(own).__name__ == "OperationalError":
            return _by_socket(address.url.host, address.url.port or 5432, seconds)
        case "mysql" | "mariadb":
            return _by_number(own)
        case "oracle":
            number = getattr(own.args[0] if own.args else None, "code", None)
            return (_ORACLE.get(number) if isinstance(number, int) else None) or OTHER
        case "mssql":
            number = own.args[0] if own.args else None
            number = number[0] if isinstance(number, tuple) and number else number
            return (_SQLSERVER.get(number) if isinstance(number, int) else None) or OTHER
        case "duckdb" if type(own).__name__ == "InterruptException":  # by our own clock
            return SILENT
        case "duckdb" if type(own).__name__ in {"IOException", "PermissionException"}:
            return _by_file(Path(address.url.database or ""))
        case _:
            return OTHER


def _by_state(state: str) -> str:
    return _STATES.get(state) or _CLASSES.get(state[:2]) or f"{OTHER} (SQLSTATE {state})"


def _by_system(error: OSError) -> str:
    match error:
        case ssl.SSLError():
            return TLS
        case socket.gaierror():
            return NO_HOST
        case TimeoutError():
            return SILENT
        case ConnectionRefusedError() | FileNotFoundError():
            return CLOSED
        case ConnectionError():
            return LOST
        case _:
            return f"cannot be reached (error {error.errno})" if error.errno else OTHER


def _by_number(error: Any) -> str:  # noqa: ANN401 - a driver's
    number = error.args[0] if error.args else None
    reason = getattr(error, "original_exception", None)
    if isinstance(reason, OSError):
        return _by_system(reason)
    if not isinstance(number, int):
        return OTHER
    return _MYSQL.get(number) or f"{OTHER} (error {number})"


def _by_file(path: Path) -> str:
    """Why DuckDB cannot read a file, as the system and the file tell it: DuckDB's errors have no numbers."""
    try:
        with path.open("rb") as file:
            place, magic = _DUCKDB_MAGIC
            if file.read(place.stop)[place] != magic:
                return NOT_ITS_FILE
            with suppress(ImportError):  # Windows: a locked file cannot be opened either
                import fcntl

                fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return LOCKED
    except OSError:
        return NO_FILE
    return OTHER


def _by_socket(host: str | None, port: int, seconds: int) -> str:
    """Why no server was reached, as the system's own sockets tell it."""
    if not host or host.startswith("/"):
        return CLOSED
    try:
        with socket.create_connection((host, port), timeout=seconds):
            return LOST
    except (OSError, UnicodeError) as error:
        return _by_system(error) if isinstance(error, OSError) else NO_HOST


def _asked_again(address: DatabaseAddress, seconds: int) -> str:
    """Why PostgreSQL accepts no connection. Its driver drops the SQLSTATE: libpq's trace of a second try has it.

    The trace is kept in memory and goes nowhere.
    """
    from psycopg import pq
    from psycopg.conninfo import make_conninfo

    _, options = address.url.get_dialect()().create_connect_args(address.url)
    trace, connection = b"", None
    with suppress(Exception):  # where libpq cannot trace, or not in memory, the reason stays unknown
        connection = pq.PGconn.connect_start(make_conninfo("", **options).encode())
        host, port = os.fsdecode(connection.host), int(connection.port or 5432)
        trace = _traced(connection, seconds)
    if connection is None:
        return OTHER
    needs_password = connection.needs_password
    connection.finish()
    states = _REFUSED.findall(trace.decode("utf-8", "replace"))
    if states:
        return _by_state(states[-1])
    if needs_password:
        return NO_PASSWORD
    messages = [line.split(b"\t")[3] for line in trace.splitlines() if line.count(b"\t") >= 3]
    if messages and messages[-1] in {b"SSLRequest", b"SSLResponse"}:
        return TLS
    return LOST if messages else _by_socket(host, port, seconds)


def _traced(connection: Any, seconds: int) -> bytes:  # noqa: ANN401 - psycopg has several classes of it
    """Connect, and return the trace of what went to and fro."""
    from psycopg.pq import PollingStatus

    ends = monotonic() + seconds
    file = os.memfd_create("trace")
    try:
        connection.trace(os.dup(file))
        while (status := connection.connect_poll()) not in {PollingStatus.OK, PollingStatus.FAILED}:
            own = [connection.socket]
            reading, writing = (own, []) if status == PollingStatus.READING else ([], own)
            if not any(select.select(reading, writing, [], max(0.0, ends - monotonic()))):
                break
        connection.untrace()
        os.lseek(file, 0, os.SEEK_SET)
        return b"".join(iter(lambda: os.read(file, 1 << 16), b""))
    finally:
        os.close(file)
