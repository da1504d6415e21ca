"""What the desk does by itself: it says which promises are broken, sends events out, and forgets what is over.

Events are CloudEvents (1.0, structured mode, JSON) over HTTP. Each is sent again until it is taken: whoever gets one twice
knows it by its `id`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from ...cases.retention import forget
from ...cases.tables import instant
from ...checker.diff.stored_rows import Unreadable
from ...documents.local_text import LANGUAGE_NAMES
from ...sentences.desk import time_of_day_phrase
from ...sentences.mails import broken_promise_mail
from ...sentences.phrase import Phrase
from ...sentences.speech import speech
from ...values.instants import in_zone

if TYPE_CHECKING:
    from ...cases.outgoing import CaseEvent, OutgoingEvents
    from ...cases.store import CaseStore
    from ...documents.local_text import SpokenLanguage
    from ...rows.durable import OwnDatabase
    from ...sentences.mails import Mail
    from .settings import DeskSettings

_LOG = logging.getLogger("fieldline.web")
_PAUSE = timedelta(seconds=10)
_BETWEEN_FORGETTING = timedelta(hours=1)
_SECONDS = 10
"""Until another system has taken an event; else it is sent again later."""


class Housekeeping:
    """One round after the other, until the server stops."""

    def __init__(
        self, settings: DeskSettings, database: OwnDatabase, cases: CaseStore, outgoing: OutgoingEvents
    ) -> None:
        self._settings = settings
        self._database = database
        self._cases = cases
        self._outgoing = outgoing
        self._forgot = datetime.min.replace(tzinfo=UTC)

    async def run(self) -> None:
        """Go on until cancelled; what fails is tried again in the next round."""
        while True:
            try:
                await self._round(datetime.now(UTC))
            except Unreadable as error:
                _LOG.error("%s", error.message)
            await asyncio.sleep(_PAUSE.total_seconds())

    async def _round(self, now: datetime) -> None:
        await asyncio.to_thread(self._cases.break_promises, now)
        if now - self._forgot > _BETWEEN_FORGETTING:
            await asyncio.to_thread(forget, self._database, now - self._settings.keep)
            self._forgot = now
        if self._settings.events is not None:
            await self._send(now)

    async def _send(self, now: datetime) -> None:
        import httpx

        by = self._settings.events
        assert by is not None  # noqa: S101 - asked by the caller
        token = {} if by.token is None else {"Authorization": f"Bearer {os.environ.get(by.token, '')}"}
        headers = {"Content-Type": "application/cloudevents+json", **token}
        async with httpx.AsyncClient(timeout=_SECONDS, follow_redirects=False, trust_env=False) as client:
            for event in await asyncio.to_thread(self._outgoing.next, now):
                body = json.dumps(cloud_event(event, self._settings))
                try:
                    answer = await client.post(os.environ.get(by.url, ""), content=body, headers=headers)
                    is_taken = answer.is_success
                except (httpx.HTTPError, httpx.InvalidURL):
                    is_taken = False
                if not is_taken:
                    _LOG.error("an event was not taken: it is sent again")
                    return
                await asyncio.to_thread(self._outgoing.sent, event.line)


def cloud_event(event: CaseEvent, settings: DeskSettings) -> dict[str, Any]:
    """An event as a CloudEvent. A broken promise brings the e-mail to whoever leads the team, in every language."""
    about = dict(event.data)
    if event.act == "promise broken":
        about["mail"] = {code: asdict(_broken(event, settings, code)) for code in LANGUAGE_NAMES}
    return {
        "specversion": "1.0",
        "id": str(event.line),
        "source": settings.address,
        "type": f"fieldline.case.{event.act.replace(' ', '_')}",
        "subject": f"case/{event.case}",
        "time": event.at.astimezone(UTC).isoformat(),
        "datacontenttype": "application/json",
        "data": about,
    }


def _broken(event: CaseEvent, settings: DeskSettings, language: SpokenLanguage) -> Mail:
    said, zone = speech(language), ZoneInfo(settings.zone)
    moments = [instant(text) for text in (event.data["promised"], event.data["next_word"]) if text]
    promised = min(moments, default=event.at)
    when = time_of_day_phrase(said, in_zone(promised, zone), in_zone(event.at, zone))
    address = Phrase(f"{settings.address}/desk/cases/{event.case}")
    return broken_promise_mail(said, Phrase(str(event.case)), Phrase(event.problem[language]), when, address)
