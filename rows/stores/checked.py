"""The stores of an estate, looked at before somebody needs them: which answer, what they lack, which index would help."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from ...checker.record.asking import NotReachable
from .stores import Stores, at_the_same_time, looked_for_by, store_seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...contracts.model import Entity
    from ...estate.load import Estate
    from .stores import RecordStore


@dataclass(frozen=True, slots=True)
class CheckedStore:
    """One store."""

    entity: Entity
    unreachable: str | None
    """Why it does not answer; None: it does."""
    missing: tuple[str, ...] = ()
    """The fields of the entity, by their own names, that it does not hold."""
    unindexed: tuple[tuple[str, ...], ...] = ()
    """Fields that records are looked for by, and that no index begins with: every search reads the whole table."""

    @property
    def place(self) -> str:
        """The table or file, in words."""
        return "" if self.entity.store is None else str(self.entity.store.place)

    @property
    def missing_key(self) -> tuple[str, ...]:
        """The fields of the key that it does not hold: no record can be asked for."""
        return tuple(name for name in self.entity.key if name in self.missing)

    @property
    def is_well(self) -> bool:
        """Whether a record can be asked for, and is found quickly."""
        return self.unreachable is None and not self.missing_key and not self.unindexed and bool(self.entity.key)


@dataclass(frozen=True, slots=True)
class StoresAnswer:
    """All stores of an estate."""

    estate: Estate
    stores: tuple[CheckedStore, ...]
    """In the order of the contracts."""
    without: tuple[Entity, ...]
    """The entities that have none."""

    @property
    def is_well(self) -> bool:
        """Whether every store answers, with what is needed to ask it."""
        return all(store.is_well for store in self.stores)


def checked_stores(estate: Estate) -> StoresAnswer:
    """Look at every store, all at the same time."""
    opened = Stores(estate)
    entities = [entity for entity in estate.contracts.entities.values() if entity.store is not None]
    tasks = [
        (partial(_checked, entity, opened.of(entity), looked_for_by(estate, entity)), store_seconds(entity))
        for entity in entities
    ]
    answers = at_the_same_time(tasks)
    stores = tuple(
        CheckedStore(entity, answer.reason) if isinstance(answer, NotReachable) else answer
        for entity, answer in zip(entities, answers, strict=True)
    )
    without = tuple(entity for entity in estate.contracts.entities.values() if entity.store is None)
    return StoresAnswer(estate, stores, without)


def _checked(entity: Entity, store: RecordStore, sought: Sequence[tuple[str, ...]]) -> CheckedStore:
    held = store.fields()
    missing = tuple(name for name in entity.fields if name not in held)
    indexes = store.indexed()
    unindexed = (
        ()
        if indexes is None
        else tuple(
            names for names in dict.fromkeys(sought) if not set(names) & set(missing) and not _helps(names, indexes)
        )
    )
    return CheckedStore(entity, None, missing, unindexed)


def _helps(names: Sequence[str], indexes: Sequence[tuple[str, ...]]) -> bool:
    """Whether an index begins with one of the fields, and has no other before it."""
    return any(index[:1] and index[0] in names for index in indexes)
