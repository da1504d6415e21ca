"""Rules in words about a record or a list as a whole: whether a record that is known in part can meet them.

A rule such as `minProperties: 1` cannot be stated for one field, and is opaque there. It does not make every value of the
field doubtful: a record that holds a value has one property. The words are those of JSON Schema (Validation, sections
6.4 and 6.5), and of our own readers; a contract that was written by hand may use them, too. Every other rule in words
may reject any value.
"""

from __future__ import annotations

import re
from functools import reduce
from itertools import combinations
from operator import or_
from typing import TYPE_CHECKING

from ..values.valueset import ValueSet
from .constraint import OpaqueRule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..values.valueset import Value
    from .model import Entity, Field

_COUNT = re.compile(r"(minProperties|maxProperties|minItems|maxItems): ([0-9]{1,9})")
_UNIQUE = "uniqueItems: true"
_CONTAINS = re.compile(r"contains: .+ \(the list may hold such an item\)")
_BRANCHING = re.compile(
    r"if: \{if: (?:(?!, (?:then|else): ).)+((?:, (?:then|else): \{required: \[[^\[\]{}:…]+\]\})+)\}"
)
_REQUIRED = re.compile(r"required where .+ is given")
_TYPES = re.compile(r"the value is of one of several types: (.+)")
_HEAD = re.compile(r"[^_.-]+")
_NAMES = r"\[[^\[\]{}:…]+\]"
_NEEDED = re.compile(rf"dependentRequired: \{{((?:[^\[\]{{}}:,…]+: {_NAMES}(?:, )?)+)\}}")
_TOGETHER = re.compile(rf"not: \{{required: ({_NAMES})\}}")
_BRANCHES = re.compile(rf"(anyOf|oneOf): \[((?:\{{required: {_NAMES}\}}(?:, )?)+)\]")
_LIST = re.compile(_NAMES)
_KEYED = re.compile(rf"(?<![^\[\]{{}}:,…])([^\[\]{{}}:,…]++): ({_NAMES})")
SOME_RECORD_HOLDS = " (some record holds each value)"
"""Behind a rule: whatever value the field's other constraints admit, some record with it meets all rules of its object."""
_HELD = re.compile(rf".+{re.escape(SOME_RECORD_HOLDS)}")
_OF_PRESENCE = (_NEEDED, _TOGETHER, _BRANCHES, _BRANCHING)
_MOST_GIVEN = 8
"""Fields whose presence is tried in every combination."""


def rejecting_rule(entity: Entity, field: Field, values: Mapping[str, Value]) -> str | None:
    """The first rule in words of a field that may reject every record that holds these values, by the fields' own names.

    None: some record that holds them meets all rules of the field; its other fields may hold anything they accept.
    """
    return next((rule for rule in _rules(field) if not _can_be_met(rule, entity, field, values)), None)


def is_about_records(rule: str) -> bool:
    """Whether a rule in words is one of those whose meaning for a record is known."""
    forms = (_COUNT, _REQUIRED, _TYPES, _CONTAINS, _HELD, *_OF_PRESENCE)
    return bool(rule == _UNIQUE or any(form.fullmatch(rule) for form in forms))


def is_about_types(rule: str) -> bool:
    """Whether a rule in words names all types of a field's values."""
    match = _TYPES.fullmatch(rule)
    return match is not None and all(word in _OF_WORD for word in match[1].split(", "))


def of_other_types(field: Field) -> ValueSet:
    """The values of further types than its own that a field accepts; which of them is not known."""
    words = [word for rule in _rules(field) if is_about_types(rule) for word in rule.rpartition(": ")[2].split(", ")]
    own = "number" if field.type in {"integer", "decimal"} else field.type
    return reduce(or_, [ValueSet.of_type(_OF_WORD[word]) for word in words if word != own], ValueSet.nothing())


_OF_WORD: Mapping[str, str] = {"text": "text", "number": "decimal", "boolean": "boolean"}


def _rules(field: Field) -> Iterator[str]:
    return (
        constraint.restriction.rule
        for constraint in field.constraints
        if isinstance(constraint.restriction, OpaqueRule)
    )


def _can_be_met(rule: str, entity: Entity, field: Field, values: Mapping[str, Value]) -> bool:
    value = values.get(field.name)
    if not is_about_records(rule):
        return False
    if _TYPES.fullmatch(rule):
        return True  # the field's own constraints are those of its type
    if _HELD.fullmatch(rule):
        return value is not None and len(values) == 1  # what the record holds beside it is chosen
    if _REQUIRED.fullmatch(rule):
        # Left out with the object around it, of which nothing else may be given then.
        return value is not None or all(other is None for other in values.values())
    if "Items" in rule or _CONTAINS.fullmatch(rule):
        return _list_can_be_met(field, value)
    if _presence_rules(entity):
        return _presence_can_be_met(entity, values)
    return _count_can_be_met(rule, entity, values)


def _presence_rules(entity: Entity) -> dict[str, set[str]]:
    """The rules about which fields are given together, each with the names of the fields that it stands at."""
    rules: dict[str, set[str]] = {}
    for field in entity.fields.values():
        for rule in _rules(field):
            if any(form.fullmatch(rule) for form in _OF_PRESENCE):
                rules.setdefault(rule, set()).add(field.name)
    return rules


def _presence_can_be_met(entity: Entity, values: Mapping[str, Value]) -> bool:
    """Whether some fields beside these values make a record that all rules about what is given together let through."""
    presence = _presence_rules(entity)
    if any(not at.issuperset(_named(rule)) for rule, at in presence.items()):
        return False  # it is about an object inside, or about properties that are no fields
    counts = {
        rule: [other.name for other in entity.fields.values() if rule in _rules(other)]
        for field in entity.fields.values()
        for rule in _rules(field)
        if _COUNT.fullmatch(rule) and "Properties" in rule
    }
    needed = {field.name for field in entity.fields.values() if field.required and field.name not in values}
    needed |= {name for name, value in values.items() if value is not None}
    concerned = {name for at in (*presence.values(), *counts.values()) for name in at} - needed - values.keys()
    free = sorted(name for name in concerned if _is_free(entity.fields[name]))
    if len(free) > _MOST_GIVEN:
        return False
    return any(
        all(_lets(rule, needed | set(more)) for rule in presence)
        and all(_has_count(rule, set(at) & (needed | set(more))) for rule, at in counts.items())
        for size in range(len(free) + 1)
        for more in combinations(free, size)
    )


def _named(rule: str) -> set[str]:
    """The names in a rule about what is given together."""
    if branching := _BRANCHING.fullmatch(rule):
        return {name for names in _LIST.findall(branching[1]) for name in _split(names)}
    match = _NEEDED.fullmatch(rule)
    keys = [key.strip() for key, _ in _KEYED.findall(match[1])] if match else []
    return {*keys, *(name for names in _LIST.findall(rule.partition(": ")[2]) for name in _split(names))} - {""}


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.strip("[]{}").removeprefix("required: ").strip("[]").split(",")]


def _lets(rule: str, given: set[str]) -> bool:
    """Whether a rule about what is given together lets through a record with just these fields."""
    if match := _NEEDED.fullmatch(rule):
        return all(
            key.strip() not in given or given.issuperset(_split(names)) for key, names in _KEYED.findall(match[1])
        )
    if match := _BRANCHING.fullmatch(rule):  # whichever branch it is that holds
        return all(given.issuperset(_split(names)) for names in _LIST.findall(match[1]))
    if match := _TOGETHER.fullmatch(rule):
        return not given.issuperset(_split(match[1]))
    match = _BRANCHES.fullmatch(rule)
    met = [given.issuperset(_split(names)) for names in _LIST.findall(match[2])] if match else []
    return any(met) if match and match[1] == "anyOf" else met.count(True) == 1


def _has_count(rule: str, given: set[str]) -> bool:
    match = _COUNT.fullmatch(rule)
    if match is None:
        return False
    return len(_heads(given)) >= int(match[2]) if match[1] == "minProperties" else len(given) <= int(match[2])


def _list_can_be_met(field: Field, value: Value) -> bool:
    """Whether a list that holds the value as an item, as often as need be, meets the rules of the field about lists."""
    least = max(_bounds(field, "minItems"), default=0)
    if any(_CONTAINS.fullmatch(rule) for rule in _rules(field)):
        least = max(least, 2)  # the value, and an item that is wanted
    most = min(_bounds(field, "maxItems"), default=max(least, 1))
    if value is None:
        return least == 0  # there need be no list, or it is empty
    return max(least, 1) <= most and (
        least <= 1 or _UNIQUE not in _rules(field) or _has_others(field, value, least - 1)
    )


def _has_others(field: Field, value: Value, count: int) -> bool:
    """Whether it surely can hold so many further values, all of them different."""
    if count > _MOST_GIVEN or not all(map(is_about_records, _rules(field))):
        return False
    others = field.accepts - ValueSet.exactly([None, value])
    for _ in range(count):
        other = others.witness()
        if other is None:
            return False
        others = others - ValueSet.exactly([other.value])
    return True


def _count_can_be_met(rule: str, entity: Entity, values: Mapping[str, Value]) -> bool:
    """Whether a record with these values can have as many properties as the rules of its object want.

    The fields of one object carry the same rule. Those inside an object in it are one property together: they are counted
    as one where their names begin alike, which is never too many.
    """
    group = [field for field in entity.fields.values() if rule in _rules(field)]
    names = {field.name for field in group}
    given = {name for name in names if values.get(name) is not None}
    given |= {field.name for field in group if field.required and field.name not in values}
    others = {field.name for field in group if field.name not in values and field.name not in given and _is_free(field)}
    least = max((bound for field in group for bound in _bounds(field, "minProperties")), default=0)
    most = min((bound for field in group for bound in _bounds(field, "maxProperties")), default=None)
    missing = max(0, least - len(_heads(given)))
    return missing <= len(_heads(others) - _heads(given)) and (most is None or len(given) + missing <= most)


def _is_free(field: Field) -> bool:
    """Whether it surely can hold a value: nothing but rules about records is unknown of it."""
    return all(map(is_about_records, _rules(field))) and not (field.accepts - ValueSet.null_only()).is_empty()


def _heads(names: set[str]) -> set[str]:
    return {match[0] if (match := _HEAD.match(name)) else name for name in names}


def _bounds(field: Field, word: str) -> list[int]:
    return [int(match[2]) for rule in _rules(field) if (match := _COUNT.fullmatch(rule)) and match[1] == word]
