"""A finding in the baseline no longer occurs.

The finding was fixed, or a name changed and it now occurs under another.

Why: While it stands in the baseline it would count as known, and would not fail, if it came back.

Bad: the baseline holds a finding that is fixed.

    baseline: baseline.yaml

Good: the baseline was written again after the fix.

    baseline: baseline.yaml

Options: `fieldline check --write-baseline` writes the baseline without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..finding import Finding, Severity
from ..messages import escaped
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..rule import Bookkeeping


def _check(books: Bookkeeping) -> Iterator[Finding]:
    for known in books.stale:
        yield Finding(
            rule=STALE_BASELINE_RULE.name,
            severity=STALE_BASELINE_RULE.severity,
            verdict="refuted",
            message=f"the baseline knows a finding that is gone: {escaped(known.rule)}, {escaped(known.about)}",
            location=known.location,
        )


STALE_BASELINE_RULE: Rule[Bookkeeping] = Rule("stale-baseline", Severity.INFO, _check, __doc__ or "")
