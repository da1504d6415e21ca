"""Repeats: entries that may send the same value twice to where it may stand once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from operator import and_
from typing import TYPE_CHECKING

from ...values.budget import BudgetExceeded
from ...values.valueset import ValueSet
from .collide import completed, may_be_rejected, typed_values
from .pairs import same_value
from .simulate import travel

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ...contracts.model import Unique
    from ...documents.names import EntityName, FieldName
    from ...values.valueset import Value
    from ..finding import FieldValues
    from .backward import Joined
    from .context import Context
    from .ways import Demand, EntryWay


@dataclass(frozen=True, slots=True)
class RepeatedValue:
    """Values that come twice where they may stand once."""

    names: tuple[FieldName, ...]
    """The entry fields that send them, by full name."""
    first: FieldValues
    second: FieldValues
    """The same values, sent by the same entry or by another."""
    doubt: str | None
    """The reason why it is not known whether both arrive; None where they do."""


def repeats(context: Context, demand: Demand) -> Iterator[RepeatedValue]:
    """The entry fields that may send the same values twice, each set of them once.

    A record with the key of an earlier one updates it, unless the contract says otherwise. An entry that demands by
    itself that the values, or some of them, are unique sends none twice; another entry may still send the same.
    """
    if demand.unique.updates:
        return
    ways = context.ways(demand)
    reported: set[tuple[FieldName, ...]] = set()
    for each in (*_alone(context, ways.whole), *_joined(context, demand, ways.joined), *_across(context, ways.whole)):
        if each.names not in reported:
            reported.add(each.names)
            yield each


def _alone(context: Context, ways: tuple[EntryWay, ...]) -> Iterator[RepeatedValue]:
    for way in ways:
        record = _sent_twice(context, way)
        if record is not None:
            yield _repeat(context, (way, way), record, record)


def _sent_twice(context: Context, way: EntryWay) -> FieldValues | None:
    """Values that arrive on a way, and that the entry itself accepts more than once; None: there are none."""
    record: dict[FieldName, Value] = {}
    nullable: set[str] = set()
    try:
        for name in way.names:
            values = typed_values(way, name).values
            witness = values.witness(context.budget)
            if witness is None:
                return None
            record[name] = witness.value
            if None in values:
                nullable.add(name.field)
    except BudgetExceeded:
        return None  # whether they collide is unknown, then, and reported
    guards = _guards(context, way.entry, way.names)
    if not guards:
        return record
    if all(nullable & set(guard.fields) and not guard.one_null for guard in guards):
        return {name: None if name.field in nullable else value for name, value in record.items()}
    return None


def _guards(context: Context, entry: EntityName, names: Collection[FieldName]) -> list[Unique]:
    """The entry's own demands on some of these fields."""
    own = {name.field for name in names}
    return [unique for unique in context.graph.contracts.entities[entry].unique if own.issuperset(unique.fields)]


def _joined(context: Context, demand: Demand, ends: tuple[Joined, ...]) -> Iterator[RepeatedValue]:
    """Of values that are joined on the way: a whole record that is sent twice."""
    for end in ends:
        if not end.link.exact:
            continue  # a step that is not described may make them differ, such as a running number
        upstream = context.graph.upstream([source.full_name for source in end.link.sources])
        for entity in context.graph.entries:
            names = tuple(f.full_name for f in entity.fields.values() if f.full_name in upstream)
            if not names or _guards(context, entity.full_name, names):
                continue
            record = _whole_record(context, names)
            if record is not None and _arrives(context, demand, end, record):
                yield RepeatedValue(names, record, record, None)


def _whole_record(context: Context, names: tuple[FieldName, ...]) -> FieldValues | None:
    record: dict[FieldName, Value] = {}
    try:
        for name in names:
            witness = context.judge.accepted(name).witness(context.budget)
            if witness is None:
                return None
            record[name] = witness.value
    except BudgetExceeded:
        return None
    return record


def _arrives(context: Context, demand: Demand, end: Joined, record: FieldValues) -> bool:
    """Whether a record arrives, over the link that joins its values, with all that is compared there."""
    last = (end.links or (end.link,))[-1]
    arrivals = travel(context.graph, record, context.budget).arrivals
    taken = {
        name: [each for each in arrivals.get(name, ()) if not each.is_rejected and not each.doubts]
        for name in dict.fromkeys((last.target.full_name, *demand.columns))
    }
    if not any(each.link is last and each.stored is not None for each in taken[last.target.full_name]):
        return False
    fields = context.graph.fields
    return all(
        any(each.stored is not None for each in taken[name])
        or (demand.unique.one_null and not arrivals.get(name) and not fields[name].required)
        for name in demand.columns
    )


def _across(context: Context, ways: tuple[EntryWay, ...]) -> Iterator[RepeatedValue]:
    """Of two entries, or two fields of one, that may send the same values."""
    for one, other in combinations(ways, 2):
        if one.names == other.names:
            continue
        first: dict[FieldName, Value] = {}
        second: dict[FieldName, Value] = {}
        for mine, theirs in zip(one.lanes, other.lanes, strict=True):
            name, twin = mine.origin.field, theirs.origin.field
            known = [sent[field] for sent, field in ((first, name), (second, twin)) if field in sent]
            among = reduce(and_, (ValueSet.exactly([value]) for value in known), ValueSet.everything())
            try:
                same = same_value(typed_values(one, name), typed_values(other, twin), context.budget, among)
            except BudgetExceeded:
                same = None
            if same is None:
                break
            first[name], second[twin] = same.value, same.value
        else:
            yield _repeat(context, (one, other), first, second)


def _repeat(
    context: Context, ways: tuple[EntryWay, EntryWay], first: FieldValues, second: FieldValues
) -> RepeatedValue:
    """The repeat, with values that meet the conditions on the way where some were found."""
    doubt = may_be_rejected(context, ways, first, second)
    whole: list[FieldValues] = []
    for way, record in zip(ways, (first, second), strict=True):
        sent = completed(context, way, record)
        doubt = doubt or (sent if isinstance(sent, str) else None)
        whole.append(record if isinstance(sent, str) else sent)
    names = tuple(dict.fromkeys((*ways[0].names, *ways[1].names)))
    return RepeatedValue(names, whole[0], whole[1], doubt)
