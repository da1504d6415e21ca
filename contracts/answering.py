"""The keys `owner`, `repair` and `impact`: who answers for a value, who puts it right, and what it means until then."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..documents.local_text import LocalTextShape
from ..documents.problem import nearest, shorten
from ..documents.shape import BOOLEAN, DURATION, TEXT, Key, Keyed, ListOf, Named, TextMap
from .model import Impact, Owner, Repair

if TYPE_CHECKING:
    from collections.abc import Collection

    from ..documents.problem import Problems
    from ..documents.shape import ShapedRecord

TEAM = Key("team", TEXT, "The team that answers for it.", required=True)
CONTACT = Key("contact", TEXT, "How the team is reached: an address, a number, a channel.")
OWNER = Key(
    "owner",
    Keyed("owner", "Who answers for it.", (TEAM, CONTACT)),
    "Who answers for it; what stands further in overrides what stands further out.",
)

BY = Key("by", ListOf(TEXT, least=1, single=True), "Who may repair a value that went wrong.")
TYPICALLY = Key("typically", DURATION, "How long a repair usually takes, as an ISO 8601 duration.")
HOURS = Key("hours", TEXT, "When they work, in words or by the name of a calendar: the usual time is of these hours.")
CHANNEL = Key("channel", TEXT, "Where to ask for a repair.")
URL = Key(
    "url",
    TEXT,
    "The page on which a record is repaired, with fields in braces: https://crm.example/{customer_no}.",
)
ROLES = Key("roles", ListOf(TEXT, least=1, single=True), "The roles that may open that page, such as support.")
REPAIR = Key(
    "repair",
    Keyed("repair", "How a value that went wrong is repaired.", (BY, TYPICALLY, HOURS, CHANNEL, URL, ROLES)),
    "Who may repair it and how fast; what stands further in overrides what stands further out.",
)
CRITICAL = Key("critical", BOOLEAN, "Whether it cannot wait; false when left out.")
IMPACT_TEXT = Key(
    "text",
    LocalTextShape(),
    "What a wrong value means until it is repaired: one text for all, or one for each language.",
    required=True,
)
MISSED = Key(
    "missed",
    Named(LocalTextShape(), "action", TEXT),
    "What is not sent until it is repaired, and may go out again then: the action that sends it, and its name for people.",
)
MONEY = Key(
    "money",
    TextMap(),
    "The money at stake: fields of the same system, each with its currency by ISO 4217: {open_amount: EUR}.",
)
IMPACT = Key(
    "impact",
    Keyed(
        "impact",
        "What a wrong value here means for the customer and the business.",
        (CRITICAL, IMPACT_TEXT, MISSED, MONEY),
    ),
    "What a wrong value here means; what stands further in overrides what stands further out.",
)
_CURRENCY = re.compile("[A-Z]{3}")
_FIELD = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers for a field, an entity or a system."""

    owner: Owner | None = None
    repair: Repair | None = None
    impact: Impact | None = None


def read_answering(record: ShapedRecord, outer: Answering, fields: Collection[str], problems: Problems) -> Answering:
    """The record's own, or else those further out. `fields`: the names of all fields of the system."""
    return Answering(
        _owner(record, outer.owner),
        _repair(record, outer.repair, fields, problems),
        _impact(record, outer.impact, fields, problems),
    )


def _owner(record: ShapedRecord, outer: Owner | None) -> Owner | None:
    written = record.get(OWNER)
    team = None if written is None else written.get(TEAM)
    return outer if written is None or team is None else Owner(team, written.get(CONTACT))


def _repair(record: ShapedRecord, outer: Repair | None, fields: Collection[str], problems: Problems) -> Repair | None:
    written = record.get(REPAIR)
    if written is None:
        return outer
    url = written.get(URL)
    if url is not None and not re.fullmatch(r"https?://[^\s{}]+(?:\{[^{}\s]+\}[^\s{}]*)*", url):
        expected = "an address such as https://crm.example/{customer_no}"
        problems.add(
            written.where(URL.name), f"{shorten(url)} is not an address", expected=expected, length=len(URL.name)
        )
        url = None
    for name in _FIELD.findall(url or ""):
        if name not in fields:
            message = f"url names {shorten(name)}, which is no field of this system"
            guess = nearest(name, tuple(fields))
            problems.add(written.where(URL.name), message, suggestion=guess, length=len(URL.name))
    return Repair(
        written.get(BY) or (),
        written.get(TYPICALLY),
        written.get(CHANNEL),
        written.get(HOURS),
        url,
        written.get(ROLES) or (),
    )


def _impact(record: ShapedRecord, outer: Impact | None, fields: Collection[str], problems: Problems) -> Impact | None:
    written = record.get(IMPACT)
    text = None if written is None else written.get(IMPACT_TEXT)
    if written is None or text is None:
        return outer
    money = written.get(MONEY) or {}
    for name, currency in money.items():
        if name not in fields:
            message = f"money names {shorten(name)}, which is no field of this system"
            guess = nearest(name, tuple(fields))
            problems.add(written.where(MONEY.name), message, suggestion=guess, length=len(MONEY.name))
        elif not _CURRENCY.fullmatch(currency):
            message = f"{shorten(currency)} is no currency"
            expected = "three letters of ISO 4217, such as EUR"
            problems.add(written.where(MONEY.name), message, expected=expected, length=len(MONEY.name))
    missed = tuple((node.value, title) for node, title in written.get(MISSED) or ())
    return Impact(text, written.get(CRITICAL) is True, missed, tuple(money.items()))
