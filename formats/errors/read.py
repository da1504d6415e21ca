"""Texts that somebody pasted, read as errors. A text that says nothing an engine is known to say is no error.

Wrappers need no patterns of their own: exceptions of drivers and of Java, lines of logs, tuples of pymysql, JSON of an HTTP
answer hold the engine's message as it is.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from ...documents.json_text import read_json
from ...documents.problem import EstateError, Problem, Problems
from ...documents.yaml_events import MappingNode, ScalarNode, SequenceNode
from .bean_validation import bean_entry, bean_errors
from .db2 import DB2_ERRORS
from .duckdb import DUCKDB_ERRORS
from .great_expectations import expectation_errors
from .json_schema import JSON_SCHEMA_HINTS, json_schema_errors
from .mysql import MYSQL_ERRORS
from .oracle import ORACLE_ERRORS
from .pandera import PANDERA_ERRORS, pandera_checks
from .polars import POLARS_ERRORS, polars_conversions
from .postgres import POSTGRES_ERRORS
from .pydantic import pydantic_entry, pydantic_errors
from .spark import SPARK_ERRORS
from .sqlite import SQLITE_ERRORS
from .sqlserver import SQLSERVER_ERRORS
from .statement import statement_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from ...documents.yaml_events import Node
    from .reported import ErrorEngine, ErrorPattern, PlacedError, ReportedError

LONGEST_ERROR = 200_000
"""Characters of a text that is read."""

_Reader: TypeAlias = "Callable[[str], Iterator[PlacedError]]"


_TABLES: tuple[tuple[ErrorEngine, tuple[ErrorPattern, ...]], ...] = (
    ("postgres", POSTGRES_ERRORS),
    ("mysql", MYSQL_ERRORS),
    ("sqlite", SQLITE_ERRORS),
    ("duckdb", DUCKDB_ERRORS),
    ("oracle", ORACLE_ERRORS),
    ("sqlserver", SQLSERVER_ERRORS),
    ("db2", DB2_ERRORS),
    ("spark", SPARK_ERRORS),
    ("pandera", PANDERA_ERRORS),
    ("polars", POLARS_ERRORS),
)
_PATTERNS = tuple((pattern.hint, pattern, engine) for engine, patterns in _TABLES for pattern in patterns)
_READERS: tuple[tuple[str, _Reader], ...] = (
    ("failure case", pandera_checks),
    ("failed ", polars_conversions),
    ("[type=", pydantic_errors),
    ("ConstraintViolation", bean_errors),
    ("Field error in object", bean_errors),
    *((hint, json_schema_errors) for hint in JSON_SCHEMA_HINTS),
)
"""Readers of messages that need more than a pattern, each with a text that is in every such message."""


ERROR_HINTS = tuple(dict.fromkeys((*(hint for hint, _, _ in _PATTERNS), *(hint for hint, _ in _READERS))))
"""Texts of which one is in every message: what holds none of them is no error."""


def read_errors(text: str, hints: Collection[str] | None = None) -> tuple[ReportedError, ...]:
    """The errors that a text reports, in their order, each once; none: it cannot be read as an error.

    `hints`: all of ERROR_HINTS that are in the text, for who has looked for them in many texts at once.
    Raises EstateError where the text is longer than LONGEST_ERROR.
    """
    if len(text) > LONGEST_ERROR:
        message = f"the text of the error has {len(text):,} characters"
        raise EstateError(
            [Problem(None, message, f"at most {LONGEST_ERROR:,}: the message itself, without the log around it")]
        )
    document = _json_in(text)
    errors = list(_of_json(document)) if document is not None else []
    return tuple(_distinct(errors or _of_text(text, hints)))


def _of_text(text: str, hints: Collection[str] | None = None) -> list[ReportedError]:
    """The errors of a text. Where two readings overlap, the one that begins first holds, and of these the longer."""
    known = frozenset(hint for hint in ERROR_HINTS if hint in text) if hints is None else frozenset(hints)
    patterns, readers = _hinted(known)
    placed = [each for pattern, engine in patterns for each in pattern.matches(text, engine)]
    placed += [each for reader in readers for each in reader(text)]
    placed.sort(key=lambda each: (each[0], -each[1]))
    errors: list[ReportedError] = []
    held = (-1, -1)
    for start, end, error in placed:
        if start >= held[1] or (start, end) == held:  # several values of one message
            errors.append(error)
            held = (start, end)
    statement = statement_of(text) if errors else None
    return errors if statement is None else [statement.completing(error) for error in errors]


@lru_cache(maxsize=1_000)
def _hinted(hints: frozenset[str]) -> tuple[tuple[tuple[ErrorPattern, ErrorEngine], ...], tuple[_Reader, ...]]:
    """The patterns and readers that may find something where these hints are."""
    patterns = tuple((pattern, engine) for hint, pattern, engine in _PATTERNS if hint in hints)
    return patterns, tuple(dict.fromkeys(reader for hint, reader in _READERS if hint in hints))


def _distinct(errors: Sequence[ReportedError]) -> list[ReportedError]:
    """Each error once: a stack trace repeats its message."""
    distinct: list[ReportedError] = []
    for error in errors:
        if error not in distinct:
            distinct.append(error)
    return distinct


# -------------------------------------------------------------------------------------------------------------- JSON

_OPENING = re.compile(r"[\[{]\s{0,20}+[\"{\[]")


def _json_in(text: str) -> Node | None:
    """The JSON that a text is, or that stands at its end; None: there is none."""
    opening = _OPENING.search(text)
    if opening is None:
        return None
    last = max(text.rfind("}"), text.rfind("]"))
    problems = Problems()
    node = read_json(text[opening.start() : last + 1], "", problems)
    return None if problems else node


def _of_json(node: Node) -> Iterator[ReportedError]:
    """The errors of a document: objects of a known form, else the texts in it."""
    match node:
        case MappingNode():
            entry = _plain(node)
            found = _of_object(entry) if isinstance(entry, dict) else []
            if found:
                yield from found
            else:
                for _, value in node.entries:
                    yield from _of_json(value)
        case SequenceNode():
            for item in node.items:
                yield from _of_json(item)
        case ScalarNode():
            if not node.plain:
                yield from _of_text(node.value)


def _of_object(entry: dict[str, object]) -> list[ReportedError]:
    single = pydantic_entry(entry) or bean_entry(entry)
    return [single] if single is not None else list(expectation_errors(entry))


def _plain(node: Node) -> object:
    """The value of a node. Numbers stay as they are written."""
    match node:
        case MappingNode():
            return {key.value: _plain(value) for key, value in node.entries}
        case SequenceNode():
            return [_plain(item) for item in node.items]
        case ScalarNode():
            return _scalar(node)
        case _:
            return None


def _scalar(node: ScalarNode) -> object:
    if not node.plain:
        return node.value
    if node.value in _WORDS:
        return _WORDS[node.value]
    return int(node.value) if node.value.lstrip("-").isdecimal() and len(node.value) <= _LONGEST_INTEGER else node.value


_WORDS = {"true": True, "false": False, "null": None}
_LONGEST_INTEGER = 18
