"""A contract in the words of Fieldline's own files: the keys and values that, read again, give the same contract.

    words = contract_words(system)      # {"system": "billing", "entities": {"customer": {"fields": {…}}}}

Texts, whole numbers, truth values and Decimals; dates, times and instants as texts in ISO 8601. Owners, repairs and
impacts are written at the outermost level they apply to.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ...contracts.constraint import (
    CheckDigits,
    Digits,
    Encodable,
    FieldsCheck,
    Length,
    Matches,
    NoneOf,
    NotNull,
    OfType,
    OneOf,
    OpaqueRule,
    Range,
    RequiredWhen,
    SecondDecimals,
    SignificantDigits,
    StoredAs,
)
from ...contracts.field_keys import usual_action
from ...contracts.store import STORE_SECONDS, FileStore, FixedWidthStore, HttpStore, TableStore
from ...documents.days import TODAY, DayShift

if TYPE_CHECKING:
    from ...contracts.constraint import Constraint
    from ...contracts.model import Entity, Field, Repair, System, Unique
    from ...contracts.store import StorePlace
    from ...values.valueset import Value

KeyValues: TypeAlias = dict[str, Any]


def contract_words(system: System) -> KeyValues:
    """A whole contract."""
    return {
        "system": system.name,
        **({"title": system.title.written} if system.title else {}),
        **({"domain": system.domain} if system.domain else {}),
        **answers(system),
        **({"customer_text": system.customer_text.written} if system.customer_text else {}),
        "entities": {entity.name: entity_words(entity, system) for entity in system.entities.values()},
    }


def entity_words(entity: Entity, system: System) -> KeyValues:
    """One entity of it."""
    return {
        "kind": entity.kind,
        **({"title": entity.title.written} if entity.title else {}),
        **_pairs_words(entity),
        **answers(entity, system),
        **check_words(entity),
        **_store_words(entity),
        "fields": {field.name: field_words(field, entity) for field in entity.fields.values()},
    }


def _pairs_words(entity: Entity) -> KeyValues:
    """The demands on pairs of records that no field states by itself."""
    together: list[Any] = []
    for unique in entity.unique:
        if len(unique.fields) > 1 and not unique.is_key:
            names, compared = list(unique.fields), unique_words(unique)
            together.append(names if compared is True else {"fields": names, **compared})
    key = set(entity.key)
    rejected = any(set(unique.fields) == key and not unique.updates for unique in entity.unique)
    return {
        **({"key": list(entity.key)} if key else {}),
        **({"on_duplicate": "reject"} if key and rejected else {}),
        **({"unique": together} if together else {}),
    }


def check_words(entity: Entity) -> KeyValues:
    """The rules between its fields."""
    checks = [
        {
            "rule": constraint.restriction.condition.text,
            **({"name": constraint.restriction.name} if constraint.restriction.name else {}),
            **({"message": constraint.restriction.message.written} if constraint.restriction.message else {}),
        }
        for field in entity.fields.values()
        for constraint in field.constraints
        if isinstance(constraint.restriction, FieldsCheck)
    ]
    return {"check": [each if len(each) > 1 else each["rule"] for each in checks]} if checks else {}


def unique_words(unique: Unique) -> Literal[True] | KeyValues:
    """How the values of a unique field are compared; True: as they are."""
    words: KeyValues = {}
    compared = list(unique.compared)
    if compared[-1:] == ["lower"]:
        words["case"] = "insensitive"
        compared.pop()
    if compared:
        words["compared"] = compared
    if unique.one_null:
        words["nulls"] = "one"
    if unique.opaque is not None:
        words["opaque"] = unique.opaque
    if unique.only_beyond_ascii:
        words["beyond"] = "ascii"
    return words or True


def field_words(field: Field, entity: Entity) -> KeyValues:
    """One field of it."""
    words: KeyValues = {"title": field.title.written} if field.title else {}
    words["type"] = field.type
    rules: list[str] = []
    ways = [_way(way.restriction) for way in field.stored if isinstance(way.restriction, StoredAs)]
    scale = next(
        (c.restriction.decimals for c in field.constraints if c.name == "scale" and isinstance(c.restriction, Digits)),
        0,
    )
    for constraint in field.constraints:
        if isinstance(constraint.restriction, OpaqueRule):
            rules.append(constraint.restriction.rule)
        else:
            words |= _with_action(constraint, _restriction(constraint, scale or 0), field)
    if ways:
        words["stored"] = ways if len(ways) > 1 else ways[0]
    if field.unique is not None:
        words["unique"] = unique_words(field.unique)
    if field.name in entity.key and not field.required:
        words["required"] = False
    if field.on_violation != "reject":
        words["on_violation"] = field.on_violation
    words |= _fill(field)
    if rules:
        words["opaque"] = rules
    if field.declared:
        words["declared"] = list(field.declared)
    if field.same is not None:
        words["same"] = field.same
    if field.same_as is not None:
        words["same_as"] = str(field.same_as)
    if field.source is not None:
        words["source"] = field.source
    return words | answers(field, entity)


def _fill(field: Field) -> KeyValues:
    """What fills the field without a flow."""
    words: KeyValues = {}
    fill = field.fill
    if fill is not None and fill.by == "default":
        words["default"] = {"expression": fill.expression or ""} if fill.value is None else written(fill.value)
    elif fill is not None and fill.by == "generated":
        words["generated"] = fill.expression or True
    elif fill is not None:
        words["identity"] = "always" if fill.sent == "rejected" else "by_default"
    if field.filled_by is not None:
        words["filled_by"] = field.filled_by
    return words


def _way(stored: StoredAs) -> str | KeyValues:
    """A way of storing, with its length where it has one of its own."""
    match stored.length:
        case None:
            return stored.way
        case Length(_, limit, "bytes", encoding):
            return {stored.way: {"max_bytes": {"limit": limit, "encoding": encoding}}}
        case Length(_, limit, unit):
            return {stored.way: {"max_utf16" if unit == "utf16" else "max_length": limit}}


def _with_action(constraint: Constraint, words: KeyValues, field: Field) -> KeyValues:
    """The key of a constraint, with its action where that does not follow from the field's."""
    action = constraint.on_violation
    if action == usual_action(field.on_violation, constraint.name, constraint.restriction):
        return words
    return {name: _mapped(constraint, value) | {"on_violation": action} for name, value in words.items()}


def _mapped(constraint: Constraint, value: Any) -> KeyValues:  # noqa: ANN401 - the values of YAML and JSON
    """The value of a constraint as a mapping, in which its action can stand."""
    if isinstance(value, dict):
        return value
    match constraint.restriction:
        case Encodable():
            return {"encoding": value}
        case CheckDigits():
            return {"scheme": value}
        case Matches():
            return {"regex": value}
        case OneOf() | NoneOf():
            return {"values": value}
        case _:
            return {"limit": value}


def _restriction(constraint: Constraint, scale: int) -> KeyValues:
    """The key of a constraint with its value; `scale` is the field's number of decimals, which `precision` includes."""
    name = constraint.name
    match constraint.restriction:
        case OfType(kind):
            return {name: kind}
        case NotNull():
            return {name: True}
        case RequiredWhen(condition):
            return {name: {"when": condition.text}}
        case Length(low, high, "bytes", encoding):
            return {name: {"limit": high if low is None else low, "encoding": encoding}}
        case Length(low, high, _):
            return {name: high if low is None else low}
        case Encodable(encoding):
            return {name: encoding}
        case CheckDigits(scheme):
            return {name: scheme}
        case Matches(regex, "ecma", ""):
            return {name: regex}
        case Matches(regex, dialect, flags):
            return {name: {"regex": regex, "dialect": dialect, **({"flags": flags} if flags else {})}}
        case OneOf(values, _) | NoneOf(values, _):
            return {name: [written(value) for value in values]}
        case Range(_, _, _, DayShift() as counted):
            return {name: "today" if counted == TODAY else {"today": counted.written}}
        case Range(low, high):
            return {name: written(high if low is None else low)}
        case SignificantDigits(most, None):
            return {name: most}
        case SignificantDigits(most, whole):
            return {name: {"limit": most, "whole": whole}}
        case SecondDecimals(most):
            return {name: most}
        case Digits(whole, decimals):
            return {name: decimals if name == "scale" else (whole or 0) + scale}
        case _:
            return {}


def written(value: Value) -> Any:  # noqa: ANN401 - the values of YAML and JSON
    """A value as it is written in a contract."""
    match value:
        case None | bool() | str() | int() | Decimal():
            return value
        case _:
            return value.isoformat()


def anchored(pattern: str) -> str:
    """A pattern of the whole value as one for a search: `[a-z]+` is `^[a-z]+$`, `a|b` is `^(?:a|b)$`."""
    return f"^(?:{pattern})$" if "|" in pattern or pattern.startswith("(?:") else f"^{pattern}$"


def answers(of: System | Entity | Field, outer: System | Entity | None = None) -> KeyValues:
    """The owner, the repair and the impact of something, where they differ from those of the outer level."""
    words: KeyValues = {}
    if of.owner is not None and (outer is None or of.owner != outer.owner):
        words["owner"] = {"team": of.owner.team, **({"contact": of.owner.contact} if of.owner.contact else {})}
    if of.repair is not None and (outer is None or of.repair != outer.repair):
        words["repair"] = _repair(of.repair)
    if of.impact is not None and (outer is None or of.impact != outer.impact):
        words["impact"] = {
            **({"critical": True} if of.impact.is_critical else {}),
            "text": of.impact.text.written,
            **({"missed": {name: text.written for name, text in of.impact.missed}} if of.impact.missed else {}),
            **({"money": dict(of.impact.money)} if of.impact.money else {}),
        }
    return words


def _repair(repair: Repair) -> KeyValues:
    from isodate import duration_isoformat

    return {
        **({"by": list(repair.by)} if repair.by else {}),
        **({"typically": duration_isoformat(repair.typically)} if repair.typically is not None else {}),
        **({"hours": repair.hours} if repair.hours else {}),
        **({"channel": repair.channel} if repair.channel else {}),
        **({"url": repair.url} if repair.url else {}),
        **({"roles": list(repair.roles)} if repair.roles else {}),
    }


def _store_words(entity: Entity) -> KeyValues:
    """Where its records are, and the field that says when one changed."""
    words: KeyValues = {}
    store = entity.store
    if store is not None:
        words["store"] = {
            **_place_words(store.place),
            **({"seconds": store.seconds} if store.seconds != STORE_SECONDS else {}),
            **({"columns": dict(store.columns)} if store.columns else {}),
            **({"zone": store.zone} if store.zone else {}),
        }
    if entity.changed is not None:
        words["changed"] = entity.changed
    return words


def _place_words(place: StorePlace) -> KeyValues:
    match place:
        case TableStore(variable, table):
            return {"database": variable, "table": table}
        case FileStore(file):
            return {"file": file}
        case FixedWidthStore(file, encoding, parts, length):
            layout = {
                name: {
                    "start": part.start,
                    "length": part.length,
                    **({"kind": part.kind} if part.kind != "text" else {}),
                    **({"decimals": part.decimals} if part.decimals else {}),
                }
                for name, part in parts.items()
            }
            words = {"file": file, "encoding": encoding, "layout": layout}
            return words if length is None else {**words, "record_length": length}
        case HttpStore(variable, paths, record, token):
            return {
                "http": variable,
                "path": list(paths),
                **({"record": ".".join(("$", *record))} if record else {}),
                **({"token": token} if token else {}),
            }
