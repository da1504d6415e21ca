"""Sets carried back: each content one object, and a glance that never says too much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldline.checker.preconditions.preimages import Preimages
from fieldline.documents.names import FieldName
from fieldline.lineage.transforms.convert import Cast
from fieldline.lineage.transforms.cut import Truncate
from fieldline.lineage.transforms.spaces import Trim
from fieldline.values.textset import TextSet
from fieldline.values.valueset import ValueSet
from fieldline.values.weight import CODE_POINTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldline.checker.judging.context import Context

TEXT = {"type": "text"}


def at_most(n: int) -> ValueSet:
    return ValueSet.text(TextSet.measure(CODE_POINTS, 0, n))


def test_sets_of_one_content_are_one_object(context: Callable[..., Context]) -> None:
    sets = Preimages(context([], a={"a": TEXT}).graph)
    first = sets.intern(at_most(3))
    assert sets.intern(at_most(3)) is first
    assert sets.meet(first, ValueSet.everything()) is first
    assert sets.meet(first, sets.intern(at_most(2))) is sets.meet(first, sets.intern(at_most(2)))
    assert sets.over((Trim(),), at_most(3)) is sets.over((Trim(),), at_most(3))


def test_a_field_accepts_the_values_it_does_not_reject(context: Callable[..., Context]) -> None:
    field = {"type": "text", "required": True, "max_length": 2}
    sets = Preimages(context([], a={"a": field}, b={"a": {**field, "on_violation": "truncate"}}).graph)
    for name, expected in (("a.e.a", False), ("b.e.a", True)):
        accepted = sets.accepted(FieldName.read(name))
        assert ("abc" in accepted, "ab" in accepted, None in accepted) == (expected, True, False)
    assert sets.stored(FieldName.read("b.e.a"), (Trim(),)) == (Truncate(2), Trim())


def test_a_glance_says_yes_only_where_it_is_so(context: Callable[..., Context]) -> None:
    sets = Preimages(context([], a={"a": TEXT}).graph)
    short, long = sets.intern(at_most(2)), sets.intern(at_most(3))
    assert sets.implies(short, long)
    assert not sets.implies(long, short)


def test_a_step_that_does_not_work_on_text_hides_the_record(context: Callable[..., Context]) -> None:
    flows = [{"from": ["in1.e.a", "in1.e.b"], "to": "c.e.a", "via": [{"concat": {"separator": "-"}}]}]
    graph = context(flows, in1={"a": TEXT, "b": TEXT}, c={"a": TEXT}).graph
    sets = Preimages(graph)
    records = sets.before_join(graph.links[0], at_most(3).texts)
    assert isinstance(records, TextSet)
    assert isinstance(sets.on_record(records, 1, (Truncate(1),)), TextSet)
    assert sets.on_record(records, 1, (Cast("integer"),)) == Cast("integer")
