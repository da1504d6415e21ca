"""Who is signed in. A session ends a while after it was last used, and some hours after it began, whatever is done."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from sqlalchemy import delete, insert, or_, select, update

from .tables import SESSIONS, instant, stored_instant

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ..documents.local_text import SpokenLanguage
    from ..rows.durable import OwnDatabase

DeskRole: TypeAlias = Literal["reader", "agent", "steward", "admin"]
"""Reads the estate's pages; helps customers; repairs, and holds or sends what waits; reads who looked at whom."""
DESK_ROLES: tuple[DeskRole, ...] = get_args(DeskRole)

IDLE = timedelta(minutes=30)
"""A session that was not used for so long is over."""
WHOLE = timedelta(hours=12)
"""So long after it began, a session is over."""
_BYTES = 32
_TOUCHED = timedelta(minutes=1)
"""The last use is written down at most so often."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in."""

    id: str
    """By which whoever vouches for them knows them."""
    name: str
    roles: tuple[DeskRole, ...]
    teams: tuple[str, ...] = ()

    def may(self, role: DeskRole) -> bool:
        """Whether somebody may do what a role may: each may do what those before it may."""
        return any(DESK_ROLES.index(own) >= DESK_ROLES.index(role) for own in self.roles)


@dataclass(frozen=True, slots=True)
class Session:
    """One person at one browser."""

    person: Person
    form_key: str
    """Stands in every form: a page of another site does not know it."""
    language: SpokenLanguage
    """Of the pages."""


class Sessions:
    """Sessions in the desk's database. Every method raises Unreadable where that does not answer."""

    def __init__(self, database: OwnDatabase) -> None:
        self._database = database

    def begin(self, person: Person, language: SpokenLanguage, now: datetime) -> tuple[str, Session]:
        """A new session, and the secret for its cookie, of which a digest alone is kept. Sessions that are over go."""
        secret, session = secrets.token_urlsafe(_BYTES), Session(person, secrets.token_urlsafe(_BYTES), language)
        row = {
            "id": _digest(secret),
            "person": person.id,
            "name": person.name,
            "roles": ",".join(person.roles),
            "teams": "\n".join(person.teams),
            "form_key": session.form_key,
            "language": language,
            "began": stored_instant(now),
            "used": stored_instant(now),
        }
        over = or_(SESSIONS.c.used < stored_instant(now - IDLE), SESSIONS.c.began < stored_instant(now - WHOLE))
        with self._database.transaction() as connection:
            connection.execute(delete(SESSIONS).where(over))
            connection.execute(insert(SESSIONS), row)
        return secret, session

    def session(self, secret: str, now: datetime) -> Session | None:
        """The session of a cookie; None: there is none, or it is over."""
        mine = SESSIONS.c.id == _digest(secret)
        with self._database.reading() as connection:
            row = connection.execute(select(SESSIONS).where(mine)).first()
        if row is None or instant(row.used) < now - IDLE or instant(row.began) < now - WHOLE:
            return None
        if instant(row.used) < now - _TOUCHED:
            with self._database.transaction() as connection:
                connection.execute(update(SESSIONS).where(mine).values(used=stored_instant(now)))
        person = Person(row.person, row.name, desk_roles(row.roles.split(",")), tuple(row.teams.splitlines()))
        return Session(person, row.form_key, row.language)

    def speak(self, secret: str, session: Session, language: SpokenLanguage) -> Session:
        """The same session with its pages in another language."""
        with self._database.transaction() as connection:
            mine = SESSIONS.c.id == _digest(secret)
            connection.execute(update(SESSIONS).where(mine).values(language=language))
        return replace(session, language=language)

    def end(self, secret: str) -> None:
        """The session is over."""
        with self._database.transaction() as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.id == _digest(secret)))


def desk_roles(words: Iterable[str]) -> tuple[DeskRole, ...]:
    """The words that are roles here, in the order of what they may do."""
    given = set(words)
    return tuple(role for role in DESK_ROLES if role in given)


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
