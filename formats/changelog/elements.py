"""A change log in XML, YAML or JSON as one kind of tree: elements with attributes, and elements inside.

<column name="n" type="int"/>         column: {name: n, type: int}         both are Element("column", {…}, [])
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from ...documents.json_text import read_json
from ...documents.location import Location
from ...documents.yaml_events import MappingNode, ScalarNode, SequenceNode, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...documents.problem import Problems
    from ...documents.yaml_events import Node

_WRAPPERS = frozenset(("changes", "columns"))
"""Keys of YAML and JSON that stand around lists, and have no element in XML."""
_MOST_DEPTH = 100


@dataclass(slots=True)
class Element:
    """One element."""

    name: str
    attributes: dict[str, str]
    at: Location
    inner: list[Element] = field(default_factory=list)
    text: str = ""

    def all(self, name: str) -> Iterator[Element]:
        """The elements inside of that name."""
        return (each for each in self.inner if each.name == name)

    def first(self, name: str) -> Element | None:
        """The first of them."""
        return next(self.all(name), None)

    def get(self, *names: str) -> str | None:
        """The first of these attributes that is written, and not empty."""
        return next((value for name in names if (value := self.attributes.get(name))), None)

    def says(self, name: str) -> bool | None:
        """A truth value; None where it is not written."""
        written = self.attributes.get(name, "").strip().lower()
        return {"true": True, "false": False}.get(written)


def read_elements(text: str, file: str, problems: Problems) -> Element | None:
    """The root of a change log; None where it cannot be read, with a problem."""
    if file.lower().endswith(".xml"):
        return _read_xml(text, file, problems)
    before = len(problems)
    is_json = file.lower().endswith(".json")
    tree = read_json(text, file, problems) if is_json else read(text, file, problems, aliases=True)
    if tree is None or len(problems) > before:
        return None
    return _of_tree("changeLog", tree, 0)


class _Refused(Exception):
    """A document type with entities: it may name files, or grow without end."""


def _read_xml(text: str, file: str, problems: Problems) -> Element | None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    open_: list[Element] = []
    roots: list[Element] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        at = Location(file, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
        made = Element(
            name.rpartition(" ")[2], {key.rpartition(" ")[2]: value for key, value in attributes.items()}, at
        )
        (open_[-1].inner if open_ else roots).append(made)
        open_.append(made)

    def end(_name: str) -> None:
        open_.pop()

    def data(words: str) -> None:
        if open_:
            open_[-1].text += words

    def refuse(*_declared: object) -> None:
        raise _Refused

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler, parser.EntityDeclHandler = data, refuse
    try:
        parser.Parse(text.encode("utf-8"), True)  # noqa: FBT003 - there is no more of it
    except expat.ExpatError as error:
        at = Location(file, error.lineno, error.offset + 1)
        problems.add(at, f"this is no XML: {expat.ErrorString(error.code)}", expected="a change log of Liquibase")
        return None
    except _Refused:
        problems.add(Location(file, 1, 1), "this XML declares entities", expected="XML without entities of its own")
        return None
    return roots[0] if roots else None


def _of_tree(name: str, node: Node, depth: int) -> Element:
    """A part of YAML or JSON as an element."""
    made = Element(name, {}, node.location)
    if depth > _MOST_DEPTH:
        return made
    match node:
        case ScalarNode(value):
            made.text = value
        case SequenceNode(inner):
            for item in inner:
                _put_item(made, item, depth)
        case MappingNode(entries):
            for key, inside in entries:
                _put(made, key, inside, depth)
    return made


def _put(made: Element, key: ScalarNode, value: Node, depth: int) -> None:
    match value:
        case ScalarNode():
            made.attributes[key.value] = value.value
        case SequenceNode(inner) if key.value in _WRAPPERS:
            for item in inner:
                _put_item(made, item, depth)
        case _:
            element = _of_tree(key.value, value, depth + 1)
            element.at = key.location
            made.inner.append(element)


def _put_item(made: Element, item: Node, depth: int) -> None:
    """An item of a list: a mapping of one key is an element of that name."""
    if isinstance(item, MappingNode):
        for key, value in item.entries:
            if isinstance(value, ScalarNode) and made.name == "preConditions":
                made.attributes[key.value] = value.value  # onFail, among the conditions
            elif isinstance(value, ScalarNode):
                made.inner.append(Element(key.value, {}, key.location, text=value.value))
            else:
                element = _of_tree(key.value, value, depth + 1)
                element.at = key.location
                made.inner.append(element)
