r"""JSON, read into the same small tree as YAML: every scalar is still text and knows its place.

A number stays as it was written (`1e400`, `0.10`), a key may have any length, and a problem has the place where the text
stops being JSON. A key that stands twice in an object is a problem with both places: readers disagree on which one counts.

Texts in quotes are read by the standard library's own scanner, the one that `json.loads` uses. Source: RFC 8259. It leaves
open what a reader does with a byte-order mark (left out here, chapter 8.1), a doubled name (chapter 4) and half a
character (`\ud800` alone, chapter 8.2): the last two are problems.
"""

from __future__ import annotations

import re
from json.decoder import JSONDecodeError, JSONDecoder, scanstring  # type: ignore[attr-defined] # documented for decoders, not typed
from typing import TYPE_CHECKING, NoReturn

from .location import Location
from .problem import shorten
from .yaml_events import MOST_DEPTH, MOST_NODES, MappingNode, RejectedNode, ScalarNode, SequenceNode, normalise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .problem import Problems
    from .yaml_events import Node

_BLANKS = " \t\n\r"
_BLANK = re.compile(f"[{_BLANKS}]*")
_PLAIN_KEY = rf'"([^"\\\x00-\x1f]*)"[{_BLANKS}]*:[{_BLANKS}]*'
_KEY = re.compile(_PLAIN_KEY)
"""A key without an escape, its colon, and the blanks after it: what all keys are but a few."""
_NEXT_KEY = re.compile(f"[{_BLANKS}]*,[{_BLANKS}]*{_PLAIN_KEY}")
_NEXT_ITEM = re.compile(rf"[{_BLANKS}]*,[{_BLANKS}]*(?=[^\]}},{_BLANKS}])")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_WORD = re.compile(r"[\w.+\-]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LITERALS = ("true", "false", "null")
_VALUE = "a value: a text in double quotes, a number, true, false, null, [ or {"


def withheld(_text: str) -> str:
    """Stands for a piece of a text whose values no message may hold."""
    return "…"


def read_json(text: str, file: str, problems: Problems, shown: Callable[[str], str] = shorten) -> Node | None:
    """The tree of one JSON text; None after a problem that ends the reading. Nothing is raised.

    `shown`: how a piece of the text stands in a problem's message.
    """
    values = _Reader(text, file, problems, shown).values(several=False)
    return values[0] if values else None


def read_json_values(text: str, file: str, problems: Problems) -> tuple[Node, ...]:
    """The trees of JSON texts one after the other, as NDJSON has them one a line; none after a problem."""
    return _Reader(text, file, problems).values(several=True)


def check_json_lines(lines: Iterable[str], file: str, problems: Problems) -> None:
    """Check that every line is one JSON text or blank, for a reader that is less strict. Stops at the first problem.

    No message holds a value. What the standard library's decoder, in C, cannot rule out is read once more with places.
    """
    scan = JSONDecoder(object_pairs_hook=_once, parse_int=len, parse_float=len, parse_constant=_reject).raw_decode
    for number, line in enumerate(lines, 1):
        text = line.strip(_BLANKS)
        if not text:
            continue
        try:
            is_whole = scan(text)[1] == len(text)
        except (ValueError, RecursionError):
            is_whole = False
        if not is_whole or r"\u" in text or text.count("[") + text.count("{") > MOST_DEPTH:
            _Reader(line, file, problems, withheld, number).values(several=False)
            if problems:
                return


def _once(pairs: list[tuple[str, object]]) -> None:
    if len(dict(pairs)) < len(pairs):
        raise ValueError


def _reject(_word: str) -> NoReturn:
    raise ValueError


class _Broken(Exception):
    """Nothing after this place can be read; the problem has been added."""


class _Open:
    """An array or object that is still open."""

    __slots__ = ("complete", "entries", "items", "key", "keys", "location")

    def __init__(self, location: Location, *, is_object: bool) -> None:
        self.location = location
        self.complete = True
        self.items: list[Node] = []
        self.entries: list[tuple[ScalarNode, Node]] = []
        self.keys: dict[str, Location] | None = {} if is_object else None
        # In an object: the places of the keys so far. None in an array.
        self.key: ScalarNode | RejectedNode | None = None

    def put(self, node: Node) -> None:
        """One more value."""
        if self.keys is None:
            self.items.append(node)
        elif isinstance(self.key, ScalarNode):
            self.entries.append((self.key, node))
        else:
            self.complete = False

    def close(self) -> Node:
        if self.keys is None:
            return SequenceNode(tuple(self.items), self.location)
        return MappingNode(tuple(self.entries), self.location, self.complete)


class _Reader:
    """Reads values from the text, with a stack of its own: depth costs no recursion."""

    def __init__(
        self,
        text: str,
        file: str,
        problems: Problems,
        shown: Callable[[str], str] = shorten,
        first_line: int = 1,
    ) -> None:
        self._text = normalise(text)
        self._file = file
        self._problems = problems
        self._shown = shown
        self._at = 0
        self._line = first_line
        self._line_start = 0
        self._counted = 0
        self._nodes = 0

    def values(self, *, several: bool) -> tuple[Node, ...]:
        found: list[Node] = []
        try:
            while not found or several:
                self._skip()
                if self._at == len(self._text):
                    if not found:
                        self._problems.add(Location(self._file, 1, 1), "the file is empty", expected=_VALUE)
                    break
                found.append(self._value())
            self._skip()
            if self._at < len(self._text):
                self._fail("something follows the value", "the end of the file: one value a file")
        except _Broken:
            return ()
        return tuple(found)

    def _value(self) -> Node:
        """One value, with all that is in it."""
        stack: list[_Open] = []
        while True:
            node = self._begin(stack)
            while node is not None:
                self._count(node)
                if not stack:
                    return node
                stack[-1].put(node)
                node = self._continue(stack)

    def _begin(self, stack: list[_Open]) -> Node | None:
        """The scalar or the empty array or object that stands here; None where one is opened whose first value follows."""
        here = self._next()
        if here == '"':
            return self._string()
        if here in ("[", "{"):
            location = self._place()
            if len(stack) >= MOST_DEPTH:
                self._problems.add(location, f"nested more than {MOST_DEPTH} levels deep")
                raise _Broken
            self._at += 1
            opened = _Open(location, is_object=here == "{")
            self._skip()
            if self._next() == ("}" if here == "{" else "]"):
                self._at += 1
                return opened.close()
            stack.append(opened)
            if here == "{":
                self._key(opened)
            return None
        return self._number_or_word()

    def _continue(self, stack: list[_Open]) -> Node | None:
        """After a value: the array or object that ends here, or None where its next value follows."""
        opened = stack[-1]
        if opened.keys is None:
            following = _NEXT_ITEM.match(self._text, self._at)
            if following is not None:
                self._at = following.end()
                return None
        else:
            following = _NEXT_KEY.match(self._text, self._at)
            if following is not None:
                self._plain_key(opened, following)
                return None
        end = "]" if opened.keys is None else "}"
        self._skip()
        here = self._next()
        if here == end:
            self._at += 1
            return stack.pop().close()
        if here != ",":
            began = f"; the {'array' if end == ']' else 'object'} begins at {opened.location}"
            what = "the file ends" if not here else f"{self._shown(here)} stands"
            self._fail(f"{what} where a value has ended", f"a comma or {end}{began}")
        comma = self._at
        self._at += 1
        self._skip()
        if self._next() == end:
            message = f"broken JSON: a comma stands before {end}"
            self._problems.add(
                self._earlier(comma), message, expected="commas between values alone", suggestion="remove the comma"
            )
            raise _Broken
        if opened.keys is not None:
            self._key(opened)
        return None

    def _key(self, opened: _Open) -> None:
        """Read a key and its colon."""
        plain = _KEY.match(self._text, self._at)
        if plain is not None:
            self._plain_key(opened, plain)
            return
        here = self._next()
        if here != '"':
            what = "the file ends" if not here else f"{self._shown(here)} stands"
            self._fail(f"{what} where a key begins", "a key in double quotes")
        self._put_key(opened, self._string())
        self._skip()
        if self._next() != ":":
            self._fail("the colon after a key is missing", "a colon")
        self._at += 1
        self._skip()

    def _plain_key(self, opened: _Open, found: re.Match[str]) -> None:
        """Take a key, with its colon, that was found whole."""
        value = found[1]
        self._at = found.start(1) - 1
        self._put_key(opened, self._text_node(value, self._place(), len(value) + 2))
        self._at = found.end()

    def _put_key(self, opened: _Open, key: ScalarNode | RejectedNode) -> None:
        keys = opened.keys
        if isinstance(key, ScalarNode) and keys is not None:
            first = keys.setdefault(key.value, key.location)
            if first is not key.location:
                message = f"the key {self._shown(key.value)} stands twice"
                expected = f"each key once; the first stands at {first}"
                self._problems.add(key.location, message, expected=expected, length=key.length)
                key = RejectedNode(key.location)
        opened.key = key

    def _string(self) -> ScalarNode | RejectedNode:
        location, start = self._place(), self._at
        try:
            value, self._at = scanstring(self._text, start + 1, True)  # noqa: FBT003 - its third parameter has no name
        except JSONDecodeError as error:
            self._broken_string(error, start)
        return self._text_node(value, location, self._at - start)

    def _text_node(self, value: str, location: Location, length: int) -> ScalarNode | RejectedNode:
        if not value.isascii() and _SURROGATE.search(value):
            self._problems.add(location, "an escape in this text is half a character (a lone surrogate)")
            return RejectedNode(location)
        return ScalarNode(value, plain=False, location=location, length=length)

    def _broken_string(self, error: JSONDecodeError, start: int) -> NoReturn:
        if error.msg.startswith("Unterminated"):
            self._at = start
            self._fail("the quote that opens here is never closed", 'a closing "')
        self._at = min(error.pos, len(self._text) - 1)
        if error.msg.startswith("Invalid control"):
            code = ord(self._text[self._at])
            self._fail(f"the control character U+{code:04X} stands in a text", f"the escape \\u{code:04x}")
        if error.msg.startswith(r"Invalid \escape"):
            self._fail("this backslash escape is unknown", r"one of \" \\ \/ \b \f \n \r \t \uXXXX")
        self._fail("this escape lacks hexadecimal digits", r"\u and four hexadecimal digits")

    def _number_or_word(self) -> ScalarNode:
        location, start = self._place(), self._at
        number = _NUMBER.match(self._text, start)
        word = _WORD.match(self._text, start)
        written = word[0] if word is not None else ""
        if written not in _LITERALS and (number is None or number[0] != written):
            if not written:
                here = self._next()
                self._fail("the file ends" if not here else f"{self._shown(here)} begins no value", _VALUE)
            self._fail(f"{self._shown(written)} is no value", _VALUE, len(written))
        self._at = start + len(written)
        return ScalarNode(written, plain=True, location=location, length=len(written))

    def _count(self, node: Node) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            message = f"the file holds more than {MOST_NODES:,} values"
            self._problems.add(node.location, message, suggestion="split it")
            raise _Broken

    def _next(self) -> str:
        """The character that follows; empty at the end."""
        return self._text[self._at : self._at + 1]

    def _skip(self) -> None:
        if self._next() > " ":
            return
        blank = _BLANK.match(self._text, self._at)
        self._at = blank.end() if blank is not None else self._at

    def _place(self) -> Location:
        """Where the reading stands; places are asked for in ascending order, but for the start of a broken text."""
        if self._at >= self._counted:
            lines = self._text.count("\n", self._counted, self._at)
            if lines:
                self._line += lines
                self._line_start = self._text.rindex("\n", self._counted, self._at) + 1
            self._counted = self._at
        return Location(self._file, self._line, self._at - self._line_start + 1)

    def _earlier(self, at: int) -> Location:
        """A place before the one where the reading stands."""
        line_start = self._text.rfind("\n", 0, at) + 1
        if line_start >= self._line_start:
            return Location(self._file, self._line + self._text.count("\n", self._counted, at), at - line_start + 1)
        return Location(self._file, self._line - self._text.count("\n", at, self._line_start), at - line_start + 1)

    def _fail(self, message: str, expected: str, length: int = 1) -> NoReturn:
        self._problems.add(self._place(), f"broken JSON: {message}", expected=expected, length=length)
        raise _Broken
