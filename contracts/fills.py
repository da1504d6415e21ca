"""What a system fills in a field itself: from the keys `default`, `generated` and `identity` to a `Fill`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from ..documents.problem import Problems, shorten
from . import layout
from .field_keys import read_constraints, value_of
from .model import Fill

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..documents.location import Location
    from ..documents.shape import ShapedRecord
    from ..documents.yaml_events import MappingNode, ScalarNode
    from ..values.valueset import Value
    from .constraint import Constraint, Type
    from .model import IdentityKind

_NUMBERED: tuple[Type, ...] = ("integer", "decimal")


def read_fill(
    record: ShapedRecord, of_type: Type, constraints: Iterable[Constraint], problems: Problems
) -> Fill | None:
    """What the system puts into a field that no flow writes; None: nothing, or after a problem."""
    written = [key for key in (layout.DEFAULT, layout.GENERATED, layout.IDENTITY_KEY) if record.has(key.name)]
    for key in written[1:]:
        message = f'the key "{key.name}" cannot stand beside "{written[0].name}"'
        expected = "one way in which the system fills the field"
        problems.add(record.where(key.name), message, expected=expected, length=len(key.name))
    default, generated = record.get(layout.DEFAULT), record.get(layout.GENERATED)
    identity = cast("IdentityKind | None", record.get(layout.IDENTITY_KEY))
    if default is not None:
        return _default(default, of_type, constraints, record.where(layout.DEFAULT.name), problems)
    if generated is not None:
        expression = None if generated == "true" else generated
        return Fill("generated", None, expression, "rejected", record.where(layout.GENERATED.name))
    if identity is None:
        return None
    place = record.where(layout.IDENTITY_KEY.name)
    if of_type not in _NUMBERED:
        message = f"identity does not apply to a field of type {of_type}"
        problems.add(place, message, expected=f"type: {' or '.join(_NUMBERED)}", length=len(layout.IDENTITY_KEY.name))
    return Fill("identity", None, None, "rejected" if identity == "always" else "accepted", place)


def _default(
    written: ShapedRecord, of_type: Type, constraints: Iterable[Constraint], at: Location, problems: Problems
) -> Fill | None:
    node = written.get(layout.DEFAULT_VALUE)
    rejected = written.get(layout.DEFAULT_REJECTED)
    if rejected is not None:
        unread = Problems()
        value = value_of(rejected, of_type, unread)
        return Fill("default", rejected.value if unread else value, None, "accepted", at)
    if node is None:
        return Fill("default", None, written.get(layout.DEFAULT_EXPRESSION), "accepted", at)
    before = len(problems)
    value = value_of(node, of_type, problems)
    if len(problems) > before:
        return None
    broken = _broken(value, constraints)
    if broken is not None:
        message = f"the default {shorten(node.value)} does not meet {broken.name} ({broken.sentence})"
        problems.add(node.location, message, expected="a value that the field accepts", length=node.length)
    return Fill("default", value, None, "accepted", at)


def _broken(value: Value, constraints: Iterable[Constraint]) -> Constraint | None:
    return next((constraint for constraint in constraints if value not in constraint.accepts), None)


def holds_default(field: MappingNode, value: ScalarNode) -> bool:
    """Whether a field of a contract, as its node states it, accepts a value as its default; no bound counts from today."""
    problems = Problems()
    record = layout.FIELD.read(field, problems)
    kind = None if record is None else cast("Type | None", record.get(layout.TYPE))
    if record is None or kind is None:
        return False
    read = value_of(value, kind, problems)
    return not problems and _broken(read, read_constraints(record, kind, problems, date.min)) is None
