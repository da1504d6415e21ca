"""All output: to the streams of the process, or to files, which are replaced whole or not at all."""

import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
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
    from ..documents.temporary import temporary_file

    target = Path(os.path.realpath(file))
    try:
        if file.exists() and not file.is_file():  # a pipe, a device
            _write(file, content)
            return
        with temporary_file(target.parent) as new:
            _write(new, content)
            if target.exists():
                shutil.copymode(target, new)
            _sync(new)
            new.replace(target)
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(file)) from error


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write texts to a folder, by their names, in the way of `replaced_folder`. Raises OSError."""
    with replaced_folder(folder, files) as new:
        for name, text in files.items():
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            (new / name).write_text(text, encoding="utf-8", newline="\n")


@contextmanager
def replaced_folder(folder: Path, order: Iterable[str] = ()) -> Iterator[Path]:
    """A new folder whose files are put in the place of those of `folder` after the block. Raises OSError.

    On a full disk nothing has changed. A folder that is new is there with all its files or not at all; in one that is
    there, each file is the old one or the new one: first those of these names, in their order, then all others.
    """
    from ..documents.temporary import temporary_folder

    made = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        if made:
            folder.parent.mkdir(parents=True, exist_ok=True)
        with temporary_folder(folder.parent if made else folder) as new:
            yield new
            written = sorted(path.relative_to(new).as_posix() for path in new.rglob("*") if path.is_file())
            for name in written:
                _sync(new / name)
            if made:
                new.rename(folder)
            else:
                for name in dict.fromkeys((*order, *written)):
                    (folder / name).parent.mkdir(parents=True, exist_ok=True)
                    (new / name).replace(folder / name)
    except BaseException as error:
        for path in made:
            with suppress(OSError):
                path.rmdir()
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror or str(error), str(folder)) from error
        raise


def _write(path: Path, content: bytes | Callable[[Path], object]) -> None:
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        content(path)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
