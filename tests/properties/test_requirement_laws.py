"""A record meets the requirement of its entry exactly when nobody rejects it, run forward through every flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from fieldline.checker.judging.context import Context
from fieldline.checker.judging.simulate import travel
from fieldline.checker.requirement.compiled import compiled
from fieldline.checker.requirement.requirement import requirement

from .estates import ALPHABET, Written, meets_conditions, written_estates
from .strategies import every_text, tries
from .test_estate_laws import records

if TYPE_CHECKING:
    from fieldline.checker.finding import FieldValues
    from fieldline.contracts.model import Entity


def anything(data: st.DataObject, entity: Entity) -> list[FieldValues]:
    """Records that the entry need not accept."""
    values = st.sampled_from([None, 7, True, *every_text(ALPHABET, 2), "aB é0aB", "B" * 9])
    record = st.fixed_dictionaries({field.full_name: values for field in entity.fields.values()})
    return data.draw(st.lists(record, max_size=30))


def is_rejected(context: Context, entity: Entity, record: FieldValues) -> bool:
    """Whether the entry itself rejects it, or anybody behind."""
    own = (
        record[field.full_name] not in rejection.accepts
        for field in entity.fields.values()
        for rejection in context.graph.storage(field.full_name).rejections
    )
    if not meets_conditions(entity.fields.values(), record):
        return True
    journey = travel(context.graph, record)
    return any(own) or bool(journey.rejections()) or bool(journey.lacking)


def agree(written: Written, data: st.DataObject) -> None:
    context = Context(written.load())
    for entity in context.graph.entries:
        asked = requirement(context, entity)
        admits = compiled(asked)
        for record in (*records(data, entity, 2), *anything(data, entity)):
            own = {name.field: value for name, value in record.items()}
            rejected = is_rejected(context, entity, record)
            assert admits(own) == asked.admits(own)
            if not asked.admits(own):
                assert rejected, (record, [clause for clause in asked.clauses if not clause.admits(own)])
            elif not any(doubt.binding is None or doubt.binding.constraint != "unique" for doubt in asked.not_known):
                assert not rejected, record


@tries(30)
@given(written_estates(), st.data())
def test_a_record_meets_the_requirement_exactly_when_nobody_refuses_it(written: Written, data: st.DataObject) -> None:
    agree(written, data)


@tries(15)
@given(written_estates(cycles=True, most=6), st.data())
def test_it_does_where_values_go_round(written: Written, data: st.DataObject) -> None:
    agree(written, data)
