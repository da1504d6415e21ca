"""The result of an export: the document, and the keys that the target cannot express."""

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
    """A key of a contract that the target cannot express."""

    where: str | EntityName | FieldName
    """The system's name, or the full name of the entity or field."""
    key: str
    """The key of our contract."""
    carried: bool
    """Whether the document keeps it, in a place that only Fieldline reads."""


@dataclass(frozen=True, slots=True)
class Export:
    """A contract in another format."""

    text: str
    left: Sequence[NotExported]

    @property
    def loses(self) -> bool:
        """Whether the document leaves out part of the contract."""
        return any(not left.carried for left in self.left)


def left_text(export: Export, target: str) -> str:
    """The keys that the target cannot express, a line each; empty where it expresses all."""
    lines: list[str] = []
    for carried, state in ((False, "left out of the document"), (True, "written for Fieldline alone")):
        losses = [left for left in export.left if left.carried is carried]
        if losses:
            lines.append(f"{count(len(losses), 'key')} {state}, because {target} has no equivalent:")
            lines += (f"  {escape(str(left.where))}: {left.key}" for left in losses)
    return "\n".join(lines)
