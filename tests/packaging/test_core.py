"""Without an extra, Fieldline is small, and every command that judges, traces or draws an estate works."""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable
from compileall import compile_dir
from pathlib import Path
from textwrap import dedent

import pytest

from .conftest import site_packages

MOST_BYTES = 60 * 10**6
"""The files of site-packages, with bytecode: what `pip install .` adds to an environment."""
BELONG_TO_EXTRAS = {
    "babel",
    "cryptography",
    "duckdb",
    "fastapi",
    "fastexcel",
    "jsonschema_rs",
    "open_data_contract_standard",
    "great_expectations",
    "numpy",
    "pandas",
    "pandera",
    "polars",
    "psycopg",
    "pymysql",
    "pyspark",
    "sqlalchemy",
    "uvicorn",
}
SOURCES = {
    "person.schema.json": """\
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
         "properties": {"name": {"type": "string", "maxLength": 20}}}
        """,
    "api.yaml": """\
        openapi: 3.0.3
        info: {title: Shop, version: "1"}
        paths:
          /people:
            post:
              operationId: addPerson
              requestBody:
                content: {application/json: {schema: {type: object, properties: {name: {type: string, maxLength: 20}}}}}
        """,
    "shop.odcs.yaml": """\
        apiVersion: v3.1.0
        kind: DataContract
        id: x
        version: 1.0.0
        status: active
        schema:
          - name: person
            properties: [{name: name, logicalType: string, logicalTypeOptions: {maxLength: 20}}]
        """,
    "manifest.json": """\
        {"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json", "adapter_type": "postgres"},
         "nodes": {"model.shop.person": {"name": "person", "resource_type": "model", "constraints": [],
           "contract": {"enforced": true}, "config": {"materialized": "table"},
           "columns": {"name": {"name": "name", "data_type": "varchar(20)", "constraints": []}}}}}
        """,
    "shop.sql": "create table person (name varchar(20) check (name <> ''));\n",
}
GRAPHS = ("html", "mermaid", "dot", "graphml", "json", "openlineage", "svg")
SCREENS = (
    "json-schema",
    "json-schema-draft-07",
    "es-module",
    "zod",
    "pydantic",
    "pandera",
    "gx",
    "html",
    "sql-postgres",
    "sql-mysql",
    "sql-duckdb",
    "sql-sqlite",
    "query-spark",
    "query-postgres",
    "query-mysql",
    "query-duckdb",
)
COMMANDS = [
    "init new",
    "check nordbank",
    "check starter",
    *(f"check starter --output-format {form}" for form in ("json", "github", "gitlab", "sarif", "junit", "markdown")),
    "screen web.signup nordbank",
    "screen website.signup starter --output-format json",
    *(f"screen website.signup starter --as {form}" for form in SCREENS),
    "trace nordbank --at billing.customer.username --value abcdefghijklm",
    "trace starter --at billing.customer.company --null --output-format json",
    "diff nordbank changed",
    "diff nordbank changed -o change.html",
    *(f"graph starter --as {form} -o drawn" for form in GRAPHS),
    "docs nordbank -o site",
    "docs starter -o small-site",
    "explain",
    "explain escape",
    *(f"schema {name}" for name in ("estate", "contract", "lineage", "findings", "screen", "trace", "graph", "diff")),
    "import json_schema person.schema.json --system shop",
    "import openapi api.yaml --system shop",
    "import dbt manifest.json --system shop",
    "import sql shop.sql --system shop --option dialect=postgres",
    "export starter --system billing --as odcs",
    "export starter --system billing --as json-schema",
]
NEED_AN_EXTRA = {
    "import odcs shop.odcs.yaml --system shop": "odcs",
    "validate rows.csv --entry web.signup --estate nordbank": "rows",
    "reconcile crm billing nordbank": "rows",
    "drift crm nordbank --database SHOP --allow-env SHOP": "database",
    "audit crm nordbank --database SHOP": "audit",
    "serve nordbank": "web",
    "trace nordbank --at web.signup.username --value abc --language fi": "language",
}


@pytest.fixture(scope="module")
def core(environment: Callable[[str], Path]) -> Path:
    """The `bin` of an environment without any extra."""
    return environment("")


@pytest.fixture(scope="module")
def estates(core: Path, examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an example, the starter, a changed example, and sources in foreign formats."""
    folder = tmp_path_factory.mktemp("estates")
    shutil.copytree(examples / "nordbank", folder / "nordbank")
    shutil.copytree(examples / "nordbank", folder / "changed")
    billing = folder / "changed" / "contracts" / "billing.yaml"
    billing.write_text(billing.read_text().replace("limit: 12", "limit: 10"))
    for name, text in SOURCES.items():
        (folder / name).write_text(dedent(text))
    (folder / "rows.csv").write_text("username\nabc\n")
    assert fieldline(core, folder, "init starter").returncode == 0
    return folder


def fieldline(core: Path, folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [core / "fieldline", *command.split()],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "SHOP": "sqlite:///shop.db", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_weighs_less_than_60_megabytes_with_bytecode(core: Path) -> None:
    site = site_packages(core.parent)
    assert compile_dir(site, quiet=2)
    weights: dict[str, int] = {}
    for file in site.rglob("*"):
        if file.is_file():
            name = file.relative_to(site).parts[0]
            weights[name] = weights.get(name, 0) + file.stat().st_size
    heaviest = sorted(weights.items(), key=lambda item: -item[1])
    assert sum(weights.values()) < MOST_BYTES, heaviest[:12]


def test_it_brings_nothing_that_an_extra_brings(core: Path) -> None:
    assert {name for name in BELONG_TO_EXTRAS if importlib.util.find_spec(name) is None} == set()
    code = f"import importlib.util\nprint([n for n in {sorted(BELONG_TO_EXTRAS)} if importlib.util.find_spec(n)])"
    done = subprocess.run([core / "python", "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_this_needs_no_extra(core: Path, estates: Path, command: str) -> None:
    done = fieldline(core, estates, command)
    assert done.returncode in {0, 1}, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout or done.stderr


@pytest.mark.parametrize("command", NEED_AN_EXTRA)
def test_this_names_the_extra_that_it_needs(core: Path, estates: Path, command: str) -> None:
    done = fieldline(core, estates, command)
    told = done.stdout + done.stderr
    assert done.returncode == 2, told
    extra = NEED_AN_EXTRA[command]
    assert any(word in told for word in (f'"{extra}"', f"[{extra}]")), told
