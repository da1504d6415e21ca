"""What entries refused of a subject, as text: the latest first, values masked unless they are opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...checker.messages import count, listed
from ...values.show import escape, show
from .page import FAINT, STRONG, UNSURE, Page

if TYPE_CHECKING:
    from ...rows.answers import AttemptsAnswer, KeptAttempt
    from .page import Look

_MASK = "••••"


def attempts_text(answer: AttemptsAnswer, look: Look) -> str:
    """The whole report."""
    page = Page(look)
    page.line((attempts_headline(answer), STRONG if answer.attempts else UNSURE))
    for attempt in answer.attempts:
        page.blank()
        page.line(
            (f"{attempt.when:%Y-%m-%d %H:%M} UTC", FAINT),
            f"  {escape(attempt.channel)}: ",
            (_typed(attempt), STRONG),
            indent=2,
            hang=2,
        )
        page.line(f"{escape(attempt.obligation)} ({escape(attempt.system)})", indent=4, hang=2)
    if answer.attempts and not answer.is_opened:
        page.blank()
        page.line(("What was typed is masked. To see it: --open REASON, which is written down.", FAINT), indent=2)
    return page.render()


def attempts_headline(answer: AttemptsAnswer) -> str:
    """How many there are."""
    if not answer.attempts:
        return f"Nothing is kept that was refused of {show(answer.subject)}."
    channels = listed(list(dict.fromkeys(escape(attempt.channel) for attempt in answer.attempts)))
    return f"{count(len(answer.attempts), 'refusal')} of {show(answer.subject)}, by {channels}."


def _typed(attempt: KeptAttempt) -> str:
    values = attempt.values
    return ", ".join(
        f"{escape(name)} = {_MASK if values is None else show(values.get(name))}" for name in attempt.fields
    )
