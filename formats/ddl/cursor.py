"""A statement as a row of words, read from left to right.

The words come from sqlglot's tokens. A token of several words (`CHARACTER VARYING`, `PRIMARY KEY`) is taken apart, so
that one word is one word in every dialect.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, TypeAlias

from ...documents.location import Location
from ...values.error import FieldlineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlglot.tokens import Tokenizer

WordKind: TypeAlias = Literal["word", "name", "text", "number", "mark"]
"""A bare word (a keyword or a name), a name in quotes, a text in quotes, a number, or punctuation."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a statement."""

    kind: WordKind
    value: str
    """Without its quotes."""
    upper: str
    """A bare word or a mark in capitals, for comparing with keywords; empty for everything in quotes."""
    start: int
    end: int
    """Where it stands in its script: `script[start:end]`."""


class Script:
    """The text of one file, with the places of its characters."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self._line_starts = [0, *(end.end() for end in re.finditer("\n", text))]

    def place(self, offset: int) -> Location:
        """The line and column of a character."""
        line = bisect_right(self._line_starts, offset)
        return Location(self.file, line, offset - self._line_starts[line - 1] + 1)


class CatalogueScript(Script):
    """A script from a live database: every place in it is the place where the contract names the database."""

    def __init__(self, text: str, at: Location) -> None:
        super().__init__(text, at.file)
        self._at = at

    def place(self, offset: int) -> Location:  # noqa: ARG002 - wherever it is
        return self._at


class UnreadStatement(FieldlineError):
    """A word of a statement is not known here. Carries the place, what is expected, and a suggestion."""

    def __init__(
        self, at: Location, message: str, length: int = 1, expected: str | None = None, suggestion: str | None = None
    ) -> None:
        super().__init__(message)
        self.at = at
        self.message = message
        self.length = length
        self.expected = expected
        self.suggestion = suggestion
        self.word: str | None = None
        """The word that is not known, where it is one."""


class Malformed(UnreadStatement):
    """What no engine takes: a quote or a parenthesis that never ends, two statements with nothing between them."""


class AlreadySo(UnreadStatement):
    """A statement makes what is there already, or concerns what is not there."""


class NoSuchTable(AlreadySo):
    """A statement concerns a table that no earlier one made. Carries the table's path."""

    key: tuple[str, ...] = ()


_END = Word("mark", "", "", 0, 0)
_OF_OTHERS = frozenset(("ARRAY", "MAP", "STRUCT"))
"""The types after whose name a `<` begins the types inside."""


class Cursor:
    """A position in a row of words."""

    def __init__(self, words: Sequence[Word], script: Script, end: int | None = None) -> None:
        self._words = words
        self.script = script
        self._at = 0
        self._end = end if end is not None else (words[-1].end if words else 0)

    @property
    def done(self) -> bool:
        """Whether nothing is left."""
        return self._at >= len(self._words)

    @property
    def word(self) -> Word:
        """The next word; an empty mark at the end."""
        return self._words[self._at] if self._at < len(self._words) else _END

    def peek(self, ahead: int = 0) -> Word:
        """A word further on, not taken."""
        index = self._at + ahead
        return self._words[index] if index < len(self._words) else _END

    @property
    def before(self) -> Word:
        """The word taken last."""
        if not self._at:
            raise self.unread()
        return self._words[self._at - 1]

    @property
    def place(self) -> Location:
        """Where the next word stands; where the last one ends when none is left."""
        return self.script.place(self._end if self.done else self.word.start)

    def at(self, word: Word) -> Location:
        """Where a word stands."""
        return self.script.place(word.start)

    def take(self) -> Word:
        """The next word, whatever it is."""
        if self._at >= len(self._words):
            raise self.unread("the statement ends too early")
        self._at += 1
        return self._words[self._at - 1]

    def sees(self, *words: str) -> bool:
        """Whether these words come next."""
        if self.word.upper != words[0]:  # most words are asked for in vain
            return False
        return all(self.peek(i).upper == word for i, word in enumerate(words))

    def skip(self, *words: str) -> bool:
        """Take these words, if they come next."""
        if not self.sees(*words):
            return False
        self._at += len(words)
        return True

    def skip_existence(self) -> bool:
        """Take IF EXISTS or IF NOT EXISTS; whether one stood there."""
        return self.skip("IF", "EXISTS") or self.skip("IF", "NOT", "EXISTS")

    def skip_any(self, *words: str) -> str | None:
        """Take the next word, if it is one of these."""
        return self.take().upper if self.word.upper in words else None

    def expect(self, *words: str) -> None:
        """Take these words, which must come next."""
        for word in words:
            if not self.skip(word):
                raise self.unread(expected=word)

    def name(self) -> Word:
        """The next word, which must be a name: bare or in quotes (MySQL and SQLite also take a text for one)."""
        if self.word.kind not in {"word", "name", "text"}:
            raise self.unread(expected="a name")
        return self.take()

    def path(self) -> tuple[Word, ...]:
        """A name with the names it lies in: `shop.public.customer`."""
        parts = [self.name()]
        while self.skip("."):
            parts.append(self.name())
        return tuple(parts)

    def names(self) -> tuple[Word, ...]:
        """Names in parentheses."""
        return tuple(item.name() for item in self.items())

    def group(self) -> Cursor:
        """The words in parentheses, which must come next."""
        self.expect("(")
        start = self._at
        self.pass_group()
        return Cursor(self._words[start : self._at - 1], self.script, self._words[self._at - 1].start)

    def pass_group(self) -> None:
        """Pass the rest of a group whose opening was taken, and its end."""
        depth = 1
        while depth:
            match self.take().upper:
                case "(":
                    depth += 1
                case ")":
                    depth -= 1

    def items(self) -> list[Cursor]:
        """The items in parentheses, separated at the commas."""
        return self.group().split()

    def split(self) -> list[Cursor]:
        """All that is left, taken apart at the commas that stand in no parentheses."""
        parts: list[Cursor] = []
        while not self.done:
            parts.append(self.until(lambda word: word.upper == ","))
            self.skip(",")
        return parts

    def copy(self) -> Cursor:
        """A cursor of its own at the same place."""
        return Cursor(self._words[self._at :], self.script, self._end)

    def words(self) -> list[Word]:
        """All that is left, word by word, taken."""
        start, self._at = self._at, len(self._words)
        return list(self._words[start:])

    def until(self, stop: Callable[[Word], bool]) -> Cursor:
        """The words before a given one; that word is not taken, and is not looked for in parentheses."""
        start = self._at
        while not self.done and not stop(self.word):
            taken = self.take().upper
            if taken in {"(", "["}:
                self._pass_brackets()
            elif taken in _OF_OTHERS and self.sees("<"):
                self.pass_angles()
        end = self._end if self.done else self.word.start
        return Cursor(self._words[start : self._at], self.script, end)

    def pass_angles(self) -> None:
        """Pass `<STRUCT<a STRING(3), b INT64>>`: the types inside a type. Raises UnreadStatement."""
        depth = 0
        while True:
            word = self.take().upper
            depth += word.count("<") - word.count(">")
            if depth <= 0:
                return

    def _pass_brackets(self) -> None:
        depth = 1
        while depth and not self.done:
            upper = self.take().upper
            depth += (upper in {"(", "["}) - (upper in {")", "]"})

    def rest(self) -> Cursor:
        """All that is left."""
        return self.until(lambda _: False)

    def has_any(self, *words: str) -> bool:
        """Whether one of these words is among all that is left."""
        return any(word.upper in words for word in self._words[self._at :])

    @property
    def text(self) -> str:
        """All that is left, as it is written."""
        return "" if self.done else self.script.text[self.word.start : self._words[-1].end]

    def unread(self, message: str | None = None, expected: str | None = None) -> UnreadStatement:
        """The error that the next word is not known here."""
        said = message
        if said is None:
            said = "the statement ends too early" if self.done else f'"{self.word.value}" is not known here'
        error = UnreadStatement(self.place, said, max(1, self.word.end - self.word.start), expected)
        error.word = self.word.value if message is None and self.word.kind == "word" else None
        return error

    @property
    def is_whole(self) -> bool:
        """Whether every parenthesis among all that is left has its end."""
        depth = 0
        for word in self._words[self._at :]:
            depth += (word.upper == "(") - (word.upper == ")")
        return depth <= 0


def words_of(script: Script, text: str, grammar: str, *, quoted_paths: bool = False) -> list[Word]:
    """The words of a script; `text` is the script with all that is no SQL blanked out, character by character.

    `quoted_paths`: whether one pair of quotes holds a whole path, and a bare name may have dashes. Raises Malformed where
    the text cannot be taken apart.
    """
    from sqlglot.errors import SqlglotError

    try:
        tokens = _tokenizer(grammar).tokenize(text)
    except (SqlglotError, IndexError):  # the latter for a comment that never ends
        message = "the text cannot be read: something in it never ends, a quote perhaps"
        raise Malformed(script.place(0), message) from None
    words: list[Word] = []
    kinds: dict[object, WordKind | None] = {}
    for token in tokens:
        written = text[token.start : token.end + 1]
        if token.token_type not in kinds:
            kinds[token.token_type] = _QUOTED.get(token.token_type.name)
        kind = kinds[token.token_type]
        if kind is not None:
            upper = written if kind == "number" else ""
            if kind == "name" and quoted_paths and "." in token.text:
                words += _path_in_quotes(token.text, token.start)
                continue
            word = Word(kind, token.text, upper, token.start, token.end + 1)
            words.append(word)
            if kind == "name" and [each.upper for each in words[-3:-1]] == ["U", "&"] and _is_joined(words[-3:]):
                words[-3:] = [Word("name", _unescaped(word.value), "", words[-3].start, word.end)]
            continue
        offset = token.start
        for part in written.split():
            start = text.index(part, offset)
            offset = start + len(part)
            bare: WordKind = "word" if part[0].isalpha() or part[0] in "_@#" else "mark"
            words.append(Word(bare, part, part.upper(), start, offset))
    return _with_dashes(words) if quoted_paths else words


_ESCAPE = re.compile(r"\\(?:(\\)|([0-9A-Fa-f]{4})|\+([0-9A-Fa-f]{6}))")


def _unescaped(name: str) -> str:
    r"""PostgreSQL 15, 4.1.2.3: `U&"d\0061t\+000061"` is `data`."""
    codes = _ESCAPE.sub(lambda found: found[1] or chr(min(int(found[2] or found[3], 16), 0x10FFFF)), name)
    return codes.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _is_joined(words: Sequence[Word]) -> bool:
    return all(one.end == two.start for one, two in pairwise(words))


def _path_in_quotes(path: str, start: int) -> Iterator[Word]:
    """The parts of a path in one pair of quotes, and the dots between them; a quote belongs to the part beside it."""
    for part in re.finditer(r"[^.]+", path):
        first = start + 1 + part.start()
        if part.start():
            yield Word("mark", ".", ".", first - 1, first)
        end = first + len(part[0]) + (part.end() == len(path))
        yield Word("name", part[0], "", first - (not part.start()), end)


def _with_dashes(words: list[Word]) -> list[Word]:
    """The words, with `my-project` as one where a dot follows it."""
    joined: list[Word] = []
    for word in words:
        dash = joined[-1] if joined else None
        if word.upper == "." and len(joined) > 2:
            first = len(joined) - 1
            while first > 1 and joined[first - 1].upper == "-" and joined[first - 2].end == joined[first - 1].start:
                first -= 2
            if first < len(joined) - 1 and dash is not None:
                value = "".join(part.value for part in joined[first:])
                joined[first:] = [Word("name", value, "", joined[first].start, dash.end)]
        joined.append(word)
    return joined


_QUOTED: dict[str, WordKind] = {
    "IDENTIFIER": "name",
    "NUMBER": "number",
    "STRING": "text",
    "NATIONAL_STRING": "text",
    "BYTE_STRING": "text",
    "RAW_STRING": "text",
    "HEREDOC_STRING": "text",
    "UNICODE_STRING": "text",
    "HEX_STRING": "text",
    "BIT_STRING": "text",
}
"""sqlglot's kinds of token that are no bare words."""


@cache
def _tokenizer(grammar: str) -> Tokenizer:
    """Sqlglot's tokenizer of a dialect. Its habit of swallowing the rest of a statement as one text is taken away."""
    from sqlglot.dialects.dialect import Dialect

    base = type(Dialect.get_or_raise(grammar).tokenizer())
    made: Tokenizer = type("Tokenizer", (base,), {"COMMANDS": set()})(dialect=grammar)
    return made
