"""CHECK: a condition, taken apart at its ANDs, each part as a constraint on the one column it names.

A part that names several columns is a rule between fields, `check` of the entity. What our keys cannot state exactly is
opaque at each column that it names.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...values.regex import PatternError
from ..sql_trees import sql_tree
from .condition_reader import ConditionReader
from .null_conditions import may_reject_null
from .patterns import NotCarriedOver
from .placeholders import is_filled_in
from .row_conditions import row_condition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqlglot.expressions import Expr

    from ...documents.location import Location
    from .condition_reader import Subject
    from .engines.engine import Engine
    from .rules import Rules


def apply_check(
    text: str,
    columns: Mapping[str, Subject],
    everything: Iterable[Rules],
    engine: Engine,
    at: Location,
    names: Mapping[str, str] | None = None,
    called: Callable[[str], str] = lambda words: words,
) -> list[str]:
    """Put a check into the rules of the columns it names; `columns` by the folded names that it uses.

    `everything`: the rules of all columns of the table, for a check that cannot be read at all. `names`: the columns' names
    of today, by those folded names. `called`: marks words with the functions that they call. Gives the conditions on
    several columns, in our words.
    """
    from sqlglot.errors import SqlglotError

    words = called(f"CHECK ({text})")
    named = {id(subject.rules): subject.rules for subject in columns.values()}
    try:
        tree = None if is_filled_in(text) else sql_tree(text, engine.grammar, condition=True)
    except (SqlglotError, RecursionError):
        tree = None
    if tree is None:
        for rules in named.values() or everything:
            rules.add_opaque(words, at)
        return []
    between: list[str] = []
    for part in _parts(tree):
        subjects = _subjects(part, columns, engine)
        if subjects is None:
            for rules in named.values() or everything:
                rules.add_opaque(words, at)
        elif len(subjects) == 1:
            try:
                reader = ConditionReader(subjects[0], engine, tilde=_has_tilde(text))
                reader.outcome(part).write(subjects[0].rules, at)
            except (NotCarriedOver, PatternError, RecursionError):
                subjects[0].rules.add_opaque(words, at)
                if may_reject_null(part):
                    subjects[0].rules.doubt_null(words, at)
        else:
            of_row = {word: (name, columns[word]) for word, name in (names or {}).items()}
            try:
                between.append(row_condition(part, of_row, engine))
            except (NotCarriedOver, RecursionError):
                for subject in subjects:
                    subject.rules.add_opaque(words, at)
                if may_reject_null(part):
                    subjects[0].rules.doubt_null(words, at)
    return between


def _parts(tree: Expr) -> list[Expr]:
    """The conditions between the ANDs."""
    from sqlglot import exp

    parts: list[Expr] = []
    waiting = [tree]
    while waiting:
        part = waiting.pop().unnest()
        if isinstance(part, exp.And):
            waiting += (part.expression, part.this)
        else:
            parts.append(part)
    return parts


def _subjects(part: Expr, columns: Mapping[str, Subject], engine: Engine) -> list[Subject] | None:
    """The columns a condition names; None when it names something that is no column, or none."""
    from sqlglot import exp

    subjects: dict[int, Subject] = {}
    for column in part.find_all(exp.Column):
        subject = columns.get(engine.fold(column.name, quoted=bool(column.this.args.get("quoted"))))
        if subject is None:
            return None
        subjects[id(subject.rules)] = subject
    return list(subjects.values()) or None


def _has_tilde(text: str) -> bool:
    """Whether `~` stands in a condition: in DuckDB 1 it must match all of a text, in DuckDB 2 a part of it.

    sqlglot's tree does not distinguish it from regexp_matches.
    """
    return "~" in re.sub(r"'(?:[^']|'')*'", "", text)
