"""A value that may be null for reasons of its own, and a value that is always the same."""

from __future__ import annotations

import pytest

from fieldline.lineage.transform import UNKNOWN, chain_outcomes, chain_possible, chain_preimage
from fieldline.lineage.transforms.case import Upper
from fieldline.lineage.transforms.fixed import Constant, Default, PerhapsNull
from fieldline.values.valueset import ValueSet

JOINED = PerhapsNull("no record")
A, NULL = ValueSet.exactly(["A"]), ValueSet.null_only()


@pytest.mark.parametrize("accepted", [A, NULL, A | NULL, ValueSet.everything(), ValueSet.nothing()])
@pytest.mark.parametrize("value", ["a", "b", None, 7])
def test_what_surely_and_what_perhaps_becomes_a_member(accepted: ValueSet, value: str | int | None) -> None:
    chain = (JOINED, Upper())
    outcomes = chain_outcomes(chain, value)
    assert (value in chain_preimage(chain, accepted)) == all(each in accepted for each in outcomes)
    assert (value in chain_possible(chain, accepted)) == any(each in accepted for each in outcomes)


def test_null_is_null_and_any_other_value_is_not_known() -> None:
    assert JOINED.apply(None) is None
    assert JOINED.apply("a") is UNKNOWN
    assert set(chain_outcomes((JOINED, Default("x")), "a")) == {"a", "x"}
    assert "null" in JOINED.difference("a")


def test_a_constant_is_the_same_whatever_arrives() -> None:
    assert [Constant("x").apply(value) for value in ("a", None, 7)] == ["x", "x", "x"]
    assert Constant(None).preimage(NULL) is ValueSet.everything()
    assert Constant("x").preimage(A) is ValueSet.nothing()
