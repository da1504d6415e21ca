"""Flows from the SQL that OpenLineage events carry."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from fieldline.checker.judging.context import Context
from fieldline.estate.load import load_estate
from fieldline.formats.source import own_name

HIVE = Path(__file__).parents[4] / "shared" / "estates" / "lineage-openlineage" / "integration" / "hive"


def dataset(name: str, columns: dict[str, list[tuple[str, str]] | None]) -> dict[str, Any]:
    """A dataset with a schema; and the inputs of its columns, where they have some, as (dataset, field)."""
    fields = {
        column: {"inputFields": [{"namespace": "db", "name": of, "field": field} for of, field in inputs]}
        for column, inputs in columns.items()
        if inputs is not None
    }
    facets: dict[str, Any] = {"schema": {"fields": [{"name": column} for column in columns]}}
    if fields:
        facets["columnLineage"] = {"fields": fields}
    return {"namespace": "db", "name": name, "facets": facets}


def event(sql: str, output: dict[str, Any], *inputs: dict[str, Any]) -> str:
    job = {"namespace": "etl", "name": "load", "facets": {"sql": {"query": sql}}}
    return json.dumps({"eventType": "COMPLETE", "job": job, "inputs": inputs, "outputs": [output]})


def told(folder: Path, written: str, dialect: str | None = "spark") -> list[str]:
    fields = "{fields: {name: {type: text}, code: {type: text}}}"
    option = f", dialect: {dialect}" if dialect else ""
    files = {
        "fieldline.yaml": "estate: events\n",
        "contracts/db.yaml": f"system: db\nentities:\n  shop_src: {fields}\n  shop_dst: {fields}\n",
        "events.json": written,
        "lineage/f.yaml": f"from: {{openlineage: {{files: events.json{option}}}}}\nflows: []\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    links = Context(load_estate(folder)).graph.links
    return [f"{link.sources[0].full_name} {[step.sentence for step in link.flow.via]}" for link in links]


SRC = dataset("shop.src", {"name": None, "code": None})
DST = dataset("shop.dst", {"name": [("shop.src", "name")], "code": None})


def test_the_steps_on_the_way_come_from_the_sql(tmp_path: Path) -> None:
    written = event("INSERT INTO dst (name, code) SELECT upper(NAME), 'x' FROM shop.src", DST, SRC)
    assert told(tmp_path, written) == ["db.shop_src.name ['in upper case']"]
    assert told(tmp_path, written, None) == ["db.shop_src.name ['not described']"]


def test_one_from_may_feed_several_inserts(tmp_path: Path) -> None:
    sql = (
        "WITH c AS (SELECT name FROM src) FROM c INSERT INTO TABLE other SELECT name "
        "INSERT OVERWRITE TABLE dst SELECT trim(name), name"
    )
    assert told(tmp_path, event(sql, DST, SRC)) == ["db.shop_src.name ['spaces removed at both ends']"]


@pytest.mark.parametrize(
    "sql",
    [
        "LOAD DATA INPATH '/tmp/x' INTO TABLE dst",
        "INSERT INTO dst SELECT code, code FROM src",  # not what the event says of it
        "SELECT FROM WHERE",
    ],
)
def test_where_the_sql_tells_less_the_event_is_believed(tmp_path: Path, sql: str) -> None:
    assert told(tmp_path, event(sql, DST, SRC)) == ["db.shop_src.name ['not described']"]


@pytest.mark.skipif(not HIVE.is_dir(), reason="the estates are not there")
def test_of_hives_own_example_events_every_edge_of_a_query_is_read_from_its_sql(tmp_path: Path) -> None:
    """Of LOAD, IMPORT and EXPORT, which are no queries, the event alone tells: 25 edges of 79."""
    of_queries = of_sql = edges = 0
    for number, file in enumerate(sorted(HIVE.rglob("*.json"))):
        one = json.loads(file.read_bytes())
        if not isinstance(one, dict) or not any("columnLineage" in each["facets"] for each in one["outputs"]):
            continue
        query = one["job"]["facets"]["sql"]["query"]
        by_event = flows_of(tmp_path / f"{number}a", one, None)
        by_sql = flows_of(tmp_path / f"{number}b", one, "spark")
        assert by_event <= by_sql
        edges += len(by_event)
        if query.split()[0] not in {"LOAD", "IMPORT", "EXPORT"}:
            of_queries += len(by_event)
            of_sql += len(flows_of(tmp_path / f"{number}c", without_lineage_of_inputs(one), "spark") & by_event)
    assert (edges, of_queries, of_sql) == (79, 54, 54)


def without_lineage_of_inputs(one: dict[str, Any]) -> dict[str, Any]:
    """The event, saying of every field only that there is lineage of it."""
    for output in one["outputs"]:
        for field in output["facets"].get("columnLineage", {}).get("fields", {}).values():
            field["inputFields"] = []
    return one


def flows_of(folder: Path, one: dict[str, Any], dialect: str | None) -> set[tuple[str, str]]:
    """The pairs of fields that an event's flows join, in an estate of its datasets."""
    systems: dict[str, dict[str, Any]] = {}
    for each in (*one["inputs"], *one["outputs"]):
        fields = {own_name(field["name"]): {"type": "text"} for field in each["facets"]["schema"]["fields"]}
        systems.setdefault(own_name(each["namespace"]), {})[own_name(each["name"])] = {"fields": fields}
    (folder / "contracts").mkdir(parents=True)
    (folder / "lineage").mkdir()
    for name, entities in systems.items():
        (folder / "contracts" / f"{name}.yaml").write_text(yaml.safe_dump({"system": name, "entities": entities}))
    (folder / "fieldline.yaml").write_text("estate: hive\n")
    (folder / "event.json").write_text(json.dumps(one))
    option = f", dialect: {dialect}" if dialect else ""
    (folder / "lineage" / "f.yaml").write_text(f"from: {{openlineage: {{files: event.json{option}}}}}\nflows: []\n")
    links = Context(load_estate(folder)).graph.links
    return {(str(source.full_name), str(link.target.full_name)) for link in links for source in link.sources}
