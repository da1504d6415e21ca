"""Random expressions of SQL over the columns a, b and c, in the words of one engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

LITERALS = ("", " ", "x", "P", "ab", "ß", "-")
VALUES: tuple[str | None, ...] = (
    *(
        None,
        "",
        " ",
        "a",
        "P",
        "C",
        "x",
        "ab",
        "Ab",
        "  a b ",
        "a  b",
        "straße",
        "É",
        "\t a",
        "O'Neil",
        "x-y-z",
        "😀x",
        "1",
    ),
    *("abcdefghijklmnop", "ss", "-", "aaab", "e\u0301x", "ﬁ²"),
)
"""Of every column; b is never null."""


def expression(engine: str, chance: random.Random, depth: int = 3) -> str:
    """One expression; every function in it exists in the engine."""
    if depth == 0 or chance.random() < 0.15:
        return chance.choice("abc")
    inner = expression(engine, chance, depth - 1)
    made = [
        lambda: f"upper({inner})",
        lambda: f"lower({inner})",
        lambda: f"trim({inner})",
        lambda: f"ltrim({inner})",
        lambda: f"rtrim({inner})",
        lambda: f"substr({inner}, {chance.randint(1, 4)}, {chance.randint(0, 6)})",
        lambda: f"substr({inner}, {chance.randint(1, 3)})",
        lambda: f"replace({inner}, {_text(chance)}, {_text(chance)})",
        lambda: f"coalesce({inner}, {_text(chance)})",
        lambda: f"coalesce({chance.choice('ac')}, {inner})",
        lambda: f"nullif({chance.choice('abc')}, {_text(chance)})",
        lambda: f"nullif({inner}, {_text(chance)})",
        lambda: _case(engine, chance, depth, inner),
        lambda: f"case {chance.choice('abc')} when 'P' then 'person' when 'C' then 'company' {_else(chance)} end",
        lambda: f"trim(both 'x' from {inner})" if engine != "sqlite" else f"trim({inner}, 'x')",
    ]
    if engine != "mariadb":
        made += [lambda: f"{inner} || {_text(chance)}", lambda: f"{inner} || {expression(engine, chance, depth - 1)}"]
    else:
        made += [
            lambda: f"concat({inner}, {_text(chance)})",
            lambda: f"substring_index({inner}, '{chance.choice('- ')}', {chance.choice((1, -1))})",
        ]
    if engine != "sqlite":
        made += [
            lambda: f"left({inner}, {chance.randint(0, 6)})",
            lambda: f"right({inner}, {chance.randint(0, 6)})",
            lambda: f"lpad({inner}, {chance.randint(1, 8)}, {chance.choice(('0', '-')).join(chr(39) * 2)})",
            lambda: f"rpad({inner}, {chance.randint(1, 8)}, '*')",
            lambda: f"concat({inner}, {expression(engine, chance, depth - 1)})",
            lambda: f"concat_ws('-', {chance.choice('abc')}, {chance.choice(('a', 'b', 'c', 'null'))})",
            lambda: f"concat_ws('-', {chance.choice('abc')}, {inner})",
        ]
    else:
        made += [lambda: f"substr({inner}, -{chance.randint(1, 6)})"]
    if engine == "postgres":
        made += [lambda: f"initcap({inner})", lambda: f"normalize({inner}, {chance.choice(('NFC', 'NFKC', 'NFD'))})"]
    if engine == "duckdb":
        made += [lambda: f"url_encode({inner})", lambda: f"nfc_normalize({inner})", lambda: f"strip_accents({inner})"]
    if engine in {"postgres", "duckdb"}:
        made += [
            lambda: f"{chance.choice(('left', 'right'))}({inner}, -{chance.randint(1, 3)})",
            lambda: f"regexp_replace({inner}, '[^a-z]', '', 'g')",
            lambda: f"regexp_replace({inner}, '[^a-z]{chance.choice(('', '+'))}', '{chance.choice('-_')}', 'g')",
            lambda: f"split_part({inner}, '{chance.choice(('-', ' ', 'ab'))}', {chance.randint(1, 3)})",
            lambda: f"split_part({inner}, '-', -1)",
            lambda: f"translate({inner}, '{chance.choice(('abx', 'aa-', 'Pß'))}', '{chance.choice(('', 'z', 'zy'))}')",
            lambda: f"cast({inner} as varchar({chance.randint(1, 9)}))",
            lambda: f"md5({inner})",
        ]
    return chance.choice(made)()


def _text(chance: random.Random) -> str:
    return "'" + chance.choice(LITERALS) + "'"


def _else(chance: random.Random) -> str:
    return chance.choice(("", "else 'other'", "else a", "else null"))


def _case(engine: str, chance: random.Random, depth: int, inner: str) -> str:
    column = chance.choice("abc")
    condition = chance.choice(
        (
            f"{column} = 'P'",
            f"{column} is null",
            f"{column} in ('P', 'x')",
            f"{column} <> 'ab'",
            f"length({column}) > 2",
        )
    )
    return f"case when {condition} then {inner} else {expression(engine, chance, depth - 1)} end"
