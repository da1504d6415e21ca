"""HTML forms: each form is an entry, its controls are fields, their attributes the constraints that browsers enforce.

Read as the HTML Living Standard says ("Forms": value sanitization, constraint validation, form submission), of controls
that are submitted. `sent: form` is the value that a form submits, `sent: script` the one that a program reads of a control:
they differ in the line ends of a `textarea`. What a template fills in (`{{ limit }}`) is opaque.

The parser is Python's own: of those that are kept, it alone knows the line and the column of every attribute's tag.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from ..documents.location import Location
from ..documents.shape import Choice, Key
from ..documents.tree import mapping, scalar
from .forms.controls import Control, control_node
from .source import Format, format_shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..documents.problem import Problems
    from ..documents.yaml_events import MappingNode, Node, ScalarNode
    from .source import ForeignSource

_SENT = Key(
    "sent",
    Choice("form", "script"),
    "Whether a form submits the values, or a script reads them: the line ends of a textarea; form when left out.",
)
_NOT_SUBMITTED = frozenset(("submit", "reset", "button", "image", "file"))


def _read(source: ForeignSource, problems: Problems) -> MappingNode:
    entries: list[tuple[str | ScalarNode, Node]] = []
    by_script = source.get(_SENT) == "script"
    for file, text in source.files.items():
        parser = _Parser(file)
        parser.feed(text)
        parser.close()
        forms = [form for form in parser.forms if form.controls]
        if not forms:
            message = "no form with a control that is submitted stands here"
            problems.add(
                Location(file, 1, 1), message, expected="a form with an input, select or textarea that has a name"
            )
        for number, form in enumerate(forms, start=1):
            name = form.name or (_stem(file) if len(forms) == 1 else f"{_stem(file)}_{number}")
            if source.wants(name):
                key = scalar(name, form.at, form.length)
                entries.append((key, _entity(key, form, parser, by_script=by_script)))
    return mapping(entries, source.location)


def _stem(file: str) -> str:
    """`pages/signup.html.erb` is signup."""
    return posixpath.basename(file).partition(".")[0]


def _entity(key: ScalarNode, form: _Form, parser: _Parser, *, by_script: bool) -> MappingNode:
    fields: list[tuple[ScalarNode, Node]] = []
    for name, group in form.grouped():
        title = next((words for control in group if (words := parser.label_of(control))), None)
        node = control_node(group, validated=form.validated, by_script=by_script, title=title)
        fields.append((scalar(name, group[0].at, group[0].length), node))
    head: list[tuple[str | ScalarNode, Node]] = [("kind", scalar("entry", key.location))]
    return mapping([*head, ("fields", mapping(fields, key.location))], key.location)


@dataclass(slots=True)
class _Form:
    """A form, with its controls in the order of the page."""

    name: str | None
    at: Location
    length: int
    validated: bool = True
    """Whether the browser checks the values before it submits them (not `novalidate`)."""
    controls: list[Control] = field(default_factory=list)

    def grouped(self) -> Iterator[tuple[str, list[Control]]]:
        """The controls by name: radio buttons and boxes of one name are one field."""
        groups: dict[str, list[Control]] = {}
        for control in self.controls:
            groups.setdefault(control.name, []).append(control)
        yield from groups.items()


_COMMENT_END = re.compile(r"--!?\s*>")


class _Parser(HTMLParser):
    """Gathers the forms of one page."""

    def __init__(self, file: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[_Form] = []
        self._file = file
        self._open: _Form | None = None
        self._loose = _Form(None, Location(file, 1, 1), 1)
        self._by_id: dict[str, _Form] = {}
        self._elsewhere: list[tuple[str, Control]] = []
        # Controls that name the form they belong to.
        self._select: Control | None = None
        self._option: dict[str, str | None] | None = None
        self._words: list[str] = []
        self._disabled = 0
        self._fieldsets: list[bool] = []
        self._label: tuple[str | None, list[str]] | None = None
        self._last_end: tuple[int, int] | None = None
        # The length of what is left to read, and where the last comment in it ends.
        self._labels: dict[str, str] = {}
        self._wrapped: dict[int, str] = {}
        self._in_label: list[Control] = []

    def parse_comment(self, i: int, report: bool = True) -> int:  # noqa: FBT001, FBT002 - as HTMLParser has it
        """The end of a comment; where none ends any more, that is known at once, however many begin."""
        length = len(self.rawdata)
        if self._last_end is None or self._last_end[0] != length:
            ends = [found.start() for found in _COMMENT_END.finditer(self.rawdata)]
            self._last_end = length, ends[-1] if ends else -1
        return super().parse_comment(i, report) if i < self._last_end[1] else -1

    def close(self) -> None:
        """End the page: controls go to the forms that they name, and to a form of their own where the page has none."""
        super().close()
        for name, control in self._elsewhere:
            if name in self._by_id:
                self._by_id[name].controls.append(control)
        if not self.forms and self._loose.controls:
            self.forms.append(self._loose)

    def label_of(self, control: Control) -> str | None:
        """The words of the label of a control."""
        return self._wrapped.get(id(control)) or self._labels.get(control.attributes.get("id") or "") or None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(reversed(attrs))  # of an attribute that stands twice the first counts
        match tag:
            case "form":
                self._begin_form(attributes)
            case "fieldset":
                self._fieldsets.append("disabled" in attributes)
            case "label":
                self._label = attributes.get("for"), []
                self._in_label = []
            case "input" | "textarea" | "select":
                self._begin_control(tag, attributes)
            case "option" if self._select is not None:
                self._end_option()
                self._option, self._words = attributes, []
        if "formnovalidate" in attributes and self._open is not None:
            self._open.validated = False  # there is a button that submits what was not checked

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "form":
                self._open = None
            case "fieldset":
                if self._fieldsets:
                    self._fieldsets.pop()
            case "option":
                self._end_option()
            case "select":
                self._end_option()
                self._select = None
            case "label":
                self._end_label()

    def handle_data(self, data: str) -> None:
        if self._option is not None:
            self._words.append(data)
        elif self._label is not None:
            self._label[1].append(data)

    def _at(self) -> Location:
        line, offset = self.getpos()
        return Location(self._file, line, offset + 1)

    def _begin_form(self, attributes: dict[str, str | None]) -> None:
        if self._open is not None:
            return  # a form in a form is none
        name = attributes.get("id") or attributes.get("name")
        tag = self.get_starttag_text() or ""
        self._open = _Form(name, self._at(), len(tag.partition("\n")[0]), "novalidate" not in attributes)
        self.forms.append(self._open)
        if attributes.get("id"):
            self._by_id[str(attributes["id"])] = self._open

    def _begin_control(self, tag: str, attributes: dict[str, str | None]) -> None:
        kind = (attributes.get("type") or "text").strip().lower() if tag == "input" else tag
        name = attributes.get("name")
        tag_text = self.get_starttag_text() or ""
        control = Control(kind, name or "", attributes, self._at(), len(tag_text.partition("\n")[0]))
        if tag == "select":
            self._end_option()
            self._select = control
        if not name or kind in _NOT_SUBMITTED or "disabled" in attributes or any(self._fieldsets):
            return
        self._in_label.append(control)
        form = attributes.get("form")
        if form is not None:
            self._elsewhere.append((form, control))
        else:
            (self._open or self._loose).controls.append(control)

    def _end_option(self) -> None:
        if self._option is None or self._select is None:
            return
        words = " ".join("".join(self._words).split())
        if "disabled" not in self._option:
            value = self._option.get("value")
            self._select.options.append(words if value is None else value)
        self._option = None

    def _end_label(self) -> None:
        if self._label is None:
            return
        target, said = self._label
        words = " ".join("".join(said).split()).rstrip(" :*")
        if words and target:
            self._labels.setdefault(target, words)
        for control in self._in_label if words and not target else ():
            if control.kind not in {"radio", "checkbox"}:
                self._wrapped.setdefault(id(control), words)
        self._label, self._in_label = None, []


HTML_FORMAT = Format(
    format_shape("html", "Forms of HTML pages: what browsers let people enter.", _SENT),
    (".html", ".htm", ".xhtml"),
    _read,
)
"""`html: pages/signup.html`."""
