"""The words of the desk's pages, in one language."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from .phrase import Phrase, shown
from .speech import value_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from ..values.valueset import Value
    from .speech import Speech

_PLAIN_BLANKS = {0xA0: " ", 0x202F: " "}
_NEAR = timedelta(days=150)
"""So far from a moment a day is the only one of its number and month."""


def page_words(speech: Speech) -> Mapping[str, Phrase]:
    """Headings, labels and buttons, by short names."""
    say = speech.say
    return {
        "desk": say("Desk"),
        "estate": say("All systems"),
        "faults": say("Known faults"),
        "signed_out": say("You are signed out."),
        "sign_in": say("Sign in"),
        "sign_out": say("Sign out"),
        "skip": say("Skip to the content"),
        "language": say("Language"),
        "change": say("Change"),
        "who": say("Who is calling?"),
        "search": say("Search"),
        "found_several": say("Several records fit. Which one is meant?"),
        "found_none": say("No record was found."),
        "looked_in": say("We looked here:"),
        "no_answer": say("Did not answer:"),
        "my_cases": say("My cases"),
        "no_cases": say("You have no open case."),
        "broken": say("Promise broken"),
        "promised": say("Promised"),
        "next_word": say("The customer hears again"),
        "nobody_says": say("Nobody says how long it takes."),
        "no_moment": say("No moment can be named: when the team works is not known."),
        "as_expected": say("As expected"),
        "going_out": say("Going out soon"),
        "asks_again": say("Asks again"),
        "goes_then": say("Goes then, if nobody answers"),
        "held_then": say("Is held then, if nobody answers"),
        "hold": say("Hold"),
        "call": say("I call the customer"),
        "send": say("Send it"),
        "is_held": say("held"),
        "is_calling": say("the customer is being called"),
        "hold_all": say("Hold all"),
        "hold_all_asked": say("Somebody asks to hold all. A second person has to agree."),
        "agree_hold_all": say("I agree: hold all"),
        "all_held": say("Nothing goes out: two people hold all."),
        "lift_all": say("Let things go again"),
        "answered_meanwhile": say("Somebody else answered meanwhile, or it has gone. Look again."),
        "record": say("Record"),
        "customer_language": say("The customer's language"),
        "nothing_wrong": say("Everything is as it should be, in every system that was read."),
        "not_everywhere": say("What it holds is right, but it does not reach every list."),
        "under_way": say("Still under way"),
        "not_found": say("This record is in no system that was read."),
        "not_certain": say("No fault was found. But something is not known; see below."),
        "do": say("Do"),
        "when": say("When"),
        "say": say("Say"),
        "copy_text": say("Copy"),
        "copied": say("Copied"),
        "urgent": say("Urgent"),
        "instead": say("Every system accepts:"),
        "repair_page": say("Open the page on which it is repaired"),
        "masked": say("Values are hidden."),
        "why_open": say("Why do you need to see them?"),
        "open": say("Show the values"),
        "opened": say("Values are shown. That you saw them is written down, with the reason."),
        "hidden": say("hidden"),
        "same": say("the same"),
        "nothing": say("nothing"),
        "begins": say("it begins here"),
        "system": say("System"),
        "state": say("State"),
        "expected": say("Expected"),
        "held": say("Held"),
        "brought_by": say("Brought by"),
        "where": say("In every system"),
        "also": say("Also good to know"),
        "not_brought": say("It is not there, because nothing brings it there:"),
        "not_known": say("Not known:"),
        "attempts": say("What the customer tried"),
        "others": say("Others with the same fault"),
        "expert": say("For the expert"),
        "open_case": say("Hand it over to the team"),
        "case_of_fault": say("Open case"),
        "case": say("Case"),
        "cases": say("Cases"),
        "known_fault": say("Known fault"),
        "team": say("Team"),
        "person": say("Taken by"),
        "nobody": say("nobody yet"),
        "opened_at": say("Since"),
        "told": say("The customer was told"),
        "not_told": say("not yet"),
        "measured": say("Measured on closed cases, the median"),
        "usual": say("As the team says"),
        "take": say("I take it"),
        "look": say("Repaired, look again"),
        "give_back": say("Back, because …"),
        "hand_over": say("Hand over"),
        "hand_over_to": say("To which team?"),
        "reason": say("Reason"),
        "tell": say("Tell the customer"),
        "told_text": say("What was said"),
        "next_word_at": say("When does the customer hear again?"),
        "note": say("Add a note"),
        "text": say("Text"),
        "history": say("History"),
        "collected": say("Records with this fault"),
        "changed_meanwhile": say(
            "Somebody else changed this case meanwhile. Nothing of yours is lost: look, and send it again."
        ),
        "closed_case": say("This case is closed. The systems were read again, and all is well."),
        "customers": say("Customers"),
        "still_open": say("Still open"),
        "days": say("Days open in total"),
        "export": say("Save as CSV"),
        "lookups": say("Who looked at whom"),
        "no_faults": say("No fault is known."),
        "other_site": say("This was sent by a page of another site."),
        "signed_out_meanwhile": say("You were signed out meanwhile. Sign in again."),
        "typed": say("What you wrote is still here. Copy it before you go on."),
        "soon": say("soon"),
        "wrong_way": say("This is not asked in this way."),
        "no_problem": say("There is no problem."),
        "may_not": say("You may not do this. Ask an administrator."),
        "try_again": say("It was not done. Go back and try again."),
        "no_such": say("There is no such page."),
        "unavailable": say("The desk cannot answer at the moment. Nothing was changed."),
        "too_many": say("Too many searches. Wait a minute."),
        "lineage": say("Lineage"),
        "by_link": say("Open the link that the server has printed where it was started. It is good once."),
        "by_proxy": say(
            "The proxy in front of the desk signs you in. It has not said who you are, or you have no role here."
        ),
        "link_used": say("This link was opened before, or is not one of this desk."),
        "not_signed_in": say("You were not signed in. Try again."),
        "no_role": say("You have no role here. Ask an administrator."),
        "came_in": say("Came in, and nobody has looked yet"),
        "answer_by": say("An answer was promised"),
        "before": say("What happened before"),
        "not_your_team": say("Another team has this case. You may add a note, or tell the customer."),
        "not_your_values": say("Your team may not see values of any system."),
        "some_values": say("You see the values of your team's systems."),
        "missed": say("Not sent meanwhile"),
        "send_again": say("Send it again"),
        "asked_again": say("asked to be sent again"),
        "was_sent": say("sent"),
        "mail": say("E-mail to the customer"),
        "subject": say("Subject"),
        "money": say("Money at stake"),
        "order": say("Rank by"),
        "finding": say("Found by the check"),
        "trial": say("This desk is open for a trial: whoever has the link is signed in."),
    }


def act_words(speech: Speech, act: str, about: Mapping[str, str]) -> Phrase:
    """What was done, as a line of a history."""
    match act:
        case "opened" if "team" in about:
            return speech.say("Opened, and handed to {team}", team=shown(about["team"]))
        case "opened":
            return speech.say("Opened: several records share this fault")
        case "joined" if "case" in about:
            return speech.say("Joined by case {case}", case=shown(about["case"]))
        case "joined":
            return speech.say("Seen once more")
        case "taken":
            return speech.say("Taken")
        case "handed over":
            return speech.say("Handed over: {before} → {after}", before=shown(about["from"]), after=shown(about["to"]))
        case "given back":
            return speech.say("Given back: {before} → {after}", before=shown(about["from"]), after=shown(about["to"]))
        case "told":
            return speech.say("The customer was told")
        case "looked again":
            return speech.say("The systems were read again: it is not well yet")
        case "arriving":
            return speech.say("The systems were read again: it is repaired, and still under way")
        case "closed":
            return speech.say("The systems were read again: all is well")
        case "promise broken":
            return speech.say("The promise was broken")
        case "send again":
            return speech.say("Asked to be sent again: {action}", action=shown(about["action"]))
        case "contact" | "attempt" | "arrival" | "letter" | "sent":
            return incoming_words(speech, act, about)
        case _:
            return speech.say("Note")


def incoming_words(speech: Speech, kind: str, about: Mapping[str, str]) -> Phrase:
    """What another system told of a record."""
    channel = shown(about.get("channel", ""))
    match kind:
        case "contact" if channel:
            return speech.say("The customer was in touch: {channel}", channel=channel)
        case "contact":
            return speech.say("The customer was in touch")
        case "attempt":
            words = (channel, shown(about.get("fields", "")), shown(about.get("obligation", "")))
            return speech.say("Tried, and was refused: {words}", words=Phrase(": ".join(filter(None, words))))
        case "arrival":
            return speech.say("Arrived: {system}", system=shown(about.get("system", "") or "…"))
        case "letter":
            return speech.say("About to be sent: {action}", action=shown(about.get("action", "")))
        case _:
            return speech.say("Sent: {action}", action=shown(about.get("action", "")))


def stage_words(speech: Speech, state: str) -> Phrase:
    """The state of a case."""
    match state:
        case "waiting":
            return speech.say("Waits for the team")
        case "taken":
            return speech.say("In work")
        case "arriving":
            return speech.say("Repaired, still under way")
        case _:
            return speech.say("Well")


def time_of_day_phrase(speech: Speech, moment: datetime, now: datetime) -> Phrase:
    """A moment, by the clock that it is given in: the day and the time, near `now` with the day of the week."""
    is_near = abs(moment - now) < _NEAR
    day = speech.weekday(moment.date()) if is_near else speech.day(moment.date())
    return speech.say("{day}, {time}", day=day, time=speech.clock(moment.time().replace(second=0, microsecond=0)))


def others_words(speech: Speech, customers: int, still_open: int, since: date) -> Phrase:
    """Whom else a fault has met, and since when."""
    return speech.say("{counts}, since {day}", counts=cost_counts(speech, customers, still_open), day=speech.day(since))


def not_theirs_sentence(speech: Speech, roles: Sequence[str]) -> Phrase:
    """Where a record is repaired, whoever reads this may not change it; those of other roles may."""
    return speech.say(
        "You may not change it there. These may: {roles}.", roles=speech.listed([shown(role) for role in roles])
    )


def spoken_number(speech: Speech, number: Decimal) -> Phrase:
    """A number whose digits are kept apart by plain blanks: a page would show the escape of one that does not break."""
    return Phrase(speech.number(number).translate(_PLAIN_BLANKS))


def money_phrases(speech: Speech, amounts: Mapping[str, Decimal]) -> list[Phrase]:
    """Amounts of money, by the codes of their currencies (ISO 4217)."""
    return [Phrase(f"{spoken_number(speech, amount)} {code}") for code, amount in amounts.items()]


def cost_sentence(speech: Speech, customers: int) -> Phrase:
    """What the faults of a system have cost until now."""
    return speech.count(
        "Known faults here: {number} customer so far",
        "Known faults here: {number} customers so far",
        customers,
    )


def cost_counts(speech: Speech, customers: int, still_open: int) -> Phrase:
    """Whom one fault has met, and how many cases of it are open."""
    met = speech.count("{number} customer", "{number} customers", customers)
    return speech.say(
        "{customers}, {cases}",
        customers=met,
        cases=speech.count("{number} open case", "{number} open cases", still_open),
    )


def unread_sentence(speech: Speech, system: Phrase) -> Phrase:
    """A store has not answered, and is not blamed."""
    return speech.say("{system} isn't responding. We don't yet know if anything's wrong there.", system=system)


def truth_or_value(speech: Speech, value: Value) -> Phrase:
    """A value of a record; nothing at all is said in a word."""
    return speech.say("nothing") if value is None else value_words(speech, value)
