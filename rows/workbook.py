"""The first sheets of workbooks as Parquet, unpacked in a process of its own that may take so much memory and no more.

A small file may hold a very large sheet: its parts are compressed, one text may stand in every cell, and a reader makes
room for every cell up to the last one that is named (ECMA-376, part 1, 18). What becomes too large ends that process.
"""

from __future__ import annotations

import os
import sys
import zipfile
from contextlib import suppress
from multiprocessing import get_context
from typing import TYPE_CHECKING

from ..checker.diff.stored_rows import Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MOST_UNPACKED = 2**30
"""Bytes of the XML parts of a workbook, unpacked: they take time, if no memory."""
MOST_MEMORY = 2 * 2**30
"""Bytes of memory that the reading of a workbook may take, where the system limits a process."""
_TOO_LARGE, _DAMAGED = 3, 4
_SMALLER = "a smaller sheet; or CSV or Parquet, which are read in parts"


def write_first_sheets(files: Sequence[Path], folder: Path) -> list[Path]:
    """The first sheet of each workbook as a Parquet file, under its own name in a folder of its own. Raises Unreadable."""
    for file in files:
        _check_unpacked(file)
    written = [folder / f"{place:06}" / file.name for place, file in enumerate(files)]
    pairs = [(str(file), str(target)) for file, target in zip(files, written, strict=True)]
    process = get_context("spawn").Process(target=_write, args=(pairs, MOST_MEMORY))
    process.start()
    process.join()
    if process.exitcode:
        culprit = next(file for file, target in zip(files, written, strict=True) if not target.exists())
        if process.exitcode == _DAMAGED:
            raise Unreadable(f"{culprit.name} cannot be read", "a workbook of Excel, with rows in its first sheet")
        limit = f"{MOST_MEMORY / 2**30:g} GiB of memory"
        raise Unreadable(f"{culprit.name} takes more than {limit} when it is read", _SMALLER)
    return written


def _check_unpacked(file: Path) -> None:
    try:
        with zipfile.ZipFile(file) as parts:
            unpacked = sum(part.file_size for part in parts.infolist() if part.filename.lower().endswith(".xml"))
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise Unreadable(f"{file.name} cannot be read", "a workbook of Excel") from None
    if unpacked > MOST_UNPACKED:
        raise Unreadable(f"{file.name} has more than {MOST_UNPACKED:,} bytes when it is unpacked", _SMALLER)


def _write(pairs: Sequence[tuple[str, str]], most_bytes: int) -> None:
    """In the process of its own. Its exit code says what went wrong; what libraries say quotes values."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    _limit_memory(most_bytes)
    import polars as pl

    try:
        for file, target in pairs:
            os.mkdir(os.path.dirname(target))  # noqa: PTH102, PTH120 - the names of two files
            part = f"{target}.part"
            pl.read_excel(file, infer_schema_length=None).write_parquet(part)
            os.replace(part, target)  # noqa: PTH105
    except MemoryError:
        sys.exit(_TOO_LARGE)
    except BaseException:  # noqa: BLE001 - of a damaged file, the libraries raise what they like, panics among it
        sys.exit(_DAMAGED)


def _limit_memory(most_bytes: int) -> None:
    with suppress(ImportError, ValueError, OSError):  # not every system limits a process
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, most_bytes))
