"""Running engines that values are put into and read back from."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldline.contracts.constraint import Type
    from fieldline.values.valueset import Value


@dataclass(frozen=True)
class Refused:
    """The engine refused the value, with this message."""

    message: str


class Store(Protocol):
    """One engine."""

    def keep(self, definition: str, of_type: Type, values: Sequence[Value]) -> list[Value | Refused]:
        """What the engine gives back of each value, put into a column `x` of a new table."""

    def run(self, statement: str, values: Sequence[Value] = ()) -> list[tuple[object, ...]] | Refused:
        """The rows that a statement gives, or why the engine refused it; `?` stands for a value."""

    def close(self) -> None:
        """Leave the engine."""


def given_back(value: object, of_type: Type) -> Value:
    """A value as a driver gives it, as one of ours of that type."""
    match value:
        case UUID():
            return str(value)
        case timedelta():
            return (datetime(2000, 1, 1, tzinfo=UTC) + value).time()
        case datetime():
            return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
        case int() if of_type == "boolean":
            return bool(value)
        case float():
            return Decimal(repr(value))
        case None | str() | bool() | int() | Decimal() | date() | time():
            return value
        case _:
            message = f"{value!r} of no type of ours"
            raise TypeError(message)


class Postgres:
    """PostgreSQL, by psycopg."""

    def __init__(self, folder: str, before: Sequence[str]) -> None:
        import psycopg

        self._connection = psycopg.connect(
            host=folder, user="tester", dbname="postgres", autocommit=True, prepare_threshold=None
        )
        self._error = psycopg.Error
        self._connection.execute("set time zone 'UTC'")
        for statement in before:
            self._connection.execute(statement)  # type: ignore[call-overload]

    def keep(self, definition: str, of_type: Type, values: Sequence[Value]) -> list[Value | Refused]:
        run: Any = self._connection.execute
        run("drop table if exists t")
        run(f"create table t (id int, x {definition})")
        kept: dict[int, Value | Refused] = {}
        for number, value in enumerate(values):
            try:
                run(f"insert into t values ({number}, %s)", [value])
            except self._error as error:
                kept[number] = Refused(str(error).split("\n")[0])
        as_text = of_type in {"text", "time"}  # a time of 24:00:00 is one that Python does not have
        for number, value in run(
            f"select id, x{'::text' if as_text and 'char' not in definition else ''} from t"
        ).fetchall():
            kept[number] = given_back(_time(value) if of_type == "time" else value, of_type)
        return [kept[number] for number in range(len(values))]

    def run(self, statement: str, values: Sequence[Value] = ()) -> list[tuple[object, ...]] | Refused:
        try:
            cursor = self._connection.execute(statement.replace("?", "%s"), list(values) or None)  # type: ignore[call-overload]
            return [tuple(row) for row in cursor.fetchall()] if cursor.description else []
        except self._error as error:
            return Refused(str(error).split("\n")[0])

    def close(self) -> None:
        self._connection.close()


def _time(text: str | None) -> time | str | None:
    return text if text is None or text.startswith("24:") else time.fromisoformat(text)


class MariaDb:
    """MariaDB, by PyMySQL."""

    def __init__(self, socket: str, mode: str) -> None:
        import pymysql

        self._connection = pymysql.connect(unix_socket=socket, user="root", autocommit=False, charset="utf8mb4")
        self._error = pymysql.Error
        self._cursor = self._connection.cursor()
        self._cursor.execute("create database if not exists differential character set latin1")
        self._cursor.execute("use differential")
        self._cursor.execute("set session time_zone = '+00:00'")
        self._cursor.execute("set session sql_mode = %s", [mode])

    def keep(self, definition: str, of_type: Type, values: Sequence[Value]) -> list[Value | Refused]:
        import warnings

        run = self._cursor.execute
        run("drop table if exists t")
        run(f"create table t (id int, x {definition})")
        kept: dict[int, Value | Refused] = {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for number, value in enumerate(values):
                sent = value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value
                try:
                    run("insert into t values (%s, %s)", [number, sent])
                except self._error as error:
                    kept[number] = Refused(str(error))
            run("select id, x from t")
        for number, value in self._cursor.fetchall():
            kept[number] = given_back(None if value in _ZERO_DATES else value, of_type)
        return [kept[number] for number in range(len(values))]

    def run(self, statement: str, values: Sequence[Value] = ()) -> list[tuple[object, ...]] | Refused:
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                self._cursor.execute(statement.replace("?", "%s"), list(values) or None)
                return [tuple(row) for row in self._cursor.fetchall()] if self._cursor.description else []
            except self._error as error:
                return Refused(str(error))

    def close(self) -> None:
        self._connection.close()


_ZERO_DATES = ("0000-00-00", "0000-00-00 00:00:00", "0000-00-00 00:00:00.000000")
"""What is stored in place of a date that is none; drivers give null for it, or this text."""


class Sqlite:
    """SQLite, by Python's own module."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect(":memory:")

    def keep(self, definition: str, of_type: Type, values: Sequence[Value]) -> list[Value | Refused]:
        run = self._connection.execute
        run("drop table if exists t")
        run(f"create table t (id int, x {definition})")
        kept: dict[int, Value | Refused] = {}
        for number, value in enumerate(values):
            try:
                run("insert into t values (?, ?)", [number, _sent(value)])
            except (sqlite3.Error, OverflowError) as error:
                kept[number] = Refused(str(error))
        for number, value in run("select id, x from t"):
            kept[number] = given_back(value, of_type)
        return [kept[number] for number in range(len(values))]

    def run(self, statement: str, values: Sequence[Value] = ()) -> list[tuple[object, ...]] | Refused:
        try:
            return [tuple(row) for row in self._connection.execute(statement, [_sent(value) for value in values])]
        except (sqlite3.Error, OverflowError) as error:
            return Refused(str(error))

    def close(self) -> None:
        self._connection.close()


def _sent(value: Value) -> Value | float:
    """SQLite has whole numbers and doubles."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else float(value)


class DuckDb:
    """DuckDB, by its own module."""

    def __init__(self) -> None:
        import duckdb

        self._connection = duckdb.connect()
        self._error = duckdb.Error

    def keep(self, definition: str, of_type: Type, values: Sequence[Value]) -> list[Value | Refused]:
        run = self._connection.execute
        run("drop table if exists t")
        run(f"create table t (id int, x {definition})")
        kept: dict[int, Value | Refused] = {}
        for number, value in enumerate(values):
            sent = value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value
            try:
                run("insert into t values (?, ?)", [number, sent])
            except (self._error, OverflowError) as error:
                kept[number] = Refused(str(error).split("\n")[0])
        for number, value in run("select id, x from t").fetchall():
            kept[number] = given_back(_single(value) if definition.startswith("real") else value, of_type)
        return [kept[number] for number in range(len(values))]

    def run(self, statement: str, values: Sequence[Value] = ()) -> list[tuple[object, ...]] | Refused:
        try:
            found = self._connection.execute(statement, list(values))
            return [tuple(row) for row in found.fetchall()] if statement.startswith("select") else []
        except (self._error, OverflowError) as error:
            return Refused(str(error).split("\n")[0])

    def close(self) -> None:
        self._connection.close()


def _single(value: float | None) -> Decimal | None:
    """A single float, which the driver gives as a double: the fewest digits that are sure to be kept, 6."""
    return None if value is None else Decimal(f"{value:.6g}")
