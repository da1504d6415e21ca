"""Trace a value, or a record, that a person typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..checker.tracing.asked import asked_record
from ..checker.tracing.trace import trace
from ..documents.json_text import read_json
from ..documents.problem import EstateError, Problem, Problems
from ..documents.tree import children
from ..documents.yaml_events import MappingNode, ScalarNode
from ..sentences.advice import customer_text
from ..sentences.phrase import shown
from ..sentences.restrictions import restriction_words
from ..sentences.speech import speech
from ..sentences.titles import title_within
from ..values.budget import STANDARD
from .answers import TraceAnswer
from .names import entity_named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..checker.tracing.traced import Trace
    from ..documents.local_text import SpokenLanguage
    from ..documents.names import FieldName
    from ..estate.load import Estate
    from ..sentences.speech import Speech
    from ..values.budget import Budget
    from ..values.valueset import Value


def trace_value(
    estate: Estate, at: str, value: str | None, budget: Budget = STANDARD, language: SpokenLanguage = "en"
) -> TraceAnswer:
    """Trace a value at a field, read as the field's type; None: null. `at`: its full name, a shorter one, or its title.

    Raises UnknownField, EstateError where the text is not of the field's type, BudgetExceeded.
    """
    return trace_values(estate, {at: value}, budget, language=language)


def trace_values(
    estate: Estate,
    values: Mapping[str, str | None],
    budget: Budget = STANDARD,
    entity: str | None = None,
    language: SpokenLanguage = "en",
) -> TraceAnswer:
    """Trace the values of some fields of one record; the others may hold anything.

    `entity`: the name of the entity whose fields they are, as `entity_named` takes it. `language`: the customer's. Raises
    UnknownName, UnknownField, EstateError, BudgetExceeded, and ModuleNotFoundError for a language that needs an extra
    that is not installed.
    """
    said, within = speech(language), None if entity is None else entity_named(estate, entity)
    return trace_answer(estate, trace(estate, asked_record(estate, values, within), budget), said, budget)


def trace_answer(estate: Estate, traced: Trace, said: Speech, budget: Budget = STANDARD) -> TraceAnswer:
    """A trace, with what support may say of it."""
    text = customer_text(traced.advice, said.language, budget)
    return TraceAnswer(estate, traced, text, said.language, tuple(_plain(estate, traced, said, budget)))


def _plain(estate: Estate, traced: Trace, said: Speech, budget: Budget) -> Iterator[str]:
    """What each rejecting field accepts, without bytes and patterns."""

    def title_of(name: FieldName) -> str:
        return title_within(estate.contracts.fields[name], said.language)

    for failure in traced.failures:
        if not failure.constraints:
            continue
        field = failure.field
        words = [
            restriction_words(said, constraint.restriction, field.type, title_of, budget)
            for constraint in failure.constraints
        ]
        if said.language == "en" and words == [constraint.sentence for constraint in failure.constraints]:
            continue  # an expert says the same
        system = estate.contracts.systems[field.system].title
        title, allowed = shown(title_within(field, said.language)), said.listed(words)
        if system is None:
            yield said.say("{field}: {allowed}.", field=title, allowed=allowed)
        else:
            named = shown(system.within(said.language)[0])
            yield said.say("{system}, {field}: {allowed}.", system=named, field=title, allowed=allowed)


def identified(estate: Estate, entity: str, text: str) -> Mapping[FieldName, Value]:
    """The values of a record of an entity, written as a JSON object, that identify it.

    `entity`: its name, as `entity_named` takes it. Raises UnknownName, UnknownField, EstateError.
    """
    values = {name: value for name, value in written_record(text).items() if value is not None}
    return asked_record(estate, values, entity_named(estate, entity)).values


def written_record(text: str) -> dict[str, str | None]:
    """The values of a record written as a JSON object, each as it would be typed. Raises EstateError."""
    problems = Problems()
    record = read_json(text, "--record", problems)
    if problems:
        raise EstateError(problems.all())
    values = children(record)
    if not isinstance(record, MappingNode) or not all(isinstance(value, ScalarNode) for _, value in values):
        raise EstateError([Problem(None, "this is no record", expected=_RECORD)])
    return {key.value: _typed(value) for key, value in values if isinstance(value, ScalarNode)}


_RECORD = 'an object with a value for each field, such as {"country": "FI"}'


def _typed(value: ScalarNode) -> str | None:
    return None if value.plain and value.value == "null" else value.value
