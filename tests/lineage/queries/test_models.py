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


def loaded(
    folder: Path,
    nodes: dict[str, Any],
    adapter: str = "postgres",
    options: str = "",
    macros: object = None,
) -> Estate:
    manifest = {
        "metadata": {
            "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
            "adapter_type": adapter,
        },
        "nodes": nodes,
        "sources": RAW,
        "macros": macros or {},
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


PEOPLE = 'select id, name from "db"."main"."people"'
COLUMNS = {"id": "varchar", "name": "varchar"}


def hooked(*hooks: object, key: str = "post-hook") -> dict[str, Any]:
    """A model with these hooks, and two others that they may name."""
    return (
        model("clean", PEOPLE, COLUMNS, "source.shop.raw.people", config={key: list(hooks)})
        | model("log", "select 1 as id", COLUMNS)
        | model("bare", "select 1 as id", {})
    )


def changed(folder: Path, nodes: dict[str, Any], macros: object = None) -> list[str]:
    """The tables that hooks change, each with those it brings values from."""
    flows = loaded(folder, nodes, macros=macros).flows
    told = {
        f"{', '.join(sorted({source.field.entity for source in flow.sources}))} -> {flow.target.entity}"
        for flow in flows
        for step in flow.via
        if "a hook of dbt" in step.sentence
    }
    return sorted(told)


OWN = ["clean -> clean"]


@pytest.mark.parametrize(
    ("hook", "expected"),
    [
        ({"sql": "update {{ this }} set name = 'x'", "transaction": True}, OWN),
        ("INSERT INTO {{ this }} SELECT 1", OWN),
        ("insert into {{ this }} (id) values ('x')", OWN),
        ("alter table {{ this }} alter column name type varchar(2)", OWN),
        ("alter table {{ this }} modify column name set masking policy hide", OWN),
        ("alter table {{ this }} add column x int, alter column name set data type int", OWN),
        ("copy {{ this }} from 's3://bucket'", OWN),
        ("copy into {{ this }} (id, name) from @stage", OWN),
        ("merge into {{ this }} t using main.log l on t.id = l.id when matched then update set name = l.name", OWN),
        ("call mask_all('{{ this }}')", OWN),
        ("select mask_all('clean')", OWN),
        ("with x as (update main.clean set name = 'x' returning 1) select 1", OWN),
        ("{{ my_macro(this) }}", OWN),
        ("{% do run_query('update main.clean set name = 1') %}", OWN),
        ("{% if is_incremental() %} update {{ this }} set name = 'x' {% endif %}", OWN),
        ("grant select on {{ this }} to all; update {{ this }} set name = 'x'", OWN),
        ("insert into {{ ref('log') }} select id, name from {{ this }}", ["clean -> log"]),
        ("insert into {{ this.schema }}.log select id, name from {{ source('raw', 'people') }}", ["people -> log"]),
        ("update {{ ref('shop', 'log') }} set name = 'x'", ["log -> log"]),
        ("alter table {{ this }} swap with main.log", ["clean -> clean", "log -> log"]),
        ('update "db"."main"."log" set name = \'x\'', ["log -> log"]),
        ("insert into audit.events values ('x', 'update')", []),
        ("insert into {{ target.schema }}.audit select 'x'", []),
        ("insert into main.log values ('x', 'y')", []),  # they come from no system
        ("create table backup as select * from {{ this }}", []),
        ("grant select on {{ this }} to all", []),
        ("grant insert, update on {{ this }} to group insert_group", []),
        ("analyze {{ this }}", []),
        ("delete from {{ this }} where id is null", []),
        ("create unique index if not exists i on {{ this }} (id)", []),
        ("comment on table {{ this }} is 'update me; or insert'", []),
        ("select replace('a', 'b', 'c')", []),
        ("select pg_sleep(1)", []),
        ("select 1 -- update later", []),
        ("/* merge these */ vacuum {{ this }}", []),
        ("{# update {{ this }} #} analyze {{ this }}", []),
        ("{{ log('done') }}", []),
        ("alter table {{ this }} owner to {{ target.user }}", []),
        ("alter table {{ this }} add constraint u unique (id), add primary key (id)", []),
        ("alter table {{ this }} alter column name set not null", []),
        ("copy into @stage from {{ this }}", []),
        ("copy {{ this }} to 's3://bucket'", []),
        ("create function f() returns int as $$ begin update x set y = 1; end $$ language plpgsql", []),
        ("begin; set x = 1; commit", []),
    ],
)
def test_a_hook_is_told_where_it_changes_records(tmp_path: Path, hook: object, expected: list[str]) -> None:
    """dbt, "pre-hook & post-hook"; what a statement changes is in the manuals of the databases."""
    assert changed(tmp_path, hooked(hook)) == expected


@pytest.mark.parametrize(
    ("macros", "hook", "expected"),
    [
        ({"allow": "grant select on {{ rel }} to all"}, "{{ allow(this) }}", []),
        ({"allow": "grant select on {{ rel }} to all"}, "{{ shop.allow(this) }}", []),
        ({"mask": "update {{ rel }} set name = 'x'"}, "{{ mask(this) }}", OWN),
        ({"mask": "{# update #} analyze {{ rel }}"}, "{% do mask(this) %}", []),
        ({"outer": "{{ inner(rel) }}", "inner": "{{ adapter.rename_relation(a, b) }}"}, "{{ outer(this) }}", OWN),
        ({"outer": "{{ inner(rel) }}", "inner": "analyze {{ rel }}"}, "{{ outer(this) }}", []),
        ({"outer": "{{ inner(rel) }}"}, "{{ outer(this) }}", OWN),
    ],
)
def test_what_a_macro_changes_is_in_the_manifest(
    tmp_path: Path, macros: dict[str, str], hook: str, expected: list[str]
) -> None:
    known = {
        f"macro.shop.{name}": {
            "macro_sql": f"{{% macro {name}(rel) %}}{body}{{% endmacro %}}",
            "depends_on": {"macros": ["macro.shop.inner"] if "inner(" in body else []},
        }
        for name, body in macros.items()
    }
    assert changed(tmp_path, hooked(hook), macros=known) == expected


def test_hooks_of_seeds_and_of_the_whole_run(tmp_path: Path) -> None:
    seed = model("codes", "", COLUMNS, resource_type="seed", config={"post-hook": "update {{ this }} set name = 'x'"})
    end = {
        "operation.shop.shop-on-run-end-0": {
            "resource_type": "operation",
            "raw_code": "insert into {{ ref('log') }} select id, name from {{ ref('clean') }}",
        }
    }
    assert changed(tmp_path, hooked() | seed | end) == ["clean -> log", "codes -> codes"]


def test_a_model_of_no_contract_that_a_hook_changes_is_not_passed_through(tmp_path: Path) -> None:
    nodes = model("bare", PEOPLE, {}, "source.shop.raw.people")
    nodes |= model("last", 'select id, name from "db"."main"."bare"', COLUMNS, "model.shop.bare")
    assert told(loaded(tmp_path, nodes)) == ["wh.people.id -> wh.last.id", "wh.people.name -> wh.last.name"]
    nodes["model.shop.bare"]["config"] = {"post-hook": ["update {{ this }} set name = 'x'"]}
    assert told(loaded(tmp_path, nodes)) == [
        f"wh.people.id -> wh.last.{name} [it depends on a model that is not read]" for name in COLUMNS
    ]


@pytest.mark.parametrize("columns", [{}, COLUMNS])
def test_a_model_whose_sql_cannot_be_read_is_unread_alone(tmp_path: Path, columns: dict[str, str]) -> None:
    nodes = model("odd", "selec id frm people", columns, "source.shop.raw.people")
    nodes |= model("other", PEOPLE, COLUMNS, "source.shop.raw.people")
    nodes |= model("last", 'select id, name from "db"."main"."odd"', COLUMNS, "model.shop.odd")
    flows = told(loaded(tmp_path, nodes))
    assert [each for each in flows if ".other." in each] == [f"wh.people.{name} -> wh.other.{name}" for name in COLUMNS]
    if columns:
        assert "wh.people.id -> wh.odd.name [its SQL cannot be read]" in flows
        assert "wh.odd.name -> wh.last.name" in flows
    else:
        assert "wh.people.id -> wh.last.name [it depends on a model that is not read]" in flows


def test_a_python_model_is_opaque_from_the_contracts_behind_models_of_none(tmp_path: Path) -> None:
    nodes = model("bare", PEOPLE, {}, "source.shop.raw.people")
    nodes |= model("last", "def model(dbt, session): ...", {"id": "varchar"}, "model.shop.bare", language="python")
    assert told(loaded(tmp_path, nodes)) == ["wh.people.id -> wh.last.id [a model in Python]"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("select id, name, extra from main.people", ["id", "name"]),
        ("with s as (select id, upper(extra) as e, name from main.people) select * from s", ["id", "name"]),
        ("select id, coalesce(extra, name) as name from main.people", ["id", "[name]"]),
        ("select id, upper(p.extra) as name from main.people p", ["id", "[id]"]),
        ("select id, name from main.people where extra > 3", ["id", "name"]),
    ],
)
def test_a_column_of_no_contract_is_opaque_alone(tmp_path: Path, query: str, expected: list[str]) -> None:
    nodes = model("clean", query, COLUMNS, "source.shop.raw.people")
    flows = loaded(tmp_path, nodes).flows
    assert [
        f"[{flow.sources[0].field.field}]" if flow.via else flow.sources[0].field.field for flow in flows
    ] == expected
    assert [flow.target.field for flow in flows] == ["id", "name"]
    assert all(flow.filter for flow in flows) is ("where" in query)


def test_a_hook_that_never_closes_its_names_is_read_at_once(tmp_path: Path) -> None:
    hook = "update {{ ref(" + "'a'    " * 60 + "! }} set x = 1"
    nodes = model(
        "clean", "select id, name from main.people", {"id": "varchar", "name": "varchar"}, config={"post-hook": [hook]}
    )
    assert loaded(tmp_path, nodes).flows
