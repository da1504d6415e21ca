"""A bank whose stores are filled, its desk as a process of its own, and people who sit at it."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from ...rows.stores.bank_law import bank_part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

CUSTOMERS = 70
PROXY_HEADERS = {"user": "X-User", "groups": "X-Groups"}


@dataclass
class DeskServer:
    """A running desk."""

    address: str
    folder: Path
    """The estate's."""
    truths: Mapping[str, Mapping[str, Any]]
    """What was planted, by the customer's number."""
    process: subprocess.Popen[str]
    link: str = ""
    """The link that signs in once."""

    def customer(self, kind: str, place: int = 0) -> str:
        """The number of a customer with a kind of fault."""
        return [number for number, truth in self.truths.items() if truth["kind"] == kind][place]

    def database(self, system: str) -> sqlite3.Connection:
        """The store of a system."""
        return sqlite3.connect(self.folder / "data" / f"{system}.db")

    def ask(
        self, path: str, form: Mapping[str, str] | str | None = None, method: str | None = None, **headers: str
    ) -> tuple[int, str, Mapping[str, str]]:
        """The status, the text, the headers; a text is sent as JSON. Nothing is followed."""
        place = urlsplit(self.address)
        body = form if form is None or isinstance(form, str) else urlencode(form)
        is_json = isinstance(form, str)
        media = "application/json" if is_json else "application/x-www-form-urlencoded"
        kind = {} if form is None else {"Content-Type": media}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(HTTPConnection(place.hostname or "", place.port, timeout=60)) as connection:
            connection.request(
                method or ("GET" if form is None else "POST"), path, body and body.encode(), kind | named
            )
            response = connection.getresponse()
            return response.status, response.read().decode("utf-8"), response.headers


@contextmanager
def filled_bank(root: Path, folder: Path, planted: int = 2) -> Iterator[tuple[Path, dict[str, str]]]:
    """The estate's folder with filled stores, and the variables that name them."""
    example = root / "examples" / "nordbank_desk"
    for name in ("contracts", "lineage", "rules"):
        shutil.copytree(example / name, folder / name)
    shutil.copy(example / "fieldline.yaml", folder)
    for contract in (folder / "contracts").glob("*.yaml"):  # a machine that is busy is no store that does not answer
        text = contract.read_text(encoding="utf-8")
        text = re.sub(r"store: \{(?=\w)", "store: {seconds: 20, ", text).replace(
            "store:\n", "store:\n      seconds: 20\n"
        )
        contract.write_text(text, encoding="utf-8")
    variables = bank_part(example, "stores").build(folder / "data", CUSTOMERS, planted, 7, datetime.now(UTC)).variables
    with bank_part(example, "service").LoginService(folder / "data" / "iam.db") as service:
        thread = Thread(target=service.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield folder, {**variables, "IAM_API": service.address}
        finally:
            service.shutdown()
            thread.join()


@contextmanager
def running_desk(folder: Path, variables: Mapping[str, str], settings: str, *words: str) -> Iterator[DeskServer]:
    """A desk with settings of its own; `{port}` in them is the one that it listens at."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    file = folder.parent / f"desk-{port}.yaml"
    file.write_text(settings.format(port=port), encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "fieldline",
        "serve",
        str(folder),
        "--port",
        str(port),
        "--desk",
        str(file),
        *words,
    ]
    environment = {**os.environ, **variables}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stderr is not None
            told = process.stderr.readline()
            found = re.search(r"http://\S+?(?=/ )", told)
            assert found, told + process.stderr.read()
            truths = json.loads((folder / "data" / "truth.json").read_text(encoding="utf-8"))
            server = DeskServer(f"http://127.0.0.1:{port}", folder, truths, process)
            if "link" in settings:
                link = re.search(r"http://\S+", process.stderr.readline())
                assert link
                server.link = link[0]
            while server.ask("/healthz")[0] != 200:
                pass
            yield server
        finally:
            process.terminate()
            process.wait(20)
