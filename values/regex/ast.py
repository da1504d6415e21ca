"""Patterns as trees, the same for every dialect.

The parser has already answered everything that depends on a dialect or a flag: a `Set` holds the very characters it
matches, an anchor the very line ends it looks at. What a tree means needs no further knowledge.
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

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Alternation:
    """Any of the branches."""

    branches: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """Between `low` and `high` copies; `high` None means any number. Greed does not matter to a language."""

    body: Node
    low: int
    high: int | None
    offset: int


@dataclass(frozen=True, slots=True)
class Group:
    """A capturing group, numbered from 1."""

    number: int
    body: Node


@dataclass(frozen=True, slots=True)
class Look:
    """An assertion on what follows or precedes; takes no characters."""

    direction: Literal["ahead", "behind"]
    negative: bool
    body: Node
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
    """What the group captured; `same` says which characters count as equal to a captured one."""

    number: int
    same: Callable[[int], Charset]
    offset: int


Node = Set | Sequence | Alternation | Repeat | Group | Look | Start | End | WordBoundary | Reference

EMPTY = Sequence(())
"""The empty text."""


def sequence(items: list[Node]) -> Node:
    """A sequence, or its only item."""
    return items[0] if len(items) == 1 else Sequence(tuple(items))


def alternation(branches: list[Node]) -> Node:
    """An alternation, or its only branch."""
    return branches[0] if len(branches) == 1 else Alternation(tuple(branches))


def children(node: Node) -> tuple[Node, ...]:
    """The direct parts of a node."""
    match node:
        case Sequence(items):
            return items
        case Alternation(branches):
            return branches
        case Repeat(body=body) | Group(body=body) | Look(body=body):
            return (body,)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything in it, parents first, left to right."""
    todo = [node]
    while todo:
        node = todo.pop()
        yield node
        todo += reversed(children(node))
