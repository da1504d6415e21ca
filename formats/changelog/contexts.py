"""Expressions of contexts: `tenant AND !test`, `a, b`, `(a or b) and not c`. Source: docs.liquibase.com, "Contexts"."""

from __future__ import annotations

import re

_WORD = re.compile(r"\s*(\(|\)|,|!|[^\s(),!]+)")


def runs_in(expression: str | None, contexts: frozenset[str] | None) -> bool:
    """Whether a change set of this expression runs in these contexts; in none that are named, every one runs."""
    if contexts is None or expression is None or not expression.strip():
        return True
    words = [word.lower() for word in _WORD.findall(expression)]
    return _either(words, contexts)


def _either(words: list[str], contexts: frozenset[str]) -> bool:
    held = _both(words, contexts)
    while words and words[0] in {",", "or"}:
        words.pop(0)
        held = _both(words, contexts) or held
    return held


def _both(words: list[str], contexts: frozenset[str]) -> bool:
    held = _one(words, contexts)
    while words and words[0] == "and":
        words.pop(0)
        held = _one(words, contexts) and held
    return held


def _one(words: list[str], contexts: frozenset[str]) -> bool:
    word = words.pop(0) if words else ")"
    if word in {"!", "not"}:
        return not _one(words, contexts)
    if word != "(":
        return word in contexts
    held = _either(words, contexts)
    if words and words[0] == ")":
        words.pop(0)
    return held
