"""An estate that is always answered from: files that change are read, and judged, beside the answers that go on.

Workers answer from one reading of the files. After a change, workers of the new reading are started, and take over once
they have read it; where it cannot be read, those of the last good one go on. Pages are judged by a process of their own.
Whatever is answered from an older state says so, and since when.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from ..documents.variables import NO_VARIABLES
from ..sentences.speech import speech, value_words
from .answer import WebAnswer, WebQuestion, later_answer, problem_answer
from .watched import file_stamps, has_changed
from .workers import Workers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from pathlib import Path

    from ..documents.local_text import SpokenLanguage
    from ..documents.variables import Variables
    from .kept import AttemptPlace
    from .limits import Limits
    from .watched import FileStamps
    from .worker import Greeting

_LOG = logging.getLogger("fieldline.web")


@dataclass(frozen=True, slots=True)
class SitePages:
    """The pages of one reading."""

    by_name: Mapping[str, str]
    missing: str
    """The page in place of one that there is not."""
    judged: datetime
    findings: Sequence[Mapping[str, str]] = ()
    """What the check has found: the rule, the fields that it is about with blanks between them, the fingerprint."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Files that cannot be read, though those before them could."""

    problems: int
    page: str
    """The problems, as a page."""


class _Reading:
    """One reading of the files, and the workers that have it."""

    def __init__(self, stamps: FileStamps, workers: Workers) -> None:
        self.stamps = stamps
        self.workers = workers
        self.greeting: Greeting | None = None
        """What was read; None: it is still being read."""
        self.has_ended = False
        """Whether the worker that was to read them has ended before."""

    @property
    def has_estate(self) -> bool:
        """Whether the files were read, and there is no problem."""
        return self.greeting is not None and self.greeting.has_estate

    @property
    def read(self) -> tuple[str, ...] | None:
        """The files that it was read from; None: it is still being read, or any file may cure its problems."""
        return self.greeting.read if self.greeting is not None and self.greeting.has_estate else None

    def is_outdated(self, now: FileStamps, supposed: tuple[str, ...] | None = None) -> bool:
        """Whether the files are others by now. `supposed`: those that it is likely read from, while it is being read."""
        return has_changed(self.stamps, now, supposed if self.greeting is None else self.read)


class LiveEstate:
    """Answers questions about the estate of a folder, as it was when it was last read whole. Of one event loop."""

    def __init__(
        self,
        folder: Path,
        limits: Limits,
        variables: Variables = NO_VARIABLES,
        attempts: AttemptPlace | None = None,
        *,
        has_desk: bool = False,
    ) -> None:
        """`has_desk`: its pages link to the desk."""
        self._folder = folder
        self._limits = limits
        self._arguments = (folder, limits, variables, attempts, has_desk)
        self._current = self._begun(file_stamps(folder))
        self._next: _Reading | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._judging: asyncio.Task[None] | None = None
        self._has_pages = asyncio.Event()
        self._unjudged: WebAnswer | None = None
        self._looked = float("-inf")
        self._behind_since: float | None = None
        self._pages_behind_since: float | None = None
        self.pages: SitePages | None = None
        """The pages of the last reading that was judged; None: none was yet."""
        self._unread: Unread | None = None
        self.cost: Callable[[str, SpokenLanguage], Awaitable[str]] | None = None
        """What a page is about has cost until now, as a part of the page in a language; None: nobody counts."""

    def start(self) -> None:
        """Read the files, before anybody asks."""
        self._run(self._read(self._current))

    def end(self) -> None:
        """End all workers."""
        for task in (*self._tasks, *([self._judging] if self._judging else [])):
            task.cancel()
        for reading in (self._current, self._next):
            if reading is not None:
                reading.workers.end()

    # ------------------------------------------------------------------------------------------------------ answers

    async def ask(self, question: WebQuestion, is_unwanted: Callable[[], Awaitable[bool]] | None = None) -> WebAnswer:
        """The answer of a worker, from the last good reading. `is_unwanted`: whether the client has gone."""
        await self._look()
        return await self._current.workers.ask(question, is_unwanted)

    async def page(self, name: str, language: SpokenLanguage = "en") -> WebAnswer:
        """A page by the name that `docs` gives its file, of the last reading that was judged.

        `language`: of what it has cost, which whoever asks reads; the page itself is in English.

        503 where none was judged in time, or the estate cannot be read and never could.
        """
        await self._look()
        if self.pages is None and not await self._first_pages():
            return self._unjudged or later_answer("the estate is still being judged; ask again")
        pages = self.pages
        if pages is None:
            return await self._current.workers.ask(WebQuestion("problems", ""))
        text = pages.by_name.get(name or "index.html")
        status, text = (HTTPStatus.NOT_FOUND, pages.missing) if text is None else (HTTPStatus.OK, text)
        notice = self._notice(pages)
        cost = "" if self.cost is None or status != HTTPStatus.OK else await self.cost(name, language)
        line = "" if notice is None else f'<p class="note" role="status">{notice}</p>'
        return WebAnswer(status, _on_top(text, f"{line}{cost}"))

    async def problems(self) -> Unread | None:
        """What keeps the files from being read as they are now; None: nothing does, or nobody has tried yet."""
        await self._look()
        return self._unread

    async def _first_pages(self) -> bool:
        """Wait for the first pages, or for the problems that prevent them, for as long as an answer may take."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limits.answer_seconds):
                await self._has_pages.wait()
        return self._has_pages.is_set() and self._unjudged is None

    @property
    def age(self) -> int | None:
        """For how many seconds the files have been others than those that answers are from; None: they are the same."""
        return self._seconds_since(self._behind_since)

    @property
    def pages_age(self) -> int | None:
        """The same of the pages, which are judged after the files were read."""
        return self._seconds_since(self._pages_behind_since or self._behind_since)

    def _seconds_since(self, moment: float | None) -> int | None:
        return None if moment is None else max(1, round(asyncio.get_running_loop().time() - moment))

    def _notice(self, pages: SitePages) -> str | None:
        if self.pages_age is None:
            return None
        words = speech("en")
        when = value_words(words, pages.judged)
        if self._unread is not None:
            number = self._unread.problems
            how_many = f" ({number} problem{'' if number == 1 else 's'} to fix)" if number else ""
            state = f"cannot be read{how_many}"
            return f'This is the state of {when}. The files have changed since, and <a href="/problems">{state}</a>.'
        if self._unjudged is not None:
            return f"This is the state of {when}. The files have changed since, and could not be judged."
        return f"This is the state of {when}. The files have changed since; they are being judged."

    @property
    def is_read(self) -> bool:
        """Whether there is an estate to answer from."""
        return self._current.has_estate

    @property
    def title(self) -> str:
        """Of the estate that answers; a word of ours, where none was read yet."""
        greeting = self._current.greeting
        return greeting.title if greeting is not None and greeting.title else "Fieldline"

    @property
    def findings(self) -> Sequence[Mapping[str, str]]:
        """What the last check has found, by place; none where there was none yet."""
        return () if self.pages is None else self.pages.findings

    def kinds(self, language: SpokenLanguage) -> tuple[str, ...]:
        """What a record is looked for by."""
        greeting = self._current.greeting
        return () if greeting is None else greeting.kinds.get(language, ())

    @property
    def teams(self) -> tuple[str, ...]:
        """The teams that repair something."""
        greeting = self._current.greeting
        return () if greeting is None else greeting.teams

    # ------------------------------------------------------------------------------------------------------ readings

    async def _look(self) -> None:
        """See whether a file has changed, where nobody has looked just now."""
        clock = asyncio.get_running_loop().time
        if clock() - self._looked < _SECONDS_BETWEEN_LOOKS:
            return
        self._looked = clock()
        for reading in (self._current, self._next):
            if reading is not None and reading.has_ended:
                reading.has_ended = False
                self._run(self._read(reading))
        try:
            now = await asyncio.to_thread(file_stamps, self._folder)
        except OSError:
            return  # the folder is being moved: the next look sees more
        if not self._current.is_outdated(now):
            self._behind_since = self._unread = None
            self._drop_next()
            return
        if self._behind_since is None:
            self._behind_since = clock()
        if self._next is None or self._next.is_outdated(now, self._current.read):
            self._drop_next()
            self._next = self._begun(now)
            self._run(self._read(self._next))

    def _drop_next(self) -> None:
        if self._next is not None:
            self._next.workers.end()
            self._next = None

    def _begun(self, stamps: FileStamps) -> _Reading:
        return _Reading(stamps, Workers(*self._arguments))

    async def _read(self, reading: _Reading) -> None:
        try:
            greeting = await reading.workers.greeting()
        except EOFError:
            reading.has_ended = True  # the next look starts another worker
            return
        if reading is not self._current and reading is not self._next:
            return
        reading.greeting = greeting
        if reading is self._next and not greeting.has_estate and self._current.has_estate:
            problems = await reading.workers.ask(WebQuestion("problems", ""))
            reading.workers.retire()
            if reading is self._next:
                self._unread = Unread(greeting.problems, problems.text)
            return
        if reading is self._next:
            self._current.workers.retire()
            self._current, self._next = reading, None
            self._pages_behind_since = self._pages_behind_since or self._behind_since
            self._behind_since = self._unread = None
        self._judge(reading)

    def _judge(self, reading: _Reading) -> None:
        if self._judging is not None:
            self._judging.cancel()
        if not reading.has_estate:  # there never was a good one
            self._has_pages.set()
            return
        if self.pages is None:
            self._has_pages.clear()
        self._judging = asyncio.create_task(self._judged(reading))

    async def _judged(self, reading: _Reading) -> None:
        started = datetime.now(UTC)
        try:
            answer = await reading.workers.apart(WebQuestion("pages", ""))
        except EOFError:
            answer = problem_answer("the process that judged the estate has ended; change a file to try again", 503)
        if answer.status == HTTPStatus.OK:
            told = json.loads(answer.text)
            self.pages, self._unjudged = SitePages(told["pages"], told["missing"], started, told["findings"]), None
            self._pages_behind_since = None
        else:
            _LOG.error("the estate was not judged: %s", answer.text)
            self._unjudged = answer
        self._judging = None
        self._has_pages.set()

    def _run(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


_SECONDS_BETWEEN_LOOKS = 0.5
_TOP = re.compile(r'<body>(?:\s*<a class="skip"[^>]*>[^<]*</a>)?')
"""The folder is looked at for a question, at most so often."""


def _on_top(page: str, part: str) -> str:
    """A page of ours with something on top, behind the link that skips to the content."""
    return _TOP.sub(lambda top: f"{top[0]}\n{part}", page, count=1) if part else page
