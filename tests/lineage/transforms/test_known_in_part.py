"""Steps that are known of some texts: what is surely carried back, and what perhaps, and the texts themselves."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.lineage.engines import Runner
from fieldline.lineage.transform import KnownInPart, NoValue, chain_possible, chain_preimage, ways
from fieldline.lineage.transforms.normalize import NormalForm, Normalized
from fieldline.lineage.transforms.null_if import NullIf
from fieldline.lineage.transforms.title import Title, TitleKnownInPart

from ...properties import strategies as our
from ...properties.strategies import Model, tries

if TYPE_CHECKING:
    from fieldline.lineage.transform import Transform
    from fieldline.values.valueset import Value, ValueSet

STEPS: list[Transform] = [
    *(Normalized(form) for form in get_args(NormalForm)),
    *(TitleKnownInPart(rule) for rule in ("icu", "python", "letters")),
    Title().run_by((Runner("postgres"), Runner("oracle"))),
    NullIf("ab").run_by((Runner("mariadb"), Runner("snowflake"))),
]
TEXTS = st.text("abeAé\u0301\u0323ß ﬁ가\u1161ǆ'.-\u00c5", max_size=4) | our.texts


@pytest.mark.parametrize(
    "step", STEPS, ids=lambda step: f"{step.name} {getattr(step, 'rule', '')}{getattr(step, 'form', '')}"
)
@tries(25)
@given(accepted=our.value_sets(2), value=TEXTS | our.values)
def test_each_outcome_lies_between_what_is_sure_and_what_may_be(
    step: Transform, accepted: Model[ValueSet, Value], value: Value
) -> None:
    sure, possible = chain_preimage((step,), accepted.found), chain_possible((step,), accepted.found)
    for way in ways(step):
        outcome = way.apply(value)
        if not isinstance(outcome, NoValue):
            assert (value not in sure) or outcome in accepted.found
            assert (outcome not in accepted.found) or value in possible
        elif outcome is NoValue.REJECTED:
            assert value not in sure


@pytest.mark.parametrize(
    "step",
    [step for step in STEPS if isinstance(step, KnownInPart)],
    ids=lambda step: f"{step.name} {getattr(step, 'rule', '')}{getattr(step, 'form', '')}",
)
@tries(25)
@given(accepted=our.value_sets(2), text=TEXTS)
def test_of_described_texts_the_two_are_one(step: KnownInPart, accepted: Model[ValueSet, Value], text: str) -> None:
    if text in step.described:
        outcome = step.apply(text)
        assert not isinstance(outcome, NoValue)
        assert (text in step.preimage(accepted.found)) == (outcome in accepted.found)
        assert (text in step.possible(accepted.found)) == (outcome in accepted.found)


@pytest.mark.parametrize("form", get_args(NormalForm))
@tries(25)
@given(text=st.text(max_size=6) | TEXTS)
def test_what_a_text_becomes_is_its_normal_form(form: NormalForm, text: str) -> None:
    step = Normalized(form)
    assert step.apply(text) == unicodedata.normalize(form, text)
    if text in step.described:
        assert step.machine.run(text) == unicodedata.normalize(form, text)
    if text in step.apart:
        assert step.apply(text) == text


@pytest.mark.parametrize("form", get_args(NormalForm))
def test_letters_with_a_common_mark_are_described_in_either_spelling(form: NormalForm) -> None:
    described = Normalized(form).described
    for text in ("\u00c5ngstr\u00f6m", "A\u030angstro\u0308m", "Gar\u00e7on gar\u0063\u0327on", "ﬁ 😀 가 Ж"):
        assert text in described
    for text in ("\u0301", "e\u0323\u0302", "\u1100\u1161"):
        assert text not in described
