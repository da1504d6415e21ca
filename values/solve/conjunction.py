"""The normal form of a conjunction of atoms."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from .. import steps
from ..language import EMPTY
from ..weight import Weight
from .atom import Atom, Measure, Membership, measure
from .bounds import implies

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..transducer import Transducer


def conjunction(atoms: Iterable[Atom]) -> tuple[Atom, ...]:
    """The atoms sorted by serial, without repeats, with at most one measure for each weight and chain."""
    kept: dict[int, Atom] = {}
    measures: dict[tuple[Weight, tuple[Transducer, ...]], Measure] = {}
    todo = list(atoms)
    while todo:
        atom = todo.pop()
        if isinstance(atom, Membership) and atom.language is EMPTY:
            return (atom,)
        if not isinstance(atom, Measure):
            kept[atom.serial] = atom
            continue
        key = (atom.weight, atom.chain)
        known = measures.get(key)
        if known is None:
            measures[key] = atom
        elif known is not atom:
            del measures[key]
            high = atom.high if known.high is None else known.high if atom.high is None else min(atom.high, known.high)
            todo += measure(atom.weight, max(atom.low, known.low), high, atom.chain)
    kept.update((atom.serial, atom) for atom in _without_implied(_with_one_of_zero(list(measures.values()))))
    return tuple(kept[serial] for serial in sorted(kept))


def _with_one_of_zero(measures: list[Measure]) -> list[Measure]:
    """Of the measures of 0 after one chain a single one: a character that weighs something in any of them does in it."""
    alike: dict[tuple[Transducer, ...], list[Measure]] = {}
    for atom in measures:
        if atom.high == 0:
            alike.setdefault(atom.chain, []).append(atom)
    if all(len(zeros) == 1 for zeros in alike.values()):
        return measures
    kept = [atom for atom in measures if atom.high != 0]
    for chain, zeros in alike.items():
        step = reduce(lambda known, atom: steps.merge(known, atom.weight.step, max), zeros[1:], zeros[0].weight.step)
        weight = Weight(zeros[0].weight.name, steps.merge(step, step, lambda each, _: min(each, 1)))
        kept += [atom for atom in measure(weight, 0, 0, chain) if isinstance(atom, Measure)]
    return kept


def _without_implied(measures: list[Measure]) -> list[Measure]:
    """Without upper bounds that evidently follow from another: a text that a machine shortens needs no second bound."""
    if len(measures) < 2:
        return measures
    left = sorted(measures, key=lambda atom: (-len(atom.chain), -atom.serial))
    for atom in tuple(left):
        if atom.low == 0 and any(other is not atom and implies(other, atom) for other in left):
            left.remove(atom)
    return left
