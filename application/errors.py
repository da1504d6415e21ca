"""An error message that somebody pasted, traced: what it says, the field it is about, who let the value in, what to do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from ..checker.judging.context import Context
from ..checker.tracing.asked import Asked, asked_value, named_field
from ..checker.tracing.customer import rejection_advice
from ..checker.tracing.trace import roots_of, trace
from ..documents.problem import EstateError, Problem
from ..formats.errors.read import read_errors
from ..formats.errors.reported import ERROR_ENGINE_TITLES, limit_number
from ..sentences.advice import customer_text
from ..sentences.speech import speech
from ..values.budget import STANDARD
from ..values.valueset import ValueSet
from .error_fields import ErrorFields, Meant, has_limit, stating
from .trace import trace_answer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ..checker.tracing.traced import Root, Trace
    from ..contracts.constraint import Constraint
    from ..contracts.model import Field
    from ..documents.local_text import SpokenLanguage
    from ..estate.load import Estate
    from ..formats.errors.reported import ReportedError
    from ..sentences.advice import CustomerText
    from ..values.budget import Budget
    from ..values.valueset import Value
    from .answers import TraceAnswer
    from .error_fields import Place

MOST_TRACED = 8
"""Fields that one error is traced at, where any of them may be meant; the others are counted."""


@dataclass(frozen=True, slots=True)
class TracedError:
    """An error, traced at one field that it may be about."""

    place: Place
    """The field; several where only their values together fail."""
    answer: TraceAnswer | None
    """The trace of the value; None where the message has none."""
    roots: tuple[Root, ...]
    """Every entry upstream: refuted, where it accepts a record that fails in this way."""
    stated: tuple[Constraint, ...]
    """What the contract says of it: the constraints that an error of this kind can be about."""
    disagreement: str | None
    """How the contract and the message differ, in words; None: they do not, as far as known."""
    customer_text: CustomerText
    """A text that support may send to the customer."""

    @property
    def field(self) -> Field:
        """The field; the first of several."""
        return self.place[0]

    @property
    def cause(self) -> Root | None:
        """The entry that let the value in, where there is one."""
        return _cause(self.roots)


@dataclass(frozen=True, slots=True)
class AnsweredError:
    """An error, with every field that it may be about."""

    error: ReportedError
    meant: Meant
    traced: tuple[TracedError, ...]
    """One, where it is clear which field is meant; at most MOST_TRACED."""

    @property
    def others(self) -> int:
        """Fields that may be meant and are not traced."""
        return len(self.meant.places) - len(self.traced)


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """The errors of a text."""

    estate: Estate
    errors: tuple[AnsweredError, ...]
    language: SpokenLanguage
    """The customer's language, as it was asked for."""
    today: date | None = None


def trace_errors(
    estate: Estate, text: str, at: str | None = None, budget: Budget = STANDARD, language: SpokenLanguage = "en"
) -> ErrorAnswer:
    """Read a text as errors, and trace each. `at`: the field that they are about, by any of its names.

    `language`: the customer's. Raises EstateError where it cannot be read as an error, UnknownField, BudgetExceeded, and
    ModuleNotFoundError for a language that needs an extra that is not installed.
    """
    errors = read_errors(text)
    if not errors:
        engines = ", ".join(ERROR_ENGINE_TITLES.values())
        raise EstateError([Problem(None, "could not read this as an error", f"the message of one of {engines}", _HELP)])
    place = None if at is None else (named_field(estate, at),)
    tracer = ErrorTracer(estate, budget, language)
    answered = tuple(tracer.answer(error, None if place is None else Meant((place,))) for error in errors)
    return ErrorAnswer(estate, answered, language, estate.counts_from)


_HELP = "give the field and its value: --at FIELD --value VALUE"


class ErrorTracer:
    """Traces errors of one estate, for customers of one language. What several have in common is worked out once."""

    def __init__(self, estate: Estate, budget: Budget = STANDARD, language: SpokenLanguage = "en") -> None:
        self.estate = estate
        self.budget = budget
        self.said = speech(language)
        self.fields = ErrorFields(estate)
        self.context = Context(estate, budget=budget)

    def answer(self, error: ReportedError, meant: Meant | None = None) -> AnsweredError:
        """An error, traced at every field that it may be about; `meant`: those that somebody named."""
        meant = meant or self.fields.meant(error)
        traced = tuple(self.traced(error, place) for place in meant.places[:MOST_TRACED])
        return AnsweredError(error, meant, traced)

    def traced(self, error: ReportedError, place: Place) -> TracedError:
        """An error, traced at a place. Raises BudgetExceeded."""
        field = place[0]
        stated = stating(field, error.kind)
        value = _value(error, field, self.fields.value(error, field)) if len(place) == 1 else _UNKNOWN
        if isinstance(value, _Unknown):
            sought = self._sought(error, place, stated)
            roots = self.roots(field, sought) if sought is not None else ()
            disagreement = _disagreement(self.estate, error, place, stated, None)
            advice = rejection_advice(self.estate, field, _cause(roots))
            text = customer_text(advice, self.said.language, self.budget)
            return TracedError(place, None, roots, stated, disagreement, text)
        found = trace(self.estate, Asked(field, {field.full_name: value}), self.budget)
        if not found.rejected_by:  # the system did, whatever its contract says
            found = replace(found, advice=rejection_advice(self.estate, field, found.cause))
        disagreement = _disagreement(self.estate, error, place, stated, found)
        answer = trace_answer(self.estate, found, self.said, self.budget)
        return TracedError(place, answer, found.roots, stated, disagreement, answer.customer_text)

    def roots(self, field: Field, values: ValueSet) -> tuple[Root, ...]:
        """Every entry upstream, and whether it accepts a record that becomes one of these values. Raises BudgetExceeded."""
        return roots_of(self.context.restricted(self.context.graph.related(field.full_name)), field, values)

    def _sought(self, error: ReportedError, place: Place, stated: tuple[Constraint, ...]) -> ValueSet | None:
        """The values that fail in this way; None: they are not known."""
        if error.is_null:
            return ValueSet.null_only()
        present = ValueSet.everything() - ValueSet.null_only()
        if error.kind == "duplicate":
            return present  # any value may be there already
        limited = [constraint for constraint in stated if has_limit(constraint, error.limit)] or stated
        known = [constraint for constraint in limited if constraint.doubt is None]
        if not known or len(place) > 1:
            return None
        return present - reduce(and_, [constraint.accepts for constraint in known])


def _cause(roots: Sequence[Root]) -> Root | None:
    return next((root for root in roots if root.verdict == "refuted"), None)


class _Unknown:
    """The message has no value."""


_UNKNOWN = _Unknown()


def _value(error: ReportedError, field: Field, text: str | None) -> Value | _Unknown:
    """The value as one of the field's type; where its text is none, the text itself, which the field rejects."""
    if error.is_null:
        return None
    if text is None:
        return _UNKNOWN
    try:
        return asked_value(field, text)
    except EstateError:
        return text


def _disagreement(
    estate: Estate, error: ReportedError, place: Place, stated: Sequence[Constraint], found: Trace | None
) -> str | None:
    """How the contract differs from what the engine does."""
    if error.kind == "duplicate":
        names = {field.name for field in place}
        demands = estate.contracts.entities[place[0].full_name.entity_name].unique
        return (
            None if any(set(each.fields) == names for each in demands) else "the contract lets values stand twice there"
        )
    if error.kind in {"reference", "not_writable", "unexpected"}:
        return None
    limit = limit_number(error.limit)
    if limit is not None and stated and error.kind in {"too_long", "too_short"}:
        if not any(has_limit(constraint, error.limit) for constraint in stated):
            return f"the message says {limit:,}, the contract {stated[0].sentence}"
        return None
    if found is not None and not found.rejected_by and not found.doubts:
        return "the contract accepts this value, and the system does not"
    return None if found is not None or stated else "the contract has no rule of this kind there"
