"""One path by which an entity receives the value of a field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...lineage.transform import chain_preimage
from ...values.valueset import ValueSet

if TYPE_CHECKING:
    from ...documents.names import FieldName
    from ...lineage.condition import Condition
    from ...lineage.graph import Link
    from ...lineage.transform import Transform
    from ...lineage.transforms.join import Concat


@dataclass(frozen=True, slots=True)
class FieldView:
    """One path by which an entity receives the value of a field."""

    links: tuple[Link, ...]
    """From the field on."""
    chain: tuple[Transform, ...]
    """The steps on the way, and what the storages between them change; the field's own storage is left out."""
    joined_at: int | None
    """The place in the chain where other values are joined to it; None: nowhere. They do not hide it: of two records that
    differ in this value alone, the joined values differ, too."""

    @property
    def target(self) -> FieldName:
        """The field at its end."""
        return self.links[-1].target.full_name

    @property
    def source(self) -> FieldName | None:
        """The field that its last flow carries it from; None: the field viewed."""
        return self.links[-2].target.full_name if len(self.links) > 1 else None

    @property
    def join(self) -> Concat | None:
        """The first step that joins other values to it."""
        return next((link.join for link in self.links if link.join is not None), None)

    @property
    def conditions(self) -> frozenset[Condition]:
        """The conditions under which it brings the value."""
        return frozenset(link.when for link in self.links if link.when is not None)

    def begins_with(self, other: FieldView) -> bool:
        """Whether it goes further than another view, on the same path."""
        return len(self.links) > len(other.links) and self.links[: len(other.links)] == other.links

    @property
    def whole(self) -> ValueSet:
        """The values that it alone gives back: no step alters them.

        None where a step may alter the joined text: that depends on the other values.
        """
        kept = ValueSet.everything()
        for i, step in enumerate(self.chain):
            if step.unaltered is not ValueSet.everything():
                if self.joined_at is not None and i >= self.joined_at:
                    return ValueSet.nothing()
                kept = kept & chain_preimage(self.chain[:i], step.unaltered)
        return kept - ValueSet.null_only() if self.joined_at is not None and kept.null else kept
