"""Measures that a length alone rules out: nothing is excluded that a string has."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from fieldline.lineage.transforms.affix import PadMachine
from fieldline.lineage.transforms.cut import CutMachine
from fieldline.lineage.transforms.edit import FilterMachine
from fieldline.lineage.transforms.spaces import CollapseMachine
from fieldline.values import steps
from fieldline.values.budget import STANDARD
from fieldline.values.charset import Charset
from fieldline.values.solve.atom import Measure, measure
from fieldline.values.solve.bounds import exclude_each_other, implies
from fieldline.values.solve.conjunction import conjunction
from fieldline.values.solve.members import member_of, solve_atoms
from fieldline.values.trimming import TrimMachine
from fieldline.values.weight import CODE_POINTS, UTF8, UTF16, Weight

if TYPE_CHECKING:
    from fieldline.values.transducer import Transducer

CUT = (CutMachine(UTF16, 5),)
PAD = (PadMachine(4, " ", left=False, cut=False),)


@pytest.mark.parametrize(
    ("chain", "least", "low", "high", "is_excluded"),
    [
        (CUT, 7, 0, 1, True),  # five units are two characters at the least
        (CUT, 7, 0, 2, False),
        (CUT, 1, 0, 0, True),
        (CUT, 0, 6, None, False),  # how long a text is at most is not known
        (PAD, 0, 0, 4, False),
        (PAD, 5, 0, 4, True),
    ],
)
def test_what_a_length_rules_out_no_string_has(
    chain: tuple[Transducer, ...], least: int, low: int, high: int | None, is_excluded: bool
) -> None:
    atoms = (*measure(CODE_POINTS, least, None, ()), *measure(CODE_POINTS, low, high, chain))
    assert exclude_each_other(atoms) == is_excluded
    texts = ["".join(letters) for size in range(9) for letters in product("a😀", repeat=size)]
    members = [text for text in texts if all(text in atom for atom in atoms)]
    if is_excluded:
        assert members == []
        assert solve_atoms(atoms) is None
        assert member_of(atoms) is None


def test_it_needs_no_work() -> None:
    atoms = (*measure(CODE_POINTS, 49, None, ()), *measure(CODE_POINTS, 0, 12, (CutMachine(UTF16, 35),)))
    assert solve_atoms(atoms, budget=STANDARD.limited(1)) is None


TRIM = TrimMachine(Charset.of(" "), left=True, right=True)
TRIM_MORE = TrimMachine(Charset.of(" a"), left=True, right=True)
CUT_2, CUT_3 = CutMachine(CODE_POINTS, 2), CutMachine(CODE_POINTS, 3)
MARKED = FilterMachine(Charset.of("a "), "?")
LETTERS = Weight("letters", steps.indicator(Charset.of("aé"), 1, 0))


@pytest.mark.parametrize(
    ("held", "chain", "is_implied"),
    [
        ((TRIM,), (TRIM_MORE,), True),
        ((TRIM_MORE,), (TRIM,), False),
        ((TRIM,), (TRIM_MORE, CollapseMachine()), True),
        ((CUT_3,), (CUT_2,), True),
        ((CUT_2,), (CUT_3,), False),
        ((TRIM, CUT_3), (TRIM, CUT_2), True),
        ((CUT_3,), (TRIM, CUT_3), False),  # of what is trimmed at the left the cut keeps other characters
        ((TRIM,), (CUT_3, TRIM), True),
        ((TRIM, CUT_3), (TRIM_MORE, CUT_3), False),
        ((TRIM, CUT_3), (TRIM, MARKED, CUT_3), False),
    ],
)
@pytest.mark.parametrize("high", [0, 1])
def test_a_bound_follows_where_less_is_kept(
    held: tuple[Transducer, ...], chain: tuple[Transducer, ...], is_implied: bool, high: int
) -> None:
    (assumed,), (asked,) = measure(LETTERS, 0, high, held), measure(LETTERS, 0, high, chain)
    assert isinstance(assumed, Measure)
    assert isinstance(asked, Measure)
    assert implies(assumed, asked) == is_implied
    texts = ["".join(letters) for size in range(7) for letters in product("a b", repeat=size)]
    strays = [text for text in texts if text in assumed and text not in asked]
    assert not (is_implied and strays)
    assert conjunction((assumed, asked)) == ((assumed,) if is_implied else conjunction((asked, assumed)))


@pytest.mark.parametrize(("limit", "is_implied"), [(12, True), (11, False)])
def test_a_bound_follows_from_another_unit(limit: int, is_implied: bool) -> None:
    """A UTF-16 unit is three bytes in UTF-8 at the most: U+20AC is one of three, a pair of units is four bytes."""
    (assumed,), (asked,) = measure(UTF16, 0, 4, (TRIM,)), measure(UTF8, 0, limit, (TRIM,))
    assert isinstance(assumed, Measure)
    assert isinstance(asked, Measure)
    assert implies(assumed, asked) == is_implied
    assert ("€€€€" in asked) == is_implied


def test_what_is_forbidden_in_several_ways_is_one_measure() -> None:
    forbidden = [
        measure(Weight("forbidden characters", steps.indicator(Charset.of(each), 1, 0)), 0, 0, (TRIM,)) for each in "ab"
    ]
    (both,) = conjunction(atom for atoms in forbidden for atom in atoms)
    texts = ["".join(letters) for size in range(4) for letters in product("abc ", repeat=size)]
    assert [text in both for text in texts] == [not set(text) & {"a", "b"} for text in texts]
