"""What a run writes for itself alone: a file or folder beside a target, or in the system's folder for such files.

Each is locked by the process that writes it. The system frees the lock when the process ends, however it ends, so the next
run that writes to the same folder knows what nobody holds, and removes it. A process number would not do: in containers
that share a folder, each run has the same one.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

try:
    import fcntl
except ImportError:  # Windows: nothing is locked, and nothing is removed
    fcntl = None  # type: ignore[assignment]

_NAME = re.compile(r"\.fieldline-[0-9a-f]{16}\.tmp")


@contextmanager
def temporary_file(folder: Path) -> Iterator[Path]:
    """An empty file in a folder, which is removed in the end, unless it was moved. Raises OSError."""
    with _held(folder, lambda path: path.touch(exist_ok=False)) as path:
        try:
            yield path
        finally:
            _remove(path)


@contextmanager
def temporary_folder(folder: Path | None = None) -> Iterator[Path]:
    """A new folder in a folder, which is removed in the end, unless it was moved. Raises OSError.

    The default is the system's folder for temporary files; then nobody else may read what is in it.
    """
    mode = 0o777
    if folder is None:
        import tempfile

        folder, mode = Path(tempfile.gettempdir()), 0o700
    with _held(folder, lambda path: path.mkdir(mode)) as path:
        try:
            yield path
        finally:
            _remove(path)


def is_temporary(path: Path) -> bool:
    """Whether a file or folder is one of these, from its name."""
    return _NAME.fullmatch(path.name) is not None


@contextmanager
def _held(folder: Path, make: Callable[[Path], None]) -> Iterator[Path]:
    """A new path in a folder, made and locked; what earlier runs have left there is removed."""
    _remove_stale(folder)
    with ExitStack() as stack:
        while True:
            path = folder / f".fieldline-{os.urandom(8).hex()}.tmp"
            make(path)
            try:
                stack.callback(os.close, _locked(path))
            except _TakenError:  # for stale, by another run, before it was locked
                continue
            except OSError:  # a file system without locks, where other runs remove nothing either
                break
            break
        yield path


def _remove_stale(folder: Path) -> None:
    """Remove what no process holds."""
    with suppress(OSError):
        for path in filter(is_temporary, folder.iterdir()):
            with suppress(OSError):
                descriptor = _locked(path)
                _remove(path)
                os.close(descriptor)


class _TakenError(OSError):
    """Another process has the lock, or has removed the file."""


def _locked(path: Path) -> int:
    """A descriptor that holds the only lock of a file or folder. Raises OSError, _TakenError among them."""
    if fcntl is None:
        raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.path.samestat(os.fstat(descriptor), os.lstat(path)):
            raise _TakenError
    except (BlockingIOError, FileNotFoundError):
        os.close(descriptor)
        raise _TakenError from None
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)
