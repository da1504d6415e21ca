"""Which values of each type a schema admits: the meaning of its keywords, also of those that combine schemas.

Sources: JSON Schema Validation, drafts 4 to 2020-12 (draft 4's boolean `exclusiveMinimum` is recognised by its value);
OpenAPI 2.0, 3.0 (`nullable`) and 3.1. A keyword whose meaning cannot be stated exactly becomes a rule in its own words,
and the keywords beside it give all that may be admitted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal, TypeAlias

from ...documents.tree import child, items, text
from ...documents.yaml_events import MOST_DEPTH, MappingNode, RejectedNode, ScalarNode, SequenceNode
from ...values.regex import PatternError, parse
from . import numbers, texts
from .documents import kind
from .numbers import ALL_NUMBERS, NO_NUMBER, Bound, Numbers
from .texts import ALL_TEXTS, MOST_ALTERNATIVES, NO_TEXT, Texts, whole_text_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ...documents.location import Location
    from ...documents.yaml_events import Node
    from .documents import Documents

Formats: TypeAlias = Literal["unknown", "enforced", "annotation"]
"""Whether whoever validates enforces `format`: the drafts leave that open."""
_Scalar: TypeAlias = Literal["text", "number", "boolean"]

MOST_DIGITS = 100
"""The most digits of a number; a longer one is not stated."""
_BEYOND = 2**31 - 1
"""A length above this is no limit."""


@dataclass(frozen=True, slots=True)
class AdmittedValues:
    """The values a schema admits, and the rules that are not stated."""

    null: bool = True
    booleans: tuple[ScalarNode, ...] | None = None
    """None: both."""
    texts: Texts = ALL_TEXTS
    form: Literal["date", "datetime"] | None = None
    """The form of every text, where an enforced format requires one."""
    numbers: Numbers = ALL_NUMBERS
    structured: bool = True
    """Whether objects and arrays are admitted."""
    mentioned: frozenset[_Scalar] = frozenset()
    """The types that some keyword is about."""
    rules: tuple[ScalarNode, ...] = ()

    def __and__(self, other: AdmittedValues) -> AdmittedValues:
        rules = _distinct((*self.rules, *other.rules))
        return AdmittedValues(
            null=self.null and other.null,
            booleans=_common(self.booleans, other.booleans),
            texts=self.texts & other.texts,
            form=self.form or other.form,
            numbers=self.numbers & other.numbers,
            structured=self.structured and other.structured,
            mentioned=self.mentioned | other.mentioned,
            rules=rules,
        )

    @property
    def scalars(self) -> tuple[_Scalar, ...]:
        """The types of single values it admits."""
        scalars: list[_Scalar] = []
        if self.texts.one_of != ():
            scalars.append("text")
        if self.numbers.one_of is None or self.numbers.listed:
            scalars.append("number")
        if self.booleans != ():
            scalars.append("boolean")
        return tuple(scalars)


NO_VALUES = AdmittedValues(null=False, booleans=(), texts=NO_TEXT, numbers=NO_NUMBER, structured=False)


def _is_of_draft_3(key: ScalarNode, node: Node) -> bool:
    """JSON Schema draft 3: `required: true` in a property itself, and keywords that later drafts have other words for."""
    return key.value in {"divisibleBy", "disallow", "extends"} or (key.value == "required" and text(node) == "true")


_OF_TYPE = {
    "null": replace(NO_VALUES, null=True),
    "boolean": replace(NO_VALUES, booleans=None),
    "string": replace(NO_VALUES, texts=Texts()),
    "number": replace(NO_VALUES, numbers=Numbers()),
    "integer": replace(NO_VALUES, numbers=Numbers(whole=True)),
    "object": replace(NO_VALUES, structured=True),
    "array": replace(NO_VALUES, structured=True),
    "file": replace(NO_VALUES, texts=Texts()),
}

_UUID = "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"
_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_PATTERNS = {"uuid": _UUID, "ipv4": rf"(?:{_BYTE}\.){{3}}{_BYTE}"}
"""Formats that are patterns: RFC 4122 (section 3, in either case), RFC 2673 (section 3.2)."""
_URI = r"[!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]"
_WITHIN = {
    "uri": rf"[A-Za-z][A-Za-z0-9+\-.]*:{_URI}*",
    "uri-reference": rf"{_URI}*",
    "url": rf"[A-Za-z][A-Za-z0-9+\-.]*:{_URI}*",
    "email": r"[ -~]+@[ -~]+",
    "hostname": r"[A-Za-z0-9.\-]{1,255}",
    "ipv6": r"[0-9A-Fa-f:.]{2,45}",
    "time": r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:[Zz]|[+\-][0-9]{2}:[0-9]{2})",
    "duration": r"P[0-9DHMSTWY]{2,}",
    "byte": r"[A-Za-z0-9+/=\r\n]*",
}
"""Formats of which a pattern states a part, and a rule in words the rest: RFC 3986 (2), RFC 5321 (4.1.2), RFC 1123 (2.1),
RFC 4291 (2.2), RFC 3339 (5.6 and appendix A), RFC 4648 (4, with the line ends of RFC 2045)."""
_SIZES = {"int32": 31, "int64": 63, "int8": 7, "int16": 15}
"""Formats that are ranges of whole numbers, with the bits beside the sign (OpenAPI format registry)."""
_FORMS: dict[str, Literal["date", "datetime"]] = {"date": "date", "date-time": "datetime"}
_NO_RULE = frozenset({"password", "float", "double", "binary", "decimal"})
"""Formats about the display or the storage of a value, not about the set of values."""

_STATED = frozenset(
    (
        "type",
        "nullable",
        "x-nullable",
        "enum",
        "const",
        "minLength",
        "maxLength",
        "pattern",
        "format",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "if",
        "then",
        "else",
        "$ref",
    )
)
OF_OBJECTS = frozenset(
    (
        "properties",
        "required",
        "additionalProperties",
        "patternProperties",
        "propertyNames",
        "minProperties",
        "maxProperties",
        "dependencies",
        "dependentRequired",
        "dependentSchemas",
        "unevaluatedProperties",
        "discriminator",
        "items",
        "prefixItems",
        "additionalItems",
        "unevaluatedItems",
        "contains",
        "minContains",
        "maxContains",
        "minItems",
        "maxItems",
        "uniqueItems",
        "collectionFormat",
    )
)
"""Keywords about objects and arrays: `fields` reads them."""
_UNSTATED = frozenset(("$dynamicRef", "$recursiveRef"))


class Admission:
    """Works out the values that schemas admit, each schema once."""

    def __init__(self, documents: Documents, formats: Formats, *, ref_alone: bool, undated: bool = False) -> None:
        self.documents = documents
        # Whether no `$schema` says which draft it is: words that draft 3 alone has are then rules, and not read.
        self._undated = undated
        self._formats = formats
        # Whether what stands beside a `$ref` counts for nothing: to draft 7, and in OpenAPI before 3.1.
        self.ref_alone = ref_alone
        # By the node's identity: the node is kept with what it admits, so that no other can take its place.
        self._known: dict[int, tuple[Node, AdmittedValues]] = {}
        self._together: dict[tuple[int, ...], tuple[tuple[Node, ...], AdmittedValues]] = {}
        self._open: set[int] = set()

    def of(self, schemas: Sequence[Node]) -> AdmittedValues:
        """The values that all of these schemas admit."""
        if len(schemas) == 1:
            return self._one(schemas[0])
        asked = tuple(map(id, schemas))
        if self._open or asked not in self._together:  # inside a schema that is being read, an answer may be cut off
            admitted = AdmittedValues()
            for schema in schemas:
                admitted = admitted & self._one(schema)
            if self._open:
                return admitted
            self._together[asked] = tuple(schemas), admitted
        return self._together[asked][1]

    def _one(self, schema: Node) -> AdmittedValues:
        match schema:
            case ScalarNode("false", True):
                return NO_VALUES
            case MappingNode():
                pass
            case _:
                return AdmittedValues()
        if id(schema) in self._open:
            return AdmittedValues(rules=(rule_scalar("a schema that refers to itself", schema.location),))
        if len(self._open) >= MOST_DEPTH and id(schema) not in self._known:
            return AdmittedValues(rules=(rule_scalar(f"schemas more than {MOST_DEPTH} levels deep", schema.location),))
        if id(schema) not in self._known:
            self._open.add(id(schema))
            self._known[id(schema)] = schema, self._read(schema)
            self._open.remove(id(schema))
        return self._known[id(schema)][1]

    def _read(self, schema: MappingNode) -> AdmittedValues:
        admitted = AdmittedValues()
        ref = child(schema, "$ref")
        if self.ref_alone and isinstance(ref, ScalarNode):
            return self._ref(ref)
        for key, node in schema.entries:
            if key.value in _STATED:
                admitted = admitted & self._keyword(schema, key, node)
            elif key.value in _UNSTATED or is_slip(key, _STATED) or (self._undated and _is_of_draft_3(key, node)):
                admitted = admitted & AdmittedValues(rules=(keyword_rule(key, node),))
        if any(key.value == "if" for key, _ in schema.entries):
            admitted = admitted & self._conditional(schema)
        return admitted

    def _keyword(self, schema: MappingNode, key: ScalarNode, node: Node) -> AdmittedValues:
        admitted: AdmittedValues | None = None
        match key.value, node:
            case "$ref", ScalarNode():
                admitted = self._ref(node)
            case "type", ScalarNode() | SequenceNode():
                admitted = self._types(schema, node)
            case "enum", SequenceNode():
                admitted = self._enum(schema, node.items)
            case "const", ScalarNode():
                admitted = self._enum(schema, (node,))
            case (("minLength" | "maxLength"), ScalarNode()):
                admitted = _length(key, node)
            case "pattern", ScalarNode():
                admitted = _pattern(node)
            case "format", ScalarNode():
                admitted = self._format(key, node)
            case (("minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum"), ScalarNode()):
                admitted = _bound(schema, key, node)
            case "multipleOf", ScalarNode():
                admitted = _multiple(node)
            case "allOf", SequenceNode(schemas):
                admitted = self.of(schemas)
            case "anyOf", SequenceNode(schemas):
                admitted = self._any_of(key, node, [self._one(schema) for schema in schemas])
            case "oneOf", SequenceNode(schemas):
                admitted = self._one_of(key, node, [self._one(schema) for schema in schemas])
            case "not", _:
                admitted = self._not(key, node)
            case (("nullable" | "x-nullable" | "if" | "then" | "else"), _):
                admitted = AdmittedValues()
        if admitted is None and isinstance(node, RejectedNode):
            return AdmittedValues()
        return AdmittedValues(rules=(keyword_rule(key, node),)) if admitted is None else admitted

    def _ref(self, ref: ScalarNode) -> AdmittedValues:
        target = self.documents.follow(ref)
        if target is not None:
            return self._one(target)
        elsewhere = self.documents.is_elsewhere(ref)
        return (
            AdmittedValues(rules=(rule_scalar(f"$ref: {ref.value}", ref.location, ref.length),))
            if elsewhere
            else AdmittedValues()
        )

    @staticmethod
    def _types(schema: MappingNode, node: ScalarNode | SequenceNode) -> AdmittedValues | None:
        names = [text(item) or "" for item in (items(node) if isinstance(node, SequenceNode) else (node,))]
        if not names or any(name not in _OF_TYPE for name in names):
            return None
        if "true" in {text(child(schema, "nullable")), text(child(schema, "x-nullable"))}:
            names.append("null")
        admitted = NO_VALUES
        for name in names:
            of_type = _OF_TYPE[name]
            admitted = AdmittedValues(
                null=admitted.null or of_type.null,
                booleans=None if None in (admitted.booleans, of_type.booleans) else (),
                texts=Texts() if Texts() in (admitted.texts, of_type.texts) else NO_TEXT,
                numbers=max(admitted.numbers, of_type.numbers, key=_width),
                structured=admitted.structured or of_type.structured,
            )
        spoken: list[_Scalar] = [kind for kind in admitted.scalars if not admitted.structured or len(names) > 1]
        return replace(admitted, mentioned=frozenset(spoken))

    @staticmethod
    def _enum(schema: MappingNode, values: Sequence[Node]) -> AdmittedValues | None:
        """A list of values. One that no JSON reader would type as the list's strings is not guessed at."""
        kinds = [kind(value) for value in values]
        if "structured" in kinds or not kinds:
            return None
        if text(child(schema, "type")) == "string" and set(kinds) - {"text", "null"}:
            return None
        by_kind: dict[str, list[ScalarNode]] = {"text": [], "number": [], "boolean": []}
        for value, of in zip(values, kinds, strict=True):
            if isinstance(value, ScalarNode) and of in by_kind:
                number = plain_number(value) if of == "number" else value
                if number is None:
                    return None
                by_kind[of].append(number)
        spoken: frozenset[_Scalar] = frozenset(k for k in ("text", "number", "boolean") if by_kind[k])
        return AdmittedValues(
            null="null" in kinds,
            booleans=_distinct(by_kind["boolean"]),
            texts=Texts(one_of=_distinct(by_kind["text"])),
            numbers=Numbers(one_of=tuple({Decimal(n.value): n for n in by_kind["number"]}.values())),
            structured=False,
            mentioned=spoken,
        )

    def _format(self, key: ScalarNode, node: ScalarNode) -> AdmittedValues:
        name = node.value
        if self._formats == "annotation" or name in _NO_RULE:
            return AdmittedValues()
        if self._formats == "enforced":
            if name in _PATTERNS:
                return AdmittedValues(texts=Texts(patterns=(node._replace(value=_PATTERNS[name]),)), mentioned=_TEXT)
            if name in _WITHIN:
                within = Texts(patterns=(node._replace(value=_WITHIN[name]),))
                return AdmittedValues(texts=within, mentioned=_TEXT, rules=(keyword_rule(key, node),))
            if name in _FORMS:
                return AdmittedValues(form=_FORMS[name], mentioned=_TEXT)
            if name in _SIZES:
                low, high = -(2 ** _SIZES[name]), 2 ** _SIZES[name] - 1
                least, most = (Bound(node._replace(value=str(end)), open=False) for end in (low, high))
                return AdmittedValues(numbers=Numbers(whole=True, least=least, most=most), mentioned=_NUMBER)
        return AdmittedValues(rules=(keyword_rule(key, node),))

    # ---------------------------------------------------------------------------------------------- combinations

    def _any_of(self, key: ScalarNode, node: Node, alternatives: Sequence[AdmittedValues]) -> AdmittedValues:
        rules = _distinct(rule for values in alternatives for rule in values.rules)
        with_text = [values for values in alternatives if "text" in values.scalars]
        forms = {values.form for values in with_text}
        joined_numbers, is_exact = numbers.union_of_numbers([v.numbers for v in alternatives if "number" in v.scalars])
        joined = texts.union_of_texts([values.texts for values in with_text], key.location) if len(forms) <= 1 else None
        is_exact = is_exact and joined is not None
        booleans: tuple[ScalarNode, ...] | None = ()
        for values in alternatives:
            booleans = None if None in (booleans, values.booleans) else _distinct((*booleans, *values.booleans))  # type: ignore[misc]
        return AdmittedValues(
            null=any(values.null for values in alternatives),
            booleans=booleans,
            texts=Texts() if joined is None else joined,
            form=next(iter(forms)) if len(forms) == 1 else None,
            numbers=joined_numbers,
            structured=any(values.structured for values in alternatives),
            mentioned=frozenset(kind for values in alternatives for kind in values.mentioned),
            rules=rules if is_exact else (*rules, keyword_rule(key, node)),
        )

    def _one_of(self, key: ScalarNode, node: Node, alternatives: Sequence[AdmittedValues]) -> AdmittedValues:
        """As `anyOf`, without the values that more than one alternative admits; where those are not known, with a rule."""
        several = self._any_of(key, node, alternatives)
        with_text = [values for values in alternatives if "text" in values.scalars]
        with_number = [values for values in alternatives if "number" in values.scalars]
        sure = not any(values.rules for values in alternatives)
        if len(with_text) > 1:
            single = None
            if sure and len(with_text) <= MOST_ALTERNATIVES and all(values.form is None for values in with_text):
                single = texts.exactly_one([values.texts for values in with_text], key.location)
            several = several if single is None else replace(several, texts=single)
            sure = single is not None
        if len(with_number) > 1:
            listed = [node for values in with_number for node in values.numbers.listed]
            distinct = {Decimal(number.value) for number in listed}
            sure = sure and all(v.numbers.one_of is not None for v in with_number) and len(distinct) == len(listed)
        if sum(values.null and not values.rules for values in alternatives) > 1:  # a rule may reject it
            several = replace(several, null=False)
        with_boolean = [values for values in alternatives if "boolean" in values.scalars]
        sure = sure and len(with_boolean) < 2
        return several if sure or keyword_rule(key, node) in several.rules else _ruled(several, keyword_rule(key, node))

    def _not(self, key: ScalarNode, node: Node) -> AdmittedValues:
        values = self._one(node)
        if values.rules or values.form is not None:
            return AdmittedValues(rules=(keyword_rule(key, node),))
        others = texts.texts_except(values.texts, key.location)
        if others is None or values.booleans:
            return AdmittedValues(rules=(keyword_rule(key, node),))
        admitted = AdmittedValues(
            null=not values.null,
            booleans=() if values.booleans is None else None,
            texts=others,
            mentioned=values.mentioned,
        )
        if values.numbers.one_of == ():
            return admitted
        rest = numbers.numbers_except(values.numbers)
        return _ruled(admitted, keyword_rule(key, node)) if rest is None else replace(admitted, numbers=rest)

    def _conditional(self, schema: MappingNode) -> AdmittedValues:
        """`if`, `then`, `else`: either the condition and the one, or not the condition and the other."""
        key, condition = next((key, node) for key, node in schema.entries if key.value == "if")
        branches = [child(schema, "then"), child(schema, "else")]
        if all(branch is None for branch in branches):
            return AdmittedValues()
        then, otherwise = (AdmittedValues() if branch is None else self._one(branch) for branch in branches)
        if self._one(condition).structured and (child(condition, "properties") or child(condition, "required")):
            return AdmittedValues()  # of objects: `fields` looks after it
        return self._any_of(key, condition, [self._one(condition) & then, self._not(key, condition) & otherwise])


# ---------------------------------------------------------------------------------------------------- single keywords

_TEXT: frozenset[_Scalar] = frozenset(("text",))
_NUMBER: frozenset[_Scalar] = frozenset(("number",))
_A_SLIP = 0.85
"""How alike two words are of which one is the other misspelt: `maxLenght` is, `enumNames` is not."""
_HARMLESS = frozenset(
    (
        "title",
        "description",
        "default",
        "examples",
        "example",
        "deprecated",
        "readOnly",
        "writeOnly",
        "contentEncoding",
        "contentMediaType",
        "contentSchema",
        "definitions",
        "name",
        "in",
        "xml",
        "externalDocs",
        "allowEmptyValue",
        "formats",
        "content",
        "style",
        "explode",
    )
)


def is_slip(key: ScalarNode, words: frozenset[str]) -> bool:
    """Whether an unknown keyword, which validators pass over, was probably meant for one of these."""
    if key.value in _STATED | OF_OBJECTS | _HARMLESS or key.value.startswith(("x-", "$")):
        return False
    known = sorted(word.lower() for word in words if len(word) > len("else"))
    return bool(get_close_matches(key.value.lower(), known, n=1, cutoff=_A_SLIP))


def _length(key: ScalarNode, node: ScalarNode) -> AdmittedValues | None:
    number = plain_number(node)
    if number is None or Decimal(number.value) < 0 or Decimal(number.value) != int(Decimal(number.value)):
        return None
    limit = node._replace(value=str(int(Decimal(number.value))))
    if int(limit.value) > _BEYOND and key.value == "maxLength":
        return AdmittedValues(mentioned=_TEXT)
    of_texts = Texts(least=limit) if key.value == "minLength" else Texts(most=limit)
    return AdmittedValues(texts=of_texts, mentioned=_TEXT)


def _pattern(node: ScalarNode) -> AdmittedValues:
    regex = whole_text_pattern(node.value)
    try:
        parse(regex)
    except PatternError as error:
        words = f"pattern: {node.value} (not read: {error.message})"
        return AdmittedValues(rules=(rule_scalar(words, node.location, node.length),), mentioned=_TEXT)
    return AdmittedValues(texts=Texts(patterns=(node._replace(value=regex),)), mentioned=_TEXT)


def _bound(schema: MappingNode, key: ScalarNode, node: ScalarNode) -> AdmittedValues | None:
    """A bound; in draft 4 and OpenAPI 3.0 `exclusiveMinimum: true` opens the one that `minimum` gives."""
    if key.value.startswith("exclusive") and node.plain and node.value in {"true", "false"}:
        return AdmittedValues()
    number = plain_number(node)
    if number is None:
        return None
    word = "exclusiveMinimum" if key.value == "minimum" else "exclusiveMaximum"
    opened = key.value.startswith("exclusive") or text(child(schema, word)) == "true"
    bound = Bound(number, opened)
    is_low = key.value in {"minimum", "exclusiveMinimum"}
    return AdmittedValues(numbers=Numbers(least=bound) if is_low else Numbers(most=bound), mentioned=_NUMBER)


def _multiple(node: ScalarNode) -> AdmittedValues | None:
    """Multiples of 1, 0.1, 0.01 … are numbers of so many decimals; of others they are not stated."""
    number = plain_number(node)
    if number is None:
        return None
    sign, digits, exponent = Decimal(number.value).normalize().as_tuple()
    if sign or digits != (1,) or not isinstance(exponent, int) or exponent > 0:
        return None
    return AdmittedValues(numbers=Numbers(decimals=node._replace(value=str(-exponent))), mentioned=_NUMBER)


_NUMBER_FORM = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


def plain_number(node: ScalarNode) -> ScalarNode | None:
    """A JSON number in plain digits; None where it is none, or too long to write out."""
    if not node.plain or not _NUMBER_FORM.fullmatch(node.value) or len(node.value) > MOST_DIGITS:
        return None
    try:
        number = Decimal(node.value)
    except InvalidOperation:
        return None
    if number and abs(number.adjusted()) > MOST_DIGITS // 2:
        return None
    written = f"{number:f}" if number else "0"
    return node._replace(value=written.rstrip("0").rstrip(".") if "." in written else written)


# -------------------------------------------------------------------------------------------------- rules in words


def rule_scalar(words: str, at: Location, length: int = 1) -> ScalarNode:
    """A rule in words."""
    return ScalarNode(words, plain=False, location=at, length=length)


def keyword_rule(key: ScalarNode, node: Node) -> ScalarNode:
    """A keyword with its value, as a rule in the source's own words."""
    return rule_scalar(f"{key.value}: {node_words(node)}", key.location, key.length)


_WIDEST = 20
_DEEPEST = 5


def node_words(node: Node, most: int = 200, depth: int = _DEEPEST) -> str:
    """A node as it would be written on one line, cut where that is long or deep."""
    match node:
        case ScalarNode(value):
            words = value
        case SequenceNode(inner) if depth:
            shown = ", ".join(node_words(item, most, depth - 1) for item in inner[:_WIDEST])
            words = f"[{shown}{', …' * (len(inner) > _WIDEST)}]"
        case MappingNode(entries) if depth:
            shown = ", ".join(f"{key.value}: {node_words(value, most, depth - 1)}" for key, value in entries[:_WIDEST])
            words = f"{{{shown}{', …' * (len(entries) > _WIDEST)}}}"
        case _:
            words = "…"
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _ruled(values: AdmittedValues, rule: ScalarNode) -> AdmittedValues:
    return replace(values, rules=_distinct((*values.rules, rule)))


def _distinct(nodes: Iterable[ScalarNode]) -> tuple[ScalarNode, ...]:
    return tuple({node.value: node for node in nodes}.values())


def _common(
    first: tuple[ScalarNode, ...] | None, second: tuple[ScalarNode, ...] | None
) -> tuple[ScalarNode, ...] | None:
    if first is None or second is None:
        return second if first is None else first
    allowed = {node.value for node in second}
    return tuple(node for node in first if node.value in allowed)


def _width(values: Numbers) -> int:
    """Of the numbers a type admits: none, whole ones, all."""
    return 0 if values.one_of == () else 1 if values.whole else 2
