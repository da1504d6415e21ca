"""Bad input, reported so that it can be fixed: the place, the mistake, what is expected, and a suggestion.

A problem keeps an estate from being read. A fault of an estate that was read is a finding, another type.

    EstateError           raised once, when reading ends, with every problem of every file
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ..values.error import FieldlineError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .location import Location

PER_FILE = 100
"""So many problems of one file are kept; the rest are counted. A file of a million mistakes stays cheap to read."""

# Longer words are no typing errors of ours, and comparing costs the square of their length, times the candidates.
_LONGEST_GUESS = 64
_MOST_CANDIDATES = 1_000


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that keeps an estate from being read."""

    location: Location | None
    """None when there is no file to point into."""
    message: str
    """The mistake, in one sentence without a full stop. May hold raw text from the file; renderers neutralise it."""
    expected: str | None = None
    """The form that would have been right."""
    suggestion: str | None = None
    """The text that was probably meant, ready to be written in its place; or a step to take."""
    length: int = 1
    """So many characters, from the location on, are at fault; for underlining."""


class EstateError(FieldlineError):
    """An estate could not be read. Carries every problem, ordered by place, and the texts of the files read so far."""

    def __init__(self, problems: Iterable[Problem], texts: Mapping[str, str] | None = None) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        self.texts: Mapping[str, str] = texts or {}
        super().__init__("\n".join(_line(problem) for problem in self.problems))


class Problems:
    """Collects problems while everything is read to the end, so that they can be shown all at once."""

    __slots__ = ("_counts", "_first_unkept", "_kept", "_total")

    def __init__(self) -> None:
        self._total = 0
        self._kept: list[Problem] = []
        self._counts: Counter[str | None] = Counter()
        self._first_unkept: dict[str | None, Location | None] = {}

    def add(
        self,
        location: Location | None,
        message: str,
        *,
        expected: str | None = None,
        suggestion: str | None = None,
        length: int = 1,
    ) -> None:
        """Keep one problem, or only count it where its file has had `PER_FILE` already."""
        file = location.file if location else None
        self._total += 1
        self._counts[file] += 1
        if self._counts[file] <= PER_FILE:
            self._kept.append(Problem(location, message, expected, suggestion, max(1, length)))
        else:
            self._first_unkept.setdefault(file, location)

    def is_full(self, file: str) -> bool:
        """Whether further problems of this file would only be counted."""
        return self._counts[file] >= PER_FILE

    def __len__(self) -> int:
        return self._total

    def all(self) -> tuple[Problem, ...]:
        """Every problem, ordered by file, line and column; those without a place come first."""
        rest = [
            Problem(place, f"{self._counts[file] - PER_FILE} more problems in this file are not shown")
            for file, place in self._first_unkept.items()
        ]
        return tuple(sorted(self._kept + rest, key=_order))


@lru_cache(maxsize=4096)
def nearest(word: str, words: tuple[str, ...]) -> str | None:
    """The one of `words` that was probably meant by `word`; None when none is close."""
    if len(word) > _LONGEST_GUESS or len(words) > _MOST_CANDIDATES:
        return None
    plain = {candidate.casefold(): candidate for candidate in reversed(words)}
    close = difflib.get_close_matches(word.casefold(), plain, n=1)
    return plain[close[0]] if close else None


def probably(word: str, words: tuple[str, ...], also: Mapping[str, str]) -> str | None:
    """The text that was probably meant by `word`: what `also` says of it, or else the one of `words` that is close.

    `also` holds other words that people use, in small letters without `_`, `-` and blanks, each with what to write here.
    Options in parentheses are left out: `VARCHAR(20)` is `varchar`.
    """
    if len(word) > _LONGEST_GUESS:
        return None
    plain = re.sub(r"[\s_-]", "", word.partition("(")[0]).casefold()
    return also.get(plain) or nearest(word, words)


_WITH_CREDENTIALS = re.compile(r"(\w\w:/+).*@.*", re.DOTALL)  # a path that was normalised has one slash


def without_credentials(text: str) -> str:
    """The text, and of a URL that may hold a password only the scheme: whatever follows it is left out, too."""
    return _WITH_CREDENTIALS.sub(r"\1…", text)


def shorten(text: str, limit: int = 60) -> str:
    """The text for a message, in double quotes, cut with an ellipsis where it is long; without credentials."""
    text = without_credentials(text)
    return f'"{text}"' if len(text) <= limit else f'"{text[: limit - 1]}…"'


def _order(problem: Problem) -> tuple[str, int, int, str]:
    place = problem.location
    return (place.file, place.line, place.column, problem.message) if place else ("", 0, 0, problem.message)


def _line(problem: Problem) -> str:
    return f"{problem.location}: {problem.message}" if problem.location else problem.message
