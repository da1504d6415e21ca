"""dbt's manifest, version 4 and newer: models, seeds, snapshots and sources are entities, their columns are fields.

A test that fails on one bad row is a constraint: `not_null`, `unique`, `accepted_values`. One that only warns, that looks
at some of the rows, or that states anything else, is a rule in words. Constraints count where the model's contract is
enforced; which of them the database enforces is dbt's own table (docs.getdbt.com, "Constraints"). The types of columns
that the manifest leaves out stand in the catalogue that `dbt docs generate` writes, where the contract names one; with
`queries`, the names of columns that nobody described are those of the compiled SQL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..documents.problem import shorten
from ..documents.shape import BOOLEAN, TEXT, Key
from ..documents.tree import child, children, items, mapping, scalar, sequence, text, truth
from ..documents.yaml_events import MappingNode, ScalarNode
from .ddl.column import bare_name, column_fields
from .ddl.engines.registry import engine
from .ddl.model_columns import QueryColumns
from .jsonschema.admitted import node_words, plain_number, rule_scalar
from .jsonschema.documents import read_document
from .source import Format, format_shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..documents.location import Location
    from ..documents.problem import Problems
    from ..documents.yaml_events import Node
    from .ddl.engines.engine import EngineName
    from .source import ForeignSource

QUERIES = Key(
    "queries",
    BOOLEAN,
    "Whether the columns of models that nobody described are read from the compiled SQL, by name, too; false when left "
    "out, and flows lead through such columns.",
)
CATALOG = Key("catalog", TEXT, "The catalogue with the columns' types, such as target/catalog.json.")

_VERSION = re.compile(r".*/manifest/v(\d{1,3})\.json")
_OLDEST = 4
"""dbt 1.0."""
ADAPTER_ENGINES: dict[str, EngineName] = {
    "postgres": "postgres",
    "duckdb": "duckdb",
    "redshift": "redshift",
    "sqlserver": "sqlserver",
    "fabric": "sqlserver",
    "mysql": "mysql",
    "mariadb": "mariadb",
    "sqlite": "sqlite",
    "oracle": "oracle",
    "snowflake": "snowflake",
    "bigquery": "bigquery",
    "spark": "spark",
    "databricks": "databricks",
    "db2": "db2",
    "ibmdb2": "db2",
}
"""By dbt's word for an adapter, its engine, as far as the column types are known."""
_ALL = ("not_null", "unique", "primary_key", "foreign_key", "check")
_HELD: dict[str, tuple[str, ...]] = {
    "postgres": _ALL,
    "duckdb": _ALL,
    "redshift": ("not_null",),
    "snowflake": ("not_null",),
    "bigquery": ("not_null",),
    "databricks": ("not_null", "check"),
    "spark": ("not_null", "check"),
}
"""The constraints that an adapter's database enforces, of those that stand in its definitions."""
_KINDS = {"model": "table", "seed": "table", "snapshot": "table", "source": "table"}


@dataclass(slots=True)
class _Column:
    """A column that becomes a field."""

    key: ScalarNode
    node: MappingNode
    keys: dict[str, Node] = field(default_factory=dict)
    rules: list[ScalarNode] = field(default_factory=list)
    declared: list[ScalarNode] = field(default_factory=list)
    """Rules that nothing enforces."""


def _read(source: ForeignSource, problems: Problems) -> MappingNode:
    entries: list[tuple[str | ScalarNode, Node]] = []
    for file, written in source.files.items():
        tree = manifest(written, file, problems)
        if tree is not None:
            adapter = text(child(child(tree, "metadata"), "adapter_type")) or ""
            if adapter in ADAPTER_ENGINES:
                source.engines.append(ADAPTER_ENGINES[adapter])
            entries += _Manifest(source, tree, _catalog(source, problems), adapter).entities()
    return mapping(entries, source.location)


def manifest(written: str, file: str, problems: Problems) -> Node | None:
    """The tree of a manifest of dbt 1.0 or newer; None after a problem."""
    tree = read_document(written, file, problems)
    if tree is None:
        return None
    version = text(child(child(tree, "metadata"), "dbt_schema_version"))
    known = _VERSION.fullmatch(version or "")
    if known is not None and int(known[1]) >= _OLDEST:
        return tree
    version_words = "" if version is None else f", but {shorten(version)}"
    message = f"this is no manifest of dbt in version {_OLDEST} or newer{version_words}"
    problems.add(tree.location, message, expected="a manifest.json of dbt 1.0 or newer")
    return None


def _catalog(source: ForeignSource, problems: Problems) -> Node | None:
    name = source.get(CATALOG)
    written = None if name is None else source.other(name)
    if name is not None and written is None:
        problems.add(source.options.where(CATALOG.name), f"there is no file {shorten(name)} in the estate")
    return None if name is None or written is None else read_document(written, name, problems)


class _Manifest:
    """Reads one manifest."""

    def __init__(self, source: ForeignSource, tree: Node, catalog: Node | None, adapter: str) -> None:
        self._source = source
        self._tree = tree
        self._catalog = catalog
        self._adapter = adapter
        self._queries = QueryColumns(tree, engine(ADAPTER_ENGINES[adapter]) if adapter in ADAPTER_ENGINES else None)
        self._tests: dict[str, list[Node]] = {}
        for _, node in children(child(tree, "nodes")):
            if text(child(node, "resource_type")) == "test":
                for attached in _attached(node):
                    self._tests.setdefault(attached, []).append(node)

    def entities(self) -> Iterator[tuple[ScalarNode, Node]]:
        """The nodes of the manifest that have columns."""
        found: list[tuple[ScalarNode, ScalarNode, Node]] = []
        for group in ("nodes", "sources"):
            for identity, node in children(child(self._tree, group)):
                name = child(node, "name")
                if text(child(node, "resource_type")) in _KINDS and isinstance(name, ScalarNode):
                    found.append((identity, name, node))
        for identity, name, node in found:
            key = self._key(name, node, [other for _, each, other in found if each.value == name.value])
            if self._source.wants(key.value):
                yield key, self._entity(identity, name, node)

    @staticmethod
    def _key(name: ScalarNode, node: Node, alike: Sequence[Node]) -> ScalarNode:
        """The name of an entity: a node's own, and what tells it apart where several have it.

        A source beside a model is `shop.raw`; versions of a model are `orders.v1`, as in dbt; models of two packages are
        `stripe.orders`.
        """
        within = child(node, "source_name")
        others = [each for each in alike if child(each, "source_name") is None]
        if len(alike) == 1 or (within is None and len(others) == 1):
            return name
        version, package = text(child(node, "version")), text(child(node, "package_name"))
        if within is not None:
            full = f"{text(within)}.{name.value}"
        elif version not in {None, "null"} and len({text(child(each, "package_name")) for each in others}) == 1:
            full = f"{name.value}.v{version}"
        else:
            full = f"{package}.{name.value}" + (f".v{version}" if version not in {None, "null"} else "")
        return ScalarNode(full, plain=False, location=name.location, length=name.length)

    def _entity(self, identity: ScalarNode, name: ScalarNode, node: Node) -> MappingNode:
        found = self._in_catalog(identity.value)
        types = {key.value.lower(): child(value, "type") for key, value in found}
        types |= {key.value.lower(): value for key, value in children(child(child(node, "config"), "column_types"))}
        listed = children(child(node, "columns"))
        enforced = text(child(child(node, "contract"), "enforced")) == "true"
        documented = {key.value.lower() for key, _ in listed}
        # the table has them, whether somebody wrote a word about them or not
        further = [*found, *children(child(child(node, "config"), "column_types"))]
        if self._source.get(QUERIES):
            further += [(scalar(each, name.location), name) for each in self._queries.of(identity.value)]
        everything = list(listed)
        for key, value in further:
            if key.value.lower() not in documented:
                documented.add(key.value.lower())
                everything.append((key, value))
        stated = [([key.value], each) for key, value in listed for each in items(child(value, "constraints"))]
        stated += [
            ([text(item) or "" for item in items(child(each, "columns"))], each)
            for each in items(child(node, "constraints"))
        ]
        checks = [check for _, each in stated if enforced and (check := self._check(each)) is not None]
        table = _Table(*self._typed(everything, types, checks))
        for named, each in stated:
            self._constraint(table, named, each, enforced=enforced)
        for test in self._tests.get(identity.value, ()):
            _test(table, test)
        primary = [item for item in items(child(node, "primary_key")) if isinstance(item, ScalarNode)]
        kind = "view" if text(child(child(node, "config"), "materialized")) == "view" else "table"
        head: list[tuple[str | ScalarNode, Node]] = [("kind", scalar(kind, name.location))]
        keys = [column.key for item in primary if (column := table.column(item.value)) is not None]
        keys = keys if primary and len(keys) == len(primary) else table.key
        if keys:
            head.append(("key", sequence(keys, keys[0].location)))
        for word, inner in (("unique", table.together), ("check", table.between)):
            if inner:
                head.append((word, sequence(inner, inner[0].location)))
        fields = mapping([(column.key, _field(column)) for column in table.columns.values()], name.location)
        return mapping([*head, ("fields", fields)], name.location)

    def _in_catalog(self, identity: str) -> list[tuple[ScalarNode, Node]]:
        """The columns of a node in the catalogue, in its order."""
        described = (child(child(self._catalog, group), identity) for group in ("nodes", "sources"))
        return [entry for node in described for entry in children(child(node, "columns"))]

    def _check(self, constraint: Node) -> tuple[str, Location] | None:
        """The condition that the database holds rows to, where a constraint is one and the engine's words are known."""
        expression = child(constraint, "expression")
        held = text(child(constraint, "type")) == "check" and "check" in _HELD.get(self._adapter, ())
        if not held or self._adapter not in ADAPTER_ENGINES or not isinstance(expression, ScalarNode):
            return None
        return None if text(expression) in {"null", ""} else (expression.value, expression.location)

    def _typed(
        self,
        columns: Sequence[tuple[ScalarNode, Node]],
        types: dict[str, Node | None],
        checks: Sequence[tuple[str, Location]],
    ) -> tuple[dict[str, _Column], list[ScalarNode]]:
        """The columns with their types as fields, and the conditions on several of them that the database holds."""
        known = ADAPTER_ENGINES.get(self._adapter)
        given: dict[str, tuple[str, Location] | ScalarNode] = {}
        for key, node in columns:
            data_type = child(node, "data_type")
            if not isinstance(data_type, ScalarNode) or text(data_type) == "null":
                data_type = types.get(key.value.lower())
            if not isinstance(data_type, ScalarNode):
                given[key.value] = rule_scalar("no data_type is given", key.location)
            elif known is None:
                words = f"data_type: {data_type.value} ({self._adapter or 'no adapter'})"
                given[key.value] = rule_scalar(words, data_type.location)
            else:
                given[key.value] = data_type.value, data_type.location
        fields, between = column_fields(given, engine(known or "postgres"), checks)
        return {key.value: _Column(key, fields[key.value]) for key, _ in columns}, between

    def _constraint(self, table: _Table, names: list[str], node: Node, *, enforced: bool) -> None:
        kind, expression = text(child(node, "type")) or "", text(child(node, "expression"))
        known = _HELD.get(self._adapter)
        held = enforced and kind in (known or ("not_null",))
        columns = [table.column(name) for name in names]
        named = [column for column in columns if column is not None]
        if held and (kind == "check" and self._check(node) is not None):
            return
        is_whole = bool(named) and len(named) == len(names)
        if held and kind in {"not_null", "primary_key"}:
            for column in named:
                column.keys.setdefault("required", truth(True, node.location))  # noqa: FBT003 - what is written
        if held and kind in {"unique", "primary_key"} and is_whole:
            table.make_unique(named, node.location, primary=kind == "primary_key")
        is_stated = held and kind in {"not_null", "unique", "primary_key"} and is_whole
        if is_stated and (kind == "not_null" or expression in {None, "null", ""}):
            return
        rule = f"constraint: {kind}{f' {expression}' if expression not in {None, 'null'} else ''}"
        is_open = held or known is None or kind == "custom"  # what is custom goes into the definition as it stands
        for column in named if names else table.columns.values():
            if enforced and is_open and kind != "foreign_key":
                column.rules.append(rule_scalar(rule, node.location))
            else:
                column.declared.append(rule_scalar(rule if held else f"{rule} (not enforced)", node.location))


@dataclass(slots=True)
class _Table:
    """The columns of one node of the manifest, and what holds for several of them together."""

    columns: dict[str, _Column]
    between: list[ScalarNode]
    """Conditions on several columns, as items of `check` of an entity."""
    together: list[Node] = field(default_factory=list)
    """Columns that are unique together, as items of `unique` of an entity."""
    key: list[ScalarNode] = field(default_factory=list)

    def column(self, name: str) -> _Column | None:
        """The column of a name, which may stand in quotes or in other letters; None where there is not one alone."""
        if name in self.columns:
            return self.columns[name]
        for same in (bare_name, lambda each: bare_name(each).lower()):
            alike = [column for each, column in self.columns.items() if same(each) == same(name)]
            if len(alike) == 1:
                return alike[0]
        return None

    def make_unique(self, columns: Sequence[_Column], at: Location, *, primary: bool) -> None:
        """No two rows hold the same values in these columns."""
        if len(columns) == 1:
            columns[0].keys.setdefault("unique", truth(True, at))  # noqa: FBT003 - what is written
        elif not primary or self.key:
            self.together.append(sequence([column.key for column in columns], at))
        if primary and not self.key:
            self.key = [column.key for column in columns]


_SOURCE = re.compile(r"""source\(\s*['"]([^'"]+)['"]\s*,\s*['"]([^'"]+)['"]""")
_REF = re.compile(
    r"""ref\(\s*['"]([^'"]+)['"](?:\s*,\s*['"]([^'"]+)['"])?(?:\s*,\s*v(?:ersion)?\s*=\s*['"]?([\w.]+))?"""
)


def _attached(node: Node) -> Iterator[str]:
    """The node that a test is about: of several that it depends on, the one that its argument `model` names.

    Only newer versions name it, and they, too, leave it out of tests of sources.
    """
    attached = text(child(node, "attached_node"))
    if attached not in {None, "null"}:
        yield str(attached)
        return
    depends = [text(item) or "" for item in items(child(child(node, "depends_on"), "nodes"))]
    if len(depends) > 1:
        model = text(child(child(child(node, "test_metadata"), "kwargs"), "model")) or ""
        depends = [each for each in depends if _is_called(each, model)]
    if len(depends) == 1:
        yield depends[0]


def _is_called(identity: str, model: str) -> bool:
    """Whether an expression such as `ref('orders')` or `source('shop', 'raw')` names a node."""
    source, ref = _SOURCE.search(model), _REF.search(model)
    if source is not None:
        return identity.startswith("source.") and identity.endswith(f".{source[1]}.{source[2]}")
    if ref is None or identity.startswith("source."):
        return False
    package, name = (ref[1], ref[2]) if ref[2] else (None, ref[1])
    parts = identity.split(".")
    own = ".".join(parts[2:])
    version = f"{name}.v{ref[3]}"
    is_named = own == version if ref[3] else own == name or own.startswith(f"{name}.v")
    return is_named and (package is None or parts[1] == package)


def _test(table: _Table, node: Node) -> None:
    """A test as a constraint on its column, or as a rule at the columns it names."""
    metadata = child(node, "test_metadata")
    name, kwargs = text(child(metadata, "name")) or "", child(metadata, "kwargs")
    written = text(child(node, "column_name"))
    written = text(child(kwargs, "column_name")) if written in {None, "null"} else written
    column = None if written in {None, "null"} else table.column(str(written))
    values = [item for item in items(child(kwargs, "values")) if isinstance(item, ScalarNode)]
    if column is not None and _is_strict(node, metadata):
        kind = text(child(column.node, "type"))
        match name:
            case "not_null":
                column.keys.setdefault("required", truth(True, node.location))  # noqa: FBT003 - what is written
                return
            case "unique":
                column.keys.setdefault("unique", truth(True, node.location))  # noqa: FBT003 - what is written
                return
            case "accepted_values" if values and (
                kind == "text" or (kind in {"integer", "decimal"} and all(map(plain_number, values)))
            ):
                column.keys.setdefault("one_of", sequence(values, values[0].location))
                return
    kept = [
        f"{key.value} {node_words(value)}"
        for key, value in children(kwargs)
        if key.value not in {"model", "column_name"}
    ]
    kept = [f"column {written}", *kept] if column is None and written not in {None, "null"} else kept
    where = text(child(child(node, "config"), "where"))
    kept += [] if where in {None, "null"} else [f"where {where}"]
    rule = f"test {name or text(child(node, 'name'))}"
    rule = " ".join((f"{rule}: {', '.join(kept)}" if kept else rule).split())
    columns = table.columns.values()
    query = "" if name else text(child(node, "compiled_code")) or text(child(node, "raw_code")) or ""
    stated = [node_words(value, _LONG) for key, value in children(kwargs) if key.value not in {"model", "column_name"}]
    named = [each for each in columns if each is column or _is_named(each.key.value, [*stated, where or "", query])]
    # a warning stops nothing, and which rows another table has is not a matter of this one's values
    stops = (text(child(child(node, "config"), "severity")) or "error").lower() == "error" and name != "relationships"
    for each in [column] if column is not None else named or columns:
        (each.rules if stops else each.declared).append(rule_scalar(rule, node.location))


_LONG = 100_000
"""Characters of an argument in which columns are looked for."""


def _is_named(column: str, words: Sequence[str]) -> bool:
    """Whether some of the words of a test name a column, in whatever letters."""
    pattern = re.compile(rf"(?<!\w){re.escape(bare_name(column))}(?!\w)", re.IGNORECASE)
    return any(pattern.search(each) for each in words)


def _is_strict(node: Node, metadata: Node | None) -> bool:
    """Whether it is one of dbt's own tests that fails as soon as one row of all is bad."""
    config = child(node, "config")

    def says(name: str, *usual: str) -> bool:
        return (text(child(config, name)) or usual[0]).lower() in usual

    usual = says("severity", "error") and says("where", "null") and says("error_if", "!= 0") and says("enabled", "true")
    return usual and says("fail_calc", "count(*)") and text(child(metadata, "namespace")) in {None, "null"}


def _field(column: _Column) -> MappingNode:
    """The column's type, under its tests and constraints."""
    entries = {key.value: value for key, value in column.node.entries} | column.keys
    notes = [note for note in items(entries.pop("opaque", None)) if isinstance(note, ScalarNode)]
    written = [note for note in items(entries.pop("declared", None)) if isinstance(note, ScalarNode)]
    for word, rules in (("opaque", (*notes, *column.rules)), ("declared", (*written, *column.declared))):
        each = {note.value: note for note in rules}
        if each:
            entries[word] = sequence(each.values(), next(iter(each.values())).location)
    return mapping(entries.items(), column.key.location)


DBT_FORMAT = Format(
    format_shape("dbt", "dbt's manifest, version 4 and newer: models, seeds, snapshots and sources.", CATALOG, QUERIES),
    ("manifest.json",),
    _read,
)
