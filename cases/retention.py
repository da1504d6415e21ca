"""What is forgotten: closed cases and all else whose time is over. What is open stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, exists, or_, select

from .tables import CASES, HELD, HELD_ACTS, HISTORY, INCOMING, LOOKUPS, RECORD_NAMES, SESSIONS, stored_instant

if TYPE_CHECKING:
    from datetime import datetime

    from ..rows.durable import OwnDatabase


def forget(database: OwnDatabase, before: datetime) -> int:
    """Delete what was closed, written down or last seen before a moment; how many cases. Raises Unreadable."""
    moment = stored_instant(before)
    with database.transaction() as connection:
        collected = CASES.alias()
        over = and_(CASES.c.closed < moment, ~exists().where(collected.c.parent == CASES.c.id))
        count = 0
        for _ in range(2):  # those that a known fault has collected, then the known faults that have none left
            numbers = list(connection.execute(select(CASES.c.id).where(over)).scalars())
            for start in range(0, len(numbers), _BATCH):
                some = numbers[start : start + _BATCH]
                connection.execute(delete(HISTORY).where(HISTORY.c.case_id.in_(some)))
                connection.execute(delete(CASES).where(CASES.c.id.in_(some)))
            count += len(numbers)
        connection.execute(delete(HELD).where(and_(HELD.c.state == "gone", HELD.c.until < moment)))
        connection.execute(delete(HELD_ACTS).where(and_(HELD_ACTS.c.held != "*", HELD_ACTS.c.at < moment)))
        connection.execute(delete(INCOMING).where(INCOMING.c.at < moment))
        connection.execute(delete(LOOKUPS).where(LOOKUPS.c.at < moment))
        connection.execute(delete(SESSIONS).where(SESSIONS.c.used < moment))
        users = (CASES, HELD, INCOMING)
        is_used = or_(*(exists().where(table.c.record == RECORD_NAMES.c.id) for table in users))
        connection.execute(delete(RECORD_NAMES).where(and_(RECORD_NAMES.c.seen < moment, ~is_used)))
    return count


_BATCH = 500
