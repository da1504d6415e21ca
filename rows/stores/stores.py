"""All stores of an estate: asked at the same time, each within its own time."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from threading import Condition, Thread
from time import monotonic
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from ...checker.diff.stored_rows import Unreadable
from ...checker.record.asking import NotReachable, StillAsked
from ...checker.record.keys import identifying
from ...contracts.store import FileStore, FixedWidthStore, HttpStore, TableStore

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ...checker.record.asking import FoundRecords, StoreAnswer, StoreQuestion
    from ...contracts.model import Entity
    from ...documents.names import EntityName
    from ...estate.load import Estate


_SHARE = 0.8
"""A store is waited for this share of its seconds: the rest is for other questions, and for what is made of the answers."""

_GRACE = 0.1
"""So long the others are waited for once one store has answered: what it says may lead to further questions."""

_T = TypeVar("_T")


class RecordStore(Protocol):
    """One store, which is only read. Every method raises Unreadable, whose message holds no value."""

    def find(self, question: StoreQuestion, /) -> FoundRecords:
        """The records that a question asks for."""

    def fields(self) -> Sequence[str]:
        """The fields, by their own names, that it has."""

    def prepare(self, names: Sequence[str], /) -> None:
        """Make what questions about these fields need, where that is ours to make. Takes as long as it takes."""

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
        self._estate = estate
        self._answered = Condition()
        self._tasks: dict[int, _Task[StoreAnswer]] = {}
        """By the identity of a question that is still asked, the work on it."""
        self._hanging: dict[EntityName, _Task[StoreAnswer]] = {}
        """Work that took too long: while it runs, its store is not asked again."""

    def ask(self, questions: Sequence[StoreQuestion]) -> list[StoreAnswer]:
        """Ask all questions at the same time; the answers are in their order.

        Where some stores have answered and others take longer, these are *still asked*: who asks the same questions again
        waits for them, and may ask others meanwhile. So stores that hang cost the time of one, whenever they are asked.
        """
        begun = monotonic()
        tasks = [self._task(question) for question in questions]
        with self._answered:
            while open_ones := [task for task in tasks if task.is_open]:
                some_answered = len(open_ones) < len(tasks)
                left = min(task.ends for task in open_ones) - monotonic()
                if some_answered:
                    left = min(left, begun + _GRACE - monotonic())
                    if left <= 0:
                        break
                self._answered.wait(max(0.0, left))
        return [self._taken(question, task) for question, task in zip(questions, tasks, strict=True)]

    def prepare(self) -> None:
        """Look at the files before somebody asks: what is wrong with one is told then."""
        for name, store in self._opened.items():
            entity = self._estate.contracts.entities[name]
            with suppress(Unreadable):
                store.prepare(
                    list(dict.fromkeys(each for names in looked_for_by(self._estate, entity) for each in names))
                )

    def _task(self, question: StoreQuestion) -> _Task[StoreAnswer]:
        """The work on a question: that which was begun before, or a new one."""
        task = self._tasks.get(id(question))
        if task is None:
            entity = question.entity
            hanging = self._hanging.get(entity.full_name)
            work = partial(self.of(entity).find, question) if hanging is None or not hanging.is_running else None
            task = self._tasks[id(question)] = _Task(work, store_seconds(entity), self._answered)
        return task

    def _taken(self, question: StoreQuestion, task: _Task[StoreAnswer]) -> StoreAnswer:
        if task.is_open:
            return StillAsked()
        self._tasks.pop(id(question), None)
        if task.is_running:
            self._hanging[question.entity.full_name] = task
        return task.result()

    def of(self, entity: Entity) -> RecordStore:
        """The store of an entity that has one."""
        return self._opened[entity.full_name]


def looked_for_by(estate: Estate, entity: Entity) -> list[tuple[str, ...]]:
    """The fields that records of an entity are looked for by: by all of each tuple."""
    find = (name for each in estate.directory.find for name in each.fields)
    return [*identifying(entity), *((name.field,) for name in find if name.entity_name == entity.full_name)]


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


class _Task(Generic[_T]):
    """Work in a thread of its own, which has its seconds. One that takes longer is left behind, and dies with the process.

    The drivers have limits of their own, too; some of them do not hold in every wait (see `formats.clock`).
    """

    def __init__(self, work: Callable[[], _T] | None, seconds: int, done: Condition) -> None:
        """`work`: None where nobody is asked, because the last answer is still not there. `done` is told the end."""
        self.ends = monotonic() + (0 if work is None else seconds * _SHARE)
        self.is_running = work is not None
        self._seconds = seconds
        self._answer: _T | NotReachable | None = None
        self._bug: BaseException | None = None
        if work is not None:
            Thread(target=self._run, args=(work, done), daemon=True).start()

    def _run(self, work: Callable[[], _T], done: Condition) -> None:
        try:
            self._answer = work()
        except Unreadable as error:
            self._answer = NotReachable(error.message)
        except BaseException as error:  # noqa: BLE001 - raised again where somebody waits for it
            self._bug = error
        with done:
            self.is_running = False
            done.notify_all()

    @property
    def is_open(self) -> bool:
        """Whether an answer may still come in time."""
        return self.is_running and monotonic() < self.ends

    def result(self) -> _T | NotReachable:
        """The answer, or that it did not come in time. Raises what is a bug, or a missing package."""
        if self._bug is not None:
            raise self._bug
        if self._answer is not None and not self.is_running:
            return self._answer
        return NotReachable(
            f"it did not answer in its time ({self._seconds} second{'' if self._seconds == 1 else 's'})"
        )


def at_the_same_time(works: Sequence[tuple[Callable[[], _T], int]]) -> list[_T | NotReachable]:
    """What each work gives within its seconds."""
    done = Condition()
    tasks = [_Task(work, seconds, done) for work, seconds in works]
    with done:
        while open_ones := [task for task in tasks if task.is_open]:
            done.wait(max(0.0, min(task.ends for task in open_ones) - monotonic()))
    return [task.result() for task in tasks]
