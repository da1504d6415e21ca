"""Projections: what a constraint on several fields of a record leaves for one of them.

For a field v and the others w, of the records that fields accept by themselves:

    possible   the v with some w that make the record pass; every other v always fails
    always     the v that pass with all w

"10 to 20 characters joined with a blank, at most 32 in all" leaves at most 21 characters that can pass, and 11 that
always do. Both are decided, never estimated: value by value where there are few, by the measure of the field where the
constraint bounds a measure, and on the automaton of the records where that is small.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from .alphabet import on_both, pieces_of, same_on_all, value_at
from .budget import STANDARD, BudgetExceeded
from .interning import Answers
from .language import EMPTY, TEXTS, complement, intersection
from .plausible import MARK
from .record import Join, OnFields, RecordSet, Select
from .solve.atom import Measure, measure
from .solve.minimal import quotient, refine
from .solve.search import states
from .span import few_texts, greatest, least
from .textset import TextSet
from .valueset import ValueSet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .alphabet import LetterStep
    from .budget import Budget
    from .language import Language
    from .record import FieldMachine
    from .solve.atom import Atom
    from .solve.minimal import Moves
    from .span import Measured
    from .weight import Weight

_MOST_STATES = 4_000
"""States of the records of a projection. Beyond: BudgetExceeded."""
_MOST_ATOMS = 6
"""Demands on one record that are followed together, character by character."""


@dataclass(frozen=True, slots=True)
class ProjectedPart:
    """A part of the texts that a field accepts; of some of them, what is known of it in short."""

    size: Literal["all", "some", "none"]
    listed: tuple[str, ...] | None = None
    """Every text of it, where the field accepts few."""
    unit: str | None = None
    """The unit of `least` and `most`, which measure the text after the field's own transforms."""
    least: int | None = None
    """Of the possible texts: none that measures less is one. Of those that always pass: all that measure as much do."""
    most: int | None = None
    """Of the possible texts: none that measures more is one. Of those that always pass: all that measure no more do."""
    beyond: str | None = None
    """An accepted text that is not of it all the same, for what it contains; None: none is known."""


@dataclass(frozen=True, slots=True)
class Projection:
    """What a constraint on a record leaves for one of its fields."""

    possible: ProjectedPart | None
    """None: not known."""
    always: ProjectedPart | None


def project(records: RecordSet, accepts: TextSet, index: int, budget: Budget = STANDARD) -> Projection | None:
    """The projection of `accepts` on one field of these records, null left out; None: it is not known.

    Raises BudgetExceeded.
    """
    texts = records.fields[index][0]
    records = records.with_field(index, texts, null=False)
    if any(held.is_empty(budget) and not null for held, null in records.fields):
        return None  # no record at all: the fields' own contradiction is reported by itself
    few = few_texts(texts)
    total = _total(records, accepts, budget)
    if total is not None:
        return _of_sum(records, total, index, few, budget)
    if few is not None:
        return _of_few(records, accepts, index, few, budget)
    budget = budget.limited(_MOST_STATES)
    broken = [atom for atom in accepts.atoms if records.first_violation(atom, budget) is not None]
    if not broken:
        return Projection(ProjectedPart("all"), ProjectedPart("all"))
    bound = _bound(broken)
    known = None if bound is None else _of_bound(records, broken, bound, index, budget)
    if not records.is_small or len(accepts.atoms) > _MOST_ATOMS:
        return known
    try:
        return _of_language(records, accepts, index, budget)
    except BudgetExceeded:
        if known is None:
            raise
        return known


# -------------------------------------------------------------------------------------------------------- few texts


def _of_few(records: RecordSet, accepts: TextSet, index: int, few: tuple[str, ...], budget: Budget) -> Projection:
    possible, always = [], []
    for text in few:
        these = records.with_field(index, ValueSet.exactly((text,)).texts, null=False)
        if these.member(accepts.atoms, budget) is not None:
            possible.append(text)
        if all(these.first_violation(atom, budget) is None for atom in accepts.atoms):
            always.append(text)
    return Projection(_listed(few, possible), _listed(few, always))


def _listed(few: tuple[str, ...], texts: list[str]) -> ProjectedPart:
    if len(texts) in {0, len(few)}:
        return ProjectedPart("all" if texts or not few else "none")
    return ProjectedPart("some", tuple(texts))


# ------------------------------------------------------------------------------------------------- sums of measures


@dataclass(frozen=True, slots=True)
class _Total:
    """A constraint that bounds the sum of what each field measures, and excludes some characters."""

    bound: Measure
    """At most `high`, or at least `low`: one of the two."""
    join: Join
    excluded: tuple[Measure, ...]


def _total(records: RecordSet, accepts: TextSet, budget: Budget) -> _Total | None:
    """The constraint as a bound on a sum; None: it is not, or not of that alone."""
    measures = [atom for atom in accepts.atoms if isinstance(atom, Measure)]
    bounds = [atom for atom in measures if atom.high != 0]
    if len(bounds) != 1 or not bounds[0].chain or (bounds[0].low > 0 and bounds[0].high is not None):
        return None
    join = bounds[0].chain[-1]
    if not isinstance(join, Join) or records.restrictions:
        return None
    if any(atom.high == 0 and atom.weight.of(join.separator) for atom in measures):
        return None  # the separator itself is excluded
    if not all(isinstance(machine, OnFields) or machine == join for atom in measures for machine in atom.chain):
        return None
    filled = RecordSet(tuple((TextSet.full(), False) for _ in records.fields))
    perhaps_null = RecordSet(tuple((TextSet.full(), null) for _, null in records.fields))
    for atom in accepts.atoms:  # that no field is null where the join rejects null; that it is a record at all
        if not isinstance(atom, Measure):
            if filled.first_violation(atom, budget) is not None:
                return None
            if join.nulls != "refuse" and perhaps_null.first_violation(atom, budget) is not None:
                return None
    return _Total(bounds[0], join, tuple(atom for atom in measures if atom.high == 0))


def _of_sum(records: RecordSet, total: _Total, index: int, few: tuple[str, ...] | None, budget: Budget) -> Projection:
    """A text passes, with some others or with all, exactly if it measures no more (or no less) than a number.

    And has nothing excluded. Whatever the field holds, each other field that is not null adds what it measures and one
    separator.
    """
    field = _Segment(records, total, index, budget)
    others = [_Segment(records, total, i, budget) for i in range(len(records.fields)) if i != index]
    within = [part for part in (other.added() for other in others) if part is not None]
    if len(within) < len(others):  # each text of some other field has something excluded
        return Projection(ProjectedPart("none"), ProjectedPart("none"))
    some_fail = any(other.strange is not None or other.null_fails for other in others)
    possible = field.part(_limit(total.bound, within, best=True), few)
    if some_fail:
        return Projection(possible, ProjectedPart("none"))
    return Projection(possible, field.part(_limit(total.bound, within, best=False), few))


def _limit(bound: Measure, others: Sequence[tuple[int, int | None]], *, best: bool) -> int | None:
    """The most (or least) that a field may measure, in the best case or in the worst; None: none in the worst."""
    fewest = sum(low for low, _ in others)
    highest = [high for _, high in others]
    most = None if None in highest else sum(high for high in highest if high is not None)
    if bound.high is not None:
        return bound.high - fewest if best else None if most is None else bound.high - most
    if best:
        return 0 if most is None else bound.low - most
    return bound.low - fewest


@dataclass(frozen=True, slots=True)
class _Segment:
    """One field of the records of a sum."""

    records: RecordSet
    total: _Total
    index: int
    budget: Budget

    def _own(self, atom: Measure) -> list[FieldMachine]:
        parts = (part for machine in atom.chain if isinstance(machine, OnFields) for part in machine.parts)
        return [part for part in parts if part.index == self.index]

    def _texts(self, low: int, high: int | None) -> TextSet:
        """The accepted texts that measure so much after the field's own machines."""
        bound = self.total.bound
        chain = tuple(part.machine for part in self._own(bound))
        return self.records.fields[self.index][0] & TextSet.of(measure(bound.weight, low, high, chain))

    @property
    def _allowed(self) -> TextSet:
        """The texts that have nothing excluded."""
        atoms = (
            atom
            for each in self.total.excluded
            for atom in measure(each.weight, 0, 0, tuple(part.machine for part in self._own(each)))
        )
        return TextSet.of(atoms)

    @property
    def strange(self) -> str | None:
        """An accepted text that has something excluded; None: there is none."""
        return self.records.fields[self.index][0].outside(self._allowed, self.budget)

    @property
    def null_fails(self) -> bool:
        """Whether the field may be null, and null cannot be joined: the join rejects it, or it becomes what is excluded."""
        if not self.records.fields[self.index][1]:
            return False
        if self._null(self.total.bound) is None:
            return self.total.join.nulls == "refuse"
        return any(atom.weight.of(self._null(atom) or "") for atom in self.total.excluded)

    def _null(self, atom: Measure) -> str | None:
        """The text that null becomes before it is joined; None: it stays null."""
        text: str | None = None
        for part in self._own(atom):
            text = part.null_becomes if text is None else part.machine.run(text)
        return text

    def added(self) -> tuple[int, int | None] | None:
        """The least and the most that the field adds to the sum, with its separator; None: no value may be joined."""
        separator = self.total.bound.weight.of(self.total.join.separator)
        ways: list[tuple[int, int | None]] = []
        if self.records.fields[self.index][1] and not self.null_fails:
            null = self._null(self.total.bound)
            written = null is not None or self.total.join.nulls == "empty"
            added = self.total.bound.weight.of(null or "") + separator if written else 0
            ways.append((added, added))
        measured = self.measured(self._allowed)
        some = measured(0, None)
        if some is not None:
            high = greatest(measured, some, self.budget.measured_characters)
            ways.append((least(measured, some) + separator, None if high is None else high + separator))
        if not ways:
            return None
        highest = [high for _, high in ways]
        return min(low for low, _ in ways), None if None in highest else max(
            high for high in highest if high is not None
        )

    def measured(self, within: TextSet) -> Measured:
        """The measures of the accepted texts in a set."""
        bound, own = self.total.bound, self._own(self.total.bound)

        def measured(low: int, high: int | None) -> int | None:
            text = (self._texts(low, high) & within).member(self.budget)
            for part in own:
                text = None if text is None else part.machine.run(text)
            return None if text is None else bound.weight.of(text)

        return measured

    def part(self, limit: int | None, few: tuple[str, ...] | None) -> ProjectedPart:
        """The texts that measure no more (or no less) than a limit and have nothing excluded."""
        if limit is None:
            return ProjectedPart("none")
        low, high = (0, limit) if self.total.bound.high is not None else (max(limit, 0), None)
        inside = TextSet.empty() if high is not None and high < 0 else self._texts(low, high) & self._allowed
        if few is not None:
            return _listed(few, [text for text in few if text in inside])
        if inside.is_empty(self.budget):
            return ProjectedPart("none")
        strange, unit = self.strange, self.total.bound.weight.name
        if high is not None and not self._texts(high + 1, None).is_empty(self.budget):
            return ProjectedPart("some", unit=unit, most=high, beyond=strange)
        if low > 0 and not self._texts(0, low - 1).is_empty(self.budget):
            return ProjectedPart("some", unit=unit, least=low, beyond=strange)
        return ProjectedPart("all") if strange is None else ProjectedPart("some", beyond=strange)


# ------------------------------------------------------------------------------------------------- bounds on measures


def _bound(atoms: Sequence[Atom]) -> Measure | None:
    """The one bound among some constraints that counts; None: there is none, or there are several."""
    bounds = [atom for atom in atoms if isinstance(atom, Measure) and atom.high != 0]
    return bounds[0] if len(bounds) == 1 and (bounds[0].low == 0 or bounds[0].high is None) else None


def _of_bound(
    records: RecordSet, atoms: Sequence[Atom], bound: Measure, index: int, budget: Budget
) -> Projection | None:
    """What the measure of a field decides, whatever is joined: beyond the last that passes every text fails.

    Before the first that fails every text passes. That is not all that there is to say.
    """
    parts = (part for machine in bound.chain if isinstance(machine, OnFields) for part in machine.parts)
    own = tuple(OnFields.one(index, part.machine) for part in parts if part.index == index)
    field = _MeasuredField(bound.weight, own, index, budget)
    ends = (field.measures(records), bound, budget)
    try:
        return Projection(
            _passing(field.measures(records, atoms), *ends), _not_failing(field.failing(records, atoms), *ends)
        )
    except BudgetExceeded:
        return None


@dataclass(frozen=True, slots=True)
class _MeasuredField:
    """A field of records, measured after its own machines."""

    weight: Weight
    own: tuple[OnFields, ...]
    index: int
    budget: Budget

    def measures(self, records: RecordSet, atoms: Sequence[Atom] = ()) -> Measured:
        """Its measures in the records with some atoms."""

        def measured(low: int, high: int | None) -> int | None:
            return self._of(records.member((*atoms, *self._within(low, high)), self.budget))

        return measured

    def failing(self, records: RecordSet, atoms: Sequence[Atom]) -> Measured:
        """Its measures in the records that break one of some atoms."""

        def measured(low: int, high: int | None) -> int | None:
            within = replace(records, restrictions=(*records.restrictions, *self._within(low, high)))
            failed = (within.first_violation(atom, self.budget) for atom in atoms)
            return self._of(next((record for record in failed if record is not None), None))

        return measured

    def _within(self, low: int, high: int | None) -> tuple[Atom, ...]:
        return measure(self.weight, low, high, (*self.own, Select(self.index)))

    def _of(self, record: Sequence[str | None] | None) -> int | None:
        if record is None:
            return None
        text = record[self.index] or ""
        for machine in self.own:
            text = machine.parts[0].machine.run(text) or ""
        return self.weight.of(text)


def _passing(possible: Measured, accepted: Measured, bound: Measure, budget: Budget) -> ProjectedPart | None:
    """The part that passes with some other fields: it ends at the last measure that does."""
    some = possible(0, None)
    if some is None:
        return ProjectedPart("none")
    if bound.high is None:
        low = least(possible, some)
        narrows = low > 0 and accepted(0, low - 1) is not None
        return ProjectedPart("some", unit=bound.weight.name, least=low) if narrows else None
    high = _greatest(possible, some, budget)
    return None if accepted(high + 1, None) is None else ProjectedPart("some", unit=bound.weight.name, most=high)


def _not_failing(fails: Measured, accepted: Measured, bound: Measure, budget: Budget) -> ProjectedPart | None:
    """The part that passes with all other fields: it ends before the first measure that fails."""
    some = fails(0, None)
    if some is None:
        return ProjectedPart("all")
    if bound.high is None:
        high = _greatest(fails, some, budget)
        return (
            None if accepted(high + 1, None) is None else ProjectedPart("some", unit=bound.weight.name, least=high + 1)
        )
    low = least(fails, some)
    known = low > 0 and accepted(0, low - 1) is not None
    return ProjectedPart("some", unit=bound.weight.name, most=low - 1) if known else None


def _greatest(measured: Measured, some: int, budget: Budget) -> int:
    high = greatest(measured, some, budget.measured_characters)
    if high is None:
        raise BudgetExceeded("measured characters", budget.measured_characters)
    return high


# ------------------------------------------------------------------------------------------------------- automata


def _of_language(records: RecordSet, accepts: TextSet, index: int, budget: Budget) -> Projection:
    universe, passing = records.language(), accepts.as_language()
    texts = ValueSet.text(records.fields[index][0])
    possible = TextSet.language(_segment(intersection(universe, passing), index, len(records.fields), budget))
    failing = TextSet.language(
        _segment(intersection(universe, complement(passing)), index, len(records.fields), budget)
    )
    return Projection(_of_set(texts, ValueSet.text(possible), budget), _of_set(texts, ValueSet.text(~failing), budget))


def _of_set(texts: ValueSet, part: ValueSet, budget: Budget) -> ProjectedPart:
    beyond = texts.outside(part, budget)
    if beyond is None or not isinstance(beyond.value, str):
        return ProjectedPart("all")
    inside = texts & part
    return (
        ProjectedPart("none")
        if inside.is_empty(budget)
        else ProjectedPart("some", few_texts(inside.texts), beyond=beyond.value)
    )


_segments: Answers[Language] = Answers(1_024)


def _segment(records: Language, index: int, count: int, budget: Budget) -> Language:
    """The texts of one field in a set of records. Raises BudgetExceeded."""
    return _segments.of(records, (index, count, budget), lambda: _projected(records, index, count, budget))


def _projected(records: Language, index: int, count: int, budget: Budget) -> Language:
    """The states within the field, several at once: where the field may begin, and where the rest may follow it."""
    live = _live(states(records, budget.states))
    begins = {records} & live
    for _ in range(index):
        begins = {value_at(state.step(), MARK) for state in _within(begins, live)} & live
    start = frozenset(begins)
    order, numbers = [start], {start: 0}
    moves: list[Moves] = []
    for place in order:
        step: LetterStep[frozenset[Language]] = same_on_all(frozenset())
        for state in sorted(place, key=lambda state: state.serial):
            step = on_both(step, state.step(), lambda known, target: known | {target} if target in live else known)
        for target in step[1]:
            if target not in numbers:
                numbers[target] = len(order)
                order.append(target)
        moves.append((step[0], tuple(numbers[target] for target in step[1])))
        if len(order) > budget.states:
            raise BudgetExceeded("states", len(order))
    last = index + 1 == count
    accepts = [
        any(state.nullable if last else value_at(state.step(), MARK) in live for state in place) for place in order
    ]
    if not any(accepts):
        return EMPTY
    return quotient(moves.__getitem__, accepts, refine(accepts, moves)) & TEXTS


def _within(begins: set[Language], live: set[Language]) -> set[Language]:
    """The live states of one field: those reached without a mark."""
    reached, todo = set(begins), list(begins)
    for state in todo:
        for low, high, target in pieces_of(state.step()):
            if target in live and target not in reached and not (low == MARK and high == MARK + 1):
                reached.add(target)
                todo.append(target)
    return reached


def _live(reached: list[Language]) -> set[Language]:
    """The states from which a record may still end well."""
    sources: dict[Language, list[Language]] = {}
    for state in reached:
        for target in state.step()[1]:
            sources.setdefault(target, []).append(state)
    live = {state for state in reached if state.nullable}
    todo = list(live)
    for state in todo:
        for source in sources.get(state, ()):
            if source not in live:
                live.add(source)
                todo.append(source)
    return live
