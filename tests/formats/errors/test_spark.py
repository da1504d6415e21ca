"""Errors of Apache Spark on inserts. Those of queries are provoked in tests/rows/engines/test_spark.py, which runs it."""

from __future__ import annotations

import pytest

from .read_one import told


@pytest.mark.parametrize(
    ("message", "expected"),
    [  # of inserts into tables, whose files a test need not write; as Spark 4.0 wrote them
        (
            "[EXCEED_LIMIT_LENGTH] Exceeds char/varchar type length limitation: 12. SQLSTATE: 54006",
            {"kind": "too_long", "limit": "12"},
        ),
        (
            (
                '[CAST_OVERFLOW_IN_TABLE_INSERT] Fail to assign a value of "INT" type to the "TINYINT" '
                "type column or variable "
                "`age` due to an overflow. Use `try_cast` on the input value to tolerate overflow and "
                "return NULL instead. "
                "SQLSTATE: 22003"
            ),
            {"kind": "out_of_range", "column": "age", "limit": "TINYINT"},
        ),
        (
            (
                "[INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST] Cannot write incompatible data for the table "
                '`spark_catalog`.`default`.`person`: Cannot safely cast `age` "STRING" to "TINYINT". SQLSTATE: KD000'
            ),
            {"kind": "wrong_type", "table": "spark_catalog.default.person", "column": "age", "limit": "TINYINT"},
        ),
    ],
)
def test_what_spark_does_not_insert_is_read(message: str, expected: dict[str, str]) -> None:
    assert told(message) == {"engine": "spark", **expected}
