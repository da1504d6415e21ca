"""The directory of an estate: by which fields a record is looked for, and where the keys of several systems stand together.

find: {customer number: [crm.person.customer_no, billing.customer.customer_ref], e-mail: [crm.person.email]}
xref: {entity: mdm.ids, keys: {crm.person: crm_id, billing.customer: bill_no}}
references: {loans.loan.customer_no: crm.person.customer_no}
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..documents.names import FieldName
from ..documents.problem import nearest, shorten
from ..documents.shape import FIELD_NAME, NAME, TEXT, Key, Keyed, ListOf, Named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..contracts.model import Contracts, Entity, Field
    from ..documents.location import Location
    from ..documents.names import EntityName
    from ..documents.problem import Problems
    from ..documents.shape import ShapedRecord
    from ..documents.yaml_events import ScalarNode

FIND: Key[tuple[tuple[ScalarNode, tuple[FieldName, ...]], ...]] = Key(
    "find",
    Named(ListOf(FIELD_NAME, least=1, single=True), "kind of text", key=TEXT),
    "What people look for a record by, such as an order number: the fields, by full name, that hold it.",
)
XREF_ENTITY = Key("entity", TEXT, "The entity with a field for each system's key: system.entity.", required=True)
XREF_KEYS = Key(
    "keys",
    Named(NAME, "entity", key=TEXT),
    "Entities, by full name, each with the field of that entity which holds its key.",
    required=True,
)
XREF = Key(
    "xref",
    ListOf(
        Keyed("xref", "Where the keys of one record in several systems stand together.", (XREF_ENTITY, XREF_KEYS)),
        single=True,
    ),
    "Tables that hold the keys of one record in several systems, for systems whose key no flow carries.",
)


REFERENCES = Key(
    "references",
    Named(FIELD_NAME, "field", key=TEXT),
    "Fields that hold the value of a field of another record, such as the customer of a loan: the field, and that which it "
    "refers to, by full names. Records that refer to one that somebody looks at are looked at with it.",
)


@dataclass(frozen=True, slots=True)
class FoundBy:
    """A kind of text that people look for a record by."""

    kind: str
    """Its name: "order number"."""
    fields: tuple[FieldName, ...]


@dataclass(frozen=True, slots=True)
class CrossReference:
    """An entity whose records hold the keys of one record in several systems."""

    entity: EntityName
    keys: Mapping[EntityName, str]
    """The fields of that entity, by their own names, each with the entity whose key it holds."""


@dataclass(frozen=True, slots=True)
class RecordReference:
    """A field that holds the value of a field of another record."""

    field: FieldName
    """Of the record that refers: the customer of a loan."""
    to: FieldName
    """Of the record that it refers to: the customer's number."""


@dataclass(frozen=True, slots=True)
class Directory:
    """How a record is looked for."""

    find: tuple[FoundBy, ...] = ()
    xref: tuple[CrossReference, ...] = ()
    references: tuple[RecordReference, ...] = ()


EMPTY_DIRECTORY = Directory()


def read_directory(record: ShapedRecord, contracts: Contracts, problems: Problems) -> Directory:
    """What `fieldline.yaml` says of it, held to the contracts."""
    reader = _Reader(contracts, problems)
    find = tuple(reader.found_by(kind, names) for kind, names in record.get(FIND) or ())
    tables = (reader.table(written) for written in record.get(XREF) or ())
    references = (reader.reference(field, to) for field, to in record.get(REFERENCES) or ())
    return Directory(
        find,
        tuple(table for table in tables if table is not None),
        tuple(reference for reference in references if reference is not None),
    )


class _Reader:
    def __init__(self, contracts: Contracts, problems: Problems) -> None:
        self._contracts = contracts
        self._problems = problems

    def found_by(self, kind: ScalarNode, names: tuple[FieldName, ...]) -> FoundBy:
        known = [name for name in names if self._field("find", name, kind) is not None]
        return FoundBy(kind.value, tuple(known))

    def reference(self, written: ScalarNode, to: FieldName) -> RecordReference | None:
        name = FieldName.read(written.value)
        field, other = self._field("references", name, written), self._field("references", to, written)
        if field is None or other is None:
            return None
        if field.type != other.type:
            message = f"{name} is of type {field.type}, and {to}, which it refers to, of type {other.type}"
            self._problems.add(written.location, message, expected="two fields of one type", length=written.length)
            return None
        return RecordReference(name, to)

    def _field(self, key: str, name: FieldName, where: ScalarNode) -> Field | None:
        field = self._contracts.field(name)
        if field is None:
            guess = self._contracts.suggest(name)
            self._problems.add(
                where.location,
                f"{key} names {shorten(str(name))}, which is a field of no contract",
                expected="full names: system.entity.field",
                suggestion=None if guess is None else str(guess),
                length=where.length,
            )
        return field

    def table(self, written: ShapedRecord) -> CrossReference | None:
        name = written.get(XREF_ENTITY)
        entity = None if name is None else self._entity(name, written.nodes[XREF_ENTITY.name][1].location)
        if entity is None:
            return None
        keys: dict[EntityName, str] = {}
        for key, field in written.get(XREF_KEYS) or ():
            keyed = self._entity(key.value, key.location)
            if field not in entity.fields:
                message = f"{entity.full_name} has no field {shorten(field)}"
                self._problems.add(
                    key.location, message, suggestion=nearest(field, tuple(entity.fields)), length=key.length
                )
            elif keyed is not None and len(keyed.key) != 1:
                message = f"{keyed.full_name} has no key of one field"
                self._problems.add(key.location, message, expected="key: its field, in the contract", length=key.length)
            elif keyed is not None:
                keys[keyed.full_name] = field
        return CrossReference(entity.full_name, MappingProxyType(keys))

    def _entity(self, name: str, where: Location) -> Entity | None:
        entity = named_entity(self._contracts.entities.values(), name)
        if entity is None:
            known = tuple(map(str, self._contracts.entities))
            message = f"xref names {shorten(name)}, which is an entity of no contract"
            self._problems.add(where, message, suggestion=nearest(name, known), length=len(name))
        return entity


def named_entity(entities: Iterable[Entity], name: str) -> Entity | None:
    """The entity of a full name; None: there is none."""
    return next((entity for entity in entities if str(entity.full_name) == name), None)
