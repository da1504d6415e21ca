"""The flows of 2,000 models of dbt, beside `sqlglot.lineage` on the same models: seconds of CPU, and the ratio.

    python benchmarks/dbt_models.py [--quick]      (--quick: 200 models)

They have eight columns each: staging models that rename, cast, trim and
calculate, and marts that join two of them, with common table expressions, one of which bears the name of a model.
sqlglot takes each model apart once, with the models that it names expanded, and is then asked per column. The models that
one names have other names there: with their own it recurses without an end where a common table expression bears one.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from time import process_time

from sqlglot import exp, parse_one
from sqlglot.lineage import lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope

from fieldline.estate.load import load_estate

COLUMNS = ("id", "name", "code", "amount", "ordered", "status", "note", "city")
RAW_TYPES = ("integer", "varchar", "varchar", "numeric(12,2)", "date", "varchar", "varchar", "varchar")


def staging(source: str) -> str:
    """A model over a table that dbt only reads."""
    return f"""with source as (select * from "db"."raw"."{source}"),
renamed as (
    select id, trim(name) as name, upper(code) as code, amount * 100 as amount,
        cast(date_trunc('month', ordered) as date) as ordered,
        case when status = 'P' then 'placed' else status end as status,
        coalesce(note, '') as note, substr(city, 1, 20) as city
    from source
)
select * from renamed"""  # noqa: S608 - generated, and not run


def mart(left: str, right: str) -> str:
    """A model over two others."""
    return f"""with {left} as (select * from "db"."main"."{left}"),
other as (select id, name as other_name, note from "db"."main"."{right}")
select {left}.id, {left}.name || ' ' || coalesce(other.other_name, '') as name, {left}.code,
    round({left}.amount, 0) as amount, {left}.ordered, lower({left}.status) as status, other.note, {left}.city
from {left} left join other on {left}.id = other.id"""  # noqa: S608 - generated, and not run


def models(count: int) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Each model's SQL, with the tables it names."""
    raws = [f"raw_{i}" for i in range(count // 10)]
    stages = [f"stg_{i}" for i in range(count // 2)]
    made = {name: (staging(raws[i % len(raws)]), (raws[i % len(raws)],)) for i, name in enumerate(stages)}
    for i in range(count - count // 2):
        left, right = stages[i % len(stages)], stages[(i * 7 + 3) % len(stages)]
        made[f"mart_{i}"] = (mart(left, right), (left, right))
    return made


def written(folder: Path, made: dict[str, tuple[str, tuple[str, ...]]]) -> None:
    """An estate whose contracts and flows are read from a manifest of the models."""
    raws = {name for _, inputs in made.values() for name in inputs} - made.keys()
    typed = {name: {"name": name, "data_type": kind} for name, kind in zip(COLUMNS, RAW_TYPES, strict=True)}
    nodes, sources = {}, {}
    for name, (sql, inputs) in made.items():
        nodes[f"model.b.{name}"] = {
            "resource_type": "model",
            "name": name,
            "alias": name,
            "language": "sql",
            "compiled_code": sql,
            "relation_name": f'"db"."main"."{name}"',
            "columns": typed,
            "depends_on": {"nodes": [f"model.b.{each}" if each in made else f"source.b.raw.{each}" for each in inputs]},
            "config": {},
        }
    for name in sorted(raws):
        sources[f"source.b.raw.{name}"] = {
            "resource_type": "source",
            "name": name,
            "relation_name": f'"db"."raw"."{name}"',
            "columns": typed,
        }
    version = "https://schemas.getdbt.com/dbt/manifest/v12.json"
    manifest = {
        "metadata": {"dbt_schema_version": version, "adapter_type": "postgres", "project_name": "b"},
        "nodes": nodes,
        "sources": sources,
    }
    files = {
        "fieldline.yaml": "estate: models\n",
        "contracts/warehouse.yaml": "system: warehouse\nfrom: {dbt: manifest.json}\n",
        "lineage/models.yaml": "from: {dbt: {files: manifest.json, system: warehouse}}\nflows: []\n",
        "manifest.json": json.dumps(manifest),
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def by_sqlglot(made: dict[str, tuple[str, tuple[str, ...]]]) -> int:
    """The lineage of every column of every model; the number of them."""
    parsed = {name: parse_one(renamed(sql), dialect="postgres") for name, (sql, _) in made.items()}
    raws = {name for _, inputs in made.values() for name in inputs} - made.keys()
    schema = {f"m_{name}": dict(zip(COLUMNS, RAW_TYPES, strict=True)) for name in raws}
    found = 0
    for name, (_, inputs) in made.items():
        sources = {f"m_{each}": parsed[each] for each in inputs if each in parsed}
        whole = qualify(exp.expand(parsed[name], sources, dialect="postgres"), dialect="postgres", schema=schema)
        scope = build_scope(whole)
        for column in COLUMNS:
            lineage(column, whole, schema, scope=scope, dialect="postgres")
            found += 1
    return found


def renamed(sql: str) -> str:
    """The SQL with the models that it names under other names."""
    tree = parse_one(sql, dialect="postgres")
    for table in tree.find_all(exp.Table):
        if table.args.get("db") is not None:
            table.replace(exp.to_table(f"m_{table.name}").as_(table.alias or table.name))
    return tree.sql(dialect="postgres")


def main() -> None:
    """Read, compare, print."""
    count = 200 if "--quick" in sys.argv else 2_000
    made = models(count)
    with tempfile.TemporaryDirectory() as name:
        written(Path(name), made)
        begun = process_time()
        estate = load_estate(name)
        ours = process_time() - begun
    begun = process_time()
    columns = by_sqlglot(made)
    theirs = process_time() - begun
    exact = sum(not any(step.name == "opaque" for step in flow.via) for flow in estate.flows)
    print(f"{len(made)} models of {len(COLUMNS)} columns, {len(estate.flows)} flows, {exact} of them exact")
    print(f"fieldline, contracts and flows   {ours:7.2f} s")
    print(f"sqlglot.lineage, {columns} columns   {theirs:7.2f} s")
    print(f"ratio                            {ours / theirs:7.2f}")


if __name__ == "__main__":
    main()
