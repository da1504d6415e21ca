"""All output: to the streams of the process, or to files, which are replaced whole or not at all."""

import errno
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TextIO

_STDOUT = "standard output"


def deliver(text: str, file: Path | None, headline: str) -> None:
    """Write to standard output; or to a file, and its headline to standard error."""
    if file is None:
        print_text(text)
        return
    replace_file(file, text.encode("utf-8", "backslashreplace"))
    complain(f"{headline} Written to {file}")


def print_text(text: str, stream: TextIO | None = None) -> None:
    """Write all of a text, in the encoding of the stream (standard output if none is given); the rest is escaped."""
    stream = stream or sys.stdout
    if stream is None:  # closed by the parent process
        raise OSError(errno.EBADF, "it is closed", _STDOUT)
    try:
        stream.buffer.write(text.encode(stream.encoding, "backslashreplace"))
        stream.buffer.flush()
    except BrokenPipeError:  # the reader has closed the pipe
        abandon(stream)
    except OSError as error:
        abandon(stream)
        raise OSError(error.errno, error.strerror, _STDOUT) from error


def abandon(stream: TextIO) -> None:
    """Discard all further output, so that Python does not fail again when it flushes at its end."""
    with suppress(OSError, ValueError, AttributeError):  # it may be closed already, or there may be none
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def complain(message: str) -> None:
    """A line on standard error."""
    if sys.stderr is not None:
        with suppress(OSError):
            print_text(f"fieldline: {plain(message)}\n", sys.stderr)


def plain(text: str) -> str:
    """A text without control characters, and without the credentials of URLs."""
    from ..documents.problem import without_credentials
    from ..values.show import escape

    return escape(without_credentials(text))


def replace_file(file: Path, content: bytes | Callable[[Path], object]) -> None:
    """Put a new file in the place of an old one: all of it, or, on a full disk, none of it.

    `content`: the content of the file, or a function that writes it to a path.
    """
    target = Path(os.path.realpath(file))
    new = target.with_name(f".fieldline-{os.getpid()}.tmp")
    try:
        if file.exists() and not file.is_file():  # a pipe, a device
            _write(file, content)
            return
        _write(new, content)
        with new.open("rb+") as opened:
            os.fsync(opened.fileno())
        if target.exists():
            shutil.copymode(target, new)
        new.replace(target)
    except OSError as error:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(file)) from error


def _write(path: Path, content: bytes | Callable[[Path], object]) -> None:
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        content(path)
