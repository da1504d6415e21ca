"""The contracts of an estate: systems, their entities, the fields of those, and who answers for them.

    Contracts -> System -> Entity -> Field -> Constraint

Everything is frozen and knows the place it was written at.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from ..documents.problem import nearest
from ..values.valueset import ValueSet
from .constraint import FieldsCheck, OpaqueRule, RequiredWhen

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from ..documents.local_text import LocalText
    from ..documents.location import Location
    from ..documents.names import EntityName, FieldName
    from ..values.valueset import Value
    from .constraint import Constraint, OnViolation, Type
    from .store import EntityStore

_T = TypeVar("_T")

Kind: TypeAlias = Literal["entry", "table", "message", "file", "api", "view"]
"""The kind of an entity. Values are born in an entry; the other kinds receive theirs."""

KnownEngine: TypeAlias = Literal[
    "postgres",
    "mysql",
    "mariadb",
    "sqlite",
    "duckdb",
    "oracle",
    "sqlserver",
    "redshift",
    "snowflake",
    "bigquery",
    "databricks",
    "db2",
    "spark",
    "node",
    "java",
    "python",
]
"""What runs a step: a database by the word for its dialect, or the language a program is written in."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The team that answers for something."""

    team: str
    contact: str | None


@dataclass(frozen=True, slots=True)
class Repair:
    """Who may repair a value that went wrong, how long that usually takes, and where to ask for it."""

    by: tuple[str, ...]
    typically: timedelta | None
    channel: str | None
    hours: str | None = None
    """When they work, in words or by the name of a calendar; None: the usual time counts every hour."""
    url: str | None = None
    """The page on which a record is repaired, with the names of fields in braces."""
    roles: tuple[str, ...] = ()
    """The roles that may open that page; none: not stated."""


@dataclass(frozen=True, slots=True)
class Impact:
    """What a wrong value means for the customer and the business until it is repaired."""

    text: LocalText
    is_critical: bool = False
    """Whether it cannot wait."""
    missed: tuple[tuple[str, LocalText], ...] = ()
    """What is not sent meanwhile, by the action that sends it, with its name for people."""
    money: tuple[tuple[str, str], ...] = ()
    """Fields of the same system that hold the money at stake, by own names, each with its currency (ISO 4217)."""


Compared: TypeAlias = Literal["trim", "trim_left", "trim_right", "lower", "lower_ascii"]
"""A step before values are compared: blanks (U+0020) removed at the ends; lower case, of Unicode or of A to Z alone."""

OnDuplicate: TypeAlias = Literal["update", "reject"]
"""The action of a system on a record whose key it has already: take it for the same record, or reject it."""


@dataclass(frozen=True, slots=True)
class Unique:
    """A demand on pairs of records: no two of them may hold the same values in these fields."""

    fields: tuple[str, ...]
    """Their own names; of several, only the values together are unique."""
    location: Location
    compared: tuple[Compared, ...] = ()
    """The steps after which two texts are compared; none: as they are."""
    one_null: bool = False
    """Whether null counts as a value, so that one record at most may hold it; the SQL standard takes any number."""
    opaque: str | None = None
    """A comparison, in the source's words, under which further texts may be equal."""
    only_beyond_ascii: bool = False
    """Whether `opaque` leaves texts of printable ASCII characters as `compared` has them."""
    is_key: bool = False
    """Whether the fields are the key of their entity."""
    updates: bool = False
    """Whether a record with the same values as an earlier one updates it, and is not rejected."""

    @property
    def word(self) -> Literal["key", "unique"]:
        """The key of the contract that demands it."""
        return "key" if self.is_key else "unique"

    @property
    def sentence(self) -> str:
        """The demand in words."""
        together = " together" if len(self.fields) > 1 else ""
        case = " whatever their case" if {"lower", "lower_ascii"} & set(self.compared) else ""
        blanks = {"trim": "at the ends", "trim_left": "at the left", "trim_right": "at the right"}
        trimmed = "".join(f" but for blanks {where}" for step, where in blanks.items() if step in self.compared)
        return f"unique{together}{case}{trimmed}"


FilledBy: TypeAlias = Literal["default", "generated", "identity"]
"""How a system fills a field: with a value of its own, with a computed value, or with a running number."""

IdentityKind: TypeAlias = Literal["always", "by_default"]
"""When a running number is given: always, so that no value may be sent; or where none is sent."""

SentValues: TypeAlias = Literal["accepted", "rejected"]
"""The fate of a value that a flow sends to a field that the system fills."""


@dataclass(frozen=True, slots=True)
class Fill:
    """What the system puts into a field of a new record, where no flow writes the field."""

    by: FilledBy
    """The key in the contract."""
    value: Value
    """What a default gives; None: the value is not known."""
    expression: str | None
    """In the source's own words, where it has any."""
    sent: SentValues
    location: Location
    """Where the key stands."""


@dataclass(frozen=True)
class Field:
    """A named value of an entity, with the constraints of its system."""

    name: str
    full_name: FieldName
    """`system.entity.field`."""
    system: str
    entity: str
    """The entity's own name, without the system's."""
    type: Type
    title: LocalText | None
    constraints: tuple[Constraint, ...]
    """In the order of the file; the type is one of them."""
    declared: tuple[str, ...]
    """Rules in the source's own words that are written down and not enforced: a value may break them."""
    unique: Unique | None
    """The demand on its own values alone; `Entity.unique` has every demand."""
    on_violation: OnViolation
    """The action of its constraints that name none of their own, as far as it applies to them."""
    stored: tuple[Constraint, ...]
    """The ways in which it stores what it accepts."""
    owner: Owner | None
    """The field's own, or else the entity's, or else the system's."""
    repair: Repair | None
    """The field's own, or else the entity's, or else the system's."""
    impact: Impact | None
    """The field's own, or else the entity's, or else the system's."""
    required: bool
    """Whether null is rejected, in every record."""
    fill: Fill | None
    """What the system puts there where no flow writes the field; None: null."""
    filled_by: str | None
    """What fills it that the lineage leaves out, in words: the field's own statement, or else the entity's."""
    same: str | None
    """What the value is, in words: fields of the same words mean the same, in whatever system."""
    same_as: FieldName | None
    """The field that it declares once more."""
    source: str | None
    """Where the rule behind its constraints is documented."""
    location: Location

    @property
    def is_left_to_flows(self) -> bool:
        """Whether it must be filled in, and only a flow can do that."""
        return self.required and self.fill is None and self.filled_by is None

    @property
    def may_lack(self) -> bool:
        """Whether it may have to be filled in, as a rule in words says, and only a flow can do that."""
        rules = (constraint.restriction for constraint in self.constraints)
        unfilled = self.fill is None and self.filled_by is None
        return unfilled and any(isinstance(rule, OpaqueRule) and rule.may_reject_null for rule in rules)

    @property
    def is_conditional(self) -> bool:
        """Whether a constraint of its own depends on other fields of the record."""
        return any(isinstance(constraint.restriction, RequiredWhen | FieldsCheck) for constraint in self.constraints)

    @cached_property
    def accepts(self) -> ValueSet:
        """The values that the contract accepts: the meet of all constraints."""
        return reduce(and_, (constraint.accepts for constraint in self.constraints), ValueSet.everything())


@dataclass(frozen=True)
class Entity:
    """A form, table, message, file or API of a system."""

    name: str
    full_name: EntityName
    """`system.entity`."""
    system: str
    kind: Kind
    title: LocalText | None
    key: tuple[str, ...]
    """Names of the fields that identify a record; empty when the contract names none."""
    unique: tuple[Unique, ...]
    """Every demand on pairs of its records: of its key, of its fields, of several fields together."""
    fields: Mapping[str, Field]
    """By their own names, in the order of the file."""
    store: EntityStore | None
    """Where its records are; None: they cannot be asked for."""
    changed: str | None
    """The field, by its own name, that says when a record last changed; None: none does."""
    owner: Owner | None
    """Its own, or else the system's."""
    repair: Repair | None
    """Its own, or else the system's."""
    impact: Impact | None
    """Its own, or else the system's."""
    location: Location


@dataclass(frozen=True)
class System:
    """Something with an owner that holds or passes data."""

    name: str
    title: LocalText | None
    domain: str | None
    """The part of the organisation it belongs to."""
    owner: Owner | None
    repair: Repair | None
    impact: Impact | None
    customer_text: LocalText | None
    """A text that support may give a customer whose record went wrong here."""
    engine: KnownEngine | None
    """What holds its data and runs its code; None: not stated."""
    collation: str | None
    """How its engine compares texts; None: not stated."""
    entities: Mapping[str, Entity]
    """By their own names, in the order of the file."""
    location: Location
    external: bool = False
    """Whether it belongs to somebody else."""


@dataclass(frozen=True)
class Contracts:
    """All contracts of an estate."""

    systems: Mapping[str, System]
    """By name, in alphabetical order."""
    engine: KnownEngine | None = None
    """The engine of systems that name none; None: not stated."""
    collation: str | None = None
    """The collation of that engine; None: not stated."""

    def engine_of(self, system: str) -> tuple[KnownEngine, str | None] | None:
        """The engine of a system (by name), its own or else the estate's, with its collation; None: not stated."""
        own = self.systems[system]
        if own.engine is not None:
            return own.engine, own.collation
        return None if self.engine is None else (self.engine, own.collation or self.collation)

    @cached_property
    def entities(self) -> Mapping[EntityName, Entity]:
        """Every entity by its full name."""
        return {entity.full_name: entity for system in self.systems.values() for entity in system.entities.values()}

    @cached_property
    def fields(self) -> Mapping[FieldName, Field]:
        """Every field by its full name."""
        return {field.full_name: field for entity in self.entities.values() for field in entity.fields.values()}

    def field(self, full_name: FieldName) -> Field | None:
        """The field of that full name; None when there is none."""
        return self.fields.get(full_name)

    def entity(self, full_name: EntityName) -> Entity | None:
        """The entity of that full name; None when there is none."""
        return self.entities.get(full_name)

    def suggest(self, full_name: FieldName) -> FieldName | None:
        """The field that was probably meant by a name no field has; None when none is close.

        Compares part by part (system, then entity, then field), so that it stays quick on large estates.
        """
        system = _closest(full_name.system, self.systems)
        if system is None:
            return None
        entity = _closest(full_name.entity, system.entities)
        inside = [entity] if entity else []
        # The right field of the wrong entity beats a field that only sounds alike.
        for candidate in (*inside, *system.entities.values()):
            if full_name.field in candidate.fields:
                return candidate.full_name.of(full_name.field)
        close = _closest(full_name.field, entity.fields) if entity else None
        return close.full_name if close else None


def _closest(name: str, named: Mapping[str, _T]) -> _T | None:
    close = name if name in named else nearest(name, tuple(named))
    return None if close is None else named[close]
