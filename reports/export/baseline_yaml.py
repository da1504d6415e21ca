"""A baseline as YAML: the fingerprints of findings, each with its subject, for reviewers."""

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
    """The file, in the order of names: its diff shows only the findings that were added or removed."""
    lines = sorted(
        f'  - {{rule: {ruled.finding.rule}, about: "{_about(ruled.finding)}", fingerprint: "{ruled.fingerprint}"}}\n'
        for ruled in known
    )
    return _HEAD + ("known:\n" + "".join(lines) if lines else "known: []\n")


def _about(finding: Finding) -> str:
    binding = finding.binding
    at = f" at {binding.field} {binding.constraint}" if binding else ""
    return escape(f"{' + '.join(map(str, finding.fields))}{at}", quotes=True)
