"""Revisions of Alembic: the tables that their `upgrade` functions result in, read from the programs, which never run.

    revisions -> in the order of down_revision -> operations -> statements of the database -> replayed as SQL is

`downgrade` never runs. Source: alembic.sqlalchemy.org, "Tutorial" and "Working with Branches".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..documents.tree import mapping
from .changelog.changes import ChangeStatements
from .changelog.operations import read_revision
from .ddl.cursor import CatalogueScript
from .source import Format, format_shape
from .sql_options import CHARSET, COUNTS, NUL, SQL_DIALECT, STRICT, TEXT_COLLATION, engine_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..documents.problem import Problems
    from ..documents.yaml_events import MappingNode
    from .changelog.operations import Revision
    from .source import ForeignSource


def _read(source: ForeignSource, problems: Problems) -> MappingNode:
    from .ddl.entities import entities
    from .ddl.replay import Replay

    engine = engine_of(source, problems)
    if engine is None:
        return mapping((), source.location)
    read = (read_revision(text, file, engine.name, problems) for file, text in source.files.items())
    revisions = {revision.name: revision for revision in read if revision is not None}
    replay = Replay(engine, problems)
    changes = ChangeStatements(engine.name)
    for revision in _in_order(revisions):
        for step in revision.steps:
            written = [step.change] if isinstance(step.change, str) else changes.statements(step.change)
            for sql in written:
                script = CatalogueScript(f"{sql};", step.at)
                if step.doubtful:
                    replay.unknown(script)
                else:
                    replay.script(script, guarded=step.guarded)
    return entities(replay.schema, source.location, source.wants)


def _in_order(revisions: dict[str, Revision]) -> Iterator[Revision]:
    """Each after those that it is based on; those of which that says nothing in the order of their files."""
    waiting = dict(revisions)
    while waiting:
        ready = [each for each in waiting.values() if not any(before in waiting for before in each.after)]
        for revision in ready or list(waiting.values()):
            yield waiting.pop(revision.name)


ALEMBIC_FORMAT = Format(
    format_shape("alembic", "Revisions of Alembic.", SQL_DIALECT, CHARSET, TEXT_COLLATION, COUNTS, STRICT, NUL),
    (".py",),
    _read,
)
"""`alembic: {files: migrations/versions, dialect: postgres}`."""
