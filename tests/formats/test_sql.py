"""SQL read in place: an estate whose contract is a folder of migrations, from the option to the finding."""

import subprocess
import sys
from pathlib import Path

import pytest

from fieldline.contracts.model import Contracts
from fieldline.documents.names import FieldName
from fieldline.documents.problem import EstateError
from fieldline.estate.load import load_estate

FIRST = "create table customer (id serial primary key, full_name varchar(60) not null, note text);\n"
SECOND = "alter table customer alter column full_name type varchar(40);\n"


def estate(folder: Path, source: str, files: dict[str, str]) -> Path:
    """An estate with an entry, a flow, and a system that is read from a source."""
    written = {
        "fieldline.yaml": "estate: shop\n",
        "contracts/web.yaml": (
            "system: web\nowner: {team: web}\nentities:\n  signup:\n    kind: entry\n"
            "    fields:\n      name: {type: text, required: true, min_length: 1, max_length: 50, pattern: '[a-z ]*'}\n"
        ),
        "contracts/shop.yaml": f"system: shop\nowner: {{team: shop}}\nfrom: {source}\n",
        "lineage/flows.yaml": "flows:\n  - {from: web.signup.name, to: shop.customer.full_name}\n",
        **files,
    }
    for name, text in written.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def contracts(folder: Path, source: str, files: dict[str, str]) -> Contracts:
    return load_estate(estate(folder, source, files)).contracts


def test_a_finding_points_into_the_migration_that_made_the_column_too_short(tmp_path: Path) -> None:
    files = {"migrations/V2__short.sql": SECOND, "migrations/V1__all.sql": FIRST}
    estate(tmp_path, "{sql: {files: migrations, dialect: postgres}}", files)
    command = [sys.executable, "-m", "fieldline", "check", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "(shop.customer.full_name: at most 40 characters)" in done.stdout
    assert "migrations/V2__short.sql:1:50" in done.stdout
    assert "alter table customer alter column full_name type varchar(40)" in done.stdout


def test_the_options_say_what_the_script_cannot(tmp_path: Path) -> None:
    said = {}
    script = {"shop.sql": "create table customer (full_name varchar2(5) not null)"}
    for options in ("", ", counts: characters", ", charset: WE8MSWIN1252"):
        source = f"{{sql: {{files: shop.sql, dialect: oracle{options}}}}}"
        field = contracts(tmp_path, source, script).fields[FieldName.read("shop.customer.full_name")]
        said[options] = "; ".join(constraint.sentence for constraint in field.constraints[2:])
    assert said == {
        "": "at least 1 character; at most 5 bytes in utf-8",
        ", counts: characters": "at most 5 characters; at least 1 character; at most 4000 bytes in utf-8",
        ", charset: WE8MSWIN1252": "at least 1 character; at most 5 bytes in cp1252; encodable in cp1252",
    }


def test_where_it_is_asked_for_a_database_rejects_nul_at_every_text(tmp_path: Path) -> None:
    for options, rejected in ((", nul: true", True), ("", False)):
        source = f"{{sql: {{files: shop.sql, dialect: postgres{options}}}}}"
        field = contracts(tmp_path, source, {"shop.sql": FIRST}).fields[FieldName.read("shop.customer.full_name")]
        assert ("\0" not in field.accepts) is rejected


def test_tables_are_chosen_renamed_and_overlaid(tmp_path: Path) -> None:
    source = (
        "{sql: {files: shop.sql, dialect: postgres, only: customer, as: {customer.full_name: name}}}\n"
        "entities: {customer: {fields: {name: {title: Name on the invoice, max_length: 20}}}}"
    )
    folder = estate(tmp_path, source, {"shop.sql": f"{FIRST} create table other (x xml);"})
    (folder / "lineage" / "flows.yaml").write_text("flows: []\n", "utf-8")
    found = load_estate(folder).contracts
    assert list(found.systems["shop"].entities) == ["customer"]
    name = found.fields[FieldName.read("shop.customer.name")]
    assert str(name.title) == "Name on the invoice"
    assert name.required
    assert ("x" * 20 in name.accepts, "x" * 21 in name.accepts) == (True, False)


def test_whose_sql_it_is_must_be_said(tmp_path: Path) -> None:
    with pytest.raises(EstateError) as raised:
        contracts(tmp_path, "{sql: shop.sql}", {"shop.sql": FIRST})
    (problem,) = raised.value.problems
    assert str(problem.location) == "contracts/shop.yaml:3:8"
    assert "dialect: one of postgres" in str(problem.expected)


def test_every_problem_of_every_file_is_told_with_its_place(tmp_path: Path) -> None:
    files = {"migrations/1.sql": "crate x;\ncreate table t (x int chekc (x > 1));", "migrations/2.sql": "select 1;"}
    with pytest.raises(EstateError) as raised:
        contracts(tmp_path, "{sql: {files: migrations, dialect: mysql}}", files)
    places = [str(problem.location) for problem in raised.value.problems]
    assert places == ["migrations/1.sql:1:1", "migrations/1.sql:2:23"]


def name_of(folder: Path, source: str, files: dict[str, str]) -> set[str]:
    """What the column customer.full_name demands, in words."""
    field = contracts(folder, source, files).fields[FieldName.read("shop.customer.full_name")]
    return {constraint.sentence for constraint in field.constraints}


CALLED = {"m/1.sql": FIRST, "m/2.sql": "CALL  widen_names(70);\n", "m/old/3.sql": "call widen_names(9);\n"}


def test_an_estate_states_what_a_statement_does_or_passes_it_over(tmp_path: Path) -> None:
    assert any("not read" in each for each in name_of(tmp_path, "{sql: {files: m, dialect: postgres}}", CALLED))
    effect = "alter table customer alter full_name type varchar(70)"
    widen = f"{{statement: 'call widen_names(*)', effect: {effect}, reason: its manual}}"
    passed = "{statement: CALL widen_names(9), in: old/*.sql, reason: it fails there}"
    stated = f"{{sql: {{files: m, dialect: postgres, statements: [{passed}, {widen}]}}}}"
    assert name_of(tmp_path, stated, CALLED) == {"text", "not null", "at most 70 characters"}


def test_what_is_stated_of_statements_is_there_and_is_read(tmp_path: Path) -> None:
    wrong = "alter table customer alter full_name type varchar(9) frob"
    effect = f"{{statement: call widen_names(70), effect: {wrong}, reason: r}}"
    unused = "{statement: call widen_names(71), reason: r}"
    with pytest.raises(EstateError) as raised:
        contracts(tmp_path, f"{{sql: {{files: m, dialect: postgres, statements: [{effect}, {unused}]}}}}", CALLED)
    assert [problem.message for problem in raised.value.problems] == [
        '"frob" is not known here',
        "no statement of these files is the one that is stated here",
    ]


def test_a_script_that_another_one_runs_is_read_in_its_place(tmp_path: Path) -> None:
    files = {"db/main.sql": f"{FIRST}\\ir parts/later.sql\n{SECOND}", "db/parts/later.sql": "\\i db/last.sql\n"}
    last = {"db/last.sql": "alter table customer alter full_name type varchar(9);\nalter table customer drop note;\n"}
    source = "{sql: {files: db/main.sql, dialect: postgres}}"
    found = contracts(tmp_path, source, files | last).fields
    assert FieldName.read("shop.customer.note") not in found
    assert "at most 40 characters" in name_of(tmp_path, source, {})
    assert "at most 40 characters" in name_of(tmp_path, "{sql: {files: db, dialect: postgres}}", {})


def test_a_script_that_runs_itself_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(EstateError, match="is not read from here"):
        contracts(tmp_path, "{sql: {files: a.sql, dialect: postgres}}", {"a.sql": f"{FIRST}\\i a.sql\n"})


def test_a_baseline_of_flyway_stands_for_the_versions_before_it(tmp_path: Path) -> None:
    files = {
        "m/V1__a.sql": FIRST,
        "m/V2__b.sql": SECOND,
        "m/B2__all.sql": FIRST,
        "m/V3__c.sql": "alter table customer drop note;",
    }
    source = "{sql: {files: m, dialect: postgres}}"
    assert "at most 60 characters" in name_of(tmp_path, source, files)


def test_a_schema_that_a_placeholder_names_is_left_out(tmp_path: Path) -> None:
    files = {"m/V1__a.sql": FIRST.replace("customer", "${flyway:defaultSchema}.customer")}
    assert "at most 60 characters" in name_of(tmp_path, "{sql: {files: m, dialect: postgres}}", files)
