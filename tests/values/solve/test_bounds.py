"""Measures that a length alone rules out: nothing is excluded that a string has."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from fieldline.lineage.transforms.affix import PadMachine
from fieldline.lineage.transforms.cut import CutMachine
from fieldline.values.budget import STANDARD
from fieldline.values.solve.atom import measure
from fieldline.values.solve.bounds import exclude_each_other
from fieldline.values.solve.members import member_of, solve_atoms
from fieldline.values.weight import CODE_POINTS, UTF16

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
