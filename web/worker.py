"""A worker: a process that reads the estate and answers one question at a time, within limits of its own.

The server itself holds no estate and judges nothing, so it answers and stops whatever a question takes; and a question that
takes too long, or too much memory, ends with its worker.

Questions and answers are documents of JSON, each behind its length (4 bytes, big-endian).
"""

from __future__ import annotations

import json
import logging
import os
import signal
import struct
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ..documents.local_text import LANGUAGE_NAMES
from ..sentences.titles import kind_title
from .answer import WebAnswer, WebQuestion, problem_answer
from .bugs import bug_line
from .logs import set_up_logs
from .pages import empty_form, traced_form, unread_page
from .reading import judged_pages, read_folder
from .repairs import repairs_of
from .validate import answer_record

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping

    from ..documents.local_text import SpokenLanguage
    from ..documents.variables import Variables
    from .answer import QuestionKind
    from .kept import AttemptPlace
    from .reading import Reading

_LENGTH = struct.Struct(">I")
_PATIENCE = 10
"""Added to the niceness of a process that judges the whole estate."""
_LOG = logging.getLogger("fieldline.web")


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a worker says once it has read the files."""

    has_estate: bool
    """Whether there is an estate, and no problem."""
    problems: int = 0
    read: tuple[str, ...] = ()
    """The files that were read, by their names relative to the folder."""
    title: str = ""
    """Of the estate."""
    kinds: Mapping[SpokenLanguage, tuple[str, ...]] = field(default_factory=dict)
    """What a record is looked for by, by language."""
    teams: tuple[str, ...] = ()
    """The teams that repair something."""


_ANSWERS: Mapping[QuestionKind, Callable[[Reading, WebQuestion], WebAnswer]] = {
    "pages": judged_pages,
    "problems": unread_page,
    "form": empty_form,
    "trace": traced_form,
    "record": answer_record,
}


_TOO_MUCH = replace(problem_answer("this takes more memory than a question may have", 503), last=True)


def work(
    folder: str,
    variables: Variables,
    channel: socket.socket,
    most_bytes: int,
    attempts: AttemptPlace | None,
    has_desk: bool,  # noqa: FBT001 - a process is handed its arguments by their places
) -> None:
    """Read the estate, say what was read, and answer what is asked, until the server closes the channel."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the server's: it ends its workers
    set_up_logs()
    _limit_memory(most_bytes)
    kept = None if attempts is None else attempts.opened()
    reading: Reading | None = None
    with suppress(MemoryError):  # every question says so
        reading = read_folder(Path(folder), variables, kept, has_desk=has_desk)
        if has_desk:
            _prepare(reading)
    with channel, channel.makefile("rb") as asked, channel.makefile("wb") as answered, suppress(ConnectionError):
        _send(answered, json.dumps(asdict(_greeting(reading))).encode())
        while (question := _read(asked)) is not None:
            answer = _answer(reading, question)
            _send(answered, json.dumps(asdict(answer)).encode())
            if answer.last:
                return


def _prepare(reading: Reading) -> None:
    """What the first question to a desk would wait for, before anybody asks. What is wrong is told to whoever asks."""
    with suppress(ModuleNotFoundError):
        _desk_answer("sheet")
        reading.prepare()


def _greeting(reading: Reading | None) -> Greeting:
    if reading is None:
        return Greeting(has_estate=False)
    estate = reading.estate
    if estate is None:
        return Greeting(has_estate=False, problems=len(reading.problems))
    find, fields = estate.directory.find, estate.contracts.fields
    kinds = {code: tuple(kind_title(each, fields, code) for each in find) for code in LANGUAGE_NAMES}
    teams = tuple(sorted({team for repair in repairs_of(estate) for team in repair.by}))
    return Greeting(has_estate=True, read=reading.read, title=estate.title or estate.name, kinds=kinds, teams=teams)


def framed(content: bytes) -> bytes:
    """A document behind its length."""
    return _LENGTH.pack(len(content)) + content


def frame_length(head: bytes) -> int:
    """The length of the document behind these LENGTH_BYTES bytes."""
    (length,) = _LENGTH.unpack(head)
    return int(length)


LENGTH_BYTES = _LENGTH.size


def _send(answered: BinaryIO, content: bytes) -> None:
    answered.write(framed(content))
    answered.flush()


def _read(asked: BinaryIO) -> WebQuestion | None:
    head = asked.read(LENGTH_BYTES)
    if len(head) < LENGTH_BYTES:
        return None
    content = asked.read(frame_length(head))
    return WebQuestion(**json.loads(content)) if content else None


def _desk_answer(kind: QuestionKind) -> Callable[[Reading, WebQuestion], WebAnswer]:
    """The desk's packages are of an extra of their own."""
    from .gate_sheet import gate_verdict
    from .record_sheet import found_records, key_of_record, record_sheet, team_times

    answers = {"found": found_records, "named": key_of_record, "sheet": record_sheet, "teams": team_times}
    return answers.get(kind, gate_verdict)


def _answer(reading: Reading | None, question: WebQuestion) -> WebAnswer:
    if question.kind == "pages":
        with suppress(AttributeError, OSError):  # not every system ranks its processes
            os.nice(_PATIENCE)  # whoever waits for an answer comes first
    if reading is None:
        return _TOO_MUCH
    try:
        return (_ANSWERS.get(question.kind) or _desk_answer(question.kind))(reading, question)
    except MemoryError:
        return _TOO_MUCH
    except Exception as error:  # noqa: BLE001 - the outermost edge of a process: a bug is reported as one, without its values
        _LOG.error("%s", bug_line(error))
        return problem_answer("internal error: a bug in Fieldline", 500)


def _limit_memory(most_bytes: int) -> None:
    with suppress(ImportError, ValueError, OSError):  # not every system limits a process
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))
