"""What support may tell a customer about a traced value, as facts: `sentences.advice` puts them into words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .traced import Advice

if TYPE_CHECKING:
    from ...contracts.model import Field
    from ...estate.load import Estate
    from .traced import Root, Trace


def customer_advice(estate: Estate, trace: Trace) -> Advice:
    """The advice that follows from a trace.

    The system where the value was let in repairs it, if any; else the one that rejects it.
    """
    if trace.failures:
        return rejection_advice(estate, trace.failures[0].field, trace.cause)
    if any(finding.verdict == "refuted" and finding.rule != "loss" for finding in trace.consequences):
        return Advice("depends", (trace.field,))
    cause = trace.cause
    if any(finding.verdict == "refuted" for finding in trace.consequences) or trace.altered:
        return Advice("altered", (trace.field,), repair=cause.repair if cause else None)
    if trace.is_open:
        return Advice("not known", (trace.field,))
    if trace.unique_in:
        systems = dict.fromkeys(each.field.system for each in trace.unique_in)
        return Advice("taken", (trace.field,), unique_in=tuple(estate.contracts.systems[name] for name in systems))
    return Advice("accepted", (trace.field,))


def rejection_advice(estate: Estate, rejecting: Field, cause: Root | None) -> Advice:
    """The advice about a value that a field rejected; `cause`: the entry that let it in, where that is known."""
    if cause is None:
        speaker = estate.contracts.systems[rejecting.system]
        return Advice("rejected", (rejecting,), speaker, rejecting.accepts, rejecting.repair)
    speaker = estate.contracts.systems[cause.entry.system]
    return Advice("rejected", cause.fields or (rejecting,), speaker, cause.accepts, cause.repair or rejecting.repair)
