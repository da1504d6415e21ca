"""Objects of the engine that equal ones share, and the answers that are kept about them.

Equal languages, atoms, sets and machines are one object, found in tables that hold them weakly: what nobody else refers to
any more dies. An answer about several of them is kept by the youngest, whose death it cannot outlive; so nothing that is
kept to save work keeps an object alive that its host has let go of.

    [a-z]*  (serial 7)      <-----  [a-z]* - [a-m]*  (serial 9)
                                    answers: {(is included, 7, 9): no}

Threads may share every table. Creating and finding an object is one step under one lock, the same for all tables, because
serial numbers are unique across them; looking up takes no lock. Whatever is worked out later and kept in an object is
worked out from shared objects alone, so two threads that do it at once come to the same and either may be kept. Nothing
relies on a global interpreter lock for more than a single operation of a `dict`, a `deque` or an attribute, which
free-threaded builds make atomic, too; the tests run eight threads on the interpreter at hand, not on such a build.
"""

from __future__ import annotations

from collections import deque
from itertools import count
from operator import attrgetter
from threading import RLock
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar
from weakref import WeakValueDictionary, ref

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

_lock = RLock()
# Reentrant: while it is held an object may be collected whose finalizer, a stranger's, asks something of the engine.
_serials = count()

S = TypeVar("S", bound="Shared")
_K = TypeVar("_K", bound="Hashable")
_T = TypeVar("_T")


class Shared:
    """An object that equal ones share. It belongs to this process: it is neither copied nor pickled."""

    __slots__ = ("__weakref__", "answers", "serial")

    serial: int
    # Invariant: unique, ascending in creation order; the only thing that ordering of operands relies on, so a run is
    # repeatable.
    answers: dict[tuple[Answers[Any], Hashable], Any] | None
    # What `Answers` keep about it; None until there is something.

    def __reduce__(self) -> NoReturn:
        refuse_copy(self)


def refuse_copy(shared: object) -> NoReturn:
    """Refuse to copy or pickle. Raises TypeError."""
    raise TypeError(f"a {type(shared).__name__} is shared within one process: it can be neither copied nor pickled")


def numbered(shared: S) -> S:
    """A new object, given its serial number."""
    with _lock:
        shared.serial = next(_serials)
    shared.answers = None
    return shared


class Interned(Generic[_K, S]):
    """A table with one object for each key, as long as anybody refers to it."""

    def __init__(self) -> None:
        self._table: WeakValueDictionary[_K, S] = WeakValueDictionary()
        self.get = self._table.get
        """The object with a key; None where there is none at present."""

    def share(self, key: _K, make: Callable[[], S]) -> S:
        """The object with a key: the one there is, else a `numbered` one, made complete and only then seen by others."""
        with _lock:
            known = self._table.get(key)
            if known is None:
                known = self._table[key] = make()
            return known


UNANSWERED: Any = object()
"""Stands for the answer that nobody has worked out."""
_by_serial = attrgetter("serial")


def youngest(*subjects: Shared) -> Shared:
    """The one that was made last."""
    return max(subjects, key=_by_serial)


class Answers(Generic[_T]):
    """The answers to one kind of question, each kept by the youngest object that it is about."""

    def __init__(self, most: int) -> None:
        """`most`: so many are kept in all; then the oldest go."""
        self._most = most
        self._kept: deque[tuple[ref[Shared], tuple[Answers[_T], Hashable]]] = deque()

    def known(self, keeper: Shared, key: Hashable) -> _T:
        """The answer that is kept, or UNANSWERED.

        The key names the other objects by their serials, which are never used again, and holds plain data besides.
        """
        answers = keeper.answers
        known: _T = UNANSWERED if answers is None else answers.get((self, key), UNANSWERED)
        return known

    def of(self, keeper: Shared, key: Hashable, work: Callable[[], _T]) -> _T:
        """The answer, kept or worked out now."""
        known = self.known(keeper, key)
        return self.keep(keeper, key, work()) if known is UNANSWERED else known

    def keep(self, keeper: Shared, key: Hashable, answer: _T) -> _T:
        """Keep an answer; gives the one that is kept: another thread may have been quicker."""
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
