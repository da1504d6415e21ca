"""A pandera schema for polars frames as a module of Python 3.11 that needs nothing but pandera and polars.

    from signup import schema
    schema.validate(frame, lazy=True)

`fieldline.pandera_schema(entry)` is the same and quicker, where Fieldline itself is at hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .parts import Assertion, Filled, GeneratedValidator, assertions_of, unsupported
from .python_words import WORDS, PythonWords, python_literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..application.library import Entry
    from ..contracts.constraint import Type

_OF_TYPE: Mapping[Type, str] = {
    "text": "isinstance({0}, str) and is_text({0}) is not None",
    "integer": "is_number({0}) and {0} == int({0})",
    "decimal": "is_number({0})",
    "boolean": "isinstance({0}, bool)",
    "date": "type({0}) is datetime.date",
    "time": "isinstance({0}, datetime.time)",
    "datetime": "isinstance({0}, datetime.datetime) and {0}.tzinfo is not None",
}

_HEAD = '''\
"""Made by Fieldline from the contracts of %(entry)s and all systems downstream. Do not edit: generate it again."""

import datetime
import re
from bisect import bisect_right
from decimal import Decimal

import pandera.polars as pa
import polars as pl

'''
_TAIL = """
def is_number(value):
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool) and is_decimal(value)


def exact(value):
    return Decimal(repr(value)) if isinstance(value, float) else value


def meeting(names, met):
    def accepts(row):
        try:
            return bool(met({name: exact(row.get(name)) for name in names}))
        except (TypeError, AttributeError, ArithmeticError, ValueError):
            return False

    def check(data):
        present = [name for name in names if name in data.lazyframe.collect_schema()]
        if not present:
            return data.lazyframe.select(pl.lit(accepts({})))
        row = pl.struct(present)
        return data.lazyframe.select(row.map_elements(accepts, return_dtype=pl.Boolean, skip_nulls=False))

    return check


def differing(name):
    return lambda data: data.lazyframe.select(pl.col(name).is_null() | pl.col(name).is_first_distinct())


def check(names, message, met):
    return pa.Check(meeting(names, met), error=message, ignore_na=False)


"""


def pandera_module(entry: Entry) -> GeneratedValidator:
    """The module's text."""
    words = PythonWords(lambda name: f"r[{python_literal(name)}]", _OF_TYPE)
    assertions, left = assertions_of(entry)
    own: dict[str, list[str]] = {name: [] for name in entry.entity.fields}
    together: list[str] = []
    filled = set()
    unstated: list[tuple[Assertion, str]] = []
    for assertion in assertions:
        condition = words.condition(assertion)
        if condition is None:
            unstated.append((assertion, "the schema cannot express it"))
            continue
        names = list(dict.fromkeys((*assertion.fields, *(name for name, _ in assertion.guards))))
        listed = ", ".join(map(python_literal, names))
        check = f"check([{listed}], {python_literal(assertion.message)}, lambda r: {condition})"
        (own[names[0]] if len(names) == 1 else together).append(check)
        if isinstance(assertion.part, Filled) and not assertion.guards:
            filled.add(names[0])
    said_of_all = set()
    for unique in entry.requirement.unique:
        if not unique.steps:
            message = f"{unique.field}: {unique.binding.sentence}"
            own[unique.field].append(
                f"pa.Check(differing({python_literal(unique.field)}), error={python_literal(message)}, ignore_na=False)"
            )
            said_of_all.add(message)
    columns = [
        f"    {python_literal(name)}: pa.Column(None, [\n"
        + "".join(f"        {check},\n" for check in checks)
        + f"    ], nullable=True, required={name in filled}),\n"
        for name, checks in own.items()
    ]
    head = _HEAD % {"entry": python_literal(str(entry.entity.full_name))[1:-1]}
    schema = f"schema = pa.DataFrameSchema({{\n{''.join(columns)}}}, checks=[\n"
    schema += (
        "".join(f"    {check},\n" for check in together) + f"], name={python_literal(str(entry.entity.full_name))})\n"
    )
    still_left = tuple(each for each in left if each.message not in said_of_all)
    return GeneratedValidator(
        f"{head}{WORDS}{words.constants}\n{_TAIL}{schema}", (*still_left, *unsupported(entry, assertions, unstated))
    )
