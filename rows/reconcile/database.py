"""Two tables of one PostgreSQL: the database itself finds the records that agree (`agreement`), and the others are read.

All queries see the same rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...contracts.store import TableStore
from ...formats.ddl.columns import named_table
from ..sources import asking
from .agreement import DifferingRows, SqlWords, TableColumns, agreement
from .whole import table_rows

if TYPE_CHECKING:
    from pathlib import Path

    from ...checker.record.crossing import Crossing
    from ...contracts.model import Entity
    from ...estate.load import Estate
    from ...formats.ddl.catalogue import Ask
    from ..sources import Progress

_WORDS: Final = SqlWords(
    dialect="postgres",
    by_bytes=' COLLATE "C"',
    ascii_alone="~ '^[\\x01-\\x7f]*$'",
    as_they_are={
        "text": frozenset(("text", "character varying")),
        "integer": frozenset(("smallint", "integer", "bigint")),
        "decimal": frozenset(("smallint", "integer", "bigint", "numeric")),
        "boolean": frozenset(("boolean",)),
        "date": frozenset(("date",)),
    },
)


def rows_of_one_database(
    estate: Estate, crossing: Crossing, folders: tuple[Path, Path], progress: Progress
) -> DifferingRows | None:
    """The rows that do not surely agree, written to two folders; None where all must be read. Raises Unreadable."""
    ours, theirs = crossing.source.store, crossing.target.store
    if ours is None or theirs is None or crossing.reference is not None:
        return None
    first, second = ours.place, theirs.place
    if not isinstance(first, TableStore) or not isinstance(second, TableStore) or first.variable != second.variable:
        return None
    with asking(first.variable, estate.variables) as (ask, dialect):
        if dialect != _WORDS.dialect:
            return None
        source, target = _columns(ask, crossing.source, first), _columns(ask, crossing.target, second)
        agreed = None if source is None or target is None else agreement(crossing, source, target, _WORDS)
        if agreed is None or source is None:
            return None
        unsure = agreed.unsure(source)
        if unsure is not None and next(iter(ask(unsure)))[0]:
            return None
        ((count,),) = ask(agreed.count)
        rest = agreed.others(agreed.source_key), agreed.others(agreed.target_key)
        return DifferingRows(
            table_rows(ask, dialect, crossing.source, ours, first, folders[0], progress, rest[0]),
            table_rows(ask, dialect, crossing.target, theirs, second, folders[1], progress, rest[1]),
            int(str(count)),
        )


def _columns(ask: Ask, entity: Entity, place: TableStore) -> TableColumns | None:
    from ..stores.table import columns_of_fields

    found = named_table(ask, _WORDS.dialect, place.table)
    if found is None or entity.store is None:
        return None
    table, types = found
    return TableColumns.of(
        table.sql(_WORDS.dialect), entity, columns_of_fields(entity, entity.store, types), types, _WORDS
    )
