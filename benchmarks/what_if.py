"""`diff --what-if` beside `diff` of a changed copy, and the ladder of every downstream field: seconds of CPU.

    python benchmarks/what_if.py [--quick]      (--quick: one run, and the ladders of three fields)

Both comparisons load the estate, examples/nordbank, and find the same. The ratio is of the medians of runs in turns.
A ladder is of all bounds of a field; its judgements are counted beside what a bisection may take.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from datetime import date
from math import ceil, log2
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

from fieldline.application.diff import compare
from fieldline.application.what_if import compare_supposed
from fieldline.checker.diff.ladder import ladders
from fieldline.checker.judging.context import Context
from fieldline.estate.load import load_estate
from fieldline.estate.versions import Version

if TYPE_CHECKING:
    from collections.abc import Callable

ESTATE = Path(__file__).resolve().parents[1] / "examples" / "nordbank"
TODAY = date(2026, 1, 1)


def main() -> None:
    """Compare, climb, print."""
    quick = "--quick" in sys.argv
    with tempfile.TemporaryDirectory() as name:
        after = Path(name) / "after"
        shutil.copytree(ESTATE, after)
        contract = after / "contracts" / "crm.yaml"
        text = contract.read_text(encoding="utf-8")
        assert "max_length: 64" in text
        contract.write_text(text.replace("max_length: 64", "max_length: 10"), encoding="utf-8")
        versions = [Version(str(folder), folder, None) for folder in (ESTATE, after)]
        ways: dict[str, Callable[[], object]] = {
            "diff --what-if": lambda: compare_supposed(ESTATE, ["crm.person.login.max_length=10"], TODAY),
            "diff of a copy": lambda: compare(*versions, TODAY),
        }
        seconds: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(1 if quick else 9):
            for way, run in ways.items():
                begun = process_time()
                run()
                seconds[way].append(process_time() - begun)
    medians = {way: statistics.median(each) for way, each in seconds.items()}
    for way, median in medians.items():
        print(f"{way:16} {median:6.3f} s")
    print(f"ratio            {medians['diff --what-if'] / medians['diff of a copy']:6.2f}")
    context = Context(load_estate(ESTATE, today=TODAY))
    fields = [field for field in context.graph.fields if context.graph.into.get(field)]
    for field in fields[: 3 if quick else None]:
        begun = process_time()
        found = ladders(context, field)
        spent = process_time() - begun
        for ladder in found:
            steps = len(ladder.rungs) - 1
            first, last = ladder.rungs[0].first, ladder.rungs[-1].last
            span = abs(last - first) if isinstance(first, int) and isinstance(last, int) else 0  # type: ignore[operator]
            most = steps * (2 + ceil(log2(span))) if span else 0
            told = f"{steps} steps, {ladder.judgements} judgements" + (f" of at most {most}" if most else "")
            print(f"{spent:6.2f} s  {field} {ladder.constraint}: {told}")


if __name__ == "__main__":
    main()
