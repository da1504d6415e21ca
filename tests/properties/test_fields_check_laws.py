"""Rules between fields: what is said of all records agrees with every record, run forward through the flows."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

from hypothesis import assume, event, given
from hypothesis import strategies as st

from fieldline.checker.judging.context import Context
from fieldline.checker.judging.failures import failures
from fieldline.checker.judging.simulate import travel
from fieldline.checker.requirement.compiled import compiled, explaining
from fieldline.checker.requirement.requirement import requirement
from fieldline.checker.tracing.asked import Asked
from fieldline.checker.tracing.trace import trace

from .estates import Written
from .strategies import tries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldline.checker.finding import FieldValues
    from fieldline.contracts.model import Entity
    from fieldline.values.valueset import Value

NAMES = ("a", "b", "c")
FIRST = date(2024, 1, 28)
DAYS: tuple[Value, ...] = (None, *(FIRST + timedelta(days=n) for n in range(5)))
NUMBERS: tuple[Value, ...] = (None, 0, 1, 2, 3)

_signs = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
_names = st.sampled_from(NAMES)


def _literals(kind: str) -> st.SearchStrategy[str]:
    if kind == "date":
        return st.sampled_from([f"DATE '{FIRST + timedelta(days=n)}'" for n in (0, 2, 3)])
    return st.sampled_from(["0", "1", "2"])


@st.composite
def rules(draw: st.DrawFn, kind: str) -> str:
    one, other = draw(st.lists(_names, min_size=2, max_size=2, unique=True))
    pair = f"{one} {draw(_signs)} {other}"
    alone = draw(
        st.one_of(
            st.builds(lambda n, s, v: f"{n} {s} {v}", _names, _signs, _literals(kind)),
            _names.map(lambda n: f"{n} IS NULL"),
            _names.map(lambda n: f"NOT ({n} IS NULL)"),
        )
    )
    return draw(st.sampled_from([pair, pair, alone, f"{alone} OR {pair}", f"{pair} AND {alone}", f"NOT ({pair})"]))


@st.composite
def field(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    written: dict[str, Any] = {"type": kind}
    if draw(st.booleans()):
        written["required"] = True
    if draw(st.integers(0, 3)) == 0:
        written["min"] = "2024-01-30" if kind == "date" else 1
    return written


@st.composite
def estates(draw: st.DrawFn) -> tuple[str, Written]:
    kind = draw(st.sampled_from(["date", "integer"]))
    steps = [[], [], [{"shift": "P2D"}], [{"shift": "-P1D"}], [{"shift": {"by": "P1M", "month_end": "last"}}]]
    systems = ["in1", *(["mid"] if draw(st.booleans()) else []), "end"]
    contracts = {}
    for name in systems:
        entity: dict[str, Any] = {"kind": "entry" if name == "in1" else "table"}
        checks = draw(st.lists(rules(kind), min_size=int(name == "end"), max_size=2 if name == "end" else 1))
        if checks:
            entity["check"] = checks
        entity["fields"] = {each: draw(field(kind)) if name != "end" else {"type": kind} for each in NAMES}
        contracts[name] = {"system": name, "entities": {"e": entity}}
    flows: list[dict[str, Any]] = []
    for source, target in pairwise(systems):
        for each in NAMES:
            came_from = each if draw(st.integers(0, 5)) else draw(_names)
            via = draw(st.sampled_from(steps)) if kind == "date" else []
            flows.append({"from": f"{source}.e.{came_from}", "to": f"{target}.e.{each}", "via": via})
    return kind, Written(contracts, flows)


def records(entity: Entity, values: Sequence[Value]) -> list[FieldValues]:
    return completed(entity, {}, values)


def completed(entity: Entity, record: FieldValues, values: Sequence[Value]) -> list[FieldValues]:
    """Whole records with the values of a record in some fields."""
    names = [field.full_name for field in entity.fields.values()]
    options = [(record[name],) if name in record else values for name in names]
    return [dict(zip(names, each, strict=True)) for each in product(*options)]


def is_let_in(context: Context, entity: Entity, record: FieldValues) -> bool:
    """Whether the entry itself accepts a record."""
    stores = [context.graph.storage(field.full_name) for field in entity.fields.values()]
    alone = (
        record[field.full_name] in rejection.accepts
        for field, store in zip(entity.fields.values(), stores, strict=True)
        for rejection in store.rejections
    )
    return all(alone) and not any(denied.holds(record) for store in stores for _, denied in store.checks)


@tries(60)
@given(estates())
def test_a_record_meets_the_requirement_exactly_when_nobody_rejects_it(drawn: tuple[str, Written]) -> None:
    kind, written = drawn
    context = Context(written.load())
    (entity,) = context.graph.entries
    asked = requirement(context, entity)
    admits, broken = compiled(asked), explaining(asked)
    for record in records(entity, DAYS if kind == "date" else NUMBERS):
        own = {name.field: value for name, value in record.items()}
        journey = travel(context.graph, record)
        rejected = not is_let_in(context, entity, record) or journey.fails
        assert admits(own) == asked.admits(own) == (not broken(own))
        if not asked.admits(own):
            assert rejected, (record, [clause for clause in asked.clauses if not clause.admits(own)])
        elif not asked.not_known:
            assert not rejected, record


@tries(80)
@given(estates())
def test_what_is_proved_of_an_entry_holds_for_every_record_and_what_is_refuted_fails_for_one(
    drawn: tuple[str, Written],
) -> None:
    kind, written = drawn
    context = Context(written.load())
    (entity,) = context.graph.entries
    assume(any(is_let_in(context, entity, each) for each in records(entity, DAYS if kind == "date" else NUMBERS)))
    found = list(failures(context, entity, "refuse"))
    for failure in found:
        event(failure.judgement.verdict)
        record = failure.judgement.record
        if record is not None:
            wholes = completed(entity, record, DAYS if kind == "date" else NUMBERS)
            let_in = [whole for whole in wholes if is_let_in(context, entity, whole)]
            assert any(travel(context.graph, whole).fails for whole in let_in), (record, failure.binding)
    failing = {(f.binding.field, f.binding.location) for f in found}
    for record in records(entity, DAYS if kind == "date" else NUMBERS):
        if is_let_in(context, entity, record):
            for arrival in travel(context.graph, record).rejections():
                for constraint in arrival.rejections:
                    assert (arrival.field, constraint.location) in failing, (record, arrival.field, constraint)


@tries(25)
@given(estates())
def test_a_value_that_a_trace_calls_well_is_the_reason_for_no_rejection(drawn: tuple[str, Written]) -> None:
    kind, written = drawn
    context = Context(written.load())
    (entity,) = context.graph.entries
    name = entity.fields["a"].full_name
    values = DAYS if kind == "date" else NUMBERS
    for value in (values[1], values[-1]):
        found = trace(context.estate, Asked(context.graph.fields[name], {name: value}))
        event("well" if found.is_well else "not well")
        for record in completed(entity, {name: value}, values) if found.is_well else ():
            if is_let_in(context, entity, record) and travel(context.graph, record).fails:
                assert all(travel(context.graph, {**record, name: other}).fails for other in values), record


@tries(12)
@given(estates())
def test_a_rule_between_fields_keeps_them_in_one_part_of_the_estate(drawn: tuple[str, Written]) -> None:
    graph = Context(drawn[1].load()).graph
    for field in graph.fields.values():
        for _, denied in graph.storage(field.full_name).checks:
            assert graph.related(field.full_name).issuperset(denied.fields)
