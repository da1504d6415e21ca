"""The words of a condition, each with its place: names of fields, literals, keywords, signs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..values.error import FieldlineError

_LONGEST = 4_000

TokenKind: TypeAlias = Literal["word", "name", "quoted", "text", "number", "sign", "end"]
"""A word is a keyword or a bare name; a name has several parts; a quoted name is in double quotes."""


class ConditionError(FieldlineError, ValueError):
    """A condition that cannot be read: the place in its text, what would be right, and what was probably meant."""

    def __init__(
        self,
        message: str,
        offset: int = 0,
        *,
        expected: str | None = None,
        suggestion: str | None = None,
        length: int = 1,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.expected = expected
        self.suggestion = suggestion
        self.length = length


@dataclass(frozen=True, slots=True)
class ConditionToken:
    """One word of a condition."""

    kind: TokenKind
    text: str
    """As written; a text or a quoted name without its quotes."""
    offset: int
    length: int
    parts: tuple[str, ...] = ()
    """The parts of a name."""

    @property
    def upper(self) -> str:
        """The text of a word in capitals, as keywords are compared; empty for anything else."""
        return self.text.upper() if self.kind == "word" else ""


_PART = r'(?:[^\W\d][\w-]*|"[^"]+")'
_TOKEN = re.compile(
    rf"""(?P<space>\s+|--[^\n]*)
    | (?P<name>{_PART}(?:\.{_PART})+)
    | (?P<word>[^\W\d]\w*)
    | "(?P<quoted>[^"]*)"
    | '(?P<text>(?:[^']|'')*)'
    | (?P<number>[0-9]*\.?[0-9]+\.?)(?![\w.])
    | (?P<sign><=|>=|<>|!=|==|!~\*|!~|~\*|~|::|\|\||[=<>(),;+\-*/%])
    | (?P<bound>[?]|[$:@][\w]*)
    """,
    re.VERBOSE,
)


def tokens(text: str) -> list[ConditionToken]:
    """The words of a condition; the last one marks its end. Raises ConditionError."""
    if len(text) > _LONGEST:
        message = f"a condition may have {_LONGEST:,} characters, this one has {len(text):,}"
        raise ConditionError(message)
    read: list[ConditionToken] = []
    offset = 0
    while offset < len(text):
        match = _TOKEN.match(text, offset)
        if match is None:
            raise _unreadable(text, offset)
        kind, written = match.lastgroup, match[0]
        match kind:
            case "text":
                read.append(ConditionToken("text", match["text"].replace("''", "'"), offset, len(written)))
            case "quoted":
                read.append(ConditionToken("quoted", match["quoted"], offset, len(written), (match["quoted"],)))
            case "name":
                parts = tuple(part.strip('"') for part in re.findall(_PART, written))
                read.append(ConditionToken("name", written, offset, len(written), parts))
            case "word" | "number" | "sign":
                read.append(ConditionToken(kind, written, offset, len(written), (written,) if kind == "word" else ()))
            case "bound":
                raise ConditionError(
                    f"{written} is a parameter of a statement, and has no value here",
                    offset,
                    expected="the value itself: a text in single quotes, a number, true, false or DATE '2024-05-01'",
                    length=len(written),
                )
        offset = match.end()
    return [*read, ConditionToken("end", "", len(text), 1)]


def _unreadable(text: str, offset: int) -> ConditionError:
    written = text[offset]
    if written == "'":
        return ConditionError("this text has no end", offset, expected="a single quote at the end of the text")
    if written == '"':
        return ConditionError("this name has no end", offset, expected="a text in single quotes")
    if written.isdigit():
        number = re.match(r"[\w.]+", text[offset:])
        length = len(number[0]) if number else 1
        return ConditionError(
            f"{text[offset : offset + length]} is not a number written out",
            offset,
            expected="a number such as 100.50",
            length=length,
        )
    return ConditionError(f"{written!r} is no part of a condition", offset, expected="a comparison such as = or IN")
