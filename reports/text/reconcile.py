"""Two systems compared, as text for whoever leads the support: how many records, in what, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...checker.messages import count, field_title, listed
from ...checker.record.stop import WRONG_STATES
from ..record_words import title_of
from .page import BAD, FAINT, GOOD, STRONG, UNSURE, WARNING, Page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...checker.record.stop import StopState
    from ...estate.load import Estate
    from ...rows.reconcile.answer import ReconcileAnswer, ReconciledPair, StateCount
    from .page import Look

_MOST_REASONS = 6


def reconcile_text(answer: ReconcileAnswer, look: Look) -> str:
    """The whole report."""
    page = Page(look)
    is_wrong = any(pair.is_wrong for pair in answer.pairs)
    page.line((reconcile_headline(answer), GOOD if answer.is_well else BAD if is_wrong else UNSURE))
    for pair in answer.pairs:
        page.blank()
        _put_pair(page, pair, answer.estate)
    for name, reason in answer.unpaired.items():
        page.blank()
        page.line((f"{name} was not compared", UNSURE), f": {reason}", hang=2)
    return page.render()


def reconcile_headline(answer: ReconcileAnswer) -> str:
    """What was found, in a line."""
    names = f"{answer.first} and {answer.second}"
    wrong = sum(_wrong_records(pair) for pair in answer.pairs)
    if wrong:
        return f"{names}: {count(wrong, 'record is', 'records are')} not as the flows make them."
    if any(pair.is_wrong for pair in answer.pairs):
        return f"{names}: something is wrong."
    if not answer.is_well:
        return f"{names}: nothing wrong was found, but not everything is known."
    matched = sum(pair.matched for pair in answer.pairs)
    return f"{names}: {count(matched, 'record holds what it', 'records hold what they')} must hold."


def _wrong_records(pair: ReconciledPair) -> int:
    """The records that are missing, that nothing explains, or in which a field is wrong or not known."""
    missing = sum(each.records for each in pair.missing if each.state in WRONG_STATES)
    return missing + (0 if pair.is_explained else pair.extra) + (pair.matched - pair.agreeing if pair.is_wrong else 0)


def _put_pair(page: Page, pair: ReconciledPair, estate: Estate) -> None:
    source, target = title_of(estate, pair.source), title_of(estate, pair.target)
    page.line(
        (f"{source} to {target}", STRONG), (f"  {pair.source.full_name} -> {pair.target.full_name}", FAINT), hang=2
    )
    key = listed([field_title(pair.target.fields[name]) for name in pair.key])
    page.line(f"{pair.source_records:,} in {source}, {pair.target_records:,} in {target}", indent=2, hang=2)
    page.line(f"{pair.matched:,} were found in both, by {key}", indent=2, hang=2)
    if pair.withheld:
        page.line(f"{pair.withheld:,} are not meant for {target}, and were left out", indent=2, hang=2)
    style = GOOD if pair.agreeing == pair.matched else WARNING
    page.line((f"{pair.agreeing:,} of {pair.matched:,}", style), " hold what they must by now", indent=2, hang=2)
    _put_missing(page, pair, target)
    if pair.extra:
        words = f"{count(pair.extra, 'record is', 'records are')} in {target} alone"
        if pair.elsewhere:
            names = listed([str(name) for name in pair.elsewhere], last="or", most=4)
            page.line((words, FAINT), f": they may come from {names}, which was not compared", indent=2, hang=2)
        else:
            page.line((words, BAD), f": nothing but {source} brings records there", indent=2, hang=2)
    if pair.several:
        words = f"{count(pair.several, 'record shares its', 'records share their')} key with another one"
        page.line((words, UNSURE), ": none of them was compared", indent=2, hang=2)
    _put_fields(page, pair)


def _put_missing(page: Page, pair: ReconciledPair, target: str) -> None:
    number = sum(each.records for each in pair.missing)
    if number:
        is_wrong = any(each.state in WRONG_STATES for each in pair.missing)
        words = f"{count(number, 'record is', 'records are')} missing in {target}"
        page.line((words, BAD if is_wrong else UNSURE), indent=2)
        _put_counts(page, pair.missing, _MISSING_WORDS)


def _put_fields(page: Page, pair: ReconciledPair) -> None:
    for each in pair.fields:
        title = (field_title(each.field), STRONG)
        if each.unread is not None:
            page.line(title, ": not known in any record. ", (each.unread, UNSURE), indent=2, hang=2)
            continue
        if each.counts:
            carried = f"  carried by {listed(each.carriers)}" if each.carriers else ""
            page.line(title, (carried, FAINT), indent=2, hang=2)
            _put_counts(page, each.counts, _HELD_WORDS)
    well = [field_title(each.field) for each in pair.compared if not each.counts]
    if well:
        page.line(("as expected in every record: ", GOOD), listed(well, most=12), indent=2, hang=2)


def _put_counts(page: Page, counts: Sequence[StateCount], words: Mapping[StopState, str]) -> None:
    for each in counts[:_MOST_REASONS]:
        reason = "" if each.reason is None else f": {each.reason}"
        state = words.get(each.state, each.state)
        page.line((f"{each.records:,}  {state}", _STYLES.get(each.state, BAD)), reason, indent=4, hang=2)
    rest = counts[_MOST_REASONS:]
    if rest:
        page.line(f"{sum(each.records for each in rest):,} for {count(len(rest), 'further reason')}", indent=4)


_MISSING_WORDS: Mapping[StopState, str] = {
    "differs": "never arrived",
    "overdue": "overdue: should have arrived by now",
    "not yet due": "under way",
}
_HELD_WORDS: Mapping[StopState, str] = {
    "differs": "something else is held",
    "overdue": "overdue: the change should have arrived by now",
    "not yet due": "under way",
}
_STYLES: Mapping[StopState, str] = {"not yet due": FAINT, "not known": UNSURE}
