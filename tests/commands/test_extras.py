"""A command whose extra is missing says the one line to type, with exit code 2: tried with modules that are not there."""

import os
import re
import sqlite3
from pathlib import Path

import pytest

import fieldline as package
from fieldline.values.error import EXTRAS

from .conftest import Run

PACKAGES = [path.name for path in Path(package.__file__).parent.iterdir() if (path / "__init__.py").exists()]
ROWS = ["validate", "rows.csv", "--entry", "website.signup"]
BOOK = ["validate", "rows.xlsx", "--entry", "website.signup"]
AUDIT = ["audit", "billing", "--data", "customer=customers.csv"]
DIFF = ["diff", "--base", "HEAD"]
BROUGHT_BY = {
    **dict.fromkeys(("polars", "fastexcel"), "rows"),
    **dict.fromkeys(("great_expectations", "pandas"), "audit"),
    **dict.fromkeys(("sqlalchemy", "psycopg", "pymysql", "duckdb"), "database"),
    "pyspark": "spark",
    "babel": "language",
    **dict.fromkeys(("fastapi", "uvicorn"), "web"),
}
FROM_DATABASE = "system: billing\nfrom: {database: {url_env: SHOP}}\n"


@pytest.fixture
def folder(starter: Path) -> Path:
    """An estate, with rows of its entities in files of several kinds and in a database."""
    (starter / "rows.csv").write_text("company,country\nNordic Paper,SE\n")
    (starter / "customers.csv").write_text("company\nNordic Paper\n")
    (starter / "rows.xlsx").write_bytes(b"")
    with sqlite3.connect(starter / "shop.db") as connection:
        connection.execute("create table customer (vat_no text, company varchar(20) not null)")
    with (starter / "fieldline.yaml").open("a") as file:
        file.write("\nenv: [SHOP, POSTGRES, MYSQL, DUCKDB]\n")
    return starter


@pytest.mark.parametrize(
    ("package", "arguments"),
    [
        pytest.param("polars", ROWS, id="validate"),
        pytest.param("babel", ["trace", "--at", "website.signup.company", "--null", "--language", "nl"], id="Dutch"),
        pytest.param("fastexcel", BOOK, id="validate Excel"),
        pytest.param("pyspark", ["validate", "r.parquet", "--entry", "website", "--engine", "spark"], id="on Spark"),
        pytest.param("sqlalchemy", ["validate", "env:SHOP/customer", "--entry", "website"], id="validate a table"),
        pytest.param(
            "sqlalchemy", ["validate", "env:SHOP/customer", "--entry", "website", "--engine", "sql"], id="sql"
        ),
        pytest.param("great_expectations", AUDIT, id="audit"),
        pytest.param("pandas", AUDIT, id="audit with pandas"),
        pytest.param("polars", AUDIT, id="audit with polars"),
        pytest.param("sqlalchemy", ["audit", "billing", "--database", "SHOP"], id="audit a database"),
        pytest.param("sqlalchemy", ["audit", "billing", "--database", "SHOP", "--profile"], id="profile"),
        pytest.param("sqlalchemy", ["drift", "billing", "--database", "SHOP"], id="drift"),
        pytest.param("sqlalchemy", ["import", "database", "SHOP", "--system", "billing"], id="import a database"),
        pytest.param("psycopg", ["import", "database", "POSTGRES", "--system", "billing"], id="import PostgreSQL"),
        pytest.param("pymysql", ["import", "database", "MYSQL", "--system", "billing"], id="import MySQL"),
        pytest.param("duckdb", ["import", "database", "DUCKDB", "--system", "billing"], id="import DuckDB"),
        pytest.param("polars", ["diff", ".", "tighter", "--data", "billing.customer=customers.csv"], id="diff --data"),
        pytest.param(
            "sqlalchemy", ["diff", ".", "tighter", "--data", "billing.customer=env:SHOP"], id="diff --data of a table"
        ),
        pytest.param("fastapi", ["serve"], id="serve"),
        pytest.param("uvicorn", ["serve"], id="serve without a server"),
    ],
)
def test_a_command_names_its_missing_extra(fieldline: Run, folder: Path, package: str, arguments: list[str]) -> None:
    tighten(folder)
    done = fieldline(*arguments, cwd=folder, **without(package, folder))
    command, extra = arguments[0], BROUGHT_BY[package]
    assert done.stderr == (
        f'fieldline: fieldline {command} needs {package}, which comes with the extra "{extra}": '
        f"from a checkout, pip install '.[{extra}]'\n"
    )
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "--fail-on", "never"],
        ["screen", "website"],
        ["screen", "website", "--as", "zod"],
        ["screen", "website", "--as", "pandera"],
        ["screen", "website", "--as", "gx"],
        ["trace", "--at", "billing.customer.company", "--value", "x"],
        ["diff", ".", "."],
        ["graph"],
        ["docs", "-o", "site"],
        ["export", "--system", "billing", "--as", "odcs"],
        ["import", "json_schema", "schema.json", "--system", "shop"],
        ["explain", "escape"],
        ["schema", "audit"],
        ["init", "another"],
    ],
    ids=" ".join,
)
def test_no_other_command_needs_an_extra(fieldline: Run, folder: Path, arguments: list[str]) -> None:
    schema = '{"title": "Customer", "type": "object", "properties": {"name": {"type": "string"}}}'
    (folder / "schema.json").write_text(schema)
    done = fieldline(*arguments, cwd=folder, **without("*", folder))
    assert "needs" not in done.stderr
    assert done.returncode in {0, 1}, done.stderr


def test_a_check_of_a_contract_from_a_database_names_the_extra(fieldline: Run, folder: Path) -> None:
    (folder / "contracts" / "billing.yaml").write_text(FROM_DATABASE)
    done = fieldline("check", cwd=folder, **without("sqlalchemy", folder))
    assert done.stderr.startswith('fieldline: fieldline check needs sqlalchemy, which comes with the extra "database"')
    assert done.returncode == 2


def test_a_driver_that_no_extra_brings_is_a_problem_of_the_url(fieldline: Run, folder: Path) -> None:
    environment = without("MySQLdb", folder) | {"SHOP": "mysql+mysqldb://reader@127.0.0.1:1/shop"}
    done = fieldline("import", "database", "SHOP", "--system", "billing", cwd=folder, **environment)
    assert (done.returncode, done.stderr) == (2, "")
    assert "needs a driver that is not installed (MySQLdb)" in done.stdout


def test_a_package_that_no_extra_brings_is_a_bug(fieldline: Run, folder: Path) -> None:
    done = fieldline("check", cwd=folder, **without("yaml", folder))
    assert done.returncode == 3
    assert "internal error (ModuleNotFoundError" in done.stderr


def test_no_message_names_fieldline_as_a_package_of_an_index(root: Path) -> None:
    """The name is registered on no index: whoever took it would run code on people's machines."""
    named = re.compile(r"pip install[^\n]*\bfieldline\b")
    modules = [path for folder in PACKAGES for path in (root / folder).rglob("*.py")]
    modules += root.glob("*.py")
    assert len(modules) > len(PACKAGES)
    assert [str(path) for path in modules if named.search(path.read_text(encoding="utf-8"))] == []


def tighten(folder: Path) -> None:
    """The same estate, with a tighter constraint, as a folder of its own beside the first."""
    for path in ("fieldline.yaml", "contracts", "lineage"):
        for file in sorted((folder / path).rglob("*.yaml")) or [folder / path]:
            copy = folder / "tighter" / file.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(file.read_text().replace("max_length: 20", "max_length: 18"))


def without(package: str, folder: Path) -> dict[str, str]:
    """An environment in which a package is not there; `*`: none that an extra brings."""
    shadows = folder / "shadows"
    shadows.mkdir()
    for name in EXTRAS if package == "*" else [package]:
        (shadows / f"{name}.py").write_text(f"raise ModuleNotFoundError('No module named {name}', name='{name}')\n")
    paths = [str(shadows), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        "PYTHONPATH": os.pathsep.join(paths),
        "SHOP": f"sqlite:///{folder / 'shop.db'}",
        "POSTGRES": "postgresql://reader@127.0.0.1:1/shop",
        "MYSQL": "mysql://reader@127.0.0.1:1/shop",
        "DUCKDB": f"duckdb:///{folder / 'none.duckdb'}",
    }
