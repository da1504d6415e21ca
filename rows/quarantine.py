"""Bad rows as files. A CSV cell that a spreadsheet would read as a formula gets a leading apostrophe (OWASP)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

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


SINKS: Mapping[str, Callable[[RejectedRows, Path], None]] = {
    ".csv": _csv,
    ".parquet": lambda rows, file: rows.sink_parquet(file),
    ".ndjson": lambda rows, file: rows.sink_ndjson(file),
}
"""By the ending of the file."""
