"""Why an entry does not accept a record, as facts that are put into words elsewhere."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from ..checker.preconditions.relation import FieldsRelation
from ..contracts.constraint import FieldsCheck
from ..lineage.truth import NEGATED_SIGNS
from ..sentences.titles import title_within
from ..sentences.violations import Circumstance, Complaint
from ..values.fault import MissingValue, OtherForm, OtherType, fault_of
from ..values.features import ListedValues, features
from ..values.valueset import ValueSet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..checker.finding import Binding
    from ..checker.requirement.requirement import Clause, OwnGuard, Requirement
    from ..documents.local_text import SpokenLanguage
    from ..estate.load import Estate
    from ..values.fault import ValueFault
    from ..values.features import Feature
    from ..values.valueset import Value

_LENGTHS = {"max_length", "max_utf16"}
_MOST_NAMED = 5
"""Values of a condition that are named."""


class Complaints:
    """The complaints of an entry, for readers of one language. May be used by many threads."""

    def __init__(self, estate: Estate, requirement: Requirement, language: SpokenLanguage) -> None:
        self._estate = estate
        self._requirement = requirement
        self._language = language
        self._features: dict[object, tuple[Feature, ...]] = {}

    def in_language(self, language: SpokenLanguage) -> Complaints:
        """The same for readers of another language: what is known of the accepted values is shared."""
        other = copy(self)
        other._language = language  # noqa: SLF001 - of its own class
        return other

    def of_clause(self, clause: Clause) -> Complaint:
        """What a clause demands, whatever the value: for a program's author, too, so a system without a title is named."""
        binding = clause.bindings[0]
        system = self._title(binding) or (None if self._is_own_system(binding) else binding.system)
        restated = self._requirement.restated.get(clause, clause.accepts)
        if not isinstance(restated, ValueSet) or not isinstance(clause.accepts, ValueSet):
            return self._complaint(clause, None, None, system)
        kind = self._kind(clause)
        if clause.bindings[0].constraint == "type" and self._is_own(clause):
            return self._complaint(clause, OtherType(kind), None, system)
        found = self._found((clause, "clause"), restated, kind) or self._found((clause, "own"), clause.accepts, kind)
        return self._complaint(clause, None if found or None in restated else MissingValue(), found or None, system)

    def of_value(self, clause: Clause, values: Mapping[str, Value]) -> Complaint:
        """What is wrong with the record that breaks a clause, and what every system accepts in its place."""
        system = self._title(clause.bindings[0])
        if not isinstance(clause.accepts, ValueSet) or len(clause.fields) > 1:
            return self._complaint(clause, None, None, system)
        name, kind = clause.fields[0], self._kind(clause)
        own = self._found((clause, "own"), clause.accepts, kind)
        everywhere = self._requirement.values[name] & clause.accepts
        allowed = self._found((clause, "everywhere"), everywhere, kind)
        fault = fault_of(values.get(name), own, kind)
        if isinstance(fault, OtherForm):
            fault = fault_of(values.get(name), allowed, kind)
        return self._complaint(clause, fault, allowed, system)

    def taken_in(self, binding: Binding) -> tuple[str, ...]:
        """The title of the system in which a value must be unique; none for the entry's own."""
        title = self._title(binding)
        return () if title is None else (title,)

    def title(self, name: str) -> str:
        """The title of a field by its own name."""
        return title_within(self._requirement.entity.fields[name], self._language)

    def _complaint(
        self, clause: Clause, fault: ValueFault | None, allowed: tuple[Feature, ...] | None, system: str | None
    ) -> Complaint:
        return Complaint(
            titles=tuple(self.title(name) for name in dict.fromkeys(clause.fields)),
            fault=fault,
            allowed=allowed,
            kind=self._kind(clause),
            system=system,
            alters=clause.effect == "alter",
            too_long=len(clause.fields) > 1 and clause.bindings[0].constraint in _LENGTHS,
            circumstances=tuple(map(self._circumstance, clause.guards)),
            must_compare=_must_compare(clause),
            own_words=self._own_words(clause.bindings[0]),
        )

    def _own_words(self, binding: Binding) -> str | None:
        """What a rule between fields has its contract say to the person whose record breaks it."""
        field = self._estate.contracts.field(binding.field)
        for constraint in () if field is None else field.constraints:
            if isinstance(constraint.restriction, FieldsCheck) and constraint.location == binding.location:
                message = constraint.restriction.message
                return None if message is None else message.within(self._language)[0]
        return None

    def _circumstance(self, guard: OwnGuard) -> Circumstance:
        name, values = guard
        kind = self._requirement.entity.fields[name].type
        found = self._found(guard, values, kind)
        listed = found[0] if len(found) == 1 and isinstance(found[0], ListedValues) and None not in values else None
        few = listed.values if listed is not None and len(listed.values) <= _MOST_NAMED else None
        return Circumstance(self.title(name), few)

    def _found(self, key: object, values: ValueSet, kind: str) -> tuple[Feature, ...]:
        found = self._features.get(key)
        if found is None:
            found = self._features[key] = features(values, kind, self._requirement.budget)
        return found

    def _kind(self, clause: Clause) -> str:
        return self._requirement.entity.fields[clause.fields[0]].type

    def _is_own(self, clause: Clause) -> bool:
        return clause.bindings[0].field.entity_name == self._requirement.entity.full_name

    def _is_own_system(self, binding: Binding) -> bool:
        return binding.system == self._requirement.entity.system

    def _title(self, binding: Binding) -> str | None:
        """The title of another system than the entry's own, where it has one."""
        if self._is_own_system(binding):
            return None
        title = self._estate.contracts.systems[binding.field.system].title
        return None if title is None else title.within(self._language)[0]


def _must_compare(clause: Clause) -> str | None:
    """How two values must compare, where that is a plain comparison of them as they are typed."""
    if not isinstance(clause.accepts, FieldsRelation) or any(clause.accepts.chains):
        return None
    return NEGATED_SIGNS[clause.accepts.forbidden.sign]
