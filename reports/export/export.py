"""What an export gives: the document, and what the target has no words for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...checker.messages import count
from ...values.show import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...documents.names import EntityName, FieldName


@dataclass(frozen=True, slots=True)
class NotExported:
    """Something a contract says that the target cannot."""

    where: str | EntityName | FieldName
    """The system's name, or the full name of the entity or field."""
    key: str
    """The key of our contract."""
    carried: bool
    """Whether the document carries it all the same, in a place that only Fieldline reads."""


@dataclass(frozen=True, slots=True)
class Export:
    """A contract in another format."""

    text: str
    left: Sequence[NotExported]

    @property
    def loses(self) -> bool:
        """Whether the document, read again, would not give the contract."""
        return any(not left.carried for left in self.left)


def left_text(export: Export, target: str) -> str:
    """What the target has no words for, a line each; empty where it has for all."""
    lines: list[str] = []
    for carried, head in (
        (False, f"{target} cannot say, and the document does not hold,"),
        (True, f"{target} has no words for, and only Fieldline reads,"),
    ):
        losses = [left for left in export.left if left.carried is carried]
        if losses:
            lines.append(f"{head} {count(len(losses), 'thing')}:")
            lines += (f"  {escape(str(left.where))}: {left.key}" for left in losses)
    return "\n".join(lines)
