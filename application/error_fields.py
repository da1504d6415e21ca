"""The fields that an error can be about: by the names that its engine uses, else by what the contracts demand.

A table is named as its contract names it, by its title, or as its source does (`CREATE TABLE person`), whatever an estate
calls it. Where several fields fit, several are given; where none does, the reason is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from ..contracts.constraint import Digits, Length, Range
from ..documents.problem import nearest
from ..formats.errors.reported import limit_number
from ..formats.source import own_name
from ..values.show import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..contracts.constraint import Constraint
    from ..contracts.model import Entity, Field
    from ..documents.location import Location
    from ..estate.load import Estate
    from ..formats.errors.reported import ErrorEngine, ErrorKind, ReportedError

Place: TypeAlias = "tuple[Field, ...]"
"""Fields of one entity that an error is about; several where only their values together fail."""

CONSTRAINTS_OF: Mapping[ErrorKind, frozenset[str]] = MappingProxyType(
    {
        "too_long": frozenset({"max_length", "max_bytes", "max_utf16"}),
        "too_short": frozenset({"min_length", "min_bytes", "min_utf16"}),
        "length": frozenset({"max_length", "max_bytes", "max_utf16", "min_length", "min_bytes", "min_utf16"}),
        "null": frozenset({"required"}),
        "duplicate": frozenset(),
        "wrong_type": frozenset({"type", "one_of", "scale", "precision", "pattern"}),
        "out_of_range": frozenset({"type", "precision", "scale", "min", "max", "exclusive_min", "exclusive_max"}),
        "too_small": frozenset({"min", "exclusive_min"}),
        "too_large": frozenset({"max", "exclusive_max"}),
        "pattern": frozenset({"pattern"}),
        "not_in_list": frozenset({"one_of", "not_one_of"}),
        "check": frozenset(
            {"pattern", "one_of", "not_one_of", "min", "max", "exclusive_min", "exclusive_max", "opaque", "not_null"}
            | {"max_length", "min_length", "max_bytes", "min_bytes", "max_utf16", "min_utf16"}
        ),
        "encoding": frozenset({"encodable", "max_bytes"}),
        "reference": frozenset(),
        "not_writable": frozenset(),
        "unexpected": frozenset(),
    }
)
"""The keys of a contract that state what an error of a kind is about."""

_RUNNING: Mapping[ErrorEngine, frozenset[str]] = MappingProxyType(
    {
        "postgres": frozenset({"postgres", "redshift"}),
        "mysql": frozenset({"mysql", "mariadb"}),
        "sqlite": frozenset({"sqlite"}),
        "duckdb": frozenset({"duckdb"}),
        "oracle": frozenset({"oracle"}),
        "sqlserver": frozenset({"sqlserver"}),
        "db2": frozenset({"db2"}),
        "spark": frozenset({"spark", "databricks"}),
    }
)
"""The engines of systems that may report such an error; a validator runs anywhere."""

_WORD = re.compile(r"\"[^\"\n]{1,200}\"|`[^`\n]{1,200}`|\[[^\]\n]{1,200}\]|[\w$-]{1,200}")


@dataclass(frozen=True, slots=True)
class Meant:
    """What an error is about."""

    places: tuple[Place, ...]
    """One, where it is clear; several, where any of them may be meant; none, for the reason."""
    reason: str | None = None
    """Why no field is known; else null."""
    suggestion: str | None = None
    """The name that was probably meant."""


class ErrorFields:
    """The fields of an estate, by the names that errors use."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self._entities = tuple(estate.contracts.entities.values())

    def meant(self, error: ReportedError) -> Meant:
        """The fields that an error is about."""
        entities = self._running(error.engine)
        if error.table is not None:
            entities = self._of_table(error.table, entities)
            if not entities:
                return self._missing("a table or an entity", error.table, self._table_names)
        elif error.model is not None:
            entities = self._of_table(error.model, entities) or entities
        if error.columns:
            return self._of_columns(error, entities)
        return self._of_constraint(error, entities)

    def value(self, error: ReportedError, field: Field) -> str | None:
        """The value of a field as an error has it: its own, or that of the record in its statement; None: it has none."""
        if error.value is not None:
            return error.value
        names = self._names[field.full_name]
        return next((value for column, value in error.record.items() if column.casefold() in names), None)

    # --------------------------------------------------------------------------------------------------- by name

    def _running(self, engine: ErrorEngine) -> tuple[Entity, ...]:
        """The entities of the systems that may run on an engine: a contract that names another one is left out."""
        wanted = _RUNNING.get(engine)
        if wanted is None:
            return self._entities
        systems = self._estate.contracts.systems
        return tuple(
            e for e in self._entities if systems[e.system].engine is None or systems[e.system].engine in wanted
        )

    def _of_table(self, table: str, entities: tuple[Entity, ...]) -> tuple[Entity, ...]:
        parts = [part.strip() for part in table.casefold().split(".")]
        named = tuple(
            e for e in entities if not self._entity_names[e.full_name].isdisjoint({parts[-1], table.casefold()})
        )
        whole = tuple(e for e in named if ".".join(parts[-2:]) in self._entity_names[e.full_name])
        return whole or named

    def _of_columns(self, error: ReportedError, entities: tuple[Entity, ...]) -> Meant:
        places: list[Place] = []
        for entity in entities:
            fields = [self._field(entity, column) for column in error.columns]
            if all(field is not None for field in fields):
                places.append(tuple(field for field in fields if field is not None))
        if not places:
            return self._missing("a field", error.columns[0], self._field_names(entities))
        return Meant(self._fitting(error, places))

    def _field(self, entity: Entity, column: str) -> Field | None:
        """The field with a name; of a property inside of another one, the last part counts where the whole names none."""
        for name in dict.fromkeys((column, column.rpartition(".")[2])):
            wanted = {name.casefold(), own_name(name).casefold()}
            for field in entity.fields.values():
                if not wanted.isdisjoint(self._names[field.full_name]):
                    return field
        return None

    def _missing(self, what: str, name: str, known: Iterable[str]) -> Meant:
        folded = {each.casefold(): each for each in known}
        guess = nearest(name.casefold().rpartition(".")[2], tuple(folded))
        return Meant((), f"no contract has {what} named {escape(name)}", folded[guess] if guess else None)

    @cached_property
    def _entity_names(self) -> Mapping[object, frozenset[str]]:
        return {
            e.full_name: frozenset(
                name.casefold()
                for name in (e.name, str(e.full_name), *_titles(e), self._written(e.location))
                if name is not None
            )
            for e in self._entities
        }

    @cached_property
    def _names(self) -> Mapping[object, frozenset[str]]:
        return {
            f.full_name: frozenset(
                name.casefold() for name in (f.name, *_titles(f), self._written(f.location)) if name is not None
            )
            for f in self._estate.contracts.fields.values()
        }

    def _written(self, location: Location) -> str | None:
        """The name as its source writes it, where the source is a text: another one than ours where `as` renames it."""
        lines = self._lines.get(location.file, ())
        if location.line > len(lines):
            return None
        word = _WORD.match(lines[location.line - 1], location.column - 1)
        return None if word is None else word[0].strip('"`[]')

    @cached_property
    def _lines(self) -> Mapping[str, Sequence[str]]:
        return {name: text.split("\n") for name, text in self._estate.texts.items()}

    @property
    def _table_names(self) -> list[str]:
        return [name for e in self._entities for name in (e.name, str(e.full_name))]

    @staticmethod
    def _field_names(entities: Sequence[Entity]) -> list[str]:
        return [name for entity in entities for name in entity.fields]

    # ----------------------------------------------------------------------------------------------- by constraint

    def _of_constraint(self, error: ReportedError, entities: tuple[Entity, ...]) -> Meant:
        if error.constraint is not None:
            named = self._of_name(error.constraint, entities)
            if named:
                return Meant(tuple(named))
        if error.kind == "duplicate":
            places = [
                tuple(entity.fields[name] for name in unique.fields) for entity in entities for unique in entity.unique
            ]
        else:
            places = [(field,) for entity in entities for field in entity.fields.values() if stating(field, error.kind)]
        fitting = self._fitting(error, list(dict.fromkeys(places)))
        if not fitting:
            return Meant(
                (), "the message names no field, and no contract has a rule of this kind where it may come from"
            )
        return Meant(fitting)

    def _of_name(self, constraint: str, entities: tuple[Entity, ...]) -> list[Place]:
        """The fields that the name of a constraint tells, or its expression.

        PostgreSQL names constraints `table_column_check`, `_key`, `_fkey` and `_pkey`; MySQL and MariaDB name keys after
        their first column, and primary keys PRIMARY. An expression (SQLite, DuckDB) has the names of its columns.
        """
        name = constraint.rpartition(".")[2].casefold()
        places: list[Place] = []
        for entity in entities:
            tables = self._entity_names[entity.full_name]
            if name == "primary" or name in {f"{table}_pkey" for table in tables}:
                places += [tuple(entity.fields[each] for each in entity.key)] if entity.key else []
                continue
            words = set(re.findall(r"\w+", constraint.casefold())) if re.search(r"\W", constraint.strip()) else set()
            for field in entity.fields.values():
                own = self._names[field.full_name]
                told = {
                    f"{table}_{each}_{end}"
                    for table in tables
                    for each in own
                    for end in ("check", "key", "fkey", "idx")
                }
                if name in told or name in own or not words.isdisjoint(own):
                    places.append((field,))
        return list(dict.fromkeys(places))

    def _fitting(self, error: ReportedError, places: Sequence[Place]) -> tuple[Place, ...]:
        """Of several places, those whose contract rejects the value, or has the limit; all, where none does."""
        if len(places) < 2:
            return tuple(places)
        fitting = [place for place in places if len(place) == 1 and self._fits(error, place[0])]
        return tuple(fitting or places)

    @staticmethod
    def _fits(error: ReportedError, field: Field) -> bool:
        stated = stating(field, error.kind)
        limited = [constraint for constraint in stated if has_limit(constraint, error.limit)]
        if limit_number(error.limit) is not None:
            return bool(limited)
        return error.value is not None and field.type == "text" and any(error.value not in c.accepts for c in stated)


def _titles(named: Entity | Field) -> tuple[str, ...]:
    """The title in every language."""
    return () if named.title is None else named.title.texts


def stating(field: Field, kind: ErrorKind) -> tuple[Constraint, ...]:
    """The constraints of a field that an error of a kind can be about."""
    return tuple(constraint for constraint in field.constraints if constraint.name in CONSTRAINTS_OF[kind])


def has_limit(constraint: Constraint, limit: str | None) -> bool:
    """Whether a constraint has the limit that an error states."""
    number = limit_number(limit)
    match constraint.restriction:
        case Length(low, high):
            return number is not None and number in {low, high}
        case Range(low, high):
            return limit is not None and limit in {str(low), str(high)}
        case Digits(whole, decimals):
            return limit is not None and limit.replace(" ", "") == f"{(whole or 0) + (decimals or 0)},{decimals or 0}"
        case _:
            return False
