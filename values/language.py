"""Regular languages over Unicode, as lazily stepped, hash-consed automata.

A `Language` is a state of one global deterministic automaton. It has a flag, whether it accepts the empty rest
(`nullable`), and a function from the next character to the language of the rest (`step`, its derivative). The step is
computed once, on first use, so a product of huge automata costs only the states a question visits. Structurally equal
languages are the same object; the constructors below normalise, they never unroll a counted repetition.

Sources: Brzozowski, "Derivatives of Regular Expressions", JACM 1964; Owens, Reppy, Turon, "Regular-expression
derivatives re-examined", JFP 2009; Stanford, Veanes, Bjørner, "Symbolic Boolean Derivatives", PLDI 2021.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from . import steps
from .alphabet import LetterStep, lettered, on_both, on_each, same_on_all
from .charset import ANY, NONE, SCALARS, Charset
from .interning import Interned, Shared, numbered
from .iteration import iterate

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from .iteration import Work
    from .weight import Weight

Step: TypeAlias = LetterStep["Language"]
"""A total step function: an alphabet and, per letter, the language of the rest."""

L = TypeVar("L", bound="Language")


class Language(Shared):
    """A set of strings. `& | ~ -` build languages, `in` tests a string in time linear in its length."""

    __slots__ = ("_step", "is_minimal", "minimal", "nullable", "operands", "parts")

    nullable: bool
    parts: Any
    # The operands; their shape is each kind's own.
    operands: int
    # How many languages are united and intersected in it: what it takes to make it, and to keep it.
    _step: Step | None
    # Invariant: None until first computed, then final.
    minimal: Language | None
    # Its minimal automaton, once computed, where that is another language: a reference to itself would be a cycle.
    is_minimal: bool
    # Whether it is its own minimal automaton, or has too many states to be minimised.

    def derive(self) -> Work[Step]:
        """Compute the step function; each kind has its own rule. Its operands are derived by the work it yields."""
        raise NotImplementedError

    def step(self) -> Step:
        """The step function: for every next character, the language of the rest."""
        return self._step or iterate(self._kept_step())

    def _kept_step(self) -> Work[Step]:
        step = self._step = yield from self.derive()
        return step

    def settled(self) -> Work[Step]:
        """The step function, as work."""
        step: Step = self._step or (yield self._kept_step())
        return step

    def unkept_step(self) -> Step:
        """The same, computed again where it is not cached: for walks that would cache ever more states."""
        return self._step or iterate(self.derive())

    def after(self, text: str) -> Language:
        """The language of the rest, once `text` has been read."""
        language: Language = self
        for character in text:
            if language is EMPTY or language is ALL:
                break
            alphabet, targets = language._step or language.step()
            language = targets[alphabet.letters[bisect_right(alphabet.bounds, ord(character))]]
        return language

    def reading(self, text: str) -> Work[Language]:
        """`after`, as work."""
        language: Language = self
        for character in text:
            if language is EMPTY or language is ALL:
                break
            alphabet, targets = yield from language.settled()
            language = targets[alphabet.letter(ord(character))]
        return language

    def __contains__(self, text: str) -> bool:
        return self.after(text).nullable

    def __and__(self, other: Language) -> Language:
        return intersection(self, other)

    def __or__(self, other: Language) -> Language:
        return union(self, other)

    def __sub__(self, other: Language) -> Language:
        return intersection(self, complement(other))

    def __invert__(self) -> Language:
        return complement(self)


_languages: Interned[tuple[Any, ...], Language] = Interned()


def intern(
    kind: type[L], key: tuple[Any, ...], parts: object, *, nullable: bool, step: Step | None = None, operands: int = 1
) -> Language:
    """The one language of this kind with this key; `parts` or `step` keep alive the operands named in the key."""
    full_key = (kind, *key)
    known = _languages.get(full_key)
    if known is None:
        known = _languages.share(full_key, partial(fresh, kind, parts, nullable=nullable, step=step, operands=operands))
    return known


def intern_automaton(key: Hashable, build: Callable[[], Language]) -> Language:
    """The one automaton with this key; where there is none it is built, with `fresh` states."""
    full_key = ("automaton", key)
    known = _languages.get(full_key)
    return _languages.share(full_key, build) if known is None else known


def fresh(kind: type[L], parts: object, *, nullable: bool, step: Step | None = None, operands: int = 1) -> L:
    """A new language, never shared with an equal one."""
    language = object.__new__(kind)
    language.parts = parts
    language.nullable = nullable
    language.operands = operands
    language.minimal = None
    language.is_minimal = False
    language._step = step
    return numbered(language)


class _Constant(Language):
    """The empty language, or the language of the empty string: nothing can follow."""

    __slots__ = ()

    def derive(self) -> Work[Step]:
        yield from ()
        return same_on_all(EMPTY)


EMPTY = intern(_Constant, ("empty",), None, nullable=False)
EPSILON = intern(_Constant, ("epsilon",), None, nullable=True)


class Characters(Language):
    """One character out of a set (`parts` is the set)."""

    __slots__ = ()

    def derive(self) -> Work[Step]:
        yield from ()
        return lettered(steps.indicator(self.parts, EPSILON, EMPTY))


class Concatenation(Language):
    """First, then second (`parts`); right-nested, the first is never a concatenation."""

    __slots__ = ()

    def derive(self) -> Work[Step]:
        # One after the other along a run of nullable heads: (a?)(b?)(c?)… may be as long as a pattern.
        derivatives: list[Step] = []
        rest: Language = self
        while isinstance(rest, Concatenation):
            head, tail = rest.parts
            first = yield from head.settled()
            derivatives.append(on_each(first, partial(_before, tail)))
            if not head.nullable:
                break
            rest = tail
        else:
            derivatives.append((yield from rest.settled()))
        return _fold(derivatives, union)


def _before(rest: Language, first: Language) -> Language:
    return concat(first, rest)


class Repetition(Language):
    """`parts` = (body, low, high): between low and high copies; high None means any number. Never unrolled."""

    __slots__ = ()

    def derive(self) -> Work[Step]:
        body, low, high = self.parts
        rest = repeat(body, max(low - 1, 0), None if high is None else high - 1)
        step = yield from body.settled()
        return on_each(step, partial(_before, rest))


class Union(Language):
    """Any of `parts`, ascending by serial."""

    __slots__ = ()

    def derive(self) -> Work[Step]:
        return (yield from _derive_all(self.parts, union))


class Intersection(Language):
    """All of `parts`, ascending by serial."""

    __slots__ = ()

    def derive(self) -> Work[Step]:
        return (yield from _derive_all(self.parts, intersection))


class Complement(Language):
    """Everything but `parts`."""

    __slots__ = ()

    def after(self, text: str) -> Language:
        return complement(self.parts.after(text))

    def derive(self) -> Work[Step]:
        step = yield from self.parts.settled()
        return on_each(step, complement)


class LengthLanguage(Language):
    """`parts` = (weight, low, high): texts whose characters' weights sum to low..high (high None: no upper end)."""

    __slots__ = ()

    def derive(self) -> Work[Step]:
        weight, low, high = self.parts
        yield from ()
        return on_each(weight.letters, lambda w: length(weight, low - w, None if high is None else high - w))


class Explicit(Language):
    """A state with a given step function: a node of a word trie or of a canonical automaton."""

    __slots__ = ()


class Fixpoint(Language):
    """A language X defined by an equation X = `parts`, in which X occurs only after at least one character."""

    __slots__ = ()

    def derive(self) -> Work[Step]:
        step: Step = yield from self.parts.settled()
        return step

    def define(self, equation: Language) -> None:
        """Set the right-hand side, once, before the first step."""
        self.parts = equation


def chars(charset: Charset) -> Language:
    """One character of the set."""
    if not charset:
        return EMPTY
    return intern(Characters, (charset.bounds,), charset, nullable=False)


def concat(*languages: Language) -> Language:
    """One after the other."""
    result = EPSILON
    for language in reversed(languages):
        result = _concat(language, result)
    return result


def _concat(first: Language, second: Language) -> Language:
    if second is EPSILON:
        return first
    spine: list[Language] = []
    while isinstance(first, Concatenation):
        head, first = first.parts
        spine.append(head)
    result = _join(first, second)
    for head in reversed(spine):
        result = _join(head, result)
    return result


def _join(first: Language, second: Language) -> Language:
    """Concatenation of a language that is not itself a concatenation."""
    if first is EMPTY or second is EMPTY:
        return EMPTY
    if first is EPSILON:
        return second
    if second is EPSILON:
        return first
    if isinstance(first, Repetition):
        # x{a,b} x{c,d} rest = x{a+c,b+d} rest
        head, rest = second.parts if isinstance(second, Concatenation) else (second, EPSILON)
        if isinstance(head, Repetition) and head.parts[0] is first.parts[0]:
            body, low, high = first.parts
            _, more_low, more_high = head.parts
            both = repeat(body, low + more_low, None if high is None or more_high is None else high + more_high)
            return _join(both, rest)
    return intern(
        Concatenation, (first.serial, second.serial), (first, second), nullable=first.nullable and second.nullable
    )


def repeat(body: Language, low: int, high: int | None = None) -> Language:
    """Between `low` and `high` copies of `body`; `high` None means any number."""
    if high == 0 or body is EPSILON:
        return EPSILON
    if body is EMPTY:
        return EPSILON if low == 0 else EMPTY
    if body.nullable:
        low = 0
    if low == 1 and high == 1:
        return body
    if isinstance(body, Repetition) and body.parts[1] == 0 and body.parts[2] is None:
        return body  # (x*){a,b} = x*: the body is nullable, so a is 0 here, and b is at least 1
    return intern(Repetition, (body.serial, low, high), (body, low, high), nullable=low == 0)


ALL = repeat(chars(ANY), 0)
"""Every string, marks included."""

TEXTS = repeat(chars(SCALARS), 0)
"""Every text: strings of Unicode scalar values. The universe of a `TextSet`."""


def union(*languages: Language) -> Language:
    """Any of them."""
    if len(languages) == 2:  # the frequent case, and mostly one of these
        first, second = languages
        if first is second or second is EMPTY or first is ALL:
            return first
        if first is EMPTY or second is ALL:
            return second
    operands: dict[int, Language] = {}
    charset = NONE
    epsilon = False
    todo = list(languages)
    while todo:
        language = todo.pop()
        if language is ALL:
            return ALL
        if language is EMPTY:
            continue
        if language is EPSILON:
            epsilon = True
        elif isinstance(language, Union):
            todo += language.parts
        elif isinstance(language, Characters):
            charset = charset | language.parts
        else:
            operands[language.serial] = language
    if charset:
        language = chars(charset)
        operands[language.serial] = language
    if epsilon and not any(language.nullable for language in operands.values()):
        _absorb_epsilon(operands)
    if len(operands) > 1:
        _merge_loops(operands)
    if not operands:
        return EMPTY
    if ALL.serial in operands:
        return ALL
    if len(operands) == 1:
        return next(iter(operands.values()))
    serials = tuple(sorted(operands))
    if any(isinstance(x := operands[s], Complement) and x.parts.serial in operands for s in serials):
        return ALL
    parts = tuple(operands[s] for s in serials)
    return intern(Union, serials, parts, nullable=any(part.nullable for part in parts), operands=_operands(parts))


def _operands(parts: tuple[Language, ...]) -> int:
    return sum([part.operands for part in parts])


def _absorb_epsilon(operands: dict[int, Language]) -> None:
    """Add the empty string: into a loop `x{1,n}` as `x{0,n}` where there is one, else as itself."""
    for serial, language in operands.items():
        if isinstance(language, Repetition) and language.parts[1] == 1:
            del operands[serial]
            wider = repeat(language.parts[0], 0, language.parts[2])
            operands[wider.serial] = wider
            return
    operands[EPSILON.serial] = EPSILON


def _merge_loops(operands: dict[int, Language]) -> None:
    """Unite loops over the same body before the same rest whose counts touch: `x{1,3}y | x{3,9}y = x{1,9}y`."""
    seen: dict[tuple[int, int], Language] = {}
    for language in list(operands.values()):
        loop, rest = language.parts if isinstance(language, Concatenation) else (language, EPSILON)
        if not isinstance(loop, Repetition) or language.serial not in operands:
            continue
        body, low, high = loop.parts
        key = (body.serial, rest.serial)
        other = seen.get(key)
        # The union of two others may equal this one, or another one that was united since.
        if other is None or other is language or other.serial not in operands:
            seen[key] = language
            continue
        other_loop = other.parts[0] if isinstance(other, Concatenation) else other
        _, other_low, other_high = other_loop.parts
        smaller_high = _least(high, other_high)
        if smaller_high is not None and max(low, other_low) > smaller_high + 1:
            continue
        greater_high = None if high is None or other_high is None else max(high, other_high)
        united = concat(repeat(body, min(low, other_low), greater_high), rest)
        del operands[language.serial], operands[other.serial]
        operands[united.serial] = seen[key] = united


def _least(first: int | None, second: int | None) -> int | None:
    if first is None:
        return second
    return first if second is None else min(first, second)


def intersection(*languages: Language) -> Language:
    """All of them."""
    if len(languages) == 2:  # the frequent case, and mostly one of these
        first, second = languages
        if first is second or second is ALL or first is EMPTY:
            return first
        if first is ALL or second is EMPTY:
            return second
    operands: dict[int, Language] = {}
    charset: Charset | None = None
    todo = list(languages)
    while todo:
        language = todo.pop()
        if language is EMPTY:
            return EMPTY
        if language is ALL:
            continue
        if isinstance(language, Intersection):
            todo += language.parts
        elif isinstance(language, Characters):
            charset = language.parts if charset is None else charset & language.parts
        else:
            operands[language.serial] = language
    if charset is not None:
        if not charset or EPSILON.serial in operands:
            return EMPTY
        language = chars(charset)
        operands[language.serial] = language
    if EPSILON.serial in operands:
        return EPSILON if all(language.nullable for language in operands.values()) else EMPTY
    loops = [x for x in operands.values() if isinstance(x, Repetition) and isinstance(x.parts[0], Characters)]
    if len(loops) > 1:
        united = _intersect_loops(loops)
        for loop in loops:
            del operands[loop.serial]
        return intersection(united, *operands.values())
    if not operands:
        return ALL
    if len(operands) == 1:
        return next(iter(operands.values()))
    serials = tuple(sorted(operands))
    if any(isinstance(x := operands[s], Complement) and x.parts.serial in operands for s in serials):
        return EMPTY
    parts = tuple(operands[s] for s in serials)
    nullable = all(part.nullable for part in parts)
    return intern(Intersection, serials, parts, nullable=nullable, operands=_operands(parts))


def _intersect_loops(loops: Sequence[Language]) -> Language:
    """Loops over single characters: `[ab]{1,5} & [bc]{2,9} = [b]{2,5}`."""
    charset = ANY
    low, high = 0, None
    for loop in loops:
        body, loop_low, loop_high = loop.parts
        charset = charset & body.parts
        low = max(low, loop_low)
        high = _least(high, loop_high)
    if high is not None and low > high:
        return EMPTY
    return repeat(chars(charset), low, high)


def complement(language: Language) -> Language:
    """Every string but these (over all code points: intersect with texts before asking for a witness)."""
    if language is EMPTY:
        return ALL
    if language is ALL:
        return EMPTY
    if isinstance(language, Complement):
        inner: Language = language.parts
        return inner
    nullable = not language.nullable
    return intern(Complement, (language.serial,), language, nullable=nullable, operands=language.operands)


def literal(text: str) -> Language:
    """Exactly this string."""
    return concat(*(chars(Charset((ord(c), ord(c) + 1))) for c in text))


def explicit(step: Step, *, nullable: bool) -> Language:
    """A state with this step function, shared with every equal one."""
    alphabet, targets = step
    if targets == (EMPTY,):
        return EPSILON if nullable else EMPTY
    key = (alphabet.serial, tuple(t.serial for t in targets), nullable)
    return intern(Explicit, key, None, nullable=nullable, step=step)


def length(weight: Weight, low: int, high: int | None) -> Language:
    """Texts whose total weight lies in low..high (inclusive; high None: unbounded)."""
    if high is not None and (high < 0 or low > high):
        return EMPTY
    low = max(low, 0)
    if low == 0 and high is None:
        return ALL
    return intern(LengthLanguage, (weight, low, high), (weight, low, high), nullable=low == 0)


def fixpoint(*, nullable: bool) -> Fixpoint:
    """A language to be defined by an equation over itself (`Fixpoint.define`)."""
    return fresh(Fixpoint, None, nullable=nullable)


def _derive_all(parts: Sequence[Language], combine: Callable[[Language, Language], Language]) -> Work[Step]:
    derivatives: list[Step] = []
    for part in parts:
        derivatives.append((yield from part.settled()))
    return _fold(derivatives, combine)


def _fold(derivatives: Sequence[Step], combine: Callable[[Language, Language], Language]) -> Step:
    """Merge step functions pairwise, balanced."""
    derivatives = list(derivatives)
    while len(derivatives) > 1:
        derivatives = [
            on_both(derivatives[i], derivatives[i + 1], combine) if i + 1 < len(derivatives) else derivatives[i]
            for i in range(0, len(derivatives), 2)
        ]
    return derivatives[0]
