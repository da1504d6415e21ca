"""What is wrong with the records that may not hold what they must: each is simulated, as a record that is looked for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from ...checker.record.expected import moment_of, same_held, state_by_time
from ...checker.record.stop import WRONG_STATES
from .columns import plain_text, value_in
from .prepared import SOURCE, TARGET, given_column, held_column, key_column, off_column

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from ...checker.record.crossing import CrossedField
    from ...checker.record.expected import Expectation, Moment
    from ...checker.record.stop import StopState
    from ...contracts.model import Entity
    from ...documents.names import FieldName
    from .prepared import PreparedPair

_MOST_KEPT = 100_000
"""Answers that are kept for each field."""
RowOutcome: TypeAlias = Literal["missing", "extra", "differing", "several"]


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One line of the file of keys."""

    outcome: RowOutcome
    source: str | None
    """The key in the first system."""
    target: str | None
    """The key in the second."""
    field: str | None
    """What does not hold what it must; None: the record as a whole."""
    state: StopState | None
    reason: str | None


_Judged: TypeAlias = "tuple[StopState | None, str | None, timedelta | None]"
"""The state of a field without a look at the clock, the reason, and the time that it takes; None: as it must be."""


@dataclass
class RowVerdicts:
    """The verdicts on rows of one pair, counted."""

    pair: PreparedPair
    now: datetime
    put: Callable[[KeyLine], None]
    within: timedelta | None = None
    """The time in which a value must arrive, whatever the flows state; None: that of the flows."""
    missing: Counter[tuple[StopState, str | None]] = field(default_factory=Counter)
    fields: dict[str, Counter[tuple[StopState, str | None]]] = field(default_factory=dict)
    withheld: int = 0
    extra: int = 0
    wrong: int = 0
    """Records of both in which a field does not hold what it must, or that is not known."""

    def __post_init__(self) -> None:
        crossing, own = self.pair.crossing, self.pair.given
        every = (*crossing.between, *crossing.fields)
        self._expected: dict[FieldName, dict[tuple[str | None, ...], Expectation]] = {}
        self._judged: dict[FieldName, dict[tuple[str | None, ...], _Judged]] = {}
        self._reads: dict[FieldName, tuple[FieldName, ...]] = {}
        for each in every:
            name = each.field.full_name
            self._expected[name], self._judged[name] = {}, {}
            self._reads[name] = tuple(read for read in each.reads if read.field in own)
        self._refusing = [
            each
            for each in every
            if each.opaque is None and self._reads[each.field.full_name] and not each.is_taken_always
        ]
        """The fields for which a record may be refused, here or on the way."""
        self._looked_at = [
            each
            for each in crossing.fields
            if self._reads[each.field.full_name] and (crossing.may_lack or not each.is_taken_always)
        ]
        """The fields of which it is asked whether a record must be there at all."""

    def judge(self, rows: Iterable[Mapping[str, str | bool | None]]) -> None:
        """Rows of the two stores side by side that may not hold what they must."""
        for row in rows:
            if row[TARGET] is None:
                self._judge_missing(row)
            elif row[SOURCE] is None:
                self.extra += 1
                self.put(KeyLine("extra", None, self._target_key(row), None, None, None))
            else:
                self._judge_both(row)

    def put_several(self, row: Mapping[str, str | bool | None]) -> None:
        """A row of one of the stores, whose key other rows have, too."""
        is_source = row.get(SOURCE) is not None
        source = self._source_key(row) if is_source else None
        target = None if is_source else self._target_key(row)
        self.put(KeyLine("several", source, target, None, "not known", "other records have the same key"))

    # ------------------------------------------------------------------------------------------------ a record of both

    def _judge_both(self, row: Mapping[str, str | bool | None]) -> None:
        is_off = False
        refused: str | Literal[False] | None = False
        for crossed in self.pair.fields:
            name = crossed.field.name
            if not row[off_column(name)]:
                continue
            state, reason, lag = self._field(crossed, row)
            if state is None:
                before = self._refused_before(crossed, row)
                if before is None:
                    continue
                state, reason = "refused", before
            if state == "differs":
                refused = self._refusal(row) if refused is False else refused
                state, reason = ("refused", refused) if refused else (self._by_clock(row, lag, absent=False), None)
            self.fields.setdefault(name, Counter())[state, reason] += 1
            is_off = is_off or state != "not yet due"
            if state in WRONG_STATES or state == "not known":
                self.put(KeyLine("differing", self._source_key(row), self._target_key(row), name, state, reason))
        self.wrong += is_off

    def _field(self, crossed: CrossedField, row: Mapping[str, str | bool | None]) -> _Judged:
        name = crossed.field.full_name
        held = row[held_column(name.field)]
        given = tuple(row[given_column(n.field)] for n in self._reads[name])
        key = (*given, held)
        known = self._judged[name]
        judged = known.get(key)  # type: ignore[arg-type]  # texts or null
        if judged is None:
            if len(known) >= _MOST_KEPT:
                known.clear()
            judged = known[key] = self._compared(crossed, self._of(crossed, row), held)  # type: ignore[index, arg-type]
        return judged

    def _compared(self, crossed: CrossedField, of: Expectation, text: str | None) -> _Judged:
        """The state of one field that holds a text, by what arrives there."""
        held = value_in(text, crossed.field)
        if not of.arrivals or of.is_met(self.pair.target.entity, held):
            return None, None, None
        if any(same_held(arrival.value, held) for arrival in of.rejected):  # type: ignore[arg-type]  # None equals none
            return None, None, None
        if not of.is_known:
            return "not known", "what must arrive there is not known", None
        if crossed.elsewhere:
            return "not known", f"{crossed.elsewhere[0]} may have brought it", None
        if of.rejected and not of.values:
            return "refused", self._refusal_words(of), None
        return "differs", None, of.lag

    # ----------------------------------------------------------------------------------------- a record that is missing

    def _judge_missing(self, row: Mapping[str, str | bool | None]) -> None:
        found = self._missing_state(row)
        if found is None:
            self.withheld += 1
            return
        state, reason, target = found
        self.missing[state, reason] += 1
        if state != "not yet due":
            self.put(KeyLine("missing", self._source_key(row), target, None, state, reason))

    def _missing_state(self, row: Mapping[str, str | bool | None]) -> tuple[StopState, str | None, str | None] | None:
        """The state of a record that is not there, the reason, and the key that it must have; None: none must be there."""
        crossing = self.pair.crossing
        keys = [self._of(each, row) for each in crossing.fields_of_key]
        for crossed, key in zip(crossing.fields_of_key, keys, strict=True):
            if not key.arrivals:
                before = self._refused_before(crossed, row)
                return None if before is None else ("refused", before, None)
        values = [each.values[0] if len(each.values) == 1 else None for each in keys]
        target = key_text([plain_text(value) for value in values])
        if crossing.reference is not None:
            target = key_text([row[key_column(crossing.key[0])]])
        refused = self._refusal(row)
        if refused is not None:
            return "refused", refused, target
        every = [self._of(each, row) for each in self._looked_at]
        lacking = crossing.lacking(every) if crossing.may_lack else ()
        if lacking:
            return "refused", f"the record arrives without {lacking[0].field}", target
        if not all(each.is_known and len(each.values) == 1 for each in keys):
            return "not known", "the key that it has there is not known", target
        if any(value is None for value in values):
            return "not known", "its key is null", None
        if any(arrival.doubts or arrival.is_rejected for each in every for arrival in each.arrivals):
            return "not known", "whether a record must be there is not known", target
        if not keys:  # a table says the key
            keys = [self._of(each, row) for each in crossing.fields if self._reads[each.field.full_name]]
        lags = [each.lag for each in keys]
        stated = [lag for lag in lags if lag is not None]
        lag = max(stated) if stated and len(stated) == len(lags) else None
        return self._by_clock(row, lag, absent=True), None, target

    # ------------------------------------------------------------------------------------------------------------ parts

    def _of(self, crossed: CrossedField, row: Mapping[str, str | bool | None]) -> Expectation:
        """What arrives of a row in a field."""
        name, reads = crossed.field.full_name, self._reads[crossed.field.full_name]
        given = tuple(row[given_column(each.field)] for each in reads)
        known = self._expected[name]
        of = known.get(given)  # type: ignore[arg-type]  # texts or null
        if of is None:
            if len(known) >= _MOST_KEPT:
                known.clear()
            fields = self.pair.crossing.source.fields
            record = {n: value_in(t, fields[n.field]) for n, t in zip(reads, given, strict=True)}  # type: ignore[arg-type]
            of = known[given] = crossed.expected(record)  # type: ignore[index]
        return of

    def _refused_before(self, crossed: CrossedField, row: Mapping[str, str | bool | None]) -> str | None:
        """Why nothing arrives in a field although its flows carry something: a system on the way rejects it."""
        if self._of(crossed, row).arrivals:
            return None
        for other in self.pair.crossing.between:
            if other.field.full_name in crossed.passed and other.opaque is None and self._reads[other.field.full_name]:
                of = self._of(other, row)
                if of.rejected and not of.values:
                    return self._refusal_words(of)
        return None

    def _refusal(self, row: Mapping[str, str | bool | None]) -> str | None:
        """Why the second system, or one on the way, rejects the whole record; None: nothing says so."""
        for crossed in self._refusing:
            of = self._of(crossed, row)
            if of.is_known and of.rejected and not of.values:
                return self._refusal_words(of)
        return None

    @staticmethod
    def _refusal_words(of: Expectation) -> str:
        at = of.rejected[0].field
        names = [constraint.name for arrival in of.rejected for constraint in arrival.rejections]
        return f"{at} rejects it ({names[0]})" if names else f"a step before {at} fails on it"

    def _by_clock(self, row: Mapping[str, str | bool | None], lag: timedelta | None, *, absent: bool) -> StopState:
        crossing = self.pair.crossing
        sources = [self._moment(crossing.source, row, given_column)]
        changed = None if absent else self._moment(crossing.target, row, held_column)
        never_came = absent and crossing.target.changed is not None
        lag = lag if self.within is None else self.within
        return state_by_time(lag, sources, changed, self.now, is_late_where_absent=never_came)[0]

    @staticmethod
    def _moment(entity: Entity, row: Mapping[str, str | bool | None], column: Callable[[str], str]) -> Moment | None:
        text = None if entity.changed is None else row.get(column(entity.changed))
        return None if not isinstance(text, str) else moment_of(value_in(text, entity.fields[entity.changed or ""]))

    def _source_key(self, row: Mapping[str, str | bool | None]) -> str | None:
        return key_text([row.get(given_column(name)) for name in self.pair.crossing.source.key])

    def _target_key(self, row: Mapping[str, str | bool | None]) -> str | None:
        names = self.pair.crossing.target.key
        own = names if all(name in self.pair.target.columns for name in names) and names else self.pair.crossing.key
        return key_text([row.get(held_column(name)) for name in own])


def key_text(parts: Sequence[object]) -> str | None:
    """A key as one text: its only part, or the parts as a JSON list; None where it has none, or a part is not known."""
    if not parts or any(part is None for part in parts):
        return None
    if len(parts) == 1:
        return str(parts[0])
    import json

    return json.dumps([str(part) for part in parts], ensure_ascii=False)
