r"""One control of a form, or several of one name, as a field.

    <input name=code maxlength=5 pattern="[A-Z]+">     {type: text, max_utf16: 5, pattern: "|(?=(?:[A-Z]+)$)[^\r\n]*"}

A pattern and a least length do not hold for the empty text, which a control sends that nobody filled in, unless it is
`required`. Lengths count UTF-16 units. HTML Living Standard, 4.10.5.1 (types of input), 4.10.5.3 (attributes), 4.10.19.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from ...documents.tree import mapping, scalar, sequence, truth
from .patterns import is_pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...documents.location import Location
    from ...documents.yaml_events import MappingNode, Node

_TEXTS = frozenset(("text", "search", "tel", "url", "email", "password"))
"""The types that maxlength, minlength and pattern apply to."""
_OTHER_TYPES = frozenset(
    (
        *("hidden", "date", "month", "week", "time", "datetime-local", "number", "range", "color", "checkbox", "radio"),
        *("textarea", "select"),
    )
)
_TEMPLATE = re.compile(r"\{\{|\{%|<%|\$\{|<\?|#\{|@\{")
_HOST = r"[a-zA-Z0-9](?:[a-zA-Z0-9\-]{0,61}[a-zA-Z0-9])?"
_EMAIL = rf"[a-zA-Z0-9.!#$%&'*+\/=?^_`{{|}}~\-]+@{_HOST}(?:\.{_HOST})*"
"""4.10.5.1.5, E-mail state: a wilful violation of RFC 5322."""
_URL = r"[a-zA-Z][a-zA-Z0-9+.\-]*:[^\r\n]*[^\s]"
_ONE_LINE = r"[^\r\n]*"
_LINES = r"(?:[^\r\n]|\r\n)*"
_BY_SCRIPT = r"[^\r]*"
_HOLD_EMPTY = frozenset((_ONE_LINE, _LINES, _BY_SCRIPT))
_BEYOND_BMP = r"[\u{10000}-\u{10FFFF}]"
_PATTERNS = {
    "month": r"\d{4,}-(?:0[1-9]|1[0-2])",
    "week": r"\d{4,}-W(?:0[1-9]|[1-4]\d|5[0-3])",
    "datetime-local": (
        r"\d{4,}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,3})?)?"
    ),
    "color": r"#[0-9a-f]{6}",
}


@dataclass(eq=False, slots=True)
class Control:
    """A control that is submitted."""

    kind: str
    """The type of an input in small letters, or `textarea`, or `select`."""
    name: str
    attributes: dict[str, str | None]
    at: Location
    length: int
    """The characters of the first line of its tag."""
    options: list[str] = field(default_factory=list)
    """The values of a select."""

    def says(self, attribute: str) -> bool:
        """Whether a truth value stands: `required`."""
        return attribute in self.attributes

    def count(self, attribute: str) -> int | None:
        """A length; None where there is none that the standard reads (4.10.19.3)."""
        written = self.attributes.get(attribute) or ""
        found = re.match(r"[\t\n\f\r ]*\+?(\d{1,9})", written)
        return int(found[1]) if found else None

    def number(self, attribute: str) -> Decimal | None:
        """A number; None where there is none that the standard reads (2.3.4.3)."""
        written = self.attributes.get(attribute) or ""
        if not re.fullmatch(r"-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d{1,3})?", written):
            return None
        try:
            return Decimal(written)
        except InvalidOperation:
            return None


def control_node(group: Sequence[Control], *, validated: bool, by_script: bool, title: str | None) -> MappingNode:
    """The field of the controls of one name; `validated`: whether the browser checks the values before it sends them."""
    control = group[0]
    made = _Made(control)
    if title:
        made.add("title", title)
    checked = validated and not control.says("readonly")
    kinds = {each.kind for each in group}
    if kinds <= {"checkbox", "radio"} or (len(group) == 1 and control.kind == "select"):
        _choice(group, made, checked=checked)
    elif len(group) > 1:
        made.add("type", "text")
        made.note(f"{len(group)} controls have the name {control.name}")
    elif control.kind == "textarea":
        _area(control, made, checked=checked, by_script=by_script)
    elif control.kind in {"number", "range"}:
        _number(control, made, checked=checked)
    elif control.kind in {"date", "time"}:
        _moment(control, made, checked=checked)
    elif control.kind in _PATTERNS:
        _spelled(control, made, checked=checked)
    elif control.kind == "hidden":
        made.add("type", "text")
    else:
        _text(control, made, checked=checked)
    for each in group:
        for name, value in each.attributes.items():
            if value is not None and name in _CONSTRAINTS and _TEMPLATE.search(value):
                made.note(f"{name}: {value}")
    return made.node()


_CONSTRAINTS = frozenset(("maxlength", "minlength", "pattern", "min", "max", "step", "type", "value", "required"))


class _Made:
    """The keys of a field, while they are gathered."""

    def __init__(self, control: Control) -> None:
        self._at = control.at
        self._length = control.length
        self._keys: dict[str, Node] = {}
        self._notes: dict[str, Node] = {}
        self._declared: list[Node] = []

    def add(self, key: str, value: str | int) -> None:
        """A key with its value."""
        self._keys[key] = scalar(value, self._at, self._length)

    def require(self) -> None:
        """The control always has a value."""
        self._keys["required"] = truth(value=True, at=self._at)

    def add_plain(self, key: str, value: str) -> None:
        """A key with a value that is no text: a number with decimals, a day."""
        node = scalar(value, self._at, self._length)
        self._keys[key] = type(node)(node.value, plain=True, location=node.location, length=node.length)

    def add_list(self, key: str, values: Sequence[str]) -> None:
        """A key with a list of texts."""
        self._keys[key] = sequence([scalar(value, self._at) for value in dict.fromkeys(values)], self._at)

    def note(self, words: str) -> None:
        """A rule that is not stated exactly."""
        self._notes[words] = scalar(words, self._at, self._length)

    def declare(self, words: str) -> None:
        """What stands there and constrains nothing."""
        self._declared.append(scalar(words, self._at, self._length))

    def node(self) -> MappingNode:
        """The field."""
        entries = list(self._keys.items())
        if self._notes:
            entries.append(("opaque", sequence(list(self._notes.values()), self._at)))
        if self._declared:
            entries.append(("declared", sequence(self._declared, self._at)))
        return mapping(entries, self._at)


def _choice(group: Sequence[Control], made: _Made, *, checked: bool) -> None:
    """Radio buttons, boxes, a list: one of the values that stand there."""
    control = group[0]
    made.add("type", "text")
    required = any(each.says("required") for each in group) and checked
    if control.kind == "select":
        values = [value for value in control.options if value or not required]
    else:
        values = [each.attributes.get("value") if each.says("value") else "on" for each in group]  # type: ignore[misc]
        values = [value or "" for value in values]
    if values and not any(_TEMPLATE.search(value) for value in values):
        made.add_list("one_of", values)
    else:
        made.note("values that a script or a template brings")
    if required or (control.kind == "select" and not control.says("multiple") and control.options):
        made.require()


def _area(control: Control, made: _Made, *, checked: bool, by_script: bool) -> None:
    """A textarea: a script reads line feeds, a form submits each as CR LF, and lengths count it once."""
    most = control.count("maxlength")
    made.add("type", "text")
    if by_script:
        line, any_text = r"[^\r]", _BY_SCRIPT
        if most is not None:
            made.add("max_utf16", most)
    else:
        line, any_text = r"(?:[^\r\n]|\r\n)", _LINES
        if most is not None:
            made.add("max_utf16", 2 * most)
            any_text = rf"(?:[^\r\n]|\r\n){{0,{most}}}"
    _finish_text(control, made, any_text, line, checked=checked)


def _text(control: Control, made: _Made, *, checked: bool) -> None:
    """A line of text: line ends are stripped before the value is sent."""
    made.add("type", "text")
    known = control.kind in _TEXTS or control.kind not in _OTHER_TYPES  # an unknown type is text
    most = control.count("maxlength") if known else None
    if most is not None:
        made.add("max_utf16", most)
    conditions = [_ONE_LINE]
    if checked and control.kind == "email":
        conditions = [rf"{_EMAIL}(?:,{_EMAIL})*" if control.says("multiple") else _EMAIL]
    elif checked and control.kind == "url":
        conditions = [_URL]
        made.note("a valid URL")
    written = control.attributes.get("pattern")
    if checked and written and not _TEMPLATE.search(written):
        if is_pattern(written):
            conditions.append(f"(?:{written})")
        else:
            made.declare(f"pattern: {written}, which is none under the flag v, so that browsers pass over it")
    whole = conditions[0]
    for condition in conditions[1:]:
        whole = f"(?={condition}$){whole}"
    _finish_text(control, made, whole, "[^\\r\\n]", checked=checked)


def _finish_text(control: Control, made: _Made, whole: str, character: str, *, checked: bool) -> None:
    """The pattern of the whole text, with the least length; the empty text is in it unless the control is required."""
    least = control.count("minlength") if checked else None
    most = control.count("maxlength")
    if least and (most is None or least <= most):
        half = -(-least // 2)  # characters beyond the basic plane count twice
        least_pattern = rf"(?:{character}{{{least},}}|(?=[\s\S]*{_BEYOND_BMP}){character}{{{half},}})"
        whole = f"(?={least_pattern}$){whole}"
    if checked and control.says("required"):
        made.require()
        made.add("min_length", 1)
        made.add("pattern", whole)
    else:
        made.add("pattern", whole if whole in _HOLD_EMPTY else f"(?:|{whole})")


def _number(control: Control, made: _Made, *, checked: bool) -> None:
    """A number; a range always has one, between its bounds."""
    is_range = control.kind == "range"
    least, most = control.number("min"), control.number("max")
    if is_range:
        least = Decimal(0) if least is None else least
        most = max(least, Decimal(100)) if most is None else most
    decimals = _decimals(control, least)
    made.add("type", "integer" if decimals == 0 and (checked or is_range) else "decimal")
    if not checked and not is_range:
        return
    if control.says("required") or is_range:
        made.require()
    if least is not None:
        made.add_plain("min", format(least, "f"))
    if most is not None:
        made.add_plain("max", format(most, "f"))
    if decimals is None and (control.attributes.get("step") or "").lower() != "any":
        made.note(f"step: {control.attributes.get('step') or 1}")
    elif decimals:
        made.add("scale", decimals)


def _decimals(control: Control, least: Decimal | None) -> int | None:
    """The decimals of the values that a step allows; None where it allows any, or only some of those."""
    written = control.attributes.get("step")
    if (written or "").lower() == "any":
        return None
    step = control.number("step")
    step = Decimal(1) if step is None or step <= 0 else step
    base = least if least is not None else (control.number("value") or Decimal(0))
    digits = -int(step.normalize().adjusted())
    is_power = step.normalize() == Decimal(1).scaleb(-digits)
    fits = (base.scaleb(digits)) % 1 == 0
    return digits if is_power and digits >= 0 and fits else None


def _moment(control: Control, made: _Made, *, checked: bool) -> None:
    """A day, or a time of day."""
    made.add("type", control.kind)
    if not checked:
        return
    if control.says("required"):
        made.require()
    form = r"\d{4}-\d\d-\d\d" if control.kind == "date" else r"\d\d:\d\d(?::\d\d)?"
    bounds = {name: value for name in ("min", "max") if re.fullmatch(form, value := control.attributes.get(name) or "")}
    if control.kind == "time" and len(bounds) == 2 and bounds["min"] > bounds["max"]:
        made.note(f"between {bounds['min']} and {bounds['max']}, over midnight")
        bounds = {}
    for name, value in bounds.items():
        made.add_plain(name, value)
    step = control.attributes.get("step")
    if control.kind == "time" and step is None:
        made.note("step: 60")
    elif step is not None and step.lower() not in {"any", "1" if control.kind == "date" else "any"}:
        made.note(f"step: {step}")


def _spelled(control: Control, made: _Made, *, checked: bool) -> None:
    """A month, a week, a day with a time, a colour: a text of one form."""
    made.add("type", "text")
    whole = _PATTERNS[control.kind]
    if control.kind == "color" or (checked and control.says("required")):
        made.require()
        made.add("pattern", whole)
    else:
        made.add("pattern", f"(?:|{whole})")
    for name in ("min", "max", "step") if checked and control.kind != "color" else ():
        if control.attributes.get(name):
            made.note(f"{name}: {control.attributes[name]}")
