r"""Bean Validation (Jakarta Validation 3): Hibernate Validator's exceptions, Spring's messages and their JSON.

The default messages are those of the specification's `ValidationMessages.properties`; the forms around them are those of
`ConstraintViolationException`, of `ConstraintViolationImpl.toString` (Hibernate Validator) and of `FieldError.toString`
(Spring).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .reported import ErrorKind, ReportedError, scalar_text, side_of_length

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .reported import PlacedError

_RULES: tuple[tuple[ErrorKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))  # type: ignore[misc] # a literal each
    for kind, pattern in (
        ("length", r"(?:size|length) must be between (?P<least>\d{1,10}+) and (?P<limit>\d{1,10}+)"),
        ("null", r"must not be null"),
        ("null", r"must not be (?:blank|empty)"),
        ("pattern", r"must match \"(?P<limit>[^\n]{0,1000})\""),
        ("pattern", r"must be a well-formed email address"),
        ("too_large", r"must be less than(?: or equal to)? (?P<limit>-?[0-9.]{1,60}+)"),
        ("too_small", r"must be greater than(?: or equal to)? (?P<limit>-?[0-9.]{1,60}+)"),
        ("too_small", r"must be positive"),
        ("too_small", r"must be greater than or equal to 0"),
        ("too_large", r"must be negative"),
        ("out_of_range", r"numeric value out of bounds \((?P<limit>[^)\n]{1,80}+)\)"),
        ("too_large", r"must be a past date"),
        ("too_large", r"must be a date in the past or in the present"),
        ("too_small", r"must be a future date"),
        ("too_small", r"must be a date in the present or in the future"),
        ("check", r"must be true"),
        ("check", r"must be false"),
    )
)
_MESSAGE = (
    r"(?:(?:size|length) must be between \d{1,10}+ and \d{1,10}+|must not be "
    r"(?:null|blank|empty)|must match \"[^\n\"]{0,1000}+\"|"
    r"must be (?:less|greater) than(?: or equal to)? -?[0-9.]{1,60}+|must be (?:a )?[a-z][a-z -]{2,60}?|"
    r"numeric value out of bounds \([^)\n]{1,80}+\))"
)
_VIOLATION = re.compile(
    r"ConstraintViolationImpl\{interpolatedMessage='(?P<message>[^\n]{0,1000}?)', propertyPath=(?P<path>[^,\n]{1,300}+), "
    r"rootBeanClass=(?:class )?(?P<bean>[\w.$]{1,300}+)"
)
_FIELD = re.compile(
    r"Field error in object '(?P<bean>[^'\n]{1,200}+)' on field '(?P<path>[^'\n]{1,300}+)': rejected value "
    r"\[(?P<value>[^\n]{0,2000}?)\]; codes \[[^\n]{0,4000}default message \[(?P<message>[^\n\]]{0,1000}+)\]"
)
_LIST = re.compile(r"ConstraintViolationException: (?P<list>[^\n]{1,10000})")
_ITEM = re.compile(rf"(?P<path>[A-Za-z_$][\w.$\[\]<>]{{0,300}}+): (?P<message>{_MESSAGE})(?=, [A-Za-z_$]|\s{{0,4}}+$)")


def bean_errors(text: str) -> Iterator[PlacedError]:
    """The errors of exceptions and messages in a text."""
    for match in _VIOLATION.finditer(text):
        error = _error(match["path"], match["message"], None, match["bean"].rpartition(".")[2])
        if error is not None:
            yield match.start(), match.end(), error
    for match in _FIELD.finditer(text):
        value = None if match["value"] == "null" else match["value"]
        error = _error(match["path"], match["message"], value, match["bean"])
        if error is not None:
            yield match.start(), match.end(), error
    for listed in _LIST.finditer(text):
        for match in _ITEM.finditer(listed["list"]):
            error = _error(match["path"], match["message"], None, None)
            if error is not None:
                yield listed.start("list") + match.start(), listed.start("list") + match.end(), error


def bean_entry(entry: Mapping[str, object]) -> ReportedError | None:
    """An error of the JSON that Spring and others answer with; None: the object is none."""
    path = entry.get("field", entry.get("propertyPath"))
    message = entry.get("defaultMessage", entry.get("message"))
    if not isinstance(path, str) or not isinstance(message, str):
        return None
    model = entry.get("objectName")
    value = scalar_text(entry.get("rejectedValue", entry.get("invalidValue")))
    return _error(path, message, value, model if isinstance(model, str) else None)


def _error(path: str, message: str, value: str | None, model: str | None) -> ReportedError | None:
    """The error that a message states; None: it is none of the specification's."""
    for rule, pattern in _RULES:
        match = pattern.fullmatch(message.strip())
        if match is None:
            continue
        parts = match.groupdict()
        kind, limit = rule, parts.get("limit")
        if rule == "length":
            kind, limit = side_of_length(value, int(parts["least"]), int(parts["limit"]))
        column = re.sub(r"\[[^\]]{0,40}\]", "", path)
        return ReportedError(
            "bean_validation",
            kind,
            model=model,
            columns=(column,),
            value=None if kind == "null" else value,
            limit=limit,
        )
    return None
