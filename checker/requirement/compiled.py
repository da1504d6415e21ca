"""A requirement, compiled to one function: whether a record is admitted, as fast as Python allows.

The function is generated field by field, with lengths and ranges inlined. Its source holds only numbers and generated
names; every name, pattern and set of an estate is passed in as an object.
"""

from __future__ import annotations

from datetime import date
from math import ceil, floor, inf
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from ...values.matcher import matcher, record_matcher
from ...values.record import write_record
from ...values.solve.atom import Measure
from ...values.textset import TextSet
from ...values.valueset import ValueSet
from ...values.weight import CODE_POINTS
from ..preconditions.relation import FieldsRelation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ...values.numberset import NumberSet
    from ...values.solve.atom import Atom
    from ...values.valueset import Value
    from .requirement import Clause, Requirement

_FIRST_DAY, _LAST_DAY = date.min.toordinal(), date.max.toordinal()


RecordCheck: TypeAlias = "Callable[[Mapping[str, Value]], bool]"


def compiled(requirement: Requirement) -> RecordCheck:
    """Whether a record (values by the fields' own names) meets all clauses."""
    writer = _Writer("record", "get = record.get")
    for name, values in requirement.values.items():
        writer.field(f"get({writer.given(name)})", values, "return False")
    for clause in requirement.clauses:
        if not _is_alone(clause):
            writer.line(f"if not {writer.given(clause_check(clause))}(record): return False")
    return cast("RecordCheck", writer.function("True"))


def explaining(requirement: Requirement) -> Callable[[Mapping[str, Value]], list[Clause]]:
    """The clauses that a record does not meet, in their order."""
    writer = _Writer("record", "get = record.get", "broken = []")
    for name, values in requirement.values.items():
        alone = [clause for clause in requirement.clauses if _is_alone(clause) and clause.fields[0] == name]
        writer.field(f"get({writer.given(name)})", values, f"broken += {writer.given(_broken(alone))}(v)")
    rest = tuple((clause_check(clause), clause) for clause in requirement.clauses if not _is_alone(clause))
    alone_broken = cast("Callable[[Mapping[str, Value]], list[Clause]]", writer.function("broken"))
    if not rest:
        return alone_broken
    places = {clause: place for place, clause in enumerate(requirement.clauses)}

    def broken(record: Mapping[str, Value]) -> list[Clause]:
        more = [clause for admits, clause in rest if not admits(record)]
        return sorted((*alone_broken(record), *more), key=places.__getitem__) if more else alone_broken(record)

    return broken


def _is_alone(clause: Clause) -> bool:
    """Whether it concerns the values of one field, whatever the other fields hold."""
    return isinstance(clause.accepts, ValueSet) and not clause.guards


def _broken(clauses: Sequence[Clause]) -> Callable[[Value], list[Clause]]:
    """The clauses on one field that a value does not meet."""
    checks = [(value_check(cast("ValueSet", clause.accepts)), clause) for clause in clauses]
    return lambda value: [clause for admits, clause in checks if not admits(value)]


def value_check(values: ValueSet) -> Callable[[Value], object]:
    """Whether a value is one of these."""
    writer = _Writer("v")
    writer.field("v", values, "return False")
    return writer.function("True")


def clause_check(clause: Clause) -> RecordCheck:
    """Whether a record meets a clause."""
    guards = [(name, value_check(values)) for name, values in clause.guards]
    check = _accepted(clause.fields, clause.accepts)
    if not guards:
        return check
    return lambda record: not all(guard(record.get(name)) for name, guard in guards) or check(record)


def _accepted(fields: Sequence[str], accepts: ValueSet | TextSet | FieldsRelation) -> RecordCheck:
    if isinstance(accepts, ValueSet):
        (name,), admits = fields, value_check(accepts)
        return lambda record: bool(admits(record.get(name)))
    if isinstance(accepts, FieldsRelation):
        return lambda record: not accepts.is_broken_by([record.get(name) for name in fields])
    matches = record_matcher(accepts)

    def joined(record: Mapping[str, Value]) -> bool:
        values = [record.get(name) for name in fields]
        texts = [value for value in values if value is None or isinstance(value, str)]
        return len(texts) == len(values) and bool(matches(write_record(texts)))

    return joined


class _Writer:
    """Generates the source of a function, line by line."""

    def __init__(self, parameter: str, *lines: str) -> None:
        self._lines = [f"def written({parameter}):", *(f" {line}" for line in lines)]
        self._given: dict[str, object] = {"str": str, "int": int, "date": date}

    def function(self, result: str) -> Callable[[Any], Any]:
        """The generated function, which returns the expression `result` at its end."""
        scope: dict[str, Any] = {"__builtins__": {"len": len}, **self._given}
        exec("\n".join([*self._lines, f" return {result}"]), scope)  # noqa: S102 - see the module's docstring
        return cast("Callable[[Any], Any]", scope["written"])

    def given(self, thing: object) -> str:
        """The generated name of an object that is passed in."""
        name = f"x{len(self._given)}"
        self._given[name] = thing
        return name

    def line(self, line: str) -> None:
        """Add a line as it is."""
        self._lines.append(f" {line}")

    def field(self, value: str, values: ValueSet, otherwise: str) -> None:
        """Add the check of one field; `otherwise` is the statement for a value outside the set."""
        if values is ValueSet.everything():
            return
        cases = [("v.__class__ is str", self._wrong_texts(values.texts)), ("v is None", "" if values.null else "1")]
        for kind, span in (("int", whole_number_span(values.numbers)), ("date", days(values.days))):
            if span is not None:
                low, high = map(self.given, span)
                cases.append((f"v.__class__ is {kind}", f"not {low} <= v <= {high}"))
        word = "if"
        self.line(f"v = {value}")
        for case, wrong in cases:
            self.line(f"{word} {case}:")
            self.line(f" if {wrong}: {otherwise}" if wrong else " pass")
            word = "elif"
        self.line(f"elif not {self.given(values.__contains__)}(v): {otherwise}")

    def _wrong_texts(self, texts: TextSet) -> str:
        if texts is TextSet.full():
            return f"not {self.given(matcher(texts))}(v)"
        if texts is TextSet.empty():
            return "1"
        conditions: list[str] = []
        rest: list[Atom] = []
        for atom in texts.atoms:
            if not isinstance(atom, Measure) or atom.chain or atom.weight != CODE_POINTS:
                rest.append(atom)
            elif atom.high is None:
                conditions.append(f"len(v) < {atom.low}")
            else:
                conditions.append(f"not {atom.low} <= len(v) <= {atom.high}")
        return " or ".join((*conditions, f"not {self.given(matcher(TextSet.of(rest)))}(v)"))


def whole_number_span(numbers: NumberSet) -> tuple[float, float] | None:
    """Least and greatest of the whole numbers in a set (exact, or infinite); None where the set is not one span."""
    cuts = numbers.bands[1][0]
    if numbers.written is not TextSet.full() or len(cuts) != 2:
        return None
    (low, after_low), (high, after_high) = cuts
    least = -inf if low.is_infinite() else floor(low) + 1 if after_low else ceil(low)
    most = inf if high.is_infinite() else floor(high) if after_high else ceil(high) - 1
    return least, most


def days(ordinals: NumberSet) -> tuple[date, date] | None:
    """First and last of a set of days (as ordinals); None where the set is not one span."""
    span = whole_number_span(ordinals)
    if span is None or span[0] > span[1]:
        return None
    least, most = max(span[0], _FIRST_DAY), min(span[1], _LAST_DAY)
    return date.fromordinal(int(least)), date.fromordinal(int(most))
