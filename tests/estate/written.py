"""Estates written file by file, and what the loader says of them."""

from pathlib import Path
from typing import Any

import pytest

from fieldline.documents.problem import EstateError, Problem
from fieldline.estate.load import Estate, load_estate
from fieldline.lineage.flow import Flow
from fieldline.lineage.transforms import TRANSFORMS

KEYS = (
    "estate, title, contracts, systems, lineage, engine, collation, types, env, record_rules, find, xref, "
    "references, attempts, calendars, rules, fail_on, baseline, waivers"
)
WEB = "system: web\nentities: {signup: {kind: entry, fields: {a: {type: text}, b: {type: text}}}}\n"
CRM = "system: crm\nentities: {person: {fields: {x: {type: text}, y: {type: text}, z: {type: text}}}}\n"


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def estate_of(root: Path, flows: str, **files: str | bytes) -> Estate:
    base: dict[str, str | bytes] = {
        "fieldline.yaml": "estate: bank\ntitle: A bank\n",
        "contracts/web.yaml": WEB,
        "contracts/crm.yaml": CRM,
        "lineage/flows.yaml": flows,
    }
    return load_estate(write(root, base | files))


def flows_of(root: Path, *flows: str) -> tuple[Flow, ...]:
    return estate_of(root, "flows:\n" + "".join(f"- {flow}\n" for flow in flows)).flows


def said(root: Path) -> list[str]:
    """Every problem of an estate that cannot be read."""
    with pytest.raises(EstateError) as caught:
        load_estate(root)
    lines = []
    for problem in caught.value.problems:
        place = f"{problem.location}: " if problem.location else ""
        expected = f" | {problem.expected}" if problem.expected else ""
        suggestion = f" | {problem.suggestion}?" if problem.suggestion else ""
        lines.append(f"{place}{problem.message}{expected}{suggestion}")
    return lines


def problems_of(root: Path) -> tuple[Problem, ...]:
    """The problems of an estate; none when it can be read."""
    try:
        load_estate(root)
    except EstateError as error:
        return error.problems
    return ()


def said_of_flows(root: Path, *flows: str) -> list[str]:
    lines = "flows:\n" + "".join(f"- {flow}\n" for flow in flows)
    write(root, {"fieldline.yaml": "estate: bank\n", "contracts/web.yaml": WEB, "lineage/f.yaml": lines})
    return [line.removeprefix("lineage/f.yaml:") for line in said(root)]


def made(name: str, **options: object) -> Any:  # noqa: ANN401 - a transform, or a join of several values
    return TRANSFORMS[name].build(options)
