"""Gates over HTTP, and the answers of people to what they hold.

POST /gates/letters.dunning  {"record": "crm.person/24001925", "values": {}}
200                          {"passage": "hold", "reason": "it needs …", "until": "2026-11-30T16:00:00+00:00"}

A hold is an answer: the action asks again at `until`, no sooner.
"""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from ...cases.held import GateVerdict, HeldChanged
from ...checker.diff.stored_rows import Unreadable
from ..answer import WebQuestion
from ..described import RECORDS, json_body
from ..gate import body_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...cases.held import GateReply, HeldAct, HeldAction, HeldActions
    from ...cases.records import RecordNames
    from ..limits import Limits
    from ..live import LiveEstate

HELD_ACT_WORDS: tuple[HeldAct, ...] = ("hold", "call", "send")


class GateRequest(BaseModel):
    """An action that asks."""

    model_config = ConfigDict(extra="forbid", strict=True)
    record: str = Field(max_length=400)
    """The record, by its key in one system: ENTITY/KEY."""
    values: dict[str, str] = Field(default_factory=dict, max_length=200)
    """What is known already, by full names of fields; what is missing is looked for in the stores."""


class GatePassage(BaseModel):
    """What the action is told; anything else is no permission to go."""

    passage: Literal["go", "hold"]
    reason: str
    until: AwareDatetime | None
    """When it asks again; null: it goes."""


class Gates:
    """The gates of an estate."""

    def __init__(self, estate: LiveEstate, held: HeldActions, records: RecordNames, limits: Limits) -> None:
        self._estate = estate
        self._held = held
        self._records = records
        self._limits = limits

    def routes(self) -> APIRouter:
        """What is asked at which address."""
        router = APIRouter()
        named = {"name": "action", "in": "path", "required": True, "schema": {"type": "string"}}
        body = {"parameters": [named], **json_body(GateRequest)}
        router.add_api_route(
            "/gates/{action}",
            self.ask,
            methods=["POST"],
            response_model=GatePassage,
            responses=RECORDS,
            openapi_extra=body,
        )
        return router

    async def ask(self, request: Request) -> Any:  # noqa: ANN401 - FastAPI reads the annotation
        """Whether an action may go ahead with a record. What cannot be answered is no permission to go."""
        body = await body_of(request, "application/json", self._limits)
        try:
            asked = GateRequest.model_validate_json(body)
        except ValidationError as error:
            places = ", ".join(sorted({".".join(map(str, each["loc"])) or "body" for each in error.errors()}))
            return JSONResponse({"problem": f"not in the expected form: {places}"}, HTTPStatus.UNPROCESSABLE_ENTITY)
        action = str(request.path_params["action"])
        try:
            reply = await self.decided(action, asked.record, asked.values)
        except Unreadable:
            return JSONResponse({"problem": "the desk's database does not answer"}, HTTPStatus.SERVICE_UNAVAILABLE)
        return reply if isinstance(reply, Response) else JSONResponse(_reply(reply))

    async def decided(self, action: str, record: str, values: Mapping[str, str]) -> GateReply | Response:
        """The answer to an action, which stands on the desk where it is held; or why there is none. Raises Unreadable."""
        about = {"action": action, "record": record, "values": dict(values)}
        answer = await self._estate.ask(WebQuestion("gate", json.dumps(about)))
        if answer.status != HTTPStatus.OK:
            return Response(answer.text, answer.status, media_type=answer.media_type)
        told: dict[str, Any] = json.loads(answer.text)
        hold = None if told["hold"] is None else timedelta(seconds=told["hold"])
        verdict = GateVerdict(told["goes"], told["reason"], told["tell"], hold, told["goes_unanswered"])
        name = await asyncio.to_thread(self._records.name, told["entity"], told["key"], _now())
        return await asyncio.to_thread(self._held.reply, action, name, verdict, _now())

    async def on_desk(self, person: str) -> tuple[tuple[HeldAction, ...], str]:
        """What is held, and whether all is."""
        held = await asyncio.to_thread(self._held.going_out, person)
        return held, await asyncio.to_thread(self._held.all_held)

    async def answer(self, name: str, version: int, by: str, act: str) -> str:
        """Somebody answers; a sentence of `page_words` where that was not done."""
        if act not in HELD_ACT_WORDS:
            return "no_such"
        try:
            await asyncio.to_thread(self._held.act, name, version, by, act, _now())
        except HeldChanged:
            return "answered_meanwhile"
        return ""

    async def all(self, by: str, *, lift: bool) -> Response:
        """Hold all, or let things go again."""
        await asyncio.to_thread(self._held.lift_all if lift else self._held.hold_all, by, _now())
        return RedirectResponse("/desk", HTTPStatus.SEE_OTHER)


def _reply(reply: GateReply) -> dict[str, str | None]:
    until = None if reply.until is None else reply.until.astimezone(UTC).isoformat(timespec="seconds")
    return {"passage": "go" if reply.goes else "hold", "reason": reply.reason, "until": until}


def _now() -> datetime:
    return datetime.now(UTC)
