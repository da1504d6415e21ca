"""Oracle: as "Database Error Messages" gives them, up to release 23ai, which says more."""

from __future__ import annotations

from .reported import Captured, ErrorPattern, dotted

_COLUMN = r"(?P<place>\"[^\"\n]{1,128}+\"\.\"[^\"\n]{1,128}+\")\.\"(?P<column>[^\"\n]{1,128}+)\""


def _placed(parts: Captured) -> Captured:
    return {**parts, "table": dotted(parts.get("place"))}


def _unique(parts: Captured) -> Captured:
    columns = parts["names"]
    value = None if columns is None or "," in columns else parts["value"]
    return {**parts, "columns": columns, "table": parts["place"], "value": value}


ORACLE_ERRORS: tuple[ErrorPattern, ...] = (
    ErrorPattern(
        "too_long",
        "ORA-12899",
        rf"ORA-12899: value too large for column {_COLUMN} \(actual: \d{{1,10}}+, maximum: (?P<limit>\d{{1,10}}+)\)",
        _placed,
    ),
    ErrorPattern("null", "ORA-01400", rf"ORA-01400: cannot insert NULL into \({_COLUMN}\)", _placed),
    ErrorPattern("null", "ORA-01407", rf"ORA-01407: cannot update \({_COLUMN}\) to NULL", _placed),
    ErrorPattern(
        "duplicate",
        "ORA-00001",
        r"ORA-00001: unique constraint \((?P<constraint>[^)\n]{1,260}+)\) violated"
        r"(?: on table (?P<place>[^\s]{1,260}+) columns \((?P<names>[^)\n]{1,400}+)\))?"
        r"(?:\s{1,3}+ORA-03301: \(ORA-00001 details\) row with column values "
        r"\([^:\n]{1,130}+:'(?P<value>[^\n]{0,1000}?)'\))?",
        _unique,
    ),
    ErrorPattern(
        "out_of_range",
        "ORA-01438",
        r"ORA-01438: value (?:larger than specified precision allowed for this column|(?P<value>\S{1,200}+) greater than "
        r"specified precision \((?P<limit>[^)\n]{1,20}+)\) for column (?P<column>\"?[^\s\"]{1,128}+)\"?)",
        lambda parts: {**parts, "column": dotted(parts["column"])},
    ),
    ErrorPattern(
        "wrong_type",
        "ORA-01722",
        r"ORA-01722: (?:invalid number|unable to convert string value containing '[^\n]{0,200}?' to a "
        r"number: (?P<column>\S{0,128}+))",
    ),
    ErrorPattern("check", "ORA-02290", r"ORA-02290: check constraint \((?P<constraint>[^)\n]{1,260}+)\) violated"),
    ErrorPattern(
        "reference",
        "ORA-02291",
        r"ORA-02291: integrity constraint \((?P<constraint>[^)\n]{1,260}+)\) violated ?[-–] ?parent key not found",
    ),
    ErrorPattern("wrong_type", "ORA-01861", r"ORA-01861: literal does not match format string"),
    ErrorPattern("out_of_range", "ORA-01843", r"ORA-01843: (?:not a valid month|an invalid month was specified)"),
    ErrorPattern(
        "wrong_type",
        "ORA-01858",
        r"ORA-01858: a non-numeric character was found where a (?:numeric|digit) was expected",
    ),
    ErrorPattern("not_writable", "ORA-32795", r"ORA-32795: cannot insert into a generated always identity column"),
)
