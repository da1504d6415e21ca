"""`diff` of a generated estate in which one file was changed: seconds of CPU and peak memory.

    python benchmarks/diff_generated.py [SYSTEMS FIELDS FLOWS | --quick]      (200 50 20000 when left out)

Three changes are measured, each with both versions loaded: one field becomes shorter, one flow is gone, every field of a
system becomes shorter. The peer in the same run is what one would do without diff: a full check of both versions, whose
findings are then compared.
"""

from __future__ import annotations

import gc
import re
import resource
import shutil
import tempfile
from pathlib import Path

from generated_estate import asked_size, generate

from fieldline.checker.diff.diff import Diff, diff
from fieldline.checker.verdict.check import check
from fieldline.documents.readings import Readings
from fieldline.estate.load import load_estate


def main() -> None:
    """Generate, change, compare, print."""
    systems, fields, flows = asked_size()
    with tempfile.TemporaryDirectory() as name:
        before, after = Path(name) / "before", Path(name) / "after"
        generate(before, systems, fields, flows)
        middle = f"contracts/s{systems // 2:03}.yaml"
        measured = {
            "one field shorter": _measured(before, after, middle, lambda text: _shorter(text, 1)),
            "one flow gone": _measured(before, after, "lineage/flows.yaml", _without_a_flow),
            "all fields of a system shorter": _measured(before, after, middle, lambda text: _shorter(text, fields)),
        }
        begun = _cpu()
        peer = [{finding.message for finding in check(load_estate(folder)).findings} for folder in (before, after)]
        whole = _cpu() - begun
    for what, (seconds, found) in measured.items():
        told = f"{len(found.findings)} findings, {len(found.requirements)} entry fields"
        print(f"{what:32} {seconds:7.2f} s   {whole / seconds:5.1f}x   {told}")
    print(f"{'full check of both versions':32} {whole:7.2f} s          {len(peer[0] ^ peer[1])} findings differ")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")


def _measured(before: Path, after: Path, file: str, change) -> tuple[float, Diff]:  # noqa: ANN001 - a text to a text
    shutil.rmtree(after, ignore_errors=True)
    shutil.copytree(before, after)
    path = after / file
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    readings = Readings()
    begun = _cpu()
    versions = [load_estate(folder, readings=readings) for folder in (before, after)]
    gc.freeze()  # as the command does
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
