"""DEFAULT: an expression that gives the value of a column that a row leaves out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Literal, TypeAlias

from ...documents.tree import mapping, scalar, truth
from ...values.notation import plain_notation
from .placeholders import is_filled_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...contracts.constraint import Type
    from ...documents.location import Location
    from ...documents.yaml_events import Node, ScalarNode
    from .cursor import Cursor, Word

LiteralKind: TypeAlias = Literal["text", "number", "truth"]


@dataclass(frozen=True, slots=True)
class ColumnDefault:
    """The default of a column."""

    text: str
    """As it is written."""
    kind: LiteralKind | None
    """None: no literal, so that its value is not known."""
    literal: str
    at: Location
    name: str | None = None
    """SQL Server: the name of its constraint."""

    @property
    def is_sequence(self) -> bool:
        """Whether it is the next number of a sequence."""
        return _SEQUENCE.search(self.text) is not None

    def node(self, of_type: Type) -> Node:
        """The key `default` of a field; of the value where a literal is one of the type."""
        value = self.value(of_type)
        return self.expression() if value is None else value

    def expression(self) -> Node:
        """The key `default` of a field with a value that is not known."""
        return mapping((("expression", scalar(self.text, self.at)),), self.at)

    def value(self, of_type: Type) -> ScalarNode | None:
        """The literal as a value of the type, as a contract would write it; None where it is none."""
        match of_type, self.kind:
            case "text", "text":
                return scalar(self.literal, self.at)
            case "text", "number" if self.literal.lstrip("-").isdecimal() and self.literal.isascii():
                return scalar(str(int(self.literal)), self.at)
            case (("integer" | "decimal"), ("text" | "number")):
                return _number(self.literal, self.at)
            case "boolean", kind if kind is not None and self.literal.lower() in _TRUTHS:
                return truth(_TRUTHS[self.literal.lower()], self.at)
            case "date", "text" if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", self.literal):
                return scalar(self.literal, self.at)
            case "time", "text" if re.fullmatch(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?", self.literal):
                return scalar(self.literal, self.at)
        return None


_SEQUENCE = re.compile(r"(?i)\bnextval\b|\bNEXT\s+VALUE\s+FOR\b")
_TRUTHS = {
    **dict.fromkeys(("true", "t", "yes", "on", "1"), True),
    **dict.fromkeys(("false", "f", "no", "off", "0"), False),
}


def _number(written: str, at: Location) -> ScalarNode | None:
    try:
        number = Decimal(written.strip())
    except InvalidOperation:
        return None
    plain = plain_notation(number) if number.is_finite() and abs(number.adjusted()) < _MOST_DIGITS else None
    return None if plain is None else scalar(plain, at)


_MOST_DIGITS = 60


def take_default(cursor: Cursor, name: str | None, bare: Location | None = None) -> ColumnDefault | None:
    """The expression after DEFAULT, to the next word that begins something else; None for NULL, which is no default.

    `bare`: where Db2's WITH DEFAULT stands, which may have no expression: the default is then one of the type's own.
    """
    begin, at = cursor.word, cursor.place
    if bare is not None and (cursor.done or (cursor.word.upper in _AFTER_EXPRESSION and not cursor.sees("NULL"))):
        return ColumnDefault("WITH DEFAULT", None, "", bare, name)
    words = [cursor.word, *_rest(cursor)]
    script = cursor.script.text
    text = " ".join(script[begin.start : cursor.before.end].split())
    if [word.upper for word in words[-2:]] == ["WITH", "VALUES"]:
        words = words[:-2]  # SQL Server: rows that stand already get it, too
    inner = _unwrapped(words)
    if len(inner) == 1 and inner[0].upper == "NULL":
        return None
    as_written = all(_is_plain(script[word.start : word.end]) for word in inner if word.kind == "text")
    kind, literal = _literal(inner) if as_written else (None, "")
    return ColumnDefault(text, kind, literal, at, name)


def _is_plain(quoted: str) -> bool:
    """Whether a text in quotes says itself what it holds: no escapes, no bits or bytes, nothing that is filled in."""
    return quoted[:1] in "'\"Nn" and "\\" not in quoted and not is_filled_in(quoted)


def _rest(cursor: Cursor) -> list[Word]:
    """The words of an expression after its first, taken."""
    first = cursor.take()
    words: list[Word] = []
    if first.upper == "(":
        start = cursor.copy()
        cursor.pass_group()
        closed = cursor.before
        words += [word for word in start.words() if word.end <= closed.end]
    more = cursor.until(lambda word: word.upper in _AFTER_EXPRESSION)
    return words + more.words()


def _unwrapped(words: Sequence[Word]) -> list[Word]:
    """Without the parentheses around all of it, and without a cast to a named type, which keeps a plain literal."""
    words = list(words)
    while True:
        if len(words) > 2 and words[0].upper == "(" and words[-1].upper == ")" and _closes_at_end(words):
            words = words[1:-1]
        elif (cast := _cast_at(words)) is not None:
            words = words[:cast]
        else:
            return words


def _cast_at(words: Sequence[Word]) -> int | None:
    """The place of the one cast of a literal, or of a group, to a type without a size; None: there is none."""
    cast = next((number for number, word in enumerate(words) if word.upper == "::"), 0)
    alone = cast == 1 or (cast == 2 and words[0].upper in {"-", "+"}) or (cast > 1 and words[cast - 1].upper == ")")
    plain = all(word.kind in {"word", "name"} or word.upper == "." for word in words[cast + 1 :])
    return cast if alone and plain else None


def _closes_at_end(words: Sequence[Word]) -> bool:
    depth = 0
    for number, word in enumerate(words):
        depth += (word.upper == "(") - (word.upper == ")")
        if not depth:
            return number == len(words) - 1
    return False


def _literal(words: Sequence[Word]) -> tuple[LiteralKind | None, str]:
    match [word.kind for word in words]:
        case ["text"]:
            return "text", words[0].value
        case ["word", "text"] if words[0].upper in _PREFIXES or words[0].upper.startswith("_"):
            return "text", words[1].value
        case ["number"]:
            return "number", words[0].value
        case ["mark", "number"] if words[0].upper in {"-", "+"}:
            return "number", words[0].value.replace("+", "") + words[1].value
        case ["word"] if words[0].upper in {"TRUE", "FALSE"}:
            return "truth", words[0].value.lower()
    return None, ""


_PREFIXES = frozenset(("N", "DATE", "TIME"))
"""What may stand before a text: a kind of text, or the type of a plain literal."""

_AFTER_EXPRESSION = frozenset(
    (
        "NOT",
        "NULL",
        "CONSTRAINT",
        "CHECK",
        "UNIQUE",
        "PRIMARY",
        "KEY",
        "REFERENCES",
        "COLLATE",
        "GENERATED",
        "COMMENT",
        "ON",
        "AUTO_INCREMENT",
        "ENCODE",
        "FIRST",
        "AFTER",
        "ENABLE",
        "VISIBLE",
        "INVISIBLE",
        "FOR",
        "DISTKEY",
        "SORTKEY",
        "IDENTITY",
        "ROWGUIDCOL",
    )
)
"""The words that begin another part of a column's definition."""


def pass_expression(cursor: Cursor) -> None:
    """Pass an expression: to the next word that begins something else."""
    _rest(cursor)
