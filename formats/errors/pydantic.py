r"""Pydantic 2: its ValidationError as text and as JSON, and the answer 422 that FastAPI makes of it.

Provoked in Pydantic 2 (tests/formats/errors). The types are those of its documentation, "Validation Errors".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .reported import UNREAD, ErrorKind, ReportedError, read_literal, scalar_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .reported import PlacedError

_KINDS: Mapping[str, ErrorKind] = {
    "string_too_long": "too_long",
    "bytes_too_long": "too_long",
    "string_too_short": "too_short",
    "bytes_too_short": "too_short",
    "string_pattern_mismatch": "pattern",
    "missing": "null",
    "none_required": "unexpected",
    "extra_forbidden": "unexpected",
    "enum": "not_in_list",
    "literal_error": "not_in_list",
    "greater_than": "too_small",
    "greater_than_equal": "too_small",
    "less_than": "too_large",
    "less_than_equal": "too_large",
    "multiple_of": "check",
    "value_error": "check",
    "assertion_error": "check",
    "decimal_max_digits": "out_of_range",
    "decimal_max_places": "out_of_range",
    "decimal_whole_digits": "out_of_range",
    "finite_number": "out_of_range",
    "int_parsing_size": "out_of_range",
    "date_past": "too_large",
    "date_future": "too_small",
    "datetime_past": "too_large",
    "datetime_future": "too_small",
    "string_unicode": "encoding",
    **dict.fromkeys(
        (
            "string_type",
            "string_sub_type",
            "int_type",
            "int_parsing",
            "int_from_float",
            "float_type",
            "float_parsing",
            "bool_type",
            "bool_parsing",
            "decimal_type",
            "decimal_parsing",
            "date_type",
            "date_parsing",
            "date_from_datetime_parsing",
            "date_from_datetime_inexact",
            "datetime_type",
            "datetime_parsing",
            "datetime_object_invalid",
            "datetime_from_date_parsing",
            "time_type",
            "time_parsing",
            "timezone_aware",
            "timezone_naive",
            "uuid_type",
            "uuid_parsing",
            "uuid_version",
            "url_type",
            "url_parsing",
        ),
        "wrong_type",
    ),
}
"""By Pydantic's `type` of an error."""

_ENTRY = re.compile(
    r"^(?P<place>[^\s\n][^\n]{0,400}+)\n {2}(?P<message>[^\n]{0,4000}?) \[type=(?P<type>[a-z_]{3,60}+), "
    r"input_value=(?P<value>[^\n]{0,400}), input_type=(?P<is>\w{1,60}+)\]",
    re.MULTILINE,
)
_HEADER = re.compile(r"\b\d{1,7}+ validation errors? for (?P<model>[^\n]{1,200}+)$", re.MULTILINE)
_LIMIT = re.compile(
    r"(?:at most|at least|(?:greater|less) than(?: or equal to)?|no more than|multiple of) (?P<limit>[^\s]{1,60}+)"
    r"|match pattern '(?P<pattern>[^\n]{0,2000})'"
    r"|Input should be (?P<list>'[^\n]{0,2000})"
)
_CUT = 50
"""Characters beyond which Pydantic shows the two ends of a value alone."""
_LIMITS = (
    "max_length",
    "min_length",
    "pattern",
    "gt",
    "ge",
    "lt",
    "le",
    "multiple_of",
    "max_digits",
    "decimal_places",
    "expected",
)
_PARTS_OF_A_REQUEST = frozenset({"body", "query", "path", "header", "cookie"})


def pydantic_errors(text: str) -> Iterator[PlacedError]:
    """The errors of a ValidationError that was printed."""
    if "[type=" not in text:
        return
    headers = [(match.start(), match["model"].strip()) for match in _HEADER.finditer(text)]
    for match in _ENTRY.finditer(text):
        kind = _KINDS.get(match["type"])
        if kind is None:
            continue
        value = match["value"]
        is_cut = len(value) >= _CUT and "..." in value
        read = UNREAD if is_cut else read_literal(value)
        limit = _LIMIT.search(match["message"])
        model = next((name for start, name in reversed(headers) if start < match.start()), None)
        yield (
            match.start(),
            match.end(),
            _error(
                kind,
                [part for part in match["place"].split(".") if not part.isdecimal()],
                read,
                is_none=match["is"] == "NoneType",
                limit=next((group for group in limit.groups() if group), None) if limit else None,
                model=model,
            ),
        )


def pydantic_entry(entry: Mapping[str, object]) -> ReportedError | None:
    """An error of Pydantic's JSON, or of FastAPI's `detail`; None: the object is none."""
    kind, place = _KINDS.get(str(entry.get("type"))), entry.get("loc")
    if kind is None or not isinstance(place, list) or "msg" not in entry:
        return None
    names = [part for part in place if isinstance(part, str)]
    if len(names) > 1 and names[0] in _PARTS_OF_A_REQUEST:
        names = names[1:]
    context = entry.get("ctx")
    limits = context if isinstance(context, dict) else {}
    limit = next((scalar_text(limits[name]) for name in _LIMITS if name in limits), None)
    value = entry.get("input", UNREAD)
    return _error(kind, names, value, is_none=value is None, limit=limit, model=None)


def _error(
    kind: ErrorKind, names: list[str], value: object, *, is_none: bool, limit: str | None, model: str | None
) -> ReportedError:
    """Of a field that is missing, Pydantic shows the whole object."""
    given = {} if not isinstance(value, dict) or kind != "null" else value
    record = {
        str(name): scalar_text(each) for name, each in given.items() if each is None or scalar_text(each) is not None
    }
    if is_none and kind == "wrong_type":
        kind = "null"
    text = None if value is UNREAD or kind in {"null", "unexpected"} else scalar_text(value)
    columns = (".".join(names),) if names else ()
    return ReportedError("pydantic", kind, model=model, columns=columns, value=text, limit=limit, record=record)
