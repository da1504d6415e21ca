r"""Back-references, by trying every word.

Back-references are not regular in general, but one to a group of few words is: `(['"])x\1` is `'x'` or `"x"`. That
holds where the group has certainly taken part, in the same round of every loop: where it precedes the reference in one
sequence, under no choice and no repetition. Engines differ on a group that took no part; that is rejected.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

from ..charset import Charset
from ..iteration import iterate
from .ast import Alternation, Group, Lookaround, Reference, Repeat, Sequence, Set, child_nodes, walk
from .errors import PatternSyntaxError, UnsupportedPattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..iteration import Work
    from .ast import RegexNode

MAX_WORDS = 64
"""The greatest number of words of a group that is referred to."""
MAX_BRANCHES = 256
"""The greatest number of branches that the references of a pattern expand it to."""

_WITHOUT = "write the possible repetitions out"


def expand_references(pattern: RegexNode, groups: int) -> RegexNode:
    """The same pattern without back-references. Raises PatternError where there is none."""
    references = [node for node in walk(pattern) if isinstance(node, Reference)]
    if not references:
        return pattern
    for reference in references:
        if reference.number > groups:
            raise PatternSyntaxError(f"there is no group {reference.number}", reference.offset)
    expanded = iterate(_Expansion(references).expand(pattern))
    for node in walk(expanded):
        if isinstance(node, Reference):
            message = "a back-reference to a group that may not have taken part is not supported"
            raise UnsupportedPattern(message, node.offset, _WITHOUT)
    return expanded


class _Expansion:
    def __init__(self, references: list[Reference]) -> None:
        self.offsets = {reference.number: reference.offset for reference in references}
        self.branches = 1

    def expand(self, node: RegexNode) -> Work[RegexNode]:
        if isinstance(node, Sequence):
            for index, item in enumerate(node.items):
                later = {n.number for other in node.items[index + 1 :] for n in walk(other) if isinstance(n, Reference)}
                for group in _sure_groups(item):
                    if group.number in later:
                        return (yield from self._by_words(node, group))
        parts: list[RegexNode] = []
        for child in child_nodes(node):
            parts.append((yield self.expand(child)))
        return _rebuild(node, tuple(parts))

    def _by_words(self, sequence: Sequence, group: Group) -> Work[RegexNode]:
        offset = self.offsets[group.number]
        body = yield self.expand(group.body)
        words = yield _words(body)
        if words is None:
            message = f"a back-reference to a group with assertions or more than {MAX_WORDS} words is not supported"
            raise UnsupportedPattern(message, offset, _WITHOUT)
        self.branches += len(words) - 1
        if self.branches > MAX_BRANCHES:
            raise UnsupportedPattern(f"back-references make more than {MAX_BRANCHES} cases of it", offset, _WITHOUT)
        branches: list[RegexNode] = []
        for word in sorted(words):
            fixed, _ = yield _fix(sequence, group.number, word)
            branches.append((yield self.expand(fixed)))
        return Alternation(tuple(branches))


def _sure_groups(node: RegexNode) -> Iterator[Group]:
    """The groups that take part, exactly once, whenever the node does."""
    todo = [node]
    while todo:
        part = todo.pop()
        if isinstance(part, Group):
            yield part
        if isinstance(part, Group | Sequence):
            todo += reversed(child_nodes(part))


def _words(node: RegexNode) -> Work[set[str] | None]:
    """The words of a pattern; None: too many, or it has assertions."""
    words: set[str] | None
    match node:
        case Set(charset):
            if len(charset) > MAX_WORDS:
                return None
            words = {chr(point) for low, high in charset.spans() for point in range(low, high)}
        case Group(body=body):
            words = yield _words(body)
        case Sequence(items):
            words = _product((yield from _all_words(items)))
        case Alternation(branches):
            parts = yield from _all_words(branches)
            words = None if None in parts else {word for part in parts if part is not None for word in part}
        case Repeat(body, low, high) if high is not None and high <= MAX_WORDS:
            once = yield _words(body)
            rounds = [_product([once] * count) for count in range(low, high + 1)]
            words = None if None in rounds else {word for part in rounds if part is not None for word in part}
        case _:
            words = None
    return words if words is None or len(words) <= MAX_WORDS else None


def _all_words(nodes: tuple[RegexNode, ...]) -> Work[list[set[str] | None]]:
    word_sets: list[set[str] | None] = []
    for node in nodes:
        word_sets.append((yield _words(node)))
    return word_sets


def _product(parts: list[set[str] | None]) -> set[str] | None:
    words = {""}
    for part in parts:
        if part is None:
            return None
        words = {head + tail for head, tail in product(words, part)}
        if len(words) > MAX_WORDS:
            return None
    return words


def _fix(node: RegexNode, number: int, word: str) -> Work[tuple[RegexNode, bool]]:
    """The node with its group, and the references after it, replaced by one word; whether the group was in it."""
    match node:
        case Group(number=n) if n == number:
            return Sequence(tuple(Set(Charset.of(character)) for character in word)), True
        case Group(body=body):
            fixed, is_fixed = yield _fix(body, number, word)
            return replace(node, body=fixed), is_fixed
        case Sequence(items):
            is_fixed = False
            parts: list[RegexNode] = []
            for item in items:
                if is_fixed:
                    parts.append((yield _refer(item, number, word)))
                else:
                    part, is_fixed = yield _fix(item, number, word)
                    parts.append(part)
            return Sequence(tuple(parts)), is_fixed
        case _:
            return node, False


def _refer(node: RegexNode, number: int, word: str) -> Work[RegexNode]:
    """The node with its references to a group replaced by the characters they match after this word."""
    if isinstance(node, Reference) and node.number == number:
        return Sequence(tuple(Set(node.same(ord(character))) for character in word))
    parts: list[RegexNode] = []
    for child in child_nodes(node):
        parts.append((yield _refer(child, number, word)))
    return _rebuild(node, tuple(parts))


def _rebuild(node: RegexNode, parts: tuple[RegexNode, ...]) -> RegexNode:
    """The node with other direct parts."""
    match node:
        case Sequence():
            return Sequence(parts)
        case Alternation():
            return Alternation(parts)
        case Group() | Repeat() | Lookaround():
            return replace(node, body=parts[0])
        case _:
            return node
