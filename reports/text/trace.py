"""A trace as text, for a support agent on the telephone: the answer in a sentence, then its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...checker.messages import brief, field_title, listed, system_title
from ...documents.duration import duration
from ...documents.local_text import LANGUAGE_NAMES
from ...lineage.transform import NoValue
from ...values.show import show
from ..phrases import cell, owner_words, repair_words, typed_record
from .grounds import constraint_sentence
from .hops import carried_words, put_hops
from .page import BAD, FAINT, GOOD, STRONG, UNSURE, WARNING, Page
from .trace_sentence import trace_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...application.answers import TraceAnswer
    from ...checker.judging.simulate import Arrival
    from ...checker.tracing.traced import Root, Trace
    from ...contracts.model import Field
    from ...documents.local_text import SpokenLanguage
    from ...estate.load import Estate
    from ...sentences.advice import CustomerText
    from ...values.valueset import Value
    from .page import Look, StyledText


def trace_text(traced: TraceAnswer, look: Look) -> str:
    """The whole report."""
    page, trace = Page(look), traced.trace
    style = BAD if trace.failures else GOOD if trace.is_well else UNSURE if _is_only_open(trace) else WARNING
    page.line((trace_sentence(traced), style))
    put_evidence(page, traced)
    put_customer_text(page, traced.customer_text, traced.language)
    return page.render()


def put_evidence(page: Page, traced: TraceAnswer) -> None:
    """Who rejects it, where it began, where it goes, who repairs it, what is accepted."""
    trace, estate = traced.trace, traced.estate
    _put_rejections(page, trace, estate)
    _put_consequences(page, trace)
    _put_doubts(page, trace, estate)
    _put_origins(page, trace, estate)
    _put_journey(page, trace)
    if trace.failures or trace.altered:
        failing = list({failure.field.system: failure.field for failure in reversed(trace.failures)}.values())
        put_repair(page, trace.roots, *failing, estate=estate)
    if traced.plain:
        put_heading(page, "In plain words")
        for sentence in traced.plain:
            page.sentence(sentence, indent=2)


def put_customer_text(page: Page, said: CustomerText, asked: SpokenLanguage) -> None:
    """What support may send to the customer; `asked`: in which language it is wanted."""
    put_heading(page, customer_heading(said, asked))
    page.sentence(said.text, indent=2)


def customer_heading(said: CustomerText, asked: SpokenLanguage) -> str:
    """The heading of the customer's text; it says where the text is not in the language that was asked for."""
    given = said.language
    if given == asked:
        return "Text for the customer" if asked == "en" else f"Text for the customer, in {LANGUAGE_NAMES[asked]}"
    if given is not None:
        return f"Text for the customer, in {LANGUAGE_NAMES[given]}: the contract has none in {LANGUAGE_NAMES[asked]}"
    if asked == "en":
        return "Text for the customer"
    return f"Text for the customer, as the contract has it: there is none in {LANGUAGE_NAMES[asked]}"


def _value(value: Value) -> str:
    return "an empty value (null)" if value is None else show(value)


def _is_only_open(trace: Trace) -> bool:
    """Whether nothing is known to go wrong, and something is not known."""
    return not trace.altered and all(finding.verdict == "unknown" for finding in trace.consequences)


def _typed(root: Root) -> str:
    return f"typed for example as {typed_record(root.record or {})}"


# ---------------------------------------------------------------------------------------------------------- sections


def put_heading(page: Page, words: str) -> None:
    """The heading of a section."""
    page.blank()
    page.line((words, STRONG))


def _put_rejections(page: Page, trace: Trace, estate: Estate) -> None:
    if not trace.failures:
        return
    put_heading(page, "Who rejects it, and why")
    for failure in trace.failures:
        field = failure.field
        after = f", about {duration(failure.after)} later" if failure.after else ""
        page.line(
            (system_title(estate, field.system), STRONG), f": {field_title(field)} ({field.full_name}){after}", indent=2
        )
        if not failure.constraints:
            page.line("a step on the way there fails on the value", indent=4)
        else:
            page.line(f"arrives there: {_value(failure.value)}", indent=4, hang=2)
        for constraint in failure.constraints:
            page.line(
                constraint_sentence(constraint, failure.value), (f"  {constraint.location}", FAINT), indent=4, hang=2
            )


def _put_consequences(page: Page, trace: Trace) -> None:
    if not trace.consequences:
        return
    put_heading(page, "What else is found about records with this value")
    for finding in trace.consequences:
        style = UNSURE if finding.verdict == "unknown" else WARNING
        place = finding.binding.location if finding.binding else finding.location
        page.line((finding.message, style), (f"  {place}", FAINT), indent=2, hang=2)


def _put_doubts(page: Page, trace: Trace, estate: Estate) -> None:
    if not trace.doubts:
        return
    put_heading(page, "Who may reject it: unknown")
    for doubt in trace.doubts:
        field = doubt.field
        after = f", about {duration(doubt.after)} later" if doubt.after else ""
        name: StyledText = (system_title(estate, field.system), STRONG)
        page.line(name, f": {field_title(field)} ({field.full_name}){after}", indent=2)
        for constraint in doubt.constraints:
            words = brief(constraint.sentence, 200)
            page.line((words, UNSURE), (f"  {constraint.location}", FAINT), indent=4, hang=2)


def _put_origins(page: Page, trace: Trace, estate: Estate) -> None:
    heading = "Where it began" if trace.failures else "Where it can have begun"
    ends: StyledText = ("rejected", BAD) if trace.rejected_by else ""
    put_origins(page, heading, trace.roots, trace.field, estate, ends=ends, has_failed=bool(trace.failures))


def put_origins(
    page: Page,
    heading: str,
    roots: Sequence[Root],
    field: Field,
    estate: Estate,
    *,
    ends: StyledText = "",
    has_failed: bool = False,
) -> None:
    """The entries that lead to a field, and what is typed there; `ends`: what happens at the field."""
    put_heading(page, heading)
    if not roots:
        page.line("No entry of this estate leads there.", indent=2)
    for root in roots:
        if root.verdict == "refuted":
            _put_origin(page, root, field, estate, ends, has_failed=has_failed)
    for root in roots:
        if root.verdict == "unknown":
            name: StyledText = (system_title(estate, root.entry.system), STRONG)
            why = f": {brief(root.reason or '', 400)}"
            page.line(name, f" ({root.entry.full_name}) ", ("cannot be excluded", UNSURE), why, indent=2, hang=2)
    excluded = [root.entry for root in roots if root.verdict == "proved"]
    if any(entry.full_name == field.full_name.entity_name for entry in excluded):
        page.line("It cannot have been entered there: the entry itself rejects it.", indent=2)
    elif excluded:
        names = listed([f"{system_title(estate, entry.system)} ({entry.full_name})" for entry in excluded], "or")
        page.line(f"Not from {names}: no value accepted there becomes this one.", indent=2, hang=2)


def _put_origin(page: Page, root: Root, field: Field, estate: Estate, ends: StyledText, *, has_failed: bool) -> None:
    name: StyledText = (system_title(estate, root.entry.system), STRONG)
    if root.entry.full_name == field.full_name.entity_name:
        page.line(name, f" ({root.entry.full_name}): it was entered there", indent=2, hang=2)
        return
    page.line(name, f" ({root.entry.full_name}) accepts it, {_typed(root)}", indent=2, hang=2)
    put_hops(page, root.hops, indent=4, ends=ends, with_carriers=True)
    if root.another is not None:
        page.line(f"{show(root.another)} becomes it, too", indent=4, hang=2)
    if root.passed and has_failed:
        names = ", then ".join(system_title(estate, name) for name in root.passed)
        each = "each of them" if len(root.passed) > 1 else "it"
        page.line(f"Accepted and passed on by {names}: {each} could have rejected it.", indent=4, hang=2)


def _put_journey(page: Page, trace: Trace) -> None:
    arrivals = onward(trace)
    if not arrivals:
        return
    put_heading(page, "Further on its way")
    head = ("field", "value", "after", "steps applied", "outcome there")
    rows: list[tuple[StyledText, ...]] = [tuple((word, FAINT) for word in head)]
    for arrival in arrivals:
        after = duration(arrival.elapsed) if arrival.elapsed else ""
        rows.append((str(arrival.field), cell(arrival.value), after, way_words(arrival), fate(arrival)))
    page.table(rows, indent=2, yields=(3, 0, 1, 4))
    if trace.journey.endless:
        page.line(("It circulates and keeps changing; not every step is shown here.", UNSURE), indent=2)


def onward(trace: Trace) -> list[Arrival]:
    """The arrivals of the value downstream of its field, soonest first; none where the field itself rejects it."""
    every_arrival = (arrival for arrived in trace.journey.arrivals.values() for arrival in arrived)
    arrivals = [] if trace.rejected_by else [arrival for arrival in every_arrival if arrival.link is not None]
    return sorted(arrivals, key=lambda arrival: arrival.elapsed)


def way_words(arrival: Arrival) -> str:
    """The steps on the flow that a value arrived over, and who carries it; empty where neither is written."""
    return "" if arrival.link is None else carried_words(arrival.link.sentence, arrival.link.flow.by)


def fate(arrival: Arrival) -> StyledText:
    """The outcome of an arrival."""
    if arrival.is_rejected:
        return ("rejected", BAD)
    if isinstance(arrival.stored, NoValue) or arrival.doubts:
        return ("unknown", UNSURE)
    if arrival.stored != arrival.value:
        return (f"stored as {cell(arrival.stored)}", WARNING)
    return "accepted"


def put_repair(page: Page, roots: Sequence[Root], *rejecting: Field, estate: Estate) -> None:
    """Who may repair a value: where it was let in; at the fields that reject it, where no entry is known."""
    put_heading(page, "Who may repair it")
    cause = next((root for root in roots if root.verdict == "refuted"), None)
    for root in roots:
        if root.verdict == "refuted":
            put_team(page, f"the cause, at {system_title(estate, root.entry.system)}", root)
            if root.instead is not None:
                page.line(f"every system accepts {show(root.instead)}", indent=4, hang=2)
    for name in dict.fromkeys(cause.passed[1:] if cause else ()):
        page.line(f"{system_title(estate, name)} holds the value, too", indent=2, hang=2)
    if cause is None:
        for field in rejecting:
            put_team(page, f"the value at {system_title(estate, field.system)}", field)


def put_team(page: Page, what: str, at: Root | Field, indent: int = 2) -> None:
    """The team that repairs something, and its owner."""
    page.line(f"{what}: ", (repair_words(at.repair) or "the contract names no one", STRONG), indent=indent, hang=2)
    page.line(f"owner: {owner_words(at.owner) or 'no owner is named'}", indent=indent + 2)
