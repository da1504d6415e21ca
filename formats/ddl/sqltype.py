"""A column's type, as it stands in a definition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .cursor import Cursor, Script, UnreadStatement, words_of

if TYPE_CHECKING:
    from ...documents.location import Location
    from .engine import Engine
    from .rules import Rules


@dataclass(frozen=True, slots=True)
class SqlType:
    """A type as it stands in a definition."""

    name: str
    """Its words in capitals, without what stands in parentheses: `CHARACTER VARYING`, `TIMESTAMP WITH TIME ZONE`."""
    args: tuple[str, ...]
    """What stands in parentheses, texts without their quotes."""
    written: str
    """As it stands in the script."""
    at: Location
    unsigned: bool = False
    array: bool = False
    own: str = ""
    """The name as one that is not the engine's: of a domain, an enumeration."""
    unit: str | None = None
    """`CHAR` or `BYTE` after Oracle's length."""

    def number(self, index: int = 0) -> int | None:
        """An argument that is a whole number; None when there is none."""
        text = self.args[index] if index < len(self.args) else ""
        return int(text) if text.isdecimal() and len(text) < 10 else None


_FOLLOWING: dict[str, tuple[tuple[str, ...], ...]] = {
    "CHARACTER": (("VARYING",), ("LARGE", "OBJECT")),
    "CHAR": (("VARYING",), ("LARGE", "OBJECT")),
    "NCHAR": (("VARYING",),),
    "NATIONAL": (("CHARACTER", "VARYING"), ("CHAR", "VARYING"), ("CHARACTER",), ("CHAR",), ("VARCHAR",)),
    "DOUBLE": (("PRECISION",),),
    "LONG": (("RAW",), ("VARCHAR",), ("VARBINARY",)),
    "BIT": (("VARYING",),),
    "BINARY": (("VARYING",), ("LARGE", "OBJECT")),
    "INTERVAL": (("YEAR", "TO", "MONTH"), ("DAY", "TO", "SECOND")),
    "VARYING": (("CHARACTER",),),
    "NATIVE": (("CHARACTER",),),
    "UNSIGNED": (("BIG", "INT"), ("INT",)),
}
"""The words that may follow the first word of a type; the longest first."""


_ZONES = {
    ("WITH", "TIME", "ZONE"): " WITH TIME ZONE",
    ("WITH", "LOCAL", "TIME", "ZONE"): " WITH LOCAL TIME ZONE",
    ("WITHOUT", "TIME", "ZONE"): "",
}


_AFTER_SQLITE_TYPE = frozenset(
    (
        "CONSTRAINT",
        "PRIMARY",
        "NOT",
        "NULL",
        "UNIQUE",
        "CHECK",
        "DEFAULT",
        "COLLATE",
        "REFERENCES",
        "GENERATED",
        "AS",
        "ON",
    )
)


def take_type(cursor: Cursor, engine: Engine) -> SqlType:
    """The type that comes next. Raises Unread where none does."""
    start = cursor.word
    own = ""
    if engine.name == "sqlite":
        name = _sqlite_words(cursor)
    else:
        path = cursor.path()
        name = path[-1].value.upper()
        own = path[-1].value if path[-1].kind == "name" and engine.is_postgres else path[-1].value.lower()
        if engine.name == "postgres" and path[-1].kind == "name" and name == "CHAR":
            name = '"CHAR"'  # one byte, and no relation of char
        for words in _FOLLOWING.get(name, ()):
            if cursor.skip(*words):
                name = " ".join((name, *words))
                break
    args: tuple[str, ...] = ()
    unit = None
    if cursor.sees("("):
        items = cursor.items()
        unit = items[-1].peek(1).upper or None if items else None
        args = tuple(_argument(item) for item in items)
    for words, suffix in _ZONES.items():
        if cursor.skip(*words):
            name += suffix
    unsigned = name.startswith("UNSIGNED ")
    while word := cursor.skip_any("UNSIGNED", "SIGNED", "ZEROFILL"):
        unsigned |= word != "SIGNED"
    array = False
    while cursor.sees("[") or cursor.sees("ARRAY"):
        array = True
        if cursor.take().upper == "[":
            cursor.until(lambda word: word.upper == "]")
            cursor.expect("]")
    written = cursor.script.text[start.start : cursor.before.end] if name else ""
    return SqlType(name, args, written, cursor.at(start), unsigned, array, own, unit)


def _sqlite_words(cursor: Cursor) -> str:
    """Any number of words, none included, is a type."""
    words: list[str] = []
    while cursor.word.kind in {"word", "name", "text"} and cursor.word.upper not in _AFTER_SQLITE_TYPE:
        words.append(cursor.take().value.upper())
    return " ".join(words)


def _argument(item: Cursor) -> str:
    """`20`, `20 CHAR`, `-2`, `'a'`, `MAX`."""
    sign = "-" if item.skip("-") else ""
    word = item.take()
    return sign + (word.value if word.kind in {"text", "number"} else word.upper or word.value)


def read_type(text: str, engine: Engine, at: Location) -> SqlType | None:
    """A type that stands alone; None when it cannot be read."""
    script = Script(text, at.file)
    try:
        cursor = Cursor(words_of(script, text, engine.grammar), script)
        found = take_type(cursor, engine)
        return (
            SqlType(found.name, found.args, text, at, found.unsigned, found.array, found.own, found.unit)
            if cursor.done
            else None
        )
    except UnreadStatement:
        return None


@dataclass(slots=True)
class Taken:
    """A column's type with what its definition says beside it."""

    type: SqlType
    engine: Engine
    charset: str
    """The column's, or its table's, or the engine's."""
    rules: Rules

    def declare_length(self) -> None:
        """Say that a length is written down and not enforced."""
        if self.type.args:
            self.rules.say_declared(self.type.written, self.type.at)
