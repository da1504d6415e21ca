"""Boolean algebra, and membership as a homomorphism, for every kind of set: characters, languages, texts, numbers, values.

    a & b, a | b, ~a, a - b, a <= b, in, is_empty, witness

form a Boolean algebra (Huntington's laws), `in` turns them into and, or, not, and a witness is a member.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fieldline.values.budget import BudgetExceeded
from fieldline.values.language import ALL, EMPTY, Language
from fieldline.values.numberset import NumberSet
from fieldline.values.solve.decide import counterexample
from fieldline.values.solve.minimal import CANONICAL_LIMIT, canonical
from fieldline.values.solve.search import shortest, states
from fieldline.values.textset import TextSet
from fieldline.values.valueset import Value, ValueSet

from . import strategies as our
from .strategies import LETTERS, Expression, Model, every_text, tries

if TYPE_CHECKING:
    from fieldline.values.charset import Charset

S = TypeVar("S", TextSet, NumberSet, ValueSet)
SHORT = tuple(every_text(LETTERS, 4))
"""Every text of the small alphabet up to 4 characters."""
KINDS = {"texts": (our.text_sets(), our.small_texts), "values": (our.value_sets(), our.values)}


def is_minimised(language: Language) -> bool:
    """Whether it has few enough states to be given its minimal automaton."""
    try:
        return bool(states(language, CANONICAL_LIMIT))
    except BudgetExceeded:
        return False


def same(a: S, b: S) -> bool:
    return a <= b <= a


# ------------------------------------------------------------------------------------------------------------- characters


@tries(100)
@given(our.charsets(), our.charsets(), st.lists(our.points, max_size=6))
def test_character_sets_hold_what_their_ranges_say(
    a: Model[Charset, int], b: Model[Charset, int], more: list[int]
) -> None:
    edges = [point + shift for cs in (a.found, b.found) for point in cs.bounds for shift in (-1, 0)]
    for point in (*more, *(p for p in edges if 0 <= p <= 0x10FFFF)):
        assert (point in a.found) == a.holds(point)
        assert (point in (a.found & b.found)) == (a.holds(point) and b.holds(point))
        assert (point in (a.found | b.found)) == (a.holds(point) or b.holds(point))
        assert (point in (a.found - b.found)) == (a.holds(point) and not b.holds(point))
        assert (point in ~a.found) == (not a.holds(point))


@tries(100)
@given(our.charsets(), our.charsets(), our.charsets())
def test_equal_character_sets_are_one_object_so_the_laws_hold_by_identity(
    x: Model[Charset, int], y: Model[Charset, int], z: Model[Charset, int]
) -> None:
    a, b, c = x.found, y.found, z.found
    assert ~~a is a
    assert ~(a & b) is ~a | ~b
    assert ~(a | b) is ~a & ~b
    assert a & (a | b) is a
    assert a | (a & b) is a
    assert a & (b | c) is (a & b) | (a & c)
    assert a | (b & c) is (a | b) & (a | c)
    assert a & b is b & a
    assert a | b is b | a
    assert a - b is a & ~b
    assert (a <= b) == (not (a - b)) == (a | b is b)
    assert len(a) + len(~a) == 0x110000
    assert len(a) + len(b) == len(a | b) + len(a & b)


# -------------------------------------------------------------------------------------------------------------- languages


@tries(300)
@given(our.expressions(), st.lists(our.small_texts, min_size=1, max_size=8))
def test_a_language_holds_what_its_definition_says(expression: Expression, texts: list[str]) -> None:
    for text in ("", *texts):
        assert (text in expression.language) == expression.holds(text)


@tries(150)
@given(our.expressions(), our.expressions(), our.expressions())
def test_languages_form_a_boolean_algebra(x: Expression, y: Expression, z: Expression) -> None:
    a, b, c = x.language, y.language, z.language
    for one, other in (
        (~~a, a),
        (~(a & b), ~a | ~b),
        (~(a | b), ~a & ~b),
        (a & (a | b), a),
        (a | (a & b), a),
        (a & (b | c), (a & b) | (a & c)),
        (a | (b & c), (a | b) & (a | c)),
        (a - b, a & ~b),
        (a & ~a, EMPTY),
        (a | ~a, ALL),
        (a & ALL, a),
        (a | EMPTY, a),
    ):
        assert counterexample(one, other) is None
        assert counterexample(other, one) is None


@tries(300)
@given(our.expressions(), our.expressions())
def test_two_languages_have_one_canonical_automaton_exactly_when_they_are_equal(x: Expression, y: Expression) -> None:
    a, b = x.language, y.language
    assume(is_minimised(a) and is_minimised(b))
    assert (canonical(a) is canonical(b)) == (counterexample(a, b) is None and counterexample(b, a) is None)


@tries(150)
@given(our.expressions())
def test_the_canonical_automaton_holds_the_same_texts_and_is_its_own(x: Expression) -> None:
    found = canonical(x.language)
    assert canonical(found) is found
    assert all((text in found) == x.holds(text) for text in SHORT[:85])


@tries(200)
@given(our.expressions(), our.expressions())
def test_no_counterexample_is_shorter_than_the_one_found(x: Expression, y: Expression) -> None:
    found = counterexample(x.language, y.language)
    expected = next((text for text in SHORT if x.holds(text) and not y.holds(text)), None)
    if found is None:
        assert expected is None
    else:
        assert x.holds(found)
        assert not y.holds(found)
        assert expected is None or len(found) <= len(expected)


@tries(200)
@given(our.expressions())
def test_no_member_is_shorter_than_the_witness(x: Expression) -> None:
    found = shortest(x.language)
    expected = next((text for text in SHORT if x.holds(text)), None)
    if found is None:
        assert expected is None
    else:
        assert x.holds(found)
        assert expected is None or len(found) <= len(expected)


# ------------------------------------------------------------------------------------- the laws of the sets built on them


@pytest.mark.parametrize("kind", KINDS)
@tries(100)
@given(data=st.data())
def test_sets_form_a_boolean_algebra(kind: str, data: st.DataObject) -> None:
    sets, _ = KINDS[kind]
    _check_algebra(*(data.draw(sets).found for _ in range(3)))


@tries(100)
@given(our.number_sets(), our.number_sets(), our.number_sets())
def test_sets_of_numbers_form_a_boolean_algebra(
    a: Model[NumberSet, Decimal], b: Model[NumberSet, Decimal], c: Model[NumberSet, Decimal]
) -> None:
    _check_algebra(a.found, b.found, c.found)


def _check_algebra(a: S, b: S, c: S) -> None:
    assert same(~~a, a)
    assert same(~(a & b), ~a | ~b)
    assert same(~(a | b), ~a & ~b)
    assert same(a & (a | b), a)
    assert same(a | (a & b), a)
    assert same(a & (b | c), (a & b) | (a & c))
    assert same(a - b, a & ~b)
    assert (a & ~a).is_empty()
    assert (~(a | ~a)).is_empty()
    assert (a <= b) == (a - b).is_empty() == same(a & b, a) == same(a | b, b)


@pytest.mark.parametrize("kind", KINDS)
@tries(300)
@given(data=st.data())
def test_a_set_holds_what_its_definition_says(kind: str, data: st.DataObject) -> None:
    sets, members = KINDS[kind]
    model = data.draw(sets)
    for value in data.draw(st.lists(members, min_size=1, max_size=6)):
        assert (value in model.found) == model.holds(value)


@tries(300)
@given(our.number_sets(), st.lists(our.numbers, min_size=1, max_size=6))
def test_a_set_of_numbers_holds_what_its_definition_says(
    model: Model[NumberSet, Decimal], numbers: list[Decimal]
) -> None:
    for number in (*numbers, *our.BOUNDS):
        assert (number in model.found) == model.holds(number)


# -------------------------------------------------------------------------------------------------------------- witnesses


@tries(300)
@given(our.text_sets())
def test_the_witness_of_a_set_of_texts_is_a_member_and_no_member_is_shorter(model: Model[TextSet, str]) -> None:
    found = model.found.witness()
    expected = next((text for text in SHORT if model.holds(text)), None)
    assert model.found.is_empty() == (found is None)
    if found is None:
        assert expected is None
    else:
        assert model.holds(found)
        assert expected is None or len(found) <= len(expected)


@tries(300)
@given(our.text_sets(3), our.text_sets(3))
def test_what_one_set_has_and_another_has_not_is_shown_by_a_shortest_text(
    a: Model[TextSet, str], b: Model[TextSet, str]
) -> None:
    found = a.found.outside(b.found)
    expected = next((text for text in SHORT if a.holds(text) and not b.holds(text)), None)
    if found is None:
        assert a.found <= b.found
        assert expected is None
    else:
        assert a.holds(found)
        assert not b.holds(found)
        assert expected is None or len(found) <= len(expected)


FEW_DIGITS = sorted(
    {Decimal(n).scaleb(-scale) for scale in (0, 1, 2) for n in range(-120, 121)},
    key=lambda x: (len(our.plain(abs(x))), abs(x)),
)


@tries(300)
@given(our.number_sets())
def test_the_witness_of_a_set_of_numbers_is_a_member(model: Model[NumberSet, Decimal]) -> None:
    found = model.found.witness()
    expected = next((x for x in FEW_DIGITS if model.holds(x)), None)
    if found is None:
        assert expected is None
        assert not any(model.holds(x) for x in our.BOUNDS)
    else:
        assert model.holds(found)


@tries(300)
@given(our.number_sets(spelled=False))
def test_no_number_of_the_set_is_written_shorter_than_the_witness(model: Model[NumberSet, Decimal]) -> None:
    found = model.found.witness()
    expected = next((x for x in FEW_DIGITS if model.holds(x)), None)
    if found is not None and expected is not None:
        assert len(our.plain(abs(found))) <= len(our.plain(abs(expected)))


@tries(300)
@given(our.value_sets())
def test_the_witness_of_a_set_of_values_is_a_member(model: Model[ValueSet, Value]) -> None:
    found = model.found.witness()
    assert model.found.is_empty() == (found is None)
    if found is not None:
        assert model.holds(found.value)


@tries(200)
@given(our.value_sets(3), our.value_sets(3))
def test_a_value_outside_another_set_is_a_member_of_one_alone(
    a: Model[ValueSet, Value], b: Model[ValueSet, Value]
) -> None:
    found = a.found.outside(b.found)
    assert (a.found <= b.found) == (found is None)
    if found is not None:
        assert a.holds(found.value)
        assert not b.holds(found.value)


@tries(200)
@given(our.value_sets(3), our.value_sets(3))
def test_equal_sets_of_values_hash_alike(a: Model[ValueSet, Value], b: Model[ValueSet, Value]) -> None:
    again = (a.found | b.found) & a.found
    assert same(again, a.found)
    assert (again == a.found) <= (hash(again) == hash(a.found))


@tries(150)
@given(our.expressions())
def test_a_text_set_of_a_language_holds_its_texts_however_it_is_taken_apart(x: Expression) -> None:
    texts = TextSet.language(x.language)
    assert all((text in texts) == x.holds(text) for text in SHORT[:85])
    assert all((text in texts.as_language()) == x.holds(text) for text in SHORT[:85])
    assert isinstance(texts.as_language(), Language)
