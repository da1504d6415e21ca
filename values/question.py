"""The question that is being answered, announced to whoever watches.

Questions end by counted work (`budget`), never by a clock. A command watches them all the same, so that an error in the
counting ends the command with the question's name, and not in silence.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager


class Watch(Protocol):
    """Someone who is told of questions."""

    def begin(self, question: tuple[object, ...]) -> None:
        """A question begins; its parts, as texts one after the other, name it; a tuple is a list."""

    def end(self) -> None:
        """It has been answered."""


_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)
_is_open: ContextVar[bool] = ContextVar("is_open", default=False)


def watched_by(watch: Watch | None) -> None:
    """From now on, here and in processes forked from this one, questions are announced to this watch; None: to none."""
    _watch.set(watch)


_UNWATCHED = nullcontext()


def answering(*question: object) -> AbstractContextManager[None]:
    """Inside, the question is being answered. Questions that it asks in turn belong to it."""
    watch = _watch.get()
    return _UNWATCHED if watch is None or _is_open.get() else _announced(watch, question)


@contextmanager
def _announced(watch: Watch, question: tuple[object, ...]) -> Iterator[None]:
    token = _is_open.set(True)
    watch.begin(question)
    try:
        yield
    finally:
        watch.end()
        _is_open.reset(token)
