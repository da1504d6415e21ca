"""A graph for Graphviz: the DOT language (graphviz.org/doc/info/lang.html).

Every field that takes part in a flow, in a box for its entity in a box for its system.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...checker.messages import brief
from ...documents.local_text import worded
from ...values.show import escape
from ..phrases import flow_remarks, flow_words

if TYPE_CHECKING:
    from ...checker.verdict.overview import Overview
    from ...documents.names import FieldName

_COLOURS = {"proved": "#17683d", "refuted": "#a5261d", "unknown": "#775000"}


def graph_dot(overview: Overview) -> str:
    """A directed graph from left to right."""
    numbers: dict[FieldName, int] = {}
    for link in overview.links:
        for field in (*link.sources, link.target):
            numbers.setdefault(field.full_name, len(numbers))
    colours = _colours(overview)
    lines = [
        f"digraph {_quoted(overview.estate.name)} {{",
        '  graph [rankdir=LR, fontname="sans-serif"]',
        '  node [shape=box, style=rounded, fontname="sans-serif", fontsize=11]',
        '  edge [fontname="sans-serif", fontsize=9, color="#8a8f98"]',
    ]
    for number, system_overview in enumerate(overview.systems):
        entities = [
            (entity, [field for field in entity.fields.values() if field.full_name in numbers])
            for entity in system_overview.system.entities.values()
        ]
        if not any(fields for _, fields in entities):
            continue
        title = worded(system_overview.system.title) or system_overview.system.name
        lines += [f"  subgraph cluster_{number} {{", f"    label={_quoted(title)}"]
        for place, (entity, fields) in enumerate(entities):
            if fields:
                lines.append(
                    f"    subgraph cluster_{number}_{place} {{ label={_quoted(worded(entity.title) or entity.name)}"
                )
                for field in fields:
                    colour = f', color="{colours[field.full_name]}"' if field.full_name in colours else ""
                    name, tooltip = _quoted(field.name), _quoted(str(field.full_name))
                    lines.append(f"      f{numbers[field.full_name]} [label={name}, tooltip={tooltip}{colour}]")
                lines.append("    }")
        lines.append("  }")
    for link in overview.links:
        said = "; ".join([*([link.sentence] if link.sentence else []), *flow_remarks(link)])
        words = f"label={_quoted(said)}, edgetooltip={_quoted(flow_words(link), 400)}" if said else ""
        style = "" if link.exact else "style=dashed"
        attributes = ", ".join(part for part in (words, style) if part)
        for source in dict.fromkeys(source.full_name for source in link.sources):
            lines.append(f"  f{numbers[source]} -> f{numbers[link.target.full_name]} [{attributes}]")
    return "\n".join([*lines, "}"]) + "\n"


def _colours(overview: Overview) -> dict[FieldName, str]:
    verdicts: dict[FieldName, set[str]] = {}
    for entry_obligation in overview.obligations:
        for name in entry_obligation.obligation.fields:
            verdicts.setdefault(name, set()).add(entry_obligation.obligation.verdict)
    worst_first = ("refuted", "unknown", "proved")
    return {name: _COLOURS[next(v for v in worst_first if v in seen)] for name, seen in verdicts.items()}


def _quoted(text: str, most: int = 120) -> str:
    shown = escape(brief(text, most)).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{shown}"'
