"""`check` on a generated estate: the whole command as one waits for it, and seconds of CPU phase by phase, in one process.

    python benchmarks/check_generated.py [SYSTEMS FIELDS FLOWS | --quick]      (200 50 20000 when left out)

The peer in the same run is networkx: the time it takes just to build the graph of the same flows.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from generated_estate import asked_size, generate

from fieldline.checker.judging.context import Context
from fieldline.checker.rules import RULES
from fieldline.estate.load import load_estate


def main() -> None:
    """Generate, check, print."""
    systems, fields, flows = asked_size()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "estate"
        generate(folder, systems, fields, flows)
        _command(folder)
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
