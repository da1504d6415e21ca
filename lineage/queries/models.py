"""The models of a dbt manifest, as a source of a lineage file: the SQL that dbt compiled, with its macros resolved.

A model that no contract has is passed through. A model in Python is opaque, from every table that it depends on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...documents.problem import shorten
from ...documents.shape import TEXT, Key, Keyed
from ...documents.tree import child, children, items, text
from ...documents.yaml_events import ScalarNode
from ...formats.dbt import ADAPTER_ENGINES, manifest
from ...formats.source import AS, FILES
from .read import OWN_SYSTEM, SCHEMA_SYSTEMS, TableNames

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from ...contracts.model import Contracts
    from ...documents.problem import Problems
    from ...documents.yaml_events import Node
    from ...formats.source import ForeignSource

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
    from ...formats.ddl.cursor import CatalogueScript
    from ...formats.ddl.engines.registry import engine
    from .arm import Arm, Scope
    from .flows import FlowWriter
    from .statements import Statements
    from .trees import table_of
    from .writes import Write

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
        tables = TableNames(source, contracts)
        writer = FlowWriter(contracts, dialect, today, source.get(_BY) or "dbt")
        reader = Statements(engine(dialect), Scope(tables.entity, tables.columns, writer), problems)
        relations = _relations(tree)
        for name, node in _in_order(tree):
            relation, code = relations.get(name), child(node, "compiled_code") or child(node, "compiled_sql")
            table = None if relation is None else table_of(relation, dialect)
            if relation is None or table is None:
                continue  # an ephemeral model stands in those that name it
            target = tables.entity(table)
            if target in contracts.entities and (hook := _changing_hook(node)) is not None:
                reason = f"a hook of dbt: {shorten(' '.join(hook.value.split()))}"
                changed = Write(target, {}, Arm({}, {}), "fields", hook.location, unread=reason, inputs=(target,))
                flows += writer.flows(changed)
            is_sql = text(child(node, "language")) in {None, "sql"} and isinstance(code, ScalarNode)
            if is_sql and isinstance(code, ScalarNode):
                script = CatalogueScript(code.value, code.location)
                if target in contracts.entities:
                    writes = reader.query(code.value, script, target, None)
                    flows += [flow for write in writes for flow in writer.flows(write)]
                else:
                    reader.make(table, code.value, script)
            else:
                reason = (
                    "a model in Python" if is_sql is False and code is not None else "a model that dbt did not compile"
                )
                inputs = tuple(
                    tables.entity(each)
                    for other in _depends_on(node)
                    if (each := table_of(relations.get(other, ""), dialect)) is not None
                )
                write = Write(target, {}, Arm({}, {}), "records", node.location, unread=reason, inputs=inputs)
                flows += writer.flows(write)
    if not flows and not problems:
        expected = "a manifest of `dbt compile`, and contracts for its tables: see system, schemas and as"
        problems.add(
            source.location, "no model brings a value from a table of a contract into another", expected=expected
        )
    return tuple(flows)


_CHANGING = re.compile(r"\b(?:update|insert|merge|replace)\b", re.IGNORECASE)


def _changing_hook(node: Node) -> ScalarNode | None:
    """A statement that dbt runs before or after a model, and that may change its records; None: there is none.

    dbt, "pre-hook & post-hook": a text, or a mapping with `sql`; the manifest has them as they are written.
    """
    config = child(node, "config")
    for key in ("pre-hook", "post-hook", "pre_hook", "post_hook"):
        for each in items(child(config, key)):
            sql = child(each, "sql") if child(each, "sql") is not None else each
            if isinstance(sql, ScalarNode) and _CHANGING.search(sql.value) is not None:
                return sql
    return None


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
