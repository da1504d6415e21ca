"""What other systems ask and tell the desk, with the token of a `robot`.

A telephone system asks for the address of a record. Any system tells what happens to a customer, as a CloudEvent (1.0) over
HTTP, structured or binary: it joins the open cases of the record, and a later one begins with it.

POST /desk/events
{"specversion": "1.0", "id": "71", "source": "https://chat.bank.example", "type": "fieldline.contact",
 "data": {"record": "crm.person/24001925", "channel": "chat", "text": "Hello?", "answer_by": "2026-11-30T16:00:00Z"}}
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, TypeAlias, get_args
from urllib.parse import unquote

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from ...cases.incoming import IncomingEvent, IncomingKind
from ...cases.lookups import Lookup
from ...cases.store import LONGEST_NOTE, CaseChanged
from ...checker.diff.stored_rows import Unreadable
from ..described import RECORDS, json_body
from ..gate import Refused, body_of
from .asking import PROMISED_YEARS, Rejected, opened_case, printable

if TYPE_CHECKING:
    from ...cases.lookups import Lookups
    from ...cases.records import RecordNames
    from ...cases.store import CaseStore
    from ..limits import Limits
    from .asking import Asking
    from .held import Gates
    from .settings import DeskSettings

LONGEST_SEARCH = 200
_TYPE = "fieldline."
_STRUCTURED = "application/cloudevents+json"
HeardStatus: TypeAlias = Literal["kept", "known"]


class LinkRequest(BaseModel):
    """What a telephone system knows of whoever calls."""

    model_config = ConfigDict(extra="forbid", strict=True)
    text: Words = Field(min_length=1, max_length=LONGEST_SEARCH)


class RecordLink(BaseModel):
    """The address of the record; null where none or several fit."""

    link: str | None


Words = Annotated[str, AfterValidator(printable)]
"""A text that every database and every page can hold."""


def _promised(moment: datetime) -> datetime:
    if moment.year not in PROMISED_YEARS:
        raise ValueError("no year of ours")
    return moment


EventMoment = Annotated[AwareDatetime, AfterValidator(_promised)]
"""A moment that somebody lives to see."""


class CloudEvent(BaseModel):
    """The envelope (CloudEvents 1.0, 3.1); attributes that are not named here are not looked at."""

    specversion: Literal["1.0"]
    id: Words = Field(min_length=1, max_length=200)
    source: Words = Field(min_length=1, max_length=200)
    type: str
    time: EventMoment | None = None
    data: dict[str, Any]


class EventData(BaseModel):
    """What happened. Nothing in it but `text` is in somebody's own words, and no value of the record."""

    model_config = ConfigDict(extra="forbid")
    record: str | None = Field(default=None, min_length=1, max_length=400)
    """The record, by its key in one system: ENTITY/KEY."""
    find: str | None = Field(default=None, min_length=1, max_length=LONGEST_SEARCH)
    """What it is found by, where its key is not known; one record alone must fit."""
    channel: Words = Field(default="", max_length=100)
    """Where: chat, telephone, web.signup."""
    text: Words = Field(default="", max_length=LONGEST_NOTE)
    """What the customer said."""
    answer_by: EventMoment | None = None
    """When she was promised to hear."""
    fields: list[Words] = Field(default_factory=list, max_length=50)
    """Of an attempt: the fields that were refused."""
    obligation: Words = Field(default="", max_length=400)
    """Of an attempt: what was not met."""
    system: Words = Field(default="", max_length=100)
    """Of an arrival: where the record has come to."""
    action: Words = Field(default="", max_length=200)
    """Of a letter, or of what was sent: the action that sends it."""
    goes: EventMoment | None = None
    """Of a letter: when it goes."""


class Heard(BaseModel):
    """Whether an event is kept now, or was told before."""

    status: HeardStatus


class ProgramStores(NamedTuple):
    """What programs change."""

    cases: CaseStore
    records: RecordNames
    lookups: Lookups


class Programs:
    """What programs may ask and tell."""

    def __init__(
        self,
        stores: ProgramStores,
        asking: Asking,
        gates: Gates,
        settings: DeskSettings,
        limits: Limits,
    ) -> None:
        self._stores = stores
        self._asking = asking
        self._gates = gates
        self._settings = settings
        self._limits = limits

    def routes(self) -> APIRouter:
        """What is asked at which address."""
        router = APIRouter()
        link = json_body(LinkRequest)
        router.add_api_route(
            "/desk/link", self.link, methods=["POST"], response_model=RecordLink, responses=RECORDS, openapi_extra=link
        )
        event = json_body(CloudEvent, _STRUCTURED)
        router.add_api_route(
            "/desk/events", self.hear, methods=["POST"], response_model=Heard, responses=RECORDS, openapi_extra=event
        )
        return router

    async def link(self, request: Request) -> Any:  # noqa: ANN401 - FastAPI reads the annotation
        """A telephone system asks for the address of a record, by the number that calls; null where none or several fit.

        The address holds no value of the record, and shows nothing to whoever is not signed in.
        """
        body = await body_of(request, "application/json", self._limits)
        try:
            asked = LinkRequest.model_validate_json(body)
        except ValidationError:
            return _problem('expected: {"text": "24170093"}')
        try:
            found, name = await self._found(asked.text)
            lookup = Lookup(datetime.now(UTC), "robot", (), "searched", name, f"{found} found")
            await asyncio.to_thread(self._stores.lookups.add, lookup)
        except (Rejected, Unreadable):
            return _problem("it cannot be answered now", HTTPStatus.SERVICE_UNAVAILABLE)
        return JSONResponse({"link": name and f"{self._settings.address}/desk/records/{name}"})

    async def _found(self, text: str) -> tuple[int, str | None]:
        """How many records fit, and the name of the one that alone does. Raises Rejected, Unreadable."""
        found = await self._asking.asked("found", {"text": text}, "en")
        hits = found["hits"]
        if len(hits) != 1 or found["unread"]:
            return len(hits), None
        name = await asyncio.to_thread(self._stores.records.name, hits[0]["entity"], hits[0]["key"], datetime.now(UTC))
        return 1, name

    async def hear(self, request: Request) -> Any:  # noqa: ANN401 - FastAPI reads the annotation
        """Something happened to a customer: `fieldline.contact`, `.attempt`, `.arrival`, `.letter` or `.sent`."""
        try:
            event = await _event_of(request, self._limits)
            kind = next((each for each in get_args(IncomingKind) if event.type == f"{_TYPE}{each}"), None)
            data = EventData.model_validate(event.data)
        except ValidationError as error:
            places = ", ".join(sorted({".".join(map(str, each["loc"])) or "body" for each in error.errors()}))
            return _problem(f"not in the expected form: {places}")
        if kind is None:
            return _problem(f"type: expected {', '.join(_TYPE + each for each in get_args(IncomingKind))}")
        if kind in {"letter", "sent"} and not data.action:
            return _problem("not in the expected form: data.action")
        if kind == "letter" and data.record is None:
            return _problem("not in the expected form: data.record")
        try:
            return await self._heard(event, kind, data)
        except Rejected as rejected:
            is_known = rejected.status != HTTPStatus.SERVICE_UNAVAILABLE
            words = "there is no such record in this estate" if is_known else "it cannot be answered now"
            return _problem(words, HTTPStatus.UNPROCESSABLE_ENTITY if is_known else HTTPStatus.SERVICE_UNAVAILABLE)
        except Unreadable:
            return _problem("the desk's database does not answer", HTTPStatus.SERVICE_UNAVAILABLE)

    async def _heard(self, event: CloudEvent, kind: IncomingKind, data: EventData) -> Response:
        now = datetime.now(UTC)
        name = await self._named(data)
        if name is None:
            return _problem("data.find: no record, or several, fit")
        if kind == "letter":
            reply = await self._gates.decided(data.action, data.record or "", {})
            if isinstance(reply, Response):
                return reply
        told = IncomingEvent(
            event.source, event.id, min(event.time or now, now), kind, name, data.text, _about(data), data.answer_by
        )
        is_new = await asyncio.to_thread(self._stores.cases.hear, told, now)
        if kind == "contact":  # sent again where the stores did not answer the first time
            await self._begin_cases(name, event.source)
        if kind == "arrival":
            await self._look_again(name, event.source)
        words: HeardStatus = "kept" if is_new else "known"
        return JSONResponse({"status": words})

    async def _named(self, data: EventData) -> str | None:
        """The opaque name of the record that an event is about; None: none, or several fit. Raises Rejected, Unreadable."""
        if data.record is None:
            return None if data.find is None else (await self._found(data.find))[1]
        told = await self._asking.asked("named", {"record": data.record}, "en")
        return await asyncio.to_thread(self._stores.records.name, told["entity"], told["key"], datetime.now(UTC))

    async def _begin_cases(self, name: str, source: str) -> None:
        """A customer is in touch: what is wrong with her record is a case before anybody at the desk has seen it."""
        sheet = await self._asking.sheet(name, self._settings.language, self._settings.customers, remember=True)
        known = await asyncio.to_thread(self._stores.cases.of_record, name)
        is_open = {case.facts.fault for case in known if case.is_open}
        for fault in sheet["faults"]:
            if fault["known"]["fault"] not in is_open:
                await opened_case(self._stores.cases, fault, name, source)

    async def _look_again(self, name: str, source: str) -> None:
        """A value has arrived: open cases of the record are looked at again, and closed where all is well."""
        for case in await asyncio.to_thread(self._stores.cases.of_record, name):
            if not case.is_open:
                continue
            known = case.facts.about["known"]
            sheet = await self._asking.sheet(name, self._settings.language, self._settings.customers, known=known)
            if sheet["again"] in {"well", "arriving"} and sheet["again"] != case.state:
                now, seen = datetime.now(UTC), str(sheet["again"])
                with suppress(CaseChanged):  # somebody has just looked at it
                    await asyncio.to_thread(
                        self._stores.cases.looked_again, case.number, case.version, source, now, seen
                    )


async def _event_of(request: Request, limits: Limits) -> CloudEvent:
    """The event of a request (HTTP Protocol Binding, 3). Raises ValidationError, Refused."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if "ce-specversion" in request.headers:
        body = await body_of(request, "application/json", limits)
        attributes = {
            name.removeprefix("ce-"): unquote(value) for name, value in request.headers.items() if name[:3] == "ce-"
        }
        return CloudEvent.model_validate({**attributes, "data": _json(body)})
    if media not in {_STRUCTURED, "application/json"}:
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"expected: Content-Type: {_STRUCTURED}")
    return CloudEvent.model_validate_json(await body_of(request, media, limits))


def _json(body: str) -> object:
    """JSON, or None where it is none: then no data is there."""
    try:
        return from_json(body)  # which rejects halves of characters
    except ValueError:
        return None


def _about(data: EventData) -> dict[str, Any]:
    """The facts of an event, for the history."""
    facts = {
        "channel": data.channel,
        "fields": data.fields,
        "obligation": data.obligation,
        "system": data.system,
        "action": data.action,
        "goes": data.goes and data.goes.astimezone(UTC).isoformat(),
    }
    return {name: value for name, value in facts.items() if value}


def _problem(message: str, status: int = HTTPStatus.UNPROCESSABLE_ENTITY) -> JSONResponse:
    return JSONResponse({"problem": message}, status)
