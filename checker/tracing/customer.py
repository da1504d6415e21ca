"""What support may tell a customer about a traced value, as facts: `sentences.advice` puts them into words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .traced import Advice

if TYPE_CHECKING:
    from ...estate.load import Estate
    from .traced import Trace


def customer_advice(estate: Estate, trace: Trace) -> Advice:
    """The advice that follows from a trace.

    The system where the value was let in repairs it, if any; else the one that rejects it.
    """
    if trace.failures:
        return _of_rejection(estate, trace)
    cause = trace.cause
    if any(finding.verdict == "refuted" and finding.rule != "loss" for finding in trace.consequences):
        return Advice("depends", (trace.field,))
    if any(finding.verdict == "refuted" for finding in trace.consequences) or trace.altered:
        return Advice("altered", (trace.field,), repair=cause.repair if cause else None)
    if trace.is_open:
        return Advice("not known", (trace.field,))
    if trace.unique_in:
        systems = dict.fromkeys(each.field.system for each in trace.unique_in)
        return Advice("taken", (trace.field,), unique_in=tuple(estate.contracts.systems[name] for name in systems))
    return Advice("accepted", (trace.field,))


def _of_rejection(estate: Estate, trace: Trace) -> Advice:
    failure, cause = trace.failures[0], trace.cause
    if cause is None:
        speaker = estate.contracts.systems[failure.field.system]
        return Advice("rejected", (failure.field,), speaker, failure.field.accepts, failure.repair)
    speaker = estate.contracts.systems[cause.entry.system]
    return Advice("rejected", cause.fields or (failure.field,), speaker, cause.accepts, cause.repair or failure.repair)
