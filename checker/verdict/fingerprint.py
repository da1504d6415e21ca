"""Fingerprints: the identity of a finding from run to run.

A finding stays the same as long as its rule, its entry and fields, and the constraint it fails at (by field and name)
stay the same. Lines, files, witnesses, limits and wording do not count: a contract moves, a limit changes from 20 to
18, and it is still the same finding. An undecided finding that is refuted later is another finding: a proof is news.
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
    """The fingerprint of each finding, in hexadecimal digits; no two are equal.

    Findings with the same identity (two flows that truncate on the way to one field) are numbered in the order of their
    ways: when one of two is fixed, one of the two fingerprints disappears.
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
    """The fields of the journey, then the constraint, then the order of findings."""
    binding = finding.binding
    return tuple(str(hop.field) for hop in finding.hops), binding.sentence if binding else "", finding.order


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:_DIGITS]
