"""The order in which the files of a migration folder run, and which of them run at all.

Read from the names alone, as the tools do: Flyway (`V2__add_email.sql`, `R__views.sql`, `U2__undo.sql`), golang-migrate and
node-pg-migrate (`000002_add_email.up.sql`, `.down.sql`), Diesel (`0002_add_email/up.sql`, `down.sql`), Sqitch (`deploy`,
in the order of `sqitch.plan`), and everything that begins with a number or a date. Versions are compared number by number:
2 before 10. Where Flyway's `B5__baseline.sql` stands, no version up to 5 runs besides.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_UNDO = re.compile(r"(?i)(?:.*[._-](?:down|undo|rollback|revert)\.(?:sql|ddl)|down\.sql|U\d[\d._]*__.*)")
_REPEATABLE = re.compile(r"R__.*")
_BASELINE = re.compile(r"B\d[\d._]*__.*")
_FLYWAY = re.compile(r"[VB](?P<version>\d[\d._]*)__.*")


def in_order(files: Mapping[str, str], other: Callable[[str], str | None] = lambda _: None) -> dict[str, str]:
    """The files that run, in the order they run in. Files of several folders stay in the order of the folders.

    Where the files of a folder do not come sorted by name, somebody put them in order, and that stands.

    `other`: the text of another file beside them, such as the plan of Sqitch; None where there is none.
    """
    folders: dict[str, list[str]] = {}
    for name in _as_planned(_from_baseline(files), other):
        folders.setdefault(name.rpartition("/")[0], []).append(name)
    return {
        name: files[name]
        for names in (folders[each] for each in _folders_in_order(folders))
        for name in (sorted(names, key=_place) if names == sorted(names) else names)
        if not _UNDO.fullmatch(_own(name))
    }


_SQITCH = frozenset(("deploy", "revert", "verify"))
_CHANGE = re.compile(r"(?m)^[ \t]*(?:(?P<tag>@\S+)|(?P<name>[^\s%#@+-][^\s#]*))")


def _as_planned(names: list[str], other: Callable[[str], str | None]) -> list[str]:
    """Sqitch: what is under `deploy` alone runs, in the order of `sqitch.plan`.

    A change that was reworked stands in the plan twice; its earlier script bears the tag that followed it.
    """
    planned: dict[str, list[str] | None] = {}
    for name in names:
        parts = name.split("/")
        for depth, part in enumerate(parts[:-1]):
            top = "/".join(parts[:depth])
            if part == "deploy" and top not in planned:
                plan = other("/".join((*parts[:depth], "sqitch.plan")))
                planned[top] = None if plan is None else [f"{each}.sql" for each in _changes(plan)]
    if all(each is None for each in planned.values()) and not any(_is_undone(name, planned) for name in names):
        return names
    kept = [name for name in names if not _is_undone(name, planned)]
    for top, changes in planned.items():
        start = f"{top}/deploy/" if top else "deploy/"
        own = {name.removeprefix(start): name for name in kept if name.startswith(start)}
        if changes is not None:
            kept = [name for name in kept if name not in own.values()] + [own[each] for each in changes if each in own]
    return kept


def _is_undone(name: str, planned: Mapping[str, object]) -> bool:
    """Whether a script takes a change back, or looks whether it is there."""
    parts = name.split("/")
    return any(
        part in _SQITCH - {"deploy"} and "/".join(parts[:depth]) in planned for depth, part in enumerate(parts[:-1])
    )


def _changes(plan: str) -> list[str]:
    found: list[str] = []
    waiting: list[int] = []
    last: dict[str, int] = {}
    tags: dict[int, str] = {}
    for line in _CHANGE.finditer(plan):
        if line["tag"]:
            tags |= dict.fromkeys(waiting, line["tag"])
            waiting = []
        else:
            last[line["name"]] = len(found)
            waiting.append(len(found))
            found.append(line["name"])
    return [name if last[name] == number else name + tags.get(number, "") for number, name in enumerate(found)]


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
