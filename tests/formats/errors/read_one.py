"""What a test expects of a message: the parts of the one error in it that matter."""

from __future__ import annotations

from fieldline.formats.errors.read import read_errors


def told(text: str) -> dict[str, object]:
    """The parts that the only error of a text has, by their names; columns joined by commas."""
    (error,) = read_errors(text)
    parts: dict[str, object] = {
        "engine": error.engine,
        "kind": error.kind,
        "table": error.table,
        "column": ",".join(error.columns) or None,
        "value": error.value,
        "constraint": error.constraint,
        "limit": error.limit,
    }
    return {name: part for name, part in parts.items() if part is not None}
