"""The models of a dbt manifest as flows."""

from __future__ import annotations

import csv
import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from fieldline.documents.problem import EstateError
from fieldline.estate.load import load_estate

if TYPE_CHECKING:
    from pathlib import Path

    from fieldline.estate.load import Estate


def model(name: str, sql: str, columns: dict[str, str], *depends: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - as dbt has it
    return {
        f"model.shop.{name}": {
            "resource_type": "model",
            "name": name,
            "package_name": "shop",
            "relation_name": f'"db"."main"."{name}"',
            "language": "sql",
            "compiled_code": sql,
            "depends_on": {"nodes": list(depends)},
            "columns": {column: {"name": column, "data_type": kind} for column, kind in columns.items()},
            **more,
        }
    }


RAW = {
    "source.shop.raw.people": {
        "resource_type": "source",
        "name": "people",
        "source_name": "raw",
        "relation_name": '"db"."main"."people"',
        "columns": {name: {"name": name, "data_type": "varchar"} for name in ("id", "name")},
    }
}


def loaded(folder: Path, nodes: dict[str, Any], adapter: str = "postgres", options: str = "") -> Estate:
    manifest = {
        "metadata": {
            "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
            "adapter_type": adapter,
        },
        "nodes": nodes,
        "sources": RAW,
    }
    files = {
        "fieldline.yaml": "estate: shop\n",
        "contracts/wh.yaml": "system: wh\nfrom: {dbt: manifest.json}\n",
        "lineage/f.yaml": f"from: {{dbt: {{files: manifest.json, system: wh{options}}}}}\nflows: []\n",
        "manifest.json": json.dumps(manifest),
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return load_estate(folder)


def told(estate: Estate) -> list[str]:
    return [
        f"{' + '.join(str(s.field) for s in flow.sources)} -> {flow.target}"
        f"{''.join(f' [{step.sentence}]' for step in flow.via)}"
        for flow in estate.flows
    ]


def test_models_in_the_order_they_depend_on_each_other(tmp_path: Path) -> None:
    nodes = model(
        "last", 'select upper(label) as label from "db"."main"."first"', {"label": "varchar"}, "model.shop.first"
    )
    nodes |= model(
        "first", 'select trim(name) as label from "db"."main"."people"', {"label": "varchar"}, "source.shop.raw.people"
    )
    estate = loaded(tmp_path, nodes)
    assert told(estate) == [
        "wh.people.name -> wh.first.label [spaces removed at both ends]",
        "wh.first.label -> wh.last.label [in upper case]",
    ]
    assert {flow.by for flow in estate.flows} == {"dbt"}
    assert {flow.location.file for flow in estate.flows} == {"manifest.json"}


def test_columns_that_no_contract_has_are_passed_through(tmp_path: Path) -> None:
    nodes = model(
        "first", 'select id, trim(name) as label from "db"."main"."people"', {"id": "varchar"}, "source.shop.raw.people"
    )
    nodes |= model(
        "last",
        'with first as (select * from "db"."main"."first") select * from first',
        {"id": "varchar", "label": "varchar"},
        "model.shop.first",
    )
    assert told(loaded(tmp_path, nodes)) == [
        "wh.people.id -> wh.first.id",
        "wh.first.id -> wh.last.id",
        "wh.people.name -> wh.last.label [spaces removed at both ends]",
    ]


def test_a_model_in_python_is_opaque(tmp_path: Path) -> None:
    nodes = model(
        "last", "def model(dbt, session): ...", {"id": "varchar"}, "source.shop.raw.people", language="python"
    )
    assert told(loaded(tmp_path, nodes)) == ["wh.people.id -> wh.last.id [a model in Python]"]


def test_an_adapter_whose_sql_is_not_read_is_a_problem(tmp_path: Path) -> None:
    nodes = model("last", "select 1", {"id": "varchar"})
    with pytest.raises(EstateError, match=r'the SQL of the adapter "teradata" is not read'):
        loaded(tmp_path, nodes, "teradata")


@pytest.mark.needs_estates
@pytest.mark.parametrize(("options", "columns"), [(", catalog: catalog.json", 18), ("", 11), (", queries: true", 18)])
def test_the_published_project_agrees_with_the_lineage_that_was_read_by_hand(
    tmp_path: Path, shared: Path, options: str, columns: int
) -> None:
    folder = shared / "estates/lineage-dbt/jaffle_shop"
    files = {
        "fieldline.yaml": "estate: jaffle\n",
        "manifest.json": gzip.decompress((folder / "manifest.json.gz").read_bytes()).decode(),
        "catalog.json": (folder / "catalog.json").read_text(encoding="utf-8"),
        "contracts/wh.yaml": f"system: wh\nfrom: {{dbt: {{files: manifest.json{options}}}}}\n",
        "lineage/f.yaml": "from: {dbt: {files: manifest.json, system: wh}}\nflows: []\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    into: dict[str, set[str]] = {}
    for flow in load_estate(tmp_path).flows:
        into.setdefault(str(flow.target), set()).update(str(source.field) for source in flow.sources)

    def roots(name: str) -> set[str]:
        return {root for source in into[name] for root in roots(source)} if name in into else {name}

    with (folder / "expected_column_lineage.csv").open(encoding="utf-8") as written:
        rows = list(csv.DictReader(written))
    told_of = [row for row in rows if f"wh.{row['model']}.{row['column']}" in into]
    assert len(told_of) == columns  # else no contract has the others
    for row in told_of:
        expected = {f"wh.{source.strip()}" for source in row["sources"].split(";")}
        assert roots(f"wh.{row['model']}.{row['column']}") == expected, row


@pytest.mark.parametrize(
    ("hooks", "expected"),
    [
        ([{"sql": "update {{ this }} set name = 'x'", "transaction": True}], True),
        (["INSERT INTO {{ this }} SELECT 1"], True),
        ([{"sql": "grant select on {{ this }} to all"}, "analyze {{ this }}"], False),
    ],
)
def test_a_hook_that_changes_the_records_of_a_model_is_told(tmp_path: Path, hooks: list[Any], expected: bool) -> None:
    people = model(
        "clean", "select id, name from main.people", {"id": "varchar", "name": "varchar"}, config={"post-hook": hooks}
    )
    flows = loaded(tmp_path, people).flows
    told = [step.sentence for flow in flows for step in flow.via if flow.writes == "fields"]
    assert bool(told) is expected
    assert all("a hook of dbt" in sentence for sentence in told)
