"""Whether the preconditions of a change set hold on what the change sets before it have made.

    <not><indexExists indexName="i"/></not>  <createIndex indexName="i" …/>

A condition that only looks whether what its change set makes is there already (or what it takes away is there still) is
taken to hold: where it does not, there is nothing to do. Source: docs.liquibase.com, "Preconditions".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..ddl.formatted_sql import runs_on
from .changes import OF_NO_TABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ..ddl.engines.engine import Engine
    from ..ddl.schema import DatabaseSchema, TableDefinition
    from .elements import Element

_NAMES = ("indexName", "constraintName", "sequenceName", "viewName", "foreignKeyName", "uniqueConstraintName")
_MADE = ("create", "add")
_TAKEN = ("drop", "rename")
_OBJECTS = {
    "indexExists": "indexName",
    "foreignKeyConstraintExists": "foreignKeyName",
    "uniqueConstraintExists": "constraintName",
    "primaryKeyExists": "primaryKeyName",
    "sequenceExists": "sequenceName",
    "viewExists": "viewName",
}
"""Conditions on what is no table, by their word: the attribute that names it."""
_FOREIGN_KEYS = frozenset(("addForeignKeyConstraint", "dropForeignKeyConstraint"))
"""Changes that concern which records there are, not which values."""
_KEEP_GOING = ("CONTINUE", "MARK_RAN")
"""What a change set says to be passed over, where its preconditions do not hold; else the whole run ends."""


@dataclass(slots=True)
class Preconditions:
    """Judges the preconditions of change sets, one after another."""

    schema: DatabaseSchema
    engine: Engine
    filled: Callable[[str], str]
    """A text with the parameters of the change log in it."""
    guard: bool = False
    """Whether the change set that was judged last may have nothing to do: what it makes is perhaps there."""
    _stands: dict[str, bool | None] = field(default_factory=dict)
    """By name: whether an object that change sets made, or took away, is there."""
    _ran: dict[tuple[str, str], bool | None] = field(default_factory=dict)
    """By id and author: whether a change set ran."""

    def hold(self, change_set: Element) -> bool | None:
        """Whether a change set runs; None: that is not known."""
        self.guard = False
        held = _all(
            self._holds(each, change_set)
            for conditions in change_set.all("preConditions")
            if (conditions.get("onFail") or "HALT").upper() in _KEEP_GOING
            for each in conditions.inner
        )
        self._ran[_identity(change_set)] = held
        for change in change_set.inner if held is not False else ():
            if change.name.startswith((*_MADE, *_TAKEN)):
                stands = None if held is None else change.name.startswith(_MADE)
                self._stands.update(dict.fromkeys(self._objects(change), stands))
        return held

    def _holds(self, condition: Element, change_set: Element) -> bool | None:
        match condition.name:
            case "and":
                return _all(self._holds(each, change_set) for each in condition.inner)
            case "or":
                denied = _all(_not(self._holds(each, change_set)) for each in condition.inner)
                return _not(denied)
            case "not":
                held = _not(_all(self._holds(each, change_set) for each in condition.inner))
                is_one = held is None and len(condition.inner) == 1
                return self._guards(change_set, condition.inner[0], _MADE) if is_one else held
            case "dbms":
                return runs_on(condition.get("type"), self.engine.of_liquibase)
            case "changeSetExecuted":
                return self._ran.get(_identity(condition))
        there = self._is_there(condition)
        return self._guards(change_set, condition, _TAKEN) if there is None else there

    def _guards(self, change_set: Element, condition: Element, how: tuple[str, ...]) -> bool | None:
        """True where a condition only looks for what its change set makes, or takes away."""
        if not self._changes(change_set, condition, how):
            return None
        self.guard = True
        return True

    def _is_there(self, condition: Element) -> bool | None:
        """Whether what a condition looks for is there; None: that is not known, or it looks for something else."""
        if condition.name in {"tableExists", "columnExists"}:
            table = self._table(condition)
            if table is None:
                return False
            if condition.name == "tableExists":
                return True
            if any(watcher.may_undo for watcher in table.opaque.values()):
                return None
            return self._get(condition, "columnName") in {key.lower() for key in table.columns}
        if condition.name not in _OBJECTS:
            return None
        if condition.name == "primaryKeyExists" and condition.get("tableName"):
            table = self._table(condition)
            return table is not None and any(each.primary for each in table.uniques)
        name = self._get(condition, _OBJECTS[condition.name])
        known = {str(each).lower() for table in self.schema.tables.values() for each in table.names()}
        return True if name in known else self._stands.get(name)

    def _changes(self, change_set: Element, condition: Element, how: tuple[str, ...]) -> bool:
        """Whether a change set makes, or takes away, what a condition looks for, and changes no values besides."""
        changes = [change for change in change_set.inner if change.name not in OF_NO_TABLE | _FOREIGN_KEYS]
        changes = changes or [change for change in change_set.inner if change.name in _FOREIGN_KEYS]
        return bool(changes) and all(
            change.name.startswith(how) and self._is_about(change, condition) for change in changes
        )

    def _is_about(self, change: Element, condition: Element) -> bool:
        if condition.name == "columnExists":
            table, column = self._get(condition, "tableName"), self._get(condition, "columnName")
            is_table = self._get(change, "tableName", "oldTableName") == table
            return is_table and {name for name in self._columns(change) if name} == {column}
        name = self._get(condition, _OBJECTS.get(condition.name, ""))
        return bool(name) and name in self._objects(change)

    def _objects(self, change: Element) -> Iterator[str]:
        """The names of what a change makes or takes away, besides tables and columns."""
        for element in _with_inner(change):
            yield from (self._get(element, name) for name in _NAMES if element.get(name))

    def _columns(self, change: Element) -> Iterator[str]:
        yield self._get(change, "columnName", "oldColumnName")
        yield from (self._get(column, "name") for column in change.all("column"))

    def _table(self, condition: Element) -> TableDefinition | None:
        name = self._get(condition, "tableName")
        return next((table for key, table in self.schema.tables.items() if key[-1].lower() == name), None)

    def _get(self, element: Element, *names: str) -> str:
        return self.filled(element.get(*names) or "").lower()


def _identity(element: Element) -> tuple[str, str]:
    return element.get("id") or "", element.get("author") or ""


def _with_inner(element: Element) -> Iterator[Element]:
    for inner in element.inner:
        yield from _with_inner(inner)
    yield element


def _not(held: bool | None) -> bool | None:  # noqa: FBT001
    return None if held is None else not held


def _all(held: Iterable[bool | None]) -> bool | None:
    known = list(held)
    return False if False in known else None if None in known else True
