"""A screen as text: what it must demand, each demand with its reason; what binds first, what follows from it after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...checker.messages import duration, record
from ..phrases import brief, count, demands_words, listed, system_title
from .page import BAD, FAINT, GOOD, STRONG, UNSURE, Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...checker.requirement.screen import Obligation, Screen, ScreenField
    from ...estate.load import Estate
    from .page import Look, Words

_MARKS = {"refuted": ("missing", BAD), "unknown": ("unknown", UNSURE), "proved": ("met", GOOD)}


def screen_text(screen: Screen, estate: Estate, look: Look) -> str:
    """The whole screen."""
    page = Page(look)
    page.line(*_verdict(screen, estate))
    for field in screen.fields:
        page.blank()
        _put_field(page, field)
    if screen.together:
        page.blank()
        page.line(("Fields together", STRONG))
        _put_obligations(page, screen.together, together=True)
    return page.render()


def screen_headline(screen: Screen, estate: Estate) -> str:
    """The verdict alone, in a line."""
    return "".join(word if isinstance(word, str) else word[0] for word in _verdict(screen, estate))


def _verdict(screen: Screen, estate: Estate) -> list[Words]:
    demands = [*(demand for field in screen.fields for demand in field.obligations), *screen.together]
    counts = {verdict: sum(demand.verdict == verdict for demand in demands) for verdict in _MARKS}
    title = brief(screen.entity.title) if screen.entity.title else system_title(estate, screen.entity.system)
    name = f"{screen.entity.full_name} ({title})"
    words: list[Words] = [(name, STRONG), ": "]
    not_known = sum(field.not_known is not None for field in screen.fields)
    if not_known:
        words += [(f"not all that is demanded of {count(not_known, 'field')} is known, so not safe", UNSURE), ", "]
    elif not demands:
        return [*words, "nothing behind it demands anything."]
    if counts["refuted"]:
        words += [(f"{count(counts['refuted'], 'demand')} missing", BAD), ", "]
    if counts["unknown"]:
        words += [(f"{counts['unknown']:,} not decided, so not safe", UNSURE), ", "]
    return [*words, (f"{counts['proved']:,} of {count(len(demands), 'demand')} from behind it met", GOOD), "."]


def _put_field(page: Page, field: ScreenField) -> None:
    title = f" ({brief(field.field.title)})" if field.field.title else ""
    page.line((field.field.name, STRONG), title)
    page.line(
        f"accepts: {demands_words(field.field.constraints)}  ", (str(field.field.location), FAINT), indent=2, hang=2
    )
    if field.not_known is not None:
        page.line((f"unknown whether more is demanded: {field.not_known}", UNSURE), indent=2, hang=8)
    elif not field.obligations:
        page.line(("nothing behind it demands anything of this field alone", FAINT), indent=2)
    _put_obligations(page, field.obligations, together=False)


def _put_obligations(page: Page, obligations: Sequence[Obligation], *, together: bool) -> None:
    slack = [demand for demand in obligations if demand.binds is False]
    for demand in obligations:
        if demand.binds is not False:
            _put_obligation(page, demand, together=together)
    if slack:
        page.line(("follows from those above:", FAINT), indent=2)
    for demand in slack:
        _put_obligation(page, demand, together=together)


def _put_obligation(page: Page, demand: Obligation, *, together: bool) -> None:
    mark, style = _MARKS[demand.verdict]
    names = f"{listed([name.rpartition('.')[2] for name in demand.fields])}: " if together else ""
    after = f", after: {', then '.join(brief(done, 200) for done in demand.transforms)}" if demand.transforms else ""
    page.line((f"{mark:<8}", style), f"{names}{brief(demand.binding.sentence, 200)}{after}", indent=2, hang=8)
    page.line(*_reason(demand), indent=10, hang=2)
    if demand.witness is not None:
        page.line(f"today it lets in {record(demand.witness)}", indent=10, hang=2)
    if demand.verdict == "unknown":
        page.line((f"not decided: {demand.reason}", UNSURE), indent=10, hang=2)


def _reason(demand: Obligation) -> list[Words]:
    """Whose demand it is, what happens otherwise, when, and by which way."""
    binding = demand.binding
    happens = "refuses the rest" if demand.effect == "refuse" else "alters the rest"
    when = f", about {duration(demand.lag)} later" if demand.lag else ""
    only = f", only where {brief(' and '.join(demand.conditions), 200)}" if demand.conditions else ""
    before = [name for name in demand.way if name != binding.field]
    way = f", by way of {', '.join(before)}" if before else ""
    return [f"because {binding.field} {happens}{when}{only}{way}  ", (str(binding.location), FAINT)]
