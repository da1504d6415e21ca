"""Fieldline in an application: checks a record before an entry screen accepts it.

    import fieldline

    signup = fieldline.load("my-estate").entry("web.signup")
    for violation in signup.validate({"username": "Maximilian1234"}).violations:
        print(violation.reason, violation.repaired)

An estate is read and an entry compiled once; both may be used by many threads. Values are never written anywhere, and no
message holds more of one than a character that is not allowed.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, cast

from ..checker.judging.context import Context
from ..checker.messages import brief
from ..checker.requirement.compiled import compiled, explaining
from ..checker.requirement.repair import repaired
from ..checker.requirement.requirement import requirement
from ..checker.requirement.screen import UnknownEntry
from ..contracts.field_keys import read_value
from ..documents.local_text import LANGUAGE_NAMES
from ..documents.problem import Problems, nearest
from ..documents.variables import Variables
from ..estate.load import load_estate
from ..sentences.speech import speech
from ..sentences.violations import complaint_words, taken_words
from ..values.budget import STANDARD, Budget
from ..values.error import FieldlineError, needing_extras
from ..values.show import escape
from .complaints import Complaints

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date
    from pathlib import Path

    from ..checker.finding import Binding
    from ..checker.preconditions.obligation import Effect
    from ..checker.requirement.requirement import Clause, NotKnown, Requirement, Uniqueness
    from ..contracts.model import Entity
    from ..documents.local_text import SpokenLanguage
    from ..estate.load import Estate
    from ..sentences.speech import Speech
    from ..values.valueset import Value
    from .gates import ActionGate


def load(
    path: Path | str,
    *,
    language: SpokenLanguage = "en",
    effort: int = 1,
    today: date | None = None,
    allow_env: Collection[str] = (),
) -> LoadedEstate:
    """Read an estate: its folder, its `fieldline.yaml`, or a snapshot of it.

    Raises EstateError with every problem of every file, MissingExtra where a contract is read from a database and the
    extra `database` is not installed, or a language is asked for and the extra `language` is not, and ValueError where the
    effort is less than 1 or more than 100, or the language is none of those there are.

    `language` is that of the reasons: "en", "fi", "nb", "nl" or "sv".
    `effort` multiplies the work allowed for an answer: where it does not suffice, the answer is partly unknown.
    `today` is the day that constraints may count from; without it, the day it is, in UTC.
    `allow_env` are the environment variables that may hold the URL of a database, besides those under `env` in
    `fieldline.yaml`.
    """
    budget = Budget.of_effort(effort)
    if language not in LANGUAGE_NAMES:
        raise ValueError(f"there is no language {language!r}; there are {', '.join(LANGUAGE_NAMES)}")
    with needing_extras(f"the language {language}"):
        speech(language)
    with needing_extras("this estate"):
        return LoadedEstate(
            load_estate(path, today=today, variables=Variables(frozenset(allow_env))), language=language, budget=budget
        )


class UnknownFields(FieldlineError, LookupError):
    """A record has fields that the entry lacks: a mistake in the calling program."""


class Violation:
    """One violated clause of a record. Its properties are computed on access."""

    __slots__ = ("_entry", "_values", "clause")

    def __init__(self, entry: Entry, clause: Clause, values: Mapping[str, Value]) -> None:
        self._entry = entry
        self._values = values
        self.clause = clause
        """The violated clause."""

    @property
    def fields(self) -> tuple[str, ...]:
        """Own names; several where a downstream flow joins them."""
        return self.clause.fields

    @property
    def reason(self) -> str:
        """For the person at the screen: the error, what is allowed, and the system that requires it.

        Holds of the value one character at most, and its length.
        """
        return self._entry.reason(self.clause, self._values)

    @property
    def binding(self) -> Binding:
        """The constraint and its place; the nearest of several."""
        return self.clause.bindings[0]

    @property
    def systems(self) -> tuple[str, ...]:
        """Every system with exactly this constraint, the nearest first."""
        return tuple(dict.fromkeys(binding.system for binding in self.clause.bindings))

    @property
    def effect(self) -> Effect:
        """The effect on the value: it is rejected, or arrives altered."""
        return self.clause.effect

    @property
    def repaired(self) -> str | None:
        """The accepted text closest to the given one; None: there is none, or several fields would have to change."""
        return self._entry.repaired(self.clause, self._values)

    def __repr__(self) -> str:
        return f"Violation({self.reason!r})"


@dataclass(frozen=True, slots=True)
class Result:
    """The verdict of an entry on one record."""

    violations: tuple[Violation, ...]
    not_known: tuple[NotKnown, ...]
    """Obligations on every record that cannot be decided. Where there are any, no record is proved safe."""

    @property
    def is_valid(self) -> bool:
        """Whether no clause is violated, as far as known."""
        return not self.violations


class LoadedEstate:
    """An estate that was read."""

    def __init__(self, estate: Estate, *, language: SpokenLanguage = "en", budget: Budget = STANDARD) -> None:
        self.estate = estate
        self._language = language
        self._context = Context(estate, budget=budget)

    @property
    def entries(self) -> tuple[str, ...]:
        """The full names of its entries."""
        return tuple(str(entity.full_name) for entity in self._context.graph.entries)

    def entry(self, name: str, *, lossless: bool = False) -> Entry:
        """An entry by its full name; with `lossless`, a value that arrives altered is a violation, too.

        Raises UnknownEntry.
        """
        entries = self._context.graph.entries
        entity = next((entity for entity in entries if str(entity.full_name) == name), None)
        if entity is None:
            raise UnknownEntry(name, tuple(entity.full_name for entity in entries))
        return Entry(self.estate, requirement(self._context, entity, lossless=lossless), self._language)

    def gate(self, action: str) -> ActionGate:
        """The gates before an automated action, by the name that `before` gives it.

        Raises UnknownName, and EstateError where the estate has no gate at all.
        """
        from .gates import ActionGate, known_action

        return ActionGate(self.estate, known_action(self.estate, action), self._context.budget)


class Entry:
    """An entry, compiled: decides whether all downstream systems accept a record."""

    def __init__(self, estate: Estate, requirement: Requirement, language: SpokenLanguage) -> None:
        self.requirement = requirement
        self.words = _Words(Complaints(estate, requirement, language), speech(language))
        self._admits = compiled(requirement)
        self._broken = explaining(requirement)
        self._names = requirement.entity.fields.keys()
        self._types = {clause for clause in requirement.clauses if clause.bindings[0].constraint == "type"}
        own = {field.full_name for field in requirement.entity.fields.values()}
        self._own_types = {clause for clause in self._types if clause.bindings[0].field in own}

    def in_language(self, language: SpokenLanguage) -> Entry:
        """The same entry with reasons in another language. Raises MissingExtra."""
        with needing_extras(f"the language {language}"):
            spoken = speech(language)
        other = copy(self)
        other.words = _Words(self.words.complaints.in_language(language), spoken)
        return other

    @property
    def language(self) -> SpokenLanguage:
        """The language of its reasons."""
        return self.words.speech.language

    @property
    def entity(self) -> Entity:
        """The entry's own contract."""
        return self.requirement.entity

    def is_valid(self, record: Mapping[str, Value]) -> bool:
        """Whether a record meets every clause, as far as known: values by the fields' own names, absent ones null.

        Numbers are int or Decimal, dates `date`, instants `datetime` with a zone. A value of another type is a violation.
        """
        return self._admits(record)

    def validate(self, record: Mapping[str, Value | float]) -> Result:
        """The same, with every violation. Raises UnknownFields.

        A float is read as the decimal number it is written as.
        """
        if not record.keys() <= self._names:
            unknown = [name for name in record if name not in self._names]
            named = [self._unknown(name) for name in unknown[:_MOST_NAMED]]
            rest = [f"and {len(unknown) - _MOST_NAMED:,} more"] * (len(unknown) > _MOST_NAMED)
            raise UnknownFields("; ".join((*named, *rest)))
        exact = {name: _exact(v) for name, v in record.items()} if float in map(type, record.values()) else record
        values = cast("Mapping[str, Value]", exact)
        broken = self._broken(values)
        if not self._types.isdisjoint(broken):
            broken = self._without_consequences(broken)
        return Result(tuple([Violation(self, clause, values) for clause in broken]), self.requirement.not_known)

    def _without_consequences(self, broken: list[Clause]) -> list[Clause]:
        """Without further reasons for a value of the wrong type: of any system, or of the field where it has no type."""
        mistyped = {clause.fields[0] for clause in broken if clause in self._own_types}
        never_arrives = {binding.field for clause in broken if clause in self._types for binding in clause.bindings}
        return [
            clause
            for clause in broken
            if clause in self._types
            or (mistyped.isdisjoint(clause.fields) and any(b.field not in never_arrives for b in clause.bindings))
        ]

    def typed(self, record: Mapping[str, Value]) -> dict[str, Value]:
        """A record from a form or a JSON document: texts are read as values of their fields' types.

        `2024-05-01` becomes a date, `12.50` a decimal number. Any other text stays a text, of the wrong type.
        """
        return {name: self._typed(name, value) for name, value in record.items()}

    def _typed(self, name: str, value: Value) -> Value:
        field = self.entity.fields.get(name)
        if field is None or field.type == "text" or not isinstance(value, str):
            return value
        if field.type == "boolean":
            return _TRUTHS.get(value, value)
        problems = Problems()
        typed = read_value(value, field.type, problems)
        return value if problems else typed

    def _unknown(self, name: str) -> str:
        meant = nearest(name, tuple(self.entity.fields))
        hint = f": did you mean {meant}?" if meant else ""
        return f"{self.entity.full_name} has no field {escape(brief(name))}{hint}"

    def reason(self, clause: Clause, values: Mapping[str, Value]) -> str:
        """Why a record that breaks a clause is not accepted, for the person who typed it."""
        return complaint_words(self.words.speech, self.words.complaints.of_value(clause, values))

    def taken(self, unique: Uniqueness) -> str:
        """Why a record is not accepted whose value of a unique field another record has, likewise."""
        complaints = self.words.complaints
        return taken_words(self.words.speech, complaints.title(unique.field), complaints.taken_in(unique.binding))

    def repaired(self, clause: Clause, values: Mapping[str, Value]) -> str | None:
        """A text for the clause's field with which the field meets every clause; None: no such text was found."""
        name, text = clause.fields[0], values.get(clause.fields[0])
        if len(clause.fields) > 1 or not isinstance(text, str):
            return None
        nearby = repaired(self.requirement.values[name].texts, text, self.requirement.budget)
        if nearby is None or any(name in other.fields for other in self._broken({**values, name: nearby})):
            return None
        return nearby


_MOST_NAMED = 10
"""Unknown fields of a record that are named in the message: each is compared with every field, to guess which was meant."""


def _exact(value: Value | float) -> Value:
    if isinstance(value, float) and isfinite(value):
        return Decimal(repr(value))
    return cast("Value", value)  # NaN and infinities are no values, and are rejected


_TRUTHS: Mapping[str, Value] = {"true": True, "false": False}


class _Words(dict["Clause", str]):
    """What each clause demands, in the reader's language, whatever the value. Holds no value."""

    def __init__(self, complaints: Complaints, speech: Speech) -> None:
        super().__init__()
        self.complaints = complaints
        self.speech = speech

    def __missing__(self, clause: Clause) -> str:
        words = self[clause] = complaint_words(self.speech, self.complaints.of_clause(clause))
        return words
