"""Drift as text: field by field, the worst first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...checker.messages import brief, count, listed
from ...values.show import show
from ..phrases import constraints_words
from .page import BAD, FAINT, GOOD, STRONG, UNSURE, Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...rows.drift import Drifted, Standing
    from .page import Look

_ORDER: tuple[Standing, ...] = ("refused there", "not there", "unknown", "not enforced", "not written")
_HEADS = {
    "refused there": ("The database accepts less than the contract says", BAD),
    "not there": ("The database has no such column", BAD),
    "unknown": ("Not known, so not safe", UNSURE),
    "not enforced": ("Not enforced: the database accepts values that the contract rejects", UNSURE),
    "not written": ("Columns that the contract does not have", FAINT),
}


def drift_text(drifted: Sequence[Drifted], name: str, look: Look) -> str:
    """All fields that differ."""
    page = Page(look)
    page.line((drift_headline(drifted, name), BAD if any(each.is_wrong for each in drifted) else GOOD))
    for standing in _ORDER:
        here = [each for each in drifted if each.standing == standing]
        if here:
            page.blank()
            page.line(_HEADS[standing])
        for each in here:
            _put(page, each)
    apart = [each for each in drifted if each.standing == "the same" and each.apart]
    if apart:
        page.blank()
        page.line(("The same values, and keys, defaults or references that differ", UNSURE))
        for each in apart:
            page.line((str(each.name), STRONG), indent=2)
            _apart_line(page, each)
    return page.render()


def _apart_line(page: Page, each: Drifted) -> None:
    """What else the two say differently of a field."""
    for said in each.apart:
        words = f"{said.what}: {said.written or 'none'} in the contract, {said.enforced or 'none'} in the database"
        page.line((brief(words, 300), BAD if said.is_wrong else FAINT), indent=4, hang=2)


def drift_headline(drifted: Sequence[Drifted], name: str) -> str:
    """The result in a line."""
    counts: dict[str, int] = {standing: sum(each.standing == standing for each in drifted) for standing in _ORDER}
    same = sum(each.standing == "the same" for each in drifted)
    parts = [
        f"{count(counts[standing], 'field')} {words}"
        for standing, words in (
            ("refused there", "promised and rejected by the database"),
            ("not there", "without a column"),
            ("unknown", "not known"),
            ("not enforced", "not fully enforced"),
        )
        if counts[standing]
    ]
    differ = sum(any(said.is_wrong for said in each.apart) for each in drifted)
    if differ:
        parts.append(f"{count(differ, 'field')} with other keys, defaults or references")
    parts.append(f"{count(same, 'field')} the same")
    return f"{name}: {listed(parts)}."


def _put(page: Page, each: Drifted) -> None:
    page.line((str(each.name), STRONG), indent=2)
    if each.written is not None:
        page.line(
            "contract: ",
            constraints_words(each.written.constraints),
            (f"  {each.written.location}", FAINT),
            indent=4,
            hang=2,
        )
    if each.column is not None:
        page.line("database: ", constraints_words(each.column.constraints), indent=4, hang=2)
        for rule in each.column.declared:
            page.line(f"in the database, and not enforced: {brief(rule, 160)}", indent=4, hang=2)
    for value in each.rejected:
        page.line((f"the contract accepts {show(value)}, and the database rejects it", BAD), indent=4, hang=2)
    for value in each.taken:
        page.line(f"the database accepts {show(value)}, which the contract rejects", indent=4, hang=2)
    _apart_line(page, each)
    if each.reason is not None:
        page.line((brief(each.reason, 300), UNSURE), indent=4, hang=2)
