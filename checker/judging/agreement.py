"""Whether entries accept the same values in fields that mean the same; and a value that tells them apart."""

from __future__ import annotations

from functools import reduce
from itertools import permutations
from operator import and_
from typing import TYPE_CHECKING

from ...estate.record_rules import is_counterpart
from ...lineage.condition import NUMERIC
from ...values.budget import BudgetExceeded
from ...values.show import show
from ...values.valueset import ValueSet
from ..finding import Binding
from ..messages import escaped
from .breach import Breach
from .spread import PLAIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...contracts.model import Field
    from ...estate.record_rules import Agreeing
    from ...values.budget import Budget
    from ...values.valueset import Value
    from .context import Context

_NOT_NULL = ~ValueSet.null_only()
_DEPENDS = "whether it may be left empty depends on the other fields of a record"


def disagreements(context: Context, demand: Agreeing) -> Iterator[Breach]:
    """What breaks a demand: at most one a pair of fields and direction."""
    entities = context.graph.contracts.entities
    for first, second in permutations(demand.entries, 2):
        for field in entities[first].fields.values():
            for other in entities[second].fields.values():
                if is_counterpart(field, other):
                    breach = _Pair(context, demand, field, other).breach()
                    if breach is not None:
                        yield breach


class _Pair:
    """A field of an entry, and its counterpart at another one."""

    def __init__(self, context: Context, demand: Agreeing, field: Field, other: Field) -> None:
        self._demand = demand
        self._field = field
        self._other = other
        self._budget: Budget = context.budget.room
        self._accepted = context.judge.accepted(field.full_name)
        self._taken = context.judge.accepted(other.full_name)
        self._own, self._others = (context.graph.storage(each.full_name) for each in (field, other))

    def breach(self) -> Breach | None:
        """A value that the field accepts and its counterpart rejects; or the reason why none is known."""
        types = {self._field.type, self._other.type}
        if len(types) > 1 and not types <= set(NUMERIC):
            return self._undecided(f"one is of type {self._field.type}, the other of type {self._other.type}")
        try:
            return self._by_value() or self._by_null()
        except BudgetExceeded as error:
            return self._undecided(error.reason)

    def _by_value(self) -> Breach | None:
        accepted, taken = self._accepted & _NOT_NULL, self._taken
        sure = reduce(and_, (each.sure or ValueSet.nothing() for each in self._own.doubts), accepted)
        for values in (sure & PLAIN, sure):
            witness = values.outside(taken, self._budget)
            if witness is not None:
                return self._differs(witness.value, is_plain=values is not sure)
        possible = accepted.outside(taken, self._budget)
        if possible is not None:
            doubt = self._own.doubtful(possible.value)[0].doubt
            name = self._field.full_name
            return self._undecided(f"{show(possible.value)} would be a proof, if {name} accepts it, and {doubt}")
        for each in self._others.doubts:
            if accepted.outside(each.sure or ValueSet.nothing(), self._budget) is not None:
                return self._undecided(each.constraint.doubt or each.constraint.sentence)
        return None

    def _by_null(self) -> Breach | None:
        """Of records in which the field is left empty."""
        if None not in self._accepted:
            return None
        if None in self._taken:
            return self._undecided(_DEPENDS) if self._others.conditional else None
        return self._undecided(_DEPENDS) if self._own.conditional else self._differs(None, is_plain=True)

    def _differs(self, value: Value, *, is_plain: bool) -> Breach:
        field, other = self._field.full_name, self._other.full_name
        enforced = (each for each in self._other.constraints if each not in self._others.ignored)
        constraint = next(each for each in enforced if value not in each.accepts)
        limit = escaped(constraint.sentence)
        if value is None:
            message = f"{field} may be left empty; {other} may not ({limit})"
        else:
            is_emptied = None in self._accepted and None not in self._taken and not self._own.conditional
            nor = ", and may not be left empty, either" if is_emptied else ""
            message = f"{field} accepts {show(value)}; {other} rejects it ({limit}){nor}"
        binding = Binding(other, constraint.name, constraint.sentence, constraint.location)
        place = self._field.location
        return Breach("channels-differ", message, field, other, binding, place, {field: value}, is_plain=is_plain)

    def _undecided(self, reason: str) -> Breach:
        field, other = self._field.full_name, self._other.full_name
        message = f"{field}: unknown whether {other} accepts all of its values: {escaped(reason)}"
        binding = Binding(other, "agree", "the entries accept the same values", self._demand.location)
        return Breach("channels-differ", message, field, other, binding, self._field.location, reason=reason)
