"""Characters and classes of characters, as a pattern writes them: escapes, brackets, properties."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

from ..charset import ANY, Charset
from .errors import PatternSyntaxError, UnsupportedPattern
from .properties import find_property

if TYPE_CHECKING:
    from .dialect import Classes, Dialect
    from .folding import Folding

_OCTAL_DIGITS = re.compile(r"[0-7]{0,2}")
_HEX_DIGITS = re.compile(r"[0-9A-Fa-f]+")


class CharacterReader:
    """A position in a pattern; reads the character or class of characters at it."""

    def __init__(self, pattern: str, dialect: Dialect, flags: frozenset[str]) -> None:
        self.pattern = pattern
        self.dialect = dialect
        self.position = 0
        self._set_flags(flags)

    def _escaped(self, offset: int) -> str:
        if self.position == len(self.pattern):
            self._fail("a backslash at the end escapes nothing", offset, r"write \\ for the character")
        self.position += 1
        return self.pattern[self.position - 1]

    def _escaped_set(self, letter: str, meaning: str, offset: int) -> Charset:
        """The characters that an escape of one character or a class matches."""
        match meaning.split():
            case ["digit" | "word" | "space" as name]:
                return self.folding.shorthand(getattr(self.classes, name), negative=False)
            case ["not", "digit" | "word" | "space" as name]:
                return self.folding.shorthand(getattr(self.classes, name), negative=True)
            case [*negative, "property"]:
                charset, negated = find_property(self.dialect.properties, self._property_name(offset), offset)
                return self.folding.property(charset, negative=bool(negative) != negated)
            case _:
                point = self._escaped_point(letter, meaning, offset)
                return self._span(point, point, offset)

    def _escaped_point(self, letter: str, meaning: str, offset: int) -> int:
        """The code point of an escape that is one character."""
        if meaning.startswith("!"):
            self._reject(meaning[1:], offset)
        match meaning.split():
            case [] if ord(letter) in self.dialect.identity:
                return ord(letter)
            case ["character", "name"]:
                return self._named_character(offset)
            case ["character", point]:
                return int(point)
            case ["hex", digits]:
                return self._hex(int(digits), offset)
            case ["hex", digits, "or", "braces"]:
                return self._braced_hex(offset) if self._next("{") else self._hex(int(digits), offset)
            case ["utf-16"]:
                return self._utf16(offset)
            case ["octal", least]:
                return self._octal(least, offset)
            case ["nul"] if not self._peek().isdecimal():
                return 0
            case ["control"] if re.match("[A-Za-z]", self._peek()):
                self.position += 1
                return ord(self.pattern[self.position - 1]) % 32
        hint = "the whole value is matched anyway: leave it out" if letter in "AzZ" else ""
        return self._fail(f"{self.dialect.title} has no escape \\{letter} here", offset, hint)

    def _hex(self, digits: int, offset: int) -> int:
        match = _HEX_DIGITS.match(self.pattern, self.position, self.position + digits)
        if match is None or len(match[0]) < digits:
            self._fail(f"this escape takes {digits} hexadecimal digits", offset)
        self.position = match.end()
        return self._code_point(int(match[0], 16), offset)

    def _braced_hex(self, offset: int) -> int:
        end = self._find("}", offset, "this escape is not closed")
        digits = self.pattern[self.position : end]
        self.position = end + 1
        if not _HEX_DIGITS.fullmatch(digits) or len(digits.lstrip("0")) > 6:
            self._fail("these are no hexadecimal digits of a character", offset)
        return self._code_point(int(digits, 16), offset)

    def _utf16(self, offset: int) -> int:
        if self._next("{"):
            return self._braced_hex(offset)
        high = self._hex(4, offset)
        if 0xD800 <= high < 0xDC00 and self.pattern.startswith("\\u", self.position):
            match = _HEX_DIGITS.match(self.pattern, self.position + 2, self.position + 6)
            low = int(match[0], 16) if match and len(match[0]) == 4 else 0
            if 0xDC00 <= low < 0xE000:
                self.position += 6
                return 0x10000 + (high - 0xD800 << 10) + (low - 0xDC00)
        return high

    def _octal(self, least: str, offset: int) -> int:
        """One octal digit, read already, and up to two more."""
        match = _OCTAL_DIGITS.match(self.pattern, self.position)
        more = match[0] if match else ""
        point = int(self.pattern[self.position - 1] + more, 8)
        if (least == "1" and not more) or (least == "byte" and point > 0o377):
            self._fail("this is no octal escape", offset)
        self.position += len(more)
        return point

    def _named_character(self, offset: int) -> int:
        import unicodedata

        if not self._next("{"):
            self._fail("the name of a character stands in braces", offset)
        end = self._find("}", offset, "this name is not closed")
        name = self.pattern[self.position : end]
        self.position = end + 1
        try:
            return ord(unicodedata.lookup(name))
        except (KeyError, TypeError):
            return self._fail(f"no character is named {name}", offset)

    def _code_point(self, point: int, offset: int) -> int:
        if point not in ANY:
            self._fail(f"there is no character U+{point:X}", offset)
        return point

    def _property_name(self, offset: int) -> str:
        if self._next("{"):
            end = self._find("}", offset, "the name of this property is not closed")
            name = self.pattern[self.position : end]
            self.position = end + 1
            return name
        if self.dialect.properties == "re2" and self._peek():
            self.position += 1
            return self.pattern[self.position - 1]
        return self._fail("the name of a property stands in braces", offset)

    # Brackets

    def _bracket(self, offset: int) -> Charset:
        negative = self._next("^")
        members: list[Charset] = []
        while True:
            if self.position == len(self.pattern):
                self._fail("this [ is not closed", offset, r"write \[ for the character")
            if self._peek() == "]" and (members or not self.dialect.bracket_close_first):
                self.position += 1
                union = Charset.ranges((low, high - 1) for member in members for low, high in member.spans())
                return ~union if negative else union
            members.append(self._bracket_range(first=not members))

    def _bracket_range(self, *, first: bool) -> Charset:
        """The next member of a bracket: a character, a class or a range."""
        offset = self.position
        hyphen = self._peek() == "-"
        low = self._bracket_member()
        is_range = self._peek() == "-" and self.pattern[self.position + 1 : self.position + 2] not in ("", "]")
        if not is_range:
            if hyphen and not (first or self._peek() == "]" or self.dialect.hyphen_inside):
                self._fail("a hyphen in the middle has no defined meaning", offset, "put it first or last")
            return low if isinstance(low, Charset) else self._span(low, low, offset)
        if isinstance(low, Charset):
            if "after" not in self.dialect.hyphen_beside_class:
                self._fail("a class cannot begin a range", offset, "put the hyphen first or last")
            return low
        self.position += 1
        high = self._bracket_member()
        if isinstance(high, Charset):
            if "before" not in self.dialect.hyphen_beside_class:
                self._fail("a class cannot end a range", offset, "put the hyphen first or last")
            return self._span(low, low, offset) | high | self._span(ord("-"), ord("-"), offset)
        if high < low:
            self._fail("this range runs backwards", offset, "put the lower character first")
        if high > self.dialect.last_in_ranges:
            self._reject("a range of characters beyond ASCII (their order depends on the locale)", offset)
        return self._span(low, high, offset)

    def _bracket_member(self) -> int | Charset:
        """A code point, or the characters of a class."""
        offset = self.position
        character = self.pattern[offset]
        self.position += 1
        if character == "[" and self._peek() == ":" and self.dialect.bracket_classes:
            charset = self._bracket_class(offset)
            if charset is not None:
                return charset
        if character == "[" and self._peek() in (".", "=") and self.dialect.bracket_collating:
            return self._collating_element(offset)
        if character != "\\" or not self.dialect.bracket_escapes:
            return ord(character)
        letter = self._escaped(offset)
        meaning = self.dialect.bracket_escapes.get(letter, "")
        if meaning.endswith(("digit", "word", "space", "property")):
            return self._escaped_set(letter, meaning, offset)
        return self._escaped_point(letter, meaning, offset)

    def _bracket_class(self, offset: int) -> Charset | None:
        end = self.pattern.find(":]", self.position + 1)
        if end < 0:
            return None
        name = self.pattern[self.position + 1 : end]
        negative = name.startswith("^") and not self.dialect.bracket_collating
        charset = self.dialect.bracket_classes.get(name.removeprefix("^") if negative else name)
        if charset is None:
            self._fail(f"there is no class [:{name}:]", offset)
        self.position = end + 2
        return self.folding.shorthand(charset, negative=negative)

    def _collating_element(self, offset: int) -> int:
        mark = self._peek()
        end = self._find(mark + "]", offset, f"this [{mark} is not closed", self.position + 1)
        element = self.pattern[self.position + 1 : end]
        self.position = end + 2
        if len(element) != 1:
            self._reject("a collating element of several characters (it depends on the locale)", offset)
        return ord(element)

    # The text itself

    def _span(self, low: int, high: int, offset: int) -> Charset:
        rejection = self.folding.rejection(low, high)
        if rejection:
            self._reject(rejection, offset)
        return self.folding.span(low, high)

    def _set_flags(self, flags: frozenset[str]) -> None:
        self.flags = flags
        self.classes: Classes = self.dialect.classes(flags)
        self.folding: Folding = self.dialect.folding(flags)

    def _peek(self) -> str:
        return self.pattern[self.position : self.position + 1]

    def _next(self, expected: str) -> bool:
        """Whether the next character is the one given; if so, it is read."""
        is_expected = self._peek() == expected
        self.position += is_expected
        return is_expected

    def _find(self, what: str, offset: int, complaint: str, start: int | None = None) -> int:
        end = self.pattern.find(what, self.position if start is None else start)
        if end < 0:
            self._fail(complaint, offset, f"add a {what}")
        return end

    def _fail(self, message: str, offset: int, suggestion: str = "") -> NoReturn:
        raise PatternSyntaxError(message, offset, suggestion)

    def _reject(self, what: str, offset: int) -> NoReturn:
        raise UnsupportedPattern(f"{what} is not supported", offset, "describe the same values without it")
