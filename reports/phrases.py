"""Words that reports share: counts, lists, systems by their titles, owners and repairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..checker.messages import brief, listed, record
from ..documents.duration import duration
from ..lineage.transform import NoValue
from ..values.show import quote, show
from ..values.span import unit_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..checker.finding import FieldValues, Finding, Hop
    from ..contracts.constraint import Constraint
    from ..contracts.model import Owner, Repair
    from ..estate.policy import Known, Waiver
    from ..lineage.graph import Link
    from ..values.projection import ProjectedPart, Projection
    from ..values.valueset import Value

CELL = 40
"""Characters of a text shown in a table's cell."""


def constraints_words(constraints: Iterable[Constraint]) -> str:
    """All constraints of a field's contract."""
    return "; ".join(brief(constraint.sentence, 160) for constraint in constraints)


def cell(value: Value | NoValue) -> str:
    """A value for a table."""
    match value:
        case NoValue.REJECTED:
            return "no value: this step fails"
        case NoValue.UNKNOWN:
            return "unknown"
        case str():
            return quote(value, CELL)
        case _:
            return show(value)


def projection_words(projection: Projection) -> str:
    """What a constraint on several fields leaves for one of them: what always passes, and what never does."""
    always, possible = projection.always, projection.possible
    if always is not None and always.size == "all":
        return "every value passes"
    if possible is not None and possible.size == "none":
        return "no value can pass"
    return f"{_always_words(always)}; {possible_words(possible)}"


def _always_words(part: ProjectedPart | None) -> str:
    if part is None:
        return "not known what always passes"
    but = f", but not {cell(part.beyond)}" if part.beyond is not None else ""
    if part.size == "none":
        return "no value always passes"
    if part.listed is not None:
        return f"{_texts(part.listed)} always pass{'es' if len(part.listed) == 1 else ''}"
    if part.most is not None:
        return f"at most {_measure(part.most, part.unit)} always pass{'es' if part.most == 1 else ''}{but}"
    if part.least is not None:
        return f"at least {_measure(part.least, part.unit)} always pass{'es' if part.least == 1 else ''}{but}"
    return f"{cell(part.beyond)} does not always pass"


def possible_words(part: ProjectedPart | None) -> str:
    """What can pass with some values of the other fields."""
    if part is None:
        return "not known what can pass"
    nor = f", nor does {cell(part.beyond)}" if part.beyond is not None else ""
    if part.size == "all":
        return "every value can pass"
    if part.size == "none":
        return "no value can pass"
    if part.listed is not None:
        return f"only {_texts(part.listed)} can pass"
    if part.most is not None:
        return f"more than {_measure(part.most, part.unit)} never pass{'es' if part.most == 1 else ''}{nor}"
    if part.least is not None:
        return f"less than {_measure(part.least, part.unit)} never pass{'es' if part.least == 1 else ''}{nor}"
    return f"{cell(part.beyond)} never passes"


def _measure(number: int, unit: str | None) -> str:
    return f"{number:,} {unit_words(unit or '', number)}"


def _texts(texts: Sequence[str]) -> str:
    return listed([cell(text) for text in texts], most=8)


def fails_words(finding: Finding) -> str:
    """The range of what fails as a finding's witness does, and a plain value among it; empty where neither says more."""
    parts: list[str] = []
    span, only = finding.span, tuple((finding.witness or {}).values())
    if span is not None and span.listed != only:
        parts.append(f"{'rejected' if finding.rule == 'over-tight' else 'fails'}: {span.sentence}")
    if finding.plain is not None and finding.plain != finding.witness:
        parts.append(f"in letters and digits: {record(finding.plain)}")
    return "; ".join(parts)


def typed_record(record: FieldValues) -> str:
    """The typed values, field by field: `username = "abc" and country = "FI"`."""
    return listed([f"{name.field} = {show(value)}" for name, value in record.items()])


def way(hops: Sequence[Hop]) -> str:
    """A journey in a line: `a.b.c "x" + a.b.d "y" → e.f.g "x y"`."""
    parts: list[str] = []
    for before, hop in zip((None, *hops), hops, strict=False):
        if before is not None:
            parts.append(" + " if hop.step == before.step and hop.field != before.field else " → ")
        parts.append(f"{hop.field} {cell(hop.value)}")
    return "".join(parts)


def flow_words(link: Link) -> str:
    """A flow in a line: its ends, its steps, its condition, its time, its carrier, its note."""
    ends = f"{' + '.join(str(source.full_name) for source in link.sources)} → {link.target.full_name}"
    return "; ".join([ends, *([link.sentence] if link.sentence else []), *flow_remarks(link)])


def flow_remarks(link: Link) -> list[str]:
    """What a flow says besides its ends and steps: its condition, its time, its carrier, its note."""
    flow = link.flow
    return [
        *([f"when {flow.when.text}"] if flow.when is not None else []),
        *([f"filtered: {flow.filter}"] if flow.filter else []),
        *([f"about {duration(flow.lag)} later"] if flow.lag else []),
        *([f"by {flow.by}"] if flow.by else []),
        *([f"note: {flow.note}"] if flow.note else []),
    ]


def owner_words(owner: Owner | None) -> str | None:
    """The owner of something, and the contact."""
    if owner is None:
        return None
    return f"{brief(owner.team)} ({brief(owner.contact)})" if owner.contact else brief(owner.team)


def repair_words(repair: Repair | None) -> str | None:
    """The team that repairs it, the channel, and the usual time."""
    if repair is None:
        return None
    words = listed([brief(who) for who in repair.by], "or", 6)
    if repair.channel:
        channel = brief(repair.channel)
        words = f"{words}, in {channel}" if words else f"ask in {channel}"
    if repair.typically is not None:
        words = f"{words}; this usually takes {duration(repair.typically)}"
    return words or None


def known_words(known: Known) -> str:
    """What a baseline knows a finding as: its constraint, and the range of what failed."""
    fails = f"; failed: {known.fails}" if known.fails else ""
    return f"{known.limit or 'no constraint'}{fails}"


def waiver_words(waiver: Waiver) -> str:
    """The owner of a waiver, its last day, and the reason."""
    return f"waived until {waiver.expires.isoformat()} by {brief(waiver.owner)}: {brief(waiver.reason, 200)}"
