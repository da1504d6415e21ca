"""`import` and `export` on the command line."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from fieldline.estate.load import load_estate
from fieldline.reports.export.contract_words import contract_words
from fieldline.reports.export.contract_yaml import contract_yaml

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Run

SCHEMA = {
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "maxLength": 40, "pattern": "^[^<>]*$", "title": "Full \u001b[31mname"},
        "born": {"type": "string", "format": "date"},
        "e mail": {"anyOf": [{"type": "string", "pattern": "@"}, {"type": "null"}]},
        "lines": {
            "type": "array",
            "maxItems": 9,
            "items": {"properties": {"n": {"type": "number", "multipleOf": 0.01}}},
        },
    },
}


def written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """An estate whose contract reads a schema in place."""
    files = {
        "fieldline.yaml": "estate: e\nlineage: []\n",
        "contracts/web.yaml": "system: web\nfrom: {json_schema: {files: api/signup.json, formats: enforced}}\n",
        "api/signup.json": json.dumps(SCHEMA),
    }
    return written(tmp_path / "estate", files)


def test_an_imported_contract_is_the_one_that_reads_its_source_in_place(fieldline: Run, estate: Path) -> None:
    arguments = ("json_schema", "api/signup.json", "--system", "web", "--option", "formats=enforced")
    done = fieldline("import", *arguments, cwd=estate)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("# json_schema: api/signup.json\nsystem: web\n")
    assert "\x1b" not in done.stdout
    in_place = load_estate(estate).contracts.systems["web"]
    (estate / "contracts" / "web.yaml").write_text(done.stdout, encoding="utf-8")
    assert contract_words(load_estate(estate).contracts.systems["web"]) == contract_words(in_place)


def test_the_same_source_gives_the_same_bytes(fieldline: Run, estate: Path) -> None:
    arguments = ("import", "json_schema", "api", "--system", "web", "--only", "signup")
    assert fieldline(*arguments, cwd=estate).stdout == fieldline(*arguments, cwd=estate).stdout != ""


def test_a_database_tells_what_is_enforced_what_is_declared_and_what_is_unknown(fieldline: Run, tmp_path: Path) -> None:
    script = "create table customer (\"first\n# name\" varchar(20) not null, iban text check (abs(iban) <> '\x1b'))"
    with closing(sqlite3.connect(tmp_path / "shop.sqlite")) as connection:
        connection.execute(script)
    url = f"sqlite:///{tmp_path / 'shop.sqlite'}"
    done = fieldline("import", "database", "SHOP_DB", "--system", "shop", SHOP_DB=url, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == IMPORTED
    estate = {"fieldline.yaml": "estate: e\nlineage: []\n", "contracts/shop.yaml": done.stdout}
    system = load_estate(written(tmp_path / "e", estate)).contracts.systems["shop"]
    assert contract_yaml(system, "database: SHOP_DB") == done.stdout


IMPORTED = r"""# database: SHOP_DB
system: shop
entities:
  customer:
    kind: table
    fields:
      first_name:
        title: "first\n# name"
        type: text
        required: true
        declared: [varchar(20)]
      iban:
        type: text
        opaque:
        - "CHECK (abs(iban) <> '\e')"
"""


def test_a_source_outside_of_the_folder_is_read_in_its_own(fieldline: Run, estate: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    done = fieldline(
        "import", "json_schema", estate / "api" / "signup.json", "--system", "web", cwd=tmp_path / "elsewhere"
    )
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "# json_schema: signup.json")


def test_what_cannot_be_imported_is_told_and_nothing_is_written(fieldline: Run, estate: Path) -> None:
    (estate / "api" / "signup.json").write_text('{"properties": {"v": {"$ref": "#/$defs/x"}}}')
    done = fieldline(
        "import", "json_schema", "api/signup.json", "--system", "web", "--output-file", "out.yaml", cwd=estate
    )
    assert done.returncode == 2
    assert 'the reference "#/$defs/x" leads nowhere' in done.stdout
    assert "api/signup.json:1:31" in done.stdout
    assert not (estate / "out.yaml").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("json-schema", "x", "--system", "web"), "there is no format 'json-schema'; did you mean json_schema?"),
        (("json_schema", "x", "--system", "web", "--option", "a"), "'a' is not KEY=VALUE"),
    ],
)
def test_bad_usage_is_told(fieldline: Run, estate: Path, arguments: tuple[str, ...], said: str) -> None:
    done = fieldline("import", *arguments, cwd=estate)
    assert done.returncode == 2
    assert said in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nothing", "--system", "web"), '"nothing" does not exist'),
        (("api", "--system", "a b"), '"a b" is not a name'),
        (("api", "--system", "web", "--option", "formts=enforced"), 'unknown key "formts"'),
        (("api", "--system", "web", "--only", "signap"), 'the source has no "signap"'),
    ],
)
def test_bad_input_is_told(fieldline: Run, estate: Path, arguments: tuple[str, ...], said: str) -> None:
    done = fieldline("import", "json_schema", *arguments, cwd=estate)
    assert (done.returncode, said in done.stdout) == (2, True), done.stdout + done.stderr


def test_an_export_tells_what_its_document_does_not_hold(fieldline: Run, root: Path) -> None:
    done = fieldline("export", "examples/nordbank", "--system", "web", "--as", "odcs", cwd=root)
    assert done.stdout.startswith("apiVersion: v3.2.0\nkind: DataContract\nid: web\n")
    lost = [line for line in done.stderr.splitlines() if "left out of the document" in line]
    assert (done.returncode, len(lost)) == (1, 1)


def test_an_export_that_holds_all_is_a_success(fieldline: Run, estate: Path) -> None:
    (estate / "contracts" / "web.yaml").write_text(
        "system: web\nentities: {e: {fields: {f: {type: text, max_bytes: {limit: 9, encoding: cp037}}}}}\n"
    )
    done = fieldline("export", estate, "--system", "web", "--as", "odcs")
    assert (done.returncode, done.stderr) == (
        0,
        "fieldline: 1 key written for Fieldline alone, because odcs has no equivalent:\nfieldline:   web.e.f: max_bytes\n",
    )
    done = fieldline("export", estate, "--system", "wep", "--as", "odcs")
    assert (done.returncode, "did you mean web?" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("dialect", "option", "said"),
    [
        ("mysql", "strict=false", "truncate"),  # MySQL 8.4, sql_mode '': a text too long is cut, with a warning
        ("mysql", "strict=true", "max_length: 20"),
        ("postgres", "nul=false", "max_length: 20"),
    ],
)
def test_a_truth_value_on_the_command_line_is_taken_as_one(
    fieldline: Run, tmp_path: Path, dialect: str, option: str, said: str
) -> None:
    (tmp_path / "t.sql").write_text("create table t (c varchar(20) not null);\n", encoding="utf-8")
    options = ("--option", f"dialect={dialect}", "--option", option)
    done = fieldline("import", "sql", "t.sql", "--system", "s", *options, cwd=tmp_path)
    assert (done.returncode, said in done.stdout) == (0, True), done.stdout
    assert ("truncate" in done.stdout) == (option == "strict=false")


@pytest.mark.parametrize(("option", "meant"), [("nul=maybe", None), ("nul=no", "false"), ("strict=1", "true")])
def test_another_word_on_the_command_line_is_no_truth_value(
    fieldline: Run, tmp_path: Path, option: str, meant: str | None
) -> None:
    (tmp_path / "t.sql").write_text("create table t (c varchar(20));\n", encoding="utf-8")
    done = fieldline(
        "import", "sql", "t.sql", "--system", "s", "--option", "dialect=mysql", "--option", option, cwd=tmp_path
    )
    assert done.returncode == 2
    assert "is not true or false" in done.stdout
    assert meant is None or f"try: {meant}" in done.stdout
