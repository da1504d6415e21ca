"""Who runs the steps of a flow: the engines named for it, and the steps as these do them."""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from ..values.valueset import ValueSet
from .engines import ANY_ENGINE, Runner
from .transform import Varying, settle, varies

if TYPE_CHECKING:
    from ..contracts.model import Contracts
    from .flow import Flow
    from .storage import Storage
    from .transform import Transform


class Running:
    """The steps of an estate's flows as their engines do them. Equal steps are one object: stages work once for it."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts
        self._run: dict[tuple[int, tuple[Runner, ...]], Transform] = {}
        self._settled: dict[tuple[ValueSet, tuple[Transform, ...]], tuple[Transform, ...]] = {}

    def runners(self, flow: Flow) -> tuple[Runner, ...]:
        """The engines that may run a flow's steps: its own, or else those of its systems, or else any."""
        if flow.engine is not None:
            return (Runner(flow.engine),)
        ends = dict.fromkeys(name.system for name in (*(source.field for source in flow.sources), flow.target))
        engines = dict.fromkeys(engine for name in ends if (engine := self._contracts.engine_of(name)))
        return tuple(map(Runner, engines)) or ANY_ENGINE

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
