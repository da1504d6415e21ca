"""How two fields relate that a condition compares, as a value of its own: less, equal, greater, or one of them null."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from ...documents.names import FieldName
from ...lineage.condition import Pair
from ...values.budget import BudgetExceeded
from ...values.valueset import ValueSet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ...values.budget import Budget
    from ...values.valueset import Value

_NULL = "null"
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def related(pair: Pair) -> tuple[FieldName, ValueSet]:
    """The name under which the relation of two fields is kept, and the relations that the comparison allows."""
    left, right, sign = pair.left, pair.right, pair.sign
    if right < left:
        left, right, sign = right, left, _MIRRORED.get(sign, sign)
    return FieldName("", str(left), str(right)), ValueSet.exactly([each for each in ("=", "<", ">") if each in sign])


def is_relation(name: FieldName) -> bool:
    """Whether a name is that of a relation: no field has it."""
    return not name.system


def related_values(
    relations: Mapping[FieldName, ValueSet], held: Callable[[FieldName], ValueSet], budget: Budget
) -> dict[FieldName, Value] | None:
    """Values of the fields that relate as allowed; None: surely there are none. Raises BudgetExceeded."""
    values: dict[FieldName, Value] = {}
    for name, allowed in relations.items():
        left, right = FieldName.read(name.entity), FieldName.read(name.field)
        if left in values or right in values:
            raise BudgetExceeded("completions", len(relations))  # fields that are compared with several others
        found = next(_related(left, right, allowed, held, budget), None)
        if found is None:
            return None
        values |= dict(zip((left, right), found, strict=True))
    return values


def _related(
    left: FieldName, right: FieldName, allowed: ValueSet, held: Callable[[FieldName], ValueSet], budget: Budget
) -> Iterator[tuple[Value, Value]]:
    known = ~ValueSet.null_only()
    first, second = held(left), held(right)
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
    wanted = [sign for sign in ("<", ">") if sign in allowed]
    if wanted and not some.is_empty(budget) and not other.is_empty(budget):
        few = [_few(values, budget) for values in (some, other)]
        for one, two in product(*few):
            record = {left: one, right: two}
            if any(Pair(left, sign, right).holds(record) for sign in wanted):
                yield one, two
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
