"""Two tables of one engine: the SQL that finds the records that agree, so that the others alone are read.

A record agrees where its key is that of one row in each table, and every field surely holds what the flows make: by steps
that the engine does as polars does (`steps`), on columns whose values are compared as they are. Where one field cannot be
compared so, nothing is left to the engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...checker.record.crossing import RoutePart
from ...formats.ddl.columns import quoted_literal, quoted_name
from ...lineage.transform import ways
from ...lineage.transforms.affix import Prefix, Suffix
from ...lineage.transforms.case import Case
from ...lineage.transforms.cut import Substring, Truncate
from ...lineage.transforms.edit import ReplaceWord
from ...lineage.transforms.fixed import Default, Identity
from ...lineage.transforms.lookup import Map
from ...lineage.transforms.spaces import Trim
from ...lineage.transforms.stored import EmptyAsNull
from .steps import cased_alike, trimmed_characters

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ...checker.record.crossing import CrossedField, Crossing, RouteValue
    from ...contracts.constraint import Type
    from ...contracts.model import Entity
    from ...lineage.transform import Transform
    from .whole import WholeStore


@dataclass(frozen=True, slots=True)
class DifferingRows:
    """The rows of two stores that do not surely agree."""

    source: WholeStore
    target: WholeStore
    agreed: int
    """The records that agree, which were not read."""


@dataclass(frozen=True, slots=True)
class SqlWords:
    """What engines write in ways of their own."""

    dialect: str
    """sqlglot's word for the engine."""
    by_bytes: str
    """Behind a text that is compared by its bytes, whatever the collation of its column."""
    ascii_alone: str
    """Behind a text: whether it has no character but those of ASCII."""
    as_they_are: Mapping[Type, frozenset[str]]
    """By the type of a field, the types of columns whose values are compared as they are."""

    def exactly(self, *, is_text: bool) -> str:
        """What stands behind a value that is compared."""
        return self.by_bytes if is_text else ""

    def literal(self, text: str) -> str:
        """A text in a query."""
        return quoted_literal(text, self.dialect)


@dataclass(frozen=True, slots=True)
class TableColumns:
    """A table, and the columns of the fields whose values are compared as they are."""

    table: str
    """Its name in a query."""
    columns: Mapping[str, str]
    """By the fields' own names, as they stand in a query."""
    every: frozenset[str]
    """All fields that have a column."""

    @classmethod
    def of(
        cls, table: str, entity: Entity, columns: Mapping[str, str], types: Mapping[str, str], words: SqlWords
    ) -> TableColumns:
        """`columns`: of the fields that have one; `types`: of the columns, in the engine's words."""
        plain = {
            name: quoted_name(column, words.dialect)
            for name, column in columns.items()
            if types[column] in words.as_they_are.get(entity.fields[name].type, ())
        }
        return cls(table, plain, frozenset(columns))


@dataclass(frozen=True, slots=True)
class Agreement:
    """The records that agree, as an engine finds them."""

    query: str
    """It gives their keys."""
    source_key: str
    """That a row of the first table, called `own`, has one of them."""
    target_key: str
    """The same of the second."""
    is_sure: str
    """That the key of a row of the first table, called `own`, is made for certain."""

    def others(self, key: str, known: str = "") -> str:
        """What stands behind the name of a table, for its rows that are not among them. `known`: a table of their keys."""
        agreed = f"SELECT 1 FROM {known or f'({self.query})'} AS agreed WHERE {key}"  # noqa: S608 - all quoted by sqlglot
        return f" AS own WHERE NOT EXISTS ({agreed})"

    def unsure(self, source: TableColumns) -> str | None:
        """How many rows of the first table have a key that is not made for certain: it may be that of another row.

        None: all are made for certain.
        """
        if self.is_sure == _SURE:
            return None
        return f"SELECT count(*) FROM {source.table} AS own WHERE NOT ({self.is_sure})"  # noqa: S608 - as above

    @property
    def count(self) -> str:
        """How many records agree."""
        return f"SELECT count(*) FROM ({self.query}) AS agreed"  # noqa: S608 - as above


@dataclass(frozen=True, slots=True)
class _Sql:
    """An expression, and the conditions under which it is right."""

    text: str
    sure: tuple[str, ...] = ()


def agreement(crossing: Crossing, source: TableColumns, target: TableColumns, words: SqlWords) -> Agreement | None:
    """The records of two tables that agree; None where the engine cannot tell."""
    compared = [each for each in crossing.fields if each.opaque is None and each.field.name in target.every]
    made = {each.field.name: _made(crossing, each, source, target, words) for each in compared}
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
    on = " AND ".join(f"o.k{place} = t.k{place}{words.exactly(is_text=place in texts)}" for place in range(len(keys)))
    kinds = {name: crossing.target.fields[name].type for name in known}
    same = " AND ".join(
        f"o.s{place} AND o.e{place} IS NOT DISTINCT FROM t.h{place}{words.exactly(is_text=kinds[name] == 'text')}"
        for place, name in enumerate(known)
    )
    grouped = ", ".join(f"o.k{place}" for place in range(len(keys)))
    query = (
        f"SELECT {grouped} FROM ({ours}) AS o JOIN ({theirs}) AS t ON {on} "  # noqa: S608 - as above
        f"GROUP BY {grouped} HAVING count(*) = 1 AND bool_and({same})"
    )
    own_keys = " AND ".join(
        f"agreed.k{place} = {_bare(known[name].text, 'own')}{words.exactly(is_text=place in texts)}"
        for place, name in enumerate(crossing.key)
    )
    their_keys = " AND ".join(
        f"agreed.k{place} = own.{target.columns[name]}{words.exactly(is_text=place in texts)}"
        for place, name in enumerate(crossing.key)
    )
    return Agreement(query, own_keys, their_keys, _all(key_conditions, "own"))


def _bare(text: str, alias: str) -> str:
    return text.replace(_ROW, alias)


def _all(conditions: Iterable[str], alias: str) -> str:
    return " AND ".join(f"({_bare(each, alias)})" for each in dict.fromkeys(conditions)) or _SURE


_SURE = "true"
_ROW = "\0row"
"""Stands for the alias of the row that an expression reads; no name and no text of a query holds it."""


def _made(
    crossing: Crossing, crossed: CrossedField, source: TableColumns, target: TableColumns, words: SqlWords
) -> _Sql | None:
    """What the only way, without a condition, makes of a row of the first table."""
    routes = crossed.routes or ()
    if len(routes) != 1 or routes[0].when is not None or crossed.field.name not in target.columns:
        return None
    return _value(crossing, routes[0].value, source, words)


def _value(crossing: Crossing, value: RouteValue, source: TableColumns, words: SqlWords) -> _Sql | None:
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
        before = _value(crossing, each, source, words)
        after = None if before is None else _stepped(before, steps, words, is_text=is_text)
        if after is None:
            return None
        parts.append(after)
    if link.join is None:
        return parts[0]
    if not is_text or link.join.kept != "skip":
        return None
    listed = ", ".join(part.text for part in parts)
    joined = _Sql(f"concat_ws({words.literal(link.join.separator)}, {listed})", tuple(s for p in parts for s in p.sure))
    return _stepped(joined, (*link.tail, *stored), words, is_text=True)


def _stepped(made: _Sql, steps: Sequence[Transform], words: SqlWords, *, is_text: bool) -> _Sql | None:
    for step in steps:
        if not (is_text or isinstance(step, Identity)):
            return None
        found = [_step(way, made.text, words) for way in ways(step)]
        after = [each for each in found if each is not None]
        if len(after) < len(found) or len({each.text for each in after}) > 1:
            return None
        made = _Sql(after[0].text, (*made.sure, *(condition for each in after for condition in each.sure)))
    return made


def _step(step: Transform, text: str, words: SqlWords) -> _Sql | None:
    match step:
        case Identity():
            return _Sql(text)
        case Prefix(added):
            return _Sql(f"({words.literal(added)} || {text})")
        case Suffix(added):
            return _Sql(f"({text} || {words.literal(added)})")
        case Truncate(limit, "code points"):
            return _Sql(f"left({text}, {limit})")
        case Substring(start, None):
            return _Sql(f"substr({text}, {start})")
        case Substring(start, int(length)):
            return _Sql(f"substr({text}, {start}, {length})")
        case Trim() if characters := trimmed_characters(step):
            side = {"left": "LEADING", "right": "TRAILING"}.get(step.side, "BOTH")
            return _Sql(f"trim({side} {words.literal(characters)} FROM {text})")
        case Case() if all(point in cased_alike(step) for point in range(128)):
            return _Sql(f"{step.name}({text}{words.by_bytes})", (f"coalesce({text} {words.ascii_alone}, true)",))
        case ReplaceWord(word, instead):
            return _Sql(f"replace({text}, {words.literal(word)}, {words.literal(instead)})")
        case Default(instead):
            return _Sql(f"coalesce({text}, {words.literal(instead)})")
        case EmptyAsNull():
            return _Sql(f"nullif({text}, '')")
        case Map(pairs, "refuse" | "null" | "keep" as otherwise):
            cases = " ".join(f"WHEN {words.literal(old)} THEN {words.literal(new)}" for old, new in dict(pairs).items())
            rest = text if otherwise == "keep" else "NULL"
            keys = ", ".join(words.literal(old) for old in dict(pairs))
            sure = (f"coalesce({text}{words.by_bytes} IN ({keys}), true)",) if otherwise == "refuse" else ()
            return _Sql(f"(CASE {text}{words.by_bytes} {cases} ELSE {rest} END)", sure)
        case _:
            return None
