"""`diff` of a generated estate in which one file was changed: seconds of CPU and peak memory.

    python benchmarks/diff_generated.py [SYSTEMS FIELDS FLOWS | --quick] [--beside CHECKOUT]      (else 200 50 20000)

Three changes are measured, each with both versions loaded: one field becomes shorter, one flow is gone, every field of a
system becomes shorter. The peers in the same run: what one would do without diff, a full check of both versions, whose
findings are then compared; both versions loaded and composed in full, and no more; and, with `--beside`, the command of
another version of Fieldline, in turns with this one's.
"""

from __future__ import annotations

import re
import resource
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from generated_estate import asked, generate
from other_version import compared

from fieldline.checker.diff.diff import Diff, diff
from fieldline.checker.judging.context import Context
from fieldline.checker.verdict.check import check
from fieldline.documents.readings import Readings
from fieldline.estate.load import load_estate

if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> None:
    """Generate, change, compare, print."""
    (systems, fields, flows), checkout = asked()
    with tempfile.TemporaryDirectory() as name:
        before, after = Path(name) / "before", Path(name) / "after"
        generate(before, systems, fields, flows)
        middle = f"contracts/s{systems // 2:03}.yaml"
        changes: dict[str, tuple[str, Callable[[str], str]]] = {
            "one field shorter": (middle, lambda text: _shorter(text, 1)),
            "one flow gone": ("lineage/flows.yaml", _without_a_flow),
            "all fields of a system shorter": (middle, lambda text: _shorter(text, fields)),
        }
        measured: dict[str, tuple[float, Diff]] = {}
        for what, change in changes.items():
            _change(before, after, *change)
            if checkout is not None:
                own, other = compared(["diff", str(before), str(after)], checkout)
                print(f"{what:32} {own:7.2f} s   beside {other:.2f} s   ratio {own / other:.2f}x", flush=True)
            measured[what] = _measured(before, after)
        begun = _cpu()
        for folder in (before, after):
            Context(load_estate(folder)).composition  # noqa: B018 - composed here
        composed = _cpu() - begun
        begun = _cpu()
        peer = [{finding.message for finding in check(load_estate(folder)).findings} for folder in (before, after)]
        whole = _cpu() - begun
    for what, (seconds, found) in measured.items():
        told = f"{len(found.findings)} findings, {len(found.requirements)} entry fields"
        ratios = f"{seconds / whole:5.2f} of the check   {seconds / composed:5.2f} of the composition"
        print(f"{what:32} {seconds:7.2f} s   {ratios}   {told}")
    print(f"{'full check of both versions':32} {whole:7.2f} s   {len(peer[0] ^ peer[1])} findings differ")
    print(f"{'both loaded and composed in full':32} {composed:7.2f} s")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")


def _change(before: Path, after: Path, file: str, change: Callable[[str], str]) -> None:
    shutil.rmtree(after, ignore_errors=True)
    shutil.copytree(before, after)
    path = after / file
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def _measured(before: Path, after: Path) -> tuple[float, Diff]:
    readings = Readings()
    begun = _cpu()
    versions = [load_estate(folder, readings=readings) for folder in (before, after)]
    found = diff(*versions)
    seconds = _cpu() - begun
    assert found.changes
    return seconds, found


def _cpu() -> float:
    """Seconds of this process and those it began."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _shorter(text: str, most: int) -> str:
    """So many limits lowered by a fifth."""
    return re.sub(r"(?<=max_length: )\d+", lambda limit: str(int(limit[0]) * 4 // 5), text, count=most)


def _without_a_flow(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(lines[: len(lines) // 2] + lines[len(lines) // 2 + 1 :])


if __name__ == "__main__":
    main()
