"""Parts of a requirement in Python's own words, for modules that need nothing of ours.

Expressions never go back (possessive quantifiers), and where one would be too long an automaton is walked.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from ..values.weight import CODE_POINTS
from .parts import (
    AnyOf,
    Between,
    Comparable,
    Decimals,
    Filled,
    HasType,
    LengthRange,
    OnlyNull,
    TextForm,
    Truths,
    WrittenForm,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..contracts.constraint import Type
    from ..values.solve.table import TransitionTable
    from .parts import Assertion, Part

WORDS = """\
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


def is_decimal(value):
    number = Decimal(value)
    return number.is_finite() and (not number or -1000000 <= number.adjusted() < 1000000)


def decimals(number):
    _, digits, exponent = Decimal(number).as_tuple()
    kept = "".join(map(str, digits)).rstrip("0")
    return max(0, -exponent - len(digits) + len(kept)) if kept else 0


def plain(value):
    if not value:
        return "0"
    if not is_decimal(value):
        return str(value)
    text = format(Decimal(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def written(*texts):
    return "\\ud800".join(text if isinstance(text, str) else "\\ud801" for text in texts)


"""
"""What conditions call. It needs `re`, `bisect_right`, `datetime` and `Decimal`."""


class PythonWords:
    """Writes conditions, and collects the constants that they name."""

    def __init__(self, value: Callable[[str], str], of_type: Mapping[Type, str]) -> None:
        """`value` is the expression of a field's value, `of_type` the condition that a value `{}` is of a type."""
        self._value = value
        self._of_type = of_type
        self._constants: dict[str, str] = {}

    @property
    def constants(self) -> str:
        """The constants that conditions name, a line each."""
        return "".join(f"{name} = {value}\n" for value, name in self._constants.items())

    def condition(self, assertion: Assertion) -> str | None:
        """The condition that a record meets an assertion; None: it cannot be stated."""
        conditions = [self._met(assertion.part, assertion.fields)]
        for name, parts in assertion.guards:
            conditions += [self._met(part, (name,)) for part in parts]
        if any(each is None for each in conditions):
            return None
        wanted, *guards = map(str, conditions)
        return " or ".join([*(f"not ({guard})" for guard in guards), f"({wanted})"])

    def _met(self, part: Part, fields: tuple[str, ...]) -> str | None:
        if isinstance(part, Comparable):
            left, right = map(self._value, fields)
            sign = {"=": "==", "<>": "!="}.get(part.sign, part.sign)
            return f"{left} is None or {right} is None or {left} {sign} {right}"
        if len(fields) > 1:
            return self._of_text(part, f"written({', '.join(map(self._value, fields))})")
        v = self._value(fields[0])
        if isinstance(part, Filled):
            return f"{v} is not None"
        if isinstance(part, OnlyNull):
            return f"{v} is None"
        condition = self._of(part, v)
        return None if condition is None else f"{v} is None or {condition}"

    def _of(self, part: Part, v: str) -> str | None:
        match part:
            case HasType(kind):
                return self._of_type[kind].format(v)
            case Truths(allowed):
                return f"{v} in {sorted(allowed)}"
            case Decimals(most):
                return f"decimals({v}) <= {most}"
            case Between():
                return _between(part, v)
            case AnyOf(ranges):
                return f"({' or '.join(_between(each, v) for each in ranges)})"
            case WrittenForm(form):
                return self._of_text(form, f"plain({v})")
            case _:
                return self._of_text(part, v)

    def _of_text(self, part: Part, v: str) -> str | None:
        match part:
            case LengthRange(weight, low, high):
                weights = f"({weight.step[0]!r}, {weight.step[1]!r})"
                size = f"len({v})" if weight == CODE_POINTS else f"weigh({self._constant('W', weights)}, {v})"
                return f"{low} <= {size}" + ("" if high is None else f" <= {high}")
            case TextForm(_, pattern) if pattern is not None:
                return f"{self._constant('P', f're.compile({python_literal(pattern)}).fullmatch')}({v}) is not None"
            case TextForm(automaton):
                return f"walk({self._table(automaton)}, {v})"
            case _:
                return None

    def _table(self, automaton: TransitionTable) -> str:
        bounds, columns = automaton.columns
        return self._constant("A", repr((bounds, columns, automaton.rows, automaton.accepts)))

    def _constant(self, kind: str, value: str) -> str:
        return self._constants.setdefault(value, f"{kind}{len(self._constants)}")


def _between(part: Between, v: str) -> str:
    ends = [f"{v} {'>' if part.low_is_out else '>='} {_end(part.low)}"] if part.low is not None else []
    ends += [f"{v} {'<' if part.high_is_out else '<='} {_end(part.high)}"] if part.high is not None else []
    return f"({' and '.join(ends)})"


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


def python_literal(text: str) -> str:
    """A text as Python writes it, in ASCII."""
    return ascii(text)
