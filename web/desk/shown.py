"""The desk's pages, filled in: what they need of the server, in the language of whoever reads them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from ...cases.tables import instant
from ...documents.local_text import LANGUAGE_NAMES
from ...reports.site.site import Frame
from ...sentences.desk import (
    act_words,
    incoming_words,
    money_phrases,
    not_theirs_sentence,
    others_words,
    page_words,
    stage_words,
    time_of_day_phrase,
)
from ...sentences.mails import corrected_mail, correcting_mail, late_mail
from ...sentences.phrase import Phrase, shown
from ...sentences.repairs import usual_time
from ...sentences.speech import speech
from ...values.instants import in_zone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...cases.case import HistoryLine, SupportCase
    from ...cases.held import HeldAction
    from ...cases.incoming import IncomingEvent
    from ...cases.sessions import Session
    from ...cases.store import Sharing
    from ...documents.local_text import SpokenLanguage
    from ...sentences.mails import Mail
    from .settings import DeskSettings

_OWN_NAMES: Mapping[SpokenLanguage, str] = {
    "fi": "suomi",
    "sv": "svenska",
    "nb": "norsk bokmål",
    "nl": "Nederlands",
    "en": "English",
}


_SOON = timedelta(hours=1)
"""Before a customer is to hear again, whoever promised it is reminded."""


class DeskPages:
    """Fills in the templates."""

    def __init__(self, settings: DeskSettings, *, is_trial: bool) -> None:
        self._settings = settings
        self._zone = ZoneInfo(settings.zone)
        self._is_trial = is_trial
        self._frames: dict[str, Frame] = {}
        self._words: dict[SpokenLanguage, Mapping[str, Phrase]] = {}
        self._style = (files(__package__) / "desk.css").read_text(encoding="utf-8")
        self._script = (files(__package__) / "desk.js").read_text(encoding="utf-8")

    def page(
        self,
        template: str,
        title: str,
        session: Session | None,
        about: Mapping[str, object],
        *,
        here: str = "/desk",
        language: SpokenLanguage | None = None,
    ) -> str:
        """A page in the language of a session, or of whoever has none.

        `title`: the estate's; `here`: the address that it comes back to.
        """
        language = session.language if session is not None else language or self._settings.language
        frame = self._frames.get(title)
        if frame is None:  # templates are compiled once
            frame = self._frames[title] = Frame(title, [__package__ or ""])
        if language not in self._words:
            self._words[language] = page_words(speech(language))
        context: dict[str, Any] = {
            "w": self._words[language],
            "lang": language,
            "languages": _OWN_NAMES,
            "session": session,
            "here": here,
            "home": "/desk" if session is None or session.person.may("agent") else "/index.html",
            "is_trial": self._is_trial,
        }
        return frame.page(
            template, "/", {**context, **about}, form_action="'self'", style=self._style, script=self._script
        )

    def moment(self, language: SpokenLanguage, moment: datetime | None) -> Phrase | str:
        """A moment by the desk's clock; empty where there is none."""
        return "" if moment is None else time_of_day_phrase(speech(language), in_zone(moment, self._zone), _now())

    def case_line(self, case: SupportCase, language: SpokenLanguage, now: datetime) -> dict[str, Any]:
        """A case as a line of a list."""
        about = case.facts.about
        return {
            "number": case.number,
            "kind": case.kind,
            "problem": about["problem"][language],
            "title": about["title"][language],
            "team": shown(case.facts.team),
            "person": shown(case.person) if case.person else "",
            "stage": stage_words(speech(language), case.state),
            "is_open": case.is_open,
            "is_broken": case.is_broken(now),
            "is_critical": case.facts.critical,
            "began": self.moment(language, case.began),
            "promised": self.moment(language, case.promised),
            "is_late": case.is_open and case.promised is not None and case.promised < now,
            "next_word": self.moment(language, case.next_word),
            "is_silent": case.is_open and case.next_word is not None and case.next_word < now,
            "is_soon": case.is_open and case.next_word is not None and now <= case.next_word < now + _SOON,
            "money": money_phrases(
                speech(language), {code: Decimal(amount) for code, amount in about.get("money", {}).items()}
            ),
            "told": self.moment(language, case.told),
            "told_language": _OWN_NAMES.get(case.told_language, "") if case.told_language else "",
            "record": case.record,
            "parent": case.parent,
            "version": case.version,
        }

    def not_theirs(self, session: Session, roles: Sequence[str]) -> Phrase | str:
        """That somebody may not change a record where it is repaired, and who may; empty where they may."""
        person = session.person
        if not roles or self._is_trial or not {*person.teams, *person.roles}.isdisjoint(roles):
            return ""
        return not_theirs_sentence(speech(session.language), roles)

    def sharing_words(self, language: SpokenLanguage, sharing: Sharing) -> Phrase | str:
        """Who else has a fault, since when; empty where nobody has."""
        if not sharing.records or sharing.first is None:
            return ""
        since = in_zone(sharing.first, self._zone).date()
        return others_words(speech(language), sharing.records, sharing.still_open, since)

    def held_line(self, held: HeldAction, language: SpokenLanguage) -> dict[str, Any]:
        """An action that is held."""
        return {
            "id": held.id,
            "version": held.version,
            "action": shown(held.action),
            "record": held.record,
            "state": held.state,
            "reason": held.reason,
            "tell": shown(held.tell) if held.tell else "",
            "until": self.moment(language, held.until),
            "goes": held.goes_unanswered and held.state == "waiting",
            "person": shown(held.person) if held.person else "",
        }

    def history_lines(self, lines: Sequence[HistoryLine], language: SpokenLanguage) -> list[dict[str, Any]]:
        """The history, the latest first."""
        words = speech(language)
        return [
            {
                "at": self.moment(language, instant(str(line.about["at"])) if "at" in line.about else line.at),
                "by": shown(line.by) if line.by else "",
                "act": act_words(words, line.act, _texts(line.about)),
                "text": line.text,
            }
            for line in reversed(lines)
        ]

    def incoming_line(self, event: IncomingEvent, language: SpokenLanguage, now: datetime) -> dict[str, Any]:
        """What another system told of a record."""
        goes = str(event.about.get("goes", ""))
        return {
            "at": self.moment(language, event.at),
            "record": event.record,
            "told": incoming_words(speech(language), event.kind, _texts(event.about)),
            "goes": self.moment(language, instant(goes)) if goes else "",
            "text": event.text,
            "answer_by": self.moment(language, event.answer_by),
            "is_late": event.answer_by is not None and event.answer_by < now,
        }

    def missed_lines(
        self, case: SupportCase, history: Sequence[HistoryLine], language: SpokenLanguage
    ) -> list[dict[str, Any]]:
        """What was not sent while the case was open, and what has become of it; nothing while it is open."""
        if case.is_open:
            return []
        done = {
            act: {str(line.about["action"]) for line in history if line.act == act} for act in ("send again", "sent")
        }
        return [
            {
                "action": action,
                "title": shown(titles[language]),
                "is_asked": action in done["send again"],
                "is_sent": action in done["sent"],
            }
            for action, titles in case.facts.about.get("missed", {}).items()
        ]

    def mail(self, case: SupportCase, language: SpokenLanguage, estate: str) -> Mail:
        """An e-mail to the customer about a case as it is now."""
        said, bank = speech(language), shown(estate)
        if not case.is_open:
            titles = case.facts.about.get("missed", {}).values()
            return corrected_mail(said, bank, [shown(title[language]) for title in titles])
        promise = self._moment_words(language, case.promised)
        if case.next_word is not None and case.next_word < _now():
            late = self._moment_words(language, case.next_word)
            is_ahead = case.promised is not None and case.promised > _now()
            return late_mail(said, bank, late or Phrase(""), promise if is_ahead else None)
        text = Phrase(case.facts.about.get("say", {}).get(language, "") or case.facts.about["problem"][language])
        return correcting_mail(said, bank, text, promise, Phrase(str(case.number)))

    def _moment_words(self, language: SpokenLanguage, moment: datetime | None) -> Phrase | None:
        return None if moment is None else Phrase(str(self.moment(language, moment)))

    def length(self, language: SpokenLanguage, length: timedelta | None, calendar: str | None) -> Phrase | str:
        """A usual time, in a sentence; empty where nobody says."""
        return "" if length is None else usual_time(speech(language), length, working=calendar is not None)

    @property
    def spoken(self) -> Mapping[SpokenLanguage, str]:
        """The languages by their codes, each in its own word."""
        return {code: _OWN_NAMES[code] for code in ("fi", "sv", "nb", "nl", "en") if code in LANGUAGE_NAMES}


def _texts(about: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: ", ".join(map(str, value)) if isinstance(value, list) else str(value) for name, value in about.items()
    }


def _now() -> datetime:
    return datetime.now(UTC)
