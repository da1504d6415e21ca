r"""Sets of texts, as the keys of our fields state them: lengths, patterns, lists.

What no single key states (one alternative or another, anything but, exactly one of several) is stated as one pattern
(ECMAScript), in which look-ahead says "and" and "not": `(?=A$)(?!B$)[\s\S]*`. So every combination of exact sets is exact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...documents.yaml_events import ScalarNode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...documents.location import Location

_ANY = r"[\s\S]*"
"""Any text, in a pattern that every engine reads alike."""
NO_TEXTS = r"[^\s\S]"
"""No text at all."""
_SPECIAL = re.compile(r"[\\^$.*+?()\[\]{}|/]")
_LONGEST = 10_000
"""Characters of a pattern that is made here. Combinations inside combinations multiply."""
MOST_ALTERNATIVES = 8
"""Of "exactly one of" more alternatives the pattern would be too long to be read by anybody."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts that meet all of this; a part that is None or empty restricts nothing."""

    least: ScalarNode | None = None
    """Code points."""
    most: ScalarNode | None = None
    patterns: tuple[ScalarNode, ...] = ()
    """Of the whole text."""
    one_of: tuple[ScalarNode, ...] | None = None
    none_of: tuple[ScalarNode, ...] = ()

    def __and__(self, other: Texts) -> Texts:
        return Texts(
            _most(self.least, other.least),
            _fewest(self.most, other.most),
            tuple({p.value: p for p in (*self.patterns, *other.patterns)}.values()),
            _both(self.one_of, other.one_of),
            tuple({v.value: v for v in (*self.none_of, *other.none_of)}.values()),
        )

    @property
    def is_list(self) -> bool:
        """Whether it is a plain list of texts."""
        return self.one_of is not None and self == Texts(one_of=self.one_of)

    @property
    def is_all(self) -> bool:
        """Whether it is every text."""
        return self == Texts()


ALL_TEXTS = Texts()
NO_TEXT = Texts(one_of=())


def regex(texts: Texts) -> str:
    """The set as a pattern of the whole text."""
    patterns = [f"(?:{pattern.value})" for pattern in texts.patterns]
    last = patterns.pop() if patterns and texts.one_of is None else _ANY
    lookaheads = "".join(f"(?={pattern}$)" for pattern in patterns)
    if texts.least is not None or texts.most is not None:
        low, high = "0" if texts.least is None else texts.least.value, "" if texts.most is None else texts.most.value
        lookaheads += rf"(?=[\s\S]{{{low},{high}}}$)"
    if texts.none_of:
        lookaheads += f"(?!(?:{_listed(texts.none_of)})$)"
    if texts.one_of is None:
        return f"{lookaheads}{last}"
    return f"{lookaheads}(?:{_listed(texts.one_of)})" if texts.one_of else NO_TEXTS


def union_of_texts(alternatives: Sequence[Texts], at: Location) -> Texts | None:
    """The texts of one or more of the alternatives; None where the pattern would be too long."""
    if len(alternatives) == 1:
        return alternatives[0]
    if not alternatives:
        return NO_TEXT
    if any(texts.is_all for texts in alternatives):
        return Texts()
    if all(texts.is_list for texts in alternatives):
        return Texts(one_of=tuple({v.value: v for texts in alternatives for v in texts.one_of or ()}.values()))
    return _pattern("|".join(f"(?:{branch})" for branch in dict.fromkeys(map(regex, alternatives))), at)


def exactly_one(alternatives: Sequence[Texts], at: Location) -> Texts | None:
    """The texts of one alternative and of no other; None where the pattern would be too long."""
    if len(alternatives) == 1:
        return alternatives[0]
    if all(texts.is_list for texts in alternatives):
        values = [v for texts in alternatives for v in texts.one_of or ()]
        counted = [v.value for v in values]
        return Texts(one_of=tuple(v for v in values if counted.count(v.value) == 1))
    patterns = [regex(texts) for texts in alternatives]
    if sum(map(len, patterns)) > _LONGEST:
        return None
    return _pattern(
        "|".join(
            "(?:" + "".join(f"(?!(?:{other})$)" for j, other in enumerate(patterns) if j != i) + f"(?:{pattern}))"
            for i, pattern in enumerate(patterns)
        ),
        at,
    )


def texts_except(texts: Texts, at: Location) -> Texts | None:
    """All texts but these; None where the pattern would be too long."""
    if texts.is_all:
        return NO_TEXT
    if texts.is_list:
        return Texts(none_of=texts.one_of or ())
    return _pattern(f"(?!(?:{regex(texts)})$){_ANY}", at)


def whole_text_pattern(pattern: str) -> str:
    r"""A pattern that is searched for anywhere, as one of the whole text: `^[a-z]+$` is `[a-z]+`.

    A `$` at the end stands for the end of the text only where no backslash escapes it, and `^` and `$` bind the whole
    pattern only where no alternative stands beside them.
    """
    inner = between_anchors(pattern)
    if inner is not None:
        return inner
    if pattern.startswith("^") and not _has_alternatives(pattern):
        return f"(?:{pattern[1:]}){_ANY}"
    return f"{_ANY}(?:{pattern}){_ANY}"


def between_anchors(pattern: str) -> str | None:
    """The pattern between a `^` and a `$` that bind all of it, out of its group if it is one; else None."""
    if len(pattern) < 2 or not pattern.startswith("^") or not pattern.endswith("$"):
        return None
    inner = pattern[1:-1]
    if not _is_bare(pattern, len(pattern) - 1) or _has_alternatives(inner):
        return None
    return inner[3:-1] if inner.startswith("(?:") and _closes_last(inner) else inner


def _is_bare(pattern: str, position: int) -> bool:
    before = pattern[:position]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 0


def _has_alternatives(pattern: str) -> bool:
    """Whether a `|` stands outside of every group and class."""
    return any(character == "|" and depth == 0 for _, character, depth in _outside_classes(pattern))


def _closes_last(pattern: str) -> bool:
    """Whether the group that a pattern begins with ends with the pattern."""
    closing = next((at for at, character, depth in _outside_classes(pattern) if character == ")" and depth == 0), -1)
    return closing == len(pattern) - 1


def _outside_classes(pattern: str) -> Iterator[tuple[int, str, int]]:
    """The characters that are neither escaped nor in a class, with the number of groups open after each."""
    depth, in_class, position = 0, False, 0
    while position < len(pattern):
        character = pattern[position]
        if character == "\\":
            position += 1
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
        else:
            depth += (character == "(") - (character == ")")
            yield position, character, depth
        position += 1


def _pattern(regex: str, at: Location) -> Texts | None:
    if len(regex) > _LONGEST:
        return None
    return Texts(patterns=(ScalarNode(regex, plain=False, location=at, length=1),))


def _listed(values: tuple[ScalarNode, ...]) -> str:
    return "|".join(_SPECIAL.sub(r"\\\g<0>", value.value) for value in values)


def _most(first: ScalarNode | None, second: ScalarNode | None) -> ScalarNode | None:
    if first is None or second is None:
        return first or second
    return max(first, second, key=lambda node: int(node.value))


def _fewest(first: ScalarNode | None, second: ScalarNode | None) -> ScalarNode | None:
    if first is None or second is None:
        return first or second
    return min(first, second, key=lambda node: int(node.value))


def _both(first: tuple[ScalarNode, ...] | None, second: tuple[ScalarNode, ...] | None) -> tuple[ScalarNode, ...] | None:
    if first is None or second is None:
        return second if first is None else first
    allowed = {node.value for node in second}
    return tuple(node for node in first if node.value in allowed)
