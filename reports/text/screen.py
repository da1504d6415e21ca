"""A screen as text: its obligations, each with its reason; binding ones first, then those that follow from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...checker.messages import brief, count, listed, record, system_title
from ...documents.duration import duration
from ..phrases import constraints_words, possible_words, projection_words
from .page import BAD, FAINT, GOOD, STRONG, UNSURE, Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...checker.requirement.screen import ProjectedField, Screen, ScreenField, ScreenObligation
    from ...estate.load import Estate
    from ...values.projection import Projection
    from .page import Look, StyledText

_MARKS = {"refuted": ("missing", BAD), "unknown": ("unknown", UNSURE), "proved": ("met", GOOD)}


def screen_text(screen: Screen, estate: Estate, look: Look) -> str:
    """The whole screen."""
    page = Page(look)
    page.line(*_verdict(screen, estate))
    for field in screen.fields:
        page.blank()
        _put_field(page, field, screen.together)
    if screen.together:
        page.blank()
        page.line(("Fields together", STRONG))
        put_obligations(page, screen.together, together=True)
    return page.render()


def screen_headline(screen: Screen, estate: Estate) -> str:
    """The verdict alone, in a line."""
    return "".join(word if isinstance(word, str) else word[0] for word in _verdict(screen, estate))


def _verdict(screen: Screen, estate: Estate) -> list[StyledText]:
    obligations = [*(obligation for field in screen.fields for obligation in field.obligations), *screen.together]
    counts = {verdict: sum(obligation.verdict == verdict for obligation in obligations) for verdict in _MARKS}
    title = brief(str(screen.entity.title)) if screen.entity.title else system_title(estate, screen.entity.system)
    name = f"{screen.entity.full_name} ({title})"
    words: list[StyledText] = [(name, STRONG), ": "]
    not_known = sum(field.not_known is not None for field in screen.fields)
    if not_known:
        words += [(f"not every obligation on {count(not_known, 'field')} is known, so not safe", UNSURE), ", "]
    elif not obligations:
        return [*words, "no downstream system constrains it."]
    if counts["refuted"]:
        words += [(f"{count(counts['refuted'], 'obligation')} missing", BAD), ", "]
    if counts["unknown"]:
        words += [(f"{counts['unknown']:,} not decided, so not safe", UNSURE), ", "]
    return [*words, (f"{counts['proved']:,} of {count(len(obligations), 'obligation')} from downstream met", GOOD), "."]


def _put_field(page: Page, field: ScreenField, together: Sequence[ScreenObligation]) -> None:
    title = f" ({brief(str(field.field.title))})" if field.field.title else ""
    page.line((field.field.name, STRONG), title)
    page.line(
        f"accepts: {constraints_words(field.field.constraints)}  ", (str(field.field.location), FAINT), indent=2, hang=2
    )
    if field.not_known is not None:
        page.line((f"unknown whether there are further obligations: {field.not_known}", UNSURE), indent=2, hang=8)
    joint = list(_joint_words(field, together))
    for words in joint:
        page.line(words, indent=2, hang=8)
    if field.not_known is None and not field.obligations and not joint:
        page.line(("no downstream system constrains this field alone", FAINT), indent=2)
    put_obligations(page, field.obligations, together=False)


def _joint_words(field: ScreenField, together: Sequence[ScreenObligation]) -> Iterator[StyledText]:
    """What obligations on several fields demand of this one whatever the others hold."""
    for obligation in together:
        for projected in obligation.projections:
            if projected.name != field.field.full_name or obligation.verdict == "proved":
                continue
            possible = None if projected.projection is None else projected.projection.possible
            if possible is None:
                because = f": {projected.reason}" if projected.reason else ""
                yield (f"unknown what {obligation.binding.field} demands of this field alone{because}", UNSURE)
            elif possible.size != "all":
                alone = f", {_after(projected)}" if projected.transforms and possible.unit else ""
                where = " and ".join(obligation.conditions)
                only = f", only where {brief(where, 200)}" if where else ""
                because = f", because of {obligation.binding.field} (below)"
                yield f"whatever the other fields hold: {possible_words(possible)}{alone}{only}{because}"


def _has_unit(projection: Projection | None) -> bool:
    return projection is not None and any(part and part.unit for part in (projection.possible, projection.always))


def _after(projected: ProjectedField) -> str:
    """The transforms after which the lengths of a projection are counted."""
    return f"counted after: {', then '.join(brief(done, 200) for done in projected.transforms)}"


def put_obligations(page: Page, obligations: Sequence[ScreenObligation], *, together: bool) -> None:
    """Obligations, each with its reason; with the fields that each concerns where they are of several (`together`)."""
    slack = [obligation for obligation in obligations if obligation.binds is False]
    for obligation in obligations:
        if obligation.binds is not False:
            _put_obligation(page, obligation, together=together)
    if slack:
        page.line(("follows from those above:", FAINT), indent=2)
    for obligation in slack:
        _put_obligation(page, obligation, together=together)


def _put_obligation(page: Page, obligation: ScreenObligation, *, together: bool) -> None:
    mark, style = _MARKS[obligation.verdict]
    names = f"{listed([name.field for name in obligation.fields])}: " if together else ""
    after = (
        f", after: {', then '.join(brief(done, 200) for done in obligation.transforms)}"
        if obligation.transforms
        else ""
    )
    page.line((f"{mark:<8}", style), f"{names}{brief(obligation.binding.sentence, 200)}{after}", indent=2, hang=8)
    page.line(*_reason(obligation), indent=10, hang=2)
    for note in obligation.notes:
        page.line((f"note: {brief(note, 200)}", FAINT), indent=10, hang=2)
    if obligation.witness is not None:
        page.line(f"today it accepts {record(obligation.witness)}", indent=10, hang=2)
    if obligation.verdict != "proved":
        for projected in obligation.projections:
            words = projected.reason if projected.projection is None else projection_words(projected.projection)
            after = f" ({_after(projected)})" if projected.transforms and _has_unit(projected.projection) else ""
            unsure: StyledText = (f"not known: {words}", UNSURE) if projected.projection is None else f"{words}{after}"
            page.line(f"{projected.name.field}: ", unsure, indent=10, hang=2)
    if obligation.verdict == "unknown":
        page.line((f"not decided: {obligation.reason}", UNSURE), indent=10, hang=2)


def _reason(obligation: ScreenObligation) -> list[StyledText]:
    """The constraint behind an obligation, its effect, the time, and the path."""
    binding = obligation.binding
    happens = "rejects the rest" if obligation.effect == "refuse" else "alters the rest"
    when = f", about {duration(obligation.lag)} later" if obligation.lag else ""
    when += f", by {brief(listed(obligation.carriers), 120)}" if obligation.carriers else ""
    only = f", only where {brief(' and '.join(obligation.conditions), 200)}" if obligation.conditions else ""
    before = [name for name in obligation.way if name != binding.field]
    way = f", by way of {', '.join(map(str, before))}" if before else ""
    documented = f", as {brief(binding.source, 200)} says" if binding.source else ""
    return [f"because {binding.field} {happens}{when}{only}{way}{documented}  ", (str(binding.location), FAINT)]
