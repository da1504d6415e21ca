"""What if: contracts as they would be with some constraints changed, without a file that says so.

    crm.person.login.max_length=20
    billing.customer.status.one_of=[OPEN, CLOSED]
    web.signup.code.pattern=                          nothing: without the constraint

A value is written as in a contract, lists and mappings on one line; a pattern and every other plain value stands as it is.
What a constraint says besides its value stays: the encoding of a number of bytes, the dialect of a pattern, the action.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..documents.location import Location
from ..documents.names import FieldName
from ..documents.problem import Problems, nearest, shorten
from ..documents.yaml_events import MappingNode, ScalarNode, read
from . import layout
from .constraint import Digits, Length, Matches
from .field_keys import check_bounds, read_constraints

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from ..documents.yaml_events import Node
    from .constraint import Constraint, OnViolation
    from .model import Contracts, Field

SUPPOSED = "--what-if"
"""The file that places in such statements point into: a line each."""

_KEYS = tuple(key.name for key in layout.CONSTRAINTS if key.name not in {layout.TYPE.name, layout.OPAQUE.name})
"""The constraints that can be changed."""
_FORM = "system.entity.field.constraint=value"


def supposed(contracts: Contracts, statements: Sequence[str], problems: Problems, today: date) -> Contracts:
    """Contracts with some constraints changed; what is not changed is the same object. Bad statements are problems."""
    changed: dict[FieldName, Field] = {}
    stated: dict[tuple[FieldName, str], ScalarNode] = {}
    for line, statement in enumerate(statements, 1):
        read_statement = _named(contracts, statement, line, problems)
        if read_statement is None:
            continue
        field, key, value = read_statement
        if (field.full_name, key.value) in stated:
            problems.add(key.location, f"{field.full_name}.{key.value} is changed twice", length=key.length)
            continue
        stated[field.full_name, key.value] = key
        earlier = changed.get(field.full_name, field)
        new = _with(earlier, key, value, problems, today)
        if new is not None:
            changed[field.full_name] = new
    last_of_field = {name: key for (name, _), key in stated.items()}
    for name, key in last_of_field.items():
        crossed = Problems()
        check_bounds(changed[name].constraints if name in changed else (), crossed)
        for problem in crossed.all()[:1]:
            problems.add(key.location, problem.message, length=key.length)
    return with_fields(contracts, changed.values())


def with_constraint(field: Field, constraint: Constraint) -> Field:
    """A field with a constraint in place of the one of that name, or besides all others."""
    names = [each.name for each in field.constraints]
    kept = list(field.constraints)
    if constraint.name in names:
        kept[names.index(constraint.name)] = constraint
    else:
        kept.append(constraint)
    return replace(field, constraints=tuple(kept), required=field.required or constraint.name == layout.REQUIRED.name)


def with_fields(contracts: Contracts, fields: Iterable[Field]) -> Contracts:
    """Contracts with some of their fields replaced by others of the same names."""
    systems = dict(contracts.systems)
    for field in fields:
        system = systems[field.system]
        entity = system.entities[field.entity]
        entity = replace(entity, fields={**entity.fields, field.name: field})
        systems[field.system] = replace(system, entities={**system.entities, field.entity: entity})
    return replace(contracts, systems=systems)


def _named(
    contracts: Contracts, statement: str, line: int, problems: Problems
) -> tuple[Field, ScalarNode, tuple[str, Location]] | None:
    """The field, the constraint's key, and the written value with its place; None after a problem."""
    at = Location(SUPPOSED, line, 1)
    left, equals, value = statement.partition("=")
    name, dot, key = left.rpartition(".")
    if not equals or not dot or name.count(".") < 2 or not statement.isprintable():
        problems.add(
            at,
            f"{shorten(statement) if statement else 'an empty word'} changes nothing",
            expected=_FORM,
            length=len(statement),
        )
        return None
    field = contracts.field(FieldName.read(name))
    if field is None:
        guess = contracts.suggest(FieldName.read(name))
        message = f"no contract has the field {shorten(name)}"
        problems.add(at, message, suggestion=str(guess) if guess else None, length=len(name))
        return None
    place = at.after(len(name) + 1)
    if key not in _KEYS:
        message = f"{shorten(key) or 'nothing'} is no constraint that can be changed"
        guess_key = nearest(key, _KEYS)
        problems.add(place, message, expected=", ".join(_KEYS), suggestion=guess_key, length=len(key))
        return None
    node = ScalarNode(key, plain=True, location=place, length=len(key))
    return field, node, (value, at.after(len(left) + 1))


def _with(field: Field, key: ScalarNode, value: tuple[str, Location], problems: Problems, today: date) -> Field | None:
    """The field with one constraint changed; None after a problem."""
    old = next((constraint for constraint in field.constraints if constraint.name == key.value), None)
    others = tuple(constraint for constraint in field.constraints if constraint.name != key.value)
    required = field.required and key.value != layout.REQUIRED.name
    if not value[0]:
        return replace(field, constraints=others, required=required)
    node = _node(key.value, value, old, problems)
    if node is None:
        return None
    if key.value == layout.REQUIRED.name and isinstance(node, MappingNode):
        problems.add(node.location, "a condition cannot be supposed", expected="true or false", length=len(value[0]))
        return None
    keys: dict[str, Node] = {
        layout.TYPE.name: _scalar(field.type, key.location),
        layout.ON_VIOLATION.name: _scalar(field.on_violation, key.location),
        **_beside(field, key),
    }
    entries = tuple((_scalar(name, key.location), each) for name, each in keys.items())
    before = len(problems)
    record = layout.FIELD.read(MappingNode((*entries, (key, node)), key.location), problems)
    if record is None:
        return None
    new = {each.name: each for each in read_constraints(record, field.type, problems, today)}
    if len(problems) > before:
        return None
    constraint = new.get(key.value)
    if constraint is None:  # required: false
        return replace(field, constraints=others, required=required)
    if old is not None and constraint.on_violation == "reject" and not value[0].startswith("{"):
        constraint = replace(constraint, on_violation=old.on_violation)
    changed = with_constraint(field, constraint)
    other = new.get(layout.PRECISION.name) if key.value == layout.SCALE.name else None
    return changed if other is None else with_constraint(changed, replace(other, on_violation=_action(field, other)))


def _action(field: Field, constraint: Constraint) -> OnViolation:
    return next(each.on_violation for each in field.constraints if each.name == constraint.name)


def _node(key: str, value: tuple[str, Location], old: Constraint | None, problems: Problems) -> Node | None:
    """A value as it would stand in a contract, at its place; None after a problem."""
    text, place = value
    if text.startswith("{") or (text.startswith("[") and key in {layout.ONE_OF.name, layout.NOT_ONE_OF.name}):
        return read("\n" * (place.line - 1) + " " * (place.column - 1) + text, SUPPOSED, problems)
    scalar = ScalarNode(text, plain=True, location=place, length=len(text))
    match key, old.restriction if old is not None else None:
        case (("min_bytes" | "max_bytes"), Length(_, _, "bytes", str(encoding))):
            return _mapping(
                place, {layout.BYTE_LIMIT.name: scalar, layout.LIMIT_ENCODING.name: _scalar(encoding, place)}
            )
        case "pattern", Matches(_, dialect, flags):
            others = {layout.DIALECT.name: dialect, **({layout.FLAGS.name: flags} if flags else {})}
            return _mapping(
                place, {layout.REGEX.name: scalar, **{name: _scalar(each, place) for name, each in others.items()}}
            )
        case _:
            return scalar


def _beside(field: Field, key: ScalarNode) -> Mapping[str, Node]:
    """The other number that a precision or a scale is read with."""
    digits = {each.name: each.restriction for each in field.constraints if isinstance(each.restriction, Digits)}
    precision, scale = (digits.get(name) for name in ("precision", "scale"))
    decimals = 0 if scale is None or scale.decimals is None else scale.decimals
    if key.value == layout.PRECISION.name and scale is not None:
        return {layout.SCALE.name: _scalar(str(decimals), key.location)}
    if key.value == layout.SCALE.name and precision is not None and precision.whole is not None:
        return {layout.PRECISION.name: _scalar(str(precision.whole + decimals), key.location)}
    return {}


def _mapping(place: Location, keys: Mapping[str, Node]) -> MappingNode:
    return MappingNode(tuple((_scalar(name, place), node) for name, node in keys.items()), place)


def _scalar(text: str, place: Location) -> ScalarNode:
    return ScalarNode(text, plain=True, location=place, length=len(text))
