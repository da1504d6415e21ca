"""The files of an estate's folder, and whether one has changed that matters."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeAlias

from ..estate.layout import estate_root

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

FileStamps: TypeAlias = "Mapping[str, tuple[int, int]]"
"""By the name of a file, relative to the folder, its time (ns) and its size."""

_CONTRACTS = (".yaml", ".yml")


def file_stamps(folder: Path) -> FileStamps:
    """Every file below, or a snapshot's own; hidden folders hold no contracts."""
    root = estate_root(folder)
    if root.is_file():
        about = root.stat()
        return {root.name: (about.st_mtime_ns, about.st_size)}
    stamps: dict[str, tuple[int, int]] = {}
    for where, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = os.path.join(where, name)  # noqa: PTH118 - many files are examined, again and again
            try:
                about = os.stat(path)  # noqa: PTH116
            except OSError:
                continue  # deleted in this moment
            stamps[os.path.relpath(path, root).replace(os.sep, "/")] = (about.st_mtime_ns, about.st_size)
    return stamps


def has_changed(before: FileStamps, now: FileStamps, read: Collection[str] | None) -> bool:
    """Whether an estate may be another one.

    `read`: the files that it was read from; None: all count. A file of records that lies beside the contracts may change
    every second, and changes no contract; a new YAML file may be one.
    """
    if read is None or len(before) == 1:
        return before != now
    kept = {name for name in before.keys() | now.keys() if name in read or name.endswith(_CONTRACTS)}
    return any(before.get(name) != now.get(name) for name in kept)
