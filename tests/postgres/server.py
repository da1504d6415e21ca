"""A PostgreSQL server of the tests' own: in a folder of its own, on a socket in it, without a port."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "shared_buffers=16MB")


def program() -> str | None:
    """pg_ctl, which Debian keeps out of PATH, with initdb beside it; None where there is no server."""
    versions = sorted(str(path.parent) for path in Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    return shutil.which("pg_ctl", path=os.pathsep.join((os.environ.get("PATH", ""), *versions[-1:])))


@contextmanager
def running() -> Iterator[str]:
    """A running server; gives the folder of its socket. The server rejects to be root, so it is somebody else then."""
    found = program()
    assert found is not None, "no PostgreSQL server is installed: such a test must be marked needs_postgres"
    bin_folder = Path(found).parent
    user = "postgres" if os.geteuid() == 0 else None
    # A socket's path holds some hundred bytes: the tests' own temporary folders are too deep.
    folder = Path(tempfile.mkdtemp(prefix="fieldline-pg-"))
    if user:
        entry = pwd.getpwnam(user)
        os.chown(folder, entry.pw_uid, entry.pw_gid)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [str(bin_folder / program), *arguments],
            user=user,
            cwd=folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=60,
        )

    data = str(folder / "data")
    options = " ".join([f"-k {folder}", "-h ''", *(f"-c {setting}" for setting in _FAST)])
    try:
        run("initdb", "-D", data, "-U", "tester", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        run("pg_ctl", "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")
        try:
            yield str(folder)
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
