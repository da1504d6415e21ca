"""A rule, and what the rules about an estate's policy look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..contracts.model import Contracts
    from ..estate.policy import Known, Waiver
    from .finding import Finding, Severity

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Bookkeeping:
    """What rules about an estate's policy look at: what of it does not hold any more, or is not needed."""

    expired: tuple[Waiver, ...]
    unused: tuple[Waiver, ...]
    """Those that hold and fit no finding."""
    stale: tuple[Known, ...]
    """Known findings that are not found any more."""
    contracts: Contracts


@dataclass(frozen=True, slots=True)
class Rule(Generic[_T]):
    """One thing that can be wrong with what it looks at. The rule's module docstring is its published explanation."""

    name: str
    """Stable, in kebab-case."""
    severity: Severity
    check: Callable[[_T], Iterator[Finding]]
    explanation: str
    """What, why, a bad and a good example; printed by `fieldline explain`."""
    is_of_fields: bool = True
    """Whether it looks at fields and what their values come to; the others look at an estate as such."""

    @property
    def summary(self) -> str:
        """The first line of the explanation."""
        return self.explanation.strip().splitlines()[0]
