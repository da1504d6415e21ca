"""An estate as it is on disk now: read again after one of its files has changed."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..application.library import Entry, LoadedEstate
from ..checker.requirement.screen import UnknownEntry
from ..checker.verdict.overview import overview_of
from ..documents.problem import EstateError
from ..documents.variables import NO_VARIABLES
from ..estate.layout import estate_root
from ..estate.load import load_estate
from ..reports.site.site import Frame, site_files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ..application.attempts import AttemptKeeper
    from ..documents.problem import Problem
    from ..documents.variables import Variables
    from ..estate.load import Estate

_MORE = (("trace", "Trace a value"),)
"""Links that only a server has: (address, title)."""

_Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading the files: an estate with its pages, or the problems that keep it from being read."""

    frame: Frame
    estate: Estate | None = None
    pages: Mapping[str, str] = field(default_factory=dict)
    """By their names, as `docs` writes them."""
    problems: Sequence[Problem] = ()
    attempts: AttemptKeeper | None = None
    """Keeps the records that are refused; None: they are forgotten."""
    _entries: dict[str, Entry] = field(default_factory=dict)

    def entry(self, name: str) -> Entry:
        """One of its entries, compiled at first use. Raises UnknownEntry."""
        if self.estate is None:
            raise UnknownEntry(name, ())
        entry = self._entries.get(name)
        if entry is None:
            entry = self._entries[name] = LoadedEstate(self.estate).entry(name)
        return entry


class Current:
    """Reads a folder again whenever it has changed. Of one thread."""

    def __init__(
        self, folder: Path, variables: Variables = NO_VARIABLES, attempts: AttemptKeeper | None = None
    ) -> None:
        self._folder = folder
        self._attempts = attempts
        self._variables = variables
        self._stamp: _Stamp | None = None
        self._reading: Reading | None = None

    def reading(self) -> Reading:
        """The result of reading the files as they are now."""
        stamp = _stamp(self._folder)
        if self._reading is None or stamp != self._stamp:
            self._reading = replace(_read(self._folder, self._variables), attempts=self._attempts)
            self._stamp = stamp
        return self._reading


def _read(folder: Path, variables: Variables) -> Reading:
    try:
        estate = load_estate(folder, variables=variables)
    except EstateError as error:
        return Reading(_frame("Fieldline"), problems=error.problems)
    frame = _frame(estate.title or estate.name)
    return Reading(frame, estate, site_files(overview_of(estate), frame))


def _frame(title: str) -> Frame:
    return Frame(title, [__package__ or ""], _MORE)


def _stamp(folder: Path) -> _Stamp:
    """Every file below with its time and size, or a snapshot's own; hidden folders hold no contracts."""
    stamp: list[tuple[str, int, int]] = []
    root = estate_root(folder)
    if root.is_file():
        about = root.stat()
        return ((str(root), about.st_mtime_ns, about.st_size),)
    for where, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = os.path.join(where, name)  # noqa: PTH118 - many files are examined for every page
            try:
                about = os.stat(path)  # noqa: PTH116
            except OSError:
                continue  # deleted in this moment
            stamp.append((path, about.st_mtime_ns, about.st_size))
    return tuple(stamp)
