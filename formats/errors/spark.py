"""Apache Spark: its error conditions, as SQL, PySpark and stack traces show them.

Provoked in Spark 4 (tests/formats/errors).
"""

from __future__ import annotations

from .reported import ErrorPattern, dotted

_PLAIN = r"'(?P<value>[^\n]{0,2000}?)'"

SPARK_ERRORS: tuple[ErrorPattern, ...] = (
    ErrorPattern(
        "wrong_type",
        "[CAST_INVALID_INPUT]",
        rf"\[CAST_INVALID_INPUT\] The value {_PLAIN} of the type \"[A-Z0-9(),]{{2,60}}+\" cannot be cast to "
        r"\"(?P<limit>[A-Z0-9_(), ]{2,60}+)\"",
    ),
    ErrorPattern(
        "out_of_range",
        "[CAST_OVERFLOW]",
        r"\[CAST_OVERFLOW\] The value (?P<number>[-+0-9.ELSYD]{1,200}+) of the type "
        r"\"[A-Z0-9(),]{2,60}+\" cannot be cast to "
        r"\"(?P<limit>[A-Z0-9(),]{2,60}+)\"",
        lambda parts: {**parts, "value": (parts["number"] or "").rstrip("LSYD")},
    ),
    ErrorPattern(
        "out_of_range",
        "[NUMERIC_VALUE_OUT_OF_RANGE",
        r"\[NUMERIC_VALUE_OUT_OF_RANGE(?:\.[A-Z_]{1,40}+)?\] {1,3}+(?:The )?(?P<value>[-+0-9.E]{1,200}+) "
        r"cannot be represented as "
        r"(?P<limit>Decimal\(\d{1,3}+, \d{1,3}+\))",
    ),
    ErrorPattern(
        "wrong_type",
        "[CANNOT_PARSE_TIMESTAMP]",
        rf"\[CANNOT_PARSE_TIMESTAMP\] Text {_PLAIN} could not be parsed(?P<limit>)",
        lambda parts: {**parts, "limit": "timestamp"},
    ),
    ErrorPattern(
        "too_long",
        "[EXCEED_LIMIT_LENGTH]",
        r"\[EXCEED_LIMIT_LENGTH\] Exceeds char/varchar type length limitation: (?P<limit>\d{1,10}+)",
    ),
    ErrorPattern(
        "out_of_range",
        "[CAST_OVERFLOW_IN_TABLE_INSERT]",
        r"\[CAST_OVERFLOW_IN_TABLE_INSERT\] Fail to assign a value of \"[A-Z0-9(),]{2,60}+\" type to the "
        r"\"(?P<limit>[A-Z0-9(),]{2,60}+)\" type column or variable (?P<column>`[^`\n]{1,200}+`)",
        lambda parts: {**parts, "column": dotted(parts["column"])},
    ),
    ErrorPattern(
        "wrong_type",
        ".CANNOT_SAFELY_CAST]",
        r"Cannot write incompatible data for the table (?P<table>[^:\n]{1,400}+): Cannot safely cast "
        r"(?P<column>`[^`\n]{1,200}+`) \"[A-Z0-9(),]{2,60}+\" to \"(?P<limit>[A-Z0-9(),]{2,60}+)\"",
        lambda parts: {**parts, "table": dotted(parts["table"]), "column": dotted(parts["column"])},
    ),
    ErrorPattern(
        "null",
        "[FIELD_NOT_NULLABLE_WITH_NAME]",
        r"\[FIELD_NOT_NULLABLE_WITH_NAME\] field (?P<column>[^:\n]{1,300}+): This field is not nullable",
    ),
    ErrorPattern(
        "null",
        "[NOT_NULL_ASSERT_VIOLATION]",
        r"\[NOT_NULL_ASSERT_VIOLATION\] NULL value appeared in non-nullable field: ?(?P<column>[^\s\n]{0,300}+)",
        lambda parts: {**parts, "column": parts["column"] or None},
    ),
    ErrorPattern(
        "wrong_type",
        "[FIELD_DATA_TYPE_UNACCEPTABLE_WITH_NAME]",
        r"\[FIELD_DATA_TYPE_UNACCEPTABLE_WITH_NAME\] field (?P<column>[^:\n]{1,300}+): "
        r"(?P<limit>[A-Za-z0-9(), ]{2,60}?) can not "
        r"accept object (?:'(?P<text>[^\n]{0,2000}?)'|(?P<other>[^\s'\n]{1,200}+)) in type",
        lambda parts: {**parts, "value": parts["text"] if parts["text"] is not None else parts["other"]},
    ),
)
