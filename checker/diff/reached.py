"""Obligations of both versions that other records reach: a rule of the entry, or a filter on the way, has changed.

What an entry accepts is compared field by field elsewhere; here are the rules on several fields, and those that are not
described. So are the filters of flows, which decide which records arrive and are no part of an obligation.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...contracts.constraint import OpaqueRule
from ..change import THE_ESTATE
from .ways_on import beyond, passed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...contracts.model import Entity, Field
    from ...documents.names import EntityName, FieldName
    from ..judging.judgement import Judgement
    from ..preconditions.obligation import Obligation, Origin
    from .versions import Versions

_SEVERITY = {"proved": 0, "unknown": 1, "refuted": 2}


class ReachedOtherwise:
    """Compares the verdicts on such obligations in both versions."""

    def __init__(self, versions: Versions) -> None:
        self._versions = versions
        self._rules: dict[EntityName, bool] = {}
        both = ((flow.before, flow.after) for flow in versions.changes.of_flows)
        self._filtered = {
            id(new) for old, new in both if old is not None and new is not None and old.filter != new.filter
        }

    def is_otherwise(self, entity: Entity, obligation: Obligation) -> bool:
        """Whether an obligation may get other records of an entry than before."""
        if self.has_other_rules(entity):
            return True
        return bool(self._filtered) and any(id(link.flow) in self._filtered for link in passed(obligation)[1])

    def worse(self, entity: Entity, earlier: Obligation, obligation: Obligation) -> Iterator[tuple[Origin, Judgement]]:
        """The origins at which an obligation of both versions fails, or is in doubt, and was better before.

        A failure of which it was not known before has the reason for that.
        """
        before = {_place(origin): origin for origin in beyond(earlier)}
        for origin in beyond(obligation):
            now = self._versions.after.judge.judge(obligation, origin, entity.full_name)
            known = before.get(_place(origin))
            if now.verdict != "proved" and known is not None:
                was = self._versions.before.judge.judge(earlier, known, entity.full_name)
                if _SEVERITY[was.verdict] < _SEVERITY[now.verdict]:
                    yield origin, replace(now, reason=now.reason or was.reason)

    def has_other_rules(self, entity: Entity) -> bool:
        """Whether an entry rejects other records by a rule on several fields, or by one that is not described."""
        known = self._rules.get(entity.full_name)
        if known is None:
            changes = self._versions.changes
            sides = [context.graph.fields for context in (self._versions.before, self._versions.after)]
            changed = [name for name in changes.by_field if name.entity_name == entity.full_name]
            runs = {entity.system, THE_ESTATE}
            if any(change.what == "engine" and change.name in runs for change in changes.of_contracts):
                changed = [field.full_name for field in entity.fields.values()]
            known = any(_has_rules(side[name]) for name in changed for side in sides if name in side)
            self._rules[entity.full_name] = known
        return known


def _place(origin: Origin) -> tuple[FieldName, str, str]:
    """Where an origin stands, and what it says, in whatever version."""
    return origin.field.full_name, origin.name, origin.sentence


def _has_rules(field: Field) -> bool:
    """Whether a field has a rule that depends on others, or that is not described."""
    return field.is_conditional or any(isinstance(each.restriction, OpaqueRule) for each in field.constraints)
