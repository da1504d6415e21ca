"""Trees read before, for two estates that share most of their files: a text is parsed once, and its tree built once.

Two versions of an estate then share every object of a file that did not change, so that a comparison sees them by identity.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from .problem import Problems
    from .yaml_events import Node

_T = TypeVar("_T")


class Readings:
    """Keeps trees by the name and the text of their file, and by a tree the object that was made of it.

    Only trees without a problem are kept: problems are reported anew for each estate.
    """

    def __init__(self, today: date | None = None) -> None:
        """`today`: the day of the run, from which contracts and conditions may count; None: the day it is, in UTC."""
        self.today = today or datetime.now(UTC).date()
        self._trees: dict[tuple[str, str], Node] = {}
        # By the tree's identity; the tree is kept along, so that no other can take its place.
        self._made: dict[int, tuple[Node, Any]] = {}

    def tree(self, name: str, text: str, problems: Problems, read: Callable[[], Node | None]) -> Node | None:
        """The tree of a text."""
        tree = self._trees.get((name, text))
        if tree is None:
            before = len(problems)
            tree = read()
            if tree is not None and len(problems) == before:
                self._trees[name, text] = tree
        return tree

    def made(self, tree: Node, problems: Problems, make: Callable[[], _T]) -> _T:
        """The object that is made of a tree. A tree is only ever made into one kind of object."""
        known = self._made.get(id(tree))
        if known is not None:
            made: _T = known[1]
            return made
        before = len(problems)
        made = make()
        if len(problems) == before:
            self._made[id(tree)] = (tree, made)
        return made
