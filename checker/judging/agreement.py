"""Whether entries accept the same values in fields that mean the same; and a value that tells them apart."""

from __future__ import annotations

from functools import reduce
from itertools import permutations
from operator import and_
from typing import TYPE_CHECKING

from ...contracts.store_keys import SAME_AS
from ...documents.problem import nearest
from ...estate.record_rules import is_counterpart
from ...lineage.condition import NUMERIC
from ...values.budget import BudgetExceeded
from ...values.regex import parse
from ...values.show import show
from ...values.textset import TextSet
from ...values.valueset import ValueSet
from ..finding import Binding
from ..messages import escaped
from .breach import Breach
from .spread import PLAIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...contracts.model import Field
    from ...documents.location import Location
    from ...estate.record_rules import Agreeing
    from ...values.budget import Budget
    from ...values.valueset import Value
    from .breach import BreachKind
    from .context import Context

_NOT_NULL = ~ValueSet.null_only()
_WRITTEN = _NOT_NULL & (~ValueSet.of_type("text") | ValueSet.text(TextSet.language(parse(r"[^\x00-\x1f]*").language)))
"""Without control characters, which a declaration hardly ever speaks of."""
_DEPENDS = "whether it may be left empty depends on the other fields of a record"


def disagreements(context: Context, demand: Agreeing) -> Iterator[Breach]:
    """What breaks a demand: at most one a pair of fields and direction."""
    entities = context.graph.contracts.entities
    for first, second in permutations(demand.entries, 2):
        for field in entities[first].fields.values():
            for other in entities[second].fields.values():
                if is_counterpart(field, other):
                    breach = _Pair(context, "channels-differ", demand.location, field, other).breach()
                    if breach is not None:
                        yield breach


def stale_declarations(context: Context) -> Iterator[Breach]:
    """The fields whose `same_as` is a field that accepts other values: at most one a pair and direction."""
    fields = context.graph.contracts.fields
    for field in fields.values():
        other = None if field.same_as is None else fields.get(field.same_as)
        if field.same_as is not None and other is None:
            guess = nearest(str(field.same_as), tuple(map(str, fields)))
            hint = "" if guess is None else f"; did you mean {guess}?"
            message = f"{field.full_name} is said to be the same as {field.same_as}, which no contract has{hint}"
            binding = Binding(
                field.full_name, SAME_AS.name, f"the same as {field.same_as}", field.location, field.source
            )
            yield Breach("stale", message, field.full_name, field.full_name, binding, field.location)
        elif other is not None:
            for one, two in ((field, other), (other, field)):
                breach = _Pair(context, "stale", field.location, one, two).breach()
                if breach is not None:
                    yield breach


_DEMANDS: dict[BreachKind, tuple[str, str]] = {
    "channels-differ": ("agree", "the entries accept the same values"),
    "stale": (SAME_AS.name, "both declare one field"),
}


class _Pair:
    """A field, and the one that must accept the same values."""

    def __init__(self, context: Context, kind: BreachKind, demanded: Location, field: Field, other: Field) -> None:
        self._kind = kind
        self._demanded = demanded
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
        accepted, taken = self._accepted & (_NOT_NULL if self._kind != "stale" else _WRITTEN), self._taken
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
        source = self._other.source
        binding = Binding(other, constraint.name, constraint.sentence, constraint.location, source)
        place = self._field.location
        return Breach(self._kind, message, field, other, binding, place, {field: value}, is_plain=is_plain)

    def _undecided(self, reason: str) -> Breach:
        field, other = self._field.full_name, self._other.full_name
        message = f"{field}: unknown whether {other} accepts all of its values: {escaped(reason)}"
        word, sentence = _DEMANDS[self._kind]
        binding = Binding(other, word, sentence, self._demanded)
        return Breach(self._kind, message, field, other, binding, self._field.location, reason=reason)
