"""Reads flows from the trees of lineage files.

A flow may name a field that does not exist: that is a finding, not a problem of the file.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, cast

from ..documents.problem import nearest, shorten
from ..documents.readings import Readings
from ..documents.scalar import NAME_PATTERN, FullName
from ..documents.shape import (
    BOOLEAN,
    DURATION,
    NAME,
    TEXT,
    Choice,
    Key,
    Keyed,
    ListOf,
    ShapedRecord,
    Tagged,
    shape_schema,
)
from ..documents.yaml_events import ScalarNode, SequenceNode
from .condition_reader import parse_condition
from .condition_tokens import ConditionError
from .condition_types import mistyped
from .flow import Flow, FlowSource
from .other_words import FLOW_WORDS, TRANSFORM_WORDS
from .sources import FLOWS_FROM
from .transform import TransformError
from .transforms import STEP_ENGINE, TRANSFORMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from ..contracts.model import Contracts, Field, KnownEngine
    from ..documents.location import Location
    from ..documents.names import EntityName, FieldName
    from ..documents.problem import Problems
    from ..documents.shape import Schema, Tag
    from ..documents.yaml_events import Node
    from .condition import Condition
    from .flow import Writes
    from .transform import Transform

_TRANSFORM = Tagged("transform", {name: spec.shape for name, spec in TRANSFORMS.items()}, also=TRANSFORM_WORDS)
_VIA = Key("via", ListOf(_TRANSFORM, single=True), "The transforms of the value on its way, in order.")


class _FieldOrEvery(FullName):
    """A field's full name; for editors, an entity's with `.*` behind it as well, which is expanded before it is read."""

    __slots__ = ()

    def schema(self, definitions: Schema, /) -> Schema:
        pattern = super().schema(definitions)["pattern"]
        return {
            "type": "string",
            "anyOf": [{"pattern": pattern}, {"pattern": rf"^{NAME_PATTERN}\.{NAME_PATTERN}\.\*$"}],
        }


_FIELD = Key("field", _FieldOrEvery(), "The field's full name.", required=True)
_SOURCE = Keyed("source", "A field that is changed before it is joined with others.", (_FIELD, _VIA), short="field")
_FROM = Key(
    "from",
    ListOf(_SOURCE, least=1, single=True),
    "The source field; the first transform joins the values of several.",
    required=True,
)
_TO = Key(
    "to",
    ListOf(_FieldOrEvery(), least=1, single=True),
    "The target field; several get the same value, or a part each where the last transform is split or lines.",
    required=True,
)
_WHEN = Key("when", TEXT, "An SQL condition on the source's record: only records that meet it are carried.")
_FILTER = Key("filter", TEXT, "What else decides which of the records are carried, in words: a join, a subquery.")
_WRITES = Key(
    "writes",
    Choice("records", "fields", "some"),
    "Whether it creates records, or changes fields of records that are there; some: what fills the other fields is not "
    "told. Records when left out.",
)
_ENGINE = Key("engine", STEP_ENGINE, "What runs the flow's steps; the engines of its two systems when left out.")
_COLLATION = Key("collation", TEXT, "The collation, or locale, of `engine`; every one of the engine's when left out.")
_BY = Key("by", TEXT, "The carrier of the value: a job, an interface, a person.")
_LAG = Key("lag", DURATION, "The delay until the value arrives, as an ISO 8601 duration.")
_ACCEPT_LOSS = Key("accept_loss", BOOLEAN, "Whether loss on this flow is intended.")
_EXCEPT = Key(
    "except", ListOf(NAME, single=True), "The fields that are left out where `from` and `to` are every field: s.e.*"
)
_NOTE = Key("note", TEXT, "Anything worth knowing.")
_FLOW = Keyed(
    "flow",
    "A way for a value from field to field.",
    (_FROM, _TO, _VIA, _WHEN, _FILTER, _WRITES, _ENGINE, _COLLATION, _BY, _LAG, _ACCEPT_LOSS, _NOTE, _EXCEPT),
    needs={"collation": ("engine",)},
    also=FLOW_WORDS,
)
_FLOWS = Key("flows", ListOf(_FLOW), "The flows.")
_LINEAGE = Keyed("lineage", "The flows of values between systems.", (FLOWS_FROM, _FLOWS), any_of=(("flows", "from"),))


def lineage_schema() -> Schema:
    """The draft-07 JSON Schema of a lineage file, for editors."""
    return shape_schema(_LINEAGE, "A Fieldline lineage")


def read_flows(trees: Iterable[Node], problems: Problems, readings: Readings | None = None) -> tuple[Flow, ...]:
    """The flows in the trees of their files, one per target. A flow that cannot be read is a problem and left out."""
    readings = readings or Readings()
    reader = _Reader(problems, readings.today)
    return tuple(flow for tree in trees for flow in readings.made(tree, problems, partial(reader.file, tree)))


def check_conditions(flows: Iterable[Flow], fields: Mapping[FieldName, Field], problems: Problems) -> None:
    """Check the flows' conditions against the types of the fields (by full name).

    A comparison with a value of another type is never true: the flow would carry nothing and appear safe.
    """
    seen: set[Location] = set()
    for flow in flows:
        condition, node = flow.when, flow.when_node
        if condition is None or node is None or node.location in seen:
            continue
        seen.add(node.location)  # one written condition may belong to several flows
        reported: set[FieldName] = set()
        for operand in condition.operands:
            field = fields.get(operand.field)
            wrong = None if field is None else mistyped(operand, field, fields)
            if wrong is not None and operand.field not in reported:
                reported.add(operand.field)
                message, expected = wrong
                problems.add(node.place(operand.offset), message, expected=expected, length=operand.length)


def read_condition(
    node: ScalarNode, entity: EntityName, fields: Mapping[str, Field], problems: Problems, today: date
) -> Condition | None:
    """A condition over the fields of one entity, which are given by their own names; None after a problem."""
    before = len(problems)
    condition = _condition(node.value, entity, today)
    if isinstance(condition, ConditionError):
        _report(condition, node, problems)
        return None
    named = {field.full_name: field for field in fields.values()}
    for operand in condition.operands:
        field = fields.get(operand.field.field) if operand.field.entity_name == entity else None
        if field is None:
            message = f"{shorten(str(operand.field))} is no field of {entity}"
            guess = nearest(operand.field.field, tuple(fields))
            problems.add(node.place(operand.offset), message, suggestion=guess, length=operand.length)
        elif (wrong := mistyped(operand, field, named)) is not None:
            problems.add(node.place(operand.offset), wrong[0], expected=wrong[1], length=operand.length)
    return condition if len(problems) == before else None


def read_condition_across(node: ScalarNode, contracts: Contracts, problems: Problems, today: date) -> Condition | None:
    """A condition over fields of whatever entities, which are named in full; None after a problem."""
    before = len(problems)
    condition = _condition(node.value, None, today)
    if isinstance(condition, ConditionError):
        _report(condition, node, problems)
        return None
    for operand in condition.operands:
        field = contracts.field(operand.field)
        if field is None:
            message, guess = (
                f"{shorten(str(operand.field))} is a field of no contract",
                contracts.suggest(operand.field),
            )
            suggestion = None if guess is None else str(guess)
            problems.add(node.place(operand.offset), message, suggestion=suggestion, length=operand.length)
        elif (wrong := mistyped(operand, field, contracts.fields)) is not None:
            problems.add(node.place(operand.offset), wrong[0], expected=wrong[1], length=operand.length)
    return condition if len(problems) == before else None


class _Reader:
    """Builds flows. Equal transforms and conditions are one object: later stages work once per object."""

    def __init__(self, problems: Problems, today: date) -> None:
        self._problems = problems
        self._today = today
        self._transforms: dict[tuple[str, str], Transform | TransformError] = {}
        self._conditions: dict[tuple[str, EntityName | None], Condition | ConditionError] = {}

    def file(self, tree: Node) -> list[Flow]:
        """The flows of one file."""
        record = _LINEAGE.read(tree, self._problems)
        items = (record.get(_FLOWS) if record else None) or ()
        return [flow for item in items for flow in self.flows(item)]

    def flows(self, record: ShapedRecord) -> list[Flow]:
        """The flows of one item of a file; none after a problem."""
        before = len(self._problems)
        tags = record.get(_VIA) or ()
        deals = bool(tags) and _lacks_part(tags[-1]) and _is_list(record, _TO)
        self._check_places(record, tags, deals=deals)
        sources = self._sources(record)
        targets = self._targets(record)
        via = self._build(tags[:-1] if deals else tags)
        ends = [self._build(tags[-1:], **_dealt(tags[-1], i)) for i in range(1, deals * len(targets) + 1)]
        when = self._when(record, sources)
        if not record.sound or len(self._problems) > before:
            return []
        return [
            Flow(
                tuple(source for source, _ in sources),
                target,
                via + ends[i] if deals else via,
                when,
                cast("KnownEngine | None", record.get(_ENGINE)),
                record.get(_COLLATION),
                record.get(_BY),
                record.get(_LAG),
                record.get(_ACCEPT_LOSS) or False,
                record.get(_NOTE),
                record.location,
                place,
                tuple(place for _, place in sources),
                None if when is None else cast("ScalarNode", record.nodes["when"][1]),
                cast("Writes", record.get(_WRITES) or "records"),
                record.get(_FILTER),
            )
            for i, (target, place) in enumerate(targets)
        ]

    def _sources(self, record: ShapedRecord) -> list[tuple[FlowSource, Location]]:
        """The sources with the places of their names."""
        return [
            (FlowSource(field, self._build(source.get(_VIA) or ())), source.nodes["field"][1].location)
            for source in record.get(_FROM) or ()
            if (field := source.get(_FIELD)) is not None
        ]

    def _targets(self, record: ShapedRecord) -> list[tuple[FieldName, Location]]:
        """The targets with their places; a repeated target is a problem."""
        names = record.get(_TO)
        if names is None or "to" in record.flawed:
            return []
        node = record.nodes["to"][1]
        items = node.items if isinstance(node, SequenceNode) else (node,)
        targets: dict[FieldName, Location] = {}
        for name, item in zip(names, items, strict=True):
            if name in targets:
                message = f"{shorten(str(name))} stands twice in the list"
                self._problems.add(item.location, message, suggestion="remove it", length=len(str(name)))
            targets[name] = item.location
        return list(targets.items())

    def _check_places(self, record: ShapedRecord, tags: tuple[Tag, ...], *, deals: bool) -> None:
        """Report a join that is not the first of several sources, and a step without the part it gives that is not last."""
        sources = record.get(_FROM) or ()
        several = len(sources) > 1
        joins = bool(tags) and tags[0].name in _JOINING
        if several and not joins and not {"from", "via"} & record.flawed:
            message = f"{len(sources)} sources, and nothing joins them"
            expected = "via begins with concat, or with opaque where unknown"
            self._problems.add(record.where("from"), message, expected=expected, length=len("from"))
        if record.has("except"):
            message, expected = (
                "except leaves out nothing here",
                "it stands beside from: system.entity.*, to: system.entity.*",
            )
            self._problems.add(record.where("except"), message, expected=expected, length=len("except"))
        inner = [tag for source in sources for tag in source.get(_VIA) or ()]
        for tag in (*inner, *(tags[1:] if several or "from" in record.flawed else tags)):
            if tag.name == "concat":
                self._add(tag, "concat has nothing to join here", "concat as the first transform of several sources")
        for tag in (*inner, *(tags[:-1] if deals else tags)):
            if _lacks_part(tag):
                number = f"{_DEALT[tag.name]}: a number from 1"
                expected = f"{number}; it may be left out only in the last transform to a list of targets"
                self._add(tag, f'{tag.name} lacks its "{_DEALT[tag.name]}"', expected)

    def _build(self, tags: tuple[Tag, ...], **dealt: int) -> tuple[Transform, ...]:
        """The transforms, without those that cannot be built; `dealt` are options that the flow supplies."""
        built = []
        for tag in tags:
            if not tag.options.sound:
                continue
            options = tag.options.plain() | dealt
            key = (tag.name, repr(options))
            transform = self._transforms.get(key)
            if transform is None:
                transform = self._transforms[key] = _made(tag.name, options)
            if isinstance(transform, TransformError):
                place = tag.options.where(transform.option) if transform.option else tag.node.location
                self._problems.add(place, f"{tag.name}: {transform.message}", length=len(transform.option or tag.name))
            else:
                built.append(transform)
        return tuple(built)

    def _when(self, record: ShapedRecord, sources: list[tuple[FlowSource, Location]]) -> Condition | None:
        """The condition; a problem where it reads a field outside the source's entity."""
        text = record.get(_WHEN)
        if text is None:
            return None
        node = cast("ScalarNode", record.nodes["when"][1])
        entities = sorted({source.field.entity_name for source, _ in sources})
        key = (text, entities[0] if len(entities) == 1 else None)
        if key not in self._conditions:
            self._conditions[key] = _condition(*key, self._today)
        condition = self._conditions[key]
        if isinstance(condition, ConditionError):
            _report(condition, node, self._problems)
            return None
        for operand in condition.operands:
            if operand.field.entity_name not in entities and "from" not in record.flawed:
                message = f"the condition reads {shorten(str(operand.field))}, which does not travel with the source"
                expected = f"a field of {' or '.join(map(str, entities))}"
                self._problems.add(node.place(operand.offset), message, expected=expected, length=operand.length)
        return condition

    def _add(self, tag: Tag, message: str, expected: str) -> None:
        self._problems.add(tag.node.location, message, expected=expected, length=len(tag.name))


_JOINING = ("concat", "opaque")
"""The transforms that join the values of several sources."""


def _is_list(record: ShapedRecord, key: Key[Any]) -> bool:
    return record.has(key.name) and isinstance(record.nodes[key.name][1], SequenceNode)


_DEALT = {"split": "part", "lines": "line"}
"""The transforms that give one of several parts, with the option that says which."""


def _lacks_part(tag: Tag) -> bool:
    return tag.name in _DEALT and not tag.options.has(_DEALT[tag.name])


def _dealt(tag: Tag, number: int) -> dict[str, int]:
    """The option that says which part a target gets."""
    return {_DEALT[tag.name]: number}


def _made(name: str, options: dict[str, Any]) -> Transform | TransformError:
    try:
        return cast("Transform", TRANSFORMS[name].build(options))
    except TransformError as error:
        return error


def _condition(text: str, of: EntityName | None, today: date) -> Condition | ConditionError:
    try:
        return parse_condition(text, of, today)
    except ConditionError as error:
        return error


def _report(error: ConditionError, node: ScalarNode, problems: Problems) -> None:
    at = node.place(error.offset)
    problems.add(at, error.message, expected=error.expected, suggestion=error.suggestion, length=error.length)
