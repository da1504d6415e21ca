"""How two values of one record must not relate: a rule between fields, carried upstream.

check at loans.loan: new_due >= old_due       no record with new_due < old_due
carried over a flow that adds two weeks       no record with (asked + 14 days) < old_due
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...lineage.transform import NoValue, chain_outcomes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...lineage.transform import Transform
    from ...lineage.truth import Pair
    from ...values.valueset import Value


@dataclass(frozen=True, slots=True)
class FieldsRelation:
    """Two values, each after the steps on its way to where they are compared, of which a comparison must not be true."""

    forbidden: Pair
    """The comparison, of the fields where the rule is written."""
    chains: tuple[tuple[Transform, ...], tuple[Transform, ...]] = ((), ())
    """The steps on the left value, and on the right one."""

    def before(self, index: int, chain: tuple[Transform, ...]) -> FieldsRelation:
        """The same over the values before a chain of steps; `index`: 0 for the left value, 1 for the right one."""
        if not chain:
            return self
        left, right = self.chains
        chains = ((*chain, *left), right) if index == 0 else (left, (*chain, *right))
        return FieldsRelation(self.forbidden, chains)

    def is_broken_by(self, values: Sequence[Value]) -> bool:
        """Whether the comparison is true of two values, in whatever way engines do the steps. Null is never compared."""
        left, right = (chain_outcomes(chain, value) for chain, value in zip(self.chains, values, strict=True))
        return all(
            not isinstance(one, NoValue) and not isinstance(two, NoValue) and self.forbidden.relates(one, two)
            for one in left
            for two in right
        )
