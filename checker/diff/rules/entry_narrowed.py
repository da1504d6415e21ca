"""An entry now rejects values that it accepted before and that arrived everywhere.

Where the entry was narrowed because a downstream system rejects the value, there is no finding: that is a fix.

Why: People who typed such a value yesterday are turned away today, though every downstream system accepts it.

Bad: the screen became shorter than every system downstream.

    # contracts/web.yaml
    city: {type: text, max_length: 20}
    # contracts/crm.yaml
    city: {type: text, max_length: 50}

Good: the screen accepts every value that arrives.

    # contracts/web.yaml
    city: {type: text, max_length: 50}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....values.budget import BudgetExceeded
from ....values.show import show
from ....values.valueset import ValueSet
from ...finding import Binding, Finding, Severity
from ...judging.simulate import travel
from ...messages import escaped
from ...rule import Rule
from ..blame import causes_at
from ..ways_on import beyond

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ....contracts.model import Field
    from ....documents.names import FieldName
    from ....values.valueset import Witness
    from ..comparison import Comparison


def _check(comparison: Comparison) -> Iterator[Finding]:
    before = comparison.before.graph.fields  # of a field that is new, no value was accepted
    for entity in comparison.entries:
        for field in entity.fields.values():
            name = field.full_name
            if name in comparison.changes.by_field and name in before and comparison.was_entry(entity.full_name):
                yield from _narrowed(comparison, field)


def _narrowed(comparison: Comparison, field: Field) -> Iterator[Finding]:
    name = field.full_name
    removed = comparison.mirrored.regressions.widened(name)
    if removed is None:
        return
    reason: str | None = None
    try:
        witness = _fine(comparison, name, removed)
    except BudgetExceeded as error:
        witness, reason = None, error.reason
    if witness is None and reason is None:
        return
    if witness is not None:
        broken = next((c for c in field.constraints if witness.value not in c.accepts), None)
        why = f" ({escaped(broken.sentence)})" if broken else ""
        message = f"{name}: {show(witness.value)} was accepted and fine; the entry rejects it now{why}"
    else:
        broken, message = None, f"{name}: unknown whether it rejects something that was fine: {reason}"
    yield Finding(
        rule=ENTRY_NARROWED_RULE.name,
        severity=ENTRY_NARROWED_RULE.severity,
        verdict="refuted" if witness else "unknown",
        message=message,
        location=broken.location if broken else field.location,
        entry=name.entity_name,
        field=name,
        fields=(name,),
        binding=Binding(name, broken.name, broken.sentence, broken.location) if broken else None,
        witness={name: witness.value} if witness else None,
        reason=reason,
        causes=comparison.changes.by_field[name] if witness is None else causes_at(comparison, field, [witness.value]),
    )


def _fine(comparison: Comparison, name: FieldName, removed: ValueSet) -> Witness | None:
    """One of the values that no system downstream rejects or alters, in either version; None: there is none.

    Raises BudgetExceeded.
    """
    for context in (comparison.before, comparison.after):
        for obligation in context.composition.at.get(name, ()):
            if isinstance(obligation.accepts, ValueSet) and beyond(obligation):
                removed = removed & obligation.accepts
    budget = comparison.after.budget
    witness = removed.witness(budget)
    if witness is None or travel(comparison.before.graph, {name: witness.value}, budget).fails:
        return None
    return witness


ENTRY_NARROWED_RULE = Rule("entry-narrowed", Severity.WARNING, _check, __doc__ or "")
