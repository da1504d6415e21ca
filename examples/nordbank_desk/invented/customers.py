"""Customers, as each system holds them when nothing is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

FIRST = ["Anna", "Maija", "Åsa", "Jörgen", "Olav", "Kirsten", "Väinö", "Bjørn", "Søren", "Liisa", "Erik", "Aino"]
LAST = ["Virtanen", "Öberg", "Hansen", "Mäkinen", "Nygård", "Sørensen", "Korhonen", "Lindqvist", "Aaltonen", "Dahl"]
STREETS = ["Kotikatu", "Storgatan", "Nørregade", "Kirkeveien", "Mannerheimintie", "Övre Slottsgatan", "Vesterbrogade"]
CITIES = {"FI": "Jyväskylä", "SE": "Malmö", "NO": "Tromsø", "DK": "Århus"}
CURRENCIES = {"FI": "EUR", "SE": "SEK", "NO": "NOK", "DK": "DKK"}
HANDLERS = ["O. Berg", "L. Nieminen", "S. Holm"]
FIRST_NUMBER = 24_000_000

Row = dict[str, Any]


@dataclass
class Customer:
    """One customer, as each system holds her; None: that system has no record of her."""

    number: str
    rows: dict[str, Row | None] = field(default_factory=dict)
    again: list[str] = field(default_factory=list)
    """Systems that hold a second record under the same key."""
    orders: dict[str, str] = field(default_factory=dict)
    """By number, her web orders, each with its product."""
    moves: list[Row] = field(default_factory=list)
    """The instalments that she asked to move, each as the net bank and the instalments hold it."""

    def row(self, system: str) -> Row:
        """What a system holds. Raises LookupError where it has no record of her."""
        row = self.rows[system]
        if row is None:
            raise LookupError(system)
        return row


def customer(place: int, random: Random, now: datetime) -> Customer:
    """A customer whose records are right everywhere."""
    first, last, country = random.choice(FIRST), random.choice(LAST), random.choice(list(CITIES))
    number = f"{FIRST_NUMBER + place * 7}"
    name = f"u{place:x}"
    # As people write one: in groups of four.
    iban = (
        f"{country}{random.randrange(10, 99)} {random.randrange(1000, 9999)} {random.randrange(1000, 9999)} {place:06}"
    )
    person: Row = {
        "customer_no": number,
        "username": name,
        "first_name": first,
        "last_name": last,
        "email": f"{name}@post.example",
        "country": country,
        "street": f"{random.choice(STREETS)} {random.randrange(1, 300)} {random.choice('ABCDEF')} {random.randrange(99)}",
        "city": CITIES[country],
        "iban": iban,
        "credit_limit": Decimal(random.randrange(100, 9_000_000)) / 100,
        "birth_date": date(1940, 1, 1) + timedelta(days=random.randrange(24_000)),
        "consent": random.random() < 0.5,
        "customer_since": date(2004, 1, 1) + timedelta(days=place * 97 % 8_000),
        "handler": HANDLERS[place % len(HANDLERS)],
        "handler_told": True,
        "updated_at": now - timedelta(days=random.randrange(40, 900), minutes=random.randrange(1440)),
    }
    made = Customer(number, {"crm": person})
    for system in WRITERS:
        write(made, system)
    return made


def move(number: str, due: date, done: date) -> Row:
    """An instalment that was to be moved two weeks later. `done`: what the robot made of it."""
    asked = due + timedelta(days=14)
    loan = f"{(int(number) - FIRST_NUMBER) // 7 + 100_000:06}"
    return {
        "loan_no": loan,
        "customer_no": number,
        "old_due": due,
        "new_due": asked,
        "due_date": done,
        "amount": Decimal(480),
    }


def write(of: Customer, system: str, hours: float = 3) -> None:
    """The job that brings the record to a system runs, some hours after the record changed."""
    source = of.rows[SOURCES.get(system, "crm")]
    moment = of.row("crm")["updated_at"] + timedelta(hours=hours)
    of.rows[system] = None if source is None else WRITERS[system](source, moment)


def _iam(person: Row, moment: datetime) -> Row:
    return {
        "customer_no": person["customer_no"],
        "user_id": person["username"],
        "email": person["email"],
        "changed_at": moment,
    }


def _billing(person: Row, moment: datetime) -> Row:
    return {
        "customer_ref": f"C-{person['customer_no']}",
        "username": person["username"].upper(),
        "full_name": f"{person['first_name']} {person['last_name']}",
        "street": person["street"],
        "city": person["city"],
        "credit_limit": person["credit_limit"],
        "updated_at": moment,
    }


def _statements(customer_master: Row, moment: datetime) -> Row:
    return {
        "customer_ref": customer_master["customer_ref"],
        "name": customer_master["full_name"],
        "street": customer_master["street"],
        "changed_at": moment,
    }


def _letters(person: Row, _: datetime) -> Row:
    return {
        "customer_no": person["customer_no"].rjust(10, "0"),
        "name_line": f"{person['first_name']} {person['last_name']}"[:35],
        "street_line": person["street"][:35],
    }


def _payments(person: Row, moment: datetime) -> Row:
    return {
        "customer_no": person["customer_no"],
        "iban": person["iban"].replace(" ", ""),
        "currency": CURRENCIES[person["country"]],
        "changed_at": moment,
    }


def _loans(person: Row, moment: datetime) -> Row:
    return {
        "loan_id": f"L{int(person['customer_no']) * 3 % 99_999_989:08}",
        "street": person["street"],
        "birth_date": person["birth_date"],
        "changed_on": (moment + timedelta(days=1)).date(),
    }


def _marketing(person: Row, _: datetime) -> Row:
    return {"customer_no": person["customer_no"], "email": person["email"], "consent": person["consent"]}


WRITERS: Mapping[str, Callable[[Row, datetime], Row]] = {
    "iam": _iam,
    "billing": _billing,
    "statements": _statements,
    "letters": _letters,
    "payments": _payments,
    "loans": _loans,
    "marketing": _marketing,
}
SOURCES = {"statements": "billing"}
"""The system that feeds another, where that is not the customer register."""
