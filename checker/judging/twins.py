"""Twins: two records that differ in one field and leave equal content in an entity that receives both.

A value that a step alters is lost only where nothing gives it back: where a twin, which the entry accepts too and which
arrives as well, leaves the same content in every field of the entity that is fed from that field. The step where the two
become equal decides whether that is forgiven; here it is one that does not treat them as one on purpose.

For one value the search is exact, through the preimage of what it leaves behind; where values that were parted are
joined again it is bounded. Over all values it is exact for finite sets, for texts that machines carry, and for dates; else
it is bounded. What a bounded search does not find is unknown.

Without a twin, too, what a storage makes of a value against the contract of its field is told, and a value that arrives as
null or as another date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, reduce
from itertools import chain, combinations, islice
from operator import or_
from typing import TYPE_CHECKING

from ...lineage.transform import (
    UNKNOWN,
    NoValue,
    TextTransform,
    chain_apply,
    chain_possible,
    chain_preimage,
    settle,
    varies,
)
from ...lineage.transforms.convert import Cast, Reformat
from ...lineage.transforms.fixed import Identity
from ...values import language
from ...values.budget import BudgetExceeded, out_of
from ...values.charset import Charset
from ...values.solve.pairs import equal_pair
from ...values.textset import TextSet
from ...values.valueset import ValueSet
from ..preconditions.apart import lies_within
from ..preconditions.obligation import OwnConstraint
from ..preconditions.recovery import Recovery
from .near_values import are_same, near_values
from .replay import replay, value_before
from .route_ends import step_at_end, way_to_end
from .simulate import travel
from .surroundings import Deciding, Surroundings, is_met, is_unmet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ...documents.names import EntityName, FieldName
    from ...lineage.condition import Alternative
    from ...lineage.graph import Graph, Link
    from ...lineage.transform import Transform
    from ...values.budget import Budget
    from ...values.valueset import Value
    from ..finding import FieldValues
    from ..preconditions.compose import Composition
    from ..preconditions.field_view import FieldView
    from ..preconditions.routes import Route


@dataclass(frozen=True, slots=True)
class Lost:
    """A record of which something is lost."""

    record: FieldValues
    twin: FieldValues | None
    """The record that leaves the same behind; None: there is none, and what is stored is not what was sent."""
    entity: EntityName
    """The entity that does not give it back."""


class Twins:
    """Searches twins for the records of one graph. `entered` gives the values that an entry accepts."""

    def __init__(self, composition: Composition, entered: Callable[[FieldName], ValueSet], budget: Budget) -> None:
        self._composition = composition
        self._graph = composition.graph
        self._entered = entered
        self._budget = budget
        self._downstream: dict[FieldName, set[FieldName]] = {}
        self._conditional: dict[tuple[FieldName, FieldName], list[FieldView]] = {}
        self._alone: dict[tuple[FieldName, FieldName], bool] = {}

    def lost(self, route: Route, record: FieldValues) -> Lost | str | None:
        """What is lost of a record that is altered at the end of a route; or of another one on the same route.

        None: nothing is, of no record. A text: why that is not known.
        """
        kinds = self._graph.contracts.entities
        names = [name for name in dict.fromkeys(route.start.fields) if kinds[name.entity_name].kind == "entry"]
        searches = [_Search(self, route, record, name) for name in names]
        for search in searches:
            guessed = search.guessed()
            if guessed is not None:
                return guessed
        doubt: str | None = None
        for search in searches:
            try:
                found = search.lost()
            except BudgetExceeded as error:
                found = error.reason
            if isinstance(found, Lost):
                return found
            doubt = doubt or found
        return doubt

    @property
    def graph(self) -> Graph:
        """The lineage."""
        return self._graph

    @property
    def budget(self) -> Budget:
        """The budget of every search."""
        return self._budget

    def entered(self, name: FieldName) -> ValueSet:
        """The values that an entry's field accepts."""
        return self._entered(name)

    @cached_property
    def recovery(self) -> Recovery:
        """What entities give back."""
        same = self._budget == self._composition.budget
        return self._composition.recovery if same else Recovery(self._graph, self._budget)

    def downstream(self, name: FieldName) -> set[FieldName]:
        """The fields that a field's value can reach."""
        if name not in self._downstream:
            self._downstream[name] = self._graph.downstream([name])
        return self._downstream[name]

    def entities(self, target: FieldName) -> Iterator[EntityName]:
        """The entity of a field where a value arrives altered, then those that receive it from there."""
        yield target.entity_name
        further = dict.fromkeys(name.entity_name for name in sorted(self.downstream(target) - {target}))
        yield from (entity for entity in further if entity != target.entity_name)

    def conditional(self, name: FieldName, target: FieldName) -> list[FieldView]:
        """What those entities receive of a field's value under a condition."""
        if name not in self._graph.leading_to_conditions:
            return []
        key = (name, target)
        if key not in self._conditional:
            views = (view for entity in self.entities(target) for view in self.recovery.views(name).get(entity, ()))
            self._conditional[key] = [view for view in views if view.conditions]
        return self._conditional[key]

    def is_alone(self, name: FieldName, target: FieldName) -> bool:
        """Whether no other field of the entity is fed from the field than the one where the value arrives altered.

        And that one by a single flow, where there are conditions: under another one another flow may bring something else.
        """
        key = (name, target)
        if key not in self._alone:
            self._alone[key] = self._is_alone(name, target)
        return self._alone[key]

    def _is_alone(self, name: FieldName, target: FieldName) -> bool:
        if name in self._graph.leading_to_conditions:
            views = [view for view in self.recovery.views(name).get(target.entity_name, ()) if view.target == target]
            if any(view.conditions for view in views) and len({view.links[-1] for view in views}) > 1:
                return False
        downstream = self.downstream(name)
        if any(
            sum(source.full_name in downstream for source in link.sources) > 1
            for link in self._graph.into.get(target, ())
        ):
            return False  # joined with itself, of which another part may give it back
        fields = self._graph.contracts.entities[target.entity_name].fields.values()
        return downstream.isdisjoint(field.full_name for field in fields if field.full_name != target)


class _Search:
    """The search among the values of one field, the other fields of the record being as they are."""

    def __init__(self, twins: Twins, route: Route, record: FieldValues, name: FieldName) -> None:
        self._twins = twins
        self._graph, self._budget = twins.graph, twins.budget
        self._route, self._record, self._name = route, record, name
        self._entered = twins.entered(name)
        self._has_doubts = False
        for guarded, values in route.start.guards:
            if guarded == name:
                self._entered = self._entered & values
        self._sure = self._entered
        """Those that come to the step whatever engines run the conditions on the way; a pair of others proves nothing."""
        stored = self._graph.storage(name).transforms
        for link in route.links:
            if link.when is not None and name in link.when.fields:
                alone = [each for each in link.when.alternatives if not each.pairs]
                self._sure = self._sure & chain_preimage(stored, _met_by(name, alone))
                self._entered = self._entered & chain_possible(stored, _met_by(name, link.when.possible))
                self._has_doubts = self._has_doubts or bool(link.when.perhaps or link.when.pairs)
        self._step = step_at_end(self._graph, route)
        self._conditional = twins.conditional(name, route.origin.field.full_name)
        """The ways on which the value may also come to where it is sought, in some records."""

    @cached_property
    def _surroundings(self) -> Surroundings:
        """The record, and such as travel over other flows."""
        if not self._conditional:
            return Surroundings((self._record,), all_tried=True)
        read = {condition for view in self._conditional for condition in view.conditions}
        conditions = sorted(read, key=lambda condition: (condition.fields, condition.text))
        deciding = Deciding(self._graph, self._name, conditions, self._twins.entered)
        return deciding.around(self._record, self._route.start.guards, self._route.start.fields, self._budget)

    @cached_property
    def _before(self) -> tuple[Transform, ...] | None:
        """The transforms on the way to the step; None where the value comes there by several ways."""
        return way_to_end(self._graph, self._route, self._name, self._record)

    @cached_property
    def _is_exact(self) -> bool:
        """Whether the search is, as far as it has come."""
        return not self._has_doubts and not varies(
            settle((*(self._before or ()), self._step), self._entered, self._budget)
        )

    def guessed(self) -> Lost | None:
        """What is lost of the record itself, where a twin is easily guessed: people read those more easily."""
        found = (self._lost_of(record, only_guesses=True) for record in self._surroundings.records)
        return next((lost for lost in found if lost is not None), None)

    def lost(self) -> Lost | str | None:
        """What is lost of one of the values; None: nothing is. A text: why that is not known. Raises BudgetExceeded."""
        if isinstance(self._step, Cast) and self._step.guesses_century:
            return self._of_another_century(self._step.first_year or 1)
        if self._is_held_whole() or (self._equal_texts is None and not isinstance(self._route.origin, OwnConstraint)):
            return None
        tried = 0
        for value in self._altered():
            tried += 1
            found = self._lost_with(value)
            if found is not None:
                return found
        if not self._surroundings.all_tried and self._is_given_back_in_all():
            return (
                "no record was found that arrives without the value being given back there by a flow with a condition"
            )
        if self._is_exact or self._keeps_days_apart():
            return None  # of joined values this holds for the other values of this record alone, and is never exact
        pair: Sequence[Value] | BudgetExceeded | None
        if isinstance(self._step, Cast | Reformat) and self._step.forgets_century:
            pair = self._of_later_centuries(self._step)
        else:
            pair = self._equal_texts if isinstance(self._route.start.accepts, ValueSet) else ()
        if pair is None:
            return None
        if isinstance(pair, BudgetExceeded):
            raise BudgetExceeded(pair.amount, pair.spent)
        for text in pair:
            found = self._lost_with(text)
            if found is not None:
                return found
        return f"no two values were found that become equal there ({out_of('tried values', tried)})"

    def _is_held_whole(self) -> bool:
        """Whether each entity has a view of its own that gives back every value, without a condition."""
        stored = self._twins.recovery.stored_views(self._name)
        return all(
            any(
                not view.conditions and lies_within(self._entered, view.whole, self._budget)
                for view in stored.get(entity, ())
            )
            for entity in self._twins.entities(self._route.origin.field.full_name)
        )

    def _lost_with(self, value: Value) -> Lost | None:
        """What is lost of a record with this value."""
        found = (self._lost_of({**record, self._name: value}) for record in self._surroundings.records)
        return next((lost for lost in found if lost is not None), None)

    def _is_given_back_in_all(self) -> bool:
        """Whether in every record that was tried another way, under a condition, may bring the value as well."""
        own = {link.when for link in self._route.links}
        beside = [view.conditions for view in self._conditional if not view.conditions <= own]
        return not any(
            all(is_unmet(self._graph, conditions, record, self._budget) for conditions in beside)
            for record in self._surroundings.records
        )

    def _altered(self) -> Iterator[Value]:
        """The value of the record, then further ones that the step alters: the shortest, and such as are hard to part."""
        value = self._record.get(self._name)
        yield value
        accepts = self._route.start.accepts
        if not isinstance(accepts, ValueSet):
            self._is_exact = False
            return
        values = self._entered - accepts - ValueSet.exactly([value])
        most = self._budget.tried_values - 1
        several = list(islice(_members(values, self._budget), most + 1))
        self._is_exact = self._is_exact and len(several) <= most
        yield from several[:most]
        for view in (view for views in self._twins.recovery.views(self._name).values() for view in views):
            if view.join is not None and view.join.separator:
                within = ValueSet.text(TextSet.language(_within_words(view.join.separator)))
                stored = self._graph.storage(self._name).transforms
                mixed = values & chain_preimage((*stored, *view.chain[: view.joined_at]), within)
                yield from islice(_members(mixed, self._budget), 1)

    def _lost_of(self, record: FieldValues, *, only_guesses: bool = False) -> Lost | None:
        value = record.get(self._name)
        if value not in self._sure:
            return None
        before = value_before(self._graph, self._route, record)
        after = before if isinstance(before, NoValue) else self._step.apply(before)
        if isinstance(before, NoValue) or isinstance(after, NoValue) or before in self._step.unaltered:
            return None
        if self._conditional and replay(self._graph, self._route, record).outcome == "stopped":
            return None  # a condition on the way keeps this record out
        target = self._route.origin.field.full_name
        is_another = _is_day(value) and _is_day(after) and after != value
        is_gone = after is None or is_another or isinstance(self._route.origin, OwnConstraint)
        for entity in self._twins.entities(target):
            is_alone = entity == target.entity_name and self._twins.is_alone(self._name, target)
            others = [] if is_alone else self._others(entity, record)
            if others is None:
                continue  # something gives back every value
            guesses = self._guessed_twins(record, before, after)
            rest = () if only_guesses else self._candidates(record, before, after, others, entity)
            for twin in chain(guesses, rest):
                typed = {**record, self._name: twin}
                if twin not in self._sure or any(
                    typed.get(name) not in values for name, values in self._route.start.guards if name in typed
                ):
                    continue
                if replay(self._graph, self._route, typed).outcome != "stopped" and (
                    is_alone or self._leaves_same(entity, record, typed)
                ):
                    return Lost(record, typed, entity)
            if is_gone and not others and not only_guesses:
                return Lost(record, None, entity)
        return None

    def _guessed_twins(self, record: FieldValues, before: Value, after: Value) -> Iterator[Value]:
        arrives = after if len(self._route.start.fields) == 1 else None  # joined, it is the text of several fields
        for guess in near_values(record.get(self._name), arrives):
            if guess in self._entered and self._merges(record, guess, before, after):
                yield guess

    def _candidates(
        self,
        record: FieldValues,
        before: Value,
        after: Value,
        others: Sequence[tuple[Transform, ...]],
        entity: EntityName,
    ) -> Iterator[Value]:
        """Values that leave the same behind, by the algebra."""
        value = record.get(self._name)
        if self._before is None:
            self._is_exact = False
        else:
            same = self._step.preimage(ValueSet.exactly([after])) - ValueSet.exactly([before])
            twins = (self._entered - ValueSet.exactly([value])) & chain_preimage(self._before, same)
            for way in others:
                left = chain_apply(way, value)
                if not isinstance(left, NoValue):
                    twins = twins & chain_preimage(way, ValueSet.exactly([left]))
            several = list(islice(_members(twins, self._budget), self._budget.tried_values + 1))
            yield from several[: self._budget.tried_values]
            if several:  # none of them was a twin: not all may have been tried
                self._is_exact = False
        yield from self._parted_otherwise(value, entity)

    def _merges(self, record: FieldValues, value: Value, before: Value, after: Value) -> bool:
        """Whether another value becomes equal at the step, and not before it."""
        there = value_before(self._graph, self._route, {**record, self._name: value})
        if isinstance(there, NoValue) or are_same(there, before):
            return False
        other = self._step.apply(there)
        return not isinstance(other, NoValue) and are_same(other, after)

    def _parted_otherwise(self, value: Value, entity: EntityName) -> Iterator[Value]:
        """Values whose parts, joined again in a field of the entity, are the same text parted elsewhere."""
        joined: dict[Link, list[FieldView]] = {}
        for view in self._twins.recovery.views(self._name).get(entity, ()):
            if view.join is not None and view.links[-1].join is view.join:
                joined.setdefault(view.links[-1], []).append(view)
        stored = self._graph.storage(self._name).transforms
        for link, views in joined.items():
            ends = {view.source: (*stored, *view.chain[: view.joined_at]) for view in views}
            names = [source.full_name for source in link.sources]
            if link.join is None or not link.join.separator or set(ends) != set(names):
                continue
            parts = [chain_apply(ends[name], value) for name in names]
            if not all(isinstance(part, str) for part in parts):
                continue
            pieces = link.join.separator.join(map(str, parts)).split(link.join.separator)
            for cuts in islice(combinations(range(1, len(pieces)), len(names) - 1), self._budget.tried_values):
                values = self._entered - ValueSet.exactly([value])
                for name, first, last in zip(names, (0, *cuts), (*cuts, len(pieces)), strict=True):
                    part = link.join.separator.join(pieces[first:last])
                    values = values & chain_preimage(ends[name], ValueSet.exactly([part]))
                yield from islice(_members(values, self._budget), 1)

    def _others(self, entity: EntityName, record: FieldValues) -> list[tuple[Transform, ...]] | None:
        """The further ways of the field's values into an entity; None: one of them gives every value back.

        Ways on which values are joined with others, or parted and joined again, are left out.
        """
        ways: list[tuple[Transform, ...]] = []
        stored = self._graph.storage(self._name).transforms
        for view in self._twins.recovery.views(self._name).get(entity, ()):
            if not is_met(self._graph, view.conditions, record, self._budget):
                continue
            if view.join is None:
                ways.append((*stored, *view.chain, *self._graph.storage(view.target).transforms))
            elif not view.chain and not stored and not self._is_joined_with_itself(view.links[-1]):
                return None
        return ways

    def _is_joined_with_itself(self, link: Link) -> bool:
        """Whether several of the joined values come from the field."""
        return sum(source.full_name in self._twins.downstream(self._name) for source in link.sources) > 1

    def _leaves_same(self, entity: EntityName, first: FieldValues, second: FieldValues) -> bool:
        """Whether two records, run forward, surely leave the same in every field of an entity."""
        left = []
        fields = self._graph.contracts.entities[entity].fields.values()
        fed = {field.full_name for field in fields} & self._twins.downstream(self._name)
        for record in (first, second):
            journey = travel(self._graph, record, self._budget)
            if journey.endless or any(a.stored is UNKNOWN for name in fed for a in journey.arrivals.get(name, ())):
                return False
            left.append(
                [{_typed(a.stored) for a in journey.arrivals.get(f.full_name, ()) if a.goes_on} for f in fields]
            )
        return left[0] == left[1] and any(left[0])

    @cached_property
    def _equal_texts(self) -> tuple[str, str] | BudgetExceeded | None:
        """Two accepted texts that become equal at the step or before it; None: it is proved that there are none.

        BudgetExceeded where it is not known, also where the way is none of machines.
        """
        try:
            return self._some_equal_texts()
        except BudgetExceeded as error:
            return error

    def _some_equal_texts(self) -> tuple[str, str] | None:
        if not isinstance(self._route.start.accepts, ValueSet):
            raise BudgetExceeded("tried values", self._budget.tried_values)  # joined
        steps = settle((*(self._before or ()), self._step), self._entered, self._budget)
        if varies(steps):
            raise BudgetExceeded("tried values", self._budget.tried_values)
        texts_or_null = ValueSet.of_type("text") | ValueSet.null_only()
        machines = [step.machine for step in steps if isinstance(step, TextTransform)]
        if self._before is None or len(machines) + sum(isinstance(step, Identity) for step in steps) < len(steps):
            raise BudgetExceeded("tried values", self._budget.tried_values)
        if self._entered.outside(texts_or_null, self._budget) is not None:
            raise BudgetExceeded("tried values", self._budget.tried_values)
        return equal_pair(self._entered.texts.as_language(), machines, self._budget)

    def _keeps_days_apart(self) -> bool:
        """Whether it is a date all the way, or an instant made of it: a zone moves all dates alike."""
        on_the_way = self._before is not None and all(
            isinstance(step, Identity) or (isinstance(step, Cast) and not step.forgets_century) for step in self._before
        )
        apart = isinstance(self._step, Cast) and not self._step.forgets_century
        return on_the_way and apart and self._graph.fields[self._name].type == "date"

    def _of_another_century(self, first_year: int) -> Lost | None:
        """A date that is written with two digits of its year, and read again as one of another century.

        Of a text that was entered with two digits nothing is lost: the flow says which years they mean.
        """
        days = ValueSet.of_type("date")
        if self._before is None or not all(isinstance(step, Cast | Identity) for step in self._before):
            return None
        within = ValueSet.between(date(first_year, 1, 1), date(first_year + 99, 12, 31))
        witness = (self._entered & days - within).witness(self._budget)
        return None if witness is None else self._lost_with(witness.value)

    def _of_later_centuries(self, step: Cast | Reformat) -> Sequence[Value] | None:
        """Values whose dates are a hundred years after the first one, or more; None: there are none, so nothing is lost.

        Of a step that forgets the century of a date. Raises BudgetExceeded.
        """
        before = self._before
        if before is None:
            return ()

        def sent(first: int, last: int) -> ValueSet:
            return self._entered & chain_preimage(before, step.of_years(first, last))

        low, high = date.min.year, date.max.year
        while low < high:  # the first year that is sent
            middle = (low + high) // 2
            low, high = (middle + 1, high) if sent(low, middle).is_empty(self._budget) else (low, middle)
        later = sent(low + 100, date.max.year) if low + 100 <= date.max.year else ValueSet.nothing()
        if later.is_empty(self._budget):
            return None
        ends = [date.fromordinal(int(end)) for end, _ in later.days.ends or () if end is not None]
        return [*islice(_members(later, self._budget), self._budget.tried_values), *ends]


def _met_by(name: FieldName, alternatives: Sequence[Alternative]) -> ValueSet:
    """The values of a field with which one of these may be met."""
    values = (dict(each.values).get(name, ValueSet.everything()) for each in alternatives)
    return reduce(or_, values, ValueSet.nothing())


def _members(values: ValueSet, budget: Budget) -> Iterator[Value]:
    """The members of a set, shortest first. Raises BudgetExceeded."""
    while (witness := values.witness(budget)) is not None:
        yield witness.value
        values = values - ValueSet.exactly([witness.value])


def _within_words(separator: str) -> language.Language:
    """Texts with the separator between other characters: where such parts are joined, they can be parted elsewhere."""
    other = language.repeat(language.chars(~Charset.of(separator)), 1)
    return language.concat(other, language.literal(separator), other)


def _typed(value: Value | NoValue) -> tuple[str, Value | NoValue]:
    return type(value).__name__, value


def _is_day(value: Value) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)
