"""The server: uvicorn, with limits on how long a client may take and how many wait."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from ..documents.variables import NO_VARIABLES
from .app import web_app
from .gate import is_loopback
from .limits import Limits
from .logs import writes_json

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from pathlib import Path

    from ..documents.variables import Variables
    from .desk.settings import DeskSettings
    from .kept import AttemptPlace

_HEAD_BYTES = 64 * 1024
"""Bytes of the head of a request."""


def run_server(
    folder: Path,
    listening: socket.socket,
    variables: Variables = NO_VARIABLES,
    limits: Limits | None = None,
    attempts: AttemptPlace | None = None,
    desk: DeskSettings | None = None,
    say: Callable[[str], object] = print,
) -> None:
    """Serve the estate in a folder until a signal ends it; then within a few seconds, whatever runs.

    `variables`: the environment variables that it may read besides its own. `attempts`: where refused records are kept.
    `desk`: the settings of the desk. `say`: tells whoever starts it how to sign in. Raises Unreadable where the desk's
    database cannot be opened.
    """
    limits = limits or Limits()
    if listening.family in {socket.AF_INET, socket.AF_INET6}:
        # asyncio sets it on sockets alone that name their protocol: without it the body of an answer waits for 40 ms
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    is_local = is_loopback(listening.getsockname()[0])
    config = uvicorn.Config(
        web_app(folder, limits, variables, attempts, is_local=is_local, desk=desk, say=say),
        http=_limited(limits),
        ws="none",
        log_level="error",
        access_log=False,
        log_config=None if writes_json() else uvicorn.config.LOGGING_CONFIG,
        server_header=False,
        h11_max_incomplete_event_size=_HEAD_BYTES,
        timeout_graceful_shutdown=limits.stop_seconds,
    )
    uvicorn.Server(config).run([listening])


def _limited(limits: Limits) -> type[H11Protocol]:
    """HTTP/1.1, on a connection that is closed where its client takes too long, or where too many wait."""

    class Limited(H11Protocol):
        """A connection; its one timer runs until the head of a request is here, then until the answer is sent."""

        since = 0.0
        _timer: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - a transport of asyncio's
            super().connection_made(transport)
            self.since = self.loop.time()
            self._set_timer(limits.request_seconds, self._head_is_late)
            if len(self.connections) > limits.connections:
                self._close_the_longest_waiting()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_timer()
            super().connection_lost(exc)

        def on_response_complete(self) -> None:
            self.since = self.loop.time()
            self._set_timer(limits.request_seconds, self._head_is_late)
            super().on_response_complete()

        def _head_is_late(self) -> None:
            if self.is_answering:
                self._set_timer(3 * limits.answer_seconds + limits.send_seconds, self.transport.abort)
            elif self.transport.get_write_buffer_size():
                self._set_timer(limits.send_seconds, self.transport.abort)
            else:
                self.transport.abort()

        def _set_timer(self, seconds: float, then: Callable[[], object]) -> None:
            self._stop_timer()
            self._timer = self.loop.call_later(seconds, then)

        def _stop_timer(self) -> None:
            if self._timer is not None:
                self._timer.cancel()

        @property
        def is_answering(self) -> bool:
            """Whether the head of a request is here that is not answered yet."""
            return bool(self.cycle) and not self.cycle.response_complete

        def _close_the_longest_waiting(self) -> None:
            waiting = [each for each in self.connections if isinstance(each, Limited) and not each.is_answering]
            if waiting:
                min(waiting, key=lambda each: each.since).transport.abort()

    return Limited
