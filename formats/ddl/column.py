"""Columns by their types alone, and the checks on them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...documents.tree import scalar
from ...documents.yaml_events import ScalarNode
from .checks import apply_check
from .condition_reader import Subject
from .rules import Rules
from .sqltype import TypedColumn
from .type_reader import read_type
from .types import apply_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ...documents.location import Location
    from ...documents.yaml_events import MappingNode
    from .engines.engine import Engine


def column_field(written: str, engine: Engine, at: Location) -> MappingNode:
    """The values that a column of a type (`varchar(20)`, `int(11) unsigned`) accepts, as a field of a contract file.

    A type that is not known to the engine is opaque: a domain, or one of an extension.
    """
    return _typed(written, engine, at).rules.node()


def column_fields(
    columns: Mapping[str, tuple[str, Location] | ScalarNode], engine: Engine, checks: Iterable[tuple[str, Location]]
) -> tuple[dict[str, MappingNode], list[ScalarNode]]:
    """The columns of a table as fields, each by its type, under the conditions that the engine holds its rows to.

    A column without a type has the words that say so. Beside the fields: the conditions on several columns together.
    """
    subjects: dict[str, Subject] = {}
    rules: dict[str, Rules] = {}
    names: dict[str, str] = {}
    for name, given in columns.items():
        folded = engine.fold(bare_name(name), quoted=is_quoted(name))
        while folded in names:
            folded += " "  # two columns of one name: a condition names the first
        names[folded] = name
        if isinstance(given, ScalarNode):
            rules[folded] = Rules(given.location)
            rules[folded].add_opaque(given.value, given.location)
        else:
            subjects[folded] = _typed(given[0], engine, given[1])
            rules[folded] = subjects[folded].rules
    between: list[ScalarNode] = []
    for expression, at in checks:
        named = [folded for folded in _named(expression, engine) if folded in names]
        if all(folded in subjects for folded in named):
            own = {folded: subjects[folded] for folded in named}
            conditions = apply_check(expression, own, rules.values(), engine, at, {each: names[each] for each in own})
            between += (scalar(condition, at) for condition in conditions)
        else:
            for folded in named:
                rules[folded].add_opaque(f"CHECK ({expression})", at)
    return {names[folded]: each.node() for folded, each in rules.items()}, between


def is_quoted(name: str) -> bool:
    """Whether a name stands in the quotes of an SQL dialect."""
    return len(name) > 2 and (name[0], name[-1]) in _QUOTES


def bare_name(name: str) -> str:
    """A name without its quotes."""
    return name[1:-1] if is_quoted(name) else name


_QUOTES = {('"', '"'), ("`", "`"), ("[", "]")}
_WORD = re.compile(r"""'(?:[^']|'')*'|("[^"]+"|`[^`]+`|\[\w+\]|\w+)""")


def _named(expression: str, engine: Engine) -> dict[str, None]:
    """The words of a condition that may be columns, as the engine folds them."""
    words = (found[1] for found in _WORD.finditer(expression) if found[1])
    return {engine.fold(bare_name(word), quoted=is_quoted(word)): None for word in words}


def _typed(written: str, engine: Engine, at: Location) -> Subject:
    """What a column of a type accepts, and how its values are compared."""
    rules = Rules(at)
    made = read_type(written, engine, at)
    if made is None:
        rules.add_opaque(written, at)
    else:
        apply_type(TypedColumn(made, engine.charset, rules), engine)
    collation = engine.collation_at(((None, None),) * 3)
    padded = made is not None and rules.type == "text" and engine.is_padded(made)
    return Subject(
        rules,
        compared=not padded and engine.compares_exactly(collation),
        padded=padded,
        lowered_ascii=engine.lowers_ascii(collation),
        encoding=engine.codec(engine.charset),
        wide=made is not None and engine.is_wide(made),
    )
