"""Who repairs something in an estate."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..contracts.model import Repair
    from ..estate.load import Estate


def repairs_of(estate: Estate) -> Iterator[Repair]:
    """Every `repair` of the contracts: of systems, of entities, of fields. The same one may come again."""
    for system in estate.contracts.systems.values():
        for each in (system.repair, *(entity.repair for entity in system.entities.values())):
            if each is not None:
                yield each
    yield from (field.repair for field in estate.contracts.fields.values() if field.repair is not None)
