"""YAML, read from the parser's events into a small tree: every scalar is still text and knows its place.

Only the plain part of YAML is read: mappings, sequences, scalars. Anchors, aliases, merge keys, tags, several
documents, doubled keys and deep nesting are problems. So nothing is typed behind the author's back (`no`, `012` and
`2024-01-01` stay what was written), nothing expands, and nothing a file holds can crash or stall the reader.

A file of another standard may have anchors, aliases and merge keys: each alias stands for the very node of its anchor, and
counts for as many values as that holds, so that what expands is rejected before it is large.

Source of the subset: YAML 1.2.2, chapter 3.1 (the serialization tree, without anchors and tags).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import yaml

from .location import Location
from .problem import shorten

if TYPE_CHECKING:
    from .problem import Problems

MOST_BYTES = 32 * 1024 * 1024
"""A larger file is rejected unread."""
MOST_NODES = 1_000_000
"""A file with more scalars, sequences and mappings is rejected; it would take a gigabyte."""
MOST_DEPTH = 64
"""Deeper nesting is rejected."""
_TOO_DEEP = f"nested more than {MOST_DEPTH} levels deep"

FAST = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader
"""libyaml where PyYAML was built with it, else PyYAML's own parser, ten times slower."""


class ScalarNode(NamedTuple):
    """A piece of text. `plain`: it stood without quotes, and not as a block."""

    value: str
    plain: bool
    location: Location
    length: int
    """So many characters of the file it takes, quotes included; 1 when it runs over several lines."""

    def place(self, offset: int) -> Location:
        """Where the value's character at `offset` stands in the file; the scalar's start where that is not known."""
        quote = 0 if self.plain else 1
        as_written = self.length == len(self.value) + 2 * quote
        return self.location.after(quote + offset) if as_written else self.location


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """A list."""

    items: tuple[Node, ...]
    location: Location


@dataclass(frozen=True, slots=True)
class MappingNode:
    """Keys with their nodes, in the order of the file. No key stands twice."""

    entries: tuple[tuple[ScalarNode, Node], ...]
    location: Location
    complete: bool = True
    """Whether every key could be read; where not, a key that seems missing may only have been rejected."""


@dataclass(frozen=True, slots=True)
class RejectedNode:
    """Stands in place of a node that is a problem already; no reader reports it again."""

    location: Location


Node: TypeAlias = ScalarNode | SequenceNode | MappingNode | RejectedNode


def read(
    source: str | bytes,
    file: str,
    problems: Problems,
    *,
    parser: Any = FAST,  # noqa: ANN401 - PyYAML gives its loaders no common type
    aliases: bool = False,
) -> Node | None:
    """The tree of one file; None when it cannot be read. Problems go to `problems`; nothing is raised.

    `aliases`: whether anchors, aliases and merge keys are read, as in a file of another standard.
    """
    text = decode(source, file, problems) if isinstance(source, bytes) else normalise(source)
    if text is None or not _is_readable(text, file, problems):
        return None
    builder = _Builder(file, problems, aliases=aliases)
    try:
        events = parser(text)
        try:
            while (event := events.get_event()) is not None:  # as yaml.parse does, which asks twice for each event
                builder.take(event)
        finally:
            events.dispose()
    except _Stop:
        return None
    except yaml.MarkedYAMLError as error:
        _broken(error, text, file, problems)
        return None
    except (yaml.YAMLError, ValueError, OverflowError):
        # PyYAML's own parser turns \U99999999 into a character unchecked.
        problems.add(builder.last, "broken YAML: an escape after this place is no Unicode character")
        return None
    if builder.root is None:
        problems.add(Location(file, 1, 1), "the file is empty", expected="a mapping")
    return builder.root


def decode(data: bytes, file: str, problems: Problems) -> str | None:
    r"""The text of a file, with line ends as `\n` and without a byte-order mark; None and a problem if not UTF-8."""
    start = Location(file, 1, 1)
    if len(data) > MOST_BYTES:
        problems.add(start, f"the file is larger than {MOST_BYTES // 1024**2} MiB", suggestion="split it")
        return None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        problems.add(start, "the file is in UTF-16", expected="UTF-8", suggestion="save it as UTF-8")
        return None
    try:
        return normalise(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        before = normalise(data[: error.start].decode("utf-8"))
        message = f"the byte 0x{data[error.start]:02X} is not UTF-8"
        problems.add(_place(before, file), message, expected="UTF-8", suggestion="save the file as UTF-8")
        return None


def normalise(text: str) -> str:
    r"""The text with line ends as `\n` and without a byte-order mark: the text that places are counted in."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


# What YAML does not allow in a stream (chapter 5.1), and what it takes for a line end but no editor does.
_UNREADABLE = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def _is_readable(text: str, file: str, problems: Problems) -> bool:
    invalid = None
    for invalid in _UNREADABLE.finditer(text):
        if problems.is_full(file):
            break
        code = ord(invalid[0])
        name = "a NUL character" if code == 0 else f"the invisible character U+{code:04X}"
        written = f"\\u{code:04x}"
        problems.add(
            _place(text[: invalid.start()], file),
            f"{name} stands in the file",
            expected="visible characters, spaces, tabs and line ends",
            suggestion=f'remove it, or write it as "{written}" in double quotes',
        )
    return invalid is None


def _place(before: str, file: str) -> Location:
    """The place that follows the text `before`."""
    return Location(file, before.count("\n") + 1, len(before) - before.rfind("\n"))


_MERGE = RejectedNode(Location("", 1, 1))
"""In place of a key: what follows is merged into the mapping."""


_new = tuple.__new__
"""Makes a named tuple of its parts, in a quarter of the time: a file holds very many."""


class _Stop(Exception):
    """Nothing after this place can be read."""


class _Frame:
    """A sequence or mapping that is still open."""

    __slots__ = ("anchor", "complete", "depth", "entries", "items", "key", "keys", "location", "merged", "size")

    def __init__(self, location: Location, anchor: str | None, *, mapping: bool) -> None:
        self.location = location
        self.anchor = anchor
        # The values inside, and the levels of them, aliases written out.
        self.size, self.depth = 1, 1
        # In a mapping: the mappings that its merge key names.
        self.merged: tuple[Node, ...] | None = None
        self.complete = True
        self.items: list[Node] = []
        self.entries: list[tuple[ScalarNode, Node]] = []
        # In a mapping: the places of the keys so far. None in a sequence.
        self.keys: dict[str, Location] | None = {} if mapping else None
        # In a mapping: the key whose value comes next; None when a key comes next.
        self.key: Node | None = None

    def close(self) -> Node:
        if self.keys is None:
            return SequenceNode(tuple(self.items), self.location)
        entries = {key.value: (key, node) for key, node in self.entries}
        for merged in self.merged or ():  # what stands here itself goes first, then what is named first
            for key, node in merged.entries if isinstance(merged, MappingNode) else ():
                entries.setdefault(key.value, (key, node))
        is_whole = all(isinstance(merged, MappingNode) and merged.complete for merged in self.merged or ())
        return MappingNode(tuple(entries.values()), self.location, self.complete and is_whole)


class _Builder:
    """Puts one document's events together. Keeps its own stack, so depth costs no recursion."""

    def __init__(self, file: str, problems: Problems, *, aliases: bool) -> None:
        self.root: Node | None = None
        self.last = Location(file, 1, 1)
        self._file = file
        self._problems = problems
        self._stack: list[_Frame] = []
        self._nodes = 0
        self._documents = 0
        # By the names of anchors: the node, its values and its levels. None: aliases are not read.
        self._anchors: dict[str, tuple[Node, int, int]] | None = {} if aliases else None

    def take(self, event: yaml.Event) -> None:
        match event:
            case yaml.ScalarEvent():
                self._put(self._scalar(event), anchor=event.anchor)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._open(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                frame = self._stack.pop()
                self._put(frame.close(), frame.size, frame.depth, anchor=frame.anchor)
            case yaml.AliasEvent():
                node, size, depth = self._alias(event)
                self._put(node, size, depth, added=size)
            case yaml.DocumentStartEvent():
                self._document(event)

    def _scalar(self, event: yaml.ScalarEvent) -> Node:
        start: Any = event.start_mark
        end: Any = event.end_mark
        value: str = event.value
        location = self.last = _new(Location, (self._file, start.line + 1, start.column + 1))
        if event.anchor is not None or event.tag is not None:
            self._reject_properties(event, location)
        if not value.isascii() and _SURROGATE.search(value):
            self._problems.add(location, "an escape in this text is half a character (a lone surrogate)")
            return RejectedNode(location)
        length = end.column - start.column if end.line == start.line else 1
        return _new(ScalarNode, (value, not event.style, location, length))

    def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        location = self.last = self._location(event)
        if event.anchor is not None or event.tag is not None:
            self._reject_properties(event, location)
        if len(self._stack) >= MOST_DEPTH:
            self._problems.add(location, _TOO_DEEP)
            raise _Stop
        self._stack.append(_Frame(location, event.anchor, mapping=isinstance(event, yaml.MappingStartEvent)))

    def _alias(self, event: yaml.AliasEvent) -> tuple[Node, int, int]:
        """What an alias stands for, with its values and its levels."""
        location = self._location(event)
        written = f"*{event.anchor}"
        if self._anchors is not None:
            if event.anchor in self._anchors:
                return self._anchors[event.anchor]
            inside = any(frame.anchor == event.anchor for frame in self._stack)
            message = f"the alias {written} " + (
                "stands inside of what it stands for"
                if inside
                else "stands for nothing: no anchor before it has the name"
            )
            self._problems.add(location, message, expected=f"&{event.anchor} before it", length=len(written))
            return RejectedNode(location), 1, 0
        self._problems.add(
            location,
            f"the alias {written} is not read",
            expected="no anchors and aliases",
            suggestion=f'write out what it stands for, or quote it: "{written}"',
            length=len(written),
        )
        return RejectedNode(location), 1, 0

    def _document(self, event: yaml.DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            message = "a second document begins here"
            self._problems.add(self._location(event), message, expected="one document a file", length=3)
            raise _Stop

    def _reject_properties(self, event: yaml.NodeEvent, location: Location) -> None:
        if event.anchor is not None and self._anchors is None:
            message = f"the anchor &{event.anchor} is not read"
            self._problems.add(location, message, expected="no anchors and aliases", length=len(event.anchor) + 1)
        tag: str | None = getattr(event, "tag", None)
        if tag is not None:
            message = f"the tag {shorten(tag)} is not read"
            self._problems.add(location, message, expected="no tags", suggestion="remove the tag")

    def _put(self, node: Node, size: int = 1, depth: int = 0, *, anchor: str | None = None, added: int = 1) -> None:
        """A node, in its place: `size` values, `depth` levels of lists and mappings; so many values are new."""
        self._nodes += added
        if self._nodes > MOST_NODES:
            message = f"the file holds more than {MOST_NODES:,} values"
            self._problems.add(node.location, message, suggestion="split it")
            raise _Stop
        if anchor is not None and self._anchors is not None:
            self._anchors[anchor] = node, size, depth
        if not self._stack:
            self.root = node
            return
        frame = self._stack[-1]
        frame.size += size
        frame.depth = max(frame.depth, depth + 1)
        if len(self._stack) + depth > MOST_DEPTH:
            self._problems.add(node.location, _TOO_DEEP)
            raise _Stop
        if frame.keys is None:
            frame.items.append(node)
        elif frame.key is None:
            frame.key = self._key(node, frame.keys)
        else:
            if isinstance(frame.key, ScalarNode):
                frame.entries.append((frame.key, node))
            elif frame.key is _MERGE:
                frame.merged = self._merged(node)
            else:
                frame.complete = False
            frame.key = None

    def _key(self, node: Node, keys: dict[str, Location]) -> Node:
        """The node as a key, or a RejectedNode after a problem was added."""
        match node:
            case ScalarNode(value, plain, location, length):
                is_merge = plain and value == "<<"
                if is_merge and self._anchors is not None and value not in keys:
                    keys[value] = location
                    return _MERGE
                if is_merge and self._anchors is None:
                    message = "the merge key << is not read"
                    self._problems.add(location, message, suggestion="write out what it merges", length=2)
                elif value in keys:
                    message = f"the key {shorten(value)} stands twice"
                    expected = f"each key once; the first stands at {keys[value]}"
                    self._problems.add(location, message, expected=expected, length=length)
                else:
                    keys[value] = location
                    return node
            case SequenceNode(_, location) | MappingNode(_, location):
                self._problems.add(location, "a list or mapping cannot be a key", expected="text as key")
            case RejectedNode():
                pass
        return RejectedNode(node.location)

    def _merged(self, node: Node) -> tuple[Node, ...]:
        """The mappings that a merge key names."""
        mappings = node.items if isinstance(node, SequenceNode) else (node,)
        for each in mappings:
            if not isinstance(each, MappingNode | RejectedNode):
                message = "the merge key << stands before something that is no mapping"
                self._problems.add(each.location, message, expected="a mapping, or a list of mappings")
        return mappings

    def _location(self, event: yaml.Event) -> Location:
        start: Any = event.start_mark
        return Location(self._file, start.line + 1, start.column + 1)


_INDENT = "indent it like the lines before"
# A part of the parser's words, ours, and what to do about it. From libyaml's scanner.c and parser.c, and from PyYAML.
_WORDS: tuple[tuple[str, str, str | None], ...] = (
    ("found unexpected end of stream", "the quote that opens here is never closed", None),
    ("found unexpected document indicator", "the quote that opens here is never closed", None),
    ("that cannot start any token", "this character cannot begin a text", "put the text in quotes"),
    ("mapping values are not allowed", "a colon stands where no key can be", "put texts that hold a colon in quotes"),
    ("mapping keys are not allowed", "a key stands where none can be", None),
    ("could not find expected ':'", "the colon after the key that begins here is missing", None),
    ("block sequence entries are not allowed", "a list cannot begin here", "begin it on a line of its own"),
    ("unknown escape character", "this backslash escape is unknown", "double the backslash, or use single quotes"),
    ("invalid Unicode character escape", "this escape is no Unicode character", None),
    ("hexadecimal number", "this escape lacks hexadecimal digits", None),
    ("hexdecimal number", "this escape lacks hexadecimal digits", None),
    ("a tab character", "a tab stands where spaces must indent", "indent with spaces"),
    ("expected ',' or ']'", "a comma or the closing ] is missing", None),
    ("expected ',' or '}'", "a comma or the closing } is missing", None),
    ("expected '-' indicator", "this does not continue the list", _INDENT),
    ("expected key", "this does not continue the mapping", _INDENT),
    ("expected <block end>", "this does not continue what stands before", _INDENT),
    ("expected alphabetic or numeric", "a name must follow * and &", "put the text in quotes"),
    ("expected <document start>", "something stands after the end of the document", None),
    ("expected '<document start>'", "something stands after the end of the document", None),
    ("did not find expected node content", "a value is missing here", None),
    ("undefined tag handle", "tags are not read", "remove the tag"),
)


def _broken(error: yaml.MarkedYAMLError, text: str, file: str, problems: Problems) -> None:
    """The parser's complaint in our words, at the place that has to be changed."""
    parser_words = error.problem or error.context or "it cannot be read"
    if "maximum nesting depth" in parser_words:  # newer versions of libyaml have a limit of their own, above ours
        problems.add(_place_of(error.problem_mark, text, file), _TOO_DEEP)
        return
    _, message, suggestion = next((words for words in _WORDS if words[0] in parser_words), ("", parser_words, None))
    begin, mark = _place_of(error.context_mark, text, file), _place_of(error.problem_mark, text, file)
    lines = text.split("\n")
    before, after = lines[mark.line - 1][: mark.column - 1], lines[mark.line - 1][mark.column - 1 :]
    if "begins here" in message or "opens here" in message:
        mark = begin
    elif "closing" in message and not after.strip() and not any(map(str.strip, lines[mark.line :])):
        message, mark = "what opens here is never closed", begin
    elif "closing" in message:
        message += f", for what opens in line {begin.line}, column {begin.column}"
    elif after.startswith("\t"):
        message, suggestion = "a tab stands where spaces must indent", "indent with spaces"
    elif before.strip() and suggestion == _INDENT:
        suggestion = None
    problems.add(mark, f"broken YAML: {message}", suggestion=suggestion)


def _place_of(mark: Any, text: str, file: str) -> Location:  # noqa: ANN401 - each parser has marks of its own
    """A mark as a place in the text: the parser also counts a line end that the file lacks."""
    if mark is None:
        return Location(file, 1, 1)
    last = text.count("\n")
    if mark.line > last:
        return Location(file, last + 1, len(text) - text.rfind("\n"))
    return Location(file, mark.line + 1, mark.column + 1)
