"""Rows that a system already holds are rejected by the new rule of its contract.

The finding counts the rows and names the first by their keys.

Why: The rows were accepted under the old rule. They fail the next time such a record is saved, or when the constraint
is added to the table.

Bad: the table holds names of 50 characters, and the contract now says 40.

    # contracts/billing.yaml
    name: {type: text, max_length: 40}

Good: the rows were repaired first, or the new rule waits for them.

    # contracts/billing.yaml
    name: {type: text, max_length: 50}

Options: The rule runs where stored data is named: `fieldline diff … --data billing.customer=customers.parquet`. Keys
are masked unless `--show-values` asks for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...finding import Binding, Finding, Severity
from ...messages import escaped
from ...rule import Rule
from ..blame import causes_at
from ..findings import changed_at
from ..stored_rows import stored_rejections

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..comparison import Comparison
    from ..stored_rows import StoredRejection


def _check(comparison: Comparison) -> Iterator[Finding]:
    for rejection in stored_rejections(comparison, comparison.stored):
        field = rejection.field
        causes = causes_at(comparison, field, rejection.values)
        broken = next((c for c in field.constraints if any(value not in c.accepts for value in rejection.values)), None)
        yield Finding(
            rule=STORED_REFUSED_RULE.name,
            severity=STORED_REFUSED_RULE.severity if rejection.rejected else Severity.WARNING,
            verdict="refuted" if rejection.rejected else "unknown",
            message=_message(rejection, broken.sentence if broken else None),
            location=changed_at(causes) or field.location,
            field=field.full_name,
            fields=(field.full_name,),
            binding=Binding(field.full_name, broken.name, broken.sentence, broken.location) if broken else None,
            reason=None if rejection.rejected else "values without a meaning in the field's type were not checked",
            causes=causes,
        )


def _message(rejection: StoredRejection, sentence: str | None) -> str:
    name, parts = rejection.field.full_name, []
    if rejection.rejected:
        rule = f" ({escaped(sentence)})" if sentence else ""
        parts.append(f"{rejection.rejected:,} of {rejection.rows:,} rows were accepted and are rejected now{rule}")
    if rejection.unread:
        parts.append(
            f"{rejection.unread:,} of {rejection.rows:,} rows hold no {rejection.field.type} and were not checked"
        )
    sentence_so_far = f"{name}: {'; '.join(parts)}, in {escaped(rejection.table)}"
    return (
        f"{sentence_so_far}; the first by their keys: {', '.join(rejection.keys)}"
        if rejection.keys
        else sentence_so_far
    )


STORED_REFUSED_RULE = Rule("stored-refused", Severity.ERROR, _check, __doc__ or "")
