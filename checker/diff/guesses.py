"""Texts near the limits of a set, tried where the whole is too large to decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...values.solve.atom import Measure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...values.textset import TextSet


def texts_near_limits(texts: TextSet, longest: int) -> Iterator[str]:
    """Texts one longer or one shorter than a set of texts allows, some with blanks that a transform may remove.

    They have at most `longest` characters.
    """
    for atom in texts.atoms:
        if isinstance(atom, Measure):
            sizes = [atom.low - 1] * (atom.low > 0) + ([atom.high + 1] if atom.high is not None else [])
            for n in (size for size in sizes if size <= longest):
                yield from ("a" * n, "A" * n, "0" * n, "a" + " " * (n - 1), " " * (n - 1) + "a", f"a{' ' * (n - 2)}a")
