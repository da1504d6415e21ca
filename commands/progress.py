"""A progress bar on a terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .writing import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..rows.sources import Progress


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Show on a terminal the file or table that is read, and its number of rows so far; elsewhere show nothing."""
    from ..rows.sources import silent

    if not sys.stderr or not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.fields[rows]}"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Reading the estate", total=None, rows="")

        def progress(what: str, done: int, total: int | None) -> None:
            rows = "" if not done else f"{done:,} rows" if total is None else f"{done:,} of {total:,} rows"
            bar.update(task, description=f"Reading {plain(what)}", completed=done, total=total, rows=rows)

        yield progress
