"""The answer of the use case about validators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .parts import GeneratedValidator


@dataclass(frozen=True, slots=True)
class ValidatorAnswer:
    """A validator that enforces an entry's obligations."""

    entry: str
    """The entry's full name."""
    target: str
    """A key of `TARGETS`."""
    generated: GeneratedValidator
