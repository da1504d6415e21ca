"""What can be wrong with a pattern.

PatternError
+-- PatternSyntaxError     the dialect's own engine would reject it, or read it by accident
+-- UnsupportedPattern     it means something, but not something we can decide exactly
"""

from __future__ import annotations

from ..error import FieldlineError


class PatternError(FieldlineError, ValueError):
    """A pattern that has no language here: what is wrong, where, and what to write instead."""

    def __init__(self, message: str, offset: int = 0, suggestion: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        """Index into the pattern, in characters, from 0."""
        self.suggestion = suggestion
        """What to do about it; empty where there is nothing to say."""

    def __str__(self) -> str:
        hint = f"; {self.suggestion}" if self.suggestion else ""
        return f"{self.message} (at character {self.offset + 1}{hint})"


class PatternSyntaxError(PatternError):
    """The text is no pattern of its dialect."""


class UnsupportedPattern(PatternError):
    """The pattern uses something whose meaning is not a regular language, or is beyond a cap; the message names it."""
