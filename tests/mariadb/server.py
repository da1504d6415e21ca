"""A MariaDB server of the tests' own: in a folder of its own, on a socket in it, without a port."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FAST = (
    "--skip-networking",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-buffer-pool-size=16M",
    "--innodb-log-file-size=8M",
    "--innodb-doublewrite=0",
    "--skip-log-bin",
)


def program() -> str | None:
    """The server, which Debian keeps out of PATH; None where there is none."""
    return shutil.which("mariadbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@contextmanager
def running() -> Iterator[str]:
    """A running server; gives its socket. The user `root` needs no password there."""
    server = program()
    assert server is not None, "no MariaDB server is installed: such a test must be marked needs_mariadb"
    folder = Path(tempfile.mkdtemp(prefix="fieldline-my-"))
    user = "mysql" if os.geteuid() == 0 else None
    if user:
        entry = pwd.getpwnam(user)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    data, socket = folder / "data", folder / "socket"
    # Servers that share a folder for temporary tables remove one another's.
    options = (*_FAST, f"--tmpdir={folder}")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = None
    try:
        install = [
            "mariadb-install-db",
            "--no-defaults",
            f"--datadir={data}",
            "--auth-root-authentication-method=normal",
        ]
        subprocess.run(
            [*install, "--skip-test-db", *options[1:]], user=user, cwd=folder, check=True, timeout=120, **quiet
        )
        command = [
            server,
            "--no-defaults",
            f"--datadir={data}",
            f"--socket={socket}",
            f"--pid-file={folder}/pid",
            *options,
        ]
        process = subprocess.Popen(command, user=user, cwd=folder, **quiet)
        deadline = time.monotonic() + 60
        while not socket.exists():
            assert process.poll() is None, "the server ended at once"
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.05)
        yield str(socket)
    finally:
        if process is not None:
            process.kill()
            process.wait(timeout=60)
        shutil.rmtree(folder, ignore_errors=True)
