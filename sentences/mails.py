"""E-mails in one language: to a customer, and to whoever leads a team. Nothing is sent here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .speech import Speech


@dataclass(frozen=True, slots=True)
class Mail:
    """A text to be sent."""

    subject: Phrase
    body: Phrase
    """Paragraphs, with an empty line between two."""


def correcting_mail(speech: Speech, estate: Phrase, said: Phrase, moment: Phrase | None, case: Phrase) -> Mail:
    """What is wrong is being corrected. `said`: what was wrong, for the customer; `moment`: by when; `case`: its number."""
    say = speech.say
    when = [] if moment is None else [say("We expect it to be correct by: {moment}.", moment=moment)]
    again = say("You needn't explain again: your case has the number {case}.", case=case)
    return _mail(speech, estate, say("{estate}: we are correcting your details", estate=estate), [said, *when, again])


def late_mail(speech: Speech, estate: Phrase, moment: Phrase, following: Phrase | None) -> Mail:
    """A promise was broken. `moment`: what was promised; `following`: when the customer hears, if that is known."""
    say = speech.say
    late = say("You should have heard from us by now: {moment}. We are sorry.", moment=moment)
    word = [] if following is None else [say("You will hear from us: {moment}.", moment=following)]
    return _mail(speech, estate, say("{estate}: we are late", estate=estate), [late, *word])


def corrected_mail(speech: Speech, estate: Phrase, missed: Sequence[Phrase]) -> Mail:
    """All is well. `missed`: what is sent again."""
    say = speech.say
    done = say("Your details are correct now, in all of our systems.")
    again = [say("We send again: {missed}.", missed=speech.listed(list(missed)))] if missed else []
    return _mail(speech, estate, say("{estate}: your details are correct again", estate=estate), [done, *again])


def broken_promise_mail(speech: Speech, number: Phrase, problem: Phrase, moment: Phrase, address: Phrase) -> Mail:
    """To whoever leads the team that has the case."""
    say = speech.say
    subject = say("Promise broken: case {case}", case=number)
    promise = say("Promised: {moment}. Please look at it, and tell the customer.", moment=moment)
    return Mail(subject, Phrase(f"{problem}\n\n{promise}\n\n{address}"))


def _mail(speech: Speech, estate: Phrase, subject: Phrase, paragraphs: Sequence[Phrase]) -> Mail:
    greeting, end = speech.say("Hello,"), speech.say("Kind regards")
    return Mail(subject, Phrase("\n\n".join((greeting, *paragraphs, f"{end}\n{estate}"))))
