"""`python -m tests.forking.server SOCKET MODULE…`: read the modules, then fork for each run that is asked for.

Ends with its standard input, which is a pipe of the process that started it.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import selectors
import signal
import socket
import sys
import time
import warnings
from importlib import import_module
from typing import Any

from .client import LENGTH, STATUS


def serve(path: str) -> dict[str, Any] | None:
    """Fork for every run. In a fork: what is asked for. In the server, once its standard input ends: None."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who wait for the runs
    with socket.socket(socket.AF_UNIX) as listener, selectors.DefaultSelector() as selector:
        listener.bind(path)
        listener.listen(64)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        selector.register(listener, selectors.EVENT_READ)
        selector.register(sys.stdin, selectors.EVENT_READ)
        while True:
            if any(key.fileobj is sys.stdin for key, _ in selector.select()):
                return None
            connection, _ = listener.accept()
            with connection:
                if os.fork() == 0:
                    return run_of(connection)


def run_of(connection: socket.socket) -> dict[str, Any]:
    """Fork once more: one waits and reports the exit code, the other is the run."""
    request, streams = received(connection)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    run = os.fork()
    if run:
        for stream in streams:
            os.close(stream)
        status = os.waitpid(run, 0)[1]
        connection.sendall(STATUS.pack(os.waitstatus_to_exitcode(status)))
        os._exit(0)
    for place, stream in enumerate(streams):
        os.dup2(stream, place)
        os.close(stream)
    return request


def received(connection: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """A request, and the three streams that came with it."""
    head, streams, *_ = socket.recv_fds(connection, LENGTH.size, 3)
    (length,) = LENGTH.unpack(head)
    body = b""
    while len(body) < length:
        body += connection.recv(length - len(body))
    return json.loads(body), streams


def main() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for module in sys.argv[2:]:
            import_module(module)
    gc.collect()
    gc.freeze()
    request = serve(sys.argv[1])
    if request is None:
        return
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    sys.argv = ["fieldline", *request["arguments"]]
    sys.path[0] = request["folder"]
    runpy.run_module("fieldline", run_name="__main__")


if __name__ == "__main__":
    main()
