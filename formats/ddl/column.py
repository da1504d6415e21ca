"""One column by its type alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .checks import apply_check
from .condition_reader import Subject
from .rules import Rules
from .sqltype import TypedColumn
from .type_reader import read_type
from .types import apply_type

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...documents.location import Location
    from ...documents.yaml_events import MappingNode
    from .engines.engine import Engine


def column_field(
    written: str, engine: Engine, at: Location, name: str = "", checks: Iterable[tuple[str, Location]] = ()
) -> MappingNode:
    """The values that a column of a type (`varchar(20)`, `int(11) unsigned`) accepts, as a field of a contract file.

    A type that is not known to the engine is opaque: a domain, or one of an extension. `checks`: the conditions that the
    engine holds its values to, which call it by its name.
    """
    rules = Rules(at)
    made = read_type(written, engine, at)
    if made is None:
        rules.add_opaque(written, at)
    else:
        apply_type(TypedColumn(made, engine.charset, rules), engine)
    for expression, place in checks:
        padded = made is not None and rules.type == "text" and engine.is_padded(made)
        subject = Subject(
            rules,
            compared=not padded and engine.compares_exactly(engine.collation_at(((None, None),))),
            padded=padded,
            lowered_ascii=engine.lowers_ascii(engine.collation_at(((None, None),))),
            encoding=engine.codec(engine.charset),
            wide=made is not None and engine.is_wide(made),
        )
        apply_check(expression, {engine.fold(name, quoted=False): subject}, [rules], engine, place)
    return rules.node()
