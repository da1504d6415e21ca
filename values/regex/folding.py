r"""The meaning of "ignore case", engine by engine: the characters that a character of a pattern matches.

All of them work character by character; none folds `ß` to `ss`. They differ in everything else: whether `[k]` matches
the kelvin sign, whether `\P{Lu}` matches an upper-case letter, whether `i` and the dotless `ı` are the same letter.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Protocol

from ..charset import Charset
from ..unicode_data import close_over_simple_folding, lower_map, simple_fold_orbits, upper_map

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Folding(Protocol):
    """The comparison of characters in one engine."""

    def span(self, low: int, high: int) -> Charset:
        """The characters that the range `low-high` matches; one character when both are the same."""

    def shorthand(self, charset: Charset, *, negative: bool) -> Charset:
        r"""The characters that `\d` or `\W` matches, given the positive set."""

    def property(self, charset: Charset, *, negative: bool) -> Charset:
        r"""The characters that `\p{…}` or `\P{…}` matches, given the positive set."""

    def same(self, point: int) -> Charset:
        """The characters that a back-reference to a captured character matches."""

    def rejection(self, low: int, high: int) -> str:
        """The reason why a range cannot be folded as the engine folds it; empty when it can."""


class CaseSensitive:
    """Every character is only itself."""

    def span(self, low: int, high: int) -> Charset:
        return Charset((low, high + 1))

    def shorthand(self, charset: Charset, *, negative: bool) -> Charset:
        return ~charset if negative else charset

    def property(self, charset: Charset, *, negative: bool) -> Charset:
        return ~charset if negative else charset

    def same(self, point: int) -> Charset:
        return Charset((point, point + 1))

    def rejection(self, low: int, high: int) -> str:  # noqa: ARG002 - the protocol's signature
        return ""


class SimpleFolding(CaseSensitive):
    """RE2: characters of the same simple folding are equal; a negated class leaves them all out."""

    def span(self, low: int, high: int) -> Charset:
        return close_over_simple_folding(Charset((low, high + 1)))

    def shorthand(self, charset: Charset, *, negative: bool) -> Charset:
        closed = close_over_simple_folding(charset)
        return ~closed if negative else closed

    def property(self, charset: Charset, *, negative: bool) -> Charset:
        return self.shorthand(charset, negative=negative)

    def same(self, point: int) -> Charset:
        return self.span(point, point)


class EcmaFolding(SimpleFolding):
    r"""ECMA-262 with `i` and `u` (22.2.2.7.3 Canonicalize): as RE2, but `\P{Lu}` is the complement, then closed."""

    def property(self, charset: Charset, *, negative: bool) -> Charset:
        return close_over_simple_folding(~charset if negative else charset)


class PythonFolding(CaseSensitive):
    r"""Python's `re`: the lower case of a text's character is compared with the pattern's characters and a few equals.

    Follows `re._compiler` of Python 3.11 step by step. Classes such as `\w` are closed under it.
    """

    def span(self, low: int, high: int) -> Charset:
        return _python_span(low, high)

    def same(self, point: int) -> Charset:
        return _matching(CaseSensitive.span(self, point, point), lambda other: _lower(other) == _lower(point))

    def rejection(self, low: int, high: int) -> str:
        if low == high > 0xFFFF and low in lower_map():
            return f"U+{low:X} without regard to case (Python's re finds it in some places of a pattern only)"
        return ""


class AsciiFolding(CaseSensitive):
    """Only the letters a-z and A-Z have two cases: Python's `re` with the flag `a`, and the POSIX locale."""

    def span(self, low: int, high: int) -> Charset:
        return self.shorthand(Charset((low, high + 1)), negative=False)

    def shorthand(self, charset: Charset, *, negative: bool) -> Charset:
        closed = charset | _shifted(charset & _UPPER, 32) | _shifted(charset & _LOWER, -32)
        return ~closed if negative else closed

    def same(self, point: int) -> Charset:
        return self.span(point, point)


class PythonAsciiFolding(AsciiFolding):
    """As ASCII, save that ranges reaching beyond the basic plane are looked up in upper case too."""

    def span(self, low: int, high: int) -> Charset:
        as_ascii = super().span(low, high)
        if low == high or high <= 0xFFFF:
            return as_ascii
        return as_ascii | _matching(as_ascii, lambda point: low <= _upper(_ascii_lower(point)) <= high)


class PosixFolding(AsciiFolding):
    """The POSIX locale; other locales fold more, so other letters are rejected."""

    def rejection(self, low: int, high: int) -> str:
        if high > 0x7F and any(low <= point <= high for point in simple_fold_orbits()):
            return "letters beyond ASCII without regard to case (they depend on the locale)"
        return ""


_UPPER = Charset.of(("A", "Z"))
_LOWER = Charset.of(("a", "z"))


@lru_cache(maxsize=4096)
def _python_span(low: int, high: int) -> Charset:
    wanted = _lowered(Charset.ranges([(low, min(high, 0xFFFF))]))
    wanted |= _set(equal for point, equals in _equal_lowers().items() if point in wanted for equal in equals)
    if high <= 0xFFFF:
        return _matching(wanted, lambda point: _lower(point) in wanted)
    # A range that reaches beyond the basic plane is looked up as written, with both cases of the character.
    wanted |= Charset((low, high + 1))
    return _matching(wanted, lambda point: _lower(point) in wanted or low <= _upper(_lower(point)) <= high)


def _shifted(charset: Charset, by: int) -> Charset:
    return Charset(tuple(bound + by for bound in charset.bounds))


def _lower(point: int) -> int:
    """The lower case in `re`: the first character of the full one."""
    return ord(lower_map().get(point, chr(point))[0])


def _upper(point: int) -> int:
    return ord(upper_map().get(point, chr(point))[0])


def _ascii_lower(point: int) -> int:
    return point + 32 if point in _UPPER else point


def _lowered(charset: Charset) -> Charset:
    changing = [point for point in lower_map() if point in charset]
    return charset - _set(changing) | _set(_lower(point) for point in changing)


def _matching(rough: Charset, predicate: Callable[[int], bool]) -> Charset:
    """The characters with case that satisfy the predicate; of the others, those in `rough`."""
    return rough - _cased() | _set(
        point for low, high in _cased().spans() for point in range(low, high) if predicate(point)
    )


@cache
def _cased() -> Charset:
    return _set([*lower_map(), *upper_map()])


@cache
def _equal_lowers() -> dict[int, tuple[int, ...]]:
    """Lower-case characters with the same full upper case: `re` treats them as equal (`σ` and `ς`, `s` and `ſ`)."""
    by_upper: dict[str, set[int]] = {}
    for point, upper in upper_map().items():
        by_upper.setdefault(upper, {_lower(ord(upper))} if len(upper) == 1 else set()).add(_lower(point))
    return {point: tuple(sorted(group - {point})) for group in by_upper.values() if len(group) > 1 for point in group}


def _set(points: Iterable[int]) -> Charset:
    return Charset.ranges((point, point) for point in points)


CASE_SENSITIVE = CaseSensitive()
