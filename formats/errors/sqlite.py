"""SQLite. Provoked in SQLite 3 (tests/formats/errors)."""

from __future__ import annotations

from .reported import Captured, ErrorPattern

_PLACE = r"(?P<places>[^\s,(]{1,200}\.[^\s,(.]{1,200}+(?:, [^\s,(]{1,200}+){0,20}+)"


def _placed(parts: Captured) -> Captured:
    """`person.a, person.b` as a table and its columns. A name of a table may hold dots, in the schema before it."""
    places = [place.rpartition(".") for place in (parts["places"] or "").split(", ")]
    return {**parts, "table": places[0][0], "columns": ",".join(column for _, _, column in places)}


SQLITE_ERRORS: tuple[ErrorPattern, ...] = (
    ErrorPattern(
        "null", "NOT NULL constraint failed", rf"(?<!Constraint Error: )NOT NULL constraint failed: {_PLACE}", _placed
    ),
    ErrorPattern(
        "duplicate",
        "UNIQUE constraint failed",
        rf"UNIQUE constraint failed: (?:index '[^'\n]{{1,200}}+'|{_PLACE})",
        lambda parts: _placed(parts) if parts["places"] else parts,
    ),
    ErrorPattern("check", "CHECK constraint failed: ", r"CHECK constraint failed: (?P<constraint>[^\n]{1,1000})"),
    ErrorPattern("reference", "FOREIGN KEY constraint failed", r"\bFOREIGN KEY constraint failed"),
    ErrorPattern(
        "wrong_type",
        " value in ",
        r"cannot store (?:NULL|INT|REAL|TEXT|BLOB) value in (?P<limit>[A-Z]{3,10}+) column "
        r"(?P<table>[^\s.]{1,200}+)\.(?P<column>\S{1,200}+)",
    ),
    ErrorPattern(
        "wrong_type", "datatype mismatch", r"^(?:Error: |Runtime error: |[^\n]{0,200}: )?datatype mismatch(?: \(20\))?$"
    ),
)
