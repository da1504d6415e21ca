"""What the statements of a script have set for those behind them: a transaction, and where names without a schema stand."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

_DEFAULT_SCHEMAS = frozenset(("public", "dbo", "main"))
_NO_SCHEMAS = frozenset(("$user", "pg_catalog", "pg_temp"))


def is_default(schema: str) -> bool:
    """Whether a schema, by its folded name, is the one that the engine itself takes."""
    return schema.lower() in _DEFAULT_SCHEMAS


class Definitions(Protocol):
    """What a transaction may take back."""

    def standing(self) -> dict[str, object]:
        """All that stands."""

    def stand(self, held: dict[str, object]) -> None:
        """Put everything in the state that stood once."""


class ScriptSession:
    """What the statements of one script have set, for those behind them."""

    def __init__(self) -> None:
        self.path: tuple[str | None, ...] | None = None
        """The schemas in which a name is looked up, new tables being made in the first; None: the engine's default one.

        The path itself None: no statement has said so.
        """
        self.takes_back = False
        """Whether a transaction of this script may be taken back."""
        self._marks: list[tuple[str, dict[str, object]]] = []
        """The transaction, by an empty name, and the savepoints in it: what stood there then."""
        self._depth = 0
        self._local: tuple[str | None, ...] | None = None
        self._is_local = False

    def begin(self, definitions: Definitions) -> None:
        """A transaction begins; in Transact-SQL one inside another counts, and is no transaction of its own."""
        self._depth += 1
        if not self._marks:
            self.mark(definitions, "")

    def mark(self, definitions: Definitions, name: str) -> None:
        """A savepoint."""
        if self.takes_back:
            self._marks.append((name, deepcopy(definitions.standing())))

    def release(self, name: str) -> None:
        """Forget a savepoint, and those after it."""
        place = self._place(name)
        if place is not None:
            del self._marks[place:]

    def commit(self) -> None:
        """What was done stays."""
        self._depth = max(0, self._depth - 1)
        if not self._depth:
            self._end()

    def _end(self) -> None:
        self._marks.clear()
        self._depth = 0
        if self._is_local:
            self.path, self._is_local = self._local, False

    def roll_back(self, definitions: Definitions, name: str | None) -> None:
        """What was done since a savepoint, or since the transaction began, was not done."""
        place = None if name is None else self._place(name)
        if place is not None:
            definitions.stand(deepcopy(self._marks[place][1]))
            del self._marks[place + 1 :]
            return
        if self._marks:
            definitions.stand(self._marks[0][1])
        self._end()

    @property
    def began_with(self) -> Mapping[str, object] | None:
        """What stood when the transaction began; None: there is none that may be taken back."""
        return self._marks[0][1] if self._marks else None

    def _place(self, name: str) -> int | None:
        return next((at for at in range(len(self._marks) - 1, -1, -1) if self._marks[at][0] == name), None)

    # --------------------------------------------------------------------------------------------------------- schemas

    def use(self, names: list[str], *, is_local: bool = False) -> None:
        """Names without a schema are looked up in these from now on; `is_local`: until the transaction ends."""
        if is_local and not self._is_local:
            self._local, self._is_local = self.path, True
        found = [None if is_default(name) else name for name in names if name not in _NO_SCHEMAS]
        self.path = tuple(found) if found else None

    @property
    def home(self) -> str | None:
        """The schema in which new tables are made; None: the engine's default one."""
        return self.path[0] if self.path else None
