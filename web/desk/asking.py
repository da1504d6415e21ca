"""What the desk asks the workers: records found, read, and the teams that repair."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from unicodedata import category

from fastapi.responses import Response

from ...cases.case import CaseFacts
from ...cases.store import TeamTime
from ...reports.csv_text import csv_text
from ...values.error import FieldlineError
from ..answer import WebQuestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ...cases.case import SupportCase
    from ...cases.records import RecordNames
    from ...cases.store import CaseStore
    from ...documents.local_text import SpokenLanguage
    from ..answer import QuestionKind, WebAnswer
    from ..live import LiveEstate
    from .settings import DeskSettings


PROMISED_YEARS = range(1970, 2200)
"""Whoever promises something promises it in one of these."""


class Rejected(FieldlineError):
    """A request that gets a page of its own: a sentence of `page_words`, and a status.

    `typed`: what was written in a form, which is not lost.
    """

    def __init__(self, status: int, word: str, typed: str = "") -> None:
        super().__init__(word)
        self.typed = typed
        self.status = status
        self.word = word


class Asking:
    """Questions about records, which are named in addresses and in cases by opaque names."""

    def __init__(self, estate: LiveEstate, records: RecordNames, settings: DeskSettings) -> None:
        self._estate = estate
        self._records = records
        self._settings = settings

    async def asked(self, kind: QuestionKind, about: Mapping[str, Any], language: SpokenLanguage) -> dict[str, Any]:
        """The answer of a worker. Raises Rejected."""
        answer: WebAnswer = await self._estate.ask(WebQuestion(kind, json.dumps(about), language))
        if answer.status == HTTPStatus.NOT_FOUND:
            raise Rejected(HTTPStatus.NOT_FOUND, "no_such")
        if answer.status != HTTPStatus.OK:
            raise Rejected(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable")
        told: dict[str, Any] = json.loads(answer.text)
        return told

    async def named(self, name: str) -> tuple[str, dict[str, str]]:
        """The entity and the key that a name stands for. Raises Rejected."""
        record = await asyncio.to_thread(self._records.record, name)
        if record is None:
            raise Rejected(HTTPStatus.NOT_FOUND, "no_such")
        return record

    async def sheet(
        self,
        name: str,
        language: SpokenLanguage,
        spoken: SpokenLanguage,
        *,
        opened: Sequence[str] | None = (),
        known: Mapping[str, Any] | None = None,
        remember: bool = False,
    ) -> dict[str, Any]:
        """A record as it is now.

        `spoken`: the customer's language; `opened`: the systems whose values are shown, None: all; `known`: a fault that is
        looked at again; `remember`: also what a case remembers of the faults. Raises Rejected.
        """
        entity, key = await self.named(name)
        about = {"entity": entity, "key": key, "spoken": spoken, "zone": self._settings.zone}
        shown = None if opened is None else list(opened)
        return await self.asked("sheet", {**about, "opened": shown, "known": known, "remember": remember}, language)

    async def teams(self, language: SpokenLanguage) -> dict[str, dict[str, Any]]:
        """The usual times of the teams. Raises Rejected."""
        told = await self.asked("teams", {}, language)
        teams: dict[str, dict[str, Any]] = told["teams"]
        return teams


def team_time(team: str, time: Mapping[str, Any]) -> TeamTime:
    """The time of a team, as a worker tells it."""
    usual, moment = time.get("usual"), time.get("promised")
    return TeamTime(
        team,
        None if usual is None else timedelta(seconds=usual),
        time.get("calendar"),
        None if moment is None else datetime.fromisoformat(moment),
    )


async def opened_case(cases: CaseStore, fault: Mapping[str, Any], record: str, by: str) -> SupportCase:
    """The case of a fault of a record's sheet, which has what a case remembers. Raises Unreadable."""
    time = team_time(fault["team"], fault["time"])
    facts = CaseFacts(
        fault["known"]["fault"], fault["about"], time.team, time.usual, time.calendar, bool(fault["critical"])
    )
    return await asyncio.to_thread(cases.open, facts, record, by, datetime.now(UTC), time.promised)


def printable(text: str) -> str:
    """A text without control characters but ends of lines and tabs: a database may reject them, and no page shows them."""
    return "".join(each for each in text.replace("\r\n", "\n") if each in "\n\t" or category(each) not in {"Cc", "Cs"})


def saved_file(name: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """A table as a file for a spreadsheet."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(csv_text(head, rows), 200, headers, media_type="text/csv; charset=utf-8")
