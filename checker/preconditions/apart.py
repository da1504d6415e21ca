"""Two views of a value: whether no two values are equal in both, of which each view leaves another one as it is.

What one view alters, another may give back. But two views must not excuse each other: where one turns `a` into `b` and the
other `b` into `a`, each gives back the value that the other alters, and both values leave the same behind. That is ruled
out where

    - one of the views leaves alone all that the other does; or
    - both only leave characters out, and map the others by the same table, if by any: each result would be shorter than
      the value it is made of, and each value is the result of the other; or
    - one of them, in its only step, makes nothing but values that the other leaves alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...lineage.transform import TextTransform, ways
from ...lineage.transforms.cut import Last, Substring, Truncate
from ...lineage.transforms.edit import Keep, Remove
from ...lineage.transforms.fixed import Default, Identity
from ...lineage.transforms.lines import Lines
from ...lineage.transforms.lookup import Map
from ...lineage.transforms.part import After, Before, LastPart, Split
from ...lineage.transforms.spaces import Trim
from ...lineage.transforms.stored import Fitted
from ...values.budget import BudgetExceeded
from ...values.transducer import Mapped
from ...values.valueset import ValueSet

if TYPE_CHECKING:
    from ...lineage.transform import Transform
    from ...values.budget import Budget
    from ...values.valueset import Value
    from .field_view import FieldView

_LEAVING_OUT = (
    Identity, Truncate, Substring, Last, Trim, Keep, Remove, Before, After, Split, LastPart, Lines, Fitted,
)  # fmt: skip
"""Steps whose result is some of the characters of a text, in their order."""


def are_told_apart(first: FieldView, second: FieldView, budget: Budget) -> bool:
    """Whether, of two values that are equal in both views, one view leaves both alone. False may mean unknown."""
    if first.chain == second.chain or lies_within(first.whole, second.whole, budget):
        return True
    if lies_within(second.whole, first.whole, budget) or _leave_out(first, second):
        return True
    return _makes_only(first, second.whole) or _makes_only(second, first.whole)


def lies_within(inner: ValueSet, outer: ValueSet, budget: Budget) -> bool:
    """Whether a set is part of another, as far as a glance tells."""
    if outer is ValueSet.everything():
        return True
    try:
        return inner.stray(outer, budget.glance) is None
    except BudgetExceeded:
        return False


def _leave_out(first: FieldView, second: FieldView) -> bool:
    """Whether both leave characters out, and map the others by one table at most."""
    tables: set[Transform] = set()
    for view in (first, second):
        for step in view.chain:
            if isinstance(step, TextTransform) and all(_maps_characters(way) for way in ways(step)):
                tables.add(step)
            elif not all(isinstance(way, _LEAVING_OUT) for way in ways(step)):
                return False
    return len(tables) <= 1


def _maps_characters(step: Transform) -> bool:
    return isinstance(step, TextTransform) and isinstance(step.machine, Mapped)


def _makes_only(view: FieldView, kept: ValueSet) -> bool:
    """Whether a view's only step makes of the values that it alters none but such as are kept."""
    steps = [step for step in view.chain if not isinstance(step, Identity)]
    made: list[Value]
    match steps:
        case [Default(text)]:
            made = [text]
        case [Map() as step] if step.otherwise != "value":
            made = [None, *(new for _, new in step.pairs)]
        case [Map() as step]:
            made = [step.value, *(new for _, new in step.pairs)]
        case _:
            return False
    return all(value in kept for value in made)
