"""Db2: as its message reference (SQL0000–SQL1999) gives them, and as its JDBC driver passes on SQLCODE and SQLERRMC."""

from __future__ import annotations

from .reported import Captured, ErrorPattern

_CODE = r"SQLCODE[=:] ?{}, ?SQLSTATE[=:] ?\d{{5}}, ?SQLERRMC[=:] ?"
_PLACE = r"(?P<constraint>[^\s\";,]{1,390}+)"


def _column(parts: Captured) -> Captured:
    """A column by its name; Db2 gives numbers in its catalogue where it has no name at hand."""
    name = parts["place"] or ""
    if "TBSPACEID" in name:
        return {**parts, "column": None}
    table, _, column = name.rpartition(".")
    return {**parts, "column": column, "table": table or None}


def _check(parts: Captured) -> Captured:
    """A check as `SCHEMA.TABLE.CONSTRAINT`."""
    table, _, constraint = (parts["constraint"] or "").rpartition(".")
    return {**parts, "constraint": constraint, "table": table or None}


DB2_ERRORS: tuple[ErrorPattern, ...] = (
    ErrorPattern("too_long", "SQL0433N", r"SQL0433N {1,4}+Value \"(?P<value>[^\n]{0,1000}?)\" is too long"),
    ErrorPattern("too_long", "-433", rf"{_CODE.format('-433')}(?P<value>[^\n,;]{{0,1000}}+)"),
    ErrorPattern(
        "out_of_range",
        "SQL0302N",
        r"SQL0302N {1,4}+The value of a host variable in the EXECUTE or OPEN statement is out of range",
    ),
    ErrorPattern("out_of_range", "-302", rf"{_CODE.format('-302')}"),
    ErrorPattern("out_of_range", "SQL0413N", r"SQL0413N {1,4}+Overflow occurred during numeric data type conversion"),
    ErrorPattern("out_of_range", "-413", rf"{_CODE.format('-413')}"),
    ErrorPattern(
        "null",
        "SQL0407N",
        r"SQL0407N {1,4}+Assignment of a NULL value to a NOT NULL column \"(?P<place>[^\"\n]{1,390}+)\"",
        _column,
    ),
    ErrorPattern("null", "-407", rf"{_CODE.format('-407')}(?P<place>[^\n;]{{1,390}}?)(?=, ?DRIVER|;|$)", _column),
    ErrorPattern(
        "duplicate",
        "SQL0803N",
        r"SQL0803N {1,4}+[^\"\n]{0,400}+\"(?P<constraint>[^\"\n]{1,130}+)\" constrains\s{1,2}+table "
        r"\"(?P<table>[^\"\n]{1,260}+)\"",
    ),
    ErrorPattern(
        "duplicate", "-803", rf"{_CODE.format('-803')}(?P<constraint>[^\s;]{{1,130}}+);(?P<table>[^\s,;]{{1,260}}+)"
    ),
    ErrorPattern("check", "SQL0545N", rf"SQL0545N {{1,4}}+[^\"\n]{{0,200}}+\"{_PLACE}\"", _check),
    ErrorPattern("check", "-545", rf"{_CODE.format('-545')}{_PLACE}", _check),
    ErrorPattern("reference", "SQL0530N", rf"SQL0530N {{1,4}}+[^\"\n]{{0,200}}+\"{_PLACE}\"", _check),
    ErrorPattern("reference", "-530", rf"{_CODE.format('-530')}{_PLACE}", _check),
    ErrorPattern(
        "wrong_type",
        "SQL0420N",
        r"SQL0420N {1,4}+Invalid character found in a character string argument of the function",
    ),
    ErrorPattern("wrong_type", "-420", rf"{_CODE.format('-420')}"),
    ErrorPattern(
        "wrong_type",
        "SQL0180N",
        r"SQL0180N {1,4}+The syntax of the string representation of a (?P<limit>datetime|date|time)",
    ),
    ErrorPattern(
        "out_of_range", "SQL0181N", r"SQL0181N {1,4}+The string representation of a (?P<limit>datetime|date|time)"
    ),
    ErrorPattern("wrong_type", "-180", rf"{_CODE.format('-180')}"),
    ErrorPattern("out_of_range", "-181", rf"{_CODE.format('-181')}"),
)
