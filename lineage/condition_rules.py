"""What the words of a condition mean to an engine: how texts are equal and in order, what a length counts, what is null.

Sources beside those of `collations.py`: MySQL 8.0, 12.8 (LENGTH counts bytes); Db2 11.5, LENGTH; Oracle 19c SQL reference,
"Nulls" (the empty text is null); SQL Server 2022, LEN (no blanks at the end; UTF-16 units without a collation of `_SC`);
ECMA-262, String length; Java SE 17, String.length. PostgreSQL 15, 8.3: blanks at the end of `char(n)` do not count, but
for LIKE; functions get the text without them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..values import language
from ..values.charset import ANY, Charset
from ..values.textset import TextSet
from ..values.weight import CODE_POINTS, UTF8, UTF16
from .collations import BYTES, NO_CASE, Collation, collations
from .engines import ANY_ENGINE, TITLES, Runner

if TYPE_CHECKING:
    from ..contracts.model import KnownEngine
    from ..values.language import Language
    from ..values.weight import Weight

TextOrder: TypeAlias = Literal["code points", "utf-16"]


@dataclass(frozen=True, slots=True)
class ConditionRules:
    """The meaning of a condition's words to one engine under one collation."""

    title: str = ""
    runner: Runner | None = None
    """What does the steps in a condition: upper, trim; None: they are as on their own."""
    collation: Collation = BYTES
    """How texts are equal."""
    like: Collation = BYTES
    """What LIKE takes for the same character."""
    lengths: tuple[Weight, ...] = (CODE_POINTS,)
    """What LENGTH may count."""
    character_lengths: tuple[Weight, ...] = (CODE_POINTS,)
    """What CHAR_LENGTH may count."""
    order: TextOrder | None = "code points"
    """How texts are in order; None: not described."""
    empty_is_null: bool = False
    """Whether the empty text is null."""
    filled_up: Literal["blanks count", "padded", "dropped"] = "blanks count"
    """The blanks that fill up a column of fixed length: they count, or do not where texts are equal, or functions drop them
    as well."""
    is_sqlserver: bool = False
    """Whether `[` opens a class of characters in LIKE, and lengths leave out blanks at the end."""

    @property
    def of_function(self) -> Collation:
        """How what a function gives is equal to a text: SQLite's columns have a collation, and its functions none."""
        is_sqlite = self.runner is not None and self.runner.engine == "sqlite"
        return BYTES if is_sqlite else self.collation

    def of_pair(self, *, is_filled_up: bool) -> Collation:
        """How two fields are compared. `is_filled_up`: one of them holds blanks up to its length."""
        if is_filled_up and self.filled_up != "blanks count":
            return replace(self.collation, pads=True)
        return self.collation


STANDARD_RULES = (ConditionRules(),)
"""ISO SQL over code points, where nothing is said of an engine: a condition on its own."""

_CHARACTER_LENGTHS: dict[KnownEngine, tuple[Weight, ...]] = {
    "sqlserver": (CODE_POINTS, UTF16),
    "node": (UTF16,),
    "java": (UTF16,),
}
_LENGTHS = _CHARACTER_LENGTHS | dict.fromkeys(("mysql", "mariadb", "db2"), (UTF8, CODE_POINTS))
"""What LENGTH counts, where that is not characters; of MySQL, MariaDB and Db2 it depends on the charset of the column."""


def rules_of(runners: tuple[Runner, ...]) -> tuple[ConditionRules, ...]:
    """The rules under which engines may read a condition, each once.

    Of any engine, those stand for all that differ most: texts alike byte by byte, without regard to case in ASCII, and as
    MariaDB's collations have them.
    """
    named = _OF_ANY if runners is ANY_ENGINE else runners
    return tuple(dict.fromkeys(rules for runner in named for rules in _rules(runner)))


_OF_ANY = (
    Runner("postgres"),
    Runner("sqlite"),
    Runner("mariadb", "utf8mb4_general_ci"),
    Runner("mariadb", "uca1400_ai_ci"),
    Runner("node"),
)


@cache
def _rules(runner: Runner) -> tuple[ConditionRules, ...]:
    engine, found = runner.engine, collations(runner.engine, runner.collation)
    rules: list[ConditionRules] = []
    for name, collation in found.items():
        title = f"{TITLES[engine]} ({name})" if name else TITLES[engine]
        rules.append(
            ConditionRules(
                title,
                runner,
                collation,
                _like(engine, collation),
                _LENGTHS.get(engine, (CODE_POINTS,)),
                _CHARACTER_LENGTHS.get(engine, (CODE_POINTS,)),
                _order(runner, collation),
                engine == "oracle",
                _FILLED_UP.get(engine, "blanks count"),
                is_sqlserver=engine == "sqlserver",
            )
        )
    return tuple(rules)


_FILLED_UP: dict[KnownEngine, Literal["padded", "dropped"]] = {
    "postgres": "dropped",
    "redshift": "dropped",
    "oracle": "padded",
    "db2": "padded",
}


def _like(engine: KnownEngine, collation: Collation) -> Collation:
    """SQLite's LIKE has its own case; blanks at the end count, but SQL Server's LIKE may drop those of a value."""
    if engine == "sqlite":
        return NO_CASE
    return collation if engine == "sqlserver" else replace(collation, pads=False)


def _order(runner: Runner, collation: Collation) -> TextOrder | None:
    if collation != BYTES or (runner.engine == "postgres" and (runner.collation or "").lower() not in _IN_BYTES):
        return None
    return "utf-16" if runner.engine in {"node", "java"} else "code points"


_IN_BYTES = frozenset(("c", "posix", "ucs_basic"))


def lower_texts(text: str, order: TextOrder) -> TextSet:
    """The texts before a text in an order by its characters."""
    before: list[Language] = [language.literal(text[:i]) for i in range(len(text))]
    for i, character in enumerate(text):
        first = language.chars(_lower_characters(ord(character), order))
        before.append(language.concat(language.literal(text[:i]), first, language.ALL))
    return TextSet.language(language.union(*before))


_SURROGATES, _BEYOND = 0xD800, 0x10000


def _lower_characters(point: int, order: TextOrder) -> Charset:
    """The characters before one; in UTF-16 those beyond U+FFFF come before U+E000 and its followers."""
    if order == "code points" or point < _SURROGATES:
        return Charset.ranges([(0, point - 1)])
    if point >= _BEYOND:
        return Charset.ranges([(0, _SURROGATES - 1), (_BEYOND, point - 1)])
    return Charset.ranges([(0, point - 1)]) | (ANY - Charset.ranges([(0, _BEYOND - 1)]))
