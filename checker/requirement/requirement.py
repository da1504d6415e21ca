"""The requirement of an entry: the conditions under which the entry and every downstream system accept a record.

Validators of screens, files and tables are made from it. Every clause is exact. Constraints that cannot be stated
exactly (a step without a description, an opaque rule, a condition on values of another entry) are reported as not
known: they are never dropped, and never weakened in silence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cached_property, partial, reduce
from operator import and_
from typing import TYPE_CHECKING, TypeAlias, cast

from ...contracts.constraint import FilledAlone
from ...lineage.comparison import comparison
from ...lineage.transform import NoValue, chain_apply
from ...values.budget import BudgetExceeded
from ...values.solve.atom import Measure
from ...values.textset import TextSet
from ...values.valueset import ValueSet
from ...values.weight import CODE_POINTS
from ..finding import Binding
from ..judging.collide import binding_of
from ..judging.unfilled import typed_before, unfilled_fields
from ..judging.ways import Demand
from ..preconditions.obligation import OwnConstraint, is_broken
from ..preconditions.routes import shortest_routes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ...contracts.model import Entity, Field
    from ...documents.names import FieldName
    from ...lineage.transform import Transform
    from ...values.budget import Budget
    from ...values.solve.atom import Atom
    from ...values.valueset import Value
    from ..judging.context import Context
    from ..preconditions.obligation import Effect, Obligation
    from ..preconditions.relation import FieldsRelation

OwnGuard: TypeAlias = "tuple[str, ValueSet]"
"""A guard on a field that is named by its own name."""

TEXT_KEY = "t"
"""The prefix of the key of a text; the text follows."""


@dataclass(frozen=True, slots=True, eq=False)
class Clause:
    """One obligation on a record, of one system or of several. Fields are named by their own names."""

    fields: tuple[str, ...]
    """One; or several, whose texts are joined downstream."""
    accepts: ValueSet | TextSet | FieldsRelation
    """Of one field its values; of several, records of texts (`values.record`) in this order, or how two must not relate."""
    guards: tuple[OwnGuard, ...]
    """It applies only to records in which these fields have these values."""
    effect: Effect
    bindings: tuple[Binding, ...]
    """The constraints it follows from, nearest first; the entry's own contract is nearest of all."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every field that its verdict depends on: its own, and those of its guards."""
        return tuple(dict.fromkeys((*self.fields, *(name for name, _ in self.guards))))

    def admits(self, record: Mapping[str, Value]) -> bool:
        """Whether a record (values by their fields' own names; absent fields are null) meets it."""
        return not is_broken(self.fields, self.accepts, self.guards, record)


@dataclass(frozen=True, slots=True)
class Uniqueness:
    """A field whose values must differ between records: here, or in a field downstream."""

    field: str
    """Its own name."""
    binding: Binding
    steps: tuple[Transform, ...]
    """The transforms of a value before it is compared."""

    def key(self, value: Value) -> str | None:
        """The text that is compared: equal for exactly the values that count as one.

        None, which is equal to nothing, for null and for a value that never arrives there.
        """
        key = chain_apply(self.steps, value)
        return None if isinstance(key, NoValue) else _compared(key)


def _compared(value: object) -> str | None:
    match value:
        case None:
            return None
        case str():
            return f"{TEXT_KEY}{value}"
        case bool():
            return f"b{value}"
        case int() | Decimal():
            sign, digits, exponent = Decimal(value).as_tuple()
            if isinstance(exponent, str):  # infinite, or no number
                return f"n{value}"
            kept = "".join(map(str, digits)).rstrip("0")
            if not kept:
                return "n0"
            return f"n{'-' * sign}{kept.lstrip('0')}e{exponent + len(digits) - len(kept)}"
        case datetime():
            return f"i{value.astimezone(UTC).isoformat()}"
        case date() | time():
            return f"m{value.isoformat()}"
        case _:  # of no type that contracts know, but a table may hold it
            return f"o{value!r}"


@dataclass(frozen=True, slots=True)
class NotKnown:
    """A possible further obligation that is not known."""

    fields: tuple[str, ...]
    """Own names of fields of the entry."""
    reason: str
    binding: Binding | None
    """The constraint or step it may follow from, where that is one."""


@dataclass(frozen=True)
class Requirement:
    """All obligations on the records of one entry."""

    entity: Entity
    clauses: tuple[Clause, ...]
    """By field, in the order of the contract, nearest obligation first; then those on several fields."""
    unique: tuple[Uniqueness, ...]
    not_known: tuple[NotKnown, ...]
    budget: Budget
    """The budget of every question about it."""

    def admits(self, record: Mapping[str, Value]) -> bool:
        """Whether a record meets every clause. Uniqueness concerns several records, and is not checked."""
        return all(clause.admits(record) for clause in self.clauses)

    @cached_property
    def plain(self) -> Mapping[str, ValueSet]:
        """Per field, its own plain clauses: languages of few states, numbers of characters."""
        plain = dict.fromkeys(self.entity.fields, ValueSet.everything())
        for clause in self.clauses:
            if _is_plain(clause):
                plain[clause.fields[0]] &= cast("ValueSet", clause.accepts)
        return plain

    @cached_property
    def restated(self) -> Mapping[Clause, ValueSet]:
        """Clauses on texts that are not plain, as plain sets: equivalent for values that meet the plain clauses.

        Twelve bytes of a code page are twelve characters where only letters and digits are accepted.
        """
        restated = {}
        for clause in self.clauses:
            if isinstance(clause.accepts, ValueSet) and not clause.guards and not _is_plain(clause):
                texts = _restated(self.plain[clause.fields[0]].texts, clause.accepts.texts, self.budget)
                if texts is not None:
                    restated[clause] = replace(clause.accepts, texts=texts)
        return restated

    @cached_property
    def values(self) -> Mapping[str, ValueSet]:
        """Per field, by its own name, the values that meet its clauses without a guard or a second field."""
        values: dict[str, list[ValueSet]] = {name: [] for name in self.entity.fields}
        for clause in self.clauses:
            if isinstance(clause.accepts, ValueSet) and not clause.guards:
                values[clause.fields[0]].append(clause.accepts)
        return {name: reduce(and_, sets, ValueSet.everything()) for name, sets in values.items()}


def _is_plain(clause: Clause) -> bool:
    if not isinstance(clause.accepts, ValueSet) or clause.guards:
        return False
    return all(atom.plain is not None or _counts_characters(atom) for atom in clause.accepts.texts.atoms)


def _counts_characters(atom: Atom) -> bool:
    return isinstance(atom, Measure) and not atom.chain and atom.weight == CODE_POINTS


def _restated(known: TextSet, texts: TextSet, budget: Budget) -> TextSet | None:
    """A plain set that admits the same of the known texts; None: none was found."""
    plain, within = TextSet.full(), partial(_is_within, budget=budget.limited(budget.restating_states))
    try:
        for atom in texts.atoms:
            one = TextSet.of((atom,))
            if within(known, one):
                continue
            if isinstance(atom, Measure) and atom.plain is None:
                measured = TextSet.measure(CODE_POINTS, atom.low, atom.high)
                if not (within(known & measured, one) and within(known & one, measured)):
                    return None
                one = measured
            elif atom.plain is None:
                return None
            plain &= one
    except BudgetExceeded:
        return None
    return plain


def _is_within(inner: TextSet, outer: TextSet, budget: Budget) -> bool:
    return inner.stray(outer, budget) is None


def requirement(context: Context, entity: Entity, *, lossless: bool = False) -> Requirement:
    """The requirement of an entry: met by the records that no system rejects; with `lossless`, nor alters."""
    clauses: dict[tuple[object, ...], Clause] = {}
    doubts: dict[NotKnown, None] = {}
    here = {field.full_name for field in entity.fields.values()}
    for obligation in context.obligations(entity):
        if (obligation.effect == "refuse" or lossless) and not _only_when_sent(obligation):
            clause = _clause(context, entity, obligation)
            if isinstance(clause, NotKnown):
                doubts[clause] = None
            elif clause is not None:
                key = (clause.fields, clause.accepts, clause.guards)
                known = clauses.get(key)
                clauses[key] = clause if known is None else _both(known, clause)
    for field in entity.fields.values():
        reason = context.not_known_downstream(field)
        if reason is not None:
            doubts[NotKnown((field.name,), reason, None)] = None
    unique: list[Uniqueness] = []
    for required_values in _uniqueness(context, entity):
        if isinstance(required_values, Uniqueness):
            unique.append(required_values)
        else:
            doubts[required_values] = None
    for lacking in context.lacking:
        own = tuple(name.field for name in lacking.entry_fields(context.judge) if name in here)
        if own:
            missing = " and ".join(str(field.full_name) for field in lacking.fields)
            reason = (
                f"{missing} must be filled in, and no flow brings a value: every record that arrives there is rejected"
            )
            doubts[NotKnown(own, reason, lacking.binding)] = None
    for missed in unfilled_fields(context):
        own = tuple(name.field for name in typed_before(context, missed) if name in here)
        if own:
            reason = f"{missed.field.full_name} is filled only on a condition, and may be empty where it is required"
            doubts[NotKnown(own, reason, missed.binding)] = None
    places = {name: place for place, name in enumerate(entity.fields)}
    in_order = sorted(clauses.values(), key=lambda clause: (len(clause.fields), [places[n] for n in clause.fields]))
    return Requirement(entity, tuple(in_order), tuple(unique), tuple(doubts), context.budget)


def _only_when_sent(obligation: Obligation) -> bool:
    """Whether it comes from a field that the system alone fills: it rejects what is sent, and not what stands there."""
    origins = (origin.constraint for origin in obligation.origins if isinstance(origin, OwnConstraint))
    filled_alone = any(isinstance(constraint.restriction, FilledAlone) for constraint in origins)
    return filled_alone and not obligation.continuations


def _clause(context: Context, entity: Entity, obligation: Obligation) -> Clause | NotKnown | None:
    """An obligation as a clause; None: it never applies to records of this entry."""
    here = {field.full_name: field.name for field in entity.fields.values()}
    own = tuple(here[name] for name in dict.fromkeys(obligation.fields) if name in here)
    bindings = _bindings(obligation)
    guards: list[OwnGuard] = []
    for name, values in obligation.guards:
        if name in here:
            guards.append((here[name], values))
        elif not context.graph.into.get(name) and None not in values:
            return None  # no flow fills that field, and the obligation does not apply to null
        elif context.graph.into.get(name):
            reason = f"it applies only where {name} has certain values, which this entry alone does not decide"
            return NotKnown(own, reason, bindings[0])
    if obligation.unknown is not None or obligation.accepts is None:
        if context.judge.verdict(obligation, entity.full_name) == "proved":
            return None  # every value of the entry is accepted for certain
        return NotKnown(own, obligation.unknown or "the obligation is not known", bindings[0])
    elsewhere = next((name for name in obligation.fields if name not in here), None)
    if elsewhere is not None:
        return NotKnown(own, f"it is joined with {elsewhere}, which this entry does not fill", bindings[0])
    return Clause(
        tuple(here[n] for n in obligation.fields), obligation.accepts, tuple(guards), obligation.effect, bindings
    )


def _bindings(obligation: Obligation) -> tuple[Binding, ...]:
    """The origins of an obligation, nearest first."""
    routes = sorted(shortest_routes(obligation).items(), key=lambda item: len(item[1].steps))
    return tuple(Binding(o.field.full_name, o.name, o.sentence, o.location, o.field.source) for o, _ in routes)


def _both(known: Clause, more: Clause) -> Clause:
    """One clause of two with the same content; its effect is "refuse" where one of them has that."""
    effect: Effect = "refuse" if "refuse" in (known.effect, more.effect) else "alter"
    bindings = tuple(dict.fromkeys((*known.bindings, *more.bindings)))
    return Clause(known.fields, known.accepts, known.guards, effect, bindings)


def _uniqueness(context: Context, entity: Entity) -> Iterator[Uniqueness | NotKnown]:
    """Uniqueness among the records of this entry; records of other entries and stored records are not considered.

    A record with the key of an earlier one is an update of it: a key alone demands nothing of the records of a file.
    """
    own = {field.full_name: field for field in entity.fields.values()}
    downstream = context.graph.downstream(list(own))
    for other in context.graph.contracts.entities.values():
        for unique in other.unique:
            demand = Demand(other, unique)
            if unique.is_key and unique.updates:
                continue
            if not downstream.isdisjoint(demand.columns):
                yield from _of_demand(context, entity, own, demand)


def _of_demand(
    context: Context, entity: Entity, own: Mapping[FieldName, Field], demand: Demand
) -> Iterator[Uniqueness | NotKnown]:
    unique, binding = demand.unique, binding_of(demand)
    not_stated: str | None = None
    if len(demand.columns) > 1:
        not_stated = f"{', '.join(unique.fields)} are unique together there, which is not checked"
    elif demand.entity is entity:
        yield Uniqueness(unique.fields[0], binding, comparison(unique, own[demand.columns[0]]))
    else:
        yield from _unique_downstream(context, own, demand)
    if not_stated is None and unique.opaque is not None:
        not_stated = f"values are compared there by {unique.opaque}, which cannot be stated exactly"
    elif not_stated is None and unique.one_null:
        not_stated = "one record at most may be null there, which is not checked"
    if not_stated is not None:
        upstream = context.graph.upstream(list(demand.columns))
        concerned = tuple(each.name for name, each in own.items() if name in upstream)
        yield NotKnown(concerned, not_stated, binding)


def _unique_downstream(
    context: Context, own: Mapping[FieldName, Field], demand: Demand
) -> Iterator[Uniqueness | NotKnown]:
    uniqueness: dict[Uniqueness, None] = {}
    binding = binding_of(demand)
    try:
        ways = context.ways(demand)
        doubt = next((reason for name, reason in ways.doubts.items() if name in own), None)
        for way in ways.whole:
            (lane,) = way.lanes
            if lane.origin.field not in own:
                continue
            if way.on_condition:
                doubt = "some values arrive there only on a condition"
            else:
                uniqueness[Uniqueness(own[lane.origin.field].name, binding, lane.steps)] = None
    except BudgetExceeded as error:
        doubt = error.reason
    if len(uniqueness) > 1:
        doubt = doubt or "values arrive there by more than one way"
    yield from uniqueness
    if doubt is not None:
        upstream = context.graph.upstream(list(demand.columns))
        concerned = tuple(each.name for name, each in own.items() if name in upstream)
        yield NotKnown(concerned, f"unknown whether all values stay different there: {doubt}", binding)
