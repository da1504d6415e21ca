"""The picture of the README: the lineage page's own drawing of nordbank, with the witness of a finding on its way."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from fieldline.checker.verdict.overview import overview_of
from fieldline.estate.load import load_estate
from fieldline.reports.graph.svg import graph_svg
from fieldline.values.show import show

if TYPE_CHECKING:
    from fieldline.checker.finding import Finding, Hop

NORDBANK = Path(__file__).resolve().parents[1] / "examples" / "nordbank"
_SECONDS = 12
_WALKING = 75
"""How much of that time the witness walks, in per cent; then the picture stands."""
_STYLE = """<style>
.walked {{ fill: none; stroke: #a5261d; stroke-width: 2 }}
.seen text {{ font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 12px; font-weight: 600; fill: #a5261d;
  paint-order: stroke; stroke: #faf9f6; stroke-width: 4px }}
.walker {{ fill: #a5261d; opacity: 0 }}
@media (prefers-color-scheme: dark) {{ .walked {{ stroke: #ff958b }} .seen text, .walker {{ fill: #ff958b }}
.seen text {{ stroke: #14161a }} }}
@media (prefers-reduced-motion: no-preference) {{
.walker {{ offset-path: path("{path}"); offset-rotate: 0deg; animation: walk {seconds}s linear infinite }}
.seen text {{ animation: {seconds}s infinite }}
@keyframes walk {{
  0% {{ offset-distance: 0%; opacity: 1 }}
  {walking}% {{ offset-distance: 100%; opacity: 1 }}
  {after}%, 100% {{ offset-distance: 100%; opacity: 0 }}
}}
{appearing}
}}
</style>"""


def walk_svg() -> str:
    """The drawing, with the way of a user name that the mainframe rejects."""
    overview = overview_of(load_estate(NORDBANK))
    (finding,) = (
        each
        for each in overview.findings
        if each.rule == "escape" and str(each.field) == "web.signup.username" and each.binding is not None
    )
    return with_walk(graph_svg(overview), finding)


def with_walk(drawing: str, finding: Finding) -> str:
    """A drawing of all systems with the way of a finding's witness: each edge marked, each value below its system."""
    hops = finding.hops
    ways = [_way(drawing, str(a.field), str(b.field)) for a, b in pairwise(hops)]
    first, *others = ways
    path = first + "".join(f"L{way.removeprefix('M')}" for way in others)
    times = [round(_WALKING * number / (len(hops) - 1)) for number in range(len(hops))]
    style = _STYLE.format(
        path=path,
        seconds=_SECONDS,
        walking=_WALKING,
        after=_WALKING + 1,
        appearing="\n".join(
            f".seen text:nth-child({number}) {{ animation-name: seen{number} }}\n"
            f"@keyframes seen{number} {{ 0%, {max(0, time - 1)}% {{ opacity: {0 if time else 1} }} "
            f"{time}%, 100% {{ opacity: 1 }} }}"
            for number, time in enumerate(times, 1)
        ),
    )
    edges = "".join(f'<path class="walked" d="{way}"/>' for way in ways)
    values = "".join(_value(drawing, hop) for hop in hops[:-1])
    assert finding.binding is not None
    values += _value(drawing, hops[-1], f"✕ {finding.binding.sentence}")
    return drawing.replace(
        "</svg>", f'{style}\n{edges}\n<g class="seen">{values}</g>\n<circle class="walker" r="6"/>\n</svg>'
    )


def _way(drawing: str, source: str, target: str) -> str:
    """The line between the systems of two fields."""
    for title, path in re.findall(
        r'<g class="way"><title>(.*?)</title><path class="edge" d="([^"]+)"', drawing, re.DOTALL
    ):
        if any(line.startswith(f"{source} → {target};") for line in title.splitlines()):
            return str(path)
    raise LookupError(f"no flow is drawn from {source} to {target}")


def _value(drawing: str, hop: Hop, reason: str = "") -> str:
    """The value below its system, and below that the reason why it is rejected."""
    place = re.search(rf'<g transform="translate\((\d+) (\d+)\)"><title>{re.escape(hop.field.system)}<', drawing)
    assert place is not None, hop.field
    left, top = int(place[1]) + 6, int(place[2]) + 101
    shown = escape(show(hop.value))  # type: ignore[arg-type]  # a witness has a value everywhere
    more = f'<tspan x="{left}" dy="16">{escape(reason)}</tspan>' if reason else ""
    return f'<text x="{left}" y="{top}">{shown}{more}</text>'
