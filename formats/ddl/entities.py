"""From the tables that stand to the entities of a contract."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain, count
from typing import TYPE_CHECKING

from ...contracts.constraint import OpaqueRule
from ...contracts.fills import holds_default
from ...documents.tree import mapping, scalar, sequence, truth
from ...documents.yaml_events import MappingNode
from ...values.weight import codec_weight
from ..sql_trees import sql_tree
from .checks import apply_check
from .comparing import EXACTLY, Comparing
from .condition_reader import Subject
from .digests import with_digest
from .rules import Rules
from .schema import Domain, Enumeration
from .sqltype import TypedColumn
from .triggers import settled_watcher
from .types import apply_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ...documents.location import Location
    from ...documents.yaml_events import Node, ScalarNode
    from .defaults import ColumnDefault
    from .engines.engine import TextSettings
    from .schema import CheckConstraint, DatabaseSchema, TableColumn, TableDefinition, UniqueConstraint
    from .sqltype import SqlType


def entities(schema: DatabaseSchema, at: Location, wants: Callable[[str], bool] = lambda _: True) -> MappingNode:
    """The tables that are wanted, as the node under `entities` of a contract file.

    Of two that are written alike (`a.t` and `"a.t"`; Oracle's `t` and `"t"`) the second has a number: `t (2)`.
    """
    entries: dict[str, tuple[ScalarNode, Node]] = {}
    for key, table in schema.tables.items():
        if key not in schema.parts and wants(table.name):
            numbered = (f"{table.name} ({place})" for place in count(2))
            name = next(each for each in chain((table.name,), numbered) if each not in entries)
            entries[name] = scalar(name, table.at, table.length), _TableReader(table, schema).node()
    return mapping(entries.values(), at)


class _TableReader:
    """Gathers the constraints of one table on its columns."""

    def __init__(self, table: TableDefinition, schema: DatabaseSchema) -> None:
        self.table = table
        self.schema = schema
        self.engine = schema.engine
        self.numbered = self._numbered_key()
        self.rules: dict[str, Rules] = {}
        self.together: list[Node] = []
        """The keys of several columns, as items of `unique` of an entity."""
        self._demanded: set[tuple[frozenset[str], Comparing]] = set()
        self.between: list[Node] = []
        """The checks on several columns, as items of `check` of an entity."""
        self.stored_otherwise: set[str] = set()
        """The columns whose type is in words: documents, bytes. They hold another text than the one that is written."""
        self.subjects: dict[str, Subject] = {}
        for key, column in table.columns.items():
            self.rules[key] = Rules(column.at)
            self._read_column(column, self.rules[key])
        for check in table.checks:
            self._read_check(check)
        for unique in table.uniques:
            self._read_unique(unique)
        for foreign in table.foreign.values():
            self._declare(foreign.columns, foreign.text, foreign.at)
        for column in table.columns.values():
            self._read_generated(column)
        self._undo()
        self.watchers = [settled_watcher(watcher, table, schema) for watcher in table.opaque.values()]
        for watcher in self.watchers:
            for key, rules in self.rules.items():
                if watcher.columns is None or key in watcher.columns:
                    rules.add_opaque(watcher.text, watcher.at)
                if key in watcher.lacks:
                    rules.doubt_null(watcher.text, watcher.at)
        self._finish()

    def _undo(self) -> None:
        """Forget what a statement that was not read may have changed: of such a column its type alone is known."""
        undoing = [watcher.columns for watcher in self.table.opaque.values() if watcher.may_undo]
        for key, rules in self.rules.items():
            if any(columns is None or key in columns for columns in undoing):
                self.rules[key] = Rules(rules.at, type=rules.type)
        if undoing:
            self.together.clear()
            self.between.clear()

    def node(self) -> MappingNode:
        """The table, as an entity of a contract file."""
        table = self.table
        fields = [
            (scalar(column.name, column.at, column.length), self._field(column)) for column in table.columns.values()
        ]
        entries: list[tuple[str | ScalarNode, Node]] = [("kind", scalar("table", table.at))]
        primary = self._primary_key()
        if primary is not None:
            names = [scalar(table.columns[key].name, primary.at) for key in primary.columns]
            entries.append(("key", sequence(names, primary.at)))
        if self.together:
            entries.append(("unique", sequence(self.together, table.at)))
        if self.between:
            entries.append(("check", sequence(self.between, table.at)))
        entries.append(("fields", mapping(fields, table.at)))
        return mapping(entries, table.at)

    def _primary_key(self) -> UniqueConstraint | None:
        """The primary key, where it is on whole columns that stand."""
        primary = next((unique for unique in self.table.uniques if unique.primary and not unique.partial), None)
        return primary if primary is not None and all(key in self.table.columns for key in primary.columns) else None

    # ----------------------------------------------------------------------------------------------------- columns

    def _numbered_key(self) -> str | None:
        """The column whose null becomes the number of its row (SQLite)."""
        keys = (unique for unique in self.table.uniques if unique.primary and unique.enforced)
        primary = next((unique for unique in keys if not unique.inline_descending), None)
        columns = [self.table.columns[key] for key in primary.columns if key in self.table.columns] if primary else []
        numbers = self.table.has_rowids and self.engine.numbers_key([column.type for column in columns])
        return columns[0].key if numbers else None

    def _field(self, column: TableColumn) -> MappingNode:
        """A column as a field of a contract file, with what fills it where no flow does."""
        node = self.rules[column.key].node()
        key = self._primary_key()
        if key is not None and column.key in key.columns and self.rules[column.key].required is None:
            nullable = (scalar("required", key.at), truth(value=False, at=key.at))  # a key that the engine lets be null
            node = MappingNode((*node.entries, nullable), node.location, node.complete)
        return MappingNode((*node.entries, *self._filled(column, node)), node.location, node.complete)

    def _filled(self, column: TableColumn, node: MappingNode) -> Iterator[tuple[ScalarNode, Node]]:
        rules = self.rules[column.key]
        made, default = column.generated, self._default(column, rules)
        numbered = made is not None or (default is not None and default.is_sequence)
        if made is not None and made.expression is not None:
            yield _entry("generated", scalar(made.expression, made.at))
        elif (numbered or (default is None and self._is_numbered(column))) and rules.type in {"integer", "decimal"}:
            always = made is not None and made.always
            at = made.at if made is not None else default.at if default is not None else column.at
            yield _entry("identity", scalar("always" if always else "by_default", at))
        elif default is not None:
            if column.key in self.stored_otherwise:
                yield _entry("default", default.expression())
            else:
                yield from self._default_entry(default, rules, node)
        else:
            watcher = next((each for each in self.watchers if column.key in each.fills), None)
            if watcher is not None:
                yield _entry("filled_by", scalar(OpaqueRule(watcher.text).words, watcher.at))

    def _default_entry(
        self, default: ColumnDefault, rules: Rules, node: MappingNode
    ) -> Iterator[tuple[ScalarNode, Node]]:
        """The key `default`; none for a literal that a required column rejects: it must be filled in."""
        value = default.value(rules.type)
        if value is not None and holds_default(node, value):
            yield _entry("default", value)
            return
        cut = scalar(default.literal.rstrip(), default.at)  # trailing spaces may be cut
        is_whole = rules.type in {"integer", "decimal"} and default.literal.lstrip("+-").isdecimal()  # is not rounded
        is_text = default.kind == "text" and rules.type == "text"
        rejected = rules.on_violation in (
            {"reject"} if is_text else {"reject", "round", "truncate"} if is_whole else ()
        )
        if not rejected or holds_default(node, cut):
            yield _entry("default", default.expression())
        elif rules.required is None:
            yield _entry("default", mapping((("rejected", cut),), default.at))

    def _default(self, column: TableColumn, rules: Rules) -> ColumnDefault | None:
        own = self.schema.types.get(column.type.own)
        default = column.default or (own.default if isinstance(own, Domain) else None)
        if default is None and rules.required is not None:
            return self.engine.implicit_default(column.type, rules)
        is_null = self.engine.empty_is_null and default is not None and default.kind == "text" and not default.literal
        return None if is_null else default

    def _is_numbered(self, column: TableColumn) -> bool:
        """Whether null becomes the next number."""
        return column.counted or column.key == self.numbered

    def _read_column(self, column: TableColumn, rules: Rules) -> None:
        made = self._apply_type(column.type, column, rules, frozenset())
        if rules.opaque and rules.type == "text":
            self.stored_otherwise.add(column.key)
        if column.not_null is not None and not self._is_numbered(column):
            if self.engine.stamps_null(made):
                rules.doubt_null(f"{made.written} NOT NULL, in which null becomes the time of now", column.not_null)
            else:
                rules.required = rules.required or column.not_null
        if column.counted and self.engine.zero_counts:
            self._doubt_zero(column, rules)
        self.subjects[column.key] = self._subject(column, made, rules)

    def _doubt_zero(self, column: TableColumn, rules: Rules) -> None:
        """MySQL 8.4 reference, 5.6.9: 0 becomes the next number, too, but under NO_AUTO_VALUE_ON_ZERO.

        As does what is rounded to it, or kept at it; which number that is, and whether a record has it, is not known.
        """
        if rules.type == "integer":
            rules.none_of((0,), column.at)
            rules.actions["not_one_of"] = "unknown"
        else:
            rules.add_opaque(f"{column.type.written} AUTO_INCREMENT, in which 0 becomes the next number", column.at)

    def _apply_type(self, made: SqlType, column: TableColumn, rules: Rules, seen: frozenset[str]) -> SqlType:
        """Put a type into the rules, with the checks of a domain; gives the type underneath."""
        own = None if made.array else self.schema.types.get(made.own)
        if isinstance(own, Enumeration):
            rules.only(own.values, own.at)
            return made
        if isinstance(own, Domain) and made.own not in seen:
            base = self._apply_type(own.type, column, rules, seen | {made.own})
            if own.not_null is not None:
                rules.required = rules.required or own.not_null
            subject = self._subject(column, base, rules, own.collation)
            for check in own.checks:
                apply_check(
                    check.expression, {"value": subject}, [rules], self.engine, check.at, called=self._with_programs
                )
            return base
        apply_type(TypedColumn(made, self.engine.charset_at(self._levels(column)), rules), self.engine)
        return made

    def _levels(self, column: TableColumn) -> tuple[TextSettings, ...]:
        """The charsets and collations that are set for a column, its table and its schema."""
        return tuple((level.charset, level.collation) for level in (column, self.table, self.schema))

    def _subject(self, column: TableColumn, made: SqlType, rules: Rules, collation: str | None = None) -> Subject:
        engine, levels = self.engine, self._levels(column)
        collation = collation or engine.collation_at(levels)
        padded = rules.type == "text" and engine.is_padded(made)
        return Subject(
            rules,
            compared=not padded and not rules.case_blind and engine.compares_exactly(collation),
            padded=padded,
            lowered_ascii=engine.lowers_ascii(collation),
            encoding=engine.codec(engine.charset_at(levels)),
            wide=engine.is_wide(made),
        )

    # ------------------------------------------------------------------------------------------- constraints

    def _read_check(self, check: CheckConstraint) -> None:
        if not check.enforced:
            self._declare(check.columns.values(), f"CHECK ({check.expression})", check.at)
            return
        named = {word: self.subjects[key] for word, key in check.columns.items() if key in self.subjects}
        names = {word: self.table.columns[key].name for word, key in check.columns.items() if key in self.subjects}
        between = apply_check(
            check.expression, named, self.rules.values(), self.engine, check.at, names, self._with_programs
        )
        self.between += (scalar(condition, check.at) for condition in between)

    def _read_unique(self, unique: UniqueConstraint) -> None:
        columns = [key for key in unique.columns if key in self.rules]
        text = self._with_programs(f"{'PRIMARY KEY' if unique.primary else 'UNIQUE'} {unique.text}")
        if not unique.enforced or not self.engine.enforces_keys:
            self._declare(columns, text, unique.at)
            return
        if unique.primary and not self.engine.key_columns_required:
            self._require_key(columns, unique.at)
        self._limit_entry(columns, unique.at)
        all_but_null = _is_all_but_null(unique)
        if unique.partial and not all_but_null:
            for key in columns:
                self.rules[key].add_opaque(text, unique.at)
        elif columns:
            comparing = self._comparing(unique, columns, text)
            counts = unique.one_null or (self.engine.one_null and not unique.primary and not all_but_null)
            self._make_unique(unique, columns, replace(comparing, one_null=counts))

    def _limit_entry(self, columns: list[str], at: Location) -> None:
        """What is longer than surely fits into an entry of the index may be rejected."""
        if self.engine.index_bytes is None or not columns:
            return
        each = (self.engine.index_bytes - _BESIDE * (len(columns) - 1)) // len(columns)
        for key in columns:
            rules, column = self.rules[key], self.table.columns[key]
            encoding = self.engine.codec(self.engine.charset_at(self._levels(column)))
            longest = rules.bounds.get("max_length")
            widest = 1 if encoding is None else max(codec_weight(encoding).step[1])
            is_short = longest is not None and isinstance(longest[0], int) and longest[0] * widest <= each
            held = rules.bytes.get("max_bytes")
            is_short |= bool(rules.bytes) and (held is None or held[1] != encoding or held[0] <= each)
            if rules.type != "text" or rules.one_of is not None or encoding is None or is_short:
                continue
            if "padded" in rules.stored:  # the blanks count, too
                rules.add_opaque(f"an entry of an index of {column.type.written} has at most {each:,} bytes", at)
            else:
                rules.limit_bytes("max_bytes", each, encoding, at)
                rules.actions["max_bytes"] = "unknown"

    def _with_programs(self, words: str) -> str:
        """The words of a rule, with what the functions that it calls are."""
        return with_digest(words, self.schema)

    def _make_unique(self, unique: UniqueConstraint, columns: list[str], comparing: Comparing) -> None:
        """Put the demand at its column, or at the table: of several columns, and beside another on its column."""
        demand = frozenset(columns), comparing
        if demand in self._demanded:
            return  # twice the same
        self._demanded.add(demand)
        if len(columns) == 1 and self.rules[columns[0]].unique is None:
            self.rules[columns[0]].unique = comparing, unique.at
        elif not (unique.primary and comparing == EXACTLY):
            names = [scalar(self.table.columns[key].name, unique.at) for key in columns]
            self.together.append(comparing.node(unique.at, names))

    def _comparing(self, unique: UniqueConstraint, columns: list[str], text: str) -> Comparing:
        """How the values of a key are compared; where not all of it can be stated, in its own words."""
        if unique.expression:
            return Comparing(opaque=text)
        texts = [key for key in columns if self.rules[key].type == "text"]
        ways = {self._comparing_column(self.table.columns[key], unique) for key in texts} or {EXACTLY}
        nullable = any(self.rules[key].required is None for key in columns)
        if len(columns) > 1 and nullable and self.engine.nulls_equal_beside_values and not unique.primary:
            return Comparing(opaque=f"{text}, in which null is equal to null beside a value")
        if len(ways) > 1 or (len(texts) < len(columns) and unique.steps):
            return Comparing(opaque=text)
        return ways.pop()

    def _comparing_column(self, column: TableColumn, unique: UniqueConstraint) -> Comparing:
        rules, collation = self.rules[column.key], unique.collation or self.engine.collation_at(self._levels(column))
        own = EXACTLY if collation is None else self.engine.comparing(collation)
        if rules.one_of is not None and own.opaque is not None and column.type.name == "ENUM":
            own = EXACTLY  # a member is itself, whatever its letters
        if rules.case_blind:
            own = Comparing(("lower_ascii",), f"{column.type.written}, in small letters", beyond_ascii=True)
        steps = tuple("lower_ascii" if step == "lower" else step for step in unique.steps)
        if not steps:
            return own
        known = own if "lower_ascii" not in steps or self.engine.lowers_ascii(collation) else own.in_words(unique.text)
        return known.after(steps)

    def _require_key(self, columns: list[str], at: Location) -> None:
        if self.engine.key_rejects_null(strict=self.table.keys_are_required):
            for key in columns if self.numbered is None else ():
                self.rules[key].required = self.rules[key].required or at

    def _read_generated(self, column: TableColumn) -> None:
        """A generated column rejects values of the columns that it is made from."""
        made = column.generated
        if made is None or made.expression is None:
            return
        own = self.rules[column.key]
        if own.one_of or own.not_one_of or own.opaque or own.required or own.unique is not None:
            is_safe = False
        elif _is_length(made.expression):
            is_safe = _holds_lengths(own)
        else:
            limited = own.bounds or own.bytes or own.digits or own.encodable
            is_safe = not limited and _cannot_fail(made.expression)
        if is_safe:
            return
        text = self._with_programs(f"{column.name} {column.type.written} GENERATED ALWAYS AS ({made.expression})")
        for key in made.columns.values():
            if key in self.rules:
                self.rules[key].add_opaque(text, made.at)

    def _finish(self) -> None:
        """Where the empty text is null, a column that rejects null rejects it too."""
        for rules in self.rules.values():
            if self.engine.empty_is_null and rules.type == "text" and rules.required is not None:
                rules.bound("min_length", 1, rules.required)

    def _declare(self, keys: Iterable[str], text: str, at: Location) -> None:
        """A rule that restricts no value of its own, at each column that it names."""
        for key in keys:
            if key in self.rules:
                self.rules[key].add_declared(text, at)


def _entry(key: str, value: Node) -> tuple[ScalarNode, Node]:
    return scalar(key, value.location), value


_BESIDE = 32
"""The most bytes that a column of another type, or the length of a text, takes in an entry of an index."""


def _is_all_but_null(unique: UniqueConstraint) -> bool:
    """`UNIQUE (x) WHERE x IS NOT NULL` is the same as UNIQUE, but for nulls."""
    if len(unique.columns) != 1 or unique.steps or unique.expression:
        return False
    column = re.escape(unique.columns[0])
    return bool(re.fullmatch(rf"\(\W*{column}\W*\) WHERE \W*{column}\W* IS NOT NULL\)*", unique.text, re.IGNORECASE))


_LONGEST = 2**31 - 1
"""The length of a text is not greater."""


def _holds_lengths(own: Rules) -> bool:
    """Whether a column holds the length of every text."""
    least, most = own.bounds.get("min"), own.bounds.get("max")
    from_zero = least is None or (isinstance(least[0], int) and least[0] <= 0)
    to_longest = most is None or (isinstance(most[0], int) and most[0] >= _LONGEST)
    return own.type == "integer" and from_zero and to_longest and own.bounds.keys() <= {"min", "max"}


def _is_length(expression: str) -> bool:
    """Whether an expression is the length of a column, and nothing else."""
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    try:
        tree = sql_tree(expression, None)
    except (SqlglotError, RecursionError):
        return False
    while isinstance(tree, exp.Paren):
        tree = tree.this
    return isinstance(tree, exp.Length) and isinstance(tree.this, exp.Column)


def _cannot_fail(expression: str) -> bool:
    """Whether an expression gives a value for every text: joining, and changing of case."""
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    harmless = (
        exp.Column,
        exp.Identifier,
        exp.Literal,
        exp.DPipe,
        exp.Concat,
        exp.Lower,
        exp.Upper,
        exp.Trim,
        exp.Coalesce,
        exp.Paren,
        exp.Null,
        exp.DataType,
    )
    try:
        return all(
            isinstance(node, harmless) or (isinstance(node, exp.Cast) and node.to.this == exp.DataType.Type.TEXT)
            for node in sql_tree(expression, None).walk()
        )
    except (SqlglotError, RecursionError):
        return False
