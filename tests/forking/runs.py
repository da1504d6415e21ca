"""The servers of a test session, and runs of the command by them."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from .client import exit_code_of_run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = (
    "fieldline.cli",
    "fieldline.application.library",
    "fieldline.application.check",
    "fieldline.application.diff",
    "fieldline.checker.verdict.check",
    "fieldline.formats.sources",
    "fieldline.reports.render",
    "jinja2",
    "rich.console",
    "sqlglot",
)
"""What most commands read."""
AUDITS = (*COMMANDS, "great_expectations", "pandas", "sqlalchemy")
"""What an audit reads besides. Nothing that starts threads: they are not forked."""
SETTLED_AT_START = ("PYTHON", "LC_", "LANG")
"""What the names of variables begin with that an interpreter reads once, when it starts."""


@dataclass
class Server:
    """A process that is forked for every run."""

    modules: tuple[str, ...]
    _stack: ExitStack = field(default_factory=ExitStack)
    socket: str = ""

    def __enter__(self) -> Self:
        folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="forking"))
        self.socket = f"{folder}/socket"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(SETTLED_AT_START)}
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.forking.server", self.socket, *self.modules],
            cwd=ROOT,
            env=inherited | {"OPENBLAS_NUM_THREADS": "1", "PYTHONUTF8": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._stack.enter_context(process)
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.stdout.close()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()


class Runs:
    """Runs of `fieldline`, forked where that can be."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._servers: dict[tuple[str, ...], Server] = {}

    def close(self) -> None:
        """End the servers."""
        self._stack.close()

    def server(self, modules: tuple[str, ...] = COMMANDS) -> Server:
        """The server that has read some modules."""
        if modules not in self._servers:
            self._servers[modules] = self._stack.enter_context(Server(modules))
        return self._servers[modules]

    def put_command(self, folder: Path) -> Path:
        """Put `fieldline` into a folder, for a shell: it stands for a run of the server's."""
        command = folder / "fieldline"
        words = [sys.executable, "-I", "-S", str(Path(__file__).with_name("client.py")), self.server().socket]
        command.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n', encoding="utf-8")
        command.chmod(0o755)
        return command

    def run(
        self, arguments: list[str], folder: Path | None, inherited: Mapping[str, str], given: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """One run, with an environment that is inherited and given."""
        environment = {**inherited, **given}
        command = [sys.executable, "-m", "fieldline", *arguments]
        if any(name.startswith(SETTLED_AT_START) for name in given):
            return subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
            )
        server = self.server(AUDITS if arguments[:1] == ["audit"] else COMMANDS)
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, Path(os.devnull).open("rb") as nothing:
            streams = [nothing.fileno(), out.fileno(), err.fileno()]
            code = exit_code_of_run(server.socket, arguments, str(folder or Path.cwd()), environment, streams)
            printed = []
            for stream in (out, err):
                stream.seek(0)
                printed.append(stream.read().decode().replace("\r\n", "\n"))
        return subprocess.CompletedProcess(command, code, *printed)
