"""Two tables of one PostgreSQL: the database itself finds the records that agree, and the others alone are read.

A record agrees where its key is that of one row in each table, and every field surely holds what the flows make: by steps
that PostgreSQL does as polars does (`steps`), on columns whose values are compared as they are. Where one field cannot be
compared so, nothing is left to the database. All queries see the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...checker.record.crossing import RoutePart
from ...contracts.store import TableStore
from ...formats.ddl.columns import named_table, quoted_literal, quoted_name
from ...lineage.transform import ways
from ...lineage.transforms.affix import Prefix, Suffix
from ...lineage.transforms.case import Case
from ...lineage.transforms.cut import Substring, Truncate
from ...lineage.transforms.edit import ReplaceWord
from ...lineage.transforms.fixed import Default, Identity
from ...lineage.transforms.lookup import Map
from ...lineage.transforms.spaces import Trim
from ...lineage.transforms.stored import EmptyAsNull
from ..sources import asking
from .steps import cased_alike, trimmed_characters
from .whole import table_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from ...checker.record.crossing import CrossedField, Crossing, RouteValue
    from ...contracts.constraint import Type
    from ...contracts.model import Entity
    from ...estate.load import Estate
    from ...formats.ddl.catalogue import Ask
    from ...lineage.transform import Transform
    from ..sources import Progress
    from .whole import WholeStore

_DIALECT = "postgres"
_AS_THEY_ARE: Mapping[Type, frozenset[str]] = {
    "text": frozenset(("text", "character varying")),
    "integer": frozenset(("smallint", "integer", "bigint")),
    "decimal": frozenset(("smallint", "integer", "bigint", "numeric")),
    "boolean": frozenset(("boolean",)),
    "date": frozenset(("date",)),
}
"""By the type of a field, the types of columns whose values are compared as they are."""
_ASCII = "'^[\\x01-\\x7f]*$'"


@dataclass(frozen=True, slots=True)
class DatabaseRows:
    """The rows of two tables that do not surely agree."""

    source: WholeStore
    target: WholeStore
    agreed: int
    """The records that agree, which were not read."""


@dataclass(frozen=True, slots=True)
class _Agreed:
    """The records that agree, as PostgreSQL finds them."""

    query: str
    """It gives their keys."""
    source_key: str
    """That a row of the first table, called `own`, has one of them."""
    target_key: str
    """The same of the second."""
    is_sure: str
    """That the key of a row of the first table, called `own`, is made for certain."""

    def others(self, key: str) -> str:
        """What stands behind the name of a table, for its rows that are not among them."""
        agreed = f"SELECT 1 FROM ({self.query}) AS agreed WHERE {key}"  # noqa: S608 - all quoted by sqlglot
        return f" AS own WHERE NOT EXISTS ({agreed})"


@dataclass(frozen=True, slots=True)
class _Sql:
    """An expression, and the conditions under which it is right."""

    text: str
    sure: tuple[str, ...] = ()


def rows_of_one_database(
    estate: Estate, crossing: Crossing, folders: tuple[Path, Path], progress: Progress
) -> DatabaseRows | None:
    """The rows that do not surely agree, written to two folders; None where all must be read. Raises Unreadable."""
    ours, theirs = crossing.source.store, crossing.target.store
    if ours is None or theirs is None or crossing.reference is not None:
        return None
    first, second = ours.place, theirs.place
    if not isinstance(first, TableStore) or not isinstance(second, TableStore) or first.variable != second.variable:
        return None
    with asking(first.variable, estate.variables) as (ask, dialect):
        if dialect != _DIALECT:
            return None
        source, target = _Columns.of(ask, crossing.source, first), _Columns.of(ask, crossing.target, second)
        agreed = None if source is None or target is None else _agreed(crossing, source, target)
        if agreed is None or source is None:
            return None
        # a key that is not sure may be that of another row, too
        unsure = f"SELECT count(*) FROM {source.table} AS own WHERE NOT ({agreed.is_sure})"  # noqa: S608 - as below
        if next(iter(ask(unsure)))[0]:
            return None
        ((count,),) = ask(f"SELECT count(*) FROM ({agreed.query}) AS agreed")  # noqa: S608 - quoted by sqlglot
        rest = agreed.others(agreed.source_key), agreed.others(agreed.target_key)
        return DatabaseRows(
            table_rows(ask, dialect, crossing.source, ours, first, folders[0], progress, rest[0]),
            table_rows(ask, dialect, crossing.target, theirs, second, folders[1], progress, rest[1]),
            int(str(count)),
        )


@dataclass(frozen=True, slots=True)
class _Columns:
    """A table, and the columns of the fields whose values are compared as they are."""

    table: str
    columns: Mapping[str, str]
    every: frozenset[str]
    """All fields that have a column."""

    @classmethod
    def of(cls, ask: Ask, entity: Entity, place: TableStore) -> _Columns | None:
        from ..stores.table import columns_of_fields

        found = named_table(ask, _DIALECT, place.table)
        if found is None or entity.store is None:
            return None
        table, types = found
        columns = columns_of_fields(entity, entity.store, types)
        plain = {
            name: quoted_name(column, _DIALECT)
            for name, column in columns.items()
            if types[column] in _AS_THEY_ARE.get(entity.fields[name].type, ())
        }
        return cls(table.sql(_DIALECT), plain, frozenset(columns))


def _agreed(crossing: Crossing, source: _Columns, target: _Columns) -> _Agreed | None:
    compared = [each for each in crossing.fields if each.opaque is None and each.field.name in target.every]
    made = {each.field.name: _made(crossing, each, source, target) for each in compared}
    keys = [made.get(name) for name in crossing.key]
    known = {name: of for name, of in made.items() if of is not None}
    if len(known) < len(made) or any(key is None for key in keys) or not keys:
        return None
    key_conditions = [condition for name in crossing.key for condition in known[name].sure]
    listed = ", ".join(
        [f"{_bare(known[name].text, 'a')} AS k{place}" for place, name in enumerate(crossing.key)]
        + [f"{_bare(of.text, 'a')} AS e{place}" for place, of in enumerate(known.values())]
        + [f"({_all(of.sure, 'a')}) AS s{place}" for place, of in enumerate(known.values())]
    )
    ours = f"SELECT {listed} FROM {source.table} AS a"  # noqa: S608 - quoted by sqlglot
    held = ", ".join(
        [f"b.{target.columns[name]} AS k{place}" for place, name in enumerate(crossing.key)]
        + [f"b.{target.columns[name]} AS h{place}" for place, name in enumerate(known)]
    )
    theirs = f"SELECT {held} FROM {target.table} AS b"  # noqa: S608 - as above
    texts = {place for place, name in enumerate(crossing.key) if crossing.target.fields[name].type == "text"}
    on = " AND ".join(f"o.k{place} = t.k{place}{_exactly(place in texts)}" for place in range(len(keys)))
    same = " AND ".join(
        f"o.s{place} AND o.e{place} IS NOT DISTINCT FROM t.h{place}{_exactly(crossing.target.fields[name].type == 'text')}"
        for place, name in enumerate(known)
    )
    grouped = ", ".join(f"o.k{place}" for place in range(len(keys)))
    query = (
        f"SELECT {grouped} FROM ({ours}) AS o JOIN ({theirs}) AS t ON {on} "  # noqa: S608 - as above
        f"GROUP BY {grouped} HAVING count(*) = 1 AND bool_and({same})"
    )
    own_keys = " AND ".join(
        f"agreed.k{place} = {_bare(known[name].text, 'own')}{_exactly(place in texts)}"
        for place, name in enumerate(crossing.key)
    )
    their_keys = " AND ".join(
        f"agreed.k{place} = own.{target.columns[name]}{_exactly(place in texts)}"
        for place, name in enumerate(crossing.key)
    )
    return _Agreed(query, own_keys, their_keys, _all(key_conditions, "own"))


def _exactly(is_text: bool) -> str:  # noqa: FBT001 - of one word
    """Texts are the same where their bytes are, whatever the collation of the column."""
    return ' COLLATE "C"' if is_text else ""


def _bare(text: str, alias: str) -> str:
    return text.replace(_ROW, alias)


def _all(conditions: Iterable[str], alias: str) -> str:
    return " AND ".join(f"({_bare(each, alias)})" for each in dict.fromkeys(conditions)) or "true"


_ROW = "\0row"
"""Stands for the alias of the row that an expression reads; no text of PostgreSQL holds it."""


def _made(crossing: Crossing, crossed: CrossedField, source: _Columns, target: _Columns) -> _Sql | None:
    """What the only way, without a condition, makes of a row of the first table."""
    routes = crossed.routes or ()
    if len(routes) != 1 or routes[0].when is not None or crossed.field.name not in target.columns:
        return None
    return _value(crossing, routes[0].value, source)


def _value(crossing: Crossing, value: RouteValue, source: _Columns) -> _Sql | None:
    if not isinstance(value, RoutePart):
        column = source.columns.get(value.field)
        return None if column is None else _Sql(f"{_ROW}.{column}")
    link, stored = value.link, crossing.graph.storage(value.link.target.full_name).transforms
    is_text = link.target.type == "text" and all(field.type == "text" for field in link.sources)
    numbers = {"integer", "decimal"}
    alike = is_text or all(
        field.type == link.target.type or {field.type, link.target.type} <= numbers for field in link.sources
    )
    if not alike:
        return None
    parts: list[_Sql] = []
    for each, chain in zip(value.sources, link.chains, strict=True):
        steps = chain if link.join is not None else (*chain, *link.tail, *stored)
        before = _value(crossing, each, source)
        after = None if before is None else _stepped(before, steps, is_text=is_text)
        if after is None:
            return None
        parts.append(after)
    if link.join is None:
        return parts[0]
    if not is_text or link.join.kept != "skip":
        return None
    listed = ", ".join(part.text for part in parts)
    joined = _Sql(f"concat_ws({_literal(link.join.separator)}, {listed})", tuple(s for p in parts for s in p.sure))
    return _stepped(joined, (*link.tail, *stored), is_text=True)


def _stepped(made: _Sql, steps: Sequence[Transform], *, is_text: bool) -> _Sql | None:
    for step in steps:
        if not (is_text or isinstance(step, Identity)):
            return None
        found = [_step(way, made.text) for way in ways(step)]
        after = [each for each in found if each is not None]
        if len(after) < len(found) or len({each.text for each in after}) > 1:
            return None
        made = _Sql(after[0].text, (*made.sure, *(condition for each in after for condition in each.sure)))
    return made


def _step(step: Transform, text: str) -> _Sql | None:
    match step:
        case Identity():
            return _Sql(text)
        case Prefix(added):
            return _Sql(f"({_literal(added)} || {text})")
        case Suffix(added):
            return _Sql(f"({text} || {_literal(added)})")
        case Truncate(limit, "code points"):
            return _Sql(f"left({text}, {limit})")
        case Substring(start, None):
            return _Sql(f"substr({text}, {start})")
        case Substring(start, int(length)):
            return _Sql(f"substr({text}, {start}, {length})")
        case Trim() if characters := trimmed_characters(step):
            function = {"left": "ltrim", "right": "rtrim"}.get(step.side, "btrim")
            return _Sql(f"{function}({text}, {_literal(characters)})")
        case Case() if all(point in cased_alike(step) for point in range(128)):
            return _Sql(f'{step.name}({text} COLLATE "C")', (f"coalesce({text} ~ {_ASCII}, true)",))
        case ReplaceWord(word, instead):
            return _Sql(f"replace({text}, {_literal(word)}, {_literal(instead)})")
        case Default(instead):
            return _Sql(f"coalesce({text}, {_literal(instead)})")
        case EmptyAsNull():
            return _Sql(f"nullif({text}, '')")
        case Map(pairs, "refuse" | "null" | "keep" as otherwise):
            cases = " ".join(f"WHEN {_literal(old)} THEN {_literal(new)}" for old, new in dict(pairs).items())
            rest = text if otherwise == "keep" else "NULL"
            keys = ", ".join(_literal(old) for old in dict(pairs))
            sure = (f'coalesce({text} COLLATE "C" IN ({keys}), true)',) if otherwise == "refuse" else ()
            return _Sql(f'(CASE {text} COLLATE "C" {cases} ELSE {rest} END)', sure)
        case _:
            return None


def _literal(text: str) -> str:
    return quoted_literal(text, _DIALECT)
