"""The columns of a table that a query makes: `CREATE TABLE t AS SELECT a, upper(b) AS c FROM s`, `SELECT a INTO t FROM s`.

A column that is taken as it is has the type that it has in its table; of any other only the name is known. Nothing else of
a table comes along but, in some engines, NOT NULL.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from .cursor import UnreadStatement
from .objects import word_set
from .schema import TableColumn, TableDefinition, Watcher
from .sqltype import SqlType
from .type_reader import take_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .cursor import Cursor, Word
    from .schema import DatabaseSchema

_AFTER_FROM = word_set(
    "WHERE GROUP HAVING ORDER LIMIT OFFSET FETCH WINDOW QUALIFY CONNECT START WITH UNION EXCEPT INTERSECT MINUS FOR"
)
_JOINS = word_set("JOIN INNER LEFT RIGHT FULL OUTER CROSS NATURAL LATERAL STRAIGHT_JOIN")
_OUTER = word_set("LEFT RIGHT FULL")
_SETS = word_set("UNION EXCEPT INTERSECT MINUS")


class _NotKnown(Exception):
    """Which columns a query has is not known."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A table of FROM."""

    name: str
    """By which the query calls it, in small letters."""
    table: TableDefinition | None
    """None: a view, a subquery, or a table that is not known."""


_Local: TypeAlias = "Mapping[str, TableDefinition | None]"
"""The queries of a WITH, by their folded names; None: their columns are not known."""
_NONE: _Local = MappingProxyType({})


def add_query_columns(
    query: Cursor,
    table: TableDefinition,
    schema: DatabaseSchema,
    names: tuple[Word, ...] | None = None,
    local: _Local = _NONE,
) -> bool:
    """Put the columns of a query into the table that it makes, under the names given, if any; whether they are known."""
    while query.sees("("):
        query = query.group()
    if query.skip("WITH"):
        try:
            local = {**local, **_with(query, schema, local)}
        except UnreadStatement:
            return False
    if query.skip("TABLE"):
        return _add(query.copy(), [("table", query)], query, table, schema, names, local)
    if query.skip("FROM"):  # DuckDB: FROM first
        sources = query.until(lambda word: word.upper in _AFTER_FROM | {"SELECT"})
        rest = query.copy()
        chosen = query.until(lambda word: word.upper in _AFTER_FROM) if query.skip("SELECT") else None
        items = [("table", sources)] if chosen is None else _items(chosen)
        return _add(rest, items, sources, table, schema, names, local)
    if not query.skip("SELECT"):
        return False
    return add_selected(query, table, schema, names, local)


def _with(query: Cursor, schema: DatabaseSchema, local: _Local) -> dict[str, TableDefinition | None]:
    """The queries that are named before another. Raises UnreadStatement."""
    made: dict[str, TableDefinition | None] = {}
    recursive = query.skip("RECURSIVE")
    while True:
        name = query.name()
        columns = query.names() if query.sees("(") else None
        query.expect("AS")
        query.skip("NOT")
        query.skip("MATERIALIZED")
        inner = query.group()
        made[schema.fold(name)] = None if recursive else _made(inner, name, schema, {**local, **made}, columns)
        if not query.skip(","):
            return made


def _made(
    query: Cursor, name: Word, schema: DatabaseSchema, local: _Local, names: tuple[Word, ...] | None = None
) -> TableDefinition | None:
    """What another query reads as a table; None: its columns are not known. A column of which more is open has no type."""
    table = TableDefinition(name.value, query.place, 1)
    if not add_query_columns(query, table, schema, names, local):
        return None
    for watcher in table.opaque.values():
        for key in watcher.columns or ():
            column = table.columns[key]
            column.type = SqlType("", (), column.type.written, column.at)
    return table


def add_selected(
    query: Cursor,
    table: TableDefinition,
    schema: DatabaseSchema,
    names: tuple[Word, ...] | None = None,
    local: _Local = _NONE,
) -> bool:
    """As `add_query_columns`, of what stands after SELECT."""
    query.skip_any("DISTINCT", "ALL")
    if query.skip("TOP"):
        query.take()
    chosen = query.until(lambda word: word.upper in {"FROM", "INTO"} | _AFTER_FROM)
    if query.skip("INTO"):
        query.skip_any("TEMP", "TEMPORARY", "UNLOGGED")
        query.skip("TABLE")
        query.path()
    query.skip("FROM")
    return _add(query.copy(), _items(chosen), query, table, schema, names, local)


def _items(chosen: Cursor) -> list[tuple[str, Cursor]]:
    """The items between commas after SELECT, each with "*" where it is all columns of something."""
    return [("*" if any(word.upper == "*" for word in _star(item)) else "", item) for item in chosen.split()]


def _star(item: Cursor) -> list[Word]:
    """The words of `*`, or of `t.*`, before what is left out of it."""
    words = item.copy().until(lambda word: word.upper in _LEAVING_OUT).words()
    return words if words and words[-1].upper == "*" and len(words) in {1, 3, 5} else []


def _add(
    rest: Cursor,
    items: list[tuple[str, Cursor]],
    sources_at: Cursor,
    table: TableDefinition,
    schema: DatabaseSchema,
    names: tuple[Word, ...] | None,
    local: _Local,
) -> bool:
    is_set = rest.has_any(*_SETS)
    is_outer = rest.has_any(*_OUTER)
    try:
        sources = _sources(sources_at, schema, local)
        made = [column for kind, item in items for column in _columns(kind, item, sources, schema)]
    except (_NotKnown, UnreadStatement):
        return False
    if names is not None:
        if len(names) != len(made):
            return False
        made = [
            replace(column, key=schema.fold(name), name=schema.shown(name))
            for name, column in zip(names, made, strict=True)
        ]
    keeps = schema.engine.statements.queries_keep_required and not is_outer and not is_set
    for column in made:
        if not column.key or column.key in table.columns:
            continue
        whole = replace(
            column, not_null=column.not_null if keeps else None, generated=None, counted=False, default=None
        )
        is_open = is_set or not column.type.name
        if _is_of_other_charset(column, table, schema):
            whole = replace(whole, charset=schema.engine.charset, collation=schema.engine.collation)
            is_open = is_open or schema.engine.charset is None
        if is_open:
            text = f"the column {column.name} of a query"
            table.opaque[f"{text} {column.key}"] = Watcher(text, column.at, frozenset({column.key}), is_unread=True)
        table.columns[column.key] = whole
    return True


def _is_of_other_charset(column: TableColumn, table: TableDefinition, schema: DatabaseSchema) -> bool:
    """MySQL: whether a text has the charset of the server, and its new table one of its own."""
    own = schema.engine.statements.charsets and schema.engine.is_text(column.type)
    return own and (column.charset, column.collation) == (None, None) != (table.charset, table.collation)


def _sources(cursor: Cursor, schema: DatabaseSchema, local: _Local) -> list[_Source]:
    """The tables of a FROM."""
    sources: list[_Source] = []
    for part in cursor.until(lambda word: word.upper in _AFTER_FROM).split():
        while not part.done:
            sources.append(_source(part, schema, local))
            part.until(lambda word: word.upper in _JOINS)  # the condition of a join
            while part.skip_any(*_JOINS):
                pass
    return sources


def _source(part: Cursor, schema: DatabaseSchema, local: _Local) -> _Source:
    if part.sees("("):
        inner, name = part.group(), part.before
        part.skip("AS")
        has_name = part.word.kind in {"word", "name"} and part.word.upper not in _JOINS | {"ON", "USING"}
        name = part.take() if has_name else name
        columns = part.names() if has_name and part.sees("(") else None
        return _Source(name.value.lower() if has_name else "", _made(inner, name, schema, local, columns))
    path = part.path()
    if len(path) == 1 and schema.fold(path[0]) in local:
        part.skip("AS")
        has_name = part.word.kind in {"word", "name"} and part.word.upper not in _JOINS | {"ON", "USING"}
        return _Source((part.take() if has_name else path[0]).value.lower(), local[schema.fold(path[0])])
    key = schema.find(path)
    if part.sees("("):
        part.group()  # a function that gives rows
        key = None
    table = None if key is None else schema.tables[key]
    part.skip("AS")
    has_alias = part.word.kind in {"word", "name"} and part.word.upper not in _JOINS | {"ON", "USING", "TABLESAMPLE"}
    return _Source((part.take() if has_alias else path[-1]).value.lower(), table)


def _columns(kind: str, item: Cursor, sources: list[_Source], schema: DatabaseSchema) -> list[TableColumn]:
    """The columns of one item after SELECT. Raises _NotKnown."""
    words = item.copy().words()
    if kind:
        star = [] if kind == "table" else _star(item)
        of = sources if len(star) < 3 else [s for s in sources if s.name == star[-3].value.lower()]
        if not of or any(source.table is None for source in of):
            raise _NotKnown
        out = set() if kind == "table" else _left_out(item, schema)
        columns = (
            _with_charset(column, source.table, schema)
            for source in of
            if source.table is not None
            for column in source.table.columns.values()
        )
        return [column for column in columns if column.key not in out]
    name = words[-1]
    has_alias = len(words) > 2 and words[-2].upper == "AS"
    body = words[:-2] if has_alias else words
    found = _plain(body, sources, schema)
    if found is not None:
        return [replace(found, key=schema.fold(name), name=schema.shown(name)) if has_alias else found]
    if not has_alias and (len(body) < 2 or name.kind not in {"word", "name"} or body[-2].upper in {".", "("}):
        at = item.at(words[0])
        return [TableColumn("", "", at, 1, SqlType("", (), item.text, at))]  # its name is the engine's own choice
    at = item.at(words[0])
    made = SqlType("", (), item.text, at)
    cast = _cast(item.copy(), schema)
    if cast is not None and schema.engine.statements.charsets and schema.engine.is_text(cast):
        cast = None  # in the charset of the connection
    return [TableColumn(schema.fold(name), schema.shown(name), at, 1, cast or made)]


def _with_charset(column: TableColumn, table: TableDefinition, schema: DatabaseSchema) -> TableColumn:
    """MySQL: a column with the charset and the collation that it has in its table, from whatever level."""
    if not schema.engine.statements.charsets:
        return column
    levels = [(level.charset, level.collation) for level in (column, table, schema)]
    charset, collation = next((level for level in levels if level != (None, None)), (None, None))
    if charset is None and collation is None:
        return column
    return replace(column, charset=charset or schema.engine.charset_at(levels), collation=collation)


_LEAVING_OUT = word_set("EXCLUDE EXCEPT REPLACE RENAME ILIKE LIKE")


def _left_out(item: Cursor, schema: DatabaseSchema) -> set[str]:
    """The columns that `* EXCLUDE (a, b)` leaves out. Raises _NotKnown for what else may stand there."""
    rest = item.copy()
    rest.until(lambda word: word.upper in _LEAVING_OUT)
    if rest.done:
        return set()
    if not rest.skip_any("EXCLUDE", "EXCEPT"):
        raise _NotKnown
    out = {schema.fold(word) for word in (rest.names() if rest.sees("(") else (rest.name(),))}
    if not rest.done:
        raise _NotKnown
    return out


def _plain(body: list[Word], sources: list[_Source], schema: DatabaseSchema) -> TableColumn | None:
    """The column that an expression is, where it is one as it stands."""
    is_path = all(
        word.upper == "." if number % 2 else word.kind in {"word", "name"} for number, word in enumerate(body)
    )
    if not is_path or not len(body) % 2:
        return None
    of = sources if len(body) == 1 else [source for source in sources if source.name == body[-3].value.lower()]
    found = [
        _with_charset(column, source.table, schema)
        for source in of
        if source.table is not None and (column := source.table.columns.get(schema.fold(body[-1]))) is not None
    ]
    if len(found) == 1 and all(source.table is not None for source in of):
        return found[0]
    if len(body) == 1 and not sources:
        return None
    at, name = (found[0].at if found else None), body[-1]
    return None if at is None else TableColumn(schema.fold(name), schema.shown(name), at, 1, SqlType("", (), "", at))


def _cast(item: Cursor, schema: DatabaseSchema) -> SqlType | None:
    """The type of `CAST(a AS type)`, and of `a::type`, where that is the whole expression."""
    try:
        if item.skip("CAST"):
            inner = item.group()
            inner.until(lambda word: word.upper == "AS")
            inner.expect("AS")
            made = take_type(inner, schema.engine)
            return made if inner.done and item.sees("AS") else None
        item.path()
        if not item.skip("::"):
            return None
        made = take_type(item, schema.engine)
    except UnreadStatement:
        return None
    return made if item.sees("AS") else None
