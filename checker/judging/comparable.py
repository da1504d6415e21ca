"""Whether two sets hold values of which a comparison is true, each after the steps on its way to where they are compared.

Nothing is enumerated: "some value becomes less than c" is a preimage and a question of emptiness. The least value that the
left set can become is sought by halving, among days, times and instants; among numbers the ends of their ranges decide.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

from ...lineage.transform import NoValue, chain_apply, chain_preimage, varies
from ...lineage.transforms.fixed import Identity
from ...lineage.transforms.shift import DateShift
from ...values.budget import BudgetExceeded
from ...values.valueset import ValueSet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from decimal import Decimal

    from ...lineage.transform import Transform
    from ...values.budget import Budget
    from ...values.valueset import Value
    from ..preconditions.relation import FieldsRelation

_FAMILIES = ("decimal", "date", "datetime", "time", "text", "boolean")
"""Types whose values are compared with each other; whole numbers are among the decimal ones."""
_ROUNDS = 64
_MIRRORED = {">": "<", ">=": "<="}


def compared_values(
    first: ValueSet, second: ValueSet, relation: FieldsRelation, budget: Budget
) -> tuple[Value, Value] | None:
    """Members of two sets of which the comparison of a relation is true; None: there are none.

    Raises BudgetExceeded where that is not decided.
    """
    one, other = (_Side(values, chain, budget) for values, chain in zip((first, second), relation.chains, strict=True))
    pair, undecided = relation.forbidden, False
    if not pair.is_exact or any(varies(chain) for chain in relation.chains):
        return _sampled(one, other, relation, budget)
    for family in _FAMILIES:
        left, right = one.of(family), other.of(family)
        if left.is_empty or right.is_empty:
            continue
        sign = pair.sign
        if sign in _MIRRORED:
            found = _pair(right, left, _MIRRORED[sign], family)
            found = None if found is None else (found[1], found[0])
        else:
            found = _pair(left, right, sign, family)
        if found is not None:
            if relation.is_broken_by(found):
                return found
            undecided = True
    if undecided:
        raise BudgetExceeded("samples", len(_FAMILIES))
    return None


def never_apart(relation: FieldsRelation) -> bool:
    """Whether the comparison is surely false of a value and itself, each after its own steps."""
    left, right = relation.chains
    sign = relation.forbidden.sign
    if left == right:
        return not varies(left) and relation.forbidden.is_exact and "=" not in sign
    days = [_days_added(chain) for chain in relation.chains]
    if days[0] is None or days[1] is None:
        return False
    how = "=" if days[0] == days[1] else "<" if days[0] < days[1] else ">"
    return how not in sign


def _days_added(chain: tuple[Transform, ...]) -> int | None:
    """The days that a chain adds to every date; None: not always as many, or it does something else."""
    days = 0
    for step in chain:
        if isinstance(step, Identity):
            continue
        if not isinstance(step, DateShift) or step.by.months:
            return None
        days += step.by.days
    return days


class _Side:
    """One of the two sets, with the steps on its values."""

    def __init__(self, values: ValueSet, chain: tuple[Transform, ...], budget: Budget) -> None:
        self.values, self.chain, self._budget = values, chain, budget

    def of(self, family: str) -> _Side:
        """Those that become values of a type."""
        return self.within(ValueSet.of_type(family))

    def within(self, wanted: ValueSet) -> _Side:
        """Those that become one of these values."""
        return _Side(self.values & chain_preimage(self.chain, wanted), self.chain, self._budget)

    @property
    def is_empty(self) -> bool:
        return self.values.is_empty(self._budget)

    def member(self) -> tuple[Value, Any] | None:
        """A member, and what it becomes. Raises BudgetExceeded where that depends."""
        witness = self.values.witness(self._budget)
        if witness is None:
            return None
        outcome = chain_apply(self.chain, witness.value)
        if isinstance(outcome, NoValue):
            raise BudgetExceeded("samples", 1)
        return witness.value, outcome

    def members(self, most: int) -> Iterator[Value]:
        """The first members, each once."""
        values = self.values
        for _ in range(most):
            witness = values.witness(self._budget)
            if witness is None:
                return
            yield witness.value
            values = values - ValueSet.exactly([witness.value])


def _sampled(left: _Side, right: _Side, relation: FieldsRelation, budget: Budget) -> tuple[Value, Value] | None:
    """Tried value by value, where engines differ in the steps or in the comparison."""
    members = [list(side.members(budget.first_values)) for side in (left, right)]
    for left_value, right_value in product(*members):
        if relation.is_broken_by((left_value, right_value)):
            return left_value, right_value
    if not members[0] or not members[1]:
        return None
    raise BudgetExceeded("samples", len(members[0]) * len(members[1]))


def _pair(left: _Side, right: _Side, sign: str, family: str) -> tuple[Value, Value] | None:
    match sign:
        case "=":
            return _equal(left, right)
        case "<>":
            return _different(left, right, family)
        case _:
            return _ascending(left, right, family, or_equal=sign == "<=")


def _equal(left: _Side, right: _Side) -> tuple[Value, Value] | None:
    if not right.chain:
        found = left.within(right.values).member()
        return None if found is None else found
    if not left.chain:
        found = right.within(left.values).member()
        return None if found is None else (found[1], found[0])
    for value in left.members(_ROUNDS):
        became = chain_apply(left.chain, value)
        if not isinstance(became, NoValue):
            other = right.within(ValueSet.exactly([became])).member()
            if other is not None:
                return value, other[0]
    raise BudgetExceeded("samples", _ROUNDS)


def _different(left: _Side, right: _Side, family: str) -> tuple[Value, Value] | None:
    one, two = left.member(), right.member()
    if one is None or two is None:
        return None
    of_family = ValueSet.of_type(family)
    other = right.within(of_family - ValueSet.exactly([one[1]])).member()
    if other is not None:
        return one[0], other[0]
    more = left.within(
        of_family - ValueSet.exactly([one[1]])
    ).member()  # all on the right become what the left one does
    return None if more is None else (more[0], two[0])


def _ascending(left: _Side, right: _Side, family: str, *, or_equal: bool) -> tuple[Value, Value] | None:
    """A value on the left that becomes less than one on the right does, or equal to it."""
    if family in {"text", "boolean"}:
        raise BudgetExceeded("samples", 0)
    for _ in range(_ROUNDS):  # mostly the first value is small enough
        one = left.member()
        if one is None:
            return None
        two = right.within(_above(one[1], or_equal=or_equal)).member()
        if two is not None:
            return one[0], two[0]
        left = left.within(_below(one[1]))  # nothing on the right is above it, so only less can be below something
        if family != "decimal":
            return _ascending_discrete(left, right, family, or_equal=or_equal)
    return _ascending_numbers(left, right, or_equal=or_equal)


def _ascending_discrete(left: _Side, right: _Side, family: str, *, or_equal: bool) -> tuple[Value, Value] | None:
    if left.is_empty:
        return None
    low, high, value = _SPANS[family]
    while low < high:  # the least that the left values become
        middle = (low + high) // 2
        if left.within(ValueSet.between(None, value(middle))).is_empty:
            low = middle + 1
        else:
            high = middle
    one = left.within(ValueSet.between(None, value(low))).member()
    if one is None:
        return None
    two = right.within(_above(one[1], or_equal=or_equal)).member()
    return None if two is None else (one[0], two[0])


def _ascending_numbers(left: _Side, right: _Side, *, or_equal: bool) -> tuple[Value, Value] | None:
    """By the ends of the ranges of both sides, and what lies between them."""
    if left.chain or right.chain:
        raise BudgetExceeded("samples", _ROUNDS)
    ends = sorted({*_ends(left.values), *_ends(right.values)})
    for cut in (*ends, *((one + two) / 2 for one, two in pairwise(ends))):
        for below_open, above_open in ((True, False), (False, True), *([(False, False)] if or_equal else [])):
            one = left.within(ValueSet.between(None, cut, hi_open=below_open)).member()
            two = right.within(ValueSet.between(cut, None, lo_open=above_open)).member()
            if one is not None and two is not None:
                return one[0], two[0]
    if not ends:
        raise BudgetExceeded("samples", _ROUNDS)
    return None


def _ends(values: ValueSet) -> Sequence[Decimal]:
    return [cut for cuts in values.numbers.bands[1] for cut, _ in cuts if not cut.is_infinite()]


def _above(value: Any, *, or_equal: bool) -> ValueSet:  # noqa: ANN401 - a value of an ordered type
    return ValueSet.between(value, None, lo_open=not or_equal)


def _below(value: Any) -> ValueSet:  # noqa: ANN401 - as above
    return ValueSet.between(None, value, hi_open=True)


_MOMENT = timedelta(microseconds=1)
_FIRST = datetime.min.replace(tzinfo=UTC)
_DAY = timedelta(days=1)


def _time_of(number: int) -> time:
    return (_FIRST + number * _MOMENT).time()


_SPANS: dict[str, tuple[int, int, Callable[[int], Any]]] = {
    "date": (date.min.toordinal(), date.max.toordinal(), date.fromordinal),
    "time": (0, _DAY // _MOMENT - 1, _time_of),
    "datetime": (0, (datetime.max.replace(tzinfo=UTC) - _FIRST) // _MOMENT, lambda number: _FIRST + number * _MOMENT),
}
"""Per type of moments, their least and greatest number, and the moment of a number."""
