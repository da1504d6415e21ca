"""What one statement brings into a table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlglot import exp

    from ...documents.location import Location
    from ...documents.names import EntityName
    from ..flow import Writes
    from .arm import Arm


@dataclass(frozen=True)
class Write:
    """What one statement, or one branch of it, brings into a table."""

    target: EntityName
    columns: Mapping[str, exp.Expr]
    """By the target's column."""
    arm: Arm
    writes: Writes
    location: Location
    places: Mapping[str, Location] = field(default_factory=dict)
    """Per column, the place of its expression, where that stands in the statement."""
    is_lenient: bool = False
    """Whether the statement alters what a column does not take, as MySQL's INSERT IGNORE does."""
    unread: str | None = None
    """Why the query is not taken apart; then `columns` hold nothing, and every table it names is an input."""
    filled: tuple[str, ...] | None = None
    """The columns that a query fills that is not taken apart; None: all."""
    inputs: tuple[EntityName, ...] = ()
    """The tables that a query names that is not taken apart."""
