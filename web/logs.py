"""Logs as lines of JSON, for whoever collects them: what happened, never to whom.

{"time": "2026-11-30T14:02:11.313+00:00", "level": "info", "event": "answered", "route": "/desk/cases/{number}",
 "method": "GET", "status": 200, "ms": 41.3}

A route stands in place of an address, and nobody's name, key or text in any line. Workers are processes of their own, so
an environment variable says it to all.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

LOG_FORMAT = "FIELDLINE_LOG_FORMAT"
"""The environment variable that holds the format."""
LogFormat: TypeAlias = Literal["text", "json"]
_REQUESTS = logging.getLogger("fieldline.requests")


class JsonLines(logging.Formatter):
    """A record of a log as one line of JSON, in ASCII: no text of anybody breaks a line."""

    def format(self, record: logging.LogRecord) -> str:
        facts: Mapping[str, object] = getattr(record, "facts", {})
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **facts,
        }
        if record.exc_info and record.exc_info[0] is not None:  # its message may hold a value
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line)


def writes_json() -> bool:
    """Whether logs are lines of JSON."""
    return os.environ.get(LOG_FORMAT) == "json"


def set_up_logs() -> None:
    """Write this process's logs to standard error as they are asked for; as text, nothing is changed."""
    if not writes_json():
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.getLogger().handlers[:] = [handler]
    logging.getLogger("fieldline").setLevel(logging.INFO)


def log_request(route: str, method: str, status: int, seconds: float) -> None:
    """A request was answered. As text nothing is said of it."""
    facts = {"route": route, "method": method, "status": status, "ms": round(seconds * 1000, 1)}
    _REQUESTS.info("answered", extra={"facts": facts})
