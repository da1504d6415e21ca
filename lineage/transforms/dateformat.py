"""Dates as text: a notation of %Y or %y, %m, %d and fixed characters, read and written exactly.

Every field has a fixed width (four or two digits, two and two), so a date has one text and a text at most one date. Years
run from 0001 to 9999, proleptic Gregorian, as in `datetime.date`. The two digits of %y are read as a year of the hundred
years that the notation names.
"""

from __future__ import annotations

import calendar
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from ...values import language
from ...values.alphabet import value_at
from ...values.numberset import NumberSet
from ...values.textset import TextSet
from ...values.trie import word_trie
from ..transform import TransformError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ...values.language import Language

_WIDTH = {"%Y": 4, "%y": 2, "%m": 2, "%d": 2}
_YEARS = range(1, 10_000)
_FIRST_DAYS = {year: date(year, 1, 1).toordinal() for year in _YEARS} | {10_000: date.max.toordinal() + 1}
_YEARS_BY_LENGTH = {leap: [year for year in _YEARS if calendar.isleap(year) is leap] for leap in (False, True)}
"""Years without and with a 29th of February, ascending."""
_MONTHS = range(1, 13)
_LEAP = 2000
"""A leap year: its months have all the days a month can have."""


@dataclass(frozen=True)
class DateFormat:
    """A notation: its parts are "%Y" or "%y", "%m", "%d" (each exactly once) and fixed texts."""

    parts: tuple[str, ...]
    first_year: int | None = None
    """The first of the hundred years that the two digits of "%y" are read as; None: it is not read, or has none."""

    @classmethod
    def parse(cls, notation: str, first_year: int | None = None) -> DateFormat:
        """Raises TransformError when it is not %Y or %y, %m and %d, each once, with fixed characters around them."""
        return _parse(notation, first_year)

    @property
    def is_short(self) -> bool:
        """Whether a year is written with two digits."""
        return "%y" in self.parts

    def write(self, day: date) -> str:
        """The date in this notation."""
        year = f"{day.year:04d}"
        fields = {"%Y": year, "%y": year[2:], "%m": f"{day.month:02d}", "%d": f"{day.day:02d}"}
        return "".join(fields.get(part, part) for part in self.parts)

    def read(self, text: str) -> date | None:
        """The date that a text in this notation denotes; None when it denotes none."""
        fields: dict[str, int] = {}
        position = 0
        for part in self.parts:
            width = _WIDTH.get(part, len(part))
            piece = text[position : position + width]
            position += width
            if part not in _WIDTH:
                if piece != part:
                    return None
            elif len(piece) == width and piece.isascii() and piece.isdigit():
                fields[part] = int(piece)
            else:
                return None
        if position != len(text):
            return None
        try:
            return date(self._year(fields), fields["%m"], fields["%d"])
        except ValueError:
            return None

    def _year(self, fields: Mapping[str, int]) -> int:
        if not self.is_short:
            return fields["%Y"]
        first = self._first
        return first + (fields["%y"] - first) % 100

    @property
    def first_day(self) -> date:
        """The first date that a text in this notation can be read as. Raises TransformError."""
        return date(self._first, 1, 1) if self.is_short else date.min

    @property
    def last_day(self) -> date:
        """The last date that a text in this notation can be read as. Raises TransformError."""
        return date(self._first + 99, 12, 31) if self.is_short else date.max

    @property
    def _first(self) -> int:
        if self.first_year is None:
            raise TransformError("two digits are a year of no century", "first_year")
        return self.first_year

    def texts(self, days: NumberSet) -> TextSet:
        """The texts that denote one of these days (ordinals)."""
        return _texts(self, days)

    def days_written(self, texts: TextSet) -> NumberSet:
        """The days (ordinals) whose text is a member."""
        return _days_written(self.parts, texts.as_language())


@lru_cache(maxsize=16)  # a set of days may have 100,000 spans
def _texts(notation: DateFormat, days: NumberSet) -> TextSet:
    low, high = notation.first_day.toordinal(), notation.last_day.toordinal()
    blocks = _blocks(days.whole_spans(low, high))
    return TextSet.language(language.union(*(_block(notation, *block) for block in blocks)))


def _block(notation: DateFormat, years: tuple[int, ...], months: tuple[int, ...], days: tuple[int, ...]) -> Language:
    of_year = _two_digits(tuple(year % 100 for year in years)) if notation.is_short else _year_words(years)
    words = {"%Y": of_year, "%y": of_year, "%m": _two_digits(months), "%d": _two_digits(days)}
    return language.concat(*(words[p] if p in words else language.literal(p) for p in notation.parts))


@lru_cache(maxsize=256)
def _parse(notation: str, first_year: int | None) -> DateFormat:
    parts: list[str] = []
    rest = notation
    while rest:
        if rest[0] != "%":
            fixed, percent, after = rest.partition("%")
            parts.append(fixed)
            rest = percent + after
        elif rest[:2] == "%%":
            parts.append("%")
            rest = rest[2:]
        elif rest[:2] in _WIDTH:
            parts.append(rest[:2])
            rest = rest[2:]
        else:
            raise TransformError(f"{rest[:2]!r} is not supported in a date; use %Y or %y, %m and %d", "format")
    fields = sorted(part for part in parts if part in _WIDTH)
    if fields not in (["%Y", "%d", "%m"], ["%d", "%m", "%y"]):
        raise TransformError("a date needs %Y or %y, %m and %d, each once", "format")
    return DateFormat(tuple(parts), first_year if "%y" in fields else None)


def _blocks(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]]:
    """The days in half-open spans of ordinals as few products of years, months and days of the month.

    Years of one length with the same days are grouped, and in them months with the same days.
    """
    alike: dict[tuple[bool, tuple[tuple[int, int], ...]], list[int]] = {}
    per_year: dict[int, list[tuple[int, int]]] = {}
    for low, high in spans:
        if low >= high:
            continue
        begins, ends = date.fromordinal(low).year, date.fromordinal(high - 1).year
        whole = range(begins + (low > _FIRST_DAYS[begins]), ends + (high == _FIRST_DAYS[ends + 1]))
        for leap, years in _YEARS_BY_LENGTH.items():
            inside = years[bisect_left(years, whole.start) : bisect_left(years, whole.stop)]
            if inside:
                alike.setdefault((leap, ((0, 365 + leap),)), []).extend(inside)
        for year in dict.fromkeys((begins, ends)):
            if year not in whole:
                first = _FIRST_DAYS[year]
                per_year.setdefault(year, []).append((max(low - first, 0), min(high, _FIRST_DAYS[year + 1]) - first))
    for year, runs in per_year.items():
        alike.setdefault((calendar.isleap(year), tuple(runs)), []).append(year)
    for (_, spans_of_year), years in alike.items():
        for months, days in _months(years[0], spans_of_year):
            yield tuple(years), months, days


def _months(year: int, runs: Iterable[tuple[int, int]]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """The days of a year (half-open runs, from 0) as products of months and days of the month."""
    first = date(year, 1, 1).toordinal()
    per_month: dict[int, list[int]] = {}
    for low, high in runs:
        for day in map(date.fromordinal, range(first + low, first + high)):
            per_month.setdefault(day.month, []).append(day.day)
    alike: dict[tuple[int, ...], list[int]] = {}
    for month, days in per_month.items():
        alike.setdefault(tuple(days), []).append(month)
    return [(tuple(months), days) for days, months in alike.items()]


@lru_cache(maxsize=256)
def _year_words(years: tuple[int, ...]) -> Language:
    return word_trie(f"{year:04d}" for year in years)


@lru_cache(maxsize=256)
def _two_digits(numbers: tuple[int, ...]) -> Language:
    return word_trie(f"{number:02d}" for number in numbers)


@lru_cache(maxsize=16)
def _days_written(parts: tuple[str, ...], texts: Language) -> NumberSet:
    """Walk the language through the notation, distinguishing only the states it reaches, not the dates."""
    # Per state reached: the (years, months, days) that reach it; None: not fixed yet.
    reached: dict[Language, list[dict[str, tuple[int, ...]]]] = {texts: [{}]}
    for part in parts:
        following: dict[Language, list[dict[str, tuple[int, ...]]]] = {}
        for state, choices in reached.items():
            for target, numbers in _walk(state, part).items():
                field = "%Y" if part == "%y" else part
                chosen = [{**choice, field: numbers} if numbers else choice for choice in choices]
                following.setdefault(target, []).extend(chosen)
        reached = following
    return NumberSet.whole(_spans([c for state, choices in reached.items() if state.nullable for c in choices]))


def _walk(state: Language, part: str) -> dict[Language, tuple[int, ...]]:
    """The states one part of the notation leads to, each with the numbers that lead there (none for a fixed text).

    Of two digits of a year, every year that they are written for.
    """
    if part not in _WIDTH:
        return {state.after(part): ()}
    here: dict[Language, list[int]] = {state: [0]}
    for _ in range(_WIDTH[part]):
        following: dict[Language, list[int]] = {}
        for node, numbers in here.items():
            for digit in range(10):
                target = value_at(node.step(), 48 + digit)
                following.setdefault(target, []).extend(n * 10 + digit for n in numbers)
        here = following
    if part == "%y":
        here = {node: [year for year in _YEARS if year % 100 in numbers] for node, numbers in here.items()}
    allowed = {"%Y": _YEARS, "%y": _YEARS, "%m": _MONTHS, "%d": range(1, 32)}[part]
    kept = {node: tuple(sorted(n for n in numbers if n in allowed)) for node, numbers in here.items()}
    return {node: numbers for node, numbers in kept.items() if numbers}


def _spans(choices: list[dict[str, tuple[int, ...]]]) -> Iterator[tuple[int, int]]:
    """The days of products of years, months and days, as ascending spans of ordinals (inclusive)."""
    per_year: dict[int, list[int]] = {}
    for i, choice in enumerate(choices):
        for year in choice["%Y"]:
            per_year.setdefault(year, []).append(i)
    products = [frozenset((month, day) for month in c["%m"] for day in c["%d"]) for c in choices]

    @cache
    def runs(indices: tuple[int, ...], *, leap: bool) -> tuple[tuple[int, int], ...]:
        return _day_runs(frozenset().union(*(products[i] for i in indices)), leap=leap)

    for year in sorted(per_year):
        start = _FIRST_DAYS[year]
        for low, high in runs(tuple(per_year[year]), leap=calendar.isleap(year)):
            yield start + low, start + high


@lru_cache(maxsize=256)
def _day_runs(pairs: frozenset[tuple[int, int]], *, leap: bool) -> tuple[tuple[int, int], ...]:
    """Runs of neighbouring days of a year (from 0) among (month, day) pairs; pairs that are not a date are left out."""
    year = _LEAP if leap else _LEAP + 1
    first = date(year, 1, 1).toordinal()
    days = sorted(
        date(year, month, day).toordinal() - first for month, day in pairs if day <= calendar.monthrange(year, month)[1]
    )
    runs: list[tuple[int, int]] = []
    for day in days:
        if runs and runs[-1][1] + 1 == day:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return tuple(runs)
