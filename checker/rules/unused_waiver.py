"""A waiver accepts nothing: it matches no finding.

The finding that it accepted was fixed; or a name in the waiver is misspelt.

Why: A waiver that is left behind hides the finding if it comes back. A misspelt one does not accept the finding that it
is meant for.

Bad: the field is called `town`.

    waivers:
      - {rule: loss, field: web.signup.city, owner: Web team, reason: next release, expires: 2099-03-31}

Good:

    waivers:
      - {rule: loss, field: web.signup.town, owner: Web team, reason: next release, expires: 2099-03-31}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..finding import Finding, Severity
from ..messages import waived
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...contracts.model import Contracts
    from ...documents.names import FieldName
    from ..rule import Bookkeeping


def _check(books: Bookkeeping) -> Iterator[Finding]:
    for waiver in books.unused:
        hint = _hint(books.contracts, waiver.field)
        yield Finding(
            rule=UNUSED_WAIVER_RULE.name,
            severity=UNUSED_WAIVER_RULE.severity,
            verdict="refuted",
            message=f"the waiver for {waived(waiver)} accepts nothing: nothing of that kind is found{hint}",
            location=waiver.location,
            field=waiver.field,
            fields=(waiver.field,) if waiver.field else (),
        )


def _hint(contracts: Contracts, name: FieldName | None) -> str:
    if name is None or contracts.field(name) is not None:
        return ""
    suggestion = contracts.suggest(name)
    return f"; no contract has the field {name}{f', did you mean {suggestion}?' if suggestion else ''}"


UNUSED_WAIVER_RULE: Rule[Bookkeeping] = Rule("unused-waiver", Severity.WARNING, _check, __doc__ or "")
