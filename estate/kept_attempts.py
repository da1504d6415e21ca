"""`attempts` in `fieldline.yaml`: where a server keeps the records that its entries refuse.

It names variables of the environment and no file: who may change this text must not choose what a server writes to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..documents.problem import shorten
from ..documents.shape import TEXT, Integer, Key, Keyed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..documents.problem import Problems
    from ..documents.shape import ShapedRecord

ATTEMPTS_VARIABLE = "FIELDLINE_ATTEMPTS_KEY"
"""The environment variable with the key of refused attempts, where no other one is named."""
ATTEMPTS_DAYS = 90
"""How long they are kept, where nobody says."""

_DATABASE = Key(
    "database",
    TEXT,
    "The environment variable that holds the URL of their database: postgresql://… or sqlite:///…",
    required=True,
)
_KEY = Key(
    "key",
    TEXT,
    f"The environment variable with the key that encrypts what was typed; {ATTEMPTS_VARIABLE} when left out.",
)
_DAYS = Key("days", Integer(1, 3_650), f"How many days they are kept; {ATTEMPTS_DAYS} when left out.")
KEPT_ATTEMPTS = Key(
    "attempts",
    Keyed("kept_attempts", "Where refused records are kept.", (_DATABASE, _KEY, _DAYS), short="database"),
    "Keep the records that entries of fieldline serve refuse, values encrypted; left out, they are kept nowhere.",
)


@dataclass(frozen=True, slots=True)
class KeptAttempts:
    """Where refused records are kept."""

    variable: str
    """The environment variable that holds the URL of their database."""
    key: str = ATTEMPTS_VARIABLE
    """That of the key."""
    days: int = ATTEMPTS_DAYS

    @property
    def place(self) -> str:
        """The place, as a command is told it."""
        return f"env:{self.variable}"


def read_kept_attempts(record: ShapedRecord, read: Sequence[str], problems: Problems) -> KeptAttempts | None:
    """What a `fieldline.yaml` says of it; None: nothing. `read`: the variables under `env`, of databases that are read."""
    written = record.get(KEPT_ATTEMPTS)
    variable = None if written is None else written.get(_DATABASE)
    if written is None or variable is None:
        return None
    if variable in read:
        problems.add(
            written.where(_DATABASE.name),
            f"{shorten(variable)} stands under env: its database is read and never written",
            expected="the variable of another database",
        )
    return KeptAttempts(variable, written.get(_KEY) or ATTEMPTS_VARIABLE, written.get(_DAYS) or ATTEMPTS_DAYS)
