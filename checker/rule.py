"""A rule, and the subject of the rules about an estate's policy."""

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
    """The subject of the rules about an estate's policy: its expired, unused and stale parts."""

    expired: tuple[Waiver, ...]
    unused: tuple[Waiver, ...]
    """Waivers that are valid and match no finding."""
    stale: tuple[Known, ...]
    """Findings of the baseline that no longer occur."""
    contracts: Contracts


@dataclass(frozen=True, slots=True)
class Rule(Generic[_T]):
    """One kind of fault. The rule's module docstring is its published explanation."""

    name: str
    """Stable, in kebab-case."""
    severity: Severity
    check: Callable[[_T], Iterator[Finding]]
    explanation: str
    """The fault; then paragraphs that begin with `Why:`, `Bad:`, `Good:` and perhaps `Options:`."""
    is_of_fields: bool = True
    """Whether it checks fields and their values; other rules check an estate as a whole."""

    @property
    def summary(self) -> str:
        """The first line of the explanation."""
        return self.explanation.strip().splitlines()[0]
