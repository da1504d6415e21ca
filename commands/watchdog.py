"""A clock that ends a command whose question takes very much longer than any counted work can.

It gives no verdict: an answer depends on counted work alone. It runs out only where the counting itself is wrong, so
what it reports is a bug.
"""

import os
import signal
from types import FrameType

_SECONDS = 300
"""Seconds of CPU for one question at effort 1; the dearest one takes 2 on a computer of 2020."""
_VARIABLE = "FIELDLINE_WATCHDOG"


class Overrun(BaseException):
    """A question took longer than it ever should; no handler of errors catches this."""

    def __init__(self, question: str, seconds: float) -> None:
        super().__init__(question, seconds)
        self.question = question
        self.seconds = seconds

    def __str__(self) -> str:
        return (
            f"internal error: a question is not answered within {self.seconds:g} s of CPU: {self.question}. Counted work "
            "should have ended it long before. This is a bug in Fieldline, not in your estate, and there is no verdict. "
            "Please report it, with the contracts and flows of these fields: CONTRIBUTING.md explains how."
        )


class Watchdog:
    """Sets a timer of the process's CPU for each question, in this process and in those forked from it.

    Without such timers (on Windows) it does nothing.
    """

    def __init__(self, limit: float) -> None:
        """`limit`: seconds of CPU for one question."""
        self._limit = limit if hasattr(signal, "setitimer") else 0.0
        self._question: tuple[object, ...] = ()
        if self._limit:
            signal.signal(signal.SIGPROF, self._bark)
            signal.siginterrupt(signal.SIGPROF, False)

    def begin(self, question: tuple[object, ...]) -> None:
        """A question begins."""
        self._question = question
        if self._limit:
            signal.setitimer(signal.ITIMER_PROF, self._limit)

    def end(self) -> None:
        """It has been answered: no timer runs on, which would end the process once Python no longer handles signals."""
        if self._limit:
            signal.setitimer(signal.ITIMER_PROF, 0.0)

    def _bark(self, _signal: int, _frame: FrameType | None) -> None:
        raise Overrun("".join(map(_in_words, self._question)), self._limit)


def _in_words(part: object) -> str:
    return ", ".join(map(str, part)) if type(part) is tuple else str(part)


def watch(effort: int) -> None:
    """Watch the questions of this command. The variable FIELDLINE_WATCHDOG may give other seconds than 300.

    Raises ValueError where it gives no positive number.
    """
    from ..values.question import watched_by

    given = os.environ.get(_VARIABLE)
    try:
        seconds = float(given) if given else float(_SECONDS)
    except ValueError:
        seconds = 0
    if not 0 < seconds < float("inf"):
        message = f"the environment variable {_VARIABLE} is not a number of seconds above 0"
        raise ValueError(message)
    watched_by(Watchdog(seconds * effort))
