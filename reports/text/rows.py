"""The result of checking rows, as text: how many are rejected, by which constraint of which system."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...checker.messages import brief, count, listed, system_title
from ...documents.local_text import LANGUAGE_NAMES
from .page import BAD, FAINT, GOOD, STRONG, UNSURE, WARNING, Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...checker.finding import Binding
    from ...checker.requirement.requirement import NotKnown
    from ...estate.load import Estate
    from ...rows.answers import ValidateAnswer
    from ...rows.judged import Broken, Judged, Repeated
    from .page import Look, StyledText

_SHOWN = 12
"""Columns, or fields, that are named."""


def rows_text(answer: ValidateAnswer, look: Look) -> str:
    """All counts."""
    page, judged, estate = Page(look), answer.judged, answer.estate
    page.line((rows_headline(judged), BAD if not judged.is_clean else UNSURE if judged.not_known else GOOD))
    if judged.broken or judged.repeated:
        page.blank()
        put_broken(page, judged.broken, judged.repeated, estate)
    if answer.language is not None and answer.plain:
        page.blank()
        page.line((f"In plain words, in {LANGUAGE_NAMES[answer.language]}", STRONG))
        for rows, words in answer.plain:
            page.sentence(f"{rows:,}: {words}", indent=2, hang=2)
    systems = by_system(judged)
    if len(systems) > 1:
        page.blank()
        page.line(("By system", STRONG))
        for name, rows_there in systems.items():
            page.line(f"{system_title(estate, name)}: {rows_there:,}", indent=2)
    if judged.not_known:
        page.blank()
        put_not_known(page, judged.not_known)
    for names, said in (
        (judged.absent, "No column, so null in every row"),
        (judged.ignored, "Columns that are no field"),
    ):
        if names:
            page.blank()
            page.line((f"{said}: ", FAINT), listed([brief(name) for name in names], "and", _SHOWN), hang=2)
    return page.render()


def rows_headline(judged: Judged) -> str:
    """The verdict alone, in a line."""
    if not judged.rows:
        return "There are no rows."
    by_field: dict[str, int] = {}
    for each in judged.repeated:  # several systems may require it of one field
        by_field[each.unique.field] = max(each.rows, by_field.get(each.unique.field, 0))
    repeated = sum(by_field.values())
    also = f"; {count(repeated, 'value is', 'values are')} repeated, but must be unique" if repeated else ""
    if judged.rejected:
        return f"{judged.rejected:,} of {count(judged.rows, 'row')} would be rejected{also}."
    if repeated:
        return f"None of {count(judged.rows, 'row')} would be rejected by itself{also}."
    known = ", as far as known" if judged.not_known else ""
    return f"None of {count(judged.rows, 'row')} would be rejected{known}."


def by_system(judged: Judged) -> dict[str, int]:
    """Per system, how often its constraints are broken; a row counts for each constraint it breaks. Most first."""
    counts: dict[str, int] = {}
    for broken in judged.broken:
        for name in dict.fromkeys(binding.system for binding in broken.clause.bindings):
            counts[name] = counts.get(name, 0) + broken.rows
    for repeated in judged.repeated:
        system = repeated.unique.binding.system
        counts[system] = counts.get(system, 0) + repeated.rows
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def put_broken(page: Page, broken: Sequence[Broken], repeated: Sequence[Repeated], estate: Estate) -> None:
    """The number of rows that break each constraint, as a table."""
    rows: list[tuple[StyledText, ...]] = [
        tuple((word, FAINT) for word in ("rows", "field", "constraint", "of", "written at"))
    ]
    for each in broken:
        style = BAD if each.clause.effect == "refuse" else WARNING
        rows.append(_row(f"{each.rows:,}", style, " + ".join(each.clause.fields), each.clause.bindings[0], estate))
    for again in repeated:
        rows.append(_row(f"{again.rows:,}", BAD, again.unique.field, again.unique.binding, estate))
    page.table(rows, indent=2, yields=(2, 1, 3))


def put_not_known(page: Page, doubts: Sequence[NotKnown]) -> None:
    """The obligations that cannot be decided."""
    page.line(("Not known, so not safe", UNSURE))
    for doubt in doubts:
        page.line(f"{' + '.join(doubt.fields)}: {brief(doubt.reason, 300)}", indent=2, hang=2)


def _row(rows: str, style: str, fields: str, binding: Binding, estate: Estate) -> tuple[StyledText, ...]:
    system = system_title(estate, binding.system)
    return ((rows, style), fields, brief(binding.sentence, 160), system, (str(binding.location), FAINT))
