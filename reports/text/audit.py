"""An audit as text: table by table, the constraints that rows break, with counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...checker.messages import brief, count, listed
from .page import BAD, FAINT, GOOD, STRONG, UNSURE, Page
from .rows import put_broken, put_not_known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...estate.load import Estate
    from ...rows.audit.audited import Audited
    from .page import Look

_SHOWN = 12
"""Columns, or fields, that are named."""


def audit_text(audited: Sequence[Audited], name: str, estate: Estate, look: Look) -> str:
    """Every table."""
    page = Page(look)
    doubtful = any(each.not_known for each in audited)
    clean = all(each.is_clean for each in audited)
    page.line((audit_headline(audited, name), BAD if not clean else UNSURE if doubtful else GOOD))
    quiet = [each for each in audited if _is_quiet(each)]
    for each in audited:
        if _is_quiet(each):
            continue
        page.blank()
        page.line((str(each.entity.full_name), STRONG), f"  {_said(each)}")
        if each.broken or each.repeated:
            put_broken(page, each.broken, each.repeated, estate)
        if each.not_known:
            put_not_known(page, each.not_known)
        for names, said in (
            (each.absent, "No column, so null in every row"),
            (each.ignored, "Columns that are no field"),
        ):
            if names:
                page.line(
                    (f"{said}: ", FAINT), listed([brief(word) for word in names], "and", _SHOWN), indent=2, hang=2
                )
    if quiet:
        page.blank()
        quiet_names = [f"{each.entity.full_name} ({count(each.rows or 0, 'row')})" for each in quiet]
        page.line(("Meets its contract: ", FAINT), listed(quiet_names, "and", _SHOWN), hang=2)
    return page.render()


def _is_quiet(each: Audited) -> bool:
    """Whether there is nothing to report about it."""
    return each.is_clean and not (each.not_known or each.absent or each.ignored)


def audit_headline(audited: Sequence[Audited], name: str) -> str:
    """The result in a line."""
    broken = sum(len(each.broken) + len(each.repeated) for each in audited)
    gone = sum(each.rows is None for each in audited)
    constraints = sum(each.obligations for each in audited)
    rows = sum(each.rows or 0 for each in audited)
    sentence = f"{name}: {broken} of {count(constraints, 'constraint')} broken in {count(rows, 'row')}"
    known = "" if broken or gone or not any(each.not_known for each in audited) else ", as far as known"
    missing = f"; {count(gone, 'table is', 'tables are')} missing" if gone else ""
    return f"{sentence}{known}{missing}."


def _said(each: Audited) -> str:
    if each.rows is None:
        return "the database has no such table"
    if each.is_clean:
        return f"{count(each.rows, 'row')}, all meet the contract{', as far as known' if each.not_known else ''}"
    return count(each.rows, "row")
