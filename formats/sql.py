"""SQL: the tables that scripts of definitions, or a folder of migrations, result in."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, get_args

from ..documents.shape import BOOLEAN, TEXT, Choice, Key
from ..documents.tree import mapping
from .ddl.engines.engine import EngineName
from .ddl.stated import STATEMENTS, StatedStatements
from .source import Format, format_shape

if TYPE_CHECKING:
    from typing import Literal

    from ..documents.problem import Problems
    from ..documents.yaml_events import MappingNode
    from .source import ForeignSource

_DIALECT = Key("dialect", Choice(*get_args(EngineName)), "The database whose SQL it is. Required.")
CHARSET = Key("charset", TEXT, "The charset of texts where the script names none: the database's own default.")
_COLLATION = Key("collation", TEXT, "The collation of texts where the script names none (MySQL, SQL Server).")
COUNTS = Key("counts", Choice("bytes", "characters"), "What VARCHAR2(20) counts in Oracle; bytes when left out.")
STRICT = Key("strict", BOOLEAN, "Whether MySQL rejects values that do not fit, or cuts them; true when left out.")
NUL = Key("nul", BOOLEAN, "Whether PostgreSQL may be sent U+0000, which it rejects; true when left out.")


def _read(source: ForeignSource, problems: Problems) -> MappingNode:
    from .ddl.engines.registry import engine
    from .ddl.entities import entities
    from .ddl.inclusions import with_included
    from .ddl.migrations import in_order
    from .ddl.replay import replay_script

    name = source.get(_DIALECT)
    if name is None:
        if not source.options.has(_DIALECT.name):
            message = "the dialect is missing, and a length is not the same in every database"
            expected = f"dialect: {_DIALECT.shape.expected}"
            problems.add(source.location, message, expected=expected, length=len("sql"))
        return mapping((), source.location)
    source.engines.append(name)
    strict, nul = source.get(STRICT), source.get(NUL)
    chosen = engine(
        cast("EngineName", name),
        charset=source.get(CHARSET),
        collation=source.get(_COLLATION),
        counts=cast("Literal['bytes', 'characters']", source.get(COUNTS) or "bytes"),
        strict=strict is not False,
        nul=nul is not False,
    )
    records = source.get(STATEMENTS)
    stated = StatedStatements.read(records or ())
    scripts = with_included(in_order(source.files), chosen, source.other)
    schema = replay_script(scripts, chosen, problems, stated)
    stated.report_unused(problems)
    return entities(schema, source.location, source.wants)


SQL_FORMAT = Format(
    format_shape(
        "sql", "SQL definitions, or migrations.", _DIALECT, CHARSET, _COLLATION, COUNTS, STRICT, NUL, STATEMENTS
    ),
    (".sql", ".ddl"),
    _read,
)
