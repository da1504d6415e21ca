"""A finding that the baseline knows is not found any more.

It was mended, or a name changed and it is found anew under another. As long as it stands in the baseline it would be
known, and not fail, if it came back. `fieldline check --write-baseline` writes the baseline without it.

Bad: the baseline holds what was mended.

    baseline: baseline.yaml

Good: it was written again after that.

    baseline: baseline.yaml
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
