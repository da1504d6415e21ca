"""A search along single ways decides what one through deterministic states does, and needs no more of them than parts."""

from __future__ import annotations

import itertools
from random import Random

import pytest

from fieldline.values.budget import STANDARD, BudgetExceeded
from fieldline.values.language import ALL, EMPTY, TEXTS, Language, complement, intersection
from fieldline.values.regex import parse
from fieldline.values.solve.coverage import Coverage
from fieldline.values.solve.search import evidently_included, shortest_outside, some_outside, states
from fieldline.values.solve.ways import PartialDerivatives, accepts
from fieldline.values.solve.workload import Workload
from fieldline.values.textset import TextSet
from fieldline.values.weight import CODE_POINTS

COUNTS = ["", "*", "+", "?", "{2}", "{2,}", "{0,3}", "{1,3}"]


def random_pattern(random: Random, depth: int = 1) -> str:
    """A small pattern over a and b, with loops, choices and assertions."""
    parts: list[str] = []
    for _ in range(random.randint(1, 3)):
        kind = random.random()
        if depth and kind < 0.3:
            part = f"({random_pattern(random, depth - 1)})"
        elif depth and kind < 0.45:
            part = f"(?:{random_pattern(random, depth - 1)}|{random_pattern(random, depth - 1)})"
        elif depth and kind < 0.55:
            parts.append(f"(?{random.choice('=!')}{random_pattern(random, 0)})")
            continue
        else:
            part = random.choice(["a", "b", "[ab]", "[^a]"])
        parts.append(part + random.choice(COUNTS))
    return "".join(parts)


def languages(seed: int, count: int) -> list[Language]:
    random = Random(seed)  # noqa: S311 - the same patterns in every run
    return [intersection(parse(random_pattern(random)).language, TEXTS) for _ in range(count)]


def reference(inner: Language, outer: Language) -> int | None:
    """The length of a shortest string of the one and not of the other, by deterministic states; None: there is none."""
    level, seen, length = [intersection(inner, complement(outer))], set[Language](), 0
    while level:
        if any(state.nullable for state in level):
            return length
        seen.update(level)
        level = list(dict.fromkeys(t for state in level for t in state.step()[1] if t is not EMPTY and t not in seen))
        length += 1
    return None


def test_both_searches_agree_with_deterministic_states() -> None:
    made = languages(0, 150)
    included = 0
    for inner, outer in itertools.pairwise(made):
        for first, second in ((inner, outer), (intersection(inner, outer), outer), (inner, complement(outer))):
            length = reference(first, second)
            short, some = shortest_outside(first, second), some_outside(first, second)
            included += length is None
            assert (None if short is None else len(short), some is None) == (length, length is None)
            for text in (short, some):
                assert text is None or (text in first and text not in second)
    assert 60 < included < 400


def test_ways_together_are_the_step() -> None:
    for language in languages(9, 80):
        ways, step = PartialDerivatives().of(language), language.step()
        for character in "abé":
            rests = ways[1][ways[0].letter(ord(character))]
            rest = step[1][step[0].letter(ord(character))]
            for text in ("", "a", "b", "ab", "bb", "aab", "é", "abab"):
                assert any(text in each for each in rests) == (text in rest)


def test_a_text_is_read_along_the_ways_as_by_states() -> None:
    random = Random(5)  # noqa: S311 - the same texts in every run
    for language in languages(5, 80):
        for _ in range(10):
            text = "".join(random.choice("abé") for _ in range(random.randint(0, 9)))
            assert accepts(language, text) == (text in language)
            assert accepts(complement(language), text) != accepts(language, text)


def test_a_long_text_is_read_with_as_many_states_as_the_pattern_has_parts() -> None:
    random = Random(1)  # noqa: S311 - the same text in every run
    text = "".join(random.choice("abAB") for _ in range(5_000))
    texts = TextSet.language(parse("[a-zA-Z]*[A-Z][a-zA-Z]{20}").language)
    assert (text[:-21] + "A" + text[-20:] in texts, text[:-21] + "a" + text[-20:] in texts) == (True, False)


def test_what_is_left_out_is_covered() -> None:
    coverage = Coverage(Workload(10_000))
    made = languages(3, 40)
    visited: list[tuple[Language, Language]] = []
    covered = 0
    for language in made:
        for state in states(language, 5_000)[:20]:
            for outer in (EMPTY, made[0]):
                if coverage.adds(state, outer):
                    visited.append((state, outer))
                else:
                    texts = intersection(state, complement(outer))
                    assert any(
                        reference(texts, intersection(known, complement(less))) is None for known, less in visited
                    )
                    covered += 1
    assert covered > 20


@pytest.mark.parametrize(
    ("inner", "outer"),
    [
        (r"(\p{L}{1,60}\p{Lu}){1,60}", r"(\p{L}+\p{M}?){1,4000}"),
        (r"(\p{Lu}?\p{L}{0,5}\W){8}", r"(\p{Lu}?\p{L}{0,5}\W){2,12}"),
    ],
)
def test_counted_loops_in_counted_loops_are_decided(inner: str, outer: str) -> None:
    first, second = parse(inner).language, parse(outer).language
    assert shortest_outside(first, second, 2_000) is None
    assert shortest_outside(second, first, 2_000) is not None


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?:(?:(\p{Pd}\p{P}*\p{Mn}{2,12})(\p{Z}{2,12}){0,5}.{2}\D|\s(\P{M}){1,60}\P{L}\p{P})|\S){1,60}[\p{Lu}\d_]",
        r"((?:[\p{Lu}\d_](?=\p{Sc}{0,5})\p{Script=Cyrillic}{8}|(\P{N}\P{N}\p{N}{2}\P{M}{1,60})a){0,5}\p{Lu}?\S[a-z]{0,5})\p{Lu}{2,12}",
        r"\p{N}\p{Z}{3,}(?![0-9]\p{Script=Greek}[\p{L}\p{N}])(?:\p{Script=Greek}(\P{N}\p{Mn}\P{Lu}\w{1,60})|[^\p{L}]{0,5}\s{2,12}){20}",
    ],
)
def test_a_length_is_decided_however_many_unions_the_ways_have(pattern: str) -> None:
    texts = TextSet.language(parse(pattern).language)
    assert len(texts.outside(TextSet.measure(CODE_POINTS, 0, 3)) or "") >= 4


def test_a_search_that_goes_to_an_end_first_finds_what_one_by_levels_gives_up() -> None:
    inner = parse(r"([0-9]\p{C}{1,60})([A-Z]\p{Nd}{3,}\p{Lt}{20})").language
    outer = parse(
        r"(\P{M}([\p{L}\p{N}](?:[\p{Lu}\d_]{2,12}[\p{L}\p{N}]+|\P{N}\p{Pd}{0,5}){2,12}[^\p{L}]{20}\p{L}+)?){1,60}"
    ).language
    with pytest.raises(BudgetExceeded):
        shortest_outside(inner, outer, STANDARD.states // 8)
    text = some_outside(inner, outer)
    assert text is not None
    assert text in inner
    assert text not in outer


def test_nothing_is_outside_of_everything() -> None:
    assert some_outside(ALL, ALL) is shortest_outside(EMPTY, EMPTY) is None
    assert evidently_included(EMPTY, ALL)
