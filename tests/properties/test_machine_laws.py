"""Every transform on text is two things: a plain function, and a machine that carries sets of texts back.

    machine.run = write,  text in preimage(machine, L)  if and only if  write(text) in L

and what a machine promises of itself (lengths, never longer, idempotent, …) lets the solver leave it out: it must be true.
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fieldline.lineage.transforms.cut import CutMachine
from fieldline.lineage.transforms.edit import FilterMachine
from fieldline.lineage.transforms.reading import NumberReader
from fieldline.lineage.transforms.spaces import CollapseMachine
from fieldline.values import steps
from fieldline.values.budget import BudgetExceeded
from fieldline.values.charset import Charset
from fieldline.values.language import EMPTY
from fieldline.values.notation import plain_notation
from fieldline.values.solve.atom import Measure, measure
from fieldline.values.solve.bounds import implies
from fieldline.values.solve.conjunction import conjunction
from fieldline.values.solve.minimal import canonical
from fieldline.values.solve.observer import Observer
from fieldline.values.solve.table import minimal_preimage, table
from fieldline.values.transducer import CharMap, Transducer, alphabet_after, preimage
from fieldline.values.trimming import TrimMachine
from fieldline.values.weight import CODE_POINTS, Weight

from . import strategies as our
from .strategies import LETTERS, UNITS, Expression, Model, every_text, tries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldline.lineage.transform import TextTransform
    from fieldline.values.textset import TextSet

MACHINES = {**our.text_transforms, **our.stored_texts}
each = pytest.mark.parametrize("name", MACHINES)
units = st.sampled_from(UNITS)
machines = st.one_of(*MACHINES.values())
drawn_texts = our.texts | st.text("ab 0é", max_size=8)


def accepted_runs(machine: Transducer, text: str) -> list[str]:
    """What every accepted sequence of guesses writes: all of them, not the first."""
    runs = list(machine.starts())
    for character in text:
        kind = steps.at(machine.classes, ord(character))
        runs = [
            (move.phase, written + move.before + ("" if move.image is None else move.image(character)))
            for phase, written in runs
            for move in machine.moves(phase, kind)
        ]
    return [written + ending for phase, written in runs if (ending := machine.end(phase)) is not None]


@each
@tries(40)
@given(data=st.data())
def test_the_machine_writes_what_the_function_gives_and_has_one_accepted_run(name: str, data: st.DataObject) -> None:
    step = data.draw(MACHINES[name])
    for text in data.draw(st.lists(drawn_texts, min_size=1, max_size=5)):
        assert step.machine.run(text) == step.write(text)
        assert accepted_runs(step.machine, text) == [step.write(text)]


@each
@tries(30)
@given(data=st.data())
def test_the_preimage_of_a_language_is_what_the_function_makes_a_member(name: str, data: st.DataObject) -> None:
    step = data.draw(MACHINES[name])
    expression = data.draw(our.expressions())
    back = preimage(step.machine, expression.language)
    for text in data.draw(st.lists(our.small_texts | drawn_texts, min_size=1, max_size=6)):
        assert (text in back) == expression.holds(step.write(text))


@each
@tries(40)
@given(data=st.data())
def test_what_a_machine_promises_of_itself_is_true(name: str, data: st.DataObject) -> None:
    step = data.draw(MACHINES[name])
    machine = step.machine
    for text in data.draw(st.lists(drawn_texts, min_size=1, max_size=5)):
        written = step.write(text)
        _check_lengths(machine, text, written)
        assert {ord(c) for c in written} <= set(_listed(alphabet_after(machine, Charset.of(text))))
        if machine.never_longer:
            assert all(unit.of(written) <= unit.of(text) for unit in UNITS)
        if machine.idempotent:
            assert machine.run(written) == written
        for unit in (*UNITS, _only("0"), _only("b")):
            if machine.invisible(unit):
                assert unit.of(written) == unit.of(text)
            image = machine.reweigh(unit)
            if image is not None:
                assert image.of(text) == unit.of(written)
            bound = machine.outweigh(unit)
            if bound is not None:
                assert unit.of(written) <= bound[0].of(text) + bound[1]
            if machine.added is not None:
                assert unit.of(written) == unit.of(text) + unit.of(machine.added)
        for low, high in ((len(text), len(text)), (0, len(text)), (len(text), None)):
            if machine.is_idle(low, high):
                assert written == text
        if machine.clamp is not None:
            least, most = machine.clamp
            assert len(written) == max(least, len(text) if most is None else min(most, len(text)))
        if not machine.guesses and not machine.rejects:
            assert len(list(machine.starts())) == 1
        assert not machine.rejects


@each
@tries(40)
@given(data=st.data())
def test_what_a_machine_promises_of_parts_and_of_other_machines_is_true(name: str, data: st.DataObject) -> None:
    machine = data.draw(MACHINES[name]).machine
    other = data.draw(MACHINES[name] | machines).machine
    both = machine.fused(other)
    for text in data.draw(st.lists(drawn_texts, min_size=1, max_size=5)):
        written = machine.run(text)
        assert written is not None
        if machine.keeps_parts:
            part = "".join(c for c in text if data.draw(st.booleans()))
            assert _is_part(machine.run(part), written)
        if machine.never_longer:
            assert _is_part(written, text)
        if machine.covers(other):
            assert _is_part(other.run(text), written)
        if both is not None:
            assert both.run(text) == other.run(written)


def _is_part(part: str | None, whole: str) -> bool:
    """Whether a text is what is left of another one when characters are dropped."""
    characters = iter(whole)
    return part is not None and all(character in characters for character in part)


nested = st.one_of(
    st.builds(
        TrimMachine, st.sampled_from([" ", " a", " ab"]).map(Charset.of), left=st.booleans(), right=st.just(True)
    ),
    st.builds(CutMachine, st.sampled_from(UNITS), st.integers(1, 4)),
    st.builds(FilterMachine, st.sampled_from("ab").map(Charset.of), st.sampled_from(["", "?"])),
    st.just(CollapseMachine()),
    machines.map(lambda step: step.machine),
)
"""Machines of which one often writes a part of what another one writes."""


@tries(400)
@given(
    st.lists(st.tuples(nested, nested), max_size=3),
    st.lists(nested, max_size=1),
    units,
    units,
    st.integers(0, 4),
    st.lists(st.text(" ab0é", max_size=8), min_size=4, max_size=12),
)
def test_a_bound_that_is_said_to_follow_holds(
    pairs: list[tuple[Transducer, Transducer]],
    more: list[Transducer],
    unit: Weight,
    other: Weight,
    high: int,
    texts: list[str],
) -> None:
    """Chains that differ by what is dropped: there bounds follow from others."""
    first = tuple(machine for machine, _ in pairs)
    second = tuple(machine for _, machine in pairs)
    chains = [first, second, (*first, *more), (*more, *first), *(first[:i] + second[i:] for i in range(1, len(pairs)))]
    bounds = [measure(weight, 0, high, chain) for chain in chains for weight in (unit, other)]
    measures = [atom for atoms in bounds for atom in atoms if isinstance(atom, Measure)]
    for held, atom in permutations(measures, 2):
        if implies(held, atom):
            assert all(text in atom for text in texts if text in held)
    normal = conjunction(measures)
    for text in texts:
        assert all(text in atom for atom in normal) == all(text in atom for atom in measures)


def _listed(charset: Charset) -> list[int]:
    return [point for low, high in charset.spans() for point in range(low, high)]


def _only(character: str) -> Weight:
    return Weight(f"only {character}", steps.indicator(Charset.of(character), 1, 0))


def _check_lengths(machine: Transducer, text: str, written: str) -> None:
    size = len(text)
    for low, high in ((size, size), (0, size), (max(size - 2, 0), None), (0, size + 3)):
        least, most = machine.lengths(low, high)
        assert least <= len(written)
        assert most is None or len(written) <= most


def test_machines_that_are_equal_share_their_token() -> None:
    assert NumberReader(fractions=True).token == NumberReader(fractions=True).token
    assert NumberReader(fractions=True).token != NumberReader(fractions=False).token


@tries(150)
@given(st.text("+-0123456789. ", max_size=8) | our.texts, st.booleans())
def test_the_reader_of_numbers_writes_their_plain_notation(text: str, fractions: bool) -> None:
    """The definition: an optional sign, digits, and with fractions a point and digits."""
    digits = "0123456789"
    body = text[1:] if text[:1] in {"+", "-"} and text else text
    whole, point, fraction = body.partition(".")
    good = whole != "" and all(c in digits for c in whole + fraction)
    good = good and (not point or (fractions and fraction != ""))
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    number = f"{whole}.{fraction}" if fraction else whole
    expected = f"-{number}" if text.startswith("-") and number != "0" else number
    reader = NumberReader(fractions)
    assert accepted_runs(reader, text) == ([expected] if good else [])
    assert reader.run(text) == (expected if good else None)


@tries(150)
@given(st.text("+-059. \teE", max_size=7), st.booleans())
def test_a_loose_reader_of_numbers_reads_what_python_reads(text: str, exponents: bool) -> None:
    """A number, with blanks around it, and a point without digits on one side; with exponents, the number before it."""
    body, e, power = text.strip(" \t").lower().partition("e")
    good = re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)", body) is not None
    good = good and (not e or (exponents and re.fullmatch("[+-]?[0-9]*", power) is not None))
    reader = NumberReader(fractions=True, loose=True, exponents=exponents)
    expected = plain_notation(Decimal(body)) if good else None
    assert reader.run(text) == expected
    assert accepted_runs(reader, text) == ([] if expected is None else [expected])


@tries(100)
@given(
    st.dictionaries(st.sampled_from("abcdxyzABCXYZß0é😀"), st.text("abAB0😀", max_size=3), max_size=6),
    st.lists(our.points, max_size=5),
    units,
    st.text("abcdxyzABCXYZß0é😀_", max_size=8),
)
def test_a_character_map_is_seen_alike_by_every_unit_and_cut(
    table: dict[str, str], bounds: list[int], unit: Weight, text: str
) -> None:
    image = CharMap("test", {ord(old): new for old, new in table.items()})
    assert image(text) == "".join(table.get(c, c) for c in text)
    assert image.weight(unit).of(text) == unit.of(image(text))
    cuts = tuple(sorted({b for b in bounds if b > 0}))
    pulled = image.preimage(cuts)
    for character in text:
        found = steps.at(pulled, ord(character))
        written = image(character)
        seen = [sum(1 for cut in cuts if cut <= ord(c)) for c in written]
        if isinstance(found, str):
            assert found == written
        else:
            assert seen == [found]


# ----------------------------------------------------------------------------------- sets of texts, seen through a chain


@tries(150)
@given(our.text_chains, our.text_sets(3), st.lists(drawn_texts | our.small_texts, min_size=1, max_size=6))
def test_a_set_carried_back_holds_what_the_chain_makes_a_member(
    chain: tuple[TextTransform, ...], model: Model[TextSet, str], texts: list[str]
) -> None:
    back = carried_back(chain, model.found)
    for text in texts:
        assert (text in back) == model.holds(our.written(chain, text))


def carried_back(chain: Sequence[TextTransform], texts: TextSet) -> TextSet:
    for step in reversed(chain):
        texts = texts.back(step.machine)
    return texts


@tries(150)
@given(
    our.text_chains, st.lists(st.tuples(st.integers(0, 3), our.text_chains, units), max_size=3), st.lists(drawn_texts)
)
def test_an_observer_measures_what_every_chain_writes(
    trunk: tuple[TextTransform, ...],
    branches: list[tuple[int, tuple[TextTransform, ...], Weight]],
    texts: list[str],
) -> None:
    chains = [(CODE_POINTS, trunk), *((unit, (*trunk[:shared], *more)) for shared, more, unit in branches)]
    try:
        observer = Observer([(tuple(step.machine for step in chain), unit) for unit, chain in chains])
    except BudgetExceeded:
        assume(False)
    for text in texts:
        assert measures(observer, text) == [tuple(unit.of(our.written(chain, text)) for unit, chain in chains)]


def measures(observer: Observer, text: str) -> list[tuple[int, ...]]:
    """The totals of every accepted run."""
    runs = list(observer.starts)
    for character in text:
        kind = steps.at(observer.classes, ord(character))
        runs = [(to, _added(total, more)) for state, total in runs for to, more in observer.moves(state, kind)]
    return [_added(total, last) for state, total in runs if (last := observer.end(state)) is not None]


def _added(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(a + b for a, b in zip(one, other, strict=True))


SMALL = "ab 0"
SHORT = tuple(every_text(SMALL, 4))
small_measures = st.builds(
    our._of_measure, st.sampled_from((*UNITS, _only("a"), _only(" "))), st.integers(0, 6), st.none() | st.integers(0, 3)
)
small_languages = st.builds(
    lambda characters, low, more: our._in_language(our._repeat(our._characters(characters, outside=False), low, more)),
    st.text(SMALL, min_size=1, max_size=4),
    st.integers(0, 3),
    st.none() | st.integers(0, 3),
)


@tries(400)
@given(our.text_chains, small_measures, small_measures | our.text_sets(2), small_languages)
def test_no_text_that_breaks_a_demand_behind_a_chain_is_shorter_than_the_one_found(
    chain: tuple[TextTransform, ...],
    obligation: Model[TextSet, str],
    other: Model[TextSet, str],
    held: Model[TextSet, str],
) -> None:
    """The question every check asks: which shortest text is accepted here and, after the chain, not there?"""
    here = held.found & carried_back(chain[:2], other.found)
    there = carried_back(chain, obligation.found)

    def escapes(text: str) -> bool:
        accepted = held.holds(text) and other.holds(our.written(chain[:2], text))
        return accepted and not obligation.holds(our.written(chain, text))

    try:
        found = here.outside(there)
    except BudgetExceeded:
        assume(False)
    expected = next((text for text in SHORT if escapes(text)), None)
    if found is None:
        assert expected is None
    else:
        assert escapes(found)
        assert expected is None or len(found) <= len(expected)


@tries(100)
@given(our.any_text_transform, our.any_text_transform, our.expressions(), st.lists(our.small_texts, max_size=5))
def test_the_preimage_of_a_composition_is_the_composition_of_the_preimages(
    first: TextTransform, second: TextTransform, expression: Expression, texts: list[str]
) -> None:
    back = preimage(first.machine, preimage(second.machine, expression.language))
    for text in texts:
        assert (text in back) == expression.holds(second.write(first.write(text)))
        assert (text in ~back) == (text in preimage(first.machine, preimage(second.machine, ~expression.language)))


def test_letters_of_the_brute_force_differ_in_every_unit() -> None:
    assert len({tuple(unit.of(c) for unit in UNITS) for c in LETTERS}) == 3


@each
@tries(30)
@given(data=st.data())
def test_a_preimage_worked_out_on_a_table_is_the_minimal_automaton_of_the_preimage(
    name: str, data: st.DataObject
) -> None:
    step = data.draw(MACHINES[name])
    language = canonical(data.draw(our.expressions()).language)
    by_table = minimal_preimage(step.machine, language)
    stepped = canonical(preimage(step.machine, language))
    for text in data.draw(st.lists(our.small_texts | drawn_texts, min_size=1, max_size=6)):
        assert (text in by_table) == (text in stepped)
    if stepped is EMPTY or table(stepped) is not None:
        assert by_table is stepped
