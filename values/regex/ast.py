"""Patterns as trees, the same for every dialect.

The parser has already resolved everything that depends on a dialect or a flag: a `Set` contains the very characters it
matches, an anchor the very line ends it recognises. The meaning of a tree depends on nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..charset import Charset


@dataclass(frozen=True, slots=True)
class Set:
    """One character out of a set."""

    charset: Charset


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other; no items: the empty text."""

    items: tuple[RegexNode, ...]


@dataclass(frozen=True, slots=True)
class Alternation:
    """Any of the branches."""

    branches: tuple[RegexNode, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """Between `low` and `high` copies; `high` None means any number. Greed does not change the language."""

    body: RegexNode
    low: int
    high: int | None
    offset: int


@dataclass(frozen=True, slots=True)
class Group:
    """A capturing group, numbered from 1."""

    number: int
    body: RegexNode


@dataclass(frozen=True, slots=True)
class Lookaround:
    """An assertion on the text that follows or precedes; it consumes no characters."""

    direction: Literal["ahead", "behind"]
    negative: bool
    body: RegexNode
    offset: int


@dataclass(frozen=True, slots=True)
class Start:
    """Here the text begins, or the character before is one of `after` (the line ends of multi-line mode)."""

    after: Charset


@dataclass(frozen=True, slots=True)
class End:
    """Here the text ends, or a last character out of `last` follows, or any out of `before` does."""

    last: Charset
    before: Charset


@dataclass(frozen=True, slots=True)
class WordBoundary:
    """A word character on exactly one side; `negative`: on both or none."""

    word: Charset
    negative: bool


@dataclass(frozen=True, slots=True)
class Reference:
    """The text that the group captured; `same` gives the characters that count as equal to a captured one."""

    number: int
    same: Callable[[int], Charset]
    offset: int


RegexNode = Set | Sequence | Alternation | Repeat | Group | Lookaround | Start | End | WordBoundary | Reference

EMPTY_NODE = Sequence(())
"""The empty text."""


def sequence_node(items: list[RegexNode]) -> RegexNode:
    """A sequence, or its only item."""
    return items[0] if len(items) == 1 else Sequence(tuple(items))


def alternation(branches: list[RegexNode]) -> RegexNode:
    """An alternation, or its only branch."""
    return branches[0] if len(branches) == 1 else Alternation(tuple(branches))


def child_nodes(node: RegexNode) -> tuple[RegexNode, ...]:
    """The direct parts of a node."""
    match node:
        case Sequence(items):
            return items
        case Alternation(branches):
            return branches
        case Repeat(body=body) | Group(body=body) | Lookaround(body=body):
            return (body,)
        case _:
            return ()


def walk(node: RegexNode) -> Iterator[RegexNode]:
    """The node and everything in it, parents first, left to right."""
    todo = [node]
    while todo:
        node = todo.pop()
        yield node
        todo += reversed(child_nodes(node))
