"""Queries for where the rows lie: a warehouse, Apache Spark. One counts bad rows by assertion, one returns them.

The first returns one row: the number of rows, of bad rows, and for each assertion of rows that do not meet it. The second
returns the bad rows themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..formats.ddl.columns import quoted_name
from .parts import GeneratedValidator
from .sql import comment, conditions

if TYPE_CHECKING:
    from ..application.library import Entry


def sql_query(entry: Entry, dialect: str) -> GeneratedValidator:
    """Both queries, on a table of the entry's own name."""
    stated, left = conditions(entry, dialect)
    met = [condition for _, condition in stated] or ["1 = 1"]
    all_met = "\n  AND ".join(f"({condition})" for condition in met)
    table = quoted_name(entry.entity.name, dialect)
    columns = [f"count(*) AS {quoted_name('rows', dialect)}", f"{_count(all_met)} AS {quoted_name('bad', dialect)}"]
    columns += [f"{_count(condition)} AS {quoted_name(f'd{place}', dialect)}" for place, condition in enumerate(met, 1)]
    comments = [f"-- d{place}: {comment(assertion.obligation)}" for place, (assertion, _) in enumerate(stated, 1)]
    name = comment(str(entry.entity.full_name))
    head = f"-- The constraints on {name} of all systems downstream. Made by Fieldline; do not edit: generate it again."
    listed = ",\n  ".join(columns)
    counting = f"SELECT\n  {listed}\nFROM {table};"
    giving = f"SELECT * FROM {table}\nWHERE NOT (\n  {all_met});"  # noqa: S608 - names and texts are quoted by sqlglot
    text = "\n".join([head, *comments, counting, "", giving])
    return GeneratedValidator(text + "\n", left)


def _count(condition: str) -> str:
    return f"sum(CASE WHEN {condition} THEN 0 ELSE 1 END)"
