"""Patterns of engines (LIKE, GLOB, SIMILAR TO, regular expressions), written anew in ECMAScript's words.

Of regular expressions those are carried over whose meaning is the same in every engine, or stated by its `Flavour`: plain
characters, classes written out, groups, alternatives, counts, and anchors. A pattern that depends on a locale, an engine's
version, or the engine's way of searching raises NotCarriedOver, and its check is then opaque.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...values.error import FieldlineError
from .ecma import ANYTHING, contains, quoted_text


class NotCarriedOver(FieldlineError):
    """A pattern, or a condition, that our words cannot state exactly."""


# ------------------------------------------------------------------------------------------------------- LIKE, GLOB


@dataclass(frozen=True, slots=True)
class LikeRules:
    """The meaning of LIKE where engines differ. The defaults are ISO/IEC 9075-2, 8.5."""

    escape: str | None = None
    """The escape character when no ESCAPE stands; None: there is none."""
    escapes_all: bool = False
    """Whether any character may be escaped; elsewhere only `%`, `_` and the escape itself."""
    classes: bool = False
    """Whether `[` begins a class of characters."""
    ascii_case_blind: bool = False
    """Whether an ASCII letter matches its other case too."""
    stops_at_nul: bool = False
    """Whether a text is seen up to its first U+0000 only."""
    follows_collation: bool = True
    """Whether the collation of the column bears on the match."""
    literal_backslash: bool = True
    """Whether a backslash in a quoted pattern is one backslash of the pattern."""


def from_like(pattern: str, escape: str | None, rules: LikeRules) -> str:
    """The texts that LIKE matches. `escape`: the character that ESCAPE names; None when none stands."""
    mark = rules.escape if escape is None else escape
    if mark is not None and len(mark) > 1:
        raise NotCarriedOver
    if rules.classes and "[" in pattern:
        raise NotCarriedOver
    one = r"[^\0]" if rules.stops_at_nul else "[^]"
    pieces: list[str] = []
    characters = iter(pattern)
    for char in characters:
        if mark and char == mark:
            following = next(characters, None)
            if following is None or (following not in {"%", "_", mark} and not rules.escapes_all):
                raise NotCarriedOver
            pieces.append(_character(following, rules))
        elif char == "%":
            pieces.append(f"{one}*")
        elif char == "_":
            pieces.append(one)
        else:
            pieces.append(_character(char, rules))
    regex = "".join(pieces)
    return _to_first_nul(regex) if rules.stops_at_nul else regex


def _character(char: str, rules: LikeRules) -> str:
    """A character that stands for itself."""
    if rules.ascii_case_blind and char.isascii() and char.isalpha():
        return f"[{char.upper()}{char.lower()}]"
    return quoted_text(char)


def _to_first_nul(regex: str) -> str:
    """Texts that match up to their first U+0000."""
    return rf"(?:{regex})(?:\0{ANYTHING})?"


def from_glob(pattern: str) -> str:
    """The texts that SQLite's GLOB matches: `*`, `?`, `[a-z]`, `[^a-z]`; nothing escapes."""
    pieces: list[str] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "*":
            pieces.append(r"[^\0]*")
        elif char == "?":
            pieces.append(r"[^\0]")
        elif char == "[":
            class_ = re.compile(r"(\^?)(\]?[^\]]*)\]").match(pattern, at)
            if class_ is None:
                raise NotCarriedOver
            pieces.append(_glob_class(class_[2], negated=bool(class_[1])))
            at = class_.end()
        else:
            pieces.append(quoted_text(char))
    return _to_first_nul("".join(pieces))


def _glob_class(content: str, *, negated: bool) -> str:
    parts: list[str] = []
    at = 0
    while at < len(content):
        if at + 2 < len(content) and content[at + 1] == "-":
            low, high = content[at], content[at + 2]
            if low > high:
                raise NotCarriedOver
            parts.append(f"{_in_class(low)}-{_in_class(high)}")
            at += 3
        else:
            parts.append(_in_class(content[at]))
            at += 1
    return rf"[^\0{''.join(parts)}]" if negated else f"[{''.join(parts)}]"


def _in_class(char: str) -> str:
    return re.sub(r"[\^$\\.*+?()\[\]{}|/\-]", r"\\\g<0>", char)


# ---------------------------------------------------------------------------------------------- regular expressions


@dataclass(frozen=True, slots=True)
class Flavour:
    """The meaning of an engine's regular expressions where engines differ."""

    anything: str
    """The characters that `.` matches."""
    classes: dict[str, str]
    r"""Letters after a backslash, as the inside of a class: `d` is `0-9`. Those that hang on a locale are not here."""
    named: dict[str, str]
    """The names such as `[:digit:]` inside a class, each as the inside of a class."""
    similar: bool = False
    """Whether `%` and `_` stand for anything, and `.`, `^`, `$` for themselves."""
    escapes_in_class: bool = True
    """Whether a backslash escapes inside a class."""


def from_regex(pattern: str, flavour: Flavour, *, whole: bool) -> str:
    """The texts that a regular expression matches: all of a text, or (when not `whole`) some part of it."""
    reader = _Reader(pattern, flavour)
    branches = reader.branches()
    if reader.at < len(pattern):
        raise NotCarriedOver
    if whole:
        return _alternatives(branches)
    if len(branches) > 1:
        return contains(_alternatives(branches))
    pieces = branches[0]
    begun, ended = pieces[:1] == ["^"], pieces[-1:] == ["$"]
    inner = "".join(pieces[begun : len(pieces) - ended])
    return f"{'' if begun else ANYTHING}{inner}{'' if ended else ANYTHING}"


def _alternatives(branches: list[list[str]]) -> str:
    return "|".join("".join(pieces) for pieces in branches)


_COUNT = re.compile(r"\{(\d{1,3})(,(\d{0,3}))?\}")
_CLASS_NAME = re.compile(r"\[:(\w+):\]")


class _Reader:
    """Reads one regular expression and writes it anew. Raises NotCarriedOver where its meaning varies."""

    def __init__(self, pattern: str, flavour: Flavour) -> None:
        self.pattern = pattern
        self.flavour = flavour
        self.at = 0

    def _next(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def branches(self) -> list[list[str]]:
        """The branches between the bars, each by its pieces."""
        branches = [self._branch()]
        while self._next() == "|":
            self.at += 1
            branches.append(self._branch())
        if len(branches) > 1 and not all(branches):
            raise NotCarriedOver
        return branches

    def _branch(self) -> list[str]:
        pieces: list[str] = []
        while (char := self._next()) and char not in "|)":
            piece = self._piece(char)
            count = self._count()
            if count and piece in {"^", "$", ANYTHING}:
                raise NotCarriedOver
            pieces.append(f"{piece}{count}")
        return pieces

    def _piece(self, char: str) -> str:
        self.at += 1
        similar = self.flavour.similar
        if char in "*+?{":
            raise NotCarriedOver
        if char == "(":
            return self._group()
        if char == "[":
            return self._class()
        if char == "\\":
            return self._escape()
        if similar and char in "%_":
            return "[^]*" if char == "%" else "[^]"
        if not similar and char == ".":
            return self.flavour.anything
        if not similar and char in "^$":
            return char
        return quoted_text(char)

    def _count(self) -> str:
        char = self._next()
        if char and char in "*+?":
            self.at += 1
            count = char
        elif repeat := _COUNT.match(self.pattern, self.at):
            self.at = repeat.end()
            low, high = int(repeat[1]), repeat[3]
            if low > 255 or (high and (int(high) > 255 or int(high) < low)):
                raise NotCarriedOver
            count = repeat[0]
        else:
            return ""
        if self._next() == "?" and not self.flavour.similar:
            self.at += 1  # how much is taken first does not change what matches
        if self._next() in {"*", "+", "?"} or _COUNT.match(self.pattern, self.at):
            raise NotCarriedOver
        return count

    def _group(self) -> str:
        if self._next() == "?":
            if not self.pattern.startswith("?:", self.at) or self.flavour.similar:
                raise NotCarriedOver
            self.at += 2
        inner = _alternatives(self.branches())
        if self._next() != ")" or not inner:
            raise NotCarriedOver
        self.at += 1
        return f"(?:{inner})"

    def _escape(self) -> str:
        char = self._next()
        self.at += 1
        if char in self.flavour.classes:
            return f"[{self.flavour.classes[char]}]"
        if not char or char.isalnum() or not char.isascii():
            raise NotCarriedOver
        return quoted_text(char)

    def _class(self) -> str:
        negated = self._next() == "^"
        self.at += negated
        parts: list[str] = []
        first = True
        while True:
            char = self._next()
            if not char:
                raise NotCarriedOver
            if char == "]" and not first:
                self.at += 1
                return f"[{'^' * negated}{''.join(parts)}]"
            if (named := _CLASS_NAME.match(self.pattern, self.at)) is not None:
                if named[1] not in self.flavour.named:
                    raise NotCarriedOver
                parts.append(self.flavour.named[named[1]])
                self.at = named.end()
            else:
                parts.append(self._in_class())
            first = False

    def _in_class(self) -> str:
        low = self._class_character()
        if len(low) > 1:
            return low
        if self._next() != "-" or self.pattern[self.at + 1 : self.at + 2] in {"]", ""}:
            return _in_class(low)
        self.at += 1
        high = self._class_character()
        if len(high) > 1 or low > high:
            raise NotCarriedOver
        return f"{_in_class(low)}-{_in_class(high)}"

    def _class_character(self) -> str:
        """One character inside a class; or the inside of a class, longer than one."""
        char = self._next()
        self.at += 1
        if char == "[" and self._next() in {".", "=", ":"}:
            raise NotCarriedOver
        if char != "\\" or not self.flavour.escapes_in_class:
            return char
        char = self._next()
        self.at += 1
        if char in self.flavour.classes:
            return self.flavour.classes[char]
        if not char or char.isalnum():
            raise NotCarriedOver
        return char
