"""dbt: what a manifest says of models and their columns."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

from .reading import load

if TYPE_CHECKING:
    from pathlib import Path

FROM = "system: s\nfrom: {dbt: {files: manifest.json%s}}\n"


def manifest(columns: object, *, enforced: bool = True, adapter: str = "postgres", tests: object = ()) -> str:
    model = {
        "name": "customers",
        "resource_type": "model",
        "columns": columns,
        "contract": {"enforced": enforced},
        "constraints": [],
        "config": {"materialized": "table"},
    }
    nodes = {"model.shop.customers": model}
    for number, (name, column, kwargs, config) in enumerate(tests):  # type: ignore[misc, arg-type]
        nodes[f"test.shop.{number}"] = {
            "name": f"test_{number}",
            "resource_type": "test",
            "attached_node": "model.shop.customers",
            "column_name": column,
            "test_metadata": {"name": name, "kwargs": kwargs, "namespace": None},
            "config": {"severity": "ERROR", "where": None, "error_if": "!= 0", "enabled": True, **config},
        }
    version = "https://schemas.getdbt.com/dbt/manifest/v12.json"
    return json.dumps({"metadata": {"dbt_schema_version": version, "adapter_type": adapter}, "nodes": nodes})


def test_types_and_enforced_constraints_are_demands() -> None:
    columns = {
        "id": {"data_type": "int", "constraints": [{"type": "not_null"}, {"type": "unique"}]},
        "name": {"data_type": "varchar(20)", "constraints": [{"type": "check", "expression": "name <> ''"}]},
    }
    told = load(FROM % "", {"manifest.json": manifest(columns)}).told()
    assert told["customers.id"] == "integer; at least -2147483648; at most 2147483647; not null"
    assert "at most 20 characters" in told["customers.name"]
    assert told["customers.name"].endswith('; not ""')


def test_what_is_not_enforced_restricts_nothing() -> None:
    columns = {"id": {"data_type": "text", "constraints": [{"type": "not_null"}]}}
    loaded = load(FROM % "", {"manifest.json": manifest(columns, enforced=False)})
    assert loaded.field("s.customers.id").declared == ("constraint: not_null (not enforced)",)
    assert not loaded.field("s.customers.id").required
    checked = {
        "id": {"data_type": "text", "constraints": [{"type": "unique"}, {"type": "check", "expression": "id > ''"}]}
    }
    loaded = load(FROM % "", {"manifest.json": manifest(checked, adapter="redshift")})
    assert loaded.field("s.customers.id").declared == (
        "constraint: unique (not enforced)",
        "constraint: check id > '' (not enforced)",
    )
    told = load(FROM % "", {"manifest.json": manifest({"id": columns["id"]}, adapter="athena")}).told()
    assert told["customers.id"] == "text; not null; data_type: text (athena)"


def test_tests_that_fail_on_one_bad_row_are_demands_and_the_others_are_rules() -> None:
    columns = {"kind": {"data_type": "text"}, "name": {"data_type": "text"}}
    tests = [
        ("accepted_values", "kind", {"values": ["a", "b"]}, {}),
        ("not_null", "kind", {}, {}),
        ("not_null", "name", {}, {"severity": "warn"}),
        ("unique", "name", {}, {"where": "kind = 'a'"}),
        ("relationships", "name", {"to": "ref('x')", "field": "y"}, {}),
    ]
    loaded = load(FROM % "", {"manifest.json": manifest(columns, tests=tests, adapter="duckdb")})
    told = loaded.told()
    assert told["customers.kind"] == "text; one of a, b; not null"
    assert told["customers.name"] == "text; test unique: where kind = 'a'"
    assert loaded.field("s.customers.name").declared == ("test not_null", "test relationships: to ref('x'), field y")
    assert loaded.field("s.customers.name").unique is None


@pytest.mark.parametrize("version", ["v4", "v7", "v11", "v12", "v13"])
def test_every_version_since_dbt_1_is_read_alike(version: str) -> None:
    text = manifest({"id": {"data_type": "varchar(17)", "constraints": []}}, tests=[("not_null", "id", {}, {})])
    newest = load(FROM % "", {"manifest.json": text}).told()
    assert "at most 17 characters" in newest["customers.id"]
    assert load(FROM % "", {"manifest.json": text.replace("v12", version)}).told() == newest


def test_before_version_9_a_test_is_about_the_only_node_it_depends_on() -> None:
    read = json.loads(manifest({"id": {"data_type": "text"}}, tests=[("not_null", "id", {}, {})]).replace("v12", "v7"))
    for node in read["nodes"].values():
        if node["resource_type"] == "test":
            node["depends_on"] = {"nodes": [node.pop("attached_node")]}
    told = load(FROM % "", {"manifest.json": json.dumps(read)}).told()
    assert told["customers.id"].endswith("not null")


@pytest.mark.parametrize("version", ["v3", "v1", "latest"])
def test_an_older_version_is_refused(version: str) -> None:
    text = manifest({}).replace("v12", version)
    (problem,) = load(FROM % "", {"manifest.json": text}).problems
    assert problem.startswith("manifest.json:1:1: this is no manifest of dbt in version 4 or newer, but ")


def test_a_seed_and_a_source_of_one_name_are_two() -> None:
    read = json.loads(manifest({"id": {"data_type": "varchar(17)"}}))
    read["sources"] = {
        "source.shop.raw.customers": {
            "name": "customers",
            "source_name": "raw",
            "resource_type": "source",
            "columns": {"id": {"name": "id", "data_type": "varchar(23)"}},
        }
    }
    told = load(FROM % "", {"manifest.json": json.dumps(read)}).told()
    assert set(told) == {"customers.id", "raw_customers.id"}


def test_versions_of_a_model_and_models_of_two_packages_are_told_apart() -> None:
    read = json.loads(manifest({"id": {"data_type": "varchar(17)"}}))
    (model,) = read["nodes"].values()
    read["nodes"] = {
        "model.p.orders.v1": {**model, "name": "orders", "package_name": "p", "version": 1},
        "model.p.orders.v2": {**model, "name": "orders", "package_name": "p", "version": 2},
        "model.p.customers": {**model, "name": "customers", "package_name": "p", "version": None},
        "model.stripe.customers": {**model, "name": "customers", "package_name": "stripe", "version": None},
        "model.p.items.v1": {**model, "name": "items", "package_name": "p", "version": 1},
    }
    told = load(FROM % "", {"manifest.json": json.dumps(read)}).told()
    assert set(told) == {"orders_v1.id", "orders_v2.id", "p_customers.id", "stripe_customers.id", "items.id"}


@pytest.mark.needs_estates
def test_the_published_project_loads_with_the_types_of_its_catalogue(shared: Path) -> None:
    folder = shared / "estates" / "lineage-dbt" / "jaffle_shop"
    files = {
        "manifest.json": gzip.decompress((folder / "manifest.json.gz").read_bytes()).decode(),
        "catalog.json": (folder / "catalog.json").read_text(encoding="utf-8"),
    }
    bare = load(FROM % "", {"manifest.json": files["manifest.json"]}).told()
    assert bare["orders.status"] == (
        "text; one of placed, shipped, completed, return_pending, returned; no data_type is given"
    )
    told = load(FROM % ", catalog: catalog.json", files).told()
    assert len(bare) == 21
    named = load(FROM % ", queries: true", {"manifest.json": files["manifest.json"]}).told()
    assert len(named) == 28
    assert len(told) == 39  # with the columns that nobody wrote a word about
    assert told["raw_customers.first_name"].startswith("text")
    assert told["orders.status"] == "text; one of placed, shipped, completed, return_pending, returned"
    unknown = [name for name, restrictions in told.items() if "data_type" in restrictions]
    assert unknown == ["customers.total_order_amount"]  # documented, and no column of what was built


def test_columns_that_nobody_described_are_those_of_the_compiled_sql_and_of_a_seed() -> None:
    """dbt 1.4 (version 8) and the newest alike: a model without a word about it has the columns of its query."""

    def node(kind: str, name: str, **more: object) -> dict[str, object]:
        return {"resource_type": kind, "name": name, "alias": name, "schema": "s", "columns": {}, "config": {}, **more}

    queries = {
        "stage": "with raw as (select * from s.seed) select id, upper(name) as name, 1 from raw",
        "joined": "with stage as (select * from s.stage) select a.*, sum(1) as total from stage a, (select b) c",
        "open": "select *, 1 as one from s.elsewhere",
        "again": "select * from s.again",
        "less": "select * exclude (name) from s.stage",
        "both": "(select id from s.stage) union all select id from s.stage",
    }
    nodes = {f"model.p.{name}": node("model", name, compiled_code=code) for name, code in queries.items()}
    types = {"column_types": {"id": "varchar(3)", "name": "varchar(5)"}}
    nodes["seed.p.seed"] = node("seed", "seed", config=types)
    version = "https://schemas.getdbt.com/dbt/manifest/v12.json"
    written = json.dumps({"metadata": {"dbt_schema_version": version, "adapter_type": "snowflake"}, "nodes": nodes})
    told = load(FROM % ", queries: true", {"manifest.json": written}).told()
    assert {name: text for name, text in told.items() if name.startswith("seed")} == {
        "seed.id": "text; at most 3 characters",
        "seed.name": "text; at most 5 characters",
    }
    assert set(told) - {"seed.id", "seed.name"} == {
        *("stage.id", "stage.name", "joined.id", "joined.name", "joined.total", "less.id", "both.id")
    }
    assert told["joined.total"] == "text; no data_type is given"


def test_the_adapter_is_the_engine_of_the_system(tmp_path: Path) -> None:
    """Without it, a number that comes to a column of no stated type was taken for rejected."""
    from fieldline.estate.load import load_estate

    (tmp_path / "contracts").mkdir()
    (tmp_path / "lineage").mkdir()
    (tmp_path / "fieldline.yaml").write_text("estate: e\n", encoding="utf-8")
    (tmp_path / "m.json").write_text(manifest({"id": {"name": "id"}}, adapter="duckdb"), encoding="utf-8")
    text = "system: w\nfrom: {dbt: {files: m.json, kind: entry}}\n"
    (tmp_path / "contracts/w.yaml").write_text(text, encoding="utf-8")
    assert load_estate(tmp_path).contracts.systems["w"].engine == "duckdb"


def source_tests(tests: list[tuple[str, dict[str, object], list[str]]], **common: object) -> str:
    """A manifest with the source `shop.raw`, the model `kept`, and generic tests, as dbt writes those of sources."""
    nodes: dict[str, object] = {
        "model.p.kept": {"name": "kept", "resource_type": "model", "columns": {"k": {"data_type": "text"}}}
    }
    for number, (name, kwargs, depends) in enumerate(tests):
        nodes[f"test.p.{number}"] = {
            "name": f"test_{number}",
            "resource_type": "test",
            "attached_node": None,
            "column_name": kwargs.get("column_name"),
            "depends_on": {"macros": [], "nodes": depends},
            "sources": [["shop", "raw"]],
            "test_metadata": {"name": name, "kwargs": kwargs, "namespace": None},
            "config": {"severity": "ERROR", "where": None, "error_if": "!= 0", "enabled": True},
            **common,
        }
    raw = {
        "name": "raw",
        "source_name": "shop",
        "resource_type": "source",
        "columns": {"n": {"name": "n", "data_type": "varchar(23)"}, "m": {"name": "m", "data_type": "text"}},
    }
    version = "https://schemas.getdbt.com/dbt/manifest/v12.json"
    metadata = {"dbt_schema_version": version, "adapter_type": "postgres"}
    return json.dumps({"metadata": metadata, "nodes": nodes, "sources": {"source.p.shop.raw": raw}})


MODEL = "{{ get_where_subquery(source('shop', 'raw')) }}"


def test_tests_of_a_source_which_name_no_attached_node_are_read_as_those_of_a_model() -> None:
    own = ["source.p.shop.raw"]
    tests: list[tuple[str, dict[str, object], list[str]]] = [
        ("not_null", {"column_name": "n", "model": MODEL}, own),
        ("unique", {"column_name": "n", "model": MODEL}, own),
        ("accepted_values", {"column_name": "n", "values": ["x23"], "model": MODEL}, own),
        ("relationships", {"column_name": "m", "to": "ref('kept')", "model": MODEL}, ["model.p.kept", *own]),
        ("expression_is_true", {"expression": "m > 'a'", "model": MODEL}, own),
    ]
    loaded = load(FROM % "", {"manifest.json": source_tests(tests)})
    field = loaded.field("s.raw.n")
    assert field.required
    assert field.unique is not None
    assert loaded.told()["raw.n"] == "text; at most 23 characters; not null; only x23"
    assert loaded.told()["raw.m"].endswith("test expression_is_true: expression m > 'a'")
    assert loaded.field("s.raw.m").declared == ("test relationships: to ref('kept')",)
    assert loaded.told()["kept.k"] == "text"


@pytest.mark.parametrize(
    ("model", "found"),
    [
        ("{{ get_where_subquery(ref('orders')) }}", {"a.orders.v1", "a.orders.v2", "b.orders"}),
        ("{{ get_where_subquery(ref('b', 'orders')) }}", {"b.orders"}),
        ("{{ get_where_subquery(ref('orders', v=2)) }}", {"a.orders.v2"}),
        ('{{ get_where_subquery(ref("other")) }}', {"a.other"}),
        ("{{ get_where_subquery(source('a', 'orders')) }}", set()),
    ],
)
def test_a_test_that_depends_on_several_nodes_is_about_the_one_that_its_model_names(
    model: str, found: set[str]
) -> None:
    from fieldline.formats.dbt import _is_called

    nodes = ["a.orders.v1", "a.orders.v2", "b.orders", "a.other", "a.other_orders"]
    assert {node for node in nodes if _is_called(f"model.{node}", model)} == found


def test_a_test_of_its_own_query_is_a_rule_at_the_columns_that_the_query_names() -> None:
    query = {"test_metadata": None, "raw_code": "select * from {{ source('shop', 'raw') }} where M = 'x'"}
    written = source_tests([("", {}, ["source.p.shop.raw"])], **query)
    told = load(FROM % "", {"manifest.json": written}).told()
    assert told["raw.m"].endswith("test test_0")
    assert "test_0" not in told["raw.n"]


@pytest.mark.parametrize("column", ['"n"', "N", "`N`", "n"])
def test_a_column_is_found_in_quotes_and_in_other_letters(column: str) -> None:
    tests = [("unique", column, {}, {}), ("not_null", column, {}, {})]
    written = manifest({"n": {"data_type": "varchar(9)"}}, tests=tests, adapter="snowflake")
    loaded = load(FROM % "", {"manifest.json": written})
    assert loaded.field("s.customers.n").unique is not None
    assert loaded.field("s.customers.n").required


def test_a_column_that_is_not_there_is_named_by_its_test() -> None:
    columns = {"n": {"data_type": "text"}, "N": {"data_type": "text"}}
    written = manifest(columns, tests=[("unique", '"other"', {}, {})], adapter="snowflake")
    assert load(FROM % "", {"manifest.json": written}).told()["customers.n"].endswith('test unique: column "other"')


def test_constraints_on_several_columns_are_those_of_the_entity() -> None:
    columns = {name: {"data_type": "int"} for name in ("n", "m", "k")}
    read = json.loads(manifest(columns))
    read["nodes"]["model.shop.customers"]["constraints"] = [
        {"type": "primary_key", "columns": ["k"]},
        {"type": "unique", "columns": ["m", "n"]},
        {"type": "check", "expression": "n < m"},
        {"type": "check", "expression": "k > 3"},
    ]
    loaded = load(FROM % "", {"manifest.json": json.dumps(read)})
    assert loaded.estate is not None
    (entity,) = loaded.estate.contracts.entities.values()
    assert entity.key == ("k",)
    assert [each.fields for each in entity.unique] == [("k",), ("m", "n")]
    told = loaded.told()
    assert told["customers.m"].startswith("integer; at least -2147483648; at most 2147483647; ")
    assert "n < m" in told["customers.m"]
    assert "CHECK" not in "".join(told.values())
    assert told["customers.k"].endswith("more than 3; not null")


def test_what_a_constraint_on_several_columns_leaves_open_stays_a_rule() -> None:
    columns = {"n": {"data_type": "text"}, "m": {"data_type": "text"}, "o": {}}
    read = json.loads(manifest(columns))
    read["nodes"]["model.shop.customers"]["constraints"] = [
        {"type": "check", "expression": "f(n, m)"},
        {"type": "check", "expression": "n < o"},
        {"type": "unique", "columns": ["n", "gone"]},
        {"type": "unique", "columns": ["m"], "expression": "nulls not distinct"},
    ]
    told = load(FROM % "", {"manifest.json": json.dumps(read)}).told()
    assert "CHECK (f(n, m))" in told["customers.n"]
    assert "CHECK (f(n, m))" in told["customers.m"]
    assert "CHECK (n < o)" in told["customers.n"]
    assert told["customers.o"].endswith("CHECK (n < o)")
    assert "constraint: unique" in told["customers.n"]
    assert "constraint: unique nulls not distinct" in told["customers.m"]
    assert "CHECK (n < o)" not in told["customers.m"]
