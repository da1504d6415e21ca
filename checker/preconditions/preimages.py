"""Preimages of value sets over links, each computed once.

Interned: sets of one content are one object, kept as long as this cache, so that an id identifies its set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...lineage.transform import TextTransform, Varying, chain_agreed, chain_possible, is_two_sided, ways
from ...lineage.transforms.fixed import Default, Identity
from ...values.budget import STANDARD, BudgetExceeded
from ...values.record import OnFields
from ...values.transducer import IDENTITY, Mapped
from ...values.valueset import ValueSet

if TYPE_CHECKING:
    from ...documents.names import FieldName
    from ...lineage.graph import Graph, Link
    from ...lineage.transform import Transform
    from ...values.budget import Budget
    from ...values.textset import TextSet
    from ...values.valueset import Value


_MOST_ATOMS = 8
"""Atoms of a set that is carried back in every way that engines do a step."""
_MOST_MEMBERS = 4
"""Members of a set that are tried before a search of another set for one that it lacks."""


class _Answers:
    """Interned sets, and what is known about them; an id is that of an interned set."""

    def __init__(self) -> None:
        self.sets: dict[ValueSet, ValueSet] = {x: x for x in (ValueSet.everything(), ValueSet.nothing())}
        self.preimages: dict[tuple[Transform, ...], dict[int, ValueSet]] = {}
        self.agreed: dict[tuple[Transform, ...], ValueSet] = {}
        self.met: dict[tuple[int, int], ValueSet] = {}
        self.implied: dict[tuple[int, int], bool] = {}
        self.members: dict[int, list[Value]] = {}
        """Some members of a set, by its id, the last one first."""


class Preimages:
    """The preimages of one graph."""

    def __init__(self, graph: Graph, budget: Budget = STANDARD, like: Preimages | None = None) -> None:
        """`like`: those of another version of the graph, with the same budget, whose sets and answers are shared."""
        self.graph = graph
        self._glance = budget.glance
        self._accepted: dict[FieldName, ValueSet] = {}
        self.answers: _Answers = _Answers() if like is None else like.answers
        """What does not depend on the graph."""

    def intern(self, values: ValueSet) -> ValueSet:
        """The one object of this content."""
        return self.answers.sets.setdefault(values, values)

    def meet(self, first: ValueSet, second: ValueSet) -> ValueSet:
        """The intersection; of interned sets, interned."""
        if first is second or second is ValueSet.everything():
            return first
        if first is ValueSet.everything():
            return second
        key = (id(first), id(second))
        met = self.answers.met.get(key)
        if met is None:
            met = self.answers.met[key] = self.intern(first & second)
        return met

    def accepted(self, name: FieldName) -> ValueSet:
        """The values, as they arrive at a field, that it does not reject."""
        accepted = self._accepted.get(name)
        if accepted is None:
            store = self.graph.storage(name)
            accepted = store.meets_checks(name)
            for rejection in store.rejections:
                accepted = accepted & rejection.accepts
            accepted = self._accepted[name] = self.intern(accepted)
        return accepted

    def stored(self, name: FieldName, chain: tuple[Transform, ...]) -> tuple[Transform, ...]:
        """A chain, after the changes that the field itself makes to a value it stores."""
        return self.graph.storage(name).transforms + chain

    def over(self, chain: tuple[Transform, ...], accepts: ValueSet) -> ValueSet:
        """The preimage: the values that a chain turns into accepted ones."""
        return self.carried(chain, self.known_over(chain), self.intern(accepts)) if chain else accepts

    def known_over(self, chain: tuple[Transform, ...]) -> dict[int, ValueSet]:
        """The known preimages over a chain, by the identity of the interned set that is carried back."""
        return self.answers.preimages.setdefault(chain, {})

    def carried(self, chain: tuple[Transform, ...], known: dict[int, ValueSet], accepts: ValueSet) -> ValueSet:
        """The preimage of an interned set over a chain, of which these are known."""
        preimage = known.get(id(accepts))
        if preimage is None:
            made = accepts
            for step in reversed(chain):
                if len(made.texts.atoms) > _MOST_ATOMS and isinstance(step, Varying) and len(ways(step)) > 1:
                    # each way multiplies the atoms: of so many, only what engines do alike is carried on: never too much
                    made = ways(step)[0].preimage(made) & step.agreed
                else:
                    made = step.preimage(made)
            preimage = known[id(accepts)] = self.intern(made)
        return preimage

    def possible(self, chain: tuple[Transform, ...], accepts: ValueSet) -> ValueSet:
        """The values that a chain turns into accepted ones in some way that engines do its steps."""
        return self.intern(chain_possible(chain, accepts)) if is_two_sided(chain) else self.over(chain, accepts)

    def agreed(self, chain: tuple[Transform, ...]) -> ValueSet:
        """Values of which a chain makes the same whatever engines do its steps."""
        agreed = self.answers.agreed.get(chain)
        if agreed is None:
            agreed = self.answers.agreed[chain] = self.intern(chain_agreed(chain))
        return agreed

    def implies(self, stronger: ValueSet, weaker: ValueSet) -> bool:
        """Whether one interned set is a subset of another, within the budget `glance`; False may mean unknown."""
        key = (id(stronger), id(weaker))
        implied = self.answers.implied.get(key)
        if implied is None:
            members = self.answers.members.setdefault(key[0], [])
            is_refuted = any(member not in weaker for member in members)
            implied = self.answers.implied[key] = not is_refuted and self._is_subset(stronger, weaker, members)
        return implied

    def _is_subset(self, values: ValueSet, others: ValueSet, members: list[Value]) -> bool:
        """Whether a search shows a set to be a subset of another; a member outside of it is added to those known.

        A known member outside says no as well, and so would the search, or end with its budget.
        """
        try:
            stray = values.stray(others, self._glance)
        except BudgetExceeded:
            return False
        if stray is not None:
            members.insert(0, stray.value)
            del members[_MOST_MEMBERS:]
        return stray is None

    def before_join(self, link: Link, joined: TextSet) -> TextSet | Transform:
        """The records of a joining link's sources whose joined text is in a set; or the step without a preimage."""
        if link.join is None:
            message = "nothing is joined here"
            raise TypeError(message)
        records = joined.back(link.join.machine(len(link.sources)))
        for i, (source, chain) in enumerate(zip(link.sources, link.chains, strict=True)):
            carried = self.on_record(records, i, self.stored(source.full_name, chain))
            if not isinstance(carried, type(records)):
                return carried
            records = carried
        return records

    @staticmethod
    def on_record(records: TextSet, index: int, chain: tuple[Transform, ...]) -> TextSet | Transform:
        """The records that a chain on one of their fields surely turns into these; or the step without a preimage."""
        for step in reversed(chain):
            if isinstance(step, Identity):
                continue
            machines = [_on_field(way, index) for way in ways(step)]
            known = [machine for machine in machines if machine is not None]
            if len(known) < len(machines):
                return step
            records = records.back_in_all(known)
        return records


def _on_field(step: Transform, index: int) -> OnFields | None:
    """An exact transform as a machine on one field of a record; None where it does not work on text."""
    match step:
        case Default(text):
            return OnFields.one(index, Mapped(IDENTITY), null_becomes=text)
        case TextTransform():
            return OnFields.one(index, step.machine)
        case _:
            return None
