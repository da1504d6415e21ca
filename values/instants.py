"""Moments at the ends of the calendar, such as the last of the year 9999 that stands for "for ever": shown and counted too.

Python's calendar has the years 1 to 9999, and raises OverflowError beyond.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)


def in_zone(moment: datetime, zone: tzinfo) -> datetime:
    """A moment by the clock of a zone; as it is, where the calendar has no such day there."""
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment


def later(moment: datetime, length: timedelta) -> datetime:
    """So much later, or earlier; at most the last moment of the calendar, in UTC, and at least the first."""
    try:
        return moment + length
    except OverflowError:
        return _LAST if length > timedelta() else _FIRST
