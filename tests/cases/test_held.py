"""Actions that gates hold, in a real SQLite and a real PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from fieldline.cases.held import USUAL_HOLD, GateVerdict, HeldActions, HeldChanged
from fieldline.cases.records import RecordNames

if TYPE_CHECKING:
    from fieldline.rows.durable import OwnDatabase

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HOLDS = GateVerdict(goes=False, reason="it needs a call", tell="anna", hold=DAY, goes_unanswered=False)
GOES = GateVerdict(goes=True, reason="it holds", tell=None, hold=None, goes_unanswered=False)
LETTER = "letters.dunning"


@pytest.fixture
def held(database: OwnDatabase) -> HeldActions:
    return HeldActions(database)


@pytest.fixture
def record(database: OwnDatabase) -> str:
    return RecordNames(database).name("crm.person", {"no": "1"}, NOW)


def test_what_goes_is_kept_nowhere_and_what_is_held_asks_again(held: HeldActions, record: str) -> None:
    assert held.reply(LETTER, record, GOES, NOW).goes
    assert held.going_out("anna") == ()
    reply = held.reply(LETTER, record, HOLDS, NOW)
    assert (reply.goes, reply.until) == (False, NOW + DAY)
    assert held.reply(LETTER, record, HOLDS, NOW + DAY / 2).until == NOW + DAY
    assert held.reply(LETTER, record, HOLDS, NOW + DAY).until == NOW + 2 * DAY
    (action,) = held.going_out("anna")
    assert (action.action, action.state, action.tell) == (LETTER, "waiting", "anna")
    assert held.reply(LETTER, record, GOES, NOW + DAY).goes  # what it needs holds by now
    assert held.going_out("anna") == ()


def test_a_hold_that_nobody_answers_follows_its_rule(held: HeldActions, record: str) -> None:
    rule = GateVerdict(goes=False, reason="it needs a call", tell=None, hold=DAY, goes_unanswered=True)
    assert not held.reply(LETTER, record, rule, NOW).goes
    assert not held.reply(LETTER, record, rule, NOW + DAY / 2).goes
    assert held.reply(LETTER, record, rule, NOW + DAY).goes
    assert not held.reply(LETTER, record, rule, NOW + DAY).goes  # the next letter
    (action,) = held.going_out("")
    held.act(action.id, action.version, "anna", "hold", NOW + DAY)
    assert not held.reply(LETTER, record, rule, NOW + 9 * DAY).goes  # somebody has answered


def test_what_is_not_known_any_longer_does_not_go_by_an_older_rule(held: HeldActions, record: str) -> None:
    rule = GateVerdict(goes=False, reason="it needs a call", tell=None, hold=None, goes_unanswered=True)
    assert held.reply(LETTER, record, rule, NOW).until == NOW + USUAL_HOLD
    assert not held.reply(LETTER, record, HOLDS, NOW + 9 * DAY).goes


def test_what_somebody_sends_goes_once(held: HeldActions, record: str) -> None:
    held.reply(LETTER, record, HOLDS, NOW)
    (action,) = held.going_out("")
    called = held.act(action.id, action.version, "anna", "call", NOW)
    assert (called.state, called.person) == ("calling", "anna")
    with pytest.raises(HeldChanged):
        held.act(action.id, action.version, "bert", "send", NOW)
    held.act(action.id, called.version, "anna", "send", NOW)
    reply = held.reply(LETTER, record, HOLDS, NOW)
    assert (reply.goes, reply.reason) == (True, "sent by anna")
    assert not held.reply(LETTER, record, HOLDS, NOW).goes
    with pytest.raises(HeldChanged):
        held.act("nothing", 1, "anna", "send", NOW)


def test_of_two_people_who_answer_at_once_one_is_told_of_the_other(held: HeldActions, record: str) -> None:
    for _ in range(10):
        held.reply(LETTER, record, HOLDS, NOW)
        (action,) = held.going_out("anna")

        def act(person: str, name: str = action.id, version: int = action.version) -> bool:
            try:
                held.act(name, version, person, "hold" if person == "anna" else "send", NOW)
            except HeldChanged:
                return False
            return True

        with ThreadPoolExecutor(2) as threads:
            won = list(threads.map(act, ("anna", "bert")))
        assert sorted(won) == [False, True]
        if won[0]:
            held.act(action.id, action.version + 1, "bert", "send", NOW)
        assert held.reply(LETTER, record, HOLDS, NOW).goes


def test_two_people_hold_all_and_one_is_not_two(held: HeldActions, record: str) -> None:
    assert held.all_held() == "no"
    assert [held.hold_all("anna", NOW) for _ in range(3)] == ["asked", "asked", "asked"]
    assert held.reply(LETTER, record, GOES, NOW).goes
    assert held.hold_all("bert", NOW) == "held"
    assert held.reply(LETTER, record, GOES, NOW).reason == "all actions are held"
    held.lift_all("anna", NOW)
    assert held.reply(LETTER, record, GOES, NOW).goes
    assert held.hold_all("bert", NOW) == "asked"
