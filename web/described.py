"""The service in the words of OpenAPI, so that a client can be generated: bodies, answers, and every status."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel


class Health(BaseModel):
    """The server runs."""

    status: Literal["ok"]


class BindingConstraint(BaseModel):
    """The constraint that a record violates, and its place in the contracts."""

    field: str
    constraint: str
    at: str


class RecordViolation(BaseModel):
    """One violated clause of a record."""

    fields: list[str]
    reason: str
    effect: Literal["refuse", "alter"]
    systems: list[str]
    binding: BindingConstraint
    repaired: str | None


class RecordDoubt(BaseModel):
    """An obligation that cannot be decided."""

    fields: list[str]
    reason: str


class RecordVerdict(BaseModel):
    """The verdict on a record. With doubts, no record is proved safe."""

    valid: bool
    language: Literal["en", "fi", "nb", "nl", "sv"]
    violations: list[RecordViolation]
    not_known: list[RecordDoubt]


class RequestProblem(BaseModel):
    """What is wrong with a request, or why it is not answered."""

    problem: str


_Responses = dict[int | str, dict[str, Any]]

_HTML = {"text/html": {"schema": {"type": "string"}}}
_REASONS = {
    400: "The header Host names another machine.",
    408: "The request did not arrive in time.",
    413: "The body is too long.",
    415: "The body is of another type.",
    422: "The request cannot be answered: it is not in the expected form, or beyond a limit, which the text names.",
    503: "The estate has problems; or, with Retry-After, no worker answered in time.",
}
_LATER = {
    "Retry-After": {
        "description": "The seconds after which to ask again; without it, asking again does not help.",
        "schema": {"type": "integer"},
    }
}
_TEXT = {"text/plain": {"schema": {"type": "string"}}}
_HOST: _Responses = {400: {"description": _REASONS[400], "content": _TEXT}}

HEALTH: _Responses = _HOST
FORM: _Responses = _HOST | {
    200: {"description": "A page.", "content": _HTML},
    503: {
        "description": _REASONS[503],
        "headers": _LATER,
        "content": _HTML | {"application/json": {"schema": {"type": "object"}}},
    },
}
PAGES: _Responses = FORM | {404: {"description": "There is no such page.", "content": _HTML}}
TRACE: _Responses = FORM | {
    status: {"description": _REASONS[status], "content": _HTML} for status in (408, 413, 415, 422)
}
RECORDS: _Responses = _HOST | {
    status: {"description": _REASONS[status], "model": RequestProblem} for status in (408, 413, 415, 422)
}
RECORDS[503] = {"description": _REASONS[503], "model": RequestProblem, "headers": _LATER}
ASKED_FIELD: dict[str, Any] = {
    "parameters": [
        {"name": "at", "in": "query", "description": "The full name of a field.", "schema": {"type": "string"}}
    ]
}
ASKED_PAGE: dict[str, Any] = {
    "parameters": [
        {
            "name": "name",
            "in": "path",
            "required": True,
            "description": "The name that `docs` gives the page's file.",
            "schema": {"type": "string"},
        }
    ]
}
RECORD_BODY: dict[str, Any] = {
    "parameters": [
        {
            "name": "Accept-Language",
            "in": "header",
            "description": "The languages in which the reasons may be: fi, sv, nb, nl or en, with weights.",
            "schema": {"type": "string"},
        }
    ],
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["entry", "record"],
                    "additionalProperties": False,
                    "properties": {
                        "entry": {"type": "string", "description": "The full name of an entry: system.entity"},
                        "record": {
                            "type": "object",
                            "description": "Values by the own names of the entry's fields.",
                            "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
                        },
                        "subject": {
                            "type": "string",
                            "minLength": 1,
                            "maxLength": 200,
                            "description": "The key by which a server that keeps refused records keeps this one.",
                        },
                    },
                }
            }
        },
    },
}
FORM_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["at"],
                    "properties": {
                        "at": {"type": "string", "description": "The full name of a field."},
                        "value": {"type": "string"},
                        "null": {"type": "string", "description": "Given: there is no value."},
                        "language": {"type": "string", "description": "The customer's: en, fi, nb, nl or sv."},
                    },
                }
            }
        },
    }
}


def json_body(model: type[BaseModel], media_type: str = "application/json") -> dict[str, Any]:
    """A body of JSON, which the handler reads within limits of its own."""
    return {"requestBody": {"required": True, "content": {media_type: {"schema": model.model_json_schema()}}}}
