"""Fingerprints: which finding it is, from run to run.

A finding is the same as long as its rule, the entry and its fields, and the demand it fails at (by the field and the
name of the constraint) are. Lines, files, witnesses, limits and wording do not count: code moves, a limit goes from 20
to 18, and the finding is still that one. What is not decided and is then refuted is another finding: a proof is news.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..finding import Finding

_DIGITS = 32
"""Hexadecimal digits kept of a SHA-256: 128 bits, as many as an MD5, which code quality reports are made for."""


def fingerprints(findings: Sequence[Finding]) -> tuple[str, ...]:
    """The fingerprint of each, in hexadecimal digits; no two are equal.

    Findings that cannot be told apart otherwise (two flows that cut on the way to one field) are numbered, first those
    on the way that sorts first: when one of two is mended, one fingerprint of the two goes.
    """
    numbered: dict[tuple[str, ...], int] = {}
    fingerprint_of: dict[int, str] = {}
    for place in sorted(range(len(findings)), key=lambda place: _rank(findings[place])):
        identity = _identity(findings[place])
        numbered[identity] = number = numbered.get(identity, 0) + 1
        fingerprint_of[place] = _digest([*identity, str(number)])
    return tuple(fingerprint_of[place] for place in range(len(findings)))


def _identity(finding: Finding) -> tuple[str, ...]:
    binding = finding.binding
    return (
        finding.rule,
        "unknown" if finding.verdict == "unknown" else "",
        str(finding.entry or ""),
        " ".join(map(str, finding.fields)),
        str(binding.field) if binding else "",
        binding.constraint if binding else "",
    )


def _rank(finding: Finding) -> tuple[tuple[str, ...], str, tuple[str | int, ...]]:
    """The way it takes, then the demand, then all that orders findings."""
    binding = finding.binding
    return tuple(str(hop.field) for hop in finding.hops), binding.sentence if binding else "", finding.order


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:_DIGITS]
