"""SQL that moves data, read as flows: what comes from where, over which steps, of which records."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

import pytest

from fieldline.checker.finding import Severity
from fieldline.checker.verdict.check import check
from fieldline.documents.names import FieldName
from fieldline.documents.problem import EstateError
from fieldline.estate.load import load_estate
from fieldline.lineage.transforms.join import Concat

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from fieldline.estate.load import Estate

    Load: TypeAlias = Callable[..., Estate]

CONTRACTS = {
    "crm": "entities: {person: {kind: entry, key: id, fields: {id: {type: text, required: true}, name: {type: text}, "
    "kind: {type: text}, city: {type: text}, country: {type: text}, age: {type: integer}}}}",
    "geo": "entities: {place: {fields: {name: {type: text}, code: {type: text}}}}",
    "bill": "entities: {customer: {key: no, fields: {no: {type: text}, title: {type: text, required: true}, "
    "town: {type: text}, code: {type: text}}}}",
}


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """An estate of three systems, whose flows are read from a script."""

    def loaded(script: str, dialect: str = "postgres", options: str = "") -> Estate:
        files: Mapping[str, str] = {
            "fieldline.yaml": "estate: test\n",
            **{f"contracts/{name}.yaml": f"system: {name}\n{text}\n" for name, text in CONTRACTS.items()},
            "lineage/f.yaml": f"from: {{sql: {{files: etl.sql, dialect: {dialect}{options}}}}}\nflows: []\n",
            "etl.sql": script,
        }
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return load_estate(tmp_path)

    return loaded


def told(estate: Estate) -> list[str]:
    """The flows, each in a line."""
    return [
        " ".join(
            [
                " + ".join(
                    f"{source.field}{''.join(f' [{step.sentence}]' for step in source.via)}" for source in flow.sources
                ),
                f"-> {flow.target}",
                *(f"[{'joined' if isinstance(step, Concat) else step.sentence}]" for step in flow.via),
                *([f"when {flow.when.text}"] if flow.when else []),
                *([f"filter {flow.filter}"] if flow.filter else []),
                *([f"writes {flow.writes}"] if flow.writes != "records" else []),
            ]
        )
        for flow in estate.flows
    ]


def test_an_insert_of_a_select(load: Load) -> None:
    script = (
        "INSERT INTO bill.customer (no, title) SELECT id, upper(trim(p.name)) FROM crm.person AS p WHERE kind = 'P';"
    )
    assert told(load(script)) == [
        "crm.person.id -> bill.customer.no when crm.person.kind = 'P'",
        (
            "crm.person.name -> bill.customer.title [spaces removed at both ends] [in upper case] "
            "when crm.person.kind = 'P'"
        ),
    ]


def test_flows_stand_at_the_place_of_their_expression(load: Load) -> None:
    flows = load("INSERT INTO bill.customer (no, title)\nSELECT id,\n       lower(name)\nFROM crm.person").flows
    assert [(flow.location.file, flow.location.line, flow.location.column) for flow in flows] == [
        ("etl.sql", 2, 8),
        ("etl.sql", 3, 8),
    ]
    assert {flow.engine for flow in flows} == {"postgres"}


def test_what_a_script_makes_for_itself_is_passed_through(load: Load) -> None:
    script = """
        CREATE TEMP TABLE stage AS SELECT *, substr(city, 1, 3) AS short FROM crm.person WHERE country = 'FI';
        CREATE VIEW named (key, label) AS SELECT id, coalesce(name, '?') FROM stage;
        WITH n AS (SELECT key, label AS l FROM named), stage AS (SELECT * FROM n)
        INSERT INTO bill.customer (no, title) SELECT s.key, s.l FROM (SELECT * FROM stage) s;
    """
    assert told(load(script)) == [
        "crm.person.id -> bill.customer.no when crm.person.country = 'FI'",
        "crm.person.name -> bill.customer.title ['?' where empty] when crm.person.country = 'FI'",
    ]


def test_a_common_table_expression_named_like_a_table_is_no_loop(load: Load) -> None:
    script = "WITH person AS (SELECT id FROM crm.person) INSERT INTO bill.customer (no) SELECT id FROM person"
    assert told(load(script)) == ["crm.person.id -> bill.customer.no"]


def test_the_parts_of_a_union_are_flows_of_their_own(load: Load) -> None:
    script = """
        INSERT INTO bill.customer (no, town)
        SELECT id, city FROM crm.person WHERE kind = 'P' UNION ALL SELECT code, name FROM geo.place
    """
    assert told(load(script)) == [
        "crm.person.id -> bill.customer.no when crm.person.kind = 'P'",
        "crm.person.city -> bill.customer.town when crm.person.kind = 'P'",
        "geo.place.code -> bill.customer.no",
        "geo.place.name -> bill.customer.town",
    ]


def test_a_join_filters_in_words_and_an_outer_join_brings_the_value_or_null(load: Load) -> None:
    join = "SELECT p.id, g.code FROM crm.person p {} JOIN geo.place g ON g.name = p.city"
    inner = told(load(f"INSERT INTO bill.customer (no, code) {join.format('')}"))
    assert inner == [
        "crm.person.id -> bill.customer.no filter JOIN geo.place AS g ON geo.place.name = crm.person.city",
        "geo.place.code -> bill.customer.code filter JOIN geo.place AS g ON geo.place.name = crm.person.city",
    ]
    assert told(load(f"INSERT INTO bill.customer (no, code) {join.format('LEFT')}")) == [
        "crm.person.id -> bill.customer.no",
        "geo.place.code [or null: the outer join may find no record] -> bill.customer.code",
    ]
    missing = "INSERT INTO bill.customer (no) SELECT p.id FROM crm.person p LEFT JOIN geo.place g ON g.name = p.city "
    assert told(load(f"{missing} WHERE g.name IS NULL")) == [
        "crm.person.id -> bill.customer.no filter geo.place.name IS NULL"
    ]
    guarded = f"INSERT INTO bill.customer (title) {join.format('LEFT')}".replace(
        "p.id, g.code", "CASE WHEN g.code IS NULL THEN 'nowhere' ELSE p.name END"
    )
    assert [step.name for flow in load(guarded).flows for step in flow.via] == ["opaque"]


@pytest.mark.parametrize(("accepts_null", "verdict"), [(True, "proved"), (False, "unknown")])
def test_the_null_of_an_outer_join_is_followed_as_far_as_it_goes(
    tmp_path: Path, accepts_null: bool, verdict: str
) -> None:
    """It is never typed at the entry of the other side, and is first rejected two systems later."""
    files = {
        "fieldline.yaml": "estate: test\n",
        "contracts/crm.yaml": "system: crm\nentities: {person: {kind: entry, fields: {id: {type: text}}}}\n",
        "contracts/geo.yaml": "system: geo\nentities: {place: {kind: entry, fields: "
        "{id: {type: text}, code: {type: text, required: true, max_length: 3}}}}\n",
        "contracts/dwh.yaml": "system: dwh\nentities: {fact: {fields: {id: {type: text}, code: {type: text}}}}\n",
        "contracts/out.yaml": "system: out\nentities: {line: {fields: "
        f"{{code: {{type: text, max_length: 3, required: {'false' if accepts_null else 'true'}}}}}}}}}\n",
        "lineage/f.yaml": "from: {sql: {files: etl.sql, dialect: postgres}}\n"
        "flows: [{from: dwh.fact.code, to: out.line.code}]\n",
        "etl.sql": "INSERT INTO dwh.fact (id, code) SELECT p.id, g.code FROM crm.person p "
        "LEFT JOIN geo.place g ON g.id = p.id",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    escapes = [finding for finding in check(load_estate(tmp_path)).findings if finding.rule == "escape"]
    assert [finding.verdict for finding in escapes] == ([] if verdict == "proved" else [verdict])


@pytest.mark.parametrize(
    ("engine", "expression"),
    [
        ("oracle", "trim(name)"),  # blanks alone become null there
        ("oracle", "name || city"),
        ("mysql", "regexp_replace(name, '[^a-z]', '')"),  # as the collation compares: A is kept, too
        ("sqlserver", "left(name, 3)"),  # UTF-16 units
        ("mysql", "trim(both 'ab' from name)"),  # one text, not a set
    ],
)
def test_what_an_engine_does_in_a_way_of_its_own_is_opaque(load: Load, engine: str, expression: str) -> None:
    estate = load(f"INSERT INTO bill.customer (title) SELECT {expression} FROM crm.person", engine)
    assert {step.name for flow in estate.flows for step in flow.via} == {"opaque"}


@pytest.mark.parametrize("expression", ["round(age)", "round(age, 0)"])
def test_sqlite_rounds_a_whole_number_to_a_float(load: Load, expression: str) -> None:
    """SQLite 3.40: the text of round(128) is 128.0; a column of whole numbers keeps 128."""
    (flow,) = load(f"INSERT INTO bill.customer (title) SELECT {expression} FROM crm.person", "sqlite").flows
    assert [step.name for step in flow.via] == ["opaque"]
    (flow,) = load(f"INSERT INTO crm.person (age) SELECT {expression} FROM crm.person", "sqlite").flows
    assert flow.via == ()
    (flow,) = load(f"INSERT INTO bill.customer (title) SELECT {expression} FROM crm.person", "mysql").flows
    assert "opaque" not in {step.name for step in flow.via}


def test_functions_of_padded_columns_are_opaque(tmp_path: Path, load: Load) -> None:
    """PostgreSQL drops the blanks of char(n) in most functions, and keeps them in some."""
    load("INSERT INTO bill.customer (title) SELECT upper(name) FROM crm.person")
    (tmp_path / "contracts/crm.yaml").write_text(
        "system: crm\nfrom: {sql: {files: crm.sql, dialect: postgres, kind: entry}}\n"
    )
    (tmp_path / "crm.sql").write_text("CREATE TABLE person (id text PRIMARY KEY, name char(10), kind varchar(10))")
    (tmp_path / "etl.sql").write_text(
        "INSERT INTO bill.customer (title, town) SELECT upper(name), upper(kind) FROM crm.person"
    )
    first, second = load_estate(tmp_path).flows
    assert [first.via[0].name, second.via[0].name] == ["opaque", "upper"]


@pytest.mark.parametrize("dialect", ["postgres", "mysql", "duckdb", "sqlite", "oracle", "sqlserver"])
def test_a_denied_condition_is_denied_in_every_dialect(load: Load, dialect: str) -> None:
    script = """
        INSERT INTO bill.customer (no) SELECT id FROM crm.person WHERE city IS NOT NULL AND kind NOT LIKE 'A%';
        INSERT INTO bill.customer (title) SELECT CASE WHEN city IS NOT NULL THEN name END FROM crm.person;
    """
    flows = told(load(script, dialect=dialect))
    assert flows[0] == (
        "crm.person.id -> bill.customer.no when (NOT (crm.person.city IS NULL)) AND (NOT (crm.person.kind LIKE 'A%'))"
    )
    assert flows[1].startswith("crm.person.name -> bill.customer.title when NOT (crm.person.city IS NULL)")


_NULL_TESTS = (
    "ltrim(city)",
    "substr(upper(city), 1, 2)",
    "coalesce(city, name)",
    "CASE WHEN kind = 'A' THEN city END",
    "CASE kind WHEN 'A' THEN city WHEN 'b' THEN 'x' ELSE name END",
    "CASE WHEN city IS NULL THEN NULL WHEN kind <> 'A' THEN coalesce(name, city) ELSE 'y' END",
    "CASE WHEN CASE WHEN name = 'A' THEN kind END IS NULL THEN city ELSE name END",
    "iif(kind = 'A', city, name)",
)


@pytest.mark.parametrize("expression", _NULL_TESTS)
@pytest.mark.parametrize("denial", ["", "NOT "])
def test_a_test_for_null_of_an_expression_is_met_as_the_engine_meets_it(
    load: Load, expression: str, denial: str
) -> None:
    test = f"{expression} IS {denial}NULL"
    script = f"INSERT INTO bill.customer (no) SELECT id FROM crm.person WHERE {test}"
    (flow,) = load(script, dialect="sqlite").flows
    assert flow.filter is None
    assert flow.when is not None
    with closing(sqlite3.connect(":memory:")) as engine:
        for values in product((None, "A", "b"), repeat=3):
            record = dict(zip(("kind", "city", "name"), values, strict=True))
            ((met,),) = engine.execute(f"SELECT {test} FROM (SELECT :kind kind, :city city, :name name)", record)
            named = {FieldName("crm", "person", name): value for name, value in record.items()}
            assert flow.when.holds(named) is bool(met), record


def test_where_the_empty_text_is_null_a_function_may_make_it(load: Load) -> None:
    script = "INSERT INTO bill.customer (no) SELECT id FROM crm.person WHERE ltrim(city) IS NULL"
    (flow,) = load(script, dialect="oracle").flows
    assert (flow.when, flow.filter) == (None, "LTRIM(crm.person.city) IS NULL")


def test_null_by_a_condition_takes_nothing_from_the_field_it_looks_at(load: Load) -> None:
    script = """
        INSERT INTO bill.customer (no, title, town) SELECT id, CASE WHEN kind <> 'A' THEN name END, kind FROM crm.person
        WHERE age > 3;
        INSERT INTO geo.place (name) SELECT CASE WHEN kind <> 'A' THEN kind END FROM crm.person;
    """
    found = [each for each in check(load(script)).findings if each.rule == "loss" and each.severity is Severity.WARNING]
    assert {(str(each.fields[0]), str(each.binding and each.binding.field)) for each in found} == {
        ("crm.person.kind", "geo.place.name")
    }


def test_a_union_of_columns_of_one_name_keeps_each_in_its_place(load: Load) -> None:
    script = """
        INSERT INTO bill.customer (no, title) SELECT id, id FROM crm.person UNION ALL SELECT name, city FROM crm.person
    """
    assert told(load(script)) == [
        "crm.person.id -> bill.customer.no",
        "crm.person.id -> bill.customer.title",
        "crm.person.name -> bill.customer.no",
        "crm.person.city -> bill.customer.title",
    ]


def test_ends_in_any_order_are_between_in_any_order(load: Load) -> None:
    script = "INSERT INTO bill.customer (no) SELECT id FROM crm.person WHERE age BETWEEN SYMMETRIC 9 AND 4"
    (flow,) = load(script).flows
    assert flow.when is not None
    assert [flow.when.holds(dict.fromkeys(flow.when.fields, age)) for age in (3, 4, 9, 10)] == [
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(("cast", "name"), [("cast", "within"), ("try_cast", "opaque")])
def test_a_cast_that_gives_null_where_it_fails_is_not_one_that_fails(load: Load, cast: str, name: str) -> None:
    script = f"INSERT INTO bill.customer (code) SELECT {cast}(age AS SMALLINT) FROM crm.person"
    (flow,) = load(script, dialect="duckdb").flows
    assert flow.via[0].name == name


def test_a_condition_that_when_has_no_words_for_is_told_in_its_own(load: Load) -> None:
    script = """
        INSERT INTO bill.customer (no) SELECT id FROM crm.person p
        WHERE md5(p.name) = 'x' AND age > 17 AND EXISTS (SELECT 1 FROM geo.place g WHERE g.name = p.city) LIMIT 5
    """
    (flow,) = told(load(script))
    assert flow.startswith("crm.person.id -> bill.customer.no when crm.person.age > 17 filter ")
    for words in ("MD5(crm.person.name) = 'x'", "EXISTS(SELECT 1", "LIMIT 5"):
        assert words in flow


@pytest.mark.parametrize(
    ("expression", "flows"),
    [
        ("substr(name, 2, 5)", ["crm.person.name -> bill.customer.title [characters 2 to 6]"]),
        ("left(name, 4)", ["crm.person.name -> bill.customer.title [cut to 4 characters]"]),
        ("initcap(name)", ["crm.person.name -> bill.customer.title [each word with a capital letter]"]),
        ("right(name, 4)", ["crm.person.name -> bill.customer.title [cut to the last 4 characters]"]),
        ("right(name, -4)", ["crm.person.name -> bill.customer.title [from character 5 on]"]),
        ("left(name, -4)", ["crm.person.name -> bill.customer.title [LEFT(crm.person.name, -4)]"]),
        (
            "nullif(trim(name), '')",
            ["crm.person.name -> bill.customer.title [spaces removed at both ends] [null for '']"],
        ),
        ("normalize(name)", ["crm.person.name -> bill.customer.title [in the normal form NFC]"]),
        ("reverse(name)", ["crm.person.name -> bill.customer.title [REVERSE(crm.person.name)]"]),
        ("upper(age::text)", ["crm.person.age -> bill.customer.title [as text] [in upper case]"]),
        ("'web'", ['crm.person.id -> bill.customer.title [always "web"]']),
        ("id || '-' || id", ["crm.person.id + crm.person.id ['-' prepended] -> bill.customer.title [joined]"]),
        (
            "id || name",
            ["crm.person.id + crm.person.name -> bill.customer.title [joined]"],
        ),
        (
            "coalesce(name, city)",
            [
                "crm.person.name -> bill.customer.title when NOT (crm.person.name IS NULL)",
                "crm.person.city -> bill.customer.title when crm.person.name IS NULL",
            ],
        ),
        (
            "case kind when 'P' then 'person' end",
            ["crm.person.kind -> bill.customer.title [looked up: 'P' to 'person']"],
        ),
        (
            "case when age > 17 then name else 'minor' end",
            [
                "crm.person.name -> bill.customer.title when crm.person.age > 17",
                'crm.person.age -> bill.customer.title [always "minor"] when NOT ((crm.person.age > 17) IS TRUE)',
            ],
        ),
        ("max(name) over ()", ["crm.person.name -> bill.customer.title [MAX(crm.person.name) OVER ()]"]),
        ("now()::text", ["crm.person.id -> bill.customer.title [CAST(CURRENT_TIMESTAMP AS TEXT)]"]),
    ],
)
def test_expressions(load: Load, expression: str, flows: list[str]) -> None:
    assert told(load(f"INSERT INTO bill.customer (title) SELECT {expression} FROM crm.person")) == flows


def test_mysql_compares_without_regard_to_case_so_a_case_is_conditions(load: Load) -> None:
    script = "INSERT INTO bill.customer (title) SELECT CASE kind WHEN 'P' THEN 'person' ELSE 'x' END FROM crm.person"
    assert told(load(script, "mysql")) == [
        "crm.person.kind -> bill.customer.title [always \"person\"] when crm.person.kind = 'P'",
        "crm.person.kind -> bill.customer.title [always \"x\"] when NOT ((crm.person.kind = 'P') IS TRUE)",
    ]


def test_updates_and_merges_change_records(load: Load) -> None:
    update = "UPDATE bill.customer c SET town = p.city FROM crm.person p WHERE p.id = c.no AND p.kind = 'P'"
    assert told(load(update)) == [
        (
            "crm.person.city -> bill.customer.town when crm.person.kind = 'P' filter crm.person.id = bill.customer.no "
            "writes fields"
        )
    ]
    merge = """
        MERGE INTO bill.customer c USING (SELECT id, trim(name) AS n, city FROM crm.person) s ON s.id = c.no
        WHEN MATCHED THEN UPDATE SET town = s.city
        WHEN NOT MATCHED THEN INSERT (no, title) VALUES (s.id, s.n)
    """
    assert told(load(merge)) == [
        "crm.person.city -> bill.customer.town writes fields",
        "crm.person.id -> bill.customer.no",
        "crm.person.name -> bill.customer.title [spaces removed at both ends]",
    ]


def test_an_update_is_not_asked_for_the_fields_that_it_leaves(load: Load) -> None:
    update = "UPDATE bill.customer c SET town = p.city FROM crm.person p WHERE p.id = c.no"
    assert not [finding for finding in check(load(update)).findings if finding.rule == "unfilled"]
    insert = "INSERT INTO bill.customer (no) SELECT id FROM crm.person"
    assert [finding.fields for finding in check(load(insert)).findings if finding.rule == "unfilled"]


def test_a_query_that_is_not_taken_apart_fills_every_field_from_its_tables(load: Load) -> None:
    script = """
        INSERT INTO bill.customer (no, title)
        WITH RECURSIVE r AS (SELECT id FROM crm.person UNION ALL SELECT id FROM r) SELECT id, id FROM r
    """
    assert [flow for flow in told(load(script)) if "title" in flow] == [
        "crm.person.id -> bill.customer.title [r refers to itself]"
    ]


def test_a_column_that_no_table_has_spoils_the_columns_that_are_filled_and_no_others(load: Load) -> None:
    estate = load("INSERT INTO bill.customer (no) SELECT idd FROM crm.person")
    assert told(estate) == ["crm.person.id -> bill.customer.no [no table of the query has a column idd]"]
    assert "escape" in [finding.rule for finding in check(estate).findings if finding.severity.name == "ERROR"]


def test_tables_and_systems_are_named(load: Load) -> None:
    script = "INSERT INTO dwh.tgt (no) SELECT id FROM people"
    options = ", system: crm, as: {people: crm.person, dwh.tgt: bill.customer}"
    assert told(load(script, options=options)) == ["crm.person.id -> bill.customer.no"]
    options = ", system: crm, schemas: {dwh: bill}"
    assert told(load("INSERT INTO dwh.customer (no) SELECT id FROM person", options=options)) == [
        "crm.person.id -> bill.customer.no"
    ]


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("INSERT INTO bill.customer (no) SELECT id FROM (crm.person", "this statement cannot be read"),
        ("INSERT INTO bill.customer (no, title) SELECT id FROM crm.person", "1 values for 2 columns of bill.customer"),
        ("DELETE FROM bill.customer", 'no statement in "etl.sql" brings a value from a table into another'),
    ],
)
def test_what_cannot_be_read_is_a_problem_at_its_place(load: Load, script: str, problem: str) -> None:
    with pytest.raises(EstateError) as rejected:
        load(script)
    assert problem in rejected.value.problems[0].message


def test_a_table_of_no_contract_is_dangling_and_not_silent(load: Load) -> None:
    assert told(load("INSERT INTO bill.customer (no) SELECT id FROM shop.buyer")) == [
        "shop.buyer.id -> bill.customer.no"
    ]


def test_queries_that_double_their_columns_end(load: Load) -> None:
    levels = ", ".join(f"q{i} AS (SELECT x || x AS x FROM q{i - 1})" for i in range(1, 60))
    script = (
        f"INSERT INTO bill.customer (title) WITH q0 AS (SELECT id AS x FROM crm.person), {levels} SELECT x FROM q59"
    )
    assert "crm.person.id -> bill.customer.title [its expressions are too large]" in told(load(script))


@pytest.mark.parametrize("opening", ["upper(", "(", "CASE WHEN kind = 'a' THEN "])
def test_what_is_nested_too_deeply_is_no_crash(load: Load, opening: str) -> None:
    closing = {"upper(": ")", "(": ")"}.get(opening, " END")
    script = f"INSERT INTO bill.customer (title) SELECT {opening * 3000}name{closing * 3000} FROM crm.person"
    with pytest.raises(EstateError) as rejected:
        load(script)
    assert rejected.value.problems[0].message in {
        "this statement cannot be read",
        "this statement is nested too deeply",
    }


def test_a_long_chain_is_read(load: Load) -> None:
    script = f"INSERT INTO bill.customer (title) SELECT {' || '.join(['id'] * 1000)} FROM crm.person"
    (flow,) = load(script).flows
    assert [step.name for step in flow.via] == ["opaque"]


def test_a_condition_that_compares_a_column_with_another_type_filters_in_words(load: Load) -> None:
    flows = load("INSERT INTO bill.customer (title) SELECT name FROM crm.person WHERE city > 1", "mysql").flows
    assert [(flow.when, flow.filter) for flow in flows] == [(None, "crm.person.city > 1")]


INSERT = "INSERT INTO bill.customer (title) SELECT name FROM crm.person"
PLPGSQL = """
CREATE OR REPLACE PROCEDURE load_customers(since date) LANGUAGE plpgsql AS $$
BEGIN
  -- INSERT INTO bill.customer (code) SELECT id FROM crm.person;
  INSERT INTO bill.customer (title, town) SELECT upper(name), city FROM crm.person WHERE changed > since;
  UPDATE bill.customer c SET code = p.code FROM geo.place p WHERE p.name = c.town;
END $$;
"""


def test_what_a_procedure_writes_is_named_opaque_at_its_place(load: Load) -> None:
    estate = load(PLPGSQL)
    assert told(estate) == [
        "crm.person.id -> bill.customer.title [INSERT in the procedure load_customers]",
        "crm.person.id -> bill.customer.town [INSERT in the procedure load_customers]",
        "geo.place.name -> bill.customer.code [UPDATE in the procedure load_customers] writes fields",
    ]
    assert [(flow.location.line, flow.writes) for flow in estate.flows] == [
        (5, "records"),
        (5, "records"),
        (6, "fields"),
    ]


@pytest.mark.parametrize(
    ("dialect", "script"),
    [
        ("postgres", f"DO $$ BEGIN {INSERT}; END $$;"),
        (
            "mysql",
            f"DELIMITER //\nCREATE PROCEDURE p() BEGIN {INSERT}; END //",
        ),
        (
            "sqlserver",
            f"CREATE PROCEDURE dbo.p AS BEGIN {INSERT}; END\nGO\n",
        ),
        (
            "oracle",
            f"CREATE OR REPLACE PROCEDURE p AS BEGIN {INSERT}; END;\n/\n",
        ),
    ],
)
def test_programs_of_every_database_are_looked_into(load: Load, dialect: str, script: str) -> None:
    (flow,) = load(script, dialect).flows
    assert (str(flow.sources[0].field), str(flow.target)) == ("crm.person.id", "bill.customer.title")
    assert not flow.via[0].exact


def test_a_required_field_that_an_outer_join_may_leave_null_is_told_of_once(load: Load) -> None:
    estate = load(
        "INSERT INTO bill.customer (no, title) "
        "SELECT p.id, q.id FROM crm.person p LEFT JOIN crm.person q ON p.name = q.name"
    )
    told_of = [(each.rule, each.verdict) for each in check(estate).findings if each.rule in {"conflict", "escape"}]
    assert told_of == [("escape", "unknown")]


@pytest.mark.parametrize(
    ("condition", "when"),
    [
        ("kind::text = 'P'::text", "crm.person.kind = 'P'"),
        ("(kind)::text = ANY ((ARRAY['P'::varchar, 'O'::varchar])::text[])", "crm.person.kind IN ('P', 'O')"),
        ("kind = ANY (ARRAY['P'])", "crm.person.kind IN ('P')"),
        ("kind::varchar(1) = 'P'", None),  # cut first
        ("age::text = '5'", None),
    ],
)
def test_conditions_as_postgres_writes_them_in_its_views(load: Load, condition: str, when: str | None) -> None:
    (flow,) = load(f"INSERT INTO bill.customer (no) SELECT id FROM crm.person WHERE {condition}").flows
    assert (flow.when and flow.when.text) == when
    assert (flow.filter is None) is (when is not None)
