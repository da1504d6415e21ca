"""One column by its type alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .rules import Rules
from .sqltype import Taken, read_type
from .types import apply_type

if TYPE_CHECKING:
    from ...documents.location import Location
    from ...documents.yaml_events import MappingNode
    from .engine import Engine


def column_field(written: str, engine: Engine, at: Location) -> MappingNode:
    """What a column of a type takes (`varchar(20)`, `int(11) unsigned`), as a field of a contract file.

    A type that is not known to the engine is opaque: a domain, or one of an extension.
    """
    rules = Rules(at)
    made = read_type(written, engine, at)
    if made is None:
        rules.say_opaque(written, at)
    else:
        apply_type(Taken(made, engine, engine.charset, rules))
    return rules.node()
