"""Null in a join, where the engine makes null of the whole (SQL's `||`): two links of one flow, told apart by null.

One carries the records whose values are all there, and joins these. The other carries the rest, and brings null. Where
engines that may run the flow differ, it brings what it may be.
"""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from ..values.valueset import ValueSet
from .condition import Condition, Operand
from .engines import in_words
from .field_test import FieldTest, IsNull
from .link import Carried, Link
from .transform import chain_possible
from .transforms.fixed import Constant, OpaqueStep, PerhapsNull
from .truth import And, Not, Or

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..contracts.model import Field
    from .engines import EngineWay
    from .storage import Storage
    from .transform import Transform
    from .transforms.join import NullInJoin
    from .truth import Formula

_NULL = ValueSet.null_only()
_SAID: dict[NullInJoin, str] = {
    "null": "makes null of it",
    "skip": "leaves it out",
    "empty": "reads it as the empty text",
    "refuse": "rejects it",
}


def null_apart(
    link: Link,
    ways: tuple[EngineWay[NullInJoin], ...],
    stored: Callable[[Field], Storage],
    as_run: Callable[[Condition], Condition],
    number: int,
) -> tuple[Link, Link] | None:
    """The two links of a flow that joins values; None: one link is all, since no value is null, or engines agree on a text.

    `ways`: what engines make of null. `as_run`: a condition as they read it. `number`: of the second link.
    """
    engines_agree = len(ways) == 1 and ways[0].rule != "null"
    if engines_agree or not all(step.exact for chain in link.chains for step in chain):
        return None
    tests = [
        FieldTest(field.full_name, chain, IsNull(), f"{field.full_name} IS NULL")
        for field, chain in dict.fromkeys(zip(link.sources, link.chains, strict=True))
        if _may_be_null(stored(field), chain)
    ]
    if not tests:
        return None
    kept = _also(link.flow.when, And(tuple(Not(test) for test in tests)), tests, " AND ", " IS NOT NULL")
    left = _also(link.flow.when, Or(tuple(tests)), tests, " OR ", " IS NULL")
    null_of = next(field for field in link.sources if field.full_name == tests[0].field)
    ends, carried = _null(link, ways, null_of)
    return link.under(as_run(kept)), Link(number, link.flow, (ends, link.target), as_run(left), lambda _: carried)


def _may_be_null(storage: Storage, chain: Sequence[Transform]) -> bool:
    """Whether a value that a field may hold is null where it is joined."""
    held = reduce(and_, [rejection.accepts for rejection in storage.rejections], ValueSet.everything())
    return held & chain_possible(chain, _NULL) != ValueSet.nothing()


def _also(when: Condition | None, formula: Formula, tests: Sequence[FieldTest], joined: str, ending: str) -> Condition:
    """A flow's condition, and a test of the values that it joins."""
    text = joined.join(f"{test.field}{ending}" for test in tests)
    operands = tuple(Operand(test.field, 0, 0) for test in tests)
    if when is None:
        return Condition(text, formula, operands)
    whole = And((when.formula, formula))
    return Condition(f"({when.text}) AND ({text})", whole, (*when.operands, *operands), when.counts_from_today)


def _null(link: Link, ways: tuple[EngineWay[NullInJoin], ...], null_of: Field) -> tuple[tuple[Field, ...], Carried]:
    """What the second link begins at, and how it carries that."""
    if len(ways) == 1:
        brought = Constant(None, "null, since one of the joined values is")
        return (null_of,), Carried(((brought, *link.tail),))
    said = " and ".join(f"{in_words(way.engines)} {_SAID[way.rule]}" for way in ways)
    words = f"of null in a join, {said}"
    if {way.rule for way in ways} == {"skip", "null"}:
        return link.sources, Carried(link.chains, (PerhapsNull(words), *link.tail))
    return (null_of,), Carried(((OpaqueStep(words),),))
