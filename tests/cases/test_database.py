"""The desk's database: migrated, held to the tables that the code knows, and safe against an end in any moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, Table, insert, text

from fieldline.cases.case import CaseFacts
from fieldline.cases.database import open_desk_database
from fieldline.cases.held import HeldActions
from fieldline.cases.lookups import Lookup, Lookups
from fieldline.cases.outgoing import OutgoingEvents
from fieldline.cases.records import RecordNames
from fieldline.cases.retention import forget
from fieldline.cases.sessions import IDLE, WHOLE, Person, Sessions
from fieldline.cases.store import CaseStore, NoSuchCase
from fieldline.cases.tables import TABLES
from fieldline.checker.diff.stored_rows import Unreadable

if TYPE_CHECKING:
    from pathlib import Path

    from fieldline.cases.case import HistoryLine, SupportCase
    from fieldline.rows.durable import OwnDatabase

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
KILLS = int(os.environ.get("FIELDLINE_KILLS", "4"))
"""How often a writer is killed in the middle of its work."""

WRITE = """
import sys
from datetime import UTC, datetime, timedelta
from fieldline.cases.database import open_desk_database
from fieldline.cases.store import CaseStore, NoSuchCase
store = CaseStore(open_desk_database(sys.argv[1]))
case = store.case(1)
start = int(sys.argv[2])
for number in range(start, start + 100_000):
    case = store.take(1, case.version, f"{number}", datetime.now(UTC))
    print(number, flush=True)
"""


def test_the_migrations_make_the_tables_that_are_read(database: OwnDatabase) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert [change for change in compare_metadata(context, TABLES) if "alembic_version" not in str(change)] == []


def test_a_database_of_a_newer_version_is_refused(place: str, database: OwnDatabase) -> None:
    with database.transaction() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(Unreadable, match="newer version"):
        open_desk_database(place)


def test_what_was_acknowledged_is_there_after_every_kill_and_nothing_is_half_done(
    place: str, database: OwnDatabase
) -> None:
    store, record = CaseStore(database), RecordNames(database).name("crm.person", {"no": "1"}, NOW)
    store.open(CaseFacts("fault", {}, "team"), record, "anna", NOW, None)
    told = 0
    for turn in range(KILLS):
        with subprocess.Popen(
            [sys.executable, "-c", WRITE, place, str(told + 1)], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.01 + 0.013 * (turn % 7))
            process.send_signal(signal.SIGKILL)
            lines = process.stdout.read().split("\n")[:-1]
        told = max([told + 1, *map(int, lines)])
        case, history = _seen(store)
        takers = [line.by for line in history if line.act == "taken"]
        assert str(told) in takers
        assert case.version == len(takers) + 1
        assert case.person == takers[-1]
        told = int(takers[-1])


def _seen(store: CaseStore) -> tuple[SupportCase, tuple[HistoryLine, ...]]:
    """The case and its history, of one moment: a PostgreSQL may still commit what a writer sent before it was killed."""
    while True:
        case, history = store.case(1), store.history(1)
        if store.case(1) == case:
            return case, history


FILL = """
import resource, signal, sys
from datetime import UTC, datetime
from fieldline.cases.database import open_desk_database
from fieldline.cases.store import CaseStore
from fieldline.checker.diff.stored_rows import Unreadable
store = CaseStore(open_desk_database(sys.argv[1]))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
try:
    for number in range(10_000):
        store.note(1, f"{number}", datetime.now(UTC), "x" * 3_000)
        print(number, flush=True)
except Unreadable:
    print("full")
print(store.case(1).number)
"""


def test_on_a_full_disk_nothing_that_was_acknowledged_is_lost(in_file: str) -> None:
    database = open_desk_database(in_file)
    store, record = CaseStore(database), RecordNames(database).name("crm.person", {"no": "1"}, NOW)
    store.open(CaseFacts("fault", {}, "team"), record, "anna", NOW, None)
    done = subprocess.run([sys.executable, "-c", FILL, in_file], capture_output=True, text=True, check=True)
    *acknowledged, full, read = done.stdout.split()
    assert (full, read) == ("full", "1"), "what is there is still read"
    assert len(acknowledged) > 10
    store.note(1, "after", NOW, "there is room again")
    notes = [line.by for line in store.history(1) if line.act == "note"]
    assert notes == [*acknowledged, "after"]
    with database.reading() as connection:
        assert connection.execute(text("pragma integrity_check")).scalar_one() == "ok"


def test_a_session_ends_when_it_is_idle_and_when_it_is_old(database: OwnDatabase) -> None:
    sessions = Sessions(database)
    anna = Person("anna@bank.example", "Anna", ("agent", "steward"), ("web-support",))
    secret, session = sessions.begin(anna, "fi", NOW)
    assert sessions.session(secret, NOW) == session
    assert sessions.session("guessed", NOW) is None
    assert sessions.session(secret, NOW + IDLE + IDLE / 10) is None
    now = NOW
    while now < NOW + WHOLE:
        assert sessions.session(secret, now) == session
        now += IDLE * 0.9
    assert sessions.session(secret, now) is None
    with database.reading() as connection:
        kept = connection.execute(text("select id from fieldline_sessions")).scalars().all()
    assert secret not in kept
    other, session = sessions.begin(anna, "fi", now)
    assert sessions.speak(other, session, "sv").language == "sv"
    sessions.end(other)
    assert sessions.session(other, now) is None


def test_who_looked_is_written_down_in_their_order(database: OwnDatabase) -> None:
    lookups = Lookups(database)
    made = [Lookup(NOW, f"agent {number}", ("agent",), "looked", "r", "") for number in range(3)]
    for each in made:
        lookups.add(each)
    assert list(lookups.all()) == made


def test_a_database_that_is_gone_is_said_without_its_address(
    in_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOWHERE_DB", "postgresql://me:pass%40word@127.0.0.1:1/shop")
    with pytest.raises(Unreadable) as error:
        open_desk_database("env:NOWHERE_DB")
    assert "word" not in str(error.value)
    store = CaseStore(open_desk_database(in_file))
    for file in tmp_path.glob("cases.sqlite*"):
        file.unlink()
    with pytest.raises(Unreadable, match=r"cases in cases\.sqlite cannot be reached"):
        store.case(1)
    CaseStore(open_desk_database(in_file)).by_harm(NOW)


@pytest.mark.parametrize("revision", ["0001", "0002", "0003"])
def test_an_older_database_is_migrated_with_all_that_is_in_it(place: str, revision: str) -> None:
    moment, older = "2026-05-04T09:00:00.000+00:00", open_desk_database(place, revision)
    record = RecordNames(older).name("crm.person", {"no": "1"}, NOW)
    facts = CaseFacts("fault", {"a": "b"}, "team")
    old = {"version": 3, "kind": "record", "state": "taken", "record": record, "fault": "fault", "about": '{"a": "b"}'}
    old |= {
        "team": "team",
        "person": "anna",
        "opened": moment,
        "opened_by": "anna",
        "promised": moment,
        "critical": False,
    }
    with older.transaction() as connection:
        connection.execute(insert(Table("fieldline_cases", MetaData(), autoload_with=connection)), old)
    database = open_desk_database(place)
    case = CaseStore(database).case(1)
    assert (case.facts, case.state, case.person, case.version) == (facts, "taken", "anna", 3)
    assert (case.opened, case.began, case.promised) == (NOW, NOW, NOW)
    assert HeldActions(database).all_held() == "no"
    with database.reading() as connection:
        assert connection.execute(text("select version_num from alembic_version")).scalar_one() == "0004"


def test_what_is_over_is_forgotten_and_what_is_open_stays(database: OwnDatabase) -> None:
    store, names, day = CaseStore(database), RecordNames(database), timedelta(days=1)
    records = [names.name("crm.person", {"no": str(number)}, NOW) for number in range(4)]
    facts = CaseFacts("fault", {}, "team")
    over, also, still = (store.open(facts, record, "anna", NOW, None).number for record in records[:3])
    Lookups(database).add(Lookup(NOW, "anna", ("agent",), "looked", records[0], ""))
    for number in (over, also):
        store.looked_again(number, store.case(number).version, "anna", NOW, "well")
    parent = store.case(still).parent
    assert forget(database, NOW - day) == 0
    assert forget(database, NOW + day) == 2
    for number in (over, also):
        with pytest.raises(NoSuchCase):
            store.case(number)
    assert store.history(over) == ()
    assert store.case(still).parent == parent
    assert list(Lookups(database).all()) == []
    assert [names.record(record) is not None for record in records] == [False, False, True, False]
    store.looked_again(still, store.case(still).version, "anna", NOW, "well")
    assert forget(database, NOW + day) == 2  # and the known fault with the last of its cases


def test_every_line_of_a_history_is_sent_in_its_order_and_none_is_left_out(database: OwnDatabase) -> None:
    store, outgoing = CaseStore(database), OutgoingEvents(database)
    record = RecordNames(database).name("crm.person", {"no": "1"}, NOW)
    case = store.open(CaseFacts("fault", {}, "team"), record, "anna", NOW, None)
    store.note(case.number, "anna", NOW, "a text of somebody")
    case = store.looked_again(case.number, case.version, "anna", NOW, "well")
    assert outgoing.next(NOW) == ()  # a line that is still being written may come before them
    later = NOW + timedelta(minutes=1)
    events = outgoing.next(later)
    assert [event.act for event in events] == ["opened", "note", "closed"]
    assert outgoing.next(later) == events
    assert "a text of somebody" not in str(events)
    outgoing.sent(events[1].line)
    assert outgoing.next(later) == events[2:]
    outgoing.sent(events[2].line)
    assert outgoing.next(later) == ()
