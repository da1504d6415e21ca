"""OpenLineage events (openlineage.io): their column lineage, as flows.

The facets `columnLineage` (up to 1-2-0) and `lineage` (1-0-0) of the datasets written to are read: from one event, a list
of events, or one event a line. A dataset becomes an entity, its namespace the system, under names of our own where `as`
gives any.

What comes directly and identically is a flow that changes nothing; several such inputs are several flows. Any other direct
input (a transformation, an aggregation, a mask, or no description at all) goes through `opaque`. Indirect inputs (filters,
joins, sorting) choose the records, not the value of a field: they are no flows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..documents.problem import nearest, shorten
from ..documents.shape import Keyed
from ..documents.tree import child, mapping, scalar, sequence
from ..documents.yaml_events import MappingNode, ScalarNode, SequenceNode, read
from .source import AS, FILES, own_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..documents.location import Location
    from ..documents.problem import Problems
    from ..documents.yaml_events import Node
    from .source import ForeignSource

SHAPE = Keyed(
    "openlineage",
    "OpenLineage events with column lineage. In `as`, a dataset is namespace/name, and is given as system.entity.",
    (FILES, AS),
    short="files",
)
SUFFIXES = (".json", ".jsonl", ".ndjson")


def read_openlineage(source: ForeignSource, problems: Problems) -> tuple[Node, ...]:
    """The flows in the events, each once."""
    return _Reader(source, problems).flows()


@dataclass(frozen=True, slots=True)
class _Input:
    """A field that another is made of."""

    field: str
    """Full name, in names of ours."""
    steps: tuple[str, ...]
    """The transformations, in words; empty: none."""
    location: Location


class _Reader:
    def __init__(self, source: ForeignSource, problems: Problems) -> None:
        self._source = source
        self._problems = problems
        names: Mapping[str, str] | None = source.options.get(AS)
        self._names = names or {}
        self._met: set[str] = set()
        self._flows: dict[tuple[object, ...], Node] = {}

    def flows(self) -> tuple[Node, ...]:
        for file, text in self._source.files.items():
            before = len(self._problems)
            facets = [self._output(event, output) for event in self._events(text, file) for output in _outputs(event)]
            if not any(facets) and len(self._problems) == before:
                where = self._source.location
                self._problems.add(where, f"no event in {shorten(file)} has column lineage", expected="columnLineage")
        self._check_names()
        return tuple(self._flows.values())

    def _events(self, text: str, file: str) -> list[MappingNode]:
        tree = read(_as_list(text), file, self._problems)
        items = tree.items if isinstance(tree, SequenceNode) else (tree,)
        return [item for item in items if isinstance(item, MappingNode)]

    def _output(self, event: MappingNode, output: MappingNode) -> bool:
        """Read one output dataset; whether it has column lineage."""
        facets = child(output, "facets")
        for name, inputs in (("columnLineage", "inputFields"), ("lineage", "inputs")):
            fields = child(child(facets, name), "fields")
            if isinstance(fields, MappingNode):
                target = self._entity(output)
                for key, entry in fields.entries if target else ():
                    to = f"{target}.{self._field(output, key.value)}"
                    self._add(to, self._inputs(entry, inputs), _job(event), key.location)
                return True
        return False

    def _inputs(self, entry: Node, key: str) -> list[_Input]:
        """The direct ones."""
        items = _items(child(entry, key))
        inputs = []
        for item in items:
            steps = _steps(item, entry, alone=len(items) == 1)
            field = _text(item, "field")
            if steps is None or _text(item, "type") == "JOB" or (field is None and key == "inputs"):
                continue  # it chooses records; or it is about whole datasets, not fields
            entity = self._entity(item)
            if field is None:
                self._problems.add(item.location, "an input field has no field", expected="the input field's name")
            elif entity is not None:
                inputs.append(_Input(f"{entity}.{self._field(item, field)}", steps, item.location))
        return inputs

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


def _as_list(text: str) -> str:
    """Events one a line as a list of them; every character stays on its line."""
    lines = text.split("\n")
    events = [number for number, line in enumerate(lines) if line.strip()]
    if len(events) < 2 or not all(lines[number].lstrip().startswith("{") for number in events):
        return text
    if not all(lines[number].rstrip().endswith("}") for number in events):
        return text
    for number in events:
        lines[number] += "," if number != events[-1] else "]"
    lines[events[0]] = "[" + lines[events[0]]
    return "\n".join(lines)


def _outputs(event: MappingNode) -> list[MappingNode]:
    """The datasets an event writes to, or is about."""
    dataset = child(event, "dataset")
    return [*_items(child(event, "outputs")), *([dataset] if isinstance(dataset, MappingNode) else [])]


def _job(event: MappingNode) -> str | None:
    return _text(child(event, "job"), "name")


def _steps(item: MappingNode, entry: Node, *, alone: bool) -> tuple[str, ...] | None:
    """The transformations of an input, in words; None where it comes only indirectly."""
    transformations = _items(child(item, "transformations"))
    if not transformations:  # before 1-1-0 it stood with the field that is made
        kind, words = _text(entry, "transformationType"), _text(entry, "transformationDescription")
        return () if alone and kind == "IDENTITY" else (words or kind or "not described",)
    direct = [one for one in transformations if _text(one, "type") != "INDIRECT"]
    if not direct:
        return None
    changing = [one for one in direct if _text(one, "subtype") != "IDENTITY" or _text(one, "masking") == "true"]
    return tuple(dict.fromkeys(_words(one) for one in changing))


def _words(transformation: MappingNode) -> str:
    words = _text(transformation, "description") or _text(transformation, "subtype") or "not described"
    return f"{words} (masked)" if _text(transformation, "masking") == "true" else words


def _text(node: Node | None, key: str) -> str | None:
    value = child(node, key)
    return value.value if isinstance(value, ScalarNode) and value.value else None


def _items(node: Node | None) -> list[MappingNode]:
    """The objects in a list."""
    return [item for item in node.items if isinstance(item, MappingNode)] if isinstance(node, SequenceNode) else []
