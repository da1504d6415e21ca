"""Look at one record in the stores of an estate: named by its key in one system, or found by what a customer says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..checker.record.find import find
from ..checker.record.whereabouts import subject, whereabouts
from ..checker.tracing.asked import asked_value
from ..documents.problem import EstateError, Problem
from ..sentences.advice import customer_text
from ..values.budget import STANDARD
from .names import entity_named

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ..checker.record.asking import AskStores
    from ..checker.record.find import Hits
    from ..checker.record.whereabouts import Whereabouts
    from ..documents.local_text import SpokenLanguage
    from ..documents.names import FieldName
    from ..estate.load import Estate
    from ..sentences.advice import CustomerText
    from ..values.budget import Budget
    from ..values.valueset import Value


@dataclass(frozen=True, slots=True)
class RecordAnswer:
    """Where a record is, and what is wrong with it."""

    estate: Estate
    where: Whereabouts
    customer_texts: tuple[CustomerText, ...]
    """What support may say to the customer, of each fault."""
    language: SpokenLanguage = "en"
    """The language of all words for people."""

    @property
    def referring(self) -> tuple[RecordAnswer, ...]:
        """The same of the records that refer to it."""
        return tuple(_told(self.estate, each, self.language) for each in self.where.referring)


@dataclass(frozen=True, slots=True)
class FindAnswer:
    """What a text leads to: no record, or several."""

    estate: Estate
    hits: Hits
    language: SpokenLanguage = "en"
    """As of a `RecordAnswer`."""


def record_answer(
    estate: Estate,
    seeds: Mapping[FieldName, Value],
    ask: AskStores,
    now: datetime,
    budget: Budget = STANDARD,
    language: SpokenLanguage = "en",
) -> RecordAnswer:
    """Look at the record that some values of one entity identify. `language`: of all that is said to people.

    Raises BudgetExceeded, and ModuleNotFoundError for a language that needs an extra that is not installed.
    """
    return _told(estate, whereabouts(estate, seeds, ask, now, budget), language, budget)


def _told(estate: Estate, where: Whereabouts, language: SpokenLanguage, budget: Budget = STANDARD) -> RecordAnswer:
    texts = tuple(customer_text(fault.advice, language, budget) for fault in where.faults)
    return RecordAnswer(estate, where, texts, language)


def find_answer(
    estate: Estate,
    text: str,
    ask: AskStores,
    now: datetime,
    budget: Budget = STANDARD,
    language: SpokenLanguage = "en",
) -> RecordAnswer | FindAnswer:
    """Look for a text by the `find` of the estate, and at the record where one alone holds it.

    Raises EstateError where the estate does not say what a record is looked for by, and as `record_answer`.
    """
    hits = found_hits(estate, text, ask, budget)
    if len(hits.hits) == 1:
        return record_answer(estate, hits.hits[0].seeds, ask, now, budget, language)
    return FindAnswer(estate, hits, language)


def found_hits(estate: Estate, text: str, ask: AskStores, budget: Budget = STANDARD) -> Hits:
    """The records that hold a text, by the `find` of the estate. Raises EstateError where it has none."""
    if not estate.directory.find:
        expected = "find in fieldline.yaml, such as find: {customer number: [crm.person.customer_no]}"
        raise EstateError([Problem(None, "this estate does not say what a record is looked for by", expected)])
    return find(estate, text, ask, budget)


def named_record(estate: Estate, text: str) -> dict[FieldName, Value]:
    """The key that `ENTITY/KEY` names; of a key of several fields, `ENTITY/FIRST/SECOND`.

    The entity is named as `entity_named` takes it. Raises UnknownName, EstateError.
    """
    name, _, written = text.partition("/")
    entity = entity_named(estate, name)
    if not entity.key:
        expected = "an entity whose contract names its key"
        raise EstateError([Problem(None, f"the contract of {entity.full_name} names no key", expected)])
    parts = [written] if len(entity.key) == 1 else written.split("/")
    if len(parts) != len(entity.key) or "" in parts:
        expected = f"{entity.full_name}/{'/'.join(part.upper() for part in entity.key)}"
        raise EstateError([Problem(None, "this is no key of a record", expected)])
    values = {name: asked_value(entity.fields[name], part) for name, part in zip(entity.key, parts, strict=True)}
    return subject(entity, values)
