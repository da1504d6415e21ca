"""Denials in SQL: one form for every dialect."""

from __future__ import annotations

import pytest
from sqlglot import exp

from fieldline.formats.sql_trees import sql_tree

DIALECTS = ["postgres", "redshift", "duckdb", "mysql", "sqlite", "oracle", "tsql", "snowflake", "bigquery", "spark"]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("x IS NOT NULL", "NOT x IS NULL"),
        ("x NOT LIKE 'a%'", "NOT x LIKE 'a%'"),
        ("NOT x NOT LIKE 'a%'", "NOT NOT x LIKE 'a%'"),
        ("(x NOT LIKE 'a') IS NOT NULL", "NOT (NOT x LIKE 'a') IS NULL"),
        ("x LIKE 'a!%' ESCAPE '!'", "x LIKE 'a!%' ESCAPE '!'"),
        ("x NOT LIKE 'a!%' ESCAPE '!'", "NOT x LIKE 'a!%' ESCAPE '!'"),
    ],
)
def test_a_denial_stands_around_what_it_denies(dialect: str, written: str, plain: str) -> None:
    for tree in (sql_tree(written, dialect, condition=True), sql_tree(f"SELECT 1 WHERE {written}", dialect)):
        assert tree.sql(dialect).endswith(plain)
        assert not any(node.args.get("negate") for node in tree.walk())
        assert all(node.parent is not None for node in tree.walk() if node is not tree)


def test_a_denied_comparison_in_a_deep_query_is_denied_in_its_place() -> None:
    tree = sql_tree(
        "SELECT CASE WHEN a IS NOT NULL THEN 1 END FROM (SELECT a FROM t WHERE b NOT ILIKE 'x') AS q", "postgres"
    )
    assert [type(node.this) for node in tree.find_all(exp.Not)] == [exp.Is, exp.ILike]
