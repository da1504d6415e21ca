"""What support may tell a customer about a traced value."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ..messages import listed, system_title

if TYPE_CHECKING:
    from ...contracts.model import Repair
    from ...estate.load import Estate
    from .traced import Trace


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
        return (
            f"Not all of our systems hold your {title} as it was entered. {correcting(cause.repair if cause else None)}"
        )
    if trace.is_open:
        return (
            "It is not known whether all of our systems accept this value. There is no certain answer for the customer."
        )
    if trace.unique_in:
        names = listed(list(dict.fromkeys(system_title(estate, each.field.system) for each in trace.unique_in)), "or")
        return f"No system rejects this value, unless it is taken already in {names}."
    return "No system rejects this value. There is nothing to tell the customer."


def _of_rejection(estate: Estate, trace: Trace) -> str:
    failure, cause = trace.failures[0], trace.cause
    speaker = failure.field.system if cause is None else cause.entry.system
    own = estate.contracts.systems[speaker].customer_text
    if own is not None:
        return own
    title = failure.field.title or failure.field.name.replace("_", " ")
    repair = failure.repair if cause is None else cause.repair or failure.repair
    return f"One of our systems could not accept your {title} as it was entered. {correcting(repair)}"


def correcting(repair: Repair | None) -> str:
    """That it is being corrected, with the time that this usually takes, where it is known."""
    if repair is None or repair.typically is None:
        return "We are correcting it."
    if repair.typically < timedelta(days=1):
        hours = max(1, round(repair.typically / timedelta(hours=1)))
        return f"We are correcting it; this usually takes {hours} hour{'s' if hours > 1 else ''}."
    days = max(1, round(repair.typically / timedelta(days=1)))
    return f"We are correcting it; this usually takes {days} day{'s' if days > 1 else ''}."
