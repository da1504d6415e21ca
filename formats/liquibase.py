"""Change logs of Liquibase, in XML, YAML, JSON or SQL: the tables that their change sets result in.

    change log -> elements -> statements of the database -> replayed as SQL is

Every change set runs, as on a new database, but for those of another database, those that are ignored, and those whose
preconditions do not hold. Source: docs.liquibase.com, "Changelog", "Change types", "Preconditions".
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..documents.problem import shorten
from ..documents.shape import TEXT, Key, ListOf
from ..documents.tree import mapping
from .changelog.changes import ChangeStatements
from .changelog.contexts import runs_in
from .changelog.elements import read_elements
from .changelog.preconditions import Preconditions
from .ddl.cursor import CatalogueScript, Script
from .ddl.formatted_sql import runs_on
from .source import Format, format_shape
from .sql_options import CHARSET, COUNTS, NUL, SQL_DIALECT, STRICT, TEXT_COLLATION, engine_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..documents.problem import Problems
    from ..documents.yaml_events import MappingNode
    from .changelog.elements import Element
    from .ddl.engines.engine import Engine
    from .ddl.replay import Replay
    from .source import ForeignSource

_CONTEXTS = Key(
    "contexts",
    ListOf(TEXT, least=1, single=True),
    "The contexts that change sets run in; all of them run when left out, as Liquibase has it.",
)
_DEEPEST = 50
_PARAMETER = re.compile(r"\$\{([\w.-]+)\}")


def _read(source: ForeignSource, problems: Problems) -> MappingNode:
    from .ddl.entities import entities
    from .ddl.replay import Replay

    engine = engine_of(source, problems)
    if engine is None:
        return mapping((), source.location)
    replay = Replay(engine, problems)
    named = source.get(_CONTEXTS)
    contexts = None if named is None else frozenset(name.lower() for name in named)
    reader = _ChangeLogs(source, engine, replay, problems, contexts)
    for file in reader.roots():
        reader.run(file, 0)
    return entities(replay.schema, source.location, source.wants)


@dataclass(slots=True)
class _ChangeLogs:
    """Runs the change logs of a source."""

    source: ForeignSource
    engine: Engine
    replay: Replay
    problems: Problems
    contexts: frozenset[str] | None
    parameters: dict[str, str] = field(default_factory=dict)
    _trees: dict[str, Element | None] = field(default_factory=dict)
    _ran: set[str] = field(default_factory=set)
    _preconditions: Preconditions = field(init=False)

    def __post_init__(self) -> None:
        self._preconditions = Preconditions(self.replay.schema, self.engine, self._filled)

    def roots(self) -> Iterator[str]:
        """The change logs that no other one includes."""
        included: set[str] = set()
        for file in self.source.files:
            tree = None if file.lower().endswith(".sql") else self._tree(file)
            for name, target in _inclusions(tree):
                included |= set(self._targets(file, name, target))
        yield from (file for file in self.source.files if file not in included)

    def run(self, file: str, depth: int) -> None:
        """All change sets of a change log, in their order."""
        if depth > _DEEPEST or file in self._ran:
            return
        self._ran.add(file)
        if file.lower().endswith(".sql"):
            self.replay.script(Script(self._text(file) or "", file))
            return
        tree = self._tree(file)
        if tree is None:
            return
        for element in _changes_of(tree):
            match element.name:
                case "property" if runs_on(element.get("dbms"), self.engine.of_liquibase):
                    self.parameters.setdefault(element.get("name") or "", element.attributes.get("value", ""))
                case "changeSet":
                    self._change_set(element, file)
                case "include" | "includeAll" if self._is_meant(element):
                    targets = self._targets(file, element.name, element)
                    if not targets and element.name == "include":
                        written = element.get("file") or ""
                        message = f"the change log {shorten(written)} is not there"
                        self.problems.add(element.at, message, expected="a file of the estate")
                    for target in targets:
                        self.run(target, depth + 1)

    def _is_meant(self, element: Element) -> bool:
        """Whether an element runs in the contexts that the source names."""
        return runs_in(element.get("contextFilter", "context"), self.contexts)

    def _change_set(self, element: Element, file: str) -> None:
        ignored = element.says("ignore") is True
        if ignored or not runs_on(element.get("dbms"), self.engine.of_liquibase) or not self._is_meant(element):
            return
        holds = self._preconditions.hold(element)
        if holds is False:
            return
        changes = ChangeStatements(self.engine.name)
        for change in element.inner:
            for statement in self._statements(change, changes, file):
                if holds is None:
                    self.replay.unknown(statement)
                else:
                    self.replay.script(statement, guarded=self._preconditions.guard)

    def _statements(self, change: Element, changes: ChangeStatements, file: str) -> Iterator[Script]:
        at = change.at
        if change.name in {"sql", "createProcedure", "createView"} or change.name == "sqlFile":
            if not runs_on(change.get("dbms"), self.engine.of_liquibase):
                return
            text: str | None = change.get("sql") or change.text
            if change.name == "sql" and not (text or "").strip():
                inner = change.first("sql")
                text = inner.text if inner is not None else ""
            if change.name == "sqlFile":
                targets = self._targets(file, "include", change, "path")
                text = self._text(targets[0]) if targets else None
                if text is None:
                    message = f"the script {shorten(change.get('path') or '')} is not there"
                    self.problems.add(at, message, expected="a file of the estate")
                    return
                yield Script(self._filled(text), targets[0])
                return
            if change.name == "sql":
                yield CatalogueScript(self._filled(_delimited(text or "", change.get("endDelimiter"))), at)
            return
        for statement in changes.statements(change):
            yield CatalogueScript(self._filled(statement) + ";", at)

    def _filled(self, text: str) -> str:
        """The text with the parameters that a property of a change log names."""
        return _PARAMETER.sub(lambda found: self.parameters.get(found[1], found[0]), text)

    # ---------------------------------------------------------------------------------------------------------- files

    def _tree(self, file: str) -> Element | None:
        if file not in self._trees:
            text = self._text(file)
            self._trees[file] = None if text is None else read_elements(text, file, self.problems)
        return self._trees[file]

    def _text(self, file: str) -> str | None:
        return self.source.files.get(file, self.source.other(file))

    def _targets(self, file: str, name: str, element: Element, key: str | None = None) -> list[str]:
        """The files that an element names: beside its own, or in a folder above it, where the classpath may begin."""
        written = (
            (element.get(key or ("file" if name == "include" else "path")) or "").removeprefix("classpath:").lstrip("/")
        )
        folder = posixpath.dirname(file)
        while written:
            path = posixpath.normpath(posixpath.join(folder, written))
            if name == "includeAll":
                found = sorted(each for each in self.source.files if each.startswith(f"{path}/"))
                if found:
                    return found
            elif not path.startswith("..") and self._text(path) is not None:
                return [path]
            if not folder:
                break
            folder = posixpath.dirname(folder)
        ending = f"/{posixpath.normpath(written)}" if written else None  # another part of the classpath
        return [each for each in self.source.files if ending and each.endswith(ending)][:1] if name == "include" else []


def _changes_of(tree: Element) -> list[Element]:
    """The elements of a change log: in YAML and JSON they stand in the list `databaseChangeLog`."""
    inner = tree.first("databaseChangeLog")
    return tree.inner if inner is None else inner.inner


def _inclusions(tree: Element | None) -> Iterator[tuple[str, Element]]:
    for element in _changes_of(tree) if tree is not None else ():
        if element.name in {"include", "includeAll"}:
            yield element.name, element


def _delimited(text: str, mark: str | None) -> str:
    """The text of an element `sql`, with semicolons where its own mark ends a statement."""
    if mark is None or mark == ";":
        return text
    return text.replace(";", " ").replace(mark, ";")


LIQUIBASE_FORMAT = Format(
    format_shape(
        "liquibase", "Change logs of Liquibase.", SQL_DIALECT, CHARSET, TEXT_COLLATION, COUNTS, STRICT, NUL, _CONTEXTS
    ),
    (".xml", ".yaml", ".yml", ".json", ".sql"),
    _read,
)
"""`liquibase: {files: db/changelog, dialect: postgres}`."""
