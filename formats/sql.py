"""SQL: the tables that scripts of definitions, or a folder of migrations, result in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..documents.tree import mapping
from .ddl.stated import STATEMENTS, StatedStatements
from .source import Format, format_shape
from .sql_options import CHARSET, COUNTS, NUL, SQL_DIALECT, STRICT, TEXT_COLLATION, engine_of

if TYPE_CHECKING:
    from ..documents.problem import Problems
    from ..documents.yaml_events import MappingNode
    from .source import ForeignSource


def _read(source: ForeignSource, problems: Problems) -> MappingNode:
    from .ddl.entities import entities
    from .ddl.inclusions import with_included
    from .ddl.migrations import in_order
    from .ddl.replay import replay_script

    chosen = engine_of(source, problems)
    if chosen is None:
        return mapping((), source.location)
    records = source.get(STATEMENTS)
    stated = StatedStatements.read(records or ())
    scripts = with_included(in_order(source.files, source.other), chosen, source.other)
    schema = replay_script(scripts, chosen, problems, stated)
    stated.report_unused(problems)
    return entities(schema, source.location, source.wants)


SQL_FORMAT = Format(
    format_shape(
        "sql", "SQL definitions, or migrations.", SQL_DIALECT, CHARSET, TEXT_COLLATION, COUNTS, STRICT, NUL, STATEMENTS
    ),
    (".sql", ".ddl"),
    _read,
)
