"""Real incidents, each a small estate: the rule and the binding system must be found, and the reported value judged."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from fieldline.checker.judging.context import Context
from fieldline.checker.judging.simulate import travel
from fieldline.checker.verdict.check import check
from fieldline.documents.names import FieldName
from fieldline.estate.load import Estate, load_estate

from ..names import names

if TYPE_CHECKING:
    from fieldline.checker.finding import FieldValues
    from fieldline.values.valueset import Value

ESTATES = Path(__file__).parent.parent / "conformance" / "estates"
ROWS = [
    yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - every scalar stays text
    for path in sorted(ESTATES.glob("*/[NF]*.yaml"))
]
STATED = [row for row in ROWS if "cannot" not in row]
NOT_STATED = {row["id"]: row["cannot"] for row in ROWS if "cannot" in row}


class _Quoting(yaml.SafeDumper):
    """Writes every text in quotes, but what is a whole number or a truth value plain: as a person would."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True


def _scalar(_dumper: _Quoting, text: str) -> yaml.ScalarNode:
    style = None if re.fullmatch(r"-?[0-9]+|true|false", text) else '"'
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style=style)


_Quoting.add_representer(str, _scalar)


def written(tmp_path: Path, row: dict[str, Any]) -> Estate:
    (tmp_path / "fieldline.yaml").write_text("estate: incident\n", encoding="utf-8")
    for folder, documents in (("contracts", row["contracts"]), ("lineage", {"flows": row["lineage"]})):
        (tmp_path / folder).mkdir()
        for name, document in documents.items():
            text = yaml.dump(document, Dumper=_Quoting, allow_unicode=True).replace("!!str ", "")
            (tmp_path / folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load_estate(tmp_path)


def typed(estate: Estate, name: FieldName, text: str) -> Value:
    field = estate.contracts.fields[name]
    match field.type:
        case "integer" | "decimal":
            return Decimal(text)
        case "date":
            return date.fromisoformat(text)
        case _:
            return text


def record(estate: Estate, expect: dict[str, Any]) -> FieldValues:
    entry = FieldName.read(expect["entry"][0] if isinstance(expect["entry"], list) else expect["entry"])
    given = expect.get("record") or {entry.field: expect["value"]}
    record = {entry.entity_name.of(name): text for name, text in given.items()}
    return {name: typed(estate, name, text) for name, text in record.items()}


def test_at_least_28_of_the_36_incidents_are_stated() -> None:
    incidents = [row for row in STATED if row["id"].startswith("N")]
    assert len(incidents) + len(NOT_STATED) == 36
    assert len(incidents) >= 28
    assert all(reason.strip() for reason in NOT_STATED.values())


@pytest.mark.parametrize("row", STATED, ids=[row["id"] for row in STATED])
def test_the_rule_and_the_binding_system_are_found(row: dict[str, Any], tmp_path: Path) -> None:
    expect = row["expect"]
    found = check(written(tmp_path, row)).findings
    if expect["rule"] == "none":
        assert [f for f in found if f.rule in {"escape", "loss", "collision", "conflict"}] == []
        return
    matching = [
        f
        for f in found
        if f.rule == expect["rule"]
        and f.binding is not None
        and str(f.binding.field) == expect["binding"]
        and f.binding.constraint == expect.get("constraint", f.binding.constraint)
    ]
    assert matching, [f.message for f in found]
    entries = expect["entry"] if isinstance(expect["entry"], list) else [expect["entry"]]
    assert set(matching[0].fields) <= {*names(*entries), *(matching[0].witness or ())}
    assert matching[0].verdict == "refuted"


@pytest.mark.parametrize("row", [r for r in STATED if {"value", "record"} & set(r["expect"])], ids=lambda r: r["id"])
def test_the_reported_value_fares_as_reported(row: dict[str, Any], tmp_path: Path) -> None:
    expect = row["expect"]
    estate = written(tmp_path, row)
    context = Context(estate)
    sent = record(estate, expect)
    for name, value in sent.items():
        assert value in context.judge.accepted(name), "the entry lets it in"
    journey = travel(context.graph, sent)
    rejected = {(str(a.field), c.name) for a in journey.rejections() for c in a.rejections}
    rejected |= {(str(a.field), "type") for a in journey.rejections() if a.is_lost}
    match expect["verdict"]:
        case "refused":
            binding = (expect["binding"], expect.get("constraint"))
            assert binding in rejected or any(field == binding[0] for field, _ in rejected), rejected
        case "altered":  # where it is lost nobody rejects it; another system may
            assert not any(field == expect["binding"] for field, _ in rejected)
            arrived = [a.stored for a in journey.arrivals[FieldName.read(expect["binding"])]]
            assert sent[next(iter(sent))] not in arrived
            if "arrives" in expect:
                assert expect["arrives"] in {str(value) for value in arrived}
        case "accepted":
            assert rejected == set()
