"""Fieldline in an application: what an entry screen asks before it takes a record.

    import fieldline

    signup = fieldline.load("my-estate").entry("web.signup")
    for violation in signup.validate({"username": "Maximilian1234"}).violations:
        print(violation.reason, violation.repaired)

An estate is read and an entry compiled once; both may be asked by many threads. Values are never written anywhere, and no
message holds one.
"""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, cast

from ..checker.judging.context import Context
from ..checker.messages import brief, field_title, system_title
from ..checker.requirement.compiled import compiled, explaining
from ..checker.requirement.repair import repaired
from ..checker.requirement.requirement import requirement
from ..checker.requirement.screen import UnknownEntry
from ..contracts.field_keys import read_value
from ..documents.problem import Problems, nearest
from ..estate.load import load_estate
from ..values.budget import STANDARD, Budget
from ..values.error import FieldlineError, needing_extras
from ..values.show import escape

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ..checker.finding import Binding
    from ..checker.preconditions.obligation import Effect
    from ..checker.requirement.requirement import Clause, NotKnown, Requirement
    from ..contracts.model import Entity
    from ..estate.load import Estate
    from ..values.valueset import Value

Translations = gettext.NullTranslations


def load(path: Path | str, translations: Translations | None = None, *, effort: int = 1) -> LoadedEstate:
    """Read an estate.

    Raises EstateError with every problem of every file, MissingExtra where a contract is read from a database and the
    extra `database` is not installed, and ValueError where the effort is less than 1 or more than 100.

    `translations` are a catalogue of the domain "fieldline" (`gettext.translation`); without it, reasons are English.
    `effort` multiplies the work that an answer may take: where it does not suffice, something is not known.
    """
    budget = Budget.of_effort(effort)
    with needing_extras("this estate"):
        return LoadedEstate(load_estate(path), translations, budget)


class UnknownFields(FieldlineError, LookupError):
    """A record has fields that the entry has not: a mistake in the program that made it."""


class Violation:
    """One thing that is wrong with a record. What is told of it is worked out when it is asked for."""

    __slots__ = ("_entry", "_values", "clause")

    def __init__(self, entry: Entry, clause: Clause, values: Mapping[str, Value]) -> None:
        self._entry = entry
        self._values = values
        self.clause = clause
        """What is not met."""

    @property
    def fields(self) -> tuple[str, ...]:
        """Own names; several that are joined somewhere behind."""
        return self.clause.fields

    @property
    def reason(self) -> str:
        """For the person at the screen: what is wrong, and which system demands it. Holds no value."""
        return self._entry.words[self.clause]

    @property
    def binding(self) -> Binding:
        """Who demands it, and where that is written; the nearest of several."""
        return self.clause.bindings[0]

    @property
    def systems(self) -> tuple[str, ...]:
        """Every system that demands just this, the nearest first."""
        return tuple(dict.fromkeys(binding.system for binding in self.clause.bindings))

    @property
    def effect(self) -> Effect:
        """What would become of it: it is rejected, or arrives altered."""
        return self.clause.effect

    @property
    def repaired(self) -> str | None:
        """The accepted text that keeps most of what was given; None: there is none, or it needs more than one field."""
        return self._entry.repaired(self.clause, self._values)

    def __repr__(self) -> str:
        return f"Violation({self.reason!r})"


@dataclass(frozen=True, slots=True)
class Result:
    """What an entry says of one record."""

    violations: tuple[Violation, ...]
    not_known: tuple[NotKnown, ...]
    """What else may be demanded of any record, and cannot be said. Where there is something, nothing is proved."""

    @property
    def is_valid(self) -> bool:
        """Whether nothing is wrong, as far as is known."""
        return not self.violations


class LoadedEstate:
    """An estate that was read."""

    def __init__(self, estate: Estate, translations: Translations | None = None, budget: Budget = STANDARD) -> None:
        self.estate = estate
        self._translations = translations or Translations()
        self._context = Context(estate, budget=budget)

    @property
    def entries(self) -> tuple[str, ...]:
        """The full names of its entries."""
        return tuple(str(entity.full_name) for entity in self._context.graph.entries)

    def entry(self, name: str, *, lossless: bool = False) -> Entry:
        """An entry by its full name; with `lossless`, what nobody rejects and somebody alters is a violation, too.

        Raises UnknownEntry.
        """
        entries = self._context.graph.entries
        entity = next((entity for entity in entries if str(entity.full_name) == name), None)
        if entity is None:
            raise UnknownEntry(name, tuple(entity.full_name for entity in entries))
        return Entry(self.estate, requirement(self._context, entity, lossless=lossless), self._translations)


class Entry:
    """An entry, compiled: says of records whether everything behind it takes them."""

    def __init__(self, estate: Estate, asked: Requirement, translations: Translations) -> None:
        self.requirement = asked
        self.words = _Words(estate, asked.entity, translations)
        self._admits = compiled(asked)
        self._broken = explaining(asked)
        self._names = asked.entity.fields.keys()
        self._types = {clause for clause in asked.clauses if clause.bindings[0].constraint == "type"}

    @property
    def entity(self) -> Entity:
        """The entry's own contract."""
        return self.requirement.entity

    def is_valid(self, record: Mapping[str, Value]) -> bool:
        """Whether nothing is wrong with a record, as far as is known: values by the fields' own names, absent ones null.

        Numbers are int or Decimal, dates `date`, instants `datetime` with a zone. A value of another type is wrong.
        """
        return self._admits(record)

    def validate(self, record: Mapping[str, Value | float]) -> Result:
        """The same, with everything that is wrong. Raises UnknownFields.

        A float is taken for the decimal number it is written as.
        """
        if not record.keys() <= self._names:
            raise UnknownFields("; ".join(self.words.unknown(name) for name in record if name not in self._names))
        exact = {name: _exact(v) for name, v in record.items()} if float in map(type, record.values()) else record
        values = cast("Mapping[str, Value]", exact)
        broken = self._broken(values)
        if not self._types.isdisjoint(broken):  # of what is of the wrong type nothing else is worth saying
            mistyped = {clause.fields[0] for clause in broken if clause in self._types}
            broken = [c for c in broken if c in self._types or mistyped.isdisjoint(c.fields)]
        return Result(tuple([Violation(self, clause, values) for clause in broken]), self.requirement.not_known)

    def typed(self, record: Mapping[str, Value]) -> dict[str, Value]:
        """A record as a form or a JSON document has it: texts are read as what their fields hold, as contracts write it.

        `2024-05-01` becomes a date, `12.50` a decimal number. What cannot be read stays a text, which is of the wrong type.
        """
        return {name: self._typed(name, value) for name, value in record.items()}

    def _typed(self, name: str, value: Value) -> Value:
        field = self.entity.fields.get(name)
        if field is None or field.type == "text" or not isinstance(value, str):
            return value
        if field.type == "boolean":
            return _TRUTHS.get(value, value)
        problems = Problems()
        found = read_value(value, field.type, problems)
        return value if problems else found

    def repaired(self, clause: Clause, values: Mapping[str, Value]) -> str | None:
        """A text of its field with which nothing is wrong with the field any more; None: not one was found."""
        name, text = clause.fields[0], values.get(clause.fields[0])
        if len(clause.fields) > 1 or not isinstance(text, str):
            return None
        found = repaired(self.requirement.values[name].texts, text, self.requirement.budget)
        if found is None or any(name in other.fields for other in self._broken({**values, name: found})):
            return None
        return found


def _exact(value: Value | float) -> Value:
    if isinstance(value, float) and isfinite(value):
        return Decimal(repr(value))
    return cast("Value", value)  # what is no number is no value, and is rejected as such


_TRUTHS: Mapping[str, Value] = {"true": True, "false": False}


class _Words(dict["Clause", str]):
    """Reasons in words, in the reader's language: what is wrong, and who demands what."""

    def __init__(self, estate: Estate, entity: Entity, translations: Translations) -> None:
        super().__init__()
        self._estate = estate
        self._entity = entity
        self._told = translations.gettext

    def __missing__(self, clause: Clause) -> str:
        found = self[clause] = self._reason(clause)
        return found

    def _reason(self, clause: Clause) -> str:
        binding = clause.bindings[0]
        titles = [escape(field_title(self._entity.fields[name])) for name in dict.fromkeys(clause.fields)]
        what = self._told(_WRONG.get(binding.constraint, _OTHERWISE)).format(field=" + ".join(titles))
        system = escape(system_title(self._estate, binding.system))
        obligation = escape(brief(binding.sentence, 200))
        said = _DEMANDED if clause.effect == "refuse" else _ALTERED
        return self._told(said).format(what=what, system=system, obligation=obligation)

    def unknown(self, name: str) -> str:
        """That a record has a field which is none."""
        meant = nearest(name, tuple(self._entity.fields))
        hint = self._told("did you mean {name}?").format(name=meant) if meant else ""
        said = self._told("{entry} has no field {name}").format(entry=self._entity.full_name, name=escape(brief(name)))
        return f"{said}: {hint}" if hint else said


def _(message: str) -> str:
    """Marks a message for the catalogue; it is translated where it is told."""
    return message


_DEMANDED = _("{what}: {system} takes: {obligation}.")
_ALTERED = _("{what}: {system} would alter it, and keeps: {obligation}.")
_OTHERWISE = _("{field} is not accepted")
_TOO_LONG, _TOO_SHORT = _("{field} is too long"), _("{field} is too short")
_WRONG = {
    "required": _("{field} must be filled in"),
    "type": _("{field} is of the wrong type"),
    "pattern": _("{field} does not have the right form"),
    "one_of": _("{field} is none of the values to choose from"),
    "not_one_of": _("{field} may not be this"),
    "encodable": _("{field} has characters that cannot be kept"),
    "precision": _("{field} has too many digits"),
    "scale": _("{field} has too many decimals"),
    "min": _("{field} is too small"),
    "exclusive_min": _("{field} is too small"),
    "max": _("{field} is too great"),
    "exclusive_max": _("{field} is too great"),
    "max_bytes": _("{field} does not fit"),
    **dict.fromkeys(("max_length", "max_utf16"), _TOO_LONG),
    **dict.fromkeys(("min_length", "min_bytes", "min_utf16"), _TOO_SHORT),
}
"""By the word of the constraint."""
