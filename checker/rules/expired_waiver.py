"""A waiver has expired: the finding it accepted counts again.

A team accepted a finding until a day, and that day is over. The finding is open again, and this one gives the reason.

Why: A waiver without an end would be a rule that nobody decided.

Bad: after the last day of March.

    waivers:
      - {rule: loss, field: web.signup.city, owner: Web team, reason: next release, expires: 2025-03-31}

Good: the loss is fixed and the waiver removed, or a team accepts it again.

    waivers:
      - {rule: loss, field: web.signup.city, owner: Web team, reason: release moved to July, expires: 2099-07-31}

Options: It fails every check until the waiver is renewed, with a new reason, or removed. No policy softens it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..finding import Finding, Severity
from ..messages import escaped, waived
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..rule import Bookkeeping


def _check(books: Bookkeeping) -> Iterator[Finding]:
    for waiver in books.expired:
        yield Finding(
            rule=EXPIRED_WAIVER_RULE.name,
            severity=EXPIRED_WAIVER_RULE.severity,
            verdict="refuted",
            message=(
                f"the waiver for {waived(waiver)} expired after {waiver.expires.isoformat()}; ask {escaped(waiver.owner)} "
                f"whether this still holds: {escaped(waiver.reason)}"
            ),
            location=waiver.location,
            field=waiver.field,
            fields=(waiver.field,) if waiver.field else (),
        )


EXPIRED_WAIVER_RULE: Rule[Bookkeeping] = Rule("expired-waiver", Severity.ERROR, _check, __doc__ or "")
