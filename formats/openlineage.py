"""OpenLineage events (openlineage.io): their column lineage, as flows.

The facets `columnLineage` (up to 1-2-0) and `lineage` (1-0-0) of the datasets written to are read: from one event, a list
of events, or one event a line. A dataset becomes an entity, its namespace the system, under names of our own where `as`
gives any.

What comes directly and identically is a flow that changes nothing; several such inputs are several flows. Any other direct
input (a transformation, an aggregation, a mask, or no description at all) goes through `opaque`. Indirect inputs (filters,
joins, sorting) choose the records, not the value of a field: they are no flows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, get_args

from ..documents.json_text import read_json_values
from ..documents.problem import nearest, shorten
from ..documents.shape import Choice, Key, Keyed
from ..documents.tree import child, items, mapping, scalar, sequence
from ..documents.yaml_events import MappingNode, RejectedNode, ScalarNode, SequenceNode
from .ddl.engines.engine import EngineName
from .source import AS, FILES, own_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ..documents.location import Location
    from ..documents.problem import Problems
    from ..documents.yaml_events import Node
    from .source import ForeignSource

EVENT_DIALECT = Key(
    "dialect",
    Choice(*(name for name in get_args(EngineName) if name != "db2")),
    "The database whose SQL the jobs run: then flows are read from the SQL in the events, with the steps on the way.",
)
SHAPE = Keyed(
    "openlineage",
    "OpenLineage events with column lineage. In `as`, a dataset is namespace/name, and is given as system.entity.",
    (FILES, AS, EVENT_DIALECT),
    short="files",
)
SUFFIXES = (".json", ".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class EventTable:
    """A dataset of an event, as SQL may name it."""

    name: str
    """As the event has it: "shop.orders"."""
    entity: str
    """In names of ours: system.entity."""
    columns: tuple[str, ...]
    """Those of its schema, as far as the event gives it."""


SqlFlows: TypeAlias = "Callable[[ScalarNode, Sequence[EventTable], str | None], Mapping[str, Sequence[Node]]]"
"""The flows of a job's SQL, by the full name of the field that they lead to; the last argument is the job's name."""


def read_openlineage(source: ForeignSource, problems: Problems, sql_flows: SqlFlows | None = None) -> tuple[Node, ...]:
    """The flows in the events, each once.

    `sql_flows` reads the SQL that an event has: its flows stand for those of the facet where they have the same inputs, or
    more of them.
    """
    return _Reader(source, problems, sql_flows).flows()


@dataclass(frozen=True, slots=True)
class _Input:
    """A field that another is made of."""

    field: str
    """Full name, in names of ours."""
    steps: tuple[str, ...]
    """The transformations, in words; empty: none."""
    location: Location


_EVENT_TYPES = ("START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER")
_FAILED = ("ABORT", "FAIL")
"""Events of runs that wrote nothing for certain: they say nothing of what the job does."""
_SHOWN = 3
"""Files that a problem names."""
_FACETS = (("columnLineage", "inputFields"), ("lineage", "inputs"))
"""The facets that are read, each with the key of a field's inputs."""


class _Reader:
    """Reads events as the standard's schemas describe them; any other form of a part that is read is a problem.

    Source: openlineage.io, OpenLineage.json 2-0-2 and ColumnLineageDatasetFacet.json 1-2-0.
    """

    def __init__(self, source: ForeignSource, problems: Problems, sql_flows: SqlFlows | None) -> None:
        self._sql_flows = sql_flows
        self._source = source
        self._problems = problems
        names: Mapping[str, str] | None = source.options.get(AS)
        self._names = names or {}
        self._met: set[str] = set()
        self._flows: dict[tuple[object, ...], Node] = {}

    def flows(self) -> tuple[Node, ...]:
        before = len(self._problems)
        told = [self._event(event) for file, text in self._source.files.items() for event in self._events(text, file)]
        if not any(told) and len(self._problems) == before:
            files = ", ".join(map(shorten, list(self._source.files)[:_SHOWN]))
            files += f" and {len(self._source.files) - _SHOWN} more files" * (len(self._source.files) > _SHOWN)
            message = f"no event in {files} has column lineage"
            self._problems.add(self._source.location, message, expected="columnLineage")
        self._check_names()
        return tuple(self._flows.values())

    def _events(self, text: str, file: str) -> list[MappingNode]:
        trees = read_json_values(text, file, self._problems)
        items = trees[0].items if len(trees) == 1 and isinstance(trees[0], SequenceNode) else trees
        return [event for item in items if (event := self._object(item, "an event")) is not None]

    def _event(self, event: MappingNode) -> bool:
        """Read one event; whether it has column lineage."""
        kind = child(event, "eventType")
        if kind is not None and not (isinstance(kind, ScalarNode) and kind.value in _EVENT_TYPES):
            written = kind.value if isinstance(kind, ScalarNode) else ""
            self._problems.add(
                kind.location,
                f"{shorten(written)} is no type of event" if written else "this is no type of event",
                expected=f"one of {', '.join(_EVENT_TYPES)}",
                suggestion=nearest(written, _EVENT_TYPES),
            )
            return False
        outputs = child(event, "outputs")
        datasets = [] if outputs is None else self._objects(outputs, "outputs", "a dataset")
        about = child(event, "dataset")
        if about is not None and (dataset := self._object(about, "a dataset")) is not None:
            datasets.append(dataset)
        if isinstance(kind, ScalarNode) and kind.value in _FAILED:
            return False
        by_sql = self._written(event, datasets) if any(_has_facet(each) for each in datasets) else {}
        told = [self._output(event, output, by_sql) for output in datasets]  # each is read
        return any(told)

    def _written(self, event: MappingNode, outputs: Sequence[MappingNode]) -> Mapping[str, Sequence[Node]]:
        """The flows of the SQL of an event, by the field they lead to; none where it has none."""
        query = child(child(child(child(event, "job"), "facets"), "sql"), "query")
        if self._sql_flows is None or not isinstance(query, ScalarNode):
            return {}
        inputs = child(event, "inputs")
        datasets = [*outputs, *(items(inputs) if isinstance(inputs, SequenceNode) else ())]
        tables = []
        for dataset in datasets:
            name = _text(dataset, "name")
            entity = self._entity(dataset) if isinstance(dataset, MappingNode) and name is not None else None
            if isinstance(dataset, MappingNode) and name is not None and entity is not None:
                fields = items(child(child(child(dataset, "facets"), "schema"), "fields"))
                columns = [self._field(dataset, each) for field in fields if (each := _text(field, "name")) is not None]
                tables.append(EventTable(name, entity, tuple(columns)))
        return self._sql_flows(query, tables, _job(event))

    def _output(self, event: MappingNode, output: MappingNode, by_sql: Mapping[str, Sequence[Node]]) -> bool:
        """Read one output dataset; whether it has column lineage."""
        described = child(output, "facets")
        facets = None if described is None else self._object(described, "facets")
        if facets is None:
            return False
        self._check_spelling(facets, [name for name, _ in _FACETS])
        told = False
        for name, inputs in _FACETS:
            facet = child(facets, name)
            if facet is None or told:
                continue
            fields = self._fields_of(facet, name)
            target = None if fields is None else self._entity(output)
            for key, entry in fields.entries if fields and target else ():
                to = f"{target}.{self._field(output, key.value)}"
                made_of = self._inputs(entry, inputs)
                flows = by_sql.get(to, ())
                if flows and {one.field for one in made_of} <= {name for flow in flows for name in _sources(flow)}:
                    self._flows |= {(to, "sql", repr(_plain_node(flow))): flow for flow in flows}
                else:
                    self._add(to, made_of, _job(event), key.location)
            told = fields is not None
        return told

    def _fields_of(self, facet: Node, name: str) -> MappingNode | None:
        """The fields that a facet describes; None after a problem, or where it describes whole datasets alone."""
        body = self._object(facet, name)
        if body is None:
            return None
        self._check_spelling(body, ["fields"])
        fields = child(body, "fields")
        if fields is None:
            if name == "columnLineage" and not self._is_deleted(body):
                self._problems.add(body.location, f"{name} has no fields", expected="fields: an object")
            return None
        return self._object(fields, "fields")

    def _is_deleted(self, facet: MappingNode) -> bool:
        """Whether the facet takes back what was said before: `_deleted` of the standard's DatasetFacet."""
        return _text(facet, "_deleted") == "true"

    def _inputs(self, entry: Node, key: str) -> list[_Input]:
        """The direct ones."""
        described = self._object(entry, "a field of the facet")
        if described is None:
            return []
        self._check_spelling(described, [key])
        listed = child(described, key)
        if listed is None:
            self._problems.add(described.location, f"a field of the facet has no {key}", expected=f"{key}: a list")
            return []
        items = self._objects(listed, key, "an input field")
        inputs = []
        for item in items:
            steps = self._steps(item, described, alone=len(items) == 1)
            field = _text(item, "field")
            if steps is None or _text(item, "type") == "JOB" or (child(item, "field") is None and key == "inputs"):
                continue  # it chooses records; or it is about whole datasets, not fields
            entity = self._entity(item)
            if field is None:
                self._problems.add(item.location, "an input field has no field", expected="the input field's name")
            elif entity is not None:
                inputs.append(_Input(f"{entity}.{self._field(item, field)}", steps, item.location))
        return inputs

    def _steps(self, item: MappingNode, entry: MappingNode, *, alone: bool) -> tuple[str, ...] | None:
        """The transformations of an input, in words; None where it comes only indirectly."""
        self._check_spelling(item, ["transformations", "field"])
        written = child(item, "transformations")
        transformations = [] if written is None else self._objects(written, "transformations", "a transformation")
        for one in transformations:
            if _text(one, "type") is None:
                self._problems.add(one.location, "a transformation has no type", expected="type: DIRECT or INDIRECT")
        if not transformations:  # before 1-1-0 it stood with the field that is made
            kind, words = _text(entry, "transformationType"), _text(entry, "transformationDescription")
            return () if alone and kind == "IDENTITY" else (words or kind or "not described",)
        direct = [one for one in transformations if _text(one, "type") != "INDIRECT"]
        if not direct:
            return None
        changing = [one for one in direct if _text(one, "subtype") != "IDENTITY" or _text(one, "masking") == "true"]
        return tuple(dict.fromkeys(_words(one) for one in changing))

    # ------------------------------------------------------------------------------------------------ as the schema says

    def _object(self, node: Node, what: str) -> MappingNode | None:
        if isinstance(node, MappingNode):
            return node
        self._wrong(node, what, "an object")
        return None

    def _objects(self, node: Node, what: str, item: str) -> list[MappingNode]:
        if not isinstance(node, SequenceNode):
            self._wrong(node, what, "a list")
            return []
        return [one for each in node.items if (one := self._object(each, item)) is not None]

    def _wrong(self, node: Node, what: str, expected: str) -> None:
        if not isinstance(node, RejectedNode):  # that was reported when it was read
            self._problems.add(
                node.location, f"{what} is not {expected}", expected=f"{expected}, as OpenLineage has it"
            )

    def _check_spelling(self, node: MappingNode, keys: list[str]) -> None:
        """Report a key that differs from one of these in case alone, or in `_` and `-`: nothing would be read from it."""
        plain = {_plain(key): key for key in keys}
        for key, _ in node.entries:
            meant = plain.get(_plain(key.value))
            if meant is not None and key.value != meant:
                self._problems.add(
                    key.location,
                    f"unknown key {shorten(key.value)}",
                    expected=meant,
                    suggestion=meant,
                    length=key.length,
                )

    def _add(self, to: str, inputs: list[_Input], job: str | None, at: Location) -> None:
        """Unchanged fields come by flows of their own; how changed ones are joined is not known."""
        together = [inputs] if any(one.steps for one in inputs) else [[one] for one in inputs]
        for group in together:
            sources = tuple(dict.fromkeys(one.field for one in group))
            steps = "; ".join(dict.fromkeys(step for one in group for step in one.steps))
            key = (to, sources, steps)
            if not group or key in self._flows:
                continue
            entries: list[tuple[str | ScalarNode, Node]] = [
                ("from", sequence([scalar(name, group[0].location) for name in sources], group[0].location)),
                ("to", scalar(to, at)),
            ]
            if steps:
                entries.append(("via", sequence([mapping([("opaque", scalar(steps, at))], at)], at)))
            entries.append(("writes", scalar("some", at)))  # events list no field that is made from nothing
            if job:
                entries.append(("by", scalar(job, at)))
            self._flows[key] = mapping(entries, at)

    # ---------------------------------------------------------------------------------------------------- names of ours

    def _entity(self, dataset: MappingNode) -> str | None:
        """The entity that a dataset is; None after a problem."""
        namespace, name = _text(dataset, "namespace"), _text(dataset, "name")
        if namespace is None or name is None:
            missing = "namespace" if namespace is None else "name"
            self._problems.add(dataset.location, f"a dataset has no {missing}", expected="namespace and name")
            return None
        known = f"{namespace}/{name}"
        self._met.add(known)
        return self._names.get(known) or f"{own_name(namespace)}.{own_name(name)}"

    def _field(self, dataset: MappingNode, field: str) -> str:
        known = f"{_text(dataset, 'namespace')}/{_text(dataset, 'name')}.{field}"
        self._met.add(known)
        return self._names.get(known) or own_name(field)

    def _check_names(self) -> None:
        """Report names in `as` that no event has."""
        for name in self._names:
            if name not in self._met:
                guess = nearest(name, tuple(sorted(self._met)))
                where = self._source.options.where(AS.name)
                message = f"no event speaks of {shorten(name)}"
                self._problems.add(where, message, expected="namespace/name of a dataset", suggestion=guess)


def _has_facet(output: MappingNode) -> bool:
    return any(child(child(output, "facets"), name) is not None for name, _ in _FACETS)


def _sources(flow: Node) -> list[str]:
    """The fields that a flow begins at."""
    named = [each if isinstance(each, ScalarNode) else child(each, "field") for each in items(child(flow, "from"))]
    return [each.value for each in named if isinstance(each, ScalarNode)]


def _plain_node(node: Node) -> object:
    """What a node says, without its places."""
    match node:
        case ScalarNode():
            return node.value
        case SequenceNode():
            return [_plain_node(each) for each in node.items]
        case MappingNode():
            return [(key.value, _plain_node(each)) for key, each in node.entries]
        case _:
            return None


def _plain(key: str) -> str:
    return re.sub("[_-]", "", key).casefold()


def _job(event: MappingNode) -> str | None:
    return _text(child(event, "job"), "name")


def _words(transformation: MappingNode) -> str:
    words = _text(transformation, "description") or _text(transformation, "subtype") or "not described"
    return f"{words} (masked)" if _text(transformation, "masking") == "true" else words


def _text(node: Node | None, key: str) -> str | None:
    value = child(node, key)
    return value.value if isinstance(value, ScalarNode) and value.value else None
