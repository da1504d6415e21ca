"""Judging whether an entry meets an obligation: proved, refuted by a record, or unknown.

A refutation never rests on the algebra alone: the refuting record is run forward along the route to the obligation's
origin, and counts only if it is rejected (or altered) there. A record that another system rejects earlier proves
nothing about this obligation; then a record is sought among those that arrive.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial, reduce
from itertools import islice, product
from math import prod
from operator import and_
from typing import TYPE_CHECKING

from ...values.budget import BudgetExceeded, out_of
from ...values.question import answering
from ...values.record import RecordSet, write_record
from ...values.textset import TextSet
from ...values.valueset import ValueSet
from ..preconditions.obligation import FlowStep, OwnConstraint
from ..preconditions.relation import FieldsRelation
from ..preconditions.routes import routes_to
from .comparable import compared_values, never_apart
from .doubts import may_be_rejected_by
from .entered import Entered
from .further_types import further_types
from .judgement import PROVED, Judgement
from .own_rules import OwnRules, is_own_rule, record_in_case
from .replay import Disputed, Walk, fails_on_arrival, replay
from .sampling import first_few, samples
from .simulate import travel
from .survivors import Survival, is_known_in_part
from .twins import Lost, Twins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ...documents.names import EntityName, FieldName
    from ...values.budget import Budget
    from ...values.solve.atom import Atom
    from ...values.valueset import Value, Witness
    from ..finding import FieldValues, Verdict
    from ..preconditions.compose import Composition
    from ..preconditions.obligation import Accepts, Obligation, Origin
    from ..preconditions.routes import Route
    from .own_rules import RecordCase


class Judge:
    """Decides obligations for the entries of one estate, each once."""

    def __init__(
        self,
        composition: Composition,
        accepted: Mapping[FieldName, ValueSet] | None = None,
        joint: tuple[Atom, ...] = (),
        budget: Budget | None = None,
        survival: Survival | None = None,
    ) -> None:
        """Decide for all values that fields accept; for some, only the values `accepted`, in records within `joint`.

        `survival`: one of the same composition, whose work is shared.
        """
        self.composition = composition
        self.graph = composition.graph
        self.budget = budget or composition.budget
        self._joint = joint
        self._accepted = {name: composition.sets.intern(values) for name, values in (accepted or {}).items()}
        self._narrowed = frozenset(self._accepted)
        self._entered = Entered(composition)
        self._among: dict[tuple[ValueSet, tuple[FieldName, ...]], Judge] = {}
        self._survival = survival or Survival(composition.sets)
        self.twins = Twins(composition, self._entered.at, self.budget)
        """Decides what is lost of a record that is altered."""
        self._obligations: dict[tuple[Obligation, EntityName], Judgement] = {}
        self._judgements: dict[tuple[Obligation, int, EntityName], Judgement] = {}
        self._outside: dict[tuple[int, int], Witness | None] = {}
        self._own_rules = OwnRules(self.graph, composition.sets, self.budget)
        self._downstream: dict[EntityName, set[FieldName]] = {}
        self._met_in_one_way: dict[tuple[Obligation, int, EntityName], bool] = {}

    def among(self, values: ValueSet, names: tuple[FieldName, ...]) -> Judge:
        """Decides for the records alone in which fields hold some of these values, within a smaller budget."""
        key = (values, names)
        judge = self._among.get(key)
        if judge is None:
            narrowed = {name: self.accepted(name) & values for name in names}
            budget = self.budget.second_look
            judge = self._among[key] = Judge(self.composition, narrowed, budget=budget, survival=self._survival)
        return judge

    def accepted(self, name: FieldName) -> ValueSet:
        """The values a field really accepts: its contract without the constraints it does not enforce."""
        accepted = self._accepted.get(name)
        if accepted is None:
            accepted = self._accepted[name] = self.entered(name)
        return accepted

    def entered(self, name: FieldName) -> ValueSet:
        """The values that its contract lets in, also where only some are decided for."""
        return self._entered.at(name)

    def verdict(self, obligation: Obligation, entity: EntityName) -> Verdict:
        """Whether the records an entry accepts meet an obligation, without regard to its origins."""
        return self._first(obligation, entity).verdict

    def decide(self, obligation: Obligation, entity: EntityName) -> Judgement:
        """The same verdict with its record, which was not run forward."""
        return self._first(obligation, entity)

    def may_fail(self, obligation: Obligation, entity: EntityName) -> bool:
        """Whether that verdict is refuted or unknown."""
        return self.verdict(obligation, entity) != "proved"

    def judge(self, obligation: Obligation, origin: Origin, entity: EntityName) -> Judgement:
        """Whether every record that the entry (by full name) accepts meets the obligation, as far as this origin goes.

        "proved" also where another system rejects every failing record before it arrives: another obligation reports
        that. And where a value is altered, and something else gives it back.
        """
        key = (obligation, id(origin), entity)  # the obligation keeps its origins alive
        judgement = self._judgements.get(key)
        if judgement is None:
            try:
                with answering(*obligation.question(entity)):
                    judgement = self._among_sure(obligation, origin, entity, self._judge(obligation, origin, entity))
            except BudgetExceeded as error:
                judgement = Judgement("unknown", reason=error.reason)
            self._judgements[key] = judgement
        return judgement

    def _among_sure(self, obligation: Obligation, origin: Origin, entity: EntityName, known: Judgement) -> Judgement:
        """A proof among the values that the entry accepts for certain, where others are in doubt; else what is known."""
        undecided = known.verdict == "unknown" and not self._narrowed
        for name in dict.fromkeys(obligation.fields if undecided else ()):
            sets = [doubt.sure for doubt in self.graph.storage(name).doubts if doubt.sure is not None]
            if name.entity_name == entity and sets:
                judgement = self.among(reduce(and_, sets), (name,)).judge(obligation, origin, entity)
                if judgement.verdict == "refuted":
                    return judgement
        return known

    def _judge(self, obligation: Obligation, origin: Origin, entity: EntityName) -> Judgement:
        first = self._first(obligation, entity)
        if first.verdict != "refuted" or first.record is None:
            if first.verdict == "unknown" and obligation.unknown is not None:
                return self._sampled(obligation, origin, entity) or first
            return first
        doubt: str | Disputed | None = None
        for route in self._routes(obligation, origin, self.budget.routes):
            if isinstance(route, BudgetExceeded):
                doubt = doubt or f"more ways lead there, and every record tried is rejected earlier ({route.reason})"
                break
            walk = replay(self.graph, route, first.record)
            record = first.record
            if walk.outcome in {"stopped", "depends"} or (walk.outcome != "fails" and is_known_in_part(route)):
                if walk.outcome == "depends":
                    doubt = doubt or Disputed(record, walk)
                narrowed = self._among_arriving(route, entity, doubt)
                doubt = doubt or narrowed.reason
                if narrowed.record is None:
                    continue
                record = narrowed.record
                walk = replay(self.graph, route, record)
            twin: FieldValues | None = None
            lost_in: EntityName | None = None
            if walk.outcome == "fails" and obligation.effect == "alter" and self._alters(route.origin):
                lost = self.twins.lost(route, record)
                if not isinstance(lost, Lost):  # altered, and nothing is lost of it
                    doubt = doubt or lost
                    continue
                record, twin, walk = self._altered_first(route, lost)
                lost_in = lost.entity
            if walk.outcome == "fails":
                whole = self._with_conditions_met(obligation, origin, entity, record)
                rejection_doubt = may_be_rejected_by(self.graph, route, record, self.budget)
                if not isinstance(whole, str) and rejection_doubt is None:
                    return Judgement("refuted", whole, walk.hops, twin=twin, lost_in=lost_in)
                doubt = doubt or rejection_doubt or (whole if isinstance(whole, str) else None)
                continue
            doubt = doubt or "no record was found that fails when it is run forward"
        return PROVED if doubt is None else Judgement("unknown", reason=str(doubt))

    def _altered_first(self, route: Route, lost: Lost) -> tuple[FieldValues, FieldValues | None, Walk]:
        """The record of a pair that arrives as another value, where one of them does, its twin, and its way."""
        walk = replay(self.graph, route, lost.record)
        if lost.twin is not None:
            arrives, typed = walk.hops[-1].value, lost.record
            if any(value == arrives and lost.twin.get(name) != value for name, value in typed.items()):
                return lost.twin, typed, replay(self.graph, route, lost.twin)
        return lost.record, lost.twin, walk

    def _alters(self, origin: Origin) -> bool:
        """Whether something alters the value there; a constraint that is not enforced does not."""
        if isinstance(origin, OwnConstraint):
            changes = self.graph.storage(origin.field.full_name).changes
            return any(change.constraint is origin.constraint for change in changes)
        return isinstance(origin, FlowStep)

    def _routes(self, obligation: Obligation, origin: Origin, most: int) -> Iterator[Route | BudgetExceeded]:
        """The first routes to an origin; last, where there may be more, the budget that ended the search."""
        try:
            for number, route in enumerate(routes_to(obligation, origin, self.budget)):
                if number == most:
                    yield BudgetExceeded("routes", most)
                    return
                yield route
        except BudgetExceeded as error:
            yield error

    # ------------------------------------------------------------------------------------------------ statically

    def _first(self, obligation: Obligation, entity: EntityName) -> Judgement:
        key = (obligation, entity)
        first = self._obligations.get(key)
        if first is None:
            try:
                with answering(*obligation.question(entity)):
                    held = partial(self.held, entity)
                    first = (
                        PROVED
                        if is_own_rule(obligation, entity)
                        else self._decide_within(entity, obligation, held, self._joint, self.budget)
                    )
                if first.verdict == "proved":
                    typed = (name for name in obligation.fields if name.entity_name == entity)
                    doubt = further_types(self.graph, obligation, set(typed) - self._narrowed, self.budget)
                    first = first if doubt is None else Judgement("unknown", reason=doubt)
            except BudgetExceeded as error:
                first = Judgement("unknown", reason=error.reason)
            self._obligations[key] = first
        return first

    def held(self, entity: EntityName, name: FieldName) -> ValueSet:
        """The values a field of an obligation can hold for a record of the entry.

        A field that is filled by other entries only holds null, if it accepts null: two entries that fill one record
        together are decided where the obligation is carried back to both.
        """
        values = self.accepted(name)
        if name.entity_name == entity or not self.graph.into.get(name) or name in self.reached(entity):
            return values
        return self.composition.sets.intern(values & ValueSet.null_only())

    def _is_typed(self, name: FieldName) -> bool:
        """Whether it is a field of an entry."""
        return self.graph.contracts.entities[name.entity_name].kind == "entry"

    def reached(self, entity: EntityName) -> set[FieldName]:
        """The fields within that a value of the entry (by full name) can reach, its own included."""
        reached = self._downstream.get(entity)
        if reached is None:
            fields = self.graph.contracts.entities[entity].fields.values()
            names = [field.full_name for field in fields if field.full_name in self.composition.within]
            reached = self._downstream[entity] = self.graph.downstream(names)
        return reached

    def _decide_within(
        self,
        entity: EntityName,
        obligation: Obligation,
        accepted: Callable[[FieldName], ValueSet],
        joint: tuple[Atom, ...],
        budget: Budget,
    ) -> Judgement:
        """The decision for records that also meet the entry's own constraints under a condition."""
        cases = self._own_rules.cases(entity, obligation)
        if not cases:
            return self._decide(obligation, accepted, joint, budget)
        doubt = PROVED
        for case in cases:
            decision = self._decide_case(case, obligation, accepted, joint, budget)
            if decision.verdict == "refuted":
                return decision
            doubt = decision if decision.verdict == "unknown" else doubt
        return doubt

    def _decide_case(
        self,
        case: RecordCase,
        obligation: Obligation,
        accepted: Callable[[FieldName], ValueSet],
        joint: tuple[Atom, ...],
        budget: Budget,
    ) -> Judgement:
        """The decision for the records of one case of the entry's own constraints."""
        sets = self.composition.sets
        guards = dict(obligation.guards)
        narrowed = {name: sets.meet(sets.intern(accepted(name)), values) for name, values in case.values.items()}
        within: Callable[[FieldName], ValueSet] = lambda name: narrowed.get(name) or accepted(name)  # noqa: E731
        beside: dict[FieldName, Value] = {}
        for name in narrowed.keys() - {*obligation.fields, *guards}:
            witness = narrowed[name].witness(budget)
            if witness is None:
                return PROVED
            if None not in narrowed[name]:
                beside[name] = witness.value
        decision = self._decide(obligation, within, joint, budget)
        if decision.verdict != "refuted" or decision.record is None:
            return decision
        if not case.related:
            return replace(decision, record={**decision.record, **beside})
        held: Callable[[FieldName], ValueSet] = lambda name: within(name) & guards.get(name, ValueSet.everything())  # noqa: E731
        whole = record_in_case(case, obligation, decision.record, held, budget)
        if whole is None or isinstance(whole, str):
            return PROVED if whole is None else Judgement("unknown", reason=whole)
        return replace(decision, record={**beside, **whole})

    def _decide(
        self,
        obligation: Obligation,
        accepted: Callable[[FieldName], ValueSet],
        joint: tuple[Atom, ...],
        budget: Budget,
    ) -> Judgement:
        record: dict[FieldName, Value] = {}
        for name, values in obligation.guards:
            if name in obligation.fields:
                continue
            held = accepted(name)
            if not self._is_typed(name):  # null until a value arrives, even where the field rejects null
                held = self.accepted(name) | ValueSet.null_only()
            witness = (held & values).witness(self.budget)
            if witness is None:
                return PROVED
            if witness.value is not None or self._is_typed(name):
                record[name] = witness.value
        if obligation.unknown is not None:
            if obligation.accepts is not None and self._decide_known(obligation, accepted, joint, budget) == PROVED:
                return PROVED
            return Judgement("unknown", reason=obligation.unknown)
        decision = self._decide_known(obligation, accepted, joint, budget)
        if decision.verdict != "refuted" or decision.record is None:
            return decision
        return Judgement("refuted", {**decision.record, **record})

    def _decide_known(
        self,
        obligation: Obligation,
        accepted: Callable[[FieldName], ValueSet],
        joint: tuple[Atom, ...],
        budget: Budget,
    ) -> Judgement:
        """Whether every record has accepted values, its guards aside."""
        if isinstance(obligation.accepts, ValueSet):
            return self._decide_one(obligation.fields[0], obligation.accepts, accepted, budget)
        if isinstance(obligation.accepts, FieldsRelation):
            return self._decide_relation(obligation, obligation.accepts, accepted, budget)
        return self._decide_record(obligation, accepted, joint, budget)

    def _decide_one(
        self, name: FieldName, accepts: ValueSet, accepted: Callable[[FieldName], ValueSet], budget: Budget
    ) -> Judgement:
        values = accepted(name)
        key = (id(values), id(accepts))  # the composition keeps both alive
        if key not in self._outside:
            self._outside[key] = values.outside(accepts, budget)
        witness = self._outside[key]
        return PROVED if witness is None else Judgement("refuted", {name: witness.value})

    def _decide_relation(
        self,
        obligation: Obligation,
        relation: FieldsRelation,
        accepted: Callable[[FieldName], ValueSet],
        budget: Budget,
    ) -> Judgement:
        """Whether no two values of a record compare as they must not."""
        left, right = _guarded(obligation, accepted)
        one, other = obligation.fields
        if one != other:
            found = compared_values(left, right, relation, budget)
            if found is None:
                return PROVED
            unfed = next((name for name in obligation.fields if not self._is_typed(name)), None)
            if unfed is not None:  # null, unless the system fills it by itself
                return Judgement("unknown", reason=f"no flow brings {unfed}, and what it holds is not known")
            return Judgement("refuted", {one: found[0], other: found[1]})
        if never_apart(relation):
            return PROVED
        for value in islice(samples(left, self.budget), self.budget.samples):
            if relation.is_broken_by((value, value)):
                return Judgement("refuted", {one: value})
        return Judgement("unknown", reason=f"{one} is compared with itself after other steps, and no value tried fails")

    def _decide_record(
        self, obligation: Obligation, accepted: Callable[[FieldName], ValueSet], joint: tuple[Atom, ...], budget: Budget
    ) -> Judgement:
        """An obligation on several fields at once."""
        if not isinstance(obligation.accepts, TextSet):
            message = "an obligation on several fields is a set of records"
            raise TypeError(message)
        fields = _guarded(obligation, accepted)
        texts_or_null = ValueSet.of_type("text") | ValueSet.null_only()
        for name, values in zip(obligation.fields, fields, strict=True):
            other = values.outside(texts_or_null, self.budget)
            if other is not None:  # joined values must be text
                return Judgement("refuted", self._complete(obligation, fields, {name: other.value}))
        records = RecordSet(tuple((values.texts, values.null) for values in fields), joint)
        shortest: tuple[str | None, ...] | None = None
        for atom in obligation.accepts.atoms:
            violation = records.first_violation(atom, budget)
            if violation is not None and (shortest is None or _size(violation) < _size(shortest)):
                shortest = violation
        if shortest is None:
            return PROVED
        record: dict[FieldName, Value] = {}
        for name, value in zip(obligation.fields, shortest, strict=True):
            if record.setdefault(name, value) != value:
                return self._sample_repeated(obligation, fields, f"{name} arrives by two ways that are joined again")
        return Judgement("refuted", record)

    def records(self, obligation: Obligation, entity: EntityName) -> RecordSet | None:
        """The records of an entry that an obligation on several fields applies to; None: they are not known as such.

        A field that occurs twice holds one value, which a set of records cannot say.
        """
        if len(set(obligation.fields)) < len(obligation.fields) or len(obligation.fields) < 2:
            return None
        fields = _guarded(obligation, partial(self.held, entity))
        return RecordSet(tuple((values.texts, values.null) for values in fields), self._joint)

    def _complete(
        self, obligation: Obligation, fields: Sequence[ValueSet], record: dict[FieldName, Value]
    ) -> FieldValues:
        for name, values in zip(obligation.fields, fields, strict=True):
            if name not in record:
                witness = values.witness(self.budget)
                record[name] = None if witness is None else witness.value
        return record

    def _sample_repeated(self, obligation: Obligation, fields: Sequence[ValueSet], doubt: str) -> Judgement:
        """A verdict for an obligation that lists a field twice, which must hold one value: tries samples by length."""
        by_name = dict(zip(obligation.fields, fields, strict=True))
        options = [[(name, value) for value in samples(values, self.budget)] for name, values in by_name.items()]
        for choice in islice(product(*options), self.budget.samples):
            record = dict(choice)
            parts = [record[name] for name in obligation.fields]
            if not all(part is None or isinstance(part, str) for part in parts):
                continue
            written = write_record([None if part is None else str(part) for part in parts])
            if any(written not in atom for atom in obligation.accepts.atoms):  # type: ignore[union-attr]
                return Judgement("refuted", record)
        spent = out_of("samples", self.budget.samples)
        return Judgement("unknown", reason=_unless_all_tried(doubt, options, self.budget.samples, spent))

    # ------------------------------------------------------------------------------------------------ concretely

    def _sampled(self, obligation: Obligation, origin: Origin, entity: EntityName) -> Judgement | None:
        """Run samples forward where the algebra cannot decide: a failure is a proof; None: no sample failed.

        Only the entry's values are sampled; other fields hold null until a value arrives.
        """
        if isinstance(origin, FlowStep) and not origin.step.exact:
            return None
        if isinstance(origin, OwnConstraint) and origin.constraint.doubt is not None:
            return None
        guards = dict(obligation.guards)
        names = [*dict.fromkeys(obligation.fields), *(name for name in guards if name not in obligation.fields)]
        typed = [self._is_typed(name) or not self.graph.into.get(name) for name in names]
        only_null = self.composition.sets.intern(ValueSet.null_only())
        held = [self.held(entity, name) if t else only_null for name, t in zip(names, typed, strict=True)]
        held = [values & guards[name] if name in guards else values for name, values in zip(names, held, strict=True)]
        likely = self._breaking(obligation, entity)
        options = [
            [(name, likely[name])]
            if name in likely and name in obligation.fields
            else [(name, value) for value in self._tried(values, likely)]
            for name, values in zip(names, held, strict=True)
        ]
        for route in self._routes(obligation, origin, self.budget.sampled_routes):
            if isinstance(route, BudgetExceeded):
                return None
            for choice in islice(product(*options), self.budget.samples):
                walk = replay(self.graph, route, dict(choice))
                if (
                    walk.outcome != "fails"
                    or may_be_rejected_by(self.graph, route, dict(choice), self.budget) is not None
                ):
                    continue
                if self._happens(origin, dict(choice)):
                    return Judgement("refuted", dict(choice), walk.hops)
        return None

    def _breaking(self, obligation: Obligation, entity: EntityName) -> FieldValues:
        """A record that breaks an obligation, if it applies to all that its guards let through; empty: none is known."""
        if obligation.accepts is None or not obligation.guards:
            return {}
        try:
            claimed = replace(obligation, unknown=None)
            return self._decide(claimed, partial(self.held, entity), self._joint, self.budget).record or {}
        except BudgetExceeded:
            return {}

    def _tried(self, values: ValueSet, likely: FieldValues) -> Iterator[Value]:
        """Members to try; first the values of a record that breaks an obligation if it applies, which may be equal."""
        if likely:
            yield from (value for value in dict.fromkeys(likely.values()) if value in values)
            yield from first_few(values, self.budget)
        yield from samples(values, self.budget)

    def _with_conditions_met(
        self, obligation: Obligation, origin: Origin, entity: EntityName, record: FieldValues
    ) -> FieldValues | str:
        """The record as it is, where the conditions on the way concern the entry's own fields or fields no flow fills.

        Where they concern fields downstream, the entry's values decide: the record completed with values of the entry
        for which the failure happens when the record is sent; or the reason why none were found.
        """
        filled = [name for name, _ in obligation.guards if name.entity_name != entity and self.graph.into.get(name)]
        if not filled:
            return record
        typed = {name: value for name, value in record.items() if name not in filled}
        upstream = self.graph.upstream(filled)
        fields = self.graph.contracts.entities[entity].fields.values()
        deciding = [f.full_name for f in fields if f.full_name in upstream and f.full_name not in typed]
        wanted = [record[name] for name in filled if record.get(name) is not None]
        options: list[list[tuple[FieldName, Value]]] = []
        for name in deciding:
            accepted = self.accepted(name)
            likely = [value for value in wanted if value in accepted]
            others = (*first_few(accepted, self.budget), *samples(accepted, self.budget))
            options.append([(name, value) for value in (*likely, *others)])
        for choice in islice(product(*options), self.budget.completions):
            whole = typed | dict(choice)
            if self._happens(origin, whole):
                return whole
        doubt = "no record was found that meets the conditions on the way when it is run forward"
        spent = out_of("completions", self.budget.completions)
        return _unless_all_tried(doubt, options, self.budget.completions, spent)

    def _happens(self, origin: Origin, record: FieldValues) -> bool:
        """Whether that failure happens when the record is sent over every flow whose condition it meets."""
        arrived = travel(self.graph, record, self.budget).arrivals.get(origin.field.full_name, ())
        return any(arrival.sure and fails_on_arrival(self.graph, origin, arrival) for arrival in arrived)

    def _among_arriving(self, route: Route, entity: EntityName, known: str | Disputed | None) -> Judgement:
        """The obligation decided again, among the records that no field on the route rejects first.

        Those on which engines differ are left out: without them it cannot be proved, but may be refuted. `known`: the
        doubt there is already.
        """
        sets, budget = self.composition.sets, self.budget.second_look
        accepts = self._survival.in_one_way(route)

        def undecided() -> Judgement:
            return Judgement("unknown", reason=str(known or self._survival.disputed(route, self.accepted, budget)))

        try:
            if accepts is not route.start.accepts and self._is_met(route.start, accepts, entity):
                return undecided()
            arriving = self._survival.of(route)
            start = route.start
            if not arriving.whole and accepts is not start.accepts:
                start = replace(start, accepts=accepts)
            single: dict[FieldName, ValueSet] = {}
            for name, values in zip(start.fields, arriving.single, strict=True):
                single[name] = sets.meet(single.get(name) or self.held(entity, name), values)
            joint = tuple(dict.fromkeys((*self._joint, *arriving.joint.atoms)))
            accepted: Callable[[FieldName], ValueSet] = lambda name: single.get(name) or self.accepted(name)  # noqa: E731
            decision = self._decide_within(entity, start, accepted, joint, budget)
            if decision.verdict == "proved" and not arriving.whole:
                return undecided()
        except BudgetExceeded as error:
            return Judgement("unknown", reason=error.reason)
        return decision

    def _is_met(self, obligation: Obligation, accepts: Accepts, entity: EntityName) -> bool:
        """Whether the records of an entry meet an obligation, if it accepts something else. Raises BudgetExceeded."""
        key = (obligation, id(accepts), entity)  # the preimages keep it alive
        is_met = self._met_in_one_way.get(key)
        if is_met is None:
            other, held = replace(obligation, accepts=accepts), partial(self.held, entity)
            decided = self._decide_within(entity, other, held, self._joint, self.budget.second_look)
            is_met = self._met_in_one_way[key] = decided.verdict == "proved"
        return is_met


def _guarded(obligation: Obligation, accepted: Callable[[FieldName], ValueSet]) -> list[ValueSet]:
    """Per field of an obligation, the values in the records that it applies to."""
    guards = dict(obligation.guards)
    return [accepted(name) & guards[name] if name in guards else accepted(name) for name in obligation.fields]


def _unless_all_tried(doubt: str, options: Sequence[Sequence[object]], most: int, spent: str) -> str:
    """A doubt, with the budget that was spent where `most` is not every combination of the options."""
    return f"{doubt} ({spent})" if prod(map(len, options)) > most else doubt


def _size(record: Sequence[str | None]) -> int:
    return sum(len(value) for value in record if value is not None)
