"""Connectors of Kafka Connect, Debezium's among them, as a source of a lineage file: renames, casts and cuts on the way.

The lineage file says which entity a connector reads and which it writes. A field of the first becomes the field of the
second that has its name after the connector's transforms. A transform that is not known is opaque, at every field.

A connector that reads a query of its own (JDBC, `query`) reads its columns; what is more than a column is opaque. One that
writes a part of the fields (JDBC, `fields.whitelist`) writes these, and the primary key.

Sources: Apache Kafka 4.0, chapter "Kafka Connect", Transformations and "Predicates"; Debezium 3.2, "Debezium connector for
PostgreSQL", "for MongoDB", "for JDBC"; Confluent Platform 7.9, "JDBC Source Connector" and "JDBC Sink Connector",
configuration properties; Lenses, "Stream Reactor", KCQL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from ...documents.json_text import read_json
from ...documents.names import FieldName
from ...documents.problem import nearest, shorten
from ...documents.shape import TEXT, Key, Keyed
from ...documents.tree import child, children, mapping, scalar, sequence, text
from ...documents.yaml_events import MappingNode, ScalarNode
from ...formats.source import FILES
from ...values.budget import BudgetExceeded
from ...values.regex import PatternError, parse
from ...values.valueset import ValueSet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ...contracts.model import Contracts, Entity
    from ...documents.location import Location
    from ...documents.problem import Problems
    from ...documents.yaml_events import Node
    from ...formats.source import ForeignSource

_READS = Key("reads", TEXT, "The entity whose records it reads: system.entity.", required=True)
_WRITES = Key("writes", TEXT, "The entity that it writes: system.entity.", required=True)
CONNECTOR_SHAPE = Keyed(
    "kafka_connect",
    "The configuration of a connector of Kafka Connect (JSON), with its single message transforms; Debezium's among them.",
    (FILES, _READS, _WRITES),
)
CONNECTOR_SUFFIXES = (".json",)

_CLASS = re.compile(r"(?:.*\.)?(\w+?)(?:\$Value|\$Key)?")
_NOTHING = frozenset(
    (
        "ExtractNewRecordState",
        "RegexRouter",
        "TimestampRouter",
        "ByLogicalTableRouter",
        "DropHeaders",
        "SetSchemaMetadata",
        "ValueToKey",
    )
)
"""Transforms that change no value of a field: they unwrap a record, name a topic, or make the key."""
_WHOLE = {"int8": 7, "int16": 15, "int32": 31, "int64": 63}
_TRUNCATED = re.compile(r"column\.truncate\.to\.(\d{1,9})\.chars")
_MASKED = re.compile(r"column\.mask\.with\.(\d{1,5})\.chars")
_QUERIES = ("query", "query.masked")
"""The settings of a JDBC source in which it has a query of its own."""
_SNAPSHOT = "snapshot.select.statement.overrides"
_OWN_WAYS = re.compile(
    r"connect\..*\.kcql|topic\.[^.]+\.[^.]+\.[^.]+\.mapping|pipeline|field\.renames|"
    r"field\.renamer\.(?:mapping|regexp)|(?:key|value)\.projection\.list"
)
"""Settings that say in a language of their own which fields there are and what they hold (Lenses, DataStax, MongoDB)."""
_ROUNDED = {"decimal.handling.mode": "double"}
_HASHED = re.compile(r"column\.mask\.hash(?:\.v2)?\.(.+)")


@dataclass(slots=True)
class _Carried:
    """A field on its way."""

    source: str
    type: str
    name: str
    steps: list[Node] = field(default_factory=list)


def read_connectors(source: ForeignSource, problems: Problems, contracts: Contracts, today: date) -> tuple[Node, ...]:  # noqa: ARG001 - it depends on no day
    """The flows of each connector, in the order of the fields that it reads."""
    entities = {str(name): entity for name, entity in contracts.entities.items()}
    ends: list[Entity] = []
    for key in (_READS, _WRITES):
        named = source.get(key) or ""
        if named not in entities:
            guess = nearest(named, tuple(entities))
            place = source.options.where(key.name)
            problems.add(
                place, f"{shorten(named)} is no entity of a contract", expected="system.entity", suggestion=guess
            )
        else:
            ends.append(entities[named])
    if len(ends) < 2:
        return ()
    flows: list[Node] = []
    for file, written in source.files.items():
        tree = read_json(written, file, problems)
        if isinstance(tree, MappingNode):
            flows += _Connector(tree, ends[0], ends[1]).flows()
    return tuple(flows)


_SCHEMES = {
    "postgresql": "postgres",
    "sqlserver": "tsql",
    "mariadb": "mysql",
    **{name: name for name in ("mysql", "oracle", "sqlite", "snowflake", "redshift", "duckdb")},
}
"""Sqlglot's words for the databases of JDBC."""


def _words(query: str) -> str:
    """A query as it is told."""
    return shorten(" ".join(query.split()))


def _path(entry: str) -> list[str]:
    """The parts of an expression that names a column by its whole path: schema, table and column, and dots between."""
    return [part or ".*" for part in re.split(r"(?<!\[\^)\\?\.(?![*+])", entry.replace("[.]", r"\."))]


def _matches(part: str, name: str) -> bool:
    """Whether an expression is true of a whole name; one that cannot be read is taken as it is written."""
    try:
        return name in parse(part).language
    except (PatternError, BudgetExceeded):
        return part == name


class _Connector:
    def __init__(self, tree: MappingNode, reads: Entity, writes: Entity) -> None:
        config = child(tree, "config")
        self._config = {key.value: node for key, node in children(config if config is not None else tree)}
        self._name = text(child(tree, "name")) or text(self._config.get("name"))
        self._reads = reads
        self._writes = writes
        self._at: Location = tree.location
        self._filters: list[str] = []
        self._fields = [_Carried(str(each.full_name), each.type, name) for name, each in reads.fields.items()]

    def flows(self) -> Iterator[Node]:
        """A flow for each field that arrives under the name of a field."""
        self._queried()
        if not self._is_sink:
            self._part()
        self._columns()
        for alias in self._list("transforms"):
            if text(self._config.get(f"transforms.{alias}.predicate")) is None:
                self._transform(alias)
            else:
                self._transform_some(alias)
        if self._is_sink:
            self._part()
        for each in self._fields:
            if each.name in self._writes.fields:
                entries: list[tuple[str | ScalarNode, Node]] = [
                    ("from", scalar(each.source, self._at)),
                    ("to", scalar(f"{self._writes.full_name}.{each.name}", self._at)),
                ]
                if each.steps:
                    entries.append(("via", sequence(each.steps, self._at)))
                if self._filters:
                    entries.append(("filter", scalar("; ".join(self._filters), self._at)))
                if self._name:
                    entries.append(("by", scalar(self._name, self._at)))
                yield mapping(entries, self._at)

    def _list(self, key: str) -> list[str]:
        return [part.strip() for part in (text(self._config.get(key)) or "").split(",") if part.strip()]

    def _pairs(self, key: str) -> dict[str, str]:
        pairs = (pair.partition(":") for pair in self._list(key))
        return {name: other for name, mark, other in pairs if mark}

    # ---------------------------------------------------------------------------------------- Debezium's own settings

    def _columns(self) -> None:
        """What Debezium does with columns, which are given by their full names: `public.customer.email`."""
        for key in self._config:
            if key in {"column.exclude.list", "column.blacklist"}:
                self._fields = [each for each in self._fields if not self._is_named(each, key)]
            elif key in {"column.include.list", "column.whitelist"}:
                self._fields = [each for each in self._fields if self._is_named(each, key)]
            for each in self._fields:
                if not key.startswith("column.") or not self._is_named(each, key):
                    continue
                if cut := _TRUNCATED.fullmatch(key):
                    options = mapping([("utf16", scalar(cut[1], self._at))], self._at)
                    each.steps.append(mapping([("truncate", options)], self._at))
                elif masked := _MASKED.fullmatch(key):
                    self._step(each, "constant", "*" * int(masked[1]))
                elif _HASHED.fullmatch(key):
                    self._opaque(each, f"{key}, as Debezium digests it")

    def _is_named(self, each: _Carried, key: str) -> bool:
        """Whether a list of columns names a field; each is an expression that names the whole path.

        The table in the path counts where the settings name the entity as a table.
        """
        own = FieldName.read(each.source).field
        return any(
            _matches(parts[-1], own)
            and (len(parts) < 2 or _matches(parts[-2], self._reads.name) or self._reads.name not in self._tables)
            for parts in map(_path, self._list(key))
        )

    @cached_property
    def _tables(self) -> set[str]:
        """The tables that the settings name."""
        listed = {_path(each)[-1] for key in ("table.include.list", "table.whitelist") for each in self._list(key)}
        columns = [_path(each) for key in self._config if key.startswith("column.") for each in self._list(key)]
        return listed | {parts[-2] for parts in columns if len(parts) > 1}

    # ------------------------------------------------------------------------------------- queries and parts of records

    def _queried(self) -> None:
        """The fields that a query of the connector's own gives, and the records."""
        for key in _QUERIES:
            written = text(self._config.get(key))
            if written:
                self._fields = self._selected(written)
        for key in self._config:
            table = key.removeprefix(f"{_SNAPSHOT}.")
            written = text(self._config.get(key)) or ""
            if key != table and (_path(table)[-1] == self._reads.name or len(self._list(_SNAPSHOT)) < 2):
                self._snapshot(written)
            elif _OWN_WAYS.fullmatch(key) and written:
                self._fields = self._unread(f"{key} = {written}")
            elif _ROUNDED.get(key) == written:
                for each in self._fields:
                    if each.type == "decimal":
                        self._opaque(each, f"{key} = {written}")

    def _snapshot(self, written: str) -> None:
        """What is read at first is what a query gives; later on, it is the records of the table."""
        before = [(each.source, each.name) for each in self._fields]
        filters = len(self._filters)
        if [(each.source, each.name) for each in self._selected(written) if not each.steps] != before:
            for each in self._fields:
                self._opaque(each, f"at first, {_words(written)}")
        self._filters[filters:] = [f"at first, {words}" for words in self._filters[filters:]]

    def _selected(self, written: str) -> list[_Carried]:
        """The fields of a query: columns are read as they are. One that is not of one table is opaque, in every field."""
        from sqlglot import exp
        from sqlglot.errors import SqlglotError

        from ...formats.sql_trees import sql_tree

        try:
            tree = sql_tree(written, self._dialect)
        except (SqlglotError, RecursionError):
            return self._unread(_words(written))
        from_ = tree.args.get("from_")
        plain = {"expressions", "from_", "where", "order"}
        is_plain = (
            isinstance(tree, exp.Select)
            and from_ is not None
            and isinstance(from_.this, exp.Table)
            and not any(value for key, value in tree.args.items() if key not in plain)
            and not any(
                value for key, value in from_.this.args.items() if key not in {"this", "db", "catalog", "alias"}
            )
        )
        if not is_plain:
            return self._unread(_words(written))
        if tree.args.get("where") is not None:
            self._filters.append(f"the query {_words(written)} leaves out some records")
        own = {each.name.lower(): each for each in self._fields}
        found: list[_Carried] = []
        for item in tree.expressions:
            columns = list(item.find_all(exp.Column))
            known = [own[each.name.lower()] for each in columns if each.name.lower() in own]
            if item.is_star:
                found += [replace(each, steps=[]) for each in self._fields]
            elif isinstance(item.unalias(), exp.Column) and known:
                found.append(replace(known[0], name=self._field(item.alias_or_name), steps=[]))
            else:
                first = known or list(own.values())[:1]
                made = [replace(each, name=self._field(item.alias_or_name), type="other", steps=[]) for each in first]
                for each in made:
                    self._opaque(each, " ".join(item.unalias().sql().split()))
                found += made
        return found

    def _field(self, column: str) -> str:
        """The field that a column of a query is: a database may write its name in other letters, where it is not quoted."""
        names = (*self._writes.fields, *self._reads.fields)
        return column if column in names else next((each for each in names if each.lower() == column.lower()), column)

    @property
    def _dialect(self) -> str | None:
        """Sqlglot's word for the SQL of the database that the connector is connected to."""
        scheme = re.match(r"jdbc:(\w+):", text(self._config.get("connection.url")) or "")
        return _SCHEMES.get(scheme[1]) if scheme is not None else None

    def _unread(self, words: str) -> list[_Carried]:
        """Every field that is written, in a way that is not known: from the first one of the key."""
        if not self._reads.fields:
            return []
        first = self._reads.fields[next(iter(self._reads.key or self._reads.fields))]
        made = [_Carried(str(first.full_name), "other", name) for name in self._writes.fields]
        for each in made:
            self._opaque(each, words)
        return made

    @property
    def _is_sink(self) -> bool:
        """Whether it takes records out of Kafka: then it is after the transforms that it leaves fields out."""
        of_class = (text(self._config.get("connector.class")) or "sink").lower()
        return "sink" in of_class

    def _part(self) -> None:
        """The part of a record that the connector takes: the fields that it lists; a sink writes the primary key, too."""
        key = {*self._list("pk.fields"), *self._list("primary.key.fields"), *self._writes.key} if self._is_sink else ()
        kept = {*self._list("fields.whitelist"), *self._parts("field.include.list")}
        left_out = self._parts("field.exclude.list")
        self._fields = [
            each
            for each in self._fields
            if each.name in key or ((not kept or each.name in kept) and each.name not in left_out)
        ]

    def _parts(self, key: str) -> set[str]:
        """The names of fields in a list, which may stand behind those of their topic, or of their collection."""
        return {re.split(r"[.:]", each)[-1] for each in self._list(key)}

    # ------------------------------------------------------------------------------------- single message transforms

    def _transform(self, alias: str) -> None:
        head = f"transforms.{alias}"
        written = text(self._config.get(f"{head}.type")) or ""
        known = _CLASS.fullmatch(written)
        kind = known[1] if known else ""
        if written.endswith("$Key") or kind in _NOTHING:
            return
        match kind:
            case "ReplaceField":
                self._replace_field(head)
            case "Cast":
                for name, to in self._pairs(f"{head}.spec").items():
                    for each in self._named([name]):
                        self._cast(each, to)
            case "MaskField":
                replacement = text(self._config.get(f"{head}.replacement"))
                for each in self._named(self._list(f"{head}.fields")):
                    if replacement is not None or each.type == "text":
                        self._step(each, "constant", replacement or "")
                    else:
                        self._opaque(each, f"masked by {alias}")
            case "TimestampConverter" if self._list(f"{head}.field"):
                for each in self._named(self._list(f"{head}.field")):
                    self._opaque(each, f"converted by {alias} ({kind})")
            case "InsertField":
                self._insert_field(head)
            case "InsertHeader" | "HeaderFrom":
                pass  # it adds a header beside the fields
            case "Filter":
                self._filters.append(f"the transform {alias} (Filter) leaves out all records")
            case _:
                for each in self._fields:
                    self._opaque(each, f"the transform {alias} ({kind or 'without a type'})")

    def _transform_some(self, alias: str) -> None:
        """A transform of those records alone for which a predicate is true: which they are is not told here."""
        before = [(each, replace(each, steps=list(each.steps))) for each in self._fields]
        filters = len(self._filters)
        self._transform(alias)
        why = f"the transform {alias}, of some records alone"
        if len(self._filters) > filters:
            self._filters[-1] = f"the transform {alias} (Filter) leaves out some records"
        left = {id(each): each for each in self._fields}
        for each, was in before:
            after = left.pop(id(each), None)
            if after is None or after.name != was.name:
                self._opaque(was, why)
                self._fields.append(was)
            if after is not None and (after.name, after.steps) != (was.name, was.steps):
                self._opaque(after, why)
        for each in left.values():  # it was added, or took the place of another
            self._opaque(each, why)

    def _insert_field(self, head: str) -> None:
        """Fields beside those of the record, or in their place: a fixed value, or one of Kafka's own."""
        made = {
            key: self._list(f"{head}.{key}.field") for key in ("static", "timestamp", "topic", "partition", "offset")
        }
        for key, names in made.items():
            for name in (each.rstrip("!?") for each in names):
                self._fields = [each for each in self._fields if each.name != name]
                if not self._reads.fields:
                    continue
                first = next(iter(self._reads.key or self._reads.fields))
                added = _Carried(str(self._reads.fields[first].full_name), "text", name)
                value = text(self._config.get(f"{head}.static.value")) if key == "static" else None
                if value is not None:
                    self._step(added, "constant", value)
                else:
                    self._opaque(added, f"the {key} of the record in Kafka")
                self._fields.append(added)

    def _replace_field(self, head: str) -> None:
        left_out = {*self._list(f"{head}.exclude"), *self._list(f"{head}.blacklist")}
        kept = {*self._list(f"{head}.include"), *self._list(f"{head}.whitelist")}
        renames = self._pairs(f"{head}.renames")
        self._fields = [each for each in self._fields if each.name not in left_out and (not kept or each.name in kept)]
        for each in self._fields:
            each.name = renames.get(each.name, each.name)

    def _cast(self, each: _Carried, to: str) -> None:
        if to == "string" and each.type in {"text", "integer"}:
            if each.type == "integer":
                self._step(each, "cast", "text")
            each.type = "text"
        elif to in _WHOLE and each.type == "integer" and self._fits(each, 2 ** _WHOLE[to]):
            pass
        else:  # a number that is too large comes out as another one
            self._opaque(each, f"cast from {each.type} to {to} by Kafka Connect")
            each.type = "text" if to == "string" else to

    def _fits(self, each: _Carried, end: int) -> bool:
        """Whether a field that is still as it was read holds no number beyond these ends."""
        held = self._reads.fields[FieldName.read(each.source).field].accepts
        try:
            return not each.steps and held.stray(ValueSet.between(-end, end - 1) | ValueSet.null_only()) is None
        except BudgetExceeded:
            return False

    def _named(self, names: list[str]) -> list[_Carried]:
        return [each for each in self._fields if each.name in names]

    def _step(self, each: _Carried, word: str, value: str) -> None:
        each.steps.append(mapping([(word, scalar(value, self._at))], self._at))

    def _opaque(self, each: _Carried, words: str) -> None:
        self._step(each, "opaque", words)
