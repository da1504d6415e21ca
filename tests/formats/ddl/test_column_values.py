"""What becomes of one value in one column, from the column's definition alone; each outcome was seen in the engine."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from fieldline.formats.ddl.engines.registry import engine
from fieldline.lineage.storage import storage
from fieldline.lineage.transform import chain_apply

from .tables import fields

if TYPE_CHECKING:
    from fieldline.formats.ddl.engines.engine import EngineName
    from fieldline.values.valueset import Value

REJECTED, UNKNOWN = "rejected", "not known"


def outcome(of: EngineName, script: str, value: Value, *, strict: bool = True) -> Value:
    """What the column `x` of the table `t` stores of a value."""
    column = fields(script, engine(of, strict=strict, charset="utf8mb4" if of in {"mysql", "mariadb"} else None))["t.x"]
    kept = storage(column, of)
    if any(value not in rejection.accepts for rejection in kept.rejections):
        return REJECTED
    return UNKNOWN if kept.doubtful(value) else chain_apply(kept.transforms, value)  # type: ignore[return-value]


def column(of: EngineName, definition: str, value: Value, *, strict: bool = True) -> Value:
    return outcome(of, f"create table t (x {definition});", value, strict=strict)


@pytest.mark.parametrize(
    ("definition", "value", "kept"),
    [
        ("double(6,3)", Decimal("999.999"), Decimal("999.999")),
        ("double(6,3)", 1999, REJECTED),
        ("real(5,2)", 1999, REJECTED),
        ("double precision(5,2)", 1999, REJECTED),
        ("float(5,2)", 1999, REJECTED),
        ("double(5,2)", Decimal("999.999"), UNKNOWN),  # rejected once it is rounded
        ("double(5,2)", Decimal("12.345"), UNKNOWN),  # 12.35, and 2.675 becomes 2.67
        ("float(5,0)", Decimal("1.5"), UNKNOWN),
        ("float(10,2)", Decimal("9999.99"), Decimal("9999.99")),
        ("float(10,2)", Decimal("1234567.89"), UNKNOWN),  # 1234567.88
        ("float(20,15)", Decimal("0.1"), UNKNOWN),  # 0.100000001490116
        ("float(30,2)", 5, 5),
        ("float(30,2)", Decimal("12345.67"), UNKNOWN),  # it has 24 bits, whatever its first number
        ("double(16,2)", Decimal("1234567890123.45"), Decimal("1234567890123.45")),
        ("double(16,2)", Decimal("98765432109876.1"), UNKNOWN),
        ("double(5,2) unsigned", -1, REJECTED),
        ("double(5,2) check (x <= 100)", 101, REJECTED),
    ],
)
@pytest.mark.parametrize("of", ["mysql", "mariadb"])
def test_a_float_with_decimals_keeps_no_more_than_it_says(
    of: EngineName, definition: str, value: Value, kept: Value
) -> None:
    assert column(of, definition, value) == kept


@pytest.mark.parametrize(
    ("definition", "value", "kept"),
    [
        ("double(5,2)", 1999, Decimal("999.99")),
        ("double(5,2)", Decimal("12.345"), UNKNOWN),
        ("decimal(3,0) unsigned", Decimal("0.1"), UNKNOWN),  # 0
        ("decimal(3,0) unsigned", 1999, 999),
    ],
)
def test_a_number_is_kept_within_its_digits_where_mysql_is_not_strict(
    definition: str, value: Value, kept: Value
) -> None:
    assert column("mariadb", definition, value, strict=False) == kept


@pytest.mark.parametrize(
    ("of", "definition", "value", "kept"),
    [
        ("postgres", "varchar(4) check (octet_length(x) <= 3)", "ab  ", REJECTED),
        ("postgres", "varchar(4) check (octet_length(x) <= 3)", "abc   ", REJECTED),  # four of them are kept
        ("postgres", "varchar(3) check (octet_length(x) <= 4)", "ab    ", "ab "),
        ("mariadb", "varchar(4) check (length(x) <= 3)", "ab  ", REJECTED),
        ("mariadb", "tinytext check (char_length(x) <= 3)", "ab  ", REJECTED),
    ],
)
def test_blanks_that_a_check_rejects_are_not_dropped(
    of: EngineName, definition: str, value: Value, kept: Value
) -> None:
    assert column(of, definition, value) == kept


@pytest.mark.parametrize(
    ("of", "definition", "value", "kept"),
    [
        ("postgres", "real check (x = 0.1)", Decimal("0.1"), UNKNOWN),  # rejected: it is 0.10000000149 as a double
        ("postgres", "real check (x <= 0.1)", Decimal("0.1"), UNKNOWN),
        ("postgres", "real check (x > 0.1)", Decimal("0.1"), UNKNOWN),  # stored
        ("postgres", "real check (x not in (0.5, 0.1))", Decimal("0.1"), UNKNOWN),
        ("postgres", "float(20) check (x between 0.5 and 0.7)", Decimal("0.7"), UNKNOWN),
        ("postgres", "real check (x <= 0.5)", Decimal("0.5"), Decimal("0.5")),
        ("postgres", "real check (x <= 0.5)", Decimal("0.7"), REJECTED),
        ("postgres", "double precision check (x <= 0.1)", Decimal("0.1"), Decimal("0.1")),
        ("mariadb", "float check (x = 0.1)", Decimal("0.1"), UNKNOWN),
        ("mariadb", "float(5,2) check (x in (0.1, 0.5))", Decimal("0.1"), UNKNOWN),
        ("mariadb", "float check (x <= 100)", 101, REJECTED),
        ("mariadb", "double check (x = 0.1)", Decimal("0.1"), Decimal("0.1")),
        ("duckdb", "real check (x = 0.1)", Decimal("0.1"), Decimal("0.1")),  # compared as a real
        ("postgres", "time(0) check (x <= '12:00')", time(12, 0, 0, 400_000), UNKNOWN),  # stored as 12:00:00
        ("mariadb", "time check (x <= '12:00')", time(12, 0, 0, 400_000), UNKNOWN),
        ("postgres", "time check (x <= '12:00')", time(12, 0, 0, 400_000), REJECTED),
        ("postgres", "numeric(5,1) check (x <= 1)", Decimal("1.04"), Decimal("1.0")),
    ],
)
def test_a_check_compares_what_is_stored(of: EngineName, definition: str, value: Value, kept: Value) -> None:
    assert column(of, definition, value) == kept


@pytest.mark.parametrize("of", ["mysql", "mariadb"])
@pytest.mark.parametrize(
    ("definition", "strict", "value", "kept"),
    [
        ("int auto_increment primary key", True, 0, UNKNOWN),  # the next number
        ("int auto_increment primary key", True, Decimal("0.4"), UNKNOWN),
        ("int auto_increment primary key", True, 1, 1),
        ("int auto_increment primary key", True, -3, -3),
        ("serial", True, 0, UNKNOWN),
        ("serial", True, 1, 1),
        ("serial", True, -3, REJECTED),
        ("int unsigned auto_increment primary key", False, -3, UNKNOWN),  # kept at 0 first
        ("double auto_increment primary key", True, 0, UNKNOWN),
        ("int primary key", True, 0, 0),
    ],
)
def test_zero_becomes_the_next_number_of_a_column_that_is_numbered(
    of: EngineName, definition: str, strict: bool, value: Value, kept: Value
) -> None:
    assert column(of, definition, value, strict=strict) == kept


@pytest.mark.parametrize(
    ("of", "definition"),
    [
        ("postgres", "serial primary key"),
        ("postgres", "int generated by default as identity"),
        ("sqlite", "integer primary key autoincrement"),
    ],
)
def test_zero_is_a_number_elsewhere(of: EngineName, definition: str) -> None:
    assert column(of, definition, 0) == 0


_LATIN, _WIDE = "charset latin1", "charset utf8mb4"
_CONVERTED = "alter table t convert to character set utf8mb4"


@pytest.mark.parametrize("of", ["mysql", "mariadb"])
@pytest.mark.parametrize(
    ("script", "value", "kept"),
    [
        (f"create table p (x varchar(3)) {_LATIN}; create table t as select * from p", "Ā", REJECTED),
        (f"create table p (x varchar(3)) {_LATIN}; create table t {_WIDE} as select x from p", "Ā", REJECTED),
        (
            f"create table p (y varchar(3)) {_LATIN}; create table t as select y as x from (select y from p) q",
            "Ā",
            REJECTED,
        ),
        (f"create table p (x varchar(3)) {_WIDE}; create table t {_LATIN} as select * from p", "Ā", "Ā"),
        (f"create table p (x varchar(3) {_WIDE}) {_LATIN}; create table t {_LATIN} as select * from p", "Ā", "Ā"),
        (f"create table p (x varchar(3)); create table t {_LATIN} as select * from p", "Ā", "Ā"),
        (f"create table p (x int) {_LATIN}; create table t as select cast(x as char(9)) as x from p", "Ā", UNKNOWN),
        (f"create table t (x tinytext) {_LATIN}; {_CONVERTED}", "é" * 200, "é" * 200),
        (f"create table t (x text(50)) {_LATIN}; {_CONVERTED}", "é" * 200, "é" * 200),
        (f"create table t (x tinytext) {_LATIN}; alter table t modify x tinytext {_WIDE}", "é" * 200, REJECTED),
        (f"create table t (x tinytext) {_WIDE}; {_CONVERTED}", "é" * 200, REJECTED),
        (f"create table t (x varchar(3)) {_LATIN}; {_CONVERTED}", "Āāa", "Āāa"),
        (f"create table t (x varchar(20000)) {_LATIN}; {_CONVERTED}", "Ā", UNKNOWN),  # an error
        ("create table t (x tinytext); alter table t convert to character set utf8mb4", "é" * 200, REJECTED),
        ("create table t (x enum('a', 'b '))", "b", "b"),
        ("create table t (x enum('a', ' c'))", "c", REJECTED),
        ("create table t (x set('a', 'b '))", "a,b", "a,b"),
    ],
)
def test_mysql_keeps_a_text_in_its_own_charset(of: EngineName, script: str, value: Value, kept: Value) -> None:
    assert outcome(of, script, value) == kept


@pytest.mark.parametrize(
    ("script", "value"),
    [
        (f"create table p (x varchar(3)); create table t {_LATIN} as select * from p", "Ā"),
        (f"create table t (x tinytext); {_CONVERTED}", "é" * 200),
    ],
)
def test_the_charset_of_a_server_is_not_known(script: str, value: str) -> None:
    kept = storage(fields(script, engine("mariadb"))["t.x"], "mariadb")
    assert all(value in rejection.accepts for rejection in kept.rejections)
    assert kept.doubtful(value)


def test_a_long_varchar_becomes_a_text_where_mysql_is_not_strict() -> None:
    script = f"create table t (x varchar(20000)) {_LATIN}; {_CONVERTED}"
    assert outcome("mariadb", script, "Ā" * 30_000, strict=False) == "Ā" * 30_000


@pytest.mark.parametrize(
    ("of", "definition", "value", "kept"),
    [
        ("sqlite", "date check (x like '____-__-__')", date(2024, 1, 31), UNKNOWN),
        ("sqlite", "date check (x glob '????-??-??')", date(2024, 1, 31), UNKNOWN),
        ("sqlite", "integer check (x like '1%')", 12, UNKNOWN),
        ("mariadb", "int check (x like '1%')", 12, UNKNOWN),
        ("mariadb", "date check (x not like '1%')", date(2024, 1, 31), UNKNOWN),
        ("mariadb", "int check (octet_length(x) <= 3)", 12, UNKNOWN),
        ("sqlite", "text check (x like 'a%')", "b", REJECTED),
    ],
)
def test_a_pattern_of_what_is_no_text_is_not_stated(of: EngineName, definition: str, value: Value, kept: Value) -> None:
    assert column(of, definition, value) == kept


@pytest.mark.parametrize(
    ("of", "definition", "kept"),
    [
        ("mariadb", "timestamp not null", UNKNOWN),  # the time of now
        ("mariadb", "timestamp(3) not null default '2000-01-01'", UNKNOWN),
        ("mariadb", "timestamp null", None),
        ("mariadb", "datetime not null", REJECTED),
        ("mysql", "timestamp not null", REJECTED),  # explicit_defaults_for_timestamp
    ],
)
def test_null_becomes_the_time_of_now_in_a_timestamp_of_mariadb(of: EngineName, definition: str, kept: Value) -> None:
    assert column(of, definition, None) == kept
    assert column(of, definition, datetime(2024, 1, 31, tzinfo=UTC)) == datetime(2024, 1, 31, tzinfo=UTC)


def test_what_is_cut_is_not_fitted_before() -> None:
    """MySQL 8.4 and MariaDB 10.11 without a strict mode: "abcd" and "abc " are kept as "abc"."""
    made = fields("create table t (x varchar(3) charset utf8mb4)", engine("mariadb", strict=False))["t.x"]
    assert [change.constraint.name for change in storage(made).changes] == ["max_length"]
    assert column("mariadb", "varchar(3)", "abcd", strict=False) == "abc"
    assert column("mariadb", "varchar(3)", "abc  ", strict=False) == "abc"
