"""A trace is held to what happens, and a part of an estate to the whole of it.

Nothing is called well that is not: of a value that a trace is well with, no record that holds it is rejected, arrives
altered or stays away anywhere. And what is connected by nothing is judged in parts as it is at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from fieldline.checker.judging.context import Context
from fieldline.checker.judging.simulate import travel
from fieldline.checker.rules import RULES
from fieldline.checker.tracing.asked import Asked
from fieldline.checker.tracing.trace import trace

from .estates import Written, comes_from, every_record, written_estates
from .strategies import tries

if TYPE_CHECKING:
    from collections.abc import Iterable


MOST_RECORDS = 40


@tries(8)
@given(written_estates(), st.data())
def test_what_a_trace_calls_well_happens_to_no_record_with_the_value(written: Written, data: st.DataObject) -> None:
    context = Context(written.load())
    graph = context.graph
    tables = [entity for entity in graph.contracts.entities.values() if entity.kind != "entry"]
    for entity in (*graph.entries, data.draw(st.sampled_from(tables))):
        records = every_record(entity, 2)[:MOST_RECORDS]
        for name in sorted({name for record in records for name in record}):
            value = data.draw(st.sampled_from([record.get(name) for record in records]))
            found = trace(context.estate, Asked(graph.fields[name], {name: value}))
            if not found.is_well:
                continue
            for record in (record for record in records if record.get(name) == value):
                journey = travel(graph, record)
                wrong = (*journey.rejections(), *journey.doubts(), *journey.unknowns())
                assert [each.field for each in wrong if comes_from(each, name)] == [], (record, str(name), value)


@tries(12)
@given(written_estates())
def test_the_parts_of_an_estate_are_judged_as_the_whole(written: Written) -> None:
    context = Context(written.load())
    graph = context.graph
    alone = frozenset(graph.fields).difference(*graph.groups)
    assert findings([context]) == findings(context.restricted(part) for part in (*graph.groups, alone))


def findings(contexts: Iterable[Context]) -> list[str]:
    """What the rules find, in their order."""
    found = (rule.check(context) for context in contexts for rule in RULES if rule.is_of_fields)
    return sorted(f"{each.rule} {each.verdict} {each.message}" for every in found for each in every)
