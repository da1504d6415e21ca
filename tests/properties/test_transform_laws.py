"""The law of transforms: `v in t.preimage(S)` if and only if `t.apply(v) in S`, a rejected step being in no S."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.lineage.transform import NoValue, Transform, chain_apply, chain_preimage
from fieldline.lineage.transforms import TRANSFORMS
from fieldline.values.valueset import Value, ValueSet

from . import strategies as our
from .strategies import Model, tries


def outcome_in(chain: tuple[Transform, ...], value: Value, accepted: ValueSet) -> bool:
    outcome = chain_apply(chain, value)
    return not isinstance(outcome, NoValue) and outcome in accepted


def check_law(chain: tuple[Transform, ...], accepted: ValueSet, value: Value) -> None:
    before = chain_preimage(chain, accepted)
    assert (value in before) == outcome_in(chain, value, accepted)
    inside = before.witness()
    if inside is not None:
        assert outcome_in(chain, inside.value, accepted)
    beyond = (~before).witness()
    if beyond is not None:
        assert not outcome_in(chain, beyond.value, accepted)


def test_every_transform_on_one_value_is_tried() -> None:
    """`or_null` has two outcomes, `hash` and `normalize` two preimages: their laws are in tests/lineage/transforms/."""
    assert {*our.transforms, "concat", "opaque", "or_null", "hash", "normalize"} == set(TRANSFORMS)


@pytest.mark.parametrize("name", {**our.transforms, **our.stored_steps})
@tries(40)
@given(data=st.data())
def test_a_value_is_in_the_preimage_exactly_when_the_step_makes_it_a_member(name: str, data: st.DataObject) -> None:
    step = data.draw({**our.transforms, **our.stored_steps}[name])
    accepted: Model[ValueSet, Value] = data.draw(our.value_sets(3))
    check_law((step,), accepted.found, data.draw(our.values))


@pytest.mark.parametrize("name", {**our.transforms, **our.stored_steps})
@tries(25)
@given(data=st.data())
def test_the_preimage_of_one_outcome_holds_the_value_it_came_from(name: str, data: st.DataObject) -> None:
    step = data.draw({**our.transforms, **our.stored_steps}[name])
    value = data.draw(our.values)
    outcome = step.apply(value)
    if isinstance(outcome, NoValue):
        assert value not in step.preimage(ValueSet.everything())
    else:
        check_law((step,), ValueSet.exactly([outcome]), value)
        check_law((step,), ~ValueSet.exactly([outcome]), value)


@tries(200)
@given(our.chains, our.value_sets(3), our.values)
def test_the_law_holds_for_chains(chain: tuple[Transform, ...], accepted: Model[ValueSet, Value], value: Value) -> None:
    check_law(chain, accepted.found, value)


@tries(100)
@given(our.chains, our.values)
def test_the_law_holds_for_the_one_outcome_of_a_chain(chain: tuple[Transform, ...], value: Value) -> None:
    outcome = chain_apply(chain, value)
    if isinstance(outcome, NoValue):
        assert value not in chain_preimage(chain, ValueSet.everything())
    else:
        check_law(chain, ValueSet.exactly([outcome]), value)
