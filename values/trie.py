"""Lists of texts as tries with shared tails, and a trie of one text as that text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .alphabet import lettered
from .charset import Charset
from .language import EMPTY, EPSILON, Explicit, Language, explicit, intern
from .steps import indicator

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .iteration import Work
    from .language import Step


_LONG = 1_000
"""A single text of more characters is stepped where it is read, and has no states before."""


class SoleText(Language):
    """Exactly one text, of which a beginning was read: `parts` = (text, characters read)."""

    __slots__ = ()

    def derive(self) -> Work[Step]:
        text, read = self.parts
        yield from ()
        return lettered(indicator(Charset.of(text[read]), _rest(text, read + 1), EMPTY))

    def after(self, text: str) -> Language:
        own, read = self.parts
        return _rest(own, read + len(text)) if own.startswith(text, read) else EMPTY


def _rest(text: str, read: int) -> Language:
    return EPSILON if read == len(text) else intern(SoleText, (text, read), (text, read), nullable=False)


def word_trie(texts: Iterable[str]) -> Language:
    """Exactly these strings, as a trie with shared tails; fit for 100,000 words."""
    ordered = sorted(set(texts))
    if len(ordered) == 1 and len(ordered[0]) > _LONG:
        return _rest(ordered[0], 0)
    # A depth-first walk over the sorted words, closing a trie node once the next word leaves it.
    stack: list[tuple[list[tuple[int, Language]], bool]] = [([], False)]
    path: list[int] = []
    ahead: dict[int, Step] = {}
    # Most nodes have one edge: per character the step into the empty text, of which they need the alphabet.

    def step(edges: Sequence[tuple[int, Language]]) -> Step:
        if len(edges) != 1 or not edges[0][0]:
            return _edges(edges)
        ((point, target),) = edges
        known = ahead.get(point)
        if known is None:
            known = ahead[point] = _edges([(point, EPSILON)])
        return known[0], (EMPTY, target)

    def close() -> None:
        edges, accepts = stack.pop()
        stack[-1][0].append((path.pop(), explicit(step(edges), nullable=accepts)))

    for word in ordered:
        points = [ord(c) for c in word]
        shared = 0
        while shared < min(len(path), len(points)) and path[shared] == points[shared]:
            shared += 1
        while len(path) > shared:
            close()
        for point in points[shared:]:
            path.append(point)
            stack.append(([], False))
        stack[-1] = (stack[-1][0], True)
    while path:
        close()
    edges, accepts = stack[0]
    return explicit(step(edges), nullable=accepts)


def sole_text(language: Language) -> str | None:
    """The text of a trie of one; None of all others."""
    if isinstance(language, SoleText):
        own, read = language.parts
        return str(own[read:])
    text: list[str] = []
    while isinstance(language, Explicit) and not language.nullable:
        (alphabet, targets) = language.step()
        if alphabet.size != 2 or len(alphabet.bounds) != 2 or alphabet.bounds[1] - alphabet.bounds[0] != 1:
            return None
        text.append(chr(alphabet.bounds[0]))
        language = targets[1]
    return "".join(text) if language is EPSILON and text else None


def _edges(edges: Sequence[tuple[int, Language]]) -> Step:
    bounds: list[int] = []
    targets: list[Language] = [EMPTY]
    for point, target in edges:
        if bounds and bounds[-1] == point:
            targets[-1] = target
        else:
            bounds.append(point)
            targets.append(target)
        bounds.append(point + 1)
        targets.append(EMPTY)
    return lettered((bounds, targets))
