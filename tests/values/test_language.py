"""Languages in normal form: what is written in several ways is one object."""

from itertools import permutations
from random import Random

from fieldline.values.charset import Charset
from fieldline.values.language import chars, concat, repeat, union

A = chars(Charset.of("a"))


def test_loops_unite_in_any_order_also_into_one_that_is_there() -> None:
    loops = [repeat(A, 1), repeat(A, 2), repeat(A, 1, 2)]
    for ordered in permutations(loops):
        assert union(*ordered) is repeat(A, 1)


def test_loops_that_become_one_that_is_an_operand_already_are_united_once() -> None:
    random = Random(13)  # noqa: S311 - samples, not secrets
    a, b = chars(Charset.of("a")), chars(Charset.of("b"))
    tails = [concat(repeat(a, low, high), b) for low in range(3) for high in range(low, 5)]
    loops = [
        concat(repeat(a, low, high), tail) for low in range(3) for high in (*range(low, 6), None) for tail in tails
    ]
    for _ in range(2_000):
        some = random.sample(loops, 4)
        both = union(*some)
        for text in ("b", "ab", "aab", "aaaab", "aaaaaaab", "aaaaaaaaaaaab"):
            assert (text in both) == any(text in each for each in some)
