"""Who looked at whom, and why: written down before anything is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from sqlalchemy import insert, select

from .tables import LOOKUPS, instant, stored_instant

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from ..rows.durable import OwnDatabase

LookupAct: TypeAlias = Literal["searched", "looked", "opened", "exported"]
"""Looked for a record; saw one, its values masked; opened its values; took a copy of this list."""
LONGEST_REASON = 400
_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Lookup:
    """One look at a record."""

    at: datetime
    by: str
    roles: Sequence[str]
    act: LookupAct
    record: str | None
    """Its opaque name; None: of no one record."""
    reason: str
    """Why the values were opened; or by what kind of text it was looked for, and how many were found."""


class Lookups:
    """The list, in the desk's database. Every method raises Unreadable where that does not answer."""

    def __init__(self, database: OwnDatabase) -> None:
        self._database = database

    def add(self, lookup: Lookup) -> None:
        """Write one down. It is on the disk when this returns."""
        row = {
            "at": stored_instant(lookup.at),
            "by": lookup.by,
            "roles": ",".join(lookup.roles),
            "act": lookup.act,
            "record": lookup.record,
            "reason": lookup.reason[:LONGEST_REASON],
        }
        with self._database.transaction() as connection:
            connection.execute(insert(LOOKUPS), row)

    def all(self) -> Iterator[Lookup]:
        """All of them, the earliest first, read piece by piece."""
        last = 0
        while True:
            chosen = select(LOOKUPS).where(LOOKUPS.c.id > last).order_by(LOOKUPS.c.id).limit(_BATCH)
            with self._database.reading() as connection:
                rows = connection.execute(chosen).all()
            for row in rows:
                roles = tuple(role for role in row.roles.split(",") if role)
                yield Lookup(instant(row.at), row.by, roles, row.act, row.record, row.reason)
            if not rows:
                return
            last = rows[-1].id
