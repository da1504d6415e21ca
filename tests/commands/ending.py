"""Runs commands that are ended, as by kill -9, in the middle of what they write. Run as a program: JSON lines in and out.

{"words": [...], "folder": "…", "event": 3, "bytes": null, "full": null}  ->  {"status": -9, "events": 7, "shown": "…"}

One process imports the product; each command runs in a fork of it. `event`: before which change of the file system (a file
opened to be written, moved, removed, …) the process gets SIGKILL; `bytes`: after how many bytes in a file the system ends
it (SIGXFSZ, whose default action a process cannot see coming either). `full`: after how many bytes in a file there is no
more room, which the process is told, as of a full disk.
"""

import json
import os
import resource
import signal
import sys
import tempfile
from typing import Any

from fieldline.cli import _run

_CHANGES = {"os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod", "os.link", "os.symlink", "os.truncate"}


def main() -> None:
    """Answer one line after the other."""
    for line in sys.stdin:
        sys.stdout.write(f"{json.dumps(_ended(json.loads(line)))}\n")
        sys.stdout.flush()


def _ended(asked: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryFile() as events, tempfile.TemporaryFile() as shown:
        child = os.fork()
        if child == 0:
            _command(asked, events.fileno(), shown.fileno())
        _, status = os.waitpid(child, 0)
        shown.seek(0)
        return {
            "status": os.waitstatus_to_exitcode(status),
            "events": os.fstat(events.fileno()).st_size,
            "shown": shown.read().decode("utf-8", "replace"),
        }


def _command(asked: dict[str, Any], events: int, shown: int) -> None:
    os.chdir(asked["folder"])
    os.dup2(shown, 1)
    os.dup2(shown, 2)
    if asked["bytes"] is not None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (asked["bytes"], asked["bytes"]))
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    if asked["full"] is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (asked["full"], asked["full"]))
    count = 0

    def look(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal count
        if event in _CHANGES or (event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR)):
            if count == asked["event"]:
                os.kill(os.getpid(), signal.SIGKILL)
            count += 1
            os.write(events, b".")

    sys.addaudithook(look)
    sys.argv = ["fieldline", *asked["words"]]
    code = 3
    try:
        code = _run()
    finally:
        sys.stdout.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
