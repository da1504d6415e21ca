"""From the trees of contract files to `Contracts`: types every value, checks what one field says against itself.

What is wrong is added to the problems and left out, so that all of it is found in one go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from . import layout
from .constraint import (
    Constraint,
    Digits,
    Encodable,
    Length,
    Matches,
    NoneOf,
    NotNull,
    OfType,
    OneOf,
    Range,
)
from .model import Contracts, Entity, Field, Owner, Repair, System, Unique
from .problem import nearest, shorten
from .shape import BOOLEAN, DATE, DATETIME, INTEGER, NUMBER, TEXT, TIME, Record
from .values.regex import PatternError, compile_pattern
from .yaml_events import MappingNode, ScalarNode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .constraint import Demand, Dialect, Type
    from .model import Kind, OnViolation
    from .problem import Problems
    from .scalar import ScalarShape
    from .shape import Key
    from .source import Location
    from .values.valueset import Value
    from .yaml_events import Node

_VALUES: dict[Type, ScalarShape[Value]] = cast(
    "dict[Type, ScalarShape[Value]]",
    {
        "text": TEXT,
        "integer": INTEGER,
        "decimal": NUMBER,
        "boolean": BOOLEAN,
        "date": DATE,
        "time": TIME,
        "datetime": DATETIME,
    },
)
"""How a value of each type is written."""

_TEXT: tuple[Type, ...] = ("text",)
_NUMERIC: tuple[Type, ...] = ("integer", "decimal")
_ORDERED: tuple[Type, ...] = (*_NUMERIC, "date", "time", "datetime")
_FITS: dict[str, tuple[Type, ...]] = {
    **dict.fromkeys(("min_length", "max_length", "min_bytes", "max_bytes", "min_utf16", "max_utf16"), _TEXT),
    **dict.fromkeys(("encodable", "pattern"), _TEXT),
    **dict.fromkeys(("min", "max", "exclusive_min", "exclusive_max"), _ORDERED),
    "precision": _NUMERIC,
    "scale": ("decimal",),
}
"""The types a constraint can be asked of; of every type where it is not named."""


def read_contracts(trees: Iterable[Node], problems: Problems) -> Contracts:
    """The contracts in the trees of their files, one system a file."""
    systems: dict[str, System] = {}
    for tree in trees:
        record = layout.CONTRACT.read(tree, problems)
        system = None if record is None else _System(record, problems).build()
        if system is None:
            continue
        first = systems.setdefault(system.name, system)
        if first is not system:
            message = f"the system {shorten(system.name)} has two contracts"
            expected = f"one file a system; the first is {first.location.file}"
            problems.add(system.location, message, expected=expected, length=len(system.name))
    return Contracts(dict(sorted(systems.items())))


class _System:
    """Builds one system from the record of its file."""

    def __init__(self, record: Record, problems: Problems) -> None:
        self._record = record
        self._problems = problems
        self._name = record.get(layout.SYSTEM) or ""

    def build(self) -> System | None:
        """The system; None when it has no name. Entities and fields with problems are left out."""
        record = self._record
        owner, repair = _owner(record, None), _repair(record, None)
        entities = {}
        for key, inner in record.get(layout.ENTITIES) or ():
            entities[key.value] = self._entity(key, inner, owner, repair)
        if not self._name:
            return None
        return System(
            self._name,
            record.get(layout.TITLE),
            owner,
            repair,
            record.get(layout.CUSTOMER_TEXT),
            entities,
            record.nodes["system"][1].location,
        )

    def _entity(self, key: ScalarNode, record: Record, owner: Owner | None, repair: Repair | None) -> Entity:
        owner, repair = _owner(record, owner), _repair(record, repair)
        fields = {}
        for name, inner in record.get(layout.FIELDS) or ():
            field = self._field(key.value, name, inner, owner, repair)
            if field is not None:
                fields[name.value] = field
        self._check_key(record)
        return Entity(
            key.value,
            f"{self._name}.{key.value}",
            self._name,
            cast("Kind", record.get(layout.KIND) or "table"),
            record.get(layout.TITLE),
            record.get(layout.KEY) or (),
            fields,
            owner,
            repair,
            key.location,
        )

    def _check_key(self, record: Record) -> None:
        """The key's names are fields of the entity."""
        written = record.nodes.get("fields")
        if written is None or not isinstance(written[1], MappingNode):
            return
        known = tuple(name.value for name, _ in written[1].entries)
        for node in _scalars(record, "key") if record.get(layout.KEY) else ():
            if node.value not in known:
                message = f"the key names {shorten(node.value)}, which is no field of this entity"
                guess = nearest(node.value, known)
                self._problems.add(node.location, message, suggestion=guess, length=node.length)

    def _field(
        self, entity: str, key: ScalarNode, record: Record, owner: Owner | None, repair: Repair | None
    ) -> Field | None:
        kind = cast("Type | None", record.get(layout.TYPE))
        if kind is None:
            return None
        required = record.get(layout.REQUIRED) or False
        return Field(
            key.value,
            f"{self._name}.{entity}.{key.value}",
            self._name,
            entity,
            kind,
            record.get(layout.TITLE),
            tuple(_Constraints(record, kind, self._problems).build()),
            self._unique(record, kind),
            self._on_violation(record, kind),
            _owner(record, owner),
            _repair(record, repair),
            required,
            key.location,
        )

    def _unique(self, record: Record, kind: Type) -> Unique | None:
        written = record.get(layout.UNIQUE)
        place = record.where("unique")
        match written:
            case None | False:
                return None
            case True:
                return Unique(case_sensitive=True, location=place)
        insensitive = written.get(layout.CASE) == "insensitive"
        if insensitive and kind != "text":
            message = f"a {kind} has no upper and lower case"
            self._problems.add(written.where("case"), message, suggestion="unique: true", length=len("case"))
        return Unique(case_sensitive=not insensitive, location=place)

    def _on_violation(self, record: Record, kind: Type) -> OnViolation:
        written = cast("OnViolation", record.get(layout.ON_VIOLATION) or "reject")
        needed = {"truncate": ("max_length", "max_bytes", "max_utf16"), "replace": ("encodable", "max_bytes")}
        if written in needed and not any(map(record.has, needed[written])):
            why = f"a {kind} cannot be cut or replaced" if kind != "text" else "it does not say to what"
            expected = f"one of {', '.join(needed[written])} beside it" if kind == "text" else "reject or accept"
            message = f"on_violation is {written}, but {why}"
            self._problems.add(record.nodes["on_violation"][1].location, message, expected=expected, length=len(written))
        return written


class _Constraints:
    """Builds the constraints of one field, in the order of the file."""

    def __init__(self, record: Record, kind: Type, problems: Problems) -> None:
        self._record = record
        self._type = kind
        self._problems = problems

    def build(self) -> list[Constraint]:
        """Those that make sense; what does not is a problem."""
        record = self._record
        found = []
        for key in layout.CONSTRAINTS:
            if key.name not in record.values or not self._fits(key.name):
                continue
            demand = self._demand(key)
            if demand is not None:
                found.append(Constraint(key.name, demand, record.where(key.name)))
        self._check_order(found)
        position = {name: i for i, name in enumerate(record.nodes)}
        return sorted(found, key=lambda constraint: position[constraint.name])

    def _fits(self, name: str) -> bool:
        fitting = _FITS.get(name)
        if fitting is None or self._type in fitting:
            return True
        message = f"{name} cannot be asked of a {self._type}"
        expected = f"a field of type {' or '.join(fitting)}"
        self._problems.add(self._record.where(name), message, expected=expected, length=len(name))
        return False

    def _demand(self, key: Key[object]) -> Demand | None:  # noqa: C901
        record = self._record
        match key.name:
            case "type":
                return OfType(self._type)
            case "required":
                return NotNull() if record.get(layout.REQUIRED) else None
            case "min_length":
                return Length(record.get(layout.MIN_LENGTH), None, "code points")
            case "max_length":
                return Length(None, record.get(layout.MAX_LENGTH), "code points")
            case "min_utf16":
                return Length(record.get(layout.MIN_UTF16), None, "utf16")
            case "max_utf16":
                return Length(None, record.get(layout.MAX_UTF16), "utf16")
            case "min_bytes" | "max_bytes" as name:
                return self._bytes(name)
        return None
