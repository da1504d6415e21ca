"""A proxy before a real database server, which passes a part of its answers and then falls silent, hangs up, or lies."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import Literal, TypeAlias

Fault: TypeAlias = Literal["silent", "hangs up", "lies", "drips"]


@contextmanager
def faulty(server: str, fault: Fault, passed: int) -> Iterator[int]:
    """The port of a proxy before the server at a UNIX socket; it passes so many bytes of what the server says."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_accept, args=(listener, server, fault, passed, ended), daemon=True).start()
        try:
            yield listener.getsockname()[1]
        finally:
            ended.set()


def _accept(listener: socket.socket, server: str, fault: Fault, passed: int, ended: threading.Event) -> None:
    with suppress(OSError):
        while not ended.is_set():
            client, _ = listener.accept()
            behind = socket.socket(socket.AF_UNIX)
            behind.connect(server)
            threading.Thread(target=_pass, args=(client, behind), daemon=True).start()
            threading.Thread(target=_answer, args=(behind, client, fault, passed, ended), daemon=True).start()


def _pass(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError), closing(target):
        while part := source.recv(65_536):
            target.sendall(part)


def _answer(source: socket.socket, target: socket.socket, fault: Fault, passed: int, ended: threading.Event) -> None:
    with suppress(OSError), closing(source), closing(target):
        while passed > 0 and (part := source.recv(min(passed, 65_536))):
            target.sendall(part)
            passed -= len(part)
        _FAULTS[fault](source, target, ended)


def _fall_silent(source: socket.socket, _: socket.socket, ended: threading.Event) -> None:
    ended.wait(60)
    source.close()


def _hang_up(_: socket.socket, target: socket.socket, __: threading.Event) -> None:
    target.shutdown(socket.SHUT_RDWR)


def _lie(source: socket.socket, target: socket.socket, ended: threading.Event) -> None:
    while part := source.recv(65_536):
        target.sendall(bytes(byte ^ 0x5A for byte in part))
    ended.wait(60)


def _drip(source: socket.socket, target: socket.socket, ended: threading.Event) -> None:
    while not ended.is_set() and (part := source.recv(1)):
        target.sendall(part)
        time.sleep(0.3)


_FAULTS: dict[Fault, Callable[[socket.socket, socket.socket, threading.Event], None]] = {
    "silent": _fall_silent,
    "hangs up": _hang_up,
    "lies": _lie,
    "drips": _drip,
}
