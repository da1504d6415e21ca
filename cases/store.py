"""The store of cases. Every change is one transaction: it is done and in the history, or not at all.

Whoever changes a case says which version they saw. Where somebody else was faster, nothing is changed, and CaseChanged
carries the case as it is now; a note is only added, and needs no version.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, cast

from sqlalchemy import and_, func, insert, or_, select, update
from sqlalchemy import case as case_when
from sqlalchemy import text as sql_text

from ..values.error import FieldlineError
from .case import CaseFacts, HistoryLine, SupportCase
from .incoming import before_case, kept, see
from .tables import CASES, HISTORY, instant, stored_instant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from ..documents.local_text import SpokenLanguage
    from ..rows.durable import OwnDatabase
    from .case import CaseAct, CaseKind
    from .incoming import IncomingEvent

LONGEST_NOTE = 4_000
"""Characters of a text in the history."""
_LOCK = 0x63617365
_MOST_LISTED = 200
_MOST_MEASURED = 500
"""Closed cases, the latest, that a usual time is measured on."""


class CaseChanged(FieldlineError):
    """Somebody else has changed the case meanwhile."""

    def __init__(self, case: SupportCase) -> None:
        super().__init__(f"case {case.number} was changed by somebody else meanwhile")
        self.case = case
        """As it is now."""


class NoSuchCase(FieldlineError):
    """There is no case of this number."""


HarmOrder: TypeAlias = Literal["customers", "open", "days", "money"]
"""What known faults are ranked by; money by the amount in one currency: those of two are not added."""


@dataclass(frozen=True, slots=True)
class Harm:
    """What a known fault has cost until now."""

    case: SupportCase
    """The known fault; or the only case of its fault."""
    of: frozenset[str]
    """The records that had the fault, or have it, by their opaque names."""
    still_open: int
    """Cases of them that are open."""
    first: datetime
    """When the first of them began."""
    days: timedelta
    """How long all of them together have been open."""
    money: Mapping[str, Decimal]
    """The money at stake in all of them, by currency."""

    @property
    def records(self) -> int:
        """How many records that are."""
        return len(self.of)

    def rank(self, by: HarmOrder, currency: str) -> tuple[Any, ...]:
        """What sorts it: the most harm first by what is asked, then by all else."""
        money = -self.money.get(currency, Decimal(0))
        order = {"customers": -self.records, "open": -self.still_open, "days": -self.days, "money": money}
        return (order.pop(by), *order.values(), self.case.number)


class Sharing(NamedTuple):
    """Who has a fault, or has had it."""

    records: int
    still_open: int
    """Cases of them that are open."""
    first: datetime | None
    """When the first of them began; None: there is none."""


def currencies_of(harms: Sequence[Harm]) -> tuple[str, ...]:
    """The currencies of the money at stake, those of most faults first."""
    counts = Counter(currency for harm in harms for currency in harm.money)
    return tuple(sorted(counts, key=lambda currency: (-counts[currency], currency)))


class CaseStore:
    """Cases in the desk's database. Every method raises Unreadable where that does not answer."""

    def __init__(self, database: OwnDatabase) -> None:
        self._database = database

    # -------------------------------------------------------------------------------------------------------- reading

    def case(self, number: int) -> SupportCase:
        """A case by its number. Raises NoSuchCase."""
        with self._database.reading() as connection:
            return _existing(connection, number)

    def history(self, number: int) -> tuple[HistoryLine, ...]:
        """What was done, the earliest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(HISTORY).where(HISTORY.c.case_id == number).order_by(HISTORY.c.id))
            return tuple(HistoryLine(instant(row.at), row.by, row.act, row.text, json.loads(row.about)) for row in rows)

    def of_record(self, record: str) -> tuple[SupportCase, ...]:
        """The cases of a record, the open ones first, then the latest."""
        return self._listed(CASES.c.record == record, CASES.c.closed.is_not(None), CASES.c.id.desc())

    def on_desk(self, person: str, teams: Sequence[str], now: datetime) -> tuple[SupportCase, ...]:
        """The open cases that a person has opened or taken, or that a team of theirs has.

        Broken promises come first, then what is due first.
        """
        mine = or_(CASES.c.person == person, CASES.c.opened_by == person, CASES.c.team.in_(teams))
        due = case_when(
            (CASES.c.promised.is_(None), CASES.c.next_word),
            (CASES.c.next_word < CASES.c.promised, CASES.c.next_word),
            else_=CASES.c.promised,
        )
        cases = self._listed(and_(CASES.c.closed.is_(None), mine), due.is_(None), due, CASES.c.id)
        return tuple(sorted(cases, key=lambda case: (not case.is_broken(now), _due(case), case.number)))

    def sharing(self, fault: str, but: int | None = None) -> Sharing:
        """Who else has a fault, or has had it. `but`: a case that does not count."""
        same = and_(CASES.c.fault == fault, CASES.c.kind == "record", CASES.c.id != (but or 0))
        counted = select(
            func.count(func.distinct(CASES.c.record)),
            func.count(1).filter(CASES.c.closed.is_(None)),
            func.min(func.coalesce(CASES.c.began, CASES.c.opened)),
        )
        with self._database.reading() as connection:
            records, still_open, first = connection.execute(counted.where(same)).one()
        return Sharing(int(records), int(still_open), None if first is None else instant(first))

    def collected(self, number: int) -> tuple[SupportCase, ...]:
        """The cases that a known fault has collected, the open ones first."""
        return self._listed(CASES.c.parent == number, CASES.c.closed.is_not(None), CASES.c.id.desc())

    def measured(self, fault: str) -> timedelta | None:
        """The median time from the first word to being seen well, of closed cases of a fault; None: there is none."""
        closed = (
            select(func.coalesce(CASES.c.began, CASES.c.opened), CASES.c.closed)
            .where(and_(CASES.c.fault == fault, CASES.c.kind == "record", CASES.c.closed.is_not(None)))
            .order_by(CASES.c.id.desc())
            .limit(_MOST_MEASURED)
        )
        with self._database.reading() as connection:
            seconds = [(instant(end) - instant(start)).total_seconds() for start, end in connection.execute(closed)]
        return timedelta(seconds=median(seconds)) if seconds else None

    def by_harm(self, now: datetime, by: HarmOrder = "customers", currency: str = "") -> tuple[Harm, ...]:
        """Faults by what they have cost. `currency`: whose amounts count; by default the one that most faults have."""
        with self._database.reading() as connection:
            rows = connection.execute(select(CASES).order_by(CASES.c.id)).all()
        of_fault: dict[str, list[SupportCase]] = {}
        for row in rows:
            of_fault.setdefault(row.fault, []).append(_case(row))
        harms = [_harm(cases, now) for cases in of_fault.values()]
        chosen = currency or next(iter(currencies_of(harms)), "")
        return tuple(sorted(harms, key=lambda harm: harm.rank(by, chosen)))

    def _listed(self, where: Any, *order: Any) -> tuple[SupportCase, ...]:  # noqa: ANN401 - clauses of SQLAlchemy's
        with self._database.reading() as connection:
            rows = connection.execute(select(CASES).where(where).order_by(*order).limit(_MOST_LISTED))
            return tuple(_case(row) for row in rows)

    # -------------------------------------------------------------------------------------------------------- changing

    def open(self, facts: CaseFacts, record: str, by: str, now: datetime, promised: datetime | None) -> SupportCase:
        """A case of a record; the one that is open already, where there is one of the same fault.

        The second record with a fault makes it a known fault, whose case collects both. It begins with what other systems
        have told of the record.
        """
        with self._database.transaction() as connection:
            _one_at_a_time(connection)
            same = and_(CASES.c.fault == facts.fault, CASES.c.closed.is_(None))
            mine = connection.execute(select(CASES).where(and_(same, CASES.c.record == record))).first()
            if mine is not None:
                _add_line(connection, mine.id, by, now, "joined", "", {})
                return _case(mine)
            others = [_case(row) for row in connection.execute(select(CASES).where(same).order_by(CASES.c.id))]
            parent = next((case.number for case in others if case.kind == "fault"), None)
            if parent is None and others:
                parent = _new(connection, "fault", facts, None, None, "", now, promised)
                _add_line(connection, parent, by, now, "opened", "", {})
                for case in others:
                    changed = {"parent": parent, "version": case.version + 1}
                    connection.execute(update(CASES).where(CASES.c.id == case.number).values(**changed))
                    _add_line(connection, parent, by, now, "joined", "", {"case": case.number})
            before = before_case(connection, record, now)
            number = _new(connection, "record", facts, record, parent, by, now, promised, before)
            for event in before:
                _add_line(connection, number, event.source, now, event.kind, event.text, _told(event))
            see(connection, record, now)
            _add_line(connection, number, by, now, "opened", "", {"team": facts.team})
            if parent is not None:
                _add_line(connection, parent, by, now, "joined", "", {"case": number})
            return _existing(connection, number)

    def hear(self, event: IncomingEvent, now: datetime) -> bool:
        """Another system tells something of a record: it is kept, and joins the open cases. False: it was told before.

        What was missed and is sent now joins the case that is closed, too.
        """
        with self._database.transaction() as connection:
            _one_at_a_time(connection)
            if not kept(connection, event):
                return False
            of_record = select(CASES).where(CASES.c.record == event.record).order_by(CASES.c.id)
            for case in map(_case, connection.execute(of_record).all()):
                if not case.is_open and not _was_missed(case, event):
                    continue
                if event.answer_by is not None:
                    word = min(filter(None, (case.next_word, event.answer_by)))
                    changed = {"next_word": stored_instant(word), "version": CASES.c.version + 1}
                    connection.execute(update(CASES).where(CASES.c.id == case.number).values(**changed))
                _add_line(connection, case.number, event.source, now, event.kind, event.text, _told(event))
                see(connection, event.record, now)
        return True

    def send_again(self, number: int, by: str, now: datetime, action: str) -> None:
        """What was not sent while the fault lasted is to go out: whoever sends it hears so. Once for each action."""
        with self._database.transaction() as connection:
            _one_at_a_time(connection)
            _existing(connection, number)
            of_case = and_(HISTORY.c.case_id == number, HISTORY.c.act == "send again")
            told = connection.execute(select(HISTORY.c.about).where(of_case)).scalars()
            if all(json.loads(about)["action"] != action for about in told):
                _add_line(connection, number, by, now, "send again", "", {"action": action})

    def take(self, number: int, version: int, by: str, now: datetime) -> SupportCase:
        """Somebody works on it. Raises CaseChanged, NoSuchCase; so do all that follow."""
        return self._changed(number, version, by, now, "taken", values={"person": by, "state": "taken"})

    def hand_over(
        self, number: int, version: int, by: str, now: datetime, to: TeamTime, text: str, *, is_back: bool = False
    ) -> SupportCase:
        """Another team has it, with its own time; `is_back`: it is the one that had it before."""
        case = self.case(number)
        values = {
            "team": to.team,
            "person": None,
            "state": "waiting",
            "promised": None if to.promised is None else stored_instant(to.promised),
            "usual_seconds": None if to.usual is None else round(to.usual.total_seconds()),
            "calendar": to.calendar,
        }
        about = {"from": case.facts.team, "to": to.team}
        return self._changed(
            number, version, by, now, "given back" if is_back else "handed over", text=text, about=about, values=values
        )

    def team_before(self, number: int) -> str | None:
        """The team that handed it over to the one that has it now; None: nobody did."""
        for line in reversed(self.history(number)):
            if line.act == "handed over":
                return str(line.about["from"])
            if line.act == "given back":
                return None
        return None

    def note(self, number: int, by: str, now: datetime, text: str) -> None:
        """A note, which is added whatever else was changed."""
        with self._database.transaction() as connection:
            _existing(connection, number)
            _add_line(connection, number, by, now, "note", text, {})

    def tell(
        self,
        number: int,
        version: int,
        by: str,
        now: datetime,
        language: SpokenLanguage,
        text: str,
        next_word: datetime | None,
    ) -> SupportCase:
        """The customer was told, in a language, and hears again at a moment."""
        moment = None if next_word is None else stored_instant(next_word)
        values = {"told": stored_instant(now), "told_language": language, "next_word": moment}
        about = {"language": language, "next_word": moment}
        return self._changed(number, version, by, now, "told", text=text, about=about, values=values)

    def looked_again(self, number: int, version: int, by: str, now: datetime, seen: str) -> SupportCase:
        """The stores were read again. `seen`: "well" closes it, "arriving" waits, anything else leaves it as it is.

        The history says what was missed until it was well. The case of a known fault is closed with the last case that it
        collected.
        """
        act: CaseAct = "closed" if seen == "well" else "arriving" if seen == "arriving" else "looked again"
        values: dict[str, Any] = {}
        if seen == "well":
            values = {"state": "closed", "closed": stored_instant(now)}
        elif seen == "arriving":
            values = {"state": "arriving"}
        with self._database.transaction() as connection:
            missed = _existing(connection, number).facts.about.get("missed", {}) if seen == "well" else {}
            about = {"seen": seen, **({"missed": sorted(missed)} if missed else {})}
            case = _changed(connection, number, version, by, now, act, values=values, about=about)
            if seen == "well" and case.parent is not None:
                _close_parent(connection, case.parent, number, now)
            return case

    def break_promises(self, now: datetime) -> tuple[SupportCase, ...]:
        """The open cases whose promise is broken and of which that was not yet told; it is from now on."""
        moment = stored_instant(now)
        late = or_(CASES.c.promised < moment, CASES.c.next_word < moment)
        with self._database.transaction() as connection:
            rows = connection.execute(select(CASES).where(and_(CASES.c.closed.is_(None), late)).order_by(CASES.c.id))
            broken: list[SupportCase] = []
            for case in map(_case, rows.all()):
                untold = _untold(connection, case, moment)
                if any(untold.values()):
                    _add_line(connection, case.number, "", now, "promise broken", "", untold)
                    broken.append(case)
        return tuple(broken)

    def _changed(self, number: int, version: int, by: str, now: datetime, act: CaseAct, **more: Any) -> SupportCase:  # noqa: ANN401 - of one place, below
        with self._database.transaction() as connection:
            return _changed(connection, number, version, by, now, act, **more)


@dataclass(frozen=True, slots=True)
class TeamTime:
    """A team that repairs, with the time that it takes."""

    team: str
    usual: timedelta | None
    calendar: str | None
    """The name of the calendar that it is counted by, or when they work in words."""
    promised: datetime | None
    """Counted from now; None: nobody can say."""


# ---------------------------------------------------------------------------------------------------------------- rows


def _one_at_a_time(connection: Connection) -> None:
    """Cases are opened one after the other: two people who see the same fault open one case. SQLite does so anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(sql_text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _existing(connection: Connection, number: int) -> SupportCase:
    row = connection.execute(select(CASES).where(CASES.c.id == number)).first()
    if row is None:
        raise NoSuchCase(f"there is no case {number}")
    return _case(row)


def _case(row: Row[Any]) -> SupportCase:
    usual = None if row.usual_seconds is None else timedelta(seconds=row.usual_seconds)
    facts = CaseFacts(row.fault, json.loads(row.about), row.team, usual, row.calendar, bool(row.critical))
    moments = {name: _moment(row._mapping[name]) for name in ("promised", "told", "next_word", "closed")}  # noqa: SLF001 - a row's public mapping
    return SupportCase(
        row.id,
        row.version,
        row.kind,
        row.state,
        row.record,
        row.parent,
        facts,
        row.person,
        instant(row.opened),
        row.opened_by,
        moments["promised"],
        moments["told"],
        row.told_language,
        moments["next_word"],
        moments["closed"],
        instant(row.began or row.opened),
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else instant(text)


def _new(
    connection: Connection,
    kind: CaseKind,
    facts: CaseFacts,
    record: str | None,
    parent: int | None,
    by: str,
    now: datetime,
    promised: datetime | None,
    before: Sequence[IncomingEvent] = (),
) -> int:
    words = [event.answer_by for event in before if event.answer_by is not None]
    values = {
        "version": 1,
        "kind": kind,
        "state": "waiting",
        "record": record,
        "parent": parent,
        "fault": facts.fault,
        "about": json.dumps(facts.about, sort_keys=True),
        "team": facts.team,
        "opened": stored_instant(now),
        "opened_by": by,
        "promised": None if promised is None else stored_instant(promised),
        "usual_seconds": None if facts.usual is None else round(facts.usual.total_seconds()),
        "calendar": facts.calendar,
        "critical": facts.critical,
        "began": stored_instant(min([now, *(event.at for event in before)])),
        "next_word": stored_instant(min(words)) if words else None,
    }
    (number,) = cast("tuple[int]", connection.execute(insert(CASES), values).inserted_primary_key)
    return number


def _changed(
    connection: Connection,
    number: int,
    version: int,
    by: str,
    now: datetime,
    act: CaseAct,
    *,
    values: Mapping[str, Any],
    text: str = "",
    about: Mapping[str, Any] | None = None,
) -> SupportCase:
    seen = and_(CASES.c.id == number, CASES.c.version == version, CASES.c.closed.is_(None))
    done = connection.execute(update(CASES).where(seen).values(version=version + 1, **values))
    if done.rowcount != 1:
        raise CaseChanged(_existing(connection, number))
    _add_line(connection, number, by, now, act, text, about or {})
    return _existing(connection, number)


def _add_line(
    connection: Connection, number: int, by: str, now: datetime, act: CaseAct, text: str, about: Mapping[str, Any]
) -> None:
    line = {"case_id": number, "at": stored_instant(now), "by": by, "act": act, "text": text[:LONGEST_NOTE]}
    connection.execute(insert(HISTORY), {**line, "about": json.dumps(about, sort_keys=True)})


def _was_missed(case: SupportCase, event: IncomingEvent) -> bool:
    """Whether something is sent now that was not sent while a case was open."""
    return event.kind == "sent" and event.about.get("action") in case.facts.about.get("missed", {})


def _told(event: IncomingEvent) -> dict[str, Any]:
    return {**event.about, "at": stored_instant(event.at)}


def _close_parent(connection: Connection, parent: int, last: int, now: datetime) -> None:
    still_open = and_(CASES.c.parent == parent, CASES.c.closed.is_(None))
    if connection.execute(select(CASES.c.id).where(still_open).limit(1)).first() is not None:
        return
    is_open = and_(CASES.c.id == parent, CASES.c.closed.is_(None))
    closed = {"state": "closed", "closed": stored_instant(now), "version": CASES.c.version + 1}
    if connection.execute(update(CASES).where(is_open).values(**closed)).rowcount:
        _add_line(connection, parent, "", now, "closed", "", {"case": last})


def _untold(connection: Connection, case: SupportCase, now: str) -> dict[str, str | None]:
    """The promises of a case that are broken and of which that was not told yet, as stored instants."""
    of_case = and_(HISTORY.c.case_id == case.number, HISTORY.c.act == "promise broken")
    told = [json.loads(about) for (about,) in connection.execute(select(HISTORY.c.about).where(of_case))]
    moments = {"promised": case.promised, "next_word": case.next_word}
    stored = {name: None if moment is None else stored_instant(moment) for name, moment in moments.items()}
    return {
        name: moment if moment is not None and moment < now and all(each[name] != moment for each in told) else None
        for name, moment in stored.items()
    }


def _due(case: SupportCase) -> str:
    """What sorts cases by when something is due; those of which nobody says come last."""
    moments = [moment for moment in (case.promised, case.next_word) if moment is not None]
    return stored_instant(min(moments)) if moments else "9"


def _harm(cases: Sequence[SupportCase], now: datetime) -> Harm:
    own = [case for case in cases if case.kind == "record"]
    shown = next((case for case in cases if case.kind == "fault" and case.is_open), cases[-1])
    spans = (((case.closed or now) - case.began) for case in own)
    return Harm(
        shown,
        frozenset(case.record for case in own if case.record is not None),
        sum(case.is_open for case in own),
        min(case.began for case in cases),
        sum(spans, timedelta()),
        _money(own),
    )


def _money(cases: Sequence[SupportCase]) -> dict[str, Decimal]:
    """What the latest case of each record names."""
    latest = {case.record: case for case in cases}
    sums: dict[str, Decimal] = {}
    for case in latest.values():
        for currency, amount in case.facts.about.get("money", {}).items():
            sums[currency] = sums.get(currency, Decimal(0)) + Decimal(amount)
    return dict(sorted(sums.items()))
