"""Functions from text to text that a finite machine computes, and preimages of sets of texts under them.

A `Transducer` reads a text character by character. In each phase, every class of characters allows some moves: the next
phase and the text written. Machines may guess (does this space end the text?), but for every text at most one run is
accepted, so each is a function; a text without an accepting run is rejected by it.

The preimage of a language is again a language: read the input, let the machine write, and step the language along. That
is a kind of `Language` here (`Preimage`), with a derivative of its own, so complement, product and witness come free,
exactly. Source: the inverse image of a regular language under a rational function is regular (Nivat, 1968; Sakarovitch,
"Elements of Automata Theory", IV.1).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeAlias

from . import steps
from .alphabet import Alphabet, LetterStep, letter_step, lettered, on_both, same_on_all
from .budget import STANDARD, BudgetExceeded
from .charset import CODE_POINT_LIMIT, Charset
from .interning import Answers, Interned, Shared, numbered, reject_copy, youngest
from .iteration import iterate
from .language import ALL, EMPTY, Language, intern, union
from .weight import Weight

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .iteration import Work
    from .language import Step


_MOST_PREIMAGES = 4_096
"""Step functions whose preimages a character map caches: the map of upper-casing lives as long as the process."""


class CharMap:
    """A character-to-text map, the identity outside its table: upper-casing, transliteration, removal."""

    def __init__(self, name: str, table: Mapping[int, str]) -> None:
        self.name = name
        self.table = {point: text for point, text in table.items() if text != chr(point)}
        self._runs = _runs(self.table)
        self._preimages: dict[tuple[int, ...], tuple[tuple[int, ...], tuple[int | str, ...]]] = {}
        self._weights: dict[Weight, Weight] = {}

    def __call__(self, text: str) -> str:
        """The image of a text."""
        return text.translate(self.table)

    def __repr__(self) -> str:
        return f"CharMap({self.name})"

    def preimage(self, bounds: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int | str, ...]]:
        """Per character, the piece of `bounds` that contains its image; an image of several characters is given as text."""
        known = self._preimages.get(bounds)
        if known is None:
            if len(self._preimages) >= _MOST_PREIMAGES:
                self._preimages.clear()
            known = self._preimages[bounds] = self._preimage(bounds)
        return known

    def before(self, alphabet: Alphabet) -> LetterStep[int | str]:
        """Per character, the letter of its image; an image of several characters is given as text."""
        own, images = _letters_before.of(alphabet, self, lambda: self._before(alphabet))
        return (alphabet if own is None else own), images

    def write(self, language: Language) -> Work[Step]:
        """Per character, the language of the rest once its image is written, as work."""
        step = yield from language.settled()
        if self is IDENTITY:
            return step
        alphabet, images = self.before(step[0])
        written: list[Language] = []
        for i in images:
            written.append(step[1][i] if isinstance(i, int) else (yield from language.reading(i)))
        return letter_step(alphabet, written)

    def _before(self, alphabet: Alphabet) -> tuple[Alphabet | None, tuple[int | str, ...]]:
        """`before`, with None for the alphabet itself: an answer never refers to its keeper."""
        bounds, images = self.preimage(alphabet.bounds)
        pieces = [alphabet.letters[image] if isinstance(image, int) else image for image in images]
        own, letters = lettered((bounds, pieces))
        return (None if own is alphabet else own), letters

    def _preimage(self, bounds: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int | str, ...]]:
        cuts: list[int] = []
        images: list[int | str] = []

        def emit(low: int, high: int, shift: int) -> None:
            i = bisect_right(bounds, low + shift)
            while low < high:
                stop = min(high, (bounds[i] if i < len(bounds) else CODE_POINT_LIMIT) - shift)
                cuts.append(low)
                images.append(i)
                low = stop
                i += 1

        position = 0
        for low, high, image in self._runs:
            emit(position, low, 0)
            if isinstance(image, int):
                emit(low, high, image)
            else:
                cuts.append(low)
                images.append(image)
            position = high
        emit(position, CODE_POINT_LIMIT, 0)
        return steps.coalesce(cuts[1:], images)

    @cached_property
    def keys(self) -> Charset:
        """The characters that are not their own image."""
        return Charset.ranges((point, point) for point in self.table)

    @cached_property
    def touched(self) -> Charset:
        """The characters that it changes, and those of their images."""
        return self.keys | Charset.of("".join(self.table.values()))

    @cached_property
    def sizes(self) -> tuple[int, int]:
        """The least and the greatest number of characters in an image."""
        sizes = [len(text) for text in self.table.values()]
        return min([1, *sizes]), max([1, *sizes])

    def alphabet(self, used: Charset) -> Charset:
        """The characters of the images of characters of a set."""
        return (used - self.keys) | Charset.of(*(text for point, text in self.table.items() if point in used))

    def weight(self, weight: Weight) -> Weight:
        """The weight of each character's image."""
        image_weight = self._weights.get(weight)
        if image_weight is None:
            if len(self._weights) >= _MOST_PREIMAGES:
                self._weights.clear()
            bounds, images = self.preimage(weight.step[0])
            sums = [weight.step[1][image] if isinstance(image, int) else weight.of(image) for image in images]
            image_weight = self._weights[weight] = Weight(
                f"{weight.name} after {self.name}", steps.coalesce(bounds, sums)
            )
        return image_weight


_letters_before: Answers[tuple[Alphabet | None, tuple[int | str, ...]]] = Answers(16_384)


def _runs(table: Mapping[int, str]) -> list[tuple[int, int, int | str]]:
    """Neighbouring characters mapped by the same shift, as (low, high, shift); others as (point, point + 1, text)."""
    runs: list[tuple[int, int, int | str]] = []
    for point in sorted(table):
        image = table[point]
        shift = ord(image) - point if len(image) == 1 else None
        if shift is not None and runs and runs[-1][1] == point and runs[-1][2] == shift:
            runs[-1] = (runs[-1][0], point + 1, shift)
        else:
            runs.append((point, point + 1, image if shift is None else shift))
    return runs


Phase: TypeAlias = Any
"""The state of a machine; each machine has its own kind of value, hashable."""

IDENTITY = CharMap("identity", {})


class Move(NamedTuple):
    """One step of a machine: write `before`, then the character's image under `image` (nothing if None), go on."""

    phase: Phase
    image: CharMap | None = IDENTITY
    before: str = ""


class Token(Shared):
    """The identity of equal machines. Quicker to hash than their content; answers about a machine are kept by it."""

    __slots__ = ()


_tokens: Interned[tuple[Any, ...], Token] = Interned()


def _make_token() -> Token:
    return numbered(object.__new__(Token))


@dataclass(frozen=True)
class Transducer:
    """A function on texts as a machine. Subclasses are frozen dataclasses, so equal machines are interchangeable.

    Law: for every text at most one sequence of guesses is accepted, and `apply` in the transform that owns the machine
    returns the text that this run writes.
    """

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The classes of characters that the machine distinguishes."""
        return (), (0,)

    @cached_property
    def letters(self) -> LetterStep[int]:
        """The same, as letters with their class."""
        return lettered(self.classes)

    @cached_property
    def token(self) -> Token:
        """The token this machine shares with all equal ones."""
        # The key is the machine's content: the machine itself, which keeps its token, would never be released.
        return _tokens.share((type(self), *(getattr(self, each.name) for each in fields(self))), _make_token)

    @cached_property
    def written(self) -> str:
        """A text that distinguishes the machine from every other."""
        return repr(self)

    def __reduce__(self) -> NoReturn:
        reject_copy(self)

    @property
    def rejects(self) -> bool:
        """Whether it rejects some texts."""
        return False

    @property
    def guesses(self) -> bool:
        """Whether it guesses. The preimage of all texts under a machine that neither guesses nor rejects is all texts."""
        return False

    def starts(self) -> tuple[tuple[Phase, str], ...]:
        """The initial phases, each with the text written first."""
        return ((0, ""),)

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        """The moves on a character of this class; no move: this run fails."""
        raise NotImplementedError

    def end(self, phase: Phase) -> str | None:  # noqa: ARG002 - phases matter to machines that hold text back
        """The text written at the end; None: this run is not accepted."""
        return ""

    def lengths(self, low: int, high: int | None) -> tuple[int, int | None]:  # noqa: ARG002
        """Bounds on the code points written, given bounds on those read."""
        return 0, None

    @property
    def never_longer(self) -> bool:
        """Whether it only drops or keeps characters, so that no measure ever grows."""
        return False

    @property
    def idempotent(self) -> bool:
        """Whether applying it twice is applying it once."""
        return False

    def outweigh(self, weight: Weight) -> tuple[Weight, int] | None:
        """A weight and a constant with `weight of run(x) <= that weight of x + constant`; None: there is none known."""
        return (weight, 0) if self.never_longer else None

    def invisible(self, weight: Weight) -> bool:  # noqa: ARG002 - most machines change every measure
        """Whether it never changes this measure: every character it drops or adds weighs nothing."""
        return False

    def reweigh(self, weight: Weight) -> Weight | None:  # noqa: ARG002 - most machines do not work character by character
        """The weight of each character's image, where it writes one for every character; None where it does more."""
        return None

    @property
    def concerned(self) -> Charset | None:
        """The characters that it drops, adds or looks at, when all others are the same to it; None: it does more."""
        return None

    @property
    def keeps_parts(self) -> bool:
        """Whether of a part of a text it writes a part of what it writes of the text."""
        return False

    def covers(self, other: Transducer) -> bool:  # noqa: ARG002 - most machines are not to be compared
        """Whether the other writes the same with some characters left out, so that it never weighs more."""
        return False

    def commutes(self, other: Transducer) -> bool:  # noqa: ARG002 - most machines depend on the whole text
        """Whether the order of the two does not matter."""
        return False

    def fused(self, after: Transducer) -> Transducer | None:  # noqa: ARG002 - most machines cannot be fused
        """One machine equal to this one followed by another; None where there is none."""
        return None

    @property
    def idle_up_to(self) -> tuple[Weight, int] | None:
        """A bound: texts that weigh at most this are unchanged; None: no such bound is known."""
        return None

    def is_idle(self, low: int, high: int | None) -> bool:  # noqa: ARG002 - most machines change texts of every length
        """Whether it leaves texts of low..high code points unchanged."""
        return False

    @property
    def added(self) -> str | None:
        """The text it adds to every text, when nothing else changes any measure; None: it does more."""
        return None

    @property
    def clamp(self) -> tuple[int, int | None] | None:
        """(least, most) when it only clamps the number of code points between the two; None: it does more."""
        return None

    def run(self, text: str) -> str | None:
        """The text that the machine writes; None when it rejects the text. Linear in the text per live guess."""
        runs = dict(self.starts())
        for character in text:
            kind = steps.at(self.classes, ord(character))
            runs = {
                move.phase: written + move.before + (move.image(character) if move.image is not None else "")
                for phase, written in runs.items()
                for move in self.moves(phase, kind)
            }
        for phase, written in runs.items():
            ending = self.end(phase)
            if ending is not None:
                return written + ending
        return None


def preimage(machine: Transducer, language: Language) -> Language:
    """The texts that the machine maps to a member of the language, exactly."""
    if language is EMPTY or (language is ALL and not machine.rejects):
        return language
    return union(*(iterate(_node(machine, phase, language.after(text))) for phase, text in machine.starts()))


def _node(machine: Transducer, phase: Phase, language: Language) -> Work[Language]:
    if language is EMPTY or (language is ALL and not machine.rejects and not machine.guesses):
        return language
    ending = machine.end(phase)
    return intern(
        Preimage,
        (machine.token.serial, phase, language.serial),
        (machine, phase, language),
        nullable=ending is not None and (yield from language.reading(ending)).nullable,
        operands=language.operands,
    )


class Preimage(Language):
    """`parts` = (machine, phase, language): the rests that the machine, now in this phase, maps into the language."""

    __slots__ = ()

    def derive(self) -> Work[Step]:
        machine, phase, language = self.parts
        # Per letter of all of it together: the class of the character, and per alphabet in use the letter there.
        alphabet, kinds = machine.letters
        together: LetterStep[tuple[int, ...]] = alphabet, tuple((kind,) for kind in kinds)
        per_class: dict[int, tuple[int, tuple[Language, ...]]] = {}
        alphabets: dict[Alphabet, int] = {}
        by_move: dict[Move, Step] = {}
        by_moves: dict[tuple[Move, ...], Step] = {}
        for kind in kinds:
            moves = machine.moves(phase, kind)
            known = by_moves.get(moves)
            if known is None:
                known = by_moves[moves] = yield from _read(machine, moves, language, by_move)
            step = known
            if step[0] not in alphabets:
                alphabets[step[0]] = len(alphabets) + 1
                together = on_both(together, (step[0], tuple(range(step[0].size))), lambda known, one: (*known, one))
            per_class[kind] = alphabets[step[0]], step[1]
        targets: list[Language] = []
        for seen in together[1]:
            place, rests = per_class[seen[0]]
            targets.append(rests[seen[place]])
        return letter_step(together[0], targets)


def _read(machine: Transducer, moves: tuple[Move, ...], language: Language, by_move: dict[Move, Step]) -> Work[Step]:
    """The languages after a character with which the machine may move so; `by_move`: what is known of each move."""
    step_function: Step = same_on_all(EMPTY)
    for move in moves:
        step = by_move.get(move)
        if step is None:
            before = yield from language.reading(move.before)
            alphabet, written = same_on_all(before) if move.image is None else (yield from move.image.write(before))
            nodes: list[Language] = []
            for rest in written:
                nodes.append((yield from _node(machine, move.phase, rest)))
            step = by_move[move] = letter_step(alphabet, nodes)
        step_function = step if step_function[1] == (EMPTY,) else on_both(step_function, step, union)
    return step_function


@dataclass(frozen=True)
class Mapped(Transducer):
    """Each character is replaced by its image."""

    image: CharMap
    # Compared by identity: character maps are made once and cached by their makers.

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:  # noqa: ARG002
        return (Move(0, self.image),)

    def run(self, text: str) -> str:
        return self.image(text)

    def lengths(self, low: int, high: int | None) -> tuple[int, int | None]:
        least, most = self.image.sizes
        return low * least, None if high is None else high * most

    @cached_property
    def never_longer(self) -> bool:
        return all(text == "" for text in self.image.table.values())

    def outweigh(self, weight: Weight) -> tuple[Weight, int]:
        return self.image.weight(weight), 0

    def invisible(self, weight: Weight) -> bool:
        return self.image.weight(weight) == weight

    def reweigh(self, weight: Weight) -> Weight:
        return self.image.weight(weight)

    @property
    def keeps_parts(self) -> bool:
        return True

    def commutes(self, other: Transducer) -> bool:
        if isinstance(other, Mapped):
            return not other.image.touched & self.image.touched
        dropped = other.concerned
        return dropped is not None and not dropped & self.image.touched


_alphabets: Answers[Charset] = Answers(16_384)


def alphabet_after(machine: Transducer, alphabet: Charset, phases: int = STANDARD.phases) -> Charset:
    """A superset of the characters the machine writes, for texts in an alphabet.

    Raises BudgetExceeded beyond `phases` phases of the machine.
    """
    token = machine.token
    keeper, question = youngest(token, alphabet), (token.serial, alphabet.serial, phases)
    return _alphabets.of(keeper, question, lambda: _alphabet_after(machine, alphabet, phases))


def _alphabet_after(machine: Transducer, alphabet: Charset, phases: int) -> Charset:
    images, constants = _vocabulary(machine, phases)
    characters = constants
    for image in images:
        characters = characters | image.alphabet(alphabet)
    return characters


def images(machine: Transducer, phases: int = STANDARD.phases) -> tuple[CharMap, ...]:
    """The character maps a machine writes with, in order of first use. Raises BudgetExceeded beyond `phases` phases."""
    return _vocabulary(machine, phases)[0]


_Vocabulary: TypeAlias = tuple[tuple[CharMap, ...], Charset]
_vocabularies: Answers[_Vocabulary] = Answers(4_096)


def _vocabulary(machine: Transducer, phases: int) -> _Vocabulary:
    return _vocabularies.of(machine.token, phases, lambda: _collect_vocabulary(machine, phases))


def _collect_vocabulary(machine: Transducer, phases: int) -> _Vocabulary:
    """The character maps a machine writes with, in order of first use, and the characters of its fixed texts.

    Raises BudgetExceeded.
    """
    maps: dict[CharMap, None] = {}
    seen: set[Phase] = set()
    todo: list[Phase] = [phase for phase, _ in machine.starts()]
    fixed: set[str] = {character for _, text in machine.starts() for character in text}
    kinds = tuple(dict.fromkeys(machine.classes[1]))
    while todo:
        phase = todo.pop()
        if phase in seen:
            continue
        seen.add(phase)
        if len(seen) > phases:
            raise BudgetExceeded("phases", len(seen))
        fixed.update(machine.end(phase) or "")
        for kind in kinds:
            for move in machine.moves(phase, kind):
                todo.append(move.phase)
                fixed.update(move.before)
                if move.image is not None:
                    maps[move.image] = None
    return tuple(maps), Charset.of("".join(sorted(fixed)))
