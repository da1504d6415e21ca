"""From the trees of contract files to `Contracts`: types every value, and checks each field in itself.

Anything wrong is added to the problems and left out, so that one run reports all of it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from ..documents.names import EntityName, FieldName
from ..documents.problem import nearest, shorten
from ..documents.yaml_events import MappingNode, SequenceNode
from . import layout
from .field_keys import acting, fits_type, read_constraints, read_stored
from .fills import read_fill
from .model import Contracts, Entity, Field, Owner, Repair, System, Unique

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..documents.problem import Problems
    from ..documents.readings import Readings
    from ..documents.shape import Keyed, ShapedRecord
    from ..documents.yaml_events import Node, ScalarNode
    from .constraint import OnViolation, Type
    from .model import Engine, Kind


def read_contracts(trees: Iterable[Node], shape: Keyed, problems: Problems, readings: Readings) -> Contracts:
    """The contracts in the trees of their files, one system a file.

    The entities of their sources stand in the trees already; `shape` is that of a contract file with the key for its
    sources (`contract_shape`).
    """
    systems: dict[str, System] = {}
    for tree in trees:
        system = readings.made(tree, problems, partial(_system, tree, shape, problems))
        if system is None:
            continue
        first = systems.setdefault(system.name, system)
        if first is not system:
            message = f"the system {shorten(system.name)} has two contracts"
            expected = f"one file a system; the first is {first.location.file}"
            problems.add(system.location, message, expected=expected, length=len(system.name))
    return Contracts(dict(sorted(systems.items())))


def _system(tree: Node, shape: Keyed, problems: Problems) -> System | None:
    record = shape.read(tree, problems)
    return None if record is None else _System(record, problems).build()


class _System:
    """Builds one system from the record of its file."""

    def __init__(self, record: ShapedRecord, problems: Problems) -> None:
        self._record = record
        self._problems = problems
        self._name = record.get(layout.SYSTEM) or ""

    def build(self) -> System | None:
        """The system; None when it has no name. Entities and fields with problems are left out."""
        record = self._record
        owner, repair = _owner(record, None), _repair(record, None)
        entities = {
            key.value: self._entity(key, inner, owner, repair) for key, inner in record.get(layout.ENTITIES) or ()
        }
        if not self._name:
            return None
        return System(
            self._name,
            record.get(layout.TITLE),
            record.get(layout.DOMAIN),
            owner,
            repair,
            record.get(layout.CUSTOMER_TEXT),
            cast("Engine | None", record.get(layout.ENGINE)),
            entities,
            record.nodes["system"][1].location,
        )

    def _entity(self, key: ScalarNode, record: ShapedRecord, owner: Owner | None, repair: Repair | None) -> Entity:
        owner, repair = _owner(record, owner), _repair(record, repair)
        fields = {}
        filled_by = record.get(layout.FILLED_BY)
        for name, inner in record.get(layout.FIELDS) or ():
            field = self._field(key.value, name, inner, owner, repair, filled_by)
            if field is not None:
                fields[name.value] = field
        self._check_key(record)
        return Entity(
            key.value,
            EntityName(self._name, key.value),
            self._name,
            cast("Kind", record.get(layout.KIND) or "table"),
            record.get(layout.TITLE),
            record.get(layout.KEY) or (),
            fields,
            owner,
            repair,
            key.location,
        )

    def _check_key(self, record: ShapedRecord) -> None:
        """The key's names are fields of the entity."""
        fields = record.nodes.get("fields", (None, None))[1]
        node = record.nodes.get("key", (None, None))[1]
        if not isinstance(fields, MappingNode) or not fields.complete or node is None or "key" in record.flawed:
            return
        known = {name.value: None for name, _ in fields.entries}
        names = record.get(layout.KEY) or ()
        places = node.items if isinstance(node, SequenceNode) else (node,)
        for name, place in zip(names, places, strict=True):
            if name not in known:
                message = f"the key names {shorten(name)}, which is no field of this entity"
                guess = nearest(name, tuple(known))
                self._problems.add(place.location, message, suggestion=guess, length=len(name))

    def _field(
        self,
        entity: str,
        key: ScalarNode,
        record: ShapedRecord,
        owner: Owner | None,
        repair: Repair | None,
        filled_by: str | None,
    ) -> Field | None:
        kind = cast("Type | None", record.get(layout.TYPE))
        if kind is None:
            return None
        required = record.get(layout.REQUIRED) or False
        constraints = read_constraints(record, kind, self._problems)
        return Field(
            key.value,
            FieldName(self._name, entity, key.value),
            self._name,
            entity,
            kind,
            record.get(layout.TITLE),
            constraints,
            record.get(layout.DECLARED) or (),
            self._unique(record, kind),
            self._on_violation(record, kind),
            read_stored(record, kind, self._problems),
            _owner(record, owner),
            _repair(record, repair),
            required,
            read_fill(record, kind, constraints, self._problems),
            record.get(layout.FILLED_BY) or filled_by,
            key.location,
        )

    def _unique(self, record: ShapedRecord, kind: Type) -> Unique | None:
        written = record.get(layout.UNIQUE)
        place = record.where("unique")
        match written:
            case None | False:
                return None
            case True:
                return Unique(case_sensitive=True, location=place)
        insensitive = written.get(layout.CASE) == "insensitive"
        if insensitive and kind != "text":
            message = f"a value of type {kind} has no upper and lower case"
            self._problems.add(written.where("case"), message, suggestion="unique: true", length=len("case"))
        return Unique(case_sensitive=not insensitive, location=place)

    def _on_violation(self, record: ShapedRecord, kind: Type) -> OnViolation:
        written = cast("OnViolation", record.get(layout.ON_VIOLATION) or "reject")
        needed = acting(written)
        if needed is None or any(record.has(name) for name in needed if name != "type"):
            return written
        if "type" in needed and kind == "integer":
            return written
        what = {"truncate": "length", "replace": "encoding", "round": "decimals", "clamp": "bound"}[written]
        fits = [name for name in needed if name != "type" and fits_type(name, kind)]
        why = f"no key gives the {what}" if fits else f"of type {kind} nothing can be {_ACTED[written]}"
        expected = f"one of {', '.join(fits)} beside it" if fits else "reject or accept"
        message = f"on_violation is {written}, but {why}"
        self._problems.add(record.nodes["on_violation"][1].location, message, expected=expected, length=len(written))
        return written


_ACTED = {"truncate": "cut", "replace": "replaced", "round": "rounded", "clamp": "clamped"}


def _owner(record: ShapedRecord, outer: Owner | None) -> Owner | None:
    """The record's own owner, or else the one further out."""
    written = record.get(layout.OWNER)
    team = None if written is None else written.get(layout.TEAM)
    return outer if written is None or team is None else Owner(team, written.get(layout.CONTACT))


def _repair(record: ShapedRecord, outer: Repair | None) -> Repair | None:
    """The record's own repair, or else the one further out."""
    written = record.get(layout.REPAIR)
    if written is None:
        return outer
    return Repair(written.get(layout.BY) or (), written.get(layout.TYPICALLY), written.get(layout.CHANNEL))
