"""The order in which the files of a migration folder run, and which of them run at all.

Read from the names alone, as the tools do: Flyway (`V2__add_email.sql`, `R__views.sql`, `U2__undo.sql`), golang-migrate and
node-pg-migrate (`000002_add_email.up.sql`, `.down.sql`), Diesel (`0002_add_email/up.sql`, `down.sql`), and everything that
begins with a number or a date. Versions are compared number by number: 2 before 10. Where Flyway's `B5__baseline.sql`
stands, no version up to 5 runs besides.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNDO = re.compile(r"(?i)(?:.*[._-](?:down|undo|rollback|revert)\.(?:sql|ddl)|down\.sql|U\d[\d._]*__.*)")
_REPEATABLE = re.compile(r"R__.*")
_BASELINE = re.compile(r"B\d[\d._]*__.*")
_FLYWAY = re.compile(r"[VB](?P<version>\d[\d._]*)__.*")


def in_order(files: Mapping[str, str]) -> dict[str, str]:
    """The files that run, in the order they run in. Files of several folders stay in the order of the folders.

    Where the files of a folder do not come sorted by name, somebody put them in order, and that stands.
    """
    folders: dict[str, list[str]] = {}
    for name in _from_baseline(files):
        folders.setdefault(name.rpartition("/")[0], []).append(name)
    return {
        name: files[name]
        for names in (folders[each] for each in _folders_in_order(folders))
        for name in (sorted(names, key=_place) if names == sorted(names) else names)
        if not _UNDO.fullmatch(_own(name))
    }


_OF_FOLDER = frozenset(("up.sql", "down.sql", "migration.sql"))
_DATED = re.compile(r"(\d[\d-]*)_.*")


def _folders_in_order(folders: Mapping[str, list[str]]) -> list[str]:
    """Diesel, Prisma: each migration is a folder, and the dashes in its date do not count.

    So `20170804200817_a` runs before `2017-09-23-191545_b`.
    """
    dates = {
        folder: (folder.rpartition("/")[0], found[1].replace("-", ""), folder)
        for folder, names in folders.items()
        if (found := _DATED.fullmatch(_own(folder))) and not _OF_FOLDER.isdisjoint(map(_own, names))
    }
    if list(dates) != sorted(dates):
        return list(folders)
    ordered = iter(sorted(dates, key=lambda folder: dates[folder]))
    return [next(ordered) if folder in dates else folder for folder in folders]


def _from_baseline(files: Mapping[str, str]) -> list[str]:
    """Without the versions that Flyway's last baseline stands for, which a new database is made from."""
    baselines = [name for name in files if _BASELINE.fullmatch(_own(name))]
    if not baselines:
        return list(files)
    last = max(baselines, key=_place)
    until = _place(last)[1]
    return [
        name
        for name in files
        if name == last or not (_FLYWAY.fullmatch(_own(name)) and (name in baselines or _place(name)[1] <= until))
    ]


def _own(name: str) -> str:
    return name.rpartition("/")[2]


def _place(name: str) -> tuple[bool, list[tuple[int, int, str]], str]:
    own = _own(name)
    versioned = _FLYWAY.fullmatch(own)
    if versioned:
        numbers = [int(part) for part in re.findall(r"\d+", versioned["version"])]
        while numbers[-1:] == [0]:
            numbers.pop()
        return False, [(0, number, "") for number in numbers], own
    parts = re.findall(r"\d+|\D+", own)
    return (
        _REPEATABLE.fullmatch(own) is not None,
        [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts],
        own,
    )
