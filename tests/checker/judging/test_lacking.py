"""Records that lack a field that must be filled in: judged for each source that creates records."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from fieldline.checker.verdict.check import check
from fieldline.estate.load import load_estate

from ...properties.estates import Written
from ...tracing import traced

if TYPE_CHECKING:
    from pathlib import Path

    from fieldline.estate.load import Estate

WEB = {"name": {"type": "text", "required": True, "pattern": "[a-z]{1,4}"}, "no": {"type": "text", "required": True}}
TEXT = {"type": "text"}
REQUIRED = {"type": "text", "required": True}


def entity(kind: str, fields: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"e": {"kind": kind, "fields": fields, **more}}


def system(name: str, kind: str, fields: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"system": name, "entities": entity(kind, fields, **more)}


def estate(core: dict[str, Any], flows: list[dict[str, Any]], **others: dict[str, Any]) -> Estate:
    contracts = {"web": system("web", "entry", WEB), "core": core, **others}
    return Written(contracts, flows).load()


def flow(source: str, target: str, **more: object) -> dict[str, Any]:
    return {"from": source, "to": target, **more}


def lacking(of: Estate) -> list[tuple[str, ...]]:
    """Per finding, the names of the fields that are missing."""
    found = [finding for finding in check(of).findings if finding.rule == "unfilled"]
    for finding in found:
        assert finding.severity.value == "error"
        assert finding.binding is not None
        assert (finding.binding.constraint, finding.binding.field) == ("required", finding.field)
    missing = {"core.e"}
    return [tuple(n.field for n in finding.fields if str(n.entity_name) in missing) for finding in found]


PARTNER = system("partner", "entry", WEB)


def test_without_a_key_all_sources_together_make_a_record() -> None:
    core = system("core", "table", {"no": TEXT, "name": REQUIRED})
    flows = [flow("web.e.no", "core.e.no"), flow("partner.e.name", "core.e.name")]
    assert lacking(estate(core, flows, partner=PARTNER)) == []


def test_with_a_key_each_source_that_feeds_it_makes_records_of_its_own() -> None:
    core = system("core", "table", {"no": TEXT, "name": REQUIRED}, key="no")
    flows = [flow("web.e.no", "core.e.no"), flow("partner.e.name", "core.e.name")]
    assert lacking(estate(core, flows, partner=PARTNER)) == [("name",)]
    both = [*flows, flow("partner.e.no", "core.e.no"), flow("web.e.name", "core.e.name")]
    assert lacking(estate(core, both, partner=PARTNER)) == []


def test_a_source_that_does_not_feed_the_key_only_completes_records() -> None:
    core = system("core", "table", {"no": TEXT, "name": REQUIRED}, key="no")
    flows = [
        flow("web.e.no", "core.e.no"),
        flow("web.e.name", "core.e.name"),
        flow("partner.e.no", "core.e.no", when="partner.e.no = 'x'"),
    ]
    completes = [*flows[:2], flow("partner.e.name", "core.e.name")]
    assert lacking(estate(core, completes, partner=PARTNER)) == []
    assert lacking(estate(core, flows, partner=PARTNER)) == [("name",)]


def test_flows_of_the_carrier_that_brings_the_key_belong_to_the_same_record() -> None:
    core = system("core", "table", {"no": TEXT, "name": REQUIRED}, key="no")
    flows = [flow("web.e.no", "core.e.no", by="the batch"), flow("partner.e.name", "core.e.name", by="the batch")]
    assert lacking(estate(core, flows, partner=PARTNER)) == []
    flows[1]["by"] = "another batch"
    assert lacking(estate(core, flows, partner=PARTNER)) == [("name",)]


def test_a_key_that_the_system_numbers_is_fed_by_nobody() -> None:
    fields = {"id": {"type": "integer", "required": True, "identity": "always"}, "name": TEXT, "no": REQUIRED}
    core = system("core", "table", fields, key="id")
    assert lacking(estate(core, [flow("web.e.name", "core.e.name")])) == [("no",)]
    assert lacking(estate(core, [flow("web.e.name", "core.e.name"), flow("web.e.no", "core.e.no")])) == []


def test_there_is_one_finding_an_entity_with_all_that_it_lacks() -> None:
    core = system("core", "table", {"no": REQUIRED, "name": REQUIRED, "city": REQUIRED, "note": TEXT}, key="no")
    flows = [flow("web.e.no", "core.e.no"), flow("partner.e.no", "core.e.no"), flow("web.e.name", "core.e.name")]
    of = estate(core, flows, partner=PARTNER)
    assert lacking(of) == [("name", "city")]
    (finding,) = [finding for finding in check(of).findings if finding.rule == "unfilled"]
    assert finding.verdict == "refuted"
    assert finding.entry is not None
    assert finding.witness is not None
    assert set(finding.witness) <= {name for name in finding.fields if name.entity_name == finding.entry}


@pytest.mark.parametrize("kind", ["entry", "view"])
def test_an_entry_and_a_view_are_not_created_by_flows(kind: str) -> None:
    core = system("core", kind, {"no": TEXT, "name": REQUIRED})
    assert lacking(estate(core, [flow("web.e.no", "core.e.no")])) == []


@pytest.mark.parametrize("kind", ["table", "message", "file", "api"])
def test_every_other_kind_of_entity_is(kind: str) -> None:
    core = system("core", kind, {"no": TEXT, "name": REQUIRED})
    assert lacking(estate(core, [flow("web.e.no", "core.e.no")])) == [("name",)]


def test_what_fills_the_whole_entity_is_said_once() -> None:
    core = system("core", "table", {"no": TEXT, "name": REQUIRED, "city": REQUIRED}, filled_by="the loader")
    assert lacking(estate(core, [flow("web.e.no", "core.e.no")])) == []


def test_a_field_that_the_system_makes_from_its_own_fields_is_filled() -> None:
    core = system("core", "table", {"no": TEXT, "name": REQUIRED})
    assert lacking(estate(core, [flow("web.e.no", "core.e.no"), flow("core.e.no", "core.e.name")])) == []


def test_a_flow_that_begins_nowhere_is_dangling_and_the_field_not_unfilled() -> None:
    core = system("core", "table", {"no": TEXT, "name": REQUIRED})
    of = estate(core, [flow("web.e.no", "core.e.no"), flow("web.e.gone", "core.e.name")])
    assert lacking(of) == []
    assert [finding.rule for finding in check(of).findings if finding.severity.value == "error"] == ["dangling"]


def test_the_entry_field_whose_records_are_rejected_is_not_called_safe() -> None:
    core = system("core", "table", {"name": TEXT, "city": REQUIRED})
    relations = {
        str(e.field): e.relation for e in check(estate(core, [flow("web.e.name", "core.e.name")])).summary.entries
    }
    assert relations["web.e.name"] in {"wider", "both"}


def test_a_trigger_of_unknown_effect_may_fill_in_what_is_missing() -> None:
    fields = {"name": TEXT, "city": {**REQUIRED, "opaque": "TRIGGER fill_in"}}
    flows = [flow("web.e.name", "core.e.name")]
    (finding,) = [f for f in check(estate(system("core", "table", fields), flows)).findings if f.rule == "unfilled"]
    assert (finding.verdict, finding.reason) == ("unknown", "TRIGGER fill_in may fill it in")
    both = fields | {"zip": REQUIRED}
    (finding,) = [f for f in check(estate(system("core", "table", both), flows)).findings if f.rule == "unfilled"]
    assert finding.verdict == "refuted"


@pytest.mark.parametrize("published", ["default", "readOnly"])
def test_the_default_of_a_schema_is_an_annotation_and_fills_nothing(published: str, tmp_path: Path) -> None:
    """JSON Schema, Validation, 9.2: `default` restricts nothing and fills nothing in."""
    (tmp_path / "contracts").mkdir()
    (tmp_path / "lineage").mkdir()
    (tmp_path / "fieldline.yaml").write_text("estate: t\n")
    (tmp_path / "contracts" / "web.yaml").write_text(json.dumps(system("web", "entry", WEB)))
    (tmp_path / "contracts" / "api.yaml").write_text("system: api\nfrom: {json_schema: {files: t.json}}\n")
    city = {"type": "string", published: "X" if published == "default" else False}
    schema = {"type": "object", "required": ["name", "city"], "properties": {"name": {"type": "string"}, "city": city}}
    (tmp_path / "t.json").write_text(json.dumps(schema))
    (tmp_path / "lineage" / "l.yaml").write_text(json.dumps({"flows": [flow("web.e.name", "api.t.name")]}))
    (finding,) = [finding for finding in check(load_estate(tmp_path)).findings if finding.rule == "unfilled"]
    assert finding.binding is not None
    assert str(finding.binding.field) == "api.t.city"


def test_a_trace_names_what_is_missing_where_the_value_arrives() -> None:
    core = system("core", "table", {"name": TEXT, "city": REQUIRED})
    found = traced(estate(core, [flow("web.e.name", "core.e.name", lag="PT2H")]), "web.e.name", "ab")
    (failure,) = found.failures
    assert (str(failure.field.full_name), failure.value) == ("core.e.city", None)
    assert [constraint.name for constraint in failure.constraints] == ["required"]
    assert [str(name) for name in failure.hops] == ["core.e.name", "core.e.city"]
    assert failure.after == timedelta(hours=2)
