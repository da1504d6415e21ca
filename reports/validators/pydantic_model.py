"""A Pydantic model (version 2) as a module of Python 3.11 that needs nothing but Pydantic.

Types are strict, unknown fields are refused, and one validator says all that is wrong with a record, with who demands it.
Expressions never go back (possessive quantifiers), and where one would be too long an automaton is walked.
"""

from __future__ import annotations

import keyword
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from ...contracts.values.weight import CODE_POINTS
from .parts import Between, Decimals, Demand, Filled, Form, Generated, Left, Length, OfType, Truths, demands_of, missed

if TYPE_CHECKING:
    from ...contracts.values.table import Table
    from ..library import Entry
    from .parts import Part

_PYTHON = {
    "text": "str",
    "integer": "int",
    "decimal": "Union[Decimal, int]",
    "boolean": "bool",
    "date": "date",
    "time": "time",
    "datetime": "datetime",
}

_HEAD = '''\
"""Made by Fieldline from the contracts of everything behind %(entry)s. Do not edit: make it again."""

import datetime
import re
from bisect import bisect_right
from decimal import Decimal
from typing import Optional, Union

from pydantic import BaseModel, ConfigDict, Field, model_validator

is_text = re.compile("[^\\ud800-\\udfff]*+").fullmatch


def weigh(weights, text):
    bounds, units = weights
    return sum(units[bisect_right(bounds, ord(c))] for c in text)


def walk(automaton, text):
    bounds, columns, rows, accepts = automaton
    state = 0
    for c in text:
        state = rows[state][columns[bisect_right(bounds, ord(c))]]
        if state < 0:
            return False
    return accepts[state]


def decimals(number):
    return max(0, -Decimal(number).normalize().as_tuple().exponent)


def written(*texts):
    return "\\ud800".join("\\ud801" if text is None else text for text in texts)


'''


def pydantic_model(entry: Entry) -> Generated:
    """The module's text."""
    return _Model(entry).generated()


class _Model:
    def __init__(self, entry: Entry) -> None:
        self._entry = entry
        self._fields = list(entry.entity.fields.values())
        self._places = {field.name: place for place, field in enumerate(self._fields)}
        self._constants: dict[str, str] = {}
        self._left: list[Left] = []
        self._unsaid: list[tuple[Demand, str]] = []

    def generated(self) -> Generated:
        demands, left = demands_of(self._entry)
        checks = [line for demand in demands if (line := self._check(demand)) is not None]
        name = "".join(part.title() for part in self._entry.entity.name.replace("-", "_").split("_"))
        name = name if name.isidentifier() and not keyword.iskeyword(name) else "Record"
        lines = [
            f"class {name}(BaseModel):",
            '    model_config = ConfigDict(strict=True, extra="forbid", populate_by_name=True)',
            "",
        ]
        for place, field in enumerate(self._fields):
            kind = _PYTHON[field.type]
            kind = f"datetime.{kind}" if kind in {"date", "time", "datetime"} else kind
            lines.append(f"    f{place}: Optional[{kind}] = Field(None, alias={_literal(field.name)})")
        lines += ["", '    @model_validator(mode="after")', "    def met(self):"]
        lines += ["        wrong = [message for message, met in CHECKS if not met(self)]"]
        lines += [
            "        if wrong:",
            '            raise ValueError(" ".join(dict.fromkeys(wrong)))',
            "        return self",
            "",
            "",
        ]
        body = "".join(f"    {line},\n" for line in checks)
        constants = "".join(f"{name} = {value}\n" for value, name in self._constants.items())
        head = _HEAD % {"entry": _literal(self._entry.entity.full_name)[1:-1]}
        text = f"{head}{constants}\n\n{chr(10).join(lines)}CHECKS = [\n{body}]\n"
        return Generated(text, (*left, *self._left, *missed(self._entry, demands, self._unsaid)))

    def _check(self, demand: Demand) -> str | None:
        told = [self._condition(demand.part, demand.fields)]
        for name, parts in demand.guards:
            told += [self._condition(part, (name,)) for part in parts]
        if any(each is None for each in told):
            self._unsaid.append((demand, "the model has no words for it"))
            return None
        wanted, *guards = map(str, told)
        condition = " or ".join([*(f"not ({guard})" for guard in guards), f"({wanted})"])
        return f"({_literal(demand.message)}, lambda r: {condition})"

    def _condition(self, part: Part, fields: tuple[str, ...]) -> str | None:
        if len(fields) > 1:
            values = ", ".join(f"r.f{self._places[name]}" for name in fields)
            return self._of_text(part, f"written({values})")
        v = f"r.f{self._places[fields[0]]}"
        if isinstance(part, Filled):
            return f"{v} is not None"
        found = self._of(part, v)
        return None if found is None else f"{v} is None or {found}"

    def _of(self, part: Part, v: str) -> str | None:
        match part:
            case OfType("text"):
                return f"is_text({v}) is not None"
            case OfType("datetime"):
                return f"{v}.tzinfo is not None"
            case OfType("decimal"):
                return f"Decimal({v}).is_finite()"
            case OfType():
                return "True"
            case Truths(allowed):
                return f"{v} in {sorted(allowed)}"
            case Decimals(most):
                return f"decimals({v}) <= {most}"
            case Between(low, high, low_is_out, high_is_out):
                ends = [f"{v} {'>' if low_is_out else '>='} {_end(low)}"] if low is not None else []
                ends += [f"{v} {'<' if high_is_out else '<='} {_end(high)}"] if high is not None else []
                return f"({' and '.join(ends)})"
            case _:
                return self._of_text(part, v)

    def _of_text(self, part: Part, v: str) -> str | None:
        match part:
            case Length(weight, low, high):
                weights = f"({weight.step[0]!r}, {weight.step[1]!r})"
                size = f"len({v})" if weight == CODE_POINTS else f"weigh({self._constant('W', weights)}, {v})"
                return f"{low} <= {size}" + ("" if high is None else f" <= {high}")
            case Form(_, pattern) if pattern is not None:
                return f"{self._constant('P', f're.compile({_literal(pattern)}).fullmatch')}({v}) is not None"
            case Form(automaton):
                return f"walk({self._table(automaton)}, {v})"
            case _:
                return None

    def _table(self, automaton: Table) -> str:
        bounds, columns = automaton.columns
        return self._constant("A", repr((bounds, columns, automaton.rows, automaton.accepts)))

    def _constant(self, kind: str, value: str) -> str:
        return self._constants.setdefault(value, f"{kind}{len(self._constants)}")


def _end(end: object) -> str:
    match end:
        case datetime():
            return f"datetime.datetime.fromisoformat({end.isoformat()!r})"
        case date():
            return f"datetime.date.fromisoformat({end.isoformat()!r})"
        case time():
            return f"datetime.time.fromisoformat({end.isoformat()!r})"
        case _:
            return f"Decimal({str(end)!r})"


def _literal(text: str) -> str:
    return ascii(text)
