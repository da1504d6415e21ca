"""The same changes of one field given to several tools: who decides what became of the values it takes, and how fast.

    python benchmarks/change_decisions.py [--quick] [DATACONTRACT]      (--quick: the first three changes)

Fieldline (`fieldline.checker.diff.diff` on two versions of a two-system estate) and the canonical schemas of jsonschema-rs
(`covers`, both ways) answer in this process; `DATACONTRACT` is the executable of a datacontract-cli in an environment of
its own (it pins versions that ours does not have), run as `datacontract breaking` on two ODCS contracts. Prints Markdown.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from fieldline.checker.diff.diff import diff
from fieldline.estate.load import load_estate

if TYPE_CHECKING:
    from collections.abc import Callable

Rule = dict[str, Any]
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


@dataclass(frozen=True)
class Case:
    """One change, and what it does to the set of texts that are taken, known by reading it."""

    name: str
    before: Rule
    after: Rule
    truth: str


CASES = [
    Case("max_length 20 to 12", {"max_length": 20}, {"max_length": 12}, "tightened"),
    Case("max_length 12 to 20", {"max_length": 12}, {"max_length": 20}, "loosened"),
    Case("a letter fewer", {"pattern": "[A-Z0-9]{1,12}"}, {"pattern": "[A-Z]{1,12}"}, "tightened"),
    Case("a letter more", {"pattern": "[A-Z]{1,12}"}, {"pattern": "[A-Z0-9]{1,12}"}, "loosened"),
    Case("other words", {"pattern": "[A-Z]{2}[0-9]{2}"}, {"pattern": "([A-Z][A-Z])([0-9][0-9])"}, "equal"),
    Case("a class by its name", {"pattern": "\\d{3}-\\d{4}"}, {"pattern": "[0-9]{3}-[0-9]{4}"}, "equal"),
    Case("another shape", {"pattern": "(a|b)*a"}, {"pattern": "(b*a)+"}, "equal"),
    Case("a length under a UUID", {"pattern": UUID, "max_length": 40}, {"pattern": UUID, "max_length": 36}, "equal"),
    Case(
        "a limit that never binds", {"pattern": "[a-z]{1,80}"}, {"pattern": "[a-z]{1,80}", "max_length": 100}, "equal"
    ),
    Case("a limit instead of a count", {"pattern": "[a-z]{1,80}"}, {"pattern": "[a-z]+", "max_length": 80}, "equal"),
    Case("a limit of 4,000", {"pattern": "[a-z]*"}, {"pattern": "[a-z]{0,4000}"}, "tightened"),
    Case(
        "a stricter address", {"pattern": "[^@ ]+@[^@ ]+"}, {"pattern": "[a-z0-9.-]+@[a-z0-9-]+\\.[a-z]+"}, "tightened"
    ),
    Case("some fewer, some more", {"pattern": "[a-f0-9]{4}"}, {"pattern": "[A-F0-9]{4}"}, "both"),
    Case("a list in another order", {"one_of": ["FI", "SE"]}, {"one_of": ["SE", "FI"]}, "equal"),
    Case("a list by a pattern", {"one_of": ["FI", "SE"]}, {"pattern": "FI|SE"}, "equal"),
]


def by_fieldline(case: Case) -> str:
    """Two versions of an estate: a store, behind an entry with the older rule."""
    with tempfile.TemporaryDirectory() as folder:
        versions = []
        for name, rule in (("before", case.before), ("after", case.after)):
            root = Path(folder) / name
            for file, tree in {
                "fieldline.yaml": {"estate": "peers"},
                "contracts/web.yaml": _contract("web", "entry", case.before),
                "contracts/db.yaml": _contract("db", "table", rule),
                "lineage/flows.yaml": {"flows": [{"from": "web.e.f", "to": "db.e.f"}]},
            }.items():
                (root / file).parent.mkdir(parents=True, exist_ok=True)
                (root / file).write_text(json.dumps(tree), encoding="utf-8")
            versions.append(load_estate(root))
        (shift,) = diff(*versions).contracts
        return shift.movement


def _contract(system: str, kind: str, rule: Rule) -> Rule:
    return {"system": system, "entities": {"e": {"kind": kind, "fields": {"f": {"type": "text", **rule}}}}}


def by_jsonschema_rs(case: Case) -> str:
    """Canonical schemas, which say whether one covers the other."""
    before, after = (jsonschema_rs.canonicalize(_json_schema(rule)) for rule in (case.before, case.after))
    words = {(True, True): "equal", (True, False): "loosened", (False, True): "tightened", (False, False): "both"}
    sure = jsonschema_rs.canonical.Containment
    answers = after.covers(before), before.covers(after)
    return "undetermined" if sure.UNKNOWN in answers else words[answers[0] == sure.YES, answers[1] == sure.YES]


def _json_schema(rule: Rule) -> Rule:
    found: Rule = {"type": "string"}
    if "pattern" in rule:
        found["pattern"] = f"^({rule['pattern']})$"
    if "max_length" in rule:
        found["maxLength"] = rule["max_length"]
    if "one_of" in rule:
        found["enum"] = rule["one_of"]
    return found


def by_datacontract(program: str) -> Callable[[Case], str]:
    """`datacontract breaking` on two ODCS contracts; the directions of its table, taken together."""

    def answer(case: Case) -> str:
        if {"one_of"} & (case.before.keys() | case.after.keys()):
            return "not asked"  # ODCS says lists of values in a rule of quality, not among the options of a type
        with tempfile.TemporaryDirectory() as folder:
            for name, rule in (("before", case.before), ("after", case.after)):
                options = {k: v for k, v in _json_schema(rule).items() if k != "type"}
                field = {"name": "f", "logicalType": "string", "logicalTypeOptions": options}
                contract = {"apiVersion": "v3.0.2", "kind": "DataContract", "id": "x", "name": "x", "version": "1.0.0"}
                contract |= {"status": "active", "schema": [{"name": "t", "properties": [field]}]}
                (Path(folder) / f"{name}.yaml").write_text(json.dumps(contract), encoding="utf-8")
            done = subprocess.run(
                [program, "breaking", "before.yaml", "after.yaml"],
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
            )
        words = set(re.findall(r"\b(tightens|loosens|both|undetermined|untested)\b", done.stdout))
        if words & {"undetermined", "untested"}:
            return "undetermined"
        return {0: "equal", 1: f"{next(iter(words), '').removesuffix('s')}ed"}.get(len(words), "both")

    return answer


_NO_ANSWER = ("undetermined", "not asked")


def main() -> None:
    """Ask everybody, print the table."""
    peers: dict[str, Callable[[Case], str]] = {"Fieldline": by_fieldline, "jsonschema-rs": by_jsonschema_rs}
    asked = argparse.ArgumentParser()
    asked.add_argument("--quick", action="store_true", help="the first three changes only")
    asked.add_argument("datacontract", nargs="?", help="the executable of a datacontract-cli")
    given = asked.parse_args()
    cases = CASES[:3] if given.quick else CASES
    if given.datacontract:
        peers["datacontract-cli"] = by_datacontract(given.datacontract)
    print(f"| change | it is | {' | '.join(peers)} |\n|---|---|{'---|' * len(peers)}")
    scores: dict[str, Counter[str]] = {name: Counter() for name in peers}
    times: dict[str, list[float]] = {name: [] for name in peers}
    for case in cases:
        cells = []
        for name, ask in peers.items():
            begun = time.perf_counter()
            said = ask(case)
            times[name].append(time.perf_counter() - begun)
            right = said == case.truth
            scores[name]["right" if right else said if said in _NO_ANSWER else "wrong"] += 1
            cells.append(said if right or said in _NO_ANSWER else f"**{said}**")
        print(f"| {case.name} | {case.truth} | {' | '.join(cells)} |")
    told = [
        f"{scores[n]['right']} right, {scores[n]['wrong']} wrong, {scores[n]['undetermined']} undetermined"
        for n in peers
    ]
    print(f"| in all | | {' | '.join(told)} |")
    medians = {name: statistics.median(each) for name, each in times.items()}
    print(f"| median time | | {' | '.join(f'{seconds * 1000:.1f} ms' for seconds in medians.values())} |")
    ours = medians["Fieldline"]
    print(f"| ours is so many times theirs | | {' | '.join(f'{ours / each:.2f}x' for each in medians.values())} |")


if __name__ == "__main__":
    main()
