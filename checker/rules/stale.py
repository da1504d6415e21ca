"""Two declarations of one field accept different values: one of them is stale.

A field says with `same_as` which field it declares once more: the class of an application that is mapped to a table,
and the table itself. Both must accept the same values, and be left empty alike. A value proves each difference, in each
direction.

Why: The class still says 50 characters; the column was widened to 80, or narrowed to 30, and nobody told the class.

Bad: the column holds 30 characters.

    # contracts/app.yaml
    name: {type: text, max_length: 50, same_as: db.customer.name}
    # contracts/db.yaml
    name: {type: text, max_length: 30}

Good: both say the same.

    # contracts/app.yaml
    name: {type: text, max_length: 30, same_as: db.customer.name}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..finding import Severity
from ..judging.agreement import stale_declarations
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..finding import Finding
    from ..judging.context import Context


def _check(context: Context) -> Iterator[Finding]:
    yield from (breach.finding(STALE_RULE) for breach in stale_declarations(context))


STALE_RULE = Rule("stale", Severity.WARNING, _check, __doc__ or "", is_of_fields=False)
