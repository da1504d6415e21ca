"""What other systems tell of a record: the customer called, an entry refused her, a letter is about to go.

A case begins with the first such word, which may be earlier than anybody at the desk. Each is kept once, whoever sends it
how often.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from sqlalchemy import and_, func, insert, or_, select, update

from .tables import CASES, INCOMING, instant, stored_instant

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from ..rows.durable import OwnDatabase

IncomingKind: TypeAlias = Literal["contact", "attempt", "arrival", "letter", "sent"]
"""The customer called, wrote or chatted; an entry refused what she tried; a value has come to a system; something is about
to be sent to her; something was sent."""
LOOKED_BACK = timedelta(days=30)
"""A case begins with what was told at most so long before it was opened."""
_MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class IncomingEvent:
    """One thing that another system tells."""

    source: str
    """Who tells it."""
    event: str
    """By which whoever tells it knows it: the same one twice is one."""
    at: datetime
    kind: IncomingKind
    record: str
    """The opaque name of the record."""
    text: str = ""
    """In the customer's words; empty: none."""
    about: Mapping[str, Any] = field(default_factory=dict)
    """Facts, without a value of the record: the channel, titles of fields, the action that sends."""
    answer_by: datetime | None = None
    """When the customer was promised to hear; None: nothing was promised."""


class IncomingEvents:
    """They, in the desk's database. Every method raises Unreadable where that does not answer."""

    def __init__(self, database: OwnDatabase) -> None:
        self._database = database

    def of_record(self, record: str) -> tuple[IncomingEvent, ...]:
        """What was told of a record, the latest first."""
        with self._database.reading() as connection:
            some = select(INCOMING).where(INCOMING.c.record == record)
            rows = connection.execute(some.order_by(INCOMING.c.at.desc()).limit(_MOST_LISTED))
            return tuple(map(_event, rows))

    def waiting(self) -> tuple[IncomingEvent, ...]:
        """The contacts that nobody at the desk has looked at: what was promised first, then the earliest."""
        with self._database.reading() as connection:
            some = select(INCOMING).where(and_(INCOMING.c.seen.is_(None), INCOMING.c.kind == "contact"))
            promise = func.coalesce(INCOMING.c.answer_by, "9")
            rows = connection.execute(some.order_by(promise, INCOMING.c.at).limit(_MOST_LISTED))
            return tuple(map(_event, rows))

    def see(self, record: str, now: datetime) -> None:
        """Somebody looks at the record: what was told of it waits no longer."""
        unseen = and_(INCOMING.c.record == record, INCOMING.c.seen.is_(None))
        with self._database.reading() as connection:
            if connection.execute(select(INCOMING.c.id).where(unseen).limit(1)).first() is None:
                return
        with self._database.transaction() as connection:
            see(connection, record, now)


def kept(connection: Connection, event: IncomingEvent) -> bool:
    """Keep an event; False: it was told before."""
    same = and_(INCOMING.c.source == event.source, INCOMING.c.event == event.event)
    if connection.execute(select(INCOMING.c.id).where(same)).first() is not None:
        return False
    row = {
        "source": event.source,
        "event": event.event,
        "at": stored_instant(event.at),
        "kind": event.kind,
        "record": event.record,
        "text": event.text,
        "about": json.dumps(event.about, sort_keys=True),
        "answer_by": None if event.answer_by is None else stored_instant(event.answer_by),
    }
    connection.execute(insert(INCOMING), row)
    return True


def before_case(connection: Connection, record: str, now: datetime) -> tuple[IncomingEvent, ...]:
    """What a new case of a record begins with, the earliest first: what was told since its last case was closed."""
    last = select(func.max(CASES.c.closed)).where(CASES.c.record == record)
    closed = connection.execute(last).scalar() or ""
    since = max(closed, stored_instant(now - LOOKED_BACK))
    told = and_(
        INCOMING.c.record == record, INCOMING.c.at > since, or_(*(INCOMING.c.kind == kind for kind in _JOINING))
    )
    rows = connection.execute(select(INCOMING).where(told).order_by(INCOMING.c.at, INCOMING.c.id))
    return tuple(map(_event, rows))


_JOINING: tuple[IncomingKind, ...] = ("contact", "attempt", "letter")


def see(connection: Connection, record: str, now: datetime) -> None:
    """What was told of a record waits no longer."""
    unseen = and_(INCOMING.c.record == record, INCOMING.c.seen.is_(None))
    connection.execute(update(INCOMING).where(unseen).values(seen=stored_instant(now)))


def _event(row: Row[Any]) -> IncomingEvent:
    answer_by = None if row.answer_by is None else instant(row.answer_by)
    told = json.loads(row.about)
    return IncomingEvent(row.source, row.event, instant(row.at), row.kind, row.record, row.text, told, answer_by)
