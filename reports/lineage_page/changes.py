"""A change of an estate, as its page shows it: what was added, removed, tightened or loosened, a line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

ChangeKind: TypeAlias = Literal["added", "removed", "tightened", "loosened", "altered"]
"""`altered`: tightened for some values and loosened for others, or another thing altogether."""


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One thing that is not as it was."""

    kind: ChangeKind
    what: str
    """What changed, in words; may hold raw text of the author's."""
    field: str | None
    """The field it happened at, by full name, as it is called after the change; None: in no field, or it is gone."""
    before: str | None
    """How it was, in words; None: it was not."""
    after: str | None
    """How it is, in words; None: it is no more."""
    reaches: tuple[str, ...]
    """The entry fields it matters to, by full name: its blast radius."""
