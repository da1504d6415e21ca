"""Whether an automated action may go ahead with a record: the gates before it, on values that are given or held.

What is not known holds the action: a gate goes only where what it needs surely holds, or it is surely not meant for the
record. As in every condition, a comparison with null is not true.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from ...values.budget import STANDARD
from ...values.valueset import ValueSet
from ..messages import escaped, listed
from .search import read_stores

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ...documents.names import EntityName, FieldName
    from ...estate.gates import ActionRule
    from ...estate.load import Estate
    from ...lineage.condition import Alternative, Condition
    from ...values.budget import Budget
    from ...values.valueset import Value
    from .asking import AskStores

Passage: TypeAlias = Literal["go", "hold"]
"""What a gate says to an action."""
GateGrounds: TypeAlias = Literal["not meant", "holds", "does not hold", "not known"]
"""Why: it is not meant for the record; what it needs holds, or does not; that is not known."""


@dataclass(frozen=True, slots=True)
class GateDecision:
    """What one gate says to one record."""

    gate: ActionRule
    passage: Passage
    reason: str
    """Without a full stop, and without a value. May hold raw text of the author's, escaped."""
    not_known: tuple[FieldName, ...]
    """The fields whose values would have decided it; none: it is decided."""
    tell: Value
    """Whom to tell, where it holds the action; None: nobody, or it is not known who."""
    grounds: GateGrounds
    """What the reason is about, for whoever says it in other words."""
    conditions: tuple[str, ...]
    """The conditions that the reason is about, as they are written, escaped."""
    unread: tuple[tuple[str, str | None], ...] = ()
    """Where they are not known, by the name of a field, which nobody gave, or of an entity, with why it was not read.
    None at all: engines read the conditions differently."""


@dataclass(frozen=True, slots=True)
class Passing:
    """What all gates before an action say to one record."""

    action: str
    decisions: tuple[GateDecision, ...]
    """In the order of the files."""

    @property
    def goes(self) -> bool:
        """Whether the action may go ahead: no gate holds it."""
        return all(decision.passage == "go" for decision in self.decisions)


def decide(
    estate: Estate,
    action: str,
    given: Mapping[FieldName, Value],
    seeds: Mapping[FieldName, Value] | None = None,
    ask: AskStores | None = None,
    budget: Budget = STANDARD,
) -> Passing:
    """Hold a record against the gates before an action.

    `given`: values that are known, of whatever systems. `seeds`: values of one entity that identify the record there; what
    is not given is then looked for in the stores. A value that is none of its field's type is not known: a condition would
    compare what cannot be compared.
    """
    gates = [gate for gate in estate.record_rules.gates if gate.before == action]
    fields = estate.contracts.fields
    known = dict(given)
    unread: Mapping[EntityName, str] = {}
    wanted = {name for gate in gates for name in _read(gate)}
    if seeds and ask is not None and not wanted <= known.keys():
        found, unread = _held(estate, seeds, ask, budget)
        known = {**found, **known}
    known = {
        name: value for name, value in known.items() if value is None or value in ValueSet.of_type(fields[name].type)
    }
    return Passing(action, tuple(_decided(gate, known, unread) for gate in gates))


def _read(gate: ActionRule) -> Iterable[FieldName]:
    names = [name for condition in gate.conditions for name in condition.fields]
    return names if gate.tell is None else (*names, gate.tell)


def _held(
    estate: Estate, seeds: Mapping[FieldName, Value], ask: AskStores, budget: Budget
) -> tuple[dict[FieldName, Value], dict[EntityName, str]]:
    """What the stores hold of a record, and why some entities' values are not known."""
    reading = read_stores(estate, estate.graph, seeds, ask, budget)
    unread = {
        name: sought.whether if sought.reason is None else f"{sought.whether}: {sought.reason}"
        for name, sought in reading.sought.items()
        if sought.held is None
    }
    return reading.values(), unread


def _decided(gate: ActionRule, known: Mapping[FieldName, Value], unread: Mapping[EntityName, str]) -> GateDecision:
    meant = True if gate.meant is None else _truth(gate.meant, known)
    needs = _truth(gate.needs, known)
    needed = escaped(gate.needs.text)
    if gate.meant is not None and meant is False:
        unmet = escaped(gate.meant.text)
        reason = f"it is not meant for this record: not so is {unmet}"
        return GateDecision(gate, "go", reason, (), None, "not meant", (unmet,))
    if needs is True:
        return GateDecision(gate, "go", f"it holds that {needed}", (), None, "holds", (needed,))
    tell = None if gate.tell is None else known.get(gate.tell)
    undecided = [c for c, truth in ((gate.meant, meant), (gate.needs, needs)) if c is not None and truth is None]
    if not undecided:
        reason = f"it needs {needed}, and that is not so"
        return GateDecision(gate, "hold", reason, (), tell, "does not hold", (needed,))
    names = tuple(dict.fromkeys(name for c in undecided for name in c.fields if name not in known))
    conditions = tuple(escaped(condition.text) for condition in undecided)
    why = _why(names, unread)
    words = [f"{name} is not known" if said is None else f"{name}: {said}" for name, said in why]
    reason = f"not known: {listed(conditions)}; {listed(words) if words else 'engines read it differently'}"
    return GateDecision(gate, "hold", reason, names, tell, "not known", conditions, why)


def _why(names: Sequence[FieldName], unread: Mapping[EntityName, str]) -> tuple[tuple[str, str | None], ...]:
    """Why values are not known."""
    reasons: dict[tuple[str, str | None], None] = {}
    for name in names:
        said = unread.get(name.entity_name)
        reasons[str(name if said is None else name.entity_name), said] = None
    return tuple(reasons)


def _truth(condition: Condition, known: Mapping[FieldName, Value]) -> bool | None:
    """Whether a condition is true, whatever the fields hold that are not known; None: it depends on them."""
    if any(_surely(alternative, known) for alternative in condition.alternatives):
        return True
    return None if any(_perhaps(alternative, known) for alternative in condition.possible) else False


def _surely(alternative: Alternative, known: Mapping[FieldName, Value]) -> bool:
    return all(name in known and known[name] in values for name, values in alternative.values) and all(
        known.keys() >= set(pair.fields) and pair.holds(known) for pair in alternative.pairs
    )


def _perhaps(alternative: Alternative, known: Mapping[FieldName, Value]) -> bool:
    return all(name not in known or known[name] in values for name, values in alternative.values) and all(
        not known.keys() >= set(pair.fields) or pair.holds(known) for pair in alternative.pairs
    )
