"""What contracts say once, written out as trees before a contract is read.

Types of `fieldline.yaml` (`is: email`), `defaults` of a system or an entity, lists of codes in files, several systems in
one file.

    fieldline.yaml   types: {email: {type: text, max_length: 254}}
    contract         email: {is: email, max_length: 60}       ->   email: {type: text, max_length: 60}
"""

from __future__ import annotations

import csv
from operator import is_
from typing import TYPE_CHECKING

from ..contracts import layout
from ..documents.location import Location
from ..documents.problem import nearest, shorten
from ..documents.tree import child, children, items, scalar, sequence, with_child
from ..documents.yaml_events import MappingNode, RejectedNode, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..documents.problem import Problems
    from ..documents.yaml_events import Node

_MOST_CODES = 100_000
_MOST_STEPS = 20


def systems_in(tree: Node, problems: Problems) -> list[Node]:
    """The contracts of a file: its own, or each of those under `systems`."""
    several = child(tree, layout.SEVERAL.name)
    if not isinstance(tree, MappingNode) or several is None:
        return [tree]
    for key, _ in tree.entries:
        if key.value != layout.SEVERAL.name:
            expected = "the key systems alone, and all else in its items"
            problems.add(key.location, f"{key.value} stands beside systems", expected=expected, length=key.length)
    if not isinstance(several, SequenceNode):
        problems.add(several.location, "systems is no list", expected="a list of contracts")
    return list(items(several))


class Shorthand:
    """Writes contracts out in full."""

    def __init__(self, types: Node | None, other: Callable[[str], str | None], problems: Problems) -> None:
        """`types`: what `fieldline.yaml` says under `types`; `other`: the text of a file of the estate."""
        self._types = {key.value: node for key, node in children(types)}
        self._other = other
        self._problems = problems

    def in_full(self, tree: Node) -> Node:
        """The contract without shorthand; the same tree where it has none."""
        own = child(tree, layout.DEFAULTS.name)
        entities = child(tree, layout.ENTITIES.name)
        if not isinstance(tree, MappingNode) or not isinstance(entities, MappingNode):
            return tree
        written = [(key, self._entity(node, own)) for key, node in entities.entries]
        changed = any(after is not before for (_, after), (_, before) in zip(written, entities.entries, strict=True))
        if changed:
            whole = MappingNode(tuple(written), entities.location, entities.complete)
            tree = with_child(tree, layout.ENTITIES.name, whole)
        return tree

    def _entity(self, node: Node, outer: Node | None) -> Node:
        fields = child(node, layout.FIELDS.name)
        if not isinstance(node, MappingNode) or not isinstance(fields, MappingNode):
            return node
        own = child(node, layout.DEFAULTS.name)
        defaults = _under(own, outer) if isinstance(own, MappingNode) else outer
        written = [(key, self._field(each, defaults)) for key, each in fields.entries]
        if all(after is before for (_, after), (_, before) in zip(written, fields.entries, strict=True)):
            return node
        return with_child(node, layout.FIELDS.name, MappingNode(tuple(written), fields.location, fields.complete))

    def _field(self, node: Node, defaults: Node | None) -> Node:
        if not isinstance(node, MappingNode):
            return node
        whole = self._of_type(node, 0)
        if child(whole, layout.TYPE.name) is not None:  # what a source says of a field is not for defaults to change
            whole = _under(whole, defaults)
        return self._with_codes(whole)

    def _of_type(self, node: MappingNode, steps: int) -> MappingNode:
        """The field under whose own keys those of its type stand."""
        named = child(node, layout.IS.name)
        if not isinstance(named, ScalarNode):
            return node
        found = self._types.get(named.value)
        rest = MappingNode(
            tuple(entry for entry in node.entries if entry[0].value != layout.IS.name), node.location, node.complete
        )
        if not isinstance(found, MappingNode) or steps > _MOST_STEPS:
            known = tuple(self._types)
            message = (
                f"{shorten(named.value)} is no type of fieldline.yaml"
                if found is None
                else "types that refer to themselves"
            )
            expected = f"one of {', '.join(known)}" if known else "a name that stands under types there"
            guess = nearest(named.value, known)
            self._problems.add(named.location, message, expected=expected, suggestion=guess, length=named.length)
            return MappingNode(rest.entries, rest.location, complete=False)
        return _under(rest, self._of_type(found, steps + 1))

    # ------------------------------------------------------------------------------------------------- lists of codes

    def with_tables(self, node: Node) -> Node:
        """A part of a lineage file in which each `map` with a file has the table of that file."""
        match node:
            case SequenceNode(inner):
                walked = tuple([self.with_tables(each) for each in inner])
                same = all(map(is_, walked, inner))
                return node if same else SequenceNode(walked, node.location)
            case MappingNode(entries):
                made = list(entries)
                for i, (key, value) in enumerate(entries):
                    if key.value == "map":
                        made[i] = key, self._table(value)
                    elif not isinstance(value, ScalarNode):
                        made[i] = key, self.with_tables(value)
                same = all(one[1] is other[1] for one, other in zip(made, entries, strict=True))
                return node if same else MappingNode(tuple(made), node.location, node.complete)
        return node

    def _table(self, step: Node) -> Node:
        """The options of a `map`, with the values of its file in place of the file and its columns."""
        file = child(step, "file")
        if not isinstance(step, MappingNode) or not isinstance(file, ScalarNode) or child(step, "values") is not None:
            return step
        columns = [child(step, name) for name in ("from", "to")]
        if any(column is None for column in columns):
            return step  # a problem of its shape
        old, new = (self._column(file, column) for column in columns)
        kept = [entry for entry in step.entries if entry[0].value not in {"file", "from", "to"}]
        if old is None or new is None:
            return MappingNode(tuple(kept), step.location, complete=False)
        table: dict[str, tuple[ScalarNode, Node]] = {}
        for (value, place), (image, _) in zip(old, new, strict=True):
            known = table.get(value)
            if known is not None and known[1] != scalar(image, known[1].location):
                message = f"{file.value} has two replacements of {shorten(value)}"
                self._problems.add(place, message, expected="each text once")
            elif value:
                table.setdefault(value, (scalar(value, place), scalar(image, place)))
        values = MappingNode(tuple(table.values()), file.location)
        return MappingNode((*kept, (scalar("values", file.location), values)), step.location, step.complete)

    def _column(self, file: ScalarNode, column: Node | None) -> list[tuple[str, Location]] | None:
        """The values of a column of a CSV file, each with its place; None after a problem."""
        text = self._other(file.value)
        if text is None:
            self._problems.add(
                file.location, f"there is no file {shorten(file.value)}", expected="a file of the estate"
            )
            return None
        rows = list(csv.reader(text.splitlines()))
        names = rows[0] if rows else []
        if not isinstance(column, ScalarNode) or column.value not in names:
            named = column.value if isinstance(column, ScalarNode) else ""
            guess = nearest(named, tuple(names))
            place = file.location if column is None else column.location
            self._problems.add(place, f"{file.value} has no column {shorten(named)}", suggestion=guess)
            return None
        if self._is_too_long(file, len(rows) - 1):
            return None
        at = names.index(column.value)
        return [
            (row[at].strip() if at < len(row) else "", Location(file.value, number, 1))
            for number, row in enumerate(rows[1:], start=2)
        ]

    def _is_too_long(self, file: ScalarNode, count: int) -> bool:
        if count > _MOST_CODES:
            self._problems.add(file.location, f"{shorten(file.value)} holds more than {_MOST_CODES:,} codes")
        return count > _MOST_CODES

    def _with_codes(self, node: MappingNode) -> MappingNode:
        for key in (layout.ONE_OF, layout.NOT_ONE_OF):
            value = child(node, key.name)
            file = child(value, layout.CODE_FILE.name)
            if isinstance(value, MappingNode) and isinstance(file, ScalarNode):
                codes = self._codes(file, child(value, layout.CODE_COLUMN.name))
                rest = [each for each in value.entries if each[0].value not in _OF_FILES]
                listed: Node = codes
                if rest:
                    listed = MappingNode(
                        (*rest, (scalar("values", file.location), codes)), value.location, value.complete
                    )
                node = with_child(node, key.name, listed)
        return node

    def _codes(self, file: ScalarNode, column: Node | None) -> Node:
        """The codes of a file: of a column of a CSV file, or one a line."""
        text = self._other(file.value)
        if text is None:
            self._problems.add(
                file.location, f"there is no file {shorten(file.value)}", expected="a file of the estate"
            )
            return RejectedNode(file.location)
        rows = (
            list(csv.reader(text.splitlines()))
            if file.value.lower().endswith(".csv")
            else [[line] for line in text.splitlines()]
        )
        at, first = 0, 0
        if isinstance(column, ScalarNode):
            names = rows[0] if rows else []
            if column.value not in names:
                guess = nearest(column.value, tuple(names))
                message = f"{file.value} has no column {shorten(column.value)}"
                self._problems.add(column.location, message, suggestion=guess, length=column.length)
                return RejectedNode(file.location)
            at, first = names.index(column.value), 1
        codes: dict[str, Node] = {}
        for number, row in enumerate(rows[first:], start=first + 1):
            value = row[at].strip() if at < len(row) else ""
            if value:
                codes.setdefault(value, scalar(value, Location(file.value, number, 1)))
        if self._is_too_long(file, len(codes)):
            return RejectedNode(file.location)
        if not codes:
            self._problems.add(
                file.location, f"{shorten(file.value)} holds no code", expected="one code a line, or a column of codes"
            )
            return RejectedNode(file.location)
        return sequence(codes.values(), file.location)


_OF_FILES = frozenset((layout.CODE_FILE.name, layout.CODE_COLUMN.name))


def _under(node: MappingNode, defaults: Node | None) -> MappingNode:
    """A mapping with the keys of another one under its own."""
    written = {key.value for key, _ in node.entries}
    more = tuple(entry for entry in children(defaults) if entry[0].value not in written)
    return MappingNode((*node.entries, *more), node.location, node.complete) if more else node
