"""Changes between two versions of an estate that can affect a value.

Titles, owners, comments, the order of keys and locations do not count. A constraint that is only stated in another way
does count; whether it has an effect is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..contracts.constraint import FieldsCheck, NoneOf, OneOf, OpaqueRule, StoredAs, written_value
from ..documents.duration import duration
from ..documents.location import Location
from ..documents.names import EntityName, FieldName
from ..lineage.engines import TITLES
from ..lineage.transforms.lookup import Map

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ..contracts.constraint import Constraint
    from ..contracts.model import Contracts, Entity, Field, Fill, KnownEngine, System, Unique
    from ..estate.load import Estate
    from ..lineage.flow import Flow

What: TypeAlias = Literal[
    "system", "entity", "field", "constraint", "on_violation", "unique", "fill", "kind", "engine", "flow"
]
"""The kind of thing that changed. The parts of an added or removed system or entity are not listed."""


_NOWHERE = Location("", 0, 0)
_SETTINGS = Location("fieldline.yaml", 1, 1)
THE_ESTATE = "the estate"
"""The name of the whole in a change; no system is called so."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One side of a change: the statement of one version of the estate."""

    sentence: str
    """In words. May hold raw text of the author's."""
    location: Location
    left_out: str = ""
    """What the sentence leaves out, which a change of it alters all the same: long lists, the parts of a whole."""


@dataclass(frozen=True, slots=True)
class FlowEnds:
    """The sources and the target of a flow; as a text "a.b.c -> d.e.f"."""

    sources: tuple[FieldName, ...]
    target: FieldName

    def __str__(self) -> str:
        return f"{' + '.join(map(str, self.sources))} -> {self.target}"


@dataclass(frozen=True, slots=True)
class Change:
    """One change."""

    what: What
    name: str | EntityName | FieldName | FlowEnds
    """The system's name, or THE_ESTATE, or the full name of the entity or field; of a flow, its ends."""
    constraint: str
    """The constraint's key, or the key of another part of a field or entity; empty for whole things and flows."""
    before: Statement | None
    """None: it was added."""
    after: Statement | None
    """None: it was removed."""

    @property
    def kind(self) -> Literal["added", "removed", "changed"]:
        """Whether it is an addition, a removal or a modification."""
        return "added" if self.before is None else "removed" if self.after is None else "changed"

    @property
    def location(self) -> Location:
        """The location in the version after; of a removal, in the version before."""
        statement = self.after or self.before
        if statement is None:
            raise TypeError("a change has a side")
        return statement.location

    @property
    def order(self) -> tuple[str, str, str, str]:
        """The sort key: by location, so that a reader passes through each file once."""
        place = self.location
        return (place.file, f"{place.line:08}:{place.column:05}", str(self.name), self.constraint)

    def mirrored(self) -> Change:
        """The same change, undone."""
        return Change(self.what, self.name, self.constraint, self.after, self.before)


@dataclass(frozen=True, slots=True)
class FlowChange:
    """A flow that was added, removed, or given another effect."""

    change: Change
    before: Flow | None
    after: Flow | None


@dataclass(frozen=True)
class Changes:
    """All changes between two versions."""

    of_contracts: tuple[Change, ...]
    of_flows: tuple[FlowChange, ...]
    of_lags: tuple[FlowChange, ...] = ()
    """Flows that take another time, and are the same but for that."""

    @cached_property
    def all(self) -> tuple[Change, ...]:
        """Every change, in the order of the files."""
        flows = (flow.change for flow in (*self.of_flows, *self.of_lags))
        return tuple(sorted((*self.of_contracts, *flows), key=lambda change: change.order))

    @cached_property
    def by_field(self) -> Mapping[FieldName, tuple[Change, ...]]:
        """The changes of a field's contract, by its full name; its addition or removal is one of them."""
        by_field: dict[FieldName, list[Change]] = {}
        for change in self.of_contracts:
            if isinstance(change.name, FieldName):
                by_field.setdefault(change.name, []).append(change)
        return {name: tuple(changes) for name, changes in by_field.items()}

    def at(self, field: FieldName) -> tuple[Change, ...]:
        """The changes of a field (by full name): of its contract, or of its entity or system as a whole."""
        around = (field.entity_name, field.system, THE_ESTATE)
        whole = (c for c in self.of_contracts if c.what in {"system", "entity", "kind", "engine"} and c.name in around)
        return (*self.by_field.get(field, ()), *whole)

    def mirrored(self) -> Changes:
        """The changes from the later version back to the earlier one."""
        return Changes(
            tuple(change.mirrored() for change in self.of_contracts),
            tuple(FlowChange(flow.change.mirrored(), flow.after, flow.before) for flow in self.of_flows),
            tuple(FlowChange(flow.change.mirrored(), flow.after, flow.before) for flow in self.of_lags),
        )


def changes(before: Estate, after: Estate) -> Changes:
    """The changes from one version to the other."""
    flows = tuple(_flows(before.flows, after.flows))
    slower = [flow for flow in flows if flow.change.constraint]
    return Changes(
        (*_systems(before.contracts.systems, after.contracts.systems), *_engines(before.contracts, after.contracts)),
        tuple(flow for flow in flows if flow not in slower),
        tuple(slower),
    )


# --------------------------------------------------------------------------------------------------------- contracts


def _systems(before: Mapping[str, System], after: Mapping[str, System]) -> Iterator[Change]:
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if old is new:
            continue
        if old is None or new is None:
            yield Change("system", name, "", _system_statement(old), _system_statement(new))
        yield from _entities(old.entities if old else {}, new.entities if new else {}, reported=bool(old and new))


def _engines(before: Contracts, after: Contracts) -> Iterator[Change]:
    """The systems, and the estate, that name another engine, or another collation in which it compares texts."""
    sides = [(each.engine, each.collation) for each in (before, after)]
    if sides[0] != sides[1]:
        old, new = (Statement(_run_by(*each), _SETTINGS) for each in sides)
        yield Change("engine", THE_ESTATE, "engine", old, new)
    for name in sorted(before.systems.keys() & after.systems.keys()):
        systems = before.systems[name], after.systems[name]
        if len({(each.engine, each.collation) for each in systems}) > 1:
            old, new = (Statement(_run_by(each.engine, each.collation), each.location) for each in systems)
            yield Change("engine", name, "engine", old, new)


def _run_by(engine: KnownEngine | None, collation: str | None) -> str:
    if engine is None:
        return "run by no stated engine"
    return f"run by {TITLES[engine]}{f' with the collation {collation}' if collation is not None else ''}"


def _entities(before: Mapping[str, Entity], after: Mapping[str, Entity], *, reported: bool) -> Iterator[Change]:
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        full_name = (new or old).full_name  # type: ignore[union-attr]  # one of them is there
        if reported and (old is None or new is None):
            yield Change("entity", full_name, "", _entity_statement(old), _entity_statement(new))
        if old and new and (old.kind == "entry") != (new.kind == "entry"):
            yield Change("kind", full_name, "kind", _kind_statement(old), _kind_statement(new))
        yield from _fields(old.fields if old else {}, new.fields if new else {}, reported=bool(old and new))
        if old and new:
            yield from _demands(old, new)


def _fields(before: Mapping[str, Field], after: Mapping[str, Field], *, reported: bool) -> Iterator[Change]:
    """The fields' changes; none (`reported` false) where the whole entity was added or removed."""
    if not reported:
        return
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            full_name = (new or old).full_name  # type: ignore[union-attr]  # one of them is there
            yield Change("field", full_name, "", _field_statement(old), _field_statement(new))
        elif old is not new:
            yield from _constraints(old, new)


def _demands(before: Entity, after: Entity) -> Iterator[Change]:
    """The demands on pairs of records that fields do not state by themselves, at each field that both versions have."""
    old, new = (_by_fields(entity) for entity in (before, after))
    for names in {**old, **new}:
        first, second = old.get(names), new.get(names)
        if _uniqueness(first) == _uniqueness(second):
            continue
        for name in names:
            one, other = before.fields.get(name), after.fields.get(name)
            if one is None or other is None or (len(names) == 1 and one.unique != other.unique):
                continue  # the field is new or gone, or states the change itself
            word = (second or first).word  # type: ignore[union-attr]  # one of them is there
            yield Change("unique", other.full_name, word, _demand_statement(first), _demand_statement(second))


def _by_fields(entity: Entity) -> dict[tuple[str, ...], Unique]:
    return {unique.fields: unique for unique in entity.unique}


def _demand_statement(unique: Unique | None) -> Statement | None:
    if unique is None:
        return None
    names = f": {', '.join(unique.fields)}" if len(unique.fields) > 1 else ""
    action = "" if unique.updates else ", and the same value again is rejected" if unique.is_key else ""
    return Statement(f"{'the key, ' if unique.is_key else ''}{unique.sentence}{names}{action}", unique.location)


def _constraints(before: Field, after: Field) -> Iterator[Change]:
    old, new = ({_identity(c): c for c in (*field.constraints, *field.stored)} for field in (before, after))
    for identity in {**old, **new}:
        first, second = old.get(identity), new.get(identity)
        if (
            first is None
            or second is None
            or first.restriction != second.restriction
            or (first.on_violation != second.on_violation and not _acts_as_its_field(first, second, before, after))
        ):
            sides = (_constraint_statement(first), _constraint_statement(second))
            yield Change("constraint", after.full_name, identity[0], *sides)
    if before.on_violation != after.on_violation:
        old_side, new_side = (
            Statement(f"on_violation: {field.on_violation}", field.location) for field in (before, after)
        )
        yield Change("on_violation", after.full_name, "on_violation", old_side, new_side)
    if _uniqueness(before.unique) != _uniqueness(after.unique):
        yield Change("unique", after.full_name, "unique", _unique_statement(before), _unique_statement(after))
    if _filling(before) != _filling(after):
        key = (
            next(field.fill.by for field in (after, before) if field.fill) if before.fill or after.fill else "filled_by"
        )
        yield Change("fill", after.full_name, key, _fill_statement(before), _fill_statement(after))


def _identity(constraint: Constraint) -> tuple[str, str]:
    """The identity under which a constraint is compared: its key; for those whose key repeats, with the sentence."""
    match constraint.restriction:
        case FieldsCheck(condition):
            return (constraint.name, condition.text)
        case OpaqueRule() | StoredAs():
            return (constraint.name, constraint.sentence)
        case _:
            return (constraint.name, "")


def _acts_as_its_field(first: Constraint, second: Constraint, before: Field, after: Field) -> bool:
    """Whether the action of a constraint changed with that of its field, which is a change of its own."""
    return before.on_violation != after.on_violation and all(
        constraint.on_violation in {"reject", field.on_violation}
        for constraint, field in ((first, before), (second, after))
    )


def _uniqueness(unique: Unique | None) -> Unique | None:
    """The demand without its place."""
    return None if unique is None else replace(unique, location=_NOWHERE)


def _filling(field: Field) -> tuple[object, ...]:
    """What fills a field without a flow, wherever that is written."""
    fill = field.fill
    own = None if fill is None else (fill.by, type(fill.value), fill.value, fill.expression, fill.sent)
    return own, field.filled_by


def _system_statement(system: System | None) -> Statement | None:
    if system is None:
        return None
    parts = "\n".join(f"{entity.name}: {_entity_parts(entity)}" for entity in system.entities.values())
    return Statement(f"the system {system.name}", system.location, parts)


def _entity_statement(entity: Entity | None) -> Statement | None:
    if entity is None:
        return None
    words = f"{_article(entity.kind)} of {len(entity.fields)} fields"
    return Statement(words, entity.location, _entity_parts(entity))


def _entity_parts(entity: Entity) -> str:
    demands = "; ".join(statement.sentence for each in entity.unique if (statement := _demand_statement(each)))
    fields = (f"{field.name}: {_field_parts(field)}" for field in entity.fields.values())
    return "\n".join((f"{entity.kind}; {demands}", *fields))


def _field_parts(field: Field) -> str:
    """All that a field states that can affect a value."""
    sides = (
        *(_constraint_statement(constraint) for constraint in (*field.constraints, *field.stored)),
        _unique_statement(field),
        _fill_statement(field),
    )
    words = (f"{side.sentence} {side.left_out}".strip() for side in sides if side is not None)
    return "; ".join((*words, field.on_violation))


def _kind_statement(entity: Entity) -> Statement:
    return Statement(_article(entity.kind), entity.location)


def _article(kind: str) -> str:
    return f"an {kind}" if kind in {"entry", "api"} else f"a {kind}"


def _field_statement(field: Field | None) -> Statement | None:
    if field is None:
        return None
    words = "; ".join(constraint.sentence for constraint in field.constraints)
    return Statement(words, field.location, _field_parts(field))


def _constraint_statement(constraint: Constraint | None) -> Statement | None:
    if constraint is None:
        return None
    action = "" if constraint.on_violation == "reject" else f" (on_violation: {constraint.on_violation})"
    return Statement(f"{constraint.sentence}{action}", constraint.location, _list(constraint))


def _list(constraint: Constraint) -> str:
    """Every value of a constraint's list, of which its sentence names the first ones; what a rule in words hangs on."""
    match constraint.restriction:
        case OneOf(values) | NoneOf(values):
            return repr([written_value(value) for value in values])
        case OpaqueRule(rule):
            return rule.removeprefix(constraint.sentence)
        case _:
            return ""


def _unique_statement(field: Field) -> Statement | None:
    if field.unique is None:
        return None
    return Statement(field.unique.sentence, field.unique.location)


def _fill_statement(field: Field) -> Statement | None:
    fill = field.fill
    words = [] if fill is None else [_fill_words(fill)]
    if field.filled_by is not None:
        words.append(f"filled by {field.filled_by}")
    return Statement("; ".join(words), field.location if fill is None else fill.location) if words else None


def _fill_words(fill: Fill) -> str:
    match fill.by:
        case "default":
            return f"default {written_value(fill.value) if fill.value is not None else fill.expression}"
        case "generated":
            return f"generated{f' ({fill.expression})' if fill.expression else ''}"
        case "identity":
            return f"identity, {'always' if fill.sent == 'rejected' else 'by default'}"


# ------------------------------------------------------------------------------------------------------------- flows


def _flows(before: Iterable[Flow], after: Iterable[Flow]) -> Iterator[FlowChange]:
    """Flows between the same fields are compared with one another, in their order."""
    kept = {id(flow) for flow in before} & {id(flow) for flow in after}
    old, new = _by_ends(before, kept), _by_ends(after, kept)
    for ends in {**old, **new}:
        removed, added = list(old.get(ends, ())), list(new.get(ends, ()))
        for flow in list(removed):
            alike = [other for other in added if _effect(other) == _effect(flow)]
            same = next((other for other in alike if other.lag == flow.lag), next(iter(alike), None))
            if same is not None:
                removed.remove(flow)
                added.remove(same)
                if same.lag != flow.lag:
                    yield FlowChange(
                        Change("flow", ends, "lag", _lag_statement(flow), _lag_statement(same)), flow, same
                    )
        for first, second in zip_longest(removed, added):
            change = Change("flow", ends, "", _flow_statement(first), _flow_statement(second))
            yield FlowChange(change, first, second)


def _by_ends(flows: Iterable[Flow], kept: set[int]) -> dict[FlowEnds, list[Flow]]:
    by_ends: dict[FlowEnds, list[Flow]] = {}
    for flow in flows:
        if id(flow) not in kept:
            ends = FlowEnds(tuple(source.field for source in flow.sources), flow.target)
            by_ends.setdefault(ends, []).append(flow)
    return by_ends


def _effect(flow: Flow) -> tuple[object, ...]:
    """Every part of a flow that can affect a value."""
    steps = tuple(source.via for source in flow.sources), flow.via
    run_by = flow.engine, flow.collation
    return (*steps, flow.when and flow.when.text, flow.filter, flow.writes, flow.accept_loss, *run_by)


def _flow_statement(flow: Flow | None) -> Statement | None:
    if flow is None:
        return None
    steps = [step.sentence for source in flow.sources for step in source.via] + [step.sentence for step in flow.via]
    parts = [", ".join(steps) or "unchanged on the way"]
    if flow.when is not None:
        parts.append(f"when {flow.when.text}")
    if flow.filter is not None:
        parts.append(f"filtered: {flow.filter}")
    if flow.writes != "records":
        parts.append(f"writes {flow.writes}")
    if flow.accept_loss:
        parts.append("loss is accepted")
    if flow.engine is not None:
        parts.append(_run_by(flow.engine, flow.collation))
    return Statement("; ".join(parts), flow.location, "; ".join(_tables(flow)))


def _lag_statement(flow: Flow) -> Statement:
    words = "no stated time" if flow.lag is None else f"within {duration(flow.lag)}"
    return Statement(words, flow.location)


def _tables(flow: Flow) -> Iterator[str]:
    """The whole tables of a flow's steps, of which their sentences name the first pairs."""
    steps = chain(flow.via, *(source.via for source in flow.sources))
    return (repr(step) for step in steps if isinstance(step, Map))
