"""Whose SQL a source is written in: the options of the formats that are read as SQL, and the engine that they choose."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, get_args

from ..documents.shape import BOOLEAN, TEXT, Choice, Key
from .ddl.engines.engine import EngineName

if TYPE_CHECKING:
    from typing import Literal

    from ..documents.problem import Problems
    from .ddl.engines.engine import Engine
    from .source import ForeignSource

SQL_DIALECT = Key("dialect", Choice(*get_args(EngineName)), "The database whose SQL it is. Required.")
CHARSET = Key("charset", TEXT, "The charset of texts where the script names none: the database's own default.")
TEXT_COLLATION = Key("collation", TEXT, "The collation of texts where the script names none (MySQL, SQL Server).")
COUNTS = Key("counts", Choice("bytes", "characters"), "What VARCHAR2(20) counts in Oracle; bytes when left out.")
STRICT = Key("strict", BOOLEAN, "Whether MySQL rejects values that do not fit, or cuts them; true when left out.")
NUL = Key("nul", BOOLEAN, "Whether U+0000, which PostgreSQL rejects, is judged at every text; false when left out.")


def engine_of(source: ForeignSource, problems: Problems) -> Engine | None:
    """The engine that a source names, with its settings; None, with a problem, where it names none."""
    from .ddl.engines.registry import engine

    name = source.get(SQL_DIALECT)
    if name is None:
        if not source.options.has(SQL_DIALECT.name):
            message = "the dialect is missing, and a length is not the same in every database"
            expected = f"dialect: {SQL_DIALECT.shape.expected}"
            problems.add(source.location, message, expected=expected, length=len("sql"))
        return None
    source.engines.append(name)
    strict, nul = source.get(STRICT), source.get(NUL)
    return engine(
        cast("EngineName", name),
        charset=source.get(CHARSET),
        collation=source.get(TEXT_COLLATION),
        counts=cast("Literal['bytes', 'characters']", source.get(COUNTS) or "bytes"),
        strict=strict is not False,
        nul=nul is True,
    )
