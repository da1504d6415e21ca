"""The storages of an estate's fields and the transforms of its links, as engines do them, each worked out once.

What two versions of an estate have alike is worked out for one of them. A graph refers to this, and so does each link that
has not been walked yet; nothing here refers to either. So a graph that nobody needs any more is released at once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..contracts.constraint import Digits
from .condition_rules import rules_of
from .engines import WRITES_ALL_DECIMALS
from .link import Carried
from .running import Running
from .storage import receiving, storage
from .transforms.assign import assigned
from .transforms.join import Concat
from .transforms.written import as_written

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..contracts.model import Contracts, Field, KnownEngine
    from ..documents.names import FieldName
    from .condition import Condition
    from .engines import Runner
    from .flow import Flow
    from .link import Link
    from .storage import Storage
    from .transform import Transform


class Carrying:
    """The storages and the transforms of one version."""

    def __init__(self, contracts: Contracts, alike: CarriedAlike | None) -> None:
        """`alike`: what this version shares with another one."""
        self._contracts = contracts
        self._fields: Mapping[FieldName, Field] = contracts.fields
        self._alike = alike
        self.written: set[FieldName] = set()
        """The fields that flows bring a value, as far as flows are known by now."""
        self._storages: dict[FieldName, Storage] = {}
        self._running = Running(contracts)

    def runners(self, flow: Flow) -> tuple[Runner, ...]:
        """The engines that may run a flow's steps."""
        return self._running.runners(flow)

    def condition(self, runners: tuple[Runner, ...], condition: Condition) -> Condition:
        """A condition as these engines read it."""
        return self._running.condition(rules_of(runners), condition, self.storage)

    def storage(self, name: FieldName) -> Storage:
        """The storage of a field."""
        stored = self._storages.get(name)
        if stored is None:
            stored = self._storages[name] = self._shared(name) or self._own(name)
            if stored.conditional or stored.checks:
                stored = self._storages[name] = self._with_conditions(name, stored)
        return stored

    def _shared(self, name: FieldName) -> Storage | None:
        """The storage of the other version, where it is the same; conditions are read in each version by itself."""
        if self._alike is None or not self._alike.is_same(self._fields[name], self.written):
            return None
        stored = self._alike.earlier.storage(name)
        return None if stored.conditional or stored.checks else stored

    def _own(self, name: FieldName) -> Storage:
        field = self._fields[name]
        stored = storage(field, self._engine_of(field))
        return receiving(stored, field) if name in self.written else stored

    def _with_conditions(self, name: FieldName, stored: Storage) -> Storage:
        runners = self._running.of_systems((name.system,))
        conditional, checks = (
            tuple((constraint, self.condition(runners, each)) for constraint, each in some)
            for some in (stored.conditional, stored.checks)
        )
        return replace(stored, conditional=conditional, checks=checks)

    def carried(self, link: Link) -> Carried:
        """The transforms of a link as its engines do them."""
        known = None if self._alike is None else self._alike.link(link, self.written)
        if known is not None:
            return known.carried
        flow = link.flow
        plain = tuple([step for step in flow.via if not isinstance(step, Concat)])
        engine = self._engine_of(link.target)
        before_join, tail = ((), assigned("text", plain, link.target, engine)) if link.join is not None else (plain, ())
        chains = [(*source.via, *before_join) for source in flow.sources]
        if link.join is None:
            chains = [
                assigned(field.type, chain, link.target, engine)
                for field, chain in zip(link.sources, chains, strict=True)
            ]
        return Carried(
            tuple([self._run(source, flow, chain) for source, chain in zip(link.sources, chains, strict=True)]),
            self._running.run_by(self._running.runners(flow), tail) if tail else tail,
        )

    def _run(self, source: Field, flow: Flow, chain: tuple[Transform, ...]) -> tuple[Transform, ...]:
        """A chain over the values of a field, as the flow's engines do its steps."""
        if not chain:
            return chain
        runners = self._running.runners(flow)
        own = self._engine_of(source)
        decimals = _decimals(source, own or flow.engine)
        written = as_written(
            source.type, self._running.run_by(runners, chain), decimals, runners, surely=own is not None
        )
        return self._running.settled(self.storage(source.full_name), written)

    def _engine_of(self, field: Field) -> KnownEngine | None:
        named = self._contracts.engine_of(field.system)
        return None if named is None else named[0]


def _decimals(field: Field, engine: KnownEngine | None) -> int | None:
    """The number of digits after the point that an engine always writes; None: as many as a number needs."""
    if field.type != "decimal" or engine not in WRITES_ALL_DECIMALS:
        return None
    scales = (c.restriction.decimals for c in field.constraints if isinstance(c.restriction, Digits))
    return max((scale for scale in scales if scale is not None), default=None)


class CarriedAlike:
    """What a version shares with an earlier one: storages and links of the same fields and flows."""

    def __init__(self, earlier: Carrying, contracts: tuple[Contracts, Contracts], links: Iterable[Link]) -> None:
        """`contracts`: of both versions, the earlier one first. `links`: those of the earlier version."""
        self.earlier = earlier
        before, after = contracts
        self._fields = before.fields
        self._links = {id(link.flow): link for link in links}  # both versions keep what they share
        both = before.systems.keys() & after.systems.keys()
        self._same_engines = {name for name in both if before.engine_of(name) == after.engine_of(name)}

    def is_same(self, field: Field, written: set[FieldName]) -> bool:
        """Whether it is the very same field of the same engine there, and flows write it in both or in neither."""
        name = field.full_name
        is_there = self._fields.get(name) is field and field.system in self._same_engines
        return is_there and (name in written) == (name in self.earlier.written)

    def link(self, link: Link, written: set[FieldName]) -> Link | None:
        """The link of the same flow between the same fields, where the same engines run it."""
        known = self._links.get(id(link.flow))
        if known is None or known.join != link.join:
            return None
        return known if all(self.is_same(each, written) for each in (link.target, *link.sources)) else None
