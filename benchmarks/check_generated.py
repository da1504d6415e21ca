"""`check` on a generated estate: the whole command as one waits for it, and seconds of CPU phase by phase, in one process.

    python benchmarks/check_generated.py [SYSTEMS FIELDS FLOWS | --quick] [--beside CHECKOUT]      (else 200 50 20000)

The peers in the same run: networkx, just building the graph of the same flows; and, with `--beside`, another version of
Fieldline, whose command runs in turns with this one's. `git worktree add FOLDER REVISION` makes a checkout.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from generated_estate import asked, generate
from other_version import compared

from fieldline.checker.judging.context import Context
from fieldline.checker.rules import RULES
from fieldline.estate.load import load_estate


def main() -> None:
    """Generate, check, print."""
    (systems, fields, flows), checkout = asked()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "estate"
        generate(folder, systems, fields, flows)
        _command(folder)
        if checkout is not None:
            own, other = compared(["check", str(folder)], checkout)
            print(
                f"{'this version beside the other':40} {own:8.2f} s   {other:.2f} s   ratio {own / other:.2f}x",
                flush=True,
            )
        begun = time.process_time()
        estate = load_estate(folder)
        last = _told("load", begun)
    context = Context(estate)
    context.composition  # noqa: B018 - composed here, to be told apart from judging
    last = _told("compose", last)
    for rule in RULES:
        count = len(list(rule.check(context)))
        last = _told(f"{rule.name} ({count} findings)", last)
    print(f"{'in all':40} {last - begun:8.2f} s   {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_edges_from((flow.sources[0].field, flow.target) for flow in estate.flows)
    peer = time.process_time() - last
    print(f"{'networkx, building the graph only':40} {peer:8.2f} s   ratio {(last - begun) / peer:.0f}x")


def _command(folder: Path) -> None:
    begun = time.perf_counter()
    command = [sys.executable, "-m", "fieldline", "check", str(folder)]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = f"{time.perf_counter() - begun:8.2f} s of waiting   {used.ru_utime + used.ru_stime:.2f} s of CPU"
    print(f"{'the whole command':40} {seconds}   {used.ru_maxrss // 1024} MiB in its largest process", flush=True)


def _told(what: str, since: float) -> float:
    now = time.process_time()
    print(f"{what:40} {now - since:8.2f} s", flush=True)
    return now


if __name__ == "__main__":
    main()
