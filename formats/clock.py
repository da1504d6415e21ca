"""A clock on every wait for a database: at its end the connection is cut, and the driver's call ends with an error.

Settings such as statement_timeout ask the server to give up. A server that has fallen silent does not hear them, and some
drivers then wait without end.
"""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager, suppress
from threading import Timer
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

DriverConnection: TypeAlias = Any
"""A connection of any driver of PEP 249."""


class Clock:
    """The one clock of one connection."""

    def __init__(self, connection: DriverConnection) -> None:
        self._connection = connection
        self._timer: Timer | None = None

    def start(self, seconds: float) -> None:
        """From now on, the connection has so many seconds."""
        self.stop()
        self._timer = Timer(seconds, cut, [self._connection])
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        """The answer is here."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """The block has so many seconds."""
        self.start(seconds)
        try:
            yield
        finally:
            self.stop()


def cut(connection: DriverConnection) -> None:
    """End what a connection waits for, from another thread."""
    with suppress(Exception):  # it has ended in this moment
        if hasattr(connection, "interrupt"):  # SQLite, DuckDB: in this process
            connection.interrupt()
            return
        with socket.socket(fileno=os.dup(_descriptor(connection))) as line:
            line.shutdown(socket.SHUT_RDWR)


def keep_alive(connection: DriverConnection, seconds: int) -> None:
    """Let the operating system notice within so many seconds that the other machine is gone."""
    settings = {"TCP_KEEPIDLE": seconds // 3, "TCP_KEEPINTVL": seconds // 6, "TCP_KEEPCNT": 4}
    settings["TCP_USER_TIMEOUT"] = seconds * 1000
    with suppress(OSError), socket.socket(fileno=os.dup(_descriptor(connection))) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in settings.items():
            if hasattr(socket, name):
                line.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), max(1, value))


def _descriptor(connection: DriverConnection) -> int:
    """The descriptor of its socket. PyMySQL has no public name for it."""
    line = getattr(connection, "_sock", None)
    return int(connection.fileno() if line is None else line.fileno())
