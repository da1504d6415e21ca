"""Whether an estate has anything to judge: without an entry no value is born, and nothing could ever fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..documents.location import Location
from ..documents.problem import EstateError, Problem, shorten
from ..estate.layout import FILE

if TYPE_CHECKING:
    from ..contracts.model import Entity
    from ..estate.load import Estate


def require_entry(estate: Estate) -> None:
    """Raise EstateError where no entity with fields is an entry: an answer would be clean whatever the estate says.

    The problem stands at the first entity that flows begin at and none leads to: it is probably an entry.
    """
    entities = estate.contracts.entities.values()
    if any(entity.kind == "entry" and entity.fields for entity in entities):
        return
    likely = _origins(estate)
    place = likely[0].location if likely else Location(FILE, 1, 1)
    named = f", perhaps {shorten(str(likely[0].full_name))}" if likely else ""
    problem = Problem(
        place,
        "no entity of this estate is an entry, so there is nothing to check",
        expected=f"kind: entry on every screen, file or API in which values are born{named}",
        suggestion="kind: entry",
        length=len(likely[0].name) if likely else 1,
    )
    raise EstateError([problem], estate.texts)


def _origins(estate: Estate) -> list[Entity]:
    """The entities that flows begin at and no flow leads to, in the order of the contracts."""
    sources = {source.field.entity_name for flow in estate.flows for source in flow.sources}
    origins = sources - {flow.target.entity_name for flow in estate.flows}
    return [entity for name, entity in estate.contracts.entities.items() if name in origins]
