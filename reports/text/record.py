"""A record in every system, as text for a support agent on the telephone.

What is wrong comes first, with what to do, until when, and what to say; then where its values are.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from ...checker.messages import brief, count, duration, field_title, listed, system_title
from ...contracts.constraint import Length, Matches
from ...values.show import show
from ..phrases import cell, owner_words, repair_words
from .page import BAD, FAINT, GOOD, STRONG, UNSURE, WARNING, Page

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ...application.record import FindAnswer, RecordAnswer
    from ...checker.record.fault import Fault
    from ...checker.record.stop import HeldField, Stop, StopState
    from ...checker.record.whereabouts import Whereabouts
    from ...contracts.constraint import Constraint
    from ...contracts.model import Entity
    from ...documents.names import FieldName
    from ...estate.load import Estate
    from ...values.valueset import Value
    from .page import Look, StyledText

_STYLES: Mapping[StopState, str] = {
    "as expected": GOOD,
    "not yet due": WARNING,
    "overdue": BAD,
    "differs": BAD,
    "refused": BAD,
    "absent": WARNING,
    "not asked": FAINT,
    "not reachable": UNSURE,
    "not known": UNSURE,
}


def record_text(answer: RecordAnswer, look: Look) -> str:
    """The whole report."""
    page, where, estate = Page(look), answer.where, answer.estate
    style = BAD if where.faults else UNSURE if where.open or not where.found else GOOD if where.is_well else WARNING
    page.line((record_headline(answer), style))
    shown: set[frozenset[FieldName]] = set()
    for fault in where.faults:
        _put_fault(page, fault, where, estate, shown)
    _put_under_way(page, where, estate)
    _put_elsewhere(page, where, estate)
    _put_systems(page, where, estate)
    _put_expert(page, where)
    return page.render()


def record_headline(answer: RecordAnswer) -> str:
    """What is wrong with the record, in a line."""
    where, estate = answer.where, answer.estate
    name = _subject(where, estate)
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


def _subject(where: Whereabouts, estate: Estate) -> str:
    stop = next(iter(where.first), None)
    if stop is None:
        name = next(iter(where.asked))
        return f"{title_of(estate, estate.contracts.entities[name.entity_name])} {_key(where.asked)}"
    return f"{title_of(estate, stop.entity)} {_key(stop.key)}"


def _key(key: Mapping[str, Value] | Mapping[FieldName, Value]) -> str:
    return " ".join(str(value) if isinstance(value, int) else cell(value) for value in key.values())


def title_of(estate: Estate, entity: Entity) -> str:
    """The title of an entity's system; of a system with several entities, with that of the entity."""
    title = system_title(estate, entity.system)
    several = len(estate.contracts.systems[entity.system].entities) > 1
    return f"{title}, {brief(entity.title or entity.name)}" if several else title


def moment_words(moment: datetime) -> str:
    """A moment as people say it: "Mon 30 Nov, 08:00 UTC"."""
    at = moment.astimezone(UTC)
    return f"{at:%a} {at.day} {at:%b}, {at:%H:%M} UTC"


# ------------------------------------------------------------------------------------------------------------- faults


def _put_fault(page: Page, fault: Fault, where: Whereabouts, estate: Estate, shown: set[frozenset[FieldName]]) -> None:
    """`shown`: the values, by where they come from, whose course was shown already."""
    page.blank()
    page.line(("✗ ", BAD), (fault_sentence(fault, where, estate), STRONG), hang=2)
    do, when = _do(fault, estate), _when(fault, where)
    page.line(("DO    ", FAINT), do, indent=4, hang=6)
    if when is not None:
        page.line(("WHEN  ", FAINT), when, indent=4, hang=6)
    page.line(("SAY   ", FAINT), fault.customer_text, indent=4, hang=6)
    for field in fault.fields:
        course = frozenset(field.origins)
        if course not in shown and not (field.reason and fault.is_refused):
            shown.add(course)
            _put_course(page, field, fault, where, estate)


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


def _do(fault: Fault, estate: Estate) -> str:
    who = repair_words(fault.repair) or owner_words(fault.owner)
    if fault.is_refused:
        places = listed([title_of(estate, root) for root in fault.roots], "or")
        what = (
            f"ask for another value, such as {show(fault.instead)}, and"
            if fault.instead
            else "ask for another value, and"
        )
        began = f"have it changed where it was let in: {places}" if places else "have it changed where it was let in"
        return f"{what} {began}{f' ({who})' if who else ''}"
    system = title_of(estate, fault.stop.entity)
    carrier = next((field.carrier for field in fault.fields if field.carrier), None)
    brings = f", or the {carrier} to bring it again" if carrier else ""
    ask = f"ask {who}" if who else "find out who answers for it"
    if fault.between:
        unread = listed([title_of(estate, entity) for entity in fault.between])
        return f"{ask} to look: it began in {system}, or in {unread} before it, which could not be read"
    return f"{ask} to put it right in {system}{brings}"


def _when(fault: Fault, where: Whereabouts) -> str | None:
    if fault.repair is None or fault.repair.typically is None:
        return None
    typically = fault.repair.typically
    return f"usually within {duration(typically)}: {moment_words(where.now + typically)}"


def _put_course(page: Page, field: HeldField, fault: Fault, where: Whereabouts, estate: Estate) -> None:
    """One value in every system on its way, the earliest first."""
    head = (field_title(field.field), "must hold", "holds", "", "")
    rows: list[tuple[StyledText, ...]] = [tuple((word, FAINT) for word in head)]
    if fault.typed is not None and fault.typed.record:
        typed = listed([cell(value) for value in fault.typed.record.values()])
        rows.append((title_of(estate, fault.typed.entry), "", typed, ("for example; it let it in", BAD), ""))
    for stop in where.stops:
        for other in stop.fields:
            if other is field or set(other.origins) & set(field.origins):
                rows.append(_row(stop, other, estate))
    page.table(rows, indent=6, yields=(4, 3, 0, 1, 2))


def _row(stop: Stop, field: HeldField, estate: Estate) -> tuple[StyledText, ...]:
    wanted = listed([cell(value) for value in field.expected[:2]], "or")
    held = cell(field.held) if field.is_held else "nothing" if stop.whether in {"absent", "found"} else ""
    state: str = field.state
    if field.state == "not yet due" and field.due is not None:
        state = f"by {moment_words(field.due)}"
    if field.state == "overdue" and field.due is not None:
        state = f"overdue since {moment_words(field.due)}"
    if stop.is_first:
        state = "as found there"
    return title_of(estate, stop.entity), wanted, held, (state, _STYLES[field.state]), field.carrier or ""


# ----------------------------------------------------------------------------------------------------- what else there is


def _put_under_way(page: Page, where: Whereabouts, estate: Estate) -> None:
    waiting = [(stop, field) for stop in where.stops for field in stop.fields if field.state == "not yet due"]
    if not waiting:
        return
    page.blank()
    page.line(("Under way", STRONG))
    lines: dict[str, list[str]] = {}
    for stop, field in waiting:
        due = f" by {moment_words(field.due)}" if field.due else ""
        lines.setdefault(f"{title_of(estate, stop.entity)} gets it{due}", []).append(field_title(field.field))
    for what, names in lines.items():
        page.line(listed(list(dict.fromkeys(names)), most=6), f": {what}", indent=2, hang=2)


def _put_elsewhere(page: Page, where: Whereabouts, estate: Estate) -> None:
    for stop in where.not_brought:
        page.blank()
        page.line(("Not there: ", STRONG), f"{title_of(estate, stop.entity)}. ", _sentence(stop.reason), hang=2)
    unfed = [(stop, f) for stop in where.stops for f in stop.fields if f.state == "absent"]
    for stop, field in unfed:
        page.blank()
        held = f"; it holds {cell(field.held)}" if field.is_held else ""
        title = title_of(estate, stop.entity)
        page.line(
            ("Fed by nobody: ", STRONG),
            f"{field_title(field.field)} in {title}: no flow brings it there{held}.",
            hang=2,
        )
    unread = [stop for stop in where.open if stop.state in {"not reachable", "not known"}]
    for stop in unread:
        page.blank()
        said = "Did not answer: " if stop.state == "not reachable" else "Not known: "
        page.line((said, UNSURE), f"{title_of(estate, stop.entity)}. ", _sentence(stop.reason), hang=2)
    for stop in where.open:
        for field in stop.fields:
            if field.state == "not known" and stop not in unread:
                name = f"{field_title(field.field)} in {title_of(estate, stop.entity)}. "
                page.line(("Not known: ", UNSURE), name, _sentence(field.reason), hang=2)


def _sentence(reason: str | None) -> str:
    return "" if not reason else f"{reason[0].upper()}{reason[1:]}."


def _put_systems(page: Page, where: Whereabouts, estate: Estate) -> None:
    if not where.stops:
        return
    page.blank()
    page.line(("Where it is", STRONG))
    rows: list[tuple[StyledText, ...]] = []
    for stop in where.stops:
        met = sum(field.state == "as expected" for field in stop.fields)
        what = (
            f"{met} of {count(len(stop.fields), 'field')} as expected"
            if stop.whether == "found" and stop.fields
            else ""
        )
        changed = f"changed {moment_words(stop.changed)}" if stop.changed else ""
        state = "the first that was read" if stop.is_first else stop.state
        rows.append((title_of(estate, stop.entity), _key(stop.key), (state, _STYLES[stop.state]), what, changed))
    page.table(rows, indent=2, yields=(4, 0, 1))


def _put_expert(page: Page, where: Whereabouts) -> None:
    if not where.faults:
        return
    page.blank()
    page.line(("For the expert", FAINT))
    for fault in where.faults:
        for field in fault.fields:
            words = "; ".join(f"{brief(each.sentence, 200)}  {each.location}" for each in field.constraints)
            page.line(
                f"{field.field.full_name}: {field.state}",
                f"  {words}" if words else "",
                (f"  {field.field.location}", FAINT),
                indent=2,
                hang=2,
            )


# --------------------------------------------------------------------------------------------------------- no one record


def find_text(answer: FindAnswer, look: Look) -> str:
    """What a text leads to, where it is not one record."""
    page = Page(look)
    page.line((find_headline(answer), WARNING if answer.hits.hits else UNSURE))
    for hit in answer.hits.hits:
        key = [(name.field, value) for name, value in hit.seeds.items() if name.field in hit.entity.key]
        words = listed([f"{name} {cell(value)}" for name, value in key]) or "a record without a key"
        page.line((title_of(answer.estate, hit.entity), STRONG), f": {words} ({brief(hit.kind)})", indent=2, hang=2)
        if len(key) == 1:
            page.line(
                (f"fieldline trace --record {hit.entity.full_name}/{key[0][1]} --stores", FAINT), indent=4, hang=2
            )
    for name, reason in answer.hits.unread.items():
        entity = answer.estate.contracts.entities[name]
        page.line(("Did not answer: ", UNSURE), f"{title_of(answer.estate, entity)}. ", _sentence(reason), hang=2)
    return page.render()


def find_headline(answer: FindAnswer) -> str:
    """How many records were found, in a line."""
    hits = answer.hits
    if hits.hits:
        return f"{count(len(hits.hits), 'record')} fit: which of them is meant?"
    asked = listed(
        [title_of(answer.estate, entity) for entity in hits.asked if entity.full_name not in hits.unread], most=6
    )
    return f"No record was found in {asked}." if asked else "No system could be asked."
