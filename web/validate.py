"""Records sent over HTTP, validated by an entry.

POST /validate  {"entry": "web.signup", "record": {"username": "Maximilian1234"}}
200             {"valid": false, "violations": [{"fields": ["username"], "reason": "...", ...}], "not_known": []}
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from fastapi.responses import JSONResponse

from ..application.library import UnknownFields
from ..checker.requirement.screen import UnknownEntry
from ..documents.problem import nearest
from ..reports.text.problems import problems_headline

if TYPE_CHECKING:
    from ..application.library import Result, Violation
    from .current import Reading

_DEEPEST = (str, int, bool, Decimal, type(None))


def answer_record(reading: Reading, body: bytes) -> JSONResponse:
    """The answer: 200 with the violations, 422 for an invalid request, 503 where the estate cannot be read."""
    if reading.estate is None:
        return _problem(problems_headline(reading.problems), 503)
    try:
        request = json.loads(body, parse_float=Decimal, parse_constant=_reject, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        return _problem(f"no JSON document: {error}" if isinstance(error, ValueError) else "nested too deeply")
    if not isinstance(request, dict) or request.keys() != {"entry", "record"}:
        return _problem('expected: {"entry": "system.entity", "record": {"field": "value"}}')
    name, record = request["entry"], request["record"]
    if not isinstance(name, str) or not isinstance(record, dict):
        return _problem("expected: the entry's full name, and a record of values by the names of its fields")
    if not all(isinstance(value, _DEEPEST) for value in record.values()):
        return _problem("expected: values that are texts, numbers, true, false or null")
    try:
        entry = reading.entry(name)
        return JSONResponse(_told(entry.validate(entry.typed(record))))
    except UnknownEntry as error:
        meant = nearest(name, tuple(map(str, error.entries)))
        return _problem(f"there is no such entry{f'; did you mean {meant}?' if meant else ''}")
    except UnknownFields as error:
        return _problem(str(error))


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


def _problem(message: str, status: int = 422) -> JSONResponse:
    return JSONResponse({"problem": message}, status)


def _reject(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a name occurs twice")
    return members
