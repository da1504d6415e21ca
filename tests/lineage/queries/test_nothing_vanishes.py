"""What a script may write is a flow, or is told as not read: never nothing."""
# ruff: noqa: E501 - a script stands in one line

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pytest

from .test_statements import load, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldline.estate.load import Estate

    Load: TypeAlias = Callable[..., Estate]

__all__ = ["load"]
FROM = "SELECT id, name FROM crm.person"


def into(estate: Estate, target: str) -> set[tuple[str, bool]]:
    """The sources of what comes into a field, each with whether its way is not described."""
    return {
        (str(source.field), any(step.name == "opaque" for step in (*source.via, *flow.via)))
        for flow in estate.flows
        if str(flow.target) == target
        for source in flow.sources
    }


@pytest.mark.parametrize(
    ("script", "dialect", "target", "expected"),
    [
        (f"WITH x AS (INSERT INTO bill.customer (no, title) {FROM} RETURNING no) SELECT * FROM x", "postgres", "no", {("id", False)}),
        ("INSERT INTO bill.customer (no, title) VALUES ((SELECT id FROM crm.person LIMIT 1), 'x')", "postgres", "no", {("id", True)}),
        (f"PREPARE p AS INSERT INTO bill.customer (no, title) {FROM}; EXECUTE p", "postgres", "no", {("id", True)}),
        (f"IF NOT EXISTS (SELECT 1 FROM geo.place) INSERT INTO bill.customer (no, title) {FROM}", "sqlserver", "no", {("id", True)}),
        (f"BEGIN TRY INSERT INTO bill.customer (no, title) {FROM} END TRY BEGIN CATCH THROW END CATCH", "sqlserver", "no", {("id", True)}),
        (f"REPLACE INTO bill.customer (no, title) {FROM}", "mariadb", "no", {("id", False)}),
        ("MERGE INTO bill.customer c USING crm.person p ON c.no = p.id WHEN NOT MATCHED THEN INSERT *", "databricks", "no", {("id", True)}),
        ("MERGE INTO bill.customer c USING crm.person p ON c.no = p.id WHEN MATCHED THEN UPDATE SET *", "databricks", "no", {("id", True)}),
        ("UPDATE bill.customer SET (no, title) = (SELECT p.id, p.name FROM crm.person p)", "postgres", "title", {("id", True), ("no", True)}),
        (f"CREATE TABLE x AS {FROM}; DROP TABLE old; ALTER TABLE x RENAME TO bill.customer", "postgres", "no", set()),
        ("CREATE TABLE x AS SELECT id AS no FROM crm.person; ALTER TABLE x RENAME TO bill.customer", "postgres", "no", {("id", False)}),
        (f"CREATE VIEW v AS SELECT no, title FROM bill.customer; INSERT INTO v {FROM}", "postgres", "no", {("id", True)}),
        (
            "CREATE TEMP TABLE x AS SELECT id FROM crm.person; INSERT INTO x SELECT name FROM crm.person; INSERT INTO bill.customer (no) SELECT id FROM x",
            "postgres",
            "no",
            {("id", False), ("name", False)},
        ),
        ("INSERT INTO bill.customer (no) SELECT id FROM crm.person GROUP BY ROLLUP (id)", "postgres", "no", {("id", True)}),
        ("INSERT INTO bill.customer (no) SELECT id FROM crm.person UNION ALL BY NAME SELECT name AS id FROM crm.person", "duckdb", "no", {("id", True)}),
        ("INSERT INTO bill.customer BY NAME SELECT name AS title, id AS no FROM crm.person", "duckdb", "no", {("id", False)}),
    ],
)  # fmt: skip
def test_every_write_is_told(
    load: Load, script: str, dialect: str, target: str, expected: set[tuple[str, bool]]
) -> None:
    found = into(
        load(f"INSERT INTO geo.place (name) SELECT city FROM crm.person;\n{script}", dialect), f"bill.customer.{target}"
    )
    assert {(name.rpartition(".")[2], is_open) for name, is_open in found} == expected


def test_what_a_conflict_updates_comes_from_the_new_record(load: Load) -> None:
    script = f"INSERT INTO bill.customer (no, title) {FROM} ON CONFLICT (no) DO UPDATE SET town = upper(excluded.title)"
    assert told(load(script))[-1] == "crm.person.name -> bill.customer.town [in upper case] writes fields"
    mysql = f"INSERT INTO bill.customer (no, title) {FROM} ON DUPLICATE KEY UPDATE town = upper(values(title))"
    assert told(load(mysql, "mysql"))[-1] == "crm.person.name -> bill.customer.town [in upper case] writes fields"


@pytest.mark.parametrize("made", ["'x'", "concat(code, 'z')", "CASE WHEN code = 'a' THEN 'b' ELSE 'c' END", "code"])
def test_an_outer_join_may_find_no_record_whatever_is_made_of_it(load: Load, made: str) -> None:
    estate = load(
        "INSERT INTO bill.customer (no, title) SELECT p.id, q.m FROM crm.person p "
        f"LEFT JOIN (SELECT name, {made} AS m FROM geo.place) q ON q.name = p.city"
    )
    assert ("crm.person.id", True) in into(estate, "bill.customer.title")


@pytest.mark.parametrize(
    "rest",
    [
        "JOIN geo.place r ON r.name = p.id",
        "WHERE p.id IN (SELECT name FROM geo.place)",
        "GROUP BY p.id HAVING length(p.id) <= 3",
        "WHERE EXISTS (SELECT 1 FROM geo.place WHERE length(p.id) <= 3)",
        "INTERSECT SELECT name FROM geo.place",
    ],
)
def test_what_filters_records_names_the_field_that_it_is_about(load: Load, rest: str) -> None:
    (line,) = told(load(f"INSERT INTO bill.customer (no) SELECT p.id FROM crm.person p {rest}"))
    assert "crm.person.id" in line.partition(" filter ")[2]


def test_a_table_of_the_script_that_is_filled_in_a_way_that_is_not_read_is_not_known(load: Load) -> None:
    estate = load(
        "CREATE TEMP TABLE x AS SELECT id FROM crm.person; INSERT INTO x SELECT q.a FROM crm.person p, LATERAL (SELECT p.name AS a) q;"
        "INSERT INTO bill.customer (no) SELECT id FROM x"
    )
    assert into(estate, "bill.customer.no") == {("crm.person.id", True)}
