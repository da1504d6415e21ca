"""A graph for Markdown: Mermaid's flowchart (mermaid.js.org, syntax of version 11).

Fields that take part in a flow, by system; on every arrow the steps applied. Viewers reject large charts (500
arrows, 50,000 characters), so a larger estate is drawn by its systems, and the first line says so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...checker.messages import brief, count
from ...documents.local_text import worded
from ...values.show import escape
from ..phrases import flow_remarks

if TYPE_CHECKING:
    from ...checker.verdict.overview import Overview
    from ...documents.names import FieldName

_MOST_ARROWS = 400
_MOST_CHARACTERS = 45_000
_SPECIAL = re.compile(r"[^\w .,:;/+()=\[\]{}-]")
"""Signs with a meaning in a label; written as entities."""
_CLASSES = """\
  classDef refuted fill:#fbe9e6,stroke:#a5261d,color:#1b1d21
  classDef proved fill:#e6f2ea,stroke:#17683d,color:#1b1d21
  classDef unknown fill:#faf0d9,stroke:#775000,color:#1b1d21
"""


def graph_mermaid(overview: Overview) -> str:
    """A flowchart from left to right."""
    arrows = sum(len(link.sources) for link in overview.links)
    drawn = _fields(overview)
    if arrows <= _MOST_ARROWS and len(drawn) <= _MOST_CHARACTERS:
        return drawn
    return _systems(overview)


def _fields(overview: Overview) -> str:
    numbers: dict[FieldName, int] = {}
    for link in overview.links:
        for field in (*link.sources, link.target):
            numbers.setdefault(field.full_name, len(numbers))
    lines = [f"%% {count(len(numbers), 'field')} of {len(overview.fields):,} take part in a flow", "flowchart LR"]
    for number, system_overview in enumerate(overview.systems):
        taking_part = [
            field
            for entity in system_overview.system.entities.values()
            for field in entity.fields.values()
            if field.full_name in numbers
        ]
        if taking_part:
            lines.append(
                f'  subgraph s{number}["{_label(worded(system_overview.system.title) or system_overview.system.name)}"]'
            )
            lines += [
                f'    f{numbers[field.full_name]}["{_label(f"{field.entity}.{field.name}")}"]' for field in taking_part
            ]
            lines.append("  end")
    for link in overview.links:
        said = [part for part in (link.sentence, *flow_remarks(link)) if part]
        words = f'|"{"<br>".join(map(_label, said))}"|' if said else ""
        arrow = "-->" if link.exact else "-.->"
        for name in dict.fromkeys(source.full_name for source in link.sources):
            lines.append(f"  f{numbers[name]} {arrow}{words} f{numbers[link.target.full_name]}")
    verdicts: dict[FieldName, set[str]] = {}
    for entry_obligation in overview.obligations:
        for name in entry_obligation.obligation.fields:
            verdicts.setdefault(name, set()).add(entry_obligation.obligation.verdict)
    for name, seen in verdicts.items():
        if name in numbers:
            lines.append(f"  class f{numbers[name]} {_worst(seen)}")
    return "\n".join(lines) + "\n" + _CLASSES


def _systems(overview: Overview) -> str:
    numbers = {system_overview.system.name: number for number, system_overview in enumerate(overview.systems)}
    edges = [
        (system_overview.system.name, target)
        for system_overview in overview.systems
        for target in system_overview.feeds
    ]
    shown = edges[:_MOST_ARROWS]
    lines = [
        f"%% Too large for fields: systems, {len(shown):,} of {count(len(edges), 'connection')} drawn",
        "flowchart LR",
    ]
    drawn = dict.fromkeys(name for edge in shown for name in edge)
    for name in drawn:
        system_overview = overview.systems[numbers[name]]
        lines.append(f'  s{numbers[name]}["{_label(worded(system_overview.system.title) or name)}"]')
    lines += [f"  s{numbers[source]} --> s{numbers[target]}" for source, target in shown]
    for name in drawn:
        system_overview = overview.systems[numbers[name]]
        worst = (system_overview.meets if system_overview.is_entry else system_overview.makes).worst
        if worst:
            lines.append(f"  class s{numbers[name]} {worst}")
    return "\n".join(lines) + "\n" + _CLASSES


def _worst(verdicts: set[str]) -> str:
    return next(verdict for verdict in ("refuted", "unknown", "proved") if verdict in verdicts)


def _label(text: str) -> str:
    return _SPECIAL.sub(lambda match: f"#{ord(match[0])};", escape(brief(text, 60)))
