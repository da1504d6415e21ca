"""Mapping sheets: a row for each field that comes from others, as analysts keep them, in CSV or a workbook of Excel.

A rule is written in the words of a lineage file (`trim, upper`), in words that the source explains (`rules`), or in SQL
where a `dialect` says whose. Any other text is opaque, in its own words: also `name masked` and `name where name <> ''`,
which are items and clauses of a SELECT, but no value.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Any, cast, get_args

from ...documents.names import FieldName
from ...documents.problem import Problems, nearest, shorten
from ...documents.shape import TEXT, Choice, Key, Keyed, ListOf, TextMap
from ...documents.tree import child, children, mapping, scalar, sequence, text, with_child
from ...documents.workbook import LINE_END, WORKBOOK_SUFFIX
from ...documents.yaml_events import MappingNode, ScalarNode, SequenceNode, read
from ...formats.ddl.engines.engine import EngineName
from ...formats.source import FILES
from ...formats.sql_trees import sql_tree
from ..transforms import TRANSFORMS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from sqlglot.expressions import Expr

    from ...contracts.model import Contracts
    from ...documents.location import Location
    from ...documents.yaml_events import Node
    from ...formats.source import ForeignSource

_SOURCE = Key(
    "source",
    ListOf(TEXT, least=1, single=True),
    "The column with the source field's full name; or the columns of its system, entity and field.",
    required=True,
)
_TARGET = Key(
    "target",
    ListOf(TEXT, least=1, single=True),
    "The column with the target field's full name; or the columns of its system, entity and field.",
    required=True,
)
_RULE = Key("rule", TEXT, "The column with the rule by which the value is made.")
_WHEN_COLUMN = Key("when", TEXT, "The column with the condition under which it is.")
_NOTE_COLUMN = Key("note", TEXT, "The column with remarks.")
_RULES = Key("rules", TextMap(), 'What texts of the rule column mean: {"1:1": "", "in capitals": upper}.')
_DELIMITER = Key("delimiter", TEXT, "The character between the columns; a comma when left out.")
_SHEET_DIALECT = Key(
    "dialect",
    Choice(*(name for name in get_args(EngineName) if name != "db2")),
    "The database in whose SQL rules are written; left out, no rule is SQL.",
)
_BY = Key("by", TEXT, "The carrier of the values.")
SHEET_SHAPE = Keyed(
    "sheet",
    "A mapping sheet (CSV, Excel): a row for each field that comes from others.",
    (FILES, _SOURCE, _TARGET, _RULE, _WHEN_COLUMN, _NOTE_COLUMN, _RULES, _DELIMITER, _SHEET_DIALECT, _BY),
)
SHEET_SUFFIXES = (".csv", WORKBOOK_SUFFIX)
_BETWEEN = re.compile(r"\n\s*(?:[,;+]\s*)?|[,;+]\s*")
"""What stands between several sources in one cell."""


def read_sheets(source: ForeignSource, problems: Problems, contracts: Contracts, today: date) -> tuple[Node, ...]:
    """The flows of the rows, in their order."""
    reader = _Sheet(source, problems, contracts, today)
    return tuple(flow for file, text in source.files.items() for flow in reader.flows(file, text))


class _Sheet:
    def __init__(self, source: ForeignSource, problems: Problems, contracts: Contracts, today: date) -> None:
        self._source = source
        self._problems = problems
        self._contracts = contracts
        self._today = today
        self._rules = source.get(_RULES) or {}

    def flows(self, file: str, text: str) -> Iterator[Node]:
        from ...documents.location import Location

        delimiter = "," if file.lower().endswith(WORKBOOK_SUFFIX) else self._source.get(_DELIMITER) or ","
        if len(delimiter) != 1:
            where = self._source.options.where(_DELIMITER.name)
            self._problems.add(where, f"{shorten(delimiter)} is not one character", expected="such as , or ;")
            return
        rows = csv.reader(text.split("\n"), delimiter=delimiter, strict=True)
        try:
            header = [name.replace(LINE_END, " ").strip() for name in next(rows, [])]
            if not self._has_columns(header, Location(file, 1, 1)):
                return
            is_empty = True
            for row in rows:
                cells = dict(zip(header, (cell.replace(LINE_END, "\n").strip() for cell in row), strict=False))
                if any(cells.values()):
                    is_empty = False
                    yield from self._row(cells, Location(file, rows.line_num, 1))
            if is_empty:
                expected = "a row for each field that comes from others"
                self._problems.add(Location(file, 1, 1), "the sheet has no row below its header", expected=expected)
        except csv.Error as error:
            self._problems.add(Location(file, rows.line_num, 1), f"this line is no CSV: {error}", expected="RFC 4180")

    def _has_columns(self, header: Sequence[str], at: Location) -> bool:
        wanted = [*(self._source.get(_SOURCE) or ()), *(self._source.get(_TARGET) or ())]
        wanted += [name for key in (_RULE, _WHEN_COLUMN, _NOTE_COLUMN) if (name := self._source.get(key)) is not None]
        missing = [name for name in wanted if name not in header]
        for name in missing:
            guess = nearest(name, tuple(header))
            expected = f"one of {', '.join(header[:20])}"
            self._problems.add(at, f"there is no column {shorten(name)}", expected=expected, suggestion=guess)
        return not missing

    def _row(self, cells: Mapping[str, str], at: Location) -> Iterator[Node]:
        sources, (target, *more) = (self._names(cells, key) for key in (_SOURCE, _TARGET))
        for name in [*sources, target, *more]:
            if not all(FieldName.read(name)) or not sources:
                expected = "a full name: system.entity.field; or a column for each of the three"
                self._problems.add(at, f"{shorten(name)} names no field", expected=expected)
                return
        written = cells.get(self._source.get(_RULE) or "", "")
        rule = self._rules.get(written, written)
        dialect, steps = cast("EngineName | None", self._source.get(_SHEET_DIALECT)), _own_words(rule, at)
        columns = {FieldName.read(name).field.lower() for name in sources}
        if dialect is not None and rule in TRANSFORMS and rule in columns:
            dialect = steps = None  # `title` may be the column of that name, or title case
        for each in [target, *more]:
            if steps is not None and (len(sources) == 1 or (steps and _joins(steps[0]))):
                yield self._flow(sources, each, steps, cells, at)
            elif dialect is not None and (made := self._of_sql(rule, dialect, sources, each, cells, at)):
                yield from made
            else:
                yield self._flow(
                    sources, each, [mapping([("opaque", scalar(rule or "joined, nobody says how", at))], at)], cells, at
                )

    def _names(self, cells: Mapping[str, str], key: Key[Any]) -> list[str]:
        """The full names in the cells of a row; an empty one where there is none."""
        columns: Sequence[str] = self._source.get(key) or ()
        if len(columns) == 1:
            return [name for name in _split(cells.get(columns[0], "")) if name] or [""]
        *parts, last = (cells.get(column, "") for column in columns)
        return [".".join((*parts, name)) for name in _split(last)]

    def _flow(
        self, sources: Sequence[str], target: str, via: Sequence[Node], cells: Mapping[str, str], at: Location
    ) -> Node:
        entries: list[tuple[str | ScalarNode, Node]] = [
            ("from", sequence([scalar(name, at) for name in sources], at)),
            ("to", scalar(target, at)),
        ]
        if via:
            entries.append(("via", sequence(via, at)))
        for key, option in (("when", _WHEN_COLUMN), ("note", _NOTE_COLUMN)):
            text = cells.get(self._source.get(option) or "", "")
            if text:
                entries.append((key, scalar(text, at)))
        carrier = self._source.get(_BY)
        return mapping([*entries, ("by", scalar(carrier, at))] if carrier else entries, at)

    def _of_sql(
        self,
        rule: str,
        engine: EngineName,
        sources: Sequence[str],
        target: str,
        cells: Mapping[str, str],
        at: Location,
    ) -> list[Node]:
        """The flows of an expression of SQL over the source's columns; none where it is no such expression."""
        from sqlglot import exp

        from .arm import Arm, TableUse
        from .flows import FlowWriter
        from .writes import Write

        names = [FieldName.read(name) for name in sources]
        value = _value(rule, engine)
        entities = {name.entity_name for name in names}
        if value is None or len(entities) != 1:
            return []
        (entity,) = entities
        columns = list(value.find_all(exp.Column))
        known = {name.field.lower() for name in names}
        if not columns or not all(
            each.name.lower() in known and each.table.lower() in {"", entity.entity.lower()} for each in columns
        ):
            return []
        for column in columns:
            column.set("table", exp.to_identifier("t0"))
            column.set("db", None)
            column.set("catalog", None)
        to = FieldName.read(target)
        write = Write(to.entity_name, {to.field: value.unnest()}, Arm({}, {"t0": TableUse(entity)}), "records", at)
        flows = FlowWriter(self._contracts, engine, self._today, self._source.get(_BY)).flows(write)
        return [self._in_row(flow, cells, at) for flow in flows]

    def _in_row(self, flow: Node, cells: Mapping[str, str], at: Location) -> Node:
        """A flow of an expression, under the condition of its row and with its note."""
        told = mapping(children(flow), at)
        when, note = (cells.get(self._source.get(key) or "", "") for key in (_WHEN_COLUMN, _NOTE_COLUMN))
        if when:
            own = text(child(flow, "when"))
            told = with_child(told, "when", scalar(when if own is None else f"({when}) AND ({own})", at))
        return with_child(told, "note", scalar(note, at)) if note else told


def _value(rule: str, engine: EngineName) -> Expr | None:
    """The expression of SQL that a rule is; None where it is none, or has an alias, clauses or another statement behind."""
    from sqlglot import TokenType, exp, tokenize
    from sqlglot.errors import SqlglotError

    from .trees import sqlglot_dialect

    dialect = sqlglot_dialect(engine)
    try:
        kinds = [token.token_type for token in tokenize(rule, read=dialect)]
        while kinds and kinds[-1] == TokenType.SEMICOLON:
            kinds.pop()
        value = None if TokenType.SEMICOLON in kinds else sql_tree(rule, dialect, condition=True)
    except (SqlglotError, RecursionError):
        return None
    return None if value is None or value.find(exp.Alias) is not None else value


def _own_words(rule: str, at: Location) -> list[Node] | None:
    """The steps of a rule in the words of a lineage file; None where it is in other words."""
    if not rule:
        return []
    tree = read(f"[{rule}]", at.file, Problems())
    if not isinstance(tree, SequenceNode) or not tree.items or not all(map(_is_step, tree.items)):
        return None
    return [_placed(item, at) for item in tree.items]


def _is_step(node: Node) -> bool:
    match node:
        case ScalarNode(value):
            return value in TRANSFORMS
        case MappingNode(entries):
            return len(entries) == 1 and entries[0][0].value in TRANSFORMS
        case _:
            return False


def _joins(step: Node) -> bool:
    name = (
        step.value
        if isinstance(step, ScalarNode)
        else step.entries[0][0].value
        if isinstance(step, MappingNode)
        else ""
    )
    return name in {"concat", "opaque"}


def _placed(node: Node, at: Location) -> Node:
    """The same tree, at the place of its row."""
    match node:
        case ScalarNode():
            return ScalarNode(node.value, plain=node.plain, location=at, length=1)
        case SequenceNode():
            return SequenceNode(tuple(_placed(item, at) for item in node.items), at)
        case MappingNode():
            entries = tuple((cast("ScalarNode", _placed(key, at)), _placed(value, at)) for key, value in node.entries)
            return MappingNode(entries, at, node.complete)
        case _:
            return node


def _split(names: str) -> list[str]:
    """The names of a cell; the blanks before a sign that separates them are not sought from each of them."""
    return [name.rstrip() for name in _BETWEEN.split(names.lstrip())]
