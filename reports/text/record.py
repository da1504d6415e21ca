"""A record in every system, as text for a support agent on the telephone.

What is wrong comes first, with what to do, until when, and what to say; then where its values are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...checker.messages import brief, count, field_title, listed
from ..phrases import cell
from ..record_words import (
    course,
    do_words,
    fault_sentence,
    find_headline,
    key_words,
    moment_words,
    reason_words,
    record_headline,
    title_of,
    when_words,
)
from .page import BAD, FAINT, GOOD, STRONG, UNSURE, WARNING, Page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...application.record import FindAnswer, RecordAnswer
    from ...checker.record.fault import Fault
    from ...checker.record.stop import HeldField, StopState
    from ...checker.record.whereabouts import Whereabouts
    from ...documents.names import FieldName
    from ...estate.load import Estate
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


# ------------------------------------------------------------------------------------------------------------- faults


def _put_fault(page: Page, fault: Fault, where: Whereabouts, estate: Estate, shown: set[frozenset[FieldName]]) -> None:
    """`shown`: the values, by where they come from, whose course was shown already."""
    page.blank()
    page.line(("✗ ", BAD), (fault_sentence(fault, where, estate), STRONG), hang=2)
    do, when = do_words(fault, estate), when_words(fault, where)
    page.line(("DO    ", FAINT), do, indent=4, hang=6)
    if when is not None:
        page.line(("WHEN  ", FAINT), when, indent=4, hang=6)
    page.line(("SAY   ", FAINT), fault.customer_text, indent=4, hang=6)
    for field in fault.fields:
        course = frozenset(field.origins)
        if course not in shown and not (field.reason and fault.is_refused):
            shown.add(course)
            _put_course(page, field, fault, where, estate)


def _put_course(page: Page, field: HeldField, fault: Fault, where: Whereabouts, estate: Estate) -> None:
    """One value in every system on its way, the earliest first."""
    head = (field_title(field.field), "must hold", "holds", "", "")
    rows: list[tuple[StyledText, ...]] = [tuple((word, FAINT) for word in head)]
    for row in course(field, fault, where, estate):
        rows.append((row.system, row.wanted, row.held, (row.told, _STYLES[row.state]), row.carrier))
    page.table(rows, indent=6, yields=(4, 3, 0, 1, 2))


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
        page.line(("Not there: ", STRONG), f"{title_of(estate, stop.entity)}. ", reason_words(stop.reason), hang=2)
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
        page.line((said, UNSURE), f"{title_of(estate, stop.entity)}. ", reason_words(stop.reason), hang=2)
    for stop in where.open:
        for field in stop.fields:
            if field.state == "not known" and stop not in unread:
                name = f"{field_title(field.field)} in {title_of(estate, stop.entity)}. "
                page.line(("Not known: ", UNSURE), name, reason_words(field.reason), hang=2)


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
        rows.append((title_of(estate, stop.entity), key_words(stop.key), (state, _STYLES[stop.state]), what, changed))
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
        page.line(("Did not answer: ", UNSURE), f"{title_of(answer.estate, entity)}. ", reason_words(reason), hang=2)
    return page.render()
