"""A baseline as YAML: the fingerprints of findings, with enough beside them for a reviewer to see what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...values.show import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...checker.finding import Finding
    from ...checker.verdict.policy import Ruled

_HEAD = """\
# Findings that are known: they are reported as known, and do not fail. Written by fieldline check --write-baseline.
"""


def baseline_yaml(known: Sequence[Ruled]) -> str:
    """The file. It is in the order of names, so that it changes no more than what is known does."""
    lines = sorted(
        f'  - {{rule: {ruled.finding.rule}, about: "{_about(ruled.finding)}", fingerprint: "{ruled.fingerprint}"}}\n'
        for ruled in known
    )
    return _HEAD + ("known:\n" + "".join(lines) if lines else "known: []\n")


def _about(finding: Finding) -> str:
    binding = finding.binding
    at = f" at {binding.field} {binding.constraint}" if binding else ""
    return escape(f"{' + '.join(map(str, finding.fields))}{at}", quotes=True)
