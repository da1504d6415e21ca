"""Records sent over HTTP, validated by an entry.

POST /validate  {"entry": "web.signup", "record": {"username": "Maximilian1234"}, "subject": "4711"}
200             {"valid": false, "language": "en", "violations": [{"fields": ["username"], ...}], "not_known": []}
422             {"problem": "a number of more than 1,000 digits"}

Reasons are in the language that the header Accept-Language prefers among those there are, or else in English; the answer
names it. A server that keeps refused records keeps them by their `subject`, which may be left out. A record is of bounded
size in every direction, and no message holds a value of it.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING, Any

from ..application.attempts import checked_subject
from ..application.library import UnknownFields
from ..checker.requirement.screen import UnknownEntry
from ..documents.json_text import read_json, withheld
from ..documents.problem import Problems, nearest
from ..documents.yaml_events import MappingNode, ScalarNode
from ..reports.text.problems import problems_headline
from ..values.error import FieldlineError
from .answer import json_answer, problem_answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..application.attempts import AttemptKeeper, RefusedAttempt
    from ..application.library import Entry, Result, Violation
    from ..documents.problem import Problem
    from ..documents.yaml_events import Node
    from .answer import WebAnswer, WebQuestion
    from .reading import Reading

_LOG = logging.getLogger("fieldline.web")
MOST_MEMBERS = 10_000
"""Members of a record."""
LONGEST_TEXT = 100_000
"""Characters of a text of a record, and of a name."""
LONGEST_DIGITS = 1_000
"""Characters of a number of a record, and digits that it takes without an exponent."""


def answer_record(reading: Reading, question: WebQuestion) -> WebAnswer:
    """The answer: 200 with the violations, 422 for an invalid request, 503 where the estate cannot be read."""
    if reading.estate is None:
        return problem_answer(problems_headline(reading.problems), 503)
    try:
        name, record, subject = _question(question.text)
        entry = reading.entry(name).in_language(question.language)
        typed = entry.typed(record)
        result = entry.validate(typed)
        if reading.attempts is not None:
            _keep(reading.attempts, reading.entry(name).refused(typed, result, subject, datetime.now(UTC)))
        return json_answer(_told(entry, result), language=entry.language)
    except _NoRecord as error:
        return problem_answer(str(error))
    except UnknownEntry as error:
        meant = nearest(name, tuple(map(str, error.entries)))
        return problem_answer(f"there is no such entry{f'; did you mean {meant}?' if meant else ''}")
    except UnknownFields as error:
        return problem_answer(str(error))


def _keep(keeper: AttemptKeeper, attempts: Sequence[RefusedAttempt]) -> None:
    """Keep what was refused; where that fails, the log says so, and the record is answered all the same."""
    try:
        keeper.keep(attempts)
    except FieldlineError as error:
        _LOG.error("fieldline: a refused record was not kept: %s", error)


class _NoRecord(ValueError):
    """A request is none that can be answered. Its message names the limit, and holds no value."""


def _question(body: str) -> tuple[str, dict[str, Any], str | None]:
    """The name of the entry, the record, and the subject. Raises _NoRecord."""
    problems = Problems()
    request = read_json(body, "body", problems, withheld)
    for problem in problems.all():
        raise _NoRecord(f"the body is not read: {_told_problem(problem)}")
    members = dict(_members(request))
    if members.keys() - {"subject"} != {"entry", "record"}:
        raise _NoRecord('expected: {"entry": "system.entity", "record": {"field": "value"}}')
    name = members["entry"]
    if not isinstance(name, ScalarNode) or name.plain or not isinstance(members["record"], MappingNode):
        raise _NoRecord("expected: the entry's full name, and a record of values by the names of its fields")
    record = {_text(key): _value(node) for key, node in _members(members["record"])}
    return _text(name.value), record, _subject(members.get("subject"))


def _subject(node: Node | None) -> str | None:
    if node is None:
        return None
    try:
        if isinstance(node, ScalarNode) and not node.plain:
            return checked_subject(node.value)
        return checked_subject("")
    except ValueError as error:
        raise _NoRecord(str(error)) from None


def _told_problem(problem: Problem) -> str:
    at = f"{problem.location}: " if problem.location else ""
    return f"{at}{problem.message}{f'; expected: {problem.expected}' if problem.expected else ''}"


def _members(node: Node | None) -> list[tuple[str, Node]]:
    """The members of an object; none of another value. Raises _NoRecord where they are too many."""
    members = node.entries if isinstance(node, MappingNode) else ()
    if len(members) > MOST_MEMBERS:
        raise _NoRecord(f"an object of more than {MOST_MEMBERS:,} members")
    return [(key.value, value) for key, value in members]


def _text(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise _NoRecord(f"a text of more than {LONGEST_TEXT:,} characters")
    return text


def _value(node: Node) -> str | int | bool | Decimal | None:
    """A value of the record. Raises _NoRecord."""
    if not isinstance(node, ScalarNode):
        raise _NoRecord(_NESTED)
    if not node.plain:
        return _text(node.value)
    return _LITERALS[node.value] if node.value in _LITERALS else _number(node.value)


_LITERALS = {"true": True, "false": False, "null": None}
_NESTED = (
    "nested too deeply: the values of a record are texts, numbers, true, false or null. "
    "expected: no lists or objects in a record"
)


def _number(written: str) -> int | Decimal:
    """A number; its exponent is looked at before anything is made of it."""
    if len(written) > LONGEST_DIGITS:
        raise _NoRecord(f"a number of more than {LONGEST_DIGITS:,} digits")
    try:
        number = Decimal(written)
    except DecimalException:  # an exponent beyond all that Python knows
        number = Decimal("Infinity")
    if not number.is_finite() or (number and abs(number.adjusted()) > LONGEST_DIGITS):
        raise _NoRecord(f"a number that takes more than {LONGEST_DIGITS:,} digits to write out")
    return int(written) if written.lstrip("-").isdecimal() else number


def _told(entry: Entry, result: Result) -> dict[str, Any]:
    doubts = [{"fields": list(doubt.fields), "reason": doubt.reason} for doubt in result.not_known]
    return {
        "valid": result.is_valid,
        "language": entry.language,
        "violations": [_violation(violation) for violation in result.violations],
        "not_known": doubts,
    }


def _violation(violation: Violation) -> dict[str, Any]:
    binding = violation.binding
    return {
        "fields": list(violation.fields),
        "reason": violation.reason,
        "effect": violation.effect,
        "systems": list(violation.systems),
        "binding": {"field": str(binding.field), "constraint": binding.constraint, "at": str(binding.location)},
        "repaired": violation.repaired,
    }
