"""Traces as tests ask for them: of one value, by the name of its field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldline.application.answers import TraceAnswer
from fieldline.checker.tracing.asked import Asked, named_field
from fieldline.checker.tracing.trace import trace
from fieldline.sentences.advice import customer_text

if TYPE_CHECKING:
    from fieldline.checker.tracing.traced import Trace
    from fieldline.estate.load import Estate
    from fieldline.values.valueset import Value


def answered(found: Trace, estate: Estate) -> TraceAnswer:
    """A trace with its text for an English customer."""
    return TraceAnswer(estate, found, customer_text(found.advice, "en"), "en")


def traced(estate: Estate, name: str, value: Value) -> Trace:
    """The trace of a value at a field."""
    field = named_field(estate, name)
    return trace(estate, Asked(field, {field.full_name: value}))
