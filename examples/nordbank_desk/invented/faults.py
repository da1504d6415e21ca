"""The faults that are planted, one function a kind; each gives what must be said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from .customers import CURRENCIES, WRITERS, move, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from random import Random

    from .customers import Customer, Row


@dataclass(frozen=True)
class Fault:
    """What must be said of one fault."""

    system: str
    """The first system that shows it."""
    states: tuple[str, ...]
    """What may be said of it there."""
    fields: tuple[str, ...] = ()
    """Those that are wrong there; none: the record is not there."""
    root: str | None = None
    """Where it began, where that is another system."""


@dataclass(frozen=True)
class Truth:
    """What was planted in the records of one customer."""

    kind: str
    faults: tuple[Fault, ...] = ()
    not_yet_due: tuple[str, ...] = ()
    """Systems that will get something, and have not."""
    not_known: tuple[str, ...] = ()
    """Systems of which nobody can tell."""
    not_brought: tuple[str, ...] = ()
    """Systems that nothing brings the record to."""
    held: tuple[str, ...] = ()
    """Actions that a gate holds for her."""
    start: str | None = None
    """The system whose record it is, where that is not one of the customer's own."""


def _moved(of: Customer, ago: timedelta, now: datetime) -> dict[str, Row]:
    """She moves, and every system is told. What the systems held before."""
    before = {system: dict(row) for system, row in of.rows.items() if row is not None}
    of.row("crm").update(street=f"Uusi katu {int(of.number) % 97 + 1}", updated_at=now - ago)
    for system in WRITERS:
        write(of, system)
    return before


def stale_address(of: Customer, _: Random, now: datetime) -> Truth:
    """The address changed, and billing kept the old one; it passed that on."""
    before = _moved(of, timedelta(days=9), now)
    of.rows["billing"], of.rows["statements"] = before["billing"], before["statements"]
    return Truth("stale address", (Fault("billing", ("overdue",), ("street",)),))


def stale_loan_address(of: Customer, _: Random, now: datetime) -> Truth:
    """The loan system, which has numbers of its own, kept the old address."""
    before = _moved(of, timedelta(days=9), now)
    of.rows["loans"] = before["loans"]
    return Truth("stale loan address", (Fault("loans", ("overdue",), ("street",)),))


def on_its_way(of: Customer, _: Random, now: datetime) -> Truth:
    """The address changed this morning: the nightly and the weekly run have not been yet."""
    before = _moved(of, timedelta(hours=5), now)
    late = ("billing", "statements", "letters", "loans")
    for system in late:
        of.rows[system] = before[system]
    return Truth("on its way", not_yet_due=late)


def long_user_name(of: Customer, _: Random, now: datetime) -> Truth:
    """The web let in a user name that billing cannot hold: there is no record of her there, nor further on."""
    del now
    of.row("crm")["username"] = f"{of.row('crm')['username']}maximiliane14"[:14].ljust(14, "x")
    write(of, "iam")
    of.rows["billing"] = of.rows["statements"] = None
    return Truth("long user name", (Fault("billing", ("refused",), root="web"),))


def mail_repaired(of: Customer, _: Random, now: datetime) -> Truth:
    """A typing error in the e-mail address was repaired, and the login service was not told."""
    before = of.row("iam") | {"email": of.row("iam")["email"].replace("@", "@@")}
    of.row("crm").update(updated_at=now - timedelta(days=3))
    for system in WRITERS:
        write(of, system)
    of.rows["iam"] = before
    return Truth("mail repaired", (Fault("iam", ("overdue",), ("email",)),))


def mail_arrived(of: Customer, _: Random, now: datetime) -> Truth:
    """A typing error in the e-mail address was repaired, and every system was told."""
    of.row("crm").update(email=f"right.{of.row('crm')['email']}", updated_at=now - timedelta(days=3))
    for system in WRITERS:
        write(of, system)
    return Truth("mail arrived")


def not_in_the_list(of: Customer, _: Random, now: datetime) -> Truth:
    """A web order that the call centre cannot find."""
    del now
    of.orders[f"W{int(of.number):09}"] = "Current account"
    return Truth("not in the list", not_brought=("callcentre",))


def never_arrived(of: Customer, _: Random, now: datetime) -> Truth:
    """The mandate was never made."""
    del now
    of.rows["payments"] = None
    return Truth("never arrived", (Fault("payments", ("overdue",)),))


def no_label(of: Customer, _: Random, now: datetime) -> Truth:
    """There is no label, in a file that does not say when a line changed."""
    del now
    of.rows["letters"] = None
    return Truth("no label", (Fault("letters", ("differs",)),))


def no_account(of: Customer, _: Random, now: datetime) -> Truth:
    """There is no login."""
    del now
    of.rows["iam"] = None
    return Truth("no account", (Fault("iam", ("overdue",)),))


def lost_in_billing(of: Customer, _: Random, now: datetime) -> Truth:
    """Billing lost the record, and so did what it feeds."""
    del now
    of.rows["billing"] = of.rows["statements"] = None
    return Truth("lost in billing", (Fault("billing", ("overdue",)),))


def lost_in_the_middle(of: Customer, _: Random, now: datetime) -> Truth:
    """Billing lost the record after it had passed it on."""
    del now
    of.rows["billing"] = None
    return Truth("lost in the middle", (Fault("billing", ("overdue",)),))


def key_without_zeros(of: Customer, _: Random, now: datetime) -> Truth:
    """The label is there, under a number that its own system never makes."""
    del now
    of.row("letters")["customer_no"] = of.number
    return Truth("key without zeros", (Fault("letters", ("differs",)),))


def cut(of: Customer, _: Random, now: datetime) -> Truth:
    """The address is cut too early."""
    del now
    of.row("letters")["street_line"] = of.row("letters")["street_line"][:-2].rstrip()
    return Truth("cut", (Fault("letters", ("differs",), ("street_line",)),))


def emptied(of: Customer, _: Random, now: datetime) -> Truth:
    """The city is gone in billing."""
    del now
    of.row("billing")["city"] = None
    return Truth("emptied", (Fault("billing", ("differs",), ("city",)),))


def passed_on(of: Customer, _: Random, now: datetime) -> Truth:
    """Somebody wrote another address into billing, and it was passed on."""
    del now
    of.row("billing")["street"] = "Väärä katu 1"
    write(of, "statements")
    return Truth("passed on", (Fault("billing", ("differs",), ("street",)),))


def wrong_at_the_end(of: Customer, _: Random, now: datetime) -> Truth:
    """Billing holds the right address, and the statements another."""
    del now
    of.row("statements")["street"] = "Väärä katu 1"
    return Truth("wrong at the end", (Fault("statements", ("differs",), ("street",)),))


def turned_name(of: Customer, _: Random, now: datetime) -> Truth:
    """The last name stands first, in billing and in what it feeds."""
    del now
    person = of.row("crm")
    of.row("billing")["full_name"] = f"{person['last_name']} {person['first_name']}"
    write(of, "statements")
    return Truth("turned name", (Fault("billing", ("differs",), ("full_name",)),))


def garbled(of: Customer, _: Random, now: datetime) -> Truth:
    """UTF-8 was read as Latin-1."""
    del now
    of.row("statements")["name"] = f"{of.row('statements')['name']} Ä".encode().decode("latin-1")
    return Truth("garbled", (Fault("statements", ("differs",), ("name",)),))


def other_case(of: Customer, _: Random, now: datetime) -> Truth:
    """The login service changed the case of a user name."""
    del now
    of.row("iam")["user_id"] = of.row("iam")["user_id"].upper()
    return Truth("other case", (Fault("iam", ("differs",), ("user_id",)),))


def wrong_currency(of: Customer, _: Random, now: datetime) -> Truth:
    """The currency of another country."""
    del now
    own = of.row("payments")["currency"]
    of.row("payments")["currency"] = next(other for other in CURRENCIES.values() if other != own)
    return Truth("wrong currency", (Fault("payments", ("differs",), ("currency",)),))


def step_left_out(of: Customer, _: Random, now: datetime) -> Truth:
    """The blanks of an IBAN were not removed."""
    del now
    of.row("payments")["iban"] = of.row("crm")["iban"]
    return Truth("step left out", (Fault("payments", ("differs",), ("iban",)),))


def hundredfold(of: Customer, _: Random, now: datetime) -> Truth:
    """The decimal point is at the wrong place."""
    del now
    limit = of.row("billing")["credit_limit"]
    of.row("billing")["credit_limit"] = limit / 100 if limit >= 1000 else limit * 100
    of.row("billing")["credit_limit"] = of.row("billing")["credit_limit"].quantize(Decimal("0.01"))
    return Truth("hundredfold", (Fault("billing", ("differs",), ("credit_limit",)),))


def lost_day(of: Customer, _: Random, now: datetime) -> Truth:
    """A date went through a zone, and lost a day."""
    del now
    of.row("loans")["birth_date"] -= timedelta(days=1)
    return Truth("lost day", (Fault("loans", ("differs",), ("birth_date",)),))


def turned_consent(of: Customer, _: Random, now: datetime) -> Truth:
    """Whoever must not be written to is written to, and the other way round."""
    del now
    of.row("marketing")["consent"] = not of.row("marketing")["consent"]
    return Truth("turned consent", (Fault("marketing", ("differs",), ("consent",)),))


def neighbour(of: Customer, _: Random, now: datetime) -> Truth:
    """The label of somebody else, under her number."""
    del now
    of.row("letters").update(name_line="Somebody Else", street_line="Naapurikatu 2")
    return Truth("neighbour", (Fault("letters", ("differs",), ("name_line", "street_line")),))


def two_faults(of: Customer, random: Random, now: datetime) -> Truth:
    """Two things at once, which have nothing to do with each other."""
    first, second = stale_address(of, random, now), wrong_currency(of, random, now)
    return Truth("two faults", (*first.faults, *second.faults))


def twice_there(of: Customer, _: Random, now: datetime) -> Truth:
    """Two labels under one number: which of them is meant, nobody knows."""
    del now
    of.again.append("letters")
    return Truth("twice there", not_known=("letters",))


def moved_the_wrong_way(of: Customer, _: Random, now: datetime) -> Truth:
    """Two weeks later was asked for, and the robot moved the instalment two weeks earlier."""
    due = now.date() + timedelta(days=20)
    of.moves.append(move(of.number, due, due - timedelta(days=14)))
    return Truth("moved the wrong way", (Fault("instalments", ("differs",), ("due_date",)),), start="netbank")


def moved_a_week(of: Customer, _: Random, now: datetime) -> Truth:
    """Two weeks later was asked for, and it was moved one week: what was asked counts."""
    due = now.date() + timedelta(days=20)
    of.moves.append(move(of.number, due, due + timedelta(days=7)))
    return Truth("moved a week", (Fault("instalments", ("differs",), ("due_date",)),), start="netbank")


def moved(of: Customer, _: Random, now: datetime) -> Truth:
    """Two weeks later was asked for, and done."""
    due = now.date() + timedelta(days=20)
    of.moves.append(move(of.number, due, due + timedelta(days=14)))
    return Truth("moved", start="netbank")


def handler_not_told(of: Customer, _: Random, now: datetime) -> Truth:
    """A good customer, to whom a letter is about to go, and whose handler does not know."""
    del now
    of.row("crm").update(customer_since=date(2011, 3, 1), handler_told=False)
    return Truth("handler not told", held=("letters.dunning",))


def handler_not_told_of_a_new_one(of: Customer, _: Random, now: datetime) -> Truth:
    """Of a new customer nobody is told first: not every letter is held."""
    del now
    of.row("crm").update(customer_since=date(2024, 3, 1), handler_told=False)
    return Truth("new, and handler not told")


KINDS: tuple[Callable[[Customer, Random, datetime], Truth], ...] = (
    *(stale_address, stale_loan_address, on_its_way, long_user_name, mail_repaired, mail_arrived, not_in_the_list),
    *(never_arrived, no_label, no_account, lost_in_billing, lost_in_the_middle, key_without_zeros),
    *(cut, emptied, passed_on, wrong_at_the_end, turned_name, garbled, other_case, wrong_currency, step_left_out),
    *(hundredfold, lost_day, turned_consent, neighbour, two_faults, twice_there),
    *(moved_the_wrong_way, moved_a_week, moved),
)
ACTIONS: tuple[Callable[[Customer, Random, datetime], Truth], ...] = (handler_not_told, handler_not_told_of_a_new_one)
"""What is no fault of a record, and holds, or does not hold, what is about to be done."""
