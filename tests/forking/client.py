"""`python client.py SOCKET ARGUMENT…`: one run of the server's, with this process's streams, folder and environment.

Reads nothing but the standard library, so that it starts at once.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LENGTH = struct.Struct("!Q")
STATUS = struct.Struct("!i")


def exit_code_of_run(
    path: str, arguments: Sequence[str], folder: str, environment: Mapping[str, str], streams: Sequence[int]
) -> int:
    """Run `fieldline` by the server at a socket; its exit code, or the negative number of the signal that ended it."""
    body = json.dumps({"arguments": arguments, "folder": folder, "environment": dict(environment)}).encode()
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        socket.send_fds(connection, [LENGTH.pack(len(body))], list(streams))
        connection.sendall(body)
        status = b""
        while len(status) < STATUS.size:
            part = connection.recv(STATUS.size - len(status))
            if not part:
                message = "the server of forked runs went away"
                raise ConnectionError(message)
            status += part
        return int(STATUS.unpack(status)[0])


if __name__ == "__main__":
    code = exit_code_of_run(sys.argv[1], sys.argv[2:], str(Path.cwd()), os.environ, (0, 1, 2))
    sys.exit(code if code >= 0 else 128 - code)
