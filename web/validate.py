"""Records sent over HTTP, validated by an entry.

POST /validate  {"entry": "web.signup", "record": {"username": "Maximilian1234"}}
200             {"valid": false, "violations": [{"fields": ["username"], "reason": "...", ...}], "not_known": []}
422             {"problem": "a number of more than 1,000 digits"}

A record is of bounded size in every direction, and no message holds a value of it.
"""

from __future__ import annotations

import json
from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING, Any

from ..application.library import UnknownFields
from ..checker.requirement.screen import UnknownEntry
from ..documents.problem import nearest
from ..reports.text.problems import problems_headline
from .answer import json_answer, problem_answer

if TYPE_CHECKING:
    from ..application.library import Result, Violation
    from .answer import WebAnswer
    from .current import Reading

MOST_MEMBERS = 10_000
"""Members of a record."""
LONGEST_TEXT = 100_000
"""Characters of a text of a record, and of a name."""
LONGEST_DIGITS = 1_000
"""Characters of a number of a record, and digits that it takes without an exponent."""
_SCALARS = (str, int, bool, Decimal, type(None))


def answer_record(reading: Reading, body: str) -> WebAnswer:
    """The answer: 200 with the violations, 422 for an invalid request, 503 where the estate cannot be read."""
    if reading.estate is None:
        return problem_answer(problems_headline(reading.problems), 503)
    try:
        name, record = _question(body)
        entry = reading.entry(name)
        return json_answer(_told(entry.validate(entry.typed(record))))
    except _NoRecord as error:
        return problem_answer(str(error))
    except UnknownEntry as error:
        meant = nearest(name, tuple(map(str, error.entries)))
        return problem_answer(f"there is no such entry{f'; did you mean {meant}?' if meant else ''}")
    except UnknownFields as error:
        return problem_answer(str(error))


class _NoRecord(ValueError):
    """A request is none that can be answered. Its message names the limit, and holds no value."""


def _question(body: str) -> tuple[str, dict[str, Any]]:
    """The name of the entry and the record. Raises _NoRecord."""
    try:
        request = json.loads(
            body, parse_float=_number, parse_int=_number, parse_constant=_reject, object_pairs_hook=_once
        )
    except json.JSONDecodeError as error:
        raise _NoRecord(f"no JSON document: {error}") from None
    except RecursionError:
        raise _NoRecord(_NESTED) from None
    if not isinstance(request, dict) or request.keys() != {"entry", "record"}:
        raise _NoRecord('expected: {"entry": "system.entity", "record": {"field": "value"}}')
    name, record = request["entry"], request["record"]
    if not isinstance(name, str) or not isinstance(record, dict):
        raise _NoRecord("expected: the entry's full name, and a record of values by the names of its fields")
    if not all(isinstance(value, _SCALARS) for value in record.values()):
        raise _NoRecord(_NESTED)
    texts = (text for text in (name, *record, *record.values()) if isinstance(text, str))
    if any(len(text) > LONGEST_TEXT for text in texts):
        raise _NoRecord(f"a text of more than {LONGEST_TEXT:,} characters")
    return name, record


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


def _reject(word: str) -> None:
    raise _NoRecord(f"no JSON document: {word} is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MOST_MEMBERS:
        raise _NoRecord(f"an object of more than {MOST_MEMBERS:,} members")
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _NoRecord("no JSON document: a name occurs twice")
    return members


def _told(result: Result) -> dict[str, Any]:
    doubts = [{"fields": list(doubt.fields), "reason": doubt.reason} for doubt in result.not_known]
    return {
        "valid": result.is_valid,
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
