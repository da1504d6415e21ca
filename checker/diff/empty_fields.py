"""Regressions of records that arrive without a value where one is required."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from ..judging.lacking import lacking_entity
from ..judging.simulate import travel
from ..judging.unfilled import unfilled_fields, was_filled

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ...documents.names import EntityName, FieldName
    from ...lineage.filling import Creation
    from ..change import Change
    from ..finding import FieldValues
    from ..judging.lacking import LackingEntity
    from ..judging.unfilled import UnfilledField
    from .versions import Versions


def newly_lacking(versions: Versions) -> Iterator[tuple[LackingEntity, tuple[Change, ...]]]:
    """The entities in which records lack a field now that they did not lack before, each with the changes that cause it."""
    before = {
        (field.full_name, source)
        for creation in versions.before.graph.unfilled
        for field in creation.unwritten
        for source in creation.sources
    }
    new = [each for creation in versions.after.graph.unfilled if (each := _without(creation, before)).unwritten]
    for _, group in groupby(new, key=lambda creation: creation.entity.full_name):
        creations = tuple(group)
        missing = {field.full_name for creation in creations for field in creation.unwritten}
        fed = {name for creation in creations for name in creation.fed}
        yield (
            lacking_entity(versions.after.judge, creations, partial(_failed_before, versions)),
            _causes(versions, missing, fed),
        )


def _failed_before(versions: Versions, record: FieldValues) -> str | None:
    """The reason why a record that fails now is no regression; None: it was fine before."""
    before = versions.before
    earlier = {name: value for name, value in record.items() if name in before.graph.fields}
    if travel(before.graph, earlier, before.budget).fails:
        return "no record was found that fails now and was fine before"
    return None


def _without(creation: Creation, before: Collection[tuple[FieldName, EntityName]]) -> Creation:
    """The fields that a creation lacks now, and did not lack before."""
    new = (
        field
        for field in creation.unwritten
        if not any((field.full_name, source) in before for source in creation.sources)
    )
    return replace(creation, unwritten=tuple(new))


def newly_unfilled(versions: Versions) -> Iterator[tuple[UnfilledField, tuple[Change, ...]]]:
    """The fields that stay empty for a record now and did not before, each with the changes that cause it."""
    before = {(each.field.full_name, each.source.full_name) for each in unfilled_fields(versions.before)}
    for each in unfilled_fields(versions.after):
        name = each.field.full_name
        if (name, each.source.full_name) not in before or was_filled(versions.before, each):
            yield each, _causes(versions, {name, each.binding.field}, {name})


def _causes(versions: Versions, missing: Collection[FieldName], fed: Collection[FieldName]) -> tuple[Change, ...]:
    """The changes of the missing fields and of flows to them; or else of flows to the fields beside them."""
    changes = versions.changes
    of_fields = [change for name in sorted(missing) for change in changes.at(name)]
    flows = [(side.target, flow.change) for flow in changes.of_flows for side in (flow.before, flow.after) if side]
    causes = [*of_fields, *(change for target, change in flows if target in missing)]
    causes = causes or [change for target, change in flows if target in fed] or [*changes.all]
    return tuple(sorted(dict.fromkeys(causes), key=lambda change: change.order))
