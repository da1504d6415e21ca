"""Regressions: failures that one version of an estate has and the other does not, decided on sets of records.

    E = the records that an entry accepts and that a downstream system rejects (or alters)
    regressions = E after - E before

A record that the entry accepts now is a regression in one of two ways. The entry accepted it before and it was fine: it
meets every obligation of the version before and breaks one of the version after. Or the entry rejected it before. So
for every new obligation, a record is sought among those that meet all earlier obligations; and for every obligation,
among those that the entry accepts only now.

A record that was rejected anywhere before counts as rejected; another rejection is no regression. A record that was
altered in one place and is now altered in another too has lost more: only earlier alterations at the same field count.

The earlier obligations are added one by one, only where a candidate record breaks one of them: of the many on an entry,
few matter to the question. The resulting record was run forward in the version after, where it fails, and in the
version before, where it did not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial, reduce
from operator import and_
from typing import TYPE_CHECKING, TypeAlias

from ...values.budget import BudgetExceeded
from ...values.valueset import ValueSet
from ..judging.judgement import PROVED, Judgement
from ..judging.simulate import travel
from .alike import Alikeness
from .by_field import ByField
from .newly_equal import NewlyEqual
from .reached import ReachedOtherwise
from .record_search import READABLE, RecordSearch, names_of
from .touched import Touched
from .ways_on import beyond, is_from_beyond

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ...contracts.model import Entity
    from ...documents.names import EntityName, FieldName
    from ..finding import FieldValues
    from ..judging.context import Context
    from ..judging.judge import Judge
    from ..preconditions.obligation import Effect, Obligation, Origin
    from .record_search import Sets
    from .versions import Versions


_Content: TypeAlias = "tuple[object, ...]"


@dataclass(frozen=True, slots=True)
class Regression:
    """One entry, the obligation and origin it fails at now and did not fail at before, and the proof."""

    entity: Entity
    obligation: Obligation
    origin: Origin
    judgement: Judgement
    """Refuted with a reason: it fails now, and for that reason it is not known whether it was fine before."""
    entry_widened: bool
    """Whether the entry rejected the record before."""


@dataclass(frozen=True, slots=True)
class _Beyond:
    """The obligations from downstream on an entry, with alterations that are given back."""

    before: ByField
    now: ByField
    known: Mapping[_Content, Sequence[Obligation]]
    """Those before, by their fields, what they accept, and their guards."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Whether a requirement is tighter than before, with a record as proof."""

    record: FieldValues | None
    """A record that met it before and does not now; None: there is none, or it is not known."""
    reason: str | None = None
    """The reason why it is not known."""


class Regressions:
    """Decides regressions for the entries of two versions, in one direction."""

    def __init__(self, versions: Versions) -> None:
        self.versions = versions
        self.before, self.after = versions.before, versions.after
        self._budget = versions.after.budget
        self._counts = partial(_counts, self.before)  # refers to no regressions, which refer to the search
        self._searching = RecordSearch(self.before, self.after, self._counts)
        self._obligations: dict[EntityName, ByField] = {}
        self._beyond: dict[EntityName, _Beyond] = {}
        self._contents_now: dict[EntityName, set[_Content]] = {}
        self._alikeness = Alikeness(versions)
        self._widened: dict[FieldName, ValueSet | None] = {}
        self.touched: Touched = Touched(versions)
        """What the changes may have an effect on where something is unknown."""
        self._lacking = {
            field.full_name: frozenset(creation.sources)
            for creation in versions.before.graph.unfilled
            for field in creation.unwritten
        }
        """Per field that was required and that no flow filled before, the entities whose records lacked it."""
        self._reached = ReachedOtherwise(versions)
        self._newly_equal = NewlyEqual(self.before, self.after, self._searching, self.touched)

    # ----------------------------------------------------------------------------------------------- regressions

    def failures(self, entity: Entity, effect: Effect) -> list[Regression]:
        """The regressions of an entry: each origin once, with its shortest proof."""
        failures: dict[tuple[tuple[FieldName, ...], Origin], Regression] = {}
        known = self._contents(entity, effect)
        for obligation in self.after.stated(entity):
            if obligation.effect != effect:
                continue
            earlier = known.get(_content(obligation))
            if effect == "alter":
                if self._matters_not(entity, earlier, obligation) or self.after.gives_back(obligation, entity):
                    continue
                earlier = earlier if earlier is not None and self._counts(earlier, entity) else None
            fresh: list[Origin] | None = None
            if earlier is not None and not (obligation.unknown and self.touched.is_touched(obligation)):
                fresh = self._elsewhere(earlier, obligation) if effect == "alter" else []
            for entry_widened, sets in self._starts(entity, obligation, is_known=fresh == []):
                if self._searching.judge(sets, ()).verdict(obligation, entity.full_name) == "proved":
                    continue
                for origin in beyond(obligation) if entry_widened or fresh is None else fresh:
                    judgement = self._regression(entity, obligation, origin, sets, entry_widened=entry_widened)
                    key = (obligation.fields, origin)
                    if judgement.verdict == "proved":
                        continue
                    failure = Regression(entity, obligation, origin, judgement, entry_widened)
                    if key not in failures or _rank(failure) < _rank(failures[key]):
                        failures[key] = failure
            if effect == "alter" and self.versions.was_entry(entity.full_name):
                for failure in self._newly_equal_now(entity, obligation):
                    failures.setdefault((obligation.fields, failure.origin), failure)
            if earlier is not None and (effect == "alter" or self._reached.is_otherwise(entity, obligation)):
                for origin, judgement in self._reached.worse(entity, earlier, obligation):
                    widened = self._reached.has_other_rules(entity)
                    failure = Regression(entity, obligation, origin, judgement, entry_widened=widened)
                    failures.setdefault((obligation.fields, origin), failure)
        return list(failures.values())

    def _newly_equal_now(self, entity: Entity, obligation: Obligation) -> Iterator[Regression]:
        """The losses of an alteration whose two records are equal now alone."""
        names = [name for name in names_of(obligation) if name.entity_name == entity.full_name]
        for origin in beyond(obligation):
            judgement = self._newly_equal.found(entity, obligation, origin, {name: self._kept(name) for name in names})
            if judgement is not None:
                yield Regression(entity, obligation, origin, judgement, entry_widened=False)

    def _elsewhere(self, earlier: Obligation, obligation: Obligation) -> list[Origin]:
        """The origins of an alteration at whose fields an earlier obligation of the same content altered nothing."""
        known, now = ({field for field, _ in self._searching.places_of(each)} for each in (earlier, obligation))
        return [] if now <= known else [each for each in beyond(obligation) if each.field.full_name not in known]

    def _starts(self, entity: Entity, obligation: Obligation, *, is_known: bool) -> Iterator[tuple[bool, Sets]]:
        """The sets to search, each with whether only the version after accepts its records.

        A known obligation needs no search among the records that both versions accept.
        """
        names = [name for name in names_of(obligation) if name.entity_name == entity.full_name]
        if not is_known and self.versions.was_entry(entity.full_name):
            yield False, {name: self._kept(name) for name in names}
        for name in names:
            widened = self.widened(name)
            if widened is not None:
                yield True, {name: widened}

    def _regression(
        self, entity: Entity, obligation: Obligation, origin: Origin, sets: Sets, *, entry_widened: bool
    ) -> Judgement:
        def decide(judge: Judge) -> Judgement:
            return judge.judge(obligation, origin, entity.full_name)

        if entry_widened:
            return decide(self._searching.judge(sets, ()))
        if self._lacked(origin.field.full_name):
            return PROVED
        names = (*names_of(obligation), *self._sent_beside(entity, origin.field.full_name))
        related = [
            self._where_it_arrived(entity, earlier)
            for earlier in self._obligations_before(entity).on(names)
            if earlier.effect == obligation.effect and self._fails_there(earlier, origin)
        ]
        judgement = self._searching.search(entity, obligation, related, sets, decide)
        if judgement.verdict == "refuted" and judgement.record is not None and obligation.effect == "refuse":
            earlier = {name: value for name, value in judgement.record.items() if name in self.before.graph.fields}
            if travel(self.before.graph, earlier, self._budget).fails:
                return Judgement("unknown", reason="it could not be confirmed that the value found was fine before")
        return judgement

    def _sent_beside(self, entity: Entity, name: FieldName) -> Iterator[FieldName]:
        """The fields of an entry whose values created records before in which a field had what its system puts there."""
        for link in self.before.graph.into.get(name, ()):
            if link.is_default:
                yield from (s.full_name for s in link.sources if s.full_name.entity_name == entity.full_name)

    def _lacked(self, name: FieldName) -> bool:
        """Whether every record that reaches a field now was rejected there before, since nothing filled it."""
        sources = self._lacking.get(name)
        links = self.after.graph.into.get(name, ())
        return sources is not None and all(
            source.full_name.entity_name in sources for link in links for source in link.sources
        )

    def _where_it_arrived(self, entity: Entity, earlier: Obligation) -> Obligation:
        """An earlier alteration, of what was not rejected before and is not now: a text that is cut now was never cut."""
        if earlier.effect != "alter" or len(earlier.fields) > 1 or not isinstance(earlier.accepts, ValueSet):
            return earlier
        now = self._contents_now.get(entity.full_name)
        if now is None:
            now = self._contents_now[entity.full_name] = {_content(each) for each in self.after.stated(entity)}
        gone = [
            each.accepts
            for each in self._obligations_before(entity).on(earlier.fields)
            if each.effect == "refuse" and each.fields == earlier.fields and not each.guards
            if isinstance(each.accepts, ValueSet) and _content(each) not in now
        ]
        return replace(earlier, accepts=earlier.accepts | ~reduce(and_, gone)) if gone else earlier

    # ---------------------------------------------------------------------------------------------- requirements

    def requirement(self, entity: Entity, name: FieldName) -> Moved:
        """Whether the requirement on a field of an entry is tighter than before, for any value of its type.

        The entry's own contract is ignored.
        """
        reason = self.unconverged(name)
        if reason is not None:
            return Moved(None, reason)
        beyond_both = self._downstream_obligations(entity)
        before, doubt = beyond_both.before, None
        for obligation in beyond_both.now.on((name,)):
            same = beyond_both.known.get(_content(obligation)[:3], ())
            if not (obligation.unknown and self.touched.is_touched(obligation)) and any(
                earlier.effect == "refuse"
                or self._matters_not(entity, earlier if earlier.effect == obligation.effect else None, obligation)
                or self._counts(earlier, entity)
                for earlier in same
            ):
                continue
            if self.after.gives_back(obligation, entity):
                continue
            names = [n for n in names_of(obligation) if n.entity_name == entity.full_name]
            decide = partial(_decided, obligation, entity.full_name)
            related = before.on(names_of(obligation))
            judgement = self._searching.search(
                entity, obligation, related, {n: self._of_type(n) for n in names}, decide
            )
            if judgement.record is not None and judgement.reason is None:
                return Moved(self._readable(entity, obligation, related, names) or judgement.record)
            doubt = doubt or judgement.reason
        return Moved(None, doubt)

    def _downstream_obligations(self, entity: Entity) -> _Beyond:
        """The obligations from downstream on an entry, in both versions."""
        beyond_both = self._beyond.get(entity.full_name)
        if beyond_both is None:
            sides = (self._obligations_before(entity).all, self.after.stated(entity))
            before, now = (ByField(tuple(filter(is_from_beyond, side))) for side in sides)
            known: dict[_Content, list[Obligation]] = {}
            for obligation in before.all:
                known.setdefault(_content(obligation)[:3], []).append(obligation)
            beyond_both = self._beyond[entity.full_name] = _Beyond(before, now, known)
        return beyond_both

    def _matters_not(self, entity: Entity, earlier: Obligation | None, obligation: Obligation) -> bool:
        """Whether an alteration of both versions is given back in both or in neither, and nothing more is let in to it."""
        return (
            earlier is not None
            and obligation.effect == "alter"
            and self._alikeness.are_alike(earlier, obligation, entity.full_name)
        )

    def unconverged(self, name: FieldName) -> str | None:
        """The reason why, in either version, nothing is known downstream of a field: a cycle that does not converge."""
        for context in (self.before, self.after):
            unsettled = context.composition.unsettled
            reached = sorted(unsettled & context.graph.downstream([name])) if unsettled else []
            if reached:
                return context.composition.why_unsettled(reached[0])
        return None

    def _readable(
        self, entity: Entity, obligation: Obligation, related: Sequence[Obligation], names: Sequence[FieldName]
    ) -> FieldValues | None:
        """A record that people read more easily than a shortest one, and that the entry accepts if possible."""
        readable = {n: self._of_type(n) & READABLE for n in names}
        accepted = {n: values & self.after.judge.accepted(n) for n, values in readable.items()}
        for sets in (accepted, readable):
            decide = partial(_decided, obligation, entity.full_name)
            judgement = self._searching.search(entity, obligation, related, sets, decide)
            if judgement.record is not None and judgement.reason is None:
                return judgement.record
        return None

    def _of_type(self, name: FieldName) -> ValueSet:
        return ValueSet.of_type(self.after.graph.fields[name].type) | ValueSet.null_only()

    # ------------------------------------------------------------------------------------------- accepted values

    def widened(self, name: FieldName) -> ValueSet | None:
        """The values that an entry's field accepts and may not have accepted before; None: there are none."""
        if name not in self._widened:
            self._widened[name] = self._added(name)
        return self._widened[name]

    def fine_before(self, entity: Entity, name: FieldName) -> ValueSet | None:
        """The values that an entry's field accepts in both versions, and that no system rejected before.

        None: that depends on other fields.
        """
        values = self._kept(name)
        for obligation in self._obligations_before(entity).on((name,)):
            if obligation.effect == "refuse":
                if not isinstance(obligation.accepts, ValueSet) or obligation.guards:
                    return None
                values = values & obligation.accepts
        return values

    def _added(self, name: FieldName) -> ValueSet | None:
        now, earlier = self.after.judge.accepted(name), self._accepted_before(name)
        if now is earlier or now == earlier:
            return None
        try:
            return None if now.stray(earlier, self._budget) is None else now - earlier
        except BudgetExceeded:
            return now - earlier  # any member is accepted now and was not before, even where emptiness is undecided

    def _accepted_before(self, name: FieldName) -> ValueSet:
        """A field that an entry did not have was empty in each of its records."""
        if not self.versions.was_entry(name.entity_name):
            return ValueSet.nothing()
        return self.before.judge.accepted(name) if name in self.before.graph.fields else ValueSet.null_only()

    def _kept(self, name: FieldName) -> ValueSet:
        return self.after.judge.accepted(name) & self._accepted_before(name)

    # --------------------------------------------------------------------------------------- earlier obligations

    def _obligations_before(self, entity: Entity) -> ByField:
        obligations = self._obligations.get(entity.full_name)
        if obligations is None:
            earlier = self.before.estate.contracts.entity(entity.full_name)
            known = earlier is not None and earlier.kind == "entry"
            obligations = ByField(tuple(self.before.stated(earlier)) if earlier is not None and known else ())
            self._obligations[entity.full_name] = obligations
        return obligations

    def _contents(self, entity: Entity, effect: Effect) -> dict[_Content, Obligation]:
        """The earlier obligations on an entry, by content; of alterations also those that are given back."""
        earlier = self._obligations_before(entity).all
        return {_content(obligation): obligation for obligation in earlier if obligation.effect == effect}

    def _fails_there(self, obligation: Obligation, origin: Origin) -> bool:
        """Whether a record that broke this obligation before counts as failing already, when it fails at `origin` now.

        A rejection anywhere counts. Of alterations only one at the same field counts: an alteration elsewhere loses more.
        """
        return obligation.effect == "refuse" or any(
            field == origin.field.full_name for field, _ in self._searching.places_of(obligation)
        )


def _counts(before: Context, earlier: Obligation, entity: Entity) -> bool:
    """Whether an earlier obligation is one: what is altered and given back is none."""
    if earlier.effect == "refuse":
        return True
    return not before.gives_back(earlier, before.estate.contracts.entities[entity.full_name])


def _decided(obligation: Obligation, entity: EntityName, judge: Judge) -> Judgement:
    return judge.decide(obligation, entity)


def _content(obligation: Obligation) -> _Content:
    return (obligation.fields, obligation.accepts, obligation.guards, obligation.effect, obligation.unknown)


def _rank(failure: Regression) -> tuple[bool, bool, int]:
    """Proof before doubt; records that were fine before records that the entry rejected; shorter witnesses first."""
    judgement = failure.judgement
    values = judgement.record.values() if judgement.record else ()
    size = sum(len(value) if isinstance(value, str) else 1 for value in values)
    return (judgement.verdict != "refuted", failure.entry_widened, size)
