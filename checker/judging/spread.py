"""What of an obligation fails besides its witness: the range of what fails, and a witness in letters and digits.

Both explain a failure that is proved already, so they have small budgets: where one does not suffice, they are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...values import language
from ...values.budget import BudgetExceeded
from ...values.charset import Charset
from ...values.record import write_record
from ...values.solve.atom import Measure, measure
from ...values.span import Span, greatest, least, span_outside
from ...values.textset import TextSet
from ...values.valueset import ValueSet
from ...values.weight import CODE_POINTS
from ..preconditions.obligation import OwnConstraint

if TYPE_CHECKING:
    from ...documents.names import EntityName
    from ...values.budget import Budget
    from ...values.record import RecordSet
    from ...values.weight import Weight
    from ..finding import FieldValues
    from ..preconditions.obligation import Obligation, Origin
    from .judge import Judge

_LETTERS_AND_DIGITS = Charset.ranges([(ord(first), ord(last)) for first, last in ("09", "AZ", "az")])
PLAIN = ~ValueSet.of_type("text") | ValueSet.text(
    TextSet.language(language.repeat(language.chars(_LETTERS_AND_DIGITS), 1))
)
"""Texts of letters and digits, and every value that is no text."""


def unit(origin: Origin) -> Weight:
    """The unit that a constraint counts in; characters where it counts in none."""
    if isinstance(origin, OwnConstraint):
        for atom in origin.constraint.accepts.texts.atoms:
            if isinstance(atom, Measure) and atom.plain is None:
                return atom.weight
    return CODE_POINTS


def failing_span(
    judge: Judge, obligation: Obligation, origin: Origin, entity: EntityName, record: FieldValues
) -> Span | None:
    """The span of the accepted values that fail an obligation; of joined fields, of the measure of the joined text.

    `record`: one that fails. None: it is not known. Of alterations it is not stated: of what a step alters, only a part
    may be lost.
    """
    if obligation.effect == "alter":
        return None
    try:
        match obligation.accepts:
            case ValueSet() as accepts:
                name = obligation.fields[0]
                return span_outside(
                    judge.held(entity, name), accepts, unit(origin), judge.budget.quick, record.get(name)
                )
            case TextSet() as accepts:
                records = judge.records(obligation, entity)
                return None if records is None else _joined_span(records, accepts, judge.budget.room)
            case _:
                return None
    except BudgetExceeded:
        return None


def _joined_span(records: RecordSet, accepts: TextSet, budget: Budget) -> Span | None:
    bounds = [atom for atom in accepts.atoms if isinstance(atom, Measure)]
    if len(bounds) != 1 or bounds[0].high in {0, None} or bounds[0].low > 0 or len(accepts.atoms) > 2:
        return None
    bound, beyond = bounds[0], (bounds[0].high or 0) + 1

    def measured(low: int, high: int | None) -> int | None:
        if high is not None and high < beyond:
            return None
        record = records.member(measure(bound.weight, max(low, beyond), high, bound.chain), budget)
        return None if record is None else _joined_measure(write_record(record), bound)

    some = measured(0, None)
    if some is None:
        return None
    high = greatest(measured, some, budget.measured_characters)
    return Span(None, bound.weight.name, least(measured, some), high)


def _joined_measure(text: str, bound: Measure) -> int:
    for machine in bound.chain:
        text = machine.run(text) or ""
    return bound.weight.of(text)


def is_plain(record: FieldValues) -> bool:
    """Whether every text of a record is of letters and digits."""
    return all(value in PLAIN for value in record.values())


def plain_record(
    judge: Judge, obligation: Obligation, origin: Origin, entity: EntityName, record: FieldValues
) -> FieldValues | None:
    """A record that fails as the witness does, in letters and digits: the witness itself, if it is; None: none is known."""
    if is_plain(record):
        return record
    names = tuple(name for name in dict.fromkeys(obligation.fields) if name.entity_name == entity)
    judgement = judge.among(PLAIN, names).judge(obligation, origin, entity)
    return judgement.record if judgement.verdict == "refuted" and is_plain(judgement.record or {}) else None
