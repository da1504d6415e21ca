"""Where the answer of a command goes, and in which format."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import typer

from ..values.error import FieldlineError
from .exits import ExitCode
from .options import Colour
from .writing import complain, deliver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..reports.text.page import Look

_PIPE_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Output:
    """How a command writes: its answer, or the problems of its input."""

    command: str
    """The command's name."""
    form: str = "text"
    """The name of a format."""
    file: Path | None = None
    """None: standard output."""
    colour: Colour = Colour.AUTO
    estate: Path | None = None
    """The estate in question, where findings are written: CI systems name files from its repository."""

    def write(self, answer: object) -> None:
        """Write an answer; for GitHub also the summary of the job."""
        from ..reports.one_line import headline
        from ..reports.render import render

        look = _look(self.colour, sys.stdout if self.file is None else None) if self.form == "text" else None
        text = render(answer, self.form, look)
        deliver(text, self.file, "" if self.file is None else headline(answer))
        summary = os.environ.get("GITHUB_STEP_SUMMARY")
        if self.form == "github" and summary:
            with Path(summary).open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(render(answer, "markdown"))

    def write_with_losses(self, answer: object) -> None:
        """Write an answer, and to standard error a list of the constraints that the document leaves out."""
        from ..reports.render import render

        self.write(answer)
        for line in render(answer, "left").splitlines():
            complain(line)

    @contextmanager
    def reported_problems(self) -> Iterator[None]:
        """Bad input ends the command: its problems are written as an answer of their own, with exit code 2."""
        try:
            yield
        except FieldlineError as error:
            from ..application.problems import problems_answer
            from ..application.repository import folder_in_repository

            folder = folder_in_repository(self.estate) if self.estate else ""
            answer = problems_answer(error, self.command, folder)
            if answer is None:
                raise
            self.write(answer)
            raise typer.Exit(ExitCode.UNUSABLE) from None


def _look(colour: Colour, stream: TextIO | None) -> Look:
    """How a text looks on a stream; None: in a file."""
    from ..reports.text.page import Look

    on_terminal = stream is not None and stream.isatty()
    width = shutil.get_terminal_size((_PIPE_WIDTH, 24)).columns if on_terminal else _PIPE_WIDTH
    if colour is not Colour.AUTO:
        return Look(width, colour is Colour.ALWAYS)
    if os.environ.get("NO_COLOR") or stream is None:
        return Look(width)
    return Look(width, bool(os.environ.get("FORCE_COLOR")) or (on_terminal and os.environ.get("TERM") != "dumb"))
