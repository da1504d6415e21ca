"""Languages in normal form: what is written in several ways is one object."""

from itertools import permutations

from fieldline.values.charset import Charset
from fieldline.values.language import chars, repeat, union

A = chars(Charset.of("a"))


def test_loops_unite_in_any_order_also_into_one_that_is_there() -> None:
    loops = [repeat(A, 1), repeat(A, 2), repeat(A, 1, 2)]
    for ordered in permutations(loops):
        assert union(*ordered) is repeat(A, 1)
