"""Equal objects of the engine are one object, for every thread, and for no longer than somebody refers to it."""

from __future__ import annotations

import copy
import gc
import pickle
import sys
from threading import Barrier, Thread
from typing import TYPE_CHECKING
from weakref import ref

import pytest

from fieldline.lineage.transforms.cut import Truncate
from fieldline.values.charset import Charset
from fieldline.values.interning import Answers, Shared, numbered
from fieldline.values.language import chars, literal, repeat
from fieldline.values.regex import parse
from fieldline.values.solve.minimal import canonical
from fieldline.values.solve.search import shortest_outside
from fieldline.values.textset import TextSet
from fieldline.values.weight import CODE_POINTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROUNDS = 2_000


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads take turns as often as the interpreter lets them."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(
    "make",
    [
        lambda n: Charset((n, n + 1)),
        lambda n: repeat(chars(Charset((5, 9))), n, n + 7),
        lambda n: canonical(literal(f"{n:x}")),
        lambda n: TextSet.measure(CODE_POINTS, n, n + 3),
    ],
    ids=["charset", "language", "automaton", "set of texts"],
)
def test_two_threads_that_make_equal_objects_have_one(make: Callable[[int], Shared]) -> None:
    barrier = Barrier(2)
    made: list[list[Shared]] = [[], []]

    def work(mine: list[Shared]) -> None:
        barrier.wait()
        mine += (make(n) for n in range(1, ROUNDS))

    threads = [Thread(target=work, args=(mine,)) for mine in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made[0]) == len(made[1]) == ROUNDS - 1
    assert all(first is second for first, second in zip(*made, strict=True))
    assert len({each.serial for each in made[0]}) == ROUNDS - 1


def test_a_language_dies_with_the_last_reference_to_it() -> None:
    other = parse("[a-z]{0,40}").language
    language = parse("(?:ab|cd)*[x-z]{3,9}").language
    minimal, witness = canonical(language), shortest_outside(language, other)
    assert canonical(minimal) is minimal
    assert witness is not None
    assert witness in language
    assert witness not in other
    watched = ref(minimal)
    serial = language.serial
    del language, minimal
    for letter in "abcdefghijklmnopqrst":  # the patterns read last are kept
        parse(letter)
    gc.collect()
    assert watched() is None
    assert parse("(?:ab|cd)*[x-z]{3,9}").language.serial > serial
    assert other.answers is None or not any(serial in key for _, key in other.answers if isinstance(key, tuple))


class _Thing(Shared):
    __slots__ = ()


def test_so_many_answers_are_kept_and_the_oldest_go_first() -> None:
    things = [numbered(_Thing()) for _ in range(3)]
    asked: list[int] = []
    answers: Answers[int] = Answers(2)

    def answer(number: int) -> int:
        return answers.of(things[number], "square", lambda: asked.append(number) or number**2)

    assert [answer(n) for n in (0, 1, 1, 2, 2, 1, 0)] == [0, 1, 1, 4, 4, 1, 0]
    assert asked == [0, 1, 2, 0]


@pytest.mark.parametrize(
    "shared",
    [
        Charset((1, 2)),
        chars(Charset((1, 2))),
        TextSet.full(),
        TextSet.measure(CODE_POINTS, 1, 2).atoms[0],
        Truncate(3).machine,
    ],
    ids=lambda shared: type(shared).__name__,
)
@pytest.mark.parametrize("how", [copy.copy, copy.deepcopy, pickle.dumps])
def test_what_is_shared_is_not_copied(shared: object, how: Callable[[object], object]) -> None:
    with pytest.raises(TypeError, match="can be neither copied nor pickled"):
        how(shared)
