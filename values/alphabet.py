"""Alphabets: the code points, cut into letters that an automaton treats alike, and step functions over letters.

    pieces   .......48........58.......97.......123.......
    letters     0         1        0        2        0        0 = the rest, 1 = a digit, 2 = a to z

The letters of Unicode are 2,463 pieces and two letters of an alphabet: inside and outside. A step function has one value
for each letter, so what a state costs depends on how many kinds of character the pattern tells apart, not on how
scattered they are. The pieces are looked at where two alphabets meet for the first time.

Source: minterms of a symbolic automaton (Veanes, de Halleux, Tillmann, "Rex", ICST 2010; D'Antoni, Veanes,
"Minimization of symbolic automata", POPL 2014).
"""

from __future__ import annotations

from bisect import bisect_right
from functools import partial
from typing import TYPE_CHECKING, TypeAlias, TypeVar
from weakref import ref

from . import steps
from .charset import CODE_POINT_LIMIT, Charset
from .interning import UNANSWERED, Answers, Interned, Shared, numbered
from .plausible import best_character

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterator, Sequence

_A = TypeVar("_A", bound="Hashable")
_B = TypeVar("_B", bound="Hashable")
_C = TypeVar("_C", bound="Hashable")

Likely: TypeAlias = tuple[int, int, int]
"""(rank, low, high): the half-open piece of a letter with its most plausible character, and that character's rank."""

Meeting: TypeAlias = "tuple[Alphabet, tuple[tuple[int, int], ...]]"
"""The letters that two alphabets tell apart together: an alphabet, and per letter the letter of each of the two."""

_MANY_PIECES = 100
"""The pieces of two alphabets from which on it pays to look for one that is finer than both."""
_MOST_LETTERS = 64
"""The letters of such a finer one."""


class Alphabet(Shared):
    """Code points cut into letters. Interned: equal alphabets are the same object."""

    __slots__ = ("_finer", "_likely", "bounds", "letters", "size")

    bounds: tuple[int, ...]
    letters: tuple[int, ...]
    # Per piece between the bounds its letter. Invariant: neighbours differ, and letters are numbered by their first piece.
    size: int
    """The number of letters."""
    _likely: tuple[Likely | None, ...] | None
    _finer: tuple[ref[Alphabet], tuple[int, ...]] | None
    # An alphabet that tells more apart, and per letter of that one the letter here; None: none is known.

    def letter(self, code_point: int) -> int:
        """The letter of a code point."""
        return self.letters[bisect_right(self.bounds, code_point)]

    @property
    def likely(self) -> tuple[Likely | None, ...]:
        """Per letter its most plausible piece; None where it has no character."""
        likely = self._likely
        if likely is None:
            best: list[Likely | None] = [None] * self.size
            for low, high, letter in steps.pieces((self.bounds, self.letters)):
                character = best_character(low, high)
                known = best[letter]
                if character is not None and (known is None or character[0] < known[0]):
                    best[letter] = (character[0], low, high)
            likely = self._likely = tuple(best)
        return likely

    def charset(self, letters: Collection[int]) -> Charset:
        """The characters of some letters."""
        pieces = steps.pieces((self.bounds, self.letters))
        return Charset.ranges((low, high - 1) for low, high, letter in pieces if letter in letters)

    def meet(self, other: Alphabet) -> Meeting:
        """The coarsest alphabet that tells apart what one of the two does."""
        keeper, question = (self, other.serial) if self.serial > other.serial else (other, ~self.serial)
        known = _meetings.known(keeper, question)
        if known is UNANSWERED:
            met, pairs = _meet_in_finest(self, other) or _meet(self, other)
            # An answer never refers to its keeper, which then could not be released.
            known = _meetings.keep(keeper, question, (None if met is keeper else met, pairs))
        both, pairs = known
        return (keeper if both is None else both), pairs

    def coarser(self, kernel: tuple[int, ...]) -> Alphabet:
        """The alphabet in which the letters with the same number are one; numbers are in order of first use."""
        known = _coarser.known(self, kernel)
        if known is UNANSWERED:
            known = _coarser.keep(self, kernel, _merged(self, kernel))
        return known


_alphabets: Interned[tuple[tuple[int, ...], tuple[int, ...]], Alphabet] = Interned()
_meetings: Answers[tuple[Alphabet | None, tuple[tuple[int, int], ...]]] = Answers(65_536)
_coarser: Answers[Alphabet] = Answers(16_384)


def _alphabet(bounds: tuple[int, ...], letters: tuple[int, ...]) -> Alphabet:
    """The alphabet with these pieces, which must satisfy its invariant."""
    key = (bounds, letters)
    known = _alphabets.get(key)
    return _alphabets.share(key, partial(_make, bounds, letters)) if known is None else known


def _make(bounds: tuple[int, ...], letters: tuple[int, ...]) -> Alphabet:
    made = object.__new__(Alphabet)
    made.bounds = bounds
    made.letters = letters
    made.size = max(letters) + 1
    made._likely = None
    made._finer = None
    return numbered(made)


def _meet_in_finest(first: Alphabet, second: Alphabet) -> Meeting | None:
    """The meeting, by way of an alphabet finer than both: some letters are compared, and not thousands of pieces.

    The states of one pattern have coarser alphabets of one: of that which all its classes have together. None: there is
    none, or it would have too many letters.
    """
    if len(first.bounds) + len(second.bounds) < _MANY_PIECES:
        return None
    (finest, mine), (other, theirs) = _finest(first), _finest(second)
    if finest is not other:
        if finest is first and other is second:
            return _join(first, second)
        finest.meet(other)
        (finest, mine), (other, theirs) = _finest(first), _finest(second)
        if finest is not other:
            return None
    met = [*zip(mine, theirs, strict=True)]
    pairs = tuple(dict.fromkeys(met))
    if len(pairs) == finest.size:
        return finest, pairs
    numbers = {pair: number for number, pair in enumerate(pairs)}
    # Not `coarser`, which keeps what it answers: that may be an alphabet which keeps this very meeting.
    return _merged(finest, tuple([numbers[pair] for pair in met])), pairs


def _merged(alphabet: Alphabet, kernel: tuple[int, ...]) -> Alphabet:
    """The alphabet in which the letters with the same number are one."""
    letters = [*map(kernel.__getitem__, alphabet.letters)]
    merged = _alphabet(*steps.coalesce(alphabet.bounds, letters))
    if merged._finer is None and merged is not alphabet:  # noqa: SLF001 - of this module
        merged._finer = ref(alphabet), kernel  # noqa: SLF001
    return merged


def _finest(alphabet: Alphabet) -> tuple[Alphabet, tuple[int, ...]]:
    """The finest alphabet that is known to tell apart what one does, and per letter of it the letter of that one."""
    finest, kernel = alphabet, None
    while (finer := finest._finer) is not None:  # noqa: SLF001 - of this module
        following = finer[0]()
        if following is None:
            finest._finer = None  # noqa: SLF001
            break
        kernel = finer[1] if kernel is None else tuple([kernel[letter] for letter in finer[1]])
        finest = following
    if kernel is None:
        return alphabet, tuple(range(alphabet.size))
    alphabet._finer = ref(finest), kernel  # noqa: SLF001
    return finest, kernel


def _join(first: Alphabet, second: Alphabet) -> Meeting:
    """The meeting of two that are the finest known; from now on it is their finest, unless it has too many letters."""
    both, pairs = _meet(first, second)
    if both.size <= _MOST_LETTERS:
        for each, letters in ((first, tuple([i for i, _ in pairs])), (second, tuple([j for _, j in pairs]))):
            if each is not both:
                each._finer = ref(both), letters  # noqa: SLF001
    return both, pairs


def _meet(first: Alphabet, second: Alphabet) -> Meeting:
    cuts = sorted({*first.bounds, *second.bounds})
    lows = (0, *cuts)
    mine = map(first.letters.__getitem__, map(partial(bisect_right, first.bounds), lows))
    theirs = map(second.letters.__getitem__, map(partial(bisect_right, second.bounds), lows))
    both = [*zip(mine, theirs, strict=True)]
    pairs = tuple(dict.fromkeys(both))
    numbers = {pair: number for number, pair in enumerate(pairs)}
    return _alphabet(*steps.coalesce(cuts, [numbers[pair] for pair in both])), pairs


ONE_LETTER = _alphabet((), (0,))
"""The alphabet that tells no characters apart."""

LetterStep: TypeAlias = tuple[Alphabet, tuple[_A, ...]]
"""A total step function: an alphabet and, per letter, a value. Different letters have different values."""


def letter_step(alphabet: Alphabet, values: Sequence[_A]) -> LetterStep[_A]:
    """The step function with these values, per letter; letters with the same value become one."""
    numbers: dict[_A, int] = {}
    kernel = [numbers.setdefault(value, len(numbers)) for value in values]
    if len(numbers) == len(kernel):
        return alphabet, tuple(values)
    return alphabet.coarser(tuple(kernel)), tuple(numbers)


def lettered(step: tuple[Sequence[int], Sequence[_A]]) -> LetterStep[_A]:
    """The same step function over letters: bounds and, per piece between them, a value."""
    numbers: dict[_A, int] = {}
    bounds, letters = steps.coalesce(step[0], [numbers.setdefault(value, len(numbers)) for value in step[1]])
    return _alphabet(bounds, letters), tuple(numbers)


def same_on_all(value: _A) -> LetterStep[_A]:
    """The step function with the same value for every character."""
    return ONE_LETTER, (value,)


def on_each(step: LetterStep[_A], change: Callable[[_A], _B]) -> LetterStep[_B]:
    """Change each value."""
    return letter_step(step[0], [change(value) for value in step[1]])


def on_both(first: LetterStep[_A], second: LetterStep[_B], combine: Callable[[_A, _B], _C]) -> LetterStep[_C]:
    """Pointwise combination of two step functions."""
    mine, xs = first
    theirs, ys = second
    if mine is theirs:
        return letter_step(mine, [combine(x, y) for x, y in zip(xs, ys, strict=True)])
    if theirs is ONE_LETTER:
        y = ys[0]
        return letter_step(mine, [combine(x, y) for x in xs])
    if mine is ONE_LETTER:
        x = xs[0]
        return letter_step(theirs, [combine(x, y) for y in ys])
    both, pairs = mine.meet(theirs)
    return letter_step(both, [combine(xs[i], ys[j]) for i, j in pairs])


def value_at(step: LetterStep[_A], code_point: int) -> _A:
    """The value for one character."""
    return step[1][step[0].letter(code_point)]


def pieces_of(step: LetterStep[_A]) -> Iterator[tuple[int, int, _A]]:
    """Half-open pieces `(low, high, value)`, ascending."""
    alphabet, values = step
    low = 0
    for high, letter in zip((*alphabet.bounds, CODE_POINT_LIMIT), alphabet.letters, strict=True):
        yield low, high, values[letter]
        low = high
