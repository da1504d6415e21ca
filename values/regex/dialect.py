r"""The dialects of patterns, as data: the meaning of every character, escape, group and flag of each.

One parser reads them all (`parser.py`). Constructs of an engine that are not supported here are listed by name, so that
the message names them. Every dialect describes the *whole* value, as its engine's own full match does:

    ecma      new RegExp("^(?:" + pattern + ")$", "u").test(value)      ECMA-262 16th ed. (2025), 22.2
    python    re.fullmatch(pattern, value)                              Python 3.11
    re2       RE2::FullMatch(value, pattern)                            google/re2, doc/syntax.txt
    posix     regexec of an extended regular expression, in the         IEEE Std 1003.1-2017, XBD 9.4
              POSIX locale, matching all of the value
    sql_like  value LIKE pattern, case-sensitive, without ESCAPE        ISO/IEC 9075-2, 8.5 (and SQLite, Oracle, Db2)

Differences from the engines:

- ecma reads a few spellings that `u` rejects and that mean one thing without it (Annex B): `\-` and other escaped
  punctuation, a lone `]` or `}`, and `[\w-.]`, where the hyphen is itself. It also accepts the flags that have no effect on
  the match of a whole value (`d`, `g`, `y`).
- Properties and case are those of `unicode_data`, of one version for all dialects; an engine of another version treats
  the characters that were assigned or amended in between differently.
- python is the `re` of 3.11; from 3.14 on `\B` also holds in the empty text.
- With the flag `m` (multi-line) `^` and `$` also match at line ends, and the whole value must still match.
- posix leaves some constructs undefined that most engines define, each in its own way; they are rejected.
- sql_like: in SQL Server `[` opens a class; here it is itself, as in ISO SQL. The backslash is rejected, because it is
  an escape in PostgreSQL and MySQL and itself elsewhere, unless a flag decides: `e` escape, `b` itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from .. import unicode_data
from ..charset import ANY, CODE_POINT_LIMIT, NONE, WHITE_SPACE, Charset
from . import folding

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .folding import Folding


@dataclass(frozen=True, slots=True)
class Classes:
    """The named classes of characters under some flags."""

    digit: Charset
    word: Charset
    space: Charset


@dataclass(frozen=True, slots=True)
class Dialect:
    """The properties of a dialect that the parser reads.

    Tables give the parser's own word for a spelling; a word that begins with `!` names a rejected construct.
    """

    name: str
    """The word in a contract: `ecma`."""
    title: str
    """The name in messages."""
    metacharacters: Mapping[str, str]
    """The meaning of an unescaped character, where it is not itself."""
    classes: Callable[[frozenset[str]], Classes]
    r"""The classes `\d`, `\w` and `\s` under the flags given."""
    folding: Callable[[frozenset[str]], Folding]
    """The comparison of characters under the flags given."""
    flags: str = ""
    """The flags a contract may give."""
    inline_flags: str = ""
    """The flags a pattern may set inside."""
    lasting_flags: str = ""
    """Where `(?i)` may stand: `start` of the pattern, or anywhere for the rest of its `group`; empty: nowhere."""
    flags_may_contradict: bool = False
    """Whether `(?i-i:…)` has a meaning: the last setting counts."""
    rejected_flags: Mapping[str, str] = field(default_factory=dict)
    """Flags that exist and are not supported, with their meaning."""
    groups: Mapping[str, str] = field(default_factory=dict)
    """The spellings that may follow `(`; a longer one before its prefixes."""
    names_may_repeat: bool = False
    """Whether two groups may have the same name."""
    escapes: Mapping[str, str] = field(default_factory=dict)
    """The meaning of a character after a backslash."""
    bracket_escapes: Mapping[str, str] = field(default_factory=dict)
    """The same inside `[ ]`; empty: a backslash is itself there."""
    identity: Charset = NONE
    """The other characters that are themselves after a backslash."""
    wildcard: Charset = ANY
    """The characters that `.` matches."""
    line_ends: Charset = NONE
    """The line ends that `^` and `$` recognise in multi-line mode."""
    last_line_end: Charset = NONE
    """The characters that may follow `$` at the very end, outside multi-line mode."""
    repeatable: frozenset[str] = frozenset()
    """The assertions that a quantifier may follow: `anchor`, `look`."""
    behind_of_one_width: bool = False
    """Whether the branches of a look-behind must match the same number of characters."""
    greed_marks: Mapping[str, str] = field(default_factory=dict)
    """The marks that may follow a quantifier."""
    count_without_start: bool = False
    """Whether `{,5}` counts from 0."""
    brace_may_be_itself: bool = False
    """Whether `{` that opens no count is a brace."""
    largest_count: int | None = None
    """The engine's own limit on counts."""
    bracket_close_first: bool = True
    """Whether `]` right after `[` or `[^` is itself."""
    last_in_ranges: int = CODE_POINT_LIMIT - 1
    """The last character whose place in the collating order is defined."""
    bracket_classes: Mapping[str, Charset] = field(default_factory=dict)
    """The `[:alpha:]` that may stand inside `[ ]`."""
    bracket_collating: bool = False
    """Whether `[.a.]` and `[=a=]` may stand inside `[ ]`."""
    hyphen_beside_class: frozenset[str] = frozenset()
    r"""Where a hyphen beside a class is itself: `after` as in `[\w-.]`, `before` as in `[.-\w]`."""
    hyphen_inside: bool = True
    """Whether a hyphen that makes no range may stand anywhere in `[ ]`."""
    empty_branches: bool = True
    """Whether `(|a)` and `()` have a meaning."""
    properties: str = ""
    r"""The naming of properties in `\p{…}`: `ecma`, `re2`."""


def _table(*rows: str) -> Mapping[str, str]:
    """A mapping from rows `spelling meaning`."""
    return dict(row.split(" ", 1) for row in rows)


_DIGIT = Charset.of(("0", "9"))
_WORD = Charset.of(("0", "9"), ("A", "Z"), ("a", "z"), "_")
_SPACE = Charset.of("\t\n\v\f\r ")
_PUNCTUATION = Charset.of(("!", "/"), (":", "@"), ("[", "`"), ("{", "~"))
_NEWLINE = Charset.of("\n")
_LINE_TERMINATORS = Charset.of("\n\r\u2028\u2029")
_POSIX_CLASSES: Mapping[str, Charset] = {
    "alnum": _WORD - Charset.of("_"),
    "alpha": Charset.of(("A", "Z"), ("a", "z")),
    "blank": Charset.of("\t "),
    "cntrl": Charset.of(("\0", "\x1f"), "\x7f"),
    "digit": _DIGIT,
    "graph": Charset.of(("!", "~")),
    "lower": Charset.of(("a", "z")),
    "print": Charset.of((" ", "~")),
    "punct": _PUNCTUATION,
    "space": _SPACE,
    "upper": Charset.of(("A", "Z")),
    "xdigit": Charset.of(("0", "9"), ("A", "F"), ("a", "f")),
}
_METACHARACTERS = (
    "( group",
    ") close",
    "[ bracket",
    ". wildcard",
    "^ start",
    "$ end",
    "\\ escape",
    "| or",
    "* repeat",
    "+ repeat",
    "? repeat",
    "{ count",
)
_CLASS_ESCAPES = ("d digit", "D not digit", "w word", "W not word", "s space", "S not space")
_CONTROLS = ("t character 9", "n character 10", "v character 11", "f character 12", "r character 13")


@cache
def _ecma_classes(flags: frozenset[str]) -> Classes:
    # 22.2.2.9.3 WordCharacters: with `i` and `u`, the long s and the kelvin sign are word characters too.
    word = unicode_data.close_over_simple_folding(_WORD) if "i" in flags else _WORD
    return Classes(_DIGIT, word, unicode_data.general_category("Zs") | Charset.of("\t\n\v\f\r\u2028\u2029\ufeff"))


@cache
def _python_classes(flags: frozenset[str]) -> Classes:
    if "a" in flags:
        return Classes(_DIGIT, _WORD, _SPACE)
    # str.isdecimal, str.isalnum and the underscore, str.isspace.
    digit = unicode_data.general_category("Nd")
    letters_and_numbers = unicode_data.general_category("L") | unicode_data.general_category("N")
    return Classes(digit, letters_and_numbers | Charset.of("_"), WHITE_SPACE | Charset.of("\x1c\x1d\x1e\x1f"))


def _ascii_classes(flags: frozenset[str]) -> Classes:  # noqa: ARG001 - the same under all flags
    return Classes(_DIGIT, _WORD, Charset.of("\t\n\f\r "))


def _python_folding(flags: frozenset[str]) -> Folding:
    if "i" not in flags:
        return folding.CASE_SENSITIVE
    return folding.PythonAsciiFolding() if "a" in flags else folding.PythonFolding()


def _folding(rule: Folding) -> Callable[[frozenset[str]], Folding]:
    return lambda flags: rule if "i" in flags else folding.CASE_SENSITIVE


ECMA = Dialect(
    name="ecma",
    title="ECMAScript",
    metacharacters=_table(*_METACHARACTERS),
    classes=_ecma_classes,
    folding=_folding(folding.EcmaFolding()),
    flags="dgimsuy",
    rejected_flags=_table("v another grammar of classes"),
    groups=_table(
        "?: plain",
        "?= look ahead",
        "?! look not ahead",
        "?<= look behind",
        "?<! look not behind",
        "?< name",
        "?i !flags inside a pattern",
        "?m !flags inside a pattern",
        "?s !flags inside a pattern",
        "?- !flags inside a pattern",
    ),
    escapes=_table(
        *_CLASS_ESCAPES,
        *_CONTROLS,
        *(f"{digit} reference" for digit in "123456789"),
        "0 nul",
        "b boundary",
        "B not boundary",
        "c control",
        "k reference <",
        "p property",
        "P not property",
        "u utf-16",
        "x hex 2",
    ),
    bracket_escapes=_table(
        *_CLASS_ESCAPES,
        *_CONTROLS,
        "0 nul",
        "b character 8",
        "c control",
        "p property",
        "P not property",
        "u utf-16",
        "x hex 2",
    ),
    identity=_PUNCTUATION | Charset.of(" "),
    wildcard=~_LINE_TERMINATORS,
    line_ends=_LINE_TERMINATORS,
    greed_marks=_table("? lazy"),
    bracket_close_first=False,
    hyphen_beside_class=frozenset({"after", "before"}),
    properties="ecma",
)

PYTHON = Dialect(
    name="python",
    title="Python's re",
    metacharacters=_table(*_METACHARACTERS),
    classes=_python_classes,
    folding=_python_folding,
    flags="aimsux",
    inline_flags="aimsux",
    lasting_flags="start",
    rejected_flags=_table("L the case rules of a machine's locale"),
    groups=_table(
        "?: plain",
        "?= look ahead",
        "?! look not ahead",
        "?<= look behind",
        "?<! look not behind",
        "?P< name",
        "?P= reference",
        "?# comment",
        "?> !an atomic group",
        "?( !a conditional",
        "?P> !recursion",
    ),
    escapes=_table(
        *_CLASS_ESCAPES,
        *_CONTROLS,
        *(f"{digit} reference or octal" for digit in "123456789"),
        "0 octal byte",
        "a character 7",
        "A text start",
        "b boundary",
        "B not boundary of some text",
        "N character name",
        "u hex 4",
        "U hex 8",
        "x hex 2",
        "Z text end",
    ),
    bracket_escapes=_table(
        *_CLASS_ESCAPES,
        *_CONTROLS,
        *(f"{digit} octal byte" for digit in "01234567"),
        "a character 7",
        "b character 8",
        "N character name",
        "u hex 4",
        "U hex 8",
        "x hex 2",
    ),
    identity=~Charset.of(("0", "9"), ("A", "Z"), ("a", "z")),
    wildcard=~_NEWLINE,
    line_ends=_NEWLINE,
    last_line_end=_NEWLINE,
    repeatable=frozenset({"look"}),
    behind_of_one_width=True,
    greed_marks=_table("? lazy", "+ !a possessive quantifier"),
    count_without_start=True,
    brace_may_be_itself=True,
)

RE2 = Dialect(
    name="re2",
    title="RE2",
    metacharacters=_table(*_METACHARACTERS),
    classes=_ascii_classes,
    folding=_folding(folding.SimpleFolding()),
    flags="imsU",
    inline_flags="imsU",
    lasting_flags="group",
    flags_may_contradict=True,
    groups=_table("?: plain", "?P< name", "?< name"),
    names_may_repeat=True,
    escapes=_table(
        *_CLASS_ESCAPES,
        *_CONTROLS,
        *(f"{digit} octal 1" for digit in "1234567"),
        "0 octal 0",
        "a character 7",
        "A text start",
        "b boundary",
        "B not boundary",
        "C !a single byte",
        "p property",
        "P not property",
        "Q quote",
        "x hex 2 or braces",
        "z text end",
    ),
    bracket_escapes=_table(
        *_CLASS_ESCAPES,
        *_CONTROLS,
        *(f"{digit} octal 1" for digit in "1234567"),
        "0 octal 0",
        "a character 7",
        "p property",
        "P not property",
        "x hex 2 or braces",
    ),
    identity=_PUNCTUATION | _SPACE | Charset.of(("\0", "\x1f"), "\x7f"),
    wildcard=~_NEWLINE,
    line_ends=_NEWLINE,
    repeatable=frozenset({"anchor"}),
    greed_marks=_table("? lazy"),
    brace_may_be_itself=True,
    largest_count=1000,
    bracket_classes={**_POSIX_CLASSES, "ascii": Charset((0, 0x80)), "word": _WORD},
    hyphen_beside_class=frozenset({"after"}),
    properties="re2",
)

POSIX = Dialect(
    name="posix",
    title="a POSIX extended regular expression",
    metacharacters=_table(*_METACHARACTERS),
    classes=_ascii_classes,
    folding=_folding(folding.PosixFolding()),
    flags="i",
    identity=Charset.of("^.[$()|*+?{\\]}"),
    wildcard=~Charset.of("\0"),
    largest_count=0x7FFF,
    last_in_ranges=0x7F,
    bracket_classes=_POSIX_CLASSES,
    bracket_collating=True,
    hyphen_inside=False,
    empty_branches=False,
)

SQL_LIKE = Dialect(
    name="sql_like",
    title="SQL LIKE",
    metacharacters=_table("% any text", "_ any character", "\\ backslash"),
    classes=_ascii_classes,
    folding=_folding(folding.CASE_SENSITIVE),
    flags="be",
    rejected_flags=_table("i the case rules of a database's collation"),
    identity=Charset.of("%_\\"),
)

DIALECTS: Mapping[str, Dialect] = {dialect.name: dialect for dialect in (ECMA, PYTHON, RE2, POSIX, SQL_LIKE)}
"""By the word in a contract."""
