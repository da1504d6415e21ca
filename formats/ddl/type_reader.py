"""Reading a type, as it stands in a definition."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .cursor import Cursor, Script, UnreadStatement, words_of
from .sqltype import SqlType

if TYPE_CHECKING:
    from ...documents.location import Location
    from .engines.engine import Engine

_FOLLOWING: dict[str, tuple[tuple[str, ...], ...]] = {
    "CHARACTER": (("VARYING",), ("LARGE", "OBJECT")),
    "CHAR": (("VARYING",), ("LARGE", "OBJECT")),
    "NCHAR": (("VARYING",),),
    "NATIONAL": (("CHARACTER", "VARYING"), ("CHAR", "VARYING"), ("CHARACTER",), ("CHAR",), ("VARCHAR",)),
    "DOUBLE": (("PRECISION",),),
    "LONG": (("RAW",), ("VARCHAR",), ("VARBINARY",)),
    "BIT": (("VARYING",),),
    "BINARY": (("VARYING",), ("LARGE", "OBJECT")),
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


_AFTER_FREE_TYPE = frozenset(
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
    """The type that comes next. Raises UnreadStatement where none does."""
    start = cursor.word
    own = ""
    if engine.statements.free_types:
        name = _free_words(cursor)
    else:
        path = cursor.path()
        name = path[-1].value.upper()
        quoted = engine.statements.quoted_types and path[-1].kind == "name"
        own = path[-1].value if quoted else path[-1].value.lower()
        if engine.statements.quoted_char and quoted and name == "CHAR":
            name = '"CHAR"'  # one byte, and no relation of char
        for words in _FOLLOWING.get(name, ()):
            if cursor.skip(*words):
                name = " ".join((name, *words))
                break
    if name == "INTERVAL":
        _pass_interval(cursor)
    array = cursor.sees("<")
    if array:
        cursor.pass_angles()
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
    while cursor.sees("[") or cursor.sees("ARRAY"):
        array = True
        if cursor.take().upper == "[":
            cursor.until(lambda word: word.upper == "]")
            cursor.expect("]")
    written = cursor.script.text[start.start : cursor.before.end] if name else ""
    return SqlType(name, args, written, cursor.at(start), unsigned, array, own, unit)


def _pass_interval(cursor: Cursor) -> None:
    """Pass the fields of an interval: `YEAR (2) TO MONTH`, `DAY TO SECOND (3)`."""
    while cursor.word.upper in _INTERVAL_FIELDS:
        cursor.take()
        if cursor.sees("("):
            cursor.group()
        if not cursor.skip("TO"):
            break


_INTERVAL_FIELDS = frozenset(("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"))


def _free_words(cursor: Cursor) -> str:
    """Any number of words, none included, is a type."""
    words: list[str] = []
    while cursor.word.kind in {"word", "name", "text"} and cursor.word.upper not in _AFTER_FREE_TYPE:
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
        cursor = Cursor(words_of(script, text, engine.grammar, quoted_paths=engine.script.quoted_paths), script)
        made = take_type(cursor, engine)
        return replace(made, written=text, at=at) if cursor.done else None
    except UnreadStatement:
        return None
