"""Which records of a file may hold a value: found by hashes, in one state of the file. No value is kept."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from time import time
from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    import os
    from collections.abc import Collection

MOST_PLACES: Final = 100
"""Where more records may hold a value, the file is read whole."""
MOST_INDEX_BYTES: Final = 256 * 2**20
"""What the indexes of one file may take; what would need more is looked for in the whole file."""
SETTLED_SECONDS = 2
"""A file that was written since may be written again under the same times: file systems count them in steps as long."""


@dataclass(frozen=True, slots=True)
class FileState:
    """What tells one content of a file from another without reading it."""

    device: int
    inode: int
    size: int
    """In bytes."""
    written: int
    """The time of its last writing, in nanoseconds."""
    changed: int
    """The time of its last change of any kind, in nanoseconds: nobody sets it back."""

    @property
    def is_settled(self) -> bool:
        """Whether another content would have another state."""
        return max(self.written, self.changed) / 1e9 < time() - SETTLED_SECONDS


def file_state(found: os.stat_result) -> FileState:
    """The state of a file that was looked at."""
    return FileState(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


class ValueIndex:
    """The numbers of records by a hash of what they hold, ascending: 12 bytes a record."""

    BYTES = 12

    def __init__(self, hashes: pl.Series) -> None:
        """`hashes`: one for each record, in the order of the file; null: of nothing that is looked for."""
        frame = pl.DataFrame({"hash": hashes}).with_row_index("record").drop_nulls().sort("hash")
        self._hashes, self._records = frame["hash"], frame["record"]

    def records(self, hashes: Collection[int]) -> list[int] | None:
        """The numbers of the records with one of some hashes, from 0; None: of more than MOST_PLACES."""
        found: set[int] = set()
        for each in hashes:
            first = bisect_left(self._hashes, each)
            last = bisect_right(self._hashes, each, first)
            if last - first > MOST_PLACES:
                return None
            found.update(self._records[first:last])
        return sorted(found) if len(found) <= MOST_PLACES else None
