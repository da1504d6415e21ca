"""The search for a record that breaks one obligation of a version and meets those of the version before.

The earlier obligations are added one by one, only where a candidate record breaks one of them: of the many on an entry,
few matter to the question.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, TypeAlias

from ...documents.names import FieldName
from ...values import language
from ...values.budget import BudgetExceeded, out_of
from ...values.charset import Charset
from ...values.solve.atom import Measure
from ...values.textset import TextSet
from ...values.valueset import ValueSet
from ..judging.judge import Judge
from ..judging.judgement import PROVED, Judgement
from ..preconditions.routes import origins_of
from .guesses import texts_near_limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ...contracts.model import Entity
    from ...values.budget import Budget
    from ...values.solve.atom import Atom
    from ...values.valueset import Value
    from ..finding import FieldValues
    from ..judging.context import Context
    from ..preconditions.obligation import Obligation


def _written_in(first: str, last: str) -> ValueSet:
    """Texts of characters between two of them, and every value that is no text."""
    texts = TextSet.language(language.repeat(language.chars(Charset.of((first, last))), 0))
    return ~ValueSet.of_type("text") | ValueSet.text(texts)


READABLE = _written_in(" ", "~")
"""Plain ASCII."""
_VISIBLE = _written_in("!", "~")
"""Plain ASCII without blanks: the lengths of such texts are easily followed through transforms."""

Sets = dict[FieldName, ValueSet]
"""Per field, by full name, the values that a record is sought among."""
_Among: TypeAlias = "tuple[Sets, tuple[Atom, ...]]"
"""Those sets, and the constraints on the record as a whole."""


class RecordSearch:
    """Searches among the records of the version after.

    `counts`: whether an earlier obligation on an entry is one: what is altered and given back is none.
    """

    def __init__(self, before: Context, after: Context, counts: Callable[[Obligation, Entity], bool]) -> None:
        self.before, self.after = before, after
        self._budget = after.budget
        self._counts = counts
        self._judges: dict[tuple[object, ...], Judge] = {}
        self._places: dict[Obligation, frozenset[tuple[FieldName, str]]] = {}

    def search(
        self,
        entity: Entity,
        obligation: Obligation,
        related: Sequence[Obligation],
        sets: Sets,
        decide: Callable[[Judge], Judgement],
    ) -> Judgement:
        """A record in these sets that breaks one obligation and meets those of the others, on fields of it, that count.

        First what is sure; then, of what is sure now, a record of which it was not known before.
        """
        found = self._beside(entity, obligation, related, related, sets, decide)
        certain = [each for each in related if each.unknown is None or not isinstance(each.accepts, ValueSet)]
        if found.verdict != "proved" or obligation.unknown is not None or len(certain) == len(related):
            return found
        return self._beside(entity, obligation, related, certain, sets, decide)

    def _beside(
        self,
        entity: Entity,
        obligation: Obligation,
        related: Sequence[Obligation],
        certain: Sequence[Obligation],
        sets: Sets,
        decide: Callable[[Judge], Judgement],
    ) -> Judgement:
        """Such a record, beside the `certain` ones of the others."""
        start: _Among = (self._as_long(entity, sets, certain), ())
        places = self.places_of(obligation)
        same = [
            d
            for d in certain
            if d.fields == obligation.fields and not places.isdisjoint(self.places_of(d)) and self._counts(d, entity)
        ]
        todo = self._narrower(same, obligation, start) or [start]  # mostly it follows from the earlier ones there
        doubt: str | None = None
        for _ in range(self._budget.rounds):
            if not todo:
                return PROVED if doubt is None else Judgement("unknown", reason=doubt)
            here, joint = todo.pop()
            decision = decide(self.judge(here, joint))
            if decision.verdict == "unknown":  # a record among a few plain texts is a proof as well
                decision = next(
                    (
                        judgement
                        for few in self._plain(obligation, here)
                        if (judgement := decide(self.judge(few, joint))).record is not None
                    ),
                    decision,
                )
            if decision.record is None or decision.verdict != "refuted":
                doubt = doubt or decision.reason
                continue
            record = self._completed(entity, decision.record, related, here)
            broken = [other for other in certain if other.is_broken_by(record) and self._counts(other, entity)]
            if not broken:
                return replace(decision, record=record, reason=self._not_known(entity, related, record))
            narrower = self._narrower(broken, obligation, (here, joint))
            if not narrower:
                shown = " + ".join(map(str, broken[0].fields))
                doubt = doubt or f"the earlier obligations on {shown} cannot be separated from it"
            todo += narrower
        spent = out_of("rounds", self._budget.rounds)
        return Judgement("unknown", reason=f"every record tried failed before as well ({spent})")

    def _as_long(self, entity: Entity, sets: Sets, met: Iterable[Obligation]) -> Sets:
        """The sets without texts that break a plain length limit: so no text of 16 MB is built to be found too long."""
        known = self.after.composition.sets
        longer = {name: known.intern(values) for name, values in sets.items()}
        for obligation in met:
            name, accepts = obligation.fields[0], obligation.accepts
            if name not in sets or not isinstance(accepts, ValueSet) or obligation.guards:
                continue
            if _is_length(accepts.texts) and self._counts(obligation, entity):
                longer[name] = known.meet(longer[name], known.intern(accepts))
        return longer

    def _narrower(self, met: Iterable[Obligation], obligation: Obligation, here: _Among) -> list[_Among]:
        """The sets, narrowed to records that meet these obligations as well.

        First by all obligations that can be met in one way only; where there are none, by each way to meet one of the
        others. Empty: none of them can be separated from the obligation.
        """
        narrowed, forks = here, list[list[_Among]]()
        for other in met:
            ways = self._meeting(other, obligation, *narrowed)
            if len(ways) == 1:
                narrowed = ways[0]
            elif ways:
                forks.append(ways)
        return [narrowed] if narrowed is not here else next(iter(forks), [])

    def _plain(self, obligation: Obligation, sets: Sets) -> Iterator[Sets]:
        """Smaller sets, in which a record may be found where the whole is too large to decide."""
        yield {name: self._among(name, sets) & _VISIBLE for name in names_of(obligation)}
        if isinstance(obligation.accepts, ValueSet):
            name = obligation.fields[0]
            values = self._among(name, sets)
            broken = [
                text
                for text in texts_near_limits(obligation.accepts.texts, self._budget.guessed_characters)
                if text in values and text not in obligation.accepts
            ]
            if broken:
                yield {**sets, name: ValueSet.exactly(broken)}

    def _meeting(self, broken: Obligation, obligation: Obligation, sets: Sets, joint: tuple[Atom, ...]) -> list[_Among]:
        """The sets, narrowed to records that meet an obligation: one alternative per way to meet it.

        Empty where not every way can be expressed.
        """
        alternatives: list[_Among] = []
        for name, values in broken.guards:
            if name in self.after.graph.fields:
                alternatives.append(({**sets, name: self._among(name, sets) - values}, joint))
        match broken.accepts:
            case ValueSet():
                name = broken.fields[0]
                met = self._among(name, sets) & broken.accepts
                if not alternatives or not _is_nothing(met, self._budget):
                    alternatives.append(({**sets, name: met}, joint))
            case TextSet() if broken.fields == obligation.fields:
                alternatives.append((sets, tuple(dict.fromkeys((*joint, *broken.accepts.atoms)))))
            case _:
                return []
        return alternatives

    def _among(self, name: FieldName, sets: Sets) -> ValueSet:
        return sets[name] if name in sets else self.after.judge.accepted(name)

    def _completed(self, entity: Entity, record: FieldValues, related: Iterable[Obligation], sets: Sets) -> FieldValues:
        """The record with a value for every other field of the obligations on its fields."""
        completed: dict[FieldName, Value] = dict(record)
        for obligation in related:
            if completed.keys() >= set(names_of(obligation)) or not self._counts(obligation, entity):
                continue
            for name, values in obligation.guards:
                if name not in completed:
                    completed[name] = self._harmless(name, sets, ~values)
            for name in obligation.fields:
                if name not in completed:
                    completed[name] = self._harmless(name, sets, ValueSet.everything())
        return completed

    def _harmless(self, name: FieldName, sets: Sets, wanted: ValueSet) -> Value:
        """A value that the field accepts: if possible a wanted one that by itself breaks no earlier obligation."""
        if name not in self.after.graph.fields:
            return None
        among = self._among(name, sets)
        alone = [
            d.accepts
            for d in self.before.composition.at.get(name, ())
            if isinstance(d.accepts, ValueSet) and not d.guards and d.effect == "refuse"
        ]
        for values in (reduce(and_, alone, among & wanted), among & wanted, among):
            try:
                witness = values.witness(self._budget)
            except BudgetExceeded:
                continue
            if witness is not None:
                return witness.value
        return None

    def _not_known(self, entity: Entity, obligations: Iterable[Obligation], record: FieldValues) -> str | None:
        """The reason why it is not known whether a record meets the obligations; None where it is known."""
        for obligation in obligations:
            applies = all(record.get(name) in values for name, values in obligation.guards)
            is_in_doubt = obligation.accepts is None or (
                obligation.unknown is not None
                and isinstance(obligation.accepts, ValueSet)
                and record.get(obligation.fields[0]) not in obligation.accepts
            )
            if is_in_doubt and applies and self._counts(obligation, entity):
                return obligation.unknown
        return None

    def judge(self, sets: Sets, joint: tuple[Atom, ...]) -> Judge:
        """A judge of the version after, for records in these sets."""
        key = (tuple(sorted(sets.items(), key=lambda item: item[0])), joint)
        judge = self._judges.get(key)
        if judge is None:
            judge = self._judges[key] = Judge(self.after.composition, sets, joint)
        return judge

    def places_of(self, obligation: Obligation) -> frozenset[tuple[FieldName, str]]:
        """The fields of an obligation's origins, each with the name of its constraint or step."""
        places = self._places.get(obligation)
        if places is None:
            places = frozenset((origin.field.full_name, origin.name) for origin in origins_of(obligation))
            self._places[obligation] = places
        return places


def names_of(obligation: Obligation) -> tuple[FieldName, ...]:
    """The fields of an obligation, and those of its guards."""
    return tuple(dict.fromkeys((*obligation.fields, *(name for name, _ in obligation.guards))))


def _is_nothing(values: ValueSet, budget: Budget) -> bool:
    try:
        return values.is_empty(budget.glance)
    except BudgetExceeded:
        return False


def _is_length(texts: TextSet) -> bool:
    return all(isinstance(atom, Measure) and not atom.chain for atom in texts.atoms)
