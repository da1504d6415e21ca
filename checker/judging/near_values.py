"""Values near another one, as a person would guess them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...values.valueset import Value

_LETTERS = "abAB01 "
_MOST_GUESSED = 20_000
"""Characters of all guesses for one letter: of a very long value only the last characters are replaced."""


def near_values(value: Value, after: Value) -> Iterator[Value]:
    """Values that often become equal to one: what arrives; the value with another character, one doubled, one left out."""
    if after is not None and not are_same(after, value):
        yield after
    if isinstance(value, str) and value:
        places = range(len(value) - 1, max(-1, len(value) - 1 - min(128, _MOST_GUESSED // len(value))), -1)
        for i in places:
            yield from (value[:i] + other + value[i + 1 :] for other in _LETTERS if other != value[i])
        yield from (value[:i] + value[i] + value[i:] for i in places)
        yield from (value[:i] + value[i + 1 :] for i in places)


def are_same(first: Value, second: Value) -> bool:
    """Whether two values are the same one: true is not 1."""
    return first == second and type(first) is type(second)
