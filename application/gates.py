"""Ask the gates before an automated action."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..checker.record.gate import decide
from ..checker.tracing.asked import asked_value, named_field
from ..documents.names import FieldName
from ..documents.problem import EstateError, Problem
from ..values.budget import STANDARD
from .names import chosen
from .record import named_record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..checker.record.asking import AskStores
    from ..checker.record.gate import Passing
    from ..documents.local_text import SpokenLanguage
    from ..estate.load import Estate
    from ..values.budget import Budget
    from ..values.valueset import Value


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """What the gates before an action say to a record."""

    estate: Estate
    passing: Passing
    language: SpokenLanguage = "en"
    """The language of its words."""


def gate_answer(
    estate: Estate,
    action: str,
    record: str | None,
    values: Sequence[tuple[str, str]],
    ask: AskStores | None,
    budget: Budget = STANDARD,
    language: SpokenLanguage = "en",
) -> GateAnswer:
    """Ask with words of a command line: a record named by its key, which stores hold, and fields with their values.

    Raises UnknownName, UnknownField, EstateError.
    """
    known_action(estate, action)
    given: dict[FieldName, Value] = {}
    for name, text in values:
        field = named_field(estate, name)
        if field.full_name in given:
            raise EstateError([Problem(None, f"{field.full_name} is given more than once", expected="each field once")])
        given[field.full_name] = asked_value(field, text)
    seeds = None if record is None else named_record(estate, record)
    return GateAnswer(estate, decide(estate, action, {**(seeds or {}), **given}, seeds, ask, budget), language)


def known_action(estate: Estate, action: str) -> str:
    """The action, where there is a gate before it. Raises UnknownName; EstateError where there is none before any."""
    actions = {gate.before: gate.before for gate in estate.record_rules.gates}
    if not actions:
        expected = 'gates in rules/*.yaml, such as gates: [{before: letters.dunning, needs: "crm.person.told = true"}]'
        raise EstateError([Problem(None, "this estate has no gate", expected)])
    return chosen(action, actions, "gate before")


class ActionGate:
    """The gates before an action, in an application."""

    def __init__(self, estate: Estate, action: str, budget: Budget) -> None:
        self._estate = estate
        self._action = action
        self._budget = budget

    def decide(self, record: Mapping[str, Value], *, ask: AskStores | None = None) -> Passing:
        """Whether the action may go ahead with a record: values by full names of fields, of whatever systems.

        What is not among them is not known, and holds the action; None is null. `ask` asks stores for it, where the record
        has the whole key of an entity. Raises LookupError for a field that no contract has.
        """
        given = {FieldName.read(name): value for name, value in record.items()}
        for name in given:
            if self._estate.contracts.field(name) is None:
                guess = self._estate.contracts.suggest(name)
                raise LookupError(f"no contract has the field {name}" + (f"; did you mean {guess}?" if guess else ""))
        return decide(self._estate, self._action, given, self._seeds(given), ask, self._budget)

    def _seeds(self, given: Mapping[FieldName, Value]) -> dict[FieldName, Value] | None:
        """The key of the first entity of which all of it is given."""
        for name in dict.fromkeys(each.entity_name for each in given):
            key = [name.of(field) for field in self._estate.contracts.entities[name].key]
            if key and all(given.get(each) is not None for each in key):
                return {each: given[each] for each in key}
        return None
