"""Tables that a script makes for itself, and statements in the syntax of one engine: which values arrive where."""
# ruff: noqa: E501 - a script stands in one line

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .test_statements import load, told

if TYPE_CHECKING:
    from .test_statements import Load

__all__ = ["load"]
ID, NAME = "crm.person.id -> bill.customer.no", "crm.person.name -> bill.customer.title"
HELD = "in a column that may not hold it as it is"
INTO = "INSERT INTO bill.customer (no, title)"


@pytest.mark.parametrize(
    ("dialect", "columns", "expected"),
    [
        ("postgres", "a text, b text", [ID, NAME]),
        ("postgres", "a text PRIMARY KEY, b text", [ID, NAME]),  # of another key, no record is refused
        ("postgres", "a text, b text NOT NULL", [ID, f"{NAME} [crm.person.name, {HELD}]"]),
        ("postgres", "a text, b text, UNIQUE (b)", [ID, f"{NAME} [crm.person.name, {HELD}]"]),
        ("postgres", "a varchar(20), b char(9)", [f"{ID} [crm.person.id, {HELD}]", f"{NAME} [crm.person.name, {HELD}]"]),
        ("duckdb", "a varchar(20), b varchar(3)", [ID, NAME]),  # it looks at no length
        ("mysql", "a text, b varchar(20)", [f"{ID} [crm.person.id, {HELD}]", f"{NAME} [crm.person.name, {HELD}]"]),
        ("oracle", "a varchar2(20), b varchar2(20)", [f"{ID} [crm.person.id, {HELD}]", f"{NAME} [crm.person.name, {HELD}]"]),
        ("postgres", "a text CHECK (a <> ''), b date", [f"{ID} [crm.person.id, {HELD}]", f"{NAME} [crm.person.name, {HELD}]"]),
    ],
)  # fmt: skip
def test_what_a_declared_column_holds_as_it_is_arrives(
    load: Load, dialect: str, columns: str, expected: list[str]
) -> None:
    script = f"CREATE TABLE stage ({columns}); INSERT INTO stage SELECT id, name FROM crm.person; {INTO} SELECT a, b FROM stage"
    assert told(load(script, dialect)) == expected


def test_a_table_of_the_script_is_changed_and_loses_records(load: Load) -> None:
    script = (
        "CREATE TEMP TABLE stage (a text, b text); INSERT INTO stage SELECT id, name FROM crm.person;"
        "UPDATE stage SET b = upper(b) WHERE a > 'm'; DELETE FROM stage WHERE b = 'X';"
        f"{INTO} SELECT a, b FROM stage; TRUNCATE stage; INSERT INTO stage SELECT name, code FROM geo.place;"
        "INSERT INTO bill.customer (no, town) SELECT a, b FROM stage"
    )
    left = "(NOT ((crm.person.id > 'm') IS TRUE)) AND (NOT ((crm.person.name = 'X') IS TRUE))"
    changed = "when (crm.person.id > 'm') AND (NOT ((UPPER(crm.person.name) = 'X') IS TRUE))"
    assert told(load(script)) == [
        f"{ID} when {left}",
        f"{NAME} when {left}",
        f"{ID} {changed}",
        f"{NAME} [in upper case] {changed}",
        "geo.place.name -> bill.customer.no",
        "geo.place.code -> bill.customer.town",
    ]


def test_an_update_from_another_table_makes_two_ways(load: Load) -> None:
    script = (
        "CREATE TEMP TABLE stage (a text, b text); INSERT INTO stage SELECT id, name FROM crm.person;"
        "UPDATE stage SET b = p.code FROM geo.place p WHERE p.name = stage.a; INSERT INTO bill.customer (title) SELECT b FROM stage"
    )
    first, second = told(load(script))
    assert first.startswith(f"{NAME} filter not among SELECT FROM stage CROSS JOIN geo.place")
    assert second == "geo.place.code -> bill.customer.title filter geo.place.name = crm.person.id"


def test_a_temporary_table_of_sql_server_is_not_the_table_of_that_name(load: Load) -> None:
    script = f"SELECT name AS id, code AS name INTO #person FROM geo.place; {INTO} SELECT id, name FROM #person"
    options = ", as: {place: geo.place, customer: bill.customer}, system: crm"
    assert told(load(script, "sqlserver", options)) == [
        "geo.place.name -> bill.customer.no",
        "geo.place.code -> bill.customer.title",
    ]


def test_the_types_that_mysql_gives_to_the_columns_of_a_query_count(load: Load) -> None:
    script = f"CREATE TABLE x (b varchar(3)) SELECT id AS a, name AS b FROM crm.person; {INTO} SELECT a, b FROM x"
    assert told(load(script, "mariadb")) == [ID, f"{NAME} [crm.person.name, {HELD}]"]


@pytest.mark.parametrize(
    ("dialect", "query", "expected"),
    [
        ("mariadb", "age FROM crm.person UNION SELECT name, code FROM geo.place", "in a UNION with values of another type"),
        ("postgres", "name FROM crm.person UNION SELECT name, NULL FROM geo.place", None),
        ("postgres", "name FROM crm.person UNION SELECT name, upper(code) FROM geo.place", None),
        ("postgres", "age FROM crm.person UNION SELECT name, 1.5 FROM geo.place", None),  # it writes the digits that a number has
        ("mariadb", "age FROM crm.person UNION SELECT name, 1.5 FROM geo.place", "in a UNION with numbers of another type"),
    ],
)  # fmt: skip
def test_a_union_gives_its_columns_one_type(load: Load, dialect: str, query: str, expected: str | None) -> None:
    first = told(load(f"INSERT INTO bill.customer (no, title) SELECT id, {query}", dialect))[1]
    assert first.partition("bill.customer.title")[2] == (f" [{first.split(' ')[0]}, {expected}]" if expected else "")


def test_postgres_refuses_a_text_in_a_column_of_numbers(load: Load) -> None:
    script = "UPDATE crm.person SET age = name"
    assert told(load(script)) == ["crm.person.name -> crm.person.age [crm.person.name] writes fields"]
    assert told(load(script, "mysql")) == ["crm.person.name -> crm.person.age writes fields"]
    assert told(load("UPDATE crm.person SET age = '5'")) == [
        'crm.person.id -> crm.person.age [always "5"] writes fields'
    ]


def test_a_column_of_a_query_within_is_of_that_query_first(load: Load) -> None:
    script = (
        "INSERT INTO bill.customer (title) SELECT (SELECT name FROM geo.place WHERE code = p.city) FROM crm.person p"
    )
    (line,) = told(load(script))
    assert line.startswith("geo.place.name + geo.place.code + crm.person.city -> bill.customer.title [SELECT ")
    of_outer = (
        "INSERT INTO bill.customer (title) SELECT (SELECT max(code) FROM geo.place WHERE name = city) FROM crm.person"
    )
    (line,) = told(load(of_outer))
    assert line.startswith("geo.place.code + geo.place.name + crm.person.city -> ")


OUTER = ["geo.place.name [or null: the outer join may find no record] -> bill.customer.code"]


@pytest.mark.parametrize(
    ("dialect", "script", "expected"),
    [
        ("oracle", "INSERT INTO bill.customer (code) SELECT q.name FROM crm.person p, geo.place q WHERE p.city = q.code(+)", OUTER),
        ("oracle", "INSERT ALL INTO bill.customer (no) VALUES (id) INTO geo.place (code) VALUES (city) SELECT id, city FROM crm.person", [ID, "crm.person.city -> geo.place.code"]),
        (
            "snowflake",
            "INSERT FIRST WHEN age > 18 THEN INTO bill.customer (no) VALUES (id) ELSE INTO geo.place (code) VALUES (id) SELECT id, age FROM crm.person",
            [f"{ID} when crm.person.age > 18", "crm.person.id -> geo.place.code when NOT ((crm.person.age > 18) IS TRUE)"],
        ),
        ("sqlserver", "UPDATE c SET c.title = p.name FROM bill.customer c JOIN crm.person p ON p.id = c.no", [f"{NAME} filter JOIN crm.person AS p ON crm.person.id = bill.customer.no writes fields"]),
        (
            "mysql",
            "UPDATE bill.customer c JOIN crm.person p ON p.id = c.no SET c.title = p.name, p.city = c.town",
            [
                f"{NAME} filter JOIN crm.person AS p ON crm.person.id = bill.customer.no writes fields",
                "bill.customer.town -> crm.person.city filter JOIN crm.person AS p ON crm.person.id = bill.customer.no writes fields",
            ],
        ),
        ("mysql", "INSERT IGNORE INTO bill.customer (no, title) SELECT id, name FROM crm.person", [ID, f"{NAME} [crm.person.name, {HELD}]"]),
        ("mysql", "REPLACE INTO bill.customer (no, title) SELECT id, name FROM crm.person", [ID, NAME]),
        ("mysql", "INSERT LOW_PRIORITY INTO bill.customer (no, title) SELECT id, name FROM crm.person", [ID, NAME]),
        ("postgres", f"{INTO} OVERRIDING SYSTEM VALUE SELECT id, name FROM crm.person WHERE 1 = 1", [ID, NAME]),
        ("postgres", "INSERT INTO bill.customer SELECT id, name FROM crm.person", [ID, NAME]),  # the first columns
        ("sqlserver", "INSERT bill.customer (no, title) OUTPUT inserted.no SELECT id, name FROM crm.person", [ID, NAME]),
        ("bigquery", "INSERT INTO `my-project.bill.customer` (no, title) SELECT id, name FROM `my-project.crm.person`", [ID, NAME]),
        (
            "spark",
            "INSERT OVERWRITE TABLE bill.customer PARTITION (code = 'x') SELECT id, name, city FROM crm.person",
            [ID, NAME, "crm.person.city -> bill.customer.town", 'crm.person.id -> bill.customer.code [always "x"]'],
        ),
        ("postgres", f"{INTO} SELECT id, name FROM crm.person JOIN geo.place USING (name)", [f"{ID} filter JOIN geo.place ON crm.person.name = geo.place.name", f"{NAME} filter JOIN geo.place ON crm.person.name = geo.place.name"]),
        ("postgres", "INSERT INTO bill.customer (no, title, code) SELECT p.id, q.* FROM crm.person p NATURAL JOIN geo.place q", [f"{each} filter JOIN geo.place AS q ON crm.person.name = geo.place.name" for each in (ID, "geo.place.name -> bill.customer.title", "geo.place.code -> bill.customer.code")]),
        ("postgres", "INSERT INTO bill.customer (no) SELECT id FROM crm.person WHERE country = '${country}'", [f"{ID} filter crm.person.country = %(${{country}})s"]),
        ("postgres", "INSERT INTO bill.customer (no) SELECT id::name FROM crm.person", [f"{ID} [CAST(crm.person.id AS NAME)]"]),
    ],
)  # fmt: skip
def test_the_syntax_of_one_engine(load: Load, dialect: str, script: str, expected: list[str]) -> None:
    found = told(load(script, dialect))
    assert [line for line in found if "[the outer join" not in line] == expected


def test_a_table_by_a_placeholder_is_named_without_it(load: Load) -> None:
    script = "INSERT INTO ${target}.customer (no) SELECT id FROM crm.person"
    assert told(load(script, "postgres", ", as: {customer: bill.customer}")) == [ID]


def test_rows_of_output_into_another_table_are_told(load: Load) -> None:
    script = "INSERT bill.customer (no) OUTPUT inserted.no INTO geo.place (code) SELECT id FROM crm.person"
    other, own = told(load(script, "sqlserver"))
    assert own == ID
    assert other.startswith("crm.person.id -> geo.place.code [a statement that is not read: ")


def test_an_update_of_a_query_is_told(load: Load) -> None:
    script = "WITH q AS (SELECT title, town FROM bill.customer) UPDATE q SET title = upper(town)"
    assert "bill.customer.no -> bill.customer.title [an update of the query q] writes fields" in told(
        load(script, "sqlserver")
    )


STAGE = "CREATE TEMP TABLE s AS SELECT id a, name b FROM crm.person;"
OUT = f"{INTO} SELECT a, b FROM s"
LOST = [f"crm.person.id -> bill.customer.{name} [s was filled in a way that is not read]" for name in ("no", "title")]


@pytest.mark.parametrize(
    ("dialect", "script", "expected"),
    [
        ("postgres", f"{STAGE} UPDATE s SET (b) = (SELECT max(code) FROM geo.place); {OUT}", None),
        ("postgres", f"{STAGE} ALTER TABLE s ALTER b TYPE varchar(2) USING substr(b, 1, 2); {OUT}", LOST),
        ("postgres", f"{STAGE} DO $$ BEGIN UPDATE s SET b = 'x'; END $$; {OUT}", LOST),
        ("postgres", f"{STAGE} ALTER TABLE s RENAME COLUMN b TO c; {INTO} SELECT a, c FROM s", LOST),
        ("mariadb", "CREATE TABLE s AS SELECT id a, name b FROM crm.person; DELETE FROM s WHERE b > 'm' ORDER BY a LIMIT 1; UPDATE s SET b = a ORDER BY a LIMIT 1;" + OUT, LOST),
        ("postgres", f"CREATE TEMP TABLE s (a text, b text); INSERT INTO s VALUES ((SELECT max(name) FROM crm.person), 'x'); {OUT}", LOST),
        ("postgres", f"CREATE TEMP TABLE s (a text PRIMARY KEY, b text); INSERT INTO s SELECT id, name FROM crm.person ON CONFLICT DO NOTHING; {OUT}", LOST),
        ("postgres", f"{STAGE} UPDATE s SET (a, b) = (a, a); {OUT}", [ID, "crm.person.id -> bill.customer.title"]),
        ("postgres", f"{STAGE} CREATE TEMP TABLE IF NOT EXISTS s AS SELECT name a, id b FROM crm.person; {OUT}", [ID, NAME]),
        ("postgres", f"{STAGE.replace(';', ' WITH NO DATA;')} INSERT INTO s SELECT id, name FROM crm.person; {OUT}", [ID, NAME]),
        ("postgres", f"{STAGE} CREATE TEMP VIEW v AS SELECT a, b FROM s; UPDATE s SET b = a; {INTO} SELECT a, b FROM v", [ID, "crm.person.id -> bill.customer.title"]),
        ("postgres", f"CREATE TEMP TABLE s (LIKE crm.person); INSERT INTO s SELECT * FROM crm.person; {INTO} SELECT id, name FROM s", [ID, NAME]),
        ("postgres", f"{STAGE.replace(' AS', ' ON COMMIT DROP AS')} {INTO} SELECT a, b FROM pg_temp.s", [ID, NAME]),
        ("sqlite", f"CREATE TABLE s (a, b); INSERT INTO s SELECT id, name FROM crm.person; {OUT}", [ID, NAME]),
        ("duckdb", f"CREATE TABLE s (a varchar, b varchar); INSERT INTO s BY NAME SELECT name AS b, id AS a FROM crm.person; {OUT}", [ID, NAME]),
        ("postgres", f"CREATE TEMP TABLE s (n serial, a text); INSERT INTO s (a) SELECT id FROM crm.person; {INTO} SELECT a, n::text FROM s", [ID, "crm.person.id -> bill.customer.title [CAST((a value that the database fills in) AS TEXT)]"]),
        ("postgres", f"CREATE TEMP TABLE s (a text, n bigint); INSERT INTO s SELECT id, age FROM crm.person; {INTO} SELECT a, (n * 2)::text FROM s", [ID, f"crm.person.age -> bill.customer.title [CAST(((crm.person.age) * 2) AS TEXT), {HELD}]"]),
        ("mariadb", f"CREATE TABLE s (x int) SELECT id AS a, name AS b FROM crm.person; INSERT INTO s SELECT 5, name, id FROM crm.person; {OUT}", [ID, NAME, "crm.person.name -> bill.customer.no", "crm.person.id -> bill.customer.title"]),
        ("postgres", "CREATE TEMP TABLE person AS SELECT name AS id FROM geo.place; INSERT INTO bill.customer (no) SELECT id FROM person", ["geo.place.name -> bill.customer.no"]),
    ],
)  # fmt: skip
def test_what_a_table_of_the_script_holds_after_changes(
    load: Load, dialect: str, script: str, expected: list[str] | None
) -> None:
    found = told(load(script, dialect))
    if expected is None:
        assert all("s was filled in a way that is not read" in line for line in found)
        assert {"crm.person", "geo.place"} == {
            name.rpartition(".")[0] for name in found[0].partition(" -> ")[0].split(" + ")
        }
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("dialect", "script"),
    [
        ("sqlserver", f"{INTO} SELECT id, name FROM server.db.crm.person"),
        ("sqlserver", f"SELECT id a, name b INTO #s FROM crm.person; {INTO} SELECT a, b FROM #s"),
        ("snowflake", "INSERT INTO IDENTIFIER('bill.customer') (no, title) SELECT id, name FROM TABLE('crm.person')"),
        ("oracle", f"{INTO} SELECT id, name FROM crm.person@remote"),
        ("spark", f"CACHE TABLE v AS SELECT id a, name b FROM crm.person; {INTO} SELECT a, b FROM v"),
        ("duckdb", f"CREATE TABLE s AS SELECT id a, name b FROM crm.person; {INTO} (SELECT a, b FROM s)"),
    ],
)
def test_names_of_tables_in_the_words_of_an_engine(load: Load, dialect: str, script: str) -> None:
    assert told(load(script, dialect)) == [ID, NAME]


def test_variables_that_are_tables_are_known_by_their_columns(load: Load) -> None:
    script = f"DECLARE @s TABLE (a varchar(9), b varchar(9)); INSERT INTO @s SELECT id, name FROM crm.person; {INTO} SELECT a, b FROM @s"
    assert told(load(script, "sqlserver")) == [f"{ID} [crm.person.id, {HELD}]", f"{NAME} [crm.person.name, {HELD}]"]


def test_joins_in_parentheses_and_a_union_into_a_table(load: Load) -> None:
    script = f"{INTO} SELECT x.id, x.name FROM (crm.person x JOIN geo.place g ON g.name = x.city)"
    assert [line.partition(" filter ")[0] for line in told(load(script))] == [ID, NAME]
    script = "SELECT id a INTO TEMP s FROM crm.person UNION SELECT code FROM geo.place; INSERT INTO bill.customer (no) SELECT a FROM s"
    assert told(load(script)) == [ID, "geo.place.code -> bill.customer.no"]


def test_a_procedure_may_change_its_callers_temporary_tables(load: Load) -> None:
    script = f"SELECT id a, name b INTO #s FROM crm.person; EXEC dbo.fix_it; {INTO} SELECT a, b FROM #s"
    assert all("#s was filled in a way that is not read" in line for line in told(load(script, "sqlserver")))


UNREAD = "[a statement that is not read: "


@pytest.mark.parametrize(
    ("dialect", "script", "expected"),
    [
        ("sqlserver", "CREATE PROCEDURE p AS BEGIN SELECT id, name INTO #s FROM crm.person; INSERT INTO bill.customer (no) SELECT id FROM #s; END", "crm.person.id -> bill.customer.no [INSERT in the procedure p]"),
        ("oracle", "CREATE PROCEDURE p AS BEGIN FOR r IN (SELECT id FROM crm.person) LOOP INSERT INTO bill.customer (no) VALUES (r.id); END LOOP; END;", "crm.person.id -> bill.customer.no [INSERT in the procedure p]"),
        ("oracle", "CREATE TRIGGER t AFTER INSERT ON crm.person FOR EACH ROW BEGIN INSERT INTO bill.customer (no) VALUES (:NEW.id); END;", "crm.person.id -> bill.customer.no [INSERT in the trigger t]"),
        ("postgres", "INSERT INTO bill.customer (no) VALUES ('x') ON CONFLICT (no) DO UPDATE SET no = (SELECT max(id) FROM crm.person)", "crm.person.id -> bill.customer.no [a query among values: VALUES ('x')]"),
        ("sqlserver", "DELETE FROM crm.person OUTPUT deleted.id INTO bill.customer (no) WHERE id = 'x'", f"crm.person.id -> bill.customer.no {UNREAD}"),
        ("snowflake", "CREATE TASK t SCHEDULE = '1 minute' AS INSERT INTO bill.customer (no) SELECT id FROM crm.person", f"crm.person.id -> bill.customer.no {UNREAD}"),
        ("postgres", "EXPLAIN ANALYZE INSERT INTO bill.customer (no) SELECT id FROM crm.person", f"crm.person.id -> bill.customer.no {UNREAD}"),
        ("sqlserver", "UPDATE bill.customer SET town += code", f"bill.customer.no -> bill.customer.town {UNREAD}"),
        ("sqlserver", "INSERT INTO bill.customer (no) EXEC dbo.p", f"bill.customer.no -> bill.customer.no {UNREAD}"),
        ("postgres", "CREATE VIEW v AS SELECT no, title FROM bill.customer; UPDATE v SET title = g.code FROM geo.place g WHERE g.name = v.no", "bill.customer.no + geo.place.name -> bill.customer.no [an update of the view v]"),
        ("duckdb", "INSERT INTO bill.customer (no, title) SELECT COLUMNS('id|name') FROM crm.person", "crm.person.id -> bill.customer.no [COLUMNS('id|name') is not read]"),
        ("duckdb", "INSERT INTO bill.customer (no) SELECT a FROM read_csv('x.csv')", "bill.customer.no -> bill.customer.no ["),
        ("sqlserver", "INSERT INTO bill.customer (no) SELECT * FROM OPENQUERY(far, 'select id from person')", "bill.customer.no -> bill.customer.no ["),
        ("oracle", "UPDATE (SELECT c.title, p.name FROM bill.customer c JOIN crm.person p ON p.id = c.no) SET title = name", f"bill.customer.no + crm.person.id -> bill.customer.no {UNREAD}"),
        ("postgres", "CREATE RULE r AS ON INSERT TO crm.person DO ALSO INSERT INTO bill.customer (no) VALUES (NEW.id)", f"crm.person.id -> bill.customer.no {UNREAD}"),
        ("oracle", "CREATE TABLE bill.customer NOLOGGING PARALLEL 4 AS SELECT id AS no FROM crm.person", ID),
        ("databricks", "CREATE OR REFRESH LIVE TABLE bill.customer AS SELECT id AS no FROM crm.person", ID),
        ("mariadb", "CREATE TABLE x.s AS SELECT id AS no FROM crm.person; RENAME TABLE bill.customer TO bill.old, x.s TO bill.customer", ID),
        ("mariadb", "CREATE TABLE x.s AS SELECT id AS no FROM crm.person; ALTER TABLE x.s RENAME bill.customer", ID),
        ("snowflake", "CREATE TABLE s AS SELECT id AS no FROM crm.person; ALTER TABLE bill.customer SWAP WITH s", ID),
        ("snowflake", "CREATE TABLE s AS SELECT id AS no FROM crm.person; CREATE OR REPLACE TABLE bill.customer CLONE s", ID),
        ("spark", "FROM (SELECT id FROM crm.person) x INSERT INTO geo.place (code) SELECT id INSERT INTO bill.customer (no) SELECT id", "crm.person.id -> geo.place.code"),
        ("mariadb", "UPDATE bill.customer SET title = upper(town), town = title", "bill.customer.town -> bill.customer.title [in upper case] writes fields"),
    ],
)  # fmt: skip
def test_nothing_that_may_write_vanishes(load: Load, dialect: str, script: str, expected: str) -> None:
    assert told(load(script, dialect))[0].startswith(expected)


@pytest.mark.parametrize(
    ("query", "filters"),
    [
        ("SELECT a.id FROM crm.person a, crm.person b WHERE a.city = b.city AND a.id <> b.id", True),
        ("SELECT a.id FROM crm.person a JOIN crm.person b ON a.id = b.city WHERE b.kind = 'P'", True),
        ("SELECT a.id FROM crm.person a JOIN crm.person b ON a.id = b.city WHERE a.kind = 'P'", False),
    ],
)  # fmt: skip
def test_another_record_of_the_same_table_is_another_record(load: Load, query: str, filters: bool) -> None:
    (flow,) = load(f"INSERT INTO bill.customer (no) {query}").flows
    assert (flow.when is None) is filters
    joined = load(
        "INSERT INTO bill.customer (no) SELECT a.id || b.id FROM crm.person a JOIN crm.person b ON a.id = b.city"
    )
    assert told(joined)[0].startswith("crm.person.id -> bill.customer.no [crm.person.id || crm.person.id]")


@pytest.mark.parametrize(
    ("dialect", "condition"),
    [
        ("postgres", "/* it's */ kind = '${p}'"),
        ("mysql", 'kind = "${p}"'),
        ("oracle", "kind = '&k'"),
        ("sqlserver", "kind = '$(k)'"),
        ("postgres", "load_dt > now()"),
    ],
)
def test_what_is_not_known_of_a_condition_is_a_filter(load: Load, dialect: str, condition: str) -> None:
    (flow,) = load(f"INSERT INTO bill.customer (no) SELECT id FROM crm.person WHERE {condition}", dialect).flows
    assert flow.when is None
    assert flow.filter
