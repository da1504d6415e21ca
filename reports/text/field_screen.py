"""A downstream field as text: what it demands of each entry that feeds it, and how far its bounds can be tightened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...checker.messages import brief, count, listed, record, system_title
from ...documents.local_text import worded
from ..ladder import ladder_title, rungs_words
from ..phrases import constraints_words
from .page import BAD, FAINT, GOOD, STRONG, UNSURE, Page
from .screen import put_obligations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...checker.diff.ladder import Ladder
    from ...checker.requirement.feeders import Feeder, FieldScreen
    from ...estate.load import Estate
    from .page import Look, StyledText


def field_screen_text(screen: FieldScreen, ladders: Sequence[Ladder], estate: Estate, look: Look) -> str:
    """The whole answer."""
    page = Page(look)
    page.line(*_verdict(screen, estate))
    page.line(f"accepts: {constraints_words(screen.field.constraints)}  ", (str(screen.field.location), FAINT), hang=2)
    for feeder in screen.feeders:
        page.blank()
        _put_feeder(page, feeder)
    for ladder in ladders:
        if ladder.rungs:
            page.blank()
            _put_ladder(page, ladder)
    return page.render()


def field_screen_headline(screen: FieldScreen, estate: Estate) -> str:
    """The verdict alone, in a line."""
    return "".join(word if isinstance(word, str) else word[0] for word in _verdict(screen, estate))


def _verdict(screen: FieldScreen, estate: Estate) -> list[StyledText]:
    field = screen.field
    title = brief(worded(field.title) or system_title(estate, field.system))
    name: StyledText = (f"{field.full_name} ({title})", STRONG)
    if not screen.feeders:
        return [name, ": no entry feeds it."]
    obligations = [each for feeder in screen.feeders for each in feeder.obligations]
    words: list[StyledText] = [name, f": {count(len(screen.feeders), 'entry feeds', 'entries feed')} it, "]
    missing, unknown = (sum(each.verdict == verdict for each in obligations) for verdict in ("refuted", "unknown"))
    if any(feeder.not_known for feeder in screen.feeders):
        words += [("not everything on the way is known, so not safe", UNSURE), ", "]
    if missing:
        words += [(f"{count(missing, 'obligation')} missing", BAD), ", "]
    if unknown:
        words += [(f"{unknown:,} not decided, so not safe", UNSURE), ", "]
    met = sum(each.verdict == "proved" for each in obligations)
    return [*words, (f"{met:,} of {count(len(obligations), 'obligation')} on them met", GOOD), "."]


def _put_feeder(page: Page, feeder: Feeder) -> None:
    names = listed([name.field for name in feeder.fields])
    page.line((str(feeder.entity.full_name), STRONG), f"  {names}")
    if feeder.not_known is not None:
        page.line((f"unknown whether there are further obligations: {feeder.not_known}", UNSURE), indent=2, hang=8)
    if not feeder.obligations:
        page.line(("this field demands nothing of it", FAINT), indent=2)
    put_obligations(page, feeder.obligations, together=True)


def _put_ladder(page: Page, ladder: Ladder) -> None:
    page.line(("How far it can be tightened", STRONG), f"  {ladder_title(ladder)}")
    page.table([[bounds, effect] for bounds, effect in rungs_words(ladder)], indent=2, yields=(1,))
    shown = {each.entry: each.witness for rung in ladder.rungs for each in rung.hit if each.witness is not None}
    for entry, witness in shown.items():
        page.line((f"such as {record(witness)}, which {entry} accepts", FAINT), indent=2, hang=2)
