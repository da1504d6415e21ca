"""How two fields relate that a condition compares, as a value of its own.

Numbers and dates, and texts that are equal to themselves alone: less, equal, greater, or one of them null. Texts that
engines compare in several ways: equal or different in all of them, disputed, or one of them null.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from ...lineage.collations import BYTES
from ...lineage.truth import Pair
from ...values.budget import BudgetExceeded
from ...values.valueset import ValueSet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ...documents.names import FieldName
    from ...lineage.collations import Collation
    from ...values.budget import Budget
    from ...values.valueset import Value

_NULL, _DISPUTED = "null", "?"
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


@dataclass(frozen=True, slots=True)
class FieldRelation:
    """Two fields whose values relate, the first by name first."""

    left: FieldName
    right: FieldName
    collations: tuple[Collation, ...]
    """How texts may be compared; none: each is equal to itself alone."""

    @property
    def signs(self) -> tuple[str, ...]:
        """The ways in which values other than null may relate."""
        if not self.collations:
            return "=", "<", ">"
        disputed = Pair(self.left, "=", self.right, self.collations).is_disputed
        return ("=", "<>", _DISPUTED) if disputed else ("=", "<>")

    def between(self, left: Value, right: Value) -> str | None:
        """How two values relate; None: not at all, for they are of two types."""
        if left is None or right is None:
            return _NULL
        record = {self.left: left, self.right: right}
        if not self.collations:
            return next((sign for sign in "=<>" if Pair(self.left, sign, self.right).holds(record)), None)
        surely = (sign for sign in ("=", "<>") if Pair(self.left, sign, self.right, self.collations).holds(record))
        return next(surely, _DISPUTED)


def related(pair: Pair) -> tuple[FieldRelation, ValueSet]:
    """How two fields relate, and the relations that a comparison allows."""
    left, right, sign = pair.left, pair.right, pair.sign
    if right < left:
        left, right, sign = right, left, _MIRRORED.get(sign, sign)
    if pair.is_exact:
        return FieldRelation(left, right, ()), ValueSet.exactly([each for each in ("=", "<", ">") if each in sign])
    return FieldRelation(left, right, pair.collations), ValueSet.exactly([sign] if pair.is_sure else [sign, _DISPUTED])


def related_values(
    relations: Mapping[FieldRelation, ValueSet], held: Callable[[FieldName], ValueSet], budget: Budget
) -> dict[FieldName, Value] | None:
    """Values of the fields that relate as allowed; None: surely there are none. Raises BudgetExceeded."""
    values: dict[FieldName, Value] = {}
    for relation, allowed in relations.items():
        if relation.left in values or relation.right in values:
            raise BudgetExceeded("completions", len(relations))  # fields that are compared with several others
        found = next(_related(relation, allowed, held, budget), None)
        if found is None:
            return None
        values |= dict(zip((relation.left, relation.right), found, strict=True))
    return values


def _related(
    relation: FieldRelation, allowed: ValueSet, held: Callable[[FieldName], ValueSet], budget: Budget
) -> Iterator[tuple[Value, Value]]:
    known = ~ValueSet.null_only()
    first, second = held(relation.left), held(relation.right)
    some, other = (values & known for values in (first, second))
    if "=" in allowed:
        equal = (some & other).witness(budget)
        if equal is not None:
            yield equal.value, equal.value
    if _NULL in allowed and (first.null or second.null):
        left_value, right_value = first.witness(budget), second.witness(budget)
        if first.null and right_value is not None:
            yield None, right_value.value
        if second.null and left_value is not None:
            yield left_value.value, None
    equal_alone = not relation.collations or BYTES in relation.collations  # then none are equal but the very same
    wanted = [sign for sign in relation.signs if sign != "=" and sign in allowed]
    if (wanted or ("=" in allowed and not equal_alone)) and not some.is_empty(budget) and not other.is_empty(budget):
        few = [_few(values, budget) for values in (some, other)]
        for one, two in product(*few):
            if relation.between(one, two) in allowed:
                yield one, two
        if all(len(members) < budget.first_values for members in few):
            return  # these are all
        raise BudgetExceeded("completions", len(few[0]) * len(few[1]))


def _few(values: ValueSet, budget: Budget) -> list[Value]:
    members: list[Value] = []
    for _ in range(budget.first_values):
        witness = values.witness(budget)
        if witness is None:
            break
        members.append(witness.value)
        values = values - ValueSet.exactly([witness.value])
    return members
