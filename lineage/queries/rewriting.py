"""Statements in an engine's own syntax, put into a form that one reader takes: the same rows into the same columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from .conditions import not_true
from .marks import marked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...formats.ddl.engines.engine import EngineName

_INSERTING_SEVERAL: frozenset[EngineName] = frozenset(("spark", "databricks"))
"""The engines in which one FROM may feed several INSERTs."""
_INSERT = re.compile(r"\binsert\s+(?:into|overwrite)\b", re.IGNORECASE)
_QUOTED = r"""--[^\n]*|/\*(?:.*?\*/|.*)|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`"""
_OTHER_PLACES: dict[EngineName, str] = {
    "oracle": r"&{1,2}(?P<other>\w+)(?P<other_dot>\.\.?)?",
    "sqlserver": r"\$\((?P<other>\w+)\)(?P<other_dot>\.?)",
    "postgres": r"(?<![:\w]):(?P<other>[a-z_]\w*)(?P<other_dot>\.)",
    "redshift": r"(?<![:\w]):(?P<other>[a-z_]\w*)(?P<other_dot>\.)",
}
"""Variables of the tools that run scripts: SQL*Plus (whose first dot ends the name), sqlcmd, psql."""

_PLACE = r"\$\{\s*(?P<name>[\w.]+)\s*\}(?P<dot>\.?)"
"""A place that is filled in before the script runs: Flyway's `${schema}`, Airflow's, a shell's."""
_FILLED_IN = re.compile(r"\$\{(?:(?!\$\{)[^}])*\}|\{\{(?:(?!\{\{).)*?\}\}", re.DOTALL)
_FILLED_IN_BY: dict[EngineName, re.Pattern[str]] = {
    "oracle": re.compile(r"&\w+"),
    "sqlserver": re.compile(r"\$\(\w+\)"),
}
_OVERRIDING = re.compile(r"\boverriding\s+(?:system|user)\s+value\b", re.IGNORECASE)
_NAMED_BY_TEXT = re.compile(r"\b(?:identifier|table)\s*\(\s*'(?P<name>[\w.$]+)'\s*\)", re.IGNORECASE)
_REMOTE = re.compile(r"(?<=[\w\"])@[\w.]+")
_REPLACING = re.compile(r"replace(?=(?:\s+(?:low_priority|delayed))?\s+(?:into\s+)?[\w`\".]+)", re.IGNORECASE)
_PRIORITY = re.compile(r"(?<=\binsert)(\s+(?:low_priority|delayed|high_priority))+", re.IGNORECASE)
_OUTPUT = re.compile(
    r"\boutput\s+(?:inserted|deleted|\$action)\b[^;]*?(?:\binto\s+(?P<table>[\w.#@\[\]]+)(?:\s*\([^()]*\))?\s*)?"
    r"(?=\b(?:select|values|from|where|exec|execute|default|with)\b|;|$)",
    re.IGNORECASE,
)
_UPDATE_TOP = re.compile(r"(?<=^update)\s+top\s*\([^()]*\)(?:\s+percent)?", re.IGNORECASE)
_IGNORING = re.compile(r"(?<=^update)(\s+(?:low_priority|ignore))+", re.IGNORECASE)
_OR_IGNORE = re.compile(r"(?<=^update)\s+or\s+\w+", re.IGNORECASE)
_MYSQL = frozenset(("mysql", "mariadb"))


def readable(text: str, engine: EngineName) -> str:
    """A statement with the same characters at the same places, but for words that change no row and no column.

    A place that is filled in later is a name of its own; as a schema it is left out.
    """

    def blank(match: re.Match[str]) -> str:
        return " " * len(match[0])

    def named(match: re.Match[str]) -> str:
        parts = match.groupdict()
        name = parts.get("name") or parts.get("other")
        if name is None:
            return match[0]
        if parts.get("dot") or parts.get("other_dot"):
            return blank(match)
        return f"_{name.replace('.', '_')}".ljust(len(match[0]), "_")

    other = f"|{_OTHER_PLACES[engine]}" if engine in _OTHER_PLACES else ""
    text = re.sub(f"{_QUOTED}|{_PLACE}{other}", named, text, flags=re.IGNORECASE | re.DOTALL)
    text = _OVERRIDING.sub(blank, text)
    if engine == "snowflake":  # the name of a table as a text
        text = _NAMED_BY_TEXT.sub(lambda match: match["name"].ljust(len(match[0])), text)
    if engine == "oracle":  # of another database
        text = _REMOTE.sub(blank, text)
    if engine in _MYSQL:  # it writes what INSERT writes; a record with the same key is removed before
        text = _REPLACING.sub("INSERT ", text, count=1) if _REPLACING.match(text) else text
        text = _PRIORITY.sub(blank, text)
        text = _IGNORING.sub(blank, text)
    if engine == "sqlserver":
        text = _UPDATE_TOP.sub(blank, _OUTPUT.sub(blank, text))
    return _OR_IGNORE.sub(blank, text) if engine == "sqlite" else text


def output_table(text: str, engine: EngineName) -> str | None:
    """The table that a statement of SQL Server writes its own rows into: `OUTPUT inserted.id INTO log`; None: none."""
    found = _OUTPUT.search(text) if engine == "sqlserver" else None
    return None if found is None else found["table"]


def without_filled_in(tree: exp.Expr, engine: EngineName) -> exp.Expr:
    """A tree in which a text with a place that is filled in later is a parameter: its value is not known."""
    own = _FILLED_IN_BY.get(engine)
    for each in list(tree.find_all(exp.Literal)):
        if each.is_string and (_FILLED_IN.search(each.this) or (own is not None and own.search(each.this))):
            each.replace(exp.Placeholder(this=each.this))
    for table in tree.find_all(exp.Table):
        if _FILLED_IN.search(table.db):
            table.set("db", None)
    return tree


_MOVES = (
    re.compile(
        r"alter\s+table\s+(?:if\s+exists\s+)?(?P<old>\S+)\s+rename\s+(?:to\s+|as\s+)?(?P<new>\S+)", re.IGNORECASE
    ),
    re.compile(r"alter\s+table\s+(?P<new>\S+)\s+(?:swap\s+with|append\s+from)\s+(?P<old>\S+)", re.IGNORECASE),
    re.compile(
        r"alter\s+table\s+(?P<new>\S+)\s+exchange\s+(?:sub)?partition\s+.{1,200}?\bwith\s+table\s+(?P<old>\S+)",
        re.IGNORECASE | re.DOTALL,
    ),
    re.compile(
        r"create\s+(?:or\s+replace\s+)?table\s+(?:if\s+not\s+exists\s+)?(?P<new>\S+)\s+"
        r"(?:(?:deep|shallow)\s+clone|clone|copy)\s+(?P<old>\S+)",
        re.IGNORECASE,
    ),
)
_RENAMES = re.compile(r"rename\s+table\s+(?P<pairs>.+)", re.IGNORECASE | re.DOTALL)
_PART_OF_TABLE = frozenset(("column", "constraint", "index", "key", "to", "partition", "policy", "trigger"))


def moved_tables(text: str) -> list[tuple[str, str]] | None:
    """The tables that a statement puts in the place of others, or copies, each with that place; None: it does not.

    MySQL, "RENAME TABLE"; Snowflake, "ALTER TABLE … SWAP WITH", "CREATE … CLONE"; Amazon Redshift, "ALTER TABLE APPEND";
    Oracle, "EXCHANGE PARTITION"; BigQuery, "CREATE TABLE COPY"; Delta Lake, "CLONE".
    """
    text = text.strip().rstrip(";")
    renames = _RENAMES.fullmatch(text)
    if renames is not None:
        pairs = (re.fullmatch(r"\s*(\S+)\s+to\s+(\S+)\s*", each, re.IGNORECASE) for each in renames["pairs"].split(","))
        return [(each[1], each[2]) for each in pairs if each is not None]
    for pattern in _MOVES:
        found = pattern.match(text)
        if found is not None and found["new"].lower() not in _PART_OF_TABLE:
            return [(found["old"], found["new"])]
    return None


_OPTIONS_OF_CREATE = re.compile(
    r"(?P<head>create)(?P<words>\s+(?:\w+\s+){0,5}?)(?P<kind>table|view)(?P<if>\s+if\s+not\s+exists)?\s+(?P<name>[^\s(]+)"
    r"(?P<options>\s.{0,2000}?)(?P<as>\bas\s+\(?\s*(?:select|with|from)\b)",
    re.IGNORECASE | re.DOTALL,
)


def plain_create(text: str) -> str | None:
    """`CREATE TABLE name AS query` without what else stands before AS, at the same places; None: it is another."""
    found = _OPTIONS_OF_CREATE.match(text)
    if found is None:
        return None
    blanked = list(text)
    for group in ("words", "options", "if"):
        for place in range(*found.span(group)) if found[group] else ():
            blanked[place] = " "
    return "".join(blanked)


def pairs_of(written: exp.Expr) -> list[exp.Expr]:
    """The assignments of `(a, b) = (x, y)`, each alone; any other as it is."""
    left, right = written.this, written.args.get("expression")
    if isinstance(left, exp.Tuple) and isinstance(right, exp.Tuple) and len(left.expressions) == len(right.expressions):
        sides = zip(left.expressions, right.expressions, strict=True)
        return [exp.EQ(this=column.copy(), expression=value.copy()) for column, value in sides]
    return [written]


def in_their_order(assignments: Sequence[exp.Expr], table: exp.Table, engine: EngineName) -> list[exp.Expr]:
    """The assignments of an update, each of values before it: MySQL and MariaDB assign from left to right.

    MySQL 8.4, 15.2.17 "UPDATE Statement".
    """
    if engine not in _MYSQL:
        return list(assignments)
    done: dict[str, exp.Expr] = {}

    def now(node: exp.Expr) -> exp.Expr:
        is_own = isinstance(node, exp.Column) and node.table.lower() in {"", table.alias_or_name.lower()}
        return marked(done[node.name.lower()], "held") if is_own and node.name.lower() in done else node

    found: list[exp.Expr] = []
    for each in assignments:
        value = each.expression.copy().transform(now)
        found.append(exp.EQ(this=each.this.copy(), expression=value))
        done[each.this.name.lower()] = value
    return found


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
    kept: list[exp.Expr] = []
    """Those of the branch that an INTO stands in: one may have several."""
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
            is_first = str(tree.args.get("kind") or "").upper() == "FIRST"
            kept = [condition.copy(), *(not_true(each) for each in before if is_first)]
            before.append(condition)
        elif branch.args.get("else_"):
            kept = [not_true(each) for each in before]
        insert.set("expression", query.where(*(each.copy() for each in kept)) if kept else query)
        yield insert


def inserts_of_one(text: str, engine: EngineName) -> list[tuple[str, str]]:
    """The statements of `FROM x INSERT INTO a SELECT … INSERT INTO b SELECT …`, each with its FROM; none: it is another.

    A common table expression before them stands before each. Apache Hive, "Multiple Inserts"; Spark, "INSERT".
    """
    text = text.strip().rstrip(";")
    if engine not in _INSERTING_SEVERAL or not re.match(r"from\b|with\b", text, re.IGNORECASE):
        return []
    plain = _outside(re.sub(_QUOTED, lambda quoted: "x" * len(quoted[0]), text, flags=re.DOTALL))
    starts = [each.start() for each in _INSERT.finditer(plain)]
    source = re.search(r"\bfrom\b", plain, re.IGNORECASE)
    if not starts or source is None or source.start() > starts[0]:
        return []
    if re.search(r"\bselect\b", plain[: source.start()], re.IGNORECASE):
        return []
    parts = [text[a:b] for a, b in zip(starts, [*starts[1:], None], strict=True)]
    return [(text[source.start() : starts[0]], f"{text[: source.start()]}{part}") for part in parts]


def _outside(text: str) -> str:
    """A text with blanks in the place of all that stands in parentheses."""
    depth, found = 0, []
    for character in text:
        depth += character == "("
        found.append(" " if depth else character)
        depth -= character == ")"
    return "".join(found)


_CACHED = re.compile(
    r"cache\s+(?:lazy\s+)?table\s+(?P<name>[^\s(]+)\s+(?:options\s*\([^()]*\)\s*)?(?:as\s+)?(?P<query>(?:select|with|from)\b.*)",
    re.IGNORECASE | re.DOTALL,
)
_VARIABLE = re.compile(r"declare\s+(?P<name>@\w+)\s+(?:as\s+)?table\s*(?P<columns>\(.*\))", re.IGNORECASE | re.DOTALL)


def cached_query(text: str) -> tuple[str, str] | None:
    """The name and the query of `CACHE TABLE name AS query` (Spark 3.5, "CACHE TABLE"); None: it is another statement."""
    found = _CACHED.match(text)
    return None if found is None else (found["name"], found["query"])


def table_variable(text: str) -> str | None:
    """`DECLARE @name TABLE (…)` of SQL Server as a CREATE TABLE; None: it is another statement."""
    found = _VARIABLE.match(text)
    return None if found is None else f"CREATE TABLE {found['name'].replace('@', '#@')} {found['columns']}"


def in_partition(
    table: exp.Table, query: exp.Expr, columns: Sequence[str] | None
) -> tuple[exp.Expr, Sequence[str] | None]:
    """The query and the columns of an insert into a partition, whose columns have the values that it names.

    Apache Hive, "Inserting data into Hive Tables from queries"; Spark 3.5, "INSERT TABLE".
    """
    partition = table.args.get("partition")
    if partition is None or columns is None:
        return query, columns
    values = {each.this.name: each.expression for each in partition.expressions if isinstance(each, exp.EQ)}
    dynamic = [each.name for each in partition.expressions if not isinstance(each, exp.EQ)]
    """They are the last columns of the query."""
    whole = exp.Select(
        expressions=[exp.Star(), *(exp.alias_(value.copy(), name, quoted=True) for name, value in values.items())],
        from_=exp.From(this=exp.Subquery(this=query.copy(), alias=exp.TableAlias(this=exp.to_identifier("rows")))),
    )
    own = {name.lower() for name in (*values, *dynamic)}
    return whole, [*(name for name in columns if name.lower() not in own), *dynamic, *values]


def on_conflict_rows(
    table: exp.Table, query: exp.Expr, columns: Sequence[str], conflict: exp.OnConflict
) -> tuple[exp.Select, list[str]] | None:
    """What ON CONFLICT … DO UPDATE, or ON DUPLICATE KEY UPDATE, brings into which columns of the record that is there.

    The record that comes is called `excluded`. None: it changes several columns at once.
    """
    own, where = table.alias_or_name, conflict.args.get("where")

    def of_new(node: exp.Expr) -> exp.Expr:
        is_values = isinstance(node, exp.Anonymous) and node.name.upper() == "VALUES" and len(node.expressions) == 1
        if is_values and isinstance(node.expressions[0], (exp.Column, exp.Identifier)):
            return exp.column(node.expressions[0].name, table="excluded")
        if isinstance(node, exp.Column) and not node.table:
            return exp.column(node.this.copy(), table=exp.to_identifier(own))
        return node

    changes = [each for each in conflict.expressions if isinstance(each, exp.EQ) and isinstance(each.this, exp.Column)]
    if len(changes) < len(conflict.expressions):
        return None
    new = exp.Subquery(
        this=query.copy(),
        alias=exp.TableAlias(this=exp.to_identifier("excluded"), columns=[exp.to_identifier(name) for name in columns]),
    )
    rows = exp.Select(
        expressions=[
            exp.alias_(each.expression.copy().transform(of_new), each.this.name, quoted=True) for each in changes
        ],
        from_=exp.From(this=new),
        joins=[exp.Join(this=table.copy(), kind="CROSS")],
        having=None if where is None else exp.Having(this=where.this.copy().transform(of_new)),
    )
    return rows, [each.this.name for each in changes]
