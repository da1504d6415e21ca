"""A clock on every wait for a database: at its end the connection is cut, and the driver's call ends with an error.

Settings such as statement_timeout ask the server to give up. A server that has fallen silent does not hear them, and some
drivers then wait without end.
"""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager, suppress
from math import inf
from threading import Condition, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

DriverConnection: TypeAlias = Any
"""A connection of any driver of PEP 249."""


class Clock:
    """The one clock of one connection."""

    def __init__(self, connection: DriverConnection) -> None:
        self.connection = connection

    def start(self, seconds: float) -> None:
        """From now on, the connection has so many seconds."""
        _ALARM.set(self, monotonic() + seconds)

    def stop(self) -> None:
        """The answer is here."""
        _ALARM.clear(self)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """The block has so many seconds."""
        self.start(seconds)
        try:
            yield
        finally:
            self.stop()


class _Alarm:
    """One thread that watches all clocks of the process: most answers take less time than a thread to start."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._ends: dict[Clock, float] = {}
        """The clocks that run, with the moments at which they end."""
        self._wakes = inf
        """When the thread looks at them next, unless it is told."""
        self._thread: Thread | None = None

    def set(self, clock: Clock, end: float) -> None:
        with self._changed:
            self._ends[clock] = end
            if self._thread is None:
                self._thread = Thread(target=self._watch, daemon=True)
                self._thread.start()
            elif end < self._wakes:
                self._changed.notify()

    def clear(self, clock: Clock) -> None:
        with self._changed:
            self._ends.pop(clock, None)

    def _watch(self) -> None:
        while True:
            for clock in self._ended():
                cut(clock.connection)

    def _ended(self) -> list[Clock]:
        """The clocks that have ended, once there are some."""
        with self._changed:
            while not (ended := [clock for clock, end in self._ends.items() if end <= monotonic()]):
                self._wakes = min(self._ends.values(), default=inf)
                self._changed.wait(None if self._wakes == inf else max(0.0, self._wakes - monotonic()))
            for clock in ended:
                del self._ends[clock]
            return ended


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


_ALARM = _Alarm()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_ALARM.__init__)  # type: ignore[misc]  # no thread of the parent runs there
