"""Demands on pairs of records: two records that become equal are told of, and what is told of becomes equal.

every record of every entry is sent through every flow; where two of them are equal in fields that must differ, either
the check has a finding there, or the entry would not have accepted both, or they were equal further up already
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from fieldline.checker.judging.simulate import travel
from fieldline.checker.judging.ways import Demand
from fieldline.lineage.comparison import comparison
from fieldline.lineage.transform import NoValue, chain_apply

from .estates import Written, flow, written_estates
from .strategies import tries
from .test_estate_laws import Checked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldline.checker.finding import FieldValues, Finding
    from fieldline.checker.judging.simulate import Arrival
    from fieldline.contracts.model import Unique
    from fieldline.documents.names import EntityName, FieldName
    from fieldline.values.valueset import Value

MOST_TWINS = 4
"""Records that one record is compared with, for each key."""

_TEXT_WAYS: list[Any] = [
    True,
    {"case": "insensitive"},
    {"nulls": "one"},
    {"compared": ["trim_right", "lower_ascii"]},
]


@st.composite
def unique_estates(draw: st.DrawFn) -> Written:
    """Small estates in which most fields downstream must be unique: alone, together, or as keys."""
    written = draw(written_estates(most=4))
    contracts: dict[str, dict[str, Any]] = {}
    for name, contract in written.contracts.items():
        entity = dict(contract["entities"]["e"])
        fields = {field: dict(keys) for field, keys in entity["fields"].items()}
        for keys in fields.values():
            if entity["kind"] != "entry" and draw(st.booleans()):
                keys["unique"] = draw(
                    st.sampled_from(_TEXT_WAYS if keys["type"] == "text" else [True, {"nulls": "one"}])
                )
        if draw(st.integers(0, 3)) == 0:
            entity["key"] = draw(st.lists(st.sampled_from(sorted(fields)), min_size=1, max_size=2, unique=True))
            entity["on_duplicate"] = draw(st.sampled_from(["update", "reject"]))
        if len(fields) > 1 and draw(st.booleans()):
            entity["unique"] = [draw(st.sampled_from([["f0", "f1"], {"fields": ["f1", "f0"], "nulls": "one"}]))]
        contracts[name] = {**contract, "entities": {"e": {**entity, "fields": fields}}}
    systems = {name: contract["entities"]["e"]["fields"] for name, contract in contracts.items()}
    entries = [name for name in systems if name.startswith("in")]
    flows = list(written.flows)
    for _ in range(draw(st.integers(0, 3))):
        name = draw(st.sampled_from([name for name in systems if name not in entries]))
        field = draw(st.sampled_from(sorted(systems[name])))
        source = draw(st.sampled_from(entries))
        flows.append(flow(draw, source, systems, f"{name}.e.{field}", systems[name][field]))
    return Written(contracts, flows)


@dataclass(frozen=True)
class Arrived:
    """A record in the fields of a demand."""

    entry: EntityName
    record: FieldValues
    typed: FieldValues
    """The values that it was made from."""
    passed: frozenset[object]
    """The keys under which it was compared on the way."""


@tries(60)
@given(st.one_of(unique_estates(), written_estates(most=5)), st.data())
def test_records_that_become_equal_are_told_of(written: Written, data: st.DataObject) -> None:
    checked = Checked(written, data)
    for demand in demands(checked):
        by_key: dict[object, list[Arrived]] = defaultdict(list)
        for entry, tried in checked.records.items():
            for record in tried:
                for key, arrived in arrivals(checked, demand, entry, record):
                    for twin in by_key[key][:MOST_TWINS]:
                        assert_told(checked, demand, twin, arrived)
                    if not demand.unique.updates:
                        assert_told(checked, demand, arrived, arrived)
                    by_key[key].append(arrived)


def assert_told(checked: Checked, demand: Demand, one: Arrived, other: Arrived) -> None:
    if one.passed & other.passed or rejected_at_entry(checked, one, other):
        return
    names = {*one.typed, *other.typed}
    same = spelled(one.typed) == spelled(other.typed)
    if same and (demand.unique.updates or len(demand.columns) > len(names)):
        return
    rules = {"collision", "repeat"} if same else {"collision"}
    found = [f for f in checked.report.findings if f.rule in rules and is_about(f, demand)]
    proved = {name for f in found if f.verdict == "refuted" for name in f.fields}
    doubted = {name for f in found if f.verdict == "unknown" for name in f.fields}
    assert proved >= names or doubted & names, (demand.columns, one.typed, other.typed)


def spelled(typed: FieldValues) -> list[tuple[str, str]]:
    """The values without their types: a number is the text that spells it."""
    from fieldline.lineage.transforms.convert import Cast

    return sorted((str(Cast("text").apply(value)), "") for value in typed.values())


def demands(checked: Checked) -> Iterator[Demand]:
    for entity in checked.graph.contracts.entities.values():
        for unique in entity.unique:
            demand = Demand(entity, unique)
            if any(checked.graph.into.get(name) for name in demand.columns):
                yield demand


def is_about(finding: Finding, demand: Demand) -> bool:
    binding = finding.binding
    return binding is not None and (binding.field, binding.location) == (demand.columns[0], demand.unique.location)


def arrivals(
    checked: Checked, demand: Demand, entry: EntityName, record: FieldValues
) -> Iterator[tuple[object, Arrived]]:
    """The keys under which a record is compared there; none where it is equal to nothing."""
    journey = travel(checked.graph, record)
    if journey.endless:
        return
    held = [
        [a for a in journey.arrivals.get(column, ()) if a.link is not None and not a.is_rejected and not a.doubts]
        for column in demand.columns
    ]
    for choice in product(*held):
        key = key_of(checked, demand.unique, [a.stored for a in choice], demand)
        if key is not None:
            typed = {name: value for arrival in choice for name, value in roots(arrival)}
            passed = frozenset(key for arrival in choice for key in on_the_way(checked, arrival))
            yield key, Arrived(entry, record, typed, passed)


def key_of(
    checked: Checked, unique: Unique, values: list[Value | NoValue], demand: Demand
) -> tuple[object, ...] | None:
    """The values as they are compared, with their types; None: they are equal to nothing."""
    key: list[object] = []
    for column, value in zip(demand.columns, values, strict=True):
        end = (
            value
            if isinstance(value, NoValue)
            else chain_apply(comparison(unique, checked.graph.fields[column]), value)
        )
        if isinstance(end, NoValue) or (end is None and not unique.one_null):
            return None
        key.append((isinstance(end, str), isinstance(end, bool), end))
    return tuple(key)


def roots(arrival: Arrival) -> Iterator[tuple[FieldName, Value]]:
    """The entry fields that an arrival was made from, with their values."""
    if arrival.link is None and not isinstance(arrival.value, NoValue):
        yield arrival.field, arrival.value
    for source in arrival.sources:
        yield from roots(source)


def on_the_way(checked: Checked, arrival: Arrival) -> Iterator[object]:
    """The keys under which unique fields before it compared the value."""
    for source in arrival.sources:
        field = checked.graph.fields[source.field]
        if field.unique is not None:
            demand = Demand(checked.graph.contracts.entities[source.field.entity_name], field.unique)
            key = key_of(checked, field.unique, [source.stored], demand)
            if key is not None:
                yield source.field, key
        yield from on_the_way(checked, source)


def rejected_at_entry(checked: Checked, one: Arrived, other: Arrived) -> bool:
    """Whether the entry does not accept both records, or takes one for the other."""
    if one.entry != other.entry:
        return False
    entity = checked.graph.contracts.entities[one.entry]
    for unique in entity.unique:
        demand = Demand(entity, unique)
        keys = [
            key_of(checked, unique, [record[column] for column in demand.columns], demand)
            for record in (one.record, other.record)
        ]
        if keys[0] is not None and keys[0] == keys[1]:
            return True
    return False


@tries(60)
@given(st.one_of(unique_estates(), written_estates(most=5)), st.data())
def test_what_is_told_of_becomes_equal(written: Written, data: st.DataObject) -> None:
    checked = Checked(written, data)
    for finding in checked.report.findings:
        if finding.rule not in {"collision", "repeat"} or finding.verdict != "refuted":
            continue
        (demand,) = (each for each in demands(checked) if is_about(finding, each))
        ends: list[set[object]] = []
        for record in (finding.witness, finding.second):
            assert record is not None
            assert checked.accepts(record), finding.message
            (entry,) = {name.entity_name for name in record}
            ends.append({key for key, _ in arrivals(checked, demand, entry, record)})
        assert ends[0] & ends[1], finding.message
