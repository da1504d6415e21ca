"""Runs a command by this version of Fieldline and by another one in turns, and compares their seconds of CPU.

No benchmark itself: others take a checkout of another version as their peer. Both run under the same load, so that their
ratio says more than their seconds do.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path


def compared(arguments: list[str], checkout: Path, times: int = 3) -> tuple[float, float]:
    """The medians of the seconds of CPU of a command, its processes included: by this version, and by the other."""
    with tempfile.TemporaryDirectory() as name:
        there = Path(name) / "other"  # not the folder where the commands run: that is imported from, too
        there.mkdir()
        (there / "fieldline").symlink_to(checkout.resolve(), target_is_directory=True)
        # compiled once for each, also where the surroundings have it otherwise
        plain = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        plain["PYTHONPYCACHEPREFIX"] = str(Path(name) / "compiled")
        surroundings = [plain, {**plain, "PYTHONPATH": str(there)}]
        for each in surroundings:
            _seconds(["--help"], each, Path(name))
        runs = [[_seconds(arguments, each, Path(name)) for each in surroundings] for _ in range(times)]
    own, other = (statistics.median(run[place] for run in runs) for place in (0, 1))
    return own, other


def _seconds(arguments: list[str], surroundings: dict[str, str], folder: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "fieldline", *arguments]
    done = subprocess.run(command, env=surroundings, cwd=folder, stdout=subprocess.DEVNULL, check=False)
    if done.returncode not in {0, 1}:
        raise SystemExit(done.returncode)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
