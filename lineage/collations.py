"""How engines compare texts in a condition: which texts are equal, and what LIKE takes for the same character.

A collation compares a text by its image, character by character; under some, blanks at the end do not count. Measured,
not assumed: the images of MariaDB's collations are written from its own weights (`collation_tables.py`), and tests hold
what is said of PostgreSQL, MariaDB, SQLite, DuckDB and Spark to the engines that run there. Of a collation that was not
asked, only printable ASCII is stated, by its manual; a text with other characters may be equal to any other.

The rules of single languages (Swedish, Turkish, …) are left out: under some of them other letters are one.
Sources: MySQL 8.0 reference manual, 10.10 and 12.8.1; MariaDB, "Supported Character Sets and Collations"; SQLite,
"Datatypes", 7, and "The LIKE, GLOB …"; SQL Server 2022, "Collation and Unicode support" and "LIKE"; PostgreSQL 15, 8.3
and 24.2; Oracle 19c SQL reference, "Data Type Comparison Rules"; Db2 11.5, "Assignments and comparisons"; Snowflake and
BigQuery, "Collation"; Databricks, "Collation"; Redshift, "Character types".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from string import ascii_lowercase
from typing import TYPE_CHECKING, TypeAlias

from ..values import language
from ..values.charset import ANY, NONE, Charset
from ..values.textset import TextSet, without
from ..values.transducer import CharMap
from ..values.trimming import TrimMachine
from ..values.unicode_data import decode_map, decode_set
from . import collation_tables as tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..contracts.model import KnownEngine
    from ..values.language import Language

LikePart: TypeAlias = "str | None"
"""A part of a LIKE pattern: "%" is written as None, "_" as the empty text, and one character as itself."""

_BLANK = Charset.of(" ")
_PRINTABLE = Charset.of((" ", "~"))
_DROPS_BLANKS = TrimMachine(_BLANK, left=False, right=True)


@dataclass(frozen=True, slots=True)
class Collation:
    """One way of comparing texts."""

    images: str | None = None
    """The name of the images that are compared: "ascii" for one case of the letters A to Z; None: the text itself."""
    pads: bool = False
    """Whether blanks at the end do not count."""
    is_asked: bool = True
    """Whether it is known of every character; False: only of printable ASCII."""

    @property
    def left_out(self) -> Charset:
        """The characters of which nothing is known."""
        return _left_out(self.images) if self.is_asked else ~_PRINTABLE

    def image(self, text: str) -> str:
        """What a text is compared by."""
        image = _map(self.images)(text)
        return image.rstrip(" ") if self.pads else image

    def equal(self, first: str, second: str) -> bool | None:
        """Whether two texts are equal; None: not known."""
        if first == second:
            return True
        if any(ord(character) in self.left_out for character in first + second):
            return None
        return self.image(first) == self.image(second)

    def equal_to(self, texts: Iterable[str]) -> tuple[TextSet, TextSet]:
        """The texts that are equal to one of these for certain, and those that may be."""
        written = list(texts)
        left_out, exactly = self.left_out, _among(written)
        certain = [text for text in written if not any(ord(character) in left_out for character in text)]
        alike = TextSet.language(language.union(*(self._read_as(image) for image in {self.image(t) for t in certain})))
        if not left_out:
            return alike, alike
        possible = alike | ~without(left_out) if len(certain) == len(written) else TextSet.full()
        return alike | exactly, possible | exactly

    def _read_as(self, image: str) -> Language:
        """The texts of one image: what may stand for it from each of its characters on, from the last to the first."""
        members, table, left_out = _members(self.images), _map(self.images).table, self.left_out
        blanks = members.get(" ", NONE) | _BLANK if self.pads else NONE
        rest = [language.repeat(language.chars(blanks - left_out), 0)]
        for i in range(len(image) - 1, -1, -1):
            ways: list[Language] = []
            for size in range(1, min(_longest(self.images), len(image) - i) + 1):
                part = image[i : i + size]
                alike = members.get(part, NONE)
                if size == 1 and ord(part) not in table:
                    alike |= Charset.of(part)
                ways.append(language.concat(language.chars(alike - left_out), rest[size - 1]))
            rest.insert(0, language.union(*ways))
        return rest[0]

    def like(self, parts: Sequence[LikePart]) -> tuple[TextSet, TextSet]:
        """The texts that a LIKE pattern matches for certain, and those that it may match."""
        sure, possible = (
            language.concat(*(self._matched(part, possible=possible) for part in parts)) for possible in (False, True)
        )
        surely, may = TextSet.language(sure), TextSet.language(possible)
        if self.pads:
            may = may | may.back(_DROPS_BLANKS)
        if not self.is_asked:  # an accent may be dropped before the characters are counted
            known = without(self.left_out)
            surely, may = surely & known, may | ~known
        return surely, may

    def _matched(self, part: LikePart, *, possible: bool) -> Language:
        if not part:
            return language.ALL if part is None else _ONE
        left_out, point = self.left_out, ord(part)
        if point in left_out:
            return _ONE if possible else language.literal(part)
        alike = _members(self.images).get(_map(self.images)(part), NONE) | Charset.of(part)
        return language.chars(alike | left_out if possible else alike - left_out)


_ONE = language.chars(ANY)
BYTES = Collation()
"""A text is equal to itself alone."""
_PADDED = Collation(pads=True)
NO_CASE = Collation("ascii")
_NO_CASE_IN_ASCII = Collation("ascii", is_asked=False)
_ASCII = Collation(is_asked=False)

CollationNames: TypeAlias = Mapping[str, Collation]
"""Collations by the names that engines have for them, in lower case; those of one engine that stand for all of its."""

_SPARK: CollationNames = {
    "utf8_binary": BYTES,
    "utf8_lcase": _NO_CASE_IN_ASCII,
    "unicode": _ASCII,
    "unicode_ci": _NO_CASE_IN_ASCII,
    "utf8_binary_rtrim": _PADDED,
    "utf8_lcase_rtrim": replace(_NO_CASE_IN_ASCII, pads=True),
}
_MARIADB: CollationNames = {
    "bin": _PADDED,
    "nopad_bin": BYTES,
    "general_ci": Collation("general_ci", pads=True),
    "general_nopad_ci": Collation("general_ci"),
    "unicode_ci": Collation("unicode_ci", pads=True),
    "unicode_nopad_ci": Collation("unicode_ci"),
    "uca1400_ai_ci": Collation("uca1400_ai_ci", pads=True),
    "uca1400_nopad_ai_ci": Collation("uca1400_ai_ci"),
}
_OF_ENGINES: Mapping[KnownEngine, CollationNames] = {
    "postgres": {"": BYTES},
    "redshift": {
        "case_sensitive": BYTES,
        "case_sensitive, blanks ignored": _PADDED,
        "case_insensitive": replace(_NO_CASE_IN_ASCII, pads=True),
    },
    "mariadb": _MARIADB,
    "mysql": {
        "0900_bin": BYTES,
        "0900_ai_ci": Collation("uca1400_ai_ci", is_asked=False),
        "0900_as_cs": _ASCII,
        "bin": _PADDED,
        "general_ci": Collation("general_ci", pads=True),
        "unicode_ci": Collation("unicode_ci", pads=True),
    },
    "sqlite": {"binary": BYTES, "nocase": NO_CASE, "rtrim": _PADDED},
    "duckdb": {"binary": BYTES, "nocase": _NO_CASE_IN_ASCII, "noaccent": _ASCII},
    "spark": _SPARK,
    "databricks": _SPARK,
    "oracle": {"binary": BYTES, "binary_ci": _NO_CASE_IN_ASCII, "binary_ai": _NO_CASE_IN_ASCII},
    "sqlserver": {
        "bin2": _PADDED,
        "cs_as": replace(_ASCII, pads=True),
        "ci_as": replace(_NO_CASE_IN_ASCII, pads=True),
    },
    "snowflake": {"": BYTES, "ci": _NO_CASE_IN_ASCII},
    "bigquery": {"": BYTES, "und:ci": _NO_CASE_IN_ASCII},
    "db2": {"identity": _PADDED, "cldr…_s1": replace(_NO_CASE_IN_ASCII, pads=True)},
    "node": {"": BYTES},
    "java": {"": BYTES},
    "python": {"": BYTES},
}


def collations(engine: KnownEngine, name: str | None) -> CollationNames:
    """The collations of an engine, by name: the one named, or all where it is not described or none is named."""
    known = _OF_ENGINES[engine]
    if name is None:
        return known
    lower = name.lower()
    match engine:
        case "mysql" | "mariadb":
            short = lower.removeprefix("utf8mb4_").removeprefix("utf8mb3_").removeprefix("utf8_")
        case "sqlserver":
            short = "bin2" if lower.endswith(("_bin", "_bin2")) else "cs_as" if "_cs_" in lower else "ci_as"
        case "oracle":
            short = lower if lower == "binary" else "binary_ai" if lower.endswith("_ai") else "binary_ci"
        case "snowflake" | "bigquery":
            short = next((each for each in known if each and lower.endswith(each)), lower)
        case _:
            short = "" if "" in known else lower
    return {short: known[short]} if short in known else known


def _among(texts: Iterable[str]) -> TextSet:
    return TextSet.language(language.union(*map(language.literal, texts)))


@cache
def _map(images: str | None) -> CharMap:
    match images:
        case None:
            return CharMap("as it is", {})
        case "ascii":
            return CharMap("in one case", {ord(c.upper()): c for c in ascii_lowercase})
        case _:
            return CharMap(f"compared by {images}", decode_map(tables.IMAGES[images]))


@cache
def _longest(images: str | None) -> int:
    return _map(images).sizes[1]


@cache
def _left_out(images: str | None) -> Charset:
    return decode_set(tables.LEFT_OUT[images]) | Charset.of("\0") if images in tables.LEFT_OUT else NONE


@cache
def _members(images: str | None) -> Mapping[str, Charset]:
    """The characters of one image, by the image; one that is its own alone is not listed."""
    points: dict[str, list[int]] = {}
    table = _map(images).table
    for point, image in table.items():
        points.setdefault(image, []).append(point)
    own = {image: [ord(image)] if len(image) == 1 and ord(image) not in table else [] for image in points}
    return {image: Charset.ranges((p, p) for p in (*members, *own[image])) for image, members in points.items()}
