"""Expressions of contexts: `tenant AND !test`, `a, b`, `(a or b) and not c`. Source: docs.liquibase.com, "Contexts"."""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING

from ...values.iteration import iterate

if TYPE_CHECKING:
    from ...values.iteration import Work

_WORD = re.compile(r"\(|\)|,|!|[^\s(),!]+")


def runs_in(expression: str | None, contexts: frozenset[str] | None) -> bool:
    """Whether a change set of this expression runs in these contexts; in none that are named, every one runs."""
    if contexts is None or expression is None or not expression.strip():
        return True
    words = deque(word.lower() for word in _WORD.findall(expression))
    return iterate(_either(words, contexts))


def _either(words: deque[str], contexts: frozenset[str]) -> Work[bool]:
    held: bool = yield _both(words, contexts)
    while words and words[0] in {",", "or"}:
        words.popleft()
        held = (yield _both(words, contexts)) or held
    return held


def _both(words: deque[str], contexts: frozenset[str]) -> Work[bool]:
    held: bool = yield _one(words, contexts)
    while words and words[0] == "and":
        words.popleft()
        held = (yield _one(words, contexts)) and held
    return held


def _one(words: deque[str], contexts: frozenset[str]) -> Work[bool]:
    holds = True
    word = words.popleft() if words else ")"
    while word in {"!", "not"}:
        holds = not holds
        word = words.popleft() if words else ")"
    if word != "(":
        return (word in contexts) is holds
    held: bool = yield _either(words, contexts)
    if words and words[0] == ")":
        words.popleft()
    return held is holds
