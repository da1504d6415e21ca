"""Bad rows as files. A CSV cell that a spreadsheet would read as a formula gets a leading apostrophe (OWASP)."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, TypeAlias

from ..checker.diff.stored_rows import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import polars as pl


RejectedRows: TypeAlias = "pl.LazyFrame"
"""The rejected rows, each with its number and every reason."""


def _csv(rows: RejectedRows, file: Path) -> None:
    import polars as pl

    texts = [name for name, kind in rows.collect_schema().items() if isinstance(kind, pl.String)]
    harmless = [
        pl.when(pl.col(name).str.contains(r"\A[=+\-@\t\r\n]"))
        .then(pl.lit("'") + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name in texts
    ]
    rows.with_columns(harmless).sink_csv(file)


def write_rejected(rows: RejectedRows, file: Path, ending: str) -> None:
    """Write the rows in the format of an ending. Raises OSError with its number where the system refuses, and Unreadable.

    polars' own messages are dropped: they quote values.
    """
    import polars as pl

    try:
        SINKS[ending](rows, file)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        refused = _OS_ERROR.search(str(error))
        if refused is None:
            raise Unreadable(f"the bad rows cannot be written ({type(error).__name__})") from None
        number = int(refused[1] or refused[2])
        raise OSError(number, os.strerror(number), str(file)) from None


_OS_ERROR = re.compile(r"\(os error ([0-9]+)\)|\A\[Errno ([0-9]+)\]")
"""The number of an error of the system in a message of polars, or of Python."""


SINKS: Mapping[str, Callable[[RejectedRows, Path], None]] = {
    ".csv": _csv,
    ".parquet": lambda rows, file: rows.sink_parquet(file),
    ".ndjson": lambda rows, file: rows.sink_ndjson(file),
}
"""By the ending of the file."""
