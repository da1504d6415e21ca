"""What support may tell a customer about a traced value."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ..messages import listed, system_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...contracts.model import Field, Repair
    from ...estate.load import Estate
    from .traced import Root, Trace


def customer_text(estate: Estate, trace: Trace) -> str:
    """The own text of the system whose repair it is, or a general one; with the usual time of the repair, where known.

    The system where the value was let in repairs it, if any; else the one that rejects it.
    """
    if trace.failures:
        return _of_rejection(estate, trace)
    title = trace.field.title or trace.field.name.replace("_", " ")
    if any(finding.verdict == "refuted" and finding.rule != "loss" for finding in trace.consequences):
        return (
            f"Whether all of our systems accept your {title} depends on what else was entered. "
            "There is no certain answer for the customer yet."
        )
    if any(finding.verdict == "refuted" for finding in trace.consequences) or trace.altered:
        cause = trace.cause
        return f"Not all of our systems hold your {title} as it was entered. {_correcting(cause.repair if cause else None)}"
    if trace.is_open:
        return (
            "It is not known whether all of our systems accept this value. There is no certain answer for the customer."
        )
    if trace.unique_in:
        names = listed(list(dict.fromkeys(system_title(estate, each.field.system) for each in trace.unique_in)), "or")
        return f"No system rejects this value, unless it is taken already in {names}."
    return "No system rejects this value. There is nothing to tell the customer."


def customer_text_without_value(estate: Estate, field: Field, roots: Sequence[Root]) -> str:
    """The same, of a value that a field rejected and that is not known, from its possible origins."""
    cause = next((root for root in roots if root.verdict == "refuted"), None)
    return _speaking(estate, field, cause)


def _of_rejection(estate: Estate, trace: Trace) -> str:
    return _speaking(estate, trace.failures[0].field, trace.cause)


def _speaking(estate: Estate, rejecting: Field, cause: Root | None) -> str:
    """The words of the entry that let the value in, or else of the system that rejects it."""
    speaker = rejecting.system if cause is None else cause.entry.system
    own = estate.contracts.systems[speaker].customer_text
    if own is not None:
        return own
    title = rejecting.title or rejecting.name.replace("_", " ")
    repair = rejecting.repair if cause is None else cause.repair or rejecting.repair
    return f"One of our systems could not accept your {title} as it was entered. {_correcting(repair)}"


def _correcting(repair: Repair | None) -> str:
    if repair is None or repair.typically is None:
        return "We are correcting it."
    if repair.typically < timedelta(days=1):
        hours = max(1, round(repair.typically / timedelta(hours=1)))
        return f"We are correcting it; this usually takes {hours} hour{'s' if hours > 1 else ''}."
    days = max(1, round(repair.typically / timedelta(days=1)))
    return f"We are correcting it; this usually takes {days} day{'s' if days > 1 else ''}."
