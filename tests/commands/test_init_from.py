"""`fieldline init --from`: an estate proposed from what a folder holds, with findings on its own data."""

import gzip
import json
from pathlib import Path

import pytest
import yaml

from .conftest import Run

JAFFLE_SHOP = Path(__file__).parents[2].parent / "shared" / "estates" / "lineage-dbt" / "jaffle_shop"
FORM = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["firstName", "email"],
    "properties": {
        "firstName": {"type": "string", "minLength": 1, "maxLength": 60},
        "email": {"type": "string", "maxLength": 80},
        "nickname": {"type": "string"},
    },
}
API = """\
openapi: 3.0.3
info: {title: Shop, version: '1'}
paths:
  /customers:
    get:
      operationId: listCustomers
      parameters: [{name: email, in: query, schema: {type: string}}]
      responses: {'200': {description: some}}
    post:
      operationId: createCustomer
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties: {first_name: {type: string, maxLength: 40}, email: {type: string, maxLength: 80}}
      responses: {'201': {description: made}}
"""
TABLES = """\
create table public.customers (id serial primary key, first_name varchar(30) not null, email varchar(80) not null);
create table public.letters (id serial primary key, line varchar(35), customer_id integer);
insert into public.letters (line) select trim(first_name) from public.customers;
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A folder with a form's schema, an API, a database's script, and files that are none of these."""
    folder = tmp_path / "shop"
    files = {
        "web/forms/customer.json": json.dumps(FORM),
        "api/openapi.yaml": API,
        "db/schema.sql": TABLES,
        "package.json": '{"name": "shop", "$schema": "https://json.schemastore.org/package"}',
        "node_modules/lib/schema.json": json.dumps(FORM),
        "reports/orders.sql": "select * from {{ ref('orders') }}",
        ".github/workflows/ci.yml": "on: push\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_it_reads_the_sources_in_place_and_guesses_flows_that_give_findings(fieldline: Run, repository: Path) -> None:
    done = fieldline("init", "--from", ".", cwd=repository)
    assert (done.returncode, done.stderr) == (0, "")
    assert "An estate was written to .: 3 systems, read in place." in done.stdout
    contracts = {path.stem: yaml.safe_load(path.read_text()) for path in (repository / "contracts").iterdir()}
    assert {name: contract["from"] for name, contract in contracts.items()} == {
        "forms": {"json_schema": {"files": "web/forms/customer.json", "kind": "entry"}},
        "shop": {"openapi": {"files": "api/openapi.yaml"}},
        "shop_db": {"sql": {"files": "db/schema.sql", "dialect": "postgres"}},
    }
    guessed = yaml.safe_load((repository / "lineage" / "guessed.yaml").read_text())["flows"]
    assert [(flow["from"], flow["to"]) for flow in guessed] == [
        ("forms.customer.firstName", "shop.createCustomer.first_name"),
        ("forms.customer.email", "shop.createCustomer.email"),
        ("shop.createCustomer.first_name", "shop_db.customers.first_name"),
        ("shop.createCustomer.email", "shop_db.customers.email"),
    ]
    assert all(flow["note"].startswith("a guess") and flow["writes"] == "some" for flow in guessed)
    read = yaml.safe_load((repository / "lineage" / "sql.yaml").read_text())
    assert read["from"] == {"sql": {"files": "db/schema.sql", "dialect": "postgres", "system": "shop_db"}}
    checked = fieldline("check", cwd=repository)
    assert checked.returncode == 1
    assert "forms.customer.firstName  accepts values that a downstream system rejects" in checked.stdout
    assert "shop_db.customers.first_name: at most 30 characters" in checked.stdout


def test_what_it_guessed_is_told_and_stands_in_the_files(fieldline: Run, repository: Path) -> None:
    told = fieldline("init", "--from", ".", cwd=repository).stdout
    assert "Guessed, to be confirmed" in told
    assert "forms.customer -> shop.createCustomer: first_name, email" in told
    form = (repository / "contracts" / "forms.yaml").read_text()
    assert form.startswith("# Guessed: that people fill these in (kind: entry).")


def test_nothing_is_overwritten(fieldline: Run, repository: Path) -> None:
    own = repository / "contracts" / "paper.md"
    own.parent.mkdir()
    own.write_text("of lawyers")
    assert fieldline("init", "--from", ".", cwd=repository).returncode == 0
    assert [path.name for path in own.parent.iterdir()] == ["paper.md"]
    assert (repository / "fieldline" / "contracts" / "shop_db.yaml").exists()
    assert fieldline("check", cwd=repository).returncode == 1
    again = fieldline("init", "--from", ".", cwd=repository)
    assert (again.returncode, again.stdout) == (2, "")
    assert "fieldline.yaml is there already" in again.stderr


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("nowhere", "there is no nowhere"),
        ("..", ".. is not inside the estate's folder, ."),
        ("reports", "nothing that describes fields was found in reports"),
        ("broken.sql", "broken.sql is left out: broken.sql:1:"),
    ],
)
def test_sources_that_give_nothing_are_problems(fieldline: Run, repository: Path, source: str, told: str) -> None:
    (repository / "broken.sql").write_text("create table t (a varchar(10) default 'never ends);\n")
    done = fieldline("init", "--from", source, cwd=repository)
    assert done.returncode == 2
    assert told in done.stdout + done.stderr
    assert not (repository / "fieldline.yaml").exists()


def test_an_unreadable_source_is_left_out_and_named(fieldline: Run, repository: Path) -> None:
    (repository / "old").mkdir()
    (repository / "old" / "broken.sql").write_text("create table t (a varchar(10) default 'never ends);\n")
    done = fieldline("init", "--from", ".", cwd=repository)
    assert done.returncode == 0
    assert "Left out" in done.stdout
    assert "old/broken.sql" in done.stdout


def test_an_api_alone_is_where_values_are_born(fieldline: Run, repository: Path) -> None:
    assert fieldline("init", "--from", "api", "--from", "db", cwd=repository).returncode == 0
    checked = fieldline("check", cwd=repository)
    assert "shop.createCustomer.first_name  accepts" in checked.stdout


@pytest.mark.skipif(not JAFFLE_SHOP.is_dir(), reason="the estates are not there")
def test_a_dbt_project_brings_its_models_as_flows(fieldline: Run, repository: Path) -> None:
    target = repository / "dbt" / "target"
    target.mkdir(parents=True)
    (target / "manifest.json").write_bytes(gzip.decompress((JAFFLE_SHOP / "manifest.json.gz").read_bytes()))
    (target / "catalog.json").write_bytes((JAFFLE_SHOP / "catalog.json").read_bytes())
    (repository / "dbt" / "dbt_project.yml").write_bytes((JAFFLE_SHOP / "dbt_project.yml").read_bytes())
    done = fieldline("init", "--from", ".", cwd=repository)
    assert "32 flows from the dbt of dbt/target/manifest.json" in done.stdout
    assert "shop_db.customers -> jaffle_shop.raw_customers: id, first_name" in done.stdout
    assert fieldline("check", cwd=repository).returncode == 1


def test_a_folder_of_migrations_is_one_source(fieldline: Run, repository: Path) -> None:
    (repository / "db" / "schema.sql").unlink()
    folder = repository / "db" / "migrations"
    folder.mkdir()
    (folder / "V1__make.sql").write_text(TABLES)
    (folder / "V2__widen.sql").write_text("alter table public.customers alter column first_name type varchar(35);\n")
    assert fieldline("init", "--from", ".", cwd=repository).returncode == 0
    written = yaml.safe_load((repository / "contracts" / "shop_db.yaml").read_text())
    assert written["from"]["sql"]["files"] == "db/migrations"
    assert "shop_db.customers.first_name: at most 35 characters" in fieldline("check", cwd=repository).stdout


def test_a_dbt_project_that_was_not_compiled_is_named(fieldline: Run, repository: Path) -> None:
    (repository / "dbt").mkdir()
    (repository / "dbt" / "dbt_project.yml").write_text("name: x\n")
    assert "run `dbt compile` first" in fieldline("init", "--from", ".", cwd=repository).stdout
