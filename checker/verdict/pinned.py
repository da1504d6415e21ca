"""What a baseline pins of a finding: the constraint it fails at, and the range of what fails, as of its day.

A finding is known as long as it is no worse. The same constraint with the same range, or a part of it, is; so is a length
that allows more than before, for fewer lengths. A tighter constraint, a wider entry, and all that cannot be compared is
news: a baseline never hides what a change made worse.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ...estate.policy import Known
    from ..finding import Finding

_LENGTH = re.compile(r"at (?P<side>most|least) (?P<number>\d+) (?P<unit>\S.*)")
"""A bound of a length in words, as constraints say it."""
_LENGTHS = re.compile(r"(?P<low>[\d,]+)(?: to (?P<high>[\d,]+))? (?P<unit>\S.*?)(?P<open> or more)?")
"""A range of lengths in words, as spans say it."""


class Pinned(NamedTuple):
    """A finding's constraint and the range of what fails, both in words; empty where there is none."""

    limit: str
    fails: str


def pinned(finding: Finding) -> Pinned:
    """What a baseline pins of a finding."""
    binding, span = finding.binding, finding.span
    return Pinned(binding.sentence if binding else "", span.sentence if span else "")


def is_no_worse(finding: Finding, known: Known) -> bool:
    """Whether a finding is no worse than it was when the baseline was written."""
    now = pinned(finding)
    same_limit = now.limit == known.limit
    if same_limit and now.fails == known.fails:
        return True
    return (same_limit or _is_looser(now.limit, known.limit)) and _is_part(now.fails, known.fails)


def _is_looser(now: str, then: str) -> bool:
    """Whether a bound of a length allows more than another of its kind."""
    one, other = _LENGTH.fullmatch(now), _LENGTH.fullmatch(then)
    if one is None or other is None or one["side"] != other["side"] or _unit(one["unit"]) != _unit(other["unit"]):
        return False
    more = int(one["number"]) - int(other["number"])
    return more >= 0 if one["side"] == "most" else more <= 0


def _is_part(now: str, then: str) -> bool:
    """Whether a range of lengths lies within another."""
    one, other = _LENGTHS.fullmatch(now), _LENGTHS.fullmatch(then)
    if one is None or other is None or _unit(one["unit"]) != _unit(other["unit"]):
        return False
    (low, high), (least, most) = _ends(one), _ends(other)
    return least <= low and high <= most


def _ends(lengths: re.Match[str]) -> tuple[float, float]:
    low = float(lengths["low"].replace(",", ""))
    if lengths["open"]:
        return low, float("inf")
    return low, float(lengths["high"].replace(",", "")) if lengths["high"] else low


def _unit(words: str) -> str:
    """A unit in the singular: "characters" and "character", "bytes in cp037" and "byte in cp037"."""
    first, _, rest = words.partition(" ")
    return f"{first.removesuffix('s')} {rest}".rstrip() if words.startswith(("character", "byte")) else words
