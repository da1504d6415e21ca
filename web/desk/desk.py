"""The desk: what is asked at its addresses, and what comes of it."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from ...cases.incoming import IncomingEvent
from ...cases.lookups import Lookup
from ...cases.store import LONGEST_NOTE, CaseChanged, NoSuchCase
from ...checker.diff.stored_rows import Unreadable
from ...documents.local_text import LANGUAGE_NAMES
from ...values.error import MissingExtra
from ..gate import body_of
from .asking import PROMISED_YEARS, Rejected, opened_case, printable, saved_file, team_time
from .programs import LONGEST_SEARCH
from .refusals import FORM_TYPE, typed_text
from .signing import has_form_key, session_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...cases.case import SupportCase
    from ...cases.incoming import IncomingEvents
    from ...cases.lookups import LookupAct, Lookups
    from ...cases.records import RecordNames
    from ...cases.sessions import Session
    from ...cases.store import CaseStore
    from ...documents.local_text import SpokenLanguage
    from ...rows.answers import KeptAttempt
    from ..kept import AttemptPlace
    from ..limits import Limits
    from ..live import LiveEstate
    from .asking import Asking
    from .held import Gates
    from .refusals import Refusals
    from .roots import KnownFaults
    from .settings import DeskSettings
    from .shown import DeskPages

_LOG = logging.getLogger("fieldline.web")
_MOST_TRIED = 20
_OWN = "fieldline"
"""Who tells what this server itself has refused."""
_MOST_SEARCHES, _SEARCH_SPAN = 60, timedelta(minutes=1)
"""Searches of one person; more of them are nobody's who answers a telephone."""


class Kept(NamedTuple):
    """What the desk remembers."""

    cases: CaseStore
    records: RecordNames
    lookups: Lookups
    incoming: IncomingEvents


class DeskParts(NamedTuple):
    """What the desk's pages share with what programs ask."""

    gates: Gates
    asking: Asking
    faults: KnownFaults
    refusals: Refusals


class _Form(dict[str, str]):
    """A form that was sent: its fields, trimmed."""

    def number(self, name: str) -> int:
        """A field that is a number; 0 where it is none."""
        text = self.get(name, "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else 0


class Desk:
    """The desk of one estate."""

    def __init__(
        self,
        estate: LiveEstate,
        kept: Kept,
        pages: DeskPages,
        settings: DeskSettings,
        limits: Limits,
        attempts: AttemptPlace | None,
        parts: DeskParts,
    ) -> None:
        self._estate = estate
        self._kept = kept
        self._pages = pages
        self._settings = settings
        self._limits = limits
        self._attempts = attempts
        self._gates = parts.gates
        self._asking = parts.asking
        self._faults = parts.faults
        self._refusals = parts.refusals
        self._searches: dict[str, deque[datetime]] = {}

    def routes(self) -> APIRouter:
        """What is asked at which address."""
        router = APIRouter(include_in_schema=False)
        for path, method, handler in (
            ("/desk", "GET", self.home),
            ("/desk/find", "POST", self.find),
            ("/desk/records/{name}", "GET", self.record),
            ("/desk/records/{name}/values", "POST", self.open_values),
            ("/desk/records/{name}/cases", "POST", self.open_case),
            ("/desk/cases/{number}", "GET", self.case),
            ("/desk/cases/{number}/{act}", "POST", self.act),
            ("/desk/held/{name}/{act}", "POST", self.answer_held),
            ("/desk/held-all", "POST", self.hold_all),
            ("/desk/faults", "GET", self.faults),
            ("/desk/faults.csv", "GET", self.faults_file),
            ("/desk/faults.json", "GET", self.faults_document),
            ("/desk/lookups.csv", "GET", self.lookups_file),
        ):
            router.add_api_route(path, self._answered(handler), methods=[method], response_model=None)
        return router

    def _answered(self, handler: Any) -> Any:  # noqa: ANN401 - a handler of this class
        """A handler whose refusals are pages."""

        async def answered(request: Request) -> Response:
            try:
                response: Response = await handler(request)
            except Rejected as rejected:
                return self._refusals.page(session_of(request), rejected.word, rejected.status, rejected.typed)
            except NoSuchCase:
                return self._refusals.page(session_of(request), "no_such", HTTPStatus.NOT_FOUND)
            except (Unreadable, MissingExtra) as error:
                _LOG.error("%s", error)
                return self._refusals.page(session_of(request), "unavailable", HTTPStatus.SERVICE_UNAVAILABLE)
            return response

        answered.__doc__ = handler.__doc__
        return answered

    # ---------------------------------------------------------------------------------------------------------- pages

    async def home(self, request: Request) -> Response:
        """The search, and the cases of whoever is signed in."""
        return await self._home(request, None)

    async def _home(self, request: Request, search: Mapping[str, Any] | None, status: int = 200) -> Response:
        session, now = session_of(request), _now()
        person = session.person
        cases = await asyncio.to_thread(self._kept.cases.on_desk, person.id, person.teams, now)
        lines = [self._pages.case_line(case, session.language, now) for case in cases]
        held, all_held = await self._gates.on_desk(person.id)
        waiting = await asyncio.to_thread(self._kept.incoming.waiting)
        about = {
            "cases": lines,
            "waiting": [self._pages.incoming_line(each, session.language, now) for each in waiting],
            "search": search,
            "kinds": self._estate.kinds(session.language),
            "held": [self._pages.held_line(each, session.language) for each in held],
            "all_held": all_held,
            "is_steward": person.may("steward"),
        }
        return self._page(request, "desk_home.html", about, status=status)

    async def answer_held(self, request: Request) -> Response:
        """Somebody answers to an action that is held."""
        form, session = await self._form(request), session_of(request)
        name, act = str(request.path_params["name"]), str(request.path_params["act"])
        word = await self._gates.answer(name, form.number("version"), session.person.id, act)
        if word:
            raise Rejected(HTTPStatus.NOT_FOUND if word == "no_such" else HTTPStatus.CONFLICT, word)
        return RedirectResponse("/desk", HTTPStatus.SEE_OTHER)

    async def hold_all(self, request: Request) -> Response:
        """Two people hold all actions; one lets them go again."""
        form, session = await self._form(request), session_of(request)
        return await self._gates.all(session.person.id, lift=form.get("act") == "lift")

    async def find(self, request: Request) -> Response:
        """Look for a record. What was typed stands in no address, and is kept nowhere."""
        form, session = await self._form(request), session_of(request)
        text = form.get("text", "")
        self._count_search(session.person.id)
        if not 0 < len(text) <= LONGEST_SEARCH:
            return await self._home(request, None)
        found = await self._asking.asked("found", {"text": text}, session.language)
        hits = [
            {**hit, "name": await asyncio.to_thread(self._kept.records.name, hit["entity"], hit["key"], _now())}
            for hit in found["hits"]
        ]
        await self._look(session, "searched", hits[0]["name"] if len(hits) == 1 else None, f"{len(hits)} found")
        if len(hits) == 1 and not found["unread"]:
            return RedirectResponse(f"/desk/records/{hits[0]['name']}", HTTPStatus.SEE_OTHER)
        return await self._home(request, {**found, "hits": hits})

    def _count_search(self, person: str) -> None:
        now = _now()
        searches = self._searches.setdefault(person, deque())
        while searches and searches[0] < now - _SEARCH_SPAN:
            searches.popleft()
        if len(searches) >= _MOST_SEARCHES:
            raise Rejected(HTTPStatus.TOO_MANY_REQUESTS, "too_many")
        searches.append(now)

    async def record(self, request: Request) -> Response:
        """A record as it is now, its values masked."""
        return await self._record(request)

    async def open_values(self, request: Request) -> Response:
        """The same with its values, for a reason that is written down before."""
        form, session = await self._form(request), session_of(request)
        name = str(request.path_params["name"])
        await self._asking.named(name)
        if not form.get("reason"):
            return await self._record(request)
        opened = self._settings.opened_by(session.person.teams)
        if opened == ():
            raise Rejected(HTTPStatus.FORBIDDEN, "not_your_values")
        systems = "" if opened is None else f" ({', '.join(opened)})"
        await self._look(session, "opened", name, form["reason"] + systems)
        return await self._record(request, opened)

    async def _record(self, request: Request, opened: Sequence[str] | None = ()) -> Response:
        """`opened`: the systems whose values are shown; None: all."""
        session, name, now = session_of(request), str(request.path_params["name"]), _now()
        language = self._customers_language(request)
        sheet = await self._asking.sheet(name, session.language, language, opened=opened)
        if opened == ():
            await self._look(session, "looked", name, "")
        await asyncio.to_thread(self._kept.incoming.see, name, now)
        told = await asyncio.to_thread(self._kept.incoming.of_record, name)
        cases = await asyncio.to_thread(self._kept.cases.of_record, name)
        open_cases = {case.facts.fault: case for case in cases if case.is_open}
        for fault in sheet["faults"]:
            identity = fault["known"]["fault"]
            case = open_cases.get(identity)
            fault["case"] = None if case is None else self._pages.case_line(case, session.language, now)
            sharing = await asyncio.to_thread(self._kept.cases.sharing, identity, None if case is None else case.number)
            fault["sharing"] = self._pages.sharing_words(session.language, sharing)
            fault["not_theirs"] = self._pages.not_theirs(session, fault["roles"])
        about = {
            "sheet": sheet,
            "name": name,
            "is_open": opened != (),
            "opens_some": opened is not None and opened != (),
            "incoming": [
                self._pages.incoming_line(each, session.language, now) for each in told if each.source != _OWN
            ],
            "customer_language": language,
            "spoken": self._pages.spoken,
            "cases": [self._pages.case_line(case, session.language, now) for case in cases],
            "attempts": await self._tried(name, session.language),
        }
        return self._page(request, "desk_record.html", about, here=f"/desk/records/{name}?say={language}")

    async def _own_attempts(self, name: str) -> list[KeptAttempt]:
        """What entries refused of the record's owner, the latest first; none where this server does not keep that."""
        if self._attempts is None:
            return []
        from ...rows.attempts.store import attempts_of

        _, key = await self._asking.named(name)
        place, now = self._attempts.place, _now()
        tried = [each for subject in key.values() for each in await asyncio.to_thread(attempts_of, place, subject, now)]
        return tried[:_MOST_TRIED]

    async def _tried(self, name: str, language: SpokenLanguage) -> list[dict[str, Any]]:
        """The same as lines, without the values."""
        return [
            {
                "at": self._pages.moment(language, each.when),
                "channel": each.channel,
                "fields": ", ".join(each.fields),
                "obligation": each.obligation,
            }
            for each in await self._own_attempts(name)
        ]

    async def open_case(self, request: Request) -> Response:
        """Hand a fault over to the team that repairs it. The record is read again: what is written down is seen."""
        form, session = await self._form(request), session_of(request)
        name = str(request.path_params["name"])
        sheet = await self._asking.sheet(name, session.language, self._settings.customers, remember=True)
        fault = next((each for each in sheet["faults"] if each["known"]["fault"] == form.get("fault")), None)
        if fault is None:  # it is well by now, or another one
            return RedirectResponse(f"/desk/records/{name}", HTTPStatus.SEE_OTHER)
        for attempt in await self._own_attempts(name):  # the case begins with them
            about = {"channel": attempt.channel, "fields": list(attempt.fields), "obligation": attempt.obligation}
            event = f"{attempt.when.isoformat()} {' '.join(attempt.fields)}"
            told = IncomingEvent(_OWN, event, attempt.when, "attempt", name, about=about)
            await asyncio.to_thread(self._kept.cases.hear, told, _now())
        case = await opened_case(self._kept.cases, fault, name, session.person.id)
        return RedirectResponse(f"/desk/cases/{case.number}", HTTPStatus.SEE_OTHER)

    async def case(self, request: Request) -> Response:
        """A case, with its history."""
        return await self._case(request, {})

    async def _case(self, request: Request, typed: Mapping[str, str], word: str = "", status: int = 200) -> Response:
        """`typed`: what was sent, where it was not done: nobody types it again. `word`: the sentence that says why."""
        session, now, cases = session_of(request), _now(), self._kept.cases
        language, number = session.language, _number(request)
        case = await asyncio.to_thread(cases.case, number)
        history = await asyncio.to_thread(cases.history, number)
        collected = await asyncio.to_thread(cases.collected, number) if case.kind == "fault" else ()
        measured = await asyncio.to_thread(cases.measured, case.facts.fault)
        before = await asyncio.to_thread(cases.team_before, number)
        spoken = self._customers_language(request)
        about = {
            "case": self._pages.case_line(case, language, now),
            "usual": self._pages.length(language, case.facts.usual, case.facts.calendar),
            "measured": self._pages.length(language, measured, None),
            "history": self._pages.history_lines(history, language),
            "collected": [self._pages.case_line(each, language, now) for each in collected],
            "teams": [team for team in self._estate.teams if team != case.facts.team],
            "before": before,
            "typed": {"act": "", "text": "", "team": "", "language": "", "next_word": "", **typed},
            "word": word,
            "customer_language": spoken,
            "spoken": self._pages.spoken,
            "is_mine": case.person == session.person.id,
            "known": case.facts.about["known"],
            "finding": self._faults.finding(case),
            "may_act": self._may_act(case, session),
            "missed": self._pages.missed_lines(case, history, language),
            "say": case.facts.about.get("say", {}).get(spoken, ""),
            "mail": self._pages.mail(case, spoken, self._estate.title),
        }
        return self._page(request, "desk_case.html", about, here=f"/desk/cases/{number}", status=status)

    async def act(self, request: Request) -> Response:
        """Something is done with a case. Where somebody else was faster, the page says so and keeps what was typed."""
        form, session, number = await self._form(request), session_of(request), _number(request)
        act = str(request.path_params["act"])
        if len(form.get("text", "")) > LONGEST_NOTE:
            raise Rejected(HTTPStatus.UNPROCESSABLE_ENTITY, "try_again")
        try:
            is_done = await self._done(act, number, form, session)
        except CaseChanged:
            return await self._case(request, {**form, "act": act}, "changed_meanwhile", HTTPStatus.CONFLICT)
        if not is_done:
            return await self._case(request, {**form, "act": act}, "try_again", HTTPStatus.UNPROCESSABLE_ENTITY)
        return RedirectResponse(f"/desk/cases/{number}", HTTPStatus.SEE_OTHER)

    async def _done(self, act: str, number: int, form: _Form, session: Session) -> bool:
        """Whether it was done. Raises CaseChanged."""
        cases, by, now, version = self._kept.cases, session.person.id, _now(), form.number("version")
        text = form.get("text", "")
        match act:
            case "take":
                await self._own_case(number, session)
                await asyncio.to_thread(cases.take, number, version, by, now)
            case "look":
                await self._own_case(number, session)
                await self._look_again(number, version, session, now)
            case "hand-over" | "back":
                await self._own_case(number, session)
                before = await asyncio.to_thread(cases.team_before, number)
                team = before if act == "back" else form.get("team")
                times = await self._asking.teams(session.language)
                if team is None or (team not in times and act != "back") or (act == "back" and not text):
                    return False
                to = team_time(team, times.get(team, {}))
                await asyncio.to_thread(
                    lambda: cases.hand_over(number, version, by, now, to, text, is_back=act == "back")
                )
            case "tell":
                language, next_word = form.get("language", ""), self._typed_moment(form.get("next_word", ""))
                if language not in LANGUAGE_NAMES or not text or (form.get("next_word") and next_word is None):
                    return False
                spoken = cast("SpokenLanguage", language)
                await asyncio.to_thread(cases.tell, number, version, by, now, spoken, text, next_word)
            case "send-again":
                case = await self._own_case(number, session)
                if (
                    case.record is None
                    or case.is_open
                    or form.get("action", "") not in case.facts.about.get("missed", {})
                ):
                    return False
                await asyncio.to_thread(cases.send_again, number, by, now, form["action"])
            case "note":
                if not text:
                    return False
                await asyncio.to_thread(cases.note, number, by, now, text)
            case _:
                raise Rejected(HTTPStatus.NOT_FOUND, "no_such")
        return True

    async def _own_case(self, number: int, session: Session) -> SupportCase:
        """A case that is for somebody to act on. Raises Rejected."""
        case = await asyncio.to_thread(self._kept.cases.case, number)
        if not self._may_act(case, session):
            raise Rejected(HTTPStatus.FORBIDDEN, "not_your_team")
        return case

    def _may_act(self, case: SupportCase, session: Session) -> bool:
        """Whoever has opened it or taken it, and the team that has it; stewards act for any."""
        person = session.person
        is_own = person.id in {case.opened_by, case.person} or case.facts.team in person.teams
        return is_own or person.may("steward")

    async def _look_again(self, number: int, version: int, session: Session, now: datetime) -> None:
        """Read the stores again; only what they hold closes a case."""
        case = await asyncio.to_thread(self._kept.cases.case, number)
        if case.record is None:
            raise Rejected(HTTPStatus.UNPROCESSABLE_ENTITY, "try_again")
        sheet = await self._asking.sheet(
            case.record, session.language, self._settings.customers, known=case.facts.about["known"]
        )
        seen = str(sheet["again"])
        await self._look(session, "looked", case.record, f"case {number}")
        await asyncio.to_thread(self._kept.cases.looked_again, number, version, session.person.id, now, seen)

    # --------------------------------------------------------------------------------------------------------- lists

    async def faults(self, request: Request) -> Response:
        """Known faults, by what they have cost."""
        order, currency = (request.query_params.get(name, "") for name in ("by", "in"))
        about = await self._faults.page(order, currency, session_of(request).language)
        return self._page(request, "desk_faults.html", about, here="/desk/faults")

    async def faults_file(self, _: Request) -> Response:
        """The same as a file for a spreadsheet."""
        return await self._faults.file()

    async def faults_document(self, _: Request) -> Response:
        """The same as JSON, for a roadmap or a pipeline."""
        return await self._faults.document()

    async def lookups_file(self, request: Request) -> Response:
        """Who looked at whom, and why. That it was copied stands in it, too."""
        session = session_of(request)
        await self._look(session, "exported", None, "")
        lookups = await asyncio.to_thread(lambda: list(self._kept.lookups.all()))
        rows = [
            (each.at.isoformat(), each.by, " ".join(each.roles), each.act, each.record or "", each.reason)
            for each in lookups
        ]
        return saved_file("lookups.csv", ("at", "by", "roles", "act", "record", "reason"), rows)

    async def _look(self, session: Session, act: LookupAct, record: str | None, reason: str) -> None:
        person = session.person
        lookup = Lookup(_now(), person.id, person.roles, act, record, reason)
        await asyncio.to_thread(self._kept.lookups.add, lookup)

    # ------------------------------------------------------------------------------------------------------ small things

    async def _form(self, request: Request) -> _Form:
        """The form that was sent. Raises Rejected for one that was made for another session."""
        body = await body_of(request, FORM_TYPE, self._limits)
        try:
            fields = parse_qs(body, keep_blank_values=True, max_num_fields=20)
        except ValueError:
            raise Rejected(HTTPStatus.UNPROCESSABLE_ENTITY, "try_again") from None
        form = _Form({name: printable(values[0]).strip() for name, values in fields.items()})
        if not has_form_key(session_of(request), form.pop("form_key", "")):
            raise Rejected(HTTPStatus.FORBIDDEN, "try_again", typed_text(fields))
        return form

    def _customers_language(self, request: Request) -> SpokenLanguage:
        asked = request.query_params.get("say", "")
        return cast("SpokenLanguage", asked) if asked in LANGUAGE_NAMES else self._settings.customers

    def _typed_moment(self, text: str) -> datetime | None:
        """A moment, as browsers write it, by the desk's clock; None: there is none, or none that anybody lives to see."""
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return None
        if moment.tzinfo is not None or moment.year not in PROMISED_YEARS:
            return None
        return moment.replace(tzinfo=ZoneInfo(self._settings.zone)).astimezone(UTC)

    def _page(
        self, request: Request, template: str, about: Mapping[str, Any], *, here: str = "/desk", status: int = 200
    ) -> Response:
        session = session_of(request)
        more = {"is_admin": session.person.may("admin")}
        text = self._pages.page(template, self._estate.title, session, {**more, **about}, here=here)
        return HTMLResponse(text, status)


def _number(request: Request) -> int:
    """The number of a case in an address. Raises NoSuchCase."""
    text = str(request.path_params["number"])
    if not (text.isascii() and text.isdecimal() and len(text) < 12):
        raise NoSuchCase("there is no such case")
    return int(text)


def _now() -> datetime:
    return datetime.now(UTC)
