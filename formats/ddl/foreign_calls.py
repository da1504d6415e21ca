"""Functions that a query runs and that stand nowhere in the script: they may change tables.

SELECT create_hypertable('t', 'at');      t, which its words name, is not known from there on
SELECT install_all();                     no table is
INSERT INTO t SELECT uuid_of_ours();      nothing is: a value that is stored is no reason to call it
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .objects import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .cursor import Cursor, Word

_QUERIES = word_set("SELECT WITH VALUES")
_BEFORE = word_set(
    "SELECT DISTINCT ALL FROM JOIN LATERAL WHERE AND OR NOT ON BY HAVING WHEN THEN ELSE CASE LIMIT OFFSET RETURNING "
    "BETWEEN LIKE ILIKE IN IS VALUES UNION EXCEPT INTERSECT ROWS FOR TO SET"
)
"""The words after which a name and a parenthesis are a call. After any other they are an alias, a type, a table."""
_CONSTRUCTS = _BEFORE | word_set(
    "EXISTS ANY SOME ROW ARRAY OVER FILTER USING AS WITHIN GROUP ROLLUP CUBE SETS WINDOW PARTITION MATERIALIZED "
    "COALESCE NULLIF GREATEST LEAST CAST EXTRACT OVERLAY POSITION SUBSTRING TRIM TREAT COLLATION NORMALIZE GROUPING "
    "XMLELEMENT XMLFOREST XMLCONCAT XMLAGG XMLPARSE XMLROOT XMLSERIALIZE XMLATTRIBUTES XMLEXISTS XMLTABLE XMLPI "
    "INTERVAL TIME TIMESTAMP NUMERIC DECIMAL DEC CHAR CHARACTER VARCHAR VARYING BIT FLOAT PRECISION TABLESAMPLE "
    "CURRENT_TIME CURRENT_TIMESTAMP LOCALTIME LOCALTIMESTAMP"
)
"""The words that have parentheses after them and are no function of anybody's."""
_OWN_SCHEMAS = frozenset(("pg_catalog", "information_schema"))
_SPATIAL = "st_"
"""PostGIS: its functions of values."""


def foreign_calls(statement: Cursor, known: frozenset[str]) -> Iterator[tuple[Word, Sequence[Word]]]:
    """The functions that a query calls and that are not among the known ones, each with the words of its arguments."""
    words = statement.words()
    if not words or words[0].upper not in _QUERIES:
        return
    for i, word in enumerate(words[:-1]):
        if word.kind not in {"word", "name"} or words[i + 1].upper != "(" or word.upper in _CONSTRUCTS:
            continue
        first = i
        while first > 1 and words[first - 1].upper == ".":
            first -= 2
        before = words[first - 1]
        if before.upper in {"::", ")"} or (before.kind in {"word", "name"} and before.upper not in _BEFORE):
            continue
        end = _closing(words, i + 1)
        if end + 1 < len(words) and words[end + 1].upper == "AS" and words[0].upper == "WITH" and before.upper == ",":
            continue  # a further query with a name and columns
        name = word.value.lower()
        is_own = first < i and words[first].value.lower() in _OWN_SCHEMAS
        if not is_own and name not in known and not name.startswith(_SPATIAL):
            yield word, words[i + 2 : end]


def _closing(words: Sequence[Word], opening: int) -> int:
    depth = 0
    for i in range(opening, len(words)):
        depth += {"(": 1, ")": -1}.get(words[i].upper, 0)
        if depth == 0:
            return i
    return len(words) - 1
