"""Obligations on an entry, found by their fields: of the many on it, few concern one field."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...documents.names import FieldName
    from ..preconditions.obligation import Obligation


class ByField:
    """Obligations on an entry, by their fields."""

    def __init__(self, obligations: tuple[Obligation, ...]) -> None:
        self.all = obligations
        self._on: dict[FieldName, list[int]] = {}
        for place, obligation in enumerate(obligations):
            for name in dict.fromkeys(obligation.fields):
                self._on.setdefault(name, []).append(place)

    def on(self, names: Sequence[FieldName]) -> list[Obligation]:
        """Those on at least one of some fields, in their order."""
        if len(names) == 1:
            return [self.all[place] for place in self._on.get(names[0], ())]
        return [self.all[place] for place in sorted({place for name in names for place in self._on.get(name, ())})]
