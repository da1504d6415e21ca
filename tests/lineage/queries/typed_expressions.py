"""Random expressions of SQL over whole numbers, decimals and dates, in the words of one engine.

The columns: n and k are whole numbers (of 32 and 16 bits), m a decimal of eight digits, two after the point, d a day.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

Kind = Literal["integer", "decimal", "date", "text"]

COLUMNS = {"id": "integer not null", "n": "integer", "k": "smallint", "m": "decimal(8,2)", "d": "date"}
STORED: dict[Kind, str] = {"integer": "bigint", "decimal": "decimal(38,14)", "date": "date", "text": "varchar(60)"}
"""The column that an expression of a kind is stored in."""
NUMBERS = (None, 0, 1, -1, 2, 7, -7, 99, 100, -250, 21_474_836, 21_474_837, 2**31 - 1, -(2**31))
SMALL = (None, 0, 1, -1, 3, -3, 328, 32_767, -32_768)
DECIMALS = (
    None,
    *map(
        Decimal, ("0", "0.01", "-0.01", "0.5", "-0.5", "2.5", "-2.5", "-2", "1.25", "9.99", "-0.05", "999999.99", "100")
    ),
)
DAYS = (
    *(None, date(2024, 1, 31), date(2024, 2, 29), date(2023, 2, 28), date(2023, 12, 31), date(2024, 1, 1)),
    *(date(1999, 5, 15), date(1970, 1, 1), date(2021, 8, 30)),
)


def expression(engine: str, kind: Kind, chance: random.Random, depth: int = 3) -> str:
    """One expression of a kind; every function in it exists in the engine."""
    makers = {"integer": _integer, "decimal": _decimal, "date": _day, "text": _text}
    return makers[kind](engine, chance, depth)


def particular(engine: str) -> list[tuple[Kind, str]]:
    """Expressions whose decimals are all zeros, or whose zero has a sign: stored as texts, and cast before."""
    numbers = ("n * 1.0", "n + 1.0", "1.0 * n", "2.0 - n", "n - 0.00", "n * 1.0 * 2", "(n + 1.0) * 1.5", "n * 2.50")
    decimals = ("m * 1.0", "m + 0.5", "m - 0.5", "0 - m", "m % 2", "-m", "(m + 0.5) * 2", "-(m + 0.5)", "m * 0.0")
    rounded = (
        "round(m + 0.5, 1)",
        "cast(m + 0.5 as decimal(12,2))",
        "cast(n * 1.0 as decimal(14,1))",
        "round(m * 1.0, 1)",
    )
    all_of_them = (*numbers, *decimals, *rounded)
    words = "char" if engine == "mariadb" else "varchar"
    whole: list[tuple[Kind, str]] = [("decimal", "2.0 - n"), ("integer", "2147483648 - n"), ("integer", "5 - k")]
    return [
        *(("text", text) for text in all_of_them),
        *(("text", f"cast({text} as {words})") for text in all_of_them),
        *(("decimal", text) for text in all_of_them),
        *whole,
    ]


def _of(kind: Kind, engine: str, chance: random.Random, depth: int) -> str:
    return expression(engine, kind, chance, depth - 1)


def _integer(engine: str, chance: random.Random, depth: int) -> str:
    if depth <= 0 or chance.random() < 0.2:
        return chance.choice("nk")
    inner = _of("integer", engine, chance, depth)
    number = chance.choice((1, 2, 3, 10, 100, 1000))
    made: list[Callable[[], str]] = [
        lambda: f"({inner} + {number})",
        lambda: f"({inner} - {number})",
        lambda: f"({number} - {inner})",
        lambda: f"{inner} * {number}",
        lambda: f"(- {inner})",
        lambda: f"({inner} % {chance.choice((1, 2, 7, 97, 100, -7))})",
        lambda: f"mod({inner}, {number})",
        lambda: f"extract({chance.choice(('year', 'month', 'day', 'quarter'))} from d)",
        lambda: f"round({inner})",
        lambda: f"nullif({chance.choice('nk')}, {chance.choice((0, 7))})",
        lambda: f"coalesce({inner}, {number})",
        lambda: f"coalesce({_of('integer', engine, chance, depth)}, {inner})",
        lambda: f"(case when {chance.choice('nk')} > 5 then {inner} else {_of('integer', engine, chance, depth)} end)",
    ]
    if engine == "mariadb":
        made += [lambda: f"{inner} div {number}", lambda: f"cast({inner} as signed)"]
    else:
        made += [
            lambda: f"{inner} {'//' if engine == 'duckdb' else '/'} {number}",
            lambda: f"cast({inner} as {chance.choice(('smallint', 'integer', 'bigint'))})",
            lambda: f"cast({_of('decimal', engine, chance, depth)} as integer)",
        ]
    return chance.choice(made)()


def _decimal(engine: str, chance: random.Random, depth: int) -> str:
    if depth <= 0 or chance.random() < 0.2:
        return "m"
    inner = _of(chance.choice(("decimal", "decimal", "integer")), engine, chance, depth)
    number = chance.choice(("1.5", "0.24", "-1.24", "100", "0.5", "3"))
    places = chance.choice((0, 1, 2))
    cut = "truncate" if engine == "mariadb" else "trunc"
    made: list[Callable[[], str]] = [
        lambda: f"({inner} + {number})",
        lambda: f"({inner} - {number})",
        lambda: f"{inner} * {number}",
        lambda: f"{inner} / {chance.choice((100, 8, 4, '0.5', 10.0))}",
        lambda: f"({inner} % {chance.choice((2, 7, 100))})",
        lambda: f"round({_of('decimal', engine, chance, depth)}, {places})",
        lambda: f"{cut}({_of('decimal', engine, chance, depth)}, {places})",
        lambda: f"cast({inner} as decimal({chance.choice(('12,1', '9,2', '4,1'))}))",
        lambda: f"(case when m > 2.5 then {_of('decimal', engine, chance, depth)} else m end)",
    ]
    return chance.choice(made)()


def _day(engine: str, chance: random.Random, depth: int) -> str:
    if depth <= 0 or chance.random() < 0.2:
        return "d"
    inner = _of("date", engine, chance, depth)
    unit = chance.choice(
        ("day", "week", "month", "year") if engine == "postgres" else ("day", "month", "quarter", "year")
    )
    count = chance.choice((1, 1, 2, 11))
    distance = f"{count} {unit}" if engine == "mariadb" else f"'{count} {unit}'"
    made: list[Callable[[], str]] = [lambda: f"({inner} {chance.choice('+-')} interval {distance})"]
    if engine == "mariadb":
        made += [
            lambda: f"last_day({inner})",
            lambda: f"date_add({inner}, interval {count} {unit})",
            lambda: f"date_sub({inner}, interval {count} {unit})",
        ]
    else:
        made += [
            lambda: f"date_trunc('{chance.choice(('day', 'week', 'month', 'quarter', 'year'))}', {inner})",
            lambda: f"cast({inner} as date)",
            lambda: f"(d {chance.choice('+-')} {count})",
            lambda: (
                f"cast(date_trunc('month', {inner}) + interval '1 month -1 day' as date)"
                if engine == "postgres"
                else f"last_day(cast({inner} as date))"
            ),
        ]
    return chance.choice(made)()


def _text(engine: str, chance: random.Random, depth: int) -> str:
    words = "char" if engine == "mariadb" else "varchar"
    writes = {"postgres": ("to_char({0}, 'DD.MM.YYYY')", "to_char({0}, 'YYMMDD')", "to_char({0}, 'YYYY-MM')")}
    writes |= {"duckdb": ("strftime({0}, '%d.%m.%Y')", "strftime({0}, '%y%m%d')", "strftime({0}, '%m')")}
    by_default = ("date_format({0}, '%d.%m.%Y')", "date_format({0}, '%y%m%d')", "date_format({0}, '%Y')")
    whole = f"cast({_of('integer', engine, chance, depth)} as {words})"
    made: list[Callable[[], str]] = [
        lambda: whole,
        lambda: f"cast({_of('decimal', engine, chance, depth)} as {words})",
        lambda: chance.choice(writes.get(engine, by_default)).format(_of("date", engine, chance, depth)),
        lambda: f"lpad({whole}, 12, '0')",
        lambda: f"concat_ws('-', {whole}, {_of('integer', engine, chance, depth)})",
        lambda: f"cast(d as {words})",
        lambda: f"cast(extract({chance.choice(('year', 'month', 'day'))} from d) as {words})",
    ]
    return chance.choice(made)()
