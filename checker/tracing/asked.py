"""What a person asks about: fields by any of their names, values as they were typed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...contracts.field_keys import read_value
from ...documents.names import FieldName
from ...documents.problem import EstateError, Problem, Problems, nearest
from ...values.error import FieldlineError
from ..messages import listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...contracts.model import Entity, Field
    from ...documents.names import EntityName
    from ...estate.load import Estate
    from ...values.valueset import Value

_MOST_SUGGESTED = 8
_TRUTHS = {"true": True, "false": False}


class UnknownField(FieldlineError, LookupError):
    """No contract has the field, or `several` have one of this name; `suggestion` names those that may be meant.

    `entity`: whose fields alone were looked through; None: all.
    """

    def __init__(
        self, name: str, suggestion: str | None, *, several: bool = False, entity: EntityName | None = None
    ) -> None:
        super().__init__(name)
        self.name = name
        self.suggestion = suggestion
        self.several = several
        self.entity = entity


@dataclass(frozen=True, slots=True)
class Asked:
    """Values of one entity's record that somebody asks about."""

    field: Field
    """The field that is looked at first."""
    values: Mapping[FieldName, Value]
    """The values that are given, that of the field included; the other fields of the record may hold anything."""

    @property
    def value(self) -> Value:
        """The value of that field."""
        return self.values[self.field.full_name]


def named_field(estate: Estate, name: str, entity: Entity | None = None) -> Field:
    """The field with a full name, a shorter one (`person.login`, `login`) or a title. Raises UnknownField.

    `entity`: whose fields alone are meant.
    """
    full_name = FieldName.read(name)
    field = estate.contracts.field(full_name)
    if field is not None and (entity is None or entity.full_name == full_name.entity_name):
        return field
    wanted = name.strip().casefold()
    fields = estate.contracts.fields.values() if entity is None else entity.fields.values()
    meant = [field for field in fields if wanted in _names(field)]
    within = None if entity is None else entity.full_name
    if len(meant) == 1:
        return meant[0]
    if meant:
        names = [str(field.full_name) for field in meant]
        raise UnknownField(name, listed(names, "or", most=_MOST_SUGGESTED), several=True, entity=within)
    if entity is not None:
        raise UnknownField(name, nearest(name, tuple(entity.fields)), entity=within)
    suggestion = estate.contracts.suggest(full_name)
    raise UnknownField(name, None if suggestion is None else str(suggestion))


def _names(field: Field) -> set[str]:
    names = {field.name, f"{field.entity}.{field.name}", *(field.title.texts if field.title else ())}
    return {name.casefold() for name in names}


_SURROGATE = re.compile("[\ud800-\udfff]")


def asked_value(field: Field, text: str | None) -> Value:
    """A typed text as a value of a field's type; None: null. Raises EstateError."""
    if text is None:
        return None
    if not text.isascii() and _SURROGATE.search(text):  # bytes that are no UTF-8
        raise EstateError([Problem(None, "the value cannot be read", expected="text in the terminal's own encoding")])
    if field.type == "boolean" and text in _TRUTHS:
        return _TRUTHS[text]
    problems = Problems()
    value = read_value(text, field.type, problems)
    if problems:
        where = f"{field.full_name} is of type {field.type}: "
        raise EstateError(
            replace(problem, location=None, message=where + problem.message) for problem in problems.all()
        )
    return value


def asked_record(estate: Estate, values: Mapping[str, str | None], entity: Entity | None = None) -> Asked:
    """The values that are given, by names of fields of one entity, as somebody typed them; None: null.

    `entity`: whose fields they are. The field looked at first is the first that has a value. Raises UnknownField,
    EstateError.
    """
    fields = {name: named_field(estate, name, entity) for name in values}
    first = next(iter(fields.values()), None)
    if first is None:
        raise EstateError([Problem(None, "no value is given", expected="a field with its value: field=value")])
    for name, field in fields.items():
        if field.full_name.entity_name != first.full_name.entity_name:
            raise EstateError(
                [
                    Problem(
                        None,
                        f"{name} is a field of {field.full_name.entity_name}",
                        expected=f"fields of one record: of {first.full_name.entity_name}, as {first.full_name} is",
                    )
                ]
            )
    given: dict[FieldName, Value] = {}
    for name, field in fields.items():
        if field.full_name in given:
            raise EstateError([Problem(None, f"{field.full_name} is given more than once", expected="each field once")])
        given[field.full_name] = asked_value(field, values[name])
    filled = next((name for name, value in given.items() if value is not None), first.full_name)
    return Asked(estate.contracts.fields[filled], given)
