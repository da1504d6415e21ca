"""What the service bears: bytes, connections, seconds. Beyond, it answers with a status that says so, or hangs up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one service. Seconds end a wait and never decide a question: the answer is then 408 or 503."""

    body_bytes: int = 256 * 1024
    """Bytes of a form or a record. Beyond: 413."""
    request_seconds: float = 10
    """Until a request has arrived: its head, then its body. Beyond: the connection is closed, or 408."""
    answer_seconds: float = 30
    """Until a worker is free, until it has read the estate, and until it has answered: then it is ended. Beyond: 503."""
    send_seconds: float = 30
    """Until a client has fetched its answer, after those for a request and a worker. Beyond: the connection is closed."""
    stop_seconds: int = 3
    """Until the server stops that was told to, whatever runs."""
    connections: int = 500
    """Open connections. Beyond: those that have waited longest without a request are closed."""
    workers: int = 2
    """Processes that answer; each answers one question at a time."""
    worker_bytes: int = 4 * 2**30
    """Memory of one worker, where the system can limit it. Beyond: 503, and the worker is ended."""
