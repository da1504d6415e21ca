"""Pattern inclusion, side by side with greenery and interegular in the same run.

    python benchmarks/inclusion.py [--quick] [FOLDER]

FOLDER has postcodes/google_i18n_zip.csv and phones/libphonenumber.csv. Left out, it is ../shared/estates/patterns
beside the repository, and where that is absent, too, a short list of patterns of our own is asked about.

Each pattern is asked against its neighbours in the list: is the one inside the other, and if not, which string is not?
Printed per tool: how many questions were answered, the median and the 90th percentile of the time for one, parsing
included, and the ratio of the medians over the questions that it and we answered. A tool that has not answered within the
limit, or that cannot read a pattern, has given up. "warm" is ours asked again in the same process.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import multiprocessing
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "estates" / "patterns"
BUILT_IN = [
    r"\d{5}",
    r"\d{4}",
    r"\d{5}(?:-\d{4})?",
    r"[A-Z]\d[A-Z] ?\d[A-Z]\d",
    r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}",
    r"(?:\d{3} ?\d{2}|\d{5})",
    r"\d{3}-?\d{4}",
    r"[1-9]\d{3} ?[A-Z]{2}",
    r"(?:4[0-57-9]|50)\d{6,8}",
    r"7\d{8}",
    r"(?:7\d|44)\d{7}",
    r"1(?:5\d|6[2-7])\d{8}",
]
"""Postcodes and mobile numbers as they are commonly written."""
LIMIT = 3.0
"""Seconds after which a question counts as given up."""


def ours(left: str, right: str) -> bool:
    """Whether left is inside right, by Fieldline, with a witness if not."""
    from fieldline.values.regex import parse
    from fieldline.values.textset import TextSet

    return TextSet.language(parse(left).language).outside(TextSet.language(parse(right).language)) is None


def greenery(left: str, right: str) -> bool:
    """The same, by greenery."""
    from greenery import parse

    rest = parse(left) & parse(right).everythingbut()
    return rest.empty() or not next(iter(rest.strings()), None)


def interegular(left: str, right: str) -> bool:
    """The same, by interegular."""
    from interegular import parse_pattern

    a, b = parse_pattern(left).to_fsm(), parse_pattern(right).to_fsm()
    rest = a.difference(b)
    return rest.empty() or not next(iter(rest.strings(100)), None)


TOOLS: dict[str, Callable[[str, str], bool]] = {"fieldline": ours, "greenery": greenery, "interegular": interegular}


def work(name: str, questions: list[tuple[str, str]], pipe: multiprocessing.connection.Connection) -> None:
    """Answer questions one by one in a process of its own, sending (answer or None, seconds)."""
    tool = TOOLS[name]
    tool("a", "[ab]")  # imports are not what is measured
    for left, right in questions:
        begun = time.process_time()
        try:
            answer: bool | None = tool(left, right)
        except Exception as error:  # noqa: BLE001 - whatever a tool raises, it has not answered
            pipe.send((None, time.process_time() - begun, type(error).__name__))
            continue
        pipe.send((answer, time.process_time() - begun, ""))


def run(name: str, questions: list[tuple[str, str]]) -> list[tuple[bool | None, float]]:
    """All answers of one tool; (None, seconds) where it gave up."""
    found: list[tuple[bool | None, float]] = []
    while len(found) < len(questions):
        here, there = multiprocessing.Pipe()
        process = multiprocessing.Process(target=work, args=(name, questions[len(found) :], there))
        process.start()
        while len(found) < len(questions):
            if not here.poll(LIMIT + (5 if not found else 0)):
                found.append((None, LIMIT))
                break
            answer, seconds, _ = here.recv()
            found.append((answer, seconds))
        process.kill()
        process.join()
    return found


def again(questions: list[tuple[str, str]]) -> list[float]:
    """Our times for questions asked before."""
    found: list[float] = []
    for left, right in questions:
        ours(left, right)
        begun = time.process_time()
        ours(left, right)
        found.append(time.process_time() - begun)
    return found


def patterns(folder: Path) -> list[str]:
    """Postcode and phone patterns, each once."""
    with (folder / "postcodes" / "google_i18n_zip.csv").open(encoding="utf-8") as file:
        found = [row["zip_regex"] for row in csv.DictReader(file)]
    with (folder / "phones" / "libphonenumber.csv").open(encoding="utf-8") as file:
        found += [row["national_pattern"] for row in csv.DictReader(file) if row["type"] == "mobile"]
    return [pattern for pattern in dict.fromkeys(found) if pattern]


def main() -> None:
    """Ask all tools the same questions and print the table."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--quick", action="store_true", help="a quarter of the questions")
    asked.add_argument("folder", type=Path, nargs="?", default=SHARED if SHARED.is_dir() else None)
    given = asked.parse_args()
    found = patterns(given.folder) if given.folder else BUILT_IN
    every = 1 if not given.folder else 32 if given.quick else 8
    questions = [(a, b) for a, b in itertools.pairwise(found)][::every]
    print(f"{len(found)} patterns, {len(questions)} questions")
    results = {name: run(name, questions) for name in TOOLS}
    answers = results["fieldline"]
    for name, result in results.items():
        both = [(a, b) for a, b in zip(result, answers, strict=True) if a[0] is not None and b[0] is not None]
        times, peers = sorted(seconds for (_, seconds), _ in both), [seconds for _, (_, seconds) in both]
        differ = sum(a != b for (a, _), (b, _) in both)
        median = statistics.median(times)
        print(
            f"{name:12} answered {len(both):4}/{len(questions)}  median {median * 1000:9.2f} ms  p90 "
            f"{times[len(times) * 9 // 10] * 1000:9.2f} ms  "
            f"{median / statistics.median(peers):7.1f}x ours  differs {differ}"
        )
    print(f"{'warm':12} median {statistics.median(again(questions)) * 1000:9.4f} ms")


if __name__ == "__main__":
    main()
