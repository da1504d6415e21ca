"""Who runs the steps of a flow: the engines named for it, and its steps and its condition as these do them."""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from ..values.budget import STANDARD
from ..values.valueset import ValueSet
from .engines import ANY_ENGINE, Runner
from .transform import NoValue, Varying, chain_apply, chain_preimage, settle, varies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..contracts.model import Contracts
    from ..documents.names import FieldName
    from ..values.valueset import Value
    from .condition import Condition
    from .condition_rules import ConditionRules
    from .flow import Flow
    from .storage import Storage
    from .transform import Transform


class Running:
    """The steps of an estate's flows as their engines do them. Equal steps are one object: stages work once for it."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts
        self._run: dict[tuple[int, tuple[Runner, ...]], Transform] = {}
        self._settled: dict[tuple[ValueSet, tuple[Transform, ...]], tuple[Transform, ...]] = {}
        self._conditions: dict[tuple[Condition, tuple[ConditionRules, ...]], Condition] = {}

    def runners(self, flow: Flow) -> tuple[Runner, ...]:
        """The engines that may run a flow's steps: its own, or else those of its systems, or else any."""
        if flow.engine is not None:
            return (Runner(flow.engine, flow.collation),)
        return self.of_systems(name.system for name in (*(source.field for source in flow.sources), flow.target))

    def of_systems(self, systems: Iterable[str]) -> tuple[Runner, ...]:
        """The engines of some systems as far as they are named; any, where none is."""
        named = (self._contracts.engine_of(name) for name in dict.fromkeys(systems))
        runners = dict.fromkeys(Runner(*engine) for engine in named if engine is not None)
        return tuple(runners) or ANY_ENGINE

    def condition(
        self, rules: tuple[ConditionRules, ...], condition: Condition, storage: Callable[[FieldName], Storage]
    ) -> Condition:
        """A condition as engines of these rules read it, over values as fields store them."""
        key = (condition, rules)
        known = self._conditions.get(key)
        if known is None:
            known = self._conditions[key] = condition.run_by(rules, _HeldFields(self._contracts, storage))
        return known

    def run_by(self, runners: tuple[Runner, ...], steps: tuple[Transform, ...]) -> tuple[Transform, ...]:
        """Steps as these engines do them."""
        return tuple([self._step(runners, step) if isinstance(step, Varying) else step for step in steps])

    def _step(self, runners: tuple[Runner, ...], step: Varying) -> Transform:
        key = (id(step), runners)  # the estate's flows keep the step alive
        known = self._run.get(key)
        if known is None:
            known = self._run[key] = step.run_by(runners)
        return known

    def settled(self, source: Storage, chain: tuple[Transform, ...]) -> tuple[Transform, ...]:
        """A chain, with one way of each step that all engines do alike on the values that its source may hold."""
        if not varies(chain):
            return chain
        held = reduce(and_, [rejection.accepts for rejection in source.rejections], ValueSet.everything())
        key = (held, (*source.transforms, *chain))
        settled = self._settled.get(key)
        if settled is None:
            settled = self._settled[key] = settle(key[1], held)[-len(chain) :]
        return settled


class _HeldFields:
    """The fields of contracts, with what they may hold."""

    def __init__(self, contracts: Contracts, storage: Callable[[FieldName], Storage]) -> None:
        self._contracts = contracts
        self._storage = storage

    def is_text(self, name: FieldName) -> bool:
        return self._contracts.fields[name].type == "text"

    def is_filled_up(self, name: FieldName) -> bool:
        return self._storage(name).is_filled_up

    def one_of(self, name: FieldName, values: ValueSet) -> Value:
        store = self._storage(name)
        arriving = chain_preimage(store.transforms, values)
        for rejection in store.rejections:
            arriving = arriving & rejection.accepts
        witness = arriving.witness(STANDARD.second_look)
        stored = None if witness is None else chain_apply(store.transforms, witness.value)
        return None if isinstance(stored, NoValue) else stored
