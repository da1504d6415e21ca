"""Opaque names of records: what stands in addresses in place of a customer's number."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING

from sqlalchemy import and_, insert, select, update
from sqlalchemy.exc import IntegrityError

from .tables import RECORD_NAMES, stored_instant

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ..rows.durable import OwnDatabase

_BYTES = 16


class RecordNames:
    """The names, in the desk's database. Every method raises Unreadable where that does not answer."""

    def __init__(self, database: OwnDatabase) -> None:
        self._database = database

    def name(self, entity: str, key: Mapping[str, str], now: datetime) -> str:
        """The name of a record, by its key in an entity: own names of fields, and their values as texts."""
        text = json.dumps(dict(key), sort_keys=True)
        same = and_(RECORD_NAMES.c.entity == entity, RECORD_NAMES.c.key == text)
        with self._database.transaction() as connection:
            found: str | None = connection.execute(select(RECORD_NAMES.c.id).where(same)).scalar()
            if found is not None:
                connection.execute(update(RECORD_NAMES).where(same).values(seen=stored_instant(now)))
                return found
            name = secrets.token_urlsafe(_BYTES)
            try:
                with connection.begin_nested():
                    row = {"id": name, "entity": entity, "key": text, "seen": stored_instant(now)}
                    connection.execute(insert(RECORD_NAMES), row)
            except IntegrityError:  # somebody else has just named it
                name = str(connection.execute(select(RECORD_NAMES.c.id).where(same)).scalar_one())
            return name

    def record(self, name: str) -> tuple[str, dict[str, str]] | None:
        """The entity, and the key there; None: no record has this name."""
        with self._database.reading() as connection:
            row = connection.execute(select(RECORD_NAMES).where(RECORD_NAMES.c.id == name)).first()
        return None if row is None else (row.entity, json.loads(row.key))
