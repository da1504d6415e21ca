"""The login service, which answers over HTTP."""

from __future__ import annotations

import json
import sqlite3
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from pathlib import Path


class LoginService(ThreadingHTTPServer):
    """Answers GET /accounts/NUMBER from a SQLite file."""

    daemon_threads = True

    def __init__(self, database: Path, port: int = 0) -> None:
        """Port 0: any that is free."""
        super().__init__(("127.0.0.1", port), _Account)
        self.database = f"{database.resolve().as_uri()}?mode=ro"

    @property
    def address(self) -> str:
        """What all paths begin with."""
        return f"http://127.0.0.1:{self.server_port}"


class _Account(BaseHTTPRequestHandler):
    server: LoginService

    def do_GET(self) -> None:
        database = sqlite3.connect(self.server.database, uri=True)
        key = unquote(self.path.removeprefix("/accounts/"))
        row = database.execute(
            "SELECT user_id, email, changed_at FROM account WHERE customer_no = ?", (key,)
        ).fetchone()
        database.close()
        account = row and {"customer_no": key, "user_id": row[0], "contact": {"email": row[1]}, "changed_at": row[2]}
        body = json.dumps({"account": account}).encode()
        self.send_response(200 if row else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""
