"""The environment variables that a run may read: those that somebody named for it, and no other.

A contract may come from anybody who can open a pull request. So no contract decides which variables are read: the key
`env` of `fieldline.yaml` does, or `--allow-env` on the command line.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..values.error import FieldlineError
from .problem import shorten

if TYPE_CHECKING:
    from collections.abc import Iterable

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
"""The names that a shell can set (POSIX.1-2017, 8.1). Any other word may be a secret itself, and is not shown."""


class VariableError(FieldlineError):
    """A variable cannot be read. The message holds its name at most, never a part of its value."""

    def __init__(self, message: str, expected: str | None = None, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected
        self.suggestion = suggestion


@dataclass(frozen=True, slots=True)
class Variables:
    """The names of the variables that may be read."""

    names: frozenset[str] = frozenset()
    is_closed: bool = False
    """Whether no `fieldline.yaml` adds names: those of the version before a change are all."""
    refusal: str | None = None
    """Why none at all may be read, as a sentence without a full stop."""

    def with_declared(self, names: Iterable[str]) -> Variables:
        """These, and those that a `fieldline.yaml` names; the same where the list is closed."""
        return self if self.is_closed else Variables(self.names.union(names))

    def value(self, name: str) -> str:
        """The value of a variable. Raises VariableError: no such name, not named for this run, or not set."""
        if not _NAME.fullmatch(name):
            expected = "a name such as SHOP_DB: the variable holds the URL, and nothing else does"
            raise VariableError("this is not the name of an environment variable", expected)
        if self.refusal is not None:
            raise VariableError(self.refusal, "contracts in files: fieldline import writes that of a database to one")
        if name not in self.names:
            file = "the fieldline.yaml of the version before the change" if self.is_closed else "fieldline.yaml"
            raise VariableError(
                f"the environment variable {shorten(name)} is not one that may be read",
                f"one that --allow-env names, or env in {file}",
                f"--allow-env {name}" if self.is_closed else f"env: [{name}]",
            )
        written = os.environ.get(name)
        if not written:
            raise VariableError(
                f"the environment variable {shorten(name)} is not set", "the URL of the database, or of the service"
            )
        return written


NO_VARIABLES = Variables()
