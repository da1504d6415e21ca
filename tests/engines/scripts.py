"""Random estates of one statement: an entry's record, an `INSERT … SELECT` of it, and the column that it is put into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

_COLUMNS = {"s": "varchar(12)", "u": "varchar(6)", "n": "integer", "m": "decimal", "d": "date"}


@dataclass(frozen=True)
class Case:
    """One estate: the entry's fields in the words of a contract, the target's columns, and the query between them."""

    fields: dict[str, str]
    source: str
    """The definitions of the columns that hold the entry's fields."""
    table: str
    """The definitions of the columns `x` and perhaps `y`."""
    query: str


def options(engine: str) -> str:
    """The options of a table in an engine."""
    return " character set utf8mb4 collate utf8mb4_general_ci" if engine == "mariadb" else ""


def case(engine: str, chance: Random) -> Case:
    """One estate; not every engine takes every statement."""
    sizes = chance.choice(((8, 2), (4, 1), (6, 0), (5, 2)))
    fields = {name: _field(name, sizes, chance) for name in _COLUMNS}
    source = ", ".join(f"{name} {kind}{sizes if name == 'm' else ''}" for name, kind in _COLUMNS.items())
    names = ["x", "y"] if chance.random() < 0.4 else ["x"]
    kinds = [chance.choice("tttnmd") for _ in names]
    table = ", ".join(f"{n} {_definition(engine, kind, n, chance)}" for n, kind in zip(names, kinds, strict=True))
    filled = names if chance.random() < 0.7 else ["x"]  # what is not filled has its default, or null
    expressions = [_MAKERS[kind](engine, chance, 2) for kind in kinds[: len(filled)]]
    others = [_MAKERS[kind](engine, chance, 1) for kind in kinds[: len(filled)]]
    return Case(
        fields, source, table, f"insert into t ({', '.join(filled)}) {_select(expressions, others, engine, chance)}"
    )


def _select(expressions: Sequence[str], others: Sequence[str], engine: str, chance: Random) -> str:
    """A query for expressions: as they are, of a query within, or by one condition these and by its opposite others."""
    where, written = _where(engine, chance), ", ".join(expressions)
    form = chance.random()
    if form < 0.6:
        return f"select {written} from e{where}"
    outside = chance.choice(("", " where q.y0 is not null", " where q.n > 3", " where q.s = q.u", " where q.u is null"))
    aliased = ", ".join(f"{expression} as y{i}" for i, expression in enumerate(expressions))
    inside = f"select {aliased}, n, s, u from e{where}"
    chosen = ", ".join(f"q.y{i}" for i in range(len(expressions)))
    if form < 0.75:
        return f"select {chosen} from ({inside}) q{outside}"
    if form < 0.85:
        return f"with q as ({inside}) select {chosen} from q{outside}"
    condition = _condition(engine, chance)
    return (
        f"select {written} from e where {condition} union all select {', '.join(others)} from e where not ({condition})"
    )


def _field(name: str, sizes: tuple[int, int], chance: Random) -> str:
    pick = chance.choice
    longest = pick((3, 6, 12) if name == "s" else (1, 3, 6))
    low, high = pick(((0, 9), (-5, 999), (0, 70_000), (-(2**31), 2**31 - 1)))
    first = pick(("1990-01-01", "2000-02-28"))
    written = {
        "n": f"type: integer, min: {low}, max: {high}",
        "m": f"type: decimal, precision: {sizes[0]}, scale: {sizes[1]}",
        "d": f"type: date, min: {first}, max: 2030-12-31",
    }.get(name, f"type: text, max_length: {longest}")
    if name in "su" and chance.random() < 0.6:
        patterns = ("[A-Z]*", "[a-z]{0,3}", "[0-9]*", "[A-Za-z é]*")
        written += pick((", min_length: 1", ", one_of: [A, bb, C c]", *(f', pattern: "{each}"' for each in patterns)))
    return written + ", required: true" * (chance.random() < 0.4)


def _text(engine: str, chance: Random, depth: int) -> str:
    if depth <= 0 or chance.random() < 0.3:
        return chance.choice("su")
    inner, other = _text(engine, chance, depth - 1), _text(engine, chance, depth - 1)
    first, some = chance.choice((1, 2, 3)), chance.choice((1, 2, 5))
    made = [f"{word}({inner})" for word in ("upper", "lower", "trim", "ltrim", "rtrim")]
    made += [
        f"substr({inner}, {first}, {some})",
        f"coalesce({inner}, {chance.choice((repr('x'), other))})",
        f"replace({inner}, 'a', '{chance.choice(('', 'b', 'xy'))}')",
        f"nullif({inner}, '')",
        f"case when {inner} = 'A' then 'first' else {other} end",
        f"case when s is not null then {inner} else 'none' end",
        f"case when u not like 'A%' then {inner} end",
    ]
    if engine == "mariadb":
        made += [f"concat({inner}, '-', {other})", "cast(n as char)"]
    else:
        made += [f"{inner} || '-' || {other}", "cast(n as varchar)"]
    made += [f"left({inner}, {some})", f"lpad({inner}, 5, '0')", f"concat_ws(' ', {inner}, {other})"]
    if engine in {"postgres", "duckdb"}:
        made += [f"rpad({inner}, 4, 'x')", f"cast({inner} as varchar({some}))", f"split_part({inner}, ' ', 1)"]
    if engine == "postgres":
        made += ["to_char(d, 'YYMMDD')", f"btrim({inner}, 'x')", f"translate({inner}, 'ab', 'x')"]
    return chance.choice(made)


def _whole(engine: str, chance: Random, depth: int) -> str:
    if depth <= 0 or chance.random() < 0.3:
        return "n"
    inner, number = _whole(engine, chance, depth - 1), chance.choice((1, 2, 10, 100, 30_000))
    made = (f"({inner} + {number})", f"{inner} * {number}", f"coalesce({inner}, 0)", "nullif(n, 0)", f"round({inner})")
    return chance.choice((*made, f"case when n > 5 then {inner} else 0 end"))


def _decimal(engine: str, chance: Random, depth: int) -> str:
    if depth <= 0 or chance.random() < 0.3:
        return chance.choice("mmn")
    inner, places = _decimal(engine, chance, depth - 1), chance.choice((0, 1, 2))
    number = chance.choice(("1", "0.5", "99.99"))
    return chance.choice((f"({inner} + {number})", f"{inner} * 2", f"round(m, {places})", f"coalesce({inner}, 0)"))


def _day(engine: str, chance: Random, depth: int) -> str:
    days = chance.choice((1, 30))
    later = f"d + interval {days} day" if engine == "mariadb" else f"d + interval '{days} day'"
    return chance.choice(("d", "d", later, "coalesce(d, date '2020-01-01')")) if depth else "d"


def _where(engine: str, chance: Random) -> str:
    return "" if chance.random() < 0.6 else f" where {_condition(engine, chance)}"


def _condition(engine: str, chance: Random) -> str:
    length = "char_length" if engine == "mariadb" else "length"
    conditions = ["s is not null", "u is null or u <> 'A'", "s <> ''", "n > 3", "n is not null", "s = u", "m > 1.5"]
    conditions += ["n between 1 and 50", "u in ('A', 'bb')", "u not in ('A', 'bb')", "s like 'A%'", "s not like 'A%'"]
    conditions += [f"{length}(s) < 4", "not (n = 3)", "coalesce(u, '') <> 'A'", "s = u or u is null", "upper(u) = 'A'"]
    return chance.choice(conditions)


_MAKERS = {"t": _text, "n": _whole, "m": _decimal, "d": _day}


def _definition(engine: str, kind: str, name: str, chance: Random) -> str:
    """A column that an expression of a kind is put into, sometimes one of another kind."""
    texts = [f"varchar({chance.choice((1, 3, 5, 8, 13))})", f"char({chance.choice((3, 5, 8))})", "text"]
    numbers = ["smallint", "integer", "bigint", f"decimal({chance.choice(('4,0', '6,2', '5,1', '3,2'))})"]
    numbers += ["tinyint unsigned"] * (engine == "mariadb")
    days = ["date", "datetime" if engine == "mariadb" else "timestamp"]
    own = {"t": texts, "n": numbers, "m": numbers, "d": days}[kind]
    made = chance.choice(texts if chance.random() < 0.15 else own)
    value = "'q'" if made in texts else "'2020-01-01'" if made in days else "0"
    made += chance.choice(("",) * 8 + (" not null",) * 2 + (f" not null default {value}",))
    checks = {"t": ("length({0}) > 1", "{0} <> ''", "{0} in ('A', 'bb')", "{0} not like 'A%'", "{0} is not null")}
    checks |= dict.fromkeys("nm", ("{0} > 0", "{0} between 0 and 100", "{0} <> 7"))
    is_narrow = made.startswith("varchar(1)")  # a longer text never fits: told as a contradiction of the definition
    if chance.random() < 0.15 and kind in checks and not is_narrow and value != "'2020-01-01'":
        made += f" check ({chance.choice(checks[kind]).format(name)})"
    return made + " unique" * (chance.random() < 0.12 and not (engine == "mariadb" and made.startswith("text")))
