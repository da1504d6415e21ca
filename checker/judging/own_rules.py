"""An entry's own constraints on records: required on a condition, and rules between fields, as cases of what it accepts.

A record that an entry accepts is in one of the cases: each field has one of the values of the case, and the pairs of the
case compare as it says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import TYPE_CHECKING, TypeAlias

from ...contracts.constraint import FieldsCheck
from ...lineage.transform import chain_preimage
from ...lineage.truth import NEGATED_SIGNS
from ...values.budget import BudgetExceeded
from ...values.valueset import ValueSet
from ..preconditions.obligation import OwnConstraint
from ..preconditions.relation import FieldsRelation
from .comparable import compared_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ...documents.names import EntityName, FieldName
    from ...lineage.graph import Graph
    from ...values.budget import Budget
    from ..finding import FieldValues
    from ..preconditions.obligation import Guard, Obligation
    from ..preconditions.preimages import Preimages

_NULL = ValueSet.null_only()
_NOT_NULL = ValueSet.everything() - _NULL


@dataclass(frozen=True, slots=True)
class RelatedFields:
    """Two fields of which a comparison is true."""

    fields: tuple[FieldName, FieldName]
    relation: FieldsRelation
    """Its comparison is the one that is true."""


_Option: TypeAlias = "tuple[Guard, ...] | RelatedFields"


@dataclass(frozen=True, slots=True)
class RecordCase:
    """One way in which a record meets all of an entry's own constraints."""

    values: dict[FieldName, ValueSet]
    related: tuple[RelatedFields, ...]

    @property
    def names(self) -> set[FieldName]:
        """The fields it says anything of."""
        return {*self.values, *(name for each in self.related for name in each.fields)}


class OwnRules:
    """The cases of the entries of a graph."""

    def __init__(self, graph: Graph, sets: Preimages, budget: Budget) -> None:
        self._graph, self._sets, self._budget = graph, sets, budget
        self._options: dict[EntityName, list[list[_Option]]] = {}

    def cases(self, entity: EntityName, obligation: Obligation) -> list[RecordCase]:
        """The cases of an entry, of the constraints alone that concern an obligation; none: none of them does.

        Raises BudgetExceeded.
        """
        if entity not in self._options:
            self._options[entity] = list(self._ways(entity))
        concerned = {*obligation.fields, *(name for name, _ in obligation.guards)}
        options: list[list[_Option]] = []
        rest = [(each, _names_in(each)) for each in self._options[entity]]
        while near := [each for each in rest if not concerned.isdisjoint(each[1])]:
            options += (each for each, _ in near)
            concerned.update(*(names for _, names in near))
            rest = [each for each in rest if each not in near]
        if not options:
            return []
        if prod(map(len, options)) > self._budget.unmet_ways:
            raise BudgetExceeded("unmet ways", prod(map(len, options)))
        return [self._case(choice) for choice in product(*options)]

    def _case(self, choice: Sequence[_Option]) -> RecordCase:
        values: dict[FieldName, ValueSet] = {}
        related: list[RelatedFields] = []
        for option in choice:
            if isinstance(option, RelatedFields):
                related.append(option)
                continue
            for name, some in option:
                values[name] = self._sets.meet(values.get(name) or ValueSet.everything(), self._sets.intern(some))
        return RecordCase(values, tuple(dict.fromkeys(related)))

    def _ways(self, entity: EntityName) -> Iterator[list[_Option]]:
        """Per constraint, and alternative in which it rejects a record, the ways not to be in that alternative."""
        for field in self._graph.contracts.entities[entity].fields.values():
            stored = self._graph.storage(field.full_name)
            for _, condition in stored.conditional:
                for case in condition.cases:
                    yield [((field.full_name, _NOT_NULL),), *map(self._outside, case)]
            for _, denied in stored.checks:
                for alternative in denied.alternatives:
                    ways: list[_Option] = [self._outside(guard) for guard in alternative.values]
                    for pair in alternative.pairs:
                        chains = [self._graph.storage(name).transforms for name in pair.fields]
                        opposite = replace(pair, sign=NEGATED_SIGNS[pair.sign], is_sure=False)
                        ways.append(RelatedFields(pair.fields, FieldsRelation(opposite, (chains[0], chains[1]))))
                    yield ways

    def _outside(self, guard: Guard) -> tuple[Guard, ...]:
        name, values = guard
        return ((name, ~chain_preimage(self._graph.storage(name).transforms, values)),)


def _names_in(options: Sequence[_Option]) -> set[FieldName]:
    return {
        name
        for option in options
        for name in (option.fields if isinstance(option, RelatedFields) else [name for name, _ in option])
    }


def record_in_case(
    case: RecordCase,
    obligation: Obligation,
    record: FieldValues,
    held: Callable[[FieldName], ValueSet],
    budget: Budget,
) -> FieldValues | str | None:
    """A record that breaks an obligation and is accepted in a case, beginning with one that breaks it.

    None: surely there is none. A text: the reason why none was found. `held`: the values of a field in the records that the
    obligation applies to and the case has. Raises BudgetExceeded.
    """
    if len(case.related) == 1:
        (related,) = case.related
        exact = _combined(related, obligation)
        if exact is not None:
            return _of_combined(exact, related, held, budget)
        if isinstance(obligation.accepts, ValueSet) and obligation.fields[0] in related.fields:
            values = {name: held(name) for name in related.fields}
            values[obligation.fields[0]] &= ~obligation.accepts
            left, right = related.fields
            found = compared_values(values[left], values[right], related.relation, budget)
            return None if found is None else {**record, **dict(zip(related.fields, found, strict=True))}
    completed = dict(record)
    for related in case.related:
        sets = [ValueSet.exactly([completed[n]]) if n in completed else held(n) for n in related.fields]
        found = compared_values(sets[0], sets[1], related.relation, budget)
        if found is None:
            return "no record that breaks it was found that the entry's own rules between fields accept"
        completed |= dict(zip(related.fields, found, strict=True))
    return completed


def _combined(related: RelatedFields, obligation: Obligation) -> set[str] | None:
    """How two fields compare where the obligation on them is broken and the entry's rule is met; None: on other fields."""
    accepts = obligation.accepts
    if not isinstance(accepts, FieldsRelation) or set(obligation.fields) != set(related.fields):
        return None
    pairs = (accepts.forbidden, related.relation.forbidden)
    if any(accepts.chains) or any(related.relation.chains) or not all(pair.is_exact for pair in pairs):
        return None
    broken = _ways_of(accepts.forbidden.sign, mirrored=obligation.fields != related.fields)
    return broken & _ways_of(related.relation.forbidden.sign, mirrored=False)


def _of_combined(
    ways: set[str], related: RelatedFields, held: Callable[[FieldName], ValueSet], budget: Budget
) -> FieldValues | None:
    for way in sorted(ways):
        relation = FieldsRelation(replace(related.relation.forbidden, sign=way, is_sure=True))
        found = compared_values(held(related.fields[0]), held(related.fields[1]), relation, budget)
        if found is not None:
            return dict(zip(related.fields, found, strict=True))
    return None


def _ways_of(sign: str, *, mirrored: bool) -> set[str]:
    """The comparisons `<`, `=` and `>` in which a sign is true."""
    turned = {"<": ">", ">": "<"} if mirrored else {}
    return {turned.get(each, each) for each in sign}


def is_own_rule(obligation: Obligation, entity: EntityName) -> bool:
    """Whether it is a rule between fields of the entry itself, which lets no record in that breaks it."""
    return (
        bool(obligation.origins)
        and obligation.unknown is None
        and all(
            isinstance(origin, OwnConstraint)
            and origin.field.full_name.entity_name == entity
            and isinstance(origin.constraint.restriction, FieldsCheck)
            for origin in obligation.origins
        )
    )
