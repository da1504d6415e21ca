"""Every published change of a column or of an API's field, replayed: an entry with the old rule, a store with the new one.

What each change does is known without Fieldline: from what the history's reader noted (widened, shortened, null allowed),
from comparing lists and numbers, and for changes of types and patterns from `evolution_expected.yaml`.
"""

from __future__ import annotations

import ast
import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from fieldline.checker.diff.diff import Diff, diff
from fieldline.documents.location import Location
from fieldline.documents.yaml_events import MappingNode, Node, ScalarNode, SequenceNode
from fieldline.formats.ddl.column import column_field
from fieldline.formats.ddl.engines.registry import engine

from ..properties.estates import Written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldline.formats.ddl.engines.engine import EngineName

pytestmark = pytest.mark.needs_estates

EXPECTED = yaml.safe_load((Path(__file__).parent / "evolution_expected.yaml").read_text(encoding="utf-8"))
HURTS = {"newly-refused", "newly-lost", "newly-colliding", "newly-dangling"}
Tree = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One change of the history: the rule before and after, and what is known of it."""

    before: Tree
    after: Tree
    narrows: bool
    says: str


def replay(steps: list[Step]) -> dict[int, tuple[str, Any]]:
    """All steps as the fields of one store behind one entry: per step what the diff tells, and its witness."""
    old = _estate(steps, [step.before for step in steps])
    new = _estate(steps, [step.after for step in steps])
    return _told(diff(old.load(), new.load()), len(steps))


def _estate(steps: list[Step], stored: list[Tree]) -> Written:
    names = [f"f{i}" for i in range(len(steps))]
    entry = {name: step.before for name, step in zip(names, steps, strict=True)}
    store = dict(zip(names, stored, strict=True))
    flows = [
        {"from": f"api.request.{n}", "to": f"db.row.{n}", "via": _converted(entry[n]["type"], store[n]["type"])}
        for n in names
    ]
    contracts = {
        "api": {"system": "api", "entities": {"request": {"kind": "entry", "fields": entry}}},
        "db": {"system": "db", "entities": {"row": {"fields": store}}},
    }
    return Written(contracts, flows)


def _converted(old: str, new: str) -> list[Tree]:
    """What a driver does with a value of the old type for a column of the new one."""
    numbers = {"integer", "decimal"}
    return [] if old == new or {old, new} <= numbers else [{"cast": new}]


def _told(found: Diff, count: int) -> dict[int, tuple[str, Any]]:
    told: dict[int, tuple[str, Any]] = dict.fromkeys(range(count), ("silent", None))
    for shift in found.requirements:
        if shift.movement == "loosened":
            told[int(shift.field.field.removeprefix("f"))] = ("loosened", None)
    for finding in found.findings:
        if finding.rule in HURTS:
            assert finding.field is not None
            assert all(str(change.name).endswith(finding.field.field) for change in finding.causes)
            verdict = "narrowed" if finding.verdict == "refuted" else "unknown"
            told[int(finding.field.field.removeprefix("f"))] = (verdict, finding.witness)
    return told


def replay_all(steps: list[Step]) -> tuple[list[str], Counter[tuple[str, str]]]:
    """What was told wrongly; and the table of what each step does and what was told, counted. Equal steps run once."""
    distinct = list({(str(step.before), str(step.after), step.narrows): step for step in steps}.values())
    told = replay(distinct)
    answers = {(str(step.before), str(step.after)): told[i][0] for i, step in enumerate(distinct)}
    table = Counter(
        ("narrows" if step.narrows else "harmless", answers[str(step.before), str(step.after)]) for step in steps
    )
    return mistaken(distinct, told), table


def mistaken(steps: list[Step], told: dict[int, tuple[str, Any]]) -> list[str]:
    return [
        f"{step.says}: narrows={step.narrows}, told {told[i]}"
        for i, step in enumerate(steps)
        if (told[i][0] == "narrowed") is not step.narrows or told[i][0] == "unknown"
    ]


# ----------------------------------------------------------------------------------------------------------- columns


def engine_of(row: dict[str, str]) -> EngineName:
    if "postgres" in row["file"] or "openstreetmap" in row["repo"]:
        return "postgres"
    return "sqlite" if "sqlite" in row["file"] else "mysql"


def column(written: str, name: EngineName) -> Tree:
    node = column_field(written, engine(name), Location("ddl.sql", 1, 1))
    tree = plain(node)
    assert isinstance(tree, dict)
    return tree


def plain(node: Node) -> Any:  # noqa: ANN401 - a tree of YAML
    match node:
        case MappingNode(entries):
            return {key.value: plain(value) for key, value in entries}
        case SequenceNode(items):
            return [plain(item) for item in items]
        case ScalarNode(value):
            return value
    raise TypeError(node)


def columns(shared: Path) -> Iterator[Step]:
    with (shared / "estates/evolution/ddl_history_changes.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            name = engine_of(row)
            says = f"{row['repo']} {row['table']}.{row['column']} {name}: {row['before']} -> {row['after']}"
            if row["kind"] in {"null-relaxed", "null-tightened"}:
                sides = [{"type": "text", "required": row[side] == "NOT NULL"} for side in ("before", "after")]
                yield Step(*sides, row["kind"] == "null-tightened", says)
                continue
            before, after = column(row["before"], name), column(row["after"], name)
            yield Step(before, after, name != "sqlite" and narrows(row), says)


def narrows(row: dict[str, str]) -> bool:
    if row["kind"] != "type-change":
        return row["kind"] == "SHORTENED"
    pair = [row["before"], row["after"]]
    assert (pair in EXPECTED["narrowed"]) != (pair in EXPECTED["harmless"]), (
        f"{pair} is not told in the expected answers"
    )
    return pair in EXPECTED["narrowed"]


def test_every_change_of_a_column_is_told_for_what_it_does(shared: Path) -> None:
    wrong, table = replay_all(list(columns(shared)))
    assert wrong == []
    # One column grows from 255 characters to more, of which it is no longer stated that blanks beyond them are dropped.
    # Of one that grows from 128 characters to a text counted in bytes it is not quickly decided that it accepts more.
    # Of two that grow from TINYTEXT to TEXT, in a charset that is not known, it is not stated that they accept more.
    assert table == {("narrows", "narrowed"): 157, ("harmless", "loosened"): 329, ("harmless", "silent"): 169}


# ----------------------------------------------------------------------------------------------- fields of an API


def rows_of(shared: Path) -> Iterator[dict[str, str]]:
    with (shared / "estates/evolution/openapi_history_changes.csv").open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def is_cut(row: dict[str, str]) -> bool:
    """Whether the table holds only the beginning of a list: it cuts every text at 80 characters."""
    return row["keyword"] == "enum" and any(
        text != "None" and not text.endswith("]") for text in (row["before"], row["after"])
    )


def step_of(row: dict[str, str]) -> Step:
    before, after = row["before"], row["after"]
    says = f"{row['repo']} {row['path']} {row['keyword']}: {before} -> {after}"
    return Step(
        rule(row["keyword"], before), rule(row["keyword"], after), is_narrower(row["keyword"], before, after), says
    )


def rule(keyword: str, written: str) -> Tree:
    if written == "None":
        return {"type": "integer" if keyword == "maximum" else "text"}
    match keyword:
        case "enum":
            return {"type": "text", "one_of": list(dict.fromkeys(ast.literal_eval(written)))}
        case "maxLength":
            return {"type": "text", "max_length": written}
        case "minLength":
            return {"type": "text", "min_length": written}
        case "pattern":
            return {"type": "text", "pattern": written}
        case "maximum":
            return {"type": "integer", "max": written}
    raise ValueError(keyword)


def is_narrower(keyword: str, before: str, after: str) -> bool:
    if keyword == "pattern":
        pair = [before, after]
        assert (pair in EXPECTED["patterns_narrowed"]) != (pair in EXPECTED["patterns_harmless"]), pair
        return pair in EXPECTED["patterns_narrowed"]
    if "None" in {before, after}:
        return before == "None"
    match keyword:
        case "enum":
            return not set(ast.literal_eval(before)) <= set(ast.literal_eval(after))
        case "minLength":
            return int(after) > int(before)
        case _:
            return int(after) < int(before)


def test_every_change_of_an_api_is_told_for_what_it_does(shared: Path) -> None:
    rows = list(rows_of(shared))
    whole = [row for row in rows if not is_cut(row)]
    assert (len(rows), len(whole)) == (284, 127)
    wrong, table = replay_all([step_of(row) for row in whole])
    assert wrong == []
    assert table == {("narrows", "narrowed"): 59, ("harmless", "loosened"): 64, ("harmless", "silent"): 4}
