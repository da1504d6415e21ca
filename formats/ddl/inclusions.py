r"""Scripts that another script runs: `\i tables.sql`, `@@tables.sql`, `source tables.sql`, `.read tables.sql`.

An included script is read in the place of the command, from the folder of the script that runs it, or else from the
estate's. It is not read a second time for itself. A script that is in neither is a problem, at the command.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from .cursor import Script

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .engines.engine import Engine

_COMMAND = re.compile(r"\s*(?:\\ir?|\\include(?:_relative)?|\\\.|@@?|start|source|\.read|:r)\s*", re.IGNORECASE)
_DEEPEST = 20
"""Scripts that run one another are followed so far."""


def with_included(files: Mapping[str, str], engine: Engine, other: Callable[[str], str | None]) -> Iterator[Script]:
    """The scripts of these files, in order, each taken apart where it runs another one, which then comes in between."""
    elsewhere = {
        path
        for name, text in files.items()
        for _, (path, _) in _included(name, text, engine, files, other)
        if path != name
    }
    read: set[str] = set()
    for name in (*(name for name in files if name not in elsewhere), *(name for name in files if name in elsewhere)):
        if name not in read:
            yield from _parts(name, files[name], engine, files, other, (name,), read)


def _parts(
    name: str,
    text: str,
    engine: Engine,
    files: Mapping[str, str],
    other: Callable[[str], str | None],
    within: tuple[str, ...],
    read: set[str],
) -> Iterator[Script]:
    read.add(name)
    start = 0
    for end, (included, inner) in _included(name, text, engine, files, other):
        if included in within or len(within) > _DEEPEST:
            continue
        line = text.find("\n", end)
        stop = len(text) if line < 0 else line
        yield Script(_only(text, start, end), name)
        yield from _parts(included, inner, engine, files, other, (*within, included), read)
        start = stop
    yield Script(_only(text, start, len(text)), name)


def _included(
    name: str, text: str, engine: Engine, files: Mapping[str, str], other: Callable[[str], str | None]
) -> Iterator[tuple[int, tuple[str, str]]]:
    """Where a script runs another one, with that one's name and text."""
    pattern = engine.script.inclusions
    for command in pattern.finditer(text) if pattern else ():
        words = _COMMAND.sub("", command[0], count=1).split()
        written = words[0].strip("'\"`;").replace("\\", "/") if words else ""
        here = posixpath.dirname(name)
        for folder in (here, "") if written else ():
            for suffix in ("", ".sql"):
                path = posixpath.normpath(posixpath.join(folder, written + suffix))
                inner = None if path.startswith("..") else files.get(path, other(path))
                if inner is not None:
                    break
            else:
                continue
            yield command.start(), (path, inner or "")
            break


def _only(text: str, start: int, end: int) -> str:
    """The text with all before and after a part of it blanked out, so that every place stays what it was."""
    if start == 0 and end == len(text):
        return text
    return re.sub(r"[^\n]", " ", text[:start]) + text[start:end] + re.sub(r"[^\n]", " ", text[end:])
