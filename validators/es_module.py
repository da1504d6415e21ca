"""A JavaScript module (ECMA-262, ES2020) without any dependency: `validate(record)` and `isValid(record)`.

A record is a plain object: texts and dates as strings, numbers as numbers, absent or null for nothing. Lengths are
counted in the unit of the system that constrains them; a text with a lone surrogate is rejected. Automata are walked as
tables, so no text makes it slow.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ..values.plausible import MARK, NULL_MARK
from ..values.weight import CODE_POINTS, UTF16
from .parts import (
    AnyOf,
    Assertion,
    Between,
    Comparable,
    Decimals,
    Filled,
    GeneratedValidator,
    HasType,
    LengthRange,
    OnlyNull,
    TextForm,
    Truths,
    Unsupported,
    WrittenForm,
    assertions_of,
    calendar,
    unsupported,
)

if TYPE_CHECKING:
    from ..application.library import Entry
    from ..values.solve.table import TransitionTable
    from .parts import Part

_ORDERED = ("integer", "decimal", "date")
"""Types whose values JavaScript orders as we do: numbers, and dates as texts."""

_HEAD = """\
// %s
// Made by Fieldline from the contracts of this entry and all systems downstream. Do not edit: generate it again.

const isText = (v) => typeof v === "string" && !/[\\ud800-\\udfff]/u.test(v);
const isNumber = (v) => typeof v === "number" && Number.isFinite(v);
const at = (bounds, code) => {
  let low = 0, high = bounds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bounds[middle] <= code) low = middle + 1;
    else high = middle;
  }
  return low;
};
const weigh = ([bounds, weights], v) => {
  let sum = 0;
  for (const c of v) sum += weights[at(bounds, c.codePointAt(0))];
  return sum;
};
const walk = ([bounds, columns, rows, accepts], v) => {
  let state = 0;
  for (const c of v) {
    state = rows[state][columns[at(bounds, c.codePointAt(0))]];
    if (state < 0) return false;
  }
  return accepts[state] === 1;
};
const decimals = (v) => {
  const [, fraction = "", exponent = "0"] = /^-?\\d+(?:\\.(\\d+))?(?:e([+-]\\d+))?$/.exec(String(v));
  return Math.max(0, fraction.length - Number(exponent));
};
const plain = (v) => {
  const [, sign, whole, fraction = "", exponent = "0"] = /^(-?)(\\d+)(?:\\.(\\d+))?(?:e([+-]\\d+))?$/.exec(String(v));
  const point = whole.length + Number(exponent);
  const digits = "0".repeat(Math.max(0, 1 - point)) + whole + fraction;
  const end = Math.max(point, 1);
  const after = digits.slice(end).replace(/0+$/, "");
  return sign + digits.slice(0, end).padEnd(end, "0") + (after && "." + after);
};
const written = (...values) => values.map((v) => v ?? NULL).join(MARK);
"""

_TAIL = """\

/** The violations of a record: [{fields, message}]; empty for a valid record. */
export const validate = (record) => {
  const own = Object.assign(Object.create(null), record); // inherited members are not fields
  const unknown = Object.keys(own).filter((name) => !NAMES.has(name));
  const found = unknown.map((name) => ({ fields: [name], message: "there is no such field" }));
  for (const { fields, message, ok } of CHECKS) if (!ok(own)) found.push({ fields, message });
  return found;
};

/** Whether nothing is wrong with a record. */
export const isValid = (record) => validate(record).length === 0;
"""


def es_module(entry: Entry) -> GeneratedValidator:
    """The module's text."""
    return _Module(entry).generated()


class _Module:
    def __init__(self, entry: Entry) -> None:
        self._entry = entry
        self._types = {field.name: field.type for field in entry.entity.fields.values()}
        self._constants: dict[str, str] = {}
        self._left: list[Unsupported] = []
        self._unstated: list[tuple[Assertion, str]] = []

    def generated(self) -> GeneratedValidator:
        assertions, left = assertions_of(self._entry)
        checks = [line for assertion in assertions if (line := self._check(assertion)) is not None]
        names = ", ".join(_literal(name) for name in self._types)
        head = _HEAD % json.dumps(str(self._entry.entity.full_name))[1:-1]
        marks = f'const MARK = "\\u{MARK:04x}", NULL = "\\u{NULL_MARK:04x}";\nconst NAMES = new Set([{names}]);\n'
        constants = "".join(f"const {name} = {value};\n" for value, name in self._constants.items())
        body = "".join(f"  {line},\n" for line in checks)
        return GeneratedValidator(
            f"{head}{marks}{constants}const CHECKS = [\n{body}];\n{_TAIL}",
            (*left, *self._left, *unsupported(self._entry, assertions, self._unstated)),
        )

    def _check(self, assertion: Assertion) -> str | None:
        fields = ", ".join(_literal(name) for name in assertion.fields)
        conditions = [self._condition(assertion.part, assertion.fields)]
        for name, parts in assertion.guards:
            conditions += [self._condition(part, (name,)) for part in parts]
        if any(each is None for each in conditions):
            self._unstated.append((assertion, "the module cannot express it"))
            return None
        if isinstance(assertion.part, HasType) and assertion.part.type in {"time", "datetime"}:
            self._left.append(Unsupported(assertion.obligation, "it is read as text and not checked further"))
        wanted, *guards = map(str, conditions)
        condition = " || ".join([*(f"!({guard})" for guard in guards), wanted])
        return f"{{ fields: [{fields}], message: {_literal(assertion.message)}, ok: (r) => {condition} }}"

    def _condition(self, part: Part, fields: tuple[str, ...]) -> str | None:
        """An expression that is true where a record `r` meets the part; null meets all but being filled."""
        if isinstance(part, Comparable):
            left, right = (f"r[{_literal(name)}]" for name in fields)
            if not all(self._types[name] in _ORDERED for name in fields):
                return None
            sign = {"=": "===", "<>": "!=="}.get(part.sign, part.sign)
            typed = f"typeof {left} !== typeof {right}"  # a value of another type is rejected elsewhere
            return f"{left} == null || {right} == null || {typed} || {left} {sign} {right}"
        if len(fields) > 1:
            values = ", ".join(f"r[{_literal(name)}]" for name in fields)
            texts = " && ".join(
                f"(r[{_literal(n)}] == null || isText(r[{_literal(n)}]))"
                for n in dict.fromkeys(fields)
                if self._types[n] == "text"
            )
            texts = texts or "true"
            condition = self._of_text(part, f"written({values})")
            return None if condition is None else f"!({texts}) || {condition}"  # other types are rejected elsewhere
        v = f"r[{_literal(fields[0])}]"
        if isinstance(part, Filled):
            return f"{v} != null"
        if isinstance(part, OnlyNull):
            return f"{v} == null"
        kind = self._types[fields[0]]
        condition = self._of(part, kind, v)
        return None if condition is None else f"{v} == null || {condition}"

    def _of(self, part: Part, kind: str, v: str) -> str | None:
        match part:
            case HasType("text"):
                return f"isText({v})"
            case HasType("integer"):
                return f"Number.isInteger({v})"
            case HasType("decimal"):
                return f"isNumber({v})"
            case HasType("boolean"):
                return f'typeof {v} === "boolean"'
            case HasType("date"):
                return f'typeof {v} === "string" && walk({self._table(calendar().automaton)}, {v})'
            case HasType():
                return f'typeof {v} === "string"'
            case Truths(allowed):
                return f"{json.dumps(sorted(allowed))}.includes({v})"
            case Decimals(most):
                return f"!isNumber({v}) || decimals({v}) <= {most}"
            case Between() if kind in _ORDERED:
                return _between(part, v)
            case AnyOf(ranges) if kind in _ORDERED:
                return f"({' || '.join(_between(each, v) for each in ranges)})"
            case WrittenForm(form):
                return f"!isNumber({v}) || {self._of_text(form, f'plain({v})')}"
            case _ if kind == "text":
                condition = self._of_text(part, v)
                return None if condition is None else f"!isText({v}) || {condition}"
            case _:
                return None

    def _of_text(self, part: Part, v: str) -> str | None:
        match part:
            case LengthRange(weight, low, high):
                size = f"{v}.length" if weight == UTF16 else f"weigh({self._weight(weight.step)}, {v})"
                size = f"[...{v}].length" if weight == CODE_POINTS else size
                return f"{size} >= {low}" + ("" if high is None else f" && {size} <= {high}")
            case TextForm(automaton):
                return f"walk({self._table(automaton)}, {v})"
            case _:
                return None

    def _weight(self, step: tuple[tuple[int, ...], tuple[int, ...]]) -> str:
        return self._constant("W", json.dumps([list(step[0]), list(step[1])], separators=(",", ":")))

    def _table(self, automaton: TransitionTable) -> str:
        bounds, columns = automaton.columns
        rows = automaton.rows or ((-1,) * (max(columns) + 1),)
        accepts = [int(accepting) for accepting in automaton.accepts] or [0]
        table = [list(bounds), list(columns), [list(row) for row in rows], accepts]
        return self._constant("A", json.dumps(table, separators=(",", ":")))

    def _constant(self, kind: str, value: str) -> str:
        return self._constants.setdefault(value, f"{kind}{len(self._constants)}")


def _between(part: Between, v: str) -> str:
    ends = [f"{v} {'>' if part.low_is_out else '>='} {_end(part.low)}"] if part.low is not None else []
    ends += [f"{v} {'<' if part.high_is_out else '<='} {_end(part.high)}"] if part.high is not None else []
    return f"({' && '.join(ends)})"


def _end(end: object) -> str:
    return _literal(end.isoformat()) if isinstance(end, date) else str(Decimal(str(end)))


def _literal(text: str) -> str:
    """A string of JavaScript; also inside a page."""
    return json.dumps(text).replace("<", "\\u003c")
