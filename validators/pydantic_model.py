"""A Pydantic model (version 2) as a module of Python 3.11 that needs nothing but Pydantic.

Types are strict, unknown fields are rejected, and one validator reports every violation of a record with its system.
"""

from __future__ import annotations

import keyword
from typing import TYPE_CHECKING

from .parts import Assertion, GeneratedValidator, assertions_of, unsupported
from .python_words import WORDS, PythonWords, python_literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..application.library import Entry
    from ..contracts.constraint import Type

_PYTHON = {
    "text": "str",
    "integer": "int",
    "decimal": "Union[Decimal, int]",
    "boolean": "bool",
    "date": "datetime.date",
    "time": "datetime.time",
    "datetime": "datetime.datetime",
}
_OF_TYPE: Mapping[Type, str] = {
    "integer": "True",
    "boolean": "True",
    "date": "True",
    "time": "True",
    "text": "is_text({}) is not None",
    "datetime": "{}.tzinfo is not None",
    "decimal": "is_decimal({})",
}
"""The constraints that the types above do not state."""

_HEAD = '''\
"""Made by Fieldline from the contracts of %(entry)s and all systems downstream. Do not edit: generate it again."""

import datetime
import re
from bisect import bisect_right
from decimal import Decimal
from typing import Optional, Union

from pydantic import BaseModel, ConfigDict, Field, model_validator

'''


def pydantic_model(entry: Entry) -> GeneratedValidator:
    """The module's text."""
    fields = list(entry.entity.fields.values())
    places = {field.name: place for place, field in enumerate(fields)}
    words = PythonWords(lambda name: f"r.f{places[name]}", _OF_TYPE)
    assertions, left = assertions_of(entry)
    checks: list[str] = []
    unstated: list[tuple[Assertion, str]] = []
    for assertion in assertions:
        condition = words.condition(assertion)
        if condition is None:
            unstated.append((assertion, "the model cannot express it"))
        else:
            checks.append(f"    ({python_literal(assertion.message)}, lambda r: {condition}),\n")
    name = "".join(part.title() for part in entry.entity.name.replace("-", "_").split("_"))
    name = name if name.isidentifier() and not keyword.iskeyword(name) else "Record"
    lines = [
        f"class {name}(BaseModel):",
        '    model_config = ConfigDict(strict=True, extra="forbid", populate_by_name=True)',
        "",
    ]
    for place, field in enumerate(fields):
        lines.append(f"    f{place}: Optional[{_PYTHON[field.type]}] = Field(None, alias={python_literal(field.name)})")
    lines += ["", '    @model_validator(mode="after")', "    def met(self):"]
    lines += ["        wrong = [message for message, met in CHECKS if not met(self)]"]
    lines += [
        "        if wrong:",
        '            raise ValueError(" ".join(dict.fromkeys(wrong)))',
        "        return self",
        "",
        "",
    ]
    head = _HEAD % {"entry": python_literal(str(entry.entity.full_name))[1:-1]}
    text = f"{head}{WORDS}{words.constants}\n\n{chr(10).join(lines)}CHECKS = [\n{''.join(checks)}]\n"
    return GeneratedValidator(text, (*left, *unsupported(entry, assertions, unstated)))
