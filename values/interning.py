"""Objects of the engine, one for all equal ones, and cached answers about them.

Equal languages, atoms, sets and machines are one object, in tables with weak references: an object without other
references dies. An answer about several of them is kept by the youngest and dies with it; so no cache keeps an object
alive that its host has released.

    [a-z]*  (serial 7)      <-----  [a-z]* - [a-m]*  (serial 9)
                                    answers: {(is included, 7, 9): no}

Threads may share every table. Finding or creating an object is one step under one lock, the same for all tables,
because serial numbers are unique across them; a lookup needs no lock. A cached attribute of an object is computed from
shared objects alone, so two threads that compute it at once get equal results and either may be kept. Nothing relies on
a global interpreter lock for more than a single operation of a `dict`, a `deque` or an attribute, which free-threaded
builds make atomic, too; the tests run eight threads on the interpreter at hand, not on such a build.
"""

from __future__ import annotations

import gc
from collections import deque
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count
from operator import attrgetter
from threading import RLock
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar
from weakref import WeakValueDictionary, ref

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

_lock = RLock()
# Reentrant: a thread that has it may collect an object whose foreign finalizer calls the engine.
_serials = count()

S = TypeVar("S", bound="Shared")
_K = TypeVar("_K", bound="Hashable")
_T = TypeVar("_T")


class Shared:
    """An object that stands for all equal ones. It belongs to this process: it is neither copied nor pickled."""

    __slots__ = ("__weakref__", "answers", "serial")

    serial: int
    # Invariant: unique, ascending in creation order. Operands are ordered by it alone, so a run is repeatable.
    answers: dict[tuple[Answers[Any], Hashable], Any] | None
    # The answers that `Answers` keep about it; None: none so far.

    def __reduce__(self) -> NoReturn:
        reject_copy(self)


def reject_copy(shared: object) -> NoReturn:
    """Reject a copy or a pickle. Raises TypeError."""
    raise TypeError(f"a {type(shared).__name__} is shared within one process: it can be neither copied nor pickled")


def numbered(shared: S) -> S:
    """Give a new object its serial number."""
    with _lock:
        shared.serial = next(_serials)
    shared.answers = None
    return shared


_kept: ContextVar[deque[Shared] | None] = ContextVar("kept", default=None)
_MOST_KEPT = 20_000


@contextmanager
def keeping() -> Iterator[None]:
    """Inside, new objects stay alive, so that one question finds the work of another; the oldest of very many do not.

    They are let go of at the end, and each thread and each task keeps its own.
    """
    if _kept.get() is not None:
        yield
        return
    token = _kept.set(deque(maxlen=_MOST_KEPT))
    try:
        yield
    finally:
        _kept.reset(token)


@contextmanager
def without_collection() -> Iterator[None]:
    """Without garbage collection: a question makes millions of objects and hardly a cycle, and collection costs a third."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Interned(Generic[_K, S]):
    """A table with one object for each key, while the object has other references."""

    def __init__(self) -> None:
        self._table: WeakValueDictionary[_K, S] = WeakValueDictionary()
        self.get = self._table.get
        """The object with a key; None where there is none at present."""

    def share(self, key: _K, make: Callable[[], S]) -> S:
        """The object with a key: the present one, else a new `numbered` one, complete before another thread can see it."""
        with _lock:
            known = self._table.get(key)
            if known is None:
                known = self._table[key] = make()
                kept = _kept.get()
                if kept is not None:
                    kept.append(known)
            return known


UNANSWERED: Any = object()
"""Stands for an answer that is not known yet."""
_by_serial = attrgetter("serial")


def youngest(*subjects: Shared) -> Shared:
    """The object that was made last."""
    return max(subjects, key=_by_serial)


class Answers(Generic[_T]):
    """The answers to one kind of question, each kept by the youngest object that it is about."""

    def __init__(self, most: int) -> None:
        """`most`: the number kept in all; beyond it the oldest are dropped."""
        self._most = most
        self._kept: deque[tuple[ref[Shared], tuple[Answers[_T], Hashable]]] = deque()

    def known(self, keeper: Shared, key: Hashable) -> _T:
        """The cached answer, or UNANSWERED.

        The key names the other objects by their serials, which are never reused, and contains plain data besides.
        """
        answers = keeper.answers
        known: _T = UNANSWERED if answers is None else answers.get((self, key), UNANSWERED)
        return known

    def of(self, keeper: Shared, key: Hashable, work: Callable[[], _T]) -> _T:
        """The answer, cached or computed now."""
        known = self.known(keeper, key)
        return self.keep(keeper, key, work()) if known is UNANSWERED else known

    def keep(self, keeper: Shared, key: Hashable, answer: _T) -> _T:
        """Cache an answer; returns the cached one: another thread may have been quicker."""
        question = (self, key)
        with _lock:
            if keeper.answers is None:
                keeper.answers = {}
            elif question in keeper.answers:
                first: _T = keeper.answers[question]
                return first
            keeper.answers[question] = answer
            self._kept.append((ref(keeper), question))
            while len(self._kept) > self._most:
                oldest, forgotten = self._kept.popleft()
                holder = oldest()
                if holder is not None and holder.answers is not None:
                    holder.answers.pop(forgotten, None)
        return answer
