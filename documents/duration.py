"""Durations as ISO 8601 writes them (5.5.2.2): weeks, days, hours, minutes, seconds.

Years and months have no fixed length and are not read.
"""

from __future__ import annotations

import re
from datetime import timedelta

# At most six digits each: more than two thousand years, and far from overflowing.
DURATION_PATTERN = (
    r"P(?=[0-9T])(?:([0-9]{1,6})W)?(?:([0-9]{1,6})D)?"
    r"(?:T(?=[0-9])(?:([0-9]{1,6})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,6})S)?)?"
)
"""The texts that `parse_duration` reads, as a regular expression over the whole text (Python and ECMA-262 alike)."""

_DURATION = re.compile(DURATION_PATTERN)
_LOOSE = re.compile(r"([0-9]{1,6}) ?(weeks?|w|days?|d|hours?|h|minutes?|min|m|seconds?|s)", re.IGNORECASE)


def parse_duration(text: str) -> timedelta | None:
    """The duration that `text` writes in ISO 8601, such as `P3D` or `PT24H`; None when it is not one."""
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def suggest_duration(text: str) -> str | None:
    """The ISO 8601 form of a duration in a looser style ("3 days", "24h"); None when it is none."""
    match = _LOOSE.fullmatch(text)
    if match is None:
        return None
    number, unit = match[1], match[2][0].upper()
    return f"P{number}{unit}" if unit in "WD" else f"PT{number}{unit}"


_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def duration(length: timedelta) -> str:
    """A length of time as people say it: "3 days", "20 minutes"."""
    for unit, name in ((_DAY, "day"), (_HOUR, "hour"), (timedelta(minutes=1), "minute")):
        if length >= unit:
            number = round(length / unit, 1)
            shown = f"{number:g}"
            return f"{shown} {name}{'' if shown == '1' else 's'}"
    shown = f"{length.total_seconds():g}"
    return f"{shown} second{'' if shown == '1' else 's'}"
