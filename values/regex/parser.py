"""Patterns, read: one parser for every dialect.

It goes through the text once, keeping the open groups on a stack of its own, and asks the dialect's tables what every
character means (`dialect.py`). What it does not find there is an error; nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NoReturn

from ..charset import ANY, NONE, Charset
from .ast import (
    EMPTY_NODE,
    End,
    Group,
    Lookaround,
    Reference,
    Repeat,
    Sequence,
    Set,
    Start,
    WordBoundary,
    alternation,
    sequence_node,
    walk,
)
from .errors import PatternSyntaxError, UnsupportedPattern
from .properties import find_property

if TYPE_CHECKING:
    from .ast import RegexNode
    from .dialect import Classes, Dialect
    from .folding import Folding

MAX_DEPTH = 200
"""Groups inside one another."""

_COUNT = re.compile(r"\{([0-9]*)(,?)([0-9]*)\}")
_FLAGS = re.compile(r"\?([A-Za-z]*)(-?)([A-Za-z]*)([:)])")
_OCTAL_DIGITS = re.compile(r"[0-7]{0,2}")
_HEX_DIGITS = re.compile(r"[0-9A-Fa-f]+")
_DIGITS = re.compile(r"[0-9]+")
_LONGEST_COUNT = 9  # digits: anything longer is beyond every cap, and int() has a limit of its own


@dataclass(slots=True)
class _Frame:
    """An open group, or the pattern itself."""

    kind: str
    """The dialect's word for what opened it; `capture` for plain parentheses, `pattern` at the bottom."""
    offset: int
    flags: frozenset[str]
    # The flags to go back to when the group closes.
    number: int = 0
    branches: list[RegexNode] = field(default_factory=list)
    items: list[RegexNode] = field(default_factory=list)
    # The branch being read.
    last: Literal["", "atom", "anchor", "look", "repeat"] = ""
    # What a quantifier would follow.


class Parser:
    """One pattern being read."""

    def __init__(self, pattern: str, dialect: Dialect, flags: frozenset[str]) -> None:
        self.pattern = pattern
        self.dialect = dialect
        self.position = 0
        self.groups = 0
        self.names: dict[str, int] = {}
        self.late: list[tuple[str, int]] = []
        # References to names not met so far, with their offsets.
        self.stack = [_Frame("pattern", 0, flags)]
        self._set_flags(flags)

    def parse(self) -> RegexNode:
        """The tree of the whole pattern. Raises PatternError."""
        while True:
            self._skip_comments()
            if self.position == len(self.pattern):
                break
            character = self.pattern[self.position]
            self.position += 1
            self._read(character, self.dialect.metacharacters.get(character, ""))
        if len(self.stack) > 1:
            self._fail("this group is not closed", self.stack[-1].offset, "add a )")
        self._check_references()
        return self._branches(self.stack[-1])

    def _read(self, character: str, meaning: str) -> None:
        offset = self.position - 1
        match meaning:
            case "":
                self._append(self._character(ord(character), offset))
            case "group":
                self._open(offset)
            case "close":
                self._close(offset)
            case "or":
                self._end_branch(self.stack[-1])
            case "bracket":
                self._append(Set(self._bracket(offset)))
            case "wildcard":
                self._append(Set(ANY if "s" in self.flags else self.dialect.wildcard))
            case "start":
                self._append(Start(self.dialect.line_ends if "m" in self.flags else NONE), "anchor")
            case "end":
                multi_line = "m" in self.flags
                last = NONE if multi_line else self.dialect.last_line_end
                self._append(End(last, self.dialect.line_ends if multi_line else NONE), "anchor")
            case "repeat":
                low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}[character]
                self._repeat(low, high, offset)
            case "count":
                self._count(offset)
            case "escape":
                self._escape(offset)
            case "any text":
                self._append(Repeat(Set(ANY), 0, None, offset))
            case "any character":
                self._append(Set(ANY))
            case "backslash":
                self._sql_backslash(offset)

    # Items, branches, groups

    def _append(self, node: RegexNode, kind: Literal["atom", "anchor", "look", "repeat"] = "atom") -> None:
        frame = self.stack[-1]
        frame.items.append(node)
        frame.last = kind

    def _end_branch(self, frame: _Frame) -> None:
        if not frame.items and not self.dialect.empty_branches:
            self._fail(
                "an empty branch has no defined meaning",
                max(self.position - 1, 0),
                "repeat the group 0 or 1 times: (…)?",
            )
        frame.branches.append(sequence_node(frame.items))
        frame.items = []
        frame.last = ""

    def _branches(self, frame: _Frame) -> RegexNode:
        self._end_branch(frame)
        return alternation(frame.branches)

    def _open(self, offset: int) -> None:
        spelling = next((s for s in self.dialect.groups if self.pattern.startswith(s, self.position)), "")
        kind = self.dialect.groups.get(spelling, "capture")
        if kind.startswith("!"):
            self._reject(kind[1:], offset)
        if kind == "capture" and self._peek() == "?" and self.dialect.groups:
            self._inline_flags(offset)
            return
        self.position += len(spelling)
        name = ""
        match kind:
            case "comment":
                self.position = self._find(")", offset, "this comment is not closed") + 1
                return
            case "reference":
                self._append(self._named_reference(offset, ")"))
                return
            case "name":
                name = self._name(offset, ">")
                if name in self.names and not self.dialect.names_may_repeat:
                    self._fail(f"two groups are named {name}", offset)
                kind = "capture"
        self._push(kind, offset)
        if kind == "capture":
            self.groups += 1
            self.stack[-1].number = self.groups
            if name:
                self.names[name] = self.groups

    def _push(self, kind: str, offset: int) -> None:
        if len(self.stack) > MAX_DEPTH:
            raise UnsupportedPattern(f"groups are nested more than {MAX_DEPTH} deep", offset)
        self.stack.append(_Frame(kind, offset, self.flags))

    def _close(self, offset: int) -> None:
        if len(self.stack) == 1:
            self._fail("this ) closes nothing", offset, r"write \) for the character")
        frame = self.stack[-1]
        node = self._branches(frame)
        self.stack.pop()
        self._set_flags(frame.flags)
        match frame.kind.split():
            case ["capture"]:
                self._append(Group(frame.number, node))
            case ["look", *negative, "ahead"]:
                self._append(Lookaround("ahead", bool(negative), node, frame.offset), "look")
            case ["look", *negative, "behind"]:
                self._check_width(node, frame.offset)
                self._append(Lookaround("behind", bool(negative), node, frame.offset), "look")
            case _:
                self._append(node)

    def _check_width(self, downstream: RegexNode, offset: int) -> None:
        widths = {isinstance(node, Set) for node in walk(downstream) if isinstance(node, Set | Start)}
        if self.dialect.behind_of_one_width and len(widths) > 1 and not isinstance(downstream, Sequence):
            self._fail("this looks behind at a varying number of characters", offset, "use two look-behinds")

    def _inline_flags(self, offset: int) -> None:
        found = _FLAGS.match(self.pattern, self.position)
        known = self.dialect.inline_flags
        if found is None or not known or not (found[1] or found[2] or found[4] == ":"):
            self._fail("this group is unknown", offset, "plain groups are (…) and (?:…)")
        on, minus, off, end = found.groups()
        for flag in on + off:
            if flag in self.dialect.rejected_flags:
                self._reject(f"the flag {flag} ({self.dialect.rejected_flags[flag]})", offset)
            if flag not in known:
                self._fail(f"the flag {flag} is unknown", offset)
        contradictory = set(on) & set(off) and not self.dialect.flags_may_contradict
        if contradictory or bool(minus) != bool(off) or {"a", "u"} <= set(on) or set(off) & set("au"):
            self._fail("these flags contradict one another", offset)
        self.position = found.end()
        flags = (self.flags | set(on)) - set(off)
        if "a" in on or "u" in on:
            flags = flags - {"a", "u"} | set(on) & {"a", "u"}
        if end == ":":
            self._push("plain", offset)
        elif self.dialect.lasting_flags == "start":
            bottom = self.stack[0]
            if len(self.stack) > 1 or bottom.items or bottom.branches or off:
                self._fail("flags for the whole pattern must stand at its start", offset, "write (?i:…) for a part")
        self._set_flags(flags)

    # Quantifiers

    def _count(self, offset: int) -> None:
        found = _COUNT.match(self.pattern, offset)
        low, comma, high = found.groups() if found else ("", "", "")
        if found is None or (not low and not (comma and self.dialect.count_without_start)):
            if self.dialect.brace_may_be_itself:
                self._append(self._character(ord("{"), offset))
                return
            hint = f"write {{0,{high}}}" if comma and high else r"write \{ for the character"
            self._fail("this { opens no count", offset, hint)
        self.position = found.end()
        at_least = self._number(low or "0", offset)
        at_most = self._number(high, offset) if high else None if comma else at_least
        if at_most is not None and at_most < at_least:
            self._fail(f"{at_least} is more than {at_most}", offset, "put the smaller count first")
        self._repeat(at_least, at_most, offset)

    def _number(self, digits: str, offset: int) -> int:
        digits = digits.lstrip("0") or "0"
        if len(digits) > _LONGEST_COUNT:
            raise UnsupportedPattern(f"a count of {len(digits)} digits", offset, "write {n,} for any number")
        limit = self.dialect.largest_count
        if limit is not None and int(digits) > limit:
            self._fail(f"{self.dialect.title} counts to {limit}", offset)
        return int(digits)

    def _repeat(self, low: int, high: int | None, offset: int) -> None:
        frame = self.stack[-1]
        if not frame.last:
            self._fail("there is nothing to repeat here", offset, "put a backslash before it for the character")
        if frame.last == "repeat":
            self._fail("this is repeated already", offset, "put the repeated part in a group")
        if frame.last != "atom" and frame.last not in self.dialect.repeatable:
            self._fail("an assertion cannot be repeated", offset)
        mark = self.pattern[self.position : self.position + 1]
        kind = self.dialect.greed_marks.get(mark, "")
        if kind.startswith("!"):
            self._reject(kind[1:], offset)
        if kind:
            self.position += 1
        frame.items[-1] = Repeat(frame.items[-1], low, high, offset)
        frame.last = "repeat"

    # Escapes

    def _escape(self, offset: int) -> None:
        letter = self._escaped(offset)
        meaning = self.dialect.escapes.get(letter, "")
        match meaning.split():
            case ["boundary"]:
                self._append(WordBoundary(self.classes.word, negative=False), "anchor")
            case ["not", "boundary"]:
                self._append(WordBoundary(self.classes.word, negative=True), "anchor")
            case ["not", "boundary", "of", "some", "text"]:
                # Python's re, before 3.14: there is none, and no lack of one, in the empty text.
                empty = Lookaround("ahead", negative=True, body=Sequence((Start(NONE), End(NONE, NONE))), offset=offset)
                self._append(Sequence((WordBoundary(self.classes.word, negative=True), empty)), "anchor")
            case ["text", "start"]:
                self._append(Start(NONE), "anchor")
            case ["text", "end"]:
                self._append(End(NONE, NONE), "anchor")
            case ["quote"]:
                self._quote()
            case ["reference", "or", "octal"]:
                self._append(self._reference_or_octal(offset))
            case ["reference", *opening]:
                self._append(self._reference(letter, opening, offset))
            case _:
                self._append(Set(self._escaped_set(letter, meaning, offset)))

    def _escaped(self, offset: int) -> str:
        if self.position == len(self.pattern):
            self._fail("a backslash at the end escapes nothing", offset, r"write \\ for the character")
        self.position += 1
        return self.pattern[self.position - 1]

    def _escaped_set(self, letter: str, meaning: str, offset: int) -> Charset:
        """What an escape matches that is one character or a class."""
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
        found = _HEX_DIGITS.match(self.pattern, self.position, self.position + digits)
        if found is None or len(found[0]) < digits:
            self._fail(f"this escape takes {digits} hexadecimal digits", offset)
        self.position = found.end()
        return self._code_point(int(found[0], 16), offset)

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
            found = _HEX_DIGITS.match(self.pattern, self.position + 2, self.position + 6)
            low = int(found[0], 16) if found and len(found[0]) == 4 else 0
            if 0xDC00 <= low < 0xE000:
                self.position += 6
                return 0x10000 + (high - 0xD800 << 10) + (low - 0xDC00)
        return high

    def _octal(self, least: str, offset: int) -> int:
        """One octal digit, read already, and up to two more."""
        found = _OCTAL_DIGITS.match(self.pattern, self.position)
        more = found[0] if found else ""
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

    def _quote(self) -> None:
        end = self.pattern.find("\\E", self.position)
        stop = len(self.pattern) if end < 0 else end
        for index in range(self.position, stop):
            self._append(self._character(ord(self.pattern[index]), index))
        self.position = stop if end < 0 else end + 2

    def _sql_backslash(self, offset: int) -> None:
        if "e" in self.flags:
            self._append(Set(self._escaped_set(self._escaped(offset), "", offset)))
        elif "b" in self.flags:
            self._append(self._character(ord("\\"), offset))
        else:
            raise UnsupportedPattern(
                "a backslash in SQL LIKE is an escape in some databases and itself in others",
                offset,
                "say which with the flag e (escape) or b (itself)",
            )

    # References

    def _reference(self, letter: str, opening: list[str], offset: int) -> RegexNode:
        if opening:
            if not self._next(opening[0]):
                self._fail("the name of a group stands in < >", offset)
            return self._named_reference(offset, ">")
        found = _DIGITS.match(self.pattern, self.position)
        digits = letter + (found[0] if found else "")
        self.position += len(digits) - 1
        return self._group_reference(digits, offset)

    def _reference_or_octal(self, offset: int) -> RegexNode:
        digits = self.pattern[self.position - 1 : self.position + 2]
        if re.fullmatch("[0-7]{3}", digits):
            point = self._octal("byte", offset)
            return Set(self._span(point, point, offset))
        digits = digits[:2] if re.match("[0-9]{2}", digits) else digits[:1]
        self.position += len(digits) - 1
        return self._group_reference(digits, offset)

    def _group_reference(self, digits: str, offset: int) -> RegexNode:
        if len(digits) > _LONGEST_COUNT:
            self._fail("there is no such group", offset)
        return Reference(int(digits), self.folding.same, offset)

    def _named_reference(self, offset: int, end: str) -> RegexNode:
        name = self._name(offset, end)
        if name not in self.names:
            self.late.append((name, offset))
            return EMPTY_NODE
        return Reference(self.names[name], self.folding.same, offset)

    def _name(self, offset: int, end: str) -> str:
        stop = self._find(end, offset, "the name of this group is not closed")
        name = self.pattern[self.position : stop]
        self.position = stop + 1
        if not name.replace("$", "_").isidentifier():
            self._fail("this is no name for a group", offset, "use letters, digits and _")
        return name

    def _check_references(self) -> None:
        """Only a group that stands before its references is known to have taken part."""
        for name, offset in self.late:
            if name not in self.names:
                self._fail(f"no group is named {name}", offset)
            self._reject("a back-reference to a group that comes later", offset)

    # Brackets

    def _bracket(self, offset: int) -> Charset:
        negative = self._next("^")
        members: list[Charset] = []
        while True:
            if self.position == len(self.pattern):
                self._fail("this [ is not closed", offset, r"write \[ for the character")
            if self._peek() == "]" and (members or not self.dialect.bracket_close_first):
                self.position += 1
                found = Charset.ranges((low, high - 1) for member in members for low, high in member.spans())
                return ~found if negative else found
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
            found = self._bracket_class(offset)
            if found is not None:
                return found
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

    # Characters and the text itself

    def _character(self, point: int, offset: int) -> RegexNode:
        return Set(self._span(point, point, offset))

    def _span(self, low: int, high: int, offset: int) -> Charset:
        rejection = self.folding.rejection(low, high)
        if rejection:
            self._reject(rejection, offset)
        return self.folding.span(low, high)

    def _set_flags(self, flags: frozenset[str]) -> None:
        self.flags = flags
        self.classes: Classes = self.dialect.classes(flags)
        self.folding: Folding = self.dialect.folding(flags)

    def _skip_comments(self) -> None:
        """Skip what the flag x makes invisible."""
        while "x" in self.flags and self.position < len(self.pattern):
            character = self.pattern[self.position]
            if character == "#":
                end = self.pattern.find("\n", self.position)
                self.position = len(self.pattern) if end < 0 else end + 1
            elif character in " \t\n\r\v\f":
                self.position += 1
            else:
                return

    def _peek(self) -> str:
        return self.pattern[self.position : self.position + 1]

    def _next(self, expected: str) -> bool:
        """Whether the next character is the one given; if so, it is read."""
        found = self._peek() == expected
        self.position += found
        return found

    def _find(self, what: str, offset: int, complaint: str, start: int | None = None) -> int:
        end = self.pattern.find(what, self.position if start is None else start)
        if end < 0:
            self._fail(complaint, offset, f"add a {what}")
        return end

    def _fail(self, message: str, offset: int, suggestion: str = "") -> NoReturn:
        raise PatternSyntaxError(message, offset, suggestion)

    def _reject(self, what: str, offset: int) -> NoReturn:
        raise UnsupportedPattern(f"{what} is not supported", offset, "describe the same values without it")
