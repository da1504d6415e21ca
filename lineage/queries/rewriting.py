"""Statements in an engine's own syntax, put into a form that one reader takes: the same rows into the same columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from .conditions import not_true

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...formats.ddl.engines.engine import EngineName

_INSERTING_SEVERAL: frozenset[EngineName] = frozenset(("spark", "databricks"))
"""The engines in which one FROM may feed several INSERTs."""
_INSERT = re.compile(r"\binsert\s+(?:into|overwrite)\b", re.IGNORECASE)
_SEVERAL = re.compile(
    r"(?P<with>with\b.*?\)\s*)?(?P<source>from\s+[^()]{1,200}?)\s*(?P<inserts>insert\s+(?:into|overwrite)\b.*)",
    re.IGNORECASE | re.DOTALL,
)

_TEXT_OR_PLACE = re.compile(r"'(?:[^']|'')*'|\$\{\s*(?P<name>[\w.]+)\s*\}(?P<dot>\.?)")
"""A text, or a place that is filled in before the script runs: Flyway's `${schema}`, Airflow's, a shell's."""
_FILLED_IN = re.compile(r"\$\{[^}]*\}|\{\{.*?\}\}", re.DOTALL)
_OVERRIDING = re.compile(r"\boverriding\s+(?:system|user)\s+value\b", re.IGNORECASE)
_REPLACING = re.compile(r"replace(?=(?:\s+(?:low_priority|delayed))?\s+(?:into\s+)?[\w`\".]+)", re.IGNORECASE)
_PRIORITY = re.compile(r"(?<=\binsert)(\s+(?:low_priority|delayed|high_priority))+", re.IGNORECASE)
_OUTPUT = re.compile(
    r"\boutput\s+(?:inserted|deleted|\$action)\b[^;]*?(?:\binto\s+(?P<table>[\w.#@\[\]]+)(?:\s*\([^()]*\))?)?"
    r"\s*(?=\b(?:select|values|from|where|exec|execute|default|with)\b|;|$)",
    re.IGNORECASE,
)
_MYSQL = frozenset(("mysql", "mariadb"))


def readable(text: str, engine: EngineName) -> str:
    """A statement with the same characters at the same places, but for words that change no row and no column.

    A place that is filled in later is a name of its own; as a schema it is left out.
    """

    def blank(match: re.Match[str]) -> str:
        return " " * len(match[0])

    def named(match: re.Match[str]) -> str:
        if match["name"] is None:
            return match[0]
        if match["dot"]:
            return blank(match)
        return f"_{match['name'].replace('.', '_')}".ljust(len(match[0]), "_")

    text = _TEXT_OR_PLACE.sub(named, text)
    text = _OVERRIDING.sub(blank, text)
    if engine in _MYSQL:  # it writes what INSERT writes; a record with the same key is removed before
        text = _REPLACING.sub("INSERT ", text, count=1) if _REPLACING.match(text) else text
        text = _PRIORITY.sub(blank, text)
    return _OUTPUT.sub(blank, text) if engine == "sqlserver" else text


def output_table(text: str, engine: EngineName) -> str | None:
    """The table that a statement of SQL Server writes its own rows into: `OUTPUT inserted.id INTO log`; None: none."""
    found = _OUTPUT.search(text) if engine == "sqlserver" else None
    return None if found is None else found["table"]


def without_filled_in(tree: exp.Expr) -> exp.Expr:
    """A tree in which a text with a place that is filled in later is a parameter: its value is not known."""
    for each in list(tree.find_all(exp.Literal)):
        if each.is_string and _FILLED_IN.search(each.this):
            each.replace(exp.Placeholder(this=each.this))
    return tree


def updated_rows(tree: exp.Update) -> exp.Select:
    """The rows that an update looks at: of its table and of FROM, which may name that table by an alias (SQL Server)."""
    table, from_ = tree.this, tree.args.get("from_")
    first = table.copy()
    joins = list(table.args.get("joins") or ())
    if from_ is not None:
        beside = [from_.this, *(each.this for each in from_.this.args.get("joins") or ())]
        is_named = len(table.parts) == 1 and any(each.alias_or_name.lower() == table.name.lower() for each in beside)
        joins = [*joins, *(from_.this.args.get("joins") or ())]
        if is_named:
            first = from_.this.copy()
        else:
            joins.insert(len(table.args.get("joins") or ()), exp.Join(this=from_.this.copy(), kind="CROSS"))
    first.set("joins", None)
    for each in joins:
        each.this.set("joins", None)
    return exp.Select(
        from_=exp.From(this=first),
        joins=[each.copy() for each in joins],
        where=tree.args.get("where"),
        with_=tree.args.get("with_"),
    )


def inserts_apart(tree: exp.MultitableInserts) -> Iterator[exp.Insert]:
    """The inserts of INSERT ALL and INSERT FIRST, each with the query, and the condition on its rows.

    Oracle Database SQL Language Reference, "INSERT", multi_table_insert; Snowflake, "INSERT (multi-table)".
    """
    before: list[exp.Expr] = []
    for branch in tree.expressions:
        insert, condition = branch.this.copy(), branch.args.get("expression")
        values = insert.args.get("expression")
        query = exp.Select(
            expressions=[each.copy() for each in values.expressions[0].expressions]
            if isinstance(values, exp.Values)
            else [exp.Star()],
            from_=exp.From(
                this=exp.Subquery(
                    this=tree.args["source"].copy(), alias=exp.TableAlias(this=exp.to_identifier("source"))
                )
            ),
        )
        if condition is not None:
            before.append(condition)
            is_first = str(tree.args.get("kind") or "").upper() == "FIRST"
            query = query.where(condition.copy(), *(not_true(each) for each in before[:-1] if is_first))
        elif branch.args.get("else_") or (before and tree.expressions[-1] is branch):
            query = query.where(*(not_true(each) for each in before))
        insert.set("expression", query)
        yield insert


def inserts_of_one(text: str, engine: EngineName) -> list[tuple[str, str]]:
    """The statements of `FROM x INSERT INTO a SELECT … INSERT INTO b SELECT …`, each with its FROM; none: it is another.

    A common table expression before them stands before each. Apache Hive, "Multiple Inserts"; Spark, "INSERT".
    """
    match = _SEVERAL.fullmatch(text.strip().rstrip(";")) if engine in _INSERTING_SEVERAL else None
    if match is None:
        return []
    starts = [each.start() for each in _INSERT.finditer(match["inserts"])]
    parts = [match["inserts"][a:b] for a, b in zip(starts, [*starts[1:], None], strict=True)]
    return [(match["source"], f"{match['with'] or ''}{part}") for part in parts]


def in_partition(
    table: exp.Table, query: exp.Expr, columns: Sequence[str] | None
) -> tuple[exp.Expr, Sequence[str] | None]:
    """The query and the columns of an insert into a partition, whose columns have the values that it names.

    Apache Hive, "Inserting data into Hive Tables from queries"; Spark 3.5, "INSERT TABLE".
    """
    partition = table.args.get("partition")
    named = [each for each in partition.expressions if isinstance(each, exp.EQ)] if partition is not None else []
    if not named or columns is None:
        return query, columns
    values = {each.this.name: each.expression for each in named}
    whole = exp.Select(
        expressions=[exp.Star(), *(exp.alias_(value.copy(), name, quoted=True) for name, value in values.items())],
        from_=exp.From(this=exp.Subquery(this=query.copy(), alias=exp.TableAlias(this=exp.to_identifier("rows")))),
    )
    own = {name.lower() for name in values}
    return whole, [*(name for name in columns if name.lower() not in own), *values]
