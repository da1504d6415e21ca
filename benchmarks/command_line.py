"""CPU of whole commands, start-up included: `fieldline --help` and `check` on a bundled estate.

python benchmarks/command_line.py [--quick] [PEER COMMAND ...]      (e.g. datacontract --help, where it is installed)
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parent.parent / "examples"
RUNS = 7


def cpu(command: list[str], runs: int) -> float:
    """Median CPU seconds of a command over several runs."""
    found: list[float] = []
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        found.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(found)


def main() -> None:
    """Print each command's CPU, and its ratio to a bare Python start in the same run."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--quick", action="store_true", help="run each once")
    asked.add_argument("peer", nargs=argparse.REMAINDER, help="a command to run beside ours")
    given = asked.parse_args()
    runs = 1 if given.quick else RUNS
    fieldline = [sys.executable, "-m", "fieldline"]
    bare = cpu([sys.executable, "-c", "pass"], runs)
    commands = [[sys.executable, "-c", "pass"], [*fieldline, "--help"]]
    commands += [[*fieldline, "check", str(EXAMPLES / name)] for name in ("cbsa", "nordbank", "identity")]
    if given.peer:
        commands.append(given.peer)
    for command in commands:
        seconds = cpu(command, runs)
        shown = " ".join(part.rsplit("/", 1)[-1] for part in command)
        print(f"{shown:44} {seconds:6.2f} s   {seconds / bare:6.1f}x a bare Python start")


if __name__ == "__main__":
    main()
