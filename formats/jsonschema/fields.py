"""The fields of an object's schema, as trees of our own contract files.

A field inside an object is named by its path, `address.street`; one inside a list by the list's, `lines[].sku`: there
each item must meet the constraints. A constraint on several fields together, or on a list as a whole, is a rule in words
at each field it names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import islice
from typing import TYPE_CHECKING, Literal, TypeAlias

from ...contracts.record_rules import SOME_RECORD_HOLDS, is_about_records
from ...documents.tree import child, children, items, mapping, scalar, sequence, text, truth
from ...documents.yaml_events import MOST_DEPTH, MappingNode, ScalarNode, SequenceNode
from ...values.regex import PatternError, parse
from .admitted import OF_OBJECTS, AdmittedValues, is_slip, keyword_rule, rule_scalar
from .holding import Holding, has_value, is_closed_to, is_readable_pattern, may_match
from .lists import is_list, is_map, items_of
from .nesting import ALTERNATIVES, Nesting
from .texts import NO_TEXTS, Texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...documents.location import Location
    from ...documents.yaml_events import Node
    from .admitted import Admission

Nulls: TypeAlias = Literal["either", "left_out", "sent"]
"""How a record shows that a field has no value: either way, by leaving it out, or by `null`."""

MOST_FIELDS = 10_000
"""Fields of one entity, beyond which no object is taken apart: objects inside objects multiply."""
MOST_VISITS = 40_000
"""Properties of one entity that are looked at, be they fields or objects without any."""

_OF_RECORDS = (
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "minProperties",
    "maxProperties",
    "propertyNames",
    "patternProperties",
)
_OF_LISTS = ("minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains", "prefixItems")


@dataclass(slots=True)
class _Property:
    """A property of an object, gathered from all schemas that describe it."""

    key: ScalarNode
    schemas: list[Node]
    required: ScalarNode | None = None
    rules: list[ScalarNode] = field(default_factory=list)
    loose: bool = False
    """Whether the constraints hold only in some alternative: then the type alone is stated."""
    own: set[str] = field(default_factory=set)
    """Of the rules, those that its object states."""


class Fields:
    """Makes the fields of schemas."""

    def __init__(self, admission: Admission, nulls: Nulls, not_sent: str | None = None) -> None:
        self._admission = admission
        self._nulls = nulls
        # The keyword of a property that is not sent.
        self._not_sent = not_sent
        self._found: dict[str, tuple[ScalarNode, Node]] = {}
        self._merging: list[int] = []
        self._visits = 0
        self._nesting = Nesting(self._parts, self._alternatives)
        self._holding = self._new_holding()
        # By the identity of a node, which is kept: the fields that were read there.
        self._records: dict[int, tuple[Node, bool]] = {}
        self._items: dict[int, tuple[Node, Node]] = {}
        self._branches: dict[int, tuple[Node, dict[str, _Property]]] = {}

    def of(self, schemas: Sequence[Node]) -> list[tuple[ScalarNode, Node]]:
        """The fields of the object that all of these schemas describe."""
        self._found, self._visits, self._holding = {}, 0, self._new_holding()
        self._nesting.enter(list(self._parts(schemas)))
        self._object("", schemas, given=True)
        self._nesting.leave()
        return list(self._found.values())

    def single(
        self, key: ScalarNode, schemas: Sequence[Node], required: ScalarNode | None
    ) -> list[tuple[ScalarNode, Node]]:
        """The field, or the fields, of one named value: a parameter."""
        self._found, self._visits, self._holding = {}, 0, self._new_holding()
        self._property(key.value, _Property(key, list(schemas), required), given=True)
        return list(self._found.values())

    def _new_holding(self) -> Holding:
        return Holding(self._admission, self._parts, self._alternatives)

    def is_object(self, schema: Node) -> bool:
        """Whether a schema describes objects with properties."""
        return self._is_record(list(self._parts([schema])))

    def is_list(self, schema: Node) -> bool:
        """Whether a schema describes lists of objects, or objects in properties of any names."""
        parts = list(self._parts([schema]))
        inner = [self._items_of(part) for part in parts if is_list(part)]
        inner += [node for part in parts if is_map(part) and (node := child(part, "additionalProperties")) is not None]
        return any(map(self.is_object, inner))

    def _is_record(self, parts: Sequence[MappingNode], depth: int = 0) -> bool:
        """Whether properties are described, here or in every alternative."""
        if any(child(part, "properties") is not None for part in parts):
            return True
        for part in parts:
            for word in ALTERNATIVES:
                node = child(part, word)
                branches = self._alternatives(node)
                if node is not None and len(branches) > 1:
                    if id(node) not in self._records and depth < MOST_DEPTH:
                        self._records[id(node)] = node, False  # where it refers to itself
                        inner = (list(self._parts([branch])) for branch in branches)
                        self._records[id(node)] = (
                            node,
                            all(self._is_record(inner_part, depth + 1) for inner_part in inner),
                        )
                    return id(node) in self._records and self._records[id(node)][1]
        return False

    # ------------------------------------------------------------------------------------------------- properties

    def _object(self, path: str, schemas: Sequence[Node], *, given: bool) -> None:
        properties = self._properties(schemas)
        merged = [node for part in self._parts(schemas) for key, node in part.entries if self._is_merged(key, node)]
        for name, part in properties.items():
            self._hold(name, part, schemas, merged)
            # `a.b` beside the object `a`, which may have a `b`, is another property than that
            own = f'"{name}"' if "." in name and name.partition(".")[0] in properties else name
            self._property(f"{path}.{own}" if path else own, part, given=given)

    def _hold(self, name: str, described: _Property, schemas: Sequence[Node], merged: Sequence[Node]) -> None:
        """Say of the rules of the property's object whether they leave each of its values in some record."""
        unknown = {note.value for note in described.rules if note.value in described.own} - {
            rule for rule in described.own if is_about_records(rule)
        }
        if unknown and self._holding.holds(name, schemas, merged):
            described.rules = [
                rule_scalar(f"{note.value}{SOME_RECORD_HOLDS}", note.location, note.length)
                if note.value in unknown
                else note
                for note in described.rules
            ]

    def _is_merged(self, key: ScalarNode, node: Node) -> bool:
        """Whether a keyword has alternatives whose properties are the object's."""
        several = key.value in ALTERNATIVES and len(self._alternatives(node)) > 1
        return several and not self._only_requires(node)

    def _property(self, path: str, entry: _Property, *, given: bool) -> None:
        """One property; `given`: whether the object it belongs to is always there."""
        self._visits += 1
        parts = list(self._parts(entry.schemas))
        if self._not_sent is not None and any(text(child(part, self._not_sent)) == "true" for part in parts):
            return
        is_deep = path.count(".") + path.count("[]") >= MOST_DEPTH
        is_full = (len(self._found) >= MOST_FIELDS or self._visits >= MOST_VISITS) and self._is_compound(parts)
        if is_full or is_deep or self._nesting.is_inside_itself(parts):
            reason = f"more than {MOST_DEPTH} levels deep" if is_deep else "a schema that refers to itself"
            reason = f"beyond {MOST_FIELDS:,} fields no object is taken apart" if is_full else reason
            entry.rules.append(rule_scalar(reason, entry.key.location, entry.key.length))
            self._put(path, entry, AdmittedValues(), parts, given=given)
            return
        self._nesting.enter(parts)
        values = self._admission.of(entry.schemas)
        inside = given and entry.required is not None and not values.null
        if self._is_record(parts):
            before = len(self._found)
            self._object(path, entry.schemas, given=inside)
            self._add_rules(before, entry.rules)
        elif any(map(is_list, parts)):
            self._list(path, entry, parts)
        elif any(map(is_map, parts)):
            self._map(path, entry, parts)
        else:
            self._put(path, entry, values, parts, given=given)
        self._nesting.leave()

    def _is_compound(self, parts: Sequence[MappingNode]) -> bool:
        """Whether a property has fields of its own."""
        return self._is_record(parts) or any(is_list(part) or is_map(part) for part in parts)

    def _list(self, path: str, entry: _Property, parts: Sequence[MappingNode]) -> None:
        """A list: its items' fields, each item one value, with the constraints on the list as rules."""
        inner = [self._items_of(part) for part in parts if is_list(part)]
        rules = [
            self._list_rule(key, node, part, inner)
            for part in parts
            for key, node in part.entries
            if key.value in _OF_LISTS or (key.value == "items" and isinstance(node, SequenceNode))
        ]
        if entry.required is not None:
            rules = [note for note in rules if note.value != "minItems: 0"]
        before = len(self._found)
        self._property(f"{path}[]", _Property(entry.key, inner), given=False)
        self._add_rules(before, [*entry.rules, *rules])

    def _items_of(self, part: MappingNode) -> Node:
        """What each item meets: the same node each time, by which a schema inside of itself is known."""
        if id(part) not in self._items:
            self._items[id(part)] = part, items_of(part)
        return self._items[id(part)][1]

    def _map(self, path: str, entry: _Property, parts: Sequence[MappingNode]) -> None:
        """An object of properties with any names: the fields of them all, each one value, as those of a list's items."""
        inner = [node for part in parts if (node := child(part, "additionalProperties")) is not None]
        rules = [keyword_rule(key, node) for part in parts for key, node in self._rules_of(part)]
        before = len(self._found)
        self._property(f"{path}{{}}", _Property(entry.key, inner), given=False)
        self._add_rules(before, [*entry.rules, *rules])

    def _list_rule(self, key: ScalarNode, node: Node, part: MappingNode, inner: Sequence[Node]) -> ScalarNode:
        """A rule about a list, in its own words; of `contains` also whether the list may hold an item that is wanted."""
        rule = keyword_rule(key, node)
        if key.value in {"items", "prefixItems"} and self._may_be_short(part, items(node)):
            return rule_scalar(f"{rule.value}{SOME_RECORD_HOLDS}", key.location, key.length)
        if key.value != "contains" or child(part, "minContains") or child(part, "maxContains"):
            return rule
        wanted = self._admission.of([*inner, node])
        holds = (wanted.scalars or wanted.structured) and not wanted.rules and wanted.form is None
        is_listed = wanted.texts.one_of or wanted.numbers.listed or not wanted.texts.patterns
        if not holds or not is_listed:
            return rule
        return rule_scalar(f"{rule.value} (the list may hold such an item)", key.location, key.length)

    def _may_be_short(self, part: MappingNode, first: Sequence[Node]) -> bool:
        """Whether a list may end after each of its first items, and each of those surely has a value."""
        is_free = not any(key.value in {"minItems", "maxItems", "uniqueItems", "contains"} for key, _ in part.entries)
        values = [self._admission.of([node]) for node in first]
        return is_free and all(has_value(each) and not each.rules and each.form is None for each in values)

    def _add_rules(self, before: int, rules: Sequence[ScalarNode]) -> None:
        """Rules at every field that was made since there were so many."""
        for path, (key, node) in list(islice(self._found.items(), before, None)) if rules else ():
            if isinstance(node, MappingNode):
                self._found[path] = key, _ruled(node, rules)

    def _put(
        self, path: str, described: _Property, values: AdmittedValues, parts: Sequence[MappingNode], *, given: bool
    ) -> None:
        key = ScalarNode(path, plain=False, location=described.key.location, length=described.key.length)
        rules = [*values.rules, *described.rules]
        mixed = [entry for part in parts for entry in part.entries if entry[0].value in ALTERNATIVES]
        if values.structured and mixed and any(self._is_structured(node) for _, node in mixed):
            rules.append(keyword_rule(*mixed[0]))
        if described.loose:
            values = AdmittedValues(
                null=values.null, form=values.form, mentioned=values.mentioned or frozenset(values.scalars)
            )
        required: ScalarNode | None = None
        match self._nulls:
            case "either":
                required = None if values.null else described.required
            case "left_out":
                required = described.required
            case "sent":
                required = None if values.null else key
        if required is not None and not given:
            parent = path.removesuffix("[]").rpartition(".")[0].removesuffix("[]")
            rules.append(
                rule_scalar(f"required where {parent or 'the list'} is given", required.location, required.length)
            )
            required = None
        title = next((node for part in parts if isinstance(node := child(part, "title"), ScalarNode)), None)
        self._found[path] = key, _field(key, values, required, title, rules)

    def _is_structured(self, node: Node) -> bool:
        return any(
            child(part, "properties") is not None or text(child(part, "type")) in {"object", "array"}
            for branch in items(node)
            for part in self._parts([branch])
        )

    # ------------------------------------------------------------------------------- the properties of one object

    def _properties(self, schemas: Sequence[Node]) -> dict[str, _Property]:
        properties: dict[str, _Property] = {}
        rules: list[tuple[ScalarNode, Node]] = []
        required: dict[str, ScalarNode] = {}
        parts = list(self._parts(schemas))
        for part in parts:
            for key, node in children(child(part, "properties")):
                known = properties.setdefault(key.value, _Property(key, []))
                known.schemas.append(node)
            for item in items(child(part, "required")):
                if isinstance(item, ScalarNode):
                    required.setdefault(item.value, item)
            rules += self._rules_of(part)
        for name, needed in required.items():
            properties.setdefault(name, _Property(needed, []))
        for part in parts:
            for key, node in part.entries:
                if key.value not in ALTERNATIVES or len(self._alternatives(node)) < 2:
                    continue
                if len(self._merging) >= MOST_DEPTH or self._only_requires(node):
                    rules.append((key, node))
                elif id(node) not in self._merging:
                    self._merging.append(id(node))
                    self._merge(properties, required, key, node)
                    self._merging.pop()
        for name, needed in required.items():
            properties[name].required = needed
        for key, node in rules:
            self._rule(properties, key, node)
        for number, part in enumerate(parts):
            self._closed(properties, part, is_inner=number > 0)
        return properties

    def _only_requires(self, node: Node) -> bool:
        """Whether alternatives say no more than which properties are given."""
        branches = self._alternatives(node)
        return all(
            isinstance(each, MappingNode) and [k.value for k, _ in each.entries] == ["required"] for each in branches
        )

    @staticmethod
    def _closed(properties: dict[str, _Property], part: MappingNode, *, is_inner: bool) -> None:
        """Apply a schema's keywords about properties other than its own, some of which may stand beside it."""
        own = {key.value for key, _ in children(child(part, "properties"))}
        for key, node in part.entries:
            if key.value == "additionalProperties" or (key.value == "unevaluatedProperties" and is_inner):
                others = [] if text(node) == "true" else [name for name in properties if name not in own]
                for name in others:
                    properties[name].rules.append(keyword_rule(key, node))

    @staticmethod
    def _rules_of(part: MappingNode) -> Iterator[tuple[ScalarNode, Node]]:
        """The keywords about several properties together, or about an object as a whole."""
        branches = [(key, node) for key, node in part.entries if key.value in {"if", "then", "else"}]
        if any(_speaks_of_records(node) for _, node in branches):
            yield branches[0][0], mapping(branches, branches[0][1].location)
        for key, node in map(_only_required, part.entries):
            negated = key.value == "not" and _speaks_of_records(node)
            if key.value in _OF_RECORDS or negated or is_slip(key, OF_OBJECTS):
                yield key, node

    def _merge(
        self, properties: dict[str, _Property], required: dict[str, ScalarNode], key: ScalarNode, node: Node
    ) -> None:
        """Properties that stand in alternatives: other fields determine which of them holds."""
        alternatives = self._alternatives(node)
        branches = [self._branch(branch) for branch in alternatives]
        closing = [list(self._parts([branch])) for branch in alternatives]
        for name in dict.fromkeys(name for branch in branches for name in branch):
            named = [branch[name] for branch in branches if name in branch]
            # the alternatives in which it may be given: the others have no properties but their own
            places = [name in own or not is_closed_to(each, name) for each, own in zip(closing, branches, strict=True)]
            schemas = [mapping([("allOf", sequence(p.schemas, p.key.location))], p.key.location) for p in named]
            joined = mapping([(key, sequence(schemas, key.location))], named[0].key.location)
            if key.value == "oneOf":
                joined = mapping([("anyOf", sequence(schemas, key.location))], named[0].key.location)
            known = properties.get(name)
            if known is None:
                known = properties[name] = _Property(named[0].key, [], loose=len(named) < sum(places))
            if len(named) == sum(places) or known.loose:
                known.schemas.append(joined)
            known.rules += (note for prop in named for note in prop.rules)
            depends = f"{key.value}: what holds depends on other fields"
            known.rules.append(rule_scalar(depends, key.location, key.length))
            known.own.add(depends)
            known.rules = list({note.value: note for note in known.rules}.values())
            needed = [prop.required for prop in named]
            if len(named) == len(branches) and needed[0] is not None and None not in needed:
                required.setdefault(name, needed[0])

    def _branch(self, schema: Node) -> dict[str, _Property]:
        """The properties of one alternative, gathered once."""
        if id(schema) not in self._branches:
            self._branches[id(schema)] = schema, self._properties([schema])
        return self._branches[id(schema)][1]

    def _may_be_named(self, name: str, rule: Node) -> bool:
        """Whether a property surely may have a name, as `propertyNames` says."""
        names = self._admission.of([rule])
        if names.rules or names.form is not None:
            return False
        texts = names.texts
        listed = texts.one_of is None or any(node.value == name for node in texts.one_of)
        short = texts.most is None or len(name) <= int(texts.most.value)
        long = texts.least is None or len(name) >= int(texts.least.value)
        taken = any(node.value == name for node in texts.none_of)
        return listed and short and long and not taken and all(name in parse(p.value).language for p in texts.patterns)

    def _rule(self, properties: dict[str, _Property], key: ScalarNode, node: Node) -> None:
        """A rule about several fields stands at those it names; at all of them where it names none."""
        match key.value:
            case "patternProperties":
                named = []
                for name, described in properties.items():
                    matching = [(regex, inner) for regex, inner in children(node) if may_match(regex.value, name)]
                    described.schemas += [inner for regex, inner in matching if is_readable_pattern(regex.value)]
                    named += [name] if any(not is_readable_pattern(regex.value) for regex, _ in matching) else []
            case "propertyNames":
                named = [name for name in properties if not self._may_be_named(name, node)]
            case "minProperties" | "maxProperties":
                named = list(properties)
            case _:
                named = [name for name in _names_in(node) if name in properties] or list(properties)
        for name in dict.fromkeys(named):
            properties[name].rules.append(keyword_rule(key, node))
            properties[name].own.add(properties[name].rules[-1].value)

    def _parts(self, schemas: Sequence[Node]) -> Iterator[MappingNode]:
        """The schemas that must all hold: these, those they refer to, those of `allOf`, an only alternative to null."""
        waiting = list(reversed(schemas))
        seen: set[int] = set()
        while waiting:
            schema = waiting.pop()
            if not isinstance(schema, MappingNode) or id(schema) in seen:
                continue
            seen.add(id(schema))
            ref = child(schema, "$ref")
            if isinstance(ref, ScalarNode):
                target = self._admission.documents.follow(ref)
                waiting += [target] if target is not None else []
                if self._admission.ref_alone:
                    continue
            yield schema
            waiting += reversed(items(child(schema, "allOf")))
            for word in ALTERNATIVES:
                alternatives = self._alternatives(child(schema, word))
                waiting += alternatives if len(alternatives) == 1 else []

    @staticmethod
    def _alternatives(node: Node | None) -> list[Node]:
        """The alternatives without that of null."""
        return [schema for schema in items(node) if text(child(schema, "type")) != "null"]


def _only_required(entry: tuple[ScalarNode, Node]) -> tuple[ScalarNode, Node]:
    """`dependencies` and `dependentSchemas` that say no more than which properties are required: as `dependentRequired`."""
    key, node = entry
    if key.value not in {"dependencies", "dependentSchemas"} or not isinstance(node, MappingNode):
        return entry
    lists: list[tuple[ScalarNode, Node]] = []
    for name, needed in node.entries:
        of_schema = [word.value for word, _ in children(needed)]
        names = (
            needed
            if isinstance(needed, SequenceNode)
            else child(needed, "required")
            if of_schema == ["required"]
            else None
        )
        if names is None:
            return entry
        lists.append((name, names))
    return ScalarNode("dependentRequired", plain=False, location=key.location, length=key.length), mapping(
        lists, node.location
    )


def _speaks_of_records(node: Node) -> bool:
    return child(node, "properties") is not None or child(node, "required") is not None


def _names_in(node: Node) -> Iterator[str]:
    """Names of properties in a schema, however deep, and texts that it lists."""
    waiting: list[Node] = [node]
    while waiting:
        here = waiting.pop()
        match here:
            case MappingNode(entries):
                for key, value in entries:
                    yield key.value
                    waiting.append(value)
            case SequenceNode(inner):
                waiting += inner
            case ScalarNode(value):
                yield value


# ------------------------------------------------------------------------------------------------------- one field


def _field(
    key: ScalarNode,
    values: AdmittedValues,
    required: ScalarNode | None,
    title: ScalarNode | None,
    rules: list[ScalarNode],
) -> MappingNode:
    """The values as the keys of a field, and the rules in words."""
    at = key.location
    kinds = values.scalars
    mentioned = [kind for kind in kinds if kind in values.mentioned]
    if not kinds and values.structured:
        rules.append(rule_scalar("an object or a list", at, key.length))
    elif len(kinds) > 1:
        named = mentioned if len(mentioned) > 1 else kinds
        rules.append(rule_scalar(f"the value is of one of several types: {', '.join(named)}", at, key.length))
    kind = mentioned[0] if mentioned else kinds[0] if kinds else "text"
    entries: list[tuple[str, Node]] = []
    if not kinds and not values.structured:
        entries += [("type", scalar("text", at)), ("pattern", scalar(NO_TEXTS, at))]
    elif kind == "text":
        entries += _text_keys(values, at, rules)
    elif kind == "number":
        entries += _number_keys(values, at)
    else:
        entries.append(("type", scalar("boolean", at)))
        if values.booleans is not None and len(values.booleans) == 1:
            entries.append(("one_of", sequence(values.booleans, at)))
    if title is not None and title.value:
        entries.insert(0, ("title", scalar(title.value, title.location)))
    if required is not None:
        entries.append(("required", truth(True, required.location)))  # noqa: FBT003 - what is written
    return _ruled(mapping(entries, at), rules)


def _ruled(node: MappingNode, rules: Sequence[ScalarNode]) -> MappingNode:
    """The field with more rules in words."""
    old = child(node, "opaque")
    every = {note.value: note for note in (*items(old), *rules) if isinstance(note, ScalarNode)}
    if not every:
        return node
    kept = [entry for entry in node.entries if entry[0].value != "opaque"]
    return mapping([*kept, ("opaque", sequence(every.values(), next(iter(every.values())).location))], node.location)


def _text_keys(values: AdmittedValues, at: Location, rules: list[ScalarNode]) -> Iterator[tuple[str, Node]]:
    texts = values.texts
    yield "type", scalar(values.form or "text", at)
    if values.form is not None:
        for node in (texts.least, texts.most, *texts.patterns):
            if node is not None:
                rules.append(rule_scalar(f"a length or pattern beside its format: {node.value}", node.location))
        texts = Texts(one_of=texts.one_of, none_of=texts.none_of)
    if texts.least is not None and texts.least.value != "0":
        yield "min_length", _digits(texts.least)
    if texts.most is not None:
        yield "max_length", _digits(texts.most)
    if texts.one_of:
        yield "one_of", sequence(texts.one_of, texts.one_of[0].location)
    if texts.none_of:
        yield "not_one_of", sequence(texts.none_of, texts.none_of[0].location)
    if texts.patterns:
        first, *others = texts.patterns
        regex = "".join(f"(?=(?:{pattern.value})$)" for pattern in others) + (
            f"(?:{first.value})" if others else first.value
        )
        try:
            parse(regex)
        except PatternError as error:
            rules.append(rule_scalar(f"pattern: {regex[:200]} (not read: {error.message})", first.location))
        else:
            yield "pattern", ScalarNode(regex, plain=False, location=first.location, length=1)


def _number_keys(values: AdmittedValues, at: Location) -> Iterator[tuple[str, Node]]:
    numbers = values.numbers
    whole = numbers.whole or (numbers.one_of is not None and all("." not in node.value for node in numbers.listed))
    yield "type", scalar("integer" if whole else "decimal", at)
    if numbers.one_of is not None:
        yield "one_of", sequence(numbers.listed, numbers.listed[0].location)
        return
    for bound, closed, opened in ((numbers.least, "min", "exclusive_min"), (numbers.most, "max", "exclusive_max")):
        if bound is not None:
            number, is_open = bound.node.value, bound.open
            if whole and "." in number:
                rounding = ROUND_CEILING if closed == "min" else ROUND_FLOOR
                number, is_open = f"{Decimal(number).to_integral_value(rounding):f}", False
            yield opened if is_open else closed, ScalarNode(number, True, bound.node.location, bound.node.length)  # noqa: FBT003
    if numbers.decimals is not None and not whole:
        yield "scale", _digits(numbers.decimals)
    if numbers.none_of:
        kept = [node for node in numbers.none_of if not (whole and "." in node.value)]
        if kept:
            yield "not_one_of", sequence(kept, kept[0].location)


def _digits(node: ScalarNode) -> ScalarNode:
    return ScalarNode(node.value, plain=True, location=node.location, length=node.length)
