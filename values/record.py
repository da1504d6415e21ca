"""Sets of records: constraints on several text fields together, decided in the same engine as single texts.

A record of text fields is written as one string, its fields separated by a mark that no text can contain, null as a mark
of its own:

    ("Ada", null, "Lovelace")   ->   Ada|0|Lovelace

"first name, blank, last name have at most 30 bytes" is then a set of strings like any other: a join of the fields is a
machine that reads such a string, and a transform of one field is a machine that works on one segment of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import steps
from .budget import STANDARD
from .charset import Charset
from .language import TEXTS, Language, chars, concat, intersection, union
from .plausible import MARK, NULL_MARK
from .solve.atom import Atom, Measure
from .solve.bounds import without_chain
from .solve.members import member_of
from .solve.minimal import canonical
from .solve.violation import violation
from .transducer import Move, Transducer
from .weight import Weight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .budget import Budget
    from .textset import TextSet
    from .transducer import Phase

_MARK = chr(MARK)
_NULL = chr(NULL_MARK)
_MARK_LANGUAGE = chars(Charset((MARK, MARK + 1)))
_NULL_LANGUAGE = chars(Charset((NULL_MARK, NULL_MARK + 1)))

_IS_MARK, _IS_NULL = -1, -2
_MARKS: tuple[tuple[int, ...], tuple[int, ...]] = ((MARK, NULL_MARK, NULL_MARK + 1), (0, _IS_MARK, _IS_NULL, 0))


_SHORT = 64
"""The greatest bound on one field, in its unit, that is counted in the language of the record."""


def write_record(values: Sequence[str | None]) -> str:
    """The record as one string."""
    return _MARK.join(_NULL if value is None else value for value in values)


def read_record(text: str) -> tuple[str | None, ...]:
    """The record that a string denotes."""
    return tuple(None if part == _NULL else part for part in text.split(_MARK))


@dataclass(frozen=True, slots=True)
class RecordSet:
    """Records whose fields are each in a set of texts (and null), with constraints on several fields."""

    fields: tuple[tuple[TextSet, bool], ...]
    """Per field its texts, and whether null is among its values."""
    restrictions: tuple[Atom, ...] = ()
    """The constraints on the record as a whole."""

    def first_violation(self, atom: Atom, budget: Budget = STANDARD) -> tuple[str | None, ...] | None:
        """A record that breaks the atom, with the fewest characters in all; None: no record does. Raises BudgetExceeded."""
        if self._evidently_fits(atom):
            return None
        text = violation(self._atoms(), atom, self._universe(), budget)
        return None if text is None else read_record(text)

    def member(self, atoms: Sequence[Atom] = (), budget: Budget = STANDARD) -> tuple[str | None, ...] | None:
        """A record with all of these atoms as well; None: there is none. Raises BudgetExceeded."""
        shortest = [texts.member(budget) for texts, _ in self.fields]
        seeds = (shortest, [None if null else text for text, (_, null) in zip(shortest, self.fields, strict=True)])
        for seed in seeds:
            there = all(text is not None or null for text, (_, null) in zip(seed, self.fields, strict=True))
            written = write_record(seed)
            if there and all(written in atom for atom in (*self.restrictions, *atoms)):
                return tuple(seed)
        text = member_of((*self._atoms(), *atoms), self._universe(), budget)
        return None if text is None else read_record(text)

    @property
    def is_small(self) -> bool:
        """Whether every measure of a field is short, so that `language` has few states."""
        atoms = [atom for texts, _ in self.fields for atom in texts.atoms if atom.plain is None]
        return all(isinstance(atom, Measure) and _is_short(atom) for atom in atoms)

    def language(self) -> Language:
        """The records, as strings; with `restrictions`."""
        return intersection(self._universe(), *(atom.as_language() for atom in self._atoms()))

    def with_field(self, index: int, texts: TextSet, *, null: bool) -> RecordSet:
        """The same records, with other values in one field."""
        fields = (*self.fields[:index], (texts, null), *self.fields[index + 1 :])
        return RecordSet(fields, self.restrictions)

    def _evidently_fits(self, atom: Atom) -> bool:
        """Interval analysis: the greatest total measure of the fields is no more than the atom allows."""
        if not isinstance(atom, Measure) or atom.low > 0 or atom.high is None:
            return False
        bound = without_chain(atom.weight, atom.chain)
        if bound is None:
            return False
        weight, most = bound
        for texts, _ in self.fields:
            limits = [
                a.high
                for a in texts.atoms
                if isinstance(a, Measure) and not a.chain and a.high is not None and a.weight >= weight
            ]
            if not limits:
                return False
            most += min(limits)
        return most <= atom.high

    def _universe(self) -> Language:
        parts: list[Language] = []
        for texts, nullable in self.fields:
            segment = TEXTS & _languages_of(texts)
            parts += (union(segment, _NULL_LANGUAGE) if nullable else segment, _MARK_LANGUAGE)
        return canonical(concat(*parts[:-1]))

    def _atoms(self) -> tuple[Atom, ...]:
        """The measures of single fields, as measures of the record after a machine that keeps only that field.

        A null field writes nothing; a lower bound would reject it, so such a bound is part of the universe instead.
        """
        atoms: list[Atom] = list(self.restrictions)
        for i, (texts, nullable) in enumerate(self.fields):
            for atom in texts.atoms:
                if not isinstance(atom, Measure) or atom.plain is not None or _is_short(atom):
                    continue
                if not (nullable and atom.low > 0):
                    atoms += atom.back(Select(i))
        return tuple(sorted(set(atoms), key=lambda atom: atom.serial))


def _languages_of(texts: TextSet) -> Language:
    """The memberships of a set, its short measures, and those with a lower bound, as one language."""
    language = TEXTS
    for atom in texts.atoms:
        if atom.plain is not None or (isinstance(atom, Measure) and (atom.low > 0 or _is_short(atom))):
            language = language & (atom.plain or atom.as_language())
    return language


def _is_short(atom: Measure) -> bool:
    """Whether its bounds are so small that the language of a field can count it in few states."""
    return not atom.chain and atom.high is not None and atom.high <= _SHORT


def _without_marks(weight: Weight) -> Weight:
    """The same unit, marks left out."""
    return Weight(weight.name, steps.merge(weight.step, _MARKS, lambda w, mark: 0 if mark else w))


def _marks_weigh_nothing(weight: Weight) -> bool:
    return weight.of(_MARK + _NULL) == 0


@dataclass(frozen=True)
class Select(Transducer):
    """Keeps only one field of the record; a null field gives the empty text. The phase is the number of marks read."""

    index: int

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return _MARKS

    def starts(self) -> tuple[tuple[Phase, str], ...]:
        return ((0, ""),)

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        assert isinstance(phase, int)  # noqa: S101 - this machine's phases are counts
        if character_class == _IS_MARK:
            return (Move(min(phase + 1, self.index + 1), None),)
        if phase == self.index and character_class != _IS_NULL:
            return (Move(phase),)
        return (Move(phase, None),)

    @property
    def never_longer(self) -> bool:
        return True


@dataclass(frozen=True)
class Join(Transducer):
    """The fields of a record one after the other, `separator` between them.

    `nulls` is the treatment of null: "skip" leaves the field and its separator out (SQL's concat_ws), "empty" reads it
    as the empty text, "reject" rejects the record. A phase is (something was written, place in the segment, segment).
    """

    count: int
    separator: str
    nulls: str

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return _MARKS

    @property
    def rejects(self) -> bool:
        return True  # strings that are not records of `count` fields

    def starts(self) -> tuple[tuple[Phase, str], ...]:
        return (((False, "start", 0), ""),)

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        written, place, index = phase
        lead = self.separator if written and place == "start" else ""
        if character_class == _IS_MARK:
            if index + 1 == self.count:
                return ()
            return (Move((written or place == "start", "start", index + 1), None, lead),)
        if character_class == _IS_NULL:
            if place != "start" or self.nulls == "refuse":
                return ()
            if self.nulls == "empty":
                return (Move((True, "null", index), None, lead),)
            return (Move((written, "null", index), None),)
        if place == "null":
            return ()
        return (Move((True, "text", index), before=lead),)

    def end(self, phase: Phase) -> str | None:
        written, place, index = phase
        if index + 1 != self.count:
            return None
        return self.separator if written and place == "start" else ""

    def outweigh(self, weight: Weight) -> tuple[Weight, int]:
        return _without_marks(weight), (self.count - 1) * weight.of(self.separator)

    def invisible(self, weight: Weight) -> bool:
        return _marks_weigh_nothing(weight) and weight.of(self.separator) == 0

    def join(self, values: Sequence[str | None]) -> str | None:
        """The joined text of a record; None where null is rejected."""
        if self.nulls == "refuse" and None in values:
            return None
        kept = [value or "" for value in values] if self.nulls == "empty" else [v for v in values if v is not None]
        return self.separator.join(kept)


_FRESH = "fresh"
_NULL_SEEN = "null"


@dataclass(frozen=True)
class FieldMachine:
    """A machine for one field of a record."""

    index: int
    machine: Transducer
    null_becomes: str | None = None
    """The replacement of null in this field; None: it stays null."""


@dataclass(frozen=True)
class OnFields(Transducer):
    """Machines on single fields of a record; null stays null, the other fields are unchanged.

    A phase is (segment, its machine's own phase there). The text of a machine's start is written with its first character.
    """

    parts: tuple[FieldMachine, ...]
    """At most one per field, in the order of the fields."""

    @classmethod
    def one(cls, index: int, machine: Transducer, null_becomes: str | None = None) -> OnFields:
        """A machine on one field."""
        return cls((FieldMachine(index, machine, null_becomes),))

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], tuple[Any, ...]]:
        """A mark, or a class for each of the machines."""
        own_classes: tuple[tuple[int, ...], tuple[tuple[int, ...], ...]] = steps.constant(())
        for part in self.parts:
            own_classes = steps.merge(own_classes, part.machine.classes, lambda known, own: (*known, own))
        return steps.merge(_MARKS, own_classes, lambda mark, own: mark or own)

    @cached_property
    def _at(self) -> dict[int, tuple[int, FieldMachine]]:
        return {part.index: (place, part) for place, part in enumerate(self.parts)}

    @cached_property
    def _last(self) -> int:
        return self.parts[-1].index

    @property
    def rejects(self) -> bool:
        return any(part.machine.rejects for part in self.parts)

    @property
    def guesses(self) -> bool:
        return any(part.machine.guesses for part in self.parts)

    def fused(self, after: Transducer) -> Transducer | None:
        if not self.commutes(after) or not isinstance(after, OnFields):
            return None
        return OnFields(tuple(sorted((*self.parts, *after.parts), key=lambda part: part.index)))

    def starts(self) -> tuple[tuple[Phase, str], ...]:
        return (((0, _FRESH if 0 in self._at else None), ""),)

    def moves(self, phase: Phase, character_class: Any) -> tuple[Move, ...]:  # noqa: ANN401 - see `classes`
        segment, inner = phase
        if character_class == _IS_MARK:
            ending = self.end(phase)
            if ending is None:
                return ()
            following = min(segment + 1, self._last + 1)
            return (Move((following, _FRESH if following in self._at else None), before=ending),)
        if segment not in self._at:
            return (Move(phase),)
        place, part = self._at[segment]
        if character_class == _IS_NULL:
            if inner != _FRESH:
                return ()
            if part.null_becomes is not None:
                return (Move((segment, _NULL_SEEN), None, part.null_becomes),)
            return (Move((segment, _NULL_SEEN)),)
        if inner == _NULL_SEEN:
            return ()
        begun = part.machine.starts() if inner == _FRESH else ((inner, ""),)
        return tuple(
            Move((segment, move.phase), move.image, text + move.before)
            for start, text in begun
            for move in part.machine.moves(start, character_class[place])
        )

    def commutes(self, other: Transducer) -> bool:
        return isinstance(other, OnFields) and not any(part.index in self._at for part in other.parts)

    def outweigh(self, weight: Weight) -> tuple[Weight, int] | None:
        step, added = weight.step, 0
        for part in self.parts:
            bound = part.machine.outweigh(weight)
            if bound is None:
                return None
            step = steps.merge(step, bound[0].step, max)
            added += max(bound[1], weight.of(part.null_becomes or ""))
        return Weight(f"at most {weight.name}", step), added

    def invisible(self, weight: Weight) -> bool:
        return _marks_weigh_nothing(weight) and all(
            part.machine.invisible(weight) and weight.of(part.null_becomes or "") == 0 for part in self.parts
        )

    def end(self, phase: Phase) -> str | None:
        segment, inner = phase
        if segment not in self._at or inner == _NULL_SEEN:
            return ""
        machine = self._at[segment][1].machine
        if inner != _FRESH:
            return machine.end(inner)
        endings = ((text, machine.end(start)) for start, text in machine.starts())
        return next((text + ending for text, ending in endings if ending is not None), None)
