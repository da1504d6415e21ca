"""The history of cases as events for other systems: each line once or more, in its order, and none is left out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, insert, select, update

from .tables import CASES, CURSORS, HISTORY, instant, stored_instant

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ..rows.durable import OwnDatabase

_NAME = "events"
_MOST = 50
_SETTLED = timedelta(seconds=15)
"""So long after a line was written, no earlier one is committed: a transaction takes less."""


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """A line of a history, for another system: no text that somebody has typed, and no value of a record."""

    line: int
    """Its number, by which whoever gets it twice knows it."""
    at: datetime
    act: str
    case: int
    data: Mapping[str, Any]
    problem: Mapping[str, str]
    """The problem by language."""


class OutgoingEvents:
    """The events, in the desk's database. Every method raises Unreadable where that does not answer."""

    def __init__(self, database: OwnDatabase) -> None:
        self._database = database

    def next(self, now: datetime) -> tuple[CaseEvent, ...]:
        """Those that were not sent yet, the earliest first; some of them, where there are many."""
        with self._database.reading() as connection:
            last = connection.execute(select(CURSORS.c.last).where(CURSORS.c.name == _NAME)).scalar() or 0
            settled = and_(HISTORY.c.id > last, HISTORY.c.at < stored_instant(now - _SETTLED))
            lines = (
                select(HISTORY, CASES)
                .join(CASES, CASES.c.id == HISTORY.c.case_id)
                .where(settled)
                .order_by(HISTORY.c.id)
                .limit(_MOST)
            )
            rows = connection.execute(lines.with_only_columns(*_COLUMNS)).all()
        return tuple(
            CaseEvent(
                row.line,
                instant(row.at),
                row.act,
                row.case_id,
                {
                    "case": row.case_id,
                    "kind": row.kind,
                    "record": row.record,
                    "fault": row.fault,
                    "team": row.team,
                    "promised": row.promised,
                    "next_word": row.next_word,
                    "critical": bool(row.critical),
                    **json.loads(row.about),
                },
                json.loads(row.facts).get("problem", {}),
            )
            for row in rows
        )

    def sent(self, line: int) -> None:
        """All up to a line were sent."""
        with self._database.transaction() as connection:
            moved = connection.execute(update(CURSORS).where(CURSORS.c.name == _NAME).values(last=line))
            if not moved.rowcount:
                connection.execute(insert(CURSORS), {"name": _NAME, "last": line})


_COLUMNS = (
    HISTORY.c.id.label("line"),
    HISTORY.c.at,
    HISTORY.c.act,
    HISTORY.c.case_id,
    HISTORY.c.about,
    CASES.c.about.label("facts"),
    CASES.c.kind,
    CASES.c.record,
    CASES.c.fault,
    CASES.c.team,
    CASES.c.promised,
    CASES.c.next_word,
    CASES.c.critical,
)
