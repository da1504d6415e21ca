"""Many fields into one: concat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ...values.record import Join
from ..transform import REJECTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...values.valueset import Value
    from ..transform import NoValue


@dataclass(frozen=True)
class Concat:
    """Texts one after the other. Null is skipped with its separator (SQL's concat_ws), read as empty, or rejected."""

    separator: str = ""
    nulls: Literal["skip", "empty", "refuse"] = "skip"

    @property
    def name(self) -> str:
        return "concat"

    @property
    def sentence(self) -> str:
        return f"joined with {self.separator!r}" if self.separator else "joined"

    def machine(self, count: int) -> Join:
        """The step for `count` sources, as a machine on records."""
        return Join(count, self.separator, self.nulls)

    def apply(self, values: Sequence[Value]) -> Value | NoValue:
        """The joined text; REJECTED where a value is not text, or is null and nulls are rejected."""
        texts = [value for value in values if value is None or isinstance(value, str)]
        if len(texts) != len(values):
            return REJECTED
        joined = self.machine(len(values)).join(texts)
        return REJECTED if joined is None else joined
