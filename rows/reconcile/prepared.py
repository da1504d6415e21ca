"""The columns that two stores are held against each other by: what the flows make of one, and what the other holds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from ...checker.record.crossing import RoutePart
from ...values.valueset import ValueSet
from ..engines.polars.by_value import by_distinct_value
from .columns import as_read_again, canonical_column, plain_text, value_in
from .steps import StepColumn, joined, rounded_alike, stepped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...checker.record.crossing import CrossedField, Crossing, CrossingRoute, RouteValue
    from ...checker.record.expected import Expectation
    from ...documents.names import FieldName
    from ...lineage.condition import Condition
    from ...values.valueset import Value
    from .whole import WholeStore

SOURCE, TARGET = "source", "target"
"""The columns that say that a row is of the first entity's store, and of the second's: true, or null."""
_NO, _PERHAPS, _SURE = 0, 1, 2
_TRUE = pl.lit(value=True)
NUMERIC_TYPES = frozenset(("integer", "decimal"))


def given_column(name: str) -> str:
    """The column with the plain texts of a field of the first entity, by its own name."""
    return f"given {name}"


def held_column(name: str) -> str:
    """The column with the plain texts of a field of the second entity."""
    return f"held {name}"


def key_column(name: str) -> str:
    """The column with the canonical texts of a field of the second entity's key, as the flows make them."""
    return f"key {name}"


def off_column(name: str) -> str:
    """The column that says that a field of the second entity may not hold what it must."""
    return f"off {name}"


@dataclass(frozen=True)
class PreparedPair:
    """Two stores and the crossing between them, as expressions of polars."""

    crossing: Crossing
    source: WholeStore
    target: WholeStore
    reference: WholeStore | None = None
    """The store of the table that names the keys, where no flow brings it."""
    also_given: tuple[str, ...] = ()
    """Further fields of the first entity that are read, by their own names."""
    also_held: tuple[str, ...] = ()
    """Further fields of the second one."""

    @cached_property
    def fields(self) -> tuple[CrossedField, ...]:
        """The fields that are compared: known in part, and held by the second store."""
        return tuple(each for each in self.crossing.fields if self.unread(each) is None)

    def unread(self, crossed: CrossedField) -> str | None:
        """Why nothing is known of a field in any record; None: it can be compared."""
        if crossed.field.name not in self.target.columns:
            return f"the store of {self.target.entity.full_name} does not hold it"
        if not any(name.field in self.source.columns for name in crossed.reads):
            return f"the store of {self.source.entity.full_name} does not hold {crossed.reads[0].field}"
        return crossed.opaque

    @cached_property
    def given(self) -> tuple[str, ...]:
        """The fields of the first entity that are read, by their own names: those that its store holds."""
        entity = self.crossing.source
        names = [name.field for name in self.crossing.reads] + list(entity.key)
        names += [*([entity.changed] if entity.changed else []), *self.also_given]
        return tuple(dict.fromkeys(name for name in names if name in self.source.columns))

    @cached_property
    def held(self) -> tuple[str, ...]:
        """The fields of the second entity that are read."""
        entity = self.crossing.target
        names = [each.field.name for each in self.fields] + list(self.crossing.key) + list(entity.key)
        names += [*([entity.changed] if entity.changed else []), *self.also_held]
        return tuple(dict.fromkeys(name for name in names if name in self.target.columns))

    # ---------------------------------------------------------------------------------------------------- both frames

    def source_frame(self) -> pl.LazyFrame:
        """The rows of the first store, each with the key that it has in the second; null: it has none for certain."""
        given = [self.source.plain(name).alias(given_column(name)) for name in self.given]
        frame = self.source.frame.select(*given, _TRUE.alias(SOURCE))
        conditions = [self._met(condition).alias(column) for condition, column in self._condition_columns.items()]
        frame = frame.with_columns(conditions) if conditions else frame
        if self.reference is not None:
            return self._referred(frame, self.reference)
        keys = [self._key(each).alias(key_column(each.field.name)) for each in self.crossing.fields_of_key]
        return frame.with_columns(keys)

    def _referred(self, frame: pl.LazyFrame, reference: WholeStore) -> pl.LazyFrame:
        """The rows, each with every key that a table says it has in the second store."""
        crossing = self.crossing
        if crossing.reference is None:
            return frame
        (own,), (other,) = crossing.source.key, crossing.key
        ours, theirs = (crossing.reference.keys[each.full_name] for each in (crossing.source, crossing.target))
        fields = reference.entity.fields
        table = reference.frame.select(
            canonical_column(reference.plain(ours), fields[ours].type).alias("referring"),
            canonical_column(reference.plain(theirs), fields[theirs].type).alias(key_column(other)),
        ).unique()
        referring = canonical_column(pl.col(given_column(own)), crossing.source.fields[own].type)
        return frame.join(table, left_on=referring, right_on="referring", how="left")

    def target_frame(self) -> pl.LazyFrame:
        """The rows of the second store."""
        held = [self.target.plain(name).alias(held_column(name)) for name in self.held]
        return self.target.frame.select(*held, _TRUE.alias(TARGET))

    @property
    def held_keys(self) -> list[pl.Expr]:
        """The canonical texts of the key, of rows of the second store."""
        return [
            canonical_column(pl.col(held_column(name)), self.crossing.target.fields[name].type)
            for name in self.crossing.key
        ]

    def arrives(self) -> pl.Expr:
        """Whether a row of the first store is carried to the second, surely or perhaps."""
        if self.reference is not None:
            return pl.col(key_column(self.crossing.key[0])).is_not_null()
        ways = [self._may_be(each) for each in self.crossing.fields_of_key]
        return pl.all_horizontal(ways)

    # ------------------------------------------------------------------------------------------------------ conditions

    @cached_property
    def _condition_columns(self) -> dict[Condition, str]:
        """The column of each condition that a route has."""
        routes = [route for each in self.crossing.fields for route in each.routes or ()]
        conditions = dict.fromkeys(route.when for route in routes if route.when is not None)
        return {condition: f"when {place}" for place, condition in enumerate(conditions)}

    def _met(self, condition: Condition) -> pl.Expr:
        """Whether a condition is met: surely, perhaps, or not."""
        names = [name for name in condition.fields if name.field in self.given]
        if len(names) < len(condition.fields):
            return pl.lit(_PERHAPS, dtype=pl.Int8)

        fields = self.crossing.source.fields

        def met(row: dict[str, Any]) -> int:
            record = self._record(names, row)
            if any(v is not None and v not in ValueSet.of_type(fields[n.field].type) for n, v in record.items()):
                return _PERHAPS  # what is none of its field's type cannot be compared
            return _SURE if condition.holds(record) else _PERHAPS if condition.may_hold(record) else _NO

        columns = pl.struct([given_column(name.field) for name in names])
        return columns.map_batches(by_distinct_value(met, pl.Int8), return_dtype=pl.Int8, is_elementwise=True)

    def _surely(self, route: CrossingRoute) -> pl.Expr:
        return _TRUE if route.when is None else pl.col(self._condition_columns[route.when]) == _SURE

    def _perhaps(self, route: CrossingRoute) -> pl.Expr:
        return _TRUE if route.when is None else pl.col(self._condition_columns[route.when]) > _NO

    def _may_be(self, crossed: CrossedField) -> pl.Expr:
        """Whether anything may arrive in a field."""
        return pl.any_horizontal([self._perhaps(route) for route in crossed.routes]) if crossed.routes else _TRUE

    # ----------------------------------------------------------------------------------------------------- what arrives

    def _key(self, crossed: CrossedField) -> pl.Expr:
        """What arrives in a field of the key, where one value does for certain; else null."""
        routes = crossed.routes or ()
        columns = [self._along(route) for route in routes]
        (first, *others) = columns or (None,)
        if first is not None and not others and first.sure is None and routes[0].when is None:
            return first.values
        alone = pl.sum_horizontal([self._perhaps(route).cast(pl.Int8) for route in routes]) == 1
        values, found = pl.lit(None, dtype=pl.String), pl.lit(value=False)
        for route, column in zip(routes, columns, strict=True):
            if column is not None:
                here = alone & self._surely(route) & (_TRUE if column.sure is None else column.sure)
                values, found = pl.when(here).then(column.values).otherwise(values), found | here
        return pl.when(found).then(values).otherwise(self._simulated(crossed, ~found, _only_key))

    def _along(self, route: CrossingRoute) -> StepColumn | None:
        """What a route makes of the rows, in canonical texts as the second store gives them again; None: not by polars."""
        if any(name.field not in self.given for name in _leaves(route.value)):
            return None
        types = {field.type for field in _fields_of(route.value)}
        numbers = types <= NUMERIC_TYPES
        if not numbers and len(types) > 1:
            return None
        column = self._value(route.value, is_text=types == {"text"})
        if column is None:
            return None
        field = route.value.link.target
        store = self.target.store
        values = (
            as_read_again(column.values, store) if field.type == "text" else canonical_column(column.values, field.type)
        )
        return StepColumn(values, column.sure)

    def _value(self, value: RouteValue, *, is_text: bool) -> StepColumn | None:
        if not isinstance(value, RoutePart):
            column = pl.col(given_column(value.field))
            field = self.crossing.source.fields[value.field]
            return StepColumn(column if is_text else canonical_column(column, field.type))
        link, stored = value.link, self.crossing.graph.storage(value.link.target.full_name).transforms
        parts: list[StepColumn] = []
        for source, chain in zip(value.sources, link.chains, strict=True):
            before = self._value(source, is_text=is_text)
            steps = chain if link.join is not None else (*chain, *link.tail, *stored)
            after = before and (stepped(before, steps) if is_text else rounded_alike(before, steps))
            if after is None:
                return None
            parts.append(after)
        if link.join is None:
            return parts[0]
        return stepped(joined(parts, link.join), (*link.tail, *stored)) if is_text else None

    def _simulated(self, crossed: CrossedField, where: pl.Expr, said: Any) -> pl.Expr:  # noqa: ANN401
        """What Fieldline itself says of rows where that is asked for."""
        names = [name for name in crossed.reads if name.field in self.given]
        columns = pl.struct([given_column(name.field) for name in names])

        def made(row: dict[str, Any] | None) -> str | None:
            return None if row is None else said(crossed, crossed.expected(self._record(names, row)), self.target)

        asked = pl.when(where).then(columns)
        return asked.map_batches(by_distinct_value(made, pl.String), return_dtype=pl.String, is_elementwise=True)

    def _record(self, names: Sequence[FieldName], row: Mapping[str, Any]) -> dict[FieldName, Value]:
        fields = self.crossing.source.fields
        return {name: value_in(row[given_column(name.field)], fields[name.field]) for name in names}

    def is_off(self, crossed: CrossedField) -> pl.Expr:
        """Whether a field of a row of both stores may not hold what it must: false only where it surely does."""
        kind = crossed.field.type
        held = canonical_column(pl.col(held_column(crossed.field.name)), kind)
        routes = crossed.routes
        columns = [self._along(route) for route in routes or ()]
        if routes and all(column is not None for column in columns):
            well = ~self._may_be(crossed)
            for route, column in zip(routes, columns, strict=True):
                if column is not None:
                    met = self._surely(route) & column.values.eq_missing(held)
                    well = well | (met if column.sure is None else met & column.sure)
            return ~well
        said = self._simulated(crossed, pl.col(SOURCE) & pl.col(TARGET), _whole)
        is_met = said == pl.when(held.is_null()).then(pl.lit(_NULL)).otherwise(pl.lit(_VALUE) + held)
        if self.crossing.between:  # it may have been refused on the way
            return ~is_met.fill_null(value=False)
        return ~((said == _NOTHING) | is_met).fill_null(value=False)


_VALUE, _NULL, _NOTHING = "=", "null", "nothing"


def _only_key(crossed: CrossedField, of: Expectation, store: WholeStore) -> str | None:
    """The one value that surely arrives, in its canonical text; None: there is none."""
    values = of.values
    if not of.is_known or len(values) != 1 or values[0] is None:
        return None
    return canonical_text(store.store.holding(values[0]), crossed.field.type)


def _whole(crossed: CrossedField, of: Expectation, store: WholeStore) -> str | None:
    """What arrives, in one text: a value, null or nothing at all; None: not one of these for certain."""
    if not of.arrivals:
        return _NOTHING
    if not of.is_known or len(of.values) != 1:
        return None
    value = store.store.holding(of.values[0])
    if value is not None and isinstance(value, str) != (crossed.field.type == "text"):
        return None
    text = canonical_text(value, crossed.field.type)
    return _NULL if text is None else f"{_VALUE}{text}"


def canonical_text(value: Value, of_type: str) -> str | None:
    """The canonical text of one value."""
    text = plain_text(value)
    if text is None or of_type not in NUMERIC_TYPES or isinstance(value, str):
        return text
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _leaves(value: RouteValue) -> list[FieldName]:
    if isinstance(value, RoutePart):
        return [leaf for source in value.sources for leaf in _leaves(source)]
    return [value]


def _fields_of(value: RouteValue) -> list[Any]:
    """The fields on the way, its beginnings included."""
    if not isinstance(value, RoutePart):
        return []
    return [value.link.target, *value.link.sources, *(f for source in value.sources for f in _fields_of(source))]
