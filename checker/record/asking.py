"""Questions to stores, and what they answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from ...contracts.model import Entity
    from ...values.valueset import Value

HeldValues: TypeAlias = "Mapping[str, Value]"
"""What a store holds of a record, by the own names of its fields. A field that the store lacks is left out; a value that is
none of the field's type is the text that it reads as."""

MOST_RECORDS = 20
"""So many records are read for one question: more of them are not one record."""


@dataclass(frozen=True, slots=True)
class StoreQuestion:
    """Which records of an entity hold some values."""

    entity: Entity
    """It has a store."""
    where: Mapping[str, tuple[Value, ...]]
    """Fields by their own names: a record holds in each of them one of its values."""
    alike: bool = False
    """Whether texts that differ in case alone, or in blanks at their ends, are found as well."""


@dataclass(frozen=True, slots=True)
class FoundRecords:
    """A store has answered."""

    records: tuple[HeldValues, ...]
    """At most MOST_RECORDS of them."""
    more: bool = False
    """Whether there are more."""


@dataclass(frozen=True, slots=True)
class NotReachable:
    """A store has not answered: nothing is known of what it holds."""

    reason: str
    """Without a full stop, and without a value."""


@dataclass(frozen=True, slots=True)
class StillAsked:
    """A store takes longer than others, and may answer yet: the same question is to be asked again."""


StoreAnswer: TypeAlias = FoundRecords | NotReachable | StillAsked
AskStores: TypeAlias = Callable[[Sequence[StoreQuestion]], Sequence[StoreAnswer]]
"""Asks stores, all at the same time; the answers are in the order of the questions."""


def answered(ask: AskStores, questions: Sequence[StoreQuestion]) -> list[FoundRecords | NotReachable]:
    """The answers to all questions, however long some take."""
    answers: dict[int, FoundRecords | NotReachable] = {}
    while left := [place for place in range(len(questions)) if place not in answers]:
        given = zip(left, ask([questions[place] for place in left]), strict=True)
        answers |= {place: answer for place, answer in given if not isinstance(answer, StillAsked)}
    return [answers[place] for place in range(len(questions))]
