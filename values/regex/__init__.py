r"""Regular expressions, read in the dialect they were written in and turned into the language they match.

Imports its siblings in `values`, and nothing else.

    parse(r"[A-Z]{2}\d{4}").language        the values that match, as a `Language`

A pattern describes the whole value, as the dialect's own full match would (`dialect.py` names the call). The language
is exact or there is none: a construct that is not regular, or not read here as its engine reads it, raises
`UnsupportedPattern`, and a pattern that its engine rejects raises `PatternSyntaxError`. No pattern is ever run in an
engine.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from threading import RLock
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from .dialect import DIALECTS
from .errors import PatternError, PatternSyntaxError, UnsupportedPattern
from .parser import Parser
from .references import expand_references
from .translate import translate

if TYPE_CHECKING:
    from ..language import Language
    from .dialect import Dialect

__all__ = ["DIALECTS", "Pattern", "PatternError", "PatternSyntaxError", "UnsupportedPattern", "parse"]

_MAX_LENGTH = 20_000
"""The greatest length of a pattern's text, in characters."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Pattern:
    """A pattern and its language."""

    regex: str
    """The text, as it was written."""
    dialect: str
    flags: str
    language: Language
    """The values it matches as a whole."""


_patterns: WeakValueDictionary[tuple[str, str, str], Pattern] = WeakValueDictionary()
_recent: deque[Pattern] = deque(maxlen=16)
# A pattern is checked where it is written and compiled where it is used: recent ones stay alive in between.
_lock = RLock()


def parse(pattern: str, dialect: str = "ecma", flags: str = "") -> Pattern:
    """Read a pattern. Raises PatternError; ValueError where the dialect itself is unknown."""
    key = (pattern, dialect, flags)
    known = _patterns.get(key)
    if known is None:
        read = _read(pattern, dialect, flags)
        with _lock:  # another thread may have been quicker
            known = _patterns.setdefault(key, read)
            _recent.append(known)
    return known


def _read(pattern: str, dialect: str, flags: str) -> Pattern:
    if dialect not in DIALECTS:
        raise ValueError(f"no dialect {dialect!r}: one of {', '.join(DIALECTS)}")
    chosen = DIALECTS[dialect]
    if len(pattern) > _MAX_LENGTH:
        raise UnsupportedPattern(f"a pattern of {len(pattern):,} characters; the cap is {_MAX_LENGTH:,}")
    _check_flags(flags, chosen)
    parser = Parser(pattern, chosen, frozenset(flags))
    tree = expand_references(parser.parse(), parser.groups)
    return Pattern(pattern, dialect, flags, translate(tree))


def _check_flags(flags: str, dialect: Dialect) -> None:
    for flag in flags:
        if flag in dialect.rejected_flags:
            raise UnsupportedPattern(f"the flag {flag} is not supported: {dialect.rejected_flags[flag]}")
        if flag not in dialect.flags:
            known = f"its flags are {' '.join(dialect.flags)}"
            raise PatternSyntaxError(f"{dialect.title} has no flag {flag}", suggestion=known)
    if {"a", "u"} <= set(flags) or {"b", "e"} <= set(flags):
        raise PatternSyntaxError("these flags contradict one another")
