r"""The dearest patterns: random ones over classes of Unicode, and published ones that make backtracking engines hang.

    python benchmarks/hostile_patterns.py [--count 2000] [--seed 13] [--start 0] [FILE]

Two patterns after one another are the contracts of both sides of flows, in an estate that is read and checked whole: each
is before a length of at most 3 and one of at least 12, before the other, and behind it. FILE has further patterns, one a
line. Each estate has a process of its own, so no answer is cached for the next one. Random patterns are asked in estates
of --together; one that took much, or left a question undecided, is asked again two by two. Printed: the greatest CPU time
and memory of reading an estate and of its check, the share of undecided questions, of which each pattern has four, and the
patterns that were dearest. --start leaves out the first random patterns of a seed, so that a long run can go on where it
stopped; --seconds ends it after a time.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import resource
import time
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

PUBLISHED = [
    r"(a+)+",
    r"([a-zA-Z]+)*",
    r"(a|aa)+",
    r"(a|a?)+",
    r"(.*a){11}",
    r"(.*a){20}",
    r"(.*a){60}",
    r"(a|b)*a(a|b){12}",
    r"(a|b)*a(a|b){40}",
    r"([a-zA-Z0-9])(([\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))",
    r"(([a-z])+.)+[A-Z]([a-z])+",
    r"(?:(?:'|\]|\}|\\|\d|(?:nan|infinity|true|false|null|undefined|symbol|math)|`|-|\+)+[)]*;?((?:\s|-|~|!|\+)*.*(?:.*=.*)))",
    r"[\s\u200c]+|[\s\u200c]+",
    r"\s*.*\s+",
    r"(\d+)*x",
    r"((\d+)\s*)+",
    r"(\w+\s?)*",
    r"(([^,]*),?)*",
    r"(?:[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9]+)*)@(?:(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]+)",
    r"([\w-]+(?:\.[\w-]+)*)@((?:[\w-]+\.)*\w[\w-]{0,66})\.([a-z]{2,6}(?:\.[a-z]{2})?)",
    r"((?:\d+)?\-?\d?\.?\d+) *(milliseconds?|msecs?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|y)?",
    r"(([\w]+\.)*)+",
    r"(x+x+)+y",
    r"(.*)*(.*)*(.*)*=",
    r"([01]?\d\d?|2[0-4]\d|25[0-5])(\.([01]?\d\d?|2[0-4]\d|25[0-5])){3}",
    r"(?=(.*\d){6})(?=(.*[a-z]){6})(?=(.*[A-Z]){6}).*",
    r"(?=(.*\p{Lu}){8})(?=(.*\p{Nd}){8})(?!.*(aa|bb|cc)).{8,64}",
    r"\p{L}*\p{Lu}\p{L}{8}",
    r"\p{L}*\p{Lu}\p{L}{10}",
    r"\p{L}*\p{Lu}\p{L}{20}",
    r"[a-zA-Z]*[A-Z][a-zA-Z]{20}",
    r"(\p{L}+\p{M}*)*\p{Lu}.{15}",
    r"(a{7})*|b(a{11})*|c(a{13})*|d(a{17})*|e(a{19})*|f(a{23})*",
    r"\p{Lo}{3,}(([^\p{L}])[a-z]{2,12})",
    r"[a-z]\w+(-{0,5}\p{M}?[^\p{L}]{2}\p{P}{1,60}){1,60}",
    r"(\p{Zs}?[A-Z]{0,5}(([^\p{L}]){0,5}(\p{Nd}{20}\d{0,5}\p{Pd}?){2,12}(?:[^a]{1,60}|\p{P}{3,})){2}[^a]){2,12}\p{Lu}",
    r"(\p{Pd}(?:\P{L}{2,12}|(?:[A-Z]{8}\p{Zs}{2,12}|\S{8}\p{Nd})(?:\p{Script=Cyrillic}\P{L}|-{8}\P{N}){3,}){2,12}){8}[A-Z]",
]
"""OWASP's examples, outages of Cloudflare and Stack Overflow, packages with advisories, families that grow, and random
ones that were dearest before their work was counted."""

CATEGORIES = "L Lu Ll Lt Lo M Mn N Nd P Pd S Sc Z Zs C Script=Greek Script=Cyrillic Script=Han Script=Latin"
CLASSES = [
    *[rf"\p{{{name}}}" for name in CATEGORIES.split()],
    *[rf"\P{{{name}}}" for name in ("L", "Lu", "M", "N")],
    *[".", r"\d", r"\w", r"\s", r"\D", r"\W", r"\S", "a", "b", "-", "[a-z]", "[A-Z]", "[0-9]", "[^a]"],
    *[r"[\p{L}\p{N}]", r"[^\p{L}]", r"[\p{Lu}\d_]"],
]
COUNTS = ["*", "+", "?", "{2}", "{3,}", "{0,5}", "{8}", "{2,12}", "{20}", "{1,60}"]
LIMIT = 30
"""Seconds of CPU after which a pattern is given up."""
_QUESTIONS = 4


class Cost(NamedTuple):
    """What one estate took: seconds of CPU, MiB, and the reasons of undecided questions; patterns that are not read."""

    reading: float
    asking: float
    memory: int
    undecided: list[str]
    rejected: list[str]

    @property
    def is_much(self) -> bool:
        """Whether it is to be known which of several patterns took it."""
        return self.reading + self.asking > _MUCH or self.memory > _MUCH_MEMORY or bool(self.undecided)


_MUCH = 1.5
_MUCH_MEMORY = 150


def random_pattern(random: Random, depth: int = 3) -> str:
    """A pattern over classes of Unicode, with loops, choices and assertions."""
    parts: list[str] = []
    for _ in range(random.randint(1, 4)):
        kind = random.random()
        if depth and kind < 0.25:
            part = f"({random_pattern(random, depth - 1)})"
        elif depth and kind < 0.35:
            part = f"(?:{random_pattern(random, depth - 1)}|{random_pattern(random, depth - 1)})"
        elif depth and kind < 0.38:
            parts.append(f"(?{random.choice('=!')}{random_pattern(random, 0)})")
            continue
        else:
            part = random.choice(CLASSES)
        parts.append(part + (random.choice(COUNTS) if random.random() < 0.5 else ""))
    return "".join(parts)


def ask(patterns: Sequence[str]) -> Cost:
    """Read an estate with these patterns and check it, here and now."""
    from fieldline.checker.verdict.check import check
    from fieldline.documents.problem import EstateError
    from fieldline.estate.load import load_estate

    rejected: list[str] = []
    while True:
        with TemporaryDirectory() as folder:
            _write(Path(folder), [_ANY if pattern in rejected else pattern for pattern in patterns])
            begun = time.process_time()
            try:
                estate = load_estate(Path(folder))
            except EstateError as error:
                places = {each.location.file for each in error.problems if each.location is not None}
                rejected += [pattern for i, pattern in enumerate(patterns) if f"contracts/p{i}.yaml" in places]
                if rejected and len(rejected) < len(patterns):
                    continue  # the others can be read
                return Cost(time.process_time() - begun, 0.0, _peak(), [], rejected)
            reading = time.process_time() - begun
            begun = time.process_time()
            findings = check(estate).findings
            undecided = [finding.reason or "" for finding in findings if finding.verdict == "unknown"]
            return Cost(reading, time.process_time() - begun, _peak(), undecided, rejected)


_ANY = "[a-z]*"


def _write(folder: Path, patterns: Sequence[str]) -> None:
    """The estate: of each two patterns, either before two lengths and the other, before the other alone, and behind it."""
    (folder / "fieldline.yaml").write_text("estate: hostile\n", "utf-8")
    for name in ("contracts", "lineage"):
        (folder / name).mkdir()
    lengths = {"short": _entity("table", {"max_length": 3}), "long": _entity("table", {"min_length": 12})}
    _write_json(folder / "contracts" / "lengths.yaml", {"system": "lengths", "entities": lengths})
    flows: list[tuple[str, str]] = []
    for i, pattern in enumerate(patterns):
        kinds = {"all": "entry", "alone": "entry", "behind": "table"}
        entities = {name: _entity(kind, {"pattern": pattern}) for name, kind in kinds.items()}
        _write_json(folder / "contracts" / f"p{i}.yaml", {"system": f"p{i}", "entities": entities})
        other = min(i ^ 1, len(patterns) - 1)
        flows += [(f"p{i}.all", target) for target in ("lengths.short", "lengths.long", f"p{other}.behind")]
        flows.append((f"p{i}.alone", f"p{other}.behind"))
    told = {"flows": [{"from": f"{source}.f", "to": f"{target}.f"} for source, target in flows]}
    _write_json(folder / "lineage" / "flows.yaml", told)


def _entity(kind: str, rules: dict[str, object]) -> dict[str, object]:
    return {"kind": kind, "fields": {"f": {"type": "text", **rules}}}


def _write_json(file: Path, content: object) -> None:
    file.write_text(json.dumps(content), "utf-8")


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def apart(patterns: Sequence[str]) -> Cost:
    """The same in a process of its own."""
    source, sink = os.pipe()
    child = os.fork()
    if not child:
        os.close(source)
        resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT))
        with os.fdopen(sink, "wb") as pipe:
            pickle.dump(tuple(ask(patterns)), pipe)
        os._exit(0)
    os.close(sink)
    with os.fdopen(source, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    if not answer:
        return Cost(LIMIT, LIMIT, 0, ["no answer"], [])
    return Cost(*pickle.loads(answer))  # noqa: S301 - written by the child above


Costs: TypeAlias = "dict[tuple[str, ...], Cost]"


def costs_of(patterns: Sequence[str], together: int, seconds: float) -> Costs:
    """What estates of some of the patterns each took, for so many seconds; of two patterns each where one took much."""
    costs: Costs = {}
    ending = time.monotonic() + seconds
    for begin in range(0, len(patterns), together):
        some = tuple(patterns[begin : begin + together])
        cost = apart(some)
        pairs = [some[i : i + 2] for i in range(0, len(some), 2)]
        costs |= {pair: apart(pair) for pair in pairs} if len(pairs) > 1 and cost.is_much else {some: cost}
        if time.monotonic() > ending:
            break
    return costs


def main() -> None:
    """Ask, and print the dearest."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("file", nargs="?", type=Path)
    options.add_argument("--count", type=int, default=2_000)
    options.add_argument("--seed", type=int, default=13)
    options.add_argument("--start", type=int, default=0)
    options.add_argument("--together", type=int, default=8, help="random patterns of one estate")
    options.add_argument("--seconds", type=float, default=1e9, help="the time after which no more is asked")
    options.add_argument("--show", type=int, default=5, help="the number of patterns shown of each kind")
    chosen = options.parse_args()
    ask(["a", "b"])  # imports are not what is measured
    random = Random(chosen.seed)
    drawn = [random_pattern(random) for _ in range(chosen.start + chosen.count)][chosen.start :]
    _print("published", costs_of(PUBLISHED, 2, chosen.seconds), chosen.show)
    _print("random", costs_of(drawn, chosen.together, chosen.seconds), chosen.show)
    if chosen.file is not None:
        listed = chosen.file.read_text(encoding="utf-8").splitlines()
        _print(chosen.file.name, costs_of(listed, 2, chosen.seconds), chosen.show)


def _print(name: str, costs: Costs, shown: int) -> None:
    patterns = sum(map(len, costs))
    read = patterns - sum(len(cost.rejected) for cost in costs.values())
    undecided = [reason for cost in costs.values() for reason in cost.undecided]
    asked = _QUESTIONS * read
    print(f"\n{name}: {patterns:,} patterns, {read:,} read")
    print(f"  reading   {max(c.reading for c in costs.values()):6.2f} s of CPU at most")
    print(f"  asking    {max(c.asking for c in costs.values()):6.2f} s of CPU at most")
    print(f"  each      {sum(c.reading + c.asking for c in costs.values()) / patterns:6.2f} s of CPU on average")
    print(f"  memory    {max(c.memory for c in costs.values()):6} MiB at most")
    print(f"  undecided {len(undecided) / max(asked, 1):8.2%} of {asked:,} questions")
    for reason, times in Counter(undecided).most_common(3):
        print(f"    {times:8,}  {reason}")
    for title, key in (
        ("reading", lambda c: c.reading),
        ("asking", lambda c: c.asking),
        ("memory", lambda c: c.memory),
    ):
        print(f"  dearest in {title}")
        for some, cost in sorted(costs.items(), key=lambda each: -key(each[1]))[:shown]:
            print(f"    {key(cost):8.2f}  {_shown(some)}")
    print("  undecided")
    for some in [some for some, cost in costs.items() if cost.undecided][:shown]:
        print(f"    {len(costs[some].undecided)}  {_shown(some)}")


def _shown(patterns: Sequence[str]) -> str:
    return "  |  ".join(pattern[:100] for pattern in patterns[:2]) + ("  ..." if len(patterns) > 2 else "")


if __name__ == "__main__":
    main()
