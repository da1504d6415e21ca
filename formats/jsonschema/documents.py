"""The files of a source that are written in JSON or YAML, and the targets of `$ref` in them.

Nothing is ever fetched: a reference leads into the same file or into another file of the estate (RFC 6901 pointers,
`$anchor`, the address that a schema gives itself), or it is foreign and its schema is not known.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import unquote

from ...documents.json_text import read_json
from ...documents.problem import nearest, shorten
from ...documents.tree import child, children, items, text
from ...documents.yaml_events import MappingNode, ScalarNode, SequenceNode, read
from .addresses import Addresses

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...documents.problem import Problems
    from ...documents.yaml_events import Node
    from ..source import ForeignSource

MOST_HOPS = 32
"""References that lead to references; more go round."""

_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


def read_document(text: str, file: str, problems: Problems) -> Node | None:
    """The tree of a JSON or YAML text, by the ending of its file's name; None after a problem."""
    return (
        read_json(text, file, problems) if file.lower().endswith(".json") else read(text, file, problems, aliases=True)
    )


def kind(node: Node) -> str:
    """The type that a JSON reader gives a value; for YAML by its core schema (YAML 1.2.2, chapter 10.3.2)."""
    match node:
        case ScalarNode(_, False):
            return "text"
        case ScalarNode("null" | "Null" | "NULL" | "~" | ""):
            return "null"
        case ScalarNode("true" | "false"):
            return "boolean"
        case ScalarNode(value):
            return "number" if re.fullmatch(r"[-+]?\.?[0-9][0-9_.eExX+-]*", value) else "text"
    return "structured"


def json_value(node: Node) -> Any:  # noqa: ANN401 - whatever JSON holds
    """The tree as `json.loads` would give it, to be judged by a JSON Schema. Numbers that are none there stay texts."""
    match node:
        case MappingNode(entries):
            return {key.value: json_value(value) for key, value in entries}
        case SequenceNode(inner):
            return [json_value(item) for item in inner]
        case ScalarNode(value):
            match kind(node):
                case "null":
                    return None
                case "boolean":
                    return value == "true"
                case "number":
                    return _number(value)
            return value
    return None


def _number(written: str) -> int | float | str:
    for read_as in (int, float):
        try:
            return read_as(written)
        except ValueError:
            continue
    return written


_Named: TypeAlias = "dict[int, tuple[Node, dict[str, Node]]]"


class Documents:
    """The files of one source."""

    def __init__(self, source: ForeignSource, problems: Problems) -> None:
        self._source = source
        self._problems = problems
        self._trees: dict[str, Node | None] = {}
        self._followed: dict[ScalarNode, Node | None] = {}
        self._addresses = Addresses()
        # By the identity of a node, which is kept: what stands in it under a name, or has an anchor.
        self._entries: _Named = {}
        self._anchors: _Named = {}
        self._is_read = False  # every file of the source, for the addresses in it

    def roots(self) -> list[tuple[str, Node]]:
        """The trees of the files the contract names, by their names; those that cannot be read are left out."""
        trees = [(name, self._tree(name)) for name in self._source.files]
        return [(name, tree) for name, tree in trees if tree is not None]

    def at(self, pointer: str, file: str) -> Node | None:
        """The target of a pointer such as `#/$defs/person` in a file of the source; None where there is none."""
        tree = self._tree(file)
        return None if tree is None else self._pointed(tree, unquote(pointer.removeprefix("#")))

    def follow(self, ref: ScalarNode) -> Node | None:
        """The final target of a `$ref`; None where that is not read (then it is a problem, or lies elsewhere)."""
        if ref not in self._followed:
            self._followed[ref] = self._follow(ref)
        return self._followed[ref]

    def is_elsewhere(self, ref: ScalarNode) -> bool:
        """Whether a `$ref` leads to a place that is never looked at: another machine, or a name for such a place."""
        return _ELSEWHERE.match(ref.value) is not None and self._addressed(ref) is None

    def _follow(self, ref: ScalarNode) -> Node | None:
        here: Node | None = ref
        step = ref
        for _ in range(MOST_HOPS):
            if self.is_elsewhere(step):
                return None
            here = self._target(step)
            following = child(here, "$ref")
            if not isinstance(following, ScalarNode) or len(children(here)) > 1:
                return here
            step = following
        message = f"the reference {shorten(ref.value)} goes round and leads nowhere"
        self._problems.add(ref.location, message, length=ref.length)
        return None

    def _addressed(self, ref: ScalarNode) -> Node | None:
        """The target of a reference to a schema by the address that it gives itself; None where there is none."""
        if not self._is_read:
            self._is_read = True
            self.roots()
        self._tree(ref.location.file)
        address, fragment = self._addresses.meant(ref)
        name = unquote(address.rpartition("/")[2])
        if self._addresses.schema(ref) is None and name and "/" not in name and not address.startswith("file:"):
            self._tree(posixpath.join(posixpath.dirname(ref.location.file), name))  # it may be what has the address
        schema = self._addresses.schema(ref)
        return None if schema is None else self._pointed(schema, unquote(fragment))

    def _target(self, ref: ScalarNode) -> Node | None:
        addressed = self._addressed(ref)
        if addressed is not None:
            return addressed
        path, _, fragment = ref.value.partition("#")
        file = ref.location.file
        if path:
            file = posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(path)))
        tree = self._tree(file)
        target = None if tree is None else self._pointed(tree, unquote(fragment))
        if target is None and not (tree is None and file in self._trees and self._exists(file)):
            what = (
                f"nothing stands at {shorten(f'#{fragment}')} in {file}"
                if tree is not None
                else "there is no such file"
            )
            names = tuple(key.value for key, _ in children(self._pointed(tree, unquote(fragment).rpartition("/")[0])))
            guess = nearest(_name(fragment), names) if names else None
            hint = None if guess is None else f"{ref.value.removesuffix(_name(fragment))}{guess}"
            message = f"the reference {shorten(ref.value)} leads nowhere: {what}"
            expected = "a place in this file, or in another file of the estate"
            self._problems.add(ref.location, message, expected=expected, suggestion=hint, length=ref.length)
        return target

    def _exists(self, file: str) -> bool:
        return file in self._source.files or self._source.other(file) is not None

    def _tree(self, file: str) -> Node | None:
        if file not in self._trees:
            written = self._source.files.get(file)
            if written is None:
                written = self._source.other(file)
            tree = None if written is None else read_document(written, file, self._problems)
            self._trees[file] = tree
            if tree is not None:
                self._addresses.add(file, tree)
        return self._trees[file]

    def _pointed(self, tree: Node | None, pointer: str) -> Node | None:
        """RFC 6901; a fragment that does not begin with `/` is an anchor."""
        if tree is None or not pointer:
            return tree
        if not pointer.startswith("/"):
            return self._named(self._anchors, tree, _anchors_in).get(pointer)
        here: Node | None = tree
        for part in pointer.split("/")[1:]:
            name = part.replace("~1", "/").replace("~0", "~")
            if isinstance(here, SequenceNode):
                here = here.items[int(name)] if name.isdecimal() and int(name) < len(here.items) else None
            else:
                here = None if here is None else self._named(self._entries, here, _entries_of).get(name)
        return here

    @staticmethod
    def _named(known: _Named, node: Node, read: Callable[[Node], dict[str, Node]]) -> dict[str, Node]:
        """What is named in a node: read once, for thousands of references lead into one."""
        if id(node) not in known:
            known[id(node)] = node, read(node)
        return known[id(node)][1]


def _name(fragment: str) -> str:
    return fragment.rpartition("/")[2]


def _entries_of(node: Node) -> dict[str, Node]:
    return {key.value: value for key, value in reversed(children(node))}  # the first of a name counts


def _anchors_in(tree: Node) -> dict[str, Node]:
    """By name, what an anchor is at; to draft 7 one was written as `$id: "#name"`, and in draft 4 as `id`."""
    found: dict[str, Node] = {}
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        for word in ("$anchor", "$dynamicAnchor"):
            found.setdefault(text(child(node, word)) or "", node)
        for word in ("$id", "id"):
            own = text(child(node, word)) or ""
            if own.startswith("#"):
                found.setdefault(own[1:], node)
        waiting += items(node)
        waiting += (value for _, value in children(node))
    found.pop("", None)
    return found
