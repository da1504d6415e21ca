"""The parser of patterns, one for every dialect.

It reads the text once, keeps the open groups on a stack of its own, and looks up the meaning of every character in the
dialect's tables (`dialect.py`). A character without an entry is an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from ..charset import ANY, NONE
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
from .characters import CharacterReader
from .errors import UnsupportedPattern

if TYPE_CHECKING:
    from .ast import RegexNode
    from .dialect import Dialect

MAX_DEPTH = 200
"""The greatest depth of nested groups."""

_COUNT = re.compile(r"\{([0-9]*)(,?)([0-9]*)\}")
_FLAGS = re.compile(r"\?([A-Za-z]*+)(-?)([A-Za-z]*+)([:)])")
_DIGITS = re.compile(r"[0-9]+")
_LONGEST_COUNT = 9  # digits: anything longer is beyond every cap, and int() has a limit of its own


@dataclass(slots=True)
class _Frame:
    """An open group, or the pattern itself."""

    kind: str
    """The dialect's word for its opening; `capture` for plain parentheses, `pattern` at the bottom."""
    offset: int
    flags: frozenset[str]
    # The flags to restore when the group closes.
    number: int = 0
    branches: list[RegexNode] = field(default_factory=list)
    items: list[RegexNode] = field(default_factory=list)
    # The branch being read.
    last: Literal["", "atom", "anchor", "look", "repeat"] = ""
    # The kind of item that a quantifier would follow.


class Parser(CharacterReader):
    """One pattern being read."""

    def __init__(self, pattern: str, dialect: Dialect, flags: frozenset[str]) -> None:
        super().__init__(pattern, dialect, flags)
        self.groups = 0
        self.names: dict[str, int] = {}
        self.late: list[tuple[str, int]] = []
        # References to names not met so far, with their offsets.
        self.stack = [_Frame("pattern", 0, flags)]

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

    def _skip_comments(self) -> None:
        """Skip the blanks and comments that the flag x allows."""
        while "x" in self.flags and self.position < len(self.pattern):
            character = self.pattern[self.position]
            if character == "#":
                end = self.pattern.find("\n", self.position)
                self.position = len(self.pattern) if end < 0 else end + 1
            elif character in " \t\n\r\v\f":
                self.position += 1
            else:
                return

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

    def _check_width(self, body: RegexNode, offset: int) -> None:
        widths = {isinstance(node, Set) for node in walk(body) if isinstance(node, Set | Start)}
        if self.dialect.behind_of_one_width and len(widths) > 1 and not isinstance(body, Sequence):
            self._fail("this looks behind at a varying number of characters", offset, "use two look-behinds")

    def _inline_flags(self, offset: int) -> None:
        match = _FLAGS.match(self.pattern, self.position)
        known = self.dialect.inline_flags
        if match is None or not known or not (match[1] or match[2] or match[4] == ":"):
            self._fail("this group is unknown", offset, "plain groups are (…) and (?:…)")
        on, minus, off, end = match.groups()
        for flag in on + off:
            if flag in self.dialect.rejected_flags:
                self._reject(f"the flag {flag} ({self.dialect.rejected_flags[flag]})", offset)
            if flag not in known:
                self._fail(f"the flag {flag} is unknown", offset)
        contradictory = set(on) & set(off) and not self.dialect.flags_may_contradict
        if contradictory or bool(minus) != bool(off) or {"a", "u"} <= set(on) or set(off) & set("au"):
            self._fail("these flags contradict one another", offset)
        self.position = match.end()
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
        match = _COUNT.match(self.pattern, offset)
        low, comma, high = match.groups() if match else ("", "", "")
        if match is None or (not low and not (comma and self.dialect.count_without_start)):
            if self.dialect.brace_may_be_itself:
                self._append(self._character(ord("{"), offset))
                return
            hint = f"write {{0,{high}}}" if comma and high else r"write \{ for the character"
            self._fail("this { opens no count", offset, hint)
        self.position = match.end()
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
                # Python's re, before 3.14: neither `\b` nor `\B` holds in the empty text.
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
                "set the flag e (escape) or b (itself)",
            )

    def _character(self, point: int, offset: int) -> RegexNode:
        return Set(self._span(point, point, offset))

    # References

    def _reference(self, letter: str, opening: list[str], offset: int) -> RegexNode:
        if opening:
            if not self._next(opening[0]):
                self._fail("the name of a group stands in < >", offset)
            return self._named_reference(offset, ">")
        match = _DIGITS.match(self.pattern, self.position)
        digits = letter + (match[0] if match else "")
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
        """Reject a reference to a later group: only an earlier group is known to have taken part."""
        for name, offset in self.late:
            if name not in self.names:
                self._fail(f"no group is named {name}", offset)
            self._reject("a back-reference to a group that comes later", offset)
