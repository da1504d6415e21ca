"""What is said of a record in the stores: the words that its text, its JSON and its page share, in whatever language."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from ..checker.messages import brief
from ..contracts.constraint import Length, Matches
from ..contracts.store import ASKED_BY
from ..sentences.deviations import broken_sentence
from ..sentences.faults import wait_sentences
from ..sentences.hops import state_label
from ..sentences.phrase import Phrase
from ..sentences.reasons import reason_sentence
from ..sentences.repairs import rounded_time
from ..sentences.restrictions import restriction_words
from ..sentences.speech import moment_phrase, speech
from ..values.show import show
from .phrases import cell, owner_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime, timedelta

    from ..application.record import FindAnswer, RecordAnswer
    from ..checker.record.fault import Fault
    from ..checker.record.stop import HeldField, Stop, StopState
    from ..checker.record.whereabouts import Whereabouts
    from ..contracts.constraint import Constraint
    from ..contracts.model import Entity, Field
    from ..documents.local_text import LocalText
    from ..documents.names import FieldName
    from ..estate.calendars import WorkCalendar
    from ..estate.load import Estate
    from ..sentences.speech import Speech
    from ..values.valueset import Value

ENGLISH = speech("en")


@dataclass(frozen=True, slots=True)
class CourseRow:
    """One system on the way of a value."""

    system: str
    wanted: str
    held: str
    state: StopState
    told: str
    """The state in words, with its time."""
    carrier: str


def record_headline(answer: RecordAnswer) -> str:
    """What is wrong with the record, in a line."""
    where, spoken = answer.where, speech(answer.language)
    record = Phrase(subject_words(where, answer.estate, spoken))
    if not where.found:
        if not where.number_open:
            return spoken.say("{record} was not found in any system.", record=record)
        return spoken.count(
            "{record} was not found in any system; {number} system could not be read.",
            "{record} was not found in any system; {number} systems could not be read.",
            where.number_open,
            record=record,
        )
    if where.number_wrong:
        return spoken.count(
            "{record}: {number} thing is wrong.",
            "{record}: {number} things are wrong.",
            where.number_wrong,
            record=record,
        )
    if where.number_open:
        return spoken.count(
            "{record}: nothing wrong was found, but {number} system is not known.",
            "{record}: nothing wrong was found, but {number} systems are not known.",
            where.number_open,
            record=record,
        )
    if where.not_brought or any(each.not_brought for each in where.referring):
        return spoken.say("{record}: what it holds is right, but it does not reach every list.", record=record)
    if where.not_yet_due or any(each.not_yet_due for each in where.referring):
        return spoken.say("{record}: nothing is wrong; something is still under way.", record=record)
    return spoken.say("{record}: every system holds what it must hold.", record=record)


def subject_words(where: Whereabouts, estate: Estate, spoken: Speech = ENGLISH) -> str:
    """What the record is called: by the earliest system that has it."""
    stop = next(iter(where.first), None)
    if stop is None:
        name = next(iter(where.asked))
        return f"{title_of(estate, estate.contracts.entities[name.entity_name], spoken)} {key_words(where.asked)}"
    return f"{title_of(estate, stop.entity, spoken)} {key_words(stop.key)}"


def key_words(key: Mapping[str, Value] | Mapping[FieldName, Value]) -> str:
    """A key, its parts side by side."""
    return " ".join(str(value) if isinstance(value, int) else cell(value) for value in key.values())


def title_of(estate: Estate, entity: Entity, spoken: Speech = ENGLISH) -> str:
    """The title of an entity's system; of a system with several entities, with that of the entity."""
    system = estate.contracts.systems[entity.system]
    title = _titled(system.title, system.name, spoken)
    return f"{title}, {_titled(entity.title, entity.name, spoken)}" if len(system.entities) > 1 else title


def title_of_field(field: Field, spoken: Speech = ENGLISH) -> str:
    """A field's title, or its name where it has none."""
    return _titled(field.title, field.name, spoken)


def _titled(title: LocalText | None, name: str, spoken: Speech) -> str:
    return brief(name if title is None else title.within(spoken.language)[0])


def moment_words(moment: datetime, spoken: Speech = ENGLISH) -> str:
    """A moment as people say it: "Mon 30 Nov, 08:00 UTC"."""
    return moment_phrase(spoken, moment)


def _listed(words: Sequence[str], spoken: Speech, *, either: bool = False, most: int | None = None) -> Phrase:
    """Words as people list them; those beyond `most` are counted."""
    shown = [Phrase(word) for word in (words if most is None or len(words) <= most else words[:most])]
    if len(shown) < len(words):
        shown.append(spoken.count("{number} more", "{number} more", len(words) - len(shown)))
    return spoken.listed(shown, either=either)


def fault_sentence(fault: Fault, where: Whereabouts, estate: Estate, spoken: Speech = ENGLISH) -> str:
    """What is wrong, in a sentence."""
    system, field = Phrase(title_of(estate, fault.stop.entity, spoken)), _main(fault)
    if fault.is_refused:
        name, why = Phrase(title_of_field(field.field, spoken)), _refusal(field, estate, spoken)
        if fault.stop.state == "refused":
            return spoken.say("{field}: {system} has not accepted it ({why}).", field=name, system=system, why=why)
        return spoken.say(
            "{field}: {system} was not read, and by its contract does not accept it ({why}).",
            field=name,
            system=system,
            why=why,
        )
    late = _lateness(field, where, spoken)
    if not field.is_held:
        if late is None:
            return spoken.say("{system} does not have this record.", system=system)
        return spoken.say("{system} does not have this record, {time} overdue.", system=system, time=late)
    names = _listed([title_of_field(each.field, spoken) for each in fault.fields], spoken, most=4)
    if len(fault.fields) > 1:
        if late is None:
            return spoken.say("{fields}: {system} does not hold what it must.", fields=names, system=system)
        return spoken.say(
            "{fields}: {system} does not hold what it must, {time} overdue.", fields=names, system=system, time=late
        )
    held = _value(field.held, spoken)
    wanted = spoken.listed([_value(value, spoken) for value in field.expected[:2]], either=True)
    if late is None:
        return spoken.say(
            "{field}: {system} holds {held}; it must hold {wanted}.",
            field=names,
            system=system,
            held=held,
            wanted=wanted,
        )
    return spoken.say(
        "{field}: {system} holds {held}, {time} overdue; it must hold {wanted}.",
        field=names,
        system=system,
        held=held,
        time=late,
        wanted=wanted,
    )


def _main(fault: Fault) -> HeldField:
    return next((field for field in fault.fields if field.constraints), fault.fields[0])


def _lateness(field: HeldField, where: Whereabouts, spoken: Speech) -> Phrase | None:
    """How long it is overdue, in whole units; None: it is not, or nobody knows."""
    if field.state != "overdue" or field.due is None:
        return None
    late = where.now - field.due
    if late.days:
        return _span(spoken, "days", late.days)
    hours, rest = divmod(late.seconds, 3600)
    return _span(spoken, "hours", hours) if hours else _span(spoken, "minutes", max(1, rest // 60))


def _span(spoken: Speech, unit: str, number: int) -> Phrase:
    """A length of time as a part of a sentence."""
    match unit:
        case "minutes":
            return spoken.count("{number} minute", "{number} minutes", number)
        case "hours":
            return spoken.count("{number} hour", "{number} hours", number)
        case _:
            return spoken.count("{number} day", "{number} days", number)


def time_phrase(length: timedelta, spoken: Speech = ENGLISH) -> Phrase:
    """A length of time, rounded up to whole units."""
    return _span(spoken, *rounded_time(length))


def _value(value: Value, spoken: Speech) -> Phrase:
    return spoken.say("nothing") if value is None else Phrase(show(value))


def _refusal(field: HeldField, estate: Estate, spoken: Speech) -> Phrase:
    """Why a value is refused, without bytes and patterns: those are for the expert."""
    if not field.constraints:
        return reason_sentence(spoken, field.reason) if field.reason else spoken.say("a step on the way fails on it")
    return _constraint_words(field.constraints[0], field.field, estate, spoken)


def _constraint_words(constraint: Constraint, field: Field, estate: Estate, spoken: Speech) -> Phrase:
    match constraint.restriction:
        case Length(_, int(), "bytes"):
            return spoken.say("it is too long")
        case Length(int(), None, "bytes"):
            return spoken.say("it is too short")
        case Matches():
            return spoken.say("it has characters, or a form, that are not accepted there")
        case restriction if spoken.language != "en":
            fields = estate.contracts.fields
            return restriction_words(spoken, restriction, field.type, lambda name: title_of_field(fields[name], spoken))
        case _:
            return Phrase(brief(constraint.sentence, 200))


def do_words(fault: Fault, where: Whereabouts, estate: Estate, spoken: Speech = ENGLISH) -> str:
    """What to do about a fault."""
    who, there = _who(fault, spoken), _there(fault, where, spoken)
    if fault.is_refused:
        places = _listed([title_of(estate, root, spoken) for root in fault.roots], spoken, either=True)
        such = spoken.say(", such as {value}", value=Phrase(show(fault.instead))) if fault.instead else Phrase("")
        said = spoken.say(
            "Ask for another value{such}, and have it changed where it was let in{place}{whom}.",
            such=such,
            place=Phrase(f": {places}" if places else ""),
            whom=Phrase(f" ({who})" if who else ""),
        )
        return f"{said}{there}"
    system = Phrase(title_of(estate, fault.stop.entity, spoken))
    if fault.between:
        unread = _listed([title_of(estate, entity, spoken) for entity in fault.between], spoken)
        if who is None:
            return spoken.say(
                "Find out who answers for it, and ask them to look: it began in {system}, or before it in {unread}, which "
                "could not be read.",
                system=system,
                unread=unread,
            )
        return spoken.say(
            "Ask {who} to look: it began in {system}, or before it in {unread}, which could not be read.",
            who=who,
            system=system,
            unread=unread,
        )
    carrier = next((field.carrier for field in fault.fields if field.carrier), None)
    brings = Phrase("")
    if carrier:
        brings = spoken.say(", or have it brought again ({carrier})", carrier=Phrase(brief(carrier)))
    if who is None:
        said = spoken.say(
            "Find out who answers for it, and ask them to put it right in {system}{brings}.",
            system=system,
            brings=brings,
        )
    else:
        said = spoken.say("Ask {who} to put it right in {system}{brings}.", who=who, system=system, brings=brings)
    return f"{said}{there}"


def _there(fault: Fault, where: Whereabouts, spoken: Speech) -> str:
    """Where it is repaired, as one more sentence; empty where nobody says."""
    page, roles = repair_page(fault, where), () if fault.repair is None else fault.repair.roles
    if page is None:
        return ""
    if not roles:
        return f" {spoken.say('Repaired at {page}.', page=Phrase(page))}"
    named = _listed([brief(role) for role in roles], spoken, most=6)
    return f" {spoken.say('Repaired at {page} (open to {roles}).', page=Phrase(page), roles=named)}"


def repair_page(fault: Fault, where: Whereabouts) -> str | None:
    """The address at which the record is repaired; None: none is stated, or what it asks for is not known."""
    root, template = fault.root, None if fault.repair is None else fault.repair.url
    stop = next((stop for stop in where.stops if stop.entity is root), None)
    if template is None:
        return None
    known = {} if stop is None else {**{held.field.name: held.held for held in stop.fields if held.is_held}, **stop.key}
    address = template
    for name in dict.fromkeys(ASKED_BY.findall(template)):
        value = known.get(name)
        if value is None:
            return None
        address = address.replace(f"{{{name}}}", quote(str(value), safe=""))
    return address


def _who(fault: Fault, spoken: Speech) -> Phrase | None:
    """Who repairs it, and where they are asked."""
    repair = fault.repair
    if repair is None or not (repair.by or repair.channel):
        owner = owner_words(fault.owner)
        return None if owner is None else Phrase(owner)
    who = _listed([brief(each) for each in repair.by], spoken, either=True, most=6)
    channel = Phrase(brief(repair.channel or ""))
    if not repair.channel:
        return who
    return (
        spoken.say("{who} in {channel}", who=who, channel=channel)
        if who
        else spoken.say("in {channel}", channel=channel)
    )


def when_words(fault: Fault, where: Whereabouts, estate: Estate, spoken: Speech = ENGLISH) -> str | None:
    """Until when it usually is repaired, and what it means until then; None where nobody says."""
    said = list(_usual_time(fault, where, estate, spoken))
    for impact in fault.impacts:
        text = Phrase(brief(impact.text.within(spoken.language)[0], 200))
        said.append(spoken.say("Urgent: {text}", text=text) if impact.is_critical else text)
    return " ".join(sentence for sentence in said if sentence) or None


def _usual_time(fault: Fault, where: Whereabouts, estate: Estate, spoken: Speech) -> Iterator[Phrase]:
    repair = fault.repair
    if repair is None or repair.typically is None:
        return
    calendar = estate.calendars.get(repair.hours or "")
    moment = _expected(where.now, repair.typically, repair.hours, calendar)
    words = None if moment is None else moment_phrase(spoken, moment)
    yield from wait_sentences(spoken, repair.typically, repair.hours, words, is_calendar=calendar is not None)


def _expected(now: datetime, usual: timedelta, hours: str | None, calendar: WorkCalendar | None) -> datetime | None:
    """When the usual time is over; None where the team's hours are in words alone, or holidays are not known here."""
    if hours is not None and calendar is None:
        return None
    try:
        from ..cases.promise import promised
    except ModuleNotFoundError:  # the extra `desk` is not installed
        return None if hours is not None else now + usual
    return promised(now, usual, calendar)


def catcher_words(fault: Fault, estate: Estate, spoken: Speech = ENGLISH) -> str | None:
    """Which system could have caught it first; None where that is not known, or is the one that is told of anyway."""
    name = fault.catcher
    if name is None or name == fault.stop.entity.system:
        return None
    system = estate.contracts.systems[name]
    title = Phrase(_titled(system.title, system.name, spoken))
    return spoken.say("The first system that could have caught it: {system}.", system=title)


def course(
    field: HeldField, fault: Fault, where: Whereabouts, estate: Estate, spoken: Speech = ENGLISH
) -> Iterator[CourseRow]:
    """One value in every system on its way, the earliest first; before them an entry that may have let it in."""
    if fault.typed is not None and fault.typed.record:
        typed = spoken.listed([Phrase(cell(value)) for value in fault.typed.record.values()])
        told = spoken.say("for example; it let it in")
        yield CourseRow(title_of(estate, fault.typed.entry, spoken), "", typed, "refused", told, "")
    for stop in where.stops:
        for other in stop.fields:
            if other is field or set(other.origins) & set(field.origins):
                yield _course_row(stop, other, estate, spoken)


def _course_row(stop: Stop, field: HeldField, estate: Estate, spoken: Speech) -> CourseRow:
    wanted = spoken.listed([Phrase(cell(value)) for value in field.expected[:2]], either=True)
    held = cell(field.held) if field.is_held else spoken.say("nothing") if stop.whether in {"absent", "found"} else ""
    told = state_label(spoken, field.state)
    if field.state == "not yet due" and field.due is not None:
        told = spoken.say("by {moment}", moment=moment_phrase(spoken, field.due))
    if field.state == "overdue" and field.due is not None:
        told = spoken.say("overdue since {moment}", moment=moment_phrase(spoken, field.due))
    if stop.is_first:
        told = spoken.say("as found there")
    return CourseRow(title_of(estate, stop.entity, spoken), wanted, held, field.state, told, field.carrier or "")


def course_head(spoken: Speech = ENGLISH) -> tuple[str, str, str, str]:
    """The words over what a system must hold, what it holds, the state, and who brings it."""
    return spoken.say("must hold"), spoken.say("holds"), spoken.say("state"), spoken.say("brought by")


def stop_label(stop: Stop, spoken: Speech = ENGLISH) -> str:
    """The state of the record in one system, in a word or two."""
    return spoken.say("the first that was read") if stop.is_first else state_label(spoken, stop.state)


def changed_words(stop: Stop, spoken: Speech = ENGLISH) -> str:
    """When the record last changed there; empty where that is not known."""
    if stop.changed is None:
        return ""
    return spoken.say("changed {moment}", moment=moment_phrase(spoken, stop.changed))


def state_words(stop: Stop, spoken: Speech = ENGLISH) -> str:
    """How many of its fields are as expected; empty where none is expected there."""
    if stop.whether != "found" or not stop.fields:
        return ""
    met = spoken.number(sum(field.state == "as expected" for field in stop.fields))
    return spoken.count(
        "{met} of {number} field as expected", "{met} of {number} fields as expected", len(stop.fields), met=met
    )


def remarks(where: Whereabouts, estate: Estate, spoken: Speech = ENGLISH) -> Iterator[tuple[str, str]]:
    """What else is to be known: rules it breaks, what is under way, not brought, not read. A word, and a sentence."""
    for broken in where.broken:
        name = title_of(estate, estate.contracts.entities[broken.field.full_name.entity_name], spoken)
        yield f"{name}:", broken_sentence(spoken, broken)
    yield from _under_way(where, estate, spoken)
    for stop in where.not_brought:
        yield spoken.say("Not there:"), f"{title_of(estate, stop.entity, spoken)}. {reason_words(stop.reason, spoken)}"
    for stop in where.stops:
        for field in stop.fields:
            if field.state == "absent":
                yield spoken.say("Fed by nobody:"), _unfed(stop, field, estate, spoken)
    for stop in where.open:
        if stop.state in {"not reachable", "not known"} and (stop.reason or not stop.fields):
            what = spoken.say("Did not answer:") if stop.state == "not reachable" else spoken.say("Not known:")
            yield what, f"{title_of(estate, stop.entity, spoken)}. {reason_words(stop.reason, spoken)}"
            continue
        for field in stop.fields:
            if field.state == "not known":
                name = _within(stop, field, estate, spoken)
                yield spoken.say("Not known:"), f"{name}. {reason_words(field.reason, spoken)}"


def referring_remarks(answer: RecordAnswer) -> Iterator[tuple[str, str]]:
    """What is to be known of the records that refer to it: a word, and a sentence."""
    estate, spoken = answer.estate, speech(answer.language)
    for each in answer.referring:
        yield spoken.say("With it:"), record_headline(each)
        yield from remarks(each.where, estate, spoken)
    for entity, reason in answer.where.unlisted:
        title = title_of(estate, entity, spoken)
        yield spoken.say("Not known:"), f"{title}. {reason_words(reason, spoken)}"


def _within(stop: Stop, field: HeldField, estate: Estate, spoken: Speech) -> Phrase:
    name, system = title_of_field(field.field, spoken), title_of(estate, stop.entity, spoken)
    return spoken.say("{field} in {system}", field=Phrase(name), system=Phrase(system))


def _unfed(stop: Stop, field: HeldField, estate: Estate, spoken: Speech) -> Phrase:
    place = _within(stop, field, estate, spoken)
    if not field.is_held:
        return spoken.say("{place}: no flow brings it there.", place=place)
    return spoken.say("{place}: no flow brings it there; it holds {held}.", place=place, held=Phrase(cell(field.held)))


def _under_way(where: Whereabouts, estate: Estate, spoken: Speech) -> Iterator[tuple[str, str]]:
    lines: dict[tuple[str, datetime | None], list[str]] = {}
    for stop in where.stops:
        for field in stop.fields:
            if field.state == "not yet due":
                key = title_of(estate, stop.entity, spoken), field.due
                lines.setdefault(key, []).append(title_of_field(field.field, spoken))
    for (system, due), names in lines.items():
        fields = _listed(list(dict.fromkeys(names)), spoken, most=6)
        if due is None:
            yield (
                spoken.say("Under way:"),
                spoken.say("{fields}: {system} gets it.", fields=fields, system=Phrase(system)),
            )
        else:
            moment = moment_phrase(spoken, due)
            yield (
                spoken.say("Under way:"),
                spoken.say(
                    "{fields}: {system} gets it by {moment}.", fields=fields, system=Phrase(system), moment=moment
                ),
            )


def reason_words(reason: str | None, spoken: Speech = ENGLISH) -> str:
    """A reason as a sentence."""
    said = reason_sentence(spoken, reason) if reason else ""
    return f"{said[0].upper()}{said[1:]}." if said else ""


def hit_words(answer: FindAnswer) -> Iterator[tuple[str, str, str]]:
    """The records that fit, and the systems that did not answer: a system, a sentence, the command that goes on."""
    spoken = speech(answer.language)
    for hit in answer.hits.hits:
        key = [(name.field, value) for name, value in hit.seeds.items() if name.field in hit.entity.key]
        words = spoken.listed([Phrase(f"{name} {cell(value)}") for name, value in key])
        words = words or spoken.say("a record without a key")
        command = _look_command(answer.estate, f"{hit.entity.full_name}/{key[0][1]}") if len(key) == 1 else ""
        yield f"{title_of(answer.estate, hit.entity, spoken)}:", f"{words} ({brief(hit.kind)})", command
    for name, reason in answer.hits.unread.items():
        title = title_of(answer.estate, answer.estate.contracts.entities[name], spoken)
        yield spoken.say("Did not answer:"), f"{title}. {reason_words(reason, spoken)}", ""


def _look_command(estate: Estate, record: str) -> str:
    """The command that looks at a record."""
    folder = [] if estate.root == Path() else [str(estate.root)]
    return shlex.join(["fieldline", "trace", *folder, "--record", record, "--stores"])


def find_headline(answer: FindAnswer) -> str:
    """How many records were found, in a line."""
    hits, spoken = answer.hits, speech(answer.language)
    if hits.hits:
        return spoken.count(
            "{number} record fit: which of them is meant?",
            "{number} records fit: which of them is meant?",
            len(hits.hits),
        )
    asked = [title_of(answer.estate, entity, spoken) for entity in hits.asked if entity.full_name not in hits.unread]
    if not asked:
        return spoken.say("No system could be asked.")
    return spoken.say("No record was found in {systems}.", systems=_listed(asked, spoken, most=6))
