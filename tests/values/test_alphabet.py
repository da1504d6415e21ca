"""Alphabets: characters that nothing tells apart are one letter, however scattered they are."""

from __future__ import annotations

import subprocess
import sys
from bisect import bisect_right
from functools import reduce
from itertools import combinations
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.values import alphabet, steps
from fieldline.values.alphabet import ONE_LETTER, letter_step, lettered, on_both, on_each, pieces_of, value_at
from fieldline.values.charset import CODE_POINT_LIMIT
from fieldline.values.regex import parse
from fieldline.values.solve.minimal import canonical
from fieldline.values.solve.search import states

if TYPE_CHECKING:
    from fieldline.values.alphabet import LetterStep
    from fieldline.values.language import Language

BEFORE_ALL: LetterStep[tuple[int, ...]] = (ONE_LETTER, ((),))

bounds = st.lists(st.integers(1, 40), unique=True, max_size=8).map(sorted)
step_functions = bounds.flatmap(
    lambda cuts: st.tuples(
        st.just(tuple(cuts)), st.lists(st.integers(0, 3), min_size=len(cuts) + 1, max_size=len(cuts) + 1)
    )
)


@given(first=step_functions, second=step_functions)
def test_step_functions_over_letters_are_those_over_pieces(
    first: tuple[tuple[int, ...], list[int]], second: tuple[tuple[int, ...], list[int]]
) -> None:
    def value(step: tuple[tuple[int, ...], list[int]], point: int) -> int:
        return step[1][bisect_right(step[0], point)]

    one, other = lettered(first), lettered(second)
    for point in (*range(45), CODE_POINT_LIMIT - 1):
        assert value_at(one, point) == value(first, point)
        assert value_at(on_each(one, lambda x: x // 2), point) == value(first, point) // 2
        assert value_at(on_both(one, other, int.__add__), point) == value(first, point) + value(second, point)
    assert list(pieces_of(one)) == list(steps.pieces(steps.coalesce(*first)))


@given(step=step_functions)
def test_equal_step_functions_have_one_alphabet_and_values_in_one_order(
    step: tuple[tuple[int, ...], list[int]],
) -> None:
    fine = lettered((tuple(range(1, 41)), [step[1][bisect_right(step[0], point)] for point in range(41)]))
    assert fine == lettered(step)
    assert fine[0] is lettered(step)[0]
    assert len(set(fine[1])) == len(fine[1]) == fine[0].size
    assert on_each(fine, lambda _: "one") == (ONE_LETTER, ("one",))
    assert letter_step(*fine) == fine


def _letters(language: Language) -> int:
    return max(state.step()[0].size for state in states(language))


@pytest.mark.parametrize("letters", [r"\p{L}", "[a-zA-Z]"])
def test_scattered_characters_that_no_step_tells_apart_cost_as_little_as_a_range(letters: str) -> None:
    upper = r"\p{Lu}" if letters == r"\p{L}" else "[A-Z]"
    language = parse(f"{letters}*{upper}{letters}{{5}}").language
    assert _letters(language) == 3  # capitals, other letters, the rest
    assert _letters(canonical(language)) == 3
    assert len(states(canonical(language))) == len(states(canonical(parse("[ab]*a[ab]{5}").language)))


@given(functions=st.lists(step_functions, min_size=2, max_size=6))
def test_alphabets_that_meet_in_a_finer_one_meet_in_the_same(
    functions: list[tuple[tuple[int, ...], list[int]]],
) -> None:
    """Whatever was met before: the letters and their order are those of a comparison piece by piece."""
    with patch.object(alphabet, "_MANY_PIECES", 0):
        together = reduce(lambda some, step: on_both(some, lettered(step), lambda x, y: (*x, y)), functions, BEFORE_ALL)
        coarser = [on_each(together, lambda values, i=i: values[: i + 1]) for i in range(len(functions))]
        for first, second in combinations([*coarser, *map(lettered, functions)], 2):
            assert first[0].meet(second[0]) == alphabet._meet(first[0], second[0])


COUNTING = r"""
from fieldline.values import alphabet
from fieldline.values.regex import parse
from fieldline.values.solve.search import states

compared = []
meet = alphabet._meet

def counted(first, second):
    compared.append(len(first.bounds) + len(second.bounds))
    return meet(first, second)

alphabet._meet = counted
pattern = r"(\p{Lt}\p{P}?|\p{Sc}[\p{Lm}\p{Mn}]+\p{Zs}?|\p{Cf}{2,3}\P{Ll}){3}(?=.*\p{Nl})\p{So}*\p{Lm}?.*"
print(len(states(parse(pattern).language, 3_000)), len([n for n in compared if n >= alphabet._MANY_PIECES]))
"""


def test_the_states_of_a_pattern_compare_pieces_only_where_classes_meet_first() -> None:
    """Of the classes of one pattern there are few; their meetings in its states are many.

    In a process of its own: classes that other patterns have met already may have too many letters together.
    """
    done = subprocess.run([sys.executable, "-c", COUNTING], capture_output=True, text=True, check=True)
    found, compared = map(int, done.stdout.split())
    assert found > 60
    assert compared <= 20
