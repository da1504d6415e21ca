"""One column by its type alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .rules import Rules
from .sqltype import TypedColumn
from .type_reader import read_type
from .types import apply_type

if TYPE_CHECKING:
    from ...documents.location import Location
    from ...documents.yaml_events import MappingNode
    from .engines.engine import Engine


def column_field(written: str, engine: Engine, at: Location) -> MappingNode:
    """The values that a column of a type (`varchar(20)`, `int(11) unsigned`) accepts, as a field of a contract file.

    A type that is not known to the engine is opaque: a domain, or one of an extension.
    """
    rules = Rules(at)
    made = read_type(written, engine, at)
    if made is None:
        rules.add_opaque(written, at)
    else:
        apply_type(TypedColumn(made, engine.charset, rules), engine)
    return rules.node()
