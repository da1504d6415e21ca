"""OpenLineage events: as the standard has them, with our demands and verdicts in them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from fieldline.checker.verdict.overview import Overview, overview_of
from fieldline.reports.graph.openlineage import graph_openlineage

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldline.estate.load import Estate

BASE = {
    "$id": "https://openlineage.io/spec/2-0-2/OpenLineage.json",
    "$defs": {
        "DatasetFacet": {
            "type": "object",
            "required": ["_producer", "_schemaURL"],
            "properties": {"_producer": {"type": "string"}, "_schemaURL": {"type": "string"}},
        }
    },
}
"""What the facet's schema refers to."""


@pytest.fixture(scope="module")
def events(bank: Overview) -> list[dict[str, Any]]:
    return [json.loads(line) for line in graph_openlineage(bank).splitlines()]


@pytest.mark.needs_estates
def test_the_column_lineage_is_what_the_standards_own_schema_asks_for(
    events: list[dict[str, Any]], hostile: Overview, shared: Path
) -> None:
    file = shared / "estates" / "lineage-openlineage" / "spec" / "facets" / "ColumnLineageDatasetFacet.json"
    facet = json.loads(file.read_text(encoding="utf-8"))
    base = BASE | {"$schema": facet["$schema"]}
    registry = jsonschema_rs.Registry([(document["$id"], document) for document in (base, facet)])
    validator = jsonschema_rs.validator_for({"$ref": facet["$id"]}, registry=registry)
    found = [json.loads(line) for line in graph_openlineage(hostile).splitlines()]
    outputs = [output for event in (*events, *found) for output in event.get("outputs", [])]
    assert outputs
    for output in outputs:
        validator.validate({"columnLineage": output["facets"]["columnLineage"]})
        assert not validator.is_valid({"columnLineage": {**output["facets"]["columnLineage"], "fields": 1}})
        assert output["facets"]["columnLineage"]["_schemaURL"].startswith(facet["$id"])


def test_every_flow_is_an_input_field_with_its_transformation(events: list[dict[str, Any]], bank: Overview) -> None:
    for facet, inputs in (("columnLineage", "inputFields"), ("lineage", "inputs")):
        told = {
            (
                f"{i['namespace']}.{i['name']}.{i['field']}",
                f"{output['namespace']}.{output['name']}.{field}",
                t["description"],
            )
            for event in events
            for output in event.get("outputs", [])
            for field, entry in output["facets"][facet]["fields"].items()
            for i in entry[inputs]
            for t in i["transformations"]
            if t["type"] == "DIRECT"
        }
        assert told == {
            (str(source.full_name), str(link.target.full_name), link.sentence)
            for link in bank.links
            for source in link.sources
        }


def test_a_condition_is_an_indirect_dependency(events: list[dict[str, Any]]) -> None:
    (billing,) = (e["outputs"][0] for e in events if e.get("job", {}).get("name") == "billing.customer")
    inputs = billing["facets"]["columnLineage"]["fields"]["postal_code_fi"]["inputFields"]
    (country,) = (i for i in inputs if i["field"] == "country")
    assert country["transformations"] == [
        {"type": "INDIRECT", "subtype": "CONDITIONAL", "description": "crm.person.country = 'FI'", "masking": False}
    ]


def test_a_demand_succeeds_only_when_it_is_proved(events: list[dict[str, Any]], bank: Overview) -> None:
    told = [
        (assertion["name"], assertion.get("column"), assertion["success"], assertion["params"]["verdict"])
        for event in events
        for dataset in event.get("inputs", [])
        for facet in dataset["inputFacets"].values()
        for assertion in facet["assertions"]
    ]
    assert len(told) == len(bank.obligations)
    assert all(success == (verdict == "proved") for _, _, success, verdict in told)
    assert ("billing.customer.username max_bytes", "username", False, "refuted") in told


def test_what_is_not_decided_is_told_as_no_success(estate: "Callable[..., Estate]") -> None:
    loaded = estate(
        "[{from: entry.e.f, to: core.e.f, via: [{opaque: unknown}]}]",
        entry="{f: {type: text, one_of: [a, b]}}",
        core="{f: {type: text, pattern: '[0-9]+'}}",
    )
    (event,) = (json.loads(line) for line in graph_openlineage(overview_of(loaded)).splitlines())
    (assertion,) = event["inputs"][0]["inputFacets"]["dataQualityAssertions"]["assertions"]
    assert (assertion["success"], assertion["params"]["verdict"]) == (False, "unknown")
