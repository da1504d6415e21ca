"""All stores of an estate: asked at the same time, each within its own time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, Protocol, TypeVar

from ...checker.diff.stored_rows import Unreadable
from ...checker.record.asking import NotReachable
from ...contracts.store import FileStore, FixedWidthStore, HttpStore, TableStore

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ...checker.record.asking import FoundRecords, StoreAnswer, StoreQuestion
    from ...contracts.model import Entity
    from ...documents.names import EntityName
    from ...estate.load import Estate


_SHARE = 0.8
"""A store is waited for this share of its seconds: the rest is for other questions, and for what is made of the answers."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Failed:
    """A bug, or a missing package: raised where somebody waits for the answer."""

    error: BaseException


class RecordStore(Protocol):
    """One store, which is only read. Every method raises Unreadable, whose message holds no value."""

    def find(self, question: StoreQuestion, /) -> FoundRecords:
        """The records that a question asks for."""

    def fields(self) -> Sequence[str]:
        """The fields, by their own names, that it has."""

    def indexed(self) -> list[tuple[str, ...]] | None:
        """The fields that each of its indexes begins with, in order; None: it is of a kind without indexes."""


class Stores:
    """The stores of an estate. May be asked again and again; each question opens its store anew."""

    def __init__(self, estate: Estate) -> None:
        """Imports what the kinds of store need: a missing extra is told before anything is asked."""
        self._opened: dict[EntityName, RecordStore] = {
            entity.full_name: _opened(estate, entity)
            for entity in estate.contracts.entities.values()
            if entity.store is not None
        }

    def ask(self, questions: Sequence[StoreQuestion]) -> list[StoreAnswer]:
        """Ask all questions at the same time; the answers are in their order."""
        return at_the_same_time(
            [(partial(self.of(each.entity).find, each), store_seconds(each.entity)) for each in questions]
        )

    def of(self, entity: Entity) -> RecordStore:
        """The store of an entity that has one."""
        return self._opened[entity.full_name]


def store_seconds(entity: Entity) -> int:
    """How long the store of an entity may take for an answer."""
    return 0 if entity.store is None else entity.store.seconds


def _opened(estate: Estate, entity: Entity) -> RecordStore:
    store = entity.store
    match None if store is None else store.place:
        case TableStore() as place if store is not None:
            from .table import RecordTable

            return RecordTable(entity, store, place, estate.variables)
        case FileStore() as place if store is not None:
            from .file import RecordFile

            return RecordFile(entity, store, place, estate.root)
        case FixedWidthStore() as place if store is not None:
            from .fixed_width import FixedWidthFile

            return FixedWidthFile(entity, store, place, estate.root)
        case HttpStore() as place if store is not None:
            from .service import RecordService

            return RecordService(entity, store, place, estate.variables)
        case _:
            message = f"{entity.full_name} has no store"
            raise ValueError(message)


def at_the_same_time(tasks: Sequence[tuple[Callable[[], _T], int]]) -> list[_T | NotReachable]:
    """What each task gives within its seconds. One that takes longer is left behind, and dies with the process.

    The drivers have limits of their own, too; some of them do not hold in every wait (see `formats.clock`).
    """
    answers: list[_T | NotReachable | _Failed | None] = [None] * len(tasks)

    def run(place: int) -> None:
        try:
            answers[place] = tasks[place][0]()
        except Unreadable as error:
            answers[place] = NotReachable(error.message)
        except BaseException as error:  # noqa: BLE001 - raised again where somebody waits for it
            answers[place] = _Failed(error)

    threads = [Thread(target=run, args=(place,), daemon=True) for place in range(len(tasks))]
    start = monotonic()
    for thread in threads:
        thread.start()
    for thread, (_, seconds) in zip(threads, tasks, strict=True):
        thread.join(max(0.0, start + seconds * _SHARE - monotonic()))
    whole: list[_T | NotReachable] = []
    for answer, (_, seconds) in zip(list(answers), tasks, strict=True):
        if isinstance(answer, _Failed):
            raise answer.error
        late = f"it did not answer in its time ({seconds} second{'' if seconds == 1 else 's'})"
        whole.append(NotReachable(late) if answer is None else answer)
    return whole
