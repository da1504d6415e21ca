"""The estate that `fieldline init --from` writes: contracts that read the sources found, flows, and what was guessed."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING

from .text.page import FAINT, GOOD, STRONG, Page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..application.proposal import EstateProposal, GuessedFlow, ProposedLineage
    from ..documents.names import EntityName
    from ..formats.found import FoundSource
    from .text.page import Look

_MOST_SHOWN = 12
_NOTE = '"a guess: the names agree"'
_TITLES = {"json_schema": "JSON Schema", "openapi": "OpenAPI", "odcs": "data contract", "sql": "SQL", "dbt": "dbt"}


def proposed_files(proposal: EstateProposal, folder: str) -> Mapping[str, str]:
    """The files' texts, by their names relative to the estate; `folder`: the one for contracts and lineage, or ""."""
    prefix = f"{folder}/" if folder else ""
    files = {f"{prefix}contracts/{source.system}.yaml": _contract(source) for source, _ in proposal.systems}
    for number, lineage in enumerate(proposal.lineage, 1):
        name = lineage.format if number == 1 or lineage.format == "dbt" else f"{lineage.format}_{number}"
        files[f"{prefix}lineage/{name}.yaml"] = _lineage(lineage)
    if proposal.flows:
        files[f"{prefix}lineage/guessed.yaml"] = _guesses(proposal.flows)
    has_lineage = bool(proposal.lineage or proposal.flows)
    files["fieldline.yaml"] = _estate(proposal, prefix, has_lineage=has_lineage)
    return files


def _estate(proposal: EstateProposal, prefix: str, *, has_lineage: bool) -> str:
    lines = [f"estate: {proposal.name}"]
    if prefix:
        lines.append(f"contracts: {prefix}contracts")
    if not has_lineage:
        lines.append(
            "lineage: []   # no flow was found or guessed: write some into a folder lineage, and drop this line"
        )
    elif prefix:
        lines.append(f"lineage: {prefix}lineage")
    return "\n".join(lines) + "\n"


def _contract(source: FoundSource) -> str:
    guesses = [f"# Guessed: {guess}. Confirm it, or correct it." for guess in source.guesses]
    options = [f"    {key}: {_quoted(value)}" for key, value in source.options.items()]
    return "\n".join(
        [
            *guesses,
            f"system: {source.system}",
            "# owner: {team: …}   # whom findings are for",
            "from:",
            f"  {source.format}:",
            f"    files: {_list(source.files)}",
            *options,
            "",
        ]
    )


def _lineage(lineage: ProposedLineage) -> str:
    options = [f"    {key}: {_quoted(value)}" for key, value in lineage.options.items()]
    return "\n".join(["from:", f"  {lineage.format}:", f"    files: {_list(lineage.files)}", *options, "flows: []", ""])


def _guesses(flows: Sequence[GuessedFlow]) -> str:
    lines = [
        "# Guessed by `fieldline init --from`: the names agree, and the types. Of each flow, drop the note if it is so;",
        "# or correct it, with the steps between the two (via) and what carries it (by); or delete it.",
        "flows:",
    ]
    lines += [f"  - {{from: {flow.source}, to: {flow.target}, writes: some, note: {_NOTE}}}" for flow in flows]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _list(names: Sequence[str]) -> str:
    return _quoted(names[0]) if len(names) == 1 else f"[{', '.join(map(_quoted, names))}]"


def proposed_text(folder: str, names: Sequence[str], proposal: EstateProposal, look: Look) -> str:
    """What was found, what was guessed, what was left out, and the next steps."""
    page = Page(look)
    page.line(
        ("An estate", GOOD), f" was written to {folder}: {_count(len(proposal.systems), 'system')}, read in place."
    )
    for name in names:
        page.line(name, indent=2)
    page.blank()
    page.line(("Read", STRONG))
    page.table(
        [
            (
                source.system,
                f"{_TITLES[source.format]}, {_count(entities, 'entity', 'entities')}: {_some(source.files)}",
            )
            for source, entities in proposal.systems
        ],
        indent=2,
    )
    for lineage in proposal.lineage:
        page.line(
            f"{_count(lineage.flows, 'flow')} from the {_TITLES[lineage.format]} of {_some(lineage.files)}", indent=2
        )
    guesses = [(source.system, guess) for source, _ in proposal.systems for guess in source.guesses]
    if guesses or proposal.flows:
        page.blank()
        page.line(("Guessed, to be confirmed", STRONG))
        page.table(guesses, indent=2)
        for (source, target), group in groupby(
            proposal.flows, lambda flow: (flow.source.entity_name, flow.target.entity_name)
        ):
            flows = list(group)
            fields = ", ".join(flow.target.field for flow in flows[:_MOST_SHOWN])
            more = f" and {len(flows) - _MOST_SHOWN} more" if len(flows) > _MOST_SHOWN else ""
            page.line(f"{source} -> {target}: ", (fields + more, FAINT), indent=2)
    if proposal.left_out:
        page.blank()
        page.line(("Left out", STRONG))
        page.table([(name, why) for name, why in proposal.left_out[:_MOST_SHOWN]], indent=2)
        if len(proposal.left_out) > _MOST_SHOWN:
            page.line(f"and {len(proposal.left_out) - _MOST_SHOWN} more", indent=2)
    page.blank()
    page.line(("Next", STRONG))
    here = "" if folder == "." else f" {folder}"
    page.table(
        [
            (f"fieldline check{here}", "the findings, each with its proof"),
            (f"fieldline graph{here} --output-file lineage.html", "the lineage as a page"),
        ],
        indent=2,
    )
    return page.render()


def _ends(flow: GuessedFlow) -> tuple[EntityName, EntityName]:
    return flow.source.entity_name, flow.target.entity_name


def _some(files: Sequence[str]) -> str:
    return files[0] if len(files) == 1 else f"{files[0]} and {len(files) - 1} more"


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
