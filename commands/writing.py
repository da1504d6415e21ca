"""All output: to the streams of the process, or to files, which are replaced whole or not at all."""

import errno
import os
import re
import shutil
import sys
from collections.abc import Callable, Mapping
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

    `content`: the content of the file, or a function that writes it to a path. Raises OSError.
    """
    target = Path(os.path.realpath(file))
    new = target.with_name(_temporary_name())
    try:
        if file.exists() and not file.is_file():  # a pipe, a device
            _write(file, content)
            return
        _remove_stale(target.parent)
        try:
            _write(new, content)
            with new.open("rb+") as opened:
                os.fsync(opened.fileno())
            if target.exists():
                shutil.copymode(target, new)
            new.replace(target)
        finally:
            with suppress(OSError):
                new.unlink(missing_ok=True)
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(file)) from error


def write_files(folder: Path, files: Mapping[str, str], *, first: str) -> None:
    """Write texts to a folder, by their names: all beside it, then each to its place, `first` before all others.

    On a full disk nothing has changed. Raises OSError.
    """
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    _remove_stale(folder)
    new = folder / _temporary_name()
    try:
        for name, text in files.items():
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            with (new / name).open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
        for name in sorted(files, key=lambda name: (name != first, name)):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (new / name).replace(folder / name)
    except OSError as error:
        shutil.rmtree(new, ignore_errors=True)
        for path in made:
            with suppress(OSError):
                path.rmdir()
        raise OSError(error.errno, error.strerror or str(error), str(folder)) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)


_TEMPORARY = re.compile(r"\.fieldline-([0-9]+)\.tmp")


def _temporary_name() -> str:
    """The name of what this process writes beside a target, before it is put in its place."""
    return f".fieldline-{os.getpid()}.tmp"


def is_temporary(path: Path) -> bool:
    """Whether a run that was ended has left this behind."""
    return _TEMPORARY.fullmatch(path.name) is not None


def _remove_stale(folder: Path) -> None:
    """Remove what processes that no longer run have left in a folder."""
    with suppress(OSError):
        for path in folder.iterdir():
            left = _TEMPORARY.fullmatch(path.name)
            if left is None or _runs(int(left[1])):
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # another user's
        return True
    return True


def _write(path: Path, content: bytes | Callable[[Path], object]) -> None:
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        content(path)
