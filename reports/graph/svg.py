"""A graph as a picture: all systems, SVG 1.1, without script, for documents and slides. Light and dark by media query."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape as xml_escape

from ...checker.messages import brief
from ...documents.local_text import worded
from ...values.show import escape
from ..headline import overview_headline
from ..page.layout import CHIP_HEIGHT, CHIP_WIDTH
from ..page.payload import estate_plan
from ..page.ways import CardBox, Ways
from ..phrases import flow_words
from ..text.page import first_cells

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...checker.verdict.overview import Overview, SystemOverview
    from ...lineage.graph import Link
    from ..page.ways import CardWay

_MARGIN = 24
_HEAD = 34
_TITLE_CELLS, _SMALL_CELLS = 22, 28
"""Columns of text that fit on a chip, in any usual font."""
_MOST_FLOWS = 12
"""Flows that a line names."""
_MARKS = {"proved": "✓ all met", "refuted": "✕ missing", "unknown": "? unknown", None: ""}
_STYLE = """\
text { font-family: system-ui, "Segoe UI", "Helvetica Neue", "DejaVu Sans", sans-serif; font-size: 12px; fill: #1b1d21 }
.paper { fill: #faf9f6 } .chip { fill: #fff; stroke: #dedbd3 } .edge { fill: none; stroke: #b1ac9f } .head { fill: #b1ac9f }
.back .edge { stroke: #7a6fae; stroke-dasharray: 7 3 } .back .head { fill: #7a6fae }
.title { font-weight: 600; font-size: 13px } .muted { fill: #5d6068 } .none { fill: #c3bfb4 }
.proved { fill: #17683d } .refuted { fill: #a5261d } .unknown { fill: #775000 }
@media (prefers-color-scheme: dark) {
text { fill: #ebe9e4 } .paper { fill: #14161a } .chip { fill: #1c1f25; stroke: #353a43 } .edge { stroke: #5a6170 }
.head { fill: #5a6170 } .back .edge { stroke: #9d93d6 } .back .head { fill: #9d93d6 }
.muted { fill: #a4a8b1 } .none { fill: #464c57 } .proved { fill: #74ca9b } .refuted { fill: #ff958b }
.unknown { fill: #e3b34f } }
"""


def graph_svg(overview: Overview) -> str:
    """An SVG document."""
    plan = estate_plan(overview)
    width, height = plan.width + 2 * _MARGIN, plan.height + 2 * _MARGIN + _HEAD
    headline = _text(overview_headline(overview), 200)
    box = f'viewBox="{-_MARGIN} {-_MARGIN - _HEAD} {width} {height}" width="{width}" height="{height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" aria-label="{headline}">',
        f"<style>{_STYLE}</style>",
        f'<rect class="paper" x="{-_MARGIN}" y="{-_MARGIN - _HEAD}" width="{width}" height="{height}"/>',
        f'<text class="muted" x="0" y="{-_HEAD}">{headline}</text>',
    ]
    places = plan.places
    boxes = {name: CardBox(x, y, CHIP_WIDTH, CHIP_HEIGHT) for name, (x, y) in places.items()}
    ways, flows = Ways(boxes.values()), _flows_between(overview)
    for system_overview in overview.systems:
        name = system_overview.system.name
        lines += [_edge(ways.way(boxes[name], boxes[to]), flows[name, to]) for to in system_overview.feeds]
    lines += [
        f'<text class="muted" x="{label.x}" y="{label.y}">{_text(label.text, 30)}</text>' for label in plan.labels
    ]
    for system_overview in overview.systems:
        lines += _chip(system_overview, *places[system_overview.system.name])
    return "\n".join([*lines, "</svg>"]) + "\n"


def _flows_between(overview: Overview) -> dict[tuple[str, str], list[Link]]:
    """Per pair of systems, the flows that lead from the one to the other."""
    flows: dict[tuple[str, str], list[Link]] = {}
    for link in overview.links:
        for system in dict.fromkeys(source.system for source in link.sources):
            flows.setdefault((system, link.target.system), []).append(link)
    return flows


def _edge(way: CardWay, flows: Sequence[Link]) -> str:
    """A line with its arrowhead, and the flows that it stands for."""
    named = [_text(flow_words(link), 300) for link in flows[:_MOST_FLOWS]]
    if len(flows) > _MOST_FLOWS:
        named.append(f"and {len(flows) - _MOST_FLOWS:,} more")
    back = " back" if way.back else ""
    title = "\n".join(named)
    return (
        f'<g class="way{back}"><title>{title}</title><path class="edge" d="{way.path}"/>'
        f'<path class="head" d="{way.head}"/></g>'
    )


def _chip(system_overview: SystemOverview, x: int, y: int) -> Iterator[str]:
    verdicts = system_overview.meets if system_overview.is_entry else system_overview.makes
    worst, system = verdicts.worst, system_overview.system
    owner = system.owner.team if system.owner else "no owner is named"
    state = _MARKS[worst] if worst != "refuted" else f"✕ {verdicts.refuted:,} missing"
    yield f'<g transform="translate({x} {y})"><title>{_text(system.name, 200)}</title>'
    yield f'<rect class="chip" width="{CHIP_WIDTH}" height="{CHIP_HEIGHT}" rx="7"/>'
    yield f'<rect class="{worst or "none"}" width="6" height="{CHIP_HEIGHT}" rx="3"/>'
    yield f'<text class="title" x="17" y="32">{_cut(worded(system.title) or system.name, _TITLE_CELLS)}</text>'
    yield f'<text class="muted" x="17" y="52">{_cut(owner, _SMALL_CELLS)}</text>'
    words = " · ".join(part for part in ("entry" if system_overview.is_entry else "", state) if part)
    yield f'<text class="{worst or "muted"}" x="17" y="71">{_cut(words, _SMALL_CELLS)}</text></g>'


def _text(text: str, most: int) -> str:
    return xml_escape(escape(brief(text, most)), {'"': "&quot;"})


def _cut(text: str, cells: int) -> str:
    return xml_escape(first_cells(escape(text), cells))
