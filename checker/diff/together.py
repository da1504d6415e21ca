"""Fields that are judged together: a rule that reads several of them needs them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...contracts.constraint import FieldsCheck, RequiredWhen

if TYPE_CHECKING:
    from collections.abc import Collection

    from ...contracts.model import Contracts
    from ...documents.names import FieldName


def with_rules(names: Collection[FieldName], versions: Collection[Contracts]) -> set[FieldName]:
    """The fields, and those that rules of any of these versions name beside them."""
    found = set(names)
    todo = list(found)
    for name in todo:
        for contracts in versions:
            field = contracts.field(name)
            for constraint in () if field is None else field.constraints:
                if isinstance(constraint.restriction, RequiredWhen | FieldsCheck):
                    todo += (more := set(constraint.restriction.condition.fields) - found)
                    found |= more
    return found
