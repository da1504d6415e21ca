"""Automated actions that a gate holds, until somebody answers, what they need holds, or their time has passed.

Whoever is about to act asks; a hold is an answer, and nothing here stops anybody. An action that somebody has sent goes the
next time that it asks, once. While all actions are held, none goes; two people hold all.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from sqlalchemy import and_, insert, or_, select, text, update

from ..values.error import FieldlineError
from .tables import HELD, HELD_ACTS, instant, stored_instant

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from ..rows.durable import OwnDatabase

HeldState: TypeAlias = Literal["waiting", "held", "calling", "sent", "gone"]
"""Nobody has answered; somebody holds it; somebody calls the customer; somebody lets it go, and it has not asked since;
it went, or need not be held any longer."""
HeldAct: TypeAlias = Literal["hold", "call", "send"]
_OPEN = ("waiting", "held", "calling")
_STATES: Mapping[HeldAct, HeldState] = {"hold": "held", "call": "calling", "send": "sent"}
SHORTEST_HOLD = timedelta(minutes=1)
"""How long an action waits at least before it asks again."""
USUAL_HOLD = timedelta(hours=1)
"""The same where its gate does not say."""
_ALL = "*"
_LOCK = 0x68656C64
_MOST_LISTED = 200


class HeldChanged(FieldlineError):
    """Somebody else has answered meanwhile, or the action has gone."""


@dataclass(frozen=True, slots=True)
class GateVerdict:
    """What the gates before an action say to a record."""

    goes: bool
    reason: str
    """Without a value."""
    tell: str | None
    """Whom to tell, as the record names them."""
    hold: timedelta | None
    """How long the action waits before it asks again; None: not stated."""
    goes_unanswered: bool
    """Whether it goes where nobody answers in that time."""


@dataclass(frozen=True, slots=True)
class HeldAction:
    """An action that is held."""

    id: str
    version: int
    action: str
    record: str
    """The opaque name of the record."""
    state: HeldState
    reason: str
    tell: str | None
    asked: datetime
    """When it asked first."""
    until: datetime
    """When it asks again; what becomes of it then where nobody answers, its rule says."""
    goes_unanswered: bool
    person: str | None
    """Who has answered."""


@dataclass(frozen=True, slots=True)
class GateReply:
    """What an action is told that asks."""

    goes: bool
    reason: str
    until: datetime | None
    """When it asks again; None: it goes."""


class HeldActions:
    """Held actions in the desk's database. Every method raises Unreadable where that does not answer."""

    def __init__(self, database: OwnDatabase) -> None:
        self._database = database

    def reply(self, action: str, record: str, verdict: GateVerdict, now: datetime) -> GateReply:
        """The answer to an action that asks."""
        hold = max(verdict.hold or USUAL_HOLD, SHORTEST_HOLD)
        with self._database.transaction() as connection:
            _one_at_a_time(connection)
            if _all_held(connection) == "held":
                return GateReply(goes=False, reason="all actions are held", until=now + hold)
            same = and_(HELD.c.action == action, HELD.c.record == record, HELD.c.state != "gone")
            row = connection.execute(select(HELD).where(same)).first()
            if row is None:
                return _first_reply(connection, action, record, verdict, hold, now)
            held = _held(row)
            if held.state == "sent":
                _set(connection, held, {"state": "gone"}, "", "gone", now)
                return GateReply(goes=True, reason=f"sent by {held.person}", until=None)
            if verdict.goes:
                _set(connection, held, {"state": "gone"}, "", "gone", now)
                return GateReply(goes=True, reason=verdict.reason, until=None)
            if held.until > now:
                return GateReply(goes=False, reason=verdict.reason, until=held.until)
            if held.state == "waiting" and held.goes_unanswered and verdict.goes_unanswered:
                _set(connection, held, {"state": "gone"}, "", "unanswered", now)
                return GateReply(goes=True, reason="its hold has passed, and nobody has answered", until=None)
            _set(connection, held, {"until": stored_instant(now + hold)}, "", "held again", now)
            return GateReply(goes=False, reason=verdict.reason, until=now + hold)

    def act(self, name: str, version: int, by: str, act: HeldAct, now: datetime) -> HeldAction:
        """Somebody answers. Raises HeldChanged where somebody else was faster, or it has gone."""
        with self._database.transaction() as connection:
            _one_at_a_time(connection)
            row = connection.execute(select(HELD).where(HELD.c.id == name)).first()
            if row is None or row.version != version or row.state not in _OPEN:
                raise HeldChanged("this action was answered by somebody else meanwhile, or has gone")
            values: dict[str, Any] = {"state": _STATES[act], "person": by}
            if act != "send":
                values["until"] = stored_instant(now + timedelta(seconds=row.hold_seconds))
            _set(connection, _held(row), values, by, act, now)
            return _held(connection.execute(select(HELD).where(HELD.c.id == name)).one())

    def going_out(self, person: str) -> tuple[HeldAction, ...]:
        """The actions that are held: those that the person is to be told of first, then what asks again first."""
        is_open = or_(*(HELD.c.state == state for state in _OPEN))
        with self._database.reading() as connection:
            rows = connection.execute(select(HELD).where(is_open).order_by(HELD.c.until).limit(_MOST_LISTED)).all()
        return tuple(sorted(map(_held, rows), key=lambda held: (held.tell != person, held.until)))

    # ---------------------------------------------------------------------------------------------- all actions together

    def all_held(self) -> str:
        """Whether all actions are held: "no", "asked" by one person, or "held" by two."""
        with self._database.reading() as connection:
            return _all_held(connection)

    def hold_all(self, by: str, now: datetime) -> str:
        """One person asks that all actions be held; a second one holds them. The same person twice is one person."""
        with self._database.transaction() as connection:
            _one_at_a_time(connection)
            state = _all_held(connection)
            if state == "no":
                _add_act(connection, _ALL, by, "asked", now)
            elif state == "asked" and _last_by(connection) != by:
                _add_act(connection, _ALL, by, "held", now)
            return _all_held(connection)

    def lift_all(self, by: str, now: datetime) -> None:
        """Actions are judged one by one again."""
        with self._database.transaction() as connection:
            _one_at_a_time(connection)
            if _all_held(connection) != "no":
                _add_act(connection, _ALL, by, "lifted", now)


def _one_at_a_time(connection: Connection) -> None:
    """Actions are asked about and answered one after the other: of two people, one is first. SQLite does so anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _first_reply(
    connection: Connection, action: str, record: str, verdict: GateVerdict, hold: timedelta, now: datetime
) -> GateReply:
    if verdict.goes:
        return GateReply(goes=True, reason=verdict.reason, until=None)
    row = {
        "id": secrets.token_urlsafe(16),
        "version": 1,
        "action": action,
        "record": record,
        "state": "waiting",
        "reason": verdict.reason,
        "tell": verdict.tell,
        "asked": stored_instant(now),
        "until": stored_instant(now + hold),
        "hold_seconds": round(hold.total_seconds()),
        "goes_unanswered": verdict.goes_unanswered,
    }
    connection.execute(insert(HELD), row)
    _add_act(connection, str(row["id"]), "", "asked", now)
    return GateReply(goes=False, reason=verdict.reason, until=now + hold)


def _set(connection: Connection, held: HeldAction, values: Mapping[str, Any], by: str, act: str, now: datetime) -> None:
    connection.execute(update(HELD).where(HELD.c.id == held.id).values(version=held.version + 1, **values))
    _add_act(connection, held.id, by, act, now)


def _add_act(connection: Connection, held: str, by: str, act: str, now: datetime) -> None:
    connection.execute(insert(HELD_ACTS), {"held": held, "at": stored_instant(now), "by": by, "act": act})


def _last(connection: Connection) -> Row[Any] | None:
    of_all = select(HELD_ACTS).where(HELD_ACTS.c.held == _ALL).order_by(HELD_ACTS.c.id.desc()).limit(1)
    return connection.execute(of_all).first()


def _last_by(connection: Connection) -> str | None:
    last = _last(connection)
    return None if last is None else str(last.by)


def _all_held(connection: Connection) -> str:
    last = _last(connection)
    return "no" if last is None or last.act == "lifted" else str(last.act)


def _held(row: Row[Any]) -> HeldAction:
    return HeldAction(
        row.id,
        row.version,
        row.action,
        row.record,
        row.state,
        row.reason,
        row.tell,
        instant(row.asked),
        instant(row.until),
        bool(row.goes_unanswered),
        row.person,
    )
