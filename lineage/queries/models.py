"""The models of a dbt manifest, as a source of a lineage file: the SQL that dbt compiled, with its macros resolved.

A model that no contract has is passed through. A model in Python is opaque, from every table that it depends on; so is one
whose SQL is not read. A column that no contract has is opaque where a model names it, and nothing else of the model is.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from ...documents.problem import Problems, shorten
from ...documents.shape import TEXT, Key, Keyed
from ...documents.tree import child, children, items, text
from ...documents.yaml_events import ScalarNode
from ...formats.dbt import ADAPTER_ENGINES, manifest
from ...formats.source import AS, FILES
from .read import OWN_SYSTEM, SCHEMA_SYSTEMS, TableNames

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from sqlglot import exp

    from ...contracts.model import Contracts
    from ...documents.location import Location
    from ...documents.names import EntityName
    from ...documents.yaml_events import Node
    from ...formats.ddl.engines.engine import EngineName
    from ...formats.source import ForeignSource
    from ..flow import Writes
    from .writes import Write

_BY = Key("by", TEXT, "The carrier of the values; `dbt` when left out.")
MODELS_SHAPE = Keyed(
    "dbt",
    "The models of a dbt manifest, with the SQL that dbt compiled. In `as`, a table is schema.table or table, and is given "
    "as system.entity.",
    (FILES, OWN_SYSTEM, SCHEMA_SYSTEMS, AS, _BY),
    short="files",
)
MODELS_SUFFIXES = (".json",)
_MADE = ("model", "snapshot")


def read_models(source: ForeignSource, problems: Problems, contracts: Contracts, today: date) -> tuple[Node, ...]:
    """The flows of the models, each after those it depends on."""
    flows: list[Node] = []
    for file, written in source.files.items():
        tree = manifest(written, file, problems)
        if tree is None:
            continue
        adapter = text(child(child(tree, "metadata"), "adapter_type")) or ""
        dialect = ADAPTER_ENGINES.get(adapter)
        if dialect is None or dialect == "db2":
            expected = f"one of {', '.join(each for each, name in ADAPTER_ENGINES.items() if name != 'db2')}"
            problems.add(tree.location, f"the SQL of the adapter {shorten(adapter)} is not read", expected=expected)
            continue
        flows += _Manifest(tree, dialect, source, contracts, today).flows()
    if not flows and not problems:
        expected = "a manifest of `dbt compile`, and contracts for its tables: see system, schemas and as"
        problems.add(
            source.location, "no model brings a value from a table of a contract into another", expected=expected
        )
    return tuple(flows)


class _Manifest:
    """The models of one manifest."""

    def __init__(
        self, tree: Node, dialect: EngineName, source: ForeignSource, contracts: Contracts, today: date
    ) -> None:
        from ...formats.ddl.engines.registry import engine
        from .arm import Scope
        from .flows import FlowWriter
        from .hooks import HookReader
        from .statements import Statements

        self._tree = tree
        self._dialect = dialect
        self._tables = TableNames(source, contracts)
        self._relations = _relations(tree)
        self._nodes = {identity.value: node for identity, node in children(child(tree, "nodes"))}
        self._writer = FlowWriter(contracts, dialect, today, source.get(_BY) or "dbt")
        self._unread = Problems()
        scope = Scope(self._tables.entity, self._columns, self._writer)
        self._reader = Statements(engine(dialect), scope, self._unread)
        self._hooks = HookReader(self._relation, _macros(tree))
        self._opaque: set[str] = set()
        """Models of no contract that are not read."""

    def flows(self) -> Iterator[Node]:
        """The flows of its models, each behind those of its hooks, then those of other hooks, and of the whole run."""
        hooked = {name: list(self._hooked(name, node)) for name, node in self._nodes.items()}
        for name, node in _in_order(self._tree):
            table = self._table(self._relations.get(name))
            if table is None:
                continue  # an ephemeral model stands in those that name it
            for write in chain(hooked.pop(name), self._model(name, node, table)):
                yield from self._writer.flows(write)
        for write in chain.from_iterable(hooked.values()):
            yield from self._writer.flows(write)

    def _table(self, relation: str | None) -> exp.Table | None:
        from .trees import table_of

        return None if relation is None else table_of(relation, self._dialect)

    def _entity(self, relation: str | None) -> EntityName | None:
        """The entity of a contract that a table is; None where none is."""
        table = self._table(relation)
        entity = None if table is None else self._tables.entity(table)
        return None if entity is None or self._columns(entity) is None else entity

    def _columns(self, entity: EntityName) -> Sequence[str] | None:
        """The columns of a table; None: no contract has it, or only by its name, as that of a model without columns."""
        return self._tables.columns(entity) or None

    def _model(self, name: str, node: Node, table: exp.Table) -> Iterator[Write]:
        """What a model writes; one of no contract is kept for those that name it."""
        code = child(node, "compiled_code") or child(node, "compiled_sql")
        is_sql = text(child(node, "language")) in {None, "sql"}
        target = self._tables.entity(table)
        writes: list[Write] | None = None
        if is_sql and isinstance(code, ScalarNode) and not self._opaque.intersection(_depends_on(node)):
            reason = "its SQL cannot be read"
            writes = self._read(code, table, target)
        elif is_sql and isinstance(code, ScalarNode):
            reason = "it depends on a model that is not read"
        else:
            reason = "a model in Python" if not is_sql and code is not None else "a model that dbt did not compile"
        if writes is not None:
            yield from writes
        elif self._columns(target) is not None:
            yield self._changed(target, "records", reason, tuple(self._roots(node)), node.location)
        else:
            self._opaque.add(name)

    def _read(self, code: ScalarNode, table: exp.Table, target: EntityName) -> list[Write] | None:
        """The writes of a model in SQL, none of one of no contract, which is kept; None where it cannot be read."""
        from ...formats.ddl.cursor import CatalogueScript

        script = CatalogueScript(code.value, code.location)
        before = len(self._unread)
        writes = list(self._reader.query(code.value, script, target, None))
        if len(self._unread) > before:
            return None
        if self._columns(target) is not None:
            return writes
        if any(each.unread is not None for each in writes):
            return None
        self._reader.make(table, code.value, script)
        return []

    def _changed(
        self, target: EntityName, writes: Writes, reason: str, inputs: tuple[EntityName, ...], at: Location
    ) -> Write:
        from .arm import Arm
        from .writes import Write

        return Write(target, {}, Arm({}, {}), writes, at, unread=reason, inputs=inputs)

    def _roots(self, node: Node) -> Iterator[EntityName]:
        """The entities of contracts that a model is made of: through those of no contract."""
        seen: dict[EntityName, None] = {}
        done: set[str] = set()
        waiting = _depends_on(node)
        while waiting:
            name = waiting.pop(0)
            if name in done:
                continue
            done.add(name)
            entity = self._entity(self._relations.get(name))
            if entity is not None:
                seen.setdefault(entity)
            elif name in self._nodes:
                waiting += _depends_on(self._nodes[name])
        yield from seen

    # ------------------------------------------------------------------------------------------------------- hooks

    def _relation(self, how: str, names: tuple[str, ...]) -> str | None:
        """The table that a `ref` or a `source` names."""
        ends = {".".join(names[-2:])} if how == "source" else {names[-1]}
        found = [
            relation
            for identity, relation in self._relations.items()
            if (identity.startswith("source.") == (how == "source"))
            and (".".join(identity.split(".")[2:]) in ends or identity.split(".")[2] in ends)
        ]
        return found[0] if found else None

    def _hooked(self, name: str, node: Node) -> Iterator[Write]:
        """What the hooks of a node change, in the tables that they name; it is told at the node's own where they name none.

        dbt, "pre-hook & post-hook": a text, or a mapping with `sql`; the manifest has them as they are written.
        """
        relation = self._relations.get(name)
        own = self._entity(relation)
        done: set[tuple[str, EntityName]] = set()
        for hook in _hooks(node):
            for change in self._hooks.changes(hook.value, relation):
                named = relation if change.table is None else change.table
                target = self._entity(named)
                if target is None:
                    self._opaque |= self._models_of(named)
                elif (hook.value, target) not in done and not (change.is_constant and target != own):
                    done.add((hook.value, target))
                    known = (self._entity(each) for each in change.reads)
                    inputs = tuple(each for each in known if each is not None and each != target)
                    writes: Writes = "fields" if target == own or not inputs else "records"
                    reason = f"a hook of dbt: {shorten(' '.join(hook.value.split()))}"
                    yield self._changed(
                        target, writes, reason, (target,) if writes == "fields" else inputs, hook.location
                    )

    def _models_of(self, relation: str | None) -> set[str]:
        """The models of no contract whose table it is."""
        table = self._table(relation)
        if table is None:
            return set()
        entity = self._tables.entity(table)
        others = {name: self._table(self._relations.get(name)) for name in self._nodes}
        return {name for name, other in others.items() if other is not None and self._tables.entity(other) == entity}


def _hooks(node: Node) -> Iterator[ScalarNode]:
    """The statements that dbt runs before or after a model, or that are an operation of their own."""
    config = child(node, "config")
    for key in ("pre-hook", "post-hook", "pre_hook", "post_hook"):
        written = child(config, key)
        for each in items(written) or ((written,) if written is not None else ()):
            sql = child(each, "sql") if child(each, "sql") is not None else each
            if isinstance(sql, ScalarNode):
                yield sql
    if text(child(node, "resource_type")) == "operation":
        code = child(node, "raw_code") or child(node, "raw_sql")
        if isinstance(code, ScalarNode):
            yield code


def _macros(tree: Node) -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """The text of each macro, and the macros that it calls."""
    return {
        identity.value: (
            text(child(node, "macro_sql")) or "",
            tuple(
                name for each in items(child(child(node, "depends_on"), "macros")) if (name := text(each)) is not None
            ),
        )
        for identity, node in children(child(tree, "macros"))
    }


def _relations(tree: Node) -> Mapping[str, str]:
    """The tables that nodes and sources are, as SQL names them, by the identity of the node."""
    return {
        identity.value: relation
        for group in ("nodes", "sources")
        for identity, node in children(child(tree, group))
        if (relation := text(child(node, "relation_name"))) not in {None, "null"}
    }


def _in_order(tree: Node) -> Iterator[tuple[str, Node]]:
    """The models, each after those it depends on; as they stand where they depend on each other."""
    models = {
        identity.value: node
        for identity, node in children(child(tree, "nodes"))
        if text(child(node, "resource_type")) in _MADE
    }
    done: set[str] = set()
    for first in models:
        waiting = [first]
        while waiting:
            name = waiting[-1]
            left = [each for each in _depends_on(models[name]) if each in models and each not in done]
            left = [each for each in left if each not in waiting]
            if left:
                waiting += left
                continue
            waiting.pop()
            if name not in done:
                done.add(name)
                yield name, models[name]


def _depends_on(node: Node) -> list[str]:
    return [name for each in items(child(child(node, "depends_on"), "nodes")) if (name := text(each)) is not None]
