"""Cases in a real SQLite and a real PostgreSQL: nobody's words are lost, and nothing is called well unseen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from fieldline.cases.case import CaseFacts
from fieldline.cases.incoming import IncomingEvent, IncomingEvents
from fieldline.cases.records import RecordNames
from fieldline.cases.store import CaseChanged, CaseStore, NoSuchCase, TeamTime, currencies_of
from fieldline.checker.diff.stored_rows import Unreadable

if TYPE_CHECKING:
    from fieldline.cases.case import SupportCase
    from fieldline.cases.incoming import IncomingKind
    from fieldline.rows.durable import OwnDatabase

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FACTS = CaseFacts("refused web.signup billing.customer.username", {"kind": "refused"}, "web-support", 4 * HOUR)
LOANS = TeamTime("loan-desk", timedelta(days=2), None, NOW + timedelta(days=2))


@pytest.fixture
def store(database: OwnDatabase) -> CaseStore:
    return CaseStore(database)


@pytest.fixture
def names(database: OwnDatabase) -> RecordNames:
    return RecordNames(database)


def opened(store: CaseStore, names: RecordNames, customer: str = "24170093", facts: CaseFacts = FACTS) -> SupportCase:
    record = names.name("crm.person", {"customer_no": customer}, NOW)
    return store.open(facts, record, "anna", NOW, NOW + 4 * HOUR)


def test_a_record_has_one_opaque_name(names: RecordNames) -> None:
    name = names.name("crm.person", {"customer_no": "24170093"}, NOW)
    assert names.name("crm.person", {"customer_no": "24170093"}, NOW) == name
    assert "24170093" not in name
    assert names.record(name) == ("crm.person", {"customer_no": "24170093"})
    assert names.record("nothing") is None
    assert names.name("crm.person", {"customer_no": "24170094"}, NOW) != name


def test_a_case_is_opened_once_and_its_history_begins_with_it(store: CaseStore, names: RecordNames) -> None:
    case = opened(store, names)
    assert (case.state, case.facts, case.promised, case.version) == ("waiting", FACTS, NOW + 4 * HOUR, 1)
    assert opened(store, names).number == case.number
    assert [line.act for line in store.history(case.number)] == ["opened", "joined"]
    with pytest.raises(NoSuchCase):
        store.case(999)


def test_two_agents_one_case_and_nobodys_words_are_lost(store: CaseStore, names: RecordNames) -> None:
    case = opened(store, names)
    taken = store.take(case.number, case.version, "anna", NOW)
    with pytest.raises(CaseChanged) as changed:
        store.hand_over(case.number, case.version, "bert", NOW, LOANS, "it is theirs")
    assert changed.value.case == taken
    store.note(case.number, "bert", NOW, "it is theirs")
    assert store.case(case.number) == taken
    assert [(line.act, line.by, line.text) for line in store.history(case.number)] == [
        ("opened", "anna", ""),
        ("taken", "anna", ""),
        ("note", "bert", "it is theirs"),
    ]


def test_of_many_at_once_one_wins_and_every_note_stays(store: CaseStore, names: RecordNames) -> None:
    case = opened(store, names)

    def act(number: int) -> bool:
        store.note(case.number, f"agent {number}", NOW, f"note {number}")
        try:
            store.take(case.number, case.version, f"agent {number}", NOW)
        except CaseChanged:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        won = list(threads.map(act, range(16)))
    assert sum(won) == 1
    lines = store.history(case.number)
    assert {line.text for line in lines if line.act == "note"} == {f"note {number}" for number in range(16)}
    assert store.case(case.number).person == f"agent {won.index(True)}"


def test_people_who_see_the_same_fault_at_once_open_one_case(store: CaseStore, names: RecordNames) -> None:
    with ThreadPoolExecutor(8) as threads:
        numbers = {case.number for case in threads.map(lambda _: opened(store, names), range(8))}
    assert len(numbers) == 1


def test_a_hand_over_brings_the_new_teams_time_and_may_be_given_back(store: CaseStore, names: RecordNames) -> None:
    case = opened(store, names)
    assert store.team_before(case.number) is None
    case = store.take(case.number, case.version, "anna", NOW)
    case = store.hand_over(case.number, case.version, "anna", NOW, LOANS, "the loan system keeps it")
    assert (case.facts.team, case.person, case.state) == ("loan-desk", None, "waiting")
    assert (case.promised, case.facts.usual) == (NOW + timedelta(days=2), timedelta(days=2))
    assert store.team_before(case.number) == "web-support"
    back = TeamTime("web-support", 4 * HOUR, None, NOW + 5 * HOUR)
    case = store.hand_over(case.number, case.version, "olga", NOW, back, "not ours", is_back=True)
    assert (case.facts.team, case.promised) == ("web-support", NOW + 5 * HOUR)
    line = store.history(case.number)[-1]
    assert (line.act, line.text, line.about) == ("given back", "not ours", {"from": "loan-desk", "to": "web-support"})


def test_only_a_second_look_closes_a_case_and_a_closed_one_is_not_changed(store: CaseStore, names: RecordNames) -> None:
    case = opened(store, names)
    case = store.looked_again(case.number, case.version, "anna", NOW, "still")
    assert case.is_open
    case = store.looked_again(case.number, case.version, "anna", NOW + HOUR, "arriving")
    assert (case.state, case.is_open) == ("arriving", True)
    case = store.looked_again(case.number, case.version, "anna", NOW + 2 * HOUR, "well")
    assert (case.state, case.closed) == ("closed", NOW + 2 * HOUR)
    with pytest.raises(CaseChanged):
        store.take(case.number, case.version, "bert", NOW)
    assert store.measured(FACTS.fault) == 2 * HOUR
    assert opened(store, names).number != case.number


def test_the_second_record_makes_a_known_fault_which_ends_with_the_last(store: CaseStore, names: RecordNames) -> None:
    first, second = opened(store, names), opened(store, names, "24170094")
    other = opened(store, names, "24170095", CaseFacts("another fault", {}, "web-support"))
    parent = store.case(first.number).parent
    assert parent is not None
    assert (second.parent, other.parent) == (parent, None)
    assert {case.number for case in store.collected(parent)} == {first.number, second.number}
    assert store.sharing(FACTS.fault, but=first.number)[:2] == (1, 1)
    harms = store.by_harm(NOW + HOUR)
    assert [(harm.case.number, harm.records, harm.still_open, harm.days) for harm in harms] == [
        (parent, 2, 2, 2 * HOUR),
        (other.number, 1, 1, HOUR),
    ]
    for number in (first.number, second.number):
        assert store.case(parent).is_open
        store.looked_again(number, store.case(number).version, "anna", NOW + HOUR, "well")
    assert not store.case(parent).is_open


def test_a_broken_promise_comes_first_and_is_told_once(store: CaseStore, names: RecordNames) -> None:
    case, other = opened(store, names), opened(store, names, "24170094", CaseFacts("other", {}, "web-support"))
    other = store.tell(other.number, other.version, "anna", NOW, "fi", "Soitamme klo 12.", NOW + HOUR)
    assert (other.told, other.told_language, other.next_word) == (NOW, "fi", NOW + HOUR)
    later = NOW + 2 * HOUR
    assert [each.number for each in store.on_desk("anna", ["web-support"], later)] == [other.number, case.number]
    assert store.on_desk("bert", ["loan-desk"], later) == ()
    assert len(store.on_desk("bert", ["web-support"], later)) == len(store.on_desk("anna", [], later)) == 2
    assert [each.number for each in store.break_promises(later)] == [other.number]
    assert store.break_promises(later) == ()
    other = store.tell(other.number, other.version, "anna", later, "fi", "Anteeksi.", later + HOUR)
    assert [each.number for each in store.break_promises(later + 3 * HOUR)] == [case.number, other.number]


def test_a_new_promise_does_not_break_the_one_before_again(store: CaseStore, names: RecordNames) -> None:
    case = opened(store, names)
    promised = case.promised or NOW
    late = promised + HOUR
    (broken,) = store.break_promises(late)
    assert broken.number == case.number
    told = store.tell(case.number, case.version, "anna", late, "fi", "Soitamme.", late + HOUR)
    assert store.break_promises(late) == ()
    assert [each.number for each in store.break_promises(late + 2 * HOUR)] == [told.number]
    assert store.break_promises(late + 3 * HOUR) == ()


def test_what_is_broken_is_on_the_desk_however_many_cases_nobody_promised_anything_of(
    store: CaseStore, names: RecordNames
) -> None:
    for number in range(201):
        record = names.name("crm.person", {"customer_no": f"{number}"}, NOW)
        store.open(CaseFacts(f"fault {number}", {}, "web-support"), record, "anna", NOW, None)
    case = opened(store, names, "24170094", CaseFacts("other", {}, "web-support"))
    late = (case.promised or NOW) + HOUR
    assert store.on_desk("anna", [], late)[0].number == case.number


def test_the_database_itself_refuses_to_change_the_history(
    store: CaseStore, names: RecordNames, database: OwnDatabase
) -> None:
    case = opened(store, names)
    with pytest.raises(Unreadable), database.transaction() as connection:
        connection.execute(text("update fieldline_case_history set text = 'other words'"))
    assert store.history(case.number)[0].text == ""


def told(name: str, kind: IncomingKind, hours: int, event: str, **more: Any) -> IncomingEvent:  # noqa: ANN401 - of one dataclass
    return IncomingEvent("https://chat.example", event, NOW + hours * HOUR, kind, name, **more)


def test_a_case_begins_with_what_was_told_before_anybody_opened_it(
    store: CaseStore, names: RecordNames, database: OwnDatabase
) -> None:
    name, incoming = names.name("crm.person", {"customer_no": "24170093"}, NOW), IncomingEvents(database)
    refused = told(name, "attempt", -3, "1", about={"fields": ["username"]})
    promise = NOW + 2 * HOUR
    chat = told(name, "contact", -2, "2", text="I cannot sign in", answer_by=promise)
    assert store.hear(refused, NOW)
    assert store.hear(chat, NOW)
    assert not store.hear(chat, NOW), "the same event twice is one"
    assert [event.event for event in incoming.waiting()] == ["2"]
    assert incoming.of_record(name) == (chat, refused)
    case = opened(store, names)
    assert (case.began, case.opened, case.next_word) == (NOW - 3 * HOUR, NOW, promise)
    assert [(line.act, line.text) for line in store.history(case.number)] == [
        ("attempt", ""),
        ("contact", "I cannot sign in"),
        ("opened", ""),
    ]
    assert incoming.waiting() == ()
    call = told(name, "contact", 0, "3", answer_by=NOW + HOUR)
    assert store.hear(call, NOW)
    joined = store.case(case.number)
    assert (joined.next_word, joined.version) == (NOW + HOUR, case.version + 1)
    assert incoming.waiting() == ()
    store.looked_again(case.number, joined.version, "anna", NOW + HOUR, "well")
    assert store.measured(FACTS.fault) == 4 * HOUR, "from the first word, not from the click"
    again = opened(store, names)
    assert [line.act for line in store.history(again.number)] == ["opened"], "what was told belongs to the first case"


def test_what_was_missed_is_said_when_it_is_well_and_goes_out_once(store: CaseStore, names: RecordNames) -> None:
    about = {"missed": {"letters.invoice": {"en": "Invoice"}}, "money": {"EUR": "1200.50"}}
    case = opened(store, names, facts=CaseFacts("emptied", about, "billing-dba"))
    (harm,) = store.by_harm(NOW)
    assert (harm.records, harm.money) == (1, {"EUR": Decimal("1200.50")})
    case = store.looked_again(case.number, case.version, "anna", NOW, "well")
    assert store.history(case.number)[-1].about == {"seen": "well", "missed": ["letters.invoice"]}
    for _ in range(2):
        store.send_again(case.number, "anna", NOW, "letters.invoice")
    assert [line.act for line in store.history(case.number)] == ["opened", "closed", "send again"]


def test_faults_are_ranked_by_what_is_asked(store: CaseStore, names: RecordNames) -> None:
    for customer, fault, money in (("1", "many", "1"), ("2", "many", "1"), ("3", "dear", "5000")):
        opened(store, names, customer, CaseFacts(fault, {"money": {"EUR": money}}, "team"))
    assert [harm.case.facts.fault for harm in store.by_harm(NOW)] == ["many", "dear"]
    assert [harm.case.facts.fault for harm in store.by_harm(NOW, "money")] == ["dear", "many"]


def test_amounts_of_two_currencies_are_not_added(store: CaseStore, names: RecordNames) -> None:
    of = {"krona": {"SEK": "900"}, "euro": {"EUR": "100"}, "both": {"EUR": "90", "SEK": "1000"}, "none": {}}
    for place, (fault, money) in enumerate(of.items()):
        opened(store, names, str(place), CaseFacts(fault, {"money": money}, "team"))
    ranked = {
        currency: [harm.case.facts.fault for harm in store.by_harm(NOW, "money", currency)]
        for currency in ("EUR", "SEK")
    }
    assert ranked == {"EUR": ["euro", "both", "krona", "none"], "SEK": ["both", "krona", "euro", "none"]}
    assert store.by_harm(NOW, "money") == store.by_harm(NOW, "money", "EUR"), "as many faults have either"
    assert currencies_of(store.by_harm(NOW)) == ("EUR", "SEK")
