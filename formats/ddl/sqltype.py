"""A column's type, as it stands in a definition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ...values.valueset import FRACTION

if TYPE_CHECKING:
    from ...documents.location import Location
    from .rules import Rules

VARIABLE_TEXTS = frozenset(
    (
        "CHARACTER VARYING",
        "CHAR VARYING",
        "VARCHAR",
        "VARCHAR2",
        "VARYING CHARACTER",
        "NATIONAL CHARACTER VARYING",
        "NATIONAL CHAR VARYING",
        "NATIONAL VARCHAR",
        "NCHAR VARYING",
        "NVARCHAR",
        "NVARCHAR2",
    )
)
FIXED_TEXTS = frozenset(("CHARACTER", "CHAR", "NATIONAL CHARACTER", "NATIONAL CHAR", "NCHAR", "BPCHAR"))
LONG_TEXTS = frozenset(
    ("TEXT", "CLOB", "NCLOB", "NTEXT", "LONG", "STRING", "CHARACTER LARGE OBJECT", "CHAR LARGE OBJECT", "LONG VARCHAR")
)
"""Names of types of text, of all engines: of any length up to a limit, of one length, of any length."""


@dataclass(frozen=True, slots=True)
class SqlType:
    """A type as it stands in a definition."""

    name: str
    """Its words in capitals, without its arguments: `CHARACTER VARYING`, `TIMESTAMP WITH TIME ZONE`."""
    args: tuple[str, ...]
    """The words in parentheses, texts without their quotes."""
    written: str
    """As it stands in the script."""
    at: Location
    unsigned: bool = False
    array: bool = False
    own: str = ""
    """The name as one that is not the engine's: of a domain, an enumeration."""
    unit: str | None = None
    """`CHAR` or `BYTE` after Oracle's length."""

    def number(self, index: int = 0) -> int | None:
        """An argument that is a whole number; None when there is none."""
        text = self.args[index] if index < len(self.args) else ""
        return int(text) if text.isdecimal() and len(text) < 10 else None


@dataclass(slots=True)
class TypedColumn:
    """A column's type, with its charset and the rules that the type is put into."""

    type: SqlType
    charset: str | None
    """The column's, or its table's, or the engine's; None where it is not known."""
    rules: Rules

    def declare_length(self) -> None:
        """Note that a length is written down and not enforced."""
        if self.type.args:
            self.rules.add_declared(self.type.written, self.type.at)

    def round_seconds(self, decimals: int, action: Literal["round", "truncate"] | None) -> None:
        """Note that finer times become those of so many decimals of a second; None: it is not known how.

        Instants here go to the microsecond. The last half second of a day becomes 24:00, which is no time of day here.
        """
        if decimals >= FRACTION:
            return
        if self.rules.type == "datetime" and action is not None:
            self.rules.digits["scale"] = decimals, self.type.at
            self.rules.actions["scale"] = action
            return
        self.rules.rounds_seconds = True
        kept = f"{decimals} decimals of a second" if decimals else "whole seconds"
        self.rules.add_opaque(
            f"{self.type.written} {'cuts' if action == 'truncate' else 'rounds'} to {kept}", self.type.at
        )
