r"""polars: the messages of conversions. Provoked in the release of constraints.txt (tests/formats/errors)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from .reported import ErrorKind, ErrorPattern, ReportedError, scalar_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .reported import PlacedError

_FAILED = re.compile(
    r"conversion from `(?P<from>[^`\n]{1,60}+)` to `(?P<to>[^`\n]{1,60}+)` failed in column "
    r"'(?P<column>[^'\n]{0,300}+)' for "
    r"\d{1,20}+ out of \d{1,20}+ values: (?P<values>\[[^\n]{0,4000}\])"
)
_STRICT = re.compile(
    r"strict integer parsing failed for \d{1,20}+ value\(s\): (?P<values>\[[^\n]{0,4000}?\]);[^\n]{0,400}+"
    r"(?:\s{1,3}+This error occurred in the following expression:\s{1,3}+col\(\"(?P<column>[^\"\n]{1,300}+)\"\))?"
)
_MOST_VALUES = 5

POLARS_ERRORS: tuple[ErrorPattern, ...] = (
    ErrorPattern(
        "wrong_type",
        "as dtype",
        r"could not parse `(?P<value>[^\n]{0,2000}?)` as dtype `(?P<limit>[^`\n]{1,60}+)` at column "
        r"'(?P<column>[^'\n]{1,300}+)'",
    ),
    ErrorPattern(
        "wrong_type",
        "unexpected value while building Series",
        r"unexpected value while building Series of type (?P<limit>\w{1,60}+); found value of type \w{1,60}+: "
        r"(?:\"(?P<text>[^\n]{0,2000})\"|(?P<other>[^\s\"]{1,100}+))"
        r"(?:\s{1,3}+This error occurred with the following context stack:\s{1,3}+\[1\] while "
        r"constructing Series '(?P<column>[^'\n]{1,300}+)')?",
        lambda parts: {**parts, "value": parts["text"] if parts["text"] is not None else parts["other"]},
    ),
)


def polars_conversions(text: str) -> Iterator[PlacedError]:
    """The conversions that failed, one error a value that is shown."""
    for match in _FAILED.finditer(text):
        kind: ErrorKind = "wrong_type" if match["from"] == "str" else "out_of_range"
        if match["to"].startswith(("enum", "cat")):
            kind = "not_in_list"
        for value in _values(match["values"]):
            columns = (match["column"],) if match["column"] else ()
            yield (
                match.start(),
                match.end(),
                ReportedError("polars", kind, columns=columns, value=value, limit=match["to"]),
            )
    for match in _STRICT.finditer(text):
        for value in _values(match["values"]):
            columns = (match["column"],) if match["column"] else ()
            yield (
                match.start(),
                match.end(),
                ReportedError("polars", "wrong_type", columns=columns, value=value, limit="integer"),
            )


def _values(shown: str) -> list[str | None]:
    """The values of a list as polars prints it; one that is not known where the list is cut."""
    try:
        listed = json.loads(shown)
    except ValueError:
        return [None]
    texts = [scalar_text(value) for value in listed]
    return list(dict.fromkeys(texts))[:_MOST_VALUES] or [None]
