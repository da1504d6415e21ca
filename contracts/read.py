"""From the trees of contract files to `Contracts`: types every value, and checks each field in itself.

Anything wrong is added to the problems and left out, so that one run reports all of it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias, cast

from ..documents.names import EntityName, FieldName
from ..documents.problem import nearest, shorten
from ..documents.shape import ShapedRecord
from ..documents.yaml_events import MappingNode, ScalarNode, SequenceNode
from ..values.solve.minimal import forms_together
from . import layout
from .answering import Answering, read_answering
from .constraint import Constraint, FieldsCheck, Matches, NotNull, OpaqueRule, RequiredWhen
from .field_keys import acting, fits_type, read_constraints, read_stored, usual_action
from .fills import read_fill
from .model import Contracts, Entity, Field, System, Unique
from .store_keys import SAME, SAME_AS, read_changed, read_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from ..documents.location import Location
    from ..documents.problem import Problems
    from ..documents.readings import Readings
    from ..documents.shape import Keyed
    from ..documents.yaml_events import Node
    from .constraint import OnViolation, RecordCondition, Restriction, Type
    from .model import Compared, Kind, KnownEngine

_FEW_PATTERNS = 8
"""Patterns of one contract that may each take all the work of a pattern, when somebody asks."""

ReadCondition: TypeAlias = "Callable[[ScalarNode, EntityName, Mapping[str, Field], Problems], RecordCondition | None]"
"""Reads a condition over the fields of an entity, which are given by their own names; None after a problem."""


def read_contracts(
    trees: Iterable[Node],
    shape: Keyed,
    problems: Problems,
    readings: Readings,
    read_condition: ReadCondition | None = None,
) -> Contracts:
    """The contracts in the trees of their files, one system a file.

    The entities of their sources stand in the trees already; `shape` is that of a contract file with the key for its
    sources (`contract_shape`). `read_condition` reads the conditions of `required`; without it they are rules in words.
    """
    systems: dict[str, System] = {}
    for tree in trees:
        system = readings.made(tree, problems, partial(_system, tree, shape, problems, readings.today, read_condition))
        if system is None:
            continue
        first = systems.setdefault(system.name, system)
        if first is not system:
            message = f"the system {shorten(system.name)} has two contracts"
            expected = f"one file a system; the first is {first.location.file}"
            problems.add(system.location, message, expected=expected, length=len(system.name))
    return Contracts(dict(sorted(systems.items())))


def _system(
    tree: Node, shape: Keyed, problems: Problems, today: date, read_condition: ReadCondition | None
) -> System | None:
    record = shape.read(tree, problems)
    system = None if record is None else _System(record, problems, today, read_condition).build()
    if system is not None:
        _form_patterns(system)
    return system


def _form_patterns(system: System) -> None:
    """Make the automata of many patterns here, where they share an amount of work; whoever asks finds them."""
    constraints = [
        constraint
        for entity in system.entities.values()
        for field in entity.fields.values()
        for constraint in field.constraints
        if isinstance(constraint.restriction, Matches)
    ]
    if len({constraint.restriction for constraint in constraints}) > _FEW_PATTERNS:
        with forms_together():
            for constraint in constraints:
                _ = constraint.accepts


class _System:
    """Builds one system from the record of its file."""

    def __init__(
        self, record: ShapedRecord, problems: Problems, today: date, read_condition: ReadCondition | None
    ) -> None:
        self._record = record
        self._today = today
        self._read_condition = read_condition
        self._problems = problems
        self._name = record.get(layout.SYSTEM) or ""
        entities = [inner for _, inner in record.get(layout.ENTITIES) or ()]
        self._names = {name.value for inner in entities for name, _ in inner.get(layout.FIELDS) or ()}

    def build(self) -> System | None:
        """The system; None when it has no name. Entities and fields with problems are left out."""
        record = self._record
        answer = read_answering(record, Answering(), self._names, self._problems)
        entities = {key.value: self._entity(key, inner, answer) for key, inner in record.get(layout.ENTITIES) or ()}
        if not self._name:
            return None
        return System(
            self._name,
            record.get(layout.TITLE),
            record.get(layout.DOMAIN),
            answer.owner,
            answer.repair,
            answer.impact,
            record.get(layout.CUSTOMER_TEXT),
            cast("KnownEngine | None", record.get(layout.ENGINE)),
            record.get(layout.COLLATION),
            entities,
            record.nodes["system"][1].location,
            external=record.get(layout.EXTERNAL) is True,
        )

    def _entity(self, key: ScalarNode, record: ShapedRecord, outer: Answering) -> Entity:
        answer = read_answering(record, outer, self._names, self._problems)
        fields = {}
        names = record.get(layout.KEY) or ()
        filled_by = record.get(layout.FILLED_BY)
        for name, inner in record.get(layout.FIELDS) or ():
            silent = not inner.has("required") and not inner.has("identity")  # null may become the next number
            implied = record.where("key") if name.value in names and silent else None
            field = self._field(key.value, name, inner, answer, filled_by, implied)
            if field is not None:
                fields[name.value] = field
        for name, inner in record.get(layout.FIELDS) or ():
            if name.value in fields:
                fields[name.value] = self._conditional(fields[name.value], inner, fields)
        self._add_checks(record, EntityName(self._name, key.value), fields)
        self._check_names(record, "key", names, record.nodes.get("key", (None, None))[1])
        return Entity(
            key.value,
            EntityName(self._name, key.value),
            self._name,
            cast("Kind", record.get(layout.KIND) or "table"),
            record.get(layout.TITLE),
            names,
            self._demands(record, fields),
            fields,
            read_store(record, fields, self._problems),
            read_changed(record, fields, self._problems),
            answer.owner,
            answer.repair,
            answer.impact,
            key.location,
        )

    def _conditional(self, field: Field, record: ShapedRecord, fields: Mapping[str, Field]) -> Field:
        """The field with the condition under which it is required, where there is one."""
        written = record.get(layout.REQUIRED)
        if not isinstance(written, ShapedRecord) or not written.has(layout.WHEN.name):
            return field
        node = written.nodes[layout.WHEN.name][1]
        if not isinstance(node, ScalarNode):
            return field
        restriction: Restriction
        if self._read_condition is None:
            restriction = OpaqueRule(f"required when {node.value}")
        else:
            condition = self._read_condition(node, field.full_name.entity_name, fields, self._problems)
            if condition is not None and condition.compares_fields:
                expected = "comparisons of a field with values; check, for a rule between fields"
                message = "required cannot depend on two fields compared with each other"
                self._problems.add(node.location, message, expected=expected)
            if condition is None or condition.compares_fields:
                return field
            restriction = RequiredWhen(condition)
        usual = cast("OnViolation", record.get(layout.ON_VIOLATION) or "reject")
        action = usual_action(usual, layout.REQUIRED.name, restriction)
        constraint = Constraint(layout.REQUIRED.name, restriction, record.where(layout.REQUIRED.name), action)
        return replace(field, constraints=(*field.constraints, constraint))

    def _add_checks(self, record: ShapedRecord, entity: EntityName, fields: dict[str, Field]) -> None:
        """Put the rules between fields into `fields`: each is a constraint of the last field that it names."""
        for written in record.get(layout.CHECK) or ():
            node = written.nodes.get(layout.CHECK_RULE.name, (None, None))[1]
            if not isinstance(node, ScalarNode) or not written.sound:
                continue
            if self._read_condition is None:
                restrictions: dict[str, Restriction] = dict.fromkeys(fields, OpaqueRule(f"check {node.value}"))
            else:
                condition = self._read_condition(node, entity, fields, self._problems)
                if condition is None:
                    continue
                named = [name.field for name in condition.fields]
                if not condition.is_deniable or not named:
                    message = "this rule is false in too many ways" if named else "this rule names no field"
                    expected = "several shorter rules" if named else "a condition over fields"
                    self._problems.add(node.location, message, expected=expected)
                    continue
                check = FieldsCheck(condition, written.get(layout.CHECK_NAME), written.get(layout.CHECK_MESSAGE))
                restrictions = {max(named, key=list(fields).index): check}
            for name, restriction in restrictions.items():
                constraint = Constraint(layout.CHECK.name, restriction, node.location)
                fields[name] = replace(fields[name], constraints=(*fields[name].constraints, constraint))

    def _check_names(self, record: ShapedRecord, word: str, names: tuple[str, ...], node: Node | None) -> None:
        """The names under `key`, or in an item of `unique`, are fields of the entity."""
        fields = record.nodes.get("fields", (None, None))[1]
        if not isinstance(fields, MappingNode) or not fields.complete or node is None or word in record.flawed:
            return
        known = {name.value: None for name, _ in fields.entries}
        places = node.items if isinstance(node, SequenceNode) else (node,)
        if len(names) < len(places):
            return  # one of them could not be read, which is a problem already
        for name, place in zip(names, places, strict=True):
            if name not in known:
                message = (
                    f"{'the key' if word == 'key' else word} names {shorten(name)}, which is no field of this entity"
                )
                guess = nearest(name, tuple(known))
                self._problems.add(place.location, message, suggestion=guess, length=len(name))

    def _demands(self, record: ShapedRecord, fields: Mapping[str, Field]) -> tuple[Unique, ...]:
        """The demands of the key, of single fields, and of fields together; each set of fields once.

        A key that is also unique is compared as `unique` says, and identifies records all the same.
        """
        key = record.get(layout.KEY) or ()
        updates = record.get(layout.ON_DUPLICATE) != "reject"
        if not key and record.has("on_duplicate"):
            message = "on_duplicate says what happens to a record whose key exists, and there is no key"
            self._problems.add(record.where("on_duplicate"), message, length=len("on_duplicate"))
        demands = [field.unique for field in fields.values() if field.unique is not None]
        demands += self._together(record, fields)
        identifying = next((demand for demand in demands if set(demand.fields) == set(key)), None)
        if identifying is not None:
            demands = [replace(demand, updates=updates) if demand is identifying else demand for demand in demands]
        elif key and all(name in fields for name in key):
            demands.insert(0, Unique(key, record.where("key"), is_key=True, updates=updates))
        return tuple(demands)

    def _together(self, record: ShapedRecord, fields: Mapping[str, Field]) -> Iterator[Unique]:
        node = record.nodes.get("unique", (None, None))[1]
        items = node.items if isinstance(node, SequenceNode) and "unique" not in record.flawed else ()
        for item, written in zip(items, record.get(layout.UNIQUE_TOGETHER) or (), strict=False):
            if isinstance(written, tuple):
                names, listed, demand = written, item, Unique(written, item.location)
            else:
                names, listed = written.get(layout.TOGETHER) or (), written.nodes["fields"][1]
                demand = _comparison(written, names, item.location)
            self._check_names(record, "unique", names, listed)
            if len(set(names)) < len(names):
                self._problems.add(item.location, "a field is named twice", expected="each field once")
            elif all(name in fields for name in names):
                yield demand

    def _field(
        self,
        entity: str,
        key: ScalarNode,
        record: ShapedRecord,
        outer: Answering,
        filled_by: str | None,
        keyed: Location | None,
    ) -> Field | None:
        """The field; `keyed`: where the entity's key demands a value of it, and the field does not speak of that."""
        kind = cast("Type | None", record.get(layout.TYPE))
        if kind is None:
            return None
        constraints = read_constraints(record, kind, self._problems, self._today)
        if keyed is not None:
            constraints = (*constraints, Constraint("required", NotNull(), keyed))
        answer = read_answering(record, outer, self._names, self._problems)
        return Field(
            key.value,
            FieldName(self._name, entity, key.value),
            self._name,
            entity,
            kind,
            record.get(layout.TITLE),
            constraints,
            record.get(layout.DECLARED) or (),
            self._unique(key.value, record, kind),
            self._on_violation(record, kind),
            read_stored(record, kind, self._problems),
            answer.owner,
            answer.repair,
            answer.impact,
            keyed is not None or record.get(layout.REQUIRED) is True,
            read_fill(record, kind, constraints, self._problems),
            record.get(layout.FILLED_BY) or filled_by,
            record.get(SAME),
            record.get(SAME_AS),
            record.get(layout.DOCUMENTED),
            key.location,
        )

    def _unique(self, name: str, record: ShapedRecord, kind: Type) -> Unique | None:
        written = record.get(layout.UNIQUE)
        place = record.where("unique")
        match written:
            case None | False:
                return None
            case True:
                return Unique((name,), place)
        if kind != "text":
            flawed = "case" if written.get(layout.CASE) == "insensitive" else "compared"
            if written.get(layout.CASE) == "insensitive" or written.has("compared"):
                what = "upper and lower case" if flawed == "case" else "blanks, and no case"
                message = f"a value of type {kind} has no {what}"
                self._problems.add(written.where(flawed), message, suggestion="unique: true", length=len(flawed))
        return _comparison(written, (name,), place)

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


def _comparison(written: ShapedRecord, names: tuple[str, ...], place: Location) -> Unique:
    """The demand on fields whose comparison is written out."""
    compared = written.get(layout.COMPARED) or ()
    if written.get(layout.CASE) == "insensitive":
        compared = (*compared, "lower")
    return Unique(
        names,
        place,
        cast("tuple[Compared, ...]", compared),
        one_null=written.get(layout.NULLS) == "one",
        opaque=written.get(layout.UNIQUE_OPAQUE),
        only_beyond_ascii=written.has("beyond"),
    )


_ACTED = {"truncate": "cut", "replace": "replaced", "round": "rounded", "clamp": "clamped"}
