"""A server of the test's own, as a process, and questions to it."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

FORM, RECORD = "application/x-www-form-urlencoded", "application/json"

RUN = """
import socket, sys
from pathlib import Path
from fieldline.web.limits import Limits
from fieldline.web.server import run_server

listening = socket.create_server((sys.argv[2], 0), family=socket.AF_INET6 if ":" in sys.argv[2] else socket.AF_INET)
host, port = listening.getsockname()[:2]
print(f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/", file=sys.stderr)
run_server(Path(sys.argv[1]), listening, limits=Limits(**eval(sys.argv[3])))
"""


@dataclass
class Server:
    address: str
    folder: Path
    process: "subprocess.Popen[str]"

    def ask(
        self, path: str = "", data: dict[str, str] | bytes | None = None, method: str | None = None, **headers: str
    ) -> tuple[int, str, Mapping[str, str]]:
        """The status, the text, the headers."""
        place = urlsplit(self.address)
        body = urlencode(data).encode() if isinstance(data, dict) else data
        kind = {} if body is None else {"Content-Type": FORM if path == "trace" else RECORD}
        method = method or ("GET" if body is None else "POST")
        with closing(HTTPConnection(place.hostname or "", place.port, timeout=30)) as connection:
            connection.request(method, f"/{path}", body, kind | headers)
            response = connection.getresponse()
            return response.status, response.read().decode("utf-8"), response.headers

    def fetch(self, path: str = "", data: dict[str, str] | bytes | None = None, **headers: str) -> tuple[int, str]:
        return self.ask(path, data, None, **headers)[:2]

    def await_worker(self) -> None:
        """Wait until a worker has read the estate, and its pages are judged, if they can be."""
        while re.search("not answered within|still being read", self.fetch("trace")[1]):
            pass
        while "still being judged" in self.fetch("index.html")[1] or self.judging:
            pass

    def connect(self) -> socket.socket:
        """A plain connection."""
        place = urlsplit(self.address)
        return socket.create_connection((place.hostname, place.port or 0), timeout=30)

    @property
    def workers(self) -> list[int]:
        """The processes that answer, by their numbers."""
        return [
            pid
            for pid in map(int, filter(str.isdecimal, (entry.name for entry in Path("/proc").iterdir())))
            if self._is_worker(pid)
        ]

    @property
    def judging(self) -> list[int]:
        """Those of them that judge the whole estate: whoever waits for an answer comes before them."""
        return [
            pid for pid in self.workers if os.getpriority(os.PRIO_PROCESS, pid) > os.getpriority(os.PRIO_PROCESS, 0)
        ]

    def _is_worker(self, pid: int) -> bool:
        try:
            status = Path(f"/proc/{pid}/status").read_text()
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False
        return f"PPid:\t{self.process.pid}\n" in status and b"spawn_main" in command

    def told(self) -> str:
        """What it has written to standard error, once it has ended."""
        assert self.process.stderr is not None
        return self.process.stderr.read()


@contextmanager
def served(folder: Path, command: list[str]) -> Iterator[Server]:
    """A running server, whose first line says where it listens."""
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=dict(os.environ)) as process:
        try:
            assert process.stderr is not None
            told = process.stderr.readline()
            address = re.search(r"http://\S+/", told)
            assert address, told
            yield Server(address[0], folder, process)
        finally:
            if process.poll() is None:
                process.kill()


@contextmanager
def limited(folder: Path, host: str = "127.0.0.1", **limits: float) -> Iterator[Server]:
    """A running server with limits of its own, whose first worker has read the estate, if it can."""
    with served(folder, [sys.executable, "-c", RUN, str(folder), host, repr(limits)]) as server:
        server.await_worker()
        yield server
