"""A value that must move one way can be moved the other way.

A rule over records, `direction` in `rules/*.yaml`, says on which side of another field a value must lie: a due date
that is postponed is after the one before. Where both come from one entry, every record that it accepts is judged,
through the steps on the way, and a record that breaks the rule proves it.

Why: A customer asks for two weeks more and gets two weeks less.

Bad: the page accepts any two dates.

    # rules/loans.yaml
    rules:
      - {direction: loans.loan.due_date, after: loans.loan.due_date_before}
    # contracts/web.yaml
    old_due: {type: date}
    new_due: {type: date}

Good: it accepts no date before the old one.

    # contracts/web.yaml
    system: web
    entities:
      request:
        kind: entry
        check: [new_due > old_due]
        fields:
          old_due: {type: date}
          new_due: {type: date}

Options: `fieldline audit --across` judges stored records, and so also what a system works out by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...estate.movements import Directed
from ..finding import Severity
from ..judging.moved import misled
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..finding import Finding
    from ..judging.context import Context


def _check(context: Context) -> Iterator[Finding]:
    rules = (rule for rule in context.estate.record_rules.movements if isinstance(rule, Directed))
    for breach in (each for rule in rules for each in misled(context, rule)):
        yield breach.finding(WRONG_DIRECTION_RULE)


WRONG_DIRECTION_RULE = Rule("wrong-direction", Severity.ERROR, _check, __doc__ or "", is_of_fields=False)
