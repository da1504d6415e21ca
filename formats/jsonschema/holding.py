"""Whether each value of a property surely stands in some valid object, whatever its schema says of several properties.

`oneOf`, `if` or `dependentSchemas` may reject any value of a property, seen from the property alone. Where a way through
them is found that leaves the property's own schemas as they are, they reject none: the other properties are chosen, or
left out, so that the alternative holds, the condition does not, and each that is given surely has a value. What is not
understood gives no way: then nothing is claimed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import islice, product
from typing import TYPE_CHECKING

from ...documents.tree import child, children, items, mapping, text
from ...documents.yaml_events import MappingNode, ScalarNode
from ...values.budget import STANDARD, BudgetExceeded
from ...values.regex import PatternError, parse
from ...values.textset import TextSet
from .admitted import OF_OBJECTS, is_slip
from .texts import regex, whole_text_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ...documents.yaml_events import Node
    from .admitted import Admission, AdmittedValues

_MOST_WAYS = (2, 32)
"""Ways that are followed at once: few, and more where none of the few is open."""
_MOST_STEPS = 1_500
"""Keywords that are looked at for one property."""
_MOST_IN_ALL = 60_000
"""Keywords that are looked at for all properties of an entity."""
_MOST_DENIALS = 60_000
"""Schemas that are to fail, for all properties of an entity."""
_MOST_CHOICES = 16
_DEEPEST = 6
_PASSED = frozenset(("items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems", "additionalItems"))
"""Keywords about lists say nothing of objects."""
_COMBINED = frozenset(("allOf", "anyOf", "oneOf", "not", "if", "$ref", "enum", "const"))
_FIRST = 4
"""Ways of which the values inside are looked at."""
_QUICK = STANDARD.limited(2_000)


@dataclass(frozen=True, slots=True)
class _Way:
    """Objects with these properties, whose values meet these schemas, and without those."""

    schemas: Mapping[str, tuple[Node, ...]] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    closed: tuple[frozenset[str], ...] = ()
    """Each: the only names that may be given."""
    patterns: tuple[tuple[str, Node], ...] = ()

    def having_all(self, described: Sequence[tuple[ScalarNode, Node]]) -> _Way:
        """Those in which properties, where they are given, meet a further schema each."""
        schemas = dict(self.schemas)
        for name, schema in described:
            schemas[name.value] = (*schemas.get(name.value, ()), schema)
        return replace(self, schemas=schemas)

    def having(self, name: str, *schemas: Node) -> _Way:
        """Those in which a property, where it is given, meets further schemas."""
        return replace(self, schemas={**self.schemas, name: (*self.schemas.get(name, ()), *schemas)})


class Holding:
    """Looks for ways through the schemas of one object."""

    def __init__(
        self,
        admission: Admission,
        parts: Callable[[Sequence[Node]], Iterator[MappingNode]],
        alternatives: Callable[[Node | None], list[Node]],
        depth: int = 0,
    ) -> None:
        self._admission = admission
        self._parts = parts
        self._alternatives = alternatives
        self._depth = depth
        self._name = ""
        # By the identity of a keyword's value: which alternative it is.
        self._chosen: dict[int, int] = {}
        self._denials: dict[int, tuple[Node, Node]] = {}
        self._steps = 0
        self._steps_in_all = 0
        self._denials_in_all = 0
        self._most_ways = _MOST_WAYS[-1]

    def holds(self, name: str, schemas: Sequence[Node], merged: Sequence[Node]) -> bool:
        """Whether each value that the property's own schemas admit stands in an object that all of these admit.

        `merged`: the alternatives (the values of `anyOf`, `oneOf`) whose properties are joined in the property's schemas.
        """
        self._name = name
        choices = [range(len(self._alternatives(node))) for node in merged]
        sizes = 1
        for choice in choices:
            sizes *= len(choice)
        if sizes > _MOST_CHOICES:
            return False
        held = False
        for chosen in product(*choices):
            self._chosen = {id(node): number for node, number in zip(merged, chosen, strict=True)}
            taken = [self._alternatives(node)[number] for node, number in zip(merged, chosen, strict=True)]
            if any(is_closed_to(list(self._parts([branch])), name) for branch in taken):
                continue  # it is left out there, and its schemas do not count
            if not any(self._has_open_way(schemas, most) for most in _MOST_WAYS):
                return False
            held = True
        return held

    def _has_open_way(self, schemas: Sequence[Node], most: int) -> bool:
        """Whether one of the first ways is open on which all of these hold."""
        self._steps, self._most_ways = 0, most
        return any(self._is_open(way) for way in self._all_hold(schemas, [_Way()], free=True, depth=0))

    def _is_open(self, way: _Way) -> bool:
        """Whether some objects go a way and hold the property, with whatever value of its own."""
        given = way.given | {self._name}
        if given & way.absent or any(not given <= names for names in way.closed):
            return False
        return all(self._has_value(way, name) for name in way.given - {self._name})

    def _has_value(self, way: _Way, name: str) -> bool:
        schemas = list(way.schemas.get(name, ()))
        for pattern, node in way.patterns:
            try:
                schemas += [node] if name in parse(whole_text_pattern(pattern)).language else []
            except PatternError:
                return False
        values = self._admission.of(schemas)
        if values.rules or values.form is not None:
            return False
        return has_value(values) or (values.structured and self._has_structure(schemas))

    def _has_structure(self, schemas: Sequence[Node]) -> bool:
        """Whether there surely is an object or a list that meets schemas: a list without items, or any object."""
        parts = list(self._parts(schemas))
        if not any(_admits_objects(child(part, "type")) for part in parts):
            about_lists = (key.value for part in parts for key, _ in part.entries)
            return not {"contains", "minItems", "unevaluatedItems", *_COMBINED}.intersection(about_lists)
        if self._depth >= _DEEPEST:
            return False
        inner = Holding(self._admission, self._parts, self._alternatives, self._depth + 1)
        ways = inner._all_hold(schemas, [_Way()], free=False, depth=1)
        self._steps += inner._steps
        return any(
            not way.given & way.absent
            and all(way.given <= names for names in way.closed)
            and all(inner._has_value(way, name) for name in way.given)
            for way in ways[:_FIRST]
        )

    # ------------------------------------------------------------------------------------------------------- holding

    def _all_hold(self, schemas: Iterable[Node], ways: list[_Way], *, free: bool, depth: int) -> list[_Way]:
        for schema in schemas:
            ways = self._hold(schema, ways, free=free, depth=depth)
        return ways

    def _hold(self, schema: Node, ways: list[_Way], *, free: bool, depth: int) -> list[_Way]:
        """The ways on which a schema holds. `free`: whether it may say something of the property itself."""
        if isinstance(schema, ScalarNode):
            return ways if text(schema) == "true" else []
        if depth > _DEEPEST or not isinstance(schema, MappingNode) or self._leads_away(schema):
            return []
        for part in self._parts([schema]):
            for key, node in part.entries:
                self._steps += 1
                self._steps_in_all += 1
                if not ways or self._steps > _MOST_STEPS or self._steps_in_all > _MOST_IN_ALL:
                    return []
                ways = self._keyword(part, key, node, ways, free=free, depth=depth)[: self._most_ways]
        return ways

    def _leads_away(self, schema: Node) -> bool:
        ref = child(schema, "$ref")
        return isinstance(ref, ScalarNode) and self._admission.documents.follow(ref) is None

    def _keyword(
        self, part: MappingNode, key: ScalarNode, node: Node, ways: list[_Way], *, free: bool, depth: int
    ) -> list[_Way]:
        deeper = depth + 1
        match key.value:
            case "properties":
                described = children(node)
                if not free and any(name.value == self._name for name, _ in described):
                    return []
                return [way.having_all(described) for way in ways]
            case "required":
                names = {text(item) or "" for item in items(node)}
                return [replace(way, given=way.given | names) for way in ways]
            case "type":
                return ways if _admits_objects(node) else []
            case "additionalProperties":
                return _closed(part, node, ways)
            case "patternProperties":
                patterns = tuple((name.value, inner) for name, inner in children(node))
                if depth and any(may_match(pattern, self._name) for pattern, _ in patterns):
                    return []  # only where the object itself says so they are among the property's schemas
                return [replace(way, patterns=(*way.patterns, *patterns)) for way in ways]
            case "allOf" | "anyOf" | "oneOf":
                return self._alternative(part, key.value, node, ways, free=free, depth=deeper)
            case "if":
                return self._conditional(part, node, ways, depth=deeper)
            case "dependencies" | "dependentSchemas" | "dependentRequired":
                for name, needed in children(node):
                    ways = self._dependent(name.value, needed, ways, depth=deeper)[
                        : self._most_ways
                    ]  # each doubles them
                return ways
            case "not":
                return self._fail(node, ways)
            case "$ref" | "then" | "else":
                return ways
        passed = key.value not in OF_OBJECTS | {"enum", "const", "$dynamicRef", "$recursiveRef"}
        return ways if (passed and not is_slip(key, OF_OBJECTS)) or key.value in {*_PASSED, "discriminator"} else []

    def _alternative(
        self, part: MappingNode, word: str, node: Node, ways: list[_Way], *, free: bool, depth: int
    ) -> list[_Way]:
        branches = self._alternatives(node)
        if any(self._leads_away(branch) for branch in items(node)) or not branches:
            return []
        if word == "allOf" or len(branches) < 2:  # they are among the parts of the schema
            is_read = all(isinstance(branch, MappingNode) or text(branch) == "true" for branch in items(node))
            return ways if is_read else []
        chosen = self._chosen.get(id(node))
        decided = text(child(child(part, "discriminator"), "propertyName"))
        found: list[_Way] = []
        for number, branch in enumerate(branches):
            if chosen not in {None, number}:
                continue
            if self._denials_in_all > _MOST_DENIALS:
                break
            on = self._hold(branch, ways, free=free and chosen is not None, depth=depth)
            if word == "oneOf" and decided not in {None, self._name}:
                on = [replace(way, given=way.given | {str(decided)}) for way in on]
            elif word == "oneOf":
                for place, other in enumerate(branches):
                    on = on if place == number or not on else self._fail(other, on)
            found += on
            if len(found) >= self._most_ways:
                break  # no more are followed
        return found

    def _conditional(self, part: MappingNode, condition: Node, ways: list[_Way], *, depth: int) -> list[_Way]:
        found: list[_Way] = []
        for branch, some in (
            (child(part, "else"), self._fail(condition, ways)),
            (child(part, "then"), self._hold(condition, ways, free=False, depth=depth)),
        ):
            found += some if branch is None else self._hold(branch, some, free=False, depth=depth)
        return found

    def _dependent(self, name: str, needed: Node, ways: list[_Way], *, depth: int) -> list[_Way]:
        names = {text(item) or "" for item in items(needed)}
        if isinstance(needed, ScalarNode) and text(needed) not in {"true", "false"}:
            names = {needed.value}
        if names:
            on = [replace(way, given=way.given | names) for way in ways]
        else:
            on = self._hold(needed, ways, free=False, depth=depth) if not items(needed) else ways
        off = [] if name == self._name else [replace(way, absent=way.absent | {name}) for way in ways]
        return [*off, *on]

    # ------------------------------------------------------------------------------------------------------- failing

    def _fail(self, schema: Node, ways: list[_Way]) -> list[_Way]:
        """The ways on which a schema surely does not hold."""
        if isinstance(schema, ScalarNode):
            return ways if text(schema) == "false" else []
        self._denials_in_all += 1
        if not ways or self._denials_in_all > _MOST_DENIALS:
            return []
        found = (way for way in self._failing(schema, ways) if not way.given & way.absent)
        return list(islice(found, self._most_ways))

    def _failing(self, schema: Node, ways: list[_Way]) -> Iterator[_Way]:
        """Those of the ways on which a part of a schema fails, each as it is asked for: there may be thousands."""
        for part in self._parts([schema]):
            if child(part, "type") is not None and not _admits_objects(child(part, "type")):
                yield from ways
                return
            for name, inner in children(child(part, "properties")):
                if name.value == self._name:
                    own = (self._admission.of((*way.schemas.get(self._name, ()), inner)) for way in ways)
                    yield from (way for way, values in zip(ways, own, strict=True) if is_nothing(values))
                else:
                    other = self._denied(inner)
                    met = (self._given(way.having(name.value, other), name.value) for way in ways)
                    yield from (way for way in met if self._may_have(way, name.value))
            for item in items(child(part, "required")):
                name_of = text(item) or ""
                if name_of != self._name:
                    yield from (replace(way, absent=way.absent | {name_of}) for way in ways)

    def _denied(self, schema: Node) -> Node:
        """`not`: the same node for the same schema, so that what it admits is worked out once."""
        if id(schema) not in self._denials:
            self._denials[id(schema)] = schema, mapping([("not", schema)], schema.location)
        return self._denials[id(schema)][1]

    @staticmethod
    def _given(way: _Way, name: str) -> _Way:
        return replace(way, given=way.given | {name})

    def _may_have(self, way: _Way, name: str) -> bool:
        """Whether a property that is given has a value still: else the way leads nowhere."""
        return not is_nothing(self._admission.of(way.schemas.get(name, ())))


def may_match(pattern: str, name: str) -> bool:
    """Whether a pattern is found in a property's name, or cannot be read."""
    try:
        return name in parse(whole_text_pattern(pattern)).language
    except PatternError:
        return True


def is_readable_pattern(pattern: str) -> bool:
    """Whether a pattern can be read."""
    try:
        parse(whole_text_pattern(pattern))
    except PatternError:
        return False
    return True


def is_closed_to(parts: Sequence[MappingNode], name: str) -> bool:
    """Whether objects of these schemas never have a property of a name."""
    return any(
        text(child(part, "additionalProperties")) == "false"
        and child(part, "patternProperties") is None
        and child(child(part, "properties"), name) is None
        for part in parts
    )


def has_value(values: AdmittedValues) -> bool:
    """Whether there surely is such a value, where no rules stand beside them; an object or a list is none that is known."""
    if values.null or values.booleans != ():
        return True
    numbers = values.numbers
    if numbers.one_of is not None and numbers.listed:
        return True
    low, high = numbers.least, numbers.most
    if numbers.one_of is None and numbers.decimals is None and not numbers.none_of:
        if low is None or high is None:
            return True
        if high.value - low.value > 1 or (
            low.value == high.value and not low.open and not high.open and not numbers.whole
        ):
            return True
    if values.texts.one_of == ():
        return False
    if values.texts.is_all:
        return True
    try:
        return not TextSet.language(parse(regex(values.texts)).language).is_empty(_QUICK)
    except (PatternError, BudgetExceeded):
        return False


def is_nothing(values: AdmittedValues) -> bool:
    """Whether there surely is no such value."""
    return not (values.null or values.structured or values.scalars)


def _admits_objects(node: Node | None) -> bool:
    return "object" in {text(node), *map(text, items(node))}


def _closed(part: MappingNode, node: Node, ways: list[_Way]) -> list[_Way]:
    """The ways on which no property is given but a schema's own."""
    if text(node) == "true" or (isinstance(node, MappingNode) and not node.entries):
        return ways
    if child(part, "patternProperties") is not None:
        return []
    own = frozenset(key.value for key, _ in children(child(part, "properties")))
    return [replace(way, closed=(*way.closed, own)) for way in ways]
