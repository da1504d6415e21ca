"""The answer of an export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .export import Export


@dataclass(frozen=True, slots=True)
class ExportAnswer:
    """The contract of a system in another format."""

    system: str
    target: str
    """A key of `EXPORTS`."""
    export: Export
