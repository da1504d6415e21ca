"""How unique columns compare their values: steps that are known, and words for what is not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...documents.tree import mapping, scalar, sequence, truth

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...documents.location import Location
    from ...documents.yaml_events import Node, ScalarNode
    from .cursor import Word


@dataclass(frozen=True, slots=True)
class Comparing:
    """The steps after which two texts of a column are compared, as the key `unique` of a contract has them."""

    compared: tuple[str, ...] = ()
    opaque: str | None = None
    """The comparison in the source's words, where the steps do not say all of it."""
    beyond_ascii: bool = False
    """Whether `opaque` concerns only texts with other characters than printable ASCII ones."""
    one_null: bool = False
    """Whether one record at most may be null."""

    def after(self, steps: tuple[str, ...]) -> Comparing:
        """The same comparison, of values that were changed by other steps first."""
        return replace(self, compared=(*steps, *self.compared))

    def in_words(self, text: str) -> Comparing:
        """The same comparison, of which the source's words say more, for texts beyond ASCII."""
        return self if self.opaque is not None else replace(self, opaque=text, beyond_ascii=True)

    def node(self, at: Location, fields: Sequence[ScalarNode] = ()) -> Node:
        """The value of the key `unique`: of a field, or of an entity for these fields of it."""
        entries: list[tuple[str, Node]] = []
        if self.compared == ("lower",):
            entries.append(("case", scalar("insensitive", at)))
        elif self.compared:
            entries.append(("compared", sequence([scalar(word, at) for word in self.compared], at)))
        if self.one_null:
            entries.append(("nulls", scalar("one", at)))
        if self.opaque is not None:
            entries.append(("opaque", scalar(" ".join(self.opaque.split()), at)))
            if self.beyond_ascii:
                entries.append(("beyond", scalar("ascii", at)))
        if not fields:
            return mapping(entries, at) if entries else truth(value=True, at=at)
        names = sequence(fields, at)
        return mapping((("fields", names), *entries), at) if entries else names


EXACTLY = Comparing()
"""Two texts are equal if they are the same text."""

_FUNCTIONS: Mapping[str, str] = {
    "LOWER": "lower",
    "UPPER": "lower",  # equal in capitals, equal in small letters: of A to Z
    "TRIM": "trim",
    "BTRIM": "trim",
    "LTRIM": "trim_left",
    "RTRIM": "trim_right",
}
_SIDES: Mapping[str, str] = {"BOTH": "trim", "LEADING": "trim_left", "TRAILING": "trim_right"}


def steps_of(words: Sequence[Word]) -> tuple[Word, tuple[str, ...]] | None:
    """The column of an expression, and the steps it takes, such as `lower(trim(c))`; None: it is another expression."""
    words = _without_parentheses(words)
    if len(words) > 2 and words[-2].upper == "::" and words[-1].upper in {"TEXT", "VARCHAR"}:
        return steps_of(words[:-2])
    if len(words) == 1:
        return (words[0], ()) if words[0].kind in {"word", "name"} else None
    step = _FUNCTIONS.get(words[0].upper) if words else None
    if step is None or words[1].upper != "(" or _closing(words, 1) != len(words) - 1:
        return None
    inner = words[2:-1]
    if words[0].upper == "TRIM" and len(inner) > 2 and inner[0].upper in _SIDES and inner[1].upper == "FROM":
        step, inner = _SIDES[inner[0].upper], inner[2:]
    found = steps_of(inner)
    return None if found is None else (found[0], (*found[1], step))


def _without_parentheses(words: Sequence[Word]) -> Sequence[Word]:
    while len(words) > 2 and words[0].upper == "(" and _closing(words, 0) == len(words) - 1:
        words = words[1:-1]
    return words


def _closing(words: Sequence[Word], opening: int) -> int:
    """The place of the parenthesis that closes another; -1: none does."""
    depth = 0
    for i in range(opening, len(words)):
        depth += {"(": 1, ")": -1}.get(words[i].upper, 0)
        if depth == 0:
            return i
    return -1
