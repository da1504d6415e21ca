"""The constraints on one column, gathered from its type and its checks, as the keys of a field of ours.

Gathering is conjunction: of two lengths the tighter stands, lists of values are intersected, patterns are joined.
Constraints that the keys cannot hold together become opaque.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

from ...contracts.constraint import MAY_REJECT_NULL
from ...documents.tree import mapping, scalar, sequence, truth
from ...values.budget import STANDARD, BudgetExceeded
from ...values.notation import plain_notation
from ...values.regex import PatternError, parse
from ...values.textset import TextSet
from . import ecma

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime, time

    from ...contracts.constraint import OnViolation, StoredWay, Type
    from ...documents.location import Location
    from ...documents.yaml_events import MappingNode, Node, ScalarNode
    from .comparing import Comparing

    Plain: TypeAlias = str | int | Decimal | bool | date | time | datetime

ColumnBound: TypeAlias = Literal[
    "min_length", "max_length", "min_utf16", "max_utf16", "min", "max", "exclusive_min", "exclusive_max"
]


_LENGTHS = ("max_length", "max_utf16", "max_bytes")


@dataclass(slots=True)
class Rules:
    """The constraints on one column so far, each with its place."""

    at: Location
    """Where the column stands."""
    type: Type = "text"
    case_blind: bool = False
    """Whether its texts are equal when they differ only in case."""
    on_violation: OnViolation = "reject"
    """The action of the rules that name none of their own, as in a contract."""
    actions: dict[str, OnViolation] = field(default_factory=dict)
    """The actions of single rules, by their keys; a tighter rule, of a check, rejects."""
    stored: dict[StoredWay, Location] = field(default_factory=dict)
    """The ways in which its values are stored."""
    column_length: tuple[str, Node] | None = None
    """The greatest length of its type, as a key with its value: that of ways which count blanks, whatever checks say."""
    required: Location | None = None
    bounds: dict[ColumnBound, tuple[Plain, Location]] = field(default_factory=dict)
    bytes: dict[Literal["min_bytes", "max_bytes"], tuple[int, str, Location]] = field(default_factory=dict)
    encodable: tuple[str, Location] | None = None
    digits: dict[Literal["precision", "scale"], tuple[int, Location]] = field(default_factory=dict)
    significant: tuple[int, int | None, Location] | None = None
    """The significant digits that are sure to be kept, and the digits of a whole number where it keeps more."""
    single: bool = False
    """Whether its numbers are floats of 24 bits, which are compared as the doubles that they are."""
    rounds_seconds: bool = False
    """Whether it stores another time than the one that arrives, and checks that one."""
    pattern: tuple[str, Location] | None = None
    no_nul: Location | None = None
    """Where U+0000 is rejected."""
    one_of: tuple[tuple[Plain, ...], Location] | None = None
    not_one_of: tuple[tuple[Plain, ...], Location] | None = None
    unique: tuple[Comparing, Location] | None = None
    """How its values are compared, and the place of the constraint."""
    opaque: dict[str, Location] = field(default_factory=dict)
    """Rules that our words cannot state, in the source's own."""
    declared: dict[str, Location] = field(default_factory=dict)
    """Rules that the engine does not enforce, in the source's own words; no constraints."""

    def bound(self, key: ColumnBound, value: Plain, at: Location) -> None:
        """A limit; the tighter of two stands."""
        held = self.bounds.get(key)
        tighter = min if "max" in key else max
        if held is None or tighter(held[0], value) != held[0]:
            self.bounds[key] = value, at
            self.actions.pop(key, None)

    def limit_bytes(self, key: Literal["min_bytes", "max_bytes"], limit: int, encoding: str, at: Location) -> None:
        """A limit in bytes; beside one in another encoding it is opaque."""
        held = self.bytes.get(key)
        if held is not None and held[1] != encoding:
            least_or_most = "least" if key == "min_bytes" else "most"
            self.add_opaque(f"at {least_or_most} {limit} bytes in {encoding}", at)
        elif held is None or (limit < held[0]) == (key == "max_bytes"):
            self.bytes[key] = limit, encoding, at
            self.actions.pop(key, None)

    def limit_digits(self, precision: int, scale: int, at: Location) -> None:
        """A number of so many digits, `scale` of them after the point: an integer where that is none."""
        self.type = "decimal" if scale else "integer"
        self.digits["precision"] = precision, at
        if scale:
            self.digits["scale"] = scale, at

    def keep_digits(self, most: int, at: Location, whole: int | None = None) -> None:
        """A binary floating-point number: what it makes of more digits is not known, but for those of whole numbers."""
        self.type = "decimal"
        self.significant = most, whole, at

    def held_by(self, encoding: str, at: Location) -> None:
        """An encoding that must hold the text."""
        if self.encodable is not None and self.encodable[0] != encoding:
            self.add_opaque(f"encodable in {encoding}", at)
        else:
            self.encodable = encoding, at

    def matches(self, regex: str, at: Location) -> None:
        """A pattern in ECMAScript's words that the whole text must match. Raises PatternError where it is too large."""
        joined = regex if self.pattern is None else ecma.both(self.pattern[0], regex)
        parse(joined, "ecma", "")
        self.pattern = joined, at

    def only(self, values: Iterable[Plain], at: Location) -> None:
        """The only values; those that an earlier list does not have are left out."""
        listed = tuple(dict.fromkeys(values))
        if self.one_of is not None:
            listed = tuple(value for value in self.one_of[0] if value in listed)
            self.actions.pop("one_of", None)
        self.one_of = listed, at

    def none_of(self, values: Iterable[Plain], at: Location) -> None:
        """Values that are rejected."""
        before = () if self.not_one_of is None else self.not_one_of[0]
        self.not_one_of = tuple(dict.fromkeys((*before, *values))), at

    def doubt_null(self, text: str, at: Location) -> None:
        """Note that a rule in words may reject null."""
        self.add_opaque(f"{MAY_REJECT_NULL}{text}", at)

    def add_opaque(self, text: str, at: Location) -> None:
        """A rule in the source's own words."""
        self.opaque.setdefault(" ".join(text.split()), at)

    def add_declared(self, text: str, at: Location) -> None:
        """A rule that is written down and not enforced."""
        self.declared.setdefault(" ".join(text.split()), at)

    def node(self) -> MappingNode:
        """The field, as a contract file would have it."""
        return mapping(self._entries(), self.at)

    def _entries(self) -> list[tuple[str | ScalarNode, Node]]:
        entries: list[tuple[str | ScalarNode, Node]] = [("type", scalar(self.type, self.at))]
        if self.required is not None:
            entries.append(("required", truth(value=True, at=self.required)))
        for key, (value, at) in self.bounds.items():
            entries.append((key, self._acting(key, "limit", _value(value, at), at)))
        for key_of_bytes, (limit, encoding, at) in self.bytes.items():
            parts: list[tuple[str, Node]] = [("limit", scalar(limit, at)), ("encoding", scalar(encoding, at))]
            action = self._action(key_of_bytes)
            if action is not None:
                parts.append(("on_violation", scalar(action, at)))
            entries.append((key_of_bytes, mapping(parts, at)))
        if self.encodable is not None:
            entries.append(
                ("encodable", self._acting("encodable", "encoding", scalar(*self.encodable), self.encodable[1]))
            )
        entries += [
            (key, self._acting(key, "limit", scalar(number, at), at)) for key, (number, at) in self.digits.items()
        ]
        if self.significant is not None:
            entries.append(_kept_digits(*self.significant))
        pattern = self._pattern()
        if pattern is not None:
            entries.append(("pattern", self._acting("pattern", "regex", scalar(*pattern), pattern[1])))
        entries += self._lists()
        if self.unique is not None:
            comparing, at = self.unique
            entries.append(("unique", comparing.node(at)))
        if self._general != "reject":
            entries.append(("on_violation", scalar(self._general, self.at)))
        if self.stored:
            ways = [self._way(way, at) for way, at in self.stored.items()]
            entries.append(("stored", sequence(ways, ways[0].location)))
        for name, texts in (("opaque", self.opaque), ("declared", self.declared)):
            if texts:
                rules = [scalar(text, at) for text, at in texts.items()]
                entries.append((name, sequence(rules, rules[0].location)))
        return entries

    def keep_length(self) -> None:
        """Take the greatest length so far as that of the type."""
        self.column_length = self._greatest_length()

    def _greatest_length(self) -> tuple[str, Node] | None:
        for key in ("max_length", "max_utf16"):
            if key in self.bounds:
                value, at = self.bounds[key]
                return key, _value(value, at)
        if "max_bytes" in self.bytes:
            limit, encoding, at = self.bytes["max_bytes"]
            return "max_bytes", mapping((("limit", scalar(limit, at)), ("encoding", scalar(encoding, at))), at)
        return None

    def _way(self, way: StoredWay, at: Location) -> Node:
        """A way of storing; with the length of the type, where a check allows less than that."""
        own = self.column_length
        if way not in {"fitted", "fitted_spaces", "padded"} or own is None or own == self._greatest_length():
            return scalar(way, at)
        return mapping(((way, mapping((own,), at)),), at)

    @property
    def _general(self) -> OnViolation:
        """The action of the field: what it cuts, it cuts to every length."""
        lengths = [key for key in (*self.bounds, *self.bytes) if key in _LENGTHS]
        cuts = self.type == "text" and bool(lengths) and all(self.actions.get(key) == "truncate" for key in lengths)
        return "truncate" if cuts and self.on_violation == "reject" else self.on_violation

    def _action(self, key: str) -> OnViolation | None:
        """The action that stands with a rule; what is not known of a type's values is known of its other rules."""
        own = self.actions.get(key, "reject" if self.on_violation == "unknown" else None)
        return None if own == "truncate" and self._general == "truncate" else own

    def _acting(self, key: str, inner: str, node: Node, at: Location) -> Node:
        """The value of a rule; in a mapping with its action where it has one of its own."""
        action = self._action(key)
        return node if action is None else mapping(((inner, node), ("on_violation", scalar(action, at))), at)

    def _pattern(self) -> tuple[str, Location] | None:
        """The pattern, without U+0000 where that is rejected: stated once, and only where it is not implied."""
        if self.no_nul is None:
            return self.pattern
        if self.one_of is not None:
            return self._shorter()
        if self.pattern is None:
            return ecma.WITHOUT_NUL, self.no_nul
        return self._shorter()

    def _shorter(self) -> tuple[str, Location] | None:
        if self.pattern is None:
            return None
        # In a text without U+0000, `[^]` and `[^\0]` match alike.
        regex, at = self.pattern[0].replace("[^]", r"[^\0]"), self.pattern[1]
        return (regex if _holds_no_nul(regex) else ecma.both(ecma.WITHOUT_NUL, regex)), at

    def _lists(self) -> list[tuple[str | ScalarNode, Node]]:
        """The lists of values. Where no value is left, a rule in words states that: a list cannot be empty."""
        entries: list[tuple[str | ScalarNode, Node]] = []
        rejected = self.not_one_of
        if self.one_of is not None:
            listed, at = self.one_of
            if not listed:
                self.add_opaque("the lists of values have none in common", at)
            elif rejected is not None and any(value in listed for value in rejected[0]):
                left = [value for value in listed if value not in rejected[0]]
                if left:
                    listed, rejected = tuple(left), None
                else:
                    self.add_opaque("no value is left", at)
            if listed:
                values = sequence([_value(value, at) for value in listed], at)
                entries.append(("one_of", self._acting("one_of", "values", values, at)))
        if rejected is not None:
            values = sequence([_value(value, rejected[1]) for value in rejected[0]], rejected[1])
            entries.append(("not_one_of", self._acting("not_one_of", "values", values, rejected[1])))
        return entries


def _holds_no_nul(regex: str) -> bool:
    """Whether no text that matches has a U+0000 in it; False also where that is not decided quickly."""
    try:
        matching = TextSet.language(parse(regex, "ecma", "").language)
        return matching.outside(TextSet.language(parse(ecma.WITHOUT_NUL, "ecma", "").language), _QUICK) is None
    except (BudgetExceeded, PatternError):
        return False


_QUICK = STANDARD.limited(2_000)


def _value(value: Plain, at: Location) -> ScalarNode:
    match value:
        case bool():
            return truth(value, at)
        case int():
            return scalar(value, at)
        case Decimal():
            return scalar(plain_notation(value), at)
        case str():
            return scalar(value, at)
        case _:
            return scalar(value.isoformat(), at)


def _kept_digits(most: int, whole: int | None, at: Location) -> tuple[str, Node]:
    parts: list[tuple[str, Node]] = [("limit", scalar(most, at))]
    if whole is not None:
        parts.append(("whole", scalar(whole, at)))
    return "significant_digits", mapping((*parts, ("on_violation", scalar("unknown", at))), at)
