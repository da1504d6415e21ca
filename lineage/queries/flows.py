"""The flows of what statements write, as the flows of a lineage file would be."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from ...contracts.constraint import StoredAs
from ...documents.names import FieldName
from ...documents.tree import mapping, scalar, sequence, truth
from ..condition_reader import parse_condition
from ..condition_tokens import ConditionError
from ..condition_types import is_well_typed
from .column_values import value_type
from .conditions import ConditionWriter, NotACondition, plain_condition
from .held import UNLIMITED, column_holds, is_within, typed_by_words, union_mark
from .marks import has_mark, marked, unmarked
from .steps import ColumnFacts, StepReader, Way
from .trees import sqlglot_dialect
from .typed_steps import TEXT_VALUE, NotExact, ValueType

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date

    from ...contracts.model import Contracts, Field
    from ...documents.location import Location
    from ...documents.names import EntityName
    from ...documents.yaml_events import Node, ScalarNode
    from ...formats.ddl.engines.engine import EngineName
    from .arm import Arm, TableUse
    from .marks import Mark
    from .typed_steps import WrittenStep
    from .writes import Write


_REFUSING_TEXT = frozenset(("postgres", "bigquery", "spark", "databricks"))
"""The engines that refuse a statement which brings a text without a cast into a column of numbers, dates or truth values.

PostgreSQL 15, 10.4 "Value Storage"; BigQuery, "Conversion rules"; Spark 3.5, "ANSI Compliance", "Store assignment".
"""
_QUOTED = re.compile(r"""["]([^"']+)["]|`([^`']+)`|\[([^]'"]++)(?:\]|(?P<open>))""")
"""A name in the quotes of an engine."""
_OR_NULL: WrittenStep = ("or_null", {"why": "the outer join may find no record"})


class FlowWriter:
    """Writes flows of one engine."""

    def __init__(self, contracts: Contracts, engine: EngineName, today: date, carrier: str | None) -> None:
        self._contracts = contracts
        self._engine = engine
        self._today = today
        self._carrier = carrier

    # ------------------------------------------------------------------------------------------------------ values

    def union_mark(self, parts: Sequence[tuple[exp.Expr, Arm]]) -> Mark | None:
        """What a UNION makes of a column of these expressions; None: every value stays as it is."""
        return union_mark(
            [self._facts_of(each, arm) for each, arm in parts if not isinstance(each, exp.Null)], self._engine
        )

    def fits(self, column: exp.Expr, arm: Arm, held: exp.ColumnDef) -> bool:
        """Whether a column of a table holds every value of an expression as it is."""
        facts = self._facts_of(column, arm)
        field = self._contracts.field(self._named(column, arm)) if isinstance(column, exp.Column) else None
        if field is None:
            return column_holds(held, facts, None, self._engine, is_distinct=False)
        entity = self._contracts.entities[field.full_name.entity_name]
        is_distinct = field.unique is not None or tuple(entity.key) == (field.name,)
        return column_holds(held, facts, field.accepts, self._engine, is_distinct=is_distinct)

    def is_alike(self, column: exp.Expr, arm: Arm, first: exp.Expr, of: Arm) -> bool:
        """Whether a column that has the type of one expression holds every value of another as it is."""
        facts, other = self._facts_of(column, arm), self._facts_of(first, of)
        if facts.value.kind != other.value.kind or facts.is_padded or other.is_padded:
            return False
        if isinstance(column, exp.Column) and isinstance(first, exp.Column):
            field = self._contracts.field(self._named(column, arm))
            held = self._contracts.field(self._named(first, of))
            if field is not None and held is not None and is_within(field.accepts, held.accepts):
                return True
        return facts.value.kind == "text" and self._engine in UNLIMITED

    def _facts_of(self, node: exp.Expr, arm: Arm) -> ColumnFacts:
        """What is known of the values of an expression."""
        if isinstance(node, exp.Column):
            return self._facts(node, arm)
        value = typed_by_words(node)
        try:
            ways = StepReader(self._engine, lambda column: self._facts(column, arm)).ways(node)
            values = {way.value for way in ways if way.sources or way.constant is not None}
            value = values.pop() if len(values) == 1 else ValueType("other")
        except NotExact:
            pass
        return ColumnFacts(value, is_required=False, is_padded=False)

    # ------------------------------------------------------------------------------------------------------ writes

    def flows(self, write: Write) -> Iterator[Node]:
        """The flows of one write."""
        if write.unread is not None:
            yield from self._unread(write)
            return
        arm = write.arm
        steps = StepReader(self._engine, lambda column: self._facts(column, arm))
        for column, value in write.columns.items():
            written = value
            at = write.places.get(column, write.location)
            target = self._field(write.target, column)
            if write.is_lenient and not self._is_within(written, arm, target):
                written = marked(written, "held")
            try:
                ways = steps.ways(written)
                carried = {self._named(column, arm) for way in ways for column, _ in way.sources}
                flows = (self._way(way, arm, target, write, at, carried) for way in ways)
                made = [flow for flow in flows if flow is not None]
            except (NotExact, RecursionError):
                made = [flow for flow in (self._opaque(written, arm, target, write, at),) if flow is not None]
            yield from (*made, *self._missing(written, arm, target, write, at))

    # ------------------------------------------------------------------------------------------------------- names

    def _named(self, column: exp.Column, arm: Arm) -> FieldName:
        return self._field(arm.tables[column.table].entity, column.name)

    def _field(self, entity: EntityName, column: str) -> FieldName:
        """The field that a column is: names are compared as SQL compares them, without regard to case."""
        known = self._contracts.entities.get(entity)
        fields = known.fields if known is not None else {}
        name = column if column in fields else next((each for each in fields if each.lower() == column.lower()), column)
        return FieldName(entity.system, entity.entity, name)

    def _facts(self, column: exp.Column, arm: Arm) -> ColumnFacts:
        field: Field | None = self._contracts.field(self._named(column, arm))
        missing = arm.tables[column.table].is_optional
        if field is None:
            return ColumnFacts(TEXT_VALUE, is_required=False, is_padded=False, may_be_missing=missing)
        ways = [way.restriction.way for way in field.stored if isinstance(way.restriction, StoredAs)]
        return ColumnFacts(value_type(field), field.required and not missing, "padded" in ways, missing)

    # ------------------------------------------------------------------------------------------------------- flows

    def _way(
        self, way: Way, arm: Arm, target: FieldName, write: Write, at: Location, carried: Collection[FieldName]
    ) -> Node | None:
        """The flow of one way; None: a constant that no table brings. Raises NotExact.

        `carried`: the fields whose values the expression brings in some way. Null beside them, by a condition on another
        field, takes nothing from that one.
        """
        if not self._is_stored_plainly(way, target):
            raise NotExact("its type")
        sources, via = way.sources, way.via
        is_constant = not sources
        if is_constant:
            looked_at = [column for each in way.when for column in each.find_all(exp.Column)]
            source = looked_at[0] if looked_at else self._any_column(arm)
            if source is None:
                return None
            sources, via = ((source, ()),), (("constant", {} if way.constant is None else {"text": way.constant}),)
        names = [self._named(column, arm) for column, _ in sources]
        if not is_constant:
            sources = tuple(
                (column, (_OR_NULL, *steps) if arm.tables[column.table].is_optional else steps)
                for column, steps in sources
            )
        if len({column.table for column, _ in sources}) > len({name.entity_name for name in names}):
            raise NotExact("values of several records of one table")
        record = _record_of([column for column, _ in sources])
        guards, left = self._conditions(way.when, record, arm)
        if left:
            raise NotExact(left[0])
        records, filters = self._conditions(arm.where, record, arm)
        return self._flow(
            [(name, steps) for name, (_, steps) in zip(names, sources, strict=True)],
            target,
            via,
            [*records, *guards],
            [*filters, *arm.filters],
            write,
            at,
            accept_loss=is_constant and (not way.when or (way.constant is None and names[0] not in carried)),
        )

    def _is_within(self, written: exp.Expr, arm: Arm, target: FieldName) -> bool:
        """Whether an expression is a column of which a field accepts every value."""
        field = self._contracts.field(self._named(written, arm)) if isinstance(written, exp.Column) else None
        held = self._contracts.field(target)
        if field is None or held is None or field.type != held.type or (held.required and not field.required):
            return False
        return is_within(field.accepts, held.accepts)

    def _missing(self, written: exp.Expr, arm: Arm, target: FieldName, write: Write, at: Location) -> list[Node]:
        """Of a column that must be filled in, and that an outer join fills: a record of the other side comes about without.

        Whether there is one, the statement does not tell.
        """
        field = self._contracts.field(target)
        columns = [column for column in written.find_all(exp.Column) if column.table in arm.tables]
        uses = [arm.tables[column.table] for column in columns]
        optional = any(use.is_optional for use in uses) or has_mark(written, "outer_joined")
        if uses and (not all(use.is_optional for use in uses) or all(map(self._is_entry, uses))):
            return []  # the question is asked of what is read already
        if isinstance(written.unnest(), exp.Coalesce) and any(
            isinstance(each, exp.Literal) for each in written.unnest().expressions
        ):
            return []  # never null
        driving = None if all(use.is_optional for use in arm.tables.values()) else self._any_column(arm)
        if field is None or not field.required or not optional or driving is None:
            return []
        records, filters = self._conditions(arm.where, driving.table, arm)
        step: WrittenStep = ("opaque", {"what": _OR_NULL[1]["why"]})
        sources = [(self._named(driving, arm), ())]
        return [self._flow(sources, target, (step,), records, [*filters, *arm.filters], write, at)]

    def _is_entry(self, use: TableUse) -> bool:
        entity = self._contracts.entities.get(use.entity)
        return entity is not None and entity.kind == "entry"

    def _is_stored_plainly(self, way: Way, target: FieldName) -> bool:
        """Whether what becomes of the values on the way into the column is known."""
        field = self._contracts.field(target)
        if field is not None and way.sources and way.value.kind == "text" and self._engine in _REFUSING_TEXT:
            return field.type == "text"
        if way.value.kind == "mixed":
            return field is None or field.type != "text"
        if field is None or not way.via:
            return True
        if way.value.kind == "midnight":
            return field.type == "date"
        return not (way.value.kind == "decimal" and way.value.scale is None and field.type == "text")

    def _any_column(self, arm: Arm) -> exp.Column | None:
        """A column that every record has: of the key, or the first one."""
        for alias, use in sorted(arm.tables.items(), key=lambda item: item[1].is_optional):
            entity = self._contracts.entities.get(use.entity)
            if entity is not None and entity.fields:
                return exp.column(next(iter(entity.key or entity.fields)), table=alias, quoted=True)
        return None

    def _conditions(self, conditions: Sequence[exp.Expr], record: str | None, arm: Arm) -> tuple[list[str], list[str]]:
        """The conditions that `when` has words for, and the others in their own.

        `record`: the alias of the table whose record the flow is of; None: it is of several.
        """
        entity = None if record is None else arm.tables[record].entity
        told: list[str] = []
        left: list[str] = []
        writer = ConditionWriter(lambda column: self._named(column, arm), empty_is_null=self._engine == "oracle")
        for condition in conditions:
            text = None
            columns = list(condition.find_all(exp.Column))
            is_there = not any(arm.tables[column.table].is_optional for column in columns)
            if entity is not None and is_there and {column.table for column in columns} == {record}:
                try:
                    text = writer.text(plain_condition(condition, lambda column: self._is_plain_text(column, arm)))
                    parsed = parse_condition(text, entity, self._today)
                    text = text if is_well_typed(parsed, self._contracts.fields) else None  # an engine may convert
                except (NotACondition, ConditionError):
                    text = None
            if text is None:
                left.append(self._words(condition, arm))
            else:
                told.append(text)
        return told, left

    def _is_plain_text(self, column: exp.Column, arm: Arm) -> bool:
        facts = self._facts(column, arm)
        return facts.value.kind == "text" and not facts.is_padded

    def _words(self, node: exp.Expr, arm: Arm) -> str:
        """An expression as it is told: with the names of our fields."""

        def renamed(each: exp.Expr) -> exp.Expr:
            if isinstance(each, exp.Column) and each.table in arm.tables:
                return exp.column(str(self._named(each, arm)))
            return each

        written = unmarked(node)[0].unnest().transform(renamed)
        plain = written.sql(dialect=sqlglot_dialect(self._engine), identify=False)
        return " ".join(_QUOTED.sub(_unquoted, plain).split())

    def _opaque(self, written: exp.Expr, arm: Arm, target: FieldName, write: Write, at: Location) -> Node | None:
        """A flow from every column that an expression names, whose effect is not described; None: it names none."""
        columns = [each for each in written.find_all(exp.Column) if each.table in arm.tables]
        names = list(dict.fromkeys(self._named(column, arm) for column in columns))
        if not names:
            source = self._any_column(arm)
            if source is None:
                return None
            names = [self._named(source, arm)]
        records, filters = self._conditions(arm.where, _record_of(columns), arm)
        step: WrittenStep = ("opaque", {"what": ", ".join((self._words(written, arm), *unmarked(written)[1]))})
        sources = [(name, ()) for name in names]
        return self._flow(sources, target, (step,), records, [*filters, *arm.filters], write, at)

    def _unread(self, write: Write) -> Iterator[Node]:
        """Every field of a table that a query fills that is not taken apart: from the keys of the tables it names.

        Where no contract has any of these, the values come from elsewhere: some fields are filled in an unknown way.
        """
        target = self._contracts.entities.get(write.target)
        inputs = [
            FieldName(name.system, name.entity, next(iter(entity.key or entity.fields)))
            for name in write.inputs
            if (entity := self._contracts.entities.get(name)) is not None and entity.fields
        ]
        if not inputs and target is not None and target.fields:
            inputs = [FieldName(write.target.system, write.target.entity, next(iter(target.key or target.fields)))]
            write = replace(write, writes="some")
        step: WrittenStep = ("opaque", {"what": write.unread or ""})
        filled = None if write.filled is None else {name.lower() for name in write.filled}
        for field in target.fields.values() if target is not None and inputs else ():
            if filled is not None and field.name.lower() not in filled:
                continue
            yield self._flow([(name, ()) for name in inputs], field.full_name, (step,), [], [], write, write.location)

    def _flow(
        self,
        sources: Sequence[tuple[FieldName, Sequence[WrittenStep]]],
        target: FieldName,
        via: Sequence[WrittenStep],
        when: Sequence[str],
        filters: Sequence[str],
        write: Write,
        at: Location,
        *,
        accept_loss: bool = False,
    ) -> Node:
        entries: list[tuple[str | ScalarNode, Node]] = [
            ("from", sequence([_source(name, steps, at) for name, steps in sources], at)),
            ("to", scalar(str(target), at)),
        ]
        if via:
            entries.append(("via", sequence([_step(step, at) for step in via], at)))
        if when:
            text = when[0] if len(when) == 1 else " AND ".join(f"({each})" for each in when)
            entries.append(("when", scalar(text, at)))
        if filters:
            entries.append(("filter", scalar("; ".join(dict.fromkeys(filters)), at)))
        if write.writes != "records":
            entries.append(("writes", scalar(write.writes, at)))
        entries.append(("engine", scalar(self._engine, at)))
        if self._carrier:
            entries.append(("by", scalar(self._carrier, at)))
        if accept_loss:
            entries.append(("accept_loss", truth(value=True, at=at)))
        return mapping(entries, at)


def _record_of(columns: Sequence[exp.Column]) -> str | None:
    """The alias of the one table that columns are of: the same table under another alias is another record."""
    aliases = {column.table for column in columns}
    return aliases.pop() if len(aliases) == 1 else None


def _source(name: FieldName, steps: Sequence[WrittenStep], at: Location) -> Node:
    if not steps:
        return scalar(str(name), at)
    return mapping([("field", scalar(str(name), at)), ("via", sequence([_step(step, at) for step in steps], at))], at)


def _step(step: WrittenStep, at: Location) -> Node:
    name, options = step
    if not options:
        return scalar(name, at)
    return mapping([(name, _options(options, at))], at)


def _options(options: Mapping[str, Any], at: Location) -> Node:
    return mapping([(scalar(key, at), _option(value, at)) for key, value in options.items()], at)


def _option(value: Any, at: Location) -> Node:  # noqa: ANN401 - as a step is written
    match value:
        case dict():
            return _options(value, at)
        case bool():
            return truth(value=value, at=at)
        case _:
            return scalar(value, at)


def _unquoted(name: re.Match[str]) -> str:
    """A name without its quotation marks; what begins as one and does not end stays."""
    return name[0] if name["open"] is not None else name[1] or name[2] or name[3]
