"""The workers of one reading of an estate: started when they are needed, up to a limit, ended when they do not answer."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING

from ..documents.variables import NO_VARIABLES
from .answer import WebAnswer, later_answer, problem_answer
from .worker import LENGTH_BYTES, Greeting, frame_length, framed, work

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from multiprocessing.context import SpawnProcess
    from pathlib import Path

    from ..documents.variables import Variables
    from .answer import WebQuestion
    from .kept import AttemptPlace
    from .limits import Limits

_BUSY_SECONDS = 10
"""After these seconds a client asks again whom no worker answered in time."""


@dataclass(eq=False, slots=True)
class _Worker:
    process: SpawnProcess
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    _greeting: asyncio.Task[Greeting] | None = None

    async def ready(self) -> Greeting:
        """Wait until it has read the estate; many may. Raises EOFError where the process has ended."""
        if self._greeting is None:
            self._greeting = asyncio.create_task(self._greeted())
        return await asyncio.shield(self._greeting)

    async def _greeted(self) -> Greeting:
        told = json.loads(await self._read())
        names = {name: tuple(told[name]) for name in ("read", "teams")}
        kinds = {language: tuple(each) for language, each in told["kinds"].items()}
        return Greeting(told["has_estate"], told["problems"], title=told["title"], kinds=kinds, **names)

    async def answer(self, question: WebQuestion) -> WebAnswer:
        """Raises EOFError where the process has ended."""
        self.writer.write(framed(json.dumps(asdict(question)).encode()))
        return WebAnswer(**json.loads(await self._read()))

    async def _read(self) -> bytes:
        try:
            return await self.reader.readexactly(frame_length(await self.reader.readexactly(LENGTH_BYTES)))
        except OSError:
            raise EOFError from None

    def end(self) -> None:
        """End the process, whatever it does."""
        if self._greeting is not None:
            self._greeting.cancel()
        self.writer.close()
        self.process.kill()
        self.process.join()


class _StillStarting(Exception):
    """A worker has not read the estate yet."""


class Workers:
    """Answers questions about the estate of a folder. Of one event loop."""

    def __init__(
        self,
        folder: Path,
        limits: Limits,
        variables: Variables = NO_VARIABLES,
        attempts: AttemptPlace | None = None,
        has_desk: bool = False,  # noqa: FBT001, FBT002 - it travels to the workers as it is
    ) -> None:
        self._folder = folder
        self._has_desk = has_desk
        self._attempts = attempts
        self._variables = variables
        self._limits = limits
        self._free = asyncio.Semaphore(limits.workers)
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._is_retired = False

    async def greeting(self) -> Greeting:
        """What a worker has read, however long that takes. Raises EOFError where it has ended meanwhile.

        At a desk all workers start, and are waited for: nobody on the telephone waits for one that is still reading.
        """
        started = [await self._start() for _ in range(self._limits.workers if self._has_desk else 1)]
        self._idle += started  # whoever asks meanwhile waits for the same
        greetings = [await worker.ready() for worker in started]
        return greetings[0]

    async def apart(self, question: WebQuestion) -> WebAnswer:
        """The answer of a worker of its own, which nobody else waits for, however long it takes.

        Raises EOFError where the worker has ended before.
        """
        worker = await self._start()
        try:
            await worker.ready()
            return await worker.answer(question)
        finally:
            self._end(worker)

    def retire(self) -> None:
        """Take no more questions: those that are being answered are answered to their end."""
        self._is_retired = True
        for worker in self._idle:
            self._end(worker)
        self._idle.clear()

    async def ask(self, question: WebQuestion, is_unwanted: Callable[[], Awaitable[bool]] | None = None) -> WebAnswer:
        """The answer of a worker that is free; 503 where none is free, or answers, in time.

        `is_unwanted`: whether the client has gone, asked when a worker is free.
        """
        seconds = self._limits.answer_seconds
        try:
            async with asyncio.timeout(seconds):
                await self._free.acquire()
            try:
                if is_unwanted is not None and await is_unwanted():
                    return problem_answer("the client has gone", 503)
                return await self._ask(question)
            finally:
                self._free.release()
        except TimeoutError:
            return later_answer(f"not answered within {seconds:g} seconds", _BUSY_SECONDS)

    async def _ask(self, question: WebQuestion) -> WebAnswer:
        worker = self._idle.pop() if self._idle else await self._start()
        try:
            await self._readiness(worker)
            async with asyncio.timeout(self._limits.answer_seconds):
                answer = await worker.answer(question)
        except _StillStarting:
            return later_answer("the estate is still being read; ask again")
        except EOFError:
            self._end(worker)
            return later_answer("the worker that was to answer has ended; ask again")
        except BaseException:  # nobody waits for the answer any longer
            self._end(worker)
            raise
        if answer.last:
            self._end(worker)
        else:
            self._put_back(worker)
        return answer

    def _put_back(self, worker: _Worker) -> None:
        if self._is_retired:
            self._end(worker)
        else:
            self._idle.append(worker)

    async def _readiness(self, worker: _Worker) -> None:
        """Wait for a worker that starts; where that takes too long, it goes on, and the next question finds it further."""
        try:
            async with asyncio.timeout(self._limits.answer_seconds):
                await worker.ready()
        except TimeoutError:
            self._put_back(worker)
            raise _StillStarting from None

    def end(self) -> None:
        """End all workers."""
        for worker in list(self._all):
            self._end(worker)

    async def _start(self) -> _Worker:
        ours, theirs = socket.socketpair()
        limits, attempts = self._limits, self._attempts
        arguments = (str(self._folder), self._variables, theirs, limits.worker_bytes, attempts, self._has_desk)
        process = get_context("spawn").Process(target=work, args=arguments, daemon=True)
        with theirs, _ignored(signal.SIGINT):
            process.start()
        reader, writer = await asyncio.open_connection(sock=ours)
        worker = _Worker(process, reader, writer)
        self._all.add(worker)
        return worker

    def _end(self, worker: _Worker) -> None:
        self._all.discard(worker)
        worker.end()


@contextmanager
def _ignored(number: signal.Signals) -> Iterator[None]:
    """In the block, a signal is ignored, also by processes that are started there, until they say otherwise."""
    before = signal.signal(number, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(number, before)
