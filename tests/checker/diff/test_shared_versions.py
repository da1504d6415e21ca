"""Versions that share what is the same in both are compared as such that share nothing."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

import pytest

from fieldline.checker.diff.diff import Diff, diff
from fieldline.checker.diff.regression import Regressions
from fieldline.checker.judging.judge import Judge
from fieldline.checker.preconditions.compose import Composition
from fieldline.documents.readings import Readings
from fieldline.estate.load import load_estate
from fieldline.lineage.graph import Graph

from ...properties.estates import Written, contract

if TYPE_CHECKING:
    from pathlib import Path

FIELDS: dict[str, dict[str, Any]] = {
    "in1": {"c": {"type": "text", "max_length": 20}},
    "mid": {"c": {"type": "text", "max_length": 20}},
    "end": {"c": {"type": "text", "max_length": 15}},
    "log": {"c": {"type": "text"}},
}
SHARP: dict[str, Any] = {"pattern": "[aß]{0,20}"}
"""In upper case ß is one character in PostgreSQL, and two elsewhere."""
FLOWS: list[dict[str, Any]] = [
    {"from": "in1.e.c", "to": "mid.e.c", "via": ["upper"]},
    {"from": "mid.e.c", "to": "end.e.c", "via": [{"truncate": 10}]},
    {"from": "in1.e.c", "to": "log.e.c", "via": [{"truncate": 12}]},
]


def written(*, engine: str | None = None, flows: list[dict[str, Any]] = FLOWS, **changed: dict[str, Any]) -> Written:
    """The estate; `changed`: what the field of a system says otherwise."""
    fields = {name: {"c": each["c"] | changed.get(name, {})} for name, each in FIELDS.items()}
    policy = {} if engine is None else {"engine": engine, "collation": "C.UTF-8"}
    return Written({name: contract(name, each) for name, each in fields.items()}, flows, policy)


def compared(folder: Path, before: Written, after: Written, *, shared: bool) -> Diff:
    readings = Readings()
    versions = []
    for name, each in (("before", before), ("after", after)):
        root = folder / f"{shared}" / name
        root.mkdir(parents=True)
        each.write(root)
        versions.append(load_estate(root, readings=readings if shared else None))
    if shared:
        one, other = (version.contracts.systems for version in versions)
        assert any(one[name] is other[name] for name in FIELDS)
    return diff(*versions)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (written(mid={"max_length": 5}), written()),
        (written(), written(end={"max_length": 8})),
        (written(), written(log={"max_length": 8, "on_violation": "truncate"})),
        (written(), written(in1={"max_length": 30})),
        (written(in1=SHARP), written(in1=SHARP, end={"max_length": 9}, engine="postgres")),
        (written(), written(flows=FLOWS[:-1])),
        (written(), written(flows=[*FLOWS, {"from": "mid.e.c", "to": "log.e.c", "when": "mid.e.c != 'A'"}])),
    ],
)
def test_sharing_changes_nothing(tmp_path: Path, before: Written, after: Written) -> None:
    shared, alone = (compared(tmp_path, before, after, shared=shared) for shared in (True, False))
    assert shared.findings == alone.findings
    assert shared.requirements == alone.requirements


def test_a_comparison_leaves_nothing_to_the_garbage_collection(tmp_path: Path) -> None:
    readings = Readings()
    sides = (written(), written(end={"max_length": 12}, mid={"on_violation": "truncate"}))
    versions = []
    for name, side in zip(("before", "after"), sides, strict=True):
        (tmp_path / name).mkdir()
        side.write(tmp_path / name)
        versions.append(load_estate(tmp_path / name, readings=readings))
    was_on = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        assert diff(versions[0], versions[1]).findings
        left = [each for each in gc.get_objects() if isinstance(each, Graph | Composition | Judge | Regressions)]
    finally:
        if was_on:
            gc.enable()
    assert left == []
