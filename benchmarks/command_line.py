"""CPU of whole commands, start-up included: `fieldline --help`, and `check` on the bundled estates.

python benchmarks/command_line.py [--quick] [PEER COMMAND ...]      (e.g. datacontract --help, where it is installed)

`--help` is measured against the `--help` of an empty typer app with two commands, in alternating runs: that is the least
that a command line made with typer costs. Bytecode is compiled before, as pip does.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

EXAMPLES = Path(__file__).parent.parent / "examples"
RUNS = 7
PAIRS = 20
MOST = 1.3
"""`fieldline --help` may cost so many times the empty app's."""
FIELDLINE = [sys.executable, "-m", "fieldline"]
EMPTY_APP = """
import typer

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)


@app.command()
def one() -> None:
    \"\"\"Do one thing.\"\"\"


@app.command()
def two() -> None:
    \"\"\"Do another.\"\"\"


if __name__ == "__main__":
    app(["--help"])
"""


def cpu(command: list[str], environment: dict[str, str]) -> float:
    """CPU seconds of one run of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def help_ratio(environment: dict[str, str], folder: Path, pairs: int) -> float:
    """Median CPU of `fieldline --help`, by that of the empty app."""
    empty = folder / "empty_app.py"
    empty.write_text(EMPTY_APP, encoding="utf-8")
    commands = ([*FIELDLINE, "--help"], [sys.executable, str(empty)])
    for command in commands:
        cpu(command, environment)  # writes bytecode
    seconds = [[cpu(command, environment) for command in commands] for _ in range(pairs)]
    ours, least = (statistics.median(column) for column in zip(*seconds, strict=True))
    print(f"fieldline --help {ours:.3f} s, an empty typer app {least:.3f} s: {ours / least:.2f} (at most {MOST})")
    return ours / least


def main() -> None:
    """Print the ratio of `--help`, and each command's CPU with its ratio to a bare Python start in the same run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="run each once")
    parser.add_argument("peer", nargs=argparse.REMAINDER, help="a command to run beside ours")
    options = parser.parse_args()
    runs, pairs = (1, 3) if options.quick else (RUNS, PAIRS)
    with tempfile.TemporaryDirectory() as name:
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment = inherited | {"PYTHONPYCACHEPREFIX": str(Path(name, "bytecode"))}
        ratio = help_ratio(environment, Path(name), pairs)
        commands = [[sys.executable, "-c", "pass"]]
        commands += [[*FIELDLINE, "check", str(EXAMPLES / estate)] for estate in ("cbsa", "nordbank", "identity")]
        if options.peer:
            commands.append(options.peer)
        bare = 0.0
        for command in commands:
            seconds = statistics.median(cpu(command, environment) for _ in range(runs))
            bare = bare or seconds
            shown = " ".join(part.rsplit("/", 1)[-1] for part in command)
            print(f"{shown:44} {seconds:6.2f} s   {seconds / bare:6.1f}x a bare Python start")
    assert ratio <= MOST


if __name__ == "__main__":
    main()
