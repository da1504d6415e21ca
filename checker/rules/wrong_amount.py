"""A value is done otherwise than it was asked for.

A rule over records, `amount` in `rules/*.yaml`, names what was done and what was asked for: the due date that was asked
for is the due date of the loan, or the one before moved by two weeks. Where both come from one entry, the steps on the
way are judged: a shift the wrong way, a day that a zone takes away, decimals that are cut. A value that is asked for
and done otherwise proves it.

Why: Each system is content, and the customer is not.

Bad: the robot moves what was asked for once more.

    # rules/loans.yaml
    rules:
      - {amount: loans.loan.due_date, asked: web.request.new_due}
    # lineage/loans.yaml
    - {from: web.request.new_due, to: loans.loan.due_date, via: [{shift: -P14D}]}

Good: it arrives as it was asked for.

    - {from: web.request.new_due, to: loans.loan.due_date}

Options: `fieldline audit --across` judges stored records, and so also what a system works out by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...estate.movements import AskedFor
from ..finding import Severity
from ..judging.moved import misled
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..finding import Finding
    from ..judging.context import Context


def _check(context: Context) -> Iterator[Finding]:
    rules = (rule for rule in context.estate.record_rules.movements if isinstance(rule, AskedFor))
    for breach in (each for rule in rules for each in misled(context, rule)):
        yield breach.finding(WRONG_AMOUNT_RULE)


WRONG_AMOUNT_RULE = Rule("wrong-amount", Severity.ERROR, _check, __doc__ or "", is_of_fields=False)
