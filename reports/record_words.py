"""What is said of a record in the stores: the words that its text, its JSON and its page share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from ..checker.messages import brief, count, duration, field_title, listed, system_title
from ..contracts.constraint import Length, Matches
from ..contracts.store import ASKED_BY
from ..values.show import show
from .phrases import cell, owner_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from ..application.record import FindAnswer, RecordAnswer
    from ..checker.record.fault import Fault
    from ..checker.record.stop import HeldField, Stop, StopState
    from ..checker.record.whereabouts import Whereabouts
    from ..contracts.constraint import Constraint
    from ..contracts.model import Entity
    from ..documents.names import FieldName
    from ..estate.load import Estate
    from ..values.valueset import Value


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
    where, estate = answer.where, answer.estate
    name = subject_words(where, estate)
    if not where.found:
        unread = f"; {count(len(where.open), 'system')} could not be read" if where.open else ""
        return f"{name} was not found in any system{unread}."
    if where.faults:
        return f"{name}: {count(len(where.faults), 'thing is', 'things are')} wrong."
    if where.open:
        return f"{name}: nothing wrong was found, but {count(len(where.open), 'system is', 'systems are')} not known."
    if where.not_brought:
        return f"{name}: what it holds is right, but it does not reach every list."
    if where.not_yet_due:
        return f"{name}: nothing is wrong; something is still under way."
    return f"{name}: every system holds what it must hold."


def subject_words(where: Whereabouts, estate: Estate) -> str:
    """What the record is called: by the earliest system that has it."""
    stop = next(iter(where.first), None)
    if stop is None:
        name = next(iter(where.asked))
        return f"{title_of(estate, estate.contracts.entities[name.entity_name])} {key_words(where.asked)}"
    return f"{title_of(estate, stop.entity)} {key_words(stop.key)}"


def key_words(key: Mapping[str, Value] | Mapping[FieldName, Value]) -> str:
    """A key, its parts side by side."""
    return " ".join(str(value) if isinstance(value, int) else cell(value) for value in key.values())


def title_of(estate: Estate, entity: Entity) -> str:
    """The title of an entity's system; of a system with several entities, with that of the entity."""
    title = system_title(estate, entity.system)
    several = len(estate.contracts.systems[entity.system].entities) > 1
    return f"{title}, {brief(str(entity.title or entity.name))}" if several else title


def moment_words(moment: datetime) -> str:
    """A moment as people say it: "Mon 30 Nov, 08:00 UTC"."""
    at = moment.astimezone(UTC)
    return f"{at:%a} {at.day} {at:%b}, {at:%H:%M} UTC"


def fault_sentence(fault: Fault, where: Whereabouts, estate: Estate) -> str:
    """What is wrong, in a sentence."""
    system, field = title_of(estate, fault.stop.entity), _main(fault)
    names = listed([field_title(each.field) for each in fault.fields], most=4)
    if fault.is_refused:
        whose = f"{system} has not accepted it"
        if fault.stop.state != "refused":
            whose = f"{system} was not read, and by its contract does not accept it"
        refusals = [_refusal(each) for each in field.constraints[:1]]
        why = listed(refusals) or field.reason or "a step on the way fails on it"
        return f"{field_title(field.field)}: {whose} ({why})."
    late = _lateness(field, where)
    if not field.is_held:
        return f"{system} does not have this record{late}."
    if len(fault.fields) > 1:
        return f"{names}: {system} does not hold what it must{late}."
    held, wanted = _value(field.held), listed([_value(value) for value in field.expected[:2]], "or")
    return f"{names}: {system} holds {held}{late}; it must hold {wanted}."


def _main(fault: Fault) -> HeldField:
    return next((field for field in fault.fields if field.constraints), fault.fields[0])


def _lateness(field: HeldField, where: Whereabouts) -> str:
    if field.state == "overdue" and field.due is not None:
        late = where.now - field.due
        return f", {duration(timedelta(days=late.days) if late.days else late)} overdue"
    return ""


def _value(value: Value) -> str:
    return "nothing" if value is None else show(value)


def _refusal(constraint: Constraint) -> str:
    """Why a value is refused, without bytes and patterns: those are for the expert."""
    match constraint.restriction:
        case Length(_, int(), "bytes"):
            return "it is too long"
        case Length(int(), None, "bytes"):
            return "it is too short"
        case Matches():
            return "it has characters, or a form, that are not accepted there"
        case _:
            return brief(constraint.sentence, 200)


def do_words(fault: Fault, where: Whereabouts, estate: Estate) -> str:
    """What to do about a fault."""
    who, page = _who(fault), repair_page(fault, where)
    there = f" Repaired at {page}{_roles(fault)}." if page else ""
    if fault.is_refused:
        places = listed([title_of(estate, root) for root in fault.roots], "or")
        such = f", such as {show(fault.instead)}" if fault.instead else ""
        place = f": {places}" if places else ""
        whom = f" ({who})" if who else ""
        return f"Ask for another value{such}, and have it changed where it was let in{place}{whom}.{there}"
    system = title_of(estate, fault.stop.entity)
    ask = f"Ask {who}" if who else "Find out who answers for it, and ask them"
    if fault.between:
        unread = listed([title_of(estate, entity) for entity in fault.between])
        return f"{ask} to look: it began in {system}, or before it in {unread}, which could not be read."
    carrier = next((field.carrier for field in fault.fields if field.carrier), None)
    brings = f", or have it brought again ({brief(carrier)})" if carrier else ""
    return f"{ask} to put it right in {system}{brings}.{there}"


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


def _roles(fault: Fault) -> str:
    roles = () if fault.repair is None else fault.repair.roles
    return f" (open to {listed([brief(role) for role in roles], most=6)})" if roles else ""


def _who(fault: Fault) -> str | None:
    """Who repairs it, and where they are asked."""
    repair = fault.repair
    if repair is None or not (repair.by or repair.channel):
        return owner_words(fault.owner)
    who = listed([brief(each) for each in repair.by], "or", 6)
    return f"{who} in {brief(repair.channel)}" if who and repair.channel else who or f"in {brief(repair.channel or '')}"


def when_words(fault: Fault, where: Whereabouts) -> str | None:
    """Until when it usually is repaired, and what it means until then; None where nobody says."""
    said = [_usual_time(fault, where)]
    said += [f"{'Urgent: ' if impact.is_critical else ''}{brief(str(impact.text), 200)}" for impact in fault.impacts]
    return " ".join(sentence for sentence in said if sentence) or None


def _usual_time(fault: Fault, where: Whereabouts) -> str:
    if fault.repair is None or fault.repair.typically is None:
        return ""
    typically = fault.repair.typically
    if fault.repair.hours:
        return f"Usually within {duration(typically)} of working time ({brief(fault.repair.hours)})."
    return f"Usually within {duration(typically)}: by {moment_words(where.now + typically)}."


def course(field: HeldField, fault: Fault, where: Whereabouts, estate: Estate) -> Iterator[CourseRow]:
    """One value in every system on its way, the earliest first; before them an entry that may have let it in."""
    if fault.typed is not None and fault.typed.record:
        typed = listed([cell(value) for value in fault.typed.record.values()])
        yield CourseRow(title_of(estate, fault.typed.entry), "", typed, "refused", "for example; it let it in", "")
    for stop in where.stops:
        for other in stop.fields:
            if other is field or set(other.origins) & set(field.origins):
                yield _course_row(stop, other, estate)


def _course_row(stop: Stop, field: HeldField, estate: Estate) -> CourseRow:
    wanted = listed([cell(value) for value in field.expected[:2]], "or")
    held = cell(field.held) if field.is_held else "nothing" if stop.whether in {"absent", "found"} else ""
    told: str = field.state
    if field.state == "not yet due" and field.due is not None:
        told = f"by {moment_words(field.due)}"
    if field.state == "overdue" and field.due is not None:
        told = f"overdue since {moment_words(field.due)}"
    if stop.is_first:
        told = "as found there"
    return CourseRow(title_of(estate, stop.entity), wanted, held, field.state, told, field.carrier or "")


def state_words(stop: Stop) -> str:
    """How many of its fields are as expected; empty where none is expected there."""
    if stop.whether != "found" or not stop.fields:
        return ""
    met = sum(field.state == "as expected" for field in stop.fields)
    return f"{met} of {count(len(stop.fields), 'field')} as expected"


def remarks(where: Whereabouts, estate: Estate) -> Iterator[tuple[str, str]]:
    """What else is to be known: what is under way, what no flow brings, what was not read. A word, and a sentence."""
    yield from _under_way(where, estate)
    for stop in where.not_brought:
        yield "Not there:", f"{title_of(estate, stop.entity)}. {reason_words(stop.reason)}"
    for stop in where.stops:
        for field in stop.fields:
            if field.state == "absent":
                held = f"; it holds {cell(field.held)}" if field.is_held else ""
                name = f"{field_title(field.field)} in {title_of(estate, stop.entity)}"
                yield "Fed by nobody:", f"{name}: no flow brings it there{held}."
    for stop in where.open:
        if stop.state in {"not reachable", "not known"} and (stop.reason or not stop.fields):
            what = "Did not answer:" if stop.state == "not reachable" else "Not known:"
            yield what, f"{title_of(estate, stop.entity)}. {reason_words(stop.reason)}"
            continue
        for field in stop.fields:
            if field.state == "not known":
                name = f"{field_title(field.field)} in {title_of(estate, stop.entity)}."
                yield "Not known:", f"{name} {reason_words(field.reason)}"


def _under_way(where: Whereabouts, estate: Estate) -> Iterator[tuple[str, str]]:
    lines: dict[str, list[str]] = {}
    for stop in where.stops:
        for field in stop.fields:
            if field.state == "not yet due":
                due = f" by {moment_words(field.due)}" if field.due else ""
                lines.setdefault(f"{title_of(estate, stop.entity)} gets it{due}", []).append(field_title(field.field))
    for what, names in lines.items():
        yield "Under way:", f"{listed(list(dict.fromkeys(names)), most=6)}: {what}."


def reason_words(reason: str | None) -> str:
    """A reason as a sentence."""
    return "" if not reason else f"{reason[0].upper()}{reason[1:]}."


def hit_words(answer: FindAnswer) -> Iterator[tuple[str, str, str]]:
    """The records that fit, and the systems that did not answer: a system, a sentence, the command that goes on."""
    for hit in answer.hits.hits:
        key = [(name.field, value) for name, value in hit.seeds.items() if name.field in hit.entity.key]
        words = listed([f"{name} {cell(value)}" for name, value in key]) or "a record without a key"
        command = f"fieldline trace --record {hit.entity.full_name}/{key[0][1]} --stores" if len(key) == 1 else ""
        yield f"{title_of(answer.estate, hit.entity)}:", f"{words} ({brief(hit.kind)})", command
    for name, reason in answer.hits.unread.items():
        title = title_of(answer.estate, answer.estate.contracts.entities[name])
        yield "Did not answer:", f"{title}. {reason_words(reason)}", ""


def find_headline(answer: FindAnswer) -> str:
    """How many records were found, in a line."""
    hits = answer.hits
    if hits.hits:
        return f"{count(len(hits.hits), 'record')} fit: which of them is meant?"
    asked = listed(
        [title_of(answer.estate, entity) for entity in hits.asked if entity.full_name not in hits.unread], most=6
    )
    return f"No record was found in {asked}." if asked else "No system could be asked."
