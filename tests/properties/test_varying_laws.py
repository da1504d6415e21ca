"""The laws of steps that engines do in several ways.

v in chain_preimage(S)  if and only if  every outcome of v is in S
v in chain_possible(S)  if and only if  some outcome of v is in S
v in chain_agreed       implies         there is one outcome
"""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from fieldline.lineage.transform import (
    NoValue,
    Transform,
    chain_agreed,
    chain_apply,
    chain_outcomes,
    chain_possible,
    chain_preimage,
    difference,
    distinct,
    settle,
    ways,
)
from fieldline.lineage.transforms.fixed import OpaqueStep
from fieldline.values.budget import STANDARD
from fieldline.values.valueset import Value, ValueSet

from . import strategies as our
from .strategies import Model, tries
from .varying_steps import varying_chains

texts = our.texts | st.text("aAßΣς \t\u00a0\x1cİıéÉ'.", max_size=7)


def by_hand(chain: tuple[Transform, ...], value: Value) -> tuple[Value | NoValue, ...]:
    """Every outcome, by each of the exact chains that the chain may be."""
    return distinct(chain_apply(exact, value) for exact in product(*map(ways, chain)))


@tries(150)
@given(varying_chains, our.value_sets(3), texts)
def test_what_surely_and_what_possibly_becomes_a_member(
    chain: tuple[Transform, ...], accepted: Model[ValueSet, Value], text: str
) -> None:
    outcomes = by_hand(chain, text)
    inside = [not isinstance(outcome, NoValue) and outcome in accepted.found for outcome in outcomes]
    assert (text in chain_preimage(chain, accepted.found)) == all(inside)
    assert (text in chain_possible(chain, accepted.found)) == any(inside)
    assert set(chain_outcomes(chain, text)) == set(outcomes)
    assert (chain_apply(chain, text) is NoValue.UNKNOWN) == (len(outcomes) > 1)


@tries(150)
@given(varying_chains, texts)
def test_of_an_agreed_value_there_is_one_outcome(chain: tuple[Transform, ...], text: str) -> None:
    outcomes = by_hand(chain, text)
    if text in chain_agreed(chain):
        assert len(outcomes) == 1
        assert difference(chain, text) is None
    if len(outcomes) > 1:
        assert difference(chain, text)


@tries(60)
@given(varying_chains, our.text_sets(2), texts)
def test_a_settled_chain_does_the_same_to_the_values_held(
    chain: tuple[Transform, ...], held: Model[object, str], text: str
) -> None:
    values = ValueSet.text(held.found)  # type: ignore[arg-type]
    if text in values:
        settled = settle(chain, values, STANDARD)
        assert set(chain_outcomes(settled, text)) == set(chain_outcomes(chain, text))


@tries(40)
@given(varying_chains)
def test_behind_a_step_that_is_not_described_nothing_is_settled_and_nothing_breaks(
    chain: tuple[Transform, ...],
) -> None:
    behind = (OpaqueStep("robot"), *chain)
    assert settle(behind, ValueSet.everything(), STANDARD) == behind
    assert chain_agreed(behind).is_empty() == any(len(ways(step)) > 1 for step in chain)
