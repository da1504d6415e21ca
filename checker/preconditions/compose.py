"""Composition: weakest preconditions, carried from every constraint back to the entries.

    requirement(n) = own(n)  and, over every flow n -> m,  preimage(requirement(m))

One pass over interned obligations, from the constraints they arise from towards the entries. Cycles are solved as a
greatest fixpoint: obligations are added until no new one appears. Where that does not converge, the fields of the cycle
are `unsettled`, and everything upstream of them is unknown.
Source: Dijkstra, "Guarded commands, nondeterminacy and formal derivation of programs", CACM 1975 (wp of a sequence is
the composition of wps; of a choice, their conjunction).
"""

from __future__ import annotations

from collections import deque
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

from ...lineage.transform import chain_preimage
from ...values.budget import STANDARD, BudgetExceeded, out_of
from ...values.question import answering
from ...values.textset import TextSet
from ...values.valueset import ValueSet
from .obligation import Continuation, FieldMove, FlowStep, Obligation, OwnConstraint, Sought
from .preimages import Preimages
from .reasons import compares_fields, condition_of, inexact_step, not_always_joined, not_described, not_in_records
from .recovery import Recovery
from .relation import FieldsRelation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...documents.names import EntityName, FieldName
    from ...lineage.condition import Alternative, Condition
    from ...lineage.graph import Graph, Link
    from ...lineage.transform import Transform
    from ...values.budget import Budget
    from .obligation import Accepts, Effect, Guard, Origin


_NOT_NULL = ValueSet.everything() - ValueSet.null_only()


class _Backward(NamedTuple):
    """What carries sets of values back over a link that joins nothing."""

    names: tuple[FieldName]
    moves: tuple[FieldMove]
    chain: tuple[Transform, ...]
    known: dict[int, ValueSet]
    """The known preimages over the chain."""


class Composition:
    """Every obligation of an estate, at every field it can be carried back to."""

    def __init__(
        self,
        graph: Graph,
        within: frozenset[FieldName] | None = None,
        sought: Sought | None = None,
        budget: Budget = STANDARD,
        alone: tuple[OwnConstraint, FieldsRelation, tuple[Guard, ...]] | None = None,
        like: Composition | None = None,
        *,
        inside: bool = False,
    ) -> None:
        """Compose all obligations, or only those that arise at the fields `within`, and the one that seeks a value.

        `inside`: they are carried to those fields alone, of which everything downstream is one as well.

        `alone`: nothing but how two fields must not relate, in records within guards. `like`: that of another version of
        the graph, with the same budget, which has computed many of the sets.
        """
        self.graph = graph
        self.budget = budget
        """Also the budget of every question about these obligations."""
        self.sets: Preimages = Preimages(graph, budget, None if like is None else like.sets)
        self.within: frozenset[FieldName] = frozenset(graph.fields) if within is None else within
        self._upstream = self.within if inside else None
        """The fields that obligations are carried to; None: all."""
        self.at: dict[FieldName, list[Obligation]] = {}
        """Per field, the obligations on it, alone or with other fields, in the order of discovery."""
        self.unsettled: set[FieldName] = set()
        """Fields with more obligations than the budget allows: mostly fields of cycles that do not converge."""
        self._relations: dict[FieldsRelation, FieldsRelation] = {}
        self._known: dict[tuple[Any, ...], Obligation] = {}
        self._most, self._most_in_cycle = budget.obligations, budget.obligations_in_a_cycle
        self._in_cycle = frozenset(name for cycle in graph.cycles for name in cycle)
        self._born = frozenset(field.full_name for entity in graph.entries for field in entity.fields.values())
        self._todo: deque[Obligation] = deque()
        self._stored_at: dict[Obligation, int] = {}
        """Per obligation that a storage alters nothing, the place of what it does in the field's transforms."""
        self._backward: dict[Link, _Backward] = {}
        self._into: dict[FieldName, Sequence[tuple[Link, _Backward | None]]] = {}
        self.recovery: Recovery = Recovery(graph, budget)
        """What entities give back of what is altered."""
        if alone is None:
            self._compose(sought)
        else:
            origin, relation, guards = alone
            self._obligation(relation.forbidden.fields, relation, guards, "refuse", origin)
        self._carry_all()

    def _compose(self, sought: Sought | None) -> None:
        if sought is not None:
            self._obligation((sought.field.full_name,), ~sought.values, (), "refuse", sought)
        for name in self.graph.in_order(self.within):
            self._own(name)
        for link in self.graph.links_into(self.within):
            if self._is_followed(link):
                self._of_flow(link)

    def _carry_all(self) -> None:
        while self._todo:
            obligation = self._todo.popleft()
            with answering("what fields upstream owe to ", obligation.fields):
                if self._is_implied(obligation):
                    continue
                accepts = obligation.accepts
                if len(obligation.fields) == 1 and not obligation.guards and isinstance(accepts, ValueSet):
                    self._carry_alone(obligation, accepts)
                else:
                    for links, unknown in self._ways_back(obligation):
                        try:
                            self._carry(obligation, links, unknown)
                        except BudgetExceeded as error:
                            self._carry_record(obligation, links, (), unknown=error.reason)

    def why_unsettled(self, name: FieldName) -> str:
        """The reason why not all obligations on an unsettled field are known."""
        for cycle in self.graph.cycles:
            if name in cycle:
                shown = " -> ".join(map(str, sorted(cycle)[:6])) + (
                    f" and {len(cycle) - 6} more" if len(cycle) > 6 else ""
                )
                spent = out_of("obligations in a cycle", self.budget.obligations_in_a_cycle)
                return f"the cycle through {shown} never converges ({spent})"
        return f"{name} has more obligations than are followed ({out_of('obligations', self.budget.obligations)})"

    # --------------------------------------------------------------------------------------------------- origins

    def _own(self, name: FieldName) -> None:
        """The obligations of a field's own contract."""
        field = self.graph.fields[name]
        store = self.graph.storage(name)
        for rejection in store.rejections:
            self._obligation((name,), rejection.accepts, (), "refuse", OwnConstraint(field, rejection.constraint))
        for constraint, condition in store.conditional:
            for guards, doubt in self._alternatives(condition, ()):
                origin = OwnConstraint(field, constraint)
                self._obligation((name,), _NOT_NULL, guards, "refuse", origin, unknown=doubt)
        for constraint, denied in store.checks:
            self._of_check(name, OwnConstraint(field, constraint), denied)
        for i, change in enumerate(store.changes):
            accepts = chain_preimage(store.transforms[:i], change.transform.unaltered)
            self._of_storage(name, i, accepts, OwnConstraint(field, change.constraint))
        for each in store.doubts:
            origin = OwnConstraint(field, each.constraint)
            self._obligation((name,), each.sure, (), "refuse", origin, unknown=each.constraint.doubt)
        for constraint in store.ignored:
            known = None if constraint.doubt else constraint.accepts
            self._obligation((name,), known, (), "alter", OwnConstraint(field, constraint), unknown=constraint.doubt)

    def _of_storage(self, name: FieldName, place: int, accepts: ValueSet, origin: OwnConstraint) -> None:
        """The obligation that a field's storage alters nothing.

        Where values arrive it is one of its own: it is carried back with all views of a value, of which others may give
        back what it leaves out.
        """
        if not self.graph.into.get(name):
            self._obligation((name,), accepts, (), "alter", origin)
            return
        accepts = self.sets.intern(accepts)
        is_asked = accepts is not ValueSet.everything() and (self._upstream is None or name in self._upstream)
        if is_asked and self._admits_another((name,)):
            obligation = Obligation((name,), accepts, (), "alter", None, [origin])
            self._stored_at[obligation] = place
            self.at.setdefault(name, []).append(obligation)
            self._todo.append(obligation)

    def _of_check(self, name: FieldName, origin: OwnConstraint, denied: Condition) -> None:
        """The obligations of a rule between fields: no record in one of the alternatives in which it is false."""
        for alternative in denied.alternatives:
            self._of_denied(name, origin, alternative, None)
        for each in denied.perhaps:
            self._of_denied(name, origin, each.alternative, each.doubt)

    def _of_denied(self, name: FieldName, origin: OwnConstraint, alternative: Alternative, doubt: str | None) -> None:
        values = self._stored(alternative.values)
        match alternative.pairs:
            case ():
                at = name if any(other == name for other, _ in values) else values[-1][0]
                accepts = ~dict(values)[at]
                self._obligation(
                    (at,), accepts, tuple(v for v in values if v[0] != at), "refuse", origin, unknown=doubt
                )
            case (pair,):
                stored = [self.graph.storage(each).transforms for each in pair.fields]
                relation = FieldsRelation(pair, (stored[0], stored[1]))
                known = {each for each in alternative.values if each[1] == _NOT_NULL and each[0] in pair.fields}
                guards = self._stored(tuple(each for each in alternative.values if each not in known))
                self._obligation(pair.fields, relation, guards, "refuse", origin, unknown=doubt)
            case pairs:
                names = tuple(dict.fromkeys(each for pair in pairs for each in pair.fields))
                reason = doubt or f"it compares fields in several ways at once: {origin.sentence}"
                self._obligation(names, None, values, "refuse", origin, unknown=reason)

    def _of_flow(self, link: Link) -> None:
        """The obligations of a flow: that no step alters the value, or that its effect is unknown."""
        if not link.exact:
            step = inexact_step(link)
            names = tuple(source.full_name for source in link.sources)
            for guards, _ in self._conditions(link, ()):
                self._obligation(names, None, guards, "refuse", FlowStep(link, step), unknown=not_described(link))
            return
        if link.flow.accept_loss:
            return
        for source, chain in zip(link.sources, link.chains, strict=True):
            for i, step in enumerate(chain):
                if step.unaltered is not ValueSet.everything():
                    name, origin = source.full_name, FlowStep(link, step)
                    try:
                        for accepts in self.recovery.of_step(name, link, i):
                            for guards, doubt in self._conditions(link, ()):
                                self._obligation((name,), accepts, guards, "alter", origin, unknown=doubt)
                    except BudgetExceeded as error:
                        self._obligation((name,), None, (), "alter", origin, unknown=error.reason)
        for i, step in enumerate(link.tail):
            if step.unaltered is not ValueSet.everything():
                origin = FlowStep(link, step)
                try:
                    joined = chain_preimage(link.tail[:i], step.unaltered)
                except BudgetExceeded as error:
                    names = tuple(source.full_name for source in link.sources)
                    self._obligation(names, None, (), "alter", origin, unknown=error.reason)
                    continue
                for guards, doubt in self._conditions(link, ()):
                    self._obligation_before_join(link, joined, guards, "alter", origin, unknown=doubt)

    def _obligation(
        self,
        names: tuple[FieldName, ...],
        accepts: Accepts,
        guards: tuple[Guard, ...],
        effect: Effect,
        cause: Origin | Continuation,
        *,
        unknown: str | None = None,
    ) -> None:
        """Add an obligation, or another cause to the known obligation of the same content."""
        if guards and len(names) == 1 and isinstance(accepts, ValueSet):
            guards, accepts = _absorb(names[0], guards, accepts)
        if guards and any(name in self._in_cycle for name, _ in guards):
            accepts, guards = None, ()
            unknown = unknown or "a condition on the way depends on values of a cycle"
        if isinstance(accepts, ValueSet):
            accepts = self.sets.intern(accepts)
        if isinstance(accepts, FieldsRelation):
            accepts = self._relations.setdefault(accepts, accepts)
        guards = guards and tuple((name, self.sets.intern(values)) for name, values in guards)
        vacuous = guards and any(values is ValueSet.nothing() for _, values in guards)
        if not vacuous and accepts is not TextSet.full():
            self._put(names, accepts, guards, effect, cause, unknown)

    def _put(
        self,
        names: tuple[FieldName, ...],
        accepts: Accepts,
        guards: tuple[Guard, ...],
        effect: Effect,
        cause: Origin | Continuation,
        unknown: str | None,
    ) -> None:
        """The same, of sets that are interned."""
        if accepts is ValueSet.everything() or (self._upstream is not None and self._upstream.isdisjoint(names)):
            return
        met = tuple([(name, id(values)) for name, values in guards]) if guards else ()
        key = (names, id(accepts), met, effect, unknown)
        obligation = self._known.get(key)
        if obligation is None:
            if not self._admits_another(names):
                return
            obligation = self._known[key] = Obligation(names, accepts, guards, effect, unknown)
            for name in dict.fromkeys(names):
                self.at.setdefault(name, []).append(obligation)
            self._todo.append(obligation)
        if not isinstance(cause, Continuation):
            obligation.origins.append(cause)
        elif not obligation.origins or not obligation.rejects_here or names[0] in self._born:
            # A field that rejects exactly the values that fail this obligation stops them before they fail downstream.
            # (Every field's own constraints are known before any obligation is carried.) An entry's own constraints are
            # compared with the obligation instead.
            obligation.continuations.append(cause)

    def _admits_another(self, names: tuple[FieldName, ...]) -> bool:
        for name in names:
            most = self._most_in_cycle if name in self._in_cycle else self._most
            if len(self.at.get(name, ())) >= most:
                self.unsettled.add(name)
                return False
        return True

    def _is_implied(self, obligation: Obligation) -> bool:
        """Whether the field's own contract already rejects every value that fails an obligation from downstream.

        Then the obligation adds nothing upstream, and ends here.
        """
        if obligation.origins or not isinstance(obligation.accepts, ValueSet):
            return False
        return self.sets.implies(self.sets.accepted(obligation.fields[0]), obligation.accepts)

    # --------------------------------------------------------------------------------------------------- carrying

    def _ways_back(self, obligation: Obligation) -> Iterator[tuple[tuple[Link | None, ...], str | None]]:
        """Per entity that values come from: the link of each of the obligation's fields (None: the value stays).

        Where there are more combinations than the budget allows: as many as put every link into one of them, with the
        reason why the rest is unknown.
        """
        if len(obligation.fields) == 1:
            yield from (((link,), None) for link, _ in self._links_into(obligation.fields[0]))
            return
        per_entity: dict[EntityName, list[list[Link]]] = {}
        for i, name in enumerate(obligation.fields):
            for link in self.graph.into.get(name, ()):
                entity = link.sources[0].full_name.entity_name
                per_entity.setdefault(entity, [[] for _ in obligation.fields])[i].append(link)
        for options in per_entity.values():
            choices: list[list[Link | None]] = [list(links) or [None] for links in options]
            if len(choices) == 1 or prod(map(len, choices)) <= self.budget.joined_ways:
                yield from ((links, None) for links in product(*choices))
            else:
                spent = out_of("joined ways", self.budget.joined_ways)
                unknown = f"the values joined in {obligation.fields[0]} arrive in more ways than are followed ({spent})"
                for i in range(max(map(len, choices))):
                    yield tuple(links[i % len(links)] for links in choices), unknown

    def _carry(self, obligation: Obligation, links: tuple[Link | None, ...], unknown: str | None) -> None:
        """Carry an obligation back over one link for each of its fields."""
        if len(links) == 1 and links[0] is not None and not obligation.guards and links[0].when is None:
            self._carry_one(obligation, links[0], ())
            return
        entity = next(link.sources[0].full_name.entity_name for link in links if link is not None)
        for inherited in self._guards_back(obligation.guards, entity):
            joined = not isinstance(obligation.accepts, FieldsRelation)  # what does not arrive is compared with nothing
            if joined and len({condition_of(link) for link in links}) > 1:
                self._carry_record(obligation, links, inherited, unknown=not_always_joined(links))
            for guards, doubt in self._all_conditions(links, inherited):
                if len(obligation.fields) == 1:
                    link = links[0]
                    if link is not None:
                        self._carry_one(obligation, link, guards, doubt)
                else:
                    self._carry_record(obligation, links, guards, unknown=unknown or doubt)

    def _carry_one(
        self, obligation: Obligation, link: Link, guards: tuple[Guard, ...], doubt: str | None = None
    ) -> None:
        if link.is_default and obligation.effect == "alter":
            return
        names = tuple(source.full_name for source in link.sources)
        moves = (FieldMove(link, tuple(range(len(names)))),)
        cause = Continuation(obligation, moves)
        unknown = obligation.unknown or doubt
        if obligation.accepts is None:
            self._obligation(names, None, guards, obligation.effect, cause, unknown=unknown)
            return
        if not isinstance(obligation.accepts, ValueSet):
            message = "an obligation on one field is a set of its values"
            raise TypeError(message)
        if link.join is not None:
            joined = self.sets.over(link.tail, obligation.accepts)
            self._obligation_before_join(link, joined, guards, obligation.effect, cause, unknown=unknown)
            return
        accepts = self._before(obligation.accepts, self._backward_over(link))
        self._obligation(names, accepts, guards, obligation.effect, cause, unknown=unknown)

    def _carry_alone(self, obligation: Obligation, accepts: ValueSet) -> None:
        """Carry an obligation on one field, whatever other fields hold, back over each link: most are so."""
        effect, unknown, place = obligation.effect, obligation.unknown, self._stored_at.get(obligation)
        for link, backward in self._links_into(obligation.fields[0]):
            if effect == "alter" and link.is_default:
                continue  # of what is not sent nothing is lost
            if backward is None or (link.when is not None and place is None):
                self._carry(obligation, (link,), None)
                continue
            if place is not None and len(self.graph.out_of[backward.names[0]]) > 1:
                self._carry_stored(obligation, link, place)
                continue
            try:
                before = self._before(accepts, backward)
            except BudgetExceeded as error:
                self._carry_record(obligation, (link,), (), unknown=error.reason)
                continue
            self._put(backward.names, before, (), effect, Continuation(obligation, backward.moves), unknown)

    def _carry_stored(self, obligation: Obligation, link: Link, place: int) -> None:
        """Carry the obligation that a storage alters nothing back over a link from a field that leads to others as well."""
        backward = self._backward_over(link)
        cause = Continuation(obligation, backward.moves)
        try:
            for accepts in self.recovery.of_storage(backward.names[0], link, place):
                for guards, doubt in self._conditions(link, ()):
                    self._obligation(backward.names, accepts, guards, "alter", cause, unknown=doubt)
        except BudgetExceeded as error:
            self._carry_record(obligation, (link,), (), unknown=error.reason)

    def _backward_over(self, link: Link) -> _Backward:
        backward = self._backward.get(link)
        if backward is None:
            name = link.sources[0].full_name
            chain = self.sets.stored(name, link.chains[0])
            backward = _Backward((name,), (FieldMove(link, (0,)),), chain, self.sets.known_over(chain))
            self._backward[link] = backward
        return backward

    def _links_into(self, name: FieldName) -> Sequence[tuple[Link, _Backward | None]]:
        """The links that an obligation on one field is carried over: a step that is not described has one of its own.

        With what carries it over a link that joins nothing.
        """
        links = self._into.get(name)
        if links is None:
            every = self.graph.into.get(name, ())
            links = self._into[name] = [
                (link, self._backward_over(link) if link.join is None else None)
                for link in every
                if self._is_followed(link) and link.exact
            ]
        return links

    def _is_followed(self, link: Link) -> bool:
        """Whether a link comes from a field that obligations are carried to."""
        upstream = self._upstream
        if upstream is None or link.sources[0].full_name in upstream:
            return True
        return any(source.full_name in upstream for source in link.sources[1:])

    def _before(self, accepts: ValueSet, backward: _Backward) -> ValueSet:
        if not backward.chain:
            return accepts
        known = backward.known.get(id(accepts))
        return self.sets.carried(backward.chain, backward.known, accepts) if known is None else known

    def _obligation_before_join(
        self,
        link: Link,
        joined: ValueSet,
        guards: tuple[Guard, ...],
        effect: Effect,
        cause: Origin | Continuation,
        *,
        unknown: str | None = None,
    ) -> None:
        """An obligation on a joined text, as one on the record of the fields that are joined."""
        names = tuple(source.full_name for source in link.sources)
        records = self.sets.before_join(link, joined.texts)
        if isinstance(records, TextSet):
            self._obligation(names, records, guards, effect, cause, unknown=unknown)
        else:
            self._obligation(names, None, guards, effect, cause, unknown=unknown or not_in_records(records))

    def _carry_record(
        self,
        obligation: Obligation,
        links: tuple[Link | None, ...],
        guards: tuple[Guard, ...],
        *,
        unknown: str | None,
    ) -> None:
        names: list[FieldName] = []
        moves: list[FieldMove] = []
        records = obligation.accepts
        unknown = unknown or obligation.unknown
        for i, (name, link) in enumerate(zip(obligation.fields, links, strict=True)):
            if link is not None and link.join is not None:
                unknown = unknown or f"{link.target.full_name} is itself joined from several fields"
            if link is not None and not link.exact:
                unknown = unknown or not_described(link)
            if link is None:
                moves.append(FieldMove(None, (len(names),)))
                names.append(name)
                continue
            moves.append(FieldMove(link, tuple(range(len(names), len(names) + len(link.sources)))))
            names += (source.full_name for source in link.sources)
            if unknown:
                continue
            if isinstance(records, TextSet):
                chain = self.sets.stored(link.sources[0].full_name, link.chains[0])
                before = self.sets.on_record(records, i, chain)
                if isinstance(before, TextSet):
                    records = before
                else:
                    unknown = not_in_records(before)
            elif isinstance(records, FieldsRelation):
                records = records.before(i, self.sets.stored(link.sources[0].full_name, link.chains[0]))
        if unknown:  # how often a field occurs does not matter then, and in a cycle the list would grow without end
            places = {name: place for place, name in enumerate(dict.fromkeys(names))}
            moves = [FieldMove(move.link, tuple(places[names[i]] for i in move.positions)) for move in moves]
            names, records = list(places), None
        cause = Continuation(obligation, tuple(moves))
        self._obligation(tuple(names), records, guards, obligation.effect, cause, unknown=unknown)

    # ------------------------------------------------------------------------------------------------- conditions

    def _conditions(self, link: Link, inherited: tuple[Guard, ...]) -> Iterator[tuple[tuple[Guard, ...], str | None]]:
        """The guards a link's own condition adds, one alternative at a time, and what they cannot say of it.

        Then an obligation may apply to fewer records than its guards say; whoever meets it is right all the same.
        """
        if link.when is None:
            yield inherited, None
        else:
            yield from self._alternatives(link.when, inherited)

    def _alternatives(
        self, condition: Condition, inherited: tuple[Guard, ...]
    ) -> Iterator[tuple[tuple[Guard, ...], str | None]]:
        """The guards of a condition: of the records that surely meet it, and, with the reason, of those that may."""
        for alternative in condition.alternatives:
            yield _meet(inherited, self._stored(alternative.values)), compares_fields(alternative)
        for each in condition.perhaps:
            yield _meet(inherited, self._stored(each.alternative.values)), each.doubt

    def _stored(self, case: tuple[Guard, ...]) -> tuple[Guard, ...]:
        """A case of a condition over the values as they arrive: it applies to the values as stored."""
        stored = self.graph.storage
        return _meet((), [(name, chain_preimage(stored(name).transforms, values)) for name, values in case])

    def _all_conditions(
        self, links: tuple[Link | None, ...], inherited: tuple[Guard, ...]
    ) -> Iterator[tuple[tuple[Guard, ...], str | None]]:
        conditions: list[tuple[tuple[Guard, ...], str | None]] = [(inherited, None)]
        for link in dict.fromkeys(link for link in links if link is not None):
            conditions = [
                (guards, doubt or known_doubt)
                for known, known_doubt in conditions
                for guards, doubt in self._conditions(link, known)
            ]
        yield from conditions

    def _guards_back(self, guards: tuple[Guard, ...], entity: EntityName) -> Iterator[tuple[Guard, ...]]:
        """Guards carried back to an entity, where exactly one plain flow fills the guarded field from there."""
        options: list[Guard] = []
        for name, values in guards:
            links = [x for x in self.graph.into.get(name, ()) if x.sources[0].full_name.entity_name == entity]
            if len(links) == 1 and links[0].join is None and links[0].exact and links[0].when is None:
                source = links[0].sources[0].full_name
                options.append((source, self.sets.possible(self.sets.stored(source, links[0].chains[0]), values)))
            else:
                options.append((name, values))
        yield _meet((), options)


def _meet(first: tuple[Guard, ...], second: Sequence[Guard]) -> tuple[Guard, ...]:
    met = dict(first)
    for name, values in second:
        met[name] = met[name] & values if name in met else values
    return tuple(sorted(met.items()))


def _absorb(name: FieldName, guards: tuple[Guard, ...], accepts: ValueSet) -> tuple[tuple[Guard, ...], ValueSet]:
    """Fold a guard on the obligation's own field into the accepted values: those outside the guard are accepted."""
    for guard, values in guards:
        if guard == name:
            accepts = accepts | ~values
    return tuple(guard for guard in guards if guard[0] != name), accepts
