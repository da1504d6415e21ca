"""A fault of a record, for a support agent: what is wrong, what to do, until when. No value of the record is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..values.budget import STANDARD
from ..values.features import features
from .allowed import allowed_words
from .phrase import Phrase, shown
from .repairs import rounded_time, usual_time
from .titles import title_within

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from ..checker.record.fault import Fault
    from ..checker.record.stop import HeldField
    from ..contracts.model import Contracts, Entity
    from ..values.budget import Budget
    from .speech import Speech


def place_title(speech: Speech, contracts: Contracts, entity: Entity) -> Phrase:
    """The title of an entity's system; of a system with several entities, with that of the entity."""
    system = contracts.systems[entity.system]
    title = shown(system.name if system.title is None else system.title.within(speech.language)[0])
    if len(system.entities) < 2:
        return title
    own = entity.name if entity.title is None else entity.title.within(speech.language)[0]
    return Phrase(f"{title}, {shown(own)}")


def problem_sentence(
    speech: Speech, contracts: Contracts, fault: Fault, now: datetime, budget: Budget = STANDARD
) -> Phrase:
    """What is wrong, in a sentence or two."""
    system = place_title(speech, contracts, fault.stop.entity)
    refused = next((field for field in fault.fields if field.constraints), fault.fields[0])
    if fault.is_refused:
        title = shown(title_within(refused.field, speech.language))
        if fault.stop.state == "refused":
            first = speech.say("{system} did not accept this: {field}.", system=system, field=title)
        else:
            first = speech.say(
                "{system} was not read. By its rules it does not accept this: {field}.", system=system, field=title
            )
        allowed = allowed_words(speech, features(refused.field.accepts, refused.field.type, budget), refused.field.type)
        if allowed is None:
            return first
        allowed_there = speech.say("Allowed there: {allowed}.", allowed=allowed)
        return Phrase(f"{first} {allowed_there}")
    if not fault.fields[0].is_held:
        first = speech.say("{system}: this record is not there.", system=system)
    else:
        first = speech.say(
            "{system}: this is not as it should be: {fields}.", system=system, fields=_titles(speech, fault.fields)
        )
    late = _lateness(speech, fault.fields[0], now)
    return first if late is None else Phrase(f"{first} {late}")


def _titles(speech: Speech, fields: Sequence[HeldField]) -> Phrase:
    return speech.listed([shown(title_within(each.field, speech.language)) for each in fields])


def _lateness(speech: Speech, field: HeldField, now: datetime) -> Phrase | None:
    if field.state != "overdue" or field.due is None or now <= field.due:
        return None
    unit, number = rounded_time(now - field.due)
    match unit:
        case "days":
            number -= (now - field.due).days < number  # what is overdue is not made longer by its rounding
            return speech.count(
                "It should have arrived {number} day ago.", "It should have arrived {number} days ago.", max(1, number)
            )
        case "hours":
            return speech.count(
                "It should have arrived {number} hour ago.", "It should have arrived {number} hours ago.", number
            )
        case "minutes":
            return speech.count(
                "It should have arrived {number} minute ago.", "It should have arrived {number} minutes ago.", number
            )


def action_sentences(speech: Speech, contracts: Contracts, fault: Fault) -> list[Phrase]:
    """What an agent does about it, and who repairs it."""
    said: list[Phrase] = []
    if fault.is_refused:
        said.append(speech.say("Ask the customer for another value: {fields}.", fields=_titles(speech, fault.fields)))
        places = [place_title(speech, contracts, root) for root in fault.roots]
        if places:
            said.append(speech.say("It is changed here: {systems}.", systems=speech.listed(places, either=True)))
    elif fault.between:
        unread = speech.listed([place_title(speech, contracts, entity) for entity in fault.between])
        said.append(speech.say("It may have begun in a system that was not read: {systems}.", systems=unread))
    carrier = next((field.carrier for field in fault.fields if field.carrier), None)
    if carrier and not fault.is_refused:
        said.append(speech.say("It is brought there by: {carrier}.", carrier=shown(carrier)))
    said.append(_repairers(speech, fault))
    return said


def _repairers(speech: Speech, fault: Fault) -> Phrase:
    repair, owner = fault.repair, fault.owner
    teams = [] if repair is None else [shown(each) for each in repair.by]
    if not teams and owner is not None:
        teams = [shown(owner.team)]
    channel = None if repair is None else repair.channel
    if teams and channel:
        return speech.say(
            "Repaired by: {team}. Asked here: {channel}.",
            team=speech.listed(teams, either=True),
            channel=shown(channel),
        )
    if teams:
        return speech.say("Repaired by: {team}.", team=speech.listed(teams, either=True))
    if channel:
        return speech.say("Asked here: {channel}.", channel=shown(channel))
    return speech.say("Nobody is named who repairs it.")


def wait_sentences(
    speech: Speech, usual: timedelta | None, hours: str | None, promised: Phrase | None, *, is_calendar: bool
) -> list[Phrase]:
    """How long it takes. `hours`: when the team works; `promised`: the moment that this comes to, in words."""
    said = [] if usual is None else [usual_time(speech, usual, working=hours is not None)]
    if hours is not None and not is_calendar:
        said.append(speech.say("The team works: {hours}.", hours=shown(hours)))
    if promised is not None:
        said.append(speech.say("Expected by {moment}.", moment=promised))
    return said or [speech.say("Nobody says how long it takes.")]
