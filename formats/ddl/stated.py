"""What an estate states of statements: `statements:` beside `files:`, for a migration that ran may not be edited.

statements:
  - {statement: "SELECT create_hypertable(*", reason: "chunks; no column changes"}              passed over
  - {statement: "CALL widen_names()", effect: "ALTER TABLE t ALTER n TYPE text", reason: "…"}   read in its place
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from ...documents.shape import TEXT, Key, Keyed, ListOf
from .cursor import CatalogueScript, Cursor

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...documents.location import Location
    from ...documents.problem import Problems
    from ...documents.shape import ShapedRecord
    from .engines.engine import Engine

_STATEMENT = Key(
    "statement",
    TEXT,
    "The statement, without its semicolon; `*` stands for any text. Blanks and letters' case do not count.",
    required=True,
)
_IN = Key("in", TEXT, "Only in this file, or in files of this pattern: V7__chunks.sql, legacy/*.sql.")
_EFFECT = Key("effect", TEXT, "SQL that is read in its place. Left out: the statement is passed over.")
_REASON = Key("reason", TEXT, "Why that is so.", required=True)
STATEMENTS = Key(
    "statements",
    ListOf(
        Keyed(
            "stated_statement",
            "A statement that is passed over, or whose effect is stated.",
            (_STATEMENT, _IN, _EFFECT, _REASON),
        ),
        least=1,
        single=True,
    ),
    "Statements that are passed over, or that other SQL states the effect of.",
)


@dataclass(slots=True)
class StatedStatement:
    """One entry of `statements`."""

    pattern: re.Pattern[str]
    files: str | None
    effect: str | None
    at: Location
    length: int
    used: bool = False


@dataclass(slots=True)
class StatedStatements:
    """All of them, in order; the first that matches counts."""

    stated: list[StatedStatement] = field(default_factory=list)

    @classmethod
    def read(cls, records: Sequence[ShapedRecord]) -> StatedStatements:
        """The entries of the option `statements`."""
        return cls([entry for record in records if (entry := _entry(record)) is not None])

    def in_place_of(self, statement: Cursor, engine: Engine) -> Iterator[Cursor] | None:
        """What is read in place of a statement; None: the statement itself. Raises Malformed."""
        if not self.stated:
            return None
        text, file = _plain(statement.text), statement.script.file
        for each in self.stated:
            if each.pattern.fullmatch(text) and _is_in(file, each.files):
                each.used = True
                return iter(()) if each.effect is None else _effect(each.effect, each.at, engine)
        return None

    def report_unused(self, problems: Problems) -> None:
        """A statement that stands in no file any more, or never did, is a problem: it would excuse another one unseen."""
        for each in self.stated:
            if not each.used:
                message = "no statement of these files is the one that is stated here"
                expected = "a statement that is there, as it is written in its file"
                problems.add(each.at, message, expected=expected, length=each.length)


def _entry(record: ShapedRecord) -> StatedStatement | None:
    written = record.get(_STATEMENT)
    if written is None or record.get(_REASON) is None:
        return None
    parts = (re.escape(_plain(part)) for part in re.split(r"\*+", written))
    pattern = re.compile(r"[\s\S]*".join(part.replace(r"\ ", " ") for part in parts))
    return StatedStatement(
        pattern, record.get(_IN), record.get(_EFFECT), record.where(_STATEMENT.name), max(1, len(written))
    )


def _plain(text: str) -> str:
    """A statement with one blank between its words, in small letters."""
    return " ".join(text.split()).lower().removesuffix(";").rstrip()


def _is_in(file: str, pattern: str | None) -> bool:
    """Whether a file is meant: by its whole path, or by the end of it."""
    return pattern is None or fnmatchcase(file, pattern) or fnmatchcase(file, f"*/{pattern}")


def _effect(text: str, at: Location, engine: Engine) -> Iterator[Cursor]:
    from ...documents.problem import Problems
    from .script import statements

    yield from statements(CatalogueScript(text, at), engine, Problems())
