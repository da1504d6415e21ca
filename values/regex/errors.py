"""Errors of a pattern.

PatternError
+-- PatternSyntaxError     the dialect's own engine would reject it, or read it by accident
+-- UnsupportedPattern     it has a meaning, but not one that can be decided exactly
"""

from __future__ import annotations

from ..error import FieldlineError


class PatternError(FieldlineError, ValueError):
    """A pattern without a language here: the fault, its place, and a suggestion."""

    def __init__(self, message: str, offset: int = 0, suggestion: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        """Index into the pattern, in characters, from 0."""
        self.suggestion = suggestion
        """The remedy; empty where there is none."""

    def __str__(self) -> str:
        hint = f"; {self.suggestion}" if self.suggestion else ""
        return f"{self.message} (at character {self.offset + 1}{hint})"


class PatternSyntaxError(PatternError):
    """The text is no pattern of its dialect."""


class UnsupportedPattern(PatternError):
    """The pattern uses something whose meaning is not a regular language, or is beyond a cap; the message names it."""
